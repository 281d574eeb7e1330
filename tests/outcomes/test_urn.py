"""The urn: no next arm is ever certain, arms stay near to equally often, and the sequence is made from the seed alone."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from waterneedle.outcomes.urn import chances, counts_of_arm, largest_chance, sequence, usual_counts

SEED = bytes(range(32))


def chance_of(arms: tuple[int, ...], of: int, balls: int) -> Fraction:
    """How likely a whole sequence is."""
    return prod((chances([arms[:at].count(one) for one in range(of)], balls=balls)[arm] for at, arm in enumerate(arms)),
                start=Fraction(1))


@given(st.lists(st.integers(0, 500), min_size=2, max_size=4), st.integers(1, 8))
def test_whatever_was_drawn_before_every_arm_may_come_next_and_none_must(given_so_far, balls):
    found = chances(given_so_far, balls=balls)

    assert sum(found) == 1 and all(0 < one < 1 for one in found)
    assert max(found) <= largest_chance(len(found), balls=balls, places=sum(given_so_far) + 1) < 1


@pytest.mark.parametrize(("arms", "balls", "places"), [(2, 1, 8), (2, 3, 7), (3, 1, 6), (3, 2, 5)])
def test_the_largest_chance_is_that_of_all_histories(arms, balls, places):
    seen = [max(chances([history.count(one) for one in range(arms)], balls=balls))
            for count in range(places) for history in product(range(arms), repeat=count)]

    assert max(seen) == largest_chance(arms, balls=balls, places=places)


def test_the_chances_of_two_arms_are_those_of_the_design_with_one_ball_added():
    """(balls + given to the other) over (twice the balls + given at all): Wei 1977, as the R package randomizeR has it."""
    assert chances((3, 1), balls=2) == (Fraction(2 + 1, 4 + 4), Fraction(2 + 3, 4 + 4))
    assert [largest_chance(2, balls=1, places=places) for places in (1, 2, 12)] == [
        Fraction(1, 2), Fraction(2, 3), Fraction(12, 13)]


@pytest.mark.parametrize(("arms", "balls", "places"), [(2, 1, 8), (2, 4, 6), (3, 1, 6), (3, 2, 5)])
def test_how_often_an_arm_is_given_is_the_sum_over_all_sequences(arms, balls, places):
    by_count = Counter()
    for one in product(range(arms), repeat=places):
        by_count[one.count(0)] += chance_of(one, arms, balls)

    assert counts_of_arm(arms, balls=balls, places=places) == pytest.approx([float(by_count[n]) for n in range(places + 1)])


@pytest.mark.parametrize("balls", [1, 2, 4])
def test_two_arms_differ_by_as_much_as_follows_from_the_chances(balls):
    """The square of the difference grows by one at each place, and shrinks by twice itself over the balls in the urn."""
    expected = 0.0
    for place in range(300):
        expected += 1 - 2 * expected / (2 * balls + place)
    likely = counts_of_arm(2, balls=balls, places=300)

    assert sum(chance * (2 * count - 300) ** 2 for count, chance in enumerate(likely)) == pytest.approx(expected)
    assert expected < 0.4 * 300, "a fair coin has 300"


def test_the_usual_counts_leave_out_no_more_than_the_share():
    low, high = usual_counts(2, balls=1, places=40)
    likely = counts_of_arm(2, balls=1, places=40)

    assert low + high == 40
    assert sum(likely[low : high + 1]) >= 0.95 > sum(likely[low + 1 : high])


def test_each_sequence_is_drawn_as_often_as_it_is_likely():
    drawn = Counter(
        tuple(one.arm for one in sequence(n.to_bytes(32, "big"), stratum="", arms=3, balls=1, count=3)) for n in range(6000))
    every = list(product(range(3), repeat=3))

    found = stats.chisquare([drawn[one] for one in every], [6000 * float(chance_of(one, 3, 1)) for one in every])
    assert (set(drawn), found.pvalue > 1e-4) == (set(every), True)


def test_it_is_the_same_again_for_who_has_the_seed_and_another_for_each_seed_stratum_and_number_of_balls():
    def made(seed=SEED, stratum="knee", balls=1):
        return sequence(seed, stratum=stratum, arms=3, balls=balls, count=30)

    assert made() == made() and made()[:10] == sequence(SEED, stratum="knee", arms=3, balls=1, count=10)
    assert len({made(), made(seed=SEED[::-1]), made(stratum="neck"), made(balls=4)}) == 4
    assert {(one.place, one.block) for one in made()} == {(place, None) for place in range(30)}


def test_the_sequence_of_a_seed_never_changes_between_versions():
    """Trials that are under way are re-derived by later versions: what a seed once gave, it gives for good."""
    found = [sequence(SEED, stratum="knee", arms=arms, balls=balls, count=16) for arms, balls in ((2, 1), (3, 2))]

    assert ["".join(str(one.arm) for one in places) for places in found] == [
        "1110010111001000", "0221121022012002"]


@pytest.mark.parametrize("wrong", [{"arms": 1}, {"balls": 0}, {"seed": bytes(31)}])
def test_what_is_no_design_is_refused(wrong):
    asked = {"seed": SEED, "stratum": "", "arms": 2, "balls": 1, "count": 1} | wrong
    with pytest.raises(ValueError):
        sequence(asked.pop("seed"), **asked)
