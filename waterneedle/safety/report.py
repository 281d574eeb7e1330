"""A check-in as the rules of triage see it: every symptom led to its concepts, every site to its hazard zones.

What is not known counts as possible, and what could not be understood is kept.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from waterneedle import knowledge
from waterneedle.safety import documents, names, own_words
from waterneedle.safety.checkin import CheckIn, Symptom

LONGEST_DOCUMENT = 16_000  # characters of symptoms that are read in one check-in; what is behind goes to a person


class Felt(NamedTuple):
    """One symptom the patient has, led to the ids and classes of the vocabulary."""

    words: frozenset[str]
    severity: int | None = None
    size_cm: float | None = None
    is_spreading: bool | None = None

    def is_at_least(self, severity: float) -> bool:
        return self.severity is not None and self.severity >= severity

    def is_wider_than(self, size_cm: float) -> bool:
        return self.size_cm is not None and self.size_cm > size_cm


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A check-in as the rules see it."""

    checkin: CheckIn
    felt: tuple[Felt, ...]
    words: frozenset[str]
    zones: frozenset[str] | None  # kinds and ids of the hazard zones under the sites; None: a site is not known
    not_understood: tuple[str, ...]

    @property
    def hours(self) -> float:
        return self.checkin.hours_since_visit

    def has(self, *words: str) -> bool:
        return not self.words.isdisjoint(words)

    def all_with(self, *words: str) -> Iterator[Felt]:
        return (one for one in self.felt if not one.words.isdisjoint(words))

    def may_be_over(self, *zones: str) -> bool:
        """Whether a site lies over one of `zones`, or is not known."""
        return self.zones is None or not self.zones.isdisjoint(zones)


def read(checkin: CheckIn) -> Report:
    """Every symptom led to its concepts, every site to its hazard zones, and what could not be understood."""
    felt: list[Felt] = []
    missed: list[str] = []
    left = LONGEST_DOCUMENT
    for number, symptom in enumerate(checkin.symptoms):
        if symptom.present is not False:
            found, unread = _read_symptom(symptom, left)
            left = max(0, left - len(symptom.name))
            felt += found
            missed += [documents.shortened(text) or f"symptoms[{number}].name" for text in unread]
    if checkin.free_text:
        words = own_words.read(checkin.free_text)
        felt += [Felt(one.words, one.severity, one.size_cm, one.is_spreading) for one in words.felt]
        missed += [documents.shortened(text, 120) or "free_text" for text in words.not_understood]
    return Report(
        checkin=checkin,
        felt=tuple(felt),
        words=frozenset().union(*(one.words for one in felt)),
        zones=_zones((*(checkin.sites or ()), *(symptom.site for symptom in checkin.symptoms if symptom.site)), checkin.sites),
        not_understood=tuple(dict.fromkeys(missed)),
    )


def _read_symptom(symptom: Symptom, longest: int) -> tuple[list[Felt], list[str]]:
    """What one ticked or named symptom means; a name that is only nearly one on file is taken for it and goes to a person too.

    Of the name `longest` characters are read.
    """
    if not longest:
        return [], [symptom.name]
    meaning = names.concept("symptom", symptom.name)
    words = own_words.read(symptom.name, min(longest, own_words.LONGEST))
    if meaning.says_none or (words.denied and not words.felt and not words.not_understood and symptom.present is None):
        return [], []
    found = {word for phrase in words.felt for word in phrase.words}
    for identity in meaning.ids:
        found |= _words_of(identity)
    if symptom.present and words.denied:
        found |= {
            word for text in words.denied for identity in names.concept("symptom", text).ids for word in _words_of(identity)
        }
    is_certain = bool(meaning.ids) and meaning.is_exact and own_words.normal(symptom.name) in own_words.names()
    unread = [] if is_certain else list(words.not_understood)
    if not found or (found <= own_words.MILD and meaning.ids and not meaning.is_exact and not words.felt):
        unread = unread or ([] if _is_harmless(words, symptom.name) else [symptom.name])
    if symptom.site and names.point(symptom.site).id is None:
        found |= {
            word
            for phrase in own_words.read(f"{symptom.site} {symptom.name}", min(longest, own_words.LONGEST)).felt
            for word in phrase.words
            if not phrase.words <= own_words.MILD
        }
        if found & {"pain", "soreness"} and _is_chest(symptom.site):
            found.add("chest_pain")
    found.discard("feeling_better")
    if not found:
        return [], unread
    measured = [(one.severity, one.size_cm, one.is_spreading) for one in words.felt] or [(None, None, None)]
    return [
        Felt(
            frozenset(found),
            _most(symptom.severity, severity),
            _most(symptom.size_cm, size),
            True if spreads or symptom.spreading else symptom.spreading,
        )
        for severity, size, spreads in measured
    ], unread


def _is_harmless(words: own_words.Words, name: str) -> bool:
    """Whether `name`, read as `words`, says something, and nothing of a symptom: thanks, "all good"."""
    return any(one.isalnum() for one in name) and not words.felt and not words.not_understood


def _words_of(identity: str) -> set[str]:
    return {identity, *knowledge.vocabulary()[identity].classes}


def _most(one: Any, other: Any) -> Any:
    return max((value for value in (one, other) if value is not None), default=None)


@functools.lru_cache(maxsize=1024)
def _is_chest(site: str) -> bool:
    place = names.region(site)
    return place.id is not None and knowledge.regions()[place.id].body_part == "chest"


def _zones(sites: tuple[str, ...], given: tuple[str, ...] | None) -> frozenset[str] | None:
    if not given:
        return None
    found = [_zones_of(site) for site in sites]
    return None if None in found else frozenset().union(*(zones for zones in found if zones is not None))


@functools.lru_cache(maxsize=4096)
def _zones_of(site: str) -> frozenset[str] | None:
    point, muscle, region = names.point(site), names.muscle(site), names.region(site)
    if point.id is not None:
        muscle = region = names.Place(None)
    if point.id is None and muscle.id is None and region.id is None:
        return None
    trigger = None if muscle.id is None else knowledge.trigger_points()[muscle.id]
    over = [
        zone
        for zone in knowledge.hazard_zones().values()
        if point.id in zone.points
        or (trigger and trigger.muscle in zone.muscles)
        or muscle.id in zone.muscles
        or region.id in zone.regions
    ]
    parts = {
        part.body_part
        for part in (point.id and knowledge.points()[point.id], trigger, region.id and knowledge.regions()[region.id])
        if part
    }
    return frozenset({word for zone in over for word in (zone.kind, zone.id)} | parts)
