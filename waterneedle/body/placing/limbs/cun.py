"""How long a cun is on this patient: the fraction of a named segment, measured along the axis of the limb, mm."""
from __future__ import annotations

from waterneedle import knowledge
from waterneedle.body.placing.body import Body
from waterneedle.body.placing.limbs.derived import at
from waterneedle.body.placing.limbs.limb import limb
from waterneedle.knowledge import Point

# On the forearm each channel is measured between its own points on the two creases: with the elbow bent, as in the figure, the
# crease lies lower in front than behind. TE8 says that behind, the olecranon counts as the upper end.
_FOREARM = {
    "LU": ("LU5", "LU9"), "LI": ("LI11", "LI5"), "PC": ("PC3", "PC7"), "HT": ("HT3", "HT7"), "SI": ("SI8", "SI5"),
    "TE": ("olecranon_prominence", "TE4"), "EX-UE": ("PC3", "PC7"),
}  # fmt: skip
_LEG = {"SP": "leg_medial_below_condyle", "KI": "leg_medial_below_condyle", "LR": "leg_medial_below_condyle"}
_THIGH = {"BL": "thigh_posterior", "GB": "thigh_lateral"}


def cun_mm(body: Body, point: Point) -> float:
    """One cun in the segment in which a point of a limb is measured."""
    part, channel = point.body_part, point.channel
    if part == "forearm":
        return _span(body, part, *_FOREARM[channel]) / knowledge.segments()["forearm_anterior"].cun
    if part in ("wrist", "hand", "finger"):
        return segment_mm(body, "forearm_anterior", "forearm")
    if part in ("upper_arm", "elbow", "shoulder", "axilla"):
        return segment_mm(body, "arm_anterior", "upper_arm")
    if part == "thigh" or (part == "knee" and point.location.landmark == "popliteal_crease"):
        return segment_mm(body, _THIGH.get(channel, "thigh_anterior"), "thigh")
    if part in ("foot", "toe"):
        return segment_mm(body, "leg_medial_below_condyle", "leg")
    return segment_mm(body, _LEG.get(channel, "leg_lateral"), "leg")


def segment_mm(body: Body, name: str, part: str) -> float:
    """One cun of a segment, along the axis of a part of the limb."""
    segment = knowledge.segments()[name]
    return _span(body, part, segment.start, segment.end) / segment.cun


def finger_cun_mm(body: Body) -> float:
    """One finger cun: the middle bone of the middle finger, between its two joints."""
    step = body.joints["l-finger-3-3"] - body.joints["l-finger-3-2"]
    return float((step @ step) ** 0.5)


class _Spans:
    """How far apart two places of one figure are along a part of the limb, mm; each measured once."""

    def __init__(self, body: Body):
        self.body = body
        self.measured: dict[tuple[str, str, str], float] = {}

    def __call__(self, part: str, start: str, end: str) -> float:
        if (part, start, end) not in self.measured:
            above, below = at(self.body, start), at(self.body, end)
            axis = limb(self.body, part, above)
            self.measured[part, start, end] = abs(axis.level(below) - axis.level(above))
        return self.measured[part, start, end]


def _span(body: Body, part: str, start: str, end: str) -> float:
    return body.once(_Spans)(part, start, end)
