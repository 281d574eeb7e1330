"""The points of the scalp, by arcs along the skin.

Lengthwise the median line from hairline to hairline counts 12 cun; the figure has no hair, so the anterior hairline is a landmark
that was authored, and the posterior one lies where the external occipital protuberance, at GV17, is as many cun above it as the
facts of GV17 and GV18 say. Sideways the hairline counts 4.5 cun from the middle to the corner of the forehead. A row goes across
the head at so many cun from the hairline: rows turn about one axis from ear to ear, as a comb would lie.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from waterneedle import knowledge
from waterneedle.body.mesh import Array
from waterneedle.body.placing.body import Body, Located
from waterneedle.body.surface import Patch, Section, Spot

PARTS = frozenset({"scalp"})
OUT, UP, FORWARD = np.eye(3)
INSIDE = 0.75  # of the way from the midline to a place on the side of the head: inside of it
CURVE_STEPS = 13
SIDE = 0.7  # of the way to the corner of the forehead: what is further out is the side of the head


@dataclass(frozen=True)
class Scalp:
    """The measures of one head. Lengths along the median line are from its start, `body.midline`."""

    body: Body
    _rows: dict[float, Section] = field(default_factory=dict)
    _curves: dict[str, tuple[Array, Array]] = field(default_factory=dict)

    @cached_property
    def skin(self) -> Patch:
        """Crown, forehead and occiput, without face and ear."""
        _, y, z = self._centres.T
        above_ear = y > self.body.at("auricular_root")[1]
        before_ear, behind_ear = z > self.body.at("corner_of_forehead")[2], z < self.body.at("auricular_root_posterior_border")[2]
        return self._part((y > self.body.at("glabella")[1]) | (above_ear & ~before_ear) | behind_ear)

    @cached_property
    def hairline(self) -> float:
        """Where the anterior hairline crosses the median line."""
        return self.body.midline.nearest_length(self.body.at("anterior_hairline_midpoint"))

    @cached_property
    def cun(self) -> float:
        """One cun lengthwise, mm."""
        occiput = self.body.midline.nearest_length(self.body.at("external_occipital_protuberance_superior"))
        return (occiput - self.hairline) / (knowledge.segments()["scalp"].cun - _occiput_above_hairline())

    @cached_property
    def width_cun(self) -> float:
        """One cun sideways, mm.

        Half the width of the forehead counts 4.5 cun. The pupil is halfway to its corner, for GB15 is above the pupil and
        in the middle of the curve from GV24 to ST8.
        """
        gb15 = knowledge.points()["GB15"].location
        row = self.row(gb15.cun)
        pupil = row.nearest_length(crossing(row, self.body.at("pupil")[0]).xyz)
        return pupil / (gb15.fraction * knowledge.segments()["forehead_width"].cun / 2)

    @cached_property
    def axis(self) -> Array:
        """A place of the ear-to-ear axis about which rows turn: above the ear, in the plane of the hairline."""
        middle, corner = self.body.at("anterior_hairline_midpoint"), self.body.at("corner_of_forehead")
        slope = (middle - corner)[1] / (middle - corner)[2]
        ear = self.body.at("auricular_apex_on_head")
        return np.array([0, middle[1] + slope * (ear - middle)[2], ear[2]])

    @cached_property
    def side(self) -> Patch:
        """The side of the head with the ear."""
        return self._part(self._centres[:, 0] > SIDE * self.body.at("corner_of_forehead")[0])

    @cached_property
    def _centres(self) -> Array:
        return self.body.surface.vertices[self.body.patch("head").corners].mean(axis=1)

    def _part(self, chosen: NDArray[np.bool_]) -> Patch:
        return self.body.surface.patch(self.body.patch("head").faces[chosen])

    def median(self, cun: float) -> Spot:
        """The spot on the median line so many cun behind the anterior hairline."""
        return self.body.midline.at(self.hairline + cun * self.cun)

    def row(self, cun: float) -> Section:
        """Across the left half of the head at so many cun behind the hairline, from the median line outward."""
        if cun not in self._rows:
            middle = self.median(cun).xyz
            self._rows[cun] = outward(self.skin, middle, np.cross(OUT, self.axis - middle))
        return self._rows[cun]

    def curve(self, start: str, over: str, end: str) -> tuple[Array, Array]:
        """A curve from one point over a landmark to another: places `(n, 3)`, and how long it is along the skin up to each."""
        if over not in self._curves:
            a, b, c = (self.body.at(name) for name in (start, over, end))
            share = np.linspace(0, 1, CURVE_STEPS)[:, None]
            bow = (1 - share) * (1 - 2 * share) * a + 4 * share * (1 - share) * b + share * (2 * share - 1) * c
            places = np.array([out(self.side, place).xyz for place in bow])
            self._curves[over] = bow, np.cumsum([0.0, *np.linalg.norm(np.diff(places, axis=0), axis=1)])
        return self._curves[over]

    def cun_from_hairline(self, place: knowledge.Location) -> float:
        """How far behind the anterior hairline a place is that runs upward from one of the hairlines."""
        cun = place.cun or 0.0
        return cun if place.landmark != "posterior_hairline" else knowledge.segments()["scalp"].cun - cun


def locate(body: Body, point: knowledge.Point) -> Iterator[Located]:
    scalp, place = body.once(Scalp), point.location
    if place.landmark == "GV20":
        yield from _around(scalp, place)
    elif place.rule == "line_fraction" and place.on:
        yield Located(_on_curve(scalp, place))
    elif place.level and point.side == "midline":
        yield Located(body.midline.at(body.midline.nearest_length(body.at(place.level))))
    elif point.side == "midline":
        yield Located(scalp.median(scalp.cun_from_hairline(place)))
    elif place.landmark in ("anterior_hairline", "corner_of_forehead"):
        yield Located(_in_front_row(scalp, place))
    elif place.level == "external_occipital_protuberance_superior":
        yield Located(_behind(scalp, place))
    else:
        yield Located(_at_the_ear(scalp, place))


def outward(skin: Patch, middle: Array, normal: Array) -> Section:
    """Where a plane that holds the left-right direction cuts the left half, from the median line outward."""
    return min(skin.sections(middle, normal), key=lambda section: section.distance(middle)).from_end_at(middle)


def crossing(section: Section, lateral_mm: float) -> Spot:
    """Where a row that runs outward comes to be so far from the midline plane."""
    return section.at(float(np.interp(lateral_mm, np.maximum.accumulate(section.xyz[:, 0]), section.lengths)))


def _occiput_above_hairline() -> float:
    """Cun from the posterior hairline to the superior border of the protuberance: GV18 less what GV18 is above GV17."""
    gv18 = knowledge.points()["GV18"].location
    [above] = [relation.cun for relation in (*gv18.relations, *gv18.neighbours) if relation.target == "GV17"]
    return gv18.cun - above


def _in_front_row(scalp: Scalp, place: knowledge.Location) -> Spot:
    """So many cun above the hairline, and so many beside the median line or straight above a landmark of the face."""
    row = scalp.row(scalp.cun_from_hairline(place))
    if place.lateral_cun is not None:
        return row.at(place.lateral_cun * scalp.width_cun)
    [below] = [relation.target for relation in place.relations if relation.relation == "superior_to"]
    return crossing(row, scalp.body.at(below)[0])


def _behind(scalp: Scalp, place: knowledge.Location) -> Spot:
    """At the level of the protuberance, so many cun beside the median line or straight above a point."""
    row = outward(scalp.skin, scalp.body.at(place.level), UP)
    if place.lateral_cun is not None:
        return row.at(place.lateral_cun * mastoid_cun(scalp.body))
    return crossing(row, scalp.body.at(place.landmark)[0])


def mastoid_cun(body: Body) -> float:
    """One cun sideways at the back of head and neck, mm: of the width between the mastoid processes."""
    return 2 * body.at("mastoid_process")[0] / knowledge.segments()["mastoid_width"].cun


def _around(scalp: Scalp, place: knowledge.Location) -> Iterator[Located]:
    """The group around GV20: before, behind and beside it."""
    at = scalp.cun_from_hairline(knowledge.points()[place.landmark].location)
    yield Located(scalp.median(at - place.cun), "anterior")
    yield Located(scalp.median(at + place.cun), "posterior")
    yield Located(scalp.row(at).at(place.cun * scalp.cun), "lateral")


def _on_curve(scalp: Scalp, place: knowledge.Location) -> Spot:
    """At a fraction of the curve from one point to another, as long as it is along the skin."""
    bow, lengths = scalp.curve(str(place.line_from), str(place.on), str(place.line_to))
    return out(scalp.side, np.array([np.interp(place.fraction * lengths[-1], lengths, along) for along in bow.T]))


def _at_the_ear(scalp: Scalp, place: knowledge.Location) -> Spot:
    body = scalp.body
    if place.landmark == "auricular_apex":
        return body.picked("auricular_apex_on_head")
    if place.landmark == "temple_hairline_posterior_border":
        return out(scalp.side, body.at(place.landmark) * (1, 0, 1) + body.at(place.level) * UP)
    if place.landmark == "auricular_root":
        behind, before = body.at(place.landmark), body.at("temple_hairline_posterior_border")
        return out(scalp.side, behind * UP + (behind + before) / 2 * (1, 0, 1))
    # Above the ear the hairline runs at its apex; from there straight up.
    [below] = [relation.target for relation in place.relations if relation.relation == "superior_to"]
    start = out(scalp.side, body.at("auricular_apex_on_head") * (1, 1, 0) + body.at(below) * FORWARD)
    return scalp.skin.walk(start, UP, place.cun * scalp.cun)


def out(skin: Patch, place: Array) -> Spot:
    """The skin of the head straight out to the left of a place on or near it: of the head below the auricle, not of the ear."""
    spot = skin.cast(place * (INSIDE, 1, 1), OUT)
    if spot is None:
        raise ValueError(f"no skin beside {place.round(1).tolist()}")
    return spot
