"""A visit of which one person says that it stands on the wrong patient: somebody is asked for, until a second one has decided.

Else it would stay as it is, with its messages, its limits and its last injection, for whoever has asked cannot confirm it alone.
"""

from __future__ import annotations

import datetime

from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.tasks.actions import finish_cause, open_task, open_while
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.visits.models import Strike, Visit

TASK = "visits.on_the_wrong_patient"
DUE_HOURS = 1  # as for what follows from the strike; our judgement


def is_doubted(visit: Visit) -> bool:
    """Whether somebody has asked to strike it, and nobody has decided."""
    return Strike.objects.filter(clinic_id=visit.clinic_id, visit=visit, struck_at=None).exists()


def ask_for_a_second(row: Strike, by: Person) -> None:
    """A task for who treats. Each time that it is asked for is one of its own: the one before may have been let stand."""
    visit = row.visit
    open_task(
        clinic=visit.clinic, kind=TASK, cause=_cause(row), patient=visit.patient, about=visit.uid, by=by,
        role=Role.PRACTITIONER, needs="chart.write", due_at=row.asked_at + datetime.timedelta(hours=DUE_HOURS),
        title=gettext_noop(
            "Somebody says that a visit stands on the wrong patient: confirm it as the second person, or let it stand"))


def is_decided(row: Strike, by: Person) -> None:
    finish_cause(clinic=row.visit.clinic, kind=TASK, cause=_cause(row), by=by)


@open_while(TASK)
def is_undecided(task: Task) -> bool:
    return Strike.objects.filter(clinic_id=task.clinic_id, visit__uid=task.about, struck_at=None).exists()


def _cause(row: Strike) -> str:
    return f"{row.visit.uid} {row.pk}"
