"""Every route × every role × own, other patient's and other clinic's: nothing leaks.

The routes come from the URL table, what is allowed from docs/roles.md (through `accounts.roles`, which a test keeps equal to that
page), and what stands in an address from the rooms' `arguments.py`: a new page is covered without a line here.
"""
from __future__ import annotations

import functools

import pytest
from django.test import Client
from django.urls import reverse

from clinic.world import ELSEWHERE, belongs_together, make_world
from waterneedle.clinic.accounts.roles import ALL, Role, scope
from waterneedle.clinic.accounts.routes import Route, routes

STAFF = [one for one in routes() if one.declared.kind == "staff"]
SIGNED_IN = [one for one in routes() if one.declared.kind == "signed in"]
METHODS = ("GET", "POST")
CLOSED = (404, 405)  # 405: the page takes no such request at all, whatever it names


def named(route: Route) -> str:
    return route.name


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def client_of(client_of):
    """One browser for each person of a test: signing in costs as much as the answer that is asked for."""
    return functools.cache(client_of)


def ask(client_of, user, method, route, arguments):
    client = client_of(user)
    client.raise_request_exception = False
    return client.generic(method, reverse(route.name, kwargs=arguments))


def shows_elsewhere(response) -> bool:
    """Whether the answer names anything of the other clinic."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return ELSEWHERE.encode() in body or any(ELSEWHERE in value for value in response.headers.values())


@pytest.mark.parametrize("route", STAFF, ids=named)
def test_who_may_not_gets_a_404_and_who_may_gets_a_page(route, world, client_of):
    arguments = world.here.arguments(route)
    for role in Role.values:
        allowed = scope(role, route.declared.permission)
        for method in METHODS:
            answer = ask(client_of, world.people[role], method, route, arguments)
            assert "no-store" in answer.headers["Cache-Control"], (role, method)  # no page of a clinic is kept by the browser
            if allowed is None:
                assert answer.status_code in CLOSED, (role, method)
            elif allowed == ALL:
                assert answer.status_code not in (401, 403) and answer.status_code < 500, (role, method, answer.status_code)
                # What an earlier role has used up (a link withdrawn, a row ended) may be gone for the next one.
                assert answer.status_code != 404 or method == "POST", (role, method)
            else:
                assert answer.status_code < 500, (role, method)
                # A scope of trainees reaches no patient without one.
                assert answer.status_code in CLOSED or "patient" not in route.arguments, (role, method)
            assert not shows_elsewhere(answer), (role, method)


@pytest.mark.parametrize("route", STAFF, ids=named)
def test_what_is_not_ones_own_does_not_exist(route, world, client_of, settings):
    """All refusals of a route on one pair of clinics: to make them costs more than to ask."""
    own = world.here.arguments(route)
    who_is_not_signed_in_is_sent_to_sign_in(route, client_of, own)
    another_clinic_does_not_exist(route, world, client_of)
    what_belongs_to_another_clinic_is_not_found_under_ones_own(route, world, client_of, own)
    what_belongs_to_another_patient_is_not_found_under_this_one(route, world, client_of, own)
    settings.SECOND_FACTOR_REQUIRED = True
    a_password_alone_opens_no_clinic(route, world, own)


def who_is_not_signed_in_is_sent_to_sign_in(route, client_of, arguments):
    for method in METHODS:
        answer = ask(client_of, None, method, route, arguments)
        assert answer.status_code in (302, 405), method
        assert answer.status_code == 405 or answer.url.startswith("/sign-in/"), method


def a_password_alone_opens_no_clinic(route, world, arguments):
    browser = Client()
    browser.force_login(world.people[Role.OWNER])
    answer = browser.get(reverse(route.name, kwargs=arguments))

    assert answer.status_code == 405 or answer.url.startswith("/account/second-factor/")


def who_may(route) -> list[str]:
    """The roles to which this page exists at all: to the others it does not, whatever its address names."""
    return [role for role in Role.values if scope(role, route.declared.permission) is not None]


def another_clinic_does_not_exist(route, world, client_of):
    arguments = world.elsewhere.arguments(route)
    for role in who_may(route):
        for method in METHODS:
            answer = ask(client_of, world.people[role], method, route, arguments)
            assert answer.status_code in CLOSED, (role, method)
            assert not shows_elsewhere(answer), (role, method)


def what_belongs_to_another_clinic_is_not_found_under_ones_own(route, world, client_of, own):
    """The address names one's own clinic, and in it the other one's patient, lot, visit …: each alone, and all together."""
    others = world.elsewhere.arguments(route)
    swapped = [{**own, name: others[name]} for name in own if name != "clinic" and own[name] != others[name]]
    mixed = [*swapped, {**others, "clinic": own["clinic"]}]
    # A language or a kind is the same in every clinic; where one thing alone is named, all together is the same as it alone.
    for arguments in (one for number, one in enumerate(mixed) if one != own and one not in mixed[:number]):
        for role in who_may(route):
            for method in METHODS:
                answer = ask(client_of, world.people[role], method, route, arguments)
                assert answer.status_code in CLOSED, (role, method, arguments)
                assert not shows_elsewhere(answer), (role, method)


def what_belongs_to_another_patient_is_not_found_under_this_one(route, world, client_of, own):
    """Nor a paper of another practitioner under this one, and so on: what stands in one address belongs together."""
    if len(route.arguments) <= 2:
        return
    others = world.other_patient.arguments(route)
    apart = [name for name in own if belongs_together(route, name) and own[name] != others[name]]
    for name in apart[1:]:
        for method in METHODS:
            answer = ask(client_of, world.here.access.user, method, route, {**own, name: others[name]})
            assert answer.status_code in CLOSED, (name, method)


@pytest.mark.parametrize("route", SIGNED_IN, ids=named)
def test_who_is_not_signed_in_reaches_no_account(route, db, client_of):
    who_is_not_signed_in_is_sent_to_sign_in(route, client_of, {"pk": 1} if "pk" in route.arguments else {})


@pytest.mark.parametrize("route", [one for one in routes() if set(one.arguments) <= {"clinic"}], ids=named)
def test_every_answer_carries_its_headers(route, world, client_of):
    answer = ask(client_of, world.here.access.user, "GET", route, world.here.arguments(route))

    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy and "frame-ancestors 'none'" in policy and "object-src 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Permissions-Policy" in answer.headers
