"""Many who book, move and cancel on one day at one moment: nobody and no room is booked twice, and every refusal is polite.

`WATERNEEDLE_SOAK_BOOKERS` (50) and `WATERNEEDLE_SOAK_ATTEMPTS` (1000, of each) say how long the long run is.
"""

from __future__ import annotations

import datetime
import itertools
import os
import random
import threading
from collections import Counter

import pytest
from django.db import OperationalError, connection

from clinic.appointments.diary import NOW, at, working
from clinic.patients.people import at_work, make_patient
from clinic.people import make_clinic, make_person
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.appointments import actions, actions_settings
from waterneedle.clinic.appointments.actions import NotBooked, NotNow
from waterneedle.clinic.appointments.models import Booking
from waterneedle.clinic.audit.verify import verify
from waterneedle.clinic.web.middleware import is_busy

BOOKERS = int(os.environ.get("WATERNEEDLE_SOAK_BOOKERS", "50"))
ATTEMPTS = int(os.environ.get("WATERNEEDLE_SOAK_ATTEMPTS", "1000"))


class Day:
    """Three practitioners, two rooms, one day; and what was done on it."""

    def __init__(self) -> None:
        self.clinic = make_clinic("harbor", "Harbor")
        self.by = at_work(make_person(self.clinic, "Una Universal", Role.OWNER), self.clinic)
        self.people = [
            working(self.by, user=make_person(self.clinic, f"P{number} Person", Role.PRACTITIONER)) for number in range(3)
        ]
        for name in ("1", "2"):
            actions_settings.add_room(clinic=self.clinic, name=name, by=self.by)
        fields = {"buffer_min": 5, "send_forms": False, "remind_hours": 0}
        actions_settings.change_policy(clinic=self.clinic, fields=fields, by=self.by)
        self.patients = [make_patient(self.by, f"A{number} Person", birth_date=None) for number in range(6)]
        self.done: Counter[str] = Counter()
        self.failed: list[BaseException] = []
        self.impolite: list[str] = []

    def run(self, bookers: int, attempts: int) -> None:
        start = threading.Barrier(bookers)
        threads = [threading.Thread(target=self._booker, args=(start, number, attempts)) for number in range(bookers)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        if self.failed:
            raise self.failed[0]

    def _booker(self, start: threading.Barrier, number: int, attempts: int) -> None:
        chance = random.Random(number)
        try:
            start.wait()
            for _ in range(attempts):
                self._attempt(chance)
        except BaseException as problem:
            self.failed.append(problem)
        finally:
            connection.close()

    def _attempt(self, chance: random.Random) -> None:
        quarter = chance.randrange(32)
        when = at("09:00", of=self.clinic) + datetime.timedelta(minutes=15 * quarter)
        practitioner = chance.choice(self.people)
        what = chance.choices(["book", "move", "cancel"], [60, 20, 20])[0]
        row = None if what == "book" else Booking.objects.filter(stands=True).order_by("?").first()
        try:
            if row is None:
                what = "book"
                actions.book(patient=chance.choice(self.patients), practitioner=practitioner, starts_at=when, by=self.by, now=NOW)
            elif what == "move":
                actions.move(booking=row, practitioner=practitioner, starts_at=when, by=self.by, now=NOW)
            else:
                actions.cancel(booking=row, by=self.by, now=NOW)
            self.done[what] += 1
        except NotNow:
            self.done["somebody else was first"] += 1
        except NotBooked as refused:
            self.done["refused"] += 1
            if not refused.free:
                self.impolite.append(str(refused))
        except OperationalError as problem:
            # Too many wait to write: nothing was saved, and a page says so and asks to try again (503).
            if not is_busy(problem):
                raise
            self.done["asked to try again"] += 1


def doubles(rows: list[Booking]) -> list[tuple[Booking, Booking]]:
    """Every two bookings that hold one practitioner, one room or one patient at one time."""
    return [
        (one, other)
        for one, other in itertools.combinations(rows, 2)
        if (
            one.starts_at < other.until
            and other.starts_at < one.until
            and (one.practitioner_id == other.practitioner_id or (one.room_id is not None and one.room_id == other.room_id))
        )
        or (one.patient_id == other.patient_id and one.starts_at < other.ends_at and other.starts_at < one.ends_at)
    ]


def run(bookers: int, attempts: int) -> Day:
    day = Day()
    day.run(bookers, attempts)
    assert doubles(list(Booking.objects.filter(stands=True))) == []
    assert day.impolite == []
    assert sum(day.done.values()) == bookers * attempts
    assert day.done["book"] > 0 and day.done["refused"] > 0
    assert verify().ok
    return day


def test_a_few_at_once_double_nothing(committed_db):
    run(4, 12)


@pytest.mark.soak
def test_fifty_bookers_with_a_thousand_attempts_each_double_nothing(committed_db):
    print(dict(run(BOOKERS, ATTEMPTS).done))


def test_doubles_are_seen(clinic, by, practitioner, ana):
    one = actions.book(patient=ana, practitioner=practitioner, starts_at=at("10:00", of=clinic), by=by, now=NOW)
    other = working(by, user=make_person(clinic, "Pavel Novak", Role.PRACTITIONER))
    two = actions.book(patient=make_patient(by, "Eva Lund"), practitioner=other, starts_at=at("10:30", of=clinic), by=by, now=NOW)
    assert doubles([one, two]) == []

    two.practitioner = practitioner
    assert doubles([one, two]) == [(one, two)]
    two.practitioner, two.patient = other, ana
    assert doubles([one, two]) == [(one, two)]
