"""A plan as the rules see it: every name led to its fact once, every puncture with its place, its fluid and its reach.

Nothing here judges. What could not be understood is kept, with what was perhaps meant.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec

from waterneedle import dosage, knowledge
from waterneedle.knowledge import Concept, HazardZone, Period, Product, Substance
from waterneedle.safety import names
from waterneedle.safety.plan import (
    Condition,
    Container,
    Content,
    CustomProduct,
    Injection,
    NotUnderstood,
    Patient,
    Plan,
    Strength,
)

_STRENGTH_IN_NAME = re.compile(r"\d[\d.,]*\s*(?:%|(?:mg|mcg|µg|ug|g|iu)\s*/\s*ml)", re.IGNORECASE)


class Fluid(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One content of a syringe: the product or substances it was led to, and how much of it goes into each puncture."""

    field: str
    name: str
    content: Content
    product: Product | None
    substances: tuple[Substance, ...]
    custom: CustomProduct | None
    volume_ml: float | None
    mg_per_ml: dict[str, float]  # by substance; empty where no strength is known
    allergens: frozenset[str]
    classes: frozenset[str]

    @property
    def is_known(self) -> bool:
        return self.product is not None or bool(self.substances) or bool(self.classes)

    @property
    def container(self) -> Container | None:
        return self.content.container


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
        return tuple(known for known in self.medications or () if not known.words.isdisjoint(words))

    def observed(self, concept: str) -> float | str | None:
        """The latest value observed of `concept`, as given; None where it was not."""
        found = [one for one in self.patient.observations or () if concept in names.concept("observation", one.name).ids]
        return max(found, key=lambda one: one.date or date.min).value if found else None

    def observed_number(self, concept: str) -> float | None:
        """The latest observed value as a number; None where it was not given or is no number."""
        value = self.observed(concept)
        try:
            return None if value is None else float(value)
        except ValueError:
            return None


def read(plan: Plan) -> Reading:
    """Everything in `plan` led to its fact. Injections that were not done are left out."""
    missed: list[NotUnderstood] = []
    patient = plan.patient
    jurisdiction = knowledge.jurisdictions().get((plan.jurisdiction or "").strip().upper())
    if plan.jurisdiction is not None and jurisdiction is None:
        missed.append(NotUnderstood(field="jurisdiction", value=plan.jurisdiction[:80]))
    conditions = _known("condition", "patient.conditions", patient.conditions, missed)
    medications = _known("medication", "patient.medications", patient.medications, missed)
    allergies = _allergies(patient, missed)
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
        medications=medications,
        medication_words=_words(medications),
        age_years=_years(patient.birth_date, plan.date),
        period=jurisdiction and jurisdiction.period(plan.date),
        jurisdiction=jurisdiction,
        not_understood=tuple(missed),
    )


