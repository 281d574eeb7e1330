"""What is done later about bookings: reminders, a freed time offered to who waits, an offer that expires."""

from __future__ import annotations

from datetime import datetime

from waterneedle.clinic.appointments import actions, messages, waitlist
from waterneedle.clinic.appointments.models import Booking, State
from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.outbox.handlers import handler
from waterneedle.clinic.outbox.models import Job


@handler(messages.REMIND)
def remind(job: Job, now: datetime) -> None:
    booking = _booking(job)
    if messages.is_to_be_reminded(booking, now):
        messages.reminder(booking, now=now)


@handler(actions.OFFER)
def offer_freed_time(job: Job, now: datetime) -> None:
    waitlist.offer(_booking(job), now)


@handler(waitlist.EXPIRE)
def expire_offer(job: Job, now: datetime) -> None:
    booking = _booking(job)
    if booking.state == State.OFFERED:
        actions.cancel(booking=booking, by=machine("outbox", booking.clinic), why="expired", now=now)


def _booking(job: Job) -> Booking:
    rows = Booking.objects.select_related("clinic", "patient", "practitioner__user", "room", "service", "waiting")
    return rows.get(clinic=job.clinic, uid=job.says["booking"])
