"""The worklist, one task with its history, and what people do about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.database.rows import uuid7
from waterneedle.clinic.tasks import actions, queries
from waterneedle.clinic.tasks.forms import HandOverForm, TaskForm
from waterneedle.clinic.tasks.models import Task

ON_A_PAGE = 50


@staff("tasks.read")
def worklist(request: HttpRequest) -> HttpResponse:
    """What is to be done: mine, my role's, overdue, everybody's, or what was done."""
    now = timezone.now()
    counts = queries.counts(request.access, now)
    which = _which(request, counts)
    page = Paginator(queries.worklist(request.access, which, now), ON_A_PAGE).get_page(request.GET.get("page"))
    rows, tabs = [_row(request, task) for task in page], _tabs(request, which, counts)
    return render(request, "tasks/worklist.html", {"page": page, "rows": rows, "which": which, "now": now, "tabs": tabs})


@staff("tasks.read")
def task(request: HttpRequest, task: UUID) -> HttpResponse:
    return _task_page(request, _found(request, task))


@staff("tasks.write")
@require_POST
def claim(request: HttpRequest, task: UUID) -> HttpResponse:
    return _do(request, task, actions.claim, _("It is yours now."))


@staff("tasks.write")
@require_POST
def finish(request: HttpRequest, task: UUID) -> HttpResponse:
    return _do(request, task, actions.finish, _("Done."), note=request.POST.get("note", "")[:500])


@staff("tasks.write")
@require_POST
def reopen(request: HttpRequest, task: UUID) -> HttpResponse:
    return _do(request, task, actions.reopen, _("Opened again."), note=request.POST.get("note", "")[:500])


@staff("tasks.write")
def hand_over(request: HttpRequest, task: UUID) -> HttpResponse:
    found = _found(request, task)
    form = HandOverForm(request.POST or None, clinic=request.clinic, needs=found.needs)
    if request.method == "POST" and form.is_valid():
        return _do(request, task, actions.hand_over, _("Handed over."), note=form.cleaned_data["note"], **form.receiver())
    return _task_page(request, found, form, status=422 if request.method == "POST" else 200)


@staff("tasks.write")
def new(request: HttpRequest) -> HttpResponse:
    return _new(request, None)


@staff("demographics.read")
def new_about(request: HttpRequest) -> HttpResponse:
    """A task about one patient, written down on the patient's page."""
    if not request.access.may("tasks.write"):
        raise Http404
    return _new(request, request.patient)


def _new(request: HttpRequest, patient: Any) -> HttpResponse:
    initial = {"to": f"user {request.user.uid}", "due_at": _end_of_day(request)}
    form = TaskForm(request.POST or None, clinic=request.clinic, initial=initial)
    if request.method == "POST" and form.is_valid():
        # What those who treat write to each other about a patient is theirs alone: the desk sees the worklist too.
        treating = patient and request.access.scope("chart.read") == ALL and form.receiver_may("chart.read")
        made = actions.open_task(
            clinic=request.clinic, kind="tasks.note", cause=str(uuid7()), patient=patient, by=request.access,
            needs="chart.read" if treating else "tasks.read",
            title=form.cleaned_data["title"], note=form.cleaned_data["note"], due_at=form.cleaned_data["due_at"],
            **form.receiver())
        messages.success(request, _("It is on the list."))
        return redirect("tasks:task", clinic=request.clinic.slug, task=made.uid)
    return render(request, "tasks/new.html", {"form": form, "patient": patient}, status=422 if request.method == "POST" else 200)


def _end_of_day(request: HttpRequest) -> datetime:
    """Six in the evening by the clinic's clock, the next one."""
    now = timezone.now().astimezone(request.clinic.tzinfo)
    return (now + timedelta(hours=6)).replace(hour=18, minute=0, second=0, microsecond=0)


def _do(request: HttpRequest, uid: UUID, action: Any, said: str, **values: Any) -> HttpResponse:
    """One step about a task, as it was when this person saw it: `seen` is the number of steps on their page."""
    task = _found(request, uid)
    try:
        if request.POST.get("seen", "") not in ("", str(task.steps)):
            raise actions.ChangedMeanwhile
        action(task=task, by=request.access, **values)
    except actions.ChangedMeanwhile:
        messages.warning(request, _("Somebody else has done something about this task. This is how it stands now."))
        return redirect("tasks:task", clinic=request.clinic.slug, task=uid)
    except actions.StillOpen:
        messages.warning(request, _("What this is about is still open: the task ends with it."))
        return redirect("tasks:task", clinic=request.clinic.slug, task=uid)
    except actions.NotTold:
        messages.warning(request, _("Say what was found or done: nothing else on record does."))
        return redirect("tasks:task", clinic=request.clinic.slug, task=uid)
    messages.success(request, said)
    return redirect((request.POST.get("back") == "list" and _list(request)) or task_url(request, uid))


def _task_page(request: HttpRequest, found: Task, form: HandOverForm | None = None, status: int = 200) -> HttpResponse:
    history = found.history.filter(clinic=request.clinic).select_related("by", "owner").order_by("-number")
    may_write = request.access.may("tasks.write")
    form = form or (HandOverForm(clinic=request.clinic, needs=found.needs) if may_write else None)
    shown = _row(request, found) | {
        "history": history, "form": form, "may_write": may_write, "now": timezone.now(),
        "is_still_open": not found.done_at and actions.is_still_open(found)}
    return render(request, "tasks/task.html", shown, status=status)


def _found(request: HttpRequest, uid: UUID) -> Task:
    return get_object_or_404(queries.visible(request.access), uid=uid)


def _row(request: HttpRequest, task: Task) -> dict[str, Any]:
    """A task with what this person may see of it: the patient's name only who may read it."""
    named = task.patient if task.patient and request.access.scope("demographics.read") == ALL else None
    address, mine = queries.address(task, request.access), task.owner_id == request.user.id
    return {
        "task": task, "named": named, "address": address, "mine": mine, "ends_elsewhere": actions.ends_elsewhere(task),
        "asks_for_words": actions.asks_for_words(task)}


def _which(request: HttpRequest, counts: dict[str, int]) -> str:
    """The list that is asked for; else mine, or my role's while I have nothing."""
    asked = request.GET.get("of", "")
    return asked if asked in queries.FILTERS else "role" if counts["role"] and not counts["mine"] else "mine"


def _tabs(request: HttpRequest, which: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    words = {"mine": _("Mine"), "role": _("For my role"), "overdue": _("Overdue"), "all": _("Everybody's"), "done": _("Done")}
    return [
        {"url": f"{_list(request)}?of={one}", "word": words[one], "current": one == which, "count": counts.get(one)}
        for one in queries.FILTERS
    ]


def _list(request: HttpRequest) -> str:
    return reverse("tasks:worklist", kwargs={"clinic": request.clinic.slug})


def task_url(request: HttpRequest, uid: UUID) -> str:
    return reverse("tasks:task", kwargs={"clinic": request.clinic.slug, "task": uid})
