"""The words of a place with this patient's millimetres: `3 cun = 71 mm below ST35`.

A cun is measured on the figure, between the point and what it is counted from, along the direction that the words name; so it
is the cun with which the point was placed. On the scalp it is counted along the skin. Where the words count with the patient's
own finger, no millimetres are given.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from waterneedle import knowledge
from waterneedle.body.frames import FRAME_OF_PART, Frame
from waterneedle.body.mesh import Array
from waterneedle.body.placing.body import Body
from waterneedle.body.placing.scalp import Scalp
from waterneedle.body.words import place_in_words
from waterneedle.knowledge import Point

_LENGTHWISE = ("superior", "inferior", "proximal", "distal")
_SIDEWAYS = ("lateral", "medial", "radial", "ulnar")
_MEDIAN = ("anterior_median_line", "posterior_median_line", "median_sacral_crest")
_CUN = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?) cun\b")


def place_in_mm(body: Body, directions: Mapping[str, Frame]) -> Callable[[Point], str]:
    """A function from a point to its place in words with millimetres on this figure; `directions` are its `frames`."""
    landmarks = knowledge.landmarks()

    def told(point: Point) -> str:
        on_scalp = point.body_part == "scalp"
        counted = _on_scalp(body, point) if on_scalp else _lengths(body, directions[FRAME_OF_PART[point.body_part]], point)
        lengths = list(counted)

        def with_mm(found: re.Match[str]) -> str:
            cun = float(found[1])
            for number, (length, mm) in enumerate(lengths):
                if length == cun:
                    del lengths[: number + 1]
                    return f"{found[0]} = {mm:.0f} mm"
            return found[0]

        return _CUN.sub(with_mm, place_in_words(point, landmarks))

    return told


def _lengths(body: Body, frame: Frame, point: Point) -> Iterator[tuple[float, float]]:
    """Each number of cun that the words of `point` tell, in their order, with its length on this figure, mm."""
    place = point.location
    spot = _spot(body, point.code)
    if spot is None or place.unit not in (None, "b"):
        return
    directions = [part.strip() for part in (place.direction or "").split(";")]
    for cun, direction in ((place.cun, directions[0]), (place.cun_2, place.direction_2)):
        mm = _along(body, frame, spot, direction, place.landmark)
        if cun and mm:
            yield cun, mm
    if place.lateral_cun and place.lateral_from in _MEDIAN:
        yield place.lateral_cun, abs(float(spot[0]))
    for relation in (*place.relations, *place.neighbours):
        mm = _along(body, frame, spot, relation.relation.removesuffix("_to"), relation.target)
        if relation.cun and mm:
            yield relation.cun, mm


def _on_scalp(body: Body, point: Point) -> Iterator[tuple[float, float]]:
    """The same on the scalp: lengthwise by the cun between the hairlines, sideways by that of the forehead."""
    place, scalp = point.location, body.once(Scalp)
    if place.cun and place.direction:
        yield place.cun, place.cun * scalp.cun
    if place.lateral_cun and not place.level:  # at a level of the back of the head, a cun is another one
        yield place.lateral_cun, place.lateral_cun * scalp.width_cun
    for relation in (*place.relations, *place.neighbours):
        if relation.cun:
            yield relation.cun, relation.cun * (scalp.width_cun if relation.relation == "lateral_to" else scalp.cun)


def _along(body: Body, frame: Frame, spot: Array, direction: str | None, landmark: str) -> float | None:
    """From a landmark to `spot` in a direction, mm; None where the direction is neither along the part nor to its side."""
    axis = 0 if direction in _LENGTHWISE else 1 if direction in _SIDEWAYS else None
    start = _spot(body, landmark)
    if axis is None or start is None:
        return None
    return abs(float((spot - start) @ frame.axes[axis]))


def _spot(body: Body, name: str) -> Array | None:
    """The place of a point or a landmark that is one spot; None for a course, a group, and what has no place yet."""
    point = knowledge.points().get(name)
    if point is None:
        places = body.landmarks.get(name)
        return places[0] if places is not None and len(places) == 1 else None
    located = body.located(name) if point.body_part in body.locators else ()
    return np.asarray(located[0].spot.xyz) if len(located) == 1 else None
