"""The front desk on the telephone, a day that is rearranged, an arrival, and a patient who books and moves on a phone."""

from __future__ import annotations

import datetime
import re
import time

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinic.appointments.diary import working
from clinic.journeys.accessibility import assert_accessible, assert_targets
from clinic.patients.people import at_work, make_patient
from clinic.people import make_clinic, make_person
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.appointments import actions, actions_settings, queries
from waterneedle.clinic.appointments.models import Booking
from waterneedle.clinic.outbox.letters import unsealed
from waterneedle.clinic.outbox.models import Letter
from waterneedle.clinic.practitioners.models import Certificate, Licence, ResuscitationCard
from waterneedle.clinic.visits.models import Visit

PHONE = {"phone": (390, 844)}
MOST_KEYS, MOST_SECONDS = 12, 30  # from the telephone's ring to the booking


@pytest.fixture
def clinic(site):
    return make_clinic("harbor", "Harbor Acupuncture")


@pytest.fixture
def by(clinic):
    return at_work(make_person(clinic, "Olga Owner", Role.OWNER), clinic)


@pytest.fixture
def treating(clinic, by):
    """Alice and Pavel, with papers that are good today and hours around the clock."""
    people = [working(by, user=make_person(clinic, name, Role.PRACTITIONER)) for name in ("Alice Archer", "Pavel Novak")]
    for paper in (Licence, Certificate, ResuscitationCard):
        paper.objects.update(expires=timezone.now().date() + datetime.timedelta(days=400))
    whole = {day: [(datetime.time(0), datetime.time(0))] for day in range(7)}
    for one in people:
        actions_settings.set_hours(practitioner=one, spans=whole, by=by)
    return people


@pytest.fixture
def ana(by):
    return make_patient(by, email="ana@example.org")


@pytest.fixture
def desk(clinic, page_of):
    return page_of(make_person(clinic, "Bob Baker", Role.FRONT_DESK))


def day_in(clinic, days=0):
    return timezone.now().astimezone(clinic.tzinfo).date() + datetime.timedelta(days=days)


def booked(by, ana, practitioner, days, clock="10:00"):
    hour, minute = clock.split(":")
    local = datetime.datetime.combine(day_in(by.clinic, days), datetime.time(int(hour), int(minute)), by.clinic.tzinfo)
    return actions.book(patient=ana, practitioner=practitioner, starts_at=local.astimezone(datetime.UTC), by=by)


def test_the_desk_books_who_calls_with_a_few_keys(site, desk, treating, ana):
    desk.goto(f"{site}/c/harbor/appointments/")
    began, keys = time.monotonic(), 0

    def press(*pressed):
        nonlocal keys
        for one in pressed:
            desk.keyboard.press(one)
            keys += 1

    press("b")
    expect(desk.get_by_label("Name, telephone, date of birth or chart number")).to_be_focused()
    press("r", "u", "i")
    expect(desk.get_by_role("option", name="Ana Ruiz")).to_be_visible()
    press("ArrowDown", "Enter")
    expect(desk.get_by_role("radio").first).to_be_focused()
    press("Enter")
    expect(desk.get_by_text("Booked:")).to_be_visible()

    assert Booking.objects.get().patient == ana
    assert keys <= MOST_KEYS and time.monotonic() - began <= MOST_SECONDS
    print(f"keys {keys}, seconds {time.monotonic() - began:.1f}")


def test_a_new_caller_is_typed_once(site, desk, treating):
    desk.goto(f"{site}/c/harbor/appointments/book/")
    desk.get_by_label("Name, telephone, date of birth or chart number").press_sequentially("Zora Quist")
    desk.get_by_text("Nobody found").wait_for()
    desk.get_by_text("Somebody new").click()
    born = desk.locator("[name=birth_date]")
    expect(born).to_be_focused()
    born.fill("1991-02-03")
    desk.get_by_role("button", name="On to the free times").click()
    desk.get_by_role("button", name="Book", exact=True).click()
    desk.get_by_text("Booked:").wait_for()

    patient = Booking.objects.get().patient
    assert (patient.given_name, patient.family_name) == ("Zora", "Quist")


