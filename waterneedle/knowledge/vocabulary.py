"""Conditions, allergies and medications as people name them: concepts with classes, synonyms and brand names."""
from typing import Annotated, Literal

import msgspec

from waterneedle.knowledge.fact import Fact, Identifier, Sources, Text

Kind = Literal["condition", "allergy", "medication", "observation", "symptom"]


class Concept(Fact, kw_only=True):
    """One thing a person may have, be allergic to, take, or feel. Rules ask for its id or one of its classes."""

    id: Identifier
    kind: Kind
    term: str
    names: tuple[str, ...] = ()
    names_es: tuple[str, ...] = ()
    names_zh: tuple[str, ...] = ()
    classes: tuple[Identifier, ...] = ()
    icd10cm: tuple[Annotated[str, msgspec.Meta(pattern=r"^[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?$")], ...] = ()
    rxnorm: tuple[Annotated[str, msgspec.Meta(pattern=r"^\d{1,8}$")], ...] = ()
    atc: tuple[Annotated[str, msgspec.Meta(pattern=r"^[A-Z]\d{2}([A-Z]([A-Z](\d{2})?)?)?$")], ...] = ()
    sources: Sources

    @property
    def named(self) -> Text:
        """What it is called in each language: the term, and the first of the other names."""
        return Text(en=self.term, es=next(iter(self.names_es), None), zh_hans=next(iter(self.names_zh), None))
