"""What the tip of a needle reaches beneath a point: skin, fat, muscle, and the structure that must not be reached.

From published thicknesses (`knowledge/tissue_layers.toml`) and from the hazard zones. People differ, so every answer is a mean
with its spread and a share of people; what nobody measured there is said to be unknown and never guessed from another place.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from statistics import NormalDist
from typing import Literal

from waterneedle import knowledge
from waterneedle.knowledge import HazardZone, Point, TissueLayer

ADULT_YEARS = 18.0
TISSUES = ("skin", "fat", "muscle")


@dataclass(frozen=True)
class Build:
    """Whom the needle goes into, as far as it is known."""

    sex: Literal["female", "male"] | None = None
    age_years: float | None = None  # None: an adult
    bmi: float | None = None  # kg/m²


def build_of(
    sex: str | None = None, age_years: float | None = None, height_cm: float | None = None, weight_kg: float | None = None,
) -> Build:
    """The build of a person: figures for women or men alone are used where the sex is one of these, and BMI where both sizes are
    known."""
    bmi = weight_kg / (height_cm / 100) ** 2 if height_cm and weight_kg else None
    return Build("female" if sex == "female" else "male" if sex == "male" else None, age_years, bmi)


@dataclass(frozen=True)
class Spread:
    """A thickness or a distance among people, mm. It is never negative and has a long tail: lognormal, by its mean and SD."""

    mean_mm: float
    sd_mm: float | None = None  # None: nobody gave it

    def share_below(self, depth_mm: float) -> float:
        """The share of people in whom it is less than a depth; without a spread, of the mean alone."""
        if depth_mm <= 0:
            return 0.0
        if self.sd_mm is None:
            return float(self.mean_mm < depth_mm)
        return self._normal.cdf(math.log(depth_mm))

    def quantile_mm(self, share: float) -> float:
        return self.mean_mm if self.sd_mm is None else math.exp(self._normal.inv_cdf(share))

    def __add__(self, other: Spread) -> Spread:
        """Two layers that vary apart; a spread that nobody gave counts as none."""
        known = [spread for spread in (self.sd_mm, other.sd_mm) if spread is not None]
        return Spread(self.mean_mm + other.mean_mm, math.hypot(*known) if known else None)

    @property
    def _normal(self) -> NormalDist:
        assert self.sd_mm is not None
        square = math.log1p((self.sd_mm / self.mean_mm) ** 2)
        return NormalDist(math.log(self.mean_mm) - square / 2, math.sqrt(square))


@dataclass(frozen=True)
class Layer:
    """One tissue beneath the point in people of this build."""

    tissue: Literal["skin", "fat", "muscle"]
    thickness: Spread
    facts: tuple[TissueLayer, ...]  # what it was worked out from


@dataclass(frozen=True)
class Danger:
    """A structure that must not be reached, and where it begins, straight down."""

    zone: HazardZone
    begins_mm: float  # the smallest figure on file for this point, else the limit we judge
    measured: bool  # at this point
    distances: tuple[knowledge.PublishedDistance, ...]

    def margin_mm(self, tip_mm: float) -> float:
        """How far the tip stays above it; not positive when it may be reached."""
        return self.begins_mm - tip_mm

    def share_reached(self, tip_mm: float) -> float | None:
        """The share of people in whom it lies above the tip, by the figure here that says most; None without a spread."""
        spreads = [Spread(found.mean_mm, found.sd_mm) for found in self.distances if found.mean_mm and found.sd_mm]
        return max((spread.share_below(tip_mm) for spread in spreads), default=None)


@dataclass(frozen=True)
class Depth:
    """What is on file about the way of one needle."""

    point: str
    build: Build
    needle_mm: float  # as far as it is in the skin
    angle_degrees: float  # to the skin; 90 is straight down
    tip_mm: float  # below the skin
    layers: tuple[Layer, ...]  # from the surface down, as far as known without a gap
    shares: dict[str, float]  # of people in whom the tip ends in each tissue; "beyond" is deeper than the last layer known
    others: tuple[TissueLayer, ...]  # figures from other people that are not used
    dangers: tuple[Danger, ...]  # the nearest first
    unknown: tuple[str, ...]  # sentences

    @property
    def reaches(self) -> str | None:
        """The tissue in which the tip ends in most people, "beyond" the last known, or None where nothing is known."""
        return max(self.shares, key=lambda tissue: self.shares[tissue]) if self.shares else None


def depth(point: Point, needle_mm: float, angle_degrees: float = 90.0, build: Build | None = None) -> Depth:
    """What a needle reaches that is `needle_mm` in the skin at an angle to it.

    Raises ValueError for a length or BMI that is not positive, an age below 0, and an angle that is not above 0 and at most 90
    degrees.

    >>> found = depth(knowledge.points()["ST25"], 13, 90, Build("female", 40, 22))
    >>> found.reaches, round(found.shares["fat"], 2), [danger.zone.id for danger in found.dangers]
    ('fat', 0.64, ['stomach-bowel'])
    """
    build = build or Build()
    _require(needle_mm=needle_mm, angle_degrees=angle_degrees, bmi=build.bmi)
    if build.age_years is not None and not (math.isfinite(build.age_years) and build.age_years >= 0):
        raise ValueError(f"age_years must be finite and not negative, got {build.age_years}")
    if angle_degrees > 90:
        raise ValueError(f"angle_degrees must be at most 90, got {angle_degrees}")
    tip_mm = needle_mm * math.sin(math.radians(angle_degrees))
    layers = layers_at(point, build)
    used = {fact.id for layer in layers for fact in layer.facts}
    others = tuple(fact for fact in _facts_for(point, build) if fact.id not in used)
    return Depth(point.code, build, needle_mm, angle_degrees, tip_mm, layers, _shares(point, layers, tip_mm), others,
                 dangers_at(point), tuple(_unknown(point, build, layers)))


def figures_at(point: Point) -> tuple[TissueLayer, ...]:
    """Every figure on file for the place of a point, whoever was measured."""
    return tuple(
        fact for fact in knowledge.tissue_layers().values()
        if point.body_part in fact.body_parts and (not fact.points or point.code in fact.points)
    )


def layers_at(point: Point, build: Build) -> tuple[Layer, ...]:
    """The tissues beneath a point from the surface down, up to the first that nobody measured there."""
    found = []
    for tissue, work in _LAYERS.items():
        layer = work(point, build)
        if layer is None:
            break
        found.append(Layer(tissue, *layer))
    return tuple(found)


def bottoms(layers: tuple[Layer, ...]) -> tuple[Spread, ...]:
    """How deep each layer ends."""
    return tuple(accumulate((layer.thickness for layer in layers), Spread.__add__))


def dangers_at(point: Point) -> tuple[Danger, ...]:
    """The structures of the hazard zones that name the point, with a depth; the nearest first."""
    found = [_danger(zone, point.code) for zone in knowledge.hazard_zones().values() if point.code in zone.points]
    return tuple(sorted((danger for danger in found if danger), key=lambda danger: danger.begins_mm))


def _require(**values: float | None) -> None:
    for name, value in values.items():
        if value is not None and not (math.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be finite and positive, got {value}")


def _danger(zone: HazardZone, code: str) -> Danger | None:
    here = tuple(distance for distance in zone.distances if code in distance.points)
    begins = min((distance.smallest_mm for distance in here), default=zone.limit_mm)
    return None if begins is None else Danger(zone, begins, bool(here), here)


def _facts_for(point: Point, build: Build) -> list[TissueLayer]:
    """The figures measured in such people at such a place, in the order of the file."""
    age = ADULT_YEARS if build.age_years is None else build.age_years
    return [
        fact for fact in figures_at(point)
        if fact.age_from <= age < (fact.age_below or math.inf) and fact.sex in (None, build.sex)
    ]


def _first(point: Point, build: Build, tissue: str) -> TissueLayer | None:
    return next((fact for fact in _facts_for(point, build) if fact.tissue == tissue), None)


def _spread(fact: TissueLayer, build: Build) -> Spread:
    """The figure carried to this sex and build, as its source says thicknesses go with them; never less than a fifth of it."""
    mean = fact.mean_mm
    if fact.female_more_mm is not None and build.sex is not None:
        mean += fact.female_more_mm / 2 * (1 if build.sex == "female" else -1)  # the mean is that of both
    if fact.per_bmi_mm is not None and build.bmi is not None and fact.at_bmi is not None:
        mean += fact.per_bmi_mm * (build.bmi - fact.at_bmi)
    return Spread(max(mean, fact.mean_mm / 5), fact.sd_mm)


def _skin(point: Point, build: Build) -> tuple[Spread, tuple[TissueLayer, ...]] | None:
    fact = _first(point, build, "skin")
    return None if fact is None else (_spread(fact, build), (fact,))


def _fat(point: Point, build: Build) -> tuple[Spread, tuple[TissueLayer, ...]] | None:
    fat, whole, skin = (_first(point, build, tissue) for tissue in ("fat", "skin_and_fat", "skin"))
    if fat is not None:
        return _spread(fat, build), (fat,)
    if whole is None or skin is None or whole.mean_mm <= skin.mean_mm:
        return None
    return Spread(whole.mean_mm - skin.mean_mm, whole.sd_mm), (whole,)  # its spread is nearly all that of the fat


def _muscle(point: Point, build: Build) -> tuple[Spread, tuple[TissueLayer, ...]] | None:
    fact = _first(point, build, "muscle")
    return None if fact is None else (_spread(fact, build), (fact,))


_LAYERS: dict[str, Callable] = {"skin": _skin, "fat": _fat, "muscle": _muscle}


def _shares(point: Point, layers: tuple[Layer, ...], tip_mm: float) -> dict[str, float]:
    if not layers:
        return {}
    passed, shares = 1.0, {}
    for layer, bottom in zip(layers, bottoms(layers), strict=True):
        deeper = min(passed, bottom.share_below(tip_mm))
        shares[layer.tissue], passed = passed - deeper, deeper
    return shares | {"muscle" if layers[-1].tissue == "fat" and point.layer == "muscle" else "beyond": passed}


def _unknown(point: Point, build: Build, layers: tuple[Layer, ...]) -> Iterator[str]:
    known = {layer.tissue for layer in layers} | {fact.tissue for fact in _facts_for(point, build)}
    missing = [tissue for tissue in TISSUES if tissue not in known and not (tissue == "fat" and "skin_and_fat" in known)]
    if missing:
        yield f"No figure on file for {_listed(missing)} at this place in people like this."
    if build.sex is None and any(fact.sex for fact in figures_at(point)):
        yield "Sex is not given: figures for women or men alone are not used."
    if layers and build.bmi is None:
        yield "Weight and height are not given: the figures are those of the people measured."
    if build.age_years is None:
        yield "Age is not given: an adult is meant."
    if any(layer.thickness.sd_mm is None for layer in layers):
        yield "Some figures come without the spread between people."


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
