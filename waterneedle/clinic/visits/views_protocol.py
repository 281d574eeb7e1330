"""Choosing a published protocol for a visit, with what is on file about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from waterneedle import knowledge
from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.visits import copying, drafts, queries
from waterneedle.clinic.visits.forms import EachForm, ProtocolForm
from waterneedle.clinic.visits.keeping import kept_in, may_remove
from waterneedle.clinic.visits.page import asks_for_parts, refused
from waterneedle.clinic.visits.protocols import protocols_for
from waterneedle.clinic.visits.saying import refusal
from waterneedle.clinic.visits.views_chart import charted, syringe_of, visit_of


@staff("chart.write")
@require_GET
def protocols(request: HttpRequest, visit: UUID) -> HttpResponse:
    """The protocols on file, those with what is in the syringe first: as a page, or as the part that opens in the visit."""
    row = visit_of(request, visit)
    if queries.signature_of(row):
        raise Http404
    try:
        syringe = syringe_of(request, row)
    except drafts.OfAnother:
        raise Http404 from None
    page = {
        "visit": row, "patient": request.patient, "syringe": syringe, "found": protocols_for(syringe, request.LANGUAGE_CODE),
        "kept": [(one, may_remove(one.kept, request.access)) for one in kept_in(request.clinic, syringe)],
        "sides": ProtocolForm.SIDES,
    }
    if asks_for_parts(request):
        return render(request, "visits/_protocols.html", page)
    return render(request, "visits/protocols.html", about(request, "visits") | page)


@staff("chart.write")
@require_POST
def plan_protocol(request: HttpRequest, visit: UUID) -> HttpResponse:
    """The places of a protocol, planned from the syringe in hand."""
    row = visit_of(request, visit)
    form = ProtocolForm(request.POST)
    if not form.is_valid():
        return refused(request, row, _("There is no such protocol."))
    try:
        syringe = syringe_of(request, row)
    except drafts.OfAnother as problem:
        return refused(request, row, refusal(problem))
    if syringe is None:
        return refused(request, row, _("Draw up a syringe first: product, volume and needle stand there once."))
    if copying.asks_side(knowledge.protocols()[form.cleaned_data["protocol"]]) and not form.cleaned_data["side"]:
        return refused(request, row, _("Say on which side."))
    try:
        made = copying.from_protocol(
            visit=row, by=request.access, syringe=syringe, each=said_of_each(request), **form.cleaned_data)
    except drafts.NotCharted as problem:
        return refused(request, row, refusal(problem))
    return charted(request, row, made)


def said_of_each(request: HttpRequest) -> dict[str, Any]:
    """What each injection gets, as it stands beside the syringe; nothing where that is not valid."""
    each = EachForm(request.POST)
    given = each.cleaned_data if each.is_valid() else {}
    return {"volume_ml": given.get("each_ml"), "depth_mm": given.get("each_mm"), "angle_deg": given.get("each_deg")}
