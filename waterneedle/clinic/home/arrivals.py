"""A patient who was booked is here: the booking says so, and a visit of today begins or is joined."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from waterneedle.clinic.appointments import actions as bookings
from waterneedle.clinic.appointments.models import Booking, State
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.visits import actions as visits
from waterneedle.clinic.visits import day
from waterneedle.clinic.visits.models import Visit


@transaction.atomic
def arrive(*, booking: Booking, by: Person, now: datetime) -> Visit:
    """Note the arrival. A visit of today that is not signed yet is joined: nobody has two by arriving twice."""
    # The queue of the bookings first: of two hands at one button the second finds what the first has begun.
    bookings.locked_policy(by.clinic)
    today = now.astimezone(by.clinic.tzinfo).date()
    begun = [one for one in day.unsigned(by.clinic, today) if one.day == today and one.patient_id == booking.patient_id]
    visit = begun[0] if begun else visits.begin(patient=booking.patient, practitioner=booking.practitioner, by=by)
    bookings.mark(booking=booking, state=State.ARRIVED, by=by, visit_uid=visit.uid, now=now)
    return visit
