"""Points at a bone, on a line between two landmarks, or beside a point: everything on the trunk that is not a row."""
from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from waterneedle import knowledge
from waterneedle.body.mesh import Array
from waterneedle.body.placing.body import Body, Located
from waterneedle.body.placing.trunk import cun
from waterneedle.body.placing.trunk.levels import height_mm
from waterneedle.body.placing.trunk.median import Median
from waterneedle.body.placing.trunk.rows import beside_midaxillary
from waterneedle.body.placing.trunk.skin import Skin
from waterneedle.body.surface import Spot

# No source says how far a point lies beside what it is beside; these are ours, the same as on the limbs.
_BESIDE_CUN = 0.25  # from the edge of a bone
_HOLLOW_CUN = 0.7  # from the middle of a bone or vessel to the hollow at its side


def locate(body: Body, point: knowledge.Point) -> Iterator[Located]:
    yield Located(_OWN.get(point.code, _at_landmark)(body, point.location))


def _at_landmark(body: Body, place: knowledge.Location) -> Spot:
    """At the landmark itself; on the midline exactly on it."""
    spot = body.once(Skin.of).picked(place.landmark)
    return spot if spot.xyz[0] > 0 else body.once(Median.of).between(spot, spot, 0)


def _along_midline(body: Body, place: knowledge.Location) -> Spot:
    start, end = (body.once(Skin.of).picked(str(landmark)) for landmark in (place.line_from, place.line_to))
    return body.once(Median.of).between(start, end, _fraction(place))


def _between(body: Body, place: knowledge.Location) -> Spot:
    """On the straight line between two landmarks, then out to the skin, straight across the line as seen from above."""
    start, end = body.at(str(place.line_from)), body.at(str(place.line_to))
    along = start - end
    return body.once(Skin.of).out(start + _fraction(place) * (end - start), _outward((along[2], 0.0, -along[0])))


def _outward(across: ArrayLike) -> Array:
    """The one of the two ways across a line on the left half that leads to the left."""
    across = np.asarray(across, dtype=float)
    return across if across[0] > 0 else -across


def _down_scapula(body: Body, place: knowledge.Location) -> Spot:
    start, end = body.at(str(place.line_from)), body.at(str(place.line_to))
    x, y, _ = start + _fraction(place) * (end - start)
    return body.once(Skin.of).back(float(x), float(y))


def _fraction(place: knowledge.Location) -> float:
    if place.fraction is None:
        raise ValueError(f"no fraction of the line from {place.line_from} to {place.line_to} on file")
    return place.fraction


def _foramen(body: Body, place: knowledge.Location) -> Spot:
    level = knowledge.levels()[place.landmark]
    aside = (level.aside or 0) * float(body.at("psis")[0])
    return body.once(Skin.of).back(aside, height_mm(body, place.landmark))


def _beside_coccyx(body: Body, place: knowledge.Location) -> Spot:
    return body.once(Skin.of).back((place.cun or 0) * cun.across_back_mm(body), float(body.at(place.landmark)[1]))


def _above_coccyx(body: Body, place: knowledge.Location) -> Spot:
    """No segment runs along the sacrum; the cun of the back is the nearest there is."""
    return body.once(Median.of).back(float(body.at(place.landmark)[1]) + (place.cun or 0) * cun.across_back_mm(body))


def _above_on_back(body: Body, place: knowledge.Location) -> Spot:
    x, y, _ = body.at(place.landmark)
    return body.once(Skin.of).back(float(x), float(y) + _HOLLOW_CUN * cun.across_back_mm(body))


def _above_scapula_end(body: Body, place: knowledge.Location) -> Spot:
    """The standard gives a hollow and also a share of a line to the midline; where they differ, half way."""
    hollow = _above_on_back(body, place).xyz
    on_line = float(body.at(str(place.line_from))[0]) * (1 - _fraction(place))
    return body.once(Skin.of).back((float(hollow[0]) + on_line) / 2, float(hollow[1]))


def _above_scapula_corner(body: Body, place: knowledge.Location) -> Spot:
    """The standard gives a hollow and also the middle between two points; where they differ, half way."""
    ends = [body.at(code) for near in place.neighbours if near.relation == "midway" for code in near.target.split("+")]
    x, y, _ = (_above_on_back(body, place).xyz + np.mean(ends, axis=0)) / 2
    return body.once(Skin.of).back(float(x), float(y))


def _below_rib(body: Body, place: knowledge.Location) -> Spot:
    """Just below the free end, or below it at a level."""
    _, y, z = body.at(place.landmark)
    height = height_mm(body, place.level) if place.level else float(y) - _BESIDE_CUN * cun.down_front_mm(body, "upper_abdomen")
    return body.once(Skin.of).side(float(z), height)


def _medial_to_asis(body: Body, place: knowledge.Location) -> Spot:
    aside = float(body.at(place.landmark)[0]) - _BESIDE_CUN * cun.across_front_mm(body)
    return body.once(Skin.of).front(aside, height_mm(body, str(place.level)))


def _below_gb27(body: Body, place: knowledge.Location) -> Spot:
    x, y, _ = body.at("GB27")
    step = (place.cun or 0) / np.sqrt(2)
    return body.once(Skin.of).front(
        float(x) - step * cun.across_front_mm(body), float(y) - step * cun.down_front_mm(body, "lower_abdomen"))


def _lateral_to_artery(body: Body, place: knowledge.Location) -> Spot:
    """The femoral artery passes under the middle of the line from the superior iliac spine to the symphysis."""
    artery = float(body.at("asis")[0] + body.at("pubic_symphysis_superior")[0]) / 2
    return body.once(Skin.of).front(artery + _HOLLOW_CUN * cun.across_front_mm(body), height_mm(body, str(place.level)))


def _before_midaxillary(body: Body, place: knowledge.Location) -> Spot:
    return beside_midaxillary(body, str(place.level), place.cun or 0)


_OWN: dict[str, Callable[[Body, knowledge.Location], Spot]] = {
    "GV1": _along_midline,
    "CV1": _along_midline,
    "SI11": _down_scapula,
    "SI12": _above_on_back,
    "SI13": _above_scapula_end,
    "TE15": _above_scapula_corner,
    "BL31": _foramen,
    "BL32": _foramen,
    "BL33": _foramen,
    "BL34": _foramen,
    "BL35": _beside_coccyx,
    "EX-B9": _above_coccyx,
    "GB23": _before_midaxillary,
    "GB25": _below_rib,
    "GB26": _below_rib,
    "GB27": _medial_to_asis,
    "GB28": _below_gb27,
    "GB29": _between,
    "GB30": _between,
    "LR13": _below_rib,
    "SP12": _lateral_to_artery,
}
