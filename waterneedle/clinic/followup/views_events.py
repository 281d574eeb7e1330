"""Adverse events: reported from an answer, a reaction or the chart with nothing typed again, amended, exported, counted."""

from __future__ import annotations

import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.followup import actions_events, causality, medwatch, queries, queries_events
from waterneedle.clinic.followup.forms_events import AmendmentForm, EventForm
from waterneedle.clinic.followup.models import AdverseEvent, Answer, EventVersion
from waterneedle.clinic.followup.onset import Onset, between, onset_of
from waterneedle.clinic.followup.prefilled import from_answer, from_reaction
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.patients.queries import records_of, today_in
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.visits.models_after import Reaction
from waterneedle.clinic.web.downloads import file
from waterneedle.clinic.web.forms import DateInput

ON_A_PAGE = 50


@staff("followup.read")
def events(request: HttpRequest) -> HttpResponse:
    """Every adverse event of the clinic, as it is known now."""
    if request.scope != ALL:
        raise Http404
    page = Paginator(queries_events.newest_versions(request.clinic.pk), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "followup/events.html", {"page": page})


@staff("followup.write")
def new_event(request: HttpRequest) -> HttpResponse:
    """A report. `answer`, `reaction` or `visit` in the address say where it was learnt; what is known there is in the form."""
    learnt = _learnt(request)
    visit = learnt.get("visit")
    if isinstance(learnt.get("answer"), Answer):
        known = from_answer(learnt["answer"])
    elif isinstance(learnt.get("reaction"), Reaction):
        known = from_reaction(learnt["reaction"])
    else:
        known = {}
    audit.read(request, request.patient, kind="adverse event")  # what went in, and when, is there to choose from
    now = timezone.now()
    onset = Onset(None, *between(visit=visit, answer=learnt.get("answer"), written_at=now))
    form = _form(request, EventForm, visit, onset=onset, now=now, initial=known)
    if request.method == "POST" and form.is_valid():
        made = actions_events.report(patient=request.patient, by=request.access, **learnt, **form.reported())
        messages.success(request, _("The report is on record."))
        return _shown(request, made)
    page = about(request, "after") | {"form": form, "categories": causality.categories(), "source": causality.source(), **learnt}
    return render(request, "followup/event_form.html", page, status=422 if request.method == "POST" else 200)


@staff("followup.read")
def event(request: HttpRequest, event: UUID) -> HttpResponse:
    """One event: as it is known now, and what was said of it before."""
    row = _event(request, event)
    audit.read(request, request.patient, kind="adverse event", uid=row.uid)
    versions = queries_events.versions_of(row)
    return render(request, "followup/event.html", about(request, "after") | {
        "event": row, "version": versions[0], "earlier": versions[1:], "onset": onset_of(row, versions[0]),
        "given": queries_events.given_of(queries_events.suspected(versions[0]))})


@staff("followup.write")
def amend_event(request: HttpRequest, event: UUID) -> HttpResponse:
    row = _event(request, event)
    audit.read(request, request.patient, kind="adverse event", uid=row.uid)
    last = queries_events.versions_of(row)[0]
    known = {name: getattr(last, name) for name in EventForm.Meta.fields} | {
        "injection": str(last.injection.uid) if last.injection else "", "is_mistake": last.is_mistake}
    onset = onset_of(row, last)._replace(at=None)
    form = _form(request, AmendmentForm, row.visit, onset=onset, now=timezone.now(), initial=known)
    if request.method == "POST" and form.is_valid():
        actions_events.amend(event=row, why=form.cleaned_data["why"], by=request.access, **form.reported())
        messages.success(request, _("The amendment is on record."))
        return _shown(request, row)
    page = about(request, "after") | {
        "form": form, "event": row, "categories": causality.categories(), "source": causality.source()}
    return render(request, "followup/event_form.html", page, status=422 if request.method == "POST" else 200)


@staff("followup.read")
@require_safe
def event_file(request: HttpRequest, event: UUID, kind: str) -> HttpResponse:
    """The fields of form FDA 3500, as JSON or on paper: an action of its own in the trail, with the hash of the file."""
    if kind not in ("json", "pdf"):
        raise Http404
    row = _event(request, event)
    version = queries_events.versions_of(row)[0]
    document = medwatch.document_of(row, version, reporter=request.access, today=today_in(request.clinic))
    made = medwatch.as_json(document) if kind == "json" else medwatch.as_pdf(document)
    with transaction.atomic():
        audit.append(
            by=request.access, action="export", kind="adverse event", uid=row.uid, patient=request.patient.uid,
            after=sha256(made).digest(), detail={"as": kind})
    return file(made, f"application/{kind}", f"event-{document['B_event']['4_report_date']}.{kind}")


class RatesForm(forms.Form):
    """Which days, and of which events."""

    since = forms.DateField(label=pgettext_lazy("days", "From"), widget=DateInput)
    until = forms.DateField(label=pgettext_lazy("days", "Until"), widget=DateInput)
    of = forms.ChoiceField(label=gettext_lazy("Of"), choices=[
        ("all", gettext_lazy("all adverse events")), ("serious", gettext_lazy("serious ones")),
        ("infections", gettext_lazy("infections at the site"))])


@staff("figures.read")
def rates(request: HttpRequest) -> HttpResponse:
    """How often, of how many, with exact intervals. Nobody is named but who injected."""
    today = today_in(request.clinic)
    asked = {"since": today - datetime.timedelta(days=365), "until": today, "of": "all"}
    form = RatesForm(request.GET or {name: str(value) for name, value in asked.items()})
    valid = form.is_valid()
    found = queries_events.rates(request.clinic, **(form.cleaned_data if valid else asked))
    audit.read(request, None, kind="rates")
    return render(request, "followup/rates.html", {"form": form, "found": found}, status=200 if valid else 422)


def _event(request: HttpRequest, uid: UUID) -> AdverseEvent:
    rows = AdverseEvent.objects.filter(clinic=request.clinic, patient_id__in=records_of(request.patient))
    rows = rows.select_related("patient__clinic", "visit", "clinic", "answer__checkin__clinic", "reaction")
    return get_object_or_404(rows, uid=uid)


def _shown(request: HttpRequest, row: AdverseEvent) -> HttpResponse:
    return redirect("followup:event", clinic=request.clinic.slug, patient=request.patient.uid, event=row.uid)


def _form(request: HttpRequest, form: type[EventForm], visit: Visit | None, **more: Any) -> EventForm:
    choices = queries_events.injections_to_choose(request.patient, visit)
    return form(request.POST or None, instance=EventVersion(), injections=choices, **more)


def _learnt(request: HttpRequest) -> dict[str, Any]:
    """The rows that the address names; 404 for one that is not this patient's."""
    own = {"clinic": request.clinic, "patient_id__in": records_of(request.patient)}
    found: dict[str, Any] = {}
    for name, rows in (
        ("answer", queries.answers_of_clinic(request.clinic)), ("reaction", Reaction.objects.select_related("visit")),
        ("visit", Visit.objects.all()),
    ):
        if said := request.GET.get(name):
            try:
                found[name] = get_object_or_404(rows.filter(**own), uid=UUID(said))
            except ValueError:
                raise Http404 from None
    learnt_at = found.get("answer") or found.get("reaction")
    if learnt_at is not None and learnt_at.visit is not None:
        found["visit"] = learnt_at.visit
    return found
