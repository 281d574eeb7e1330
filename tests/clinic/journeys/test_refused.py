"""A supervisor refuses to countersign, the student mends and asks again, and then it is countersigned."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from clinic.journeys.accessibility import assert_accessible
from clinic.patients.people import at_work
from clinic.people import PASSWORD, make_clinic, make_person
from clinic.visits.charting import WELL, make_ready_patient, make_syringe, make_visit, plan
from clinic.visits.test_signing import sign
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.practitioners import actions as practitioners
from waterneedle.clinic.visits import actions

WHY = "The side of the second puncture is missing."
MENDED = "The second puncture was on the left."
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def people(site):
    """Ines, who answers for Tom, and the address of the visit that he has signed."""
    clinic = make_clinic("harbor", "Harbor")
    owner = at_work(make_person(clinic, "Olga Owner", Role.OWNER), clinic)
    ines, tom = (make_person(clinic, *one) for one in (
        ("Ines Instructor", Role.INSTRUCTOR), ("Tom Trainee", Role.PRACTITIONER)))
    teacher = practitioners.add_practitioner(user=ines, profession="acupuncturist", by=owner)
    practitioners.add_practitioner(user=tom, profession="student", by=owner, supervised_by=teacher)
    by = at_work(tom, clinic)
    visit = make_visit(by, make_ready_patient(by), why="knee pain")
    actions.answer_today(visit=visit, answers=WELL, by=by)
    actions.mark(injection=plan(by, visit, make_syringe(by, visit)), status="given", why="under supervision", by=by)
    sign(visit, by, deviation_why="under supervision")
    return ines, tom, f"{site}/c/harbor/visits/patients/{visit.patient.uid}/{visit.uid}/"


def test_a_supervisor_refuses_the_student_mends_and_the_supervisor_countersigns(people, page_of):
    ines, tom, address = people
    teacher, student = page_of(ines), page_of(tom)
    when_the_supervisor_refuses(teacher, address)
    then_the_student_reads_why_and_mends(student, address)
    then_the_supervisor_reads_both_and_countersigns(teacher, address)


def when_the_supervisor_refuses(page, address):
    page.goto(address)
    page.get_by_role("link", name="Do not countersign").click()
    why = page.get_by_label("Why you do not countersign it")
    expect(why).to_be_focused()
    assert_accessible(page)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Refuse to countersign").click()
    expect(page.get_by_role("button", name="Refuse to countersign")).to_be_visible()  # it is not said why
    page.get_by_label("Why you do not countersign it").fill(WHY)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Refuse to countersign").dblclick()
    expect(page.get_by_text("Ines Instructor refused to countersign this visit")).to_have_count(1)
    expect(page.get_by_text(WHY)).to_be_visible()


def then_the_student_reads_why_and_mends(page, address):
    page.set_viewport_size(PHONE)
    page.goto(f"{address.split('/visits/')[0]}/tasks/")
    page.get_by_role("link", name="Your visit was not countersigned").first.click()
    expect(page.get_by_text(WHY).first).to_be_visible()
    page.get_by_role("link", name="Go there").click()
    expect(page.get_by_text(WHY)).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Amendment").fill(MENDED)
    page.get_by_role("button", name="Add, and ask again").click()
    expect(page.get_by_text("It waits for the countersignature of Ines Instructor")).to_be_visible()


def then_the_supervisor_reads_both_and_countersigns(page, address):
    page.goto(address)
    page.get_by_role("link", name="Countersign", exact=True).click()
    for said in (WHY, MENDED):
        expect(page.get_by_text(said)).to_be_visible()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Countersign", exact=True).click()
    expect(page.get_by_text("Countersigned by Ines Instructor")).to_be_visible()
    expect(page.get_by_text(WHY)).to_be_visible()  # it stays on record
