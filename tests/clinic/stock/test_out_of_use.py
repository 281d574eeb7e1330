"""A kit or a thermometer that is out of use is not asked for, and comes back."""
from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.home import closings
from waterneedle.clinic.patients.queries import today_in
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.stock import queries
from waterneedle.clinic.stock.models import Kit, UseState

HERE = {"clinic": "harbor"}
FRIDGE = {"place": "frige", "celsius": Decimal(5), "low": Decimal(2), "high": Decimal(8)}


@pytest.fixture
def frige(by):
    stock.log_temperature(fields=FRIDGE, by=by, at=timezone.now() - datetime.timedelta(days=2))


def asked(by):
    found = closings.still_open(by.clinic, today_in(by.clinic), timezone.now())
    return found.get("kits", 0), found.get("temperatures", 0)


def thermometer(name):
    return reverse(f"stock:{name}_thermometer" if name == "end" else "stock:use_thermometer_again", kwargs=HERE)


def test_a_mistyped_thermometer_is_taken_out_of_use_and_back(client_of, alice, by, frige):
    browser = client_of(alice)
    assert asked(by) == (0, 1)
    assert browser.post(thermometer("end"), {"place": "frige", "why": " "}).status_code == 422
    for _ in range(2):
        browser.post(thermometer("end"), {"place": "frige", "why": "mistyped"})

    (found,) = queries.thermometers(by.clinic)
    assert (asked(by), found.in_use, found.use.why, found.use.made_by) == ((0, 0), False, "mistyped", alice)
    page = browser.get(reverse("stock:temperatures", kwargs=HERE)).content.decode()
    assert "mistyped" in page and alice.name in page
    browser.post(thermometer("again"), {"place": "frige"})
    assert asked(by) == (0, 1)
    assert [one.action for one in Entry.objects.filter(kind="thermometer").order_by("seq")] == ["retire", "use again"]


def test_a_thermometer_that_is_read_is_in_use(by, frige):
    """Somebody relies on it: it is asked for tomorrow."""
    stock.end_thermometer(place="frige", why="mistyped", by=by)
    stock.log_temperature(fields=FRIDGE, by=by, at=timezone.now())

    tomorrow = today_in(by.clinic) + datetime.timedelta(days=1)
    assert closings.still_open(by.clinic, tomorrow, timezone.now()) == {"temperatures": 1}


def test_a_kit_is_taken_out_of_use_and_back(client_of, alice, by):
    kit, browser = stock.add_kit(place="Room 9", by=by), client_of(alice)
    end, again, check = (
        reverse(f"stock:{name}", kwargs=HERE | {"kit": kit.uid}) for name in ("end_kit", "use_kit_again", "check_kit"))
    assert asked(by) == (1, 0)
    assert browser.post(end, {"why": ""}).status_code == 422
    for _ in range(2):
        browser.post(end, {"why": "the room is let"})

    assert (asked(by), browser.post(check).status_code) == ((0, 0), 404)
    (ended,) = queries.ended_kits(by.clinic)
    assert (ended, ended.use.why, ended.use.made_by) == (kit, "the room is let", alice)
    assert "the room is let" in browser.get(reverse("stock:kits", kwargs=HERE)).content.decode()
    browser.post(again)
    assert (asked(by), queries.ended_kits(by.clinic)) == ((1, 0), [])
    assert [one.action for one in Entry.objects.filter(kind="kit").order_by("seq")] == ["create", "retire", "use again"]


def test_a_kit_does_not_come_back_where_another_one_stands(client_of, alice, by):
    old = stock.add_kit(place="Room 1", by=by)
    stock.end_kit(kit=old, why="broken", by=by)
    new = stock.add_kit(place="Room 1", by=by)
    answer = client_of(alice).post(reverse("stock:use_kit_again", kwargs=HERE | {"kit": old.uid}), follow=True)

    assert "This room has a kit." in [str(one) for one in answer.context["messages"]]
    assert [kit for kit, _check in queries.kits(by.clinic, today_in(by.clinic))] == [new]


def test_what_was_taken_out_of_use_is_frozen(by, frige):
    stock.end_thermometer(place="frige", why="mistyped", by=by)
    with pytest.raises(DatabaseError), transaction.atomic():
        UseState.objects.update(why="other")


def test_at_the_desk_and_elsewhere_nobody_takes_it_out_of_use(client_of, bob, charlie, clinic, by, frige):
    kit = stock.add_kit(place="Room 9", by=by)
    for person in (bob, charlie):
        for name in ("end_kit", "use_kit_again"):
            url = reverse(f"stock:{name}", kwargs=HERE | {"kit": kit.uid})
            assert client_of(person).post(url, {"why": "x"}).status_code == 404
        assert client_of(person).post(thermometer("end"), {"place": "frige", "why": "x"}).status_code == 404
    there = reverse("stock:end_thermometer", kwargs={"clinic": "hill"})
    assert client_of(charlie).post(there, {"place": "frige", "why": "x"}).status_code == 404
    assert (Kit.objects.get().ended_at, UseState.objects.count()) == (None, 0)
