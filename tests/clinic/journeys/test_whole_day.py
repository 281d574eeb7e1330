"""A day in the clinic by four people at once, each in a browser of their own: the patient's phone, the front desk, the
practitioner's tablet and the owner. From the booking to the recall; the next day comes by doing what is due then.
"""

from __future__ import annotations

import datetime
from hashlib import sha256

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinic.followup.following import ON_CALL, do_due, letters_about, secret_of
from clinic.journeys.accessibility import assert_accessible, assert_targets
from clinic.journeys.passkeys import add_passkey, with_passkeys
from clinic.patients.people import at_work
from clinic.people import make_clinic, make_person
from clinic.practitioners.papers import make_practitioner
from clinic.stock.shelf import make_item
from clinic.visits.charting import B12
from waterneedle.clinic.appointments.models import Booking
from waterneedle.clinic.followup.models import Answer, Recall
from waterneedle.clinic.intake.models import Form, FormKind
from waterneedle.clinic.outbox.models import Link
from waterneedle.clinic.stock.models import LotState

PHONE, TABLET = {"width": 390, "height": 844}, {"width": 820, "height": 1180}
DAY = datetime.timedelta(days=1)


class Taps:
    """The patient's finger: what is tapped is counted."""

    def __init__(self, page) -> None:
        self.page, self.taps = page, 0

    def tap(self, target) -> None:
        target.click()
        self.taps += 1


def pass_the_door(page) -> None:
    page.get_by_label("First name").fill("Ana")
    page.get_by_label("Day").fill("14")
    page.get_by_label("Month").select_option("March")
    page.get_by_label("Year").fill("1982")
    page.get_by_role("button", name="Open").click()


def form_link(kind: str) -> str:
    """The address in the letter that brought a form of this kind."""
    for letter in letters_about("form"):
        secret = secret_of(letter, "f")
        link = Link.objects.get(hash=sha256(secret.encode()).digest())
        if Form.objects.get(uid=link.about).kind == kind:
            return f"/f/{secret}/"
    raise LookupError(kind)


@pytest.fixture
def people(site, page_of):
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    made = {name: make_person(clinic, full, role) for name, full, role in (
        ("alice", "Alice Archer", "practitioner"), ("bob", "Bob Baker", "front desk"), ("olga", "Olga Owner", "owner"))}
    pages = {name: page_of(made.get(who)) for name, who in (
        ("phone", ""), ("desk", "bob"), ("tablet", "alice"), ("owner", "olga"))}
    pages["phone"].set_viewport_size(PHONE)
    pages["tablet"].set_viewport_size(TABLET)
    return clinic, {name: at_work(user, clinic) for name, user in made.items()}, pages


