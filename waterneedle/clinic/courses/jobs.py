"""The questions of a course are sent within the day before a booked visit, by a link, unless they were sent lately."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.appointments.messages import is_soon
from waterneedle.clinic.appointments.models import Booking, State
from waterneedle.clinic.appointments.queries import bookings_between
from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.courses import asking
from waterneedle.clinic.intake import actions_forms
from waterneedle.clinic.intake.models import Form, FormKind
from waterneedle.clinic.outbox.handlers import every
from waterneedle.clinic.outbox.models import Job
from waterneedle.clinic.outbox.reaching import language_of
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of

BEFORE = timedelta(hours=24)
ANSWERED_LATELY = timedelta(days=2)  # who was asked since is not asked again
CIVIL = (time(9), time(20))  # of the clinic's clock

_MAY_BE_ASKED: list[Callable[[Patient], bool]] = []


def who_may_be_asked_is_known_by(may: Callable[[Patient], bool]) -> None:
    """Let a room above say of whom nobody asks how they are: nobody writes to the dead."""
    if may not in _MAY_BE_ASKED:
        _MAY_BE_ASKED.append(may)


@every("courses.ask", minutes=30)
def ask_before_visits(job: Job, now: datetime) -> None:
    for clinic in Clinic.objects.order_by("pk"):
        if CIVIL[0] <= now.astimezone(clinic.tzinfo).time() <= CIVIL[1]:
            for booking in bookings_between(clinic, now, now + BEFORE):
                if booking.state in (State.BOOKED, State.LATE) and booking.starts_at > now:
                    send(booking, now)


def send(booking: Booking, now: datetime) -> Form | None:
    """Send the questions of the patient's open courses; None where there is none, or nobody can or need be asked."""
    patient = booking.patient
    if patient is None or not all(may(patient) for may in _MAY_BE_ASKED):
        return None
    asked = asking.asked_of(patient)
    if asked is None or was_asked(booking, now):
        return None
    try:
        return actions_forms.send_form(
            patient=patient, kind=FormKind.MEASURES, language=language_of(patient), by=machine("outbox", booking.clinic),
            asked=asked, at_night=is_soon(booking, now))
    except actions_forms.CannotBeSent:
        return None  # the tablet in the clinic asks


def was_asked(booking: Booking, now: datetime) -> bool:
    rows = Form.objects.filter(clinic_id=booking.clinic_id, patient_id__in=records_of(booking.patient), kind=FormKind.MEASURES)
    return rows.filter(made_at__gt=now - ANSWERED_LATELY).exists()
