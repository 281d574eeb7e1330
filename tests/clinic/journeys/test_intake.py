"""A patient with a phone, and a tablet that is handed over: forms from the link to the record."""

from __future__ import annotations

import email
import email.policy

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinic.intake.filling import Filling
from clinic.journeys.accessibility import assert_accessible, assert_targets
from clinic.patients.people import make_patient
from clinic.people import make_clinic, make_person
from waterneedle.clinic.accounts.access import access_to
from waterneedle.clinic.intake import actions_forms
from waterneedle.clinic.intake.models import Consent, Form
from waterneedle.clinic.intake.queries import answers_of, consent_for, pain_drawings_of
from waterneedle.clinic.outbox.letters import unsealed
from waterneedle.clinic.outbox.models import Letter
from waterneedle.clinic.outbox.opting import opt_out_of
from waterneedle.clinic.outbox.reaching import tell
from waterneedle.clinic.patients.queries import health_of, today_in

PHONE = {"phone": (390, 844)}


@pytest.fixture
def clinic(site):
    return make_clinic("harbor", "Harbor Acupuncture")


@pytest.fixture
def by(clinic):
    return access_to(make_person(clinic, "Alice Archer", "practitioner"), "harbor")


@pytest.fixture
def ana(by):
    return make_patient(by)


@pytest.fixture
def phone(page_of):
    page = page_of(None)
    page.set_viewport_size({"width": 390, "height": 844})
    return page


def handed(site, page, by, patient, kind, **asked) -> Filling:
    filling = Filling(*actions_forms.open_form(patient=patient, kind=kind, language="en", by=by, asked=asked))
    page.goto(f"{site}{filling.url()}")
    return filling


def pass_the_door(page):
    page.get_by_label("First name").fill("Ana")
    page.get_by_label("Day").fill("14")
    page.get_by_label("Month").select_option("March")
    page.get_by_label("Year").fill("1982")
    page.get_by_role("button", name="Open").click()


def choose(page, question, answer):
    page.get_by_role("group", name=question).get_by_text(answer, exact=True).click()


def go_on(page, heading):
    page.get_by_role("button", name="Next").click()
    page.get_by_role("heading", name=heading, level=1).wait_for()


def test_given_a_link_when_a_patient_answers_on_a_phone_then_the_record_has_it(site, phone, by, ana):
    handed(site, phone, by, ana, "questions")
    assert_accessible(phone, sizes=PHONE)
    pass_the_door(phone)
    phone.get_by_role("heading", name="Why you come").wait_for()

    # What is typed is on the server within three seconds, and is there when the page is loaded again.
    with phone.expect_response("**/reason/draft/", timeout=3000):
        phone.get_by_label("What brings you to us?").fill("my right shoulder")
    phone.reload()
    expect(phone.get_by_label("What brings you to us?")).to_have_value("my right shoulder")

    go_on(phone, "Your health")
    choose(phone, "asthma", "yes")
    assert_accessible(phone, sizes=PHONE)
    assert_targets(phone, ".segments label, main .button", px=44)
    go_on(phone, "Your medicines")
    phone.get_by_role("combobox", name="Which?").press_sequentially("warf")
    phone.get_by_role("option", name="Warfarin").click()
    phone.get_by_role("combobox", name="Which?").fill("grandmother's tea")
    go_on(phone, "Your allergies")
    choose(phone, "vitamin B-12", "yes")
    go_on(phone, "What happened")
    phone.get_by_label("What happened?").fill("hives")
    choose(phone, "How bad was it?", "severe")
    assert_accessible(phone, sizes=PHONE)
    go_on(phone, "Earlier treatment")
    go_on(phone, "Your body")
    phone.get_by_label("How tall are you?").fill("170")
    phone.get_by_role("button", name="Next").click()
    phone.get_by_role("alert").get_by_text("with its unit").wait_for()
    phone.get_by_label("How tall are you?").fill("170 cm")
    go_on(phone, "Where it hurts")

    # By keyboard: the space bar paints in the middle of the picture.
    picture = phone.get_by_role("application")
    expect(phone.get_by_text("Nothing is painted yet.")).to_be_visible(timeout=60_000)
    picture.focus()
    picture.press("Space")
    expect(phone.get_by_text("Painted.")).to_be_visible()
    phone.get_by_label("In words").fill("right shoulder, in front")
    assert_accessible(phone, sizes=PHONE)
    go_on(phone, "How it is now")
    choose(phone, "How much does it hurt right now?", "7")
    assert_accessible(phone, sizes=PHONE)
    go_on(phone, "Look through and send")
    assert_accessible(phone, sizes=PHONE)
    phone.get_by_label("I, the patient").check()
    phone.get_by_role("button", name="Send").click()
    phone.get_by_role("heading", name="Thank you").wait_for()
    assert_accessible(phone, sizes=PHONE)

    known = health_of(ana)
    assert [one.said for one in known.facts["medication"]] == ["Warfarin", "grandmother's tea"]
    assert [(one.concept, one.reaction, one.severity) for one in known.facts["allergy"]] == [("cobalamin", "hives", "severe")]
    assert [one.score for one in answers_of(ana)] == [7.0]
    assert pain_drawings_of(ana)[0].drawn and pain_drawings_of(ana)[0].words == "right shoulder, in front"
    phone.go_back()
    phone.get_by_role("heading", name="This link is closed").wait_for()


