"""Hours, rooms and prices of the demonstration, a week of bookings that have passed and one that comes."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.appointments import actions, actions_settings, queries, waitlist
from waterneedle.clinic.appointments.models import Booking, Kind, Online, State
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.visits.models import Visit

ROOMS = ("Willow", "Cedar", "Pine")  # invented, as everything here
A_DAY = datetime.timedelta(days=1)
PHONE = "+1 206 555 0100"
PAST_DAYS, COMING_DAYS = 7, 9
EACH_DAY = (3, 6)  # bookings of one practitioner, at least and at most
MORNING, NOON, AFTER, EVENING = datetime.time(9), datetime.time(12, 30), datetime.time(13, 30), datetime.time(17)


def make_bookings(
    people: dict[str, Practitioner], workers: dict[str, Access], now: datetime.datetime, chance: random.Random
) -> None:
    """What the calendar shows, around today; who is here today was booked."""
    clinic = workers["olga"].clinic
    today = now.astimezone(clinic.tzinfo).date()
    _settle(people, workers["olga"], today)
    patients = list(Patient.objects.filter(clinic=clinic, joined_into=None).order_by("pk"))
    chance.shuffle(patients)
    _those_who_are_here(people["alice"], workers["bob"], today, now)
    for number in range(-PAST_DAYS, COMING_DAYS + 1):
        day = today + number * A_DAY
        for name in ("alice", "pavel", "ines"):
            _one_day(people[name], patients, workers["bob"], day, now, chance)
    waiting = [patients.pop() for _ in range(3)]
    for patient in waiting:
        waitlist.wait(patient=patient, first_day=today + A_DAY, last_day=today + 6 * A_DAY, by=workers["bob"])
    actions_settings.change_policy(clinic=clinic, fields={"send_forms": True}, by=workers["olga"])


def _settle(people: dict[str, Practitioner], owner: Access, today: datetime.date) -> None:
    clinic = owner.clinic
    whole, half = [(MORNING, NOON), (AFTER, EVENING)], [(MORNING, NOON)]
    weeks = {
        "alice": dict.fromkeys({*range(5), today.weekday()}, whole),
        "pavel": dict.fromkeys(range(1, 6), whole),
        "ines": dict.fromkeys({0, 2, 4, today.weekday()}, half),
        "mei": dict.fromkeys(range(5), whole),
    }
    for name, spans in weeks.items():
        actions_settings.set_hours(practitioner=people[name], spans=spans, by=owner)
    for name in ROOMS:
        actions_settings.add_room(clinic=clinic, name=name, by=owner)
    actions_settings.set_service(clinic=clinic, kind=Kind.FIRST, minutes=60, price=Decimal(120), by=owner)
    actions_settings.set_service(clinic=clinic, kind=Kind.LATER, minutes=30, price=Decimal(75), by=owner)
    actions_settings.set_service(clinic=clinic, kind=Kind.BESIDE, name="Ice pack", price=Decimal("6.50"), by=owner)
    # Forms are sent from now on: nobody of the story waits for two hundred letters.
    fields = {"online": Online.BOOK, "currency": "USD", "most_open": 3, "send_forms": False, "phone": PHONE}
    actions_settings.change_policy(clinic=clinic, fields=fields, by=owner)


def _those_who_are_here(practitioner: Practitioner, desk: Access, today: datetime.date, now: datetime.datetime) -> None:
    """The visits of today were booked, as far as the hours have room for them."""
    visits = Visit.objects.filter(clinic=desk.clinic, day=today, happened_at=None).select_related("patient").order_by("pk")
    for visit in visits:
        [minutes] = actions.lengths_of(desk.clinic, [visit.patient])
        free = queries.free_slots(desk.clinic, minutes, today, today, only=practitioner.pk, most=1)
        if free:
            row = actions.book(
                patient=visit.patient, practitioner=practitioner, starts_at=free[0].starts_at, by=desk, now=now - 3 * A_DAY
            )
            actions.mark(booking=row, state=State.ARRIVED, by=desk, visit_uid=visit.uid, now=now)


def _one_day(
    practitioner: Practitioner,
    patients: list[Patient],
    desk: Access,
    day: datetime.date,
    now: datetime.datetime,
    chance: random.Random,
) -> None:
    for _number in range(chance.randint(*EACH_DAY)):
        patient = patients.pop()
        patients.insert(0, patient)
        [minutes] = actions.lengths_of(desk.clinic, [patient])
        free = queries.free_slots(desk.clinic, minutes, day, day, only=practitioner.pk)
        if not free:
            return
        slot = chance.choice(free)
        # Who has another booking at this time, of the visits of today or with somebody else, has none more.
        if queries.other_booking(patient, slot.starts_at, slot.starts_at + datetime.timedelta(minutes=minutes)) is None:
            row = actions.book(
                patient=patient,
                practitioner=practitioner,
                starts_at=slot.starts_at,
                by=desk,
                now=min(now, slot.starts_at) - 3 * A_DAY,
            )
            _what_became(row, desk, now, chance)


def _what_became(row: Booking, desk: Access, now: datetime.datetime, chance: random.Random) -> None:
    """Of what has passed: most came, one in twelve did not, one in twelve called."""
    if row.ends_at > now:
        return
    luck = chance.random()
    if luck < 1 / 12:
        actions.mark(booking=row, state=State.NO_SHOW, by=desk, now=row.ends_at)
    elif luck < 1 / 6:
        actions.cancel(booking=row, by=desk, why="called: has a cold", now=row.starts_at - A_DAY)
    else:
        actions.mark(booking=row, state=State.ARRIVED, by=desk, now=row.starts_at)
        actions.mark(booking=row, state=State.LEFT, by=desk, now=row.ends_at)
