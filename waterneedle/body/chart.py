"""What the chart in the browser is given: the figure, where each point lies on its skin, and the words beside each dot.

Pure: the same person gives the same value. Nothing in it says who the person is. `docs/chart.md` tells the shape of the value.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from waterneedle import knowledge
from waterneedle.body import frames, placing, plain, views
from waterneedle.body.fit import Fit
from waterneedle.body.in_mm import place_in_mm
from waterneedle.body.placing import PlacedPoint
from waterneedle.knowledge import Point

CHANNELS = {
    "LU": "Lung", "LI": "Large intestine", "ST": "Stomach", "SP": "Spleen", "HT": "Heart", "SI": "Small intestine",
    "BL": "Bladder", "KI": "Kidney", "PC": "Pericardium", "TE": "Triple energizer", "GB": "Gallbladder", "LR": "Liver",
    "GV": "Governor vessel", "CV": "Conception vessel",
    "EX-HN": "Extra, head and neck", "EX-CA": "Extra, chest and abdomen", "EX-B": "Extra, back",
    "EX-UE": "Extra, upper limb", "EX-LE": "Extra, lower limb",
}
_SIDES = {"left": "L", "right": "R", "midline": "M"}


def chart(figure: Fit, language: str = "en") -> dict[str, Any]:
    """The value for `BodyChart` (`static/chart.js`): body, points, places, channels, protocols, regions.

    `points` are rows of code, side (L, R, M), member of a group or None, face, and two barycentric weights, of which the third is
    what is missing to 1. `places` has the names and the words of each code, those that have no place on the skin too.
    """
    placed = placing.place(figure.coefficients)
    return {
        "body": {
            "coefficients": figure.coefficients.round(6).tolist(), "height_cm": round(figure.height_cm, 1),
            "weight_kg": round(figure.weight_kg, 1), "says": figure.says,
            "views": [views.told(view) for view in views.views(figure.coefficients)],
            "frames": frames.told(frames.frames(figure.coefficients)), "plain": plain.rows().tolist(),
        },
        "points": rows(placed),
        "places": places(figure, placed),
        "channels": [[channel, CHANNELS[channel]] for channel in knowledge.CHANNEL_COUNTS],
        "protocols": protocols(language),
        "regions": list(views.REGIONS),
    }


def rows(placed: Sequence[PlacedPoint]) -> list[list[Any]]:
    """The placed points as short rows; four digits of a weight are less than 0.01 mm of a triangle."""
    return [[point.code, _SIDES[point.side], point.member, int(point.face), *map(_short, point.barycentric[:2])]
            for point in placed]


def places(figure: Fit, placed: Sequence[PlacedPoint]) -> dict[str, dict[str, Any]]:
    """Names, channel, region and words in millimetres by code, in the order of the channels: of the points that are placed and of
    those in mouth and nose."""
    members: dict[str, list[str]] = {}
    for point in placed:
        named = members.setdefault(point.code, [])
        if point.member is not None and point.member not in named:
            named.append(point.member)
    told = place_in_mm(figure.coefficients)
    inside = set(placing.unplaced())
    return {code: _place(point, members.get(code, []), told(point)) for code, point in knowledge.points().items()
            if code in members or code in inside}


def protocols(language: str = "en") -> list[dict[str, Any]]:
    """The published treatments that name points, by name."""
    found = []
    for protocol in knowledge.protocols().values():
        codes = list(dict.fromkeys(site.point for site in protocol.sites if site.point))
        if codes:
            # A translation that nobody has reviewed would have to say so, and an option of a menu cannot.
            name = protocol.name.translation(language) if protocol.name.is_reviewed(language) else None
            found.append({"id": protocol.id, "name": name or protocol.name.en, "points": codes})
    return sorted(found, key=lambda one: one["name"])


def _place(point: Point, members: Sequence[str], words: str) -> dict[str, Any]:
    names = [*point.aliases, *([point.hanzi_traditional] if point.hanzi_traditional != point.hanzi else [])]
    return {
        "hanzi": point.hanzi, "pinyin": point.pinyin, "channel": point.channel, "side": point.side,
        "region": views.REGION_OF_PART[point.body_part], "frame": frames.FRAME_OF_PART[point.body_part], "words": words,
        **({"aliases": names} if names else {}), **({"members": list(members)} if members else {}),
    }


def _short(weight: float) -> float:
    return round(float(weight), 4)
