"""One structured place on one body: what the knowledge says of it, and what was picked, decide where around the limb it lies.

In this order: the share of a line, the line at the level, between two structures, on one, beside one, by its neighbours, at the
side of the landmark. From there the skin is straight out of the axis of the limb.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import msgspec
import numpy as np

from waterneedle import knowledge
from waterneedle.body.mesh import Array
from waterneedle.body.placing.body import Body
from waterneedle.body.placing.limbs.cun import cun_mm, finger_cun_mm
from waterneedle.body.placing.limbs.derived import DERIVED, at
from waterneedle.body.placing.limbs.hollows import from_border_cun, from_landmark_cun
from waterneedle.body.placing.limbs.limb import Limb, limb
from waterneedle.body.surface import Spot
from waterneedle.knowledge import Location, Point
from waterneedle.knowledge.point import Relation

AT_WEB = {"hand_web_margin": "finger_web_margins", "foot_web_margin": "toe_web_margins"}
_WEB_AFTER = {"great_toe": 0, "second_toe": 1, "third_toe": 2, "fourth_toe": 3, "ring_finger": 3}
_CREASES = ("palmar_wrist_crease", "dorsal_wrist_crease", "cubital_crease", "popliteal_crease")
_IN_LINE = ("superior_to", "inferior_to", "proximal_to", "distal_to", "under")
_BESIDE = ("lateral_to", "medial_to", "radial_to", "ulnar_to", "anterior_to", "posterior_to")
_NOT_BETWEEN = ("BL62",)  # straight below the malleolus; the heel bone under it reaches further back
_FACING = {"palm": "palmar", "sole": "plantar"}
_HARDLY = 0.1  # of a direction: less than this across the limb is along it


@dataclass(frozen=True)
class Evaluation:
    """A place of a point on a body; all on the left, mm."""

    body: Body
    point: Point
    place: Location

    def spot(self) -> Spot:
        """Where the point is."""
        if self.point.code in _BY_ANOTHER_ROW:
            return _BY_ANOTHER_ROW[self.point.code](self)
        if self.place.rule == "nail_corner":
            return self.moved(self.start)
        if self._is_on_named_level:
            return self.limb.skin(self.body.landmarks[str(self.place.level)][0])
        facing = _FACING.get(self.point.region)
        pair = self._between()
        if pair is None:
            pair = self._midway()
        if pair is not None:
            return self.limb.facing(pair.mean(axis=0), self.limb.way(facing)) if facing else self.limb.amid(*pair)
        around = self._around()
        if around is None and self._aside is not None:
            return self.limb.beside(self.limb.at_level(self.start, self.level), *self._aside)
        found = self.limb.at_level(self.start, self.level) if around is None else around
        return self.limb.facing(found, self.limb.way(facing)) if facing else self.limb.skin(found)

    def moved(self, start: Array) -> Spot:
        """From a place on the skin the stated or usual way along it."""
        part = limb(self.body, self.point.body_part, start)
        if not self.place.direction:
            return part.skin(start)
        way = part.way(self.place.direction)
        if self.place.landmark in AT_WEB.values():  # the nearest skin may be that between the digits
            return part.facing(start + self._distance * way, part.way("dorsal"))
        return part.beside(start, way, self._distance)

    def at_web(self) -> Spot:
        """At the web between the two digits that the place names."""
        webs = AT_WEB[self.place.landmark]
        start = self.body.landmarks[webs][_WEB_AFTER[self.place.between[0]]]
        return Evaluation(self.body, self.point, msgspec.structs.replace(self.place, landmark=webs)).moved(start)

    def between_bones(self) -> Spot:
        """Between the two bones, halfway along the stated line."""
        middle = self._share_of_line()
        part = limb(self.body, self.point.body_part, middle)
        bones = (self.body.landmarks[bone] for bone in self.place.between)
        return part.amid(*(part.passing(bone, part.level(middle)) for bone in bones))

    @cached_property
    def limb(self) -> Limb:
        return limb(self.body, self.point.body_part, self.start)

    @cached_property
    def cun_mm(self) -> float:
        return cun_mm(self.body, self.point)

    @cached_property
    def start(self) -> Array:
        """The landmark: of a course, its middle, or where it passes the level of what fixes it."""
        name = self.place.landmark
        if name in knowledge.points() or name in DERIVED:
            return at(self.body, name)
        if name not in self.body.landmarks:
            return self._share_of_line()
        course = self.body.landmarks[name]
        if len(course) > 1 and self.place.feature == "midpoint":
            return course.mean(axis=0)
        fixed_by = self._fixed_by(len(course) > 1)
        if fixed_by is None:
            return course[0]
        part = limb(self.body, self.point.body_part, course[0])
        return part.passing(course, part.level(at(self.body, fixed_by)))

    def _fixed_by(self, is_course: bool) -> str | None:
        """What fixes the level of the landmark: the crease it lies on; for a course also what it is straight above or below."""
        if self.place.on in _CREASES:
            return self.place.on
        related = (*self.place.relations, *self.place.neighbours) if is_course else ()
        others = (relation for relation in related if relation.target != self.place.landmark)
        return next((relation.target for relation in others if relation.relation in _IN_LINE), None)

    @cached_property
    def level(self) -> float:
        """Along the limb."""
        return self.limb.level(self._base()) + (self._steps[0] if self._steps else 0.0)

    def _base(self) -> Array:
        """From where the level is counted: on a line, from that end of it which lies on the crease."""
        if self._is_known(self.place.level):
            return at(self.body, str(self.place.level))
        if self._has_line and self.place.landmark in _CREASES:
            here = self.limb.level(self.start)
            return min(self._line(), key=lambda end: abs(self.limb.level(end) - here))
        return self.start

    @property
    def _aside(self) -> tuple[Array, float] | None:
        """For a direction across the limb: which way to go, and how far."""
        return self._steps[1] if self._steps else None

    @cached_property
    def _steps(self) -> tuple[float, tuple[Array, float] | None] | None:
        """The stated or usual step in the stated direction, as one along the limb and one across it; None without a direction."""
        is_fixed = self.place.rule == "line_fraction" or (self._is_known(self.place.level) and self.place.cun is None)
        if is_fixed or not self.place.direction:
            return None
        way = self.limb.way(f"{self.place.direction} {self.place.direction_2 or ''}")
        along = float(way @ self.limb.along)
        across = way - along * self.limb.along
        share = float(np.linalg.norm(across))
        return self._distance * along, (across / share, self._distance * share) if share > _HARDLY else None

    @cached_property
    def _distance(self) -> float:
        if self.place.cun is None:
            return from_landmark_cun(self.place) * self.cun_mm
        return self.place.cun * (finger_cun_mm(self.body) if self.place.unit == "f" else self.cun_mm)

    @property
    def _is_on_named_level(self) -> bool:
        """Whether the landmark that names the level is the place itself: the end of a crease on the side of the hand."""
        place = self.place
        return place.rule == "landmark" and bool(place.direction) and not place.line_from and place.level in self.body.landmarks

    def _between(self) -> Array | None:
        """The two places, at the level, that the point lies between: `(2, 3)` array."""
        place = self.place
        courses = [self.body.landmarks[name] for name in place.between if name in self.body.landmarks]
        if len(courses) < 2 or place.rule in ("line", "line_fraction") or place.level or self.point.code in _NOT_BETWEEN:
            return None
        are_fixed = place.cun is None and place.direction is None and place.on is None
        return np.stack([
            course[0] if are_fixed and len(course) == 1 else self.limb.passing(course, self.level) for course in courses[:2]
        ])

    def _midway(self) -> Array | None:
        """The two points that the point lies midway between, where nothing else says how far: `(2, 3)` array."""
        ends = [one.target.split("+") for one in self.place.neighbours if one.relation == "midway"]
        return np.stack([self.body.at(code) for code in ends[0]]) if ends and self.place.cun is None else None

    def _around(self) -> Array | None:
        """A place in the direction of the point, at its level; None where only the landmark is known."""
        place, known = self.place, self.body.landmarks
        is_share = place.rule == "line_fraction" or place.landmark in (place.line_from, place.line_to)
        if self._has_line and place.fraction is not None and is_share:
            return self._share_of_line()
        if self._has_line and (place.rule == "line" or place.level):
            return self.limb.passing(self._line(), self.level)
        if place.on in known and len(known[place.on]) > 1:
            return self.limb.passing(known[place.on], self.level)
        for relation in filter(self._is_border, place.relations):
            border = self.limb.passing(known[relation.target], self.level)
            return self.limb.turned(border, self.limb.way(relation.relation), from_border_cun(relation.target) * self.cun_mm)
        if self._has_line and place.rule == "offset":
            return self.limb.passing(self._line(), self.level)
        return self._by_neighbours()

    def _is_border(self, relation: Relation) -> bool:
        """Whether the point lies beside this, and not merely in its direction."""
        course = self.body.landmarks.get(relation.target, ())
        if relation.relation not in _BESIDE or not len(course) or relation.target == self.place.landmark:
            return False
        return self.place.rule == "offset" or (self.place.direction is not None and len(course) > 1)

    def _by_neighbours(self) -> Array | None:
        """Midway between two points, or straight above or below one."""
        for neighbour in self.place.neighbours:
            if neighbour.relation == "midway":
                ends = np.stack([self.body.at(code) for code in neighbour.target.split("+")])
                return self.limb.passing(ends, self.level)
            if neighbour.relation in _IN_LINE and self.place.rule == "offset" and neighbour.target != self.place.landmark:
                return self.limb.at_level(self.body.at(neighbour.target), self.level)
        return None

    def _is_known(self, name: str | None) -> bool:
        return name in self.body.landmarks or name in DERIVED

    @property
    def _has_line(self) -> bool:
        return bool(self.place.line_from and self.place.line_to)

    def _line(self) -> Array:
        return np.stack([at(self.body, str(self.place.line_from)), at(self.body, str(self.place.line_to))])

    def _share_of_line(self) -> Array:
        start, end = self._line()
        return start + (self.place.fraction or 0.5) * (end - start)


def _below_bl56(bl57: Evaluation) -> Spot:
    """BL57 at the level that BL56 gives it, being midway from BL55: the bellies of the calf end where no mesh shows it."""
    points = knowledge.points()
    cun = 2 * (points["BL56"].location.cun or 0) - (points["BL55"].location.cun or 0)
    part = bl57.limb
    return part.skin(part.at_level(bl57.start, part.level(at(bl57.body, "popliteal_crease")) + cun * bl57.cun_mm))


def _behind_ki8(ki7: Evaluation) -> Spot:
    """KI7, by the row of KI8, which lies half a cun before it: no mesh shows the border of the calcaneal tendon."""
    ki8 = ki7.body.spot("KI8").xyz
    part = limb(ki7.body, ki7.point.body_part, ki8)
    [apart] = [one.cun for one in knowledge.points()["KI8"].location.neighbours if one.target == ki7.point.code]
    return part.beside(ki8, part.way("posterior"), (apart or 0) * ki7.cun_mm)


_BY_ANOTHER_ROW: dict[str, Callable[[Evaluation], Spot]] = {"KI7": _behind_ki8, "BL57": _below_bl56}
