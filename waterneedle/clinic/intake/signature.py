"""A drawn signature: strokes of points on a pad of 1000 by 600, and the path that shows them. Pure functions of values."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import msgspec

WIDTH, HEIGHT = 1000, 600
MOST_STROKES, MOST_POINTS = 200, 6000
SHORTEST = 120  # of all strokes together: less is a slip of the finger

Stroke = list[tuple[int, int]]


def strokes(text: str) -> list[Stroke]:
    """The strokes that a pad has sent, as JSON [[[x, y], …], …]. Raises ValueError for what is no drawing, or hardly one."""
    try:
        drawn = msgspec.json.decode(text, type=list[Stroke])
    except (msgspec.DecodeError, UnicodeError) as problem:
        raise ValueError("not a drawing") from problem
    points = [point for stroke in drawn for point in stroke]
    if len(drawn) > MOST_STROKES or len(points) > MOST_POINTS:
        raise ValueError("too many points")
    if not all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points):
        raise ValueError("beyond the pad")
    if sum(map(_length, drawn)) < SHORTEST:
        raise ValueError("too short")
    return [stroke for stroke in drawn if stroke]


def path(drawn: Sequence[Sequence[Sequence[int]]]) -> str:
    """The `d` of an SVG path through the strokes; a stroke of one point is a dot.

    >>> path([[(10, 20), (30, 40)], [(5, 5)]])
    'M10 20L30 40M5 5L5 5'
    """
    return "".join(
        f"M{stroke[0][0]} {stroke[0][1]}" + "".join(f"L{x} {y}" for x, y in (stroke[1:] or stroke)) for stroke in drawn if stroke
    )


def _length(stroke: Stroke) -> float:
    return sum(math.dist(one, two) for one, two in itertools.pairwise(stroke))
