"""Fluid that went somewhere else is charted in the row of its injection: where it went is asked for there, and only there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from clinic.journeys.accessibility import assert_accessible
from clinic.patients.people import at_work
from clinic.people import make_clinic, make_person
from clinic.visits.charting import WELL, make_ready_patient, make_syringe, make_visit, plan
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.visits import actions


@pytest.fixture
def by(committed_db):
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    return at_work(make_person(clinic, "Alice Archer", Role.PRACTITIONER), clinic)


def test_where_the_fluid_went_is_asked_of_no_other_route_and_its_puncture_is_barred(by, site, page_of):
    visit = make_visit(by, make_ready_patient(by), why="knee pain")
    actions.answer_today(visit=visit, answers=WELL, by=by)
    plan(by, visit, make_syringe(by, visit))
    page = page_of(by.user)
    page.goto(f"{site}/c/harbor/visits/patients/{visit.patient.uid}/{visit.uid}/")

    page.get_by_role("link", name="Change ST36").click()
    where = page.get_by_label("Where did the fluid go?")
    expect(where).to_be_hidden()
    page.get_by_label("Route").last.select_option("other")
    expect(where).to_be_visible()
    assert_accessible(page)
    page.locator("#edit-1").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Say where the fluid went.").first).to_be_visible()
    where.fill("the sheath of a tendon")
    page.locator("#edit-1").get_by_role("button", name="Save").click()

    row = page.locator("#i1")
    expect(row).to_contain_text("elsewhere: the sheath of a tendon")
    expect(row).to_contain_text("neither into the skin, nor under it, nor into muscle")
    expect(row.get_by_role("button", name="Record as given")).to_be_visible()
    page.get_by_label("It has happened already, because").fill("she moved")
    page.get_by_role("button", name="Record as given").click()
    expect(row).to_contain_text("she moved")
    expect(row).to_contain_text("elsewhere: the sheath of a tendon")
    assert_accessible(page)
