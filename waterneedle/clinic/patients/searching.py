"""What a patient is found by: words of names in small letters without accents, telephone numbers from the end, a date.

Pure functions of text. `ruiz an` finds Ana Ruiz and Andrés Ruiz Peña; `4417` a telephone number that ends so; `3/14/1980` and
`1980-03-14` a date of birth.
"""
from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass

SHORTEST_PHONE_END = 3  # digits: fewer find half of the clinic
MOST_WORDS = 6
_NOT_A_WORD = re.compile(r"[^\w]+")
_DATE = re.compile(r"(\d{1,4})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{1,4})")


@dataclass(frozen=True)
class Wanted:
    """What somebody typed into the search, understood."""

    words: tuple[str, ...] = ()  # each the beginning of a word of the name
    phone_end: str = ""  # last digit first
    born: tuple[datetime.date, ...] = ()  # each reading that is a day: 4/3/1980 has two
    number: int | None = None  # of the chart


def plain(text: str) -> str:
    """Small letters without accents; hanzi stay as they are."""
    for _ in range(2):  # a letter taken apart may be a capital
        apart = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return text


def words_of(*names: str) -> frozenset[str]:
    """The words of some names: `O'Brien` is found by `obrien`, by `o` and by `brien`; 王小明 by its beginnings and by 小明."""
    found: set[str] = set()
    for name in map(plain, names):
        parts = [part for part in _NOT_A_WORD.split(name) if part]
        found.update(part[:100] for part in parts)
        found.update(_NOT_A_WORD.sub("", word)[:100] for word in name.split())
        found.update(part[1:] for part in parts if len(part) in (2, 3) and not part.isascii())
    return frozenset(found - {""})


def phone_from_end(phone: str) -> str:
    """The digits of a telephone number, last one first; empty when there are none."""
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))[::-1][:40]


def understood(text: str, *, day_first: bool = False) -> Wanted:
    """What `text` looks for. A date is taken out first; what is digits alone is a telephone's end or a chart number."""
    text = unicodedata.normalize("NFKC", text).strip()[:200]
    born: tuple[datetime.date, ...] = ()
    if found := _DATE.search(text):
        born = _days(*found.groups(), day_first=day_first)
        text = f"{text[: found.start()]} {text[found.end():]}" if born else text
    digits = re.sub(r"[\s()+./#-]", "", text)
    if digits.isdigit():
        number = int(digits) if len(digits) <= 7 else None
        return Wanted(born=born, phone_end=digits[::-1] if len(digits) >= SHORTEST_PHONE_END else "", number=number)
    words = [word for word in _NOT_A_WORD.split(plain(text)) if word]
    return Wanted(words=tuple(dict.fromkeys(words))[:MOST_WORDS], born=born)


def _days(first: str, second: str, third: str, *, day_first: bool) -> tuple[datetime.date, ...]:
    if len(first) == 4:
        orders = [(first, second, third)]
    elif len(third) == 4:
        month_first, other = (third, first, second), (third, second, first)
        orders = [other, month_first] if day_first else [month_first, other]
    else:
        return ()
    found = []
    for year, month, day in orders:
        try:
            found.append(datetime.date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))
