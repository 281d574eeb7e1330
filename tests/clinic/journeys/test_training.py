"""A whole course in the browser: from the law it is laid out for to the certificate that is revoked, and the needle that bars."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from clinic.intake.signing import EVERY_PRODUCT, signed
from clinic.journeys.accessibility import assert_accessible
from clinic.patients.people import make_patient
from clinic.people import PASSWORD, make_clinic
from clinic.training.learning import make_owner, make_teacher, make_trainee, practitioner
from clinic.visits.charting import WELL, make_syringe, make_visit, plan
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.practitioners.queries import may_inject, today_in
from waterneedle.clinic.training import sandbox
from waterneedle.clinic.training.models import Attempt, Course, Enrolment, IssuedCertificate
from waterneedle.clinic.visits import actions

LIGHT_PHONE = {"sizes": {"phone": (390, 844)}, "themes": ("light",)}


@pytest.fixture
def clinic(site):
    return make_clinic("harbor", "Harbor Acupuncture")


@pytest.fixture
def olga(clinic):
    return make_owner(clinic)


@pytest.fixture
def ines(clinic, olga):
    return make_teacher(clinic, olga)


@pytest.fixture
def tom(clinic, olga, ines):
    return make_trainee(clinic, olga, ines)


def test_a_course_from_the_law_to_the_certificate_and_to_the_needle_that_is_barred(site, page_of, clinic, olga, ines, tom):
    teacher, learner, stranger = page_of(ines.user), page_of(tom.user), page_of(None)
    root = f"{site}/c/harbor/training/"
    course = build(teacher, root)
    enrolment = enrol(teacher, root, course)
    attend(teacher, root, enrolment)
    learn(learner, root, enrolment)
    fail_and_retake(learner, root, enrolment)
    chart_for_nobody(learner, root, enrolment)
    ana = a_patient(olga)
    inject_under_supervision(learner, teacher, site, tom, ana)
    observe(teacher, root, enrolment)
    certificate = certify(teacher, root, enrolment)
    assert may_inject(practitioner(tom), "US-WA", None, None, today_in(clinic)).granted
    verify(learner, stranger, root, site, certificate)
    revoke_and_be_refused(teacher, learner, stranger, root, site, tom, ana, certificate)


def build(page, root):
    page.goto(root)
    assert_accessible(page, **LIGHT_PHONE)
    with page.expect_navigation():
        page.get_by_role("link", name="New course").click()
    assert_accessible(page, **LIGHT_PHONE)
    page.get_by_role("link", name="Begin with Washington").click()
    page.get_by_label("title").fill("Point injection therapy")
    page.get_by_label("questions of the final exam").fill("6")
    page.get_by_label("supervised injections").fill("1")
    page.get_by_label("cases to chart in the sandbox").fill("1")
    page.get_by_label("months that the certificate is good for").fill("24")
    page.get_by_role("button", name="Lay out the course").click()
    expect(page.get_by_role("heading", name="Point injection therapy")).to_be_visible()
    expect(page.get_by_text("enough", exact=True)).to_have_count(3)  # hours in all, hands-on, emergency
    assert_accessible(page)
    return Course.objects.get()


def enrol(page, root, course):
    page.goto(f"{root}courses/{course.uid}/")
    page.get_by_text("Enrol somebody").click()
    page.get_by_label("Who learns").select_option(label="Tom Trainee")
    page.get_by_label("Instructor", exact=True).select_option(label="Ines Instructor")
    page.get_by_label("Profession once certified").select_option("acupuncturist")
    page.get_by_role("button", name="Enrol", exact=True).click()
    expect(page.get_by_role("heading", name="Tom Trainee")).to_be_visible()
    assert_accessible(page)
    return Enrolment.objects.get()


def attend(page, root, enrolment):
    for module in enrolment.course.modules.order_by("number"):
        page.goto(f"{root}enrolments/{enrolment.uid}/")
        page.locator("summary", has_text="Hours").click()
        page.get_by_label("Module").select_option(label=str(module))
        page.get_by_label("Hours", exact=True).fill(str(module.hours))
        page.get_by_role("button", name="Enter", exact=True).click()
        expect(page.get_by_text("Entered.")).to_be_visible()


def learn(page, root, enrolment):
    for module in enrolment.course.modules.order_by("number"):
        page.goto(f"{root}enrolments/{enrolment.uid}/modules/{module.uid}/")
        for left in range(len(module.reading), 0, -1):
            expect(page.get_by_role("button", name="I have read it")).to_have_count(left)
            page.get_by_role("button", name="I have read it").first.click()
        expect(page.get_by_role("button", name="I have read it")).to_have_count(0)
        if module.number == 1:
            assert_accessible(page, **LIGHT_PHONE)
        page.get_by_role("button", name="Begin the quiz").click()
        answer(page, wrong=0)
        expect(page.get_by_role("heading", name="Passed")).to_be_visible()


def answer(page, wrong):
    """Tick by keyboard what is right, but for so many; what is right is read from the server's paper, which no page shows."""
    expect(page.get_by_role("button", name="Hand in")).to_be_visible()
    paper = Attempt.objects.get(submitted_at=None).paper
    for place, one in enumerate(paper):
        chosen = one["right"] if place >= wrong else (one["right"] + 1) % len(one["answers"])
        radio = page.locator(f"input[name=q{place}][value='{chosen}']")
        radio.focus()
        page.keyboard.press("Space")
        expect(radio).to_be_checked()
    page.get_by_role("button", name="Hand in").focus()
    page.keyboard.press("Enter")


