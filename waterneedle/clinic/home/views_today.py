"""The page of the morning, and the owner's figures."""
from __future__ import annotations

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.appointments import before, queries
from waterneedle.clinic.home import close, papers
from waterneedle.clinic.home import today as morning
from waterneedle.clinic.visits import day, reactions, warnings
from waterneedle.clinic.visits.models_after import Reaction


@staff("clinic.read")
def today(request: HttpRequest) -> HttpResponse:
    """What this person has to know and to do today; each part only for who may see it."""
    now = timezone.now()
    page = {"day": now.astimezone(request.clinic.tzinfo).date(), "parts": morning.parts(request.access, now), "now": now}
    if request.access.scope("bookings.read") == ALL:
        page["papers"] = {"printed_at": papers.printed_at(request.clinic, page["day"])}
        page["bookings"] = before.shown(request.clinic, queries.bookings_on(request.clinic, page["day"]), page["day"], now)
    if request.access.scope("observation.read") == ALL:
        page |= {"watched": day.watched(request.clinic), "reacting": _reacting(request, now)}
    page["yesterday"] = page["day"] - datetime.timedelta(days=1)
    page["left_open"] = close.left_open(request.access, page["yesterday"], page.get("watched", ()))
    return render(request, "home/today.html", page)


@staff("observation.read")
def watched(request: HttpRequest) -> HttpResponse:
    """The part of the page that asks for itself again and again: who has a reaction, who is being watched, and until when."""
    rows, now = day.watched(request.clinic) if request.scope == ALL else [], timezone.now()
    return render(request, "home/_watched.html", {"watched": rows, "reacting": _reacting(request, now), "now": now})


def _reacting(request: HttpRequest, now: datetime.datetime) -> list[Reaction]:
    return reactions.running(request.clinic, now) if request.access.scope("reaction.write") == ALL else []


@staff("figures.read")
def figures(request: HttpRequest) -> HttpResponse:
    """Counts of the clinic, nobody named."""
    now = timezone.now()
    page = {
        "figures": morning.figures(request.access, now), "now": now,
        "warnings": warnings.figures(request.clinic, now - datetime.timedelta(days=365), request.LANGUAGE_CODE),
    }
    return render(request, "home/figures.html", page)
