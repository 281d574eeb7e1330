"""How dates, times, numbers, amounts and points read: in the reader's language and in the clinic's zone.

Every page and message takes them from here. A time is shown in the zone that is active, which for a page of a clinic is the
clinic's. Amounts have no trailing zero, always a leading one, and a space that does not break before the unit.
"""
from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from waterneedle import knowledge
from waterneedle.knowledge.naming import plain
from waterneedle.safety import names

_ISO = re.compile(r"\b[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])\b")
_HANZI = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class PointName:
    """A point by its three names: 足三里, Zúsānlǐ, ST36."""

    code: str
    pinyin: str
    hanzi: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.hanzi, self.pinyin, self.code) if part)


def person(given: str, family: str) -> str:
    """The name of a person as one writes it: 陈小红 and not 小红 陈."""
    if _HANZI.fullmatch(given) and _HANZI.fullmatch(family):
        return f"{family}{given}"
    return f"{given} {family}".strip()


def listed_person(given: str, family: str) -> str:
    """The name with the family name first, as in a list: Ruiz, Ana; 陈小红 as ever."""
    if not family or (_HANZI.fullmatch(given) and _HANZI.fullmatch(family)):
        return person(given, family)
    return f"{family}, {given}"


def day(when: dt.date | dt.datetime | None, *, short: bool = False) -> str:
    """The date, with its year unless `short`; a moment as its date in the active zone; "" for None."""
    if when is None:
        return ""
    local = _local(when)
    on = local.date() if isinstance(local, dt.datetime) else local
    return _day(on, "SHORT_DATE_FORMAT" if short else "DATE_FORMAT", get_language())


def dated(text: str) -> str:
    """`text` with its dates as this page says days: the texts of the check are made where no page is known, with ISO dates."""
    return _ISO.sub(lambda found: _day_of(found[0]), str(text)) if text else ""


def _day_of(iso: str) -> str:
    try:
        return day(dt.date.fromisoformat(iso))
    except ValueError:  # February 30
        return iso


@functools.lru_cache(maxsize=20_000)
def _day(on: dt.date, style: str, language: str | None) -> str:
    """The same days are shown over and over, and a list shows many."""
    return formats.date_format(on, style)


def clock(when: dt.datetime | dt.time | None) -> str:
    """The time of day, on 24 hours."""
    if when is None:
        return ""
    return formats.time_format(_local(when) if isinstance(when, dt.datetime) else when, "TIME_FORMAT")


def clock_on(when: dt.datetime | None, day: dt.date | dt.datetime) -> str:
    """The time of day; with its date where that is not `day`: what was left open on Friday is not of Monday."""
    on = _local(day).date() if isinstance(day, dt.datetime) else day
    return clock(when) if when is None or _local(when).date() == on else moment(when, short=True)


def moment(when: dt.datetime | None, *, short: bool = False) -> str:
    """Date and time, with the year unless `short`."""
    if when is None:
        return ""
    return formats.date_format(_local(when), "SHORT_DATETIME_FORMAT" if short else "DATETIME_FORMAT")


def initials(name: str) -> str:
    """The first letters of the first and the last part of a name; of a Chinese name its last two characters."""
    parts = str(name).split()
    if not parts:
        return "?"
    if len(parts) == 1 and not parts[0].isascii():
        return parts[0][-2:]
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


def number(value: float | Decimal | None, places: int | None = None) -> str:
    """`value` with up to four places and no trailing zeros, or with exactly `places`; thousands grouped; "" for None."""
    return "" if value is None else _number(value if isinstance(value, Decimal) else Decimal(str(value)), places, get_language())


@functools.lru_cache(maxsize=20_000)
def _number(exact: Decimal, places: int | None, language: str | None) -> str:
    """The same amounts are shown over and over."""
    if places is None:
        exact = round(exact, 4)
        exact = exact.quantize(Decimal(1)) if exact == exact.to_integral() else exact.normalize()
    else:
        exact = round(exact, places)  # Django would cut off what is too much
    return formats.number_format(exact, decimal_pos=places, use_l10n=True, force_grouping=True)


def amount(value: float | Decimal | None, unit: str) -> str:
    """A number and its unit, such as 0.5 mL."""
    return "" if value is None else f"{number(value)}{NO_BREAK}{unit}"


def age(born: dt.date | None, today: dt.date) -> str:
    """The age in years; in months below two years, in days below two months; "" for an unknown birth date."""
    if born is None:
        return ""
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months >= 24:
        return str(months // 12)
    if months >= 2:
        return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
    days = (today - born).days
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def ago(when: dt.datetime | None, now: dt.datetime) -> str:
    """How long ago in one unit; the date when it is more than six days."""
    if when is None:
        return ""
    seconds = int((now - when).total_seconds())
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", seconds // 60) % {"count": seconds // 60}
    if seconds < 86400:
        return ngettext("%(count)d hour ago", "%(count)d hours ago", seconds // 3600) % {"count": seconds // 3600}
    days = seconds // 86400
    if days < 7:
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    return day(when, short=_local(when).year == _local(now).year)


def point(code: str) -> PointName:
    """The names of the point `code`; of a site that is no point, its code alone."""
    found = knowledge.points().get(code)
    return PointName(code, found.pinyin, found.hanzi) if found else PointName(code, "", "")


def place(site: str) -> str:
    """A place by its id, for people: a point by its three names, a muscle or a region by its name in the reader's language."""
    return str(point(site)) if site in knowledge.points() else named_place(site)


def named_place(site: str) -> str:
    """The same, of a point its code alone. A muscle or a region may be given by a name too, as a protocol has it."""
    return site if site in knowledge.points() else _named_place(site, get_language() or "en")


@functools.lru_cache(maxsize=2000)
def _named_place(site: str, language: str) -> str:
    if site in knowledge.trigger_points() or site in knowledge.regions():
        return names.shown(site, language)
    known = (knowledge.names(kind).get(plain(site), ()) for kind in ("muscle", "region"))
    return names.shown(next((ids[0] for ids in known if len(ids) == 1), site), language)


def leading(label: Any) -> str:
    """The label of a field before what is wrong with it: with a colon, unless it is a sentence."""
    return f"{label}" if str(label).endswith((".", "?", "!", "。", "？", "！")) else f"{label}:"


def listed(values: Iterable[Any]) -> str:
    """Things of one kind, one after the other: LI4, ST36; in Chinese 合谷、足三里."""
    return _strung(values, ", ", "、")


def described(parts: Iterable[Any]) -> str:
    """What is said of one thing, such as: 3 mL, SC, 30G 13 mm. A part that says nothing is left out."""
    return _strung(parts, ", ", "，")


def told(statements: Iterable[Any]) -> str:
    """Statements that hold commas themselves. One that says nothing is left out."""
    return _strung(statements, "; ", "；")


def _strung(values: Iterable[Any], between: str, in_chinese: str) -> str:
    is_chinese = (get_language() or "en").startswith("zh")
    return (in_chinese if is_chinese else between).join(said for said in map(str, values) if said)


def _local(when: dt.date | dt.datetime) -> dt.date | dt.datetime:
    aware = isinstance(when, dt.datetime) and timezone.is_aware(when)
    return timezone.localtime(when) if aware else when
