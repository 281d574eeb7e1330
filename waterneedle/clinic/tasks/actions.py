"""Opening tasks, and what people do about them. Each is one transaction with a step and an entry in the trail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.models import Clinic, User
from waterneedle.clinic.accounts.roles import ALL, PERMISSIONS, Role, scope
from waterneedle.clinic.audit.actions import append
from waterneedle.clinic.audit.who import Person, Who, machine
from waterneedle.clinic.tasks.models import State, Step, Task, What

By = Person | Who
Escalated = Callable[[Task, datetime], None]
_escalations: dict[str, Escalated] = {}
_StillOpen = Callable[[Task], bool]
_still_open: dict[str, _StillOpen] = {}
_told: set[str] = set()
_with_death: dict[str, str] = {}
LATE = "tasks.late"  # the owner's task about one that they may not see
_ASK_WITHIN = timedelta(hours=1)


class ChangedMeanwhile(ValueError):
    """Somebody else has done something about this task since it was shown. Nothing was written."""


class StillOpen(ValueError):
    """What the task is about is still open: it ends with that, and not by saying so. Nothing was written."""


class NotTold(ValueError):
    """This task ends with words for what was found or done. Nothing was written."""


@transaction.atomic
def open_task(
    *,
    clinic: Clinic,
    kind: str,
    cause: str,
    title: str,
    due_at: datetime,
    by: By,
    role: Role | str = "",
    owner: User | None = None,
    patient: Any = None,
    about: object = "",
    note: str = "",
    needs: str = "tasks.read",
    escalate_at: datetime | None = None,
) -> Task:
    """The task of `kind` for `cause`: a new one, or the one that is there already, whatever has become of it.

    It is the `owner`'s, or that of whoever has `role`. `title` is English and marked with `gettext_noop`; it names no patient.
    Only who has the permission `needs` sees it.
    """
    if needs not in PERMISSIONS:
        raise ValueError(f"{needs!r} is not a permission of docs/roles.md")
    task, made = Task.objects.get_or_create(
        clinic=clinic,
        kind=kind,
        cause=cause,
        defaults={
            "title": title, "note": note, "patient": patient, "about": str(about), "needs": needs, "due_at": due_at,
            "escalate_at": escalate_at, "owner": owner, "role": role},
    )
    if made:
        _step(task, What.OPENED, by=by, owner=owner, role=role, note=note)
    return task


@transaction.atomic
def claim(*, task: Task, by: Person) -> Task:
    """Take a task: it is `by`'s from now on, also if it was somebody else's."""
    return _step(task, What.CLAIMED, by=by, owner=by.user, role=task.role)


@transaction.atomic
def hand_over(*, task: Task, by: By, owner: User | None = None, role: Role | str = "", note: str = "") -> Task:
    """Give a task to a person, or to whoever has a role."""
    return _step(task, What.HANDED_OVER, by=by, owner=owner, role=role, note=note)


@transaction.atomic
def finish(*, task: Task, by: Person, note: str = "") -> Task:
    """Somebody says that it is done. Raises StillOpen where what it is about is not, and NotTold where words are missing."""
    if is_still_open(task):
        raise StillOpen(f"task {task.uid} ends with what it is about")
    if asks_for_words(task) and not note.strip():
        raise NotTold(f"task {task.uid} ends with words")
    return _finish(task, by, note.strip())


@transaction.atomic
def finish_cause(*, clinic: Clinic, kind: str, cause: str, by: By, note: str = "") -> None:
    """End the task of `cause`, if there is one and it is open: what had to be done was done elsewhere."""
    task = Task.objects.filter(clinic=clinic, kind=kind, cause=cause).exclude(state=State.DONE).first()
    if task is not None:
        _finish(task, by, note)


@transaction.atomic
def reopen(*, task: Task, by: By, note: str = "") -> Task:
    return _step(task, What.REOPENED, by=by, owner=task.owner, role=task.role, note=note)


def open_while(kind: str) -> Callable[[_StillOpen], _StillOpen]:
    """Have nobody say of a task of `kind` that it is done while this answers that what it is about is still open."""

    def registered(function: _StillOpen) -> _StillOpen:
        _still_open[kind] = function
        return function

    return registered


def ends_with_words(kind: str) -> None:
    """Have a task of `kind` end with words for what was found or done: nothing else on record says it."""
    _told.add(kind)


def ends_with_death(kind: str, still_due: str = "") -> None:
    """Have a task of `kind` end when its patient has died: it would have somebody call, or ask, the dead. `still_due`: the title
    of what is to be done instead; "" for nothing."""
    _with_death[kind] = still_due


def what_death_ends() -> Mapping[str, str]:
    """The kinds of task that a death ends, each with what is still due then."""
    return _with_death


def ends_elsewhere(task: Task) -> bool:
    """Whether it is of a kind that ends with what it is about. Asks nothing, so that a list can."""
    return task.kind in _still_open


def is_still_open(task: Task) -> bool:
    """Whether what it is about is still open, which keeps it on the list."""
    return task.kind in _still_open and _still_open[task.kind](task)


def asks_for_words(task: Task) -> bool:
    return task.kind in _told


def escalation(kind: str) -> Callable[[Escalated], Escalated]:
    """Have this called, in the same transaction, when a task of `kind` was not done in time."""

    def registered(function: Escalated) -> Escalated:
        _escalations[kind] = function
        return function

    return registered


def escalate_overdue(now: datetime) -> int:
    """Call to the attention of the clinic's owner what was to be done by now; how many tasks that were.

    What the owner may not see stays with whom it was, and the owner is asked to see that it is done.
    """
    late = Task.objects.filter(escalate_at__lte=now).exclude(state=State.DONE).order_by("id")
    called = 0
    for task in late.select_related("clinic", "owner", "patient"):
        with transaction.atomic():
            # Once: what is late is called out one time, not every time somebody looks.
            if not Task.objects.filter(pk=task.pk, escalate_at__lte=now).exclude(state=State.DONE).update(escalate_at=None):
                continue
            by = machine("tasks", task.clinic)
            if scope(Role.OWNER, task.needs) == ALL:
                _step(task, What.ESCALATED, by=by, owner=None, role=Role.OWNER)
            else:
                _step(task, What.ESCALATED, by=by, owner=task.owner, role=task.role)
                _ask_owner(task, now, by)
            if task.kind in _escalations:
                _escalations[task.kind](task, now)
            called += 1
    return called


def _finish(task: Task, by: By, note: str) -> Task:
    if task.kind != LATE:
        finish_cause(clinic=task.clinic, kind=LATE, cause=str(task.uid), by=by)
    return _step(task, What.DONE, by=by, owner=task.owner or getattr(by, "user", None), role=task.role, note=note)


def _ask_owner(task: Task, now: datetime, by: By) -> None:
    open_task(
        clinic=task.clinic, kind=LATE, cause=str(task.uid), role=Role.OWNER, needs="clinic.write", by=by,
        due_at=now + _ASK_WITHIN,
        title=gettext_noop("Something about a patient was not done in time: ask those who treat"),
        note=task.owner.name if task.owner else "")


def _step(task: Task, what: What, *, by: By, owner: User | None, role: Role | str, note: str = "") -> Task:
    """Write the next step of `task` as it was shown to `by`, and what the task is after it."""
    allowed = task.state == State.DONE if what == What.REOPENED else task.state != State.DONE
    if not allowed:
        raise ChangedMeanwhile(f"task {task.uid} is {task.state}")
    step = Step(
        clinic_id=task.clinic_id, task=task, number=task.steps + 1, at=timezone.now(), what=what,
        by=getattr(by, "user", None), owner=owner, role=role, note=note)
    unchanged = Task.objects.filter(pk=task.pk, steps=task.steps)
    if not unchanged.update(steps=F("steps") + 1, **step.leads_to):
        raise ChangedMeanwhile(f"task {task.uid} has changed")
    step.save(force_insert=True)
    append(
        by=by, action=str(what), kind="task", uid=task.uid, patient=task.patient and task.patient.uid,
        detail={"kind": task.kind})
    task.refresh_from_db()
    return task
