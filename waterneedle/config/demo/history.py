"""Two years of signed visits before the last weeks of the demonstration: courses of some sessions, a week apart.

How many sessions somebody has is invented. Each vial is used for as long as an opened one may be, and its lot was received before
it was opened and had not passed its date.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from decimal import Decimal

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.outbox.models import Job, Outcome
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.stock.models import Item, Lot, Vial
from waterneedle.config.demo import visits

SINCE = datetime.timedelta(days=690)  # before now: all who treat here were certified by then
UNTIL = visits.LATELY
VIAL_OPEN = datetime.timedelta(days=27)
ENOUGH_ML = Decimal(1)  # for one visit
HOURS = (9, 10, 11, 13, 14, 15, 16)
SESSIONS = (1, 2, 2, 3, 4, 5)
SHARE = 0.75  # of those who may be treated; the others asked, and did not come


def make_history(treating: list[Access], item: Item, now: datetime.datetime, chance: random.Random) -> None:
    """Sessions of patients who came until some weeks ago, each patient with one practitioner, in the order of their days."""
    treats: dict[int, Access] = {}
    shelf = Shelf(item, treating[0])
    for at, patient in sorted(_sessions(treating[0].clinic, now, chance), key=lambda one: one[0]):
        with visits.clock_at(at):
            if patient.pk not in treats:
                treats[patient.pk] = chance.choice(treating)
                visits.sign_consent(patient, treats[patient.pk])
            visits.signed_visit(patient, treats[patient.pk], shelf.open_at(at), chance, most=3)
    shelf.discard(now - UNTIL)
    # Nobody was asked the next day: that was switched on later.
    Job.objects.filter(clinic=item.clinic, kind="visits.signed", ended_at=None).update(ended_at=now - UNTIL, outcome=Outcome.DONE)


def _sessions(clinic: Clinic, now: datetime.datetime, chance: random.Random) -> Iterator[tuple[datetime.datetime, Patient]]:
    for patient in Patient.objects.filter(clinic=clinic, made_at__lt=now - UNTIL).order_by("pk"):
        if not visits.may_be_treated(patient, now) or chance.random() > SHARE:
            continue
        first = patient.made_at + datetime.timedelta(days=chance.uniform(1, 6))
        for number in range(chance.choice(SESSIONS)):
            day = (first + datetime.timedelta(days=7 * number)).astimezone(clinic.tzinfo)
            at = day.replace(hour=chance.choice(HOURS), minute=chance.randrange(0, 60, 5))
            if now - SINCE < at < now - UNTIL:
                yield at, patient


class Shelf:
    """The one open vial of an item at any time of the story; each was delivered on the day before it was opened."""

    def __init__(self, item: Item, by: Access) -> None:
        self.item, self.by = item, by
        self.vial: Vial | None = None

    def open_at(self, at: datetime.datetime) -> Vial:
        if self.vial is not None:
            self.vial.refresh_from_db()
            if at > self.vial.opened_at + VIAL_OPEN or self.vial.volume_ml < ENOUGH_ML:
                self.discard(min(at, self.vial.opened_at + VIAL_OPEN))
        if self.vial is None:
            lot = self._delivered(at - datetime.timedelta(days=1))
            self.vial = stock.open_vial(lot=lot, by=self.by, at=at - datetime.timedelta(minutes=40))
        return self.vial

    def discard(self, at: datetime.datetime) -> None:
        if self.vial is not None:
            with visits.clock_at(at):
                stock.discard(vial=self.vial, why="past its time, or too little left in it", by=self.by)
        self.vial = None

    def _delivered(self, at: datetime.datetime) -> Lot:
        """One container more of the lot of these months."""
        made = at.date().replace(month=1 if at.month <= 6 else 7, day=1)
        with visits.clock_at(at):
            return stock.receive(
                item=self.item, number=f"{made:%y%m}", expires=made.replace(year=made.year + 2), containers=1, by=self.by)
