"""An injection was stopped, and others went in after it: that is asked until it is answered."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.visits.charting import WELL, ago, make_ready_patient, make_syringe, make_visit, plan
from clinic.visits.test_signing import sign
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.visits import actions, signing, stopped
from waterneedle.clinic.visits.plan import checked
from waterneedle.safety.issues import SEVERITIES

CHECK = stopped.OF_THE_CHECK


@pytest.fixture
def visit(by):
    """The first of three was stopped a minute ago."""
    made = make_visit(by, make_ready_patient(by), why="knee pain")
    actions.answer_today(visit=made, answers=WELL, by=by)
    syringe = make_syringe(by, made)
    first = plan(by, made, syringe)
    for point in ("ST36", "LI11"):
        plan(by, made, syringe, point, side="right")
    with ago(minutes=1):
        actions.mark(injection=first, status="stopped", why="sharp pain", by=by)
    return made


def warned(visit, rule=stopped.RULE):
    return [(one.injections, one.recorded) for one in checked(visit).issues if one.rule == rule]


def test_it_is_asked_after_all_are_given_and_until_it_is_answered(by, visit, alice, client_of):
    assert (warned(visit, CHECK), warned(visit)) == ([(("1",), False)], [])
    where = {"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid}

    client_of(alice).post(reverse("visits:mark_all", kwargs=where))
    assert (warned(visit, CHECK), warned(visit)) == ([], [(("2", "3"), False)])
    assert [gap.field for gap in signing.gaps(visit)] == [f"reason {stopped.RULE}"]
    assert checked(visit).verdict == "warn"
    assert "sharp pain" in client_of(alice).get(reverse("visits:visit", kwargs=where)).content.decode()

    actions.give_reason(visit=visit, rule=stopped.RULE, note="a nerve, needle moved, no pain since", by=by)
    assert warned(visit) == [(("2", "3"), True)]
    assert sign(visit, by).stood["asked"] == [stopped.RULE]


def test_what_was_answered_while_they_were_planned_counts(by, visit):
    actions.give_reason(visit=visit, rule=CHECK, note="a nerve, needle moved, no pain since", by=by)
    actions.give_all(visit=visit, by=by)

    assert warned(visit) == [(("2", "3"), True)]


@pytest.mark.parametrize("seconds", [None, 30])
def test_an_answer_from_before_another_was_stopped_does_not(by, visit, seconds):
    """Nor does one from before that was noted, some time after it was."""
    at = None if seconds is None else timezone.now() - datetime.timedelta(seconds=seconds)
    actions.give_reason(visit=visit, rule=CHECK, note="a nerve, needle moved, no pain since", by=by)
    _first, second, third = visit.injections.order_by("seq")
    actions.mark(injection=second, status="stopped", why="faint", at=at, by=by)
    actions.mark(injection=third, status="given", by=by)

    assert warned(visit) == [(("2", "3"), False)]


def test_while_something_is_planned_the_check_alone_asks_and_what_was_stopped_last_is_followed_by_nothing(by, visit):
    _first, second, third = visit.injections.order_by("seq")
    actions.mark(injection=second, status="given", why="had gone in", by=by)
    assert (warned(visit, CHECK), warned(visit)) == ([(("1",), False)], [])

    actions.mark(injection=third, status="stopped", why="faint", by=by)
    assert (warned(visit, CHECK), warned(visit)) == ([], [(("2", "3"), False)])
    (message,) = [one.message for one in checked(visit).issues if one.rule == stopped.RULE]
    assert ("sharp pain" in message, "faint" in message) == (True, False)


def test_what_was_in_before_is_not_meant(by, visit):
    with ago(minutes=2):
        actions.give_all(visit=visit, by=by)

    assert warned(visit) == []


def test_what_bars_a_needle_stands_before_it(by, visit):
    actions.give_all(visit=visit, by=by)
    patients.add_fact(patient=visit.patient, kind="condition", said="lymphedema of the right arm", by=by)

    found = checked(visit).issues
    severities = [one.severity for one in found]
    assert severities == sorted(severities, key=SEVERITIES.index) and severities[0] == "block"
    assert next(one for one in found if one.severity == "warn").rule == stopped.RULE
