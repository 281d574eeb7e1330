"""Bookings as they are shown, and which times are free."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from waterneedle.clinic.accounts.models import Clinic, Membership
from waterneedle.clinic.appointments import slots
from waterneedle.clinic.appointments.models import (
    COMING,
    ELSEWHERE,
    LENGTHS,
    Booking,
    BookingState,
    Closure,
    Feed,
    Hours,
    Kind,
    Policy,
    Room,
    Service,
    State,
)
from waterneedle.clinic.appointments.slots import Busy, Open, Week
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import kept_record, records_of
from waterneedle.clinic.practitioners import queries as practitioners
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.practitioners.queries import OnFile

NEXT_FREE = 6  # offered with a polite refusal
LOOK_AHEAD_DAYS, LOOK_AT_ONCE_DAYS = 70, 14


# --- how the clinic books


def policy_of(clinic: Clinic) -> Policy:
    """The clinic's policy; until it is set, the defaults of the model, not saved."""
    return Policy.objects.filter(clinic=clinic).first() or Policy(clinic=clinic)


def phone_of(clinic: Clinic) -> str:
    """The number at which patients reach the clinic; "" while none is on file."""
    return policy_of(clinic).phone


def services_of(clinic: Clinic) -> list[Service]:
    """What is in force: the first visit, the later one, then what is sold beside."""
    rows = Service.objects.filter(clinic=clinic, ended_at=None)
    order = list(Kind)
    return sorted(rows, key=lambda one: (order.index(Kind(one.kind)), one.name))


def kind_for(patient: Patient) -> Kind:
    """The first visit until one was signed, of this record or of one that is read with it."""
    signed = (
        patient.first_signed_at is not None
        or Patient.objects.filter(pk__in=records_of(patient), first_signed_at__isnull=False).exists()
    )
    return Kind.LATER if signed else Kind.FIRST


def length_of(clinic: Clinic, kind: str) -> int:
    """Minutes of a visit of this kind in this clinic."""
    service = Service.objects.filter(clinic=clinic, kind=kind, ended_at=None).first()
    return service.minutes if service and service.minutes else LENGTHS[Kind(kind)]


def week_of(practitioner: Practitioner) -> Week:
    """The hours of a practitioner as they are now."""
    spans: dict[int, list[tuple[datetime.time, datetime.time]]] = {}
    for one in Hours.objects.filter(clinic_id=practitioner.clinic_id, practitioner=practitioner, ended_at=None).order_by(
        "begins"
    ):
        spans.setdefault(one.weekday, []).append((one.begins, one.ends))
    return Week({day: tuple(of) for day, of in spans.items()})


def feeds_of(practitioner: Practitioner) -> int:
    """How many addresses of the practitioner's calendar open."""
    return Feed.objects.filter(clinic_id=practitioner.clinic_id, practitioner=practitioner, revoked_at=None).count()


def works_here(practitioner: Practitioner) -> bool:
    """Whether the person has a role in the clinic now, and an account that is open."""
    rows = Membership.objects.filter(clinic_id=practitioner.clinic_id, user_id=practitioner.user_id, ended_at=None)
    return rows.filter(user__is_active=True).exists()


def closures_of(clinic: Clinic, now: datetime.datetime) -> list[Closure]:
    """What is closed now or will be, the next first."""
    rows = Closure.objects.filter(clinic=clinic, ended_at=None, ends_at__gt=now).select_related("practitioner__user")
    return list(rows.order_by("begins_at", "pk"))


def rooms_of(clinic: Clinic) -> list[Room]:
    return list(Room.objects.filter(clinic=clinic, ended_at=None).order_by("name", "pk"))


# --- what is free


@dataclass(frozen=True)
class Slot:
    """A free time, ready to be shown and to be booked."""

    practitioner: Practitioner
    room: Room | None
    starts_at: datetime.datetime
    minutes: int

    @property
    def ends_at(self) -> datetime.datetime:
        return self.starts_at + datetime.timedelta(minutes=self.minutes)

    @property
    def key(self) -> str:
        """What a form sends back: when and with whom."""
        return f"{self.starts_at:%Y-%m-%dT%H:%MZ} {self.practitioner.uid}"


