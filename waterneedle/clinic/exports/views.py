"""What leaves the clinic as a file: one patient's whole record, and the extract for a registry."""
from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.exports import actions, actions_extract
from waterneedle.clinic.exports.forms import TakeAlongForm
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.patients.queries import today_in
from waterneedle.clinic.web.downloads import file

KINDS = {actions.JSON: "application/json", actions.PDF: "application/pdf"}


@staff("export.read")
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """Say for whom, and take the file along. Nothing of the record is on the page itself."""
    form = TakeAlongForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen, patient = form.cleaned_data["form"], request.patient
        made = actions.take_along(patient=patient, form=chosen, purpose=form.cleaned_data["purpose"], by=request.access)
        # A file lies about in folders: its name says no more than the chart number.
        return file(made, KINDS[chosen], f"record-{patient.number}-{today_in(request.clinic)}.{chosen}")
    page = about(request, "record") | {"form": form}
    return render(request, "exports/record.html", page, status=422 if request.method == "POST" else 200)


@staff("extract.read")
@require_http_methods(["GET", "HEAD", "POST"])
def extract(request: HttpRequest) -> HttpResponse:
    """Say what leaves and what does not, and have the extract written; how far that is, and the file when it is ready."""
    is_installed = actions_extract.is_installed()
    if request.method == "POST" and is_installed:
        actions_extract.ask_for_extract(clinic=request.clinic, by=request.access)
        return redirect("exports:extract", clinic=request.clinic.slug)
    page = {"is_installed": is_installed, "wanted": actions_extract.newest(request.clinic)}
    return render(request, "exports/extract.html", page)


@staff("extract.read")
@require_safe
def extract_state(request: HttpRequest) -> HttpResponse:
    """How far the extract is: a part of its page, asked for over and over until it is ready."""
    return render(request, "exports/_extract_state.html", {"wanted": actions_extract.newest(request.clinic)})


@staff("extract.read")
@require_safe
def extract_file(request: HttpRequest, extract: UUID) -> HttpResponse:
    made = actions_extract.fetch_extract(clinic=request.clinic, uid=extract, by=request.access)
    if made is None:
        raise Http404
    return file(made, "application/zip", f"extract-{today_in(request.clinic)}.zip")
