"""The calendar by day and by week, and the waiting list."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.appointments import before, queries, sheet, waitlist
from waterneedle.clinic.appointments.models import Waiting
from waterneedle.clinic.patients.queries import today_in
from waterneedle.clinic.practitioners.queries import practitioner_of, practitioners_of

WEEK = datetime.timedelta(days=7)


@staff("bookings.read")
def day(request: HttpRequest) -> HttpResponse:
    """Who comes today, or on the day that is asked for."""
    if request.scope != ALL:
        return render(request, "appointments/out_of_reach.html")
    on = asked_day(request)
    booked = before.shown(request.clinic, queries.bookings_on(request.clinic, on), on, timezone.now())
    page = _page(request, on, "day") | {
        "sheet": sheet.of_day(request.clinic, on, booked),
        "bookings": booked,
        "before": on - datetime.timedelta(days=1),
        "after": on + datetime.timedelta(days=1),
    }
    return render(request, "appointments/day.html", page)


@staff("bookings.read")
def week(request: HttpRequest) -> HttpResponse:
    """The week of one practitioner: one's own, or the one that is asked for."""
    if request.scope != ALL:
        return render(request, "appointments/out_of_reach.html")
    on = asked_day(request)
    monday = on - datetime.timedelta(days=on.weekday())
    people = practitioners_of(request.clinic)
    own = practitioner_of(request.user, request.clinic)
    who = next((one for one in people if str(one.uid) == request.GET.get("with")), None) or own or next(iter(people), None)
    page = _page(request, on, "week") | {
        "people": people,
        "who": who,
        "before": monday - WEEK,
        "after": monday + WEEK,
        "monday": monday,
    }
    if who is not None:
        page["sheet"] = sheet.of_week(request.clinic, who, monday)
        begin = queries.day_bounds(request.clinic, monday)[0]
        end = queries.day_bounds(request.clinic, monday + datetime.timedelta(days=6))[1]
        page["bookings"] = list(queries.bookings_between(request.clinic, begin, end).filter(stands=True, practitioner=who))
    return render(request, "appointments/week.html", page)


@staff("bookings.read")
def waiting(request: HttpRequest) -> HttpResponse:
    """Who waits for a time that is freed, in order."""
    if request.scope != ALL:
        return render(request, "appointments/out_of_reach.html")
    page = _page(request, today_in(request.clinic), "waiting") | {"rows": waitlist.list_of(request.clinic)}
    return render(request, "appointments/waiting.html", page)


@staff("bookings.write")
@require_POST
def end_waiting(request: HttpRequest, waiting: UUID) -> HttpResponse:
    row = get_object_or_404(Waiting.objects.select_related("patient"), clinic=request.clinic, uid=waiting)
    waitlist.end(waiting=row, by=request.access, now=timezone.now())
    messages.success(request, _("No longer on the list."))
    return redirect("appointments:waiting", clinic=request.clinic.slug)


def asked_day(request: HttpRequest) -> datetime.date:
    """The day of `?on=`, else today in the clinic; within a century, so that no arithmetic runs out of days."""
    today = today_in(request.clinic)
    try:
        on = datetime.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today
    if abs((on - today).days) > 36_500:
        raise Http404
    return on


def _page(request: HttpRequest, on: datetime.date, current: str) -> dict[str, Any]:
    now = timezone.now()
    outside = queries.outside_hours(request.clinic, now)
    return {"on": on, "today": today_in(request.clinic), "now": now, "outside": outside, "tabs": tabs(request, current, on)}


def tabs(request: HttpRequest, current: str, on: datetime.date | None = None) -> list[dict[str, Any]]:
    """The pages of the room."""
    after = f"?on={on}" if on else ""
    words = {
        "day": (_("Day"), after),
        "week": (_("Week"), after),
        "waiting": (_("Waiting list"), ""),
        "settings": (_("Hours and prices"), ""),
    }
    return [
        {
            "url": reverse(f"appointments:{name}", kwargs={"clinic": request.clinic.slug}) + query,
            "word": word,
            "current": name == current,
        }
        for name, (word, query) in words.items()
    ]
