"""The forms that are due before a visit: which, whether they were sent, and sending them with a booking."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.appointments import messages
from waterneedle.clinic.appointments.models import COMING, Booking, State
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.intake import actions_consent, actions_forms, wording
from waterneedle.clinic.intake.models import Consent, Form, FormKind, Withdrawal
from waterneedle.clinic.outbox.reaching import language_of
from waterneedle.clinic.patients.models import Joined, Patient
from waterneedle.clinic.patients.queries import guardians_of, needs_guardian


@dataclass(frozen=True)
class Due:
    """A form that is missing before a visit."""

    kind: str
    is_sent: bool  # and waits for the patient

    @property
    def words(self) -> str:
        if self.kind == FormKind.CONSENT:
            return _("consent sent") if self.is_sent else _("no consent")
        return _("questions sent") if self.is_sent else _("no questions answered")


@dataclass(frozen=True)
class Forms:
    """How the forms of one patient stand on one day."""

    missing: tuple[Due, ...] = field(default=())


def due_of(clinic: Clinic, patients: Iterable[Patient], day: datetime.date, now: datetime.datetime) -> dict[int, Forms]:
    """What is missing before a visit on `day`, by patient: the questions, unless ever sent back, and a consent that holds on
    that day. The same few statements for one patient and for many."""
    keys = {one.pk for one in patients}
    if not keys:
        return {}
    of = _records(clinic, keys)
    answered, waiting = set(), set()
    for patient, kind, submitted_at, ended_at, expires_at in _forms(clinic.pk, list(of)):
        if submitted_at:
            answered.add((of[patient], kind))
        elif ended_at is None and expires_at > now:
            waiting.add((of[patient], kind))
    consented = _consented(clinic, of, day)
    found = {}
    for key in keys:
        missing = []
        if (key, FormKind.QUESTIONS) not in answered:
            missing.append(FormKind.QUESTIONS)
        if key not in consented:
            missing.append(FormKind.CONSENT)
        found[key] = Forms(tuple(Due(kind, (key, kind) in waiting) for kind in missing))
    return found


def shown(clinic: Clinic, bookings: list[Booking], day: datetime.date, now: datetime.datetime) -> list[Booking]:
    """The bookings of a day, each of those that are still to come with `forms`, and `may_arrive`."""
    coming = [one for one in bookings if one.state in COMING or one.state == State.NO_SHOW]
    due = due_of(clinic, [one.patient for one in coming], day, now)
    for one in bookings:
        one.forms = due.get(one.patient_id) if one in coming else None  # type: ignore[attr-defined]
        one.may_arrive = one.state in (State.BOOKED, State.LATE, State.NO_SHOW)  # type: ignore[attr-defined]
    return bookings


def send_due(booking: Booking, by: Any, now: datetime.datetime) -> int:
    """Send what is missing and was not sent yet, as far as it can reach the patient; how many forms that were."""
    patient, clinic = booking.patient, booking.clinic
    day = booking.starts_at.astimezone(clinic.tzinfo).date()
    sent = 0
    for due in due_of(clinic, [patient], day, now)[patient.pk].missing:
        if due.is_sent or (due.kind == FormKind.CONSENT and _lacks_signer(patient, day)):
            continue
        language = language_of(patient)
        asked = None
        if due.kind == FormKind.CONSENT:
            text = actions_consent.text_in_force(clinic=clinic, language=language, by=by)
            asked = {"lines": [line.id for line in wording.read(text.words).lines if line.usual]}
        try:
            at_night = messages.is_soon(booking, now)
            actions_forms.send_form(patient=patient, kind=due.kind, language=language, by=by, asked=asked, at_night=at_night)
            sent += 1
        except actions_forms.CannotBeSent:
            break  # no address, or no date of birth to ask for at the door: the day shows what is missing
    return sent


def _lacks_signer(patient: Patient, day: datetime.date) -> bool:
    return bool(needs_guardian(patient, day)) and not any(one.may_consent for one in guardians_of(patient))


def _records(clinic: Clinic, keys: set[int]) -> dict[int, int]:
    """Every record that is read as one of these patients, and as which."""
    of = {key: key for key in keys}
    joined = _joined(clinic.pk)
    grew = True
    while grew:
        grew = False
        for kept, other in joined:
            if kept in of and other not in of:
                of[other], grew = of[kept], True
    return of


def _consented(clinic: Clinic, of: dict[int, int], day: datetime.date) -> set[int]:
    """Who has a consent that holds on `day`: the newest one counts, unless all of it was taken back."""
    newest = {of[patient]: (consent, until) for consent, patient, until in _consents(clinic.pk, list(of))}
    whole = set(_withdrawn_whole(clinic.pk, list(of)))
    return {key for key, (consent, until) in newest.items() if until >= day and consent not in whole}


@prepared
def _forms(clinic_id: int, patients: Sequence[int]) -> QuerySet[Any]:
    rows = Form.objects.filter(clinic_id=clinic_id, patient_id__in=patients)
    return rows.values_list("patient_id", "kind", "submitted_at", "ended_at", "expires_at")


@prepared
def _joined(clinic_id: int) -> QuerySet[Any]:
    return Joined.objects.filter(clinic_id=clinic_id, parted_at=None).values_list("kept_id", "other_id")


@prepared
def _consents(clinic_id: int, patients: Sequence[int]) -> QuerySet[Any]:
    rows = Consent.objects.filter(clinic_id=clinic_id, patient_id__in=patients).order_by("signed_at", "pk")
    return rows.values_list("pk", "patient_id", "until")


@prepared
def _withdrawn_whole(clinic_id: int, patients: Sequence[int]) -> QuerySet[Any]:
    rows = Withdrawal.objects.filter(clinic_id=clinic_id, consent__clinic_id=clinic_id, consent__patient_id__in=patients, line="")
    return rows.values_list("consent_id", flat=True)
