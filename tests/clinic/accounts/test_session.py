"""How long a session lasts, and that it ends at once when somebody is shown the door."""
from __future__ import annotations

import time

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.people import make_person
from waterneedle.clinic.accounts import actions
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.accounts.roles import Role

MINUTE = 60
SCRIPT = {"headers": {"Accept": "application/json"}}


@pytest.fixture
def people(clinic):
    return reverse("accounts:people", kwargs={"clinic": clinic.slug})


@pytest.fixture
def clock(monkeypatch):
    """`clock(minutes)` lets that many pass."""
    at = [time.time()]
    monkeypatch.setattr("waterneedle.clinic.accounts.session.time.time", lambda: at[0])

    def passes(minutes):
        at[0] += minutes * MINUTE

    return passes


@pytest.fixture
def browser(clock, client_of, alice):
    return client_of(alice)


def test_who_works_stays(browser, clock, people):
    for _ in range(10):
        clock(14)
        assert browser.get(people).status_code == 200


def test_after_a_quarter_of_an_hour_without_use_it_ends(browser, clock, people):
    browser.get(people)
    clock(15.1)
    answer = browser.get(people)

    assert answer.url == f"/sign-in/?ended=idle&next={people.replace('/', '%2F')}"
    assert browser.get(people).url.startswith("/sign-in/?next=")


def test_a_page_that_refreshes_itself_is_no_use(browser, clock, people):
    browser.get(people)
    for _ in range(2):
        clock(7)
        assert browser.get(people, headers={"X-Background": "1"}).status_code == 200
    clock(2)

    assert browser.get(people).url.startswith("/sign-in/?ended=idle")


@pytest.mark.parametrize("address", ["/sw.js", "/offline/"])
def test_what_the_browser_fetches_by_itself_is_no_use(browser, clock, people, address):
    browser.get(people)
    clock(14)
    assert browser.get(address).status_code == 200
    clock(2)

    assert browser.get(people).url.startswith("/sign-in/?ended=idle")


def test_after_twelve_hours_it_ends_whatever_is_done(browser, clock, people):
    for _ in range(int(12 * 60 / 14)):
        assert browser.get(people).status_code == 200
        clock(14)
    clock(14)

    assert browser.get(people).url.startswith("/sign-in/?ended=age")


def test_a_form_that_comes_too_late_is_not_led_back_to_by_an_address_that_takes_none(browser, clock, people):
    browser.get(people)
    clock(16)

    assert browser.post(f"{people}invite/").url == "/sign-in/?ended=idle"


def test_a_script_gets_401_and_no_page(browser, clock, people):
    browser.get(people)
    clock(16)
    answer = browser.get(people, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["X-Signed-Out"], answer.content) == (401, "idle", b"")
    assert browser.get(people, headers={"HX-Request": "true"}).status_code == 401


def test_a_page_can_ask_how_long_its_session_lasts_without_lengthening_it(browser, clock, alice):
    browser.get("/session/", **SCRIPT)
    clock(5)
    found = browser.get("/session/", headers={"Accept": "application/json", "X-Background": "1"}).json()

    assert (found["user"], found["ends_in_s"]) == (str(alice.uid), 10 * MINUTE)
    assert found["csrf"]


def test_asking_as_a_person_lengthens_it(browser, clock):
    browser.get("/session/", **SCRIPT)
    clock(5)
    browser.get("/session/", **SCRIPT)

    assert browser.get("/session/", **SCRIPT).json()["ends_in_s"] == 15 * MINUTE


def test_who_is_not_signed_in_has_no_session(client, db):
    assert client.get("/session/", **SCRIPT).json() == {"user": None, "ends_in_s": 0}


def test_a_session_is_not_written_by_every_request(browser, people, django_assert_num_queries, clock):
    browser.get(people)
    clock(0.1)
    with django_assert_num_queries(4):  # session, user, membership, people
        browser.get(people)


def test_showing_somebody_the_door_ends_their_session_with_the_next_click(client_of, owner, alice, clinic, people):
    browser = client_of(alice)
    assert browser.get(people).status_code == 200
    by = Access(owner, clinic, frozenset({Role.OWNER}))
    actions.change_roles(clinic=clinic, user=alice, roles=[], by=by, now=timezone.now())

    assert browser.get(people).url.startswith("/sign-in/")
    assert not User.objects.get(pk=alice.pk).is_active


def test_who_works_elsewhere_too_loses_one_clinic_alone(client_of, owner, clinic, other_clinic, people):
    both = make_person(clinic, "Dana Doe", Role.PRACTITIONER)
    both.memberships.create(clinic=other_clinic, role=Role.PRACTITIONER)
    browser = client_of(both)
    actions.change_roles(
        clinic=clinic, user=both, roles=[], by=Access(owner, clinic, frozenset({Role.OWNER})), now=timezone.now())

    assert browser.get(people).status_code == 404
    assert browser.get(reverse("accounts:people", kwargs={"clinic": other_clinic.slug})).status_code == 200


PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Mobi"}
TABLET = {"User-Agent": "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15"}


@pytest.mark.parametrize(("headers", "minutes", "status"), [
    (PHONE, 4.9, 200), (PHONE, 5.1, 302), ({"Sec-CH-UA-Mobile": "?1"}, 5.1, 302),
    (TABLET, 14.9, 200), (PHONE | {"Sec-CH-UA-Mobile": "?0"}, 14.9, 200), (TABLET, 15.1, 302),
])
def test_on_a_telephone_it_ends_sooner(browser, clock, people, headers, minutes, status):
    browser.get(people, headers=headers)
    clock(minutes)

    assert browser.get(people, headers=headers).status_code == status


def test_a_clinic_that_asks_for_less_gets_less_on_a_telephone_too(browser, clock, people, settings):
    settings.IDLE_MINUTES = 2
    browser.get(people, headers=PHONE)
    clock(2.1)

    assert browser.get(people, headers=PHONE).status_code == 302
