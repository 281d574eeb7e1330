"""Incidents: opened by the signature of a deviation or reported by a person, looked into, and closed with what was learnt.

    open_of_deviation(visit=…, why=…, happened_at=…, by=…, now=…)   in the transaction of the signature; the owner has a task
    report(said=…, happened_at=…, patient=None, by=…)  by whoever has seen it
    close(incident=…, said=…, change=…, reached=…, told=…, by=…)

What is on record stays: to be added to, closed, opened again with a reason. The task of the owner ends with the closing alone.
"""

from __future__ import annotations

import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.roles import ALL, Role, Scope
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.tasks.actions import finish_cause, open_task, open_while, reopen
from waterneedle.clinic.tasks.models import State, Task
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.visits.models_incidents import Incident, IncidentEntry, What

DEVIATION, REPORTED = "deviation", "visits.incident"  # kinds of the owner's task
DUE_HOURS = 24  # within which the owner looks at it: our judgement


class NotNow(ValueError):
    """It is closed already, or open: somebody else was first. Nothing was written."""


def open_of_deviation(
    *, visit: Visit, why: str, happened_at: datetime.datetime, by: Person, now: datetime.datetime
) -> Incident:
    """What was given although the check barred it, with the reason said at the signature. The trail has it with the signature."""
    row = Incident.objects.create(
        clinic_id=visit.clinic_id, uid=visit.uid, visit=visit, patient_id=visit.patient_id, said=why,
        happened_at=happened_at, made_at=now, made_by=by.user)
    _ask_owner(row, gettext_noop("Something was injected that the check had barred"), by)
    return row


@transaction.atomic
def report(*, said: str, happened_at: datetime.datetime, by: Person, patient: Patient | None = None) -> Incident:
    """Anything else that went otherwise than it should have, or nearly did."""
    row = Incident.objects.create(
        clinic=by.clinic, patient=patient, said=said, happened_at=happened_at, made_at=timezone.now(), made_by=by.user)
    audit.append(by=by, action="report", kind="incident", uid=row.uid, patient=patient and patient.uid)
    _ask_owner(row, gettext_noop("An incident was reported: look into it"), by)
    return row


@transaction.atomic
def add(*, incident: Incident, said: str, by: Person) -> None:
    """What somebody knows about it, closed or not."""
    _write(incident, What.ADDED, "add", by, said=said)


@transaction.atomic
def close(*, incident: Incident, said: str, change: str, reached: str, told: str, by: Person) -> None:
    """It was looked into: how it came about (`said`), what is done otherwise since, how far it went, who was told. Or NotNow."""
    _require(incident, is_open=True)
    _write(incident, What.CLOSED, "close", by, said=said, change=change, reached=reached, told=told)
    finish_cause(clinic=incident.clinic, kind=_kind(incident), cause=str(incident.uid), by=by)


@transaction.atomic
def open_again(*, incident: Incident, said: str, by: Person) -> None:
    """More has come to light. Raises NotNow."""
    _require(incident, is_open=False)
    _write(incident, What.REOPENED, "open again", by, said=said)
    task = Task.objects.filter(clinic_id=incident.clinic_id, kind=_kind(incident), cause=str(incident.uid)).first()
    if task is not None and task.state == State.DONE:
        reopen(task=task, by=by)


def visible(access: Access, scope: Scope) -> QuerySet[Incident]:
    """All of the clinic for who looks into them; for anybody else what they have reported, and what was injected by them."""
    rows = Incident.objects.filter(clinic=access.clinic)
    if scope != ALL:
        rows = rows.filter(Q(made_by=access.user) | Q(visit__practitioner__user=access.user))
    return rows.select_related("clinic", "patient", "visit__practitioner__user", "made_by").order_by("-made_at", "-pk")


def may_read(access: Access, uid: UUID) -> bool:
    """Whether there is such an incident for this person."""
    scope = access.scope("incidents.read")
    return scope is not None and visible(access, scope).filter(uid=uid).exists()


@open_while(DEVIATION)
@open_while(REPORTED)
def is_open(task: Task) -> bool:
    return Incident.objects.filter(clinic_id=task.clinic_id, uid=task.cause).still_open().exists()


def _ask_owner(row: Incident, title: str, by: Person) -> None:
    open_task(
        clinic=row.clinic, kind=_kind(row), cause=str(row.uid), patient=row.patient, about=row.uid, by=by, role=Role.OWNER,
        needs="incidents.write", title=title, due_at=row.made_at + datetime.timedelta(hours=DUE_HOURS))


def _kind(row: Incident) -> str:
    return DEVIATION if row.is_deviation else REPORTED


def _require(incident: Incident, *, is_open: bool) -> None:
    """Under its lock, so that of two who close it at once one does."""
    Incident.objects.select_for_update().get(pk=incident.pk)
    if Incident.objects.filter(pk=incident.pk).still_open().exists() != is_open:
        raise NotNow(incident.uid)


def _write(incident: Incident, what: What, action: str, by: Person, **said: str) -> None:
    IncidentEntry.objects.create(
        clinic_id=incident.clinic_id, incident=incident, what=what, made_at=timezone.now(), made_by=by.user, **said)
    audit.append(
        by=by, action=action, kind="incident", uid=incident.uid, patient=incident.patient and incident.patient.uid)
