"""A syringe: its printed label, what was drawn up set right, and what a scan means, a vial or a syringe of this visit."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.models import Clinic, Membership, User
from waterneedle.clinic.accounts.roles import Role, scope
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.visits import drawing, queries
from waterneedle.clinic.visits.drafts import NotCharted
from waterneedle.clinic.visits.forms import DrawnForm, vial_in_words
from waterneedle.clinic.visits.models import Syringe
from waterneedle.clinic.visits.saying import refusal
from waterneedle.clinic.visits.syringes import OfAnother, label_pdf, meant_by
from waterneedle.clinic.visits.usual import Usual, in_words, usual_draw
from waterneedle.clinic.visits.views_chart import drawn_at
from waterneedle.clinic.web.downloads import file

LONGEST_CODE = 200


@staff("chart.read")
@require_safe
def label(request: HttpRequest, visit: UUID, syringe: UUID) -> HttpResponse:
    """The label, as a file: an action of its own in the trail."""
    row = queries.visit_of(request.clinic, request.patient, visit)
    known = Syringe.objects.select_related("patient", "visit", "drawn_by")
    found = get_object_or_404(known, clinic=request.clinic, visit=row, uid=syringe)
    made = label_pdf(found)
    with transaction.atomic():
        audit.append(
            by=request.access, action="export", kind="syringe", uid=found.uid, patient=request.patient.uid,
            after=sha256(made).digest(), detail={"as": "label"},
        )
    return file(made, "application/pdf", f"syringe-{found.code}.pdf")


@staff("chart.write")
def correct(request: HttpRequest, visit: UUID, syringe: UUID) -> HttpResponse:
    """What was drawn up, set right while the visit is a draft: else a slip of the keyboard would be booked as waste."""
    row = queries.visit_of(request.clinic, request.patient, visit)
    known = Syringe.objects.select_related("visit__patient")
    found = get_object_or_404(known, clinic=request.clinic, visit=row, uid=syringe, removed_at=None, visit__is_draft=True)
    form = DrawnForm(request.POST or None, syringe=found, people=_may_draw_up(request.clinic, found))
    if request.method == "POST" and form.is_valid():
        try:
            drawing.correct(syringe=found, by=request.access, **form.said())
            return redirect("visits:visit", clinic=request.clinic.slug, patient=request.patient.uid, visit=row.uid)
        except NotCharted as problem:
            form.add_error(None, refusal(problem))
    page = about(request, "visits") | {"visit": row, "syringe": found, "form": form}
    return render(request, "visits/syringe.html", page, status=422 if request.method == "POST" else 200)


def _may_draw_up(clinic: Clinic, syringe: Syringe) -> QuerySet[User]:
    """Who charts here, and who is named already."""
    roles = [one for one in Role if scope(one, "chart.write")]
    at_work = Membership.objects.filter(clinic=clinic, role__in=roles, ended_at=None, user__is_active=True)
    return User.objects.filter(Q(pk__in=at_work.values("user")) | Q(pk=syringe.drawn_by_id)).order_by("name", "pk")


@staff("chart.write")
@require_POST
def scan(request: HttpRequest, visit: UUID) -> JsonResponse:
    """Which open vial, or which syringe of this visit, a scanned code means; 422 with a sentence when it is none of them.

    With a vial comes how its fluid was drawn up before, to be taken with one tap.
    """
    row = queries.visit_of(request.clinic, request.patient, visit)
    code = request.POST.get("code", "")[:LONGEST_CODE]
    try:
        syringe = meant_by(code, Syringe.objects.filter(clinic=request.clinic, visit=row, removed_at=None), row)
    except OfAnother as problem:
        return JsonResponse({"problem": refusal(problem)}, status=422)
    if syringe is not None:
        return JsonResponse({"syringe": str(syringe.uid), "says": syringe.code})
    usable, other = queries.vials_of(row, drawn_at(request, row))
    vial = queries.vial_by_code(usable, code, other)
    if vial is None:
        problem = queries.why_not_usable(other, row, code, usable) or _("No open vial has this code.")
        return JsonResponse({"problem": problem}, status=422)
    before = usual_draw(vial, row, request.access)
    usual = {"says": in_words(before), "fields": _fields(before)} if before else None
    return JsonResponse({"vial": str(vial.uid), "says": vial_in_words(vial), "usual": usual})


def _fields(usual: Usual) -> dict[str, str]:
    """What the fields of the form take, by their names, as they are typed."""
    names = ("volume_ml", "route", "gauge", "length_mm", "each_ml")
    return {name: _typed(value) for name in names if (value := getattr(usual, name))}


def _typed(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
