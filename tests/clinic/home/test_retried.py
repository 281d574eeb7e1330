"""What is written around a visit, asked for three times with one key: at the desk, at the shelf, in the worklist, at the end of
the day."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.appointments.diary import working
from clinic.patients.people import at_work, make_patient
from clinic.people import at_midday, make_person
from clinic.retrying import assert_done_once, takers
from clinic.stock.shelf import make_item, make_lot
from clinic.visits.charting import make_visit
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.accounts.routes import routes
from waterneedle.clinic.appointments import actions as bookings
from waterneedle.clinic.home import closings, sharps
from waterneedle.clinic.patients.queries import today_in
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.tasks import actions as tasks

ROOMS = ("home", "stock", "tasks")
READS = {  # a post to them reads, as a get does
    "home:today", "home:watched", "home:close", "home:figures", "home:trail", "home:trail_of", "home:trail_export", "stock:shelf",
    "stock:lot", "stock:kits", "stock:scan", "tasks:worklist", "tasks:task",
}
MIDNIGHT, DAY = datetime.time(0), datetime.timedelta(days=1)


class Place:
    """A clinic of which the owner may do everything that is asked here."""

    def __init__(self, clinic, owner) -> None:
        self.clinic, self.by, self.where = at_midday(clinic), at_work(owner, clinic), {}

    def at(self, **where):
        self.where |= {name: one.uid for name, one in where.items()}
        return where


@pytest.fixture
def place(clinic, owner):
    return Place(clinic, make_person(clinic, "Una Universal", Role.OWNER, Role.PRACTITIONER))


def _booked(place):
    practitioner = working(
        place.by, begins=MIDNIGHT, ends=MIDNIGHT, user=make_person(place.clinic, "Alice Archer", Role.PRACTITIONER))
    begins = timezone.now().replace(minute=0, second=0, microsecond=0) + datetime.timedelta(hours=1)
    place.at(booking=bookings.book(
        patient=make_patient(place.by), practitioner=practitioner, starts_at=begins, by=place.by,
        now=timezone.now() - datetime.timedelta(hours=9)))
    return {}


def _come(place):
    place.at(patient=make_patient(place.by))
    return {}


def _left(place):
    visit = make_visit(place.by, make_patient(place.by))
    place.at(patient=visit.patient, visit=visit)
    return {"from": "close"}


def _closed(place):
    closings.close_day(day=today_in(place.clinic), why={}, seen={}, by=place.by)
    return {"why": "somebody came"}


def _container(said):
    def prepare(place):
        place.at(container=sharps.open_container(code="S-7", place="Room 1", by=place.by))
        return said

    return prepare


def _full(place):
    row = sharps.open_container(code="S-7", place="Room 1", by=place.by)
    place.at(container=row)
    sharps.close_container(container=row, by=place.by)
    return {}


def _item(place):
    expires = f"{timezone.now() + 400 * DAY:%Y-%m-%d}"
    return {"item": make_item(place.by).pk, "number": "0418", "expires": expires, "containers": "3"}


def _lot(said):
    def prepare(place):
        place.at(lot=make_lot(place.by, containers=4))
        return said

    return prepare


def _vial(place):
    place.at(vial=stock.open_vial(lot=make_lot(place.by), by=place.by, at=timezone.now()))
    return {}


def _opened(place):
    vial = stock.open_vial(lot=make_lot(place.by), by=place.by, at=timezone.now())
    place.at(vial=vial)
    return {f"{vial.code}-at": f"{(timezone.now() - DAY).astimezone(place.clinic.tzinfo):%Y-%m-%dT%H:%M}"}


def _kit(place):
    kit = stock.add_kit(place="Room 1", by=place.by)
    place.at(kit=kit)
    said = {"epinephrine_expires": "2031-04", "oxygen": "True", "airway": "True", "initials": "UU"}
    return {f"{kit.uid}-{name}": value for name, value in said.items()}


def _whole_kit(said, *, ended=False):
    def prepare(place):
        kit = stock.add_kit(place="Room 1", by=place.by)
        if ended:
            stock.end_kit(kit=kit, why="given away", by=place.by)
        place.at(kit=kit)
        return said

    return prepare


def _thermometer(said, *, ended=False):
    def prepare(place):
        stock.log_temperature(
            fields={"place": "Fridge", "celsius": 5, "low": 2, "high": 8}, by=place.by, at=timezone.now() - DAY)
        if ended:
            stock.end_thermometer(place="Fridge", why="broken", by=place.by)
        return said

    return prepare


def _task(said, *, done=False):
    def prepare(place):
        task = tasks.open_task(
            clinic=place.clinic, kind="tasks.note", cause="one", by=place.by, role=Role.OWNER, title="Call the supplier",
            due_at=timezone.now() + DAY)
        if done:
            tasks.finish(task=task, by=place.by)
        place.at(task=task)
        return said

    return prepare


def _about(place):
    place.at(patient=make_patient(place.by))
    return _new(place)


def _new(place):
    return {"title": "Call the supplier", "to": "role owner", "due_at": f"{timezone.now() + DAY:%Y-%m-%dT%H:%M}"}


WRITES = {
    "home:arrive": _booked,
    "home:come": _come,
    "home:leave": _left,
    "home:close_day": lambda place: {},
    "home:open_day_again": _closed,
    "home:needle_stick": lambda place: {"who": "Una", "place": "Room 1", "device": "30G", "how": "while recapping"},
    "home:open_container": lambda place: {"code": "S-7", "place": "Room 1"},
    "home:close_container": _container({}),
    "home:container_not_full": _full,
    "home:collect_container": _container({"how": "Stericycle, receipt 4711"}),
    "stock:receive": _item,
    "stock:new_item": lambda place: {
        "name": "Procaine", "container_kind": "ampoule", "container_ml": "2", "reorder_below_ml": "0"},
    "stock:suppliers": lambda place: {"name": "Harbor Supply", "basis": "licence"},
    "stock:open_vial": _lot({}),
    "stock:waste": _lot({"waste-volume_ml": "1", "waste-why": "broken"}),
    "stock:count": _lot({"count-counted_ml": "39", "count-why": "counted"}),
    "stock:decide": _lot({"decide-status": "recalled", "decide-why": "letter of the maker"}),
    "stock:discard": _vial,
    "stock:opened_earlier": _opened,
    "stock:temperatures": lambda place: {"place": "Fridge", "celsius": "5", "low": "2", "high": "8"},
    "stock:end_kit": _whole_kit({"why": "given away"}),
    "stock:use_kit_again": _whole_kit({}, ended=True),
    "stock:end_thermometer": _thermometer({"place": "Fridge", "why": "broken"}),
    "stock:use_thermometer_again": _thermometer({"place": "Fridge"}, ended=True),
    "stock:new_kit": lambda place: {"place": "Room 1"},
    "stock:check_kit": _kit,
    "tasks:new": _new,
    "tasks:new_about": _about,
    "tasks:claim": _task({}),
    "tasks:finish": _task({"note": "called"}),
    "tasks:reopen": _task({"note": "not reached"}, done=True),
    "tasks:hand_over": _task({"to": "role assistant", "note": "please"}),
}


def test_every_route_that_takes_a_form_is_here(db, client_of):
    assert takers(client_of, *ROOMS) == WRITES.keys() | READS


@pytest.mark.parametrize("name", WRITES)
def test_what_is_asked_three_times_with_one_key_is_done_once(client_of, place, name):
    said = WRITES[name](place)
    route = next(one for one in routes() if one.name == name)
    where = {one: place.where[one] for one in route.arguments if one != "clinic"} | {"clinic": place.clinic.slug}

    assert_done_once(client_of(place.by.user), reverse(name, kwargs=where), said)
