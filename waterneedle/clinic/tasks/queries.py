"""The worklist as it is shown: whose, what, until when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.roles import ALL, PERMISSIONS
from waterneedle.clinic.tasks.models import State, Task

Leads = Callable[[Task], str]
_leads: dict[str, Leads] = {}
FILTERS = ("mine", "role", "overdue", "all", "done")


def leads(kind: str) -> Callable[[Leads], Leads]:
    """Have a task of `kind` lead to the address that this gives: the page on which it is done."""

    def registered(function: Leads) -> Leads:
        _leads[kind] = function
        return function

    return registered


def address(task: Task, access: Access) -> str:
    """Where a task is done; the patient's page if its kind leads nowhere else; "" when there is none."""
    if task.kind in _leads:
        return _leads[task.kind](task)
    if task.patient is None or access.scope("demographics.read") != ALL:
        return ""
    try:
        return reverse("patients:patient", kwargs={"clinic": access.clinic.slug, "patient": task.patient.uid})
    except NoReverseMatch:
        return ""


def visible(access: Access) -> QuerySet[Task]:
    """The tasks that `access` may see. What nobody may do for every patient, as to countersign, sees who was given it."""
    allowed = [permission for permission in PERMISSIONS if access.scope(permission) == ALL]
    given = [permission for permission, who in PERMISSIONS.items() if access.may(permission) and ALL not in who.values()]
    tasks = Task.objects.filter(Q(needs__in=allowed) | Q(needs__in=given, owner=access.user), clinic=access.clinic)
    return tasks.select_related("patient", "owner", "clinic")


def worklist(access: Access, which: str, now: datetime) -> QuerySet[Task]:
    """The tasks of one of FILTERS, what is due first on top; of `done` the last one done."""
    tasks = visible(access)
    if which == "done":
        return tasks.filter(state=State.DONE).order_by(F("done_at").desc(), "-id")
    return tasks.exclude(state=State.DONE).filter(_of(access, which, now)).order_by("due_at", "id")


def counts(access: Access, now: datetime) -> dict[str, int]:
    """How many are open, for each of FILTERS but `done`."""
    still_open = visible(access).exclude(state=State.DONE)
    return {which: still_open.filter(_of(access, which, now)).count() for which in FILTERS if which != "done"}


def _of(access: Access, which: str, now: datetime) -> Q:
    return {
        "mine": Q(owner=access.user),
        "role": Q(owner=None, role__in=access.roles),
        "overdue": Q(due_at__lt=now),
        "all": Q(),
    }[which]
