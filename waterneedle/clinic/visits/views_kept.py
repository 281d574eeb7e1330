"""Keeping what was given in a signed visit as a protocol of the clinic, planning one that was kept, and taking one away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.visits import drafts, keeping, queries
from waterneedle.clinic.visits.forms import KeepForm
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.visits.models_kept import KeptProtocol
from waterneedle.clinic.visits.page import answered, refused
from waterneedle.clinic.visits.saying import refusal
from waterneedle.clinic.visits.views_chart import charted, syringe_of, visit_of
from waterneedle.clinic.visits.views_protocol import said_of_each
from waterneedle.clinic.visits.views_sign import signed_page


@staff("chart.write")
@require_POST
def keep(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Keep what was given in this visit, under a name."""
    row = visit_of(request, visit)
    signature = queries.signature_of(row)
    if signature is None:
        raise Http404
    form = KeepForm(request.POST, fluids=keeping.fluids_of(row), auto_id="keep_%s")
    if form.is_valid():
        try:
            made = keeping.keep(visit=row, by=request.access, **form.cleaned_data)
        except drafts.NotCharted as problem:
            form.add_error("name", refusal(problem))
        else:
            undo = reverse("visits:remove_kept", kwargs=_where(request, row, made))
            return answered(request, row, said=_("Kept as %(name)s.") % {"name": made}, undo=undo)
    return signed_page(request, row, signature, status=422, keep_form=form)


@staff("chart.write")
@require_POST
def plan(request: HttpRequest, visit: UUID, kept: UUID) -> HttpResponse:
    """The places of one that was kept, planned from the syringe in hand."""
    row, found = visit_of(request, visit), _kept(request, kept)
    try:
        made = keeping.plan(
            visit=row, kept=found, by=request.access, syringe=syringe_of(request, row), side=request.POST.get("side", ""),
            each=said_of_each(request))
    except drafts.NotCharted as problem:
        return refused(request, row, refusal(problem))
    return charted(request, row, made)


@staff("chart.write")
@require_POST
def remove(request: HttpRequest, visit: UUID, kept: UUID) -> HttpResponse:
    """One that was kept is offered no longer; of others' only who runs the clinic takes one away."""
    row, found = visit_of(request, visit), _kept(request, kept)
    if not keeping.may_remove(found, request.access):
        raise Http404
    keeping.remove(kept=found, by=request.access)
    undo = reverse("visits:restore_kept", kwargs=_where(request, row, found))
    return answered(request, row, said=_("No longer kept: %(name)s") % {"name": found}, undo=undo)


@staff("chart.write")
@require_POST
def restore(request: HttpRequest, visit: UUID, kept: UUID) -> HttpResponse:
    row, found = visit_of(request, visit), _kept(request, kept)
    if not keeping.may_remove(found, request.access):
        raise Http404
    try:
        keeping.restore(kept=found, by=request.access)
    except drafts.NotCharted as problem:
        messages.error(request, refusal(problem))
    return answered(request, row)


def _kept(request: HttpRequest, uid: UUID) -> KeptProtocol:
    return get_object_or_404(KeptProtocol, clinic=request.clinic, uid=uid)


def _where(request: HttpRequest, row: Visit, kept: KeptProtocol) -> dict[str, Any]:
    return {"clinic": request.clinic.slug, "patient": request.patient.uid, "visit": row.uid, "kept": kept.uid}
