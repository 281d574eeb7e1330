"""Strengths as labels print them: 1000 mcg/mL, 10 mg in 2 mL, 1 %, 1:1000.

Percent is w/v, grams in 100 mL; 1:N is one gram in N mL. What can be read in two ways is refused, not guessed: a factor
of a thousand hangs on whether 1,000 or 1.000 means one or a thousand.
"""
from __future__ import annotations

import re
from fractions import Fraction

import msgspec

from waterneedle.dosage.units import MG_PER_UNIT, ML_PER_UNIT, parse_unit

LONGEST_TEXT = 80  # longer than any label prints a strength

_CHARACTERS = str.maketrans({
    "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "\N{THIN SPACE}": " ", "μ": "µ", "％": "%", "：": ":", "／": "/",
})
_PER_VOLUME = re.compile(
    r"(?P<amount>[0-9.,]\S*?)\s*(?P<unit>[a-zµ][a-zµ.]*)\s*(?:/|\bper\b|\bin\b)"
    r"\s*(?P<volume>[0-9.,]\S*?)?\s*(?P<per>[a-zµ]+)",
    re.I,
)
_AMOUNT = re.compile(r"(?P<amount>[0-9.,]\S*?)\s*(?P<unit>[a-zµ][a-zµ.]*)", re.I)
_PERCENT = re.compile(r"(?P<amount>[0-9.,]\S*?)\s*%\s*(?:\(?\s*[wm]\s*/\s*v\s*\)?)?", re.I)
# The N of 1:N is a whole number, so a separator in it can only be one of thousands.
_RATIO = re.compile(
    r"1\s*(?::|\bin\b)\s*(?P<volume>[0-9]+|[1-9][0-9]{0,2}(?P<separator>[., ])[0-9]{3}(?:(?P=separator)[0-9]{3})*)", re.I,
)
_PLAIN = re.compile(r"[0-9]+|[0-9]*\.[0-9]+|[0-9]+,[0-9]+|[0-9]+(?:\.[0-9]+)?e[+-]?[0-9]{1,2}", re.I)
_THOUSAND_OR_ONE = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}")
_GROUPED_BY_POINTS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}")


class Strength(msgspec.Struct, frozen=True):
    """So much of something in so many mL, as printed; both numbers exact and positive."""

    amount: Fraction
    unit: str
    per_ml: Fraction = Fraction(1)

    @property
    def mg_per_ml(self) -> Fraction | None:
        """The strength in mg/mL; None where the unit has no mass (IU, units, mmol, mEq)."""
        scale = MG_PER_UNIT.get(self.unit)
        return None if scale is None else self.amount * scale / self.per_ml

    def __str__(self) -> str:
        """A text that `parse_strength` reads back, for any strength it has read."""
        volume = "/mL" if self.per_ml == 1 else f" in {_printed(self.per_ml)} mL"
        return f"{_printed(self.amount)} {self.unit}{volume}"


def parse_strength(text: str) -> Strength:
    """The strength that `text` prints, exactly.

    Reads "1000 mcg/mL", "10 mg in 2 mL", "9 g/L", "1 %", "0.9% w/v", "1:20000" and "5000 IU/mL", a decimal comma included.
    Raises ValueError with a sentence for what has no unit or no volume, is zero or negative, or can be read in two ways
    ("1,000 mcg/mL", "5 mg%").

    >>> parse_strength("0,5 %").mg_per_ml
    Fraction(5, 1)
    """
    cleaned = " ".join(text.translate(_CHARACTERS).split())
    shown = repr(cleaned[:40])
    if len(cleaned) > LONGEST_TEXT:
        raise ValueError(f"{shown}… is too long for a strength")
    if match := _RATIO.fullmatch(cleaned):
        volume = Fraction(re.sub(r"[., ]", "", match["volume"]))
        return _positive(Strength(Fraction(1), "g", volume), shown)
    if match := _PERCENT.fullmatch(cleaned):
        return _positive(Strength(_number(match["amount"]), "g", Fraction(100)), shown)
    if match := _PER_VOLUME.fullmatch(cleaned):
        return _positive(_per_volume(match, shown), shown)
    raise ValueError(f"{shown} is not a strength: write amount, unit and the volume it is in, such as '1000 mcg/mL' or '1 %'")


def parse_amount(text: str) -> tuple[Fraction, str]:
    """The amount that `text` prints, exactly, and its unit: "500 mcg", "0,5 mL".

    Raises ValueError with a sentence under the same rules as `parse_strength`.
    """
    cleaned = " ".join(text.translate(_CHARACTERS).split())
    match = _AMOUNT.fullmatch(cleaned) if len(cleaned) <= LONGEST_TEXT else None
    if match is None:
        raise ValueError(f"{cleaned[:40]!r} is not an amount: write a number and its unit, such as '500 mcg' or '0.5 mL'")
    amount, unit = _number(match["amount"]), parse_unit(match["unit"])
    if amount <= 0:
        raise ValueError(f"{cleaned!r} is not an amount: it must be more than zero")
    return amount, unit


def _per_volume(match: re.Match[str], shown: str) -> Strength:
    unit, per = parse_unit(match["unit"]), parse_unit(match["per"])
    if per not in ML_PER_UNIT:
        raise ValueError(f"{shown} is not a strength: {per} is no volume")
    if unit in ML_PER_UNIT:
        raise ValueError(f"{shown} is a volume in a volume, which says nothing about mass")
    volume = Fraction(1) if match["volume"] is None else _number(match["volume"])
    return Strength(_number(match["amount"]), unit, volume * ML_PER_UNIT[per])


def _positive(strength: Strength, shown: str) -> Strength:
    if strength.amount <= 0 or strength.per_ml <= 0:
        raise ValueError(f"{shown} is not a strength: its numbers must be more than zero")
    return strength


def _number(text: str) -> Fraction:
    """The number printed, with a decimal point or comma. Raises ValueError where it may mean one or a thousand."""
    if _THOUSAND_OR_ONE.fullmatch(text):
        raise ValueError(f"{text!r} can mean a thousand times more or less: write it without a thousands separator")
    if _GROUPED.fullmatch(text):
        return Fraction(text.replace(",", ""))
    if _GROUPED_BY_POINTS.fullmatch(text):
        return Fraction(text.replace(".", "").replace(",", "."))
    if _PLAIN.fullmatch(text):
        return Fraction(text.replace(",", "."))
    raise ValueError(f"{text!r} is not a number that can be read in one way only")


def _printed(number: Fraction) -> str:
    """Shortest decimal, or a fraction where none ends; a zero is added where three decimals could pass for thousands."""
    digits, denominator = 0, number.denominator
    while denominator % 10 == 0:
        digits, denominator = digits + 1, denominator // 10
    for prime in (2, 5):
        while denominator % prime == 0:
            digits, denominator = digits + 1, denominator // prime
    if denominator != 1:
        return str(number)
    text = f"{number.numerator * 10**digits // number.denominator:0{digits + 1}d}"
    text = text if not digits else f"{text[:-digits]}.{text[-digits:]}"
    return f"{text}0" if _THOUSAND_OR_ONE.fullmatch(text) else text
