"""Bookings as iCalendar (RFC 5545): one in a message, and all of a practitioner as a feed. A time and a place, nobody's name."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING

from waterneedle.clinic.appointments.models import Booking
from waterneedle.clinic.practitioners.models import Practitioner

if TYPE_CHECKING:
    from icalendar import Calendar

PRODUCT = "-//Waterneedle//appointments//EN"


def one(booking: Booking, status: str, now: datetime.datetime) -> bytes:
    """The booking for the patient's own calendar: the clinic, from when to when. A moved one keeps the id of the first, so that a
    calendar moves it and shows it once."""
    from icalendar import Event  # late: slow, and most requests make no calendar

    made = _calendar()
    event = Event()
    event.add("uid", f"{_first(booking).uid}@waterneedle")
    event.add("sequence", _changes(booking) + (status == "CANCELLED"))
    event.add("dtstamp", now)
    event.add("dtstart", booking.starts_at)
    event.add("dtend", booking.ends_at)
    event.add("summary", booking.clinic.name)
    event.add("status", status)
    made.add_component(event)
    return made.to_ical()


def feed(practitioner: Practitioner, bookings: Iterable[Booking], now: datetime.datetime) -> bytes:
    """The times of a practitioner: taken or not, and in which room."""
    from icalendar import Event  # late: as above

    made = _calendar()
    made.add("name", str(practitioner))
    made.add("x-wr-calname", str(practitioner))
    for booking in bookings:
        event = Event()
        event.add("uid", f"{booking.uid}@waterneedle")
        event.add("dtstamp", now)
        event.add("dtstart", booking.starts_at)
        event.add("dtend", booking.ends_at)
        event.add("summary", str(booking.get_state_display()))
        if booking.room:
            event.add("location", booking.room.name)
        made.add_component(event)
    return made.to_ical()


def _calendar() -> Calendar:
    from icalendar import Calendar  # late: as above

    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    return made


def _first(booking: Booking) -> Booking:
    while booking.moved_from is not None:
        booking = booking.moved_from
    return booking


def _changes(booking: Booking) -> int:
    """How often it was moved before."""
    count = 0
    while booking.moved_from is not None:
        booking, count = booking.moved_from, count + 1
    return count
