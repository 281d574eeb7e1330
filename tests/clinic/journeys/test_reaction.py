"""Somebody reacts: the button, signs by one tap each, what was given and called, on a phone."""
from __future__ import annotations

import pytest
from playwright.sync_api import expect

from clinic.journeys.accessibility import SIZES, assert_accessible, assert_targets
from clinic.patients.people import at_work, make_patient
from clinic.people import make_clinic, make_person
from clinic.visits.charting import make_syringe, make_visit, plan
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.visits import actions
from waterneedle.clinic.visits.models_after import Reaction

WIDTH, HEIGHT = SIZES["phone"]


@pytest.fixture
def alice_and_ana(site):
    """Alice, and Ana, who was injected today."""
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    alice = make_person(clinic, "Alice Archer", Role.PRACTITIONER)
    by = at_work(alice, clinic)
    ana = make_patient(by)
    visit = make_visit(by, ana)
    one = plan(by, visit, make_syringe(by, visit))
    actions.mark(injection=one, status="given", why="was in", by=by)
    return alice, ana


def test_a_reaction_is_written_down_with_one_thumb(site, page_of, alice_and_ana):
    alice, ana = alice_and_ana
    page = page_of(alice)
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.goto(f"{site}/c/harbor/patients/{ana.uid}/health/")

    page.get_by_role("button", name="Reaction", exact=True).click()
    expect(page.get_by_role("heading", name="Reaction", level=1)).to_be_visible()
    page.get_by_role("button", name="Hives").click()
    expect(page.locator(".sign.seen")).to_have_count(1)
    page.get_by_role("button", name="Wheeze").click()
    expect(page.locator(".sign.seen")).to_have_count(2)
    page.get_by_role("button", name="Called now").click()
    expect(page.get_by_text("called at")).to_be_visible()
    page.get_by_text("0.3 mg", exact=True).click()
    page.get_by_role("button", name="It was given").click()
    expect(page.get_by_text("epinephrine 0.3 mg given")).to_be_visible()

    kinds = [one.kind for one in Reaction.objects.get().entries.order_by("at", "pk")]
    assert kinds == ["sign", "sign", "emergency_call", "epinephrine"]
    page.wait_for_load_state()  # with its styles: the words are there before them on a busy machine
    assert_targets(page, "main button, main summary, main .button, main .segments label")
    assert_accessible(page)


def test_a_tap_takes_nothing_of_what_is_being_typed(site, page_of, alice_and_ana):
    alice, ana = alice_and_ana
    page = page_of(alice)
    page.goto(f"{site}/c/harbor/patients/{ana.uid}/health/")
    page.get_by_role("button", name="Reaction", exact=True).click()
    note = page.get_by_role("textbox", name="Note")
    note.fill("pale, sweating")
    page.get_by_text("0.3 mg", exact=True).click()

    page.get_by_role("button", name="Hives").click()
    expect(page.locator(".sign.seen")).to_have_count(1)

    expect(note).to_have_value("pale, sweating")
    expect(page.locator("input[name=epinephrine-dose]:checked")).to_have_value("0.3")


def test_the_sheet_for_the_ambulance_is_one_press_away(site, page_of, alice_and_ana):
    alice, ana = alice_and_ana
    page = page_of(alice)
    page.goto(f"{site}/c/harbor/patients/{ana.uid}/")
    page.get_by_role("button", name="Reaction", exact=True).click()

    with page.expect_download() as download:
        page.get_by_role("link", name="Sheet for the ambulance").click()

    assert download.value.suggested_filename == "reaction.pdf"
