"""The points of face and ear: at a landmark, between two, where a level and a vertical cross, or so far from one along the skin.

A cun of the face is lengthwise that of the forehead (glabella to hairline, 3 cun) and sideways that of the width of the forehead.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from waterneedle import knowledge
from waterneedle.body.mesh import Array
from waterneedle.body.placing.body import Body, Located
from waterneedle.body.placing.fingers import finger_cun_mm, fingerbreadth_mm
from waterneedle.body.placing.scalp import FORWARD, OUT, UP, Scalp, out
from waterneedle.body.surface import Patch, Spot

PARTS = frozenset({"face", "ear"})
WAYS = {"superior": UP, "inferior": -UP, "lateral": OUT, "medial": -OUT, "anterior": FORWARD, "posterior": -FORWARD,
        "superomedial": UP - OUT}
BESIDE_CUN = 0.3  # sideways cun. No source says how far a point lies beside what it is beside; this is ours.
RIM_SHARE = 0.2  # of the way from the orbit's edge to the level of the pupil: over the rim, below the eyeball; ours


@dataclass(frozen=True)
class Face:
    body: Body

    @cached_property
    def skin(self) -> Patch:
        return self.body.patch("head")

    @cached_property
    def before(self) -> Patch:
        """The front of the face alone."""
        skin = self.skin
        depth = self.body.surface.vertices[skin.corners, 2].mean(axis=1)
        return self.body.surface.patch(skin.faces[depth > self.body.at("zygomatic_arch_midpoint")[2]])

    def height_cun(self) -> float:
        """One cun up the forehead, mm."""
        line = self.body.midline
        start, end = (line.nearest_length(self.body.at(name)) for name in ("glabella", "anterior_hairline_midpoint"))
        return (end - start) / knowledge.segments()["forehead"].cun

    def width_cun(self) -> float:
        return self.body.once(Scalp).width_cun

    def length(self, cun: float, unit: str | None, way: Array) -> float:
        """So many cun, finger cun or fingerbreadths in a direction, mm."""
        if unit == "f":
            return cun * self.body.once(finger_cun_mm)
        if unit == "fingerbreadth":
            return cun * self.body.once(fingerbreadth_mm)
        return cun * (self.height_cun() if way @ UP == 1 else self.width_cun())

    def front(self, place: Array) -> Spot:
        """The skin straight before a place."""
        spot = self.before.cast(place * (1, 1, 0) + 1000 * FORWARD, -FORWARD)
        if spot is None:
            raise ValueError(f"no skin before {place.round(1).tolist()}")
        return spot

    def spot(self, name: str) -> Spot:
        """The spot of a landmark, picked or worked out from others."""
        return self.skin.nearest(_DERIVED[name](self.body)) if name in _DERIVED else self.body.picked(name)

    def at(self, name: str) -> Array:
        """The place of a landmark, picked or worked out from others."""
        if name in _DERIVED:
            return _DERIVED[name](self.body)
        return self.body.at(name)


def locate(body: Body, point: knowledge.Point) -> Iterator[Located]:
    face, place = body.once(Face), point.location
    if point.side == "midline":
        yield Located(body.midline.at(_on_midline(body, place)))
    elif place.rule == "line_fraction":
        yield Located(_under_the_eye(face, _along(body.landmarks[place.landmark], place.fraction)))
    elif place.rule == "offset":
        yield Located(_offset(face, place))
    elif place.level or place.on:
        yield Located(_crossing(face, place))
    elif place.landmark == "infraorbital_margin":
        yield Located(_under_the_eye(face, passing(body.landmarks[place.landmark], 0, body.at("pupil")[0])))
    elif len(place.between) == 2 and all(_is_known(face, name) for name in place.between):
        yield Located(_midway(face, place))
    elif place.direction:
        yield Located(_beside(face, place))
    else:
        yield Located(face.spot(place.landmark))


def passing(course: Array, axis: int, value: float) -> Array:
    """Where a course comes to a coordinate: axis 0 is how far lateral, 1 how high."""
    course = course[np.argsort(course[:, axis])]
    return np.array([np.interp(value, course[:, axis], course[:, k]) for k in range(3)])


def _on_midline(body: Body, place: knowledge.Location) -> float:
    if place.rule != "line_fraction":
        return body.midline.nearest_length(body.at(place.landmark))
    start, end = (body.midline.nearest_length(body.at(str(name))) for name in (place.line_from, place.line_to))
    return start + place.fraction * (end - start)


def _along(course: Array, share: float) -> Array:
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(course, axis=0), axis=1))])
    return np.array([np.interp(share * lengths[-1], lengths, course[:, k]) for k in range(3)])


def _under_the_eye(face: Face, rim: Array) -> Spot:
    return face.front(rim + RIM_SHARE * (face.body.at("pupil") - rim)[1] * UP)


def _offset(face: Face, place: knowledge.Location) -> Spot:
    """Along the skin from a landmark: in a level, a vertical or along the bisector of the angle of the mandible."""
    start, direction = face.at(place.landmark), str(place.direction)
    if direction == "anterosuperior":
        way, across = _bisector(face), None
    else:
        way = WAYS[direction]
        across = OUT if way @ UP == 1 else UP
    length = face.length(place.cun, place.unit, way)
    if direction in ("superomedial", "lateral") and place.unit != "fingerbreadth":
        # From the folds at the corners of eye and mouth a tape would go inside: across the face as seen from the front.
        return face.front(start + way / np.linalg.norm(way) * length)
    return face.skin.walk(face.spot(place.landmark), way, length, across)


def _bisector(face: Face) -> Array:
    """The direction that halves the angle of the mandible."""
    corner = face.at("mandible_angle")
    arms = [face.at(name) - corner for name in ("mandible_condyle", "masseter_attachment")]
    return sum(arm / np.linalg.norm(arm) for arm in arms)


def _crossing(face: Face, place: knowledge.Location) -> Spot:
    """Where a level meets a course or the vertical below a landmark; without a level, just beside a border on that vertical."""
    body = face.body
    if place.on in body.landmarks:
        return face.skin.nearest(passing(body.landmarks[place.on], 1, face.at(place.level)[1]))
    if place.level:
        return face.front(body.at(place.landmark) * OUT + face.at(place.level) * UP)
    border = passing(body.landmarks[place.landmark], 0, face.at(str(place.on).removesuffix("_vertical_line"))[0])
    return face.front(border + BESIDE_CUN * face.width_cun() * WAYS[str(place.direction)])


def _midway(face: Face, place: knowledge.Location) -> Spot:
    """Midway between two landmarks; with a direction, at the level of the landmark it runs from."""
    middle = sum(face.at(name) for name in place.between) / 2
    if place.direction:
        middle[1] = face.at(place.landmark)[1]
    return out(face.body.once(Scalp).side, middle)


def _beside(face: Face, place: knowledge.Location) -> Spot:
    way = WAYS[str(place.direction)]
    return face.skin.walk(face.spot(place.landmark), way, BESIDE_CUN * face.width_cun(), OUT if way @ UP else UP)


def _is_known(face: Face, name: str) -> bool:
    return name in _DERIVED or name in face.body.landmarks


_DERIVED = {
    "eyebrow": lambda body: passing(body.landmarks["eyebrow"], 0, body.at("pupil")[0]),
    "eyebrow_midpoint": lambda body: passing(body.landmarks["eyebrow"], 0, body.at("pupil")[0]),
    "eyebrow_medial_end": lambda body: body.landmarks["eyebrow"][0],
    "eyebrow_lateral_end": lambda body: body.landmarks["eyebrow"][-1],
    "eyebrow_end_outer_canthus_midpoint": lambda body: (body.landmarks["eyebrow"][-1] + body.at("outer_canthus")) / 2,
    "nasolabial_sulcus_superior_end": lambda body: body.landmarks["nasolabial_sulcus"][0],
    "philtrum_midpoint": lambda body: body.at("GV26"),
}
