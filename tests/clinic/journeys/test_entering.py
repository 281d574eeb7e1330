"""From a letter to a working day: password, second factor, passkey, in a real browser."""
from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinic.journeys.accessibility import assert_accessible
from clinic.journeys.codes import code_of
from clinic.journeys.passkeys import add_passkey, with_passkeys
from clinic.people import PASSWORD, make_clinic, make_person
from waterneedle.clinic.accounts import actions
from waterneedle.clinic.accounts.access import Access

CHOSEN = "rivers run under stones"


@pytest.fixture
def clinic(site):
    return make_clinic("harbor", "Harbor Acupuncture")


def test_from_a_letter_to_the_people_of_the_clinic(site, clinic, page_of):
    owner = make_person(clinic, "Olga Owner", "owner")
    by = Access(owner, clinic, frozenset({"owner"}))
    _invitation, token = actions.invite(
        clinic=clinic, email="ida@example.org", name="Ida Ng", roles=["assistant"], by=by, now=timezone.now())
    page = page_of(None)
    page.goto(f"{site}/invitation/{token}/")
    assert_accessible(page)
    page.get_by_label("Password").fill(CHOSEN)
    page.get_by_label("The same again").fill(CHOSEN)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/account/second-factor/**")
    assert_accessible(page)
    page.goto(f"{site}/account/second-factor/app/")
    secret = page.locator("#authenticator_secret").input_value()
    assert_accessible(page)
    page.locator("input[name=code]").fill(code_of(secret))
    page.locator("main").get_by_role("button", name="Set it up").click()
    page.wait_for_url("**/account/second-factor/codes/**")
    assert_accessible(page)
    page.goto(f"{site}/c/harbor/accounts/people/")

    expect(page.get_by_role("rowheader", name="Ida Ng")).to_be_visible()


def test_a_passkey_alone_opens_the_clinic(site, clinic, page_of):
    alice = make_person(clinic, "Alice Archer", "practitioner")
    page = page_of(None)
    with_passkeys(page)
    page.goto(f"{site}/sign-in/")
    assert_accessible(page)
    page.locator("input[name=login]").fill(alice.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto(f"{site}/account/second-factor/passkeys/add/")
    page.locator("input[type=checkbox]").check()
    assert_accessible(page)
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "/add/" not in url)
    page.goto(f"{site}/c/harbor/accounts/people/")
    expect(page.get_by_role("rowheader", name="Alice Archer")).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{site}/sign-in/?next=/c/harbor/accounts/people/")
    page.locator("#passkey_login").click()

    expect(page.get_by_role("rowheader", name="Alice Archer")).to_be_visible()


def test_a_passkey_is_the_second_step_after_a_password(site, clinic, page_of):
    alice = make_person(clinic, "Alice Archer", "practitioner")
    page = page_of(alice)
    with_passkeys(page)
    add_passkey(page, site)
    page.context.clear_cookies()
    page.goto(f"{site}/sign-in/?next=/c/harbor/accounts/people/")
    page.locator("input[name=login]").fill(alice.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/sign-in/code/**")
    assert_accessible(page)
    page.locator("#mfa_webauthn_authenticate").click()

    expect(page.get_by_role("rowheader", name="Alice Archer")).to_be_visible()
