"""What a patient has said, in words: for the patient who looks through it, and for who reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from waterneedle import knowledge
from waterneedle.clinic.intake.models import Answers, Said, SaidKind
from waterneedle.clinic.intake.questions import Step, said
from waterneedle.clinic.patients.models import MEASURE_UNITS, FactKind, MeasureKind, PregnancyStatus, Severity
from waterneedle.clinic.web import words


@dataclass(frozen=True)
class StepAnswers:
    """The questions of a step that were answered, each with its answer in words, and those that were left open."""

    given: list[tuple[Any, str]]
    open: list[Any]


def answers(form: Step) -> StepAnswers:
    said_so = [(field.label, _in_words(form, name, field)) for name, field in form.fields.items()]
    given = [(label, answer) for label, answer in said_so if answer is not None]
    return StepAnswers(given, [label for label, answer in said_so if answer is None])


def in_words(one: Said) -> tuple[str, str]:
    """What was said, and what goes with it."""
    says = one.says
    if one.kind in FactKind.values:
        severity = says.get("severity") and str(Severity(says["severity"]).label)
        return says["said"], words.described((says.get("reaction") or "", severity or ""))
    if one.kind == SaidKind.NONE:
        return _none(says["of"]), ""
    if one.kind == SaidKind.UNSURE:
        concept = knowledge.vocabulary().get(says["concept"])
        return (_("Not sure: %(what)s") % {"what": concept.term} if concept else _("There is something, not named")), str(
            FactKind(says["of"]).label
        )
    if one.kind == SaidKind.PREGNANCY:
        weeks = _("week %(weeks)s") % {"weeks": says["weeks"]} if says.get("weeks") else ""
        return str(PregnancyStatus(says["status"]).label), weeks
    if one.kind == SaidKind.MEASURE:
        kind = MeasureKind(says["kind"])
        return f"{kind.label}: {words.amount(float(says['value']), MEASURE_UNITS[kind])}", _("typed: %(said)s") % {
            "said": says["said"]
        }
    return says.get("said") or _("An injection or a needle has done harm; not told what"), _("harm by an earlier injection")


def score(one: Answers, language: str) -> dict[str, Any]:
    """An instrument's name, its score, and what it is about."""
    instrument = knowledge.instruments().get(one.instrument)
    name = said(instrument.name, language) if instrument else one.instrument
    return {"name": name, "score": one.score, "named": one.named, "most": instrument.maximum if instrument else None}


def _none(kind: str) -> str:
    return {
        FactKind.CONDITION: _("No illness or condition"),
        FactKind.ALLERGY: _("No allergies"),
        FactKind.MEDICATION: _("No medicines"),
    }[FactKind(kind)]


def _in_words(form: Step, name: str, field: Any) -> str | None:
    value = form.data.get(name) if form.is_bound else None
    if value in (None, "", []):
        return None
    if name == "drawing":
        return _("painted")
    if isinstance(value, list):
        return words.listed(value)
    return str(dict(getattr(field, "choices", ())).get(value, value))
