"""The vocabulary, offered while somebody types a condition, an allergy or a medicine."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from waterneedle import knowledge
from waterneedle.clinic.patients.models import Measure, MeasureKind
from waterneedle.knowledge import Concept
from waterneedle.knowledge.naming import plain
from waterneedle.safety import names

MOST_OFFERED = 8


@dataclass(frozen=True)
class Offered:
    """One concept that is perhaps meant: its term, and the name by which it was found when that is another."""

    concept: str
    term: str
    known_as: str
    classes: tuple[str, ...]


def offered(kind: str, said: str, language: str = "en") -> list[Offered]:
    """The concepts of `kind` that `said` begins or means, those whose name begins so first; empty for fewer than two signs."""
    words = plain(said)
    if len(words) < 2:
        return []
    found: dict[str, Offered] = {}
    for name, ids in knowledge.names(kind).items():
        if name.startswith(words) or f" {words}" in name:
            for one in ids:
                concept = knowledge.vocabulary()[one]
                rank = found.get(one)
                if rank is None or (name.startswith(words) and not plain(rank.known_as or rank.term).startswith(words)):
                    found[one] = _offered(concept, name, language)
    for one in names.concept(kind, said).ids:
        found.setdefault(one, _offered(knowledge.vocabulary()[one], "", language))
    by_name = sorted(found.values(), key=lambda one: (not plain(one.known_as or one.term).startswith(words), one.term.casefold()))
    return by_name[:MOST_OFFERED]


def labelled(measures: Mapping[str, Measure]) -> list[dict]:
    """The newest figures with their words and units, in the order of the form."""
    return [{"label": MeasureKind(kind).label, "unit": measures[kind].unit, "measure": measures[kind]}
            for kind in MeasureKind.values if kind in measures]


def _offered(concept: Concept, name: str, language: str) -> Offered:
    term = concept.named.translation(language) or concept.term
    return Offered(concept.id, term, "" if name in (plain(term), "") else name, concept.classes)
