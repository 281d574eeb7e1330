"""The words of a consent: what everybody reads, and the lines that a patient agrees to one by one.

A line is a family of products, a danger of a site, or leaving data to a registry (of no concern to the check). `covers` is what
the check understands of it (`safety/rules/consent.py`), the same in every language. A clinic's words are kept as versions;
`shipped` is what it begins with.
"""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec

from waterneedle import knowledge

SHIPPED = Path(__file__).parent / "wording" / "consent.toml"
FALLBACK = "en"


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A heading with its paragraphs. `sources` are ids in the knowledge."""

    id: str
    heading: str
    text: tuple[str, ...]
    sources: tuple[str, ...] = ()


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line to agree to or not. `usual` lines are asked when nobody has chosen others. A `trial` covers no injection."""

    id: str
    kind: Literal["product", "site", "registry", "trial"]
    title: str
    text: str
    covers: tuple[str, ...]
    usual: bool = False
    sources: tuple[str, ...] = ()


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One whole consent in one language."""

    title: str
    sections: tuple[Section, ...]
    lines: tuple[Line, ...]
    agreement: tuple[str, ...]

    def lines_of(self, ids: Any) -> tuple[Line, ...]:
        """The lines with these ids, in the order of the text."""
        return tuple(line for line in self.lines if line.id in ids)


msgspec.json.Decoder(Wording)  # met here, where one thread imports: see `knowledge/store.py`


@functools.cache
def shipped(language: str) -> tuple[str, Wording]:
    """Our own words in `language` (in English for a language that has none), and the name of their version."""
    with SHIPPED.open("rb") as file:
        found = tomllib.load(file)
    version = found.pop("id")
    return version, msgspec.convert(_in(language, found), Wording)


def languages() -> frozenset[str]:
    with SHIPPED.open("rb") as file:
        return frozenset(tomllib.load(file)["title"])


def read(words: str) -> Wording:
    return msgspec.json.decode(words, type=Wording)


def written(wording: Wording) -> str:
    return msgspec.json.encode(wording, order="deterministic").decode()


def cited(sources: tuple[str, ...]) -> list[dict[str, str]]:
    """Each source as a reader finds it: what it is called, its year and its address; one that is no longer on file by its id."""
    found = knowledge.sources()
    rows = []
    for one in sources:
        source = found.get(one)
        year = f" ({source.year})" if source and source.year else ""
        rows.append({"title": f"{source.title}{year}" if source else one, "address": (source and source.address) or ""})
    return rows


def _in(language: str, value: Any) -> Any:
    """`value` with each table of languages led to one of them."""
    if isinstance(value, dict):
        if FALLBACK in value:
            return value.get(language, value[FALLBACK])
        return {key: _in(language, one) for key, one in value.items()}
    return [_in(language, one) for one in value] if isinstance(value, list) else value
