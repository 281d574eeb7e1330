"""The front desk's screen while somebody is being observed, and the end of the day."""
from __future__ import annotations

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clinic.journeys.accessibility import assert_accessible
from clinic.patients.people import at_work, make_patient
from clinic.people import make_clinic, make_person
from clinic.visits.charting import make_visit
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.visits import actions
from waterneedle.clinic.visits.models_after import Observation


@pytest.fixture
def people(site):
    """Alice, who treats, and Bob at the desk; Ana is watched for minutes to come, Ben has been for too long."""
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    alice, bob = (make_person(clinic, name, role) for name, role in (
        ("Alice Archer", Role.PRACTITIONER), ("Bob Baker", Role.FRONT_DESK)))
    by = at_work(alice, clinic)
    for name in ("Ana Ruiz", "Ben Ortiz"):
        actions.observe(visit=make_visit(by, make_patient(by, name)), minutes=15, by=by)
    now = timezone.now()
    Observation.objects.filter(patient__given_name="Ben").update(
        began_at=now - datetime.timedelta(minutes=20), until=now - datetime.timedelta(minutes=5))
    return alice, bob


def test_the_clock_runs_on_the_front_desks_screen(site, page_of, people):
    page = page_of(people[1])
    page.goto(f"{site}/c/harbor/home/")

    late, in_time = page.locator(".watch", has_text="Ben Ortiz"), page.locator(".watch", has_text="Ana Ruiz")
    expect(in_time.locator("[data-clock]")).to_have_text(re.compile(r"^1[0-4]:\d\d left$"))
    expect(late.get_by_text("time is over")).to_be_visible()
    expect(in_time.get_by_text("time is over")).to_be_hidden()
    expect(page.get_by_role("button", name="End")).to_have_count(0)
    assert_accessible(page)


@pytest.mark.parametrize("minutes", [-30, 30])
def test_a_screen_whose_own_clock_is_wrong_shows_the_clinics_time(site, page_of, people, minutes):
    page = page_of(people[1])
    page.add_init_script(f"const real = Date.now.bind(Date); Date.now = () => real() + {minutes} * 60000;")
    page.goto(f"{site}/c/harbor/home/")

    clock = page.locator(".watch", has_text="Ana Ruiz").locator("[data-clock]")
    expect(clock).to_have_text(re.compile(r"^1[0-4]:\d\d left$"))
    with page.expect_response("**/watched/", timeout=40_000):
        pass
    expect(clock).to_have_text(re.compile(r"^1[0-4]:\d\d left$"))


def test_the_list_of_who_is_watched_renews_itself_too(site, page_of, people):
    page = page_of(people[1])
    page.clock.install()
    page.goto(f"{site}/c/harbor/visits/observations/")
    expect(page.locator("#watched li")).to_have_count(2)
    Observation.objects.filter(patient__given_name="Ben").update(ended_at=timezone.now(), ended_by=people[0])
    page.clock.run_for(21_000)
    expect(page.locator("#watched li")).to_have_count(1)
    Observation.objects.filter(ended_at=None).update(ended_at=timezone.now(), ended_by=people[0])
    page.clock.run_for(21_000)
    expect(page.locator("#watched li")).to_have_count(0)
    by = at_work(people[0], Observation.objects.first().clinic)
    actions.observe(visit=make_visit(by, make_patient(by, "Cora Diaz")), minutes=15, by=by)
    page.clock.run_for(21_000)
    expect(page.locator("#watched li")).to_have_count(1)


def test_who_treats_ends_it_and_closes_the_day(site, page_of, people):
    page = page_of(people[0])
    page.goto(f"{site}/c/harbor/home/")
    page.locator(".watch", has_text="Ben Ortiz").get_by_role("button", name="End").click()
    expect(page.locator(".watch")).to_have_count(1)

    page.get_by_role("link", name="Close the day").click()
    expect(page.get_by_role("region", name="Not signed").get_by_role("listitem")).to_have_count(2)
    assert_accessible(page)


def test_a_screen_stays_open_while_somebody_is_watched_and_no_longer(site, page_of, people):
    page = page_of(people[1])
    page.clock.install()
    page.goto(f"{site}/c/harbor/home/")

    assert "x-background" not in renewed(page).headers
    Observation.objects.update(ended_at=timezone.now())
    assert "x-background" not in renewed(page).headers
    expect(page.locator(".watch")).to_have_count(0)
    assert renewed(page).headers["x-background"] == "1"


def renewed(page):
    """The request with which the list of who is watched renews itself."""
    with page.expect_response("**/watched/") as answer:
        page.clock.fast_forward("00:21")
    return answer.value.request
