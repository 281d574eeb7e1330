"""What a scanner reads from a box or a vial: GS1 element strings, from a camera or typed by a keyboard scanner.

`read("]d201003123456789061728083110A41")` is the product's GTIN, its expiry and its lot. A group separator may come as FNC1 or,
from a keyboard scanner, as one of the signs that keyboards can send. A scanner that leaves it out lets a lot run into the date
behind it: such a lot is not taken.
"""
from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass

_SEPARATORS = re.compile(r"[\x1d~^|]|<GS>|\{GS\}", re.IGNORECASE)
_SYMBOLOGY = re.compile(r"^\][A-Za-z]\d")
_DATE_BEHIND = re.compile(r".17\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])")  # application identifier 17 and a day
LONGEST = 200


@dataclass(frozen=True)
class Scanned:
    """What stood in the code; None is what did not."""

    gtin: str | None = None  # 14 digits
    lot: str | None = None
    expires: datetime.date | None = None  # the last good day
    serial: str | None = None
    run_together: bool = False  # the end of the lot cannot be told: neither lot nor date is here


def read(text: str) -> Scanned | None:
    """What `text` says, or None when it is no GS1 code. A GTIN alone is one.

    Day 00 stands for the last of the month (GS1 General Specifications, 3.4.7).
    """
    import biip  # late: its table of prefixes takes 15 MB, and most days begin without a scan

    code = _SEPARATORS.sub("\x1d", _SYMBOLOGY.sub("", text.strip()[:LONGEST]))
    if code.startswith("]"):  # an unknown kind of code, which biip does not refuse but break on
        return None
    found = _bracketed(code) if code.startswith("(") else _elements(code)
    if not found and code.isdigit() and len(code) in (8, 12, 13, 14):
        gtin = biip.parse(code).gtin
        return Scanned(gtin=gtin.value.zfill(14)) if gtin else None
    if not found.keys() & {"01", "10", "17"} or not _is_gtin(found.get("01")):
        return None
    if "17" not in found and _DATE_BEHIND.search(found.get("10", "")):
        return Scanned(gtin=found.get("01"), run_together=True)
    return Scanned(gtin=found.get("01"), lot=found.get("10"), serial=found.get("21"), expires=_day(found.get("17")))


def _elements(code: str) -> dict[str, str]:
    import biip  # late: as above

    message = biip.parse(code).gs1_message
    return {one.ai.ai: one.value for one in message.element_strings} if message else {}


def _bracketed(code: str) -> dict[str, str]:
    """The human-readable form, with its application identifiers in brackets."""
    return {ai: value.strip() for ai, value in re.findall(r"\((\d{2,4})\)([^(]*)", code)}


def _is_gtin(value: str | None) -> bool:
    """Whether the last digit is the check digit of those before it: what was misread is no product. None has none to check."""
    if value is None:
        return True
    if not re.fullmatch(r"[0-9]{14}", value):
        return False
    return sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(value)) % 10 == 0


def _last(year: str, month: str) -> str:
    return f"{calendar.monthrange(2000 + int(year), int(month))[1]:02}"


def _day(value: str | None) -> datetime.date | None:
    if not value or not re.fullmatch(r"\d{6}", value):
        return None
    year, month, day = value[:2], value[2:4], value[4:]
    try:
        return datetime.date(2000 + int(year), int(month), int(day if day != "00" else _last(year, month)))
    except ValueError:
        return None
