"""A person in the query of an address, read as strictly as a document: one value each, nothing that is not known."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import QueryDict

from waterneedle.api.answers import Refused
from waterneedle.safety.documents import shortened

SEXES = ("female", "male", "other")
# Above the first, up to the second: those of the plan's contract, and the longest age that anybody is known to have reached.
HEIGHT_CM, WEIGHT_KG, LONGEST_AGE = (20, 260), (0.3, 500), 130
_NUMBER = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?", re.ASCII)


class Person(NamedTuple):
    sex: str | None
    age_years: float
    height_cm: float | None
    weight_kg: float | None


def person(asked: QueryDict) -> Person:
    """Who is asked for by `sex`, `age` (the one that is required), `height_cm` and `weight_kg`. Raises `Refused`."""
    readers: dict[str, Callable[[str, str], Any]] = {"sex": _sex, "age": _age, "height_cm": _height, "weight_kg": _weight}
    for name, values in asked.lists():
        if name not in readers:
            raise Refused(422, f"there is no such parameter; expected {', '.join(readers)}", shortened(name))
        if len(values) > 1:
            raise Refused(422, "given more than once", name)
    if not asked.get("age"):
        raise Refused(422, "required, and missing", "age")
    # What is empty is not known, as in a form that was sent without it.
    return Person(*(reader(name, asked[name]) if asked.get(name) else None for name, reader in readers.items()))


def _sex(name: str, typed: str) -> str:
    if typed not in SEXES:
        raise Refused(422, f"expected one of {', '.join(SEXES)}", name)
    return typed


def _age(name: str, typed: str) -> float:
    value = _number(name, typed)
    if value > LONGEST_AGE:
        raise Refused(422, f"expected years from 0 to {LONGEST_AGE}", name)
    return value


def _height(name: str, typed: str) -> float:
    return _within(name, typed, HEIGHT_CM)


def _weight(name: str, typed: str) -> float:
    return _within(name, typed, WEIGHT_KG)


def _within(name: str, typed: str, reach: tuple[float, float]) -> float:
    value, (above, most) = _number(name, typed), reach
    if not above < value <= most:
        raise Refused(422, f"expected a number above {above} and at most {most}", name)
    return value


def _number(name: str, typed: str) -> float:
    if not _NUMBER.fullmatch(typed):
        raise Refused(422, "expected a number such as 62 or 62.5", name)
    return float(typed)
