"""The forms of a patient, as the staff sees them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.intake import queries
from waterneedle.clinic.patients.pages import about


@staff("forms.read")
def forms(request: HttpRequest) -> HttpResponse:
    """Which forms and consents are sent, filled and signed: not what they say."""
    audit.read(request, request.patient, kind="forms")
    return render(request, "intake/forms.html", _page(request))


def _page(request: HttpRequest) -> dict[str, Any]:
    return about(request, "forms") | {"consents": queries.consents_of(request.patient, timezone.now())}
