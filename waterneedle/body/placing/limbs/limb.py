"""One part of the left arm or leg: its axis, its directions in words, and the way from a place near it to its skin."""
from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np

from waterneedle.body.mesh import Array
from waterneedle.body.parts import FOOT, HAND
from waterneedle.body.placing.body import Body
from waterneedle.body.surface import Patch, Spot

FAR_MM = 150.0  # outside of any limb, from its axis
LATERAL, UP, FORWARD = np.eye(3)
_OPPOSITE = {
    "distal": "proximal", "inferior": "superior", "anterior": "posterior", "lateral": "medial", "radial": "ulnar",
    "palmar": "dorsal", "plantar": "dorsal",
}
_ARM = ("upper_arm", "forearm", "shoulder")
# The axis of each part by joints, and the skin that belongs to it.
_PARTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "axilla": ("l-shoulder", "l-elbow", ("shoulder", "upper_arm", "trunk")),
    "shoulder": ("l-shoulder", "l-elbow", ("shoulder", "upper_arm", "trunk")),
    "upper_arm": ("l-shoulder", "l-elbow", _ARM),
    "elbow": ("l-shoulder", "l-elbow", _ARM),
    "forearm": ("l-elbow", "l-hand", ("upper_arm", "forearm", "palm")),
    "wrist": ("l-elbow", "l-hand", ("forearm", "palm", "finger_1")),
    "hand": ("l-hand", "l-finger-3-1", HAND),
    "finger": ("l-hand", "l-finger-3-1", HAND),
    "thigh": ("l-upper-leg", "l-knee", ("hip", "thigh", "leg")),
    "knee": ("l-knee", "l-ankle", ("thigh", "leg")),
    "leg": ("l-knee", "l-ankle", ("thigh", "leg", "foot")),
    "ankle": ("l-knee", "l-ankle", ("leg", "foot")),
    "foot": ("l-ankle", "l-toe-2-1", ("leg", *FOOT)),
    "toe": ("l-ankle", "l-toe-2-1", FOOT),
}
_TURNING = ("forearm", "wrist")
_FLAT = ("hand", "finger", "foot", "toe", "shoulder")  # no axis runs through the middle of these


@cache
def _read(words: str) -> tuple[str, ...]:
    """The words in a compound: anterior and inferior of `anteroinferior`."""
    known = [word for pair in _OPPOSITE.items() for word in pair]
    beginnings = re.findall(r"(anter|poster|super|infer|proxim|dist|medi|later|radi|uln|palm|dors|plant)", words)
    return tuple(next(word for word in known if word.startswith(beginning)) for beginning in beginnings)


@cache
def _opposites(word: str) -> tuple[str, ...]:
    pairs = [*_OPPOSITE.items(), *((b, a) for a, b in _OPPOSITE.items())]
    return tuple(other for one, other in pairs if one == word)


@dataclass(frozen=True)
class Limb:
    """A part of a limb. A level is mm along the axis: distal on arm and leg, forward on the foot, lateral on the shoulder."""

    start: Array
    along: Array  # unit
    patch: Patch
    flat: bool
    ways: Mapping[str, Array]  # unit vectors by word

    def level(self, place: Array) -> float:
        return float((place - self.start) @ self.along)

    def way(self, words: str) -> Array:
        """The unit vector of a direction: `distal`, `anteroinferior`, `proximolateral`, `lateral_to`."""
        return _unit(sum((self._vector(word) for word in _read(words)), np.zeros(3)))

    def _vector(self, word: str) -> Array:
        if word in self.ways:
            return self.ways[word]
        return -next(self.ways[other] for other in _opposites(word) if other in self.ways)

    def at_level(self, place: Array, level: float) -> Array:
        """The place moved along the axis to a level."""
        return place + (level - self.level(place)) * self.along

    def passing(self, course: Array, level: float) -> Array:
        """Where a course of `(n, 3)` places passes a level; beyond an end, the straight continuation of its last step."""
        if len(course) == 1:
            return self.at_level(course[0], level)
        levels = (course - self.start) @ self.along
        if levels[0] > levels[-1]:
            course, levels = course[::-1], levels[::-1]
        row = int(np.clip(np.searchsorted(levels, level) - 1, 0, len(course) - 2))
        share = (level - levels[row]) / (levels[row + 1] - levels[row])
        return course[row] + share * (course[row + 1] - course[row])

    def outward(self, place: Array) -> Array:
        """From the axis to a place, at its level; not of length 1."""
        return place - self.start - self.level(place) * self.along

    def turned(self, place: Array, way: Array, distance: float) -> Array:
        """A place `distance` mm round the limb from one on its skin, to the side that the direction `way` points to."""
        out = _unit(self.outward(place))
        return place + distance * _unit(way - (way @ out) * out)

    def skin(self, place: Array) -> Spot:
        """The skin straight out from the axis through a place, at its level; on a flat part, the nearest skin."""
        if self.flat:
            return self.patch.nearest(place)
        spot = self.patch.cast(place - self.outward(place), self.outward(place))
        return spot or self.patch.nearest(place)

    def amid(self, start: Array, end: Array) -> Spot:
        """The skin over the middle of the straight line between two places on it, seen square to that line."""
        middle, chord = (start + end) / 2, end - start
        if self.flat or chord @ chord < 1:
            return self.skin(middle)
        out = self.outward(middle)
        out = out - (out @ chord) / (chord @ chord) * chord
        return self.facing(middle, _unit(out))

    def beside(self, place: Array, way: Array, distance: float) -> Spot:
        """The skin `distance` mm from a place on it, measured straight in the direction `way`."""
        moved = place + distance * way
        if self.flat:
            return self.patch.nearest(moved)
        out = self.outward(place)
        out = out - (out @ way) * way
        out = _unit(out)
        return self.patch.cast(moved + FAR_MM * out, -out) or self._along_skin(place, way, distance)

    def _along_skin(self, place: Array, way: Array, distance: float) -> Spot:
        """`distance` mm round the limb from a place on it, at its level, setting out in the direction `way`."""
        rings = self.patch.sections(place, self.along)
        ring = min(rings, key=lambda one: one.distance(place))
        here = ring.nearest_length(place)
        sign = 1 if (ring.at(here + 1).xyz - ring.at(here - 1).xyz) @ way > 0 else -1
        return ring.at((here + sign * distance) % ring.lengths[-1])

    def facing(self, place: Array, way: Array) -> Spot:
        """The skin over a place as seen from the direction `way`."""
        return self.patch.cast(place + FAR_MM * way, -way) or self.patch.nearest(place)


