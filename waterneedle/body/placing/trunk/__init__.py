"""The points of chest, abdomen, back, sacrum, buttock and perineum.

Most are a level and a distance from the midline: `rows`. The others stand at a bone, on a line between two, or beside a point:
`beside`. What several of them need of one figure, its levels, its skin and its cun, is worked out once.
"""
from __future__ import annotations

from collections.abc import Iterable

from waterneedle import knowledge
from waterneedle.body.placing.body import Body, Located
from waterneedle.body.placing.trunk import beside, rows

PARTS = frozenset({"chest", "abdomen", "upper_back", "lower_back", "sacrum", "buttock", "hip", "perineum"})


def locate(body: Body, point: knowledge.Point) -> Iterable[Located]:
    """The places of one point, or of each member of a group, on the left half or the midline."""
    return rows.locate(body, point) if point.location.rule == "level_lateral" else beside.locate(body, point)
