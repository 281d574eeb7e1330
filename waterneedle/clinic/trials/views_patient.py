"""A trial where the patient is: who takes part, the next place for a visit, who prepares it, and what was answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import asks_as_script, staff
from waterneedle.clinic.intake.actions import record_answers
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.tasks.queries import leads
from waterneedle.clinic.trials import actions, allocating, measuring, queries, sealed
from waterneedle.clinic.trials import plan as plans
from waterneedle.clinic.trials.actions import NotDone
from waterneedle.clinic.trials.forms import DepartForm, DeviationForm, MeasureForm, ScreenForm, WhyForm
from waterneedle.clinic.trials.knowing import is_asked_blind
from waterneedle.clinic.trials.models import Allocation, Trial, TurnKind
from waterneedle.clinic.trials.saying import arm_in_words, cannot_be_opened
from waterneedle.clinic.trials.views import trial_of
from waterneedle.clinic.visits.queries import visit_of


@staff("trials.read")
def of_patient(request: HttpRequest) -> HttpResponse:
    """The trials of this patient, and those into which the patient may be taken."""
    return _patient_page(request)


@staff("trials.write")
@require_POST
def screen(request: HttpRequest, trial: UUID) -> HttpResponse:
    row = _trial(request, trial)
    form = ScreenForm(request.POST, strata=row.says.strata)
    if not form.is_valid():
        return _patient_page(request, status=422)
    return _done(request, lambda: actions.screen(trial=row, patient=request.patient, by=request.access, **form.cleaned_data))


@staff("trials.write")
@require_POST
def depart(request: HttpRequest, trial: UUID) -> HttpResponse:
    row, form = _trial(request, trial), DepartForm(request.POST)
    participant = queries.participant_of(row, request.patient)
    if participant is None:
        raise Http404
    if not form.is_valid():
        return _patient_page(request, status=422)
    return _done(request, lambda: actions.depart(participant=participant, by=request.access, **form.cleaned_data))


@staff("trials.read")
def panel(request: HttpRequest, visit: UUID) -> HttpResponse:
    """What trials have to say of this visit, as a part of its page; nothing where it belongs to none."""
    row = visit_of(request.clinic, request.patient, visit)
    chances = [{"chance": one, "shown": one.allocation and _shown(request, one.allocation)} for one in allocating.chances_of(row)]
    return render(request, "trials/_panel.html", {
        "chances": chances, "visit": row, "patient": request.patient, "may_write": request.access.may("trials.write")})


@staff("trials.write")
@require_POST
def allocate(request: HttpRequest, visit: UUID, trial: UUID) -> HttpResponse:
    """One tap: the next place of the sequence is this visit's."""
    row, visited = _trial(request, trial), visit_of(request.clinic, request.patient, visit)
    where = {"clinic": request.clinic.slug, "patient": request.patient.uid, "visit": visited.uid}
    try:
        allocating.allocate(trial=row, visit=visited, by=request.access)
    except NotDone as problem:
        messages.error(request, str(problem))
    except sealed.CannotBeOpened:
        messages.error(request, cannot_be_opened())
    # Never an arm in the answer itself: it is kept with the key of the form.
    return redirect(reverse("trials:panel" if asks_as_script(request) else "visits:visit", kwargs=where))


@staff("trials.read")
def allocation(request: HttpRequest, allocation: UUID) -> HttpResponse:
    return _allocation_page(request, _allocation(request, allocation))


@staff("chart.write")
@require_POST
def prepare(request: HttpRequest, allocation: UUID) -> HttpResponse:
    row = _allocation(request, allocation)
    return _done(request, lambda: allocating.prepare(allocation=row, by=request.access), row)


@staff("trials.write")
@require_POST
def unblind(request: HttpRequest, allocation: UUID) -> HttpResponse:
    row, form = _allocation(request, allocation), WhyForm(request.POST, auto_id="unblind_%s")
    if not form.is_valid():
        return _allocation_page(request, row, status=422, unblind_form=form)
    return _done(request, lambda: allocating.unblind(allocation=row, by=request.access, **form.cleaned_data), row)


@staff("chart.write")
@require_POST
def deviate(request: HttpRequest, allocation: UUID) -> HttpResponse:
    row, form = _allocation(request, allocation), DeviationForm(request.POST, auto_id="deviate_%s")
    if not form.is_valid():
        return _allocation_page(request, row, status=422, deviation_form=form)
    return _done(request, lambda: allocating.deviate(allocation=row, by=request.access, **form.cleaned_data), row)


@staff("chart.write")
@require_POST
def measure(request: HttpRequest, allocation: UUID) -> HttpResponse:
    """The outcome, as the patient says it to somebody here. A check-in is answered by its link, or on its own page."""
    row = _allocation(request, allocation)
    says = row.trial.says
    if says.instrument == plans.CHECK_IN:
        raise Http404
    if not is_asked_blind(row, request.user):
        messages.error(request, _("You may know what was given: let the patient answer by a link, or somebody else ask."))
        return _back(request, row)
    form = MeasureForm(request.POST, ends=plans.ends_of(says), auto_id="measure_%s")
    if not form.is_valid():
        return _allocation_page(request, row, status=422, measure_form=form)
    answers = {plans.instruments()[says.instrument].items[0].id: form.cleaned_data["value"]}
    try:
        record_answers(
            patient=request.patient, instrument=says.instrument, answers=answers, by=request.access, about=row.visit.uid)
    except ValueError:
        form.add_error("value", _("This is no answer that can be given."))
        return _allocation_page(request, row, status=422, measure_form=form)
    messages.success(request, _("Saved."))
    return _back(request, row)


