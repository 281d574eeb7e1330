"""Writing bookings: made, moved, cancelled, and what becomes of them. Each is one transaction with its entry in the trail.

Writers of one clinic queue at its policy's row, look whether the time is free, and write; the database refuses what would overlap
all the same. A refusal is `NotBooked` with the next times that are free.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.appointments import before, messages, queries, slots
from waterneedle.clinic.appointments.models import (
    COMING,
    ELSEWHERE,
    GONE,
    LENGTHS,
    NEXT,
    Booking,
    BookingState,
    Kind,
    Policy,
    Room,
    Service,
    State,
    Waiting,
    Way,
)
from waterneedle.clinic.appointments.queries import Diary, Slot
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person, Who
from waterneedle.clinic.outbox.actions import cancel as cancel_job
from waterneedle.clinic.outbox.actions import enqueue
from waterneedle.clinic.outbox.opting import give_up_letters, is_closed
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import kept_record, records_of
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.tasks.actions import finish_cause, open_task, open_while
from waterneedle.clinic.tasks.models import Task

By = Person | Who
OFFER = "appointments.offer"
FREE = "appointments.free"
A_MINUTE = datetime.timedelta(minutes=1)
CONFIRM_WITHIN = datetime.timedelta(days=1)
CALL = "appointments.call"  # a kind of task
REQUEST = "appointments.request"  # another


Leaving = Callable[[Booking, Person], None]
_leaving: list[Leaving] = []


def leaving_is_told_to(tell: Leaving) -> None:
    """Have `tell` note, in the same transaction, that a person noted the patient of a booking as left."""
    if tell not in _leaving:
        _leaving.append(tell)


Wanted = tuple[Practitioner, int, datetime.datetime]  # with whom, how many minutes, after when


class NotBooked(ValueError):
    """Nothing was written."""

    def __init__(self, said: str, wanted: Wanted | None = None) -> None:
        super().__init__(said)
        self._wanted = wanted

    @functools.cached_property
    def free(self) -> list[Slot]:
        """The next times that are free, for who wants one of them. Looked for when they are asked for: nobody waits for that in
        the queue of those who write."""
        if self._wanted is None:
            return []
        practitioner, minutes, after = self._wanted
        return queries.next_free(practitioner.clinic, minutes, after, only=practitioner.pk)


class Taken(NotBooked):
    """Somebody else has the time, or the practitioner does not treat then."""


class Nobody(NotBooked):
    """Nobody writes to this patient any more, or calls them: who has died, and whose record should not be there."""


class Twice(NotBooked):
    """The patient is booked already at that time, with whomever it is; `other` is that booking."""

    other: Booking


class TooMany(NotBooked):
    """The patient has as many coming visits as one may book."""


class NotNow(NotBooked):
    """What became of the booking does not allow it."""


class Elsewhere(Twice, NotNow):
    """The patient has another booking at that time since."""


# --- booking


def book(
    *,
    patient: Patient,
    practitioner: Practitioner,
    starts_at: datetime.datetime,
    by: By,
    way: str = Way.DESK,
    state: str = State.BOOKED,
    waiting: Waiting | None = None,
    now: datetime.datetime | None = None,
) -> Booking:
    """Book one visit, as long as this patient's next visit is; with letters to the patient. Raises Taken, TooMany."""
    [made] = book_row(
        patients=[patient], practitioner=practitioner, starts_at=starts_at, by=by, way=way, state=state, waiting=waiting, now=now
    )
    return made


def book_row(
    *,
    patients: Sequence[Patient],
    practitioner: Practitioner,
    starts_at: datetime.datetime,
    by: By,
    way: str = Way.DESK,
    state: str = State.BOOKED,
    waiting: Waiting | None = None,
    now: datetime.datetime | None = None,
) -> list[Booking]:
    """Book visits of several patients with one practitioner, one after the other: all of them, or none."""
    clinic, now = practitioner.clinic, now or timezone.now()
    lengths = lengths_of(clinic, patients)
    # A look before the queue: most of those who come too late need not wait in it.
    _placed(queries.policy_of(clinic), practitioner, starts_at, lengths, now)
    with transaction.atomic():
        return _book_row(patients, lengths, practitioner, starts_at, by, way, state, waiting, now)


