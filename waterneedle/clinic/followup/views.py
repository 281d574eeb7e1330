"""What the clinic sees of what comes afterwards: answers, alarms, one patient's check-ins, and how they are arranged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import public, staff
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.followup import actions, alarms, queries, queries_events, queries_page
from waterneedle.clinic.followup.forms import ArrangementForm
from waterneedle.clinic.followup.models import Alarm, Level
from waterneedle.clinic.followup.questions import symptoms_asked
from waterneedle.clinic.followup.views_patient import form_of, gone
from waterneedle.clinic.outbox import links
from waterneedle.clinic.patients.models import Speaker
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.tasks.queries import leads
from waterneedle.clinic.web import words

ON_A_PAGE, MOST_SHEETS = 50, 8
SEVERITY = {Level.EMERGENCY: "block", Level.URGENT: "block", Level.CALL_CLINIC: "warn", Level.SELF_CARE: "ok", Level.NONE: "ok"}
FILTERS = ("open", "all")


@staff("followup.read")
def answers(request: HttpRequest) -> HttpResponse:
    """Alarms that nobody has acknowledged, who has not answered, and what was answered."""
    if request.scope != ALL:
        raise Http404
    which = request.GET.get("of", "all")
    which = which if which in FILTERS else "all"
    rows = queries.answers_of_clinic(request.clinic) if which == "all" else queries.waiting(request.clinic)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "followup/answers.html", {
        "page": page, "which": which, "tabs": _tabs(request, which), "alarms": queries.open_alarms(request.clinic),
        "arranged": queries.arrangement_of(request.clinic), "now": timezone.now(), "severity": SEVERITY})


@staff("followup.read")
def after(request: HttpRequest) -> HttpResponse:
    """What comes afterwards for one patient: each check-in with its answer."""
    audit.read(request, request.patient, kind="check-ins")
    return render(request, "followup/after.html", about(request, "after") | {
        "checkins": queries.checkins_of(request.patient), "now": timezone.now(),
        "may_be_asked": queries_events.may_be_asked(request.patient),
        "events": queries_events.events_of(request.patient) if request.access.may("followup.read") else (),
        "signatures": queries_page.signatures_of(request.patient)[:MOST_SHEETS] if request.access.may("chart.read") else ()})


@staff("followup.read")
def answer(request: HttpRequest, answer: UUID) -> HttpResponse:
    """One answer, what triage said to it, and who has been told."""
    rows = queries.answers_of_clinic(request.clinic).filter(patient_id__in=queries.records_of(request.patient))
    row = get_object_or_404(rows, uid=answer)
    audit.read(request, request.patient, kind="check-in", uid=row.uid)
    alarm, said = row.alarms.first(), queries.document_of(row)
    return render(request, "followup/answer.html", about(request, "after") | {
        "answer": row, "triage": queries.triage_of(row), "asked": symptoms_asked(said), "alarm": alarm,
        "sites": [words.place(one) for one in said["sites"]], "products": queries.product_names(said["products"]),
        "calls": alarm.calls.order_by("round", "pk") if alarm else (), "severity": SEVERITY[Level(row.level)],
        "events": row.events.order_by("pk"),
        "task": Task.objects.filter(clinic=request.clinic, kind=actions.ANSWERED, cause=str(row.uid)).first()})


@staff("followup.write")
def told(request: HttpRequest, checkin: UUID) -> HttpResponse:
    """The answer of a patient who was called: the same questions, and the same reading of it."""
    row = get_object_or_404(queries.checkins_of(request.patient), uid=checkin)
    if row.answered_at is not None:
        given = row.given.first()
        return redirect("followup:answer", clinic=request.clinic.slug, patient=request.patient.uid, answer=given.uid)
    form = form_of(row, data=request.POST if request.method == "POST" else None, initial=row.answers)
    if request.method == "POST" and form.is_valid():
        speaker = Speaker.GUARDIAN if form.cleaned_data["guardian"] else Speaker.PATIENT
        made = actions.answer(
            checkin=row, answers=form.cleaned_data, said_by=speaker, now=timezone.now(), by=request.access)
        return redirect("followup:answer", clinic=request.clinic.slug, patient=request.patient.uid, answer=made.uid)
    page = about(request, "after") | {"form": form, "checkin": row}
    return render(request, "followup/told.html", page, status=422 if request.method == "POST" else 200)


@staff("followup.write")
@require_POST
def acknowledge(request: HttpRequest, alarm: UUID) -> HttpResponse:
    row = get_object_or_404(Alarm, clinic=request.clinic, uid=alarm, patient_id__in=queries.records_of(request.patient))
    alarms.acknowledge(alarm=row, now=timezone.now(), by=request.access)
    messages.success(request, _("Noted: you have seen it."))
    return redirect("followup:answer", clinic=request.clinic.slug, patient=request.patient.uid, answer=row.answer.uid)


@staff("clinic.write")
def arrangement(request: HttpRequest) -> HttpResponse:
    """Whether patients are asked, when, and whom a grave answer reaches."""
    held = queries.arrangement_of(request.clinic)
    form = ArrangementForm(request.POST or None, instance=held)
    if request.method == "POST" and form.is_valid():
        actions.arrange(by=request.access, **form.arranged())
        messages.success(request, _("From now on it is so."))
        return redirect("followup:arrangement", clinic=request.clinic.slug)
    return render(
        request, "followup/arrangement.html", {"form": form, "held": held}, status=422 if request.method == "POST" else 200)


@public(why="single-use link")
@never_cache
def alarm_link(request: HttpRequest, secret: str) -> HttpResponseBase:
    """What the person on call sees: no name and no complaint, a button that says "seen", and the way to the answer."""
    now = timezone.now()
    link = links.find(secret, purpose=alarms.PURPOSE, now=now)
    row = link and Alarm.objects.filter(clinic=link.clinic, uid=link.about).select_related("clinic", "patient", "answer").first()
    if not row:
        return gone(request)
    if request.method == "POST":
        row = alarms.acknowledge(alarm=row, now=now, link=link)
    request.clinic = row.clinic
    where = {"clinic": row.clinic.slug, "patient": row.patient.uid, "answer": row.answer.uid}
    with timezone.override(row.clinic.tzinfo):
        return render(request, "followup/link/alarm.html", {"alarm": row, "url": reverse("followup:answer", kwargs=where)})


@leads(actions.ANSWERED)
def answer_address(task: Task) -> str:
    where = {"clinic": task.clinic.slug, "patient": task.patient.uid, "answer": task.about}
    return reverse("followup:answer", kwargs=where)


@leads(actions.SILENT)
def told_address(task: Task) -> str:
    where = {"clinic": task.clinic.slug, "patient": task.patient.uid, "checkin": task.about}
    return reverse("followup:told", kwargs=where)


def _tabs(request: HttpRequest, which: str) -> list[dict[str, Any]]:
    url = reverse("followup:answers", kwargs={"clinic": request.clinic.slug})
    called = {"all": pgettext("check-ins", "Answered"), "open": _("Not answered yet")}
    waiting = queries.waiting(request.clinic).count()
    return [
        {"url": f"{url}?of={one}", "word": called[one], "current": one == which, "count": waiting if one == "open" else None}
        for one in ("all", "open")
    ]
