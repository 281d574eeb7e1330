"""The clinic's own rules beside those of the check: their names, which signed documents hold, and what each does to a verdict."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from clinic.visits.charting import WELL, ago, make_ready_patient, make_syringe, make_vial, make_visit, plan
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.visits import actions, ours, reactions
from waterneedle.clinic.visits.models import Syringe
from waterneedle.clinic.visits.plan import assessed, checked
from waterneedle.clinic.visits.rows import read
from waterneedle.safety.rules import RULES


@pytest.fixture
def visit(by):
    """Nothing is wrong with it."""
    made = make_visit(by, make_ready_patient(by), why="knee pain")
    actions.answer_today(visit=made, answers=WELL, by=by)
    plan(by, made, make_syringe(by, made))
    assert [one for one in checked(made).issues if one.severity != "note"] == [] and checked(made).verdict == "ok"
    return made


def unasked(by, visit):
    actions.answer_today(visit=visit, answers={"eaten": None}, by=by)


def past_its_hour(by, visit, hours=2):
    drawn = timezone.now() - datetime.timedelta(hours=hours)
    Syringe.objects.update(drawn_at=drawn, discard_at=drawn + datetime.timedelta(hours=1))


def reacted(by, visit, outcome="well"):
    with ago(minutes=1):
        made = reactions.begin(patient=visit.patient, by=by)
    if outcome:
        reactions.end(reaction=made, outcome=outcome, at=timezone.now(), by=by)


def withheld(by, visit):
    stock.decide(lot=visit.syringes.get().contents[0].vial.lot, status="recalled", why="letter of the maker", by=by)


def test_a_rule_keeps_its_name_for_signed_documents_and_answers_hold_it():
    assert set(ours.RULES) == {
        "asked_today", "syringe_hour", "given_before_drawn", "reacted_today", "given_after_a_stop", "lot_withheld"}
    assert {one.__name__ for one in RULES}.isdisjoint(ours.RULES)
    assert all(ours.title(one) for one in ours.RULES) and ours.title("consent") == ""


@pytest.mark.parametrize(("happens", "rule", "verdict"), [
    (unasked, "asked_today", "warn"),
    (past_its_hour, "syringe_hour", "warn"),
    (lambda by, visit: past_its_hour(by, visit, 4.1), "syringe_hour", "block"),
    (reacted, "reacted_today", "warn"),
    (lambda by, visit: reacted(by, visit, ""), "reacted_today", "block"),
    (withheld, "lot_withheld", "block"),
])
def test_one_of_them_alone_makes_the_verdict(by, visit, happens, rule, verdict):
    happens(by, visit)
    found = checked(visit)

    assert [(one.rule, one.severity) for one in found.issues if one.severity != "note"] == [(rule, verdict)]
    assert found.verdict == verdict


@pytest.mark.parametrize("happens", [unasked, past_its_hour, reacted])
def test_a_warning_takes_no_block_away(by, visit, happens):
    actions.answer_today(visit=visit, answers={"fever_or_infection": True}, by=by)
    assert checked(visit).verdict == "block"

    happens(by, visit)
    assert checked(visit).verdict == "block"
    assert {one.rule for one in checked(visit).issues} & set(ours.RULES)


def test_a_needle_alone_and_what_was_not_done_have_no_hour(by, visit):
    past_its_hour(by, visit)
    actions.mark(injection=visit.injections.get(), status="not_done", why="no wish", by=by)
    actions.add(visit=visit, sites=[actions.Site(point="LI4", side="left")], by=by, depth_mm=10, skin="intact")

    assert "syringe_hour" not in {one.rule for one in checked(visit).issues}


def test_two_lots_that_are_withheld_are_two_blocks(by, visit):
    other = make_vial(by, number="0999", name="Other B12")
    plan(by, visit, make_syringe(by, visit, vial=other), "LI11")
    for syringe in visit.syringes.all():
        stock.decide(lot=syringe.contents[0].vial.lot, status="quarantined", why="cloudy", by=by)

    issues = [one for one in checked(visit).issues if one.rule == "lot_withheld"]
    assert sorted(one.injections for one in issues) == [("1",), ("2",)]


@pytest.mark.parametrize("language", ["en", "es", "zh-hans"])
@pytest.mark.parametrize(("happens", "rule"), [
    (unasked, "asked_today"), (past_its_hour, "syringe_hour"), (reacted, "reacted_today"),
    (lambda by, visit: reacted(by, visit, ""), "reacted_today"), (withheld, "lot_withheld"),
])
def test_each_says_where_it_comes_from_and_what_was_judged_is_said_in_the_readers_words(by, visit, happens, rule, language):
    happens(by, visit)

    (issue,) = [one for one in assessed(read(visit), language=language).issues if one.rule == rule]

    assert all(one.title and (one.url or one.certainty == "judgement") for one in issue.sources)
    (judged,) = [one.title for one in issue.sources if one.id == "waterneedle-judgement"]
    of_a_fact = "Judgement of the authors"  # that of a rule on file, which is named in English
    of_ours = {"en": "Rule of this system", "es": "Regla de este sistema", "zh-hans": "本系统的规则"}[language]
    assert judged.startswith((of_a_fact, of_ours))
    assert judged.startswith(of_a_fact) == (rule == "reacted_today" and issue.severity == "block")


def test_what_is_asked_has_the_sources_of_what_its_answer_may_raise(by, visit):
    unasked(by, visit)

    (issue,) = [one for one in checked(visit).issues if one.rule == "asked_today"]

    assert {one.id for one in issue.sources} == {"waterneedle-judgement", "sr535-2023-evidence-map"}
