"""One question with one right answer, why it is right, and where that stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import msgspec

from waterneedle import knowledge
from waterneedle.clinic.web.words import number
from waterneedle.knowledge.fact import Citation

WRONG = 3  # wrong answers beside the right one, where the facts give as many


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """`id` names the facts it was made from and stays the same as long as they do. `basis` is what `right` follows from."""

    id: str
    topic: str
    text: str
    right: str
    wrong: tuple[str, ...]
    why: str
    sources: tuple[str, ...]
    basis: dict[str, Any] = {}


def cited(citations: Iterable[Citation]) -> tuple[str, ...]:
    """Each source by its title, with the place in it."""
    found = knowledge.sources()
    return tuple(dict.fromkeys(
        found[one.source].title + (f", {one.locator}" if one.locator else "") for one in citations))


def apart(right: str, wrong: Iterable[str], most: int = WRONG) -> tuple[str, ...]:
    """The wrong answers that differ from the right one and from each other, the first of them."""
    return tuple(dict.fromkeys(one for one in wrong if one != right))[:most]


def amount(value: Fraction | float, unit: str) -> str:
    """A number that is a short decimal, with its unit."""
    return f"{number(float(value))} {unit}"


def spread(of: Sequence[Any], most: int) -> list[Any]:
    """At most so many of a list, evenly from its beginning to its end: the same ones each time."""
    if len(of) <= most:
        return list(of)
    return [of[place * len(of) // most] for place in range(most)]