def test_a_day_from_the_booking_to_the_recall(site, people, settings):
    settings.PUBLIC_URL = site
    clinic, who, pages = people
    phone, desk, tablet, owner = (pages[name] for name in ("phone", "desk", "tablet", "owner"))
    by = who["alice"]
    base = f"{site}/c/harbor"

    # Given a clinic whose owner has said whom a grave answer reaches, who treats when, and what visitors may book
    owner.goto(f"{base}/followup/arrangement/")
    owner.get_by_label("Ask every patient afterwards").check()
    for name in ("on_call_name", "on_call_email", "second_email", "emergency_number", "night_number"):
        owner.locator(f"[name={name}]").fill(ON_CALL[name])
    assert_accessible(owner)
    owner.get_by_role("button", name="Save").click()
    owner.get_by_text("So since").wait_for()
    make_item(by, product=B12)
    make_practitioner(by.user, who["olga"])
    _open_the_clinic(owner, base)

    # When she books on her phone, and the desk sees it and sends the forms
    phone.goto(f"{site}/book/harbor/")
    expect(phone.get_by_role("link", name="Call the clinic: +1 206 555 0100")).to_have_attribute("href", "tel:+12065550100")
    phone.locator(".times a").first.click()
    for label, said in (("First name", "Ana"), ("Family name", "Ruiz"), ("Date of birth", "1982-03-14"),
                        ("E-mail address", "ana@patients.example")):
        phone.get_by_label(label).fill(said)
    phone.get_by_role("button", name="Write to me").click()
    phone.get_by_role("heading", name="Look into your mail").wait_for()
    phone.goto(f"{site}/b/confirm/{secret_of(letters_about('booking asked')[0], 'confirm')}/")
    phone.get_by_role("button", name="Confirm").click()
    phone.get_by_role("heading", name="Booked").wait_for()
    booking = Booking.objects.select_related("patient").get()
    ana = booking.patient
    desk.goto(f"{base}/appointments/?on={booking.starts_at.astimezone(clinic.tzinfo):%Y-%m-%d}")
    desk.get_by_text("Ana Ruiz").first.wait_for()
    for number in (0, 1):
        desk.goto(f"{base}/intake/patients/{ana.uid}/")
        desk.get_by_role("button", name="Send a link").nth(number).click()
        desk.wait_for_load_state()

    # and she answers and signs on her phone
    phone.goto(site + form_link(FormKind.QUESTIONS))
    pass_the_door(phone)
    while phone.get_by_role("heading", level=1).inner_text() != "Look through and send":
        for no in phone.get_by_role("group").get_by_text("no", exact=True).all():
            no.click()
        phone.get_by_role("button", name="Next").click()
        phone.wait_for_load_state()
    phone.get_by_label("I, the patient").check()
    phone.get_by_role("button", name="Send").click()
    phone.get_by_role("heading", name="Thank you").wait_for()
    phone.goto(site + form_link(FormKind.CONSENT))
    pass_the_door(phone)
    for line in phone.get_by_text("I agree", exact=True).all():
        line.click()
    phone.get_by_text("by typing").click()
    phone.get_by_label("Your full name").fill("Ana Ruiz")
    phone.get_by_role("button", name="Sign").click()
    phone.get_by_role("heading", name="Thank you").wait_for()

    # and is treated, from a vial that is opened for her
    with_passkeys(tablet)
    add_passkey(tablet, site)
    vial_code = _open_a_vial(tablet, base)
    tablet.goto(f"{base}/visits/patients/{ana.uid}/")
    tablet.get_by_role("button", name="Begin a visit").click()
    tablet.wait_for_url("**/visits/patients/*/*/")
    tablet.locator("#chart[data-ready]").wait_for(timeout=60_000)
    tablet.get_by_role("button", name="Said name and date of birth").click()
    expect(tablet.locator("p#identity_confirmed")).to_be_visible()
    tablet.get_by_role("button", name="As usual:").click()
    expect(tablet.locator(".visit-question [aria-pressed=true]")).to_have_count(5)
    with tablet.expect_response("**/today/"):
        tablet.get_by_label("Pregnancy").select_option("not_pregnant")
    expect(tablet.get_by_label("Pregnancy")).to_have_value("not_pregnant")
    _draw_up(tablet, vial_code)
    tablet.get_by_role("combobox", name="Type an injection").fill("st36 b .5 10mm")
    tablet.keyboard.press("Enter")
    expect(tablet.locator(".visit-injection")).to_have_count(2)
    tablet.get_by_role("button", name="Looked: skin intact").click()
    expect(tablet.get_by_role("button", name="Looked: skin intact")).to_have_count(0)
    _give_reasons(tablet)
    tablet.get_by_role("button", name="All given").click()
    expect(tablet.get_by_role("button", name="All given")).to_have_count(0)
    _give_reasons(tablet)
    tablet.get_by_role("link", name="Sign").click()
    _sign(tablet)

    # Then she finds what was injected on her page
    tablet.goto(f"{base}/followup/patients/{ana.uid}/")
    tablet.get_by_role("button", name="Send the link of their page").click()
    tablet.wait_for_load_state()
    phone.goto(f"{site}/me/{secret_of(letters_about('patient page')[0], 'me')}/")
    pass_the_door(phone)
    phone.get_by_role("heading", name="Hello Ana").wait_for()
    assert_accessible(phone, sizes={"phone": (390, 844)})
    phone.get_by_role("link", name="What was injected").click()
    phone.get_by_text("0417").first.wait_for()
    assert_accessible(phone, sizes={"phone": (390, 844)})
    phone.get_by_role("link", name="Tell us how it is").click()
    phone.get_by_role("heading", name="How are you?").wait_for()
    assert_accessible(phone, sizes={"phone": (390, 844)})
    assert_targets(phone, ".segments label, main .button, .choice", px=44)

    # and on the next day answers in four taps that something is wrong
    do_due(timezone.now() + 2 * DAY)
    secret = secret_of(letters_about("check-in")[-1])
    phone.goto(f"{site}/h/{secret}/")
    pass_the_door(phone)
    assert_accessible(phone, sizes={"phone": (390, 844)})
    assert_targets(phone, ".segments label, main .button, .choice", px=44)
    finger = Taps(phone)
    finger.tap(phone.get_by_role("group", name="How much does it hurt").get_by_text("6", exact=True))
    finger.tap(phone.get_by_role("group", name="A bruise").get_by_text("like a coin"))
    if phone.get_by_label("none of these").count():
        finger.tap(phone.get_by_label("none of these"))
    phone.get_by_label("Anything else").fill("the redness spreads and there is pus")
    finger.tap(phone.get_by_role("button", name="Send with my words"))
    phone.get_by_role("heading", name="Be seen today").wait_for()
    assert_accessible(phone, sizes={"phone": (390, 844)})
    assert finger.taps <= 4

    # so that the practitioner sees it, and reports it with nothing typed again
    answer = Answer.objects.get()
    tablet.goto(f"{base}/followup/")
    tablet.get_by_role("button", name="I have seen it").click()
    tablet.get_by_role("link", name="Report an adverse event").click()
    said = "“the redness spreads and there is pus”; bruise or discoloration: like a coin; pain 6/10"
    expect(tablet.get_by_label("What happened")).to_have_value(said)
    tablet.get_by_label("Which injection").select_option(index=1)
    tablet.get_by_label("probable or likely").check()
    assert_accessible(tablet, sizes={"tablet": (820, 1180)})
    tablet.get_by_role("button", name="Save").click()
    tablet.get_by_role("heading", name="Infection at the site").wait_for()
    assert answer.level == "urgent" and answer.events.count() == 1

    # and the owner recalls the lot in four actions
    actions = Taps(owner)
    owner.goto(f"{base}/followup/recall/")
    owner.locator("[name=lot]").select_option(index=1)
    actions.taps += 1
    actions.tap(owner.get_by_role("button", name="Trace"))
    owner.get_by_role("heading", name="2 injections, 1 patient").wait_for()
    assert_accessible(owner)
    owner.get_by_label("Why").fill("infection after this lot")
    actions.tap(owner.get_by_role("button", name="Quarantine and draft"))
    actions.tap(owner.get_by_role("button", name="Send 1 letter"))
    owner.get_by_text("letter on its way").first.wait_for()
    assert_accessible(owner)
    assert actions.taps <= 4
    assert LotState.objects.latest("pk").status == "quarantined" and Recall.objects.get().injections == 2
    phone.goto(f"{site}/me/{secret_of(letters_about('recall')[0], 'me')}/")
    pass_the_door(phone)
    phone.get_by_text("Please call us").first.wait_for()


