"""What stands in the addresses of this room, made for the tests of all routes."""

from __future__ import annotations

import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clinic.appointments.diary import working
from clinic.people import make_person
from clinic.world import ELSEWHERE, Place
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.appointments import actions, actions_settings, money, waitlist
from waterneedle.clinic.appointments.models import Booking, Closure, Kind
from waterneedle.clinic.practitioners.models import Practitioner


def booking(place: Place) -> UUID:
    family = ELSEWHERE if place.clinic.slug == "hill" else "Booked"
    who = working(place.access, user=make_person(place.clinic, f"B{Practitioner.objects.count()} {family}", Role.PRACTITIONER))
    now = timezone.now()
    # Not by the desk's own way: whether somebody may inject here does not matter for addresses.
    with transaction.atomic():
        return actions._write(
            actions.locked_policy(place.clinic),
            patient=place.patient,
            practitioner=who,
            room=None,
            starts_at=now + datetime.timedelta(days=2, hours=2 * Booking.objects.filter(clinic=place.clinic).count()),
            minutes=60,
            way="desk",
            state="booked",
            by=place.access,
            now=now,
        ).uid


def waiting(place: Place) -> UUID:
    today = timezone.now().date()
    return waitlist.wait(patient=place.patient, first_day=today, last_day=today + datetime.timedelta(days=7), by=place.access).uid


def closure(place: Place) -> UUID:
    now = timezone.now()
    made = actions_settings.close(
        clinic=place.clinic,
        practitioner=None,
        begins_at=now,
        ends_at=now + datetime.timedelta(days=1),
        by=place.access,
        why=f"holiday {ELSEWHERE if place.clinic.slug == 'hill' else ''}",
    )
    return Closure.objects.get(pk=made.pk).uid


def room(place: Place) -> UUID:
    return actions_settings.add_room(
        clinic=place.clinic, name=ELSEWHERE if place.clinic.slug == "hill" else f"Room {id(place)}", by=place.access
    ).uid


def service(place: Place) -> UUID:
    name = ELSEWHERE if place.clinic.slug == "hill" else "Ointment"
    return actions_settings.set_service(
        clinic=place.clinic, kind=Kind.BESIDE, name=name, price=Decimal("9.50"), by=place.access
    ).uid


def receipt(place: Place) -> UUID:
    actions_settings.change_policy(clinic=place.clinic, fields={"currency": "USD"}, by=place.access)
    row = Booking.objects.select_related("clinic", "patient").get(uid=booking(place))
    line = money.Line(ELSEWHERE if place.clinic.slug == "hill" else "Visit", 1, Decimal(75))
    return money.record(booking=row, kind="payment", method="cash", amount=Decimal(75), lines=[line], by=place.access).uid


def appointments__kind(place: Place) -> str:
    return "first"


def state(place: Place) -> str:
    return "late"