def test_given_a_consent_when_it_is_drawn_on_a_phone_then_the_check_knows_what_it_covers(site, phone, by, ana):
    handed(site, phone, by, ana, "consent", lines=["b12", "lung"])
    pass_the_door(phone)
    phone.get_by_role("heading", name="Consent to injections").wait_for()
    assert_accessible(phone, sizes=PHONE)
    choose(phone, "Vitamin B-12 in its forms", "I agree")
    choose(phone, "Near the lung", "I do not agree")
    phone.get_by_role("button", name="Sign").click()
    phone.get_by_role("alert").get_by_text("Sign in the field below").wait_for()

    pad = phone.get_by_role("img", name="Sign here")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box["width"] >= 300 and box["height"] >= 180
    phone.mouse.move(box["x"] + 30, box["y"] + 90)
    phone.mouse.down()
    phone.mouse.move(box["x"] + 160, box["y"] + 60, steps=6)
    phone.mouse.move(box["x"] + 260, box["y"] + 120, steps=6)
    phone.mouse.up()
    phone.get_by_role("button", name="Sign").click()
    phone.get_by_role("heading", name="Thank you").wait_for()

    found = consent_for(ana, today_in(ana.clinic))
    assert "cyanocobalamin" in found.covers and "lung" not in found.covers
    assert len(Consent.objects.get().signature_as_given["drawn"][0]) > 3


def test_given_no_pointer_when_a_name_is_typed_then_it_is_a_signature(site, phone, by, ana):
    handed(site, phone, by, ana, "consent", lines=["b12"])
    pass_the_door(phone)
    phone.get_by_role("heading", name="Consent to injections").wait_for()
    phone.get_by_role("radio", name="I agree").focus()
    phone.keyboard.press("Space")
    phone.get_by_role("radio", name="by drawing").focus()
    phone.keyboard.press("ArrowRight")
    phone.get_by_label("Your full name").press_sequentially("Ana Ruiz")
    phone.keyboard.press("Enter")
    phone.get_by_role("heading", name="Thank you").wait_for()

    assert Consent.objects.get().signature_as_given == {"typed": "Ana Ruiz"}


def test_given_a_tablet_when_it_is_handed_over_then_it_shows_the_form_and_nothing_else(site, page_of, clinic, by, ana):
    tablet = page_of(make_person(clinic, "Bob Baker", "front desk"))
    tablet.goto(f"{site}/c/harbor/intake/patients/{ana.uid}/")
    assert_accessible(tablet)
    tablet.get_by_role("button", name="Open on this device").first.click()
    tablet.get_by_role("heading", name="Welcome").wait_for()

    assert tablet.get_by_role("link").all_inner_texts() == ["Skip to the page"]
    tablet.go_back()
    tablet.goto(f"{site}/c/harbor/patients/")
    assert "/sign-in/" in tablet.url
    assert Form.objects.get().way == "device"


def test_given_answers_when_they_are_gone_through_then_the_pages_are_accessible(site, page_of, clinic, by, ana):
    filling = Filling(*actions_forms.open_form(patient=ana, kind="questions", language="en", by=by))
    filling.knock()
    filling.post("health/", has_asthma="yes", has_leber="unsure")
    filling.post("pain/", drawing="[[1019,13,6]]", words="chest")
    filling.send()
    page = page_of(by.user)
    page.goto(f"{site}/c/harbor/intake/patients/{ana.uid}/forms/{filling.form.uid}/")
    picture = page.get_by_role("img", name="The body from four sides")
    picture.scroll_into_view_if_needed()
    picture.evaluate("one => one.decode()")
    assert_accessible(page)
    page.get_by_text("Correct").first.click()
    assert_accessible(page, sizes=PHONE, themes=("light",))
    page.get_by_role("button", name="Take all as said").click()
    page.get_by_text("taken as it was said").first.wait_for()
    page.goto(f"{site}/c/harbor/intake/patients/{ana.uid}/consents/new/")
    assert_accessible(page)


def test_who_wants_no_more_messages_opens_the_address_beneath_one_and_presses_once(site, phone, by, settings):
    settings.PUBLIC_URL = site
    ana = make_patient(by, email="ana@example.org")
    tell(ana, write=lambda: ("Come", "Come.", "Come."), about="form", key="1", now=timezone.now())
    letter = email.message_from_bytes(unsealed(Letter.objects.get()), policy=email.policy.default)

    phone.goto(letter.get_content().split()[-1])
    assert_accessible(phone)
    assert_targets(phone, "main a[href], main button")
    assert opt_out_of(ana) is None
    phone.get_by_role("button", name="Send me no more messages").click()
    expect(phone.get_by_role("heading", name="Harbor Acupuncture writes no more")).to_be_visible()

    assert_accessible(phone, sizes=PHONE)
    assert opt_out_of(ana) is not None
