"""What every fact has: words, sources, and the strictness with which it is read.

A fact is a frozen record decoded from TOML or CSV. An unknown key is an error; a key that is absent was not seen,
an empty list means the source says there are none.
"""
import re
from datetime import date
from typing import Annotated, Literal

import msgspec

Identifier = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=80)]
Certainty = Literal["high", "moderate", "low", "very_low", "rule", "label", "judgement"]
Route = Literal["ID", "SC", "IM", "IV", "IA", "other"]
Positive = Annotated[float, msgspec.Meta(gt=0)]
NotNegative = Annotated[float, msgspec.Meta(ge=0)]

LANGUAGES = ("en", "es", "zh-hans")


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Base of every record that is read from a file."""


class Text(Fact, kw_only=True):
    """The same words in up to three languages. English is required; a translation nobody has reviewed says so where it shows."""

    en: Annotated[str, msgspec.Meta(min_length=1)]
    es: str | None = None
    zh_hans: str | None = msgspec.field(default=None, name="zh-hans")
    reviewed_by: dict[str, str] = msgspec.field(default_factory=dict)

    def translation(self, language: str) -> str | None:
        """The words in `language`, or None where there is no translation."""
        return {"en": self.en, "es": self.es, "zh-hans": self.zh_hans}.get(language)

    def is_reviewed(self, language: str) -> bool:
        return language == "en" or language in self.reviewed_by


class Citation(Fact, kw_only=True):
    """Where a fact stands: a source and the place in it (page, section, table)."""

    source: Identifier
    locator: str | None = None


Sources = Annotated[tuple[Citation, ...], msgspec.Meta(min_length=1)]  # a fact without a source does not load


class Source(Fact, kw_only=True):
    """Who says it. The original is cited, never a mirror; `read` says how much of it was read, and in what kind of copy."""

    id: Identifier
    title: Annotated[str, msgspec.Meta(min_length=3)]
    certainty: Certainty
    read: Literal["original", "copy", "abstract", "excerpt", "quoted", "own"]
    read_on: date
    authors: str | None = None
    publisher: str | None = None
    year: Annotated[int, msgspec.Meta(ge=1800, le=2100)] | None = None
    doi: Annotated[str, msgspec.Meta(pattern=r"^10\.\d{4,9}/\S+$")] | None = None
    pmid: Annotated[str, msgspec.Meta(pattern=r"^\d{1,9}$")] | None = None
    isbn: str | None = None
    ndc: str | None = None
    rule: str | None = None
    url: Annotated[str, msgspec.Meta(pattern=r"^https?://\S+$")] | None = None
    licence: str | None = None
    note: str | None = None

    @property
    def shortly(self) -> str:
        """How a sentence names it: by the first author, else by where it appeared, and the year."""
        who = re.split(r"[\s,]", self.authors)[0] if self.authors else re.split(r"\s*[\d,;:(]", self.publisher or self.title)[0]
        return f"{who} {self.year}" if self.year else who

    @property
    def address(self) -> str | None:
        """The address a reader opens: the DOI or PubMed record where there is one, else the publisher's page."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        return self.url

    @property
    def can_be_found(self) -> bool:
        """Whether a reader has something to look it up by."""
        return any((self.doi, self.pmid, self.isbn, self.ndc, self.rule, self.url, self.read == "own"))
