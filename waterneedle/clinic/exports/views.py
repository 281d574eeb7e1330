"""One patient's whole record, as a file."""
from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.exports import actions
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
