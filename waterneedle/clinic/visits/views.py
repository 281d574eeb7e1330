"""Visits: those of a patient, of today and unsigned ones; and the page of one, a draft or signed."""

from __future__ import annotations

import datetime
import functools
import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.patients.pages import about, filled_about
from waterneedle.clinic.patients.queries import records_as_found, records_of, today_in, within_reach
from waterneedle.clinic.practitioners.queries import practitioner_of
from waterneedle.clinic.stock.camera import reads_by_camera
from waterneedle.clinic.visits import actions, arriving, drafts, observing, past, queries, slips
from waterneedle.clinic.visits import day as lists
from waterneedle.clinic.visits.forms import TodayForm, UntreatedForm, VisitForm, text_version
from waterneedle.clinic.visits.forms_after import HappenedForm, WatchForm
from waterneedle.clinic.visits.live import usual_pregnancy
from waterneedle.clinic.visits.models import Step, Visit
from waterneedle.clinic.visits.models_after import Observation
from waterneedle.clinic.visits.page import answered, refused, visit_page
from waterneedle.clinic.visits.rows import answers_of, injections_of
from waterneedle.clinic.visits.saying import refusal
from waterneedle.clinic.visits.slips import A_MOMENT
from waterneedle.clinic.visits.views_chart import taken_back
from waterneedle.clinic.visits.views_sign import signed_page
from waterneedle.clinic.visits.views_struck import struck_page
from waterneedle.clinic.web.notices import undoable
from waterneedle.clinic.web.words import clock

MOST_TRIES = 5


@staff("chart.read")
def board(request: HttpRequest) -> HttpResponse:
    """The visits of today with where each patient is, and those of any day that wait for a signature."""
    day, theirs = today_in(request.clinic), functools.partial(within_reach, request.access, scope=request.scope)
    page = {
        "visits": theirs(lists.visits_on(request.clinic, day)),
        "unsigned": theirs(one for one in lists.unsigned(request.clinic, day) if one.day != day),
        "uncountersigned": theirs(lists.uncountersigned(request.clinic), by_visit=True),
        "refusals": theirs(lists.refused(request.clinic), by_visit=True),
        "observations": theirs(lists.watched(request.clinic)),
        "day": day,
        "now": timezone.now(),
    }
    return render(request, "visits/board.html", page)


@staff("observation.read")
def observations(request: HttpRequest) -> HttpResponse:
    """Who is being watched after an injection, and until when: for the front desk too."""
    rows = within_reach(request.access, lists.watched(request.clinic), request.scope)
    return render(request, "visits/observations.html", {"observations": rows, "now": timezone.now()})


