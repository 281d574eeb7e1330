"""The body of a person from sex, age, height and weight: the shape of the model whose height and mass are theirs.

Two unknowns. Stature is the height of the model, 0 to 1. Build is one path through its weight and muscle: weight goes from 0
to 1 at a middling muscle (build 0 to 1); before and after that, muscle falls to 0, which widens the reach (build -1 and 2).
Beyond the reach the nearest figure is drawn, and it says so: a model that is stretched further folds.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from waterneedle.body import mesh
from waterneedle.body.mesh import Array

SEXES = {"female": 0.0, "male": 1.0}
MIDDLE = 0.5  # of sex, stature and build
MUSCLE = 0.25
STATURES = (0.0, 0.5, 1.0)  # the corners in the course of the height
BUILDS = (-1.0, 0.0, 0.5, 1.0, 2.0)  # and in that of the mass
HEIGHT_WITHIN_CM, WEIGHT_WITHIN_KG = 0.01, 0.02  # where the search ends
HEIGHT_REACHED, WEIGHT_REACHED_KG = 0.005, 0.5  # what counts as reached: a share, and kg
ROUNDS = 2  # build hardly changes the height

# What is said of a figure. The Spanish and the Chinese have not been reviewed by anybody who treats in them.
SENTENCES = {
    "sex": {
        "en": "Sex on file: {value}. The figure is midway between female and male.",
        "es": "Sexo registrado: {value}. La figura está entre la femenina y la masculina.",
        "zh-hans": "登记的性别：{value}。图形介于女性与男性之间。",
    },
    "age": {
        "en": "The figure is that of an age of {drawn}, where the model ends.",
        "es": "Edad de la figura: {drawn}; ahí acaba el modelo.",
        "zh-hans": "图形为 {drawn} 岁的体型，模型到此为止。",
    },
    "no height": {
        "en": "No height on file: the figure has the middle of the model, {drawn} cm.",
        "es": "No consta la estatura: la figura toma el punto medio del modelo, {drawn} cm.",
        "zh-hans": "没有登记身高：图形取模型的中间值，{drawn} cm。",
    },
    "no weight": {
        "en": "No weight on file: the figure has a middling build, {drawn} kg.",
        "es": "No consta el peso: la figura es de complexión mediana, {drawn} kg.",
        "zh-hans": "没有登记体重：图形为中等体格，{drawn} kg。",
    },
    "height": {
        "en": "The figure is not to height: {value} cm on file, {drawn} cm is as far as the model goes.",
        "es": "La figura no tiene la estatura: constan {value} cm, el modelo llega a {drawn} cm.",
        "zh-hans": "图形的身高不符：登记为 {value} cm，模型只到 {drawn} cm。",
    },
    "weight": {
        "en": "The figure is not to weight: {value} kg on file, {drawn} kg is as far as the model goes.",
        "es": "La figura no tiene el peso: constan {value} kg, el modelo llega a {drawn} kg.",
        "zh-hans": "图形的体重不符：登记为 {value} kg，模型只到 {drawn} kg。",
    },
}
_SEXES = {
    "es": {"none": "ninguno", "intersex": "intersexual", "unknown": "no se sabe"},
    "zh-hans": {"none": "无", "intersex": "间性", "unknown": "未知"},
}


@dataclass(frozen=True)
class Said:
    """Something that was assumed or not reached: the key of `SENTENCES`, what is on file, and what is drawn."""

    what: str
    value: str = ""
    drawn: str = ""

    def in_words(self, language: str) -> str:
        """The sentence in `language`, or in English."""
        sentences = SENTENCES[self.what]
        value = _SEXES.get(language, {}).get(self.value, self.value) if self.what == "sex" else self.value
        return sentences.get(language, sentences["en"]).format(value=value, drawn=self.drawn)


@dataclass(frozen=True)
class Fit:
    """A figure and how well it fits."""

    coefficients: Array  # for `mesh.vertices`
    height_cm: float  # of the figure
    weight_kg: float  # of the figure
    clamped: bool  # the height or the weight on file is beyond the reach of the model
    said: tuple[Said, ...]  # what was assumed and what was not reached

    @property
    def says(self) -> str:
        """The same in English sentences; empty when there is nothing to say."""
        return self.says_in("en")

    def says_in(self, language: str) -> str:
        """The same in `language` ("en", "es" or "zh-hans")."""
        return ("" if language == "zh-hans" else " ").join(one.in_words(language) for one in self.said)


def fit(sex: str | None, age_years: float, height_cm: float | None, weight_kg: float | None) -> Fit:
    """The figure nearest to a person.

    Any `sex` but "female" and "male" is drawn midway. A height or weight that is not on file (None) is the middle of the model
    for that sex and age: a drawing, not a statistic. `.says` tells both. Raises ValueError for a number that is not finite, a
    negative age, and a height or weight that is not positive.

    >>> figure = fit("female", 40, 160, 50)
    >>> round(figure.height_cm), round(figure.weight_kg), figure.clamped, figure.says
    (160, 50, False, '')
    """
    _require(age_years=age_years, height_cm=height_cm, weight_kg=weight_kg)
    coefficients = _solved(SEXES.get(sex, MIDDLE), age_years, height_cm, weight_kg)
    surface = mesh.vertices(coefficients)
    height, weight = mesh.height_mm(surface) / 10, mesh.mass_kg(surface)
    missed = (*_missed_height(height_cm, height), *_missed_weight(weight_kg, weight))
    said = (*_assumed_person(sex, age_years), *_assumed_size(height_cm, height, weight_kg, weight), *missed)
    return Fit(coefficients, height, weight, bool(missed), said)


def shape(male: float, age_years: float, stature: float, build: float) -> Array:
    """The coefficients of a figure by the two unknowns; `male` from 0 to 1."""
    weight = min(max(build, 0.0), 1.0)
    return mesh.shape(male, age_years, MUSCLE * (1 - abs(build - weight)), weight, stature)


def _require(**values: float | None) -> None:
    for name, value in values.items():
        if value is not None and not (math.isfinite(value) and (value > 0 or (name, value) == ("age_years", 0))):
            raise ValueError(f"{name} must be finite and positive, got {value}")


def _assumed_person(sex: str | None, age_years: float) -> Iterator[Said]:
    if sex not in SEXES:
        yield Said("sex", value=sex or "none")
    drawn = float(np.clip(age_years, mesh.AGES_YEARS[0], mesh.AGES_YEARS[-1]))
    if drawn != age_years:
        yield Said("age", drawn=f"{drawn:.0f}")


def _assumed_size(height_cm: float | None, height: float, weight_kg: float | None, weight: float) -> Iterator[Said]:
    if height_cm is None:
        yield Said("no height", drawn=f"{height:.0f}")
    if weight_kg is None:
        yield Said("no weight", drawn=f"{weight:.0f}")


def _missed_height(height_cm: float | None, height: float) -> Iterator[Said]:
    if height_cm is not None and abs(height - height_cm) > HEIGHT_REACHED * height_cm:
        yield Said("height", value=f"{height_cm:.0f}", drawn=f"{height:.0f}")


def _missed_weight(weight_kg: float | None, weight: float) -> Iterator[Said]:
    if weight_kg is not None and abs(weight - weight_kg) > WEIGHT_REACHED_KG:
        yield Said("weight", value=f"{weight_kg:.1f}", drawn=f"{weight:.1f}")


def _solved(male: float, age_years: float, height_cm: float | None, weight_kg: float | None) -> Array:
    """The coefficients, by stature and build in turn."""

    def height(at: float) -> float:
        return mesh.height_mm(mesh.vertices(shape(male, age_years, at, build))) / 10

    def mass(at: float) -> float:
        return mesh.mass_kg(mesh.vertices(shape(male, age_years, stature, at)))

    stature = build = MIDDLE
    for _ in range(ROUNDS):
        stature = _inverse(height, height_cm, STATURES, HEIGHT_WITHIN_CM, stature)
        build = _inverse(mass, weight_kg, BUILDS, WEIGHT_WITHIN_KG, build)
    return shape(male, age_years, stature, build)


def _inverse(
    rising: Callable[[float], float], target: float | None, knots: tuple[float, ...], within: float, start: float,
) -> float:
    """Where `rising` comes `within` reach of `target`, or the nearer end of `knots`; `start` when there is no target.

    From knot to knot until the target lies between two, then along chords (Illinois method): between neighbouring knots the
    curve is smooth and nearly straight.
    """
    if target is None:
        return start
    a, off_a = start, rising(start) - target
    if abs(off_a) <= within:
        return a
    for b in [knot for knot in knots if knot > a] if off_a < 0 else [knot for knot in reversed(knots) if knot < a]:
        off_b = rising(b) - target
        if off_a * off_b <= 0:
            break
        a, off_a = b, off_b
    else:
        return a
    while abs(off_b) > within:
        at = a - off_a * (b - a) / (off_b - off_a)
        off = rising(at) - target
        if off * off_b < 0:
            a, off_a = b, off_b
        else:
            off_a /= 2
        b, off_b = at, off
    return b
