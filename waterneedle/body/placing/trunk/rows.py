"""Points that are a level and so many cun from the midline (rule `level_lateral`): the rows of chest, abdomen and back."""
from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from waterneedle import knowledge
from waterneedle.body.placing.body import Body, Located
from waterneedle.body.placing.trunk import cun
from waterneedle.body.placing.trunk.levels import height_mm
from waterneedle.body.placing.trunk.skin import Skin
from waterneedle.body.surface import Spot

_SPINE = (*(f"T{number}" for number in range(1, 13)), *(f"L{number}" for number in range(1, 6)))
_BORDER = "spinous_process_inferior"
_SIDE_CUN = 6.0  # the midaxillary line lies further aside than any row of the front
_ON_EVERY_FRONT_CUN, _FRONT = 4.0, 0.97  # a row beyond may miss a narrow chest: it ends at this share of the half width
_CREASE = "inframammary_crease_midpoint_in_females"
_STRETCHES = {  # which segment of the front is measured from a landmark upward and downward
    ("umbilicus_centre", "superior"): "upper_abdomen", ("umbilicus_centre", "inferior"): "lower_abdomen",
    ("xiphisternal_junction", "inferior"): "upper_abdomen", ("suprasternal_fossa", "inferior"): "sternum",
}  # fmt: skip


def locate(body: Body, point: knowledge.Point) -> Iterator[Located]:
    place = point.location
    if place.level == f"t1_to_l5_{_BORDER}":
        for vertebra in _SPINE:
            height = height_mm(body, f"{vertebra.lower()}_{_BORDER}")
            yield Located(_behind(body, place.lateral_cun, height), vertebra)
    elif place.lateral_from == "midaxillary_line":
        yield Located(beside_midaxillary(body, str(place.level), 0.0))
    elif place.lateral_from in ("posterior_median_line", "median_sacral_crest"):
        yield Located(_behind(body, place.lateral_cun, height_mm(body, str(place.level))))
    else:
        yield Located(_ahead(body, place, _front_height(body, place)))


def beside_midaxillary(body: Body, level: str, forward_cun: float) -> Spot:
    """At a level, so many cun in front of the midaxillary line."""
    return _side(body, height_mm(body, level, _SIDE_CUN), forward_cun * cun.across_front_mm(body))


def _side(body: Body, height: float, forward: float = 0.0) -> Spot:
    line = body.landmarks["midaxillary_line"]
    return body.once(Skin.of).side(float(np.interp(-height, -line[:, 1], line[:, 2])) + forward, height)


def _ahead(body: Body, place: knowledge.Location, height: float) -> Spot:
    aside = (place.lateral_cun or 0) * cun.across_front_mm(body)
    if place.lateral_cun and place.lateral_cun > _ON_EVERY_FRONT_CUN:
        aside = min(aside, _FRONT * float(_side(body, height).xyz[0]))
    return body.once(Skin.of).front(aside, height)


def _behind(body: Body, lateral_cun: float | None, height: float) -> Spot:
    return body.once(Skin.of).back((lateral_cun or 0) * cun.across_back_mm(body), height)


def _front_height(body: Body, place: knowledge.Location) -> float:
    if place.cun is not None:
        stretch = cun.down_front_mm(body, _STRETCHES[place.landmark, str(place.direction)])
        return height_mm(body, place.landmark) + (1 if place.direction == "superior" else -1) * place.cun * stretch
    height = height_mm(body, place.level or place.landmark, place.lateral_cun or 0.0)
    # In females the standard has the crease of the breast; without a breast it lies level with the fifth space.
    return min(height, body.at(_CREASE)[1]) if any(relation.target == _CREASE for relation in place.relations) else height
