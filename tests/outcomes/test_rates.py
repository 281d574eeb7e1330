"""Rates with the exact interval of Clopper and Pearson."""
from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterneedle.outcomes.rates import at_least, rate


def test_the_worked_example_of_scipy():
    # https://docs.scipy.org/doc/scipy/reference/generated/scipy.stats._result_classes.BinomTestResult.proportion_ci.html
    found = rate(7, 50)

    assert (found.share, found.low, found.high) == pytest.approx((0.14, 0.05819170033997342, 0.26739600249700846), abs=1e-9)


@pytest.mark.parametrize("of", [1, 10, 300])
def test_no_event_and_nothing_but_events_have_the_closed_limits(of):
    """0 of n goes up to 1 - (alpha / 2)^(1 / n), and n of n down to (alpha / 2)^(1 / n)."""
    assert (rate(0, of).low, rate(0, of).high) == pytest.approx((0, 1 - 0.025 ** (1 / of)), abs=1e-12)
    assert (rate(of, of).low, rate(of, of).high) == pytest.approx((0.025 ** (1 / of), 1), abs=1e-12)


def test_of_nothing_there_is_no_rate():
    assert rate(0, 0) is None


@pytest.mark.parametrize(("events", "of"), [(-1, 5), (6, 5), (1, 0)])
def test_more_events_than_were_counted_are_a_mistake(events, of):
    with pytest.raises(ValueError):
        rate(events, of)


@given(st.integers(1, 200).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_each_limit_leaves_half_of_the_rest_beyond_it(counted):
    events, of = counted
    found = rate(events, of)

    assert 0 <= found.low <= found.share <= found.high <= 1
    if events:
        assert at_least(events, of, found.low) == pytest.approx(0.025, rel=1e-6)
    if events < of:
        assert 1 - at_least(events + 1, of, found.high) == pytest.approx(0.025, rel=1e-6)


@given(st.integers(1, 40), st.integers(0, 41), st.floats(0.01, 0.99))
def test_the_tail_is_that_of_the_binomial_distribution(of, events, share):
    exact = sum(comb(of, n) * share**n * (1 - share) ** (of - n) for n in range(events, of + 1))

    assert at_least(events, of, share) == pytest.approx(exact, abs=1e-12)


def test_a_million_are_as_good_as_fifty():
    found = rate(1200, 1_000_000)

    assert found.low == pytest.approx(0.0011330, rel=1e-3) and found.high == pytest.approx(0.0012698, rel=1e-3)