class _Limbs:
    """The parts of one figure, each made when it is first asked for."""

    def __init__(self, body: Body):
        self.body = body
        self.made: dict[str, Limb] = {}

    def part(self, name: str) -> Limb:
        if name not in self.made:
            start, _, skin = _PARTS[name]
            along = _axis(self.body, name)
            patch = self.body.patch(*skin)
            self.made[name] = Limb(self.body.joints[start], along, patch, name in _FLAT, _ways(self.body, name, along))
        return self.made[name]

    @cached_property
    def turn(self) -> tuple[Array, Array, float]:
        """Of the forearm: lateral at the elbow, anterior there, and by what angle the thumb is turned from lateral to it."""
        along, joints = _axis(self.body, "forearm"), self.body.joints
        lateral = _across(cross(joints["l-hand"] - joints["l-elbow"], joints["l-elbow"] - joints["l-shoulder"]), along)
        anterior, thumb = cross(along, lateral), _of_hand(self.body, along)["radial"]
        return lateral, anterior, math.atan2(anterior @ thumb, lateral @ thumb)


def limb(body: Body, part: str, near: Array) -> Limb:
    """A part of the left limb, with the directions at a place near it: those of the forearm turn on the way to the hand."""
    limbs = body.once(_Limbs)
    found = limbs.part(part)
    if part not in _TURNING:
        return found
    lateral, anterior, angle = limbs.turn
    length = found.level(body.joints["l-hand"])
    here = angle * min(max(found.level(near) / length, 0.0), 1.0)
    return replace(found, ways=_by_thumb(found.along, math.cos(here) * lateral + math.sin(here) * anterior))


def _axis(body: Body, part: str) -> Array:
    if part in ("shoulder", "axilla"):
        return LATERAL
    start, end, _ = _PARTS[part]
    along = body.joints[end] - body.joints[start]
    return _unit(along * (1, 0, 1) if part in ("foot", "toe") else along)


def _ways(body: Body, part: str, along: Array) -> dict[str, Array]:
    if part in ("foot", "toe"):
        return {"distal": along, "anterior": along, "superior": UP, "dorsal": UP, "lateral": _unit(cross(UP, along))}
    if part in ("shoulder", "axilla"):
        return {"superior": UP, "proximal": UP, "anterior": FORWARD, "lateral": LATERAL}
    if part in ("hand", "finger", *_TURNING):
        return _of_hand(body, along)
    ways = {"distal": along, "inferior": along}
    if part in ("upper_arm", "elbow"):
        lateral = _across(cross(body.joints["l-hand"] - body.joints["l-elbow"], along), along)
        return ways | {"lateral": lateral, "anterior": cross(along, lateral)}
    return ways | {"lateral": _across(LATERAL, along), "anterior": _across(FORWARD, along)}


def _of_hand(body: Body, along: Array) -> dict[str, Array]:
    return _by_thumb(along, _across(body.joints["l-finger-2-1"] - body.joints["l-finger-5-1"], along))


def _by_thumb(along: Array, radial: Array) -> dict[str, Array]:
    return {"distal": along, "inferior": along, "radial": radial, "lateral": radial, "palmar": cross(along, radial)}


def cross(a: Array, b: Array) -> Array:
    """The cross product of two vectors, without the ceremony of numpy's own."""
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def _across(vector: Array, axis: Array) -> Array:
    """The unit vector of what of `vector` lies across `axis`."""
    return _unit(vector - (vector @ axis) * axis)


def _unit(vector: Array) -> Array:
    return vector / math.sqrt(vector @ vector)
