"""Where the labels of dots stand on paper, so that each can be read: beside its dot, or where dots crowd, off it with a line.

Pure geometry of one picture, in mm of paper with y downwards. A label takes the nearest place that is free; where none is, the
one with the fewest overlaps.
"""
from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DOT_MM, SMALLEST_MM = 1.5, 0.8  # radius of a dot, and of one among close neighbours
SAME_MM = 0.5  # what is nearer is drawn as one place
WIDE = 0.6  # of the height of the letters: how wide one is
_RINGS_MM = (3.2, 4.4, 5.6, 7.0, 8.5, 10.0, 12.0, 14.0, 17.0, 20.0, 24.0)
_NEAR_MM = 12.0  # dots that a label is led away from
_GAP_MM = 0.25

Spot = tuple[float, float]


@dataclass(frozen=True)
class Label:
    """The box of a label by its centre, half its width and half its height; `is_led` where a line leads to it from its dot."""

    x: float
    y: float
    half_wide: float
    half_high: float
    is_led: bool

    def overlaps(self, other: Label) -> bool:
        return (abs(self.x - other.x) < self.half_wide + other.half_wide + _GAP_MM
                and abs(self.y - other.y) < self.half_high + other.half_high + _GAP_MM)

    def covers(self, spot: Spot, radius: float = 0.0) -> bool:
        return (abs(self.x - spot[0]) < self.half_wide + radius and abs(self.y - spot[1]) < self.half_high + radius)

    def end(self, dot: Spot) -> Spot:
        """Where the line from the dot meets the box."""
        return (min(max(dot[0], self.x - self.half_wide), self.x + self.half_wide),
                min(max(dot[1], self.y - self.half_high), self.y + self.half_high))


def radius_mm(dots: Sequence[Spot]) -> float:
    """How large the dots of one picture are, all the same: as large as lets the closest two be told apart."""
    apart = (math.dist(one, other) for one, other in itertools.combinations(dots, 2))
    return min(DOT_MM, max(SMALLEST_MM, 0.45 * min((one for one in apart if one > SAME_MM), default=math.inf)))


def placed(
    dots: Sequence[Spot], texts: Sequence[str], sides: Sequence[int], letters_mm: float, edges: Spot = (-math.inf, math.inf),
) -> list[Label]:
    """A label for each dot, in their order; `sides` says where each stands if it may choose: -1 left, 1 right; `edges` is how
    far the picture reaches to the left and to the right, beyond which another may stand."""
    radius, found = radius_mm(dots), dict[int, Label]()
    for number in sorted(range(len(dots)), key=lambda one: (dots[one][1], dots[one][0])):
        half = (len(texts[number]) * WIDE * letters_mm / 2, letters_mm * 0.42)
        offered = _offered(dots[number], radius, half, sides[number], _outwards(number, dots, sides[number]))
        free = _Free(number, dots, radius, found, edges)
        found[number] = min(offered, key=free.overlaps)  # the first of the best
    return [found[number] for number in range(len(dots))]


class _Free:
    """How much of the other dots, labels and lines a place for the label of one dot would cover."""

    def __init__(self, number: int, dots: Sequence[Spot], radius: float, found: dict[int, Label], edges: Spot) -> None:
        self.dot, self.radius, self.edges = dots[number], radius, edges
        self.dots = [dot for at, dot in enumerate(dots) if at != number]
        self.labels = list(found.values())
        self.lines = [list(_along(dots[at], label.end(dots[at]))) for at, label in found.items() if label.is_led]

    def overlaps(self, label: Label) -> int:
        count = sum(4 for other in self.labels if label.overlaps(other))
        count += 3 if label.x - label.half_wide < self.edges[0] or label.x + label.half_wide > self.edges[1] else 0
        count += sum(2 for dot in self.dots if label.covers(dot, self.radius))
        count += sum(2 for line in self.lines if any(label.covers(spot, 0.1) for spot in line))
        if label.is_led:
            line = list(_along(self.dot, label.end(self.dot)))
            count += sum(2 for other in self.labels if any(other.covers(spot, 0.1) for spot in line))
            count += sum(1 for other in self.lines if _cross(line, other))
            count += sum(1 for dot in self.dots if math.dist(dot, self.dot) > self.radius
                         and any(math.dist(dot, spot) < self.radius * 0.6 for spot in line))
        return count


def _offered(dot: Spot, radius: float, half: Spot, side: int, outwards: float) -> Iterable[Label]:
    """Places for a label, the nearest first: beside the dot, above and below it, then in rings around it."""
    away = radius * 1.3
    for direction in (side, -side):
        yield Label(dot[0] + direction * (away + half[0]), dot[1], *half, False)
    for direction in (-1, 1):
        yield Label(dot[0], dot[1] + direction * (away + half[1]), *half, False)
    turns = sorted((math.tau * step / 24 for step in range(24)), key=lambda turn: 1 - math.cos(turn - outwards))
    for ring in _RINGS_MM:
        for turn in turns:
            yield Label(dot[0] + (ring + half[0]) * math.cos(turn), dot[1] + ring * math.sin(turn), *half, True)


def _outwards(number: int, dots: Sequence[Spot], side: int) -> float:
    """The direction away from the dots that are near, as an angle."""
    x, y = dots[number]
    near = [dot for dot in dots if dot != (x, y) and math.dist(dot, (x, y)) < _NEAR_MM]
    if not near:
        return 0.0 if side > 0 else math.pi
    return math.atan2(sum(y - dot[1] for dot in near), sum(x - dot[0] for dot in near) + 0.01 * side)


def _along(start: Spot, end: Spot) -> Iterable[Spot]:
    steps = max(2, int(math.dist(start, end) / 0.4))
    (x, y), (wide, high) = start, (end[0] - start[0], end[1] - start[1])
    return ((x + wide * at / steps, y + high * at / steps) for at in range(1, steps + 1))


def _cross(one: Sequence[Spot], other: Sequence[Spot]) -> bool:
    (a, b), (c, d) = (one[0], one[-1]), (other[0], other[-1])
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: Spot, b: Spot, c: Spot) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