def test_a_booking_is_dragged_to_another_time(site, desk, by, treating, ana, clinic):
    row = booked(by, ana, treating[0], 1)
    desk.goto(f"{site}/c/harbor/appointments/?on={day_in(clinic, 1)}")
    place = desk.locator(f'td[data-at$="{treating[1].uid}"]').filter(has_text=re.compile("12:00"))

    desk.locator("[data-booking]").drag_to(place.first)
    expect(desk.get_by_text("Moved:")).to_be_visible()

    made = Booking.objects.get(stands=True)
    assert (made.moved_from, made.practitioner, made.starts_at.astimezone(clinic.tzinfo).hour) == (row, treating[1], 12)


def test_the_same_with_the_keys_alone(site, desk, by, treating, ana, clinic):
    booked(by, ana, treating[0], 1)
    desk.goto(f"{site}/c/harbor/appointments/?on={day_in(clinic, 1)}")
    desk.locator("[data-booking]").focus()
    desk.keyboard.press("m")
    expect(desk.locator("[data-said]")).to_contain_text("Picked up")
    desk.keyboard.press("Escape")
    expect(desk.locator("[data-said]")).to_contain_text("Left where it was")

    desk.keyboard.press("m")
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        desk.keyboard.press(key)
    wanted = desk.locator("td.over").get_attribute("data-at")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Moved:")).to_be_visible()

    made = Booking.objects.get(stands=True)
    assert f"{made.starts_at:%Y-%m-%dT%H:%MZ} {made.practitioner.uid}" == wanted


def test_an_arrival_is_one_tap(site, desk, by, treating, ana, clinic):
    day = day_in(clinic)
    free = queries.free_slots(clinic, 60, day, day)[0]
    actions.book(patient=ana, practitioner=treating[0], starts_at=free.starts_at, by=by)
    desk.goto(f"{site}/c/harbor/home/")
    desk.get_by_role("button", name="Arrived Ana Ruiz").click()
    expect(desk.get_by_text("Has arrived.")).to_be_visible()

    assert Visit.objects.get().patient == ana


def test_a_visitor_books_and_moves_on_a_phone(site, page_of, by, treating, clinic, settings):
    settings.PUBLIC_URL = site
    actions_settings.change_policy(clinic=clinic, fields={"online": "book", "change_hours": 1}, by=by)
    phone = page_of(None)
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.goto(f"{site}/book/harbor/")
    assert_accessible(phone, sizes=PHONE)
    assert_targets(phone, ".times a")
    phone.locator(".times a").first.click()
    for label, said in (("First name", "Ana"), ("Date of birth", "1982-03-14"), ("E-mail address", "ana@example.org")):
        phone.get_by_label(label).fill(said)
    assert_accessible(phone, sizes=PHONE)
    phone.get_by_role("button", name="Write to me").click()
    expect(phone.get_by_role("heading", name="Look into your mail")).to_be_visible()

    phone.goto(address_in("booking asked"))
    assert_accessible(phone, sizes=PHONE)
    phone.get_by_role("button", name="Confirm").click()
    expect(phone.get_by_role("heading", name="Booked")).to_be_visible()

    phone.goto(address_in("booking booked"))
    assert_accessible(phone, sizes=PHONE)
    for label, said in (("First name", "Ana"), ("Day", "14"), ("Year", "1982")):
        phone.get_by_label(label).fill(said)
    phone.get_by_label("Month").select_option("March")
    with phone.expect_navigation():
        phone.get_by_role("button", name="Open").click()
    assert_accessible(phone, sizes=PHONE)
    with phone.expect_navigation():
        phone.get_by_role("link", name="Move to another time").click()
    assert_accessible(phone, sizes=PHONE)
    phone.locator(".times button").nth(3).click()
    expect(phone.get_by_role("heading", name="Moved")).to_be_visible()

    assert [one.state for one in Booking.objects.order_by("pk")] == ["rescheduled", "booked"]


def address_in(about: str) -> str:
    letter = unsealed(Letter.objects.filter(about=about).latest("pk")).decode().replace("=\r\n", "")
    return re.search(r"http\S+/b/[\w/-]+", letter)[0]
