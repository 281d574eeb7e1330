"""The arrival of a patient, in one press: of who was booked, and of who stands at the desk, booked or not; and the leaving."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.appointments import queries
from waterneedle.clinic.appointments.actions import Elsewhere, NotNow
from waterneedle.clinic.appointments.views_booking import refusal
from waterneedle.clinic.outbox.opting import is_closed
from waterneedle.clinic.patients.queries import kept_record, records_of, today_in
from waterneedle.clinic.visits import arriving, day
from waterneedle.clinic.visits.drafts import Struck
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.visits.models_after import Observation


@staff("bookings.write")
@require_POST
def arrive(request: HttpRequest, booking: UUID) -> HttpResponse:
    row = queries.booking_of(request.clinic, booking)
    if row is None or request.scope != ALL:
        raise Http404
    try:
        arriving.arrive(booking=row, by=request.access, now=timezone.now())
        messages.success(request, _("Has arrived."))
    except Elsewhere as problem:
        messages.warning(request, refusal(problem))
    except NotNow:
        messages.warning(request, _("Somebody else has noted something about this booking. This is how it stands now."))
    return redirect("home:today", clinic=request.clinic.slug)


@staff("bookings.write")
@require_POST
def come(request: HttpRequest) -> HttpResponse:
    """Who stands at the desk has arrived. Who charts goes on in the visit."""
    if request.scope != ALL:
        raise Http404
    visit, _is_new = arriving.come(patient=request.patient, by=request.access, now=timezone.now())
    messages.success(request, _("Has arrived."))
    where = {"clinic": request.clinic.slug, "patient": visit.patient.uid}
    if request.access.may("chart.write"):
        return redirect("visits:visit", **where, visit=visit.uid)
    return redirect("patients:patient", **where)


@staff("bookings.write")
@require_POST
def leave(request: HttpRequest, visit: UUID) -> HttpResponse:
    """The patient is gone: said by whoever sees it, which is mostly the desk."""
    if request.scope != ALL:
        raise Http404
    row = get_object_or_404(Visit, clinic=request.clinic, patient_id__in=records_of(request.patient), uid=visit)
    try:
        is_new = arriving.leave(visit=row, by=request.access)
    except Struck:
        is_new = False
    if not is_new:
        messages.warning(request, _("Somebody else has noted something about this visit. This is how it stands now."))
    elif Observation.objects.filter(clinic=request.clinic, visit=row, ended_at=None).exists():
        messages.warning(request, _("Has left, and is still being observed: tell who treats, who ends that."))
    else:
        messages.success(request, _("Has left."))
    return redirect("home:close" if request.POST.get("from") == "close" else "home:today", clinic=request.clinic.slug)


def section_of_person(request: HttpRequest) -> dict[str, Any] | None:
    """What the page of a person says of today: that they are here, or when they are booked."""
    if request.access.scope("bookings.read") != ALL or is_closed(kept_record(request.patient)):
        return None
    today, records = today_in(request.clinic), records_of(request.patient)
    return {
        "here": day.here_of(request.clinic, today, records),
        "bookings": queries.bookings_on_of(request.clinic, today, records),
    }
