"""Reasons that are offered for a warning: what may be taken with one tap, and what may not."""
from __future__ import annotations

import pytest

from waterneedle import knowledge
from waterneedle.clinic.visits import asked
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


def test_what_was_not_asked_has_no_reason_ready():
    assert reasons_for(asked.RULE) == ()


@pytest.mark.parametrize("hazard", ["allergy", "consent"])
def test_what_a_patient_tolerated_or_signed_is_never_offered(hazard):
    rules = [one for one, rule in knowledge.rules().items() if rule.hazard == hazard]

    assert rules
    assert {reasons_for(one) for one in rules} == {(AGREES,)}
