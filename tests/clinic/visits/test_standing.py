"""Which answers to a warning are kept for later visits."""

from __future__ import annotations

import pytest

from waterneedle import knowledge
from waterneedle.clinic.visits.standing import STANDING, may_be_kept
from waterneedle.safety.rules import RULES


def test_what_may_be_kept_is_a_rule_of_the_check():
    assert {rule.__name__ for rule in RULES} >= STANDING


@pytest.mark.parametrize("rule", [
    "anticoagulant", "antiplatelet", "allergy", "lymphoedema", "immunosuppression", "lung_disease", "bleeding_disorder"])
def test_a_fact_of_the_patient_is_answered_once(rule):
    assert may_be_kept(rule)


OF_THIS_NEEDLE = {"after", "consent", "container", "cord", "depth", "dose", "faint", "heart", "identity", "mixture", "organ",
                  "pregnancy", "route", "site", "skin", "vessel", "volume"}


@pytest.mark.parametrize("rule", [
    *(one for one, rule in sorted(knowledge.rules().items()) if rule.hazard in OF_THIS_NEEDLE),
    "medications_known", "pleura_depth", "eye_depth", "infection", "new_medicines", "first_dose", "a rule of tomorrow"])
def test_what_nobody_has_found_to_be_standing_is_asked_for_each_time(rule):
    assert not may_be_kept(rule)
