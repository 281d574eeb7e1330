"""A reaction in the running visit is said at every puncture after it, and the signature knows it."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from clinic.appointments.diary import at
from clinic.patients.people import make_patient
from clinic.visits.charting import WELL, ago, day_of, make_ready_patient, make_syringe, make_visit, plan
from waterneedle.clinic.visits import actions, drafts, queries, reacted, reactions, signing, signs
from waterneedle.clinic.visits.models import Injection
from waterneedle.clinic.visits.models_after import Outcome, Reaction, ReactionEntry
from waterneedle.clinic.visits.plan import checked
from waterneedle.clinic.visits.rows import injections_of
from waterneedle.config.demo.visits import clock_at


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
    (("nausea",), Outcome.AMBULANCE, "block"), (("nausea",), Outcome.WELL, "warn"), (("nausea",), Outcome.BETTER, "warn"),
    ((), Outcome.WELL, "warn"),
])
def test_once_it_is_over_a_serious_one_still_bars_and_another_asks(by, visit, signs, end, severity):
    begin(visit, by, *signs, end=end)

    assert said(visit) == [(severity, ("2", "3"))]


def test_a_needle_that_broke_is_tapped_like_a_sign_and_ends_what_was_planned_for_the_day(by, visit):
    assert signs.is_sign("needle-broken")
    begin(visit, by, "needle-broken", end=Outcome.WELL)

    assert said(visit) == [("block", ("2", "3"))]


@pytest.mark.parametrize("help_", [
    {"kind": ReactionEntry.EPINEPHRINE, "dose_mg": Decimal("0.3")}, {"kind": ReactionEntry.EMERGENCY_CALL}])
def test_epinephrine_or_a_call_for_help_makes_it_serious(by, visit, help_):
    made = begin(visit, by)
    reactions.add_entry(reaction=made, by=by, **help_)
    reactions.end(reaction=made, outcome=Outcome.WELL, by=by)

    assert said(visit) == [("block", ("2", "3"))]


@pytest.mark.parametrize("language", ["en", "es", "zh-hans", None])
def test_it_says_what_was_seen_and_how_grave_it_is_in_the_language_that_is_asked_for(by, visit, language):
    def words():
        (issue,) = (one for one in checked(visit, language=language).issues if one.rule == reacted.RULE)
        return issue.message, issue.remedy

    with translation.override("fr"):
        made = begin(visit, by)
        reactions.add_entry(reaction=made, kind=ReactionEntry.NOTE, said="lay down", by=by)
        undescribed = words()
        reactions.note_sign(reaction=made, said="nausea", by=by)
        lasting = words()
        reactions.end(reaction=made, outcome=Outcome.WELL, by=by)
        over = words()
        reactions.note_sign(reaction=made, said="hives", by=by)
        serious = words()

    with translation.override(language or "en"):
        nausea, hives, nothing = signs.in_words("nausea"), signs.in_words("hives"), translation.gettext("not described")
    assert all(one in found[0] for one, found in ((nothing, undescribed), (nausea, lasting), (nausea, over), (hives, serious)))
    assert not any("lay down" in found[0] for found in (undescribed, lasting, over, serious))
    assert len({found[1] for found in (lasting, over, serious)}) == 3


@pytest.mark.parametrize(("first", "last", "severity"), [
    (Outcome.AMBULANCE, Outcome.WELL, "warn"), (Outcome.WELL, Outcome.AMBULANCE, "block")])
def test_of_its_outcomes_the_last_word_counts(by, visit, first, last, severity):
    made = begin(visit, by, "nausea", end=first)
    reactions.end(reaction=made, outcome=last, corrects=True, by=by)

    assert said(visit) == [(severity, ("2", "3"))]


@pytest.mark.parametrize(("fever", "end", "verdict"), [
    (False, None, "block"), (False, Outcome.AMBULANCE, "block"), (False, Outcome.WELL, "warn"), (True, Outcome.WELL, "block")])
def test_the_verdict_is_never_milder_than_what_it_is_made_of(by, fever, end, verdict):
    visit = make_visit(by, make_ready_patient(by), why="knee pain")
    actions.answer_today(visit=visit, answers=WELL | {"fever_or_infection": fever}, by=by)
    plan(by, visit, make_syringe(by, visit))
    assert checked(visit).verdict == ("block" if fever else "ok")
    begin(visit, by, "nausea", end=end)

    assert checked(visit).verdict == verdict


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


def test_of_two_reactions_what_was_in_before_is_of_the_first_and_what_is_stopped_of_the_one_that_lasts(by, visit):
    first, second, third = (reactions.stamp(patient=visit.patient, by=by, visit=visit, at=timezone.now()) for _ in range(3))
    reactions.end(reaction=first, outcome=Outcome.WELL, by=by)
    one, other = injections_of(visit)[1:]
    stopped = actions.mark(injection=other, status="stopped", why="dizzy", by=by)
    before = actions.mark(injection=one, status="given", why="noted late", before_reaction=True, by=by)

    assert first.began_at < second.began_at < third.began_at
    assert (before.given_at, stopped.given_at) == (first.began_at, third.began_at)


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


@pytest.mark.parametrize(("zone", "began", "clock", "found"), [
    # The one day of the clinic is two of UTC, and the other way round: west of it and east.
    ("Pacific/Honolulu", "08:00", "23:00", [("block", ("1",))]), ("Pacific/Auckland", "00:30", "14:00", [("block", ("1",))]),
    ("Pacific/Honolulu", "-1 22:00", "11:00", []), ("Pacific/Auckland", "-1 22:00", "11:00", []),
])
def test_its_day_is_that_of_the_clinic(by, zone, began, clock, found):
    by.clinic.zone = zone
    by.clinic.save()
    *before, began = began.split()
    day = datetime.date(2026, 11, 24)
    with clock_at(at(began, (day - datetime.timedelta(days=len(before))).isoformat(), of=by.clinic)):
        visit = make_visit(by, make_patient(by), why="knee pain")
        plan(by, visit, make_syringe(by, visit))
        reactions.begin(patient=visit.patient, by=by)
    with clock_at(at(clock, day.isoformat(), of=by.clinic)):
        assert said(visit) == found


def test_a_visit_that_is_written_down_later_is_judged_by_when_it_was(by):
    """What is still planned in it went in before the reaction, as the paper says."""
    patient = make_patient(by)
    with ago(minutes=30):
        then = timezone.now()
    before, after = (make_visit(by, patient, happened_at=then + datetime.timedelta(minutes=late)) for late in (-30, 10))
    for one in (before, after):
        plan(by, one, make_syringe(by, one))
    reactions.stamp(patient=patient, by=by, at=then)

    assert (said(before), said(after)) == ([], [("block", ("1",))])


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
