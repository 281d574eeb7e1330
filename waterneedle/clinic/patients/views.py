"""Patients: found, entered, shown and changed."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.patients import actions, queries
from waterneedle.clinic.patients.forms import GuardianForm, PatientForm
from waterneedle.clinic.patients.models import Guardian, Patient
from waterneedle.clinic.patients.pages import about, sections
from waterneedle.clinic.patients.queries import today_in


@staff("demographics.read")
def patients(request: HttpRequest) -> HttpResponse:
    """The newest patients, and the search."""
    return render(request, "patients/patients.html", _found(request, ""))


@staff("demographics.read")
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Patients by what was typed: options while somebody types, or a page. By POST, so that no name stands in an address."""
    wanted = request.POST.get("q", "")
    found = _found(request, wanted)
    if request.headers.get("HX-Request"):
        return render(request, "patients/_options.html", found)
    if len(found["found"]) == 1:
        return redirect("patients:patient", clinic=request.clinic.slug, patient=found["found"][0].uid)
    return render(request, "patients/patients.html", found)


def _found(request: HttpRequest, wanted: str) -> dict[str, Any]:
    """The patients to show; an instructor, who reaches trainees' patients alone, finds them by their visits and not here."""
    rows: list[Patient] = []
    if request.access.scope("demographics.read") == ALL:
        searched = queries.search(request.clinic, wanted, day_first=request.LANGUAGE_CODE == "es")
        rows = searched if wanted.strip() else queries.newest(request.clinic)
    return {"wanted": wanted, "found": rows, "more": len(rows) == queries.MOST_FOUND, "today": today_in(request.clinic)}


@staff("demographics.write")
def new(request: HttpRequest) -> HttpResponse:
    """Enter a patient. Who looks like somebody on file is shown first, and entered all the same when that is asked for."""
    form = PatientForm(request.POST or None, instance=Patient(clinic=request.clinic))
    alike = []
    if request.method == "POST" and form.is_valid():
        alike = queries.likely_duplicates(form.instance)
        if not alike or "is_new" in request.POST:
            made = actions.create_patient(clinic=request.clinic, fields=form.values(), by=request.access)
            messages.success(request, _("%(name)s is on file, chart %(number)s.") % {"name": made.name, "number": made.number})
            return redirect("patients:patient", clinic=request.clinic.slug, patient=made.uid)
    status = 422 if request.method == "POST" else 200
    return render(request, "patients/edit.html", {"form": form, "alike": alike}, status=status)


@staff("demographics.read")
def patient(request: HttpRequest) -> HttpResponse:
    audit.read(request, request.patient, kind="demographics")
    return render(request, "patients/patient.html", _about(request) | {"guardian_form": GuardianForm(patient=request.patient)})


@staff("demographics.write")
def edit(request: HttpRequest) -> HttpResponse:
    form = PatientForm(request.POST or None, instance=Patient.objects.get(pk=request.patient.pk))
    page = about(request, "patient") | {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_patient(
                patient=request.patient, fields=form.values(), version=form.cleaned_data["version"] or 0, by=request.access)
        except actions.ChangedMeanwhile:
            form.add_error(None, _(
                "Somebody else has changed this record since you opened it. What you typed is still here; compare it with the "
                "record as it is now, then save again."))
            newest = Patient.objects.get(pk=request.patient.pk)
            form.data = form.data.copy()
            form.data["version"] = newest.version
            return render(request, "patients/edit.html", page | {"newest": queries.shown_columns(newest)}, status=422)
        messages.success(request, _("Saved."))
        return redirect("patients:patient", clinic=request.clinic.slug, patient=request.patient.uid)
    return render(request, "patients/edit.html", page, status=422 if request.method == "POST" else 200)


@staff("demographics.write")
@require_POST
def add_guardian(request: HttpRequest) -> HttpResponse:
    form = GuardianForm(request.POST, patient=request.patient)
    if not form.is_valid():
        return render(request, "patients/patient.html", _about(request) | {"guardian_form": form}, status=422)
    actions.add_guardian(patient=request.patient, fields=form.values(), by=request.access)
    return _back(request)


@staff("demographics.write")
@require_POST
def end_guardian(request: HttpRequest, guardian: UUID) -> HttpResponse:
    row = get_object_or_404(
        Guardian, clinic=request.clinic, uid=guardian, patient_id__in=queries.records_of(request.patient))
    actions.end_guardian(guardian=row, by=request.access)
    messages.success(request, _("Noted. Links that were sent until now open no more: send again what is still wanted."))
    return _back(request)


def _about(request: HttpRequest) -> dict[str, Any]:
    of = request.patient
    guardians = queries.guardians_of(of)
    needs_one = queries.needs_guardian(of, today_in(request.clinic))
    return about(request, "patient") | {
        "guardians": guardians, "language": dict(settings.LANGUAGES).get(of.language, of.language),
        "lacks_guardian": bool(needs_one) and not any(one.may_consent for one in guardians),
        "alike": queries.likely_duplicates(of) if request.access.may("merge.write") else [],
        "joined": list(of.joined.filter(parted_at=None).select_related("other")),
        "sections": sections(request),
    }


def _back(request: HttpRequest) -> HttpResponse:
    return redirect("patients:patient", clinic=request.clinic.slug, patient=request.patient.uid)