def _words(known: tuple[Known, ...] | None) -> frozenset[str]:
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
        missed.append(NotUnderstood(field=f"{field}.site.{kind}", value=text[:80], did_you_mean=tuple(map(_shown, place.near))))
    fluids = tuple(
        _fluid(f"{field}.contents[{index}]", content, injection, missed) for index, content in enumerate(injection.contents)
    )
    side = site.side or place.side
    sine = 1.0 if injection.angle_deg is None else math.sin(math.radians(injection.angle_deg))
    depth = max((depth for depth in (injection.depth_mm, injection.depth_max_mm) if depth is not None), default=None)
    length = injection.needle and injection.needle.length_mm
    zones, kinds = ((), frozenset()) if place.id is None else _zones(kind, place.id)
    return Puncture(
        number=number,
        field=field,
        injection=injection,
        kind=kind,
        place=place.id,
        name=_shown(place.id) if place.id else text[:40],
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


def _fluid(field: str, content: Content, injection: Injection, missed: list[NotUnderstood]) -> Fluid:
    alone = len(injection.contents) == 1
    volume = content.volume_ml if content.volume_ml is not None else injection.volume_ml if alone else None
    if isinstance(content.product, CustomProduct):
        return _custom_fluid(field, content, content.product, volume, missed)
    facts = _product_facts(content.product)
    if not facts.is_known:
        missed.append(NotUnderstood(field=f"{field}.product", value=content.product[:80], did_you_mean=facts.near))
    return Fluid(
        field=field,
        name=facts.name,
        content=content,
        product=facts.product,
        substances=facts.substances,
        custom=None,
        volume_ml=volume,
        mg_per_ml=facts.mg_per_ml,
        allergens=facts.allergens,
        classes=facts.classes,
    )


class _ProductFacts(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    product: Product | None
    substances: tuple[Substance, ...]
    mg_per_ml: dict[str, float]
    allergens: frozenset[str]
    classes: frozenset[str]
    near: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        return self.product is not None or bool(self.substances)


@functools.lru_cache(maxsize=2048)
def _product_facts(text: str) -> _ProductFacts:
    meaning = names.product(text)
    if meaning.ids:
        return _facts_of(knowledge.products()[meaning.ids[0]])
    known = names.substance(_STRENGTH_IN_NAME.sub(" ", text))
    substances = tuple(knowledge.substances()[identity] for identity in known.ids)
    near = tuple(map(_shown_product, (*meaning.near, *known.near)))[: names.MOST_OFFERED]
    return _ProductFacts(
        name=text[:60],
        product=None,
        substances=substances,
        mg_per_ml=_strength_in(text, substances),
        near=near,
        allergens=_allergens_of(substances),
        classes=frozenset(cls for one in substances for cls in one.classes),
    )


def _facts_of(product: Product) -> _ProductFacts:
    ids = [
        *(active.substance for active in product.actives),
        *(part.substance for part in product.ingredients or () if part.substance),
    ]
    substances = tuple(knowledge.substances()[identity] for identity in dict.fromkeys(ids))
    strengths = {}
    for active in product.actives:
        try:
            strengths[active.substance] = dosage.to_mg(active.amount, active.unit) / active.per_ml
        except ValueError:  # IU, mEq: an amount without a mass
            continue
    stated = frozenset((*(product.allergens or ()), *(product.preservatives or ()), product.id))
    main = frozenset(cls for active in product.actives for cls in knowledge.substances()[active.substance].classes)
    return _ProductFacts(
        name=product.name,
        product=product,
        substances=substances,
        mg_per_ml=strengths,
        allergens=stated | _allergens_of(substances),
        classes=main | {product.category},
    )


def _custom_fluid(
    field: str, content: Content, custom: CustomProduct, volume: float | None, missed: list[NotUnderstood]
) -> Fluid:
    named = names.substance(_STRENGTH_IN_NAME.sub(" ", custom.name))
    ids = list(named.ids)
    for index, part in enumerate(custom.ingredients or ()):
        found = names.substance(part.substance)
        ids.extend(found.ids)
        if not found.ids:
            missed.append(
                NotUnderstood(
                    field=f"{field}.product.ingredients[{index}].substance",
                    value=part.substance[:80],
                    did_you_mean=tuple(map(_shown_product, found.near)),
                )
            )
    substances = tuple(knowledge.substances()[identity] for identity in dict.fromkeys(ids))
    stated: set[str] = set()
    for key in ("allergens", "preservatives"):
        for index, text in enumerate(getattr(custom, key) or ()):
            words = allergy_words(text)
            stated |= words
            if not words:
                missed.append(NotUnderstood(field=f"{field}.product.{key}[{index}]", value=text[:80]))
    category = (custom.category or "").strip().lower().replace(" ", "_")
    classes = {cls for one in substances for cls in one.classes} | ({category} & _substance_classes())
    if not substances and not classes:
        missed.append(
            NotUnderstood(
                field=f"{field}.product.name", value=custom.name[:80], did_you_mean=tuple(map(_shown_product, named.near))
            )
        )
    main = tuple(knowledge.substances()[identity] for identity in named.ids)
    return Fluid(
        field=field,
        name=custom.name[:60],
        content=content,
        product=None,
        substances=substances,
        custom=custom,
        volume_ml=volume,
        mg_per_ml=_custom_strength(custom.strength, main) or _strength_in(custom.name, main),
        allergens=frozenset(stated) | _allergens_of(substances),
        classes=frozenset(classes),
    )


def _custom_strength(strength: Strength | None, substances: tuple[Substance, ...]) -> dict[str, float]:
    if strength is None or strength.unit is None or len(substances) != 1:
        return {}
    try:
        if strength.per_ml is None:
            parsed = dosage.parse_strength(f"{strength.amount} {strength.unit}")
            mg_per_ml = dosage.to_mg(float(parsed.amount), parsed.unit) / float(parsed.per_ml)
        else:
            mg_per_ml = dosage.to_mg(strength.amount, strength.unit) / strength.per_ml
    except ValueError:
        return {}
    return {substances[0].id: mg_per_ml}


def _strength_in(text: str, substances: tuple[Substance, ...]) -> dict[str, float]:
    """The strength that stands in a name such as `lidocaine 1 %`, where only one substance is named."""
    match = _STRENGTH_IN_NAME.search(text)
    if match is None or len(substances) != 1:
        return {}
    try:
        parsed = dosage.parse_strength(match[0])
        return {substances[0].id: dosage.to_mg(float(parsed.amount), parsed.unit) / float(parsed.per_ml)}
    except ValueError:
        return {}


def _allergens_of(substances: Iterable[Substance]) -> frozenset[str]:
    return frozenset(word for one in substances for word in (*one.allergens, one.id))


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
        found.append(Known(field=field, text=allergy.substance[:80], concepts=concepts, words=words))
        if not words:
            missed.append(
                NotUnderstood(field=field, value=allergy.substance[:80], did_you_mean=tuple(map(_shown_concept, meaning.near)))
            )
    return tuple(found)


@functools.lru_cache(maxsize=4096)
def allergy_words(text: str) -> frozenset[str]:
    """What an allergy to `text` is an allergy to: ids and classes of the vocabulary, of substances and of products."""
    meaning = names.concept("allergy", text)
    words = {word for identity in meaning.ids for word in (identity, *knowledge.vocabulary()[identity].classes)}
    if meaning.ids and meaning.is_exact:
        return frozenset(words | _exact_substance(text))
    product = names.product(text)
    if product.ids and product.is_exact:
        return _facts_of(knowledge.products()[product.ids[0]]).allergens
    substance = names.substance(text)
    for identity in substance.ids if not words or substance.is_exact else ():
        words |= {identity, *knowledge.substances()[identity].allergens}
    return frozenset(words)


def _exact_substance(text: str) -> set[str]:
    substance = names.substance(text)
    return set(substance.ids) if substance.is_exact else set()


def _known(kind: str, field: str, given: Any, missed: list[NotUnderstood]) -> tuple[Known, ...] | None:
    if given is None:
        return None
    found = []
    for index, one in enumerate(given):
        meaning = names.concept(kind, one.name)
        if meaning.says_none:
            continue
        concepts = tuple(knowledge.vocabulary()[identity] for identity in meaning.ids)
        words = frozenset(word for concept in concepts for word in (concept.id, *concept.classes))
        place = f"{field}[{index}].name"
        where, side = _where(one) if isinstance(one, Condition) else (None, None)
        found.append(Known(field=place, text=one.name[:80], concepts=concepts, words=words, parts=where, side=side))
        if not concepts:
            missed.append(NotUnderstood(field=place, value=one.name[:80], did_you_mean=tuple(map(_shown_concept, meaning.near))))
    return tuple(found)


def _where(condition: Condition) -> tuple[frozenset[str] | None, str | None]:
    """Where a condition lies: as its region says, else as its name does (`left knee replacement`)."""
    text = condition.region or condition.name
    side = condition.side or names.side(text) or names.side(condition.name)
    if condition.region:
        point = names.point(condition.region)
        if point.id is not None:
            return frozenset((knowledge.points()[point.id].body_part,)), side
    region = names.region(text)
    known = region.id is not None and (condition.region or region.is_exact)
    return (knowledge.regions()[region.id].parts if known else None), side


@functools.cache
def _zones(kind: str, place: str) -> tuple[tuple[HazardZone, ...], frozenset[str]]:
    """The hazard zones a place lies in, and their kinds."""
    listed = {"point": "points", "muscle": "muscles", "region": "regions"}[kind]
    zones = tuple(zone for zone in knowledge.hazard_zones().values() if place in getattr(zone, listed))
    return zones, frozenset(zone.kind for zone in zones)


def _body_part(kind: str, place: str) -> str:
    facts: dict[str, Any] = {"point": knowledge.points, "muscle": knowledge.trigger_points, "region": knowledge.regions}[kind]()
    return facts[place].body_part


@functools.cache
def _shown(place: str) -> str:
    if place in knowledge.trigger_points():
        return knowledge.trigger_points()[place].muscle
    return place if place in knowledge.points() else place.replace("_", " ")


def _shown_product(identity: str) -> str:
    found = knowledge.products().get(identity) or knowledge.substances().get(identity)
    return identity if found is None else found.name


def _shown_concept(identity: str) -> str:
    return knowledge.vocabulary()[identity].term


@functools.cache
def _substance_classes() -> frozenset[str]:
    return frozenset(cls for one in knowledge.substances().values() for cls in one.classes)
