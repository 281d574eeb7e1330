"""Reasons that are offered for a warning: what may be taken with one tap, and what may not."""
from __future__ import annotations

import pytest

from waterneedle import knowledge
from waterneedle.clinic.visits import asked, hour, reacted, stopped
from waterneedle.clinic.visits.reasons import reasons_for

AGREES = "Talked over with the patient, who agrees"


@pytest.mark.parametrize("rule", sorted(knowledge.rules()))
def test_at_most_three_are_offered_and_none_twice(rule):
    offered = reasons_for(rule)

    assert len(offered) <= 3
    assert len(set(offered)) == len(offered)


def test_no_patient_agrees_to_skin_that_nobody_has_looked_at():
    assert AGREES not in reasons_for("skin")
    assert AGREES in reasons_for("anticoagulant")


@pytest.mark.parametrize("rule", ["needle_length", "volume_missing"])
def test_a_slip_is_set_right_and_has_no_reason_ready(rule):
    assert rule in knowledge.rules()
    assert reasons_for(rule) == ()


@pytest.mark.parametrize("rule", [asked.RULE, stopped.RULE, stopped.OF_THE_CHECK])
def test_what_was_not_asked_or_found_out_has_no_reason_ready(rule):
    assert reasons_for(rule) == ()


@pytest.mark.parametrize("rule", [hour.RULE, reacted.RULE])
def test_of_what_the_clinic_itself_says_one_reason_is_ready_and_nobody_agrees_to_it(rule):
    offered = reasons_for(rule)

    assert len(offered) == 1 and AGREES not in offered


@pytest.mark.parametrize(("rule", "done"), [
    ("anticoagulant", "pressure"), ("pleura_depth", "fingers"), ("heart_depth", "fingers"), ("cord_depth", "fingers"),
    ("eye_depth", "fingers"), ("organ_depth", "fingers"), ("vessel_depth", "fingers"), ("certificate", "Papers"),
    ("strength", "Label read"), ("mixture", "Label read"), ("route", "Label read"), ("volume_per_point", "Label read"),
    ("beyond_use", "Label read"), ("lymphoedema", "Looked at"), ("immunosuppression", "Looked at"), ("pregnancy", "Asked again"),
])
def test_what_was_done_about_it_is_offered_beside_that_the_patient_agrees(rule, done):
    first, second = reasons_for(rule)

    assert rule in knowledge.rules()
    assert (done in first, second) == (True, AGREES)


def test_no_paper_and_no_patient_stands_in_for_an_emergency_kit():
    offered = reasons_for("emergency_kit")

    assert len(offered) == 1
    assert AGREES not in offered and "Papers" not in offered[0]


@pytest.mark.parametrize("hazard", ["allergy", "consent"])
def test_what_a_patient_tolerated_or_signed_is_never_offered(hazard):
    rules = [one for one, rule in knowledge.rules().items() if rule.hazard == hazard]

    assert rules
    assert {reasons_for(one) for one in rules} == {(AGREES,)}
