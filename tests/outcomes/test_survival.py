"""Kaplan and Meier from counts, beside lifelines on the same people and a trial whose curve can be worked out by hand."""
from __future__ import annotations

import lifelines
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lifelines.utils import median_survival_times

from waterneedle.outcomes.survival import Counts, counted, kaplan_meier

# Weeks of remission under 6-mercaptopurine, + still in remission: Freireich and others, Blood 1963;21:699-716,
# doi 10.1182/blood.V21.6.699.699
MERCAPTOPURINE = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+".split()
BY_HAND = {6: 18 / 21, 7: 16 / 17, 10: 14 / 15, 13: 11 / 12, 16: 10 / 11, 22: 6 / 7, 23: 5 / 6}  # what each step leaves

WEEKS = [int(one.rstrip("+")) for one in MERCAPTOPURINE]
RELAPSED = [not one.endswith("+") for one in MERCAPTOPURINE]

people = st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=60)


def test_the_remissions_under_mercaptopurine_fall_as_worked_out_by_hand():
    curve, left = kaplan_meier(counted(WEEKS, RELAPSED)), 1.0
    for week, step in BY_HAND.items():
        left *= step
        assert curve.at(week)[0] == pytest.approx(left, abs=1e-12)

    assert curve.median[0] == 23


@settings(max_examples=60, deadline=None)
@given(people)
def test_curve_and_interval_are_those_of_lifelines(followed):
    durations, observed = zip(*followed, strict=True)

    curve = kaplan_meier(counted(durations, observed))

    theirs = lifelines.KaplanMeierFitter().fit(durations, observed)
    at = curve.counts.times
    assert curve.survival == pytest.approx(theirs.survival_function_.loc[at, "KM_estimate"].to_numpy(), abs=1e-10)
    interval = theirs.confidence_interval_.loc[at].to_numpy()
    alive = curve.survival > 1e-12
    assert curve.low[alive] == pytest.approx(interval[alive, 0], abs=1e-10)
    assert curve.high[alive] == pytest.approx(interval[alive, 1], abs=1e-10)


@settings(max_examples=40, deadline=None)
@given(people)
def test_median_is_that_of_lifelines(followed):
    durations, observed = zip(*followed, strict=True)

    curve = kaplan_meier(counted(durations, observed))

    assume(not np.isclose(curve.survival, 0.5).any())  # lifelines adds logarithms up: its half may be a hair above a half
    theirs = lifelines.KaplanMeierFitter().fit(durations, observed).median_survival_time_
    assert (np.inf if curve.median[0] is None else curve.median[0]) == theirs


def test_median_of_an_exact_half_is_there():
    assert kaplan_meier(counted([1] * 6, [True, False] * 3)).median[0] == 1


@given(people)
def test_whole_numbers_are_counted_as_fractions_are(followed):
    durations, observed = zip(*followed, strict=True)

    whole, fractions = counted(durations, observed), counted(np.array(durations, dtype=float), observed)

    for name in ("times", "events", "censored"):
        assert getattr(whole, name).tolist() == getattr(fractions, name).tolist()


def test_limits_of_the_median_are_where_the_interval_crosses_it():
    fitted = lifelines.KaplanMeierFitter().fit(WEEKS, RELAPSED)

    found = kaplan_meier(counted(WEEKS, RELAPSED)).median

    assert found == (23.0, *_of(median_survival_times(fitted.confidence_interval_)))


def test_greenwoods_variance_is_the_binomial_one_where_nobody_left_early():
    curve = kaplan_meier(counted([1, 2, 3, 4], [True, True, True, False]))

    assert curve.variance.tolist() == pytest.approx([share * (1 - share) / 4 for share in (0.75, 0.5, 0.25, 0.25)])


def test_nothing_is_said_beyond_the_last_who_was_followed():
    curve = kaplan_meier(counted([1, 5], [True, False]))

    assert (curve.at(0), curve.at(5.5), curve.had_it_by(1)[0]) == ((1, 1, 1), None, 0.5)


def test_nobody_gives_no_curve_and_no_median():
    curve = kaplan_meier(counted([], []))

    assert (curve.counts.people, curve.at(1), curve.median) == (0, None, (None, None, None))


def test_counts_must_rise_and_not_be_negative():
    one = np.array([1])
    with pytest.raises(ValueError):
        Counts(np.array([2, 1]), np.array([1, 1]), np.array([0, 0]))
    with pytest.raises(ValueError):
        Counts(one, -one, one)


def _of(limits):
    return tuple(None if np.isinf(one) else float(one) for one in limits.iloc[0])
