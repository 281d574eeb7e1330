"""A struck visit: what it leaves to be answered (whose it is what was told, what became of what was drawn up), and how it is read
by who reads no charts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.visits import asked, became, cosigning, queries, refusing
from waterneedle.clinic.visits.forms_after import BecameForm
from waterneedle.clinic.visits.models import Strike, StruckSyringe, Visit
from waterneedle.clinic.visits.saying import refusal
from waterneedle.clinic.visits.signing import as_signed
from waterneedle.clinic.visits.told import told_in
from waterneedle.clinic.web.addresses import address

MOST_SHOWN = 200


def about_the_strike(row: Visit, wrong: BecameForm | None = None) -> dict[str, Any]:
    """What the page of a visit says of its strike; of a visit that stands, that there is none. `wrong` is a form to be mended."""
    strike, forms = queries.strike_of(row), {wrong.row.pk: wrong} if wrong else {}
    if strike is None or strike.struck_at is None:
        return {"strike": strike}
    asked_for = [(one, None if one.became else forms.get(one.pk) or BecameForm(row=one)) for one in became.of(row)]
    return {"strike": strike, "told": told_in(row), "became": asked_for, "is_open": any(form for _one, form in asked_for)}


def struck_page(request: HttpRequest, row: Visit, *, status: int = 200, wrong: BecameForm | None = None) -> HttpResponse:
    """A draft that was struck, to be read."""
    shown = queries.draft(row, request.LANGUAGE_CODE)
    page = about(request, "visits") | {
        "visit": row, "draft": shown, "answers": asked.answers_in_words(shown.today), **about_the_strike(row, wrong)}
    return render(request, "visits/struck.html", page, status=status)


@staff("struck.read")
@require_safe
def struck(request: HttpRequest) -> HttpResponse:
    """The visits that were struck, for who reads no charts: by the number of the chart, and why."""
    rows = Strike.objects.filter(clinic=request.clinic, struck_at__isnull=False)
    rows = rows.select_related("visit__patient", "asked_by", "struck_by").order_by("-struck_at", "-pk")[:MOST_SHOWN]
    audit.read(request, None, kind="visits")
    return render(request, "visits/struck_visits.html", {"strikes": list(rows)})


@staff("struck.read")
@require_safe
def struck_visit(request: HttpRequest, struck: UUID) -> HttpResponse:
    """One of them, as it was charted, with what was added to it until the strike. It is read, and nothing else."""
    known = Visit.objects.select_related("clinic", "patient", "practitioner__user")
    row = get_object_or_404(known, clinic=request.clinic, uid=struck, strikes__struck_at__isnull=False)
    audit.read(request, row.patient, kind="visit", uid=row.uid)
    shown, signature = queries.draft(row, request.LANGUAGE_CODE), queries.signature_of(row)
    amendments = cosigning.amendments_of(row)
    return render(request, "visits/struck_visit.html", {
        "visit": row, "draft": shown, "answers": asked.answers_in_words(shown.today), "strike": queries.strike_of(row),
        "signature": signature, "is_intact": signature is not None and as_signed(signature)["is_intact"],
        "amendments": amendments, "refusals": refusing.refusals_of(row, amendments),
        "became": [(one, None) for one in became.of(row)]})


@staff("chart.write")
@require_POST
def say(request: HttpRequest, visit: UUID, syringe: UUID) -> HttpResponse:
    """What became of one syringe of a struck visit. Who says it a second time sees what was said."""
    # late: the page of a signed visit shows this one's part
    from waterneedle.clinic.visits.views_sign import signed_page

    row = queries.visit_of(request.clinic, request.patient, visit)
    known = StruckSyringe.objects.select_related("syringe__visit")
    found = get_object_or_404(known, clinic=request.clinic, syringe__visit=row, syringe__uid=syringe)
    form = BecameForm(request.POST, row=found)
    if not found.became and (not form.is_valid() or not _said(form, request)):
        signature = queries.signature_of(row)
        wrong = {"status": 422, "wrong": form}
        return signed_page(request, row, signature, **wrong) if signature else struck_page(request, row, **wrong)
    where = {"clinic": request.clinic.slug, "patient": request.patient.uid, "visit": row.uid}
    return HttpResponseRedirect(address("visits:visit", **where))


def _said(form: BecameForm, request: HttpRequest) -> bool:
    try:
        became.say(row=form.row, by=request.access, **form.said())
    except became.NotSaid as problem:
        form.add_error("became", refusal(problem))
        return False
    return True
