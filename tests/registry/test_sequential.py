"""The sequential test beside single looks of scipy, all paths written out, and simulations."""
from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from waterneedle.registry.sequential import Look, sum_of_binomials, watch


def look(events, share, observed=0):
    return Look(np.atleast_1d(events), np.atleast_1d(np.asarray(share, dtype=float)), observed)


@pytest.mark.parametrize(("events", "share", "observed"), [(20, 0.3, 11), (20, 0.3, 10), (200, 0.05, 19), (7, 0.5, 7)])
def test_one_look_is_the_exact_binomial_test(events, share, observed):
    found = watch([look(events, share, observed)], alpha=0.05)

    p = binomtest(observed, events, share, alternative="greater").pvalue
    assert (found.alarm == 1) == (p <= 0.05)
    assert found.limits[0] == next(count for count in range(events + 1) if binom.sf(count - 1, events, share) <= 0.05)


def test_what_is_spent_is_the_probability_of_an_alarm_over_all_paths():
    looks = [look(4, 0.3), look(3, 0.5), look(5, 0.2)]
    found = watch(looks, alpha=0.2)

    total = 0.0
    for path in itertools.product(range(5), range(4), range(6)):
        counts = itertools.accumulate(path)
        if any(limit is not None and count >= limit for count, limit in zip(counts, found.limits, strict=True)):
            total += np.prod([binom.pmf(seen, one.events[0], one.share[0]) for seen, one in zip(path, looks, strict=True)])

    assert found.spent == pytest.approx(total, abs=1e-12)
    assert 0 < total <= 0.2


def test_an_alarm_comes_at_the_first_look_that_reaches_its_limit():
    quiet, loud = look(50, 0.1, 5), look(50, 0.1, 20)

    assert [watch(looks, 0.01).alarm for looks in ([quiet] * 3, [quiet, loud, quiet], [loud])] == [None, 2, 1]


def test_false_alarms_are_no_more_than_stated_however_often_it_is_looked():
    """2,000 histories of 8 looks in 3 clinics of different habits, in which the product does nothing: at most 5 % and chance."""
    rng = np.random.default_rng(11)
    share = np.array([0.1, 0.3, 0.6])
    events = rng.poisson([2, 9, 4], size=(8, 3))
    limits = watch([look(one, share) for one in events], alpha=0.05).limits
    counts = rng.binomial(events, share, size=(2_000, 8, 3)).sum(axis=2).cumsum(axis=1)

    alarms = (counts >= [np.inf if limit is None else limit for limit in limits]).any(axis=1).sum()

    assert binomtest(int(alarms), 2_000, 0.05, alternative="greater").pvalue > 0.001
    assert alarms > 20  # and it is not for ever silent


def test_looking_without_keeping_count_would_raise_more():
    rng = np.random.default_rng(11)
    single = [binom.isf(0.05, 15 * number, 0.3) + 1 for number in range(1, 9)]
    counts = rng.binomial(15, 0.3, size=(2_000, 8)).cumsum(axis=1)

    assert (counts >= single).any(axis=1).mean() > 0.08


def test_what_happens_five_times_as_often_is_found():
    rng = np.random.default_rng(5)
    looked = [[look(12, 0.2, int(rng.binomial(12, 5 / 9))) for _quarter in range(8)] for _history in range(50)]

    assert sum(watch(looks, alpha=0.001).alarm is not None for looks in looked) >= 48


def test_what_is_kept_for_later_looks_is_not_spent():
    early = watch([look(30, 0.2)], alpha=0.05, planned=10)

    assert early.spent <= 0.005
    assert early.limits[0] > watch([look(30, 0.2)], alpha=0.05).limits[0]


def test_sums_of_many_clinics_are_those_written_out():
    trials, shares = np.array([3, 0, 2, 1]), np.array([0.2, 0.9, 0.5, 0.7])
    expected = np.convolve(np.convolve(binom.pmf(range(4), 3, 0.2), binom.pmf(range(3), 2, 0.5)), [0.3, 0.7])

    assert sum_of_binomials(trials, shares) == pytest.approx(expected)
    many = sum_of_binomials(np.array([900, 900]), np.array([0.3, 0.3]))
    assert many == pytest.approx(binom.pmf(range(1801), 1800, 0.3), abs=1e-13)


def test_nothing_happened_is_no_alarm():
    assert watch([look(0, 0.5)], 0.05).limits == (None,)
    with pytest.raises(ValueError):
        look(3, 0.5, 4)
