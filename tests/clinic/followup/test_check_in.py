"""A patient behind the link: the door, three taps, what to do, and who is told."""

from __future__ import annotations

import datetime

import pytest
from django.db import Error, transaction
from django.utils import timezone

from clinic.followup.following import Answering, asked, asked_patient, letters_about, secret_of
from waterneedle.clinic.database.rows import uuid7
from waterneedle.clinic.followup import actions
from waterneedle.clinic.followup.models import Alarm, Answer, CheckIn
from waterneedle.clinic.outbox.models import Job, Link, Outcome
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.tasks.models import Task


@pytest.fixture
def open_door(by, ana, on_call):
    """Ana's check-in of the next day, with the door passed."""
    checkin, answering = asked(by, ana)
    answering.knock()
    return checkin, answering


def test_nothing_shows_before_first_name_and_date_of_birth(by, ana, on_call):
    _checkin, answering = asked(by, ana)

    assert answering.get().url == answering.url()
    assert answering.send().url == answering.url()
    assert answering.knock(name="Eva").status_code == 422
    assert answering.knock().url == answering.url("how/")
    assert answering.get().status_code == 200


def test_too_many_wrong_answers_close_the_link_and_somebody_calls(by, ana, on_call):
    checkin, answering = asked(by, ana)

    for _n in range(5):
        answering.knock(year="1983")

    assert answering.knock().status_code == 410
    assert Task.objects.filter(kind="followup.silent", cause=str(checkin.uid)).exists()


def test_three_taps_and_nothing_to_do(open_door):
    checkin, answering = open_door

    response = answering.send(pain="2", bruise="coin")

    made = Answer.objects.get(checkin=checkin)
    assert response.url == answering.url("what-to-do/")
    assert (made.level, made.pain, made.bruise, made.said_by) == ("self_care", 2, "coin", "patient")
    assert not Task.objects.filter(kind="followup.answer")
    assert answering.get("what-to-do/").status_code == 200


def test_an_answer_works_once_and_is_read_again_only_by_who_gave_it(open_door):
    checkin, answering = open_door
    answering.send()

    assert answering.send().url == answering.url("what-to-do/")
    assert Answer.objects.get().checkin == checkin
    stranger = Answering(answering.secret)
    assert stranger.get("").status_code == stranger.get("what-to-do/").status_code == stranger.knock().status_code == 410


def test_of_two_parents_the_second_is_heard_too_and_reads_what_to_do_about_what_they_said(by, on_call):
    child = asked_patient(by, birth_date=datetime.date(2016, 3, 14))
    for name in ("eva", "tom"):
        patients.add_guardian(
            patient=child, by=by, fields={"name": name, "relation": "parent", "email": f"{name}@patients.example"})
    asked(by, child, points=("GB21",))
    one, two = (Answering(secret_of(letter)) for letter in letters_about("check-in"))
    for parent in (one, two):
        parent.knock(year="2016")
        assert parent.get().status_code == 200
    one.send(guardian="on")

    seen = two.send(guardian="on", felt=["breathlessness"], said="she gasps", anything="some")

    page = two.browser.get(seen.url).content.decode()
    assert "tel:911" in page and letters_about("alarm")
    assert [made.level for made in Answer.objects.order_by("pk")] == ["self_care", "emergency"]
    assert two.get().status_code == two.get("what-to-do/").status_code == 410  # what the other has answered is not shown
    assert Answering(two.secret).browser.get(seen.url).status_code == 410


def test_what_is_sent_after_an_answer_from_a_window_left_open_is_read_too(open_door):
    _checkin, answering = open_door
    answering.send()

    seen = answering.send(said="I cannot breathe", anything="some")

    assert "tel:911" in answering.browser.get(seen.url).content.decode()
    assert [made.level for made in Answer.objects.order_by("pk")][-1] == "emergency"
    assert answering.browser.get(answering.url(f"what-to-do/{uuid7()}/")).status_code == 404


def test_a_tap_that_is_missing_is_asked_for_and_nothing_is_lost(open_door):
    _checkin, answering = open_door

    response = answering.post(pain="4", said="a bit stiff", anything="some")

    assert response.status_code == 422
    assert b"a bit stiff" in response.content and b'value="4" required' in response.content.replace(b" checked", b"")
    assert not Answer.objects.exists()


def test_before_anybody_has_read_it_whom_to_call_stands_above_what_is_missing(open_door):
    _checkin, answering = open_door

    page = answering.post(said="I cannot breathe", anything="some").content.decode()

    assert page.index("tel:911") < page.index("Tap a number")
    assert '<section class="numbers' not in answering.get("how/").content.decode()


def test_what_is_typed_is_there_again_with_the_same_link(open_door):
    checkin, answering = open_door
    answering.post("how/draft/", pain="7", said="it bu", version="1")

    later = Answering(answering.secret)
    later.knock()

    assert b"it bu" in later.get().content
    checkin.refresh_from_db()
    assert checkin.answers == {"pain": "7", "said": "it bu", "guardian": False}


def test_a_draft_of_another_window_is_not_overwritten(open_door):
    _checkin, answering = open_door
    answering.post("how/draft/", pain="7", version="1")

    assert answering.post("how/draft/", pain="1", version="1").status_code == 409


