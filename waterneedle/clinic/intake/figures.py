"""Figures as people type them: height, weight, and a pain drawing. Pure functions of text."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _

CM_PER_INCH, KG_PER_POUND = Decimal("2.54"), Decimal("0.45359237")
LONGEST_DRAWING = 400_000
_NUMBER = r"(\d{1,3}(?:[.,]\d{1,2})?)"
_CM = re.compile(rf"^{_NUMBER}\s*(?:cm|厘米|公分)$")
_M = re.compile(r"^([12][.,]\d{1,2})\s*(?:m|米)$")
_INCHES = re.compile(rf"^{_NUMBER}\s*(?:in|inch|inches|\"|″)$")
_FEET = re.compile(rf"^(\d)\s*(?:ft|feet|foot|pies|'|′)\s*(?:{_NUMBER}\s*(?:in|inch|inches|pulgadas|\"|″|'')?)?$")
_KG = re.compile(rf"^{_NUMBER}\s*(?:kg|kilos?|公斤|千克)$")
_POUNDS = re.compile(rf"^{_NUMBER}\s*(?:lb|lbs|pounds?|libras?|磅)$")
HEIGHT, WEIGHT = (Decimal(30), Decimal(250)), (Decimal(1), Decimal(350))
_WORDS = {
    "height unit": _("Write it with its unit, such as 170 cm or 5 ft 7 in."),
    "weight unit": _("Write it with its unit, such as 70 kg or 154 lb."),
    "implausible": _("That cannot be. Look at the number and the unit again."),
}


def height_cm(typed: str) -> Decimal:
    """The height in cm. Raises ValueError, with a key of `words_of`, for what cannot be read or cannot be.

    >>> height_cm("5 ft 7 in"), height_cm("1.70 m"), height_cm("170cm")
    (Decimal('170.18'), Decimal('170.00'), Decimal('170.00'))
    """
    text = typed.strip().casefold()
    if found := _CM.match(text):
        height = _decimal(found[1])
    elif found := _M.match(text):
        height = 100 * _decimal(found[1])
    elif found := _FEET.match(text):
        height = CM_PER_INCH * (12 * int(found[1]) + _decimal(found[2] or "0"))
    elif found := _INCHES.match(text):
        height = CM_PER_INCH * _decimal(found[1])
    else:
        raise ValueError("height unit")
    return _plausible(height, HEIGHT)


def weight_kg(typed: str) -> Decimal:
    """The weight in kg; as `height_cm`.

    >>> weight_kg("154 lb")
    Decimal('69.85')
    """
    text = typed.strip().casefold()
    if found := _KG.match(text):
        weight = _decimal(found[1])
    elif found := _POUNDS.match(text):
        weight = KG_PER_POUND * _decimal(found[1])
    else:
        raise ValueError("weight unit")
    return _plausible(weight, WEIGHT)


def words_of(problem: ValueError) -> Any:
    return _WORDS[str(problem)]


def runs(typed: str) -> tuple[tuple[int, int, int], ...]:
    """The runs of a pain drawing that a page has sent. Raises ValueError for what is none."""
    from waterneedle.body import pain  # late: slow (numpy)

    if not typed:
        return ()
    try:
        drawn = msgspec.json.decode(typed, type=list[tuple[int, int, int]])
    except (msgspec.DecodeError, UnicodeError) as problem:
        raise ValueError("not a drawing") from problem
    return pain.runs(pain.intensities(drawn))


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _plausible(value: Decimal, bounds: tuple[Decimal, Decimal]) -> Decimal:
    if not bounds[0] <= value <= bounds[1]:
        raise ValueError("implausible")
    return value.quantize(Decimal("0.01"))