@staff("clinic.write")
def watch_minutes(request: HttpRequest) -> HttpResponse:
    """How long this clinic watches, set by the owner."""
    known = observing.minutes_of(request.clinic)
    form = WatchForm(request.POST or None, initial={"ordinary_min": known.ordinary, "longer_min": known.longer})
    if request.method == "POST" and form.is_valid():
        observing.set_minutes(by=request.access, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("visits:watch_minutes", clinic=request.clinic.slug)
    page = {"form": form, "published": observing.published_minutes()}
    return render(request, "visits/watch_minutes.html", page, status=422 if request.method == "POST" else 200)


@staff("observation.write")
@require_POST
def end_observation(request: HttpRequest, observation: UUID) -> HttpResponse:
    """A person ends it, on the page of who is watched or on that of the morning, and goes back there."""
    row = _observation(request, observation)
    actions.end_observation(observation=row, by=request.access)
    undo = reverse("visits:watch_on", kwargs={"clinic": request.clinic.slug, "observation": row.uid})
    undoable(request, _("The observation has ended."), undo=f"{undo}?from=today" if _from_today(request.POST) else undo)
    return _to_the_watched(request, request.POST)


@staff("observation.write")
@require_POST
def watch_on(request: HttpRequest, observation: UUID) -> HttpResponse:
    """The way back from a tap beside the right name: nobody sees that somebody who has just been injected is watched no more."""
    row = _observation(request, observation)
    if row.ended_at is not None and row.ended_at < timezone.now() - A_MOMENT:
        messages.error(request, _("This is no longer of this moment: begin to observe anew on the page of the visit."))
    elif row.ended_at is not None:
        actions.watch_on(observation=row, by=request.access)
    return _to_the_watched(request, request.GET)


def _observation(request: HttpRequest, uid: UUID) -> Observation:
    return get_object_or_404(Observation.objects.select_related("patient", "visit"), clinic=request.clinic, uid=uid)


def _from_today(said: QueryDict) -> bool:
    return said.get("from") == "today"


def _to_the_watched(request: HttpRequest, said: QueryDict) -> HttpResponse:
    return redirect("home:today" if _from_today(said) else "visits:observations", clinic=request.clinic.slug)


@staff("chart.read")
def visits(request: HttpRequest) -> HttpResponse:
    """The chart: the last visits with what was done, and the way to those before them."""
    records, until = records_as_found(request.patient), _day(request.GET.get("until", ""))
    chart = past.chart(request.patient, until=until, language=request.LANGUAGE_CODE, records=records)
    audit.read(request, request.patient, kind="visits")  # last, so that nobody who writes waits for the reading
    return filled_about(
        request, "visits/visits.html", "visits", {"shown": chart.html, "older": str(chart.older)}, records=records,
        has_visits=bool(chart.visits), has_older=chart.older is not None)


def _day(typed: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(typed)
    except ValueError:
        return None


@staff("chart.write")
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """The patient is here: a visit of today, or the one that was begun already."""
    made, is_new = arriving.come(patient=request.patient, by=request.access, now=timezone.now())
    if not is_new:
        messages.info(request, _("Today's visit had been begun already and is not signed yet: this is it."))
    return redirect("visits:visit", clinic=request.clinic.slug, patient=made.patient.uid, visit=made.uid)


@staff("chart.write")
def begin_later(request: HttpRequest) -> HttpResponse:
    """A visit that has happened and was written on paper: it carries that time beside the one of its writing."""
    form = HappenedForm(request.POST or None, patient=request.patient)
    if request.method == "POST" and form.is_valid():
        made = actions.begin(patient=request.patient, by=request.access, happened_at=form.cleaned_data["happened_at"])
        return redirect("visits:visit", clinic=request.clinic.slug, patient=request.patient.uid, visit=made.uid)
    page = about(request, "visits") | {"form": form}
    return render(request, "visits/later.html", page, status=422 if request.method == "POST" else 200)


@staff("chart.read")
@reads_by_camera
def visit(request: HttpRequest, visit: UUID) -> HttpResponse:
    row = queries.visit_of(request.clinic, request.patient, visit)
    audit.read(request, request.patient, kind="visit", uid=row.uid)
    signature = queries.signature_of(row)
    if signature is not None:
        return signed_page(request, row, signature)
    return visit_page(request, row) if row.is_draft else struck_page(request, row)


@staff("chart.write")
@require_POST
def step(request: HttpRequest, visit: UUID) -> HttpResponse:
    """The patient came to a step. The answer of name and date of birth is the identification: without it there is none."""
    row = queries.visit_of(request.clinic, request.patient, visit)
    entered = request.POST.get("step", "")
    if entered not in Step.values:
        return refused(request, row, _("There is no such step."))
    if entered == Step.IDENTIFIED and not getattr(answers_of(row), "identity_confirmed", None):
        return refused(request, row, _(
            "Ask for name and date of birth, and note under “Asked today” that they were said: with that the patient is "
            "identified."))
    to = ""
    try:
        if entered != Step.LEFT:
            arriving.stay(visit=row, by=request.access)
        if entered == Step.OBSERVED and row.happened_at is None:  # of one written down later nobody lies there
            watch = observing.watch_of(row)
            watched = actions.observe(visit=row, minutes=watch.minutes, by=request.access, why=watch.why)
            to = slips.way_back_from_watching(watched)
        elif entered == Step.LEFT and row.happened_at is None:
            left = arriving.leave(visit=row, by=request.access)
            to = left and slips.way_back_from_step(left)
        else:
            to = slips.way_back_from_step(actions.enter(visit=row, step=entered, by=request.access))
    except drafts.Struck as problem:
        return refused(request, row, refusal(problem))
    where = {"clinic": request.clinic.slug, "patient": request.patient.uid, "visit": row.uid}
    undo = to and f"{reverse('visits:step_back', kwargs=where)}?to={to}"
    return answered(request, row, said=_("Noted: %(what)s") % {"what": Step(entered).label} if undo else "", undo=undo or "")


@staff("chart.write")
@require_POST
def step_back(request: HttpRequest, visit: UUID) -> HttpResponse:
    """The way back from a step that was noted by a slip, within a moment."""
    row = queries.visit_of(request.clinic, request.patient, visit)
    return taken_back(request, row, lambda: arriving.step_back(visit=row, to=request.GET.get("to", ""), by=request.access))


@staff("chart.write")
@require_POST
def today(request: HttpRequest, visit: UUID) -> HttpResponse:
    """What the patient says today: each answer by itself, or all that is as usual in one tap."""
    row = queries.visit_of(request.clinic, request.patient, visit)
    form = TodayForm(request.POST)
    if not form.is_valid():
        return refused(request, row, _first_error(form))
    answers = form.answers()
    if "as_usual" in request.POST:
        answers = _as_usual(request, row, answers)
    said = None
    try:
        if answers:
            said = actions.answer_today(visit=row, answers=answers, by=request.access)
            if answers.get("identity_confirmed"):
                actions.enter(visit=row, step=Step.IDENTIFIED, by=request.access)
    except drafts.NotCharted as problem:
        return refused(request, row, refusal(problem))
    if said is None or "as_usual" not in request.POST or answers.get("identity_confirmed"):  # that is a step, too
        return answered(request, row, is_of_patient=True)
    where = {"clinic": request.clinic.slug, "patient": request.patient.uid, "visit": row.uid}
    undo = f"{reverse('visits:unsaid', kwargs=where)}?to={slips.way_back_from_answers(said)}"
    return answered(request, row, said=_("Answered as usual"), undo=undo, is_of_patient=True)


@staff("chart.write")
@require_POST
def unsaid(request: HttpRequest, visit: UUID) -> HttpResponse:
    """The way back from answers that were given in one tap by a slip, within a moment."""
    row, to = queries.visit_of(request.clinic, request.patient, visit), request.GET.get("to", "")
    return taken_back(request, row, lambda: slips.unsaid(visit=row, to=to, by=request.access), is_of_patient=True)


@staff("sign.write")
@require_POST
def treat(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Who presses it injects, and signs: said where nobody was named, or somebody else was and no needle was in yet."""
    row, who = queries.visit_of(request.clinic, request.patient, visit), practitioner_of(request.user, request.clinic)
    if who is None:
        return refused(request, row, _("You are not on file as somebody who injects here: the owner enters your papers."))
    if row.practitioner not in (None, who) and any(one.is_in for one in injections_of(row)):
        return refused(request, row, _("%(who)s has injected, and signs") % {"who": row.practitioner})
    try:
        row = actions.change_visit(visit=row, version=row.version, fields={"practitioner": who}, by=request.access)
    except drafts.NotCharted as problem:
        return refused(request, row, refusal(problem))
    return answered(request, row)


@staff("sign.write")
@require_POST
def untreated(request: HttpRequest, visit: UUID) -> HttpResponse:
    """The visit ends without a puncture, with why: on to its signature."""
    row = queries.visit_of(request.clinic, request.patient, visit)
    form = UntreatedForm(request.POST, auto_id="untreated_%s")
    if not form.is_valid():
        return refused(request, row, _("Say why nothing is injected today."), untreated_form=form)
    try:
        actions.leave_untreated(visit=row, why=form.cleaned_data["why"], by=request.access)
    except drafts.NotCharted as problem:
        return refused(request, row, refusal(problem), untreated_form=form)
    return redirect("visits:sign", clinic=request.clinic.slug, patient=request.patient.uid, visit=row.uid)


def _as_usual(request: HttpRequest, row: Visit, answers: dict[str, Any]) -> dict[str, Any]:
    """What the one tap answers of what nobody has answered yet: a "yes" that somebody else has heard meanwhile stays.

    The button says "not pregnant" only where that can be said in passing: not of who is known to be pregnant, by now.
    """
    said, usual = answers_of(row), usual_pregnancy(row, records_of(row.patient))
    if usual and request.POST.get("usual_pregnancy") == usual:
        answers = {"pregnancy": usual} | answers
    return {name: value for name, value in answers.items() if name in request.POST or getattr(said, name, None) in (None, "")}


@staff("chart.write")
@require_POST
def change(request: HttpRequest, visit: UUID) -> HttpResponse:
    """The words of the draft, saved by themselves while somebody types."""
    row = queries.visit_of(request.clinic, request.patient, visit)
    seen = request.POST.get("version", "")
    is_stale = bool(seen) and seen != text_version(row)
    form = VisitForm(request.POST, instance=Visit.objects.get(pk=row.pk))
    asks_json = "application/json" in request.headers.get("Accept", "")
    if not form.is_valid() or is_stale:
        problem = _first_error(form) if form.errors else refusal(drafts.ChangedMeanwhile())
        told = JsonResponse({"problem": problem}, status=409 if is_stale else 422)
        return told if asks_json else refused(request, row, problem)
    try:
        row = _change_words(request, row, form.values())
    except drafts.NotCharted as problem:
        return JsonResponse({"problem": refusal(problem)}, status=409) if asks_json else refused(request, row, refusal(problem))
    if asks_json:
        return JsonResponse({"version": text_version(row), "at": clock(timezone.now())})
    return answered(request, row)


def _change_words(request: HttpRequest, row: Visit, words: dict[str, Any]) -> Visit:
    """The draft with its `words` changed. What else is charted in the same moment moves its version and makes them no older: then
    it is tried again. Raises ChangedMeanwhile where somebody has changed the words."""
    known = text_version(row)
    for _attempt in range(MOST_TRIES):
        try:
            return actions.change_visit(visit=row, version=row.version, fields=words, by=request.access)
        except drafts.ChangedMeanwhile:
            row = queries.visit_of(request.clinic, request.patient, row.uid)
            if text_version(row) != known:
                raise
    raise drafts.ChangedMeanwhile(f"the draft was changed {MOST_TRIES} times in a moment")


def _first_error(form: Any) -> str:
    return next(iter(json.loads(form.errors.as_json()).values()))[0]["message"]
