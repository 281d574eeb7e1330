"""How the clinic books: services and prices, hours, closures, rooms, the public page, calendars of others."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings as django_settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.appointments import actions_settings, queries
from waterneedle.clinic.appointments.forms import (
    BesideForm,
    ClosureForm,
    HoursForm,
    PolicyForm,
    RoomForm,
    ServiceForm,
    spans_in_words,
)
from waterneedle.clinic.appointments.models import Closure, Kind, Online, Room, Service
from waterneedle.clinic.appointments.views import tabs
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.practitioners.queries import practitioners_of


@staff("bookings.read")
def settings(request: HttpRequest) -> HttpResponse:
    if request.scope != ALL:
        return render(request, "appointments/out_of_reach.html")
    return render(request, "appointments/settings.html", _page(request))


@staff("clinic.write")
def policy(request: HttpRequest) -> HttpResponse:
    form = PolicyForm(request.POST or None, instance=queries.policy_of(request.clinic))
    if request.method == "POST" and form.is_valid():
        actions_settings.change_policy(clinic=request.clinic, fields=form.cleaned_data, by=request.access)
        return _saved(request)
    return _form_page(request, form, _("How the clinic books"))


@staff("clinic.write")
def service(request: HttpRequest, kind: str) -> HttpResponse:
    """Length and price of a kind of visit, or something that is sold beside."""
    if kind not in Kind.values:
        raise Http404
    beside = kind == Kind.BESIDE
    row = None if beside else Service.objects.filter(clinic=request.clinic, kind=kind, ended_at=None).first()
    initial = Service(clinic=request.clinic, kind=kind, minutes=None if beside else queries.length_of(request.clinic, kind))
    form = (BesideForm if beside else ServiceForm)(request.POST or None, instance=row or initial)
    if request.method == "POST" and form.is_valid():
        actions_settings.set_service(clinic=request.clinic, kind=kind, by=request.access, **form.cleaned_data)
        return _saved(request)
    return _form_page(request, form, capfirst(Kind(kind).label))


@staff("clinic.write")
@require_POST
def end_service(request: HttpRequest, service: UUID) -> HttpResponse:
    row = get_object_or_404(Service, clinic=request.clinic, uid=service, kind=Kind.BESIDE)
    actions_settings.end_service(service=row, by=request.access)
    return _saved(request)


@staff("clinic.write")
@require_POST
def add_room(request: HttpRequest) -> HttpResponse:
    form = RoomForm(request.POST, instance=Room(clinic=request.clinic))
    if not form.is_valid() or not actions_settings.add_room(clinic=request.clinic, by=request.access, **form.cleaned_data):
        messages.error(request, _("A room needs a name that no other room has."))
        return redirect("appointments:settings", clinic=request.clinic.slug)
    return _saved(request)


@staff("clinic.write")
@require_POST
def end_room(request: HttpRequest, room: UUID) -> HttpResponse:
    actions_settings.end_room(room=get_object_or_404(Room, clinic=request.clinic, uid=room), by=request.access)
    return _saved(request)


@staff("bookings.write")
def hours(request: HttpRequest, practitioner: UUID) -> HttpResponse:
    """The week of one practitioner. Bookings that lie outside of the new hours stay, and are listed."""
    row = _practitioner(request, practitioner)
    week = queries.week_of(row)
    initial = {f"day{day}": spans_in_words(list(spans)) for day, spans in week.spans.items()}
    form = HoursForm(request.POST or None, days=[capfirst(WEEKDAYS[number]) for number in range(7)], initial=initial)
    if request.method == "POST" and form.is_valid():
        actions_settings.set_hours(practitioner=row, spans=form.spans, by=request.access)
        return _saved(request)
    return _form_page(
        request,
        form,
        _("Hours of %(who)s") % {"who": row},
        _(
            "For each day the times at which visits take place, such as 9:00-12:30, 13:30-17:00. "
            "What lies between is a break. Empty: none on this day."
        ),
    )


@staff("bookings.write")
def close(request: HttpRequest) -> HttpResponse:
    form = ClosureForm(request.POST or None, clinic=request.clinic)
    if request.method == "POST" and form.is_valid():
        begins_at, ends_at = _span(request, form.cleaned_data)
        actions_settings.close(
            clinic=request.clinic,
            practitioner=form.who,
            begins_at=begins_at,
            ends_at=ends_at,
            why=form.cleaned_data["why"],
            by=request.access,
        )
        return _saved(request)
    return _form_page(
        request, form, _("Close for a time"), _("A holiday, an absence. Bookings that lie in it stay, and are listed.")
    )


@staff("bookings.write")
@require_POST
def open_again(request: HttpRequest, closure: UUID) -> HttpResponse:
    row = get_object_or_404(Closure, clinic=request.clinic, uid=closure)
    actions_settings.open_again(closure=row, by=request.access)
    return _saved(request)


@staff("bookings.write")
@require_POST
def feed(request: HttpRequest, practitioner: UUID) -> HttpResponse:
    """A new address for a calendar program; the ones before it stay until they are ended."""
    row = _practitioner(request, practitioner)
    secret = actions_settings.make_feed(practitioner=row, by=request.access)
    address = django_settings.PUBLIC_URL + reverse("appointments_feed", kwargs={"secret": secret})
    return render(request, "appointments/feed.html", {"address": address, "practitioner": row})


@staff("bookings.write")
@require_POST
def end_feeds(request: HttpRequest, practitioner: UUID) -> HttpResponse:
    actions_settings.end_feeds(practitioner=_practitioner(request, practitioner), by=request.access)
    messages.success(request, _("The addresses that were given out for this calendar open no more."))
    return redirect("appointments:settings", clinic=request.clinic.slug)


def _page(request: HttpRequest) -> dict[str, Any]:
    policy = queries.policy_of(request.clinic)
    kinds = {one.kind: one for one in queries.services_of(request.clinic) if one.kind != Kind.BESIDE}
    return {
        "tabs": tabs(request, "settings"),
        "policy": policy,
        "visits": [(kind, kinds.get(kind), queries.length_of(request.clinic, kind)) for kind in (Kind.FIRST, Kind.LATER)],
        "beside": [one for one in queries.services_of(request.clinic) if one.kind == Kind.BESIDE],
        "rooms": queries.rooms_of(request.clinic),
        "people": [(one, _week(one), queries.feeds_of(one)) for one in practitioners_of(request.clinic)],
        "closures": queries.closures_of(request.clinic, timezone.now()),
        "room_form": RoomForm(instance=Room(clinic=request.clinic)),
        "public_address": django_settings.PUBLIC_URL + reverse("appointments_public", kwargs={"clinic": request.clinic.slug}),
        "is_public": policy.online != Online.CLOSED,
        "outside": queries.outside_hours(request.clinic),
    }


def _week(practitioner: Practitioner) -> list[tuple[str, str]]:
    spans = queries.week_of(practitioner).spans
    return [(str(WEEKDAYS[day]), spans_in_words(list(spans[day]))) for day in sorted(spans)]


def _practitioner(request: HttpRequest, uid: UUID) -> Practitioner:
    return get_object_or_404(Practitioner.objects.select_related("user", "clinic"), clinic=request.clinic, uid=uid)


def _span(request: HttpRequest, said: dict[str, Any]) -> tuple[datetime.datetime, datetime.datetime]:
    """From when to when: whole days where no time is said, by the clinic's clock."""
    zone, midnight = request.clinic.tzinfo, datetime.time(0)
    begins = datetime.datetime.combine(said["first_day"], said["begins"] or midnight, zone)
    last = said["last_day"] if said["ends"] else said["last_day"] + datetime.timedelta(days=1)
    ends = datetime.datetime.combine(last, said["ends"] or midnight, zone)
    return begins.astimezone(datetime.UTC), ends.astimezone(datetime.UTC)


def _form_page(request: HttpRequest, form: forms.Form, title: str, lead: str = "") -> HttpResponse:
    page = {"form": form, "title": title, "lead": lead}
    return render(request, "appointments/form.html", page, status=422 if request.method == "POST" else 200)


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    outside = len(queries.outside_hours(request.clinic))
    if outside:
        messages.warning(
            request, _("%(count)d coming bookings lie outside of the hours. They stay; look at the list.") % {"count": outside}
        )
    return redirect("appointments:settings", clinic=request.clinic.slug)
