"""A page whose session ends: warned of, covered, and gone on with, with what was typed still there."""
from __future__ import annotations

import time
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import expect

from clinic.journeys.accessibility import assert_accessible
from clinic.people import make_clinic, make_person, signed_in
from waterneedle.clinic.accounts.models import Invitation
from waterneedle.clinic.accounts.session import SEEN

MINUTE = 60


@pytest.fixture
def owner(site):
    return make_person(make_clinic("harbor", "Harbor Acupuncture"), "Olga Owner", "owner")


@pytest.fixture
def page(site, owner, page_of):
    """The page to invite somebody, half filled in, with a clock that the test sets."""
    page = page_of(owner)
    page.clock.install()
    page.goto(f"{site}/c/harbor/accounts/people/invite/")
    page.get_by_label("Name").fill("Ida Ng")
    page.get_by_label("E-mail address").fill("ida@example.org")
    return page


@pytest.fixture
def covered(page):
    unused_for(page, 14 * MINUTE + 1)
    with page.expect_response("**/session/"):
        page.clock.fast_forward("14:01")
    expect(page.get_by_text("You will be signed out in a minute")).to_be_visible()
    unused_for(page, 15 * MINUTE + 1)
    with page.expect_response("**/session/"):
        page.clock.fast_forward("01:01")
    expect(page.get_by_role("heading", name="You were signed out")).to_be_visible()
    return page


def session_of(page):
    key = next(one["value"] for one in page.context.cookies() if one["name"] == "staff")
    return SessionStore(session_key=key)


def unused_for(page, seconds):
    """Let the server think that nobody has used the session for so long."""
    session = session_of(page)
    session[SEEN] = time.time() - seconds
    session.save()


def come_back(page, site, user):
    """Sign in in another tab of the same browser, and look at the page again."""
    for cookie in ("staff", "csrf"):
        page.context.clear_cookies(name=cookie)
    cookie = signed_in(user).cookies["staff"]
    page.context.add_cookies([{"name": "staff", "value": cookie.value, "domain": urlsplit(site).hostname, "path": "/"}])
    page.evaluate("dispatchEvent(new Event('focus'))")


def test_nothing_of_the_page_is_to_be_seen(covered):
    expect(covered.get_by_label("Name")).to_be_hidden()
    covered.keyboard.press("Escape")

    expect(covered.get_by_role("heading", name="You were signed out")).to_be_visible()
    assert_accessible(covered)


def test_after_signing_in_again_what_was_typed_is_sent(covered, site, owner):
    come_back(covered, site, owner)
    expect(covered.get_by_label("E-mail address")).to_have_value("ida@example.org")
    covered.get_by_label("assistant").check()
    covered.get_by_role("button", name="Send the letter").click()

    expect(covered.get_by_role("heading", name="People")).to_be_visible()
    assert Invitation.objects.get().email == "ida@example.org"


def test_who_was_signed_out_and_has_signed_in_again_before_a_page_knew_of_it_goes_on_there(page, site, owner):
    with page.expect_response("**/session/"):
        come_back(page, site, owner)
    page.get_by_label("assistant").check()
    page.get_by_role("button", name="Send the letter").click()

    expect(page.get_by_role("heading", name="People")).to_be_visible()
    assert Invitation.objects.get().email == "ida@example.org"


def test_somebody_else_who_signs_in_sees_nothing_of_it(covered, site, owner):
    clinic = owner.memberships.get().clinic
    come_back(covered, site, make_person(clinic, "Second Owner", "owner"))

    expect(covered.get_by_label("Name")).to_have_value("")


def test_who_works_is_not_signed_out(page):
    unused_for(page, 14 * MINUTE)
    page.clock.fast_forward("01:01")
    with page.expect_response("**/session/"):
        page.get_by_label("Name").press("End")

    assert time.time() - session_of(page)[SEEN] < MINUTE


def test_another_tab_that_is_used_keeps_this_one_alive(page):
    with page.expect_response("**/session/") as asked:
        page.clock.fast_forward("14:01")

    assert asked.value.request.headers["x-background"] == "1"
    expect(page.get_by_role("heading", name="You were signed out")).to_be_hidden()
