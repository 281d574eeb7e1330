"""What a person writes has one effect, however often the same request comes: a double click, a lost answer, a page sent again."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from clinic.patients.people import at_work, make_patient
from clinic.stock.shelf import make_item, make_lot
from waterneedle.clinic.database.rows import uuid7
from waterneedle.clinic.patients.models import HealthFact, Measure, Patient
from waterneedle.clinic.stock.models import Item, Movement, Vial
from waterneedle.clinic.tasks.models import Task

RIVER = {"given_name": "Rosa", "family_name": "River", "birth_date": "1980-01-02", "sex": "female", "is_new": "1"}
DATE = "2027-08-31"


@pytest.fixture
def by(clinic, owner):
    return at_work(owner, clinic)


@pytest.fixture
def places(by):
    return {"patient": make_patient(by).uid, "lot": make_lot(by, containers=4).uid, "item": make_item(by, name="Saline").pk}


WRITES = {
    "patients:new": ((), lambda places: RIVER, Patient),
    "patients:add_fact": (
        ("patient", "kind"), lambda places: {"allergy-said": "cobalt", "allergy-said_by": "patient"}, HealthFact),
    "patients:measure": (
        ("patient",),
        lambda places: {"measure-kind": "weight_kg", "measure-value": "61", "measure-measured_on": "2026-11-25",
                        "measure-said_by": "patient"},
        Measure),
    "stock:new_item": (
        (), lambda places: {"name": "Procaine", "container_kind": "ampoule", "container_ml": "2", "reorder_below_ml": "0"}, Item),
    "stock:receive": (
        (), lambda places: {"item": places["item"], "number": "0418", "expires": DATE, "containers": "3"}, Movement),
    "stock:open_vial": (("lot",), lambda places: {}, Vial),
    "stock:waste": (("lot",), lambda places: {"waste-volume_ml": "1", "waste-why": "broken"}, Movement),
    "stock:count": (("lot",), lambda places: {"count-counted_ml": "39", "count-why": "counted"}, Movement),
    "tasks:new": ((), lambda places: {"title": "Call the supplier", "to": "role owner", "due_at": "2026-12-01T10:00"}, Task),
}


@pytest.mark.parametrize("name", WRITES)
def test_what_is_sent_three_times_with_one_key_is_written_once(client_of, clinic, owner, alice, places, name):
    arguments, fields, model = WRITES[name]
    where = {"clinic": clinic.slug} | {one: places.get(one, "allergy") for one in arguments}
    browser = client_of(alice if name.startswith("patients") else owner)
    before = model.objects.count()

    answers = [browser.post(reverse(name, kwargs=where), fields(places) | {"once": "k1"}) for _ in range(3)]

    assert [(one.status_code, one.get("Location")) for one in answers] == [(302, answers[0]["Location"])] * 3
    assert model.objects.count() == before + 1
    assert browser.post(reverse(name, kwargs=where), fields(places) | {"once": "k2"}).status_code in (302, 422)


def test_another_person_with_the_same_key_is_another_write(client_of, clinic, owner, alice):
    for user in (owner, alice):
        client_of(user).post(reverse("patients:new", kwargs={"clinic": clinic.slug}), RIVER | {"once": "k"})

    assert Patient.objects.filter(family_name="River").count() == 2


def test_what_was_refused_may_be_sent_again_with_its_key(client_of, clinic, owner, by):
    lot, browser, key = make_lot(by, containers=1), client_of(owner), str(uuid7())
    where = reverse("stock:waste", kwargs={"clinic": clinic.slug, "lot": lot.uid})

    assert browser.post(where, {"waste-volume_ml": "11", "waste-why": "broken", "once": key}).status_code == 422
    assert browser.post(where, {"waste-volume_ml": "1", "waste-why": "broken", "once": key}).status_code == 302
    lot.refresh_from_db()
    assert lot.volume_ml == Decimal(9)


@pytest.mark.parametrize("name", ["patients:new", "stock:receive", "stock:new_item", "tasks:new"])
def test_the_page_of_a_form_brings_a_new_key_each_time(client_of, clinic, owner, name):
    browser = client_of(owner)
    pages = [browser.get(reverse(name, kwargs={"clinic": clinic.slug})).content.decode() for _ in range(2)]
    keys = [re.findall(r'name="once" value="([^"]+)"', page) for page in pages]

    assert [len(found) for found in keys] == [1, 1]
    assert keys[0] != keys[1]
