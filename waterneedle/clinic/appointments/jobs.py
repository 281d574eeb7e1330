"""What is done later about bookings: reminders, freed times offered, offers that expire; and where a request leads."""

from __future__ import annotations

from datetime import datetime, time

from django.urls import reverse

from waterneedle.clinic.appointments import actions, messages, public, waitlist
from waterneedle.clinic.appointments.models import COMING, EXPIRED, Asked, Booking, State
from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.outbox.handlers import daily, handler
from waterneedle.clinic.outbox.models import Job
from waterneedle.clinic.outbox.opting import is_closed
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import kept_record
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.tasks.queries import leads


@leads(actions.REQUEST)
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
        actions.cancel(booking=booking, by=machine("outbox", booking.clinic), why=EXPIRED, now=now)


@handler(actions.FREE)
def free_times(job: Job, now: datetime) -> None:
    """Somebody has died, if that is still what is on record."""
    patient = kept_record(Patient.objects.select_related("clinic").get(clinic=job.clinic, uid=job.says["patient"]))
    if patient.retracted_at is None and is_closed(patient):
        actions.free_times_of(patient=patient, by=machine("outbox", job.clinic), now=now)


@daily("appointments.dead", at=time(3, 20))
def free_what_was_left(job: Job, now: datetime) -> None:
    """What was booked in another record of somebody who has died, or before their times were set free."""
    rows = Booking.objects.filter(stands=True, state__in=COMING, starts_at__gt=now, patient__retracted_at=None)
    for patient in Patient.objects.filter(pk__in=rows.values("patient_id")).select_related("clinic").order_by("pk"):
        if is_closed(kept_record(patient)):
            actions.free_later(patient=patient, now=now)


def _booking(job: Job) -> Booking:
    rows = Booking.objects.select_related("clinic", "patient", "practitioner__user", "room", "service", "waiting")
    return rows.get(clinic=job.clinic, uid=job.says["booking"])
