"""What the answers of a questionnaire say about health that the record does not have. Pure functions of values.

What asks for caution counts at once: an illness, an allergy, a medicine, a pregnancy. What takes caution away, or could (there is
none, not pregnant, a weight), waits for a practitioner. What was left open says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from waterneedle import knowledge
from waterneedle.clinic.intake import figures
from waterneedle.clinic.intake.models import SaidKind
from waterneedle.clinic.intake.questions import ALLERGIES, CONDITIONS, NO, UNSURE, YES, named_allergies
from waterneedle.clinic.patients.models import FactKind, PregnancyStatus
from waterneedle.clinic.patients.queries import Health
from waterneedle.safety import names

Typed = Mapping[str, Mapping[str, Any]]  # cleaned, by step


@dataclass(frozen=True)
class Saying:
    """One thing that was said; `counts` when it holds before anybody has looked at it."""

    kind: SaidKind
    value: dict[str, Any]
    counts: bool = False


def sayings(answers: Typed, known: Health) -> list[Saying]:
    """Everything new in `answers`, in the order of the questions."""
    told = [*_conditions(answers), *_medicines(answers), *_allergies(answers), *_body(answers), *_before(answers)]
    found: list[Saying] = []
    for one in told:
        if not _is_known(one, known) and not any(_says_the_same(one, other) for other in found):
            found.append(one)
    return found


# --- by kind


def _conditions(answers: Typed) -> Iterator[Saying]:
    health, before, body = (answers.get(step, {}) for step in ("health", "before", "body"))
    asked = {concept: health.get(f"has_{concept}", "") for concept in CONDITIONS}
    asked |= {"syncope_history": before.get("fainted", ""), "needle_phobia": before.get("afraid", "")}
    asked |= {"anaphylaxis_history": answers.get("allergies", {}).get("anaphylaxis", "")}
    asked |= {"breastfeeding": body.get("breastfeeding", "")} if body.get("breastfeeding") else {}
    yield from _ticked(FactKind.CONDITION, asked)
    others, none = _others(FactKind.CONDITION, health.get("any", ""), health.get("others", ()))
    yield from others
    if none and set(asked.values()) == {NO}:
        yield Saying(SaidKind.NONE, {"of": FactKind.CONDITION})


def _medicines(answers: Typed) -> Iterator[Saying]:
    step = answers.get("medicines", {})
    others, none = _others(FactKind.MEDICATION, step.get("any", ""), step.get("medicines", ()))
    yield from others
    thinner = step.get("thinner", "")
    if thinner == YES and not any(_thins_blood(one.value) for one in others):
        yield _fact(FactKind.MEDICATION, "anticoagulant")
    if thinner == UNSURE:
        yield Saying(SaidKind.UNSURE, {"of": FactKind.MEDICATION, "concept": "anticoagulant"})
    if none and thinner in ("", NO):
        yield Saying(SaidKind.NONE, {"of": FactKind.MEDICATION})


def _allergies(answers: Typed) -> Iterator[Saying]:
    step, reactions = answers.get("allergies", {}), answers.get("reactions", {})
    happened = {
        words: {"reaction": reactions.get(f"what_{key}", ""), "severity": reactions.get(f"bad_{key}", "")}
        for key, words in named_allergies(step).items()
    }
    asked = {concept: step.get(f"to_{concept}", "") for concept in ALLERGIES}
    for one in _ticked(FactKind.ALLERGY, asked):
        more = happened.get(str(ALLERGIES[one.value["concept"]]), {}) if one.counts else {}
        yield Saying(one.kind, one.value | more, one.counts)
    others, none = _others(FactKind.ALLERGY, step.get("any", ""), step.get("others", ()))
    for one in others:
        yield Saying(one.kind, one.value | happened.get(one.value.get("said", ""), {}), one.counts)
    if none and set(asked.values()) == {NO}:
        yield Saying(SaidKind.NONE, {"of": FactKind.ALLERGY})


def _body(answers: Typed) -> Iterator[Saying]:
    body = answers.get("body", {})
    if status := body.get("pregnancy"):
        weeks = body.get("weeks")
        cautious = status in (PregnancyStatus.PREGNANT, PregnancyStatus.POSSIBLE, PregnancyStatus.UNKNOWN)
        yield Saying(SaidKind.PREGNANCY, {"status": status, "weeks": None if weeks is None else str(weeks)}, cautious)
    for name, kind, read in (("height", "height_cm", figures.height_cm), ("weight", "weight_kg", figures.weight_kg)):
        if typed := body.get(name):
            yield Saying(SaidKind.MEASURE, {"kind": kind, "value": str(read(typed)), "said": typed})


def _before(answers: Typed) -> Iterator[Saying]:
    before = answers.get("before", {})
    if before.get("reacted") in (YES, UNSURE) or before.get("reaction"):
        yield Saying(
            SaidKind.NOTE, {"about": "reaction", "answer": before.get("reacted", ""), "said": before.get("reaction", "")}
        )


# --- inside


def _ticked(kind: FactKind, asked: Mapping[str, str]) -> Iterator[Saying]:
    for concept, answer in asked.items():
        if answer == YES:
            yield _fact(kind, concept)
        elif answer == UNSURE:
            yield Saying(SaidKind.UNSURE, {"of": kind, "concept": concept})


def _others(kind: FactKind, any_: str, named: Any) -> tuple[list[Saying], bool]:
    """What was named in the patient's own words, and whether the answer is that there is nothing more."""
    meant = [(said, names.concept(kind, said)) for said in named or ()]
    told = [
        Saying(SaidKind(kind), {"said": said, "concept": meaning.ids[0] if len(meaning.ids) == 1 else ""}, counts=True)
        for said, meaning in meant
        if not meaning.says_none
    ]
    says_none = any(meaning.says_none for _said, meaning in meant)
    if any_ == YES and not told and not says_none:
        told = [Saying(SaidKind.UNSURE, {"of": kind, "concept": ""})]  # there is something, and nobody knows what
    return told, not told and (any_ == NO or (says_none and any_ != YES))


def _fact(kind: FactKind, concept: str) -> Saying:
    return Saying(SaidKind(kind), {"said": knowledge.vocabulary()[concept].term, "concept": concept}, counts=True)


def _thins_blood(value: Mapping[str, Any]) -> bool:
    concept = knowledge.vocabulary().get(value.get("concept", ""))
    return concept is not None and "anticoagulant" in {concept.id, *concept.classes}


def _is_known(one: Saying, known: Health) -> bool:
    """Whether the record says the same already."""
    if one.kind in FactKind.values:
        facts = known.facts[one.kind] or ()
        same = [fact for fact in facts if _same(fact, one.value)]
        return bool(same) and not one.value.get("reaction")
    if one.kind == SaidKind.NONE:
        return known.facts[one.value["of"]] == ()
    if one.kind == SaidKind.MEASURE:
        measure = known.measures.get(one.value["kind"])
        return measure is not None and str(measure.value) == one.value["value"]
    return False


def _says_the_same(one: Saying, other: Saying) -> bool:
    """Ticked, and named once more in the patient's own words."""
    return (
        one.kind in FactKind.values
        and one.kind == other.kind
        and bool(one.value["concept"])
        and (one.value["concept"] == other.value["concept"])
    )


def _same(fact: Any, value: Mapping[str, Any]) -> bool:
    if value["concept"]:
        return fact.concept == value["concept"]
    return names.plain(fact.said) == names.plain(value["said"])