class Taken(NamedTuple):
    """The time that a booking takes, in minutes, with its buffer."""

    booking: int
    practitioner: int
    room: int | None
    begin: int
    end: int


@dataclass(frozen=True)
class Diary:
    """Everything that decides what is free between two days, read at one moment with the same few statements for one
    practitioner and for many."""

    clinic: Clinic
    policy: Policy
    known: tuple[OnFile, ...]
    weeks: dict[int, Week]
    closed: dict[int, Busy]  # by practitioner, the closures of the whole clinic in each
    rows: tuple[Taken, ...]
    rooms: tuple[Room, ...]
    busy: dict[int, Busy] = field(default_factory=dict)  # by practitioner
    filled: dict[int, Busy] = field(default_factory=dict)  # by room

    def free(
        self,
        minutes: int,
        first: datetime.date,
        last: datetime.date,
        *,
        only: int | None = None,
        earliest: datetime.datetime | None = None,
    ) -> Iterator[Slot]:
        """The free times from `first` to `last`, by time and then by name."""
        found = [
            one
            for known in self.known
            if only in (None, known.practitioner.pk)
            for one in self._free_of(known, minutes, first, last, earliest)
        ]
        by_key, rooms = {one.practitioner.pk: one.practitioner for one in self.known}, {one.pk: one for one in self.rooms}
        order = {key: place for place, key in enumerate(by_key)}
        for one in sorted(found, key=lambda one: (one.begin, order[one.who])):
            yield Slot(by_key[one.who], rooms.get(one.room), slots.moment(one.begin), one.minutes)

    def _free_of(
        self, known: OnFile, minutes: int, first: datetime.date, last: datetime.date, earliest: datetime.datetime | None
    ) -> Iterator[Open]:
        key, zone = known.practitioner.pk, self.clinic.tzinfo
        week = self.weeks.get(key)
        if week is None:
            return iter(())
        worked = (day for day in slots.days(first, last) if day.weekday() in week.spans)
        return slots.free(
            who=key,
            week=week,
            zone=zone,
            on=(day for day in worked if self.may(known, day)),
            closed=self.closed[key],
            busy=self.busy[key],
            rooms=[(room.pk, self.filled[room.pk]) for room in self.rooms],
            minutes=minutes,
            step_min=self.policy.step_min,
            buffer_min=self.policy.buffer_min,
            earliest=slots.minute(earliest) + 1 if earliest else 0,
        )

    def may(self, known: OnFile, day: datetime.date) -> bool:
        """Whether somebody may inject here on this day."""
        return practitioners.may_inject_on(known, self.clinic.jurisdiction, day)

    def bookable(self, first: datetime.date, last: datetime.date) -> list[Practitioner]:
        """Who has hours and may inject on one of these days, by name; whether a time of theirs is still free is not asked."""
        return [
            one.practitioner
            for one in self.known
            if (week := self.weeks.get(one.practitioner.pk))
            and any(day.weekday() in week.spans and self.may(one, day) for day in slots.days(first, last))
        ]

    def without(self, bookings: Iterable[Booking]) -> Diary:
        """The same diary as if these bookings did not stand."""
        gone = {one.pk for one in bookings}
        return _kept(replace(self, rows=tuple(one for one in self.rows if one.booking not in gone)))


def diary(
    clinic: Clinic,
    first: datetime.date,
    last: datetime.date,
    *,
    policy: Policy | None = None,
    known: Sequence[OnFile] | None = None,
) -> Diary:
    """What is on file of `clinic` between two of its days."""
    known = tuple(practitioners.all_on_file(clinic) if known is None else known)
    keys = [one.practitioner.pk for one in known]
    begin, end = _bounds(clinic, first, last)
    hours: dict[int, dict[int, list[tuple[datetime.time, datetime.time]]]] = {}
    for key, weekday, begins, ends in Hours.objects.filter(clinic=clinic, ended_at=None).values_list(
        "practitioner_id", "weekday", "begins", "ends"
    ):
        hours.setdefault(key, {}).setdefault(weekday, []).append((begins, ends))
    shut = Closure.objects.filter(clinic=clinic, ended_at=None, ends_at__gt=begin, begins_at__lt=end).values_list(
        "practitioner_id", "begins_at", "ends_at"
    )
    shut = [(key, slots.minute(one), slots.minute(other)) for key, one, other in shut]
    rows = tuple(
        Taken(pk, key, room, slots.minute(one), slots.minute(other))
        for pk, key, room, one, other in Booking.objects.filter(
            clinic=clinic, stands=True, until__gt=begin, starts_at__lt=end + datetime.timedelta(hours=12)
        ).values_list("pk", "practitioner_id", "room_id", "starts_at", "until")
    )
    return _kept(
        Diary(
            clinic=clinic,
            policy=policy or policy_of(clinic),
            known=known,
            weeks={key: Week({day: tuple(spans) for day, spans in of.items()}) for key, of in hours.items()},
            closed={key: Busy.of((one, other) for who, one, other in shut if who in (None, key)) for key in keys},
            rows=rows,
            rooms=tuple(rooms_of(clinic)),
        )
    )


