"""Which answers to a warning are kept for later visits."""

from __future__ import annotations

import pytest

from waterneedle.clinic.visits.standing import STANDING, may_be_kept
from waterneedle.safety.rules import RULES


def test_what_may_be_kept_is_a_rule_of_the_check():
    assert {rule.__name__ for rule in RULES} >= STANDING


@pytest.mark.parametrize("rule", ["medications_known", "pleura_depth", "expiry", "consent", "side", "a rule of tomorrow"])
def test_what_nobody_has_found_to_be_standing_is_asked_for_each_time(rule):
    assert not may_be_kept(rule)
