"""The points of arm and leg, evaluated from their structured places: a level along the limb, and a place around it at that level.

`place` evaluates one place; `limb` has the axis, the directions in words and the way to the skin; `cun` the measure of each
segment; `hollows` how far "beside" is; `derived` the landmarks that follow from others. Here, groups become their members.
"""
from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from waterneedle import knowledge
from waterneedle.body.placing.body import Body, Located
from waterneedle.body.placing.limbs.place import AT_WEB, Evaluation
from waterneedle.knowledge import Location, Point

PARTS = frozenset({
    "axilla", "shoulder", "upper_arm", "elbow", "forearm", "wrist", "hand", "finger",
    "thigh", "knee", "leg", "ankle", "foot", "toe",
})  # fmt: skip

_WEBS = ("1-2", "2-3", "3-4", "4-5")
_DIGITS = ("1", "2", "3", "4", "5")
# The members of a group, in the order in which the parts of its landmark were picked: from thumb or great toe on.
_MEMBERS = {
    "finger_web_margins": _WEBS, "toe_web_margins": _WEBS, "palmar_pip_creases_2_to_5": _DIGITS[1:],
    "finger_tips": _DIGITS, "toe_tips": _DIGITS,
}  # fmt: skip
_SPACES = {"2-3": ("metacarpal_2", "metacarpal_3"), "4-5": ("metacarpal_4", "metacarpal_5")}
_ON_LINE_OF = {"PC5": "PC4", "PC6": "PC4"}  # in the gap between the same two tendons


def locate(body: Body, point: Point) -> Iterator[Located]:
    """The place of a point, or of each member of a group, on the left limb."""
    place = _on_its_line(point)
    group = place.on if place.on in _MEMBERS else place.landmark
    if group in _MEMBERS:
        for member, start in zip(_MEMBERS[group], body.landmarks[group], strict=True):
            yield Located(Evaluation(body, point, msgspec.structs.replace(place, landmark=group)).moved(start), member)
    elif place.landmark in AT_WEB:
        yield Located(Evaluation(body, point, place).at_web())
    elif place.on == "metacarpal_spaces_2_3_and_4_5":
        for member, bones in _SPACES.items():
            yield Located(Evaluation(body, point, msgspec.structs.replace(place, between=bones)).between_bones(), member)
    elif members := _two_sides(place):
        for member, one in members.items():
            yield Located(Evaluation(body, point, one).spot(), member)
    else:
        yield Located(Evaluation(body, point, place).spot())


def _on_its_line(point: Point) -> Location:
    """The place; one that is said to be near the middle of a line between two points lies on that line."""
    row = knowledge.points()[_ON_LINE_OF.get(point.code, point.code)].location
    for relation in row.relations:
        if line := re.fullmatch(r"([a-z]+\d+)_([a-z]+\d+)_line_midpoint", relation.target):
            start, end = line.groups()
            return msgspec.structs.replace(point.location, rule="line", line_from=start.upper(), line_to=end.upper())
    return point.location


def _two_sides(place: Location) -> dict[str, Location]:
    """One place for each side: of a direction that names two, or of a tendon that has the point on both."""
    if place.direction and ";" in place.direction:
        return {side: msgspec.structs.replace(place, direction=side) for side in place.direction.split("; ")}
    if {relation.relation for relation in place.relations} == {"radial_to", "ulnar_to"}:
        return {relation.relation.removesuffix("_to"): msgspec.structs.replace(place, relations=(relation,))
                for relation in place.relations}
    return {}
