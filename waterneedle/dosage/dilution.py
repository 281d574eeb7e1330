"""Homeopathic potencies: how much of the starting material is in the injected volume.

A label states a potency and how much of it goes into the container: 1.1 µL of a 6X in 2.2 mL is 9.30X in the ampoule.
Masses are ratios of whole numbers (`Fraction`), never powers with rounded exponents. One microlitre of an aqueous
potency is taken as one milligram (1 g/mL). "Starting material" is what the potency counts from: the mineral itself, or
for a plant its mother tincture, whose own strength is not on these labels.
"""
from __future__ import annotations

import functools
import re
from fractions import Fraction
from math import exp, expm1, log10
from typing import Literal

import msgspec

from waterneedle.dosage.units import Number, convert, exact
from waterneedle.knowledge import Substance
from waterneedle.knowledge.product import Ingredient

AVOGADRO_PER_MOL = 602_214_076_000_000_000_000_000  # exact since 2019 (SI Brochure, 9th edition, section 2.2)
MOST_STEPS = 10_000

_POTENCY = re.compile(r"(?P<before>[a-z]+)\s*(?P<steps>[0-9]+)|(?P<steps_first>[0-9]+)\s*(?P<after>[a-z]+)", re.I)
_SCALES = {"D": "D", "X": "D", "DH": "D", "C": "C", "CH": "C", "LM": "LM", "Q": "LM"}
_MOTHER_TINCTURE = ("MT", "TM", "Ø", "MOTHER TINCTURE")
_KORSAKOV = "is a Korsakov potency, made in one vessel, and not equal to a number of C steps"
_THOUSANDS = "counts thousands of steps made by unlike methods; write the steps, such as 1000C, if they are known"
_REFUSED = {
    **dict.fromkeys(("K", "CK", "KC", "XK", "DK", "MK", "LMK"), _KORSAKOV),
    **dict.fromkeys(("M", "CM", "DM", "MM"), _THOUSANDS),
}


class Potency(msgspec.Struct, frozen=True):
    """A number of steps on a scale: D (1:10), C (1:100), LM (1:50 000 after the third C) or MT (mother tincture, no step).

    An LM potency starts from a trituration to C3; then 1 part goes into 500 and 1 of those into 100, at each step, so LM n
    is 1 in 10⁶ × 50 000ⁿ. The parts are drops, grains and globules, so the figure is the nominal one.
    Source: Hahnemann, Organon of Medicine, 6th edition, section 270.
    """

    scale: Literal["D", "C", "LM", "MT"]
    steps: int

    @property
    def factor(self) -> int:
        """How many parts of the potency hold one part of what was started from."""
        if self.scale == "LM":
            return 10**6 * 50_000**self.steps
        return {"D": 10, "C": 100, "MT": 1}[self.scale] ** self.steps

    @property
    def log10(self) -> float:
        """The power of ten of the dilution: n for D n, 2n for C n, 0 for a mother tincture."""
        if self.scale == "LM":
            return 6 + self.steps * log10(50_000)
        return float({"D": 1, "C": 2, "MT": 0}[self.scale] * self.steps)

    def __str__(self) -> str:
        return {"D": f"D{self.steps}", "C": f"{self.steps}C", "LM": f"LM{self.steps}", "MT": "MT"}[self.scale]


class Dilution(msgspec.Struct, frozen=True):
    """What an injected volume holds of one ingredient. None: cannot be known from what is on file."""

    mass_g: Fraction | None
    molecules: Fraction | None = None  # expected number; only where the substance has a molar mass
    is_upper_bound: bool = False  # the label does not say whether its potency is that of the finished container

    @property
    def probability_none(self) -> float | None:
        """Chance that not one molecule is in the volume: exp(-N), Poisson."""
        # beyond 1000 the exponential is 0 for a float, and a larger number might not fit in one
        return None if self.molecules is None else exp(-float(min(self.molecules, Fraction(1000))))

    @property
    def probability_any(self) -> float | None:
        """Chance of at least one molecule; keeps its digits where it is tiny and `probability_none` rounds to 1."""
        return None if self.molecules is None else -expm1(-float(min(self.molecules, Fraction(1000))))


