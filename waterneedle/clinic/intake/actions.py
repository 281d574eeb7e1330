"""Writes of the room: what is measured."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone

from waterneedle import knowledge, outcomes
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person, Who
from waterneedle.clinic.intake.models import Answers, Form, PainDrawing
from waterneedle.clinic.patients.models import Patient, Speaker
from waterneedle.knowledge import Instrument

By = Person | Who


@transaction.atomic
def record_answers(
    *,
    patient: Patient,
    instrument: str,
    answers: Mapping[str, float],
    by: By,
    said_by: str = Speaker.PATIENT,
    named: str = "",
    language: str = "",
    answered_at: datetime.datetime | None = None,
    form: Form | None = None,
    about: object = "",
    replaces: Answers | None = None,
) -> Answers:
    """The answers to one instrument, as they were given, with their score. Raises ValueError for answers that cannot be, KeyError
    for an instrument that is not on file. `about` is the uid of the visit or check-in that asked."""
    asked = knowledge.instruments()[instrument]
    row = Answers.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        instrument=instrument,
        instrument_version=instrument_version(asked),
        answers=msgspec.json.encode(dict(answers), order="deterministic").decode(),
        score=outcomes.score(asked, answers),
        named=named.strip(),
        language=language,
        said_by=said_by,
        answered_at=answered_at or timezone.now(),
        form=form,
        about=str(about),
        replaces=replaces,
        made_by=getattr(by, "user", None),
    )
    audit.append(
        by=by,
        action="correct" if replaces else "create",
        kind="answers",
        uid=row.uid,
        patient=patient.uid,
        after=audit.digest(row.answers),
        detail={"instrument": instrument},
    )
    return row


@transaction.atomic
def record_pain_drawing(
    *,
    patient: Patient,
    runs: Iterable[tuple[int, int, int]],
    by: By,
    words: str = "",
    said_by: str = Speaker.PATIENT,
    drawn_at: datetime.datetime | None = None,
    form: Form | None = None,
    about: object = "",
) -> PainDrawing:
    """A pain drawing as runs of cells. Raises ValueError for runs that are not on the body, and
    when nothing is painted and nothing is said."""
    from waterneedle.body import pain  # late: slow (numpy)

    drawn = pain.runs(pain.intensities(tuple(run) for run in runs))
    if not drawn and not words.strip():
        raise ValueError("nothing is painted and nothing is said")
    row = PainDrawing.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        runs=msgspec.json.encode(drawn).decode(),
        words=words.strip(),
        said_by=said_by,
        drawn_at=drawn_at or timezone.now(),
        form=form,
        about=str(about),
        made_by=getattr(by, "user", None),
    )
    audit.append(
        by=by, action="create", kind="pain drawing", uid=row.uid, patient=patient.uid, after=audit.digest([row.runs, row.words])
    )
    return row


def instrument_version(instrument: Instrument) -> str:
    """What stands for the questions, their range and their scoring: answers with the same one may be compared."""
    asked: list[Any] = [instrument.id, instrument.items, instrument.scoring, instrument.minimum_answered, instrument.segment_cm]
    return hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).hexdigest()[:16]