def _book_row(
    patients: Sequence[Patient],
    lengths: Sequence[int],
    practitioner: Practitioner,
    starts_at: datetime.datetime,
    by: By,
    way: str,
    state: str,
    waiting: Waiting | None,
    now: datetime.datetime,
) -> list[Booking]:
    policy = locked_policy(practitioner.clinic)
    for patient in patients:
        _require_somebody(patient)
        if way != Way.DESK:
            _require_room_for_one_more(patient, policy, now)
    if starts_at <= now and way != Way.DESK:
        raise Taken("this time has passed", (practitioner, sum(lengths), now))
    placed = _placed(policy, practitioner, starts_at, lengths, now)
    made = []
    for patient, minutes, (at, room) in zip(patients, lengths, placed, strict=True):
        _require_alone(patient, practitioner, at, minutes, now)
        made.append(
            _write(
                policy,
                patient=patient,
                practitioner=practitioner,
                room=room,
                starts_at=at,
                minutes=minutes,
                way=way,
                state=state,
                by=by,
                waiting=waiting,
                now=now,
            )
        )
    # In the order of the patients' chains in the trail: two writers of the same two must not wait for each other.
    for one in sorted(made, key=lambda one: one.patient.uid):
        _wrote(by, "offer" if state == State.OFFERED else "book", one)
    for one in made:
        if state == State.BOOKED:
            _tell_of(one, policy, by, now)
    return made


@transaction.atomic
def move(
    *,
    booking: Booking,
    practitioner: Practitioner,
    starts_at: datetime.datetime,
    by: By,
    now: datetime.datetime | None = None,
) -> Booking:
    """Give a booking another time or another practitioner: the old one is `rescheduled`, a new one stands in its place."""
    clinic, now = booking.clinic, now or timezone.now()
    policy = locked_policy(clinic)
    row = _row(booking, State.RESCHEDULED)
    if practitioner.pk == row.practitioner_id and starts_at == row.starts_at:
        return row
    [minutes] = lengths_of(clinic, [row.patient])
    _require_somebody(row.patient)
    [(at, room)] = _placed(policy, practitioner, starts_at, [minutes], now, without=[row])
    _require_alone(row.patient, practitioner, at, minutes, now, without=row)
    _enter(row, State.RESCHEDULED, by, now)
    cancel_job(kind=messages.REMIND, key=str(row.uid), now=now)
    messages.close_links(row, now)
    made = _write(
        policy,
        patient=row.patient,
        practitioner=practitioner,
        room=room,
        starts_at=at,
        minutes=minutes,
        way=row.way,
        state=State.REQUESTED if row.state_before == State.REQUESTED else State.BOOKED,
        by=by,
        moved_from=row,
        now=now,
    )
    _wrote(by, "move", made, before=row.uid)
    if made.state == State.REQUESTED:
        finish_cause(clinic=clinic, kind=REQUEST, cause=str(row.uid), by=by)
        have_confirmed(made, by, now)
    messages.moved(made, now=now)
    messages.plan_reminder(made, policy, now)
    _offer_later(row, now)
    return made


@transaction.atomic
def mark(
    *,
    booking: Booking,
    state: str,
    by: By,
    why: str = "",
    visit_uid: UUID | None = None,
    now: datetime.datetime | None = None,
) -> Booking:
    """Note what became of a booking: booked (a request is accepted), late, arrived, no-show, left, cancelled. Raises NotNow."""
    now = now or timezone.now()
    policy = locked_policy(booking.clinic)
    row = _row(booking, state)
    before = row.state
    if before in ELSEWHERE and state not in ELSEWHERE:
        _require_no_other(row)
    if visit_uid is not None:
        row.visit_uid = visit_uid
        Booking.objects.filter(pk=row.pk).update(visit_uid=visit_uid)
    _enter(row, state, by, now, why)
    _wrote(by, str(state), row)
    if state == State.LEFT and not isinstance(by, Who):
        for tell in _leaving:
            tell(row, by)
    if state == State.CANCELLED:
        cancel_job(kind=messages.REMIND, key=str(row.uid), now=now)
        messages.close_links(row, now)
        if before != State.OFFERED:
            messages.cancelled(row, now=now)
        _offer_later(row, now)
    elif state == State.BOOKED and before in (State.REQUESTED, State.OFFERED):
        _tell_of(row, policy, by, now)
    if before in (State.OFFERED, State.REQUESTED):
        finish_cause(clinic=row.clinic, kind=CALL if before == State.OFFERED else REQUEST, cause=str(row.uid), by=by)
    if state == State.BOOKED and row.waiting_id:
        Waiting.objects.filter(pk=row.waiting_id, ended_at=None).update(ended_at=now)
    return row


