"""Trials: all of them, the plan of one, and what it has shown."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.tasks.queries import leads
from waterneedle.clinic.trials import actions, on_paper, queries, sealed, stopping
from waterneedle.clinic.trials import plan as plans
from waterneedle.clinic.trials.actions import NotDone
from waterneedle.clinic.trials.forms import AmendmentForm, EndForm, PlanForm, WhyForm
from waterneedle.clinic.trials.models import Trial
from waterneedle.clinic.trials.report import Report, report_of
from waterneedle.clinic.trials.saying import arm_in_words, cannot_be_opened
from waterneedle.clinic.web.downloads import file
from waterneedle.outcomes.harm import fewest_that_stop


@staff("trials.read")
def trials(request: HttpRequest) -> HttpResponse:
    """Every trial of the clinic, and how it stands."""
    rows = [{"trial": one, "state": queries.state_of(one)} for one in queries.trials_of(request.clinic)]
    return render(request, "trials/trials.html", {"rows": rows})


@staff("trials.write")
def new(request: HttpRequest) -> HttpResponse:
    """Plan a trial across patients."""
    return _plan_page(request, plans.PARALLEL, None)


@staff("trials.write")
def new_in_patient(request: HttpRequest) -> HttpResponse:
    """Plan a trial in this one patient."""
    return _plan_page(request, plans.N_OF_1, None, about(request, "of_patient"))


@staff("trials.write")
def change(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Change a draft."""
    row = trial_of(request, draft)
    if row.frozen_at:
        raise Http404
    return _plan_page(request, row.kind, row)


@staff("trials.read")
def trial(request: HttpRequest, trial: UUID) -> HttpResponse:
    """One trial: its plan, who can be blind, the flow, and what it has shown once it has ended."""
    return _page(request, trial_of(request, trial))


@staff("trials.write")
@require_POST
def freeze(request: HttpRequest, trial: UUID) -> HttpResponse:
    row = trial_of(request, trial)
    return _done(request, row, lambda: actions.freeze_plan(trial=row, by=request.access))


@staff("trials.write")
@require_POST
def amend(request: HttpRequest, trial: UUID) -> HttpResponse:
    row, form = trial_of(request, trial), AmendmentForm(request.POST)
    if not form.is_valid():
        return _page(request, row, status=422, amend_form=form)
    return _done(request, row, lambda: actions.amend(trial=row, by=request.access, **form.cleaned_data))


@staff("trials.write")
@require_POST
def stop(request: HttpRequest, trial: UUID) -> HttpResponse:
    row, form = trial_of(request, trial), WhyForm(request.POST)
    if not form.is_valid():
        return _page(request, row, status=422, stop_form=form)
    return _done(request, row, lambda: actions.stop(trial=row, by=request.access, **form.cleaned_data))


@staff("trials.write")
@require_POST
def end(request: HttpRequest, trial: UUID) -> HttpResponse:
    row, form = trial_of(request, trial), EndForm(request.POST)
    if not form.is_valid():
        return _page(request, row, status=422, end_form=form)
    return _done(request, row, lambda: actions.end(trial=row, by=request.access, **form.cleaned_data))


@staff("trials.read")
@require_safe
def report_pdf(request: HttpRequest, trial: UUID) -> HttpResponse:
    """The report on paper: an action of its own in the trail, with the hash of the file."""
    row = trial_of(request, trial)
    if not row.frozen_at:
        raise Http404
    try:
        made = on_paper.report_pdf(report_of(row))
    except sealed.CannotBeOpened:
        return redirect("trials:trial", clinic=request.clinic.slug, trial=row.uid)  # which says why
    with transaction.atomic():
        audit.append(
            by=request.access, action="export", kind="trial", uid=row.uid, patient=row.patient and row.patient.uid,
            after=sha256(made).digest())
    return file(made, "application/pdf", f"trial-{row.made_at.date()}.pdf")


@leads(stopping.TASK)
def stopped_address(task: Task) -> str:
    return reverse("trials:trial", kwargs={"clinic": task.clinic.slug, "trial": task.about})


def trial_of(request: HttpRequest, uid: UUID) -> Trial:
    rows = Trial.objects.filter(clinic=request.clinic).select_related("clinic", "patient", "made_by", "frozen_by")
    return get_object_or_404(rows, uid=uid)


def _plan_page(request: HttpRequest, kind: str, row: Trial | None, page: dict[str, Any] | None = None) -> HttpResponse:
    initial = PlanForm.typed(row.says) | {"version": row.version} if row else {}
    form = PlanForm(request.POST or None, kind=kind, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if row is None:
                patient = request.patient if kind == plans.N_OF_1 else None
                row = actions.plan_trial(plan=form.plan(), by=request.access, patient=patient)
            else:
                actions.change_plan(
                    trial=row, plan=form.plan(), version=form.cleaned_data["version"] or 0, by=request.access)
            return redirect("trials:trial", clinic=request.clinic.slug, trial=row.uid)
        except NotDone as problem:
            form.add_error(None, str(problem))
    shown = (page or {}) | {"form": form, "trial": row, "is_n_of_1": kind == plans.N_OF_1,
                            "layout": "patients/base.html" if page else "web/base.html"}
    return render(request, "trials/plan.html", shown, status=422 if request.method == "POST" else 200)


def _page(request: HttpRequest, row: Trial, status: int = 200, **forms: Any) -> HttpResponse:
    says = row.says
    page = {
        "trial": row, "says": says, "state": queries.state_of(row), "knows": plans.who_knows(says),
        "problems": list(plans.problems(says)) if not row.frozen_at else [],
        "instrument": queries.instrument_in_words(says.instrument, request.LANGUAGE_CODE),
        "analysis": plans.ANALYSES[says.analysis], "arms": [arm_in_words(one) for one in says.arms],
        "sequence": plans.sequence_in_words(says), "full_arm": says.size // len(says.arms),
        "fewest": fewest_that_stop(says.harm, treatments=says.size // len(says.arms)),
        "amendments": row.amendments.select_related("made_by").order_by("made_at", "pk"),
        "turns": row.turns.select_related("made_by").order_by("made_at", "pk"), "is_over": queries.is_over(row),
        "report": _report(request, row), "may_write": request.access.may("trials.write"),
        "amend_form": AmendmentForm(auto_id="amend_%s"), "stop_form": WhyForm(auto_id="stop_%s"),
        "end_form": EndForm(auto_id="end_%s"),
    }
    return render(request, "trials/trial.html", page | forms, status=status)


def _report(request: HttpRequest, row: Trial) -> Report | None:
    """None for a draft; and, with a word of it, where the key of the house is another one."""
    try:
        return report_of(row) if row.frozen_at else None
    except sealed.CannotBeOpened:
        messages.error(request, cannot_be_opened())
        return None


def _done(request: HttpRequest, row: Trial, act: Callable[[], Any]) -> HttpResponse:
    try:
        act()
    except NotDone as problem:
        messages.error(request, str(problem))
    except sealed.CannotBeOpened:
        messages.error(request, cannot_be_opened())
    return redirect("trials:trial", clinic=request.clinic.slug, trial=row.uid)
