"""Cox with Efron's ties from counts, beside lifelines on the same people, and a published trial."""
from __future__ import annotations

import warnings

import lifelines
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from waterneedle.outcomes import cox

# Weeks of remission, + still in remission: Freireich and others, Blood 1963;21:699-716, doi 10.1182/blood.V21.6.699.699
MERCAPTOPURINE = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+".split()
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23".split()


def one_by_one(durations, observed, covariates):
    observed = np.asarray(observed, dtype=int)
    return cox.rows_of(durations, observed, 1 - observed, covariates)


def lifelines_fit(durations, observed, covariates, **options):
    names = [f"x{column}" for column in range(covariates.shape[1])]
    frame = pd.DataFrame(covariates, columns=names).assign(duration=durations, observed=observed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return lifelines.CoxPHFitter().fit(frame, "duration", "observed", fit_options={"precision": 1e-10} | options)


def invented(rng, people, *, times, columns=2):
    covariates = np.column_stack([rng.integers(0, 4, people) for _column in range(columns)]).astype(float)
    hazard = np.exp(0.5 * covariates[:, 0] - 0.3 * covariates[:, -1]) / times
    durations = np.minimum(np.ceil(rng.exponential(1 / hazard)), times)
    return durations, rng.random(people) < 0.7, covariates


def test_the_trial_of_mercaptopurine_has_its_known_hazard_ratio():
    """4.817, log 1.572 with error 0.412: printed so for these data by `coxph` of R's survival, whose ties are Efron's."""
    told = [one.rstrip("+") for one in MERCAPTOPURINE + PLACEBO]
    relapsed = [not one.endswith("+") for one in MERCAPTOPURINE + PLACEBO]

    found = cox.fit(one_by_one([int(one) for one in told], relapsed, [[0]] * 21 + [[1]] * 21))

    assert (found.coefficients[0], found.errors[0], found.ratios()[0, 0]) == pytest.approx((1.572, 0.412, 4.817), abs=5e-4)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(30, 200), st.integers(3, 40))
def test_coefficients_errors_and_likelihood_are_those_of_lifelines(seed, people, times):
    durations, observed, covariates = invented(np.random.default_rng(seed), people, times=times)

    found = cox.fit(one_by_one(durations, observed, covariates))

    assume(found.converged and np.abs(found.coefficients).max() < 4)
    theirs = lifelines_fit(durations, observed, covariates)
    assert found.coefficients == pytest.approx(theirs.params_.to_numpy(), abs=1e-5)
    assert found.errors == pytest.approx(theirs.standard_errors_.to_numpy(), rel=1e-5)
    assert theirs.log_likelihood_ - 1e-9 <= found.log_likelihood <= theirs.log_likelihood_ + 1e-7


def test_hundreds_of_ties_at_one_time_give_what_lifelines_gives():
    durations, observed, covariates = invented(np.random.default_rng(3), 6_000, times=6)

    found = cox.fit(one_by_one(durations, observed, covariates))

    theirs = lifelines_fit(durations, observed, covariates)
    assert found.coefficients == pytest.approx(theirs.params_.to_numpy(), abs=1e-7)
    assert found.errors == pytest.approx(theirs.standard_errors_.to_numpy(), rel=1e-7)


def test_the_whole_sums_are_those_taken_one_by_one():
    risk, dying, ties = np.array([400.0, 90.0, 70.0]), np.array([100.0, 90.0, 66.0]), np.array([80.0, 65.0, 66.0])

    assert cox._whole(risk, dying, ties) == pytest.approx(cox._one_by_one(risk, dying, ties), rel=1e-9)


def test_counts_stand_for_the_people_one_by_one():
    durations, observed, covariates = invented(np.random.default_rng(4), 500, times=10)
    frame = pd.DataFrame(covariates, columns=["a", "b"]).assign(duration=durations, events=observed * 1, censored=~observed * 1)
    grouped = frame.groupby(["duration", "a", "b"], as_index=False).sum()

    whole, together = (cox.fit(cox.rows_of(one.duration, one.events, one.censored, one[["a", "b"]])) for one in (frame, grouped))

    assert len(grouped) < len(frame) / 3
    assert together.coefficients == pytest.approx(whole.coefficients, abs=1e-10)
    assert (together.people, together.events) == (whole.people, whole.events) == (500, observed.sum())


def test_units_and_zero_of_a_covariate_do_not_matter():
    """A year as a covariate: lifelines' own step goes astray from such numbers when they are not centred."""
    durations, observed, covariates = invented(np.random.default_rng(5), 400, times=12)

    plain = cox.fit(one_by_one(durations, observed, covariates))
    moved = cox.fit(one_by_one(durations, observed, covariates * [1e-6, 1e6] + [2026, -1e9]))

    assert moved.converged
    assert moved.coefficients * [1e-6, 1e6] == pytest.approx(plain.coefficients, rel=1e-6)


@pytest.mark.parametrize("covariates", [
    [[0], [0], [0], [1], [1], [1]],  # everybody with the event is a 1 who goes before any 0: the ratio runs away
    [[1], [1], [1], [1], [1], [1]],  # nobody differs
])
def test_what_the_data_do_not_tell_is_not_said_to_have_converged(covariates):
    found = cox.fit(one_by_one([4, 5, 6, 1, 2, 3], [False] * 3 + [True] * 3, covariates))

    assert not found.converged
    assert np.isnan(found.errors).all()


def test_times_must_rise():
    with pytest.raises(ValueError):
        cox.Rows(np.array([2, 1]), np.zeros((1, 1)), np.array([0, 1]), np.array([0, 0]), np.array([1, 1]), np.array([0, 0]))
