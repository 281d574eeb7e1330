"""The first clinic: made by who can read what the server prints, once, with a password of their own."""
from __future__ import annotations

import pytest

from waterneedle.clinic.accounts import first_run
from waterneedle.clinic.accounts.forms import free_slug
from waterneedle.clinic.accounts.models import Clinic, Membership, User

TYPED = {
    "clinic_name": "Águas Claras Acupuncture", "country": "us", "jurisdiction": "US-WA", "zone": "America/Los_Angeles",
    "languages": ["en", "es"], "name": "Olga Marin", "email": "Olga@Example.org",
    "password": "rivers run under stones", "again": "rivers run under stones",
}


@pytest.fixture
def code(monkeypatch):
    monkeypatch.setenv("WATERNEEDLE_START_CODE", "")
    return first_run.new_code()


def test_nobody_is_there_and_no_password_is_known(db):
    assert first_run.is_due()
    assert not User.objects.exists()


def test_the_first_one_becomes_the_owner_and_goes_on_to_a_second_factor(client, db, code):
    answer = client.post("/start/", TYPED | {"code": code})
    clinic, owner = Clinic.objects.get(), User.objects.get()

    assert answer.url == "/account/second-factor/"
    assert (clinic.slug, clinic.country, clinic.jurisdiction, clinic.languages) == (
        "aguas-claras-acupuncture", "US", "US-WA", ["en", "es"])
    assert (owner.email, owner.check_password(TYPED["password"])) == ("olga@example.org", True)
    assert Membership.objects.get().role == "owner"
    assert client.get("/account/second-factor/app/").status_code == 200  # no second asking for the password


def test_after_that_the_page_does_not_exist(client, code, alice):
    assert client.get("/start/").status_code == 404
    assert client.post("/start/", TYPED | {"code": code}).status_code == 404


@pytest.mark.parametrize("typed", ["", "0123456789abcdef", "é"])
def test_a_wrong_code_makes_nothing(client, db, code, typed):
    answer = client.post("/start/", TYPED | {"code": typed})

    assert answer.status_code == 422
    assert answer.context["form"].errors["code"]
    assert not User.objects.exists()


def test_without_a_code_of_the_server_none_is_right(client, db, monkeypatch):
    monkeypatch.delenv("WATERNEEDLE_START_CODE", raising=False)

    assert client.post("/start/", TYPED | {"code": ""}).status_code == 422
    assert not first_run.is_code("")


@pytest.mark.parametrize(("wrong", "field"), [
    ({"again": "another one altogether"}, "again"), ({"password": "password1", "again": "password1"}, "password"),
    ({"country": "U1"}, "country"), ({"country": "DE"}, "jurisdiction"), ({"zone": "Mars/Olympus"}, "zone"),
    ({"zone": ""}, "zone"),
    ({"email": "olga"}, "email"), ({"password": "olga@example.org", "again": "olga@example.org"}, "password")])
def test_what_cannot_be_is_said_beside_its_field(client, db, code, wrong, field):
    answer = client.post("/start/", TYPED | {"code": code} | wrong)

    assert list(answer.context["form"].errors) == [field]
    assert not Clinic.objects.exists()


def test_a_place_without_rules_on_file_may_be_left_open(client, db, code):
    client.post("/start/", TYPED | {"code": code, "country": "BR", "jurisdiction": "", "zone": "America/Sao_Paulo"})

    assert Clinic.objects.get().jurisdiction == ""


def test_a_name_that_is_taken_gets_a_number(clinic):
    assert free_slug("Harbor") == "harbor-2"
    assert free_slug("針灸") == "clinic"
