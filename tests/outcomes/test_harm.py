"""The boundary at which a trial is stopped for harm."""

from __future__ import annotations

import pytest
from scipy import stats

from waterneedle.outcomes.harm import Boundary, fewest_that_stop, is_crossed


@pytest.mark.parametrize(("events", "stops"), [(0, False), (1, False), (2, True)])
def test_a_number_of_events_stops(events, stops):
    assert is_crossed(Boundary(most_events=1), events=events, treatments=100) is stops


@pytest.mark.parametrize("treatments", [1, 5, 20, 80])
@pytest.mark.parametrize("rate", [0.01, 0.05, 0.2])
def test_a_rate_stops_at_the_exact_tail_of_the_binomial(rate, treatments):
    found = fewest_that_stop(Boundary(acceptable_rate=rate, alpha=0.05), treatments=treatments)
    tails = [float(stats.binom.sf(events - 1, treatments, rate)) for events in range(1, treatments + 1)]

    assert found == next((events for events, tail in enumerate(tails, 1) if tail <= 0.05), None)


def test_nothing_has_happened_and_nothing_stops():
    assert not is_crossed(Boundary(most_events=0, acceptable_rate=0.1), events=0, treatments=0)


def test_several_events_after_one_treatment_are_beyond_any_small_rate():
    assert is_crossed(Boundary(acceptable_rate=0.01), events=3, treatments=1)