@leads(allocating.TASK)
def prepare_address(task: Task) -> str:
    where = {"clinic": task.clinic.slug, "patient": task.patient.uid, "allocation": task.about}
    return reverse("trials:allocation", kwargs=where)


# --- inside


def _trial(request: HttpRequest, uid: UUID) -> Trial:
    """A trial of the clinic that this patient may be in: an N-of-1 trial of somebody else is not there."""
    row = trial_of(request, uid)
    if row.patient_id and row.patient_id not in records_of(request.patient):
        raise Http404
    return row


def _allocation(request: HttpRequest, uid: UUID) -> Allocation:
    rows = queries.allocations_in(request.clinic.pk).filter(patient_id__in=records_of(request.patient))
    return get_object_or_404(rows, uid=uid)


def _shown(request: HttpRequest, row: Allocation) -> dict[str, Any]:
    """An allocation as this person may see it. The arm: to who prepares it or had it opened, in an open trial, after the end."""
    open_to = (
        not row.trial.says.is_prepared
        or row.preparations.filter(made_by=request.user).exists()
        or row.unblindings.filter(made_by=request.user).exists()
        or queries.turn_of(row.trial, TurnKind.ENDED) is not None
    )
    try:
        arm = arm_in_words(row.trial.says.arms[sealed.arm_of(row)]) if open_to else None
    except sealed.CannotBeOpened:
        arm = None
        messages.error(request, cannot_be_opened())
    preparations = list(row.preparations.select_related("made_by").order_by("pk"))
    return {
        "row": row, "arm": arm, "preparations": preparations, "treats": request.user.pk in allocating.who_treats(row),
        "is_closed": queries.kept_closed(row.visit)}


def _allocation_page(request: HttpRequest, row: Allocation, status: int = 200, **forms: Any) -> HttpResponse:
    says, asked_blind = row.trial.says, is_asked_blind(row, request.user)
    page = about(request, "of_patient") | {
        # Free words may name the arm: not to who might still be asked to write an outcome down.
        "closes_words": plans.assessor_is_blind(says) and asked_blind and queries.turn_of(row.trial, TurnKind.ENDED) is None,
        "shown": _shown(request, row), "trial": row.trial, "says": says, "outcome": measuring.outcome(says, row),
        "instrument": queries.instrument_in_words(says.instrument, request.LANGUAGE_CODE), "is_over": queries.is_over(row.trial),
        "asked_here": says.instrument != plans.CHECK_IN, "is_asked_blind": asked_blind,
        "may_write": request.access.may("trials.write"), "may_chart": request.access.may("chart.write"),
        "unblindings": row.unblindings.select_related("made_by").order_by("pk"),
        "deviations": row.deviations.select_related("made_by").order_by("pk"),
        "unblind_form": WhyForm(auto_id="unblind_%s"), "deviation_form": DeviationForm(auto_id="deviate_%s"),
        "measure_form": MeasureForm(ends=plans.ends_of(says), auto_id="measure_%s"),
    }
    return render(request, "trials/allocation.html", page | forms, status=status)


def _patient_page(request: HttpRequest, status: int = 200) -> HttpResponse:
    now, own, others = timezone.now(), [], []
    for trial in queries.trials_with(request.patient):
        participant = queries.participant_of(trial, request.patient)
        own.append({
            "trial": trial, "state": queries.state_of(trial), "participant": participant,
            "departure": participant and participant.departures.first(), "is_over": queries.is_over(trial),
            "consent": queries.consent_to(trial, request.patient, now) if trial.frozen_at else None,
            "allocations": [one for one in queries.allocations_of(trial) if one.patient_id in records_of(request.patient)]})
    known = {one["trial"].pk for one in own}
    for trial in queries.trials_of(request.clinic).filter(kind=plans.PARALLEL, turns=None).exclude(frozen_at=None):
        if trial.pk not in known:
            others.append({"trial": trial, "form": ScreenForm(strata=trial.says.strata, auto_id=f"s{trial.pk}_%s")})
    page = about(request, "of_patient") | {
        "own": own, "others": others, "depart_form": DepartForm(auto_id=False), "may_write": request.access.may("trials.write")}
    return render(request, "trials/of_patient.html", page, status=status)


def _done(request: HttpRequest, act: Callable[[], Any], row: Allocation | None = None) -> HttpResponse:
    try:
        act()
    except NotDone as problem:
        messages.error(request, str(problem))
    except sealed.CannotBeOpened:
        messages.error(request, cannot_be_opened())
    return _back(request, row)


def _back(request: HttpRequest, row: Allocation | None) -> HttpResponse:
    where = {"clinic": request.clinic.slug, "patient": request.patient.uid}
    if row is None:
        return redirect("trials:of_patient", **where)
    return redirect("trials:allocation", **where, allocation=row.uid)
