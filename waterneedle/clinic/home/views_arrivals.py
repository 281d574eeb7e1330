"""The arrival of who was booked, in one press."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.appointments import queries
from waterneedle.clinic.appointments.actions import Elsewhere, NotNow
from waterneedle.clinic.appointments.views_booking import refusal
from waterneedle.clinic.home.arrivals import arrive as note_arrival


@staff("bookings.write")
@require_POST
def arrive(request: HttpRequest, booking: UUID) -> HttpResponse:
    row = queries.booking_of(request.clinic, booking)
    if row is None or request.scope != ALL:
        raise Http404
    try:
        note_arrival(booking=row, by=request.access, now=timezone.now())
        messages.success(request, _("Has arrived."))
    except Elsewhere as problem:
        messages.warning(request, refusal(problem))
    except NotNow:
        messages.warning(request, _("Somebody else has noted something about this booking. This is how it stands now."))
    return redirect("home:today", clinic=request.clinic.slug)
