"""What leaves the clinic as a file: one patient's whole record, and the extract for a registry."""
from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

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
    """Say what leaves and what does not, and take the extract along."""
    is_installed = actions_extract.is_installed()
    if request.method == "POST" and is_installed:
        day = today_in(request.clinic)
        made = actions_extract.take_extract(clinic=request.clinic, day=day, by=request.access)
        return file(made, "application/zip", f"extract-{day}.zip")
    return render(request, "exports/extract.html", {"is_installed": is_installed})
