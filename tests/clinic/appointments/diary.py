"""A clinic that can be booked, in one line, and bookings in it."""

from __future__ import annotations

import datetime
from typing import Any

from clinic.practitioners.papers import make_practitioner
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.appointments import actions, actions_settings, queries
from waterneedle.clinic.appointments.models import Booking
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.practitioners.models import Practitioner

# A Monday while the papers of the tests are good, at eight in the morning in Seattle.
NOW = datetime.datetime(2026, 11, 23, 16, 0, tzinfo=datetime.UTC)
NINE, FIVE = datetime.time(9), datetime.time(17)


def working(by: Access, *, begins: datetime.time = NINE, ends: datetime.time = FIVE, user: Any = None) -> Practitioner:
    """A practitioner with all papers who treats on every day of the week."""
    practitioner = make_practitioner(user or by.user, by)
    actions_settings.set_hours(practitioner=practitioner, spans={day: [(begins, ends)] for day in range(7)}, by=by)
    return practitioner


def at(clock: str, day: str = "2026-11-24", of: Any = None) -> datetime.datetime:
    """A time of day in the clinic's zone."""
    hour, minute = clock.split(":")
    local = datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(int(hour), int(minute)), of.tzinfo)
    return local.astimezone(datetime.UTC)


def booked(
    by: Access, patient: Patient, practitioner: Practitioner, clock: str = "10:00", day: str = "2026-11-24", **more: Any
) -> Booking:
    more.setdefault("now", NOW)
    return actions.book(patient=patient, practitioner=practitioner, starts_at=at(clock, day, by.clinic), by=by, **more)


def clocks(clinic: Any, found: list[queries.Slot]) -> list[str]:
    return [one.starts_at.astimezone(clinic.tzinfo).strftime("%H:%M") for one in found]
