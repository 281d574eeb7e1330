"""When an event began: what a visit and an answer prove, what the patient says of it, and never a moment that nobody named."""

from __future__ import annotations

import datetime
import json
import re

import pytest
from django.utils import timezone

from clinic.followup.following import DAY, HOUR, REPORT, Answering, asked, letters_about, secret_of, signed_visit
from waterneedle.clinic.followup import actions, actions_events, medwatch, queries_events
from waterneedle.clinic.followup.models import Answer
from waterneedle.clinic.followup.onset import Onset, between, onset_of
from waterneedle.clinic.followup.sites import given_at
from waterneedle.clinic.patients.queries import header, today_in
from waterneedle.clinic.web import words
from waterneedle.config.demo.visits import clock_at

TEN = datetime.time(10)


@pytest.fixture
def answered_after(by, ana, on_call):
    """An answer to a check-in at ten in the morning, some days after the visit, with what is tapped beside pain and bruise."""

    def answer(days: int, **tapped: str) -> Answer:
        zone = ana.clinic.tzinfo
        later = datetime.datetime.combine(today_in(ana.clinic) + days * DAY, TEN, zone)
        visit = signed_visit(by, ana)
        with clock_at(later):
            checkin = actions.ask(visit=visit, kind="weeks", week=4, now=later)
            answering = Answering(secret_of(letters_about("check-in")[-1]))
            answering.knock()
            sent = answering.send(felt="nodule", **tapped)
        assert sent.status_code == 302
        return Answer.objects.get(checkin=checkin)

    return answer


def reported(by, answer, **more):
    event = actions_events.report(patient=answer.patient, by=by, visit=answer.visit, answer=answer, **REPORT | more)
    return event, queries_events.versions_of(event)[0]


def dates_of(event, version, by):
    made = medwatch.document_of(event, version, reporter=by, today=today_in(event.clinic))
    about = json.loads(medwatch.as_json(made))["B_event"]
    return [about[f"3_event_date{which}"] for which in ("", "_not_before", "_not_after")]


def test_an_answer_proves_after_the_visit_and_by_the_answer(by, answered_after):
    answer = answered_after(28)

    assert onset_of(*reported(by, answer)) == Onset(None, given_at(answer.visit).ended_at, answer.answered_at)


@pytest.mark.parametrize("since, first, last", [
    ("days_2", 26, 28), ("days_7", 21, 25), ("weeks_2", 14, 20), ("weeks_4", 0, 13), ("unsure", 0, 28)])
def test_for_how_long_moves_both_ends_closer(answered_after, since, first, last):
    answer = answered_after(28, since=since)

    onset = Onset(None, *between(visit=answer.visit, answer=answer, written_at=timezone.now()))

    day = answer.visit.day
    assert onset.days(answer.patient.clinic.tzinfo) == (day + first * DAY, day + last * DAY)
    assert onset.in_days == (since != "unsure")


def test_a_complaint_of_before_the_visit_moves_nothing_closer(answered_after):
    answer = answered_after(3)
    answer.since = "longer"  # as a form of another day could have had it; the row itself is frozen

    assert between(visit=answer.visit, answer=answer, written_at=timezone.now()) == (
        given_at(answer.visit).ended_at, answer.answered_at, False)


def test_the_report_says_what_is_known_and_fills_in_no_moment(by, ana, alice, answered_after, client_of):
    answer = answered_after(28, since="days_7")

    page = client_of(alice).get(f"/c/{ana.clinic.slug}/followup/patients/{ana.uid}/events/new/?answer={answer.uid}")

    field = re.search(r'<input type="datetime-local" name="onset_at"[^>]*>', page.content.decode())[0]
    days = {"first": answer.visit.day + 21 * DAY, "last": answer.visit.day + 25 * DAY}
    known = f"from {words.day(days['first'])} to {words.day(days['last'])}"
    assert "value=" not in field and known in page.content.decode() and "3 to 7 days" in page.content.decode()


def test_the_page_of_an_event_says_between_which_moments(by, ana, alice, answered_after, client_of):
    answer = answered_after(28)
    event, version = reported(by, answer)

    page = client_of(alice).get(f"/c/{ana.clinic.slug}/followup/patients/{ana.uid}/events/{event.uid}/").content.decode()

    with timezone.override(ana.clinic.tzinfo):
        assert onset_of(event, version).words in page


def test_the_form_for_the_authority_has_a_date_only_where_the_day_is_known(by, answered_after):
    answer = answered_after(28)
    day = answer.visit.day
    event, version = reported(by, answer)
    assert dates_of(event, version, by) == [None, str(day), str(day + 28 * DAY)]

    named = actions_events.amend(
        event=event, why="asked by telephone", by=by, **REPORT | {"onset_at": given_at(answer.visit).ended_at + 9 * DAY})
    assert dates_of(event, named, by) == [str(day + 9 * DAY)] * 3


def test_a_day_that_visit_and_answer_share_is_the_day(by, ana):
    zone = ana.clinic.tzinfo
    visit = signed_visit(by, ana)
    noon = datetime.datetime.combine(visit.day, datetime.time(12), zone)
    same, other = Onset(None, noon, noon + 4 * HOUR), Onset(None, noon, noon + 24 * HOUR)

    assert (same.days(zone), other.days(zone)) == ((visit.day, visit.day), (visit.day, visit.day + DAY))


def test_what_the_chart_reports_began_by_the_report(by, ana):
    visit = signed_visit(by, ana)
    event = actions_events.report(patient=ana, by=by, visit=visit, **REPORT)

    assert onset_of(event, event.versions.get()) == Onset(None, given_at(visit).ended_at, event.made_at)
    alone = actions_events.report(patient=ana, by=by, **REPORT)
    assert onset_of(alone, alone.versions.get()) == Onset(None, None, alone.made_at)


def test_in_the_first_days_nobody_is_asked_for_how_long(by, ana, on_call):
    _checkin, answering = asked(by, ana)
    answering.knock()

    page = answering.get().content.decode()

    assert 'name="pain"' in page and 'name="since"' not in page


def test_nobody_has_to_say_for_how_long(answered_after):
    assert answered_after(28).since == ""


def test_longer_than_the_visit_lies_back_is_not_offered(by, ana, on_call):
    visit = signed_visit(by, ana)
    later = timezone.now() + 5 * DAY
    with clock_at(later):
        actions.ask(visit=visit, kind="weeks", week=4, now=later)
        answering = Answering(secret_of(letters_about("check-in")[-1]))
        answering.knock()
        page = answering.get().content.decode()

    assert re.findall(r'name="since" value="(\w+)"', page) == ["days_2", "days_7", "unsure"]


def test_the_next_chart_dates_a_reaction_by_the_day_on_which_it_was_there(by, ana, answered_after):
    answer = answered_after(28)
    with clock_at(answer.answered_at + 3 * DAY):
        reported(by, answer)

    with timezone.override(ana.clinic.tzinfo):
        assert words.day(answer.answered_at) in header(ana, by).last_reaction
