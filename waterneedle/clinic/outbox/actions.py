"""Writing what is to be done, in the transaction of its cause, and looking after what could not be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.audit.actions import append
from waterneedle.clinic.audit.who import Person, Who
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.database.written import insert
from waterneedle.clinic.outbox.models import Job, Letter, Outcome
from waterneedle.clinic.outbox.waking import wake


@transaction.atomic
def enqueue(
    *,
    kind: str,
    key: str,
    clinic: Clinic | None = None,
    payload: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
) -> Job:
    """The job of `kind` for the cause `key`: a new one, or the one that is there already, unchanged.

    `payload` holds ids; what a chart says is read when the job is done. Due now if `due_at` is not given.
    """
    found = _job(kind, key)
    if found:
        return found[0]
    job = Job(
        kind=kind, key=key, clinic=clinic, payload=msgspec.json.encode(payload or {}).decode(), due_at=due_at or timezone.now()
    )
    try:
        with transaction.atomic():
            insert(job)
    except IntegrityError:  # somebody else was first
        return _job(kind, key)[0]
    transaction.on_commit(wake)
    return job


@prepared
def _job(kind: str, key: str) -> QuerySet[Any]:
    return Job.objects.filter(kind=kind, key=key)


def enqueue_new(
    *, kind: str, key: str, clinic: Clinic, payload: Mapping[str, Any], due_at: datetime
) -> None:
    """A job for a cause that comes once, in the transaction of that cause, by one statement. Twice the same key is a mistake."""
    insert(Job(kind=kind, key=key, clinic=clinic, payload=msgspec.json.encode(payload).decode(), due_at=due_at))
    transaction.on_commit(wake)


@transaction.atomic
def cancel(*, kind: str, key: str, now: datetime) -> bool:
    """Have a job not done any more; False if it has ended, or is being done at this moment."""
    rows = Job.objects.select_for_update().filter(kind=kind, key=key, ended_at=None).exclude(leased_until__gt=now)
    waiting = list(rows.values_list("pk", flat=True))
    if waiting:
        Job.objects.filter(pk__in=waiting).update(ended_at=now, outcome=Outcome.CANCELLED, lease=None, leased_until=None)
        Letter.objects.filter(job_id__in=waiting).update(sealed=None)
    return bool(waiting)


@transaction.atomic
def try_again(*, job: Job, now: datetime, by: Person | Who) -> bool:
    """Put a job that was given up back to work, from the first attempt on; False if it was not given up, or if it is a
    letter that was sent and came back: that is not kept."""
    if Letter.objects.filter(job=job, sealed=None).exists():
        return False
    revived = Job.objects.filter(pk=job.pk, outcome=Outcome.DEAD).update(ended_at=None, outcome="", attempts=0, due_at=now)
    if revived:
        append(by=by, action="try again", kind="job", uid=job.uid, patient=_patient(job), detail={"kind": job.kind})
        transaction.on_commit(wake)
    return bool(revived)


@transaction.atomic
def give_up(*, job: Job, now: datetime, by: Person | Who) -> bool:
    """Leave a job that was given up as it is, seen by a person: it is on no list any more."""
    left = Job.objects.filter(pk=job.pk, outcome=Outcome.DEAD).update(outcome=Outcome.CANCELLED, ended_at=now)
    if left:
        Letter.objects.filter(job=job).update(sealed=None)
        append(by=by, action="give up", kind="job", uid=job.uid, patient=_patient(job), detail={"kind": job.kind})
    return bool(left)


def _patient(job: Job) -> Any:
    letter = Letter.objects.filter(job=job).select_related("patient").first()
    return letter.patient.uid if letter and letter.patient else None
