"""Told out of turn, from the page of a patient: read by the same triage, and told to the same people, as a check-in."""

from __future__ import annotations

import pytest

from clinic.followup.following import Reading, arranged, asked_patient, letters_about, signed_visit
from waterneedle.clinic.followup import actions, pages, queries_events
from waterneedle.clinic.followup.models import Alarm, Answer, CheckIn
from waterneedle.clinic.patients.queries import today_in
from waterneedle.clinic.tasks.models import Task

WELL = {"pain": "1", "bruise": "none", "felt": "nothing", "anything": "none"}
GRAVE = WELL | {"said": "I cannot breathe and my chest hurts", "anything": "some"}


@pytest.fixture
def visit(by, ana, on_call):
    return signed_visit(by, ana)


@pytest.fixture
def reading(by, ana):
    _page, secret = pages.make(patient=ana, by=by)
    return Reading(secret)


def tell(reading, visit, **typed):
    return reading.browser.post(f"/me/{reading.secret}/visits/{visit.uid}/how/", WELL | typed)


def test_behind_the_door_alone(reading, visit):
    assert tell(reading, visit).url == f"/me/{reading.secret}/"
    assert not Answer.objects.exists()


def test_what_is_grave_is_answered_at_once_and_reaches_the_person_on_call(reading, visit):
    reading.knock()
    assert "Tell us how it is" in reading.get().content.decode()

    shown = reading.browser.get(tell(reading, visit, **GRAVE).url).content.decode()

    assert "Call for help now" in shown and shown.index("tel:911") < shown.index('class="lead"')
    answer = Answer.objects.get()
    assert (answer.level, answer.said_by, answer.checkin.kind) == ("emergency", "patient", "unasked")
    assert Alarm.objects.get().answer == answer and len(letters_about("alarm")) == 2
    assert Task.objects.get(kind=actions.ANSWERED).patient == answer.patient


def test_as_often_as_they_like_and_once_for_one_key(reading, visit):
    reading.knock()

    for key in ("one", "one", "two"):
        tell(reading, visit, once=key)

    assert Answer.objects.count() == 2


def test_past_the_limit_they_are_asked_to_call_and_what_is_grave_is_taken_all_the_same(reading, visit, monkeypatch):
    monkeypatch.setattr(actions, "MOST_UNASKED", 1)
    reading.knock()
    tell(reading, visit)

    refused = tell(reading, visit)

    assert refused.status_code == 422 and "Please call the clinic" in refused.content.decode()
    assert Answer.objects.count() == CheckIn.objects.count() == 1
    assert tell(reading, visit, **GRAVE).status_code == 302
    assert Alarm.objects.count() == 1


def test_nobody_else_s_visit_and_nobody_else_s_answer(by, reading, visit):
    eve = asked_patient(by, "Eve Ode")
    hers = signed_visit(by, eve)
    answer = actions.tell_unasked(
        visit=hers, answers={"pain": 1, "bruise": "none", "felt": [], "said": ""}, said_by="patient", language="en",
        now=hers.made_at)
    reading.knock()

    assert tell(reading, hers).status_code == 404
    assert reading.get(f"told/{answer.uid}/").status_code == 404


def test_where_nobody_hears_nobody_is_asked_to_tell(by, reading, visit):
    arranged(by, is_on=False)
    reading.knock()

    assert "Tell us how it is" not in reading.get().content.decode()
    assert tell(reading, visit).status_code == 404


def test_it_stands_on_the_page_as_told_and_counts_as_nobody_s_answer(clinic, reading, visit):
    reading.knock()
    tell(reading, visit)

    assert "when you told us" in reading.get().content.decode()
    day = today_in(clinic)
    assert queries_events.rates(clinic, since=day, until=day).answered == 0
