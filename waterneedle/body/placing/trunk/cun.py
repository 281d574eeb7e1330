"""How long a cun is on the trunk of one figure, mm: across the front, across the back, and down each stretch of the front."""
from __future__ import annotations

from waterneedle import knowledge
from waterneedle.body.placing.body import Body

_HALVES = 2  # a width is on file from left to right


def across_front_mm(body: Body) -> float:
    """From the midline to the nipple are 4 cun; a breast carries the nipple away, and then the midclavicular line counts.

    The standard says the one for males and the other for females. A figure may be of neither or between; the one nearer to the
    midline counts, which comes to the same.
    """
    ends = body.at("clavicle_sternal_end"), body.at("clavicle_acromial_end")
    midclavicular = float(ends[0][0] + ends[1][0]) / 2
    segment = knowledge.segments()["nipple_width"]
    return min(float(body.at(segment.start)[0]), midclavicular) * _HALVES / segment.cun


def across_back_mm(body: Body) -> float:
    """From the midline to the medial border of the scapula are 3 cun."""
    segment = knowledge.segments()["scapula_width"]
    return float(body.at(segment.start)[0]) * _HALVES / segment.cun


def down_front_mm(body: Body, segment_id: str) -> float:
    """Down the front, in height, by the segment that runs there: `sternum`, `upper_abdomen` or `lower_abdomen`."""
    segment = knowledge.segments()[segment_id]
    return float(body.at(segment.start)[1] - body.at(segment.end)[1]) / segment.cun
