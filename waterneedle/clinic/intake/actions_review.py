"""Deciding on what a patient has said. Each decision is a row; what was said stays."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.intake.actions_forms import REVIEW, pregnancy_of
from waterneedle.clinic.intake.models import Decision, Form, Review, Said, SaidKind
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.models import FactKind, HealthFact
from waterneedle.clinic.tasks.actions import finish_cause, open_while
from waterneedle.clinic.tasks.models import Task


class StillHolds(ValueError):
    """ "None" was said, and the record has entries that hold. Nothing was written."""


@transaction.atomic
def decide(*, said: Said, decision: str, by: Person, note: str = "", corrected: Mapping[str, Any] | None = None) -> Review:
    """Take what was said, correct it, or do not take it. Raises ValueError when it was decided on, StillHolds for a "none"
    that the record contradicts."""
    if decision == Decision.ACCEPTED:
        fact = _accept(said, by)
    elif decision == Decision.CORRECTED:
        fact = _correct(said, corrected or {}, by)
    else:
        fact = _decline(said, note, by)
    try:
        with transaction.atomic():
            row = Review.objects.create(
                clinic_id=said.clinic_id, said=said, decision=decision, fact=fact, note=note.strip(), by=by.user
            )
    except IntegrityError as problem:
        raise ValueError("this was decided on already") from problem
    audit.append(by=by, action=str(decision), kind="answer", uid=said.uid, patient=said.patient.uid, detail={"of": said.kind})
    if not _pending(said.form).exists():
        _finish(said.form, by)
    return row


@transaction.atomic
def accept_all(*, form: Form, by: Person) -> int:
    """Take everything that is left as it was said; how much could not be taken, and stays."""
    left = 0
    for said in _pending(form).select_related("patient", "form"):
        try:
            with transaction.atomic():
                decide(said=said, decision=Decision.ACCEPTED, by=by)
        except StillHolds:
            left += 1
    if not left:
        _finish(form, by)
    return left


def _pending(form: Form) -> Any:
    return Said.objects.filter(clinic_id=form.clinic_id, form=form, reviews=None).order_by("pk")


@open_while(REVIEW)
def is_undecided(task: Task) -> bool:
    return Said.objects.filter(clinic_id=task.clinic_id, form__uid=task.about, reviews=None).exists()


def _finish(form: Form, by: Person) -> None:
    finish_cause(clinic=form.clinic, kind=REVIEW, cause=str(form.uid), by=by)


def _accept(said: Said, by: Person) -> HealthFact | None:
    says, patient = said.says, said.patient
    if said.kind == SaidKind.NONE:
        try:
            patients.say_none(patient=patient, kind=says["of"], by=by, said_by=said.said_by)
        except ValueError as problem:
            raise StillHolds(str(problem)) from problem
    elif said.kind == SaidKind.MEASURE:
        _measure(said, Decimal(says["value"]), by)
    elif said.kind == SaidKind.PREGNANCY and not _counted(said):
        patients.say_pregnancy(patient=patient, by=by, said_by=said.said_by, **pregnancy_of(says))
    return said.fact


def _correct(said: Said, corrected: Mapping[str, Any], by: Person) -> HealthFact | None:
    if said.kind == SaidKind.MEASURE:
        _measure(said, corrected["value"], by)
        return None
    if said.kind == SaidKind.PREGNANCY:
        weeks = corrected.get("weeks")
        patients.say_pregnancy(patient=said.patient, status=corrected["status"], weeks=weeks, by=by, said_by=said.said_by)
        return None
    kind = FactKind(corrected.get("kind") or said.kind)
    if said.fact is not None:
        patients.end_fact(fact=said.fact, why="corrected", by=by)
    more = {name: corrected[name] for name in ("reaction", "severity", "note") if corrected.get(name)}
    return patients.add_fact(patient=said.patient, kind=kind, said=corrected["said"], by=by, said_by=said.said_by, **more)


def _decline(said: Said, note: str, by: Person) -> None:
    if said.fact is not None:
        patients.end_fact(fact=said.fact, why=note.strip()[:200] or "not taken", by=by)


def _measure(said: Said, value: Decimal, by: Person) -> None:
    patients.add_measure(
        patient=said.patient, kind=said.says["kind"], value=value, measured_on=_day(said), by=by, said_by=said.said_by
    )


def _day(said: Said) -> datetime.date:
    return said.made_at.astimezone(said.clinic.tzinfo).date()


def _counted(said: Said) -> bool:
    """Whether what was said of a pregnancy stands in the record already: it asked for caution."""
    return said.says["status"] not in ("not_pregnant", "not_applicable")
