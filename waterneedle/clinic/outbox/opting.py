"""Who is not to be written to: who asked for that, whom rooms above know of (nobody writes to the dead), and who speaks for a
patient no more.

What such a patient must know is told by telephone: to every room they are one without an address.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person, Who
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.outbox import letters, links, sms
from waterneedle.clinic.outbox.actions import cancel
from waterneedle.clinic.outbox.models import ALARM, Letter, OptOut
from waterneedle.clinic.patients.models import Guardian, Patient
from waterneedle.clinic.patients.queries import records_of

Closes = Callable[[Patient, Sequence[int]], bool]
_closes: list[Closes] = []


def nobody_writes_to(closes: Closes) -> None:
    """Let a room above say to whom, with these records (`records_of`), nobody writes any more."""
    if closes not in _closes:
        _closes.append(closes)


def is_written_to(patient: Patient) -> bool:
    """Whether this patient (by the record that counts) may be written to."""
    return opt_out_of(patient) is None and not is_closed(patient)


def is_closed(patient: Patient) -> bool:
    """Whether a room above says that nobody writes to this patient any more; nobody calls them either."""
    records = records_of(patient)
    return any(closes(patient, records) for closes in _closes)


def opt_out_of(patient: Patient) -> OptOut | None:
    """That the patient asked not to be written to, in whichever of their records; None if they did not."""
    return next(iter(_opt_out(patient.clinic_id, records_of(patient))), None)


@transaction.atomic
def opt_out(*, patient: Patient, by: Person | Who, now: datetime) -> None:
    """Have nothing more sent to the patient. What waits to be sent is given up, and somebody is asked to call."""
    if opt_out_of(patient) is not None:
        return
    try:
        with transaction.atomic():
            OptOut.objects.create(
                clinic_id=patient.clinic_id, patient=patient, made_at=now, made_by=getattr(by, "user", None))
    except IntegrityError:  # asked in two windows
        return
    for letter in _waiting(patient):
        _give_up(letter, now)
    audit.append(by=by, action="opt out", kind="messages", patient=patient.uid)


@transaction.atomic
def opt_in(*, patient: Patient, by: Person | Who, now: datetime) -> None:
    """Write to the patient again."""
    rows = OptOut.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records_of(patient), ended_at=None)
    if rows.update(ended_at=now):
        audit.append(by=by, action="opt in", kind="messages", patient=patient.uid)


def give_up_letters(patient: Patient, now: datetime) -> None:
    """What waits to be sent to somebody nobody writes to any more is not sent, and nobody calls about it."""
    for letter in _waiting(patient):
        cancel(kind=letter.job.kind, key=letter.job.key, now=now)


def close_to(guardian: Guardian) -> None:
    """What was sent while this person spoke for the patient opens no more, for nobody knows who holds which link; what waits to
    be sent to them is given up. Somebody calls, or sends it again."""
    patient, now = guardian.patient, timezone.now()
    links.revoke_all(patient=patient, records=records_of(patient), now=now)
    theirs = {guardian.email, sms.international(guardian.phone)} - {""}
    for letter in _waiting(patient):
        if theirs.intersection(letter.addresses):
            _give_up(letter, now)


def _waiting(patient: Patient) -> list[Letter]:
    """What waits to be sent to the patient, or to who speaks for them."""
    rows = Letter.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records_of(patient), job__ended_at=None)
    return list(rows.exclude(about=ALARM).select_related("job").order_by("pk"))


def _give_up(letter: Letter, now: datetime) -> None:
    if cancel(kind=letter.job.kind, key=letter.job.key, now=now):
        letters.given_up(letter.job, now)


@prepared
def _opt_out(clinic_id: int, records: Sequence[int]) -> QuerySet[Any]:
    return OptOut.objects.filter(clinic_id=clinic_id, patient_id__in=records, ended_at=None).order_by("pk")[:1]
