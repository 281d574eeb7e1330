"""Signing in with a password and a code, by keyboard, and what happens when it fails."""
from __future__ import annotations

import re

import pytest

from clinic.journeys.accessibility import assert_accessible
from clinic.journeys.codes import code_of
from clinic.people import PASSWORD, make_clinic, make_person


@pytest.fixture
def alice(site):
    return make_person(make_clinic("harbor", "Harbor Acupuncture"), "Alice Archer", "practitioner")


@pytest.fixture
def door(site, page_of, alice):
    page = page_of(None)
    page.goto(f"{site}/sign-in/")
    return page


def sign_in(page, password=PASSWORD):
    page.get_by_label("Email").fill("alice@harbor.example")
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def test_the_door_is_accessible_also_with_an_error(door):
    assert_accessible(door)
    sign_in(door, "a wrong password")
    door.get_by_role("alert").wait_for()

    assert door.get_by_label("Email").input_value() == "alice@harbor.example"
    assert_accessible(door, sizes={"phone": (390, 844)})


def test_given_no_second_factor_when_signing_in_then_setting_one_up_comes_first(door):
    sign_in(door)
    door.wait_for_url("**/account/second-factor/?next=*")
    door.locator("a[href='/account/second-factor/app/']").click()
    door.get_by_role("heading", name="Set up an authenticator app").wait_for()
    assert_accessible(door)
    code = code_of(door.get_by_label("Key").input_value())
    door.get_by_label("Authenticator code").fill(code)
    door.keyboard.press("Enter")
    door.get_by_role("button", name="Make ten codes").click()
    door.get_by_role("listitem").get_by_text(re.compile("^0-")).wait_for()

    assert_accessible(door, sizes={"desktop": (1280, 860)})


def test_a_passkey_button_has_its_script_and_the_policy_lets_it_run(door):
    ready = door.evaluate("typeof allauth === 'object' && typeof allauth.webauthn.forms.loginForm === 'function'")

    assert ready
