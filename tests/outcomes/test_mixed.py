"""Intercepts of groups from sums, beside statsmodels on the same people, and a published table."""
from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.regression.mixed_linear_model import MixedLM

from waterneedle.outcomes import mixed

# Yield of dyestuff in g, five samples of each of six batches: Davies and Goldsmith, Statistical Methods in Research and
# Production, 4th ed. 1972, table 6.3; `Dyestuff` of R's lme4 (doi 10.18637/jss.v067.i01), whose fits are known.
DYESTUFF = [
    [1545, 1440, 1440, 1520, 1580], [1540, 1555, 1490, 1560, 1495], [1595, 1550, 1605, 1510, 1560],
    [1445, 1440, 1595, 1465, 1545], [1595, 1630, 1515, 1635, 1625], [1520, 1455, 1450, 1480, 1445],
]


def dyestuff():
    return mixed.sums_of(np.repeat(np.arange(6), 5), np.ones((30, 1)), np.ravel(DYESTUFF))


def invented(rng, groups, *, between=2.0, within=5.0, fewest=2, most=12):
    place = np.repeat(np.arange(groups), rng.integers(fewest, most, groups))
    columns = np.column_stack([np.ones(len(place)), rng.integers(0, 11, len(place)), rng.random(len(place))])
    outcome = columns @ [30, -2, 4] + rng.normal(0, between, groups)[place] + rng.normal(0, within, len(place))
    return place, columns, outcome


def statsmodels_fit(place, columns, outcome, restricted, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return MixedLM(outcome, columns, place).fit(reml=restricted, method="powell", ftol=1e-14, xtol=1e-10, **options)


@pytest.mark.parametrize(("restricted", "between", "within"), [(True, 1764.05, 2451.25), (False, 1388.3333, 2451.25)])
def test_dyestuff_has_its_known_variances(restricted, between, within):
    found = mixed.fit(dyestuff(), restricted=restricted)

    assert (found.coefficients[0], found.between, found.within) == pytest.approx((1527.5, between, within), rel=1e-7)


def test_balanced_groups_have_the_variances_of_their_table():
    """Mean squares between and within, worked out from the table: within = MSW, between = (MSB - MSW) / 5."""
    table = np.array(DYESTUFF, dtype=float)
    mean_square_within = table.var(axis=1, ddof=1).mean()
    mean_square_between = 5 * table.mean(axis=1).var(ddof=1)

    found = mixed.fit(dyestuff())

    assert found.within == pytest.approx(mean_square_within, rel=1e-9)
    assert found.between == pytest.approx((mean_square_between - mean_square_within) / 5, rel=1e-9)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_fit_is_that_of_statsmodels_and_never_less_likely(seed, restricted):
    people = invented(np.random.default_rng(seed), 15)

    found = mixed.fit(mixed.sums_of(*people), restricted=restricted)

    theirs = statsmodels_fit(*people, restricted)
    assert found.log_likelihood >= theirs.llf - 1e-7
    assert found.log_likelihood == pytest.approx(theirs.llf, abs=1e-4)
    assert found.coefficients == pytest.approx(theirs.fe_params, rel=1e-4)


def test_all_that_is_estimated_agrees_to_five_digits_where_statsmodels_converges():
    people = invented(np.random.default_rng(7), 40)

    found = mixed.fit(mixed.sums_of(*people))

    theirs = statsmodels_fit(*people, True)
    assert found.coefficients == pytest.approx(theirs.fe_params, rel=1e-5)
    assert (found.within, found.between) == pytest.approx((theirs.scale, float(np.squeeze(theirs.cov_re))), rel=1e-5)
    predicted = [float(np.squeeze(one)) for one in theirs.random_effects.values()]
    assert found.predicted == pytest.approx(predicted, rel=1e-4, abs=1e-5)


def test_errors_are_those_of_generalised_least_squares_with_all_variances_written_out():
    """statsmodels' own errors add what the variances are not known by, and are a few parts in ten thousand larger."""
    place, columns, outcome = people = invented(np.random.default_rng(7), 40)

    found = mixed.fit(mixed.sums_of(*people))

    whole = found.within * np.eye(len(place)) + found.between * (place[:, None] == place)
    covariance = np.linalg.inv(columns.T @ np.linalg.solve(whole, columns))
    assert found.covariance == pytest.approx(covariance, rel=1e-8, abs=1e-12)
    assert found.coefficients == pytest.approx(covariance @ columns.T @ np.linalg.solve(whole, outcome), rel=1e-9)
    assert found.errors == pytest.approx(statsmodels_fit(*people, True).bse_fe, rel=1e-3)


def test_no_variance_between_groups_is_an_answer():
    """What statsmodels warns of as a failure to converge: groups that differ less than chance makes them."""
    place, columns, outcome = invented(np.random.default_rng(1), 30, between=0.0)
    table = mixed.sums_of(place, columns, outcome - np.bincount(place, outcome)[place] / np.bincount(place)[place])

    found = mixed.fit(table)

    assert (found.between, found.correlation) == (0, 0)
    assert found.predicted == pytest.approx(np.zeros(30))


def test_without_variance_between_groups_it_is_least_squares():
    place, columns, _outcome = invented(np.random.default_rng(1), 30)
    outcome = columns @ [1, 2, 3] + np.where(np.arange(len(place)) % 2, 1, -1) * (np.arange(len(place)) % 7)

    found = mixed.fit(mixed.sums_of(place, columns, outcome), restricted=False)

    expected, residual, *_ = np.linalg.lstsq(columns, outcome, rcond=None)
    assert found.between == 0
    assert found.coefficients == pytest.approx(expected, rel=1e-9)
    assert found.within == pytest.approx(residual[0] / len(place), rel=1e-9)


def test_sums_of_two_halves_are_the_sums_of_the_whole():
    """What makes it fit for many clinics: each gives its sums, and nobody has the rows."""
    place, columns, outcome = invented(np.random.default_rng(9), 20)
    low = place < 10
    one, other = (mixed.sums_of(place[half], columns[half], outcome[half]) for half in (low, ~low))

    together = mixed.Sums(np.append(one.sizes, other.sizes), np.vstack([one.totals, other.totals]), one.products + other.products)

    assert mixed.fit(together).between == pytest.approx(mixed.fit(mixed.sums_of(place, columns, outcome)).between, rel=1e-9)


def test_limits_of_the_variance_are_around_it_and_the_likelihood_has_fallen_there():
    sums = mixed.sums_of(*invented(np.random.default_rng(7), 40))
    found = mixed.fit(sums)

    low, high = mixed.between_interval(sums)

    assert low < found.between / found.within < high
    fallen = [found.log_likelihood - mixed._Model.of(sums, True).log_likelihood(theta) for theta in (low, high)]
    assert fallen == pytest.approx([1.9207, 1.9207], abs=1e-3)


@pytest.mark.parametrize("columns", [[[1, 2]] * 4, [[1, 0]] * 4])
def test_columns_that_nobody_tells_apart_are_refused(columns):
    with pytest.raises(ValueError):
        mixed.fit(mixed.sums_of([0, 0, 1, 1], columns, [1, 2, 3, 4]))
