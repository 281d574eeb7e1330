"""The points of the neck: at a level, on or beside the borders of its muscles, straight out from the neck's axis."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from waterneedle import knowledge
from waterneedle.body.mesh import Array
from waterneedle.body.placing.body import Body, Located
from waterneedle.body.placing.face import BESIDE_CUN, WAYS, passing
from waterneedle.body.placing.scalp import UP, Scalp, crossing, mastoid_cun, out, outward
from waterneedle.body.placing.trunk.cun import across_back_mm, across_front_mm
from waterneedle.body.surface import Patch, Spot

PARTS = frozenset({"neck"})
HOLLOW_CUN = 0.8  # sideways cun: from the middle of a bone to the hollow at its side; ours
ANTERIOR, POSTERIOR = "sternocleidomastoid_anterior_border", "sternocleidomastoid_posterior_border"


@dataclass(frozen=True)
class Neck:
    body: Body

    @cached_property
    def skin(self) -> Patch:
        """From ear and jaw to the shoulder, and no further down than the hollow of the throat."""
        whole = self.body.patch("head", "neck", "trunk", "shoulder")
        height = self.body.surface.vertices[whole.corners, 1].mean(axis=1)
        upper, lower = self.body.at("auricular_root")[1], self.body.at("suprasternal_fossa")[1]
        return self.body.surface.patch(whole.faces[(height < upper) & (height > lower - HOLLOW_CUN * mastoid_cun(self.body))])

    def axis(self, height: float) -> Array:
        """The middle of the neck at a height: between hyoid and nape above, between fossa and C7 below."""
        upper = (self.body.at("hyoid_bone") + self.body.at("external_occipital_protuberance_inferior")) / 2
        lower = (self.body.at("suprasternal_fossa") + self.body.at("c7_spinous_process")) / 2
        return lower + (height - lower[1]) / (upper - lower)[1] * (upper - lower)

    def out(self, place: Array) -> Spot:
        """The skin straight out from the axis through a place, at its height."""
        centre = self.axis(place[1])
        spot = self.skin.cast(centre, place - centre)
        if spot is None:
            raise ValueError(f"no skin around the neck at {place.round(1).tolist()}")
        return spot

    def border(self, name: str, height: float) -> Spot:
        """Where a border of a muscle, straight from end to end, passes a height."""
        start, *_, end = self.body.landmarks[name]
        return self.out(start + (height - start[1]) / (end - start)[1] * (end - start))

    def beside(self, spot: Spot, way: Array) -> Spot:
        """Just beside a border, in its level."""
        return self.skin.walk(spot, way, BESIDE_CUN * mastoid_cun(self.body), UP)

    def middle(self, one: Spot, other: Spot) -> Spot:
        return self.out((one.xyz + other.xyz) / 2)


def locate(body: Body, point: knowledge.Point) -> Iterator[Located]:
    neck, place = body.once(Neck), point.location
    if point.side == "midline":
        yield Located(_on_midline(body, place))
    elif place.landmark.startswith("sternocleidomastoid"):
        yield Located(_at_muscle(neck, place))
    else:
        yield Located(_RULES[place.rule, place.landmark](neck, place))


def _on_midline(body: Body, place: knowledge.Location) -> Spot:
    line, scalp = body.midline, body.once(Scalp)
    if place.landmark == "external_occipital_protuberance":  # inferior: the hollow of the nape
        return line.at(line.nearest_length(body.at("external_occipital_protuberance_inferior")))
    if place.landmark == "c2_spinous_process_superior":  # its vertebra cannot be seen; it is so far below GV16
        [below] = [relation for relation in place.neighbours if relation.relation == "inferior_to"]
        return line.at(line.nearest_length(body.at(below.target)) + below.cun * scalp.cun)
    length = line.nearest_length(body.at(place.landmark))
    return line.at(length + BESIDE_CUN * mastoid_cun(body) if place.direction else length)  # up the front the line runs on


def _at_muscle(neck: Neck, place: knowledge.Location) -> Spot:
    """On the sternocleidomastoid midway between its borders, or just before or behind it, at a level."""
    height = neck.body.at(str(place.level))[1]
    if place.direction is None:
        return neck.middle(*(neck.border(name, height) for name in (ANTERIOR, POSTERIOR)))
    return neck.beside(neck.border(ANTERIOR if place.direction == "anterior" else POSTERIOR, height), WAYS[place.direction])


def _before_muscle(neck: Neck, place: knowledge.Location) -> Spot:
    """Midway between the angle of the mandible and the front of the sternocleidomastoid."""
    angle = neck.body.at(place.landmark)
    return neck.out((angle + neck.border(ANTERIOR, angle[1]).xyz) / 2)


def _behind_trapezius(neck: Neck, place: knowledge.Location) -> Spot:
    """At the level of GV15, below BL9, for both lie at the lateral border of the trapezius."""
    row = outward(neck.skin, neck.body.at("GV15"), UP)
    return crossing(row, neck.body.at("BL9")[0])


def _below_occiput(neck: Neck, place: knowledge.Location) -> Spot:
    """At the level of GV16, midway along the skin between the trapezius, straight below BL9, and the sternocleidomastoid."""
    row = outward(neck.skin, neck.body.at("GV16"), UP)
    inner = row.nearest_length(crossing(row, neck.body.at("BL9")[0]).xyz)
    outer = row.nearest_length(neck.border(POSTERIOR, neck.body.at("GV16")[1]).xyz)
    return row.at((inner + outer) / 2)


def _behind_mastoid(neck: Neck, place: knowledge.Location) -> Spot:
    tip = neck.body.picked("mastoid_process_inferior_end")
    return neck.skin.walk(tip, WAYS["posterior"], HOLLOW_CUN * mastoid_cun(neck.body), UP)


def _before_mastoid(neck: Neck, place: knowledge.Location) -> Spot:
    """Midway between the tip of the mastoid process and the lobe of the ear, on the skin below the lobe."""
    return out(neck.skin, (neck.body.at(place.landmark) + neck.body.at("ear_lobe")) / 2)


def _behind_te17(neck: Neck, place: knowledge.Location) -> Spot:
    return neck.skin.walk(neck.body.spot(place.landmark), WAYS["posterior"], place.cun * neck.body.once(Scalp).cun, UP)


def _above_c7(neck: Neck, place: knowledge.Location) -> Spot:
    line, scalp = neck.body.midline, neck.body.once(Scalp)
    nape, start = knowledge.segments()["nape"], scalp.hairline + knowledge.segments()["scalp"].cun * scalp.cun
    cun = (line.nearest_length(neck.body.at(nape.end)) - start) / nape.cun
    level = line.at(line.nearest_length(neck.body.at(place.landmark)) - place.cun * cun)
    return outward(neck.skin, level.xyz, UP).at(place.lateral_cun * across_back_mm(neck.body))


def _to_acromion(neck: Neck, place: knowledge.Location) -> Spot:
    """A fraction of the straight way from the spine to the shoulder, and the skin above it. Not along a row outward from the
    spine: between the head and the shoulders of an infant it comes back to the nape."""
    start, end = neck.body.at(str(place.line_from)), neck.body.at(str(place.line_to))
    middle = start + place.fraction * (end - start)
    spot = neck.skin.cast(middle, UP)
    if spot is None:
        raise ValueError(f"no skin above {middle.round(1).tolist()}")
    return spot


def _above_clavicle(neck: Neck, place: knowledge.Location) -> Spot:
    aside = place.lateral_cun * across_front_mm(neck.body)
    return neck.skin.nearest(passing(neck.body.landmarks[place.landmark], 0, aside))


def _at_landmark(neck: Neck, place: knowledge.Location) -> Spot:
    return neck.body.picked(place.landmark)


_RULES: dict[tuple[str, str], Callable[[Neck, knowledge.Location], Spot]] = {
    ("landmark", "mandible_angle"): _before_muscle,
    ("landmark", "trapezius"): _behind_trapezius,
    ("landmark", "occipital_bone"): _below_occiput,
    ("landmark", "mastoid_process"): _behind_mastoid,
    ("landmark", "mastoid_process_inferior_end"): _before_mastoid,
    ("landmark", "lesser_supraclavicular_fossa"): _at_landmark,
    ("offset", "TE17"): _behind_te17,
    ("level_lateral", "c7_spinous_process"): _above_c7,
    ("line_fraction", "c7_spinous_process"): _to_acromion,
    ("level_lateral", "supraclavicular_fossa"): _above_clavicle,
}