def _open_the_clinic(page, base: str) -> None:
    """The owner says who treats when, and lets visitors book; the forms are sent by the desk."""
    page.goto(f"{base}/appointments/settings/")
    page.get_by_role("link", name="Change the hours").click()
    for day in range(7):
        page.locator(f"[name=day{day}]").fill("9:00-12:30, 13:30-17:00")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_label("The public page lets visitors").select_option("book")
    page.get_by_label("Telephone of the clinic").fill("+1 206 555 0100")
    page.get_by_label("Send the forms").uncheck()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("book a time").wait_for()
    assert_accessible(page)


def _open_a_vial(page, base: str) -> str:
    """A lot comes in and a vial of it is opened; what is written on its label."""
    page.goto(f"{base}/stock/receive/")
    page.get_by_label("Item").select_option(index=1)
    page.get_by_label("Lot").fill("0417")
    page.get_by_label("Good until").fill("2027-08")
    page.get_by_role("button", name="Put on the shelf").click()
    page.get_by_role("button", name="Open a container").click()
    return page.locator("section[aria-labelledby=open] strong").inner_text()


def _draw_up(page, code: str) -> None:
    """The scanner types the label and Enter; then volume, route, gauge and length by keys."""
    page.get_by_label("Scan or label of the vial").focus()
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Drawn up")).to_be_focused()
    for typed, key in (("1", "Tab"), ("", "ArrowRight"), ("", "Tab"), ("30", "Tab"), ("13", "Enter")):
        page.keyboard.type(typed)
        page.keyboard.press(key)
    expect(page.get_by_role("textbox", name="Each", exact=True)).to_be_focused()


def _give_reasons(page) -> None:
    """For each warning the first of the reasons that are offered."""
    asked = page.locator(".visit-reasons")
    while left := asked.count():
        asked.first.locator("button[name=note]").first.click()
        expect(asked).to_have_count(left - 1)


def _sign(page) -> None:
    why = page.locator("[name=deviation_why]")
    if why.count():
        why.fill("the kit was beside")
    page.get_by_role("button", name="Sign with a passkey").click()
    page.get_by_text("Signed by Alice Archer").wait_for()