def free_slots(
    clinic: Clinic,
    minutes: int,
    first: datetime.date,
    last: datetime.date,
    *,
    only: int | None = None,
    earliest: datetime.datetime | None = None,
    most: int | None = None,
) -> list[Slot]:
    """The free times between two days of the clinic, at most so many."""
    found = []
    for one in diary(clinic, first, last).free(minutes, first, last, only=only, earliest=earliest):
        found.append(one)
        if len(found) == most:
            break
    return found


def next_free(
    clinic: Clinic, minutes: int, after: datetime.datetime, *, only: int | None = None, most: int = NEXT_FREE
) -> list[Slot]:
    """The next free times after a moment, at most so many: of every two weeks those of the practitioner `only` first, then
    anybody's."""
    first = after.astimezone(clinic.tzinfo).date()
    known, policy = practitioners.all_on_file(clinic), policy_of(clinic)
    found: list[Slot] = []
    for start in range(0, LOOK_AHEAD_DAYS, LOOK_AT_ONCE_DAYS):
        begin = first + datetime.timedelta(days=start)
        end = begin + datetime.timedelta(days=LOOK_AT_ONCE_DAYS - 1)
        here = list(diary(clinic, begin, end, policy=policy, known=known).free(minutes, begin, end, earliest=after))
        own = [one for one in here if only in (None, one.practitioner.pk)]
        found += [*own, *(one for one in here if only not in (None, one.practitioner.pk))]
        if len(found) >= most:
            break
    return found[:most]


def _kept(known: Diary) -> Diary:
    """The diary with what its rows take of each practitioner and each room."""
    of_people: dict[int, list[slots.Span]] = {one.practitioner.pk: [] for one in known.known}
    of_rooms: dict[int | None, list[slots.Span]] = {one.pk: [] for one in known.rooms}
    for row in known.rows:
        of_people.setdefault(row.practitioner, []).append((row.begin, row.end))
        of_rooms.setdefault(row.room, []).append((row.begin, row.end))
    return replace(
        known, busy={key: Busy.of(of) for key, of in of_people.items()}, filled={key: Busy.of(of) for key, of in of_rooms.items()}
    )


