"""A patient is here: a visit of today begins or is joined, and the booking that they come for says so; and so when they leave.

    visit = arrive(booking=…, by=access, now=now)            of who was booked
    visit, is_new = come(patient=…, by=access, now=now)      of who stands there, booked or not
    leave(visit=…, by=access)                                and is gone again
    stay(visit=…, by=access)                                 or is here after all: another step is noted
    step_back(visit=…, to=to, by=access)                     or that they left was a slip
"""

from __future__ import annotations

import contextlib
import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from waterneedle.clinic.appointments import actions as bookings
from waterneedle.clinic.appointments import queries
from waterneedle.clinic.appointments.models import Booking, BookingState, State
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.practitioners.queries import practitioner_of
from waterneedle.clinic.visits import slips
from waterneedle.clinic.visits.actions import begin_or_join, enter
from waterneedle.clinic.visits.drafts import Struck, require_not_struck
from waterneedle.clinic.visits.models import Step, Visit, VisitState
from waterneedle.clinic.visits.models_after import Observation

COMES_FOR = datetime.timedelta(hours=2)  # so far from now a booking is what somebody comes for; our judgement
_STILL_TO_COME = (State.BOOKED, State.LATE, State.NO_SHOW)


@transaction.atomic
def arrive(*, booking: Booking, by: Person, now: datetime.datetime) -> Visit:
    """Note the arrival. A visit of today that is not signed yet is joined: nobody has two by arriving twice."""
    bookings.locked_policy(by.clinic)  # first: of two hands at one button the second finds what the first has begun
    visit, _is_new = _begin_or_come_back(booking.patient, booking.practitioner, by)
    bookings.mark(booking=booking, state=State.ARRIVED, by=by, visit_uid=visit.uid, now=now)
    return visit


@transaction.atomic
def come(*, patient: Patient, by: Person, now: datetime.datetime) -> tuple[Visit, bool]:
    """The visit of today, and whether it begins now. Who begins it and treats is its practitioner, else who is booked."""
    bookings.locked_policy(by.clinic)
    booking = booking_meant(patient, now)
    practitioner = practitioner_of(by.user, by.clinic) or (booking and booking.practitioner)
    visit, is_new = _begin_or_come_back(patient, practitioner, by)
    if booking is not None:
        bookings.mark(booking=booking, state=State.ARRIVED, by=by, visit_uid=visit.uid, now=now)
    return visit, is_new


@transaction.atomic
def leave(*, visit: Visit, by: Person) -> VisitState | None:
    """Note that the patient has gone, and so their booking; None where that is not new. Who is being observed is so until a
    person ends it. Raises Struck."""
    bookings.locked_policy(by.clinic)  # first, as by an arrival: of two hands none waits for the other's visit
    left = _note_as_left(visit, by)
    if left is None:
        return None
    for one in Booking.objects.filter(clinic_id=visit.clinic_id, visit_uid=visit.uid, state=State.ARRIVED):
        bookings.mark(booking=one, state=State.LEFT, by=by)
    return left


@transaction.atomic
def stay(*, visit: Visit, by: Person) -> None:
    """Who was noted as left is here after all, before another step is noted: what was left with the visit has arrived again.
    Raises Struck."""
    last = _last_state(visit)
    if last is not None and last.step == Step.LEFT:
        bookings.locked_policy(by.clinic)
        require_not_struck(visit)
        _here_again(visit, last.made_at, by)


@transaction.atomic
def step_back(*, visit: Visit, to: str, by: Person) -> None:
    """As `slips.step_back`, and of who was noted as left the booking too."""
    bookings.locked_policy(by.clinic)
    taken = slips.step_back(visit=visit, to=to, by=by)
    if taken.step == Step.LEFT:
        _here_again(visit, taken.made_at, by)


def _here_again(visit: Visit, since: datetime.datetime, by: Person) -> None:
    """What was noted as left by itself, before, stays so: who has paid for one booking may still be here for another."""
    rows = Booking.objects.filter(clinic_id=visit.clinic_id, visit_uid=visit.uid, state=State.LEFT)
    for one in rows.filter(Exists(BookingState.objects.filter(
            clinic_id=visit.clinic_id, booking=OuterRef("pk"), state=State.LEFT, made_at__gte=since))):
        with contextlib.suppress(bookings.NotNow):  # they are booked elsewhere at that time: the desk sees both
            bookings.mark(booking=one, state=State.ARRIVED, by=by)


def leave_by_booking(booking: Booking, by: Person) -> None:
    """The visit of a booking that was noted as left: left too, unless its patient is known to be here. Who has paid may still sit
    under observation, and who is observed is so until a person ends it; or another booking of the same visit goes on."""
    visit = Visit.objects.filter(clinic_id=booking.clinic_id, uid=booking.visit_uid).first() if booking.visit_uid else None
    if visit is None or Observation.objects.filter(clinic_id=visit.clinic_id, visit=visit, ended_at=None).exists():
        return
    if Booking.objects.filter(clinic_id=visit.clinic_id, visit_uid=visit.uid, state=State.ARRIVED).exists():
        return
    with contextlib.suppress(Struck):  # refused before anything is written
        _note_as_left(visit, by)


def _note_as_left(visit: Visit, by: Person) -> VisitState | None:
    Visit.objects.select_for_update(no_key=True).only("pk").get(pk=visit.pk)
    last = _last_state(visit)
    if last is None or last.step == Step.LEFT:
        return None
    return enter(visit=visit, step=Step.LEFT, by=by)


def _begin_or_come_back(patient: Patient, practitioner: Practitioner | None, by: Person) -> tuple[Visit, bool]:
    """As `begin_or_join`; who was noted as left and is here again, or never went, is here."""
    visit, is_new = begin_or_join(patient=patient, practitioner=practitioner, by=by)
    if not is_new and (last := _last_state(visit)) and last.step == Step.LEFT:
        enter(visit=visit, step=Step.ARRIVED, by=by)
    return visit, is_new


def _last_state(visit: Visit) -> VisitState | None:
    return VisitState.objects.filter(clinic_id=visit.clinic_id, visit=visit, removed_at=None).order_by("-pk").first()


def booking_meant(patient: Patient, now: datetime.datetime) -> Booking | None:
    """The booking that a patient who is here now comes for: the nearest of today within two hours that nobody has noted an
    arrival for. One noted as not come counts where there is no other and the patient has nothing else at its time."""
    today = now.astimezone(patient.clinic.tzinfo).date()
    records = records_of(patient)
    near = [
        one for one in queries.bookings_on(patient.clinic, today)
        if one.patient_id in records and one.state in _STILL_TO_COME and abs(one.starts_at - now) <= COMES_FOR
    ]
    free = [one for one in near if one.state != State.NO_SHOW or not queries.other_booking(
        patient, one.starts_at, one.ends_at, without=one)]
    return min(free, key=lambda one: (one.state == State.NO_SHOW, abs(one.starts_at - now)), default=None)
