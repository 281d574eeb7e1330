"""A child who comes of age: who spoke for them learns no more from that day on, and the desk asks the patient themself."""
from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.followup.following import Reading, asked_patient
from clinic.patients.people import make_patient
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.appointments import public
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.followup import pages
from waterneedle.clinic.intake import coming_of_age
from waterneedle.clinic.outbox import links
from waterneedle.clinic.outbox.reaching import Address, addresses_of
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.models import Guardian
from waterneedle.clinic.patients.queries import guardians_of, of_age_on, today_in
from waterneedle.clinic.tasks.models import Task
from waterneedle.config.demo.visits import clock_at

A_DAY = datetime.timedelta(days=1)


def born_before(clinic, days):
    """The date of birth of who is of age in so many days."""
    came = today_in(clinic) + days * A_DAY
    return datetime.date(came.year - 18, came.month, came.day)


def child_of(by, days, **fields):
    child = make_patient(by, "Leo Ruiz", birth_date=born_before(by.clinic, days), **fields)
    patients.add_guardian(patient=child, by=by, fields={"name": "Eva Ruiz", "relation": "mother", "email": "eva@example.org"})
    return child


def midnight(clinic, days):
    return datetime.datetime.combine(today_in(clinic) + days * A_DAY, datetime.time(), clinic.tzinfo)


@pytest.mark.parametrize(
    ("born", "day"),
    [((2008, 11, 28), (2026, 11, 28)), ((2008, 2, 29), (2026, 3, 1)), ((2010, 2, 28), (2028, 2, 28))],
)
def test_of_age_on_the_eighteenth_birthday_and_born_on_a_leap_day_on_the_first_of_march(by, born, day):
    child = make_patient(by, birth_date=datetime.date(*born))
    day = datetime.date(*day)

    assert of_age_on(child) == day
    assert (child.age_on(day - A_DAY), child.age_on(day)) == (17, 18)


@pytest.mark.parametrize("purpose", ["check-in", "booking", "patient page", "form"])
def test_a_link_that_was_sent_to_a_guardian_opens_until_midnight_of_the_clinic_and_no_longer(by, clinic, purpose):
    child = child_of(by, 3)
    secret = links.issue(clinic=clinic, purpose=purpose, patient=child, expires_at=midnight(clinic, 30))
    midnight_3 = midnight(clinic, 3)

    assert links.find(secret, purpose=purpose, now=midnight_3 - datetime.timedelta(seconds=1))
    assert links.find(secret, purpose=purpose, now=midnight_3) is None


def test_a_guardian_speaks_for_the_child_until_midnight_of_the_clinic_though_no_worker_runs(by, clinic):
    child = child_of(by, 3)
    with clock_at(midnight(clinic, 3) - datetime.timedelta(seconds=1)):
        assert [one.name for one in guardians_of(child)] == ["Eva Ruiz"]
    with clock_at(midnight(clinic, 3)):
        assert guardians_of(child) == []
        patients.add_guardian(patient=child, by=by, fields={"name": "Ada Law", "relation": "representative"})
        assert [one.name for one in guardians_of(child)] == ["Ada Law"]


def test_who_cannot_consent_keeps_their_guardian_and_the_links(by, clinic):
    child = child_of(by, 3, lacks_capacity=True)
    secret = links.issue(clinic=clinic, purpose="form", patient=child, expires_at=midnight(clinic, 30))

    coming_of_age.see_to(clinic, midnight(clinic, 4))

    assert links.find(secret, purpose="form", now=midnight(clinic, 4))
    assert Guardian.objects.get().ended_at is None
    assert not Task.objects.exists()


def test_a_link_that_calls_whoever_is_on_call_opens_after_the_birthday(by, clinic):
    secret = links.issue(clinic=clinic, purpose="alarm", patient=child_of(by, 1), expires_at=midnight(clinic, 30))

    assert links.find(secret, purpose="alarm", now=midnight(clinic, 2))


def test_the_page_of_a_child_is_shut_on_the_day(by, monkeypatch):
    child = asked_patient(by, birth_date=born_before(by.clinic, 1))
    patients.add_guardian(patient=child, by=by, fields={"name": "Eva", "relation": "mother", "email": "eva@example.org"})
    _page, secret = pages.make(patient=child, by=by)
    reading = Reading(secret)
    reading.browser.post(f"/me/{secret}/", {
        "name": child.given_name, "born_day": child.birth_date.day, "born_month": child.birth_date.month,
        "born_year": child.birth_date.year})
    assert reading.get().status_code == 200

    tomorrow = midnight(by.clinic, 1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)

    assert reading.get().status_code == 410


def test_the_desk_is_asked_a_month_before_and_once(bob, by, clinic, client_of):
    child = child_of(by, 31)
    coming_of_age.see_to(clinic, timezone.now())
    assert not Task.objects.exists()

    for days in (1, 2):
        coming_of_age.see_to(clinic, midnight(clinic, days))

    task = Task.objects.get()
    assert (task.patient, task.due_at, task.role) == (child, midnight(clinic, 31), Role.FRONT_DESK)
    assert Guardian.objects.get().ended_at is None
    page = client_of(bob).get(reverse("tasks:task", kwargs={"clinic": clinic.slug, "task": task.uid})).content.decode()
    assert reverse("patients:patient", kwargs={"clinic": clinic.slug, "patient": child.uid}) in page


def test_on_the_day_the_guardian_is_written_to_no_more_and_the_trail_says_so(by, clinic):
    child = child_of(by, 1)
    assert addresses_of(child, today_in(clinic)) == [Address(mail="eva@example.org")]

    coming_of_age.see_to(clinic, midnight(clinic, 1))

    assert addresses_of(child, today_in(clinic) + A_DAY) == []
    assert Guardian.objects.get().ended_at is not None
    assert Entry.objects.filter(action="end", kind="guardian").count() == 1
    assert Task.objects.get().patient == child


def test_who_was_given_a_guardian_when_of_age_already_keeps_them(by, clinic):
    child_of(by, -400)

    coming_of_age.see_to(clinic, timezone.now())

    assert Guardian.objects.get().ended_at is None


def test_of_two_records_of_one_person_the_kept_one_says_the_age(by, clinic):
    other = child_of(by, 1)
    kept = make_patient(by, "Leo Ruiz", birth_date=born_before(clinic, 2000))
    patients.join(kept=kept, other=other, why="one person", by=by)

    coming_of_age.see_to(clinic, midnight(clinic, 1))

    assert Guardian.objects.get().ended_at is None


def test_the_address_of_who_spoke_for_them_finds_no_record_on_the_public_page(by, clinic):
    said = {"given_name": "Leo", "email": "eva@example.org"}
    grown, child = child_of(by, -1), child_of(by, 1)

    assert public.matching(clinic, said | {"birth_date": child.birth_date.isoformat()}) == child
    assert public.matching(clinic, said | {"birth_date": grown.birth_date.isoformat()}) is None