def _bounds(clinic: Clinic, first: datetime.date, last: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    """The moments at which the first day begins and the last one ends, by the clinic's clock."""
    midnight = datetime.time(0)
    return (
        slots.moment(slots.at_clock(first, midnight, clinic.tzinfo)),
        slots.moment(slots.at_clock(last + slots.DAY, midnight, clinic.tzinfo)),
    )


def day_bounds(clinic: Clinic, day: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    return _bounds(clinic, day, day)


# --- bookings


def bookings_between(clinic: Clinic, begin: datetime.datetime, end: datetime.datetime) -> QuerySet[Booking]:
    """Those that touch the time, with whom and where, by their beginning."""
    return _between(clinic.pk, begin, end)


def _between(clinic_id: int, begin: datetime.datetime, end: datetime.datetime) -> QuerySet[Booking]:
    return (
        Booking.objects.filter(clinic_id=clinic_id, starts_at__lt=end, ends_at__gt=begin)
        .select_related("patient", "practitioner__user", "room", "service")
        .order_by("starts_at", "pk")
    )


def bookings_on(clinic: Clinic, day: datetime.date) -> list[Booking]:
    """The bookings of one day of the clinic that were not cancelled or moved."""
    return _standing(clinic.pk, *day_bounds(clinic, day))


def bookings_on_of(clinic: Clinic, day: datetime.date, records: Sequence[int]) -> list[Booking]:
    """The same of one person, by the numbers of their records."""
    return _standing_of(clinic.pk, *day_bounds(clinic, day), records)


@prepared
def _standing_of(clinic_id: int, begin: datetime.datetime, end: datetime.datetime, records: Sequence[int]) -> QuerySet[Any]:
    return _between(clinic_id, begin, end).filter(stands=True, patient_id__in=records)


@prepared
def _standing(clinic_id: int, begin: datetime.datetime, end: datetime.datetime) -> QuerySet[Any]:
    return _between(clinic_id, begin, end).filter(stands=True)


def bookings_of(patient: Patient) -> list[Booking]:
    """Every booking of a patient, the latest first."""
    rows = Booking.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records_of(patient))
    return list(rows.select_related("practitioner__user", "room", "service").order_by("-starts_at", "-pk"))


def coming_of(patient: Patient, now: datetime.datetime) -> list[Booking]:
    """What the patient has before them, the next first."""
    rows = Booking.objects.filter(
        clinic_id=patient.clinic_id, patient_id__in=records_of(patient), stands=True, state__in=COMING, starts_at__gt=now
    )
    return list(rows.select_related("practitioner__user", "room", "service").order_by("starts_at", "pk"))


def other_booking(
    patient: Patient, starts_at: datetime.datetime, ends_at: datetime.datetime, *, without: Booking | None = None
) -> Booking | None:
    """A booking that has the patient, in whichever of their records, somewhere between these two moments."""
    rows = Booking.objects.filter(
        clinic_id=patient.clinic_id, patient_id__in=records_of(kept_record(patient)), stands=True, starts_at__lt=ends_at,
        ends_at__gt=starts_at,
    )
    rows = rows.exclude(state__in=ELSEWHERE).exclude(pk=without and without.pk)
    return rows.select_related("practitioner__user", "patient").order_by("starts_at", "pk").first()


def booking_of(clinic: Clinic, uid: UUID) -> Booking | None:
    rows = Booking.objects.filter(clinic=clinic, uid=uid)
    return rows.select_related("clinic", "patient", "practitioner__user", "room", "service", "moved_from", "waiting").first()


def history_of(booking: Booking) -> list[BookingState]:
    return list(
        BookingState.objects.filter(clinic_id=booking.clinic_id, booking=booking).select_related("made_by").order_by("pk")
    )


def outside_hours(clinic: Clinic, now: datetime.datetime | None = None) -> list[Booking]:
    """Coming bookings that lie outside of the hours as they are now, or in a closure: they stay, and a person looks at them."""
    now = now or timezone.now()
    rows = Booking.objects.filter(clinic=clinic, stands=True, state__in=COMING, starts_at__gt=now)
    rows = list(rows.select_related("patient", "practitioner__user", "room", "service").order_by("starts_at", "pk"))
    if not rows:
        return []
    first, last = (one.starts_at.astimezone(clinic.tzinfo).date() for one in (rows[0], rows[-1]))
    known = diary(clinic, first, last)
    judged = {one.practitioner.pk: one for one in known.known}
    return [one for one in rows if one.practitioner_id not in judged or not _fits(known, judged[one.practitioner_id], one)]


def _fits(known: Diary, who: OnFile, booking: Booking) -> bool:
    week = known.weeks.get(booking.practitioner_id)
    day = booking.starts_at.astimezone(known.clinic.tzinfo).date()
    return (
        week is not None
        and known.may(who, day)
        and slots.is_working(
            week,
            known.closed[booking.practitioner_id],
            slots.minute(booking.starts_at),
            slots.minute(booking.ends_at),
            known.clinic.tzinfo,
        )
    )


def is_open_to_change(booking: Booking, policy: Policy, now: datetime.datetime) -> bool:
    """Whether the patient may still move or cancel it by themself."""
    until = booking.starts_at - datetime.timedelta(hours=policy.change_hours)
    return booking.stands and booking.state in (State.REQUESTED, State.BOOKED, State.OFFERED) and now < until
