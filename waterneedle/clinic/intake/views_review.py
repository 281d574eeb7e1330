"""What a patient has answered, and what a practitioner makes of it: taken, corrected, or not taken. Nothing is overwritten."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.intake import actions_review, figure, queries
from waterneedle.clinic.intake.actions_review import StillHolds
from waterneedle.clinic.intake.forms import CorrectionForm
from waterneedle.clinic.intake.models import Decision, Form, FormKind, PainDrawing, Said
from waterneedle.clinic.intake.views import form_of
from waterneedle.clinic.patients.pages import about


@staff("chart.read")
def review(request: HttpRequest, form: UUID) -> HttpResponse:
    row = _sent(request, form)
    audit.read(request, request.patient, kind="answers", uid=row.uid)
    return _page(request, row)


@staff("chart.write")
@require_POST
def decide(request: HttpRequest, form: UUID, said: UUID) -> HttpResponse:
    row = _sent(request, form)
    one = get_object_or_404(Said, clinic=request.clinic, form=row, uid=said)
    decision = request.POST.get("decision", "")
    if decision not in Decision.values:
        raise Http404
    correction = CorrectionForm(request.POST, said=one, prefix=str(one.uid))
    if decision == Decision.CORRECTED and not correction.is_valid():
        return _page(request, row, status=422, correction=correction)
    try:
        actions_review.decide(
            said=one,
            decision=decision,
            by=request.access,
            note=request.POST.get("note", "")[:300],
            corrected=correction.cleaned_data if decision == Decision.CORRECTED else None,
        )
    except StillHolds:
        messages.error(request, _("The record has entries of this kind that hold. End them first, or do not take this answer."))
    except ValueError:
        messages.warning(request, _("Somebody else has decided on this already."))
    return redirect(_here(request, row))


@staff("chart.write")
@require_POST
def accept_all(request: HttpRequest, form: UUID) -> HttpResponse:
    """Everything that is left, as it was said; what cannot be taken stays for a decision of its own."""
    row = _sent(request, form)
    left = actions_review.accept_all(form=row, by=request.access)
    if left:
        messages.warning(request, _("Some answers contradict the record and need a decision each."))
    else:
        messages.success(request, _("Gone through."))
    return redirect(_here(request, row))


@staff("chart.read")
def pain(request: HttpRequest, form: UUID) -> HttpResponse:
    """What was painted, as a picture. That the chart was read is written down with the page around it."""
    row = _sent(request, form)
    drawing = get_object_or_404(PainDrawing, clinic=request.clinic, patient_id=row.patient_id, form=row)
    picture = figure.painted(row, tuple(tuple(run) for run in drawing.drawn))
    return HttpResponse(picture, content_type="image/svg+xml")


def _page(request: HttpRequest, row: Form, status: int = 200, correction: CorrectionForm | None = None) -> HttpResponse:
    found = queries.review_of(row, request.LANGUAGE_CODE)
    for one in found.said:
        given = correction if correction is not None and correction.said == one.said else None
        one.form = given or CorrectionForm(said=one.said, prefix=str(one.said.uid))
    drawing = PainDrawing.objects.filter(clinic=request.clinic, patient_id=row.patient_id, form=row).first()
    page = about(request, "forms") | {"form": row, "review": found, "drawing": drawing}
    return render(request, "intake/review.html", page, status=status)


def _sent(request: HttpRequest, uid: UUID) -> Form:
    row = form_of(request, uid)
    if not row.submitted_at or row.kind != FormKind.QUESTIONS:
        raise Http404
    return row


def _here(request: HttpRequest, row: Form) -> str:
    return reverse("intake:review", kwargs={"clinic": request.clinic.slug, "patient": request.patient.uid, "form": row.uid})