def test_breathlessness_after_a_point_over_the_lung_shows_the_number_first_and_calls_two_ways(by, ana, on_call):
    checkin, answering = asked(by, ana, points=("GB21",))
    answering.knock()

    answering.send(felt=["breathlessness"])

    made = Answer.objects.get(checkin=checkin)
    page = answering.get("what-to-do/").content.decode()
    assert made.level == "emergency"
    assert page.index("tel:911") < page.index("tel:206 555 0199") < page.index("Call your emergency number")
    assert {tuple(one.addresses) for one in letters_about("alarm")} == {("nina@harbor.example",), ("pager@harbor.example",)}
    assert Task.objects.get(kind="followup.answer").needs == "followup.read"
    assert Alarm.objects.get(answer=made).acknowledged_at is None


@pytest.mark.parametrize(("language", "bruises"), [
    ("en", "A bruise where the injection was"), ("es", "Un moretón en el sitio"), ("zh-hans", "注射处瘀青很常见")])
def test_beside_what_is_grave_nothing_soothes(by, on_call, language, bruises):
    """Who reads that a bruise is common may read no further, and stay at home."""
    _checkin, answering = asked(by, asked_patient(by, language=language), points=("GB21",))
    answering.knock()
    answering.send(felt=["breathlessness"], pain="2", bruise="coin")

    assert bruises in Answer.objects.get().triage  # it is kept for who treats
    assert bruises not in answering.get("what-to-do/").content.decode()


@pytest.mark.parametrize("said", ["please help", "llamen una ambulancia", "快叫救護車"])
def test_a_cry_for_help_between_ticks_that_say_nothing_shows_the_number_and_calls(by, ana, on_call, said):
    checkin, answering = asked(by, ana)
    answering.knock()

    answering.send(said=said, anything="some")

    page = answering.get("what-to-do/").content.decode()
    assert Answer.objects.get(checkin=checkin).level == "emergency"
    assert page.index("tel:911") < page.index("Call your emergency number")
    assert len(letters_about("alarm")) == 2


def test_what_cannot_be_placed_goes_to_a_person(open_door):
    checkin, answering = open_door

    answering.send(said="my elbow clicks like a frog", anything="some")

    assert Answer.objects.get(checkin=checkin).level == "call_clinic"
    assert Task.objects.get(kind="followup.answer").patient == checkin.patient


def test_an_answer_ends_the_waiting_and_the_task_of_who_was_silent(open_door):
    checkin, answering = open_door
    actions.notice_silence(checkin=checkin, now=timezone.now())

    answering.send()

    assert Job.objects.get(kind="followup.silent").outcome == Outcome.CANCELLED
    assert Task.objects.get(kind="followup.silent").state == "done"


def test_who_answers_for_a_child_is_the_guardian(by, on_call):
    child = asked_patient(by, birth_date=datetime.date(2016, 3, 14))
    patients.add_guardian(
        patient=child, by=by, fields={"name": "Eva Ruiz", "relation": "mother", "email": "eva@patients.example"})
    checkin, answering = asked(by, child)
    answering.knock(year="2016")

    assert b"checked" in answering.get().content
    answering.send(guardian="on")

    assert Answer.objects.get(checkin=checkin).said_by == "guardian"


def test_the_page_is_in_the_language_of_the_patient(by, on_call):
    _checkin, answering = asked(by, asked_patient(by, language="es"))
    answering.knock()

    assert 'lang="es"' in answering.get().content.decode()
    answering.send()
    assert "Esto es esperable" in answering.get("what-to-do/").content.decode()


def test_answers_are_frozen_rows(open_door):
    checkin, answering = open_door
    answering.send()

    for rows, change in ((Answer.objects.all(), {"level": "none"}), (CheckIn.objects.filter(pk=checkin.pk), {"typed": "{}"})):
        with pytest.raises(Error), transaction.atomic():
            rows.update(**change)


def test_a_link_of_one_patient_opens_for_no_other(by, ana, on_call):
    asked(by, ana)
    ben = asked_patient(by, "Ben Ode", birth_date=datetime.date(1990, 1, 2))
    checkin, _answering = asked(by, ben)

    with_anas = Answering(secret_of(letters_about("check-in")[0]))
    assert with_anas.knock(name="Ben", day="2", month="1", year="1990").status_code == 422
    assert not CheckIn.objects.get(pk=checkin.pk).opened_at


def test_an_old_link_is_closed(by, ana, on_call):
    checkin, answering = asked(by, ana)
    past = timezone.now() - datetime.timedelta(days=8)
    Link.objects.filter(about=str(checkin.uid)).update(made_at=past, expires_at=past + datetime.timedelta(days=7))

    assert answering.knock().status_code == 410


def test_who_sends_after_the_link_has_closed_reads_that_nobody_reads_it_and_whom_to_call(open_door):
    """The words may be that they cannot breathe."""
    checkin, answering = open_door
    past = timezone.now() - datetime.timedelta(days=8)
    Link.objects.filter(about=str(checkin.uid)).update(made_at=past, expires_at=past + datetime.timedelta(days=7))

    sent = answering.send(said="I cannot breathe", anything="some")
    assert sent.status_code == 410 and not Answer.objects.filter(checkin=checkin)
    said = ["nobody reads it", "call your emergency number now"]
    assert [one in sent.content.decode() for one in said] == [True, True]
    assert [one in answering.get().content.decode() for one in said] == [False, True]
