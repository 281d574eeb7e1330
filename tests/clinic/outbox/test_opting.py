"""Who is not to be written to: who asked for that, and by the record that counts."""
from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.appointments.diary import NOW, booked, working
from clinic.followup.following import REPORT, Reading, asked_patient
from clinic.patients.people import at_work, make_patient
from waterneedle.clinic.appointments import messages
from waterneedle.clinic.followup import actions_events, pages
from waterneedle.clinic.outbox import links, opting
from waterneedle.clinic.outbox.letters import send_letter
from waterneedle.clinic.outbox.models import Job, Letter
from waterneedle.clinic.outbox.reaching import Address, addresses_of
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.tasks.models import Task

TODAY = datetime.date(2026, 11, 28)


@pytest.fixture
def ana(by):
    return make_patient(by, email="ana@example.org", phone="+1 206 555 0117")


def wish(browser, clinic, patient, what):
    return browser.post(
        reverse("outbox:wish", kwargs={"clinic": clinic.slug, "patient": patient.uid}), {"wish": what})


def test_who_wants_no_messages_has_no_address_until_they_want_them_again(bob, clinic, client_of, ana):
    desk = client_of(bob)

    wish(desk, clinic, ana, "none")
    assert addresses_of(ana, TODAY) == []
    page = desk.get(reverse("patients:patient", kwargs={"clinic": clinic.slug, "patient": ana.uid})).content.decode()
    assert "not to be written to" in page

    wish(desk, clinic, ana, "again")
    assert addresses_of(ana, TODAY) == [Address(mail="ana@example.org")]


def test_what_waits_is_not_sent_and_somebody_calls_but_who_is_on_call_is_called(by, clinic, ana):
    for about in ("recall", "alarm"):
        send_letter(to=["x@example.org"], subject="s", text="t", clinic=clinic, about=about, key=about, patient=ana)

    opting.opt_out(patient=ana, by=by, now=timezone.now())

    assert Job.objects.get(key="recall").outcome == "cancelled"
    assert Task.objects.get(kind="home.letter").patient == ana
    assert Job.objects.get(key="alarm").ended_at is None


def test_twice_is_once_and_counts_for_every_record_of_the_person(by, ana):
    other = make_patient(by, "Ana Ruis", email="ana@example.org")
    opting.opt_out(patient=other, by=by, now=timezone.now())
    opting.opt_out(patient=other, by=by, now=timezone.now())

    patients.join(kept=ana, other=other, why="one person", by=by)
    assert addresses_of(ana, TODAY) == [] == addresses_of(other, TODAY)

    opting.opt_in(patient=ana, by=by, now=timezone.now())
    assert addresses_of(other, TODAY) == [Address(mail="ana@example.org")]


def test_a_patient_says_so_on_their_page_behind_the_door(by):
    ana = asked_patient(by)
    _page, secret = pages.make(patient=ana, by=by)
    reading = Reading(secret)
    reading.browser.post(f"/me/{secret}/messages/", {"wish": "none"})
    assert opting.opt_out_of(ana) is None

    reading.knock()
    reading.browser.post(f"/me/{secret}/messages/", {"wish": "none"})

    assert opting.opt_out_of(ana) is not None
    assert b'value="again"' in reading.get().content


def test_who_speaks_for_a_child_no_more_opens_nothing_that_was_sent_before(by, clinic):
    child = asked_patient(by, birth_date=datetime.date(2016, 3, 14))
    _eva, tom = (patients.add_guardian(patient=child, by=by, fields={
        "name": name, "relation": "parent", "email": f"{name}@example.org"}) for name in ("eva", "tom"))
    _page, secret = pages.make(patient=child, by=by)
    reading = Reading(secret)
    reading.knock(year="2016")
    assert reading.get().status_code == 200
    for name in ("eva", "tom"):
        send_letter(to=[f"{name}@example.org"], subject="s", text="t", clinic=clinic, about="form", key=name, patient=child)

    patients.end_guardian(guardian=tom, by=by)

    assert reading.get().status_code == 410
    assert [Job.objects.get(key=name).outcome for name in ("eva", "tom")] == ["", "cancelled"]
    assert Task.objects.get(kind="home.letter").patient == child


def test_a_link_that_calls_whoever_is_on_call_stays_open(by, clinic, ana):
    mother = patients.add_guardian(patient=ana, by=by, fields={"name": "Eva", "relation": "mother"})
    secret = links.issue(clinic=clinic, purpose="alarm", patient=ana, expires_at=timezone.now() + datetime.timedelta(days=1))

    patients.end_guardian(guardian=mother, by=by)

    assert links.find(secret, purpose="alarm", now=timezone.now())


def test_a_message_goes_to_the_address_of_the_record_that_counts(by, owner, clinic, alice):
    old = make_patient(by, "Ana Ruis", email="neighbor@example.org")
    booking = booked(by, old, working(at_work(owner, clinic), user=alice))
    kept = make_patient(by, email="ana@example.org")
    patients.join(kept=kept, other=old, why="mistyped", by=by)
    Letter.objects.all().delete()

    messages.reminder(booking, now=NOW)

    assert [one.addresses for one in Letter.objects.all()] == [["ana@example.org"]]


def test_nobody_reminds_the_dead_of_a_booking(by, owner, clinic, alice, ana):
    booking = booked(by, ana, working(at_work(owner, clinic), user=alice))
    told = Letter.objects.count()
    messages.reminder(booking, now=NOW)
    assert Letter.objects.count() == told + 1

    actions_events.report(patient=ana, by=by, **REPORT | {"outcome": "died"})
    before = Letter.objects.count()

    messages.reminder(booking, now=NOW)
    messages.cancelled(booking, now=NOW)

    assert Letter.objects.count() == before
