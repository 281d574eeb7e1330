"""What is known from what patients filled in and signed, ready to be used or shown."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.intake import documents, questions, saying, signature, wording
from waterneedle.clinic.intake.models import (
    AddedLines,
    Answers,
    Consent,
    Form,
    PainDrawing,
    Review,
    Said,
    SaidKind,
    Signer,
    State,
    Withdrawal,
)
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import ADULT_AGE, kept_record, records_of
from waterneedle.safety.plan import Consent as ContractConsent


@dataclass(frozen=True)
class Standing:
    """A consent as it stands: the lines in force by id, in the order of their agreement, and whether all was taken back."""

    consent: Consent
    lines: dict[str, dict]
    withdrawn_at: datetime.datetime | None


def consent_for(
    patient: Patient, day: datetime.date, at: datetime.datetime | None = None, records: Sequence[int] | None = None
) -> ContractConsent | None:
    """What is signed and holds on `day` (at the moment `at`, if it is given), as the plan names it; None when nothing does.

    The newest consent counts, with the lines added to it and without those taken back: a new one replaces all before it.
    `records` are those of `records_of`, where they have been read already.
    """
    consent = newest_consent(patient, day, at, records)
    if consent is None or not consent.signed_on <= day <= consent.until or _is_outgrown(consent, patient, day):
        return None
    standing = standing_of(consent, day, at)
    if standing.withdrawn_at is not None or not standing.lines:
        return None
    covers = dict.fromkeys(word for line in standing.lines.values() for word in line["covers"])
    return ContractConsent(
        signed_on=consent.signed_on, covers=tuple(covers), signed_by=consent.signed_by, interpreter=consent.interpreter or None
    )


def _is_outgrown(consent: Consent, patient: Patient, day: datetime.date) -> bool:
    """Whether a guardian has signed for a minor who is of age by now, and signs for themself."""
    then, now = patient.age_on(consent.signed_on), patient.age_on(day)
    if consent.signed_by != Signer.GUARDIAN or patient.lacks_capacity or then is None or now is None:
        return False
    return then < ADULT_AGE <= now


def newest_consent(
    patient: Patient, day: datetime.date, at: datetime.datetime | None = None, records: Sequence[int] | None = None
) -> Consent | None:
    """The last consent that was signed by `day` or by the moment `at`, whether it still holds or not."""
    rows = records_of(patient) if records is None else records
    signed = _signed_at(patient.clinic_id, rows, at) if at else _signed_on(patient.clinic_id, rows, day)
    return signed[0] if signed else None


@prepared
def _signed_at(clinic_id: int, records: Sequence[int], at: datetime.datetime) -> QuerySet[Any]:
    rows = Consent.objects.filter(clinic_id=clinic_id, patient_id__in=records, signed_at__lte=at)
    return rows.order_by("-signed_at", "-pk")[:1]


@prepared
def _signed_on(clinic_id: int, records: Sequence[int], day: datetime.date) -> QuerySet[Any]:
    rows = Consent.objects.filter(clinic_id=clinic_id, patient_id__in=records, signed_on__lte=day)
    return rows.order_by("-signed_at", "-pk")[:1]


@prepared
def _added_to(clinic_id: int, consent: int) -> QuerySet[Any]:
    return AddedLines.objects.filter(clinic_id=clinic_id, consent_id=consent).order_by("pk")


@prepared
def _taken_back(clinic_id: int, consent: int) -> QuerySet[Any]:
    return Withdrawal.objects.filter(clinic_id=clinic_id, consent_id=consent).order_by("pk")


def standing_of(consent: Consent, day: datetime.date, at: datetime.datetime | None = None) -> Standing:
    """What of a consent holds on `day`, or at the moment `at`."""

    def by_then(moment: datetime.datetime, on: datetime.date) -> bool:
        return moment <= at if at else on <= day

    added = [row for row in _added_to(consent.clinic_id, consent.pk) if by_then(row.signed_at, row.signed_on)]
    taken = [row for row in _taken_back(consent.clinic_id, consent.pk) if by_then(row.at, row.on)]
    agreed: dict[str, tuple[datetime.datetime, dict]] = {}
    for row in [consent, *sorted(added, key=lambda one: one.signed_at)]:
        agreed |= {line["id"]: (row.signed_at, line) for line in row.says["lines"] if line["agreed"]}
    # A line that was taken back and agreed to again later stands.
    gone = {row.line: row.at for row in sorted(taken, key=lambda one: one.at) if row.line}
    lines = {name: line for name, (signed_at, line) in agreed.items() if name not in gone or gone[name] < signed_at}
    return Standing(consent, lines, min((row.at for row in taken if not row.line), default=None))


@dataclass(frozen=True)
class Document:
    """Something that was signed, ready to be shown: what it says, the signature, and what of it no longer fits its hash."""

    row: Consent | AddedLines
    says: dict[str, Any]
    drawn: str  # the path of a drawn signature; empty for a typed one
    typed: str
    problems: tuple[str, ...]

    @property
    def sources(self) -> list[dict[str, str]]:
        named = [source for part in (*self.says.get("sections", ()), *self.says["lines"]) for source in part["sources"]]
        return wording.cited(tuple(dict.fromkeys(named)))


@dataclass(frozen=True)
class Shown:
    """A consent with all that was added to it and taken back."""

    standing: Standing
    state: ConsentState
    documents: list[Document]
    withdrawals: list[Withdrawal]


def consent_shown(consent: Consent, now: datetime.datetime) -> Shown:
    today = now.astimezone(consent.clinic.tzinfo).date()
    # Of all that the person has signed: that of a record which was joined into another may be replaced by one of the other.
    state = next(one.state for one in consents_of(kept_record(consent.patient), now) if one.consent == consent)
    rows = [consent, *sorted(consent.added.all(), key=lambda one: one.signed_at)]
    taken = sorted(consent.withdrawals.all(), key=lambda one: one.at)
    return Shown(standing_of(consent, today, now), state, [document_of(row) for row in rows], taken)


def document_of(row: Consent | AddedLines) -> Document:
    """Something that was signed, with what of it no longer fits its hash."""
    given = row.signature_as_given
    columns = ("document", "hash", "salt", "name", "interpreter", "signature")
    return Document(
        row,
        row.says,
        signature.path(given.get("drawn", ())),
        given.get("typed", ""),
        documents.problems(**{name: getattr(row, name) for name in columns}),
    )


# --- forms


@dataclass(frozen=True)
class FormShown:
    """A form with what has become of it, and whether anything in it waits for a practitioner."""

    form: Form
    state: State
    pending: int


def forms_of(patient: Patient, now: datetime.datetime) -> list[FormShown]:
    """Every form of the patient, the newest first."""
    rows = Form.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records_of(patient)).select_related("made_by")
    counted = rows.annotate(pending=models.Count("said", filter=models.Q(said__reviews=None, said__isnull=False)))
    return [FormShown(one, one.state_at(now), one.pending) for one in counted.order_by("-made_at", "-pk")]


@dataclass
class SaidShown:
    """One thing that was said, in words, with the decision on it if there is one; `form` corrects it."""

    said: Said
    words: str
    more: str
    review: Review | None
    form: Any = None


@dataclass(frozen=True)
class ReviewShown:
    """The answers of a form by step, what they say of health, and the scores."""

    said: list[SaidShown]
    parts: list[dict[str, Any]]
    scores: list[dict[str, Any]]

    @property
    def pending(self) -> int:
        return sum(one.review is None for one in self.said)


def form_that_says_none(clinic_id: int, records: Sequence[int], kind: str) -> UUID | None:
    """The form in which the patient has answered last that there is no condition, allergy or medicine, while nobody has decided
    on that; None where nobody waits for it."""
    said = Said.objects.filter(clinic_id=clinic_id, patient_id__in=records, kind=SaidKind.NONE, reviews=None).order_by("-pk")
    return next((one.form.uid for one in said.select_related("form") if one.says["of"] == kind), None)


def review_of(form: Form, language: str) -> ReviewShown:
    """What a questionnaire that was sent back says, for who reads it in `language`."""
    said = Said.objects.filter(clinic_id=form.clinic_id, form=form).select_related("fact", "patient", "form", "clinic")
    rows = said.prefetch_related("reviews__by").order_by("pk")
    of = {"sex": form.patient.sex, "language": language}
    steps = [questions.step_of(step.name, {step.name: {}} | form.typed, of) for step in questions.shown_steps(form.typed)]
    parts = [{"title": one.title, "answers": saying.answers(one)} for one in steps if one.name not in ("scores", "pain")]
    answers = Answers.objects.filter(clinic_id=form.clinic_id, patient_id=form.patient_id, form=form).order_by("pk")
    scores = [saying.score(one, language) for one in answers]
    return ReviewShown([_said(one) for one in rows], parts, scores)


def _said(one: Said) -> SaidShown:
    words, more = saying.in_words(one)
    return SaidShown(one, words, more, next(iter(one.reviews.all()), None))


class ConsentState(models.TextChoices):
    IN_FORCE = "in force", _("in force")
    REPLACED = "replaced", _("replaced by a later one")
    WITHDRAWN = "withdrawn", _("taken back")
    OVER = "over", _("over")


@dataclass(frozen=True)
class ConsentShown:
    """A consent and what has become of it."""

    consent: Consent
    state: ConsentState


def consents_of(patient: Patient, now: datetime.datetime) -> list[ConsentShown]:
    """Every consent of the patient, the newest first."""
    rows = Consent.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records_of(patient))
    today = now.astimezone(patient.clinic.tzinfo).date()
    signed = list(rows.order_by("-signed_at", "-pk").prefetch_related("added", "withdrawals"))
    return [ConsentShown(one, _state(one, place, today, patient)) for place, one in enumerate(signed)]


def _state(consent: Consent, place: int, today: datetime.date, patient: Patient) -> ConsentState:
    if any(not row.line for row in consent.withdrawals.all()):
        return ConsentState.WITHDRAWN
    if place:
        return ConsentState.REPLACED
    is_over = consent.until < today or _is_outgrown(consent, patient, today)
    return ConsentState.OVER if is_over else ConsentState.IN_FORCE


# --- what was measured


def answers_of(patient: Patient, instrument: str = "") -> list[Answers]:
    """The answers that count, oldest first: of one instrument, or of all. What was corrected is left out."""
    rows = Answers.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records_of(patient), replaced_by=None)
    return list((rows.filter(instrument=instrument) if instrument else rows).order_by("answered_at", "pk"))


def pain_drawings_of(patient: Patient) -> list[PainDrawing]:
    """Oldest first."""
    rows = PainDrawing.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records_of(patient))
    return list(rows.order_by("drawn_at", "pk"))