@open_while(REQUEST)
def is_requested(task: Task) -> bool:
    """Whether somebody still asks for a time that is to come."""
    rows = Booking.objects.filter(clinic_id=task.clinic_id, uid=task.about, starts_at__gt=timezone.now())
    return rows.filter(state=State.REQUESTED).exists()


def cancel(*, booking: Booking, by: By, why: str = "", now: datetime.datetime | None = None) -> Booking:
    """Take a booking back; its time is offered to who waits."""
    return mark(booking=booking, state=State.CANCELLED, by=by, why=why, now=now)


def have_confirmed(booking: Booking, by: By, now: datetime.datetime) -> None:
    """Ask the desk to confirm a time that somebody asks for."""
    open_task(
        clinic=booking.clinic,
        kind=REQUEST,
        cause=str(booking.uid),
        role=Role.FRONT_DESK,
        due_at=now + CONFIRM_WITHIN,
        patient=booking.patient,
        about=booking.uid,
        needs="bookings.write",
        by=by,
        title=gettext_noop("Somebody asks for a time: confirm it or call."),
    )


def free_later(*, patient: Patient, now: datetime.datetime) -> None:
    """Have the coming times of somebody who has died set free, by the worker: who writes bookings waits in another order than who
    reports what happened."""
    said, cause = {"patient": str(patient.uid)}, f"{patient.uid} {now.isoformat()}"
    enqueue(kind=FREE, key=cause, clinic=patient.clinic, due_at=now, payload=said)


@transaction.atomic
def free_times_of(*, patient: Patient, by: By, now: datetime.datetime) -> None:
    """Take back every coming booking of a patient nobody writes to any more, and their places on the waiting list. Nobody is
    told; the times are offered to who waits."""
    give_up_letters(patient, now)
    for row in queries.coming_of(patient, now):
        cancel(booking=row, by=by, now=now)
    for waiting in Waiting.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records_of(patient), ended_at=None):
        Waiting.objects.filter(pk=waiting.pk).update(ended_at=now)
        audit.append(by=by, action="wait no more", kind="booking", uid=waiting.uid, patient=patient.uid)


# --- what the rest of the room needs of it


def locked_policy(clinic: Clinic) -> Policy:
    """The clinic's policy; every other writer of bookings of the clinic waits here until this transaction ends."""
    Policy.objects.get_or_create(clinic=clinic)
    return Policy.objects.select_for_update().get(clinic=clinic)


def lengths_of(clinic: Clinic, patients: Sequence[Patient]) -> list[int]:
    """The minutes of each patient's next visit."""
    by_kind = {kind: queries.length_of(clinic, kind) for kind in (Kind.FIRST, Kind.LATER)}
    return [by_kind[queries.kind_for(one)] for one in patients]


def service_of(clinic: Clinic, kind: str) -> Service:
    """What is in force of a kind of visit; written down with the usual length where the clinic has said nothing yet."""
    made, _new = Service.objects.get_or_create(clinic=clinic, kind=kind, ended_at=None, defaults={"minutes": LENGTHS[Kind(kind)]})
    return made


# --- inside


def _placed(
    policy: Policy,
    practitioner: Practitioner,
    starts_at: datetime.datetime,
    lengths: Sequence[int],
    now: datetime.datetime,
    without: Sequence[Booking] = (),
) -> list[tuple[datetime.datetime, Room | None]]:
    """When and where each visit of a row is; raises Taken where one of them cannot be."""
    clinic = practitioner.clinic
    day = starts_at.astimezone(clinic.tzinfo).date()
    known = queries.diary(clinic, day, day + slots.DAY, policy=policy)
    known = known.without(without) if without else known
    found, at = [], slots.minute(starts_at)
    for minutes in lengths:
        room = _room_at(known, practitioner, at, minutes)
        if room is False:
            raise Taken("this time is not free", (practitioner, sum(lengths), max(now, starts_at)))
        found.append((slots.moment(at), room))
        at += minutes + policy.buffer_min
    return found


def _room_at(known: Diary, practitioner: Practitioner, at: int, minutes: int) -> Any:
    """The room that is free with the practitioner at this minute; None in a clinic without rooms; False when it is not free."""
    key, zone = practitioner.pk, known.clinic.tzinfo
    who = next((one for one in known.known if one.practitioner.pk == key), None)
    day = slots.moment(at).astimezone(zone).date()
    if who is None or key not in known.weeks or not known.may(who, day):
        return False
    end, until = at + minutes, at + minutes + known.policy.buffer_min
    if not slots.is_working(known.weeks[key], known.closed[key], at, end, zone) or known.busy[key].free_from(at, until) != at:
        return False
    if not known.rooms:
        return None
    return next((one for one in known.rooms if known.filled[one.pk].free_from(at, until) == at), False)


