"""What one body has to say, as one JSON document: who, how well the figure fits, and every point with its place.

The command line (`waterneedle body --json`) and the door over HTTP (`GET /api/v1/body`) answer with this.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from waterneedle import knowledge

if TYPE_CHECKING:
    from waterneedle.body.fit import Fit
    from waterneedle.body.placing import PlacedPoint
    from waterneedle.body.segments import MeasuredFigure

GUIDE = "A guide made from proportions: palpation decides."


def document(person: Mapping[str, Any], figure: MeasuredFigure, points: Iterable[PlacedPoint]) -> dict[str, Any]:
    """`points` of `figure`, drawn for `person` (`sex`, `age_years`, `height_cm`, `weight_kg`, `measured_mm`)."""
    # late: slow (numpy), and the command line needs this module before it knows what is asked
    from waterneedle.body import place_in_words, placing

    facts, landmarks = knowledge.points(), knowledge.landmarks()
    return {
        "person": dict(person),
        "fit": {**size(figure.fit), "clamped": figure.fit.clamped, "says": figure.fit.says,
                "cun_mm": {name: round(length, 2) for name, length in figure.cun_mm.items()}},
        "frame": "millimetres; x to the patient's left, 0 at the midline; y up from the sole; z forward",
        "guide": GUIDE,
        "points": [{
            "code": point.code, "member": point.member, "side": point.side,
            **dict(zip("xyz", rounded(point.xyz), strict=True)), "normal": [round(float(part), 4) for part in point.normal],
            "face": int(point.face), "barycentric": [round(float(weight), 6) for weight in point.barycentric],
            "words": place_in_words(facts[point.code], landmarks),
        } for point in points],
        "not_on_the_skin": list(placing.unplaced()),
    }


def rounded(place: Iterable[float]) -> list[float]:
    """Tenths of a millimetre, without a negative zero."""
    return [round(float(part), 1) + 0.0 for part in place]


def size(fit: Fit) -> dict[str, float]:
    return {"height_cm": round(fit.height_cm, 2), "weight_kg": round(fit.weight_kg, 2)}