@functools.lru_cache(maxsize=1024)
def parse_potency(text: str) -> Potency:
    """The potency that `text` prints: "D4", "4X", "30C", "CH 5", "LM6", "Q3", "MT", "Ø".

    Raises ValueError with a sentence for a number without a scale, a scale without a number, Korsakov and M potencies,
    no step at all, a fraction of one (a final dilution such as "5.22X" is no potency), and more than 10 000 steps.

    >>> parse_potency("6 x").log10
    6.0
    """
    cleaned = " ".join(text.split()).upper()
    shown = repr(cleaned[:40])
    if cleaned in _MOTHER_TINCTURE:
        return Potency("MT", 0)
    match = _POTENCY.fullmatch(cleaned)
    if match is None:
        raise ValueError(f"{shown} is not a potency: a scale and a whole number of steps are needed, such as 'D4', '6X' or '30C'")
    letters = match["before"] or match["after"]
    if letters in _REFUSED:
        raise ValueError(f"{shown} {_REFUSED[letters]}")
    if letters not in _SCALES:
        raise ValueError(f"{shown} is not a potency: the scale {letters[:10]!r} is not known")
    digits = (match["steps"] or match["steps_first"]).lstrip("0")
    if not digits or len(digits) > len(str(MOST_STEPS)) or int(digits) > MOST_STEPS:
        raise ValueError(f"{shown} is not a potency: the steps must be from 1 to {MOST_STEPS}")
    return Potency(_SCALES[letters], int(digits))


def final_exponent(ingredient: Ingredient, container_volume_ml: Number | None) -> float | None:
    """Power of ten of the dilution in the finished container: potency + log10(volume / amount put in), as labels print it.

    None where the potency, the amount or the volume is not on file. Takes 1 µL of a potency as 1 mg (1 g/mL).

    >>> round(final_exponent(Ingredient(name="Mercurius", potency_added="6X", amount=1.1, unit="uL"), 2.2), 2)
    9.3
    """
    if ingredient.potency_added is None or container_volume_ml is None:
        return None
    amount_ml = _amount_ml(ingredient)
    if amount_ml is None:
        return None
    return parse_potency(ingredient.potency_added).log10 + log10(_volume(container_volume_ml) / amount_ml)


def decimal_potency(exponent: float) -> str:
    """A final dilution as it is read, to a hundredth of a step.

    >>> decimal_potency(5.2218), decimal_potency(8.0)
    ('5.22X', '8X')
    """
    return f"{exponent:.2f}".rstrip("0").rstrip(".") + "X"


def dilution(
    ingredient: Ingredient, substance: Substance | None, container_volume_ml: Number | None, volume_ml: Number,
) -> Dilution:
    """Mass of starting material of `ingredient` in `volume_ml`, and the molecules of it where `substance` has a molar mass.

    From the potency put in and its amount; failing that from a whole-numbered final dilution; failing that from the printed
    potency taken as the final one, which is the most it can be (`is_upper_bound`). A mother tincture has no count of
    molecules. Takes 1 mL as 1 g. Raises ValueError for a volume that is negative, or a container that holds nothing.
    """
    volume = exact(volume_ml)
    if volume < 0:
        raise ValueError(f"volume_ml cannot be negative, got {volume_ml}")
    found = _share(ingredient, container_volume_ml)
    if found is None:
        return Dilution(mass_g=None)
    potency, ml_per_ml, is_upper_bound = found
    mass_g = volume * ml_per_ml / potency.factor
    molecules = None
    if substance is not None and substance.molar_mass_g_per_mol is not None and potency.scale != "MT":
        molecules = mass_g * AVOGADRO_PER_MOL / exact(substance.molar_mass_g_per_mol)
    return Dilution(mass_g, molecules, is_upper_bound)


def _share(ingredient: Ingredient, container_volume_ml: Number | None) -> tuple[Potency, Fraction, bool] | None:
    """The potency, how many mL of it are in 1 mL of the container, and whether that is only the most it can be."""
    amount_ml = _amount_ml(ingredient)
    if ingredient.potency_added is not None and amount_ml is not None and container_volume_ml is not None:
        return parse_potency(ingredient.potency_added), amount_ml / _volume(container_volume_ml), False
    printed = ((ingredient.final_dilution, False), (ingredient.potency_label, True), (ingredient.potency_added, True))
    for text, is_upper_bound in printed:
        if text is not None and (potency := _whole(text)) is not None:
            return potency, Fraction(1), is_upper_bound
    return None


def _whole(final_dilution: str) -> Potency | None:
    """The printed dilution where it is a whole number of steps ("9.00X"); None where it was rounded ("5.22X")."""
    try:
        return parse_potency(re.sub(r"\.0+(?=\s*[A-Za-z]|$)", "", final_dilution))
    except ValueError:
        return None


def _amount_ml(ingredient: Ingredient) -> Fraction | None:
    if ingredient.amount is None or ingredient.unit is None:
        return None
    if ingredient.unit == "mg":
        return exact(ingredient.amount) / 1000
    return convert(ingredient.amount, ingredient.unit, "mL")


def _volume(container_volume_ml: Number) -> Fraction:
    volume = exact(container_volume_ml)
    if volume <= 0:
        raise ValueError(f"container_volume_ml must be positive, got {container_volume_ml}")
    return volume
