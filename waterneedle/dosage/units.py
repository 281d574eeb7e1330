"""Units of amount: what they are called, and mass in milligrams.

International units, units of activity, equivalents, moles and volumes have no mass that holds for every substance,
so they are never turned into one.
"""
from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isfinite

Number = int | float | Decimal | Fraction

MG_PER_UNIT = {
    "kg": Fraction(10**6),
    "g": Fraction(1000),
    "mg": Fraction(1),
    "mcg": Fraction(1, 1000),
    "ng": Fraction(1, 10**6),
}
ML_PER_UNIT = {"L": Fraction(1000), "dL": Fraction(100), "mL": Fraction(1), "uL": Fraction(1, 1000)}
OTHER_UNITS = ("IU", "units", "mmol", "mEq")

_OTHER_SPELLINGS = {
    "µg": "mcg", "ug": "mcg", "microgram": "mcg", "micrograms": "mcg", "gram": "g", "grams": "g", "milligram": "mg",
    "milligrams": "mg", "nanogram": "ng", "nanograms": "ng", "µl": "uL", "mcl": "uL", "cc": "mL", "i.u.": "IU", "ie": "IU",
    "i.e.": "IU", "ui": "IU", "u.i.": "IU", "u": "units", "unit": "units",
}
_MICRO = str.maketrans({"μ": "µ"})  # the Greek letter and the micro sign look the same
_SPELLINGS = {unit.lower(): unit for unit in (*MG_PER_UNIT, *ML_PER_UNIT, *OTHER_UNITS)} | _OTHER_SPELLINGS


def to_mg(amount: Number, unit: str) -> float:
    """Mass in mg of `amount` in a unit of mass (kg, g, mg, mcg or µg, ng), rounded once.

    Raises ValueError, naming the unit, for one that has no mass of its own (IU, units, mmol, mEq, mL) or is not known,
    and for an amount that is negative or not finite.

    >>> to_mg(1000, "mcg")
    1.0
    """
    try:
        return float(convert(amount, unit, "mg"))
    except OverflowError:
        raise ValueError(f"{amount} {unit} is too much to hold as a number") from None


def convert(amount: Number, unit: str, into: str) -> Fraction:
    """`amount` exactly, in the unit `into`. Mass goes into mass, volume into volume, any other unit only into itself.

    Raises ValueError where it cannot be done without knowing the substance.
    """
    known, wanted = parse_unit(unit), parse_unit(into)
    value = exact(amount)
    if value < 0:
        raise ValueError(f"an amount cannot be negative, got {amount}")
    if known == wanted:
        return value
    for scale in (MG_PER_UNIT, ML_PER_UNIT):
        if known in scale and wanted in scale:
            return value * scale[known] / scale[wanted]
    raise ValueError(f"{known!r} cannot be turned into {wanted!r} without knowing more about the substance")


def parse_unit(text: str) -> str:
    """The unit's one spelling: kg, g, mg, mcg, ng, L, dL, mL, uL, IU, units, mmol or mEq.

    Capitals do not matter. Raises ValueError for anything else, and for "mg%", which has meant two things.
    """
    unit = _SPELLINGS.get(text.strip().translate(_MICRO).lower())
    if unit is None:
        raise ValueError(f"{text[:40]!r} is not a unit that is known here")
    return unit


def exact(number: Number) -> Fraction:
    """The decimal number that was written, exactly: 0.1 is one tenth, not its binary neighbour.

    Raises ValueError for what is not a finite number.
    """
    if isinstance(number, float):
        # repr, not the float itself: a person typed the decimal
        number = Decimal(repr(float(number)))
    if isinstance(number, bool) or not isinstance(number, int | Decimal | Fraction):
        raise ValueError(f"not a number: {number!r}")
    if isinstance(number, Decimal) and not isfinite(number):
        raise ValueError(f"not a finite number: {number}")
    return Fraction(number)
