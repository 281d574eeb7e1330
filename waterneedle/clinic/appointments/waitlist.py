"""The waiting list: a freed time is offered to one after the other, in the order in which they came, each until it expires."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.appointments import actions, messages
from waterneedle.clinic.appointments.models import Booking, Part, State, Waiting, Way
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person, Who, machine
from waterneedle.clinic.outbox.actions import enqueue
from waterneedle.clinic.outbox.opting import is_closed
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import kept_record
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.tasks.actions import open_task

EXPIRE = "appointments.expire"
SHORTEST_NOTICE = datetime.timedelta(hours=1)  # nobody is offered what begins sooner


@transaction.atomic
def wait(
    *,
    patient: Patient,
    first_day: datetime.date,
    last_day: datetime.date,
    by: Person | Who,
    practitioner: Practitioner | None = None,
    part: str = "",
) -> Waiting:
    """Put somebody on the list."""
    made = Waiting.objects.create(
        clinic=patient.clinic,
        patient=patient,
        practitioner=practitioner,
        first_day=first_day,
        last_day=last_day,
        part=part,
        made_by=getattr(by, "user", None),
    )
    audit.append(by=by, action="wait", kind="booking", uid=made.uid, patient=patient.uid)
    return made


@transaction.atomic
def end(*, waiting: Waiting, by: Person | Who, now: datetime.datetime) -> None:
    """Take somebody off the list."""
    if Waiting.objects.filter(pk=waiting.pk, ended_at=None).update(ended_at=now):
        audit.append(by=by, action="wait no more", kind="booking", uid=waiting.uid, patient=waiting.patient.uid)


@transaction.atomic
def offer(freed: Booking, now: datetime.datetime) -> Booking | None:
    """Offer the time of `freed` to the first on the list whom it suits and who was not offered it before; the offer holds the
    time like a booking, until it is taken, left, or expires. Who cannot be written to is called by the desk."""
    policy = actions.locked_policy(freed.clinic)
    if freed.starts_at - now < SHORTEST_NOTICE:
        return None
    for waiting in waiting_for(freed, now):
        if is_closed(kept_record(waiting.patient)):
            continue
        expires_at = min(now + datetime.timedelta(hours=policy.offer_hours), freed.starts_at - SHORTEST_NOTICE / 2)
        try:
            made = actions.book(
                patient=waiting.patient,
                practitioner=freed.practitioner,
                starts_at=freed.starts_at,
                state=State.OFFERED,
                way=Way.WAITING,
                waiting=waiting,
                by=machine("outbox", freed.clinic),
                now=now,
            )
        except actions.NotBooked:
            continue  # too long for this one, or booked meanwhile
        if not messages.offered(made, expires_at, now=now):
            open_task(
                clinic=freed.clinic, kind=actions.CALL, cause=str(made.uid), role=Role.FRONT_DESK, due_at=expires_at,
                patient=waiting.patient, about=made.uid, needs="bookings.write", by=machine("outbox", freed.clinic),
                title=gettext_noop("Call who waits for a time: one has become free, and is kept for them for a while."))
        enqueue(kind=EXPIRE, key=str(made.uid), clinic=freed.clinic, due_at=expires_at, payload={"booking": str(made.uid)})
        return made
    return None


def waiting_for(freed: Booking, now: datetime.datetime) -> list[Waiting]:
    """Who waits for such a time, in the order in which they came."""
    local = freed.starts_at.astimezone(freed.clinic.tzinfo)
    part = Part.MORNING if local.hour < 12 else Part.AFTERNOON
    rows = Waiting.objects.filter(
        clinic=freed.clinic, ended_at=None, first_day__lte=local.date(), last_day__gte=local.date(), part__in=[Part.ANY, part]
    )
    had = set(
        Booking.objects.filter(
            clinic=freed.clinic,
            starts_at=freed.starts_at,
            practitioner=freed.practitioner,
            waiting__isnull=False,
        ).values_list("waiting_id", flat=True)
    )
    busy = set(_offers(freed.clinic).values_list("waiting_id", flat=True))
    rows = rows.select_related("patient__clinic", "clinic").order_by("made_at", "pk")
    return [one for one in rows if one.pk not in had | busy and one.practitioner_id in (None, freed.practitioner_id)]


def _offers(clinic: Clinic) -> QuerySet[Booking]:
    """The bookings that are an offer somebody has not answered."""
    return Booking.objects.filter(clinic=clinic, waiting__isnull=False, state=State.OFFERED)


def list_of(clinic: Clinic) -> list[tuple[Waiting, Booking | None]]:
    """Who waits, in order, each with the offer that is open to them."""
    rows = Waiting.objects.filter(clinic=clinic, ended_at=None).select_related("patient", "practitioner__user")
    offers = {one.waiting_id: one for one in _offers(clinic)}
    return [(one, offers.get(one.pk)) for one in rows.order_by("made_at", "pk")]
