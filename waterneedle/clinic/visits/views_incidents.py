"""The register of incidents: what went otherwise than it should have, who looked into it, and what is done otherwise since."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.tasks.queries import leads
from waterneedle.clinic.visits import incidents, queries
from waterneedle.clinic.visits.forms_incidents import AddForm, AgainForm, CloseForm, ReportForm
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.visits.models_incidents import Incident, What
from waterneedle.clinic.visits.on_paper_visit import barred
from waterneedle.clinic.visits.signing import as_signed

ON_A_PAGE = 50


@staff("incidents.read")
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Those that are open, all of them, and the closed ones page by page, the newest first."""
    rows = incidents.visible(request.access, request.scope)
    audit.read(request, None, kind="incident")
    page = Paginator(rows.closed(), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "visits/incidents.html", {
        "open": list(rows.still_open()), "page": page, **_names(request), "reads_all": request.scope == ALL})


@staff("incidents.write")
def report(request: HttpRequest) -> HttpResponse:
    form = ReportForm(request.POST or None, clinic=request.clinic, initial={"happened_at": timezone.localtime()})
    if request.method == "POST" and form.is_valid():
        row = incidents.report(by=request.access, **form.said_of_it())
        messages.success(request, _("It is on record, and the owner has it on the list."))
        return _shown(row)
    return render(request, "visits/incident_report.html", {"form": form}, status=422 if request.method == "POST" else 200)


@staff("incidents.read")
@require_safe
def incident(request: HttpRequest, incident: UUID) -> HttpResponse:
    return _page(request, _found(request, incident))


@staff("incidents.write")
@require_POST
def add(request: HttpRequest, incident: UUID) -> HttpResponse:
    row, form = _found(request, incident), AddForm(request.POST, auto_id="add_%s")
    if not form.is_valid():
        return _page(request, row, add=form)
    incidents.add(incident=row, by=request.access, **form.cleaned_data)
    return _shown(row)


@staff("incidents.write")
@require_POST
def close(request: HttpRequest, incident: UUID) -> HttpResponse:
    row = _found(request, incident, only_all=True)
    form = _close_form(row, request.POST)
    if not form.is_valid():
        return _page(request, row, close=form)
    try:
        incidents.close(incident=row, by=request.access, **form.cleaned_data)
    except incidents.NotNow:
        form.add_error(None, _("Somebody else has closed it meanwhile: read what was said. Yours was not kept; it can be added."))
        return _page(request, row, close=form)
    return _shown(row)


@staff("incidents.write")
@require_POST
def open_again(request: HttpRequest, incident: UUID) -> HttpResponse:
    row, form = _found(request, incident, only_all=True), AgainForm(request.POST, auto_id="again_%s")
    if not form.is_valid():
        return _page(request, row, again=form)
    try:
        incidents.open_again(incident=row, by=request.access, **form.cleaned_data)
    except incidents.NotNow:
        messages.info(request, _("It is open already."))
    return _shown(row)


@leads(incidents.DEVIATION)
@leads(incidents.REPORTED)
def address(task: Task) -> str:
    return reverse("visits:incident", kwargs={"clinic": task.clinic.slug, "incident": task.about})


def _found(request: HttpRequest, uid: UUID, *, only_all: bool = False) -> Incident:
    if only_all and request.scope != ALL:
        raise Http404
    return get_object_or_404(incidents.visible(request.access, request.scope).with_state(), uid=uid)


def _shown(row: Incident) -> HttpResponse:
    return redirect("visits:incident", clinic=row.clinic.slug, incident=row.uid)


def _close_form(row: Incident, data: Any = None) -> CloseForm:
    strike = row.visit and queries.strike_of(row.visit)
    went_in = row.is_deviation and not (strike and strike.struck_at)
    return CloseForm(data, auto_id="close_%s", concerns_a_patient=row.patient_id is not None, went_in=went_in)


def _names(request: HttpRequest) -> dict[str, bool]:
    """Whether patients are named; where not the chart number says who it is."""
    return {"names": request.access.scope("demographics.read") == ALL}


def _page(request: HttpRequest, row: Incident, **wrong: forms.Form) -> HttpResponse:
    audit.read(request, row.patient, kind="incident", uid=row.uid)
    is_open = row.state != What.CLOSED
    page = {
        "incident": row, "is_open": is_open, "entries": row.entries.select_related("made_by").order_by("pk"),
        "add_form": wrong.get("add") or AddForm(auto_id="add_%s"),
        "writes": request.access.may("incidents.write"), "closes": request.access.scope("incidents.write") == ALL,
        "close_form": wrong.get("close") or _close_form(row), "again_form": wrong.get("again") or AgainForm(auto_id="again_%s"),
        **_names(request), **_of_the_visit(row.visit)}
    return render(request, "visits/incident.html", page, status=422 if wrong else 200)


def _of_the_visit(visit: Visit | None) -> dict[str, Any]:
    """What the check barred and was given, of a deviation, and whether its visit still stands."""
    if visit is None:
        return {}
    signature = queries.signature_of(visit)
    return {"barred": barred(as_signed(signature), by_place=True) if signature else "", "strike": queries.strike_of(visit)}
