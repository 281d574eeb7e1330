"""A reaction in the running visit is said at every puncture after it, and the signature knows it."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.appointments.diary import at
from clinic.patients.people import at_work, make_patient
from clinic.visits.charting import WELL, ago, day_of, make_syringe, make_visit, plan
from waterneedle.clinic.visits import actions, drafts, queries, reacted, reactions, signing
from waterneedle.clinic.visits.models import Injection
from waterneedle.clinic.visits.models_after import Outcome, Reaction, ReactionEntry
from waterneedle.clinic.visits.plan import checked
from waterneedle.clinic.visits.rows import injections_of
from waterneedle.config.demo.visits import clock_at


@pytest.fixture
def by(clinic, alice):
    return at_work(alice, clinic)


@pytest.fixture
def visit(by):
    """One given, two planned, and then the button."""
    made = make_visit(by, make_patient(by), why="knee pain")
    actions.answer_today(visit=made, answers=WELL, by=by)
    syringe = make_syringe(by, made)
    for point in ("ST36", "LI11", "GB34"):
        plan(by, made, syringe, point=point)
    actions.mark(injection=injections_of(made)[0], status="given", why="it was given", by=by)
    return made


def begin(visit, by, *signs, minutes_ago=0, end=None):
    with ago(minutes=minutes_ago):
        made = reactions.begin(patient=visit.patient, by=by)
    for sign in signs:
        reactions.note_sign(reaction=made, said=sign, by=by)
    if end:
        reactions.end(reaction=made, outcome=end, by=by)
    return made


def said(visit, **more):
    return [(one.severity, one.injections) for one in checked(visit, **more).issues if one.rule == reacted.RULE]


@pytest.mark.parametrize("signs", [(), ("nausea",), ("fainting",), ("hives",), ("breathlessness",)])
def test_while_it_lasts_it_bars_what_is_still_planned_and_nothing_that_was_in(by, visit, signs):
    assert said(visit) == []
    begin(visit, by, *signs)

    assert said(visit) == [("block", ("2", "3"))]
    with pytest.raises(drafts.Refused):
        actions.give_all(visit=visit, by=by)
    with pytest.raises(drafts.Refused):
        actions.mark(injection=injections_of(visit)[1], status="given", by=by)


@pytest.mark.parametrize(("signs", "end", "severity"), [
    (("fainting",), Outcome.WELL, "block"), (("hives",), Outcome.BETTER, "block"), (("breathlessness",), Outcome.WELL, "block"),
    (("nausea",), Outcome.AMBULANCE, "block"), (("nausea",), Outcome.WELL, "warn"), ((), Outcome.WELL, "warn"),
])
def test_once_it_is_over_a_serious_one_still_bars_and_another_asks(by, visit, signs, end, severity):
    begin(visit, by, *signs, end=end)

    assert said(visit, language="es") == [(severity, ("2", "3"))]


def test_epinephrine_makes_it_serious(by, visit):
    made = begin(visit, by)
    reactions.add_entry(reaction=made, kind=ReactionEntry.EPINEPHRINE, dose_mg=Decimal("0.3"), by=by)
    reactions.end(reaction=made, outcome=Outcome.WELL, by=by)

    assert said(visit) == [("block", ("2", "3"))]


def test_what_was_given_all_the_same_is_known_to_the_signature(by, visit):
    begin(visit, by, "fainting", end=Outcome.WELL)
    one, other = injections_of(visit)[1:]
    actions.mark(injection=one, status="given", why="given all the same", by=by)
    actions.mark(injection=other, status="not_done", why="fainted", by=by)

    assert said(visit) == [("block", ("2",))]
    assert Injection.objects.get(pk=one.pk).blocked
    assert signing.is_deviation(injections_of(visit), checked(visit))


def test_after_a_mild_one_the_signature_asks_for_a_reason(by, visit):
    begin(visit, by, "nausea", end=Outcome.WELL)
    actions.give_reason(visit=visit, rule=reacted.RULE, note="looked at, and goes on", by=by)
    for one in injections_of(visit)[1:]:
        actions.mark(injection=one, status="given", why="goes on", by=by)
    assert f"reason {reacted.RULE}" not in [gap.field for gap in signing.gaps(visit)]

    begin(visit, by, "vomiting", end=Outcome.WELL)
    plan(by, visit, visit.syringes.get(), point="SP9")
    actions.mark(injection=injections_of(visit)[-1], status="given", why="goes on", by=by)
    assert f"reason {reacted.RULE}" in [gap.field for gap in signing.gaps(visit)]


def test_what_was_in_before_is_noted_so_and_is_no_deviation(by, visit):
    made = begin(visit, by, "fainting")
    one, other = injections_of(visit)[1:]
    before = {issue.rule for issue in checked(visit).issues if issue.severity == "block"} - {reacted.RULE}
    actions.mark(injection=one, status="given", why="noted late", before_reaction=True, by=by)
    actions.mark(injection=other, status="stopped", why="fainted", by=by)

    began_at = Reaction.objects.get(pk=made.pk).began_at
    assert {row.given_at for row in injections_of(visit)[1:]} == {began_at}
    assert said(visit) == []
    assert {row.blocked for row in injections_of(visit)[1:]} == {bool(before)}


def test_what_is_stopped_while_one_from_before_the_visit_lasts_is_charted_all_the_same(by, visit):
    begin(visit, by, "nausea", minutes_ago=120)
    stopped = actions.mark(injection=injections_of(visit)[1], status="stopped", why="dizzy", by=by)

    assert stopped.is_in and stopped.blocked
    assert stopped.given_at >= visit.made_at


def test_what_is_stopped_after_one_is_over_was_not_in_before_it(by, visit):
    made = begin(visit, by, "nausea", end=Outcome.WELL)
    stopped = actions.mark(injection=injections_of(visit)[1], status="stopped", why="dizzy", by=by)

    assert stopped.given_at > Reaction.objects.get(pk=made.pk).began_at


def test_a_reaction_of_another_day_or_person_is_none_of_this_visit(by, visit):
    begin(visit, by, "fainting", minutes_ago=60 * 48)
    other = make_visit(by, make_patient(by, "Ben Soler"))
    begin(other, by, "fainting")

    assert said(visit) == []


@pytest.mark.parametrize(("clock", "found"), [("00:05", [("block", ("1",))]), ("09:00", [("block", ("1",))]), ("13:00", [])])
def test_one_before_midnight_bars_in_the_night_after_it_and_not_on_the_next_day(by, clock, found):
    today = day_of(by)
    with clock_at(at("23:30", (today - datetime.timedelta(days=1)).isoformat(), of=by.clinic)):
        visit = make_visit(by, make_patient(by), why="knee pain")
        plan(by, visit, make_syringe(by, visit))
        reactions.begin(patient=visit.patient, by=by)
    with clock_at(at(clock, today.isoformat(), of=by.clinic)):
        assert said(visit) == found


def test_a_reason_is_for_one_that_is_over_and_was_mild(by, visit):
    reaction = begin(visit, by, "nausea")

    def issue():
        return next(one for one in checked(visit).issues if one.rule == reacted.RULE)

    assert "has not ended" in issue().message
    reactions.end(reaction=reaction, outcome=Outcome.WELL, by=by)
    assert not issue().recorded
    actions.give_reason(visit=visit, rule=reacted.RULE, note="looked at", by=by)
    assert issue().recorded
    reactions.note_sign(reaction=reaction, said="hives", by=by)
    assert not issue().recorded


def test_it_is_said_in_the_visit_that_is_taken_up_after_it_began_in_another(by, visit):
    begin(visit, by, "hives", end=Outcome.WELL)
    again = make_visit(by, visit.patient)
    plan(by, again, make_syringe(by, again))

    assert said(again) == [("block", ("1",))]


def test_the_page_says_it_and_lets_it_be_noted_as_before(client_of, alice, by, visit):
    begin(visit, by, "fainting")
    browser, where = client_of(alice), {"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid}
    page = browser.get(reverse("visits:visit", kwargs=where)).content.decode()
    assert page.count('name="before_reaction"') == 2

    one = injections_of(visit)[1]
    actions.mark(injection=injections_of(visit)[2], status="not_done", why="fainted", by=by)
    mark = reverse("visits:mark", kwargs=where | {"injection": one.uid})
    browser.post(mark, {"status": "given", "why": "noted late", "before_reaction": "1"})
    assert Injection.objects.get(pk=one.pk).given_at == Reaction.objects.get().began_at


def test_who_never_reacted_costs_no_statement_more(by, visit):
    read = queries.visit_of(by.clinic, visit.patient, visit.uid)
    with CaptureQueriesContext(connection, ) as found:
        checked(read)

    asked = [one["sql"] for one in found.captured_queries if "stock_kitcheck" not in one["sql"]]  # which asks what a kit lost
    assert not any("visits_reaction" in one for one in asked)
