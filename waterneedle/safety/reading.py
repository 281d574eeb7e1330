"""A plan as the rules see it: every name led to its fact once, every puncture with its place, its fluid and its reach.

Nothing here judges. What could not be understood is kept, with what was perhaps meant.
"""

import functools
import math
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from waterneedle import knowledge
from waterneedle.knowledge import Concept, HazardZone, Period
from waterneedle.safety import denials, lists, measured, names, phrases, relatives, shorthand
from waterneedle.safety.plan import (
    Condition,
    Container,
    Injection,
    NotUnderstood,
    Patient,
    Plan,
)
from waterneedle.safety.syringe import Fluid, allergy_words, read_fluid

POINTS_OF_MANY_LEVELS = ("EX-B2",)
_HIGH_LEVEL = re.compile(r"(?:at\s+)?[CT]\d{1,2}(?:\s*[-–/]\s*[CT]?\d{1,2})?", re.IGNORECASE)
_LOW_LEVEL = re.compile(r"(?:at\s+)?L[2-5](?:\s*[-–/]\s*L?[3-5])?", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[()\[\]（）]")
_ALLERGIC = re.compile(
    r"\b(?:allerg\w*|al[eé]rgi\w*|anaphyla\w*|anafil\w*|intoleran\w*|reacti?on\w*|rxns?|reacted|reacci[oó]n\w*|hives|urticaria"
    r"|contact\s+dermatitis|dermatitis\s+de\s+contacto|(?:sensitive|sensitivity|sensibilidad|sensible)(?=\s+(?:to|al?)\b))\b"
    r"(?:\s+(?:to|from|after|with|a|al|con|por)\b(?:\s+(?:la|el|los|las)\b)?)?|对|过敏(?:性休克|史)?|接触性皮炎",
    re.IGNORECASE,
)
_AND_BELOW = re.compile(r"\bdown(?:wards?)?\b|\babajo\b|以下", re.IGNORECASE)
_TAKING = re.compile(
    r"\b(?:on|taking|takes|gets|uses|using|given|with|w|rx|rxd|tx|txd|treated|started|prescribed|receiving|received|bridg\w+"
    r"|toma|tomando|usa|recibe|con|tratad[oa]|empez[oó]|inici[oó])\b|服用|正在用|口服|使用|治疗", re.IGNORECASE)

_NOT_TAKEN = re.compile(
    _ALLERGIC.pattern + r"|\b(?:declin\w+|refus\w+|contraindicat\w+|cannot|can't|unable|bled|induced|rechaz\w+)\b|拒绝|禁用",
    re.IGNORECASE,
)


class Puncture(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of the plan: where the needle goes, how far, and what goes through it. A bilateral site is `count` 2."""

    number: int
    field: str
    injection: Injection
    kind: str  # point, muscle or region
    place: str | None  # id of the fact; None where the name was not understood
    name: str
    body_part: str | None
    side: str | None
    count: int
    zones: tuple[HazardZone, ...]
    kinds: frozenset[str]  # of the zones: lung, vessel, pregnancy …
    fluids: tuple[Fluid, ...]
    volume_ml: float | None  # into each puncture; None where a part is unknown
    planned_mm: float | None  # how deep the tip is meant to go, straight down
    reach_mm: float | None  # how deep the needle's full length could go, straight down

    @property
    def is_injection(self) -> bool:
        return self.injection.technique != "needle_only"

    @property
    def is_planned(self) -> bool:
        return self.injection.status in (None, "planned")

    def is_over(self, kind: str) -> bool:
        return kind in self.kinds


class Known(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something said of the patient, and the concepts it was led to."""

    field: str
    text: str
    concepts: tuple[Concept, ...]
    words: frozenset[str]  # ids and classes of the concepts (for an allergy also of substances)
    is_exact: bool = True  # False: a name was not on file, and the nearest one was taken
    parts: frozenset[str] | None = None  # of the body, where a condition lies; None: not said, or not understood
    side: str | None = None

    def may_lie_at(self, puncture: Puncture) -> bool:
        """Whether this may be where the puncture goes; what is not known is taken for the same place and side."""
        if {self.side, puncture.side} == {"left", "right"}:
            return False
        return self.parts is None or puncture.body_part is None or puncture.body_part in self.parts


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The whole plan, understood as far as it can be. `None` for what was not given, `()` for none."""

    plan: Plan
    on: date
    patient: Patient
    punctures: tuple[Puncture, ...]
    injected: tuple[Puncture, ...]  # those through which something is injected
    contents: tuple[tuple[Puncture, Fluid], ...]  # every content of every syringe, with the puncture it goes into
    containers: tuple[tuple[Puncture, Fluid, Container], ...]  # those whose container is known
    condition_words: frozenset[str]
    medication_words: frozenset[str]
    conditions: tuple[Known, ...] | None
    allergies: tuple[Known, ...] | None
    medications: tuple[Known, ...] | None
    allergic: tuple[Known, ...]  # the allergies, and those named among the conditions ("allergic to lidocaine")
    taken: tuple[Known, ...]  # the medications, and those named among the conditions ("on warfarin")
    stopped: tuple[Known, ...]  # the medications that are said to be taken no longer, wherever that was said
    age_years: float | None
    period: Period | None
    jurisdiction: knowledge.Jurisdiction | None
    not_understood: tuple[NotUnderstood, ...]

    def with_condition(self, *words: str) -> tuple[Known, ...]:
        """The conditions whose concept or class is among `words`."""
        if self.condition_words.isdisjoint(words):
            return ()
        return tuple(known for known in self.conditions or () if not known.words.isdisjoint(words))

    def taking(self, *words: str) -> tuple[Known, ...]:
        """The medications whose concept or class is among `words`."""
        if self.medication_words.isdisjoint(words):
            return ()
        return tuple(known for known in self.taken if not known.words.isdisjoint(words))

    def observed(self, concept: str) -> float | str | None:
        """The latest value observed of `concept`, as given; None where it was not."""
        found = [one for one in self.patient.observations or () if concept in names.concept("observation", one.name).ids]
        return max(found, key=lambda one: one.date or date.min).value if found else None

    def observed_number(self, concept: str) -> float | None:
        """The latest observed value as a number; None where it was not given or is no number."""
        return as_number(self.observed(concept))

    def unit_of(self, concept: str) -> str | None:
        """The unit of the latest observed value of `concept`, as given."""
        found = [one for one in self.patient.observations or () if concept in names.concept("observation", one.name).ids]
        return max(found, key=lambda one: one.date or date.min).unit if found else None


def read(plan: Plan) -> Reading:
    """Everything in `plan` led to its fact. Injections that were not done are left out."""
    missed: list[NotUnderstood] = []
    patient = plan.patient
    jurisdiction = knowledge.jurisdictions().get((plan.jurisdiction or "").strip().upper())
    if plan.jurisdiction is not None and jurisdiction is None:
        missed.append(NotUnderstood(field="jurisdiction", value=plan.jurisdiction[:80]))
    taken: list[Known] = []
    conditions = _known("condition", "patient.conditions", patient.conditions, missed, taken)
    if conditions is not None:
        conditions += tuple(_illnesses_among(patient))
    medications = _known("medication", "patient.medications", patient.medications, missed)
    taken.extend(medications or ())
    allergies = _allergies(patient, missed)
    missed.extend(_unknown_observations(patient))
    punctures = tuple(
        _puncture(number, injection, missed) for number, injection in enumerate(plan.injections) if injection.status != "not_done"
    )
    contents = tuple((puncture, fluid) for puncture in punctures for fluid in puncture.fluids)
    return Reading(
        plan=plan,
        on=plan.date,
        patient=patient,
        punctures=punctures,
        injected=tuple(puncture for puncture in punctures if puncture.is_injection),
        contents=contents,
        containers=tuple((puncture, fluid, fluid.container) for puncture, fluid in contents if fluid.container is not None),
        conditions=conditions,
        condition_words=_words(conditions),
        allergies=allergies,
        allergic=(*(allergies or ()), *_allergies_in(patient)),
        medications=medications,
        taken=tuple(taken),
        stopped=tuple(_stopped(patient)),
        medication_words=_words(taken),
        age_years=_years(patient.birth_date, plan.date),
        period=jurisdiction and jurisdiction.period(plan.date),
        jurisdiction=jurisdiction,
        not_understood=tuple(missed),
    )


def as_number(value: float | str | None) -> float | None:
    """`value` as a finite number, or None where it is none: `nan` is no count."""
    try:
        number = math.nan if value is None else float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _unknown_observations(patient: Patient) -> Iterable[NotUnderstood]:
    for index, one in enumerate(patient.observations or ()):
        meaning = names.concept("observation", one.name)
        if not meaning.ids:
            near = tuple(map(_shown_concept, meaning.near))
            yield NotUnderstood(field=f"patient.observations[{index}].name", value=one.name[:80], did_you_mean=near)


def _words(known: Iterable[Known] | None) -> frozenset[str]:
    return frozenset(word for one in known or () for word in one.words)


def _years(born: date | None, on: date) -> float | None:
    """Age in completed years, with the days since the birthday as a fraction; None where the birth date is not known."""
    if born is None:
        return None
    completed = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    days = (on - born).days - completed * 365.25
    return completed + min(max(days / 365.25, 0.0), 0.999) if on >= born else (on - born).days / 365.25


def _puncture(number: int, injection: Injection, missed: list[NotUnderstood]) -> Puncture:
    field = f"injections[{number}]"
    site = injection.site
    kind, text = next((kind, text) for kind in ("point", "muscle", "region") if isinstance(text := getattr(site, kind), str))
    place = getattr(names, kind)(text)
    if place.id is None:
        near = tuple(map(names.shown, place.near))
        missed.append(NotUnderstood(field=f"{field}.site.{kind}", value=text[:80], did_you_mean=near))
    fluids = tuple(
        read_fluid(f"{field}.contents[{index}]", content, injection, missed) for index, content in enumerate(injection.contents)
    )
    side = site.side or place.side
    # A needle at 0 degrees would lie on the skin: it says as little of the angle as no figure does.
    sine = math.sin(math.radians(injection.angle_deg)) if injection.angle_deg else 1.0
    depth = max((depth for depth in (injection.depth_mm, injection.depth_max_mm) if depth is not None), default=None)
    length = injection.needle and injection.needle.length_mm
    zones, kinds = ((), frozenset()) if place.id is None else _zones(kind, place.id, _is_below_the_lung(site.level))
    return Puncture(
        number=number,
        field=field,
        injection=injection,
        kind=kind,
        place=place.id,
        name=names.shown(place.id) if place.id else text[:40],
        body_part=None if place.id is None else _body_part(kind, place.id),
        side=side,
        count=2 if side == "bilateral" else 1,
        zones=zones,
        kinds=kinds,
        fluids=fluids,
        volume_ml=_volume_ml(injection, fluids),
        planned_mm=None if depth is None else depth * sine,
        reach_mm=None if length is None else length * sine,
    )


def _volume_ml(injection: Injection, fluids: tuple[Fluid, ...]) -> float | None:
    if injection.volume_ml is not None:
        return injection.volume_ml
    parts = [fluid.volume_ml for fluid in fluids]
    return None if None in parts or not parts else sum(parts)


def _allergies(patient: Patient, missed: list[NotUnderstood]) -> tuple[Known, ...] | None:
    if patient.allergies is None:
        return None
    found = []
    for index, allergy in enumerate(patient.allergies):
        meaning = names.concept("allergy", allergy.substance)
        if meaning.says_none:
            continue
        words = allergy_words(allergy.substance)
        field = f"patient.allergies[{index}].substance"
        concepts = tuple(knowledge.vocabulary()[identity] for identity in meaning.ids)
        found.append(
            Known(field=field, text=allergy.substance[:80], concepts=concepts, words=words, is_exact=meaning.is_exact))
        found += _beside("allergy", field, allergy.substance, missed)
        if not words:
            missed.append(
                NotUnderstood(field=field, value=allergy.substance[:80], did_you_mean=tuple(map(_shown_concept, meaning.near)))
            )
    return tuple(found)


def _known(
    kind: str, field: str, given: Any, missed: list[NotUnderstood], taken: list[Known] | None = None
) -> tuple[Known, ...] | None:
    """Each of `given` led to its concepts. What is no condition but a medication goes to `taken`, where that is given."""
    if given is None:
        return None
    found = []
    for index, one in enumerate(given):
        place = f"{field}[{index}].name"
        said = shorthand.written_out(one.name) if kind == "condition" else one.name
        meaning = names.concept(kind, said) if kind != "condition" else _condition(said)
        if meaning.says_none:
            continue
        medicines = () if taken is None else _medicines_in(said, whole=not meaning.ids)
        if taken is not None and medicines:
            taken += [_known_as(medicine, place, one.name) for medicine in medicines]
            if not meaning.ids and not (meaning.near and relatives.is_of_another(said)):
                continue
        where, side = _where(one) if isinstance(one, Condition) else (None, None)
        found.append(_known_as(meaning, place, one.name, where, side))
        found += _beside(kind, place, said, missed, where, side)
        if kind == "condition" and meaning.ids:
            missed.extend(_thinners_beside(place, said))
        if not meaning.ids and not (kind == "condition" and _is_read_elsewhere(said)):
            near = tuple(map(_shown_concept, meaning.near or (_thinners_in(said) if kind == "condition" else ())))
            missed.append(NotUnderstood(field=place, value=one.name[:80], did_you_mean=near))
    return tuple(found)


def _illnesses_among(patient: Patient) -> Iterator[Known]:
    """The low platelets that are on record as what heparin did: "heparin - HIT" among the allergies."""
    for index, allergy in enumerate(patient.allergies or ()):
        said = shorthand.written_out(f"{allergy.substance}, {allergy.reaction or ''}")
        if "thrombocytopenia" in names.concept("condition", said).ids:
            meaning = names.Meaning(("thrombocytopenia",))
            yield _known_as(meaning, f"patient.allergies[{index}].substance", allergy.substance)


def _is_read_elsewhere(condition: str) -> bool:
    """Whether a rule reads what names no illness: an allergy, a count of platelets."""
    return bool(_allergic_to(condition)) or measured.low_platelets(relatives.own(condition)) is not None


@functools.lru_cache(maxsize=8192)
def _condition(text: str) -> names.Meaning:
    """The illnesses that `text` names, and what figures in it and the gift of an organ say."""
    meaning = names.concept("condition", text)
    said = (*measured.conditions(relatives.own(text)), *(("transplant",) if relatives.has_given_an_organ(text) else ()))
    more = [one for one in said if one not in meaning.ids]
    return meaning._replace(ids=(*meaning.ids, *more), is_exact=meaning.is_exact or not meaning.ids) if more else meaning


def _beside(
    kind: str, field: str, text: str, missed: list[NotUnderstood], parts: frozenset[str] | None = None, side: str | None = None
) -> list[Known]:
    """What stands in the same line as what was read of it, and is spelled otherwise; what cannot be read of it is missed."""
    found = []
    for piece, meaning in lists.beside(kind, text):
        if not meaning.ids and not (kind == "allergy" and allergy_words(piece)):
            missed.append(NotUnderstood(field=field, value=piece[:80], did_you_mean=tuple(map(_shown_concept, meaning.near))))
            continue
        known = _known_as(meaning, field, piece, parts, side)
        found.append(msgspec.structs.replace(known, words=allergy_words(piece)) if kind == "allergy" else known)
    return found


@functools.lru_cache(maxsize=8192)
def _medicines_in(condition: str, *, whole: bool) -> tuple[names.Meaning, ...]:
    """What `_each_medicine_in` finds: the same line is read at every check of a visit."""
    return tuple(_each_medicine_in(condition, whole=whole))


def _each_medicine_in(condition: str, *, whole: bool) -> Iterator[names.Meaning]:
    """The medicines in the name of a condition: all of it, what is said after "on", what stands beside it ("DVT - Xarelto 20 mg",
    "AFib (Eliquis)"), and a blood thinner wherever it stands ("afib eliquis"). What somebody is allergic to is not taken."""
    if denials.says_only_no("medication", condition):
        return
    text = relatives.own(condition[:200])
    taking = _TAKING.split(denials.affirmed(text), maxsplit=1)[1:]
    parts = (part for piece in names.pieces(text) for part in _IN_BRACKETS.split(piece))
    beside = [part for part in parts if names.plain(part) and not names.concept("condition", part).ids]
    found: set[tuple[str, ...]] = set()
    for part in ((text, *taking, *beside) if whole else (*taking, *beside)):
        meaning = names.concept("medication", part)
        is_meant = meaning.is_exact or part in taking
        if meaning.ids and is_meant and meaning.ids not in found and not _ALLERGIC.search(part):
            found.add(meaning.ids)
            yield meaning
    if not _NOT_TAKEN.search(text):
        left = names.concept("medication", names.unnamed("condition", denials.affirmed(text))).ids
        thinners = (one for one in left if not {"anticoagulant", "antiplatelet"}.isdisjoint(knowledge.vocabulary()[one].classes))
        yield from (names.Meaning((one,)) for one in thinners if not any(one in ids for ids in found))
    if figured := measured.medications(text):
        yield names.Meaning(figured)


def _thinners_in(denied: str) -> tuple[str, ...]:
    """The blood thinners that may be taken though something is denied: "no bleeding on Xarelto"."""
    near = names.concept("medication", denied).near
    return tuple(one for one in near if "anticoagulant" in knowledge.vocabulary()[one].classes)


def _thinners_beside(field: str, condition: str) -> Iterator[NotUnderstood]:
    """The blood thinners in a part of a line that denies something else than taking them: "AFib, no missed Eliquis"."""
    for part in names.pieces(relatives.own(condition)) if phrases.is_denied(condition) else ():
        if phrases.is_denied(part) and not denials.stopped_medicines(part) and (near := _thinners_in(part)):
            yield NotUnderstood(field=field, value=part[:80], did_you_mean=tuple(map(_shown_concept, near)))


@functools.lru_cache(maxsize=4096)
def _allergic_to(condition: str) -> tuple[str, ...]:
    """What somebody is allergic to by a line among the conditions: "allergic to lidocaine", 利多卡因过敏."""
    text = denials.affirmed(relatives.own(condition[:200]))
    if not _ALLERGIC.search(text):
        return ()
    said = (_ALLERGIC.sub(" ", part) for part in names.pieces(text))
    return tuple(what for what in said if names.plain(what) and allergy_words(what))


def _allergies_in(patient: Patient) -> Iterator[Known]:
    for index, one in enumerate(patient.conditions or ()):
        for what in _allergic_to(one.name):
            known = _known_as(names.concept("allergy", what), f"patient.conditions[{index}].name", one.name)
            yield msgspec.structs.replace(known, words=allergy_words(what))


def _stopped(patient: Patient) -> Iterator[Known]:
    """What is said to be taken no longer, for each line that says so."""
    lists_ = (("conditions", patient.conditions), ("medications", patient.medications))
    for list_, index, one in ((list_, index, one) for list_, given in lists_ for index, one in enumerate(given or ())):
        if ids := denials.stopped_medicines(one.name):
            yield _known_as(names.Meaning(ids), f"patient.{list_}[{index}].name", one.name)


def _known_as(
    meaning: names.Meaning, field: str, text: str, parts: frozenset[str] | None = None, side: str | None = None
) -> Known:
    concepts = tuple(knowledge.vocabulary()[identity] for identity in meaning.ids)
    words = frozenset(word for concept in concepts for word in (concept.id, *concept.classes))
    return Known(
        field=field, text=text[:80], concepts=concepts, words=words, is_exact=meaning.is_exact, parts=parts, side=side)


def _where(condition: Condition) -> tuple[frozenset[str] | None, str | None]:
    """Where a condition lies: as its region says, else as its name does (`left knee replacement`)."""
    text = condition.region or denials.affirmed(condition.name) or condition.name
    side = condition.side or names.side(text) or names.side(condition.name)
    if condition.region:
        point = names.point(condition.region)
        if point.id is not None:
            return frozenset((knowledge.points()[point.id].body_part,)), side
    named = names.regions(text)
    if condition.region and not named and (one := names.region(text)).id is not None:
        named = (one.id,)
    parts = frozenset(part for one in named for part in knowledge.regions()[one].parts)
    if parts and _AND_BELOW.search(text):
        limbs = (knowledge.regions()[limb].parts for limb in ("arm", "leg"))
        parts |= next((limb for limb in limbs if parts & limb), knowledge.regions()["leg"].parts)
    return parts or None, side


def may_be_lumbar(puncture: Puncture) -> bool:
    """Whether one of the points with many levels may lie at the lumbar spine: it does unless its level is said to be higher."""
    level = puncture.injection.site.level
    return puncture.place in POINTS_OF_MANY_LEVELS and (level is None or _HIGH_LEVEL.fullmatch(level.strip()) is None)


def _is_below_the_lung(level: str | None) -> bool:
    """Whether a vertebral level is surely below the lung: the second lumbar vertebra or lower."""
    return level is not None and _LOW_LEVEL.fullmatch(level.strip()) is not None


@functools.cache
def _zones(kind: str, place: str, is_below_the_lung: bool = False) -> tuple[tuple[HazardZone, ...], frozenset[str]]:
    """The hazard zones a place lies in, and their kinds. Of the points with many levels the low ones are not over the lung."""
    listed = {"point": "points", "muscle": "muscles", "region": "regions"}[kind]
    is_low = is_below_the_lung and place in POINTS_OF_MANY_LEVELS
    zones = tuple(
        zone
        for zone in knowledge.hazard_zones().values()
        if place in getattr(zone, listed) and not (is_low and zone.kind == "lung")
    )
    return zones, frozenset(zone.kind for zone in zones)


def _body_part(kind: str, place: str) -> str:
    facts: dict[str, Any] = {"point": knowledge.points, "muscle": knowledge.trigger_points, "region": knowledge.regions}[kind]()
    return facts[place].body_part


def _shown_concept(identity: str) -> str:
    return knowledge.vocabulary()[identity].term
