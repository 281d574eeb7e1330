"""A signed visit as a file: for a colleague, and for the patient."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.visits import on_paper_visit
from waterneedle.clinic.visits.models import Signature, Strike, Visit
from waterneedle.clinic.web.downloads import file


@staff("chart.read")
@require_safe
def note(request: HttpRequest, visit: UUID) -> HttpResponse:
    return _printed(request, visit, on_paper_visit.note_pdf, "visit")


@staff("chart.read")
@require_safe
def for_patient(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Not of a visit that was struck: it is about somebody else, and its reason may name them."""
    known = {"clinic": request.clinic, "visit__uid": visit, "visit__patient_id__in": records_of(request.patient)}
    if Strike.objects.filter(**known, struck_at__isnull=False).exists():
        said = {"title": _("This visit is struck"), "text": _("It stands on the wrong patient, who is not given it on paper.")}
        return render(request, "visits/after/not_signed.html", said, status=409)
    return _printed(request, visit, on_paper_visit.patient_pdf, "visit-for-patient")


def _printed(request: HttpRequest, uid: UUID, made_of: Callable[[Signature], bytes], name: str) -> HttpResponse:
    """The file: an action of its own in the trail, with its hash. A draft is not given away."""
    visit = get_object_or_404(Visit, clinic=request.clinic, patient_id__in=records_of(request.patient), uid=uid)
    known = Signature.objects.select_related("visit__patient", "visit__clinic", "visit__practitioner__user")
    signature = known.filter(clinic=request.clinic, visit=visit).first()
    if signature is None:
        said = {"title": _("This visit is not signed"), "text": _("A draft is not printed. Sign it first.")}
        return render(request, "visits/after/not_signed.html", said, status=409)
    made = made_of(signature)
    with transaction.atomic():
        audit.append(
            by=request.access, action="export", kind="visit", uid=visit.uid, patient=request.patient.uid,
            after=sha256(made).digest(), detail={"as": name},
        )
    return file(made, "application/pdf", f"{name}-{visit.day}.pdf")