def _write(
    policy: Policy,
    *,
    patient: Patient,
    practitioner: Practitioner,
    room: Room | None,
    starts_at: datetime.datetime,
    minutes: int,
    way: str,
    state: str,
    by: By,
    now: datetime.datetime,
    moved_from: Booking | None = None,
    waiting: Waiting | None = None,
) -> Booking:
    clinic = practitioner.clinic
    ends_at = starts_at + datetime.timedelta(minutes=minutes)
    try:
        with transaction.atomic():
            made = Booking.objects.create(
                clinic=clinic,
                patient=patient,
                practitioner=practitioner,
                room=room,
                service=service_of(clinic, queries.kind_for(patient)),
                starts_at=starts_at,
                ends_at=ends_at,
                until=ends_at + datetime.timedelta(minutes=policy.buffer_min),
                way=way,
                state=state,
                moved_from=moved_from,
                waiting=waiting,
                made_by=getattr(by, "user", None),
            )
    except IntegrityError as problem:
        raise Taken("this time is taken", (practitioner, minutes, max(now, starts_at))) from problem
    BookingState.objects.create(clinic=clinic, booking=made, state=state, made_at=now, made_by=getattr(by, "user", None))
    return made


def _tell_of(booking: Booking, policy: Policy, by: By, now: datetime.datetime) -> None:
    """The letters of a new booking: the time, later a reminder, and the forms that are due."""
    messages.booked(booking, now=now)
    messages.plan_reminder(booking, policy, now)
    if policy.send_forms and booking.starts_at > now:
        before.send_due(booking, by, now)


def _row(booking: Booking, state: str) -> Booking:
    """The booking as it is now, if `state` may follow; `state_before` is what it was."""
    row = Booking.objects.select_related("clinic", "patient", "practitioner__user", "room", "service").get(pk=booking.pk)
    if state not in NEXT.get(row.state, ()):
        raise NotNow(f"a booking that is {row.state} cannot become {state}")
    row.state_before = row.state  # type: ignore[attr-defined]
    return row


def _enter(row: Booking, state: str, by: By, now: datetime.datetime, why: str = "") -> None:
    row.state, row.stands = state, state not in GONE
    Booking.objects.filter(pk=row.pk).update(state=row.state, stands=row.stands)
    BookingState.objects.create(
        clinic_id=row.clinic_id, booking=row, state=state, why=why[:200], made_at=now, made_by=getattr(by, "user", None)
    )


def _require_somebody(patient: Patient) -> None:
    if is_closed(kept_record(patient)):
        raise Nobody("nobody calls this patient any more")


def _require_alone(
    patient: Patient, practitioner: Practitioner, at: datetime.datetime, minutes: int, now: datetime.datetime,
    without: Booking | None = None,
) -> None:
    ends_at = at + datetime.timedelta(minutes=minutes)
    other = queries.other_booking(patient, at, ends_at, without=without)
    if other is not None:
        refused = Twice("the patient is booked at this time already", (practitioner, minutes, max(now, other.ends_at - A_MINUTE)))
        refused.other = other
        raise refused


def _require_no_other(row: Booking) -> None:
    """Who had not come, or had left, may have been given another time meanwhile."""
    other = queries.other_booking(row.patient, row.starts_at, row.ends_at, without=row)
    if other is not None:
        refused = Elsewhere("the patient has another booking at this time")
        refused.other = other
        raise refused


def _require_room_for_one_more(patient: Patient, policy: Policy, now: datetime.datetime) -> None:
    coming = [one for one in queries.coming_of(patient, now) if one.state in COMING]
    if len(coming) >= policy.most_open:
        raise TooMany(f"at most {policy.most_open} coming visits")


def _offer_later(row: Booking, now: datetime.datetime) -> None:
    """Have the freed time offered to who waits, if anybody does and it is still to come."""
    if row.starts_at > now and Waiting.objects.filter(clinic_id=row.clinic_id, ended_at=None).exists():
        enqueue(kind=OFFER, key=str(row.uid), clinic=row.clinic, due_at=now, payload={"booking": str(row.uid)})


def _wrote(by: By, action: str, booking: Booking, **detail: Any) -> None:
    audit.append(
        by=by,
        action=action,
        kind="booking",
        uid=booking.uid,
        patient=booking.patient.uid,
        detail={name: str(value) for name, value in detail.items()},
    )
