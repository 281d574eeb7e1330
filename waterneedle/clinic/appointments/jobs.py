"""What is done later about bookings: reminders, freed times offered, offers that expire; and where a request leads."""

from __future__ import annotations

from datetime import datetime, time

from django.urls import reverse

from waterneedle.clinic.appointments import actions, messages, public, waitlist
from waterneedle.clinic.appointments.models import Asked, Booking, State
from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.outbox.handlers import daily, handler
from waterneedle.clinic.outbox.models import Job
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.tasks.queries import leads


@leads(public.TASK)
@leads(actions.CALL)
def to_the_booking(task: Task) -> str:
    """Somebody asks for a time: it is confirmed on the page of the booking."""
    return reverse("appointments:booking", kwargs={"clinic": task.clinic.slug, "booking": task.about})


@daily("appointments.forget", at=time(3, 10))
def forget_what_nobody_confirmed(job: Job, now: datetime) -> None:
    """What strangers typed on the public page and never confirmed is kept for a day, as long as it counts against too many."""
    Asked.objects.filter(booking=None, expires_at__lt=now - public.A_DAY).delete()


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
