"""What the chart in the browser is given: the figure, where each point lies on its skin, and the words beside each dot.

Pure: the same person gives the same value. Nothing in it says who the person is. `docs/chart.md` tells the shape of the value.
"""
from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from waterneedle import knowledge
from waterneedle.body import frames, mesh, placing, plain, views
from waterneedle.body.fit import Fit
from waterneedle.body.in_mm import place_in_mm
from waterneedle.body.mesh import Array
from waterneedle.body.phrases import region_in_words
from waterneedle.body.placing import PlacedPoint
from waterneedle.body.segments import MeasuredFigure, body_of
from waterneedle.knowledge import Point

CHANNELS = {
    "LU": "Lung", "LI": "Large intestine", "ST": "Stomach", "SP": "Spleen", "HT": "Heart", "SI": "Small intestine",
    "BL": "Bladder", "KI": "Kidney", "PC": "Pericardium", "TE": "Triple energizer", "GB": "Gallbladder", "LR": "Liver",
    "GV": "Governor vessel", "CV": "Conception vessel",
    "EX-HN": "Extra, head and neck", "EX-CA": "Extra, chest and abdomen", "EX-B": "Extra, back",
    "EX-UE": "Extra, upper limb", "EX-LE": "Extra, lower limb",
}
STEP_MM = 0.08  # as int16 up to 2.6 m
_SIDES = {"left": "L", "right": "R", "midline": "M"}


def chart(figure: Fit | MeasuredFigure, language: str = "en") -> dict[str, Any]:
    """The value for `BodyChart` (`static/chart.js`): body, points, places, channels, protocols, regions.

    A figure with measured segments is no sum of shapes any more: its half is sent as it is (`half`). `points` are rows of code,
    side (L, R, M), member of a group or None, face, and two barycentric weights, of which the third is what is missing to 1.
    `places` has the names and the words of each code, those that have no place on the skin too.
    """
    body = body_of(figure)
    fitted, measured = (figure.fit, figure.cun_mm) if isinstance(figure, MeasuredFigure) else (figure, {})
    placed, directions = placing.place_on(body), frames.frames(body.joints)
    return {
        "body": {
            "coefficients": fitted.coefficients.round(6).tolist(), **({"half": half(body.surface.vertices)} if measured else {}),
            "height_cm": round(fitted.height_cm, 1), "weight_kg": round(fitted.weight_kg, 1),
            "says": fitted.says_in(language), "language": language,
            "views": [views.told(view) for view in views.views(body.surface.vertices, body.joints)],
            "frames": frames.told(directions), "plain": plain.rows().tolist(),
        },
        "points": rows(placed),
        "places": places(placed, place_in_mm(body, directions), language),
        "channels": [[channel, CHANNELS[channel]] for channel in knowledge.CHANNEL_COUNTS],
        "protocols": protocols(language),
        "regions": list(views.REGIONS),
    }


def half(vertices: Array) -> str:
    """The midline and the left side of a figure as base64 of int16, x, y, z in turn, in steps of `STEP_MM`."""
    return base64.b64encode(np.round(vertices[: mesh.pack().surface] / STEP_MM).astype("<i2").tobytes()).decode()


def rows(placed: Sequence[PlacedPoint]) -> list[list[Any]]:
    """The placed points as short rows; four digits of a weight are less than 0.01 mm of a triangle."""
    return [[point.code, _SIDES[point.side], point.member, int(point.face), *map(_short, point.barycentric[:2])]
            for point in placed]


def places(
    placed: Sequence[PlacedPoint], told: Callable[[Point], str], language: str = "en"
) -> dict[str, dict[str, Any]]:
    """Names, channel, region and words by code, in the order of the channels; of the points in mouth and nose too."""
    members: dict[str, list[str]] = {}
    for point in placed:
        named = members.setdefault(point.code, [])
        if point.member is not None and point.member not in named:
            named.append(point.member)
    inside = set(placing.unplaced())
    return {code: _place(point, members.get(code, []), told(point), language) for code, point in knowledge.points().items()
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


def _place(point: Point, members: Sequence[str], words: str, language: str) -> dict[str, Any]:
    names = [*point.aliases, *([point.hanzi_traditional] if point.hanzi_traditional != point.hanzi else [])]
    return {
        "hanzi": point.hanzi, "pinyin": point.pinyin, "channel": point.channel, "side": point.side,
        "region": views.REGION_OF_PART[point.body_part], "frame": frames.FRAME_OF_PART[point.body_part],
        "part": region_in_words(point.region), "words": words,
        **({"beware": beware} if (beware := _beware(language).get(point.code)) else {}),
        **({"aliases": names} if names else {}), **({"members": list(members)} if members else {}),
    }


@cache
def _beware(language: str) -> dict[str, list[str]]:
    """The structures that a needle at a point must not reach, by code, named in `language`."""
    found: dict[str, list[str]] = {}
    for zone in knowledge.hazard_zones().values():
        for code in zone.points:
            found.setdefault(code, []).append(zone.called(language))
    return found


def _short(weight: float) -> float:
    return round(float(weight), 4)