def fail_and_retake(page, root, enrolment):
    page.goto(f"{root}enrolments/{enrolment.uid}/")
    page.get_by_role("button", name="Begin the final exam").click()
    expect(page.get_by_role("button", name="Hand in")).to_be_visible()
    assert_accessible(page)
    answer(page, wrong=3)
    expect(page.get_by_role("heading", name="Not passed")).to_be_visible()
    assert_accessible(page, **LIGHT_PHONE)
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_text("2 attempts left")).to_be_visible()
    page.get_by_role("button", name="Begin the final exam").click()
    answer(page, wrong=1)
    expect(page.get_by_role("heading", name="Passed")).to_be_visible()


def chart_for_nobody(page, root, enrolment):
    case = sandbox.CASES["shoulder"]
    page.goto(f"{root}enrolments/{enrolment.uid}/sandbox/")
    page.get_by_role("link", name="A slender woman").click()
    for (product, lines), said in ((case.falls, "This plan is barred"), (case.passes, "Nothing of this plan is barred")):
        page.get_by_label("In the syringe").select_option(product)
        page.get_by_label("Injections, one on a line").fill(lines)
        page.get_by_role("button", name="Check the plan").click()
        expect(page.get_by_role("heading", name=said)).to_be_visible()
    assert_accessible(page, **LIGHT_PHONE)


def a_patient(olga):
    """Asked about everything, agreed to everything."""
    ana = make_patient(olga)
    for kind in ("condition", "allergy", "medication"):
        patients.say_none(patient=ana, kind=kind, by=olga)
    signed(olga, ana, *EVERY_PRODUCT)
    return ana


def planned(by, ana):
    """A visit whose patient is ready, with one injection planned."""
    visit = make_visit(by, ana, why="knee pain")
    actions.answer_today(visit=visit, answers=WELL, by=by)
    plan(by, visit, make_syringe(by, visit))
    return visit


def inject_under_supervision(learner, teacher, site, tom, ana):
    visit = planned(tom, ana)
    address = f"{site}/c/harbor/visits/patients/{ana.uid}/{visit.uid}/"
    learner.goto(address)
    give(learner)
    learner.get_by_role("link", name="Sign").click()
    learner.get_by_label("Your password").fill(PASSWORD)
    learner.get_by_role("button", name="Sign", exact=True).click()
    learner.get_by_text("Signed by Tom Trainee").wait_for()
    teacher.goto(f"{address}countersign/")
    teacher.get_by_label("Your password").fill(PASSWORD)
    teacher.get_by_role("button", name="Countersign").click()
    expect(teacher.get_by_text("Countersigned").first).to_be_visible()


def give(page):
    page.get_by_role("button", name="All given").click()
    expect(page.get_by_role("button", name="All given")).to_have_count(0)


def observe(page, root, enrolment):
    for number, skill in enumerate(enrolment.course.skills.order_by("number")):
        page.goto(f"{root}enrolments/{enrolment.uid}/")
        with page.expect_navigation():
            page.get_by_role("link", name=skill.what).click()
        if number == 0:
            assert_accessible(page, **LIGHT_PHONE)
        page.get_by_label("shown", exact=True).check()
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Sign", exact=True).click()
        expect(page.get_by_text("Signed.")).to_be_visible()


def certify(page, root, enrolment):
    page.goto(f"{root}enrolments/{enrolment.uid}/")
    page.get_by_role("button", name="Certify").click()
    expect(page.get_by_text("in force", exact=True)).to_be_visible()
    assert_accessible(page)
    return IssuedCertificate.objects.get()


def verify(learner, stranger, root, site, certificate):
    address = f"{site}/certificate/{certificate.code}/"
    stranger.goto(address)
    expect(stranger.get_by_role("heading", name="Genuine, and in force")).to_be_visible()
    expect(stranger.get_by_text("Tom Trainee")).to_have_count(0)
    learner.goto(f"{root}certificates/{certificate.uid}/")
    learner.get_by_label("my name").check()
    learner.get_by_role("button", name="Save").click()
    expect(learner.get_by_text("Saved.")).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_text("Tom Trainee")).to_be_visible()
    assert_accessible(stranger)
    with learner.expect_download() as taken:
        learner.get_by_role("link", name="PNG").click()
    stranger.goto(f"{site}/certificate/")
    stranger.get_by_label("The file").set_input_files(taken.value.path())
    stranger.get_by_role("button", name="Check it").click()
    expect(stranger.get_by_role("heading", name="Genuine, and in force")).to_be_visible()
    assert_accessible(stranger, **LIGHT_PHONE)


def revoke_and_be_refused(teacher, learner, stranger, root, site, tom, ana, certificate):
    """The page of the next visit is open, and nothing speaks against it; then the certificate is revoked elsewhere."""
    visit = planned(tom, ana)
    learner.goto(f"{site}/c/harbor/visits/patients/{ana.uid}/{visit.uid}/")
    expect(learner.locator(".visit-issue .issue.block")).to_have_count(0)
    teacher.goto(f"{root}certificates/{certificate.uid}/")
    teacher.locator("summary", has_text="Revoke").click()
    teacher.get_by_label("Why").fill("the exam was taken by somebody else")
    teacher.get_by_role("button", name="Revoke").click()
    expect(teacher.get_by_text("revoked", exact=True)).to_be_visible()

    began = time.monotonic()
    learner.get_by_role("button", name="All given").click()
    refusal = learner.get_by_text("The certificate was revoked on").first
    expect(refusal).to_be_visible()
    took_s = time.monotonic() - began

    print(f"refused {took_s:.2f} s after the next injection was asked for: {refusal.inner_text()}")
    assert took_s < 1
    assert not visit.injections.filter(status="given").exists()
    stranger.goto(f"{site}/certificate/{certificate.code}/")
    expect(stranger.get_by_role("heading", name="Revoked: it counts no more")).to_be_visible()
