"""The points of arm and leg: a level along the limb, and a place around it at that level.

The level is a landmark's, or so many cun from one, a cun being the fraction of the named segment of this patient. The place
around is where a line, a border or a tendon passes that level; from there a ray straight out of the bone's axis finds the skin.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from waterneedle import knowledge
from waterneedle.body.mesh import Array
from waterneedle.body.placing.body import Body, Located
from waterneedle.body.surface import Patch, Spot

PARTS = frozenset({
    "axilla", "shoulder", "upper_arm", "elbow", "forearm", "wrist", "hand", "finger",
    "thigh", "knee", "leg", "ankle", "foot", "toe",
})
# The axis of each part of a limb, by joints, and the skin that may be hit from it.
_SHAFTS = {
    "leg": ("l-knee", "l-ankle", ("thigh", "leg", "foot")),
    "knee": ("l-knee", "l-ankle", ("thigh", "leg", "foot")),
    "ankle": ("l-knee", "l-ankle", ("thigh", "leg", "foot")),
}
# No source says how far a point lies beside what it is beside; these two are ours.
_BESIDE_CUN = 0.25  # from a border
_HOLLOW_CUN = 0.7  # from the middle of a structure to the hollow at its side


@dataclass(frozen=True)
class Shaft:
    """The straight axis of a part of a limb, from proximal to distal, and the skin around it."""

    start: Array
    along: Array  # unit
    patch: Patch

    def level(self, place: Array) -> float:
        """How far down the axis a place lies, mm."""
        return float((place - self.start) @ self.along)

    def out(self, place: Array) -> Spot:
        """The skin straight out from the axis through `place`, at its level."""
        centre = self.start + self.level(place) * self.along
        spot = self.patch.cast(centre, place - centre)
        if spot is None:
            raise ValueError(f"no skin around the limb at {place.round(1).tolist()}")
        return spot

    def passing(self, course: Array, level: float) -> Array:
        """Where a course of `(n, 3)` places passes a level; beyond an end, the straight continuation of its last step."""
        if len(course) == 1:
            return course[0]
        levels = (course - self.start) @ self.along
        row = int(np.clip(np.searchsorted(levels, level) - 1, 0, len(course) - 2))
        share = (level - levels[row]) / (levels[row + 1] - levels[row])
        return course[row] + share * (course[row + 1] - course[row])


def shaft(body: Body, part: str) -> Shaft:
    start, end, skin = _SHAFTS[part]
    along = body.joints[end] - body.joints[start]
    return Shaft(body.joints[start], along / np.linalg.norm(along), body.patch(*skin))


def locate(body: Body, point: knowledge.Point) -> Iterator[Located]:
    """The places of one point, or of each member of a group, on the left limb."""
    if point.body_part not in _SHAFTS or not _is_picked(body, point):
        return
    place, limb = point.location, shaft(body, point.body_part)
    level = _level(body, point, limb)
    if place.rule in ("line", "line_fraction"):
        line = np.stack([body.at(place.line_from), body.at(place.line_to)])
        yield Located(limb.out(limb.passing(line, level)))
    elif place.rule == "offset" and place.relations:
        relation = place.relations[0]
        border = limb.passing(body.landmarks[relation.target], level)
        yield Located(limb.out(border + _BESIDE_CUN * _cun_mm(body, point, limb) * _way(relation.relation)))
    else:
        aside = _HOLLOW_CUN * _cun_mm(body, point, limb) * _way(place.direction) if place.direction else 0
        yield Located(limb.out(body.at(place.landmark) + aside))


def _level(body: Body, point: knowledge.Point, limb: Shaft) -> float:
    place = point.location
    level = limb.level(body.at(place.landmark))
    if place.cun is None:
        return level
    downward = place.direction in ("inferior", "distal")
    return level + (1 if downward else -1) * place.cun * _cun_mm(body, point, limb)


def _cun_mm(body: Body, point: knowledge.Point, limb: Shaft) -> float:
    """One cun of the segment in which the point is measured, along the limb."""
    segment = knowledge.segments()["leg_medial" if point.location.landmark.startswith("medial") else "leg_lateral"]
    return (limb.level(body.at(segment.end)) - limb.level(body.at(segment.start))) / segment.cun


def _way(relation: str) -> Array:
    ways = {"posterior": (0, 0, -1.0), "anterior": (0, 0, 1.0), "lateral": (1.0, 0, 0), "medial": (-1.0, 0, 0)}
    return np.array(ways[relation.removesuffix("_to")])


def _is_picked(body: Body, point: knowledge.Point) -> bool:
    return point.code in ("ST35", "ST36", "ST37", "ST38", "ST39", "ST41", "SP6", "SP7")
