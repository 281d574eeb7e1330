"""The effect in a randomised trial: against scipy and statsmodels, by the design, and over simulated trials."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from waterneedle.outcomes import randomised, urn
from waterneedle.outcomes.allocation import sequence
from waterneedle.outcomes.student import quantile, two_sided_p

PAIRS = [6.0, 3.0, 5.0, 4.0, 7.0, 3.5, 4.0, 2.0, 6.5, 5.0, 5.5, 3.0, 6.0, 4.5, 7.0, 4.0]  # eight pairs, the first of arm 0
ARMS, BLOCKS = [0, 1] * 8, [at // 2 for at in range(16)]


@pytest.mark.parametrize("df", [1, 2.5, 7, 30, 400])
@pytest.mark.parametrize("t", [0.0, 0.3, 2.1, 9.0])
def test_students_t_is_scipys(df, t):
    assert two_sided_p(t, df) == pytest.approx(2 * stats.t.sf(t, df), rel=1e-10)
    assert quantile(0.95, df) == pytest.approx(stats.t.ppf(0.975, df), rel=1e-10)


def test_pairs_are_compared_as_by_the_paired_t_test():
    found = randomised.paired(PAIRS, ARMS, BLOCKS, (0, 1))
    theirs = stats.ttest_rel(PAIRS[::2], PAIRS[1::2])

    low, high = theirs.confidence_interval()
    assert found[:4] == pytest.approx((np.mean(PAIRS[::2]) - np.mean(PAIRS[1::2]), low, high, theirs.pvalue), rel=1e-9)


def difference_of_means(first, second, axis):
    return np.mean(first, axis=axis) - np.mean(second, axis=axis)


def test_the_exact_test_of_pairs_is_scipys_permutation_test():
    found = randomised.of_blocks(PAIRS, ARMS, BLOCKS, (0, 1))
    theirs = stats.permutation_test(
        (np.array(PAIRS[::2]), np.array(PAIRS[1::2])), difference_of_means, permutation_type="samples", vectorized=True)

    assert (found.p, found.ways, found.exact) == (pytest.approx(theirs.pvalue), 2**8, True)


def test_the_exact_test_of_one_block_is_scipys_permutation_test():
    values, arms = [3.0, 5.5, 1.0, 4.0, 6.0, 2.5, 7.0, 4.5], [0, 1, 0, 0, 1, 0, 1, 1]
    found = randomised.of_blocks(values, arms, [0] * 8, (0, 1))
    groups = [np.array([value for value, arm in zip(values, arms, strict=True) if arm == one]) for one in (0, 1)]
    theirs = stats.permutation_test(groups, difference_of_means, permutation_type="independent", vectorized=True)

    assert (found.p, found.ways) == (pytest.approx(theirs.pvalue), math.comb(8, 4))


def test_the_interval_holds_every_shift_that_the_test_does_not_reject():
    found = randomised.of_blocks(PAIRS, ARMS, BLOCKS, (0, 1))

    def p_of(shift: float) -> float:
        moved = [value - shift * (arm == 0) for value, arm in zip(PAIRS, ARMS, strict=True)]
        return randomised.of_blocks(moved, ARMS, BLOCKS, (0, 1)).p

    assert min(p_of(found.low + 1e-6), p_of(found.high - 1e-6)) > 0.05 >= max(p_of(found.low - 1e-6), p_of(found.high + 1e-6))


def test_three_pairs_cannot_bound_an_effect_with_95_percent():
    found = randomised.of_blocks(PAIRS[:6], ARMS[:6], BLOCKS[:6], (0, 1))

    assert (found.low, found.high, found.p) == (-math.inf, math.inf, 0.25)


def test_with_a_third_arm_only_the_two_change_places():
    found = randomised.of_blocks([1, 5, 2, 9, 4, 3], [0, 1, 2, 2, 1, 0], [0, 0, 0, 1, 1, 1], (0, 1))

    assert (found.ways, found.estimate, found.counts) == (4, -2.5, (2, 2))


def test_a_missing_outcome_leaves_the_rest_of_its_block():
    values = [None, 3.0, *PAIRS[2:]]

    assert randomised.of_blocks(values, ARMS, BLOCKS, (0, 1)).ways == 2**7
    assert randomised.paired(values, ARMS, BLOCKS, (0, 1)).counts == (7, 7)


def test_many_seeded_draws_come_near_to_the_exact_answer_and_say_that_they_are_drawn():
    exact = randomised.of_blocks(PAIRS, ARMS, BLOCKS, (0, 1))
    drawn = randomised.of_blocks(PAIRS, ARMS, BLOCKS, (0, 1), most=10, draws=40_000)

    assert drawn[:4] == pytest.approx(exact[:4], abs=0.05)
    assert (drawn.exact, drawn) == (False, randomised.of_blocks(PAIRS, ARMS, BLOCKS, (0, 1), most=10, draws=40_000))


# Values, arms, strata, balls: two arms and three, one stratum and two, missing outcomes, ties.
DRAWN = [
    ([6.0, 3.0, 5.0, 4.0, 7.0, 3.5, 4.0, 2.0, 6.5], [0, 1, 1, 0, 0, 1, 0, 1, 1], [""] * 9, 1),
    ([6, 3, 5, 4, 7, 3, 4, 2], [0, 0, 1, 0, 1, 1, 0, 1], [""] * 8, 4),
    ([6, 3, None, 4, 7, 3, 4, 2, 5], [0, 2, 1, 1, 2, 0, 0, 1, 0], [""] * 9, 1),
    ([6, 3, 5, None, 7, 3, 4, 2, 5, 1], [0, 1, 1, 0, 2, 1, 0, 1, 0, 1], ["a", "a", "b", "a", "b", "b", "a", "b", "b", "a"], 2),
]


def p_by_hand(values, arms, strata, balls, shift=0.0):
    """Every sequence of the whole urn that leaves the other arms in place, weighted by how likely the whole of it is."""
    shifted = [None if value is None else value - shift * (arm == 0) for value, arm in zip(values, arms, strict=True)]
    measured, of = [at for at, value in enumerate(values) if value is not None], max(arms) + 1

    def difference(lot):
        first, second = ([shifted[at] for at in measured if lot[at] == arm] for arm in (0, 1))
        return abs(np.mean(first) - np.mean(second)) if first and second else None

    def likely(lot):
        chance = 1.0
        for stratum in set(strata):
            own = [arm for arm, of_stratum in zip(lot, strata, strict=True) if of_stratum == stratum]
            for at, arm in enumerate(own):
                chance *= float(urn.chances([own[:at].count(one) for one in range(of)], balls=balls)[arm])
        return chance

    seen, as_far, every = difference(arms), 0.0, 0.0
    for lot in product(*((0, 1) if arm < 2 else (arm,) for arm in arms)):
        if (one := difference(lot)) is not None:
            every += likely(lot)
            as_far += likely(lot) * (one >= seen - 1e-9)
    return as_far / every


@pytest.mark.parametrize(("values", "arms", "strata", "balls"), DRAWN)
def test_the_test_of_an_urn_is_that_of_all_its_sequences_by_hand(values, arms, strata, balls):
    found = randomised.of_urn(values, arms, strata, (0, 1), balls=balls)

    assert (found.p, found.exact) == (pytest.approx(p_by_hand(values, arms, strata, balls)), True)
    first, second = ([value for value, arm in zip(values, arms, strict=True) if arm == one and value is not None]
                     for one in (0, 1))
    assert (found.estimate, found.counts) == (pytest.approx(np.mean(first) - np.mean(second)), (len(first), len(second)))


@pytest.mark.parametrize(("values", "arms", "strata", "balls"), DRAWN[:1] + DRAWN[3:])
def test_the_interval_of_an_urn_holds_every_shift_that_is_not_rejected(values, arms, strata, balls):
    found = randomised.of_urn(values, arms, strata, (0, 1), balls=balls, confidence=0.8)

    p = [p_by_hand(values, arms, strata, balls, shift) for shift in (
        found.low + 1e-6, found.high - 1e-6, found.low - 1e-6, found.high + 1e-6)]
    assert min(p[:2]) > 0.2 >= max(p[2:])


def test_an_urn_of_many_places_is_drawn_and_says_so():
    values, arms, strata, balls = DRAWN[3]
    exact = randomised.of_urn(values, arms, strata, (0, 1), balls=balls, confidence=0.8)
    drawn = randomised.of_urn(values, arms, strata, (0, 1), balls=balls, confidence=0.8, most=10, draws=60_000)

    assert drawn.p == pytest.approx(exact.p, abs=0.01) and drawn.estimate == exact.estimate
    assert (drawn.low, drawn.high) == pytest.approx((exact.low, exact.high), abs=0.2)
    assert (exact.exact, drawn.exact) == (True, False)


def test_the_difference_of_means_is_welchs():
    first, second = [5.0, 3.0, 4.5, 6.0, 2.0], [7.0, 6.5, 9.0]
    found = randomised.welch([*first, *second, None, 1.0], [0] * 5 + [1] * 4 + [2], (0, 1))
    theirs = stats.ttest_ind(first, second, equal_var=False)

    low, high = theirs.confidence_interval()
    assert found[:4] == pytest.approx((np.mean(first) - np.mean(second), low, high, theirs.pvalue), rel=1e-9)


def test_for_equal_baselines_it_is_least_squares_of_statsmodels():
    chance = np.random.default_rng(4)
    arms, before = [0, 1] * 15, chance.normal(6, 1.5, 30)
    after = before * 0.7 - np.array(arms) * 0.8 + chance.normal(0, 1, 30)
    found = randomised.ancova([*after, None], [*before, 4.0], [*arms, 0], (1, 0))
    theirs = sm.OLS(after, sm.add_constant(np.column_stack([arms, before]))).fit()

    assert found[:4] == pytest.approx((theirs.params[1], *theirs.conf_int()[1], theirs.pvalues[1]), rel=1e-8)


@pytest.mark.parametrize("found", [
    randomised.of_urn([1.0, None, 2.0], [0, 1, 0], [""] * 3, (0, 1), balls=1),
    randomised.of_blocks([1.0, None], [0, 1], [0, 0], (0, 1)),
    randomised.paired([1.0, 2.0], [0, 1], [0, 0], (0, 1)),
    randomised.welch([1.0, 2.0, 3.0], [0, 0, 1], (0, 1)),
    randomised.welch([1.0, 1.0, 2.0, 2.0], [0, 0, 1, 1], (0, 1)),
    randomised.ancova([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [0, 1, 0], (0, 1)),
    randomised.ancova([1.0, 2.0, 3.0, 4.0], [5.0] * 4, [0, 1, 0, 1], (0, 1)),
])
def test_too_little_says_nothing(found):
    assert found is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=8, max_size=12).filter(lambda them: len(them) % 2 == 0), st.integers(-5, 5))
def test_a_shift_of_the_first_arm_moves_the_answer_by_itself(values, shift):
    arms, blocks = [0, 1] * (len(values) // 2), [at // 2 for at in range(len(values))]
    before = randomised.of_blocks(values, arms, blocks, (0, 1))
    moved = [one + shift * (arm == 0) for one, arm in zip(values, arms, strict=True)]
    after = randomised.of_blocks(moved, arms, blocks, (0, 1))

    assert after[:3] == pytest.approx([one + shift for one in before[:3]], abs=1e-6)


def test_the_intervals_hold_the_true_effect_as_often_as_they_say():
    """A small version of `bench/trials_coverage.py`; the exact one errs to the wide side, the others are exact for these data."""
    chance, truth, trials = np.random.default_rng(11), -1.0, 300
    held = dict.fromkeys(("urn", "randomisation", "paired", "welch"), 0)
    for _trial in range(trials):
        drawn = [one.arm for one in urn.sequence(chance.bytes(32), stratum="", arms=2, balls=1, count=10)]
        values = chance.normal(6, 2) + chance.normal(0, 1.5, 10) + truth * (np.array(drawn) == 0)
        found = randomised.of_urn(values, drawn, [""] * 10, (0, 1), balls=1)
        held["urn"] += found is None or _holds(found, truth)
        places = sequence(chance.bytes(32), stratum="", arms=2, repeats=(1,), count=16)
        arms, blocks = [one.arm for one in places], [one.block for one in places]
        values = chance.normal(6, 2) + chance.normal(0, 1.5, 16) + truth * (np.array(arms) == 0)
        held["randomisation"] += _holds(randomised.of_blocks(values, arms, blocks, (0, 1)), truth)
        held["paired"] += _holds(randomised.paired(values, arms, blocks, (0, 1)), truth)
        held["welch"] += _holds(randomised.welch(values, arms, (0, 1)), truth)

    lowest = stats.binom.ppf(1e-4, trials, 0.95)
    assert all(count >= lowest for count in held.values()), held


def _holds(effect: randomised.Effect, truth: float) -> bool:
    return effect.low <= truth <= effect.high
