"""The sequence of a trial in blocks, as it was planned before the urn: balanced, from the seed alone, and fair."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from waterneedle.outcomes.allocation import commitment, sequence

SEED = bytes(range(32))


@given(st.binary(min_size=32, max_size=32), st.integers(2, 4), st.integers(1, 3))
def test_each_block_holds_each_arm_as_often(seed, arms, of_each):
    length = arms * of_each
    found = sequence(seed, stratum="knee", arms=arms, repeats=(of_each,), count=3 * length)

    assert [Counter(one.arm for one in found if one.block == block) for block in range(3)] == [
        dict.fromkeys(range(arms), of_each)] * 3


def test_blocks_of_drawn_length_do_not_end_where_counting_says():
    ends = {
        tuple(one.place for one, after in pairwise(found) if after.block != one.block)
        for found in (sequence(bytes([n]) * 32, stratum="", arms=2, repeats=(1, 2), count=12) for n in range(20))
    }

    assert len(ends) > 5


def test_it_is_the_same_again_for_who_has_the_seed_and_another_for_each_seed_and_stratum():
    wanted = {"arms": 3, "repeats": (1, 2), "count": 30}
    made = sequence(SEED, stratum="knee", **wanted)

    assert made == sequence(SEED, stratum="knee", **wanted)
    assert len({made, sequence(SEED, stratum="neck", **wanted), sequence(SEED[::-1], stratum="knee", **wanted)}) == 3


def test_the_sequence_of_a_seed_never_changes_between_versions():
    """Trials that are under way are re-derived by later versions: what a seed once gave, it gives for good."""
    found = sequence(SEED, stratum="", arms=2, repeats=(1, 2), count=12)

    assert "".join(str(one.arm) for one in found) == "110001100101"


def test_every_order_of_a_block_is_as_likely():
    orders = Counter(
        tuple(one.arm for one in sequence(n.to_bytes(32, "big"), stratum="", arms=3, repeats=(1,), count=3)) for n in range(3000))

    assert (len(orders), stats.chisquare(list(orders.values())).pvalue > 1e-4) == (6, True)


def test_the_commitment_fits_one_seed_of_one_plan():
    of = {"trial": "t", "plan_hash": "h"}

    assert len({commitment(SEED, **of), commitment(SEED[::-1], **of), commitment(SEED, trial="t", plan_hash="g")}) == 3


@pytest.mark.parametrize("wrong", [{"arms": 1}, {"repeats": ()}, {"repeats": (0,)}])
def test_what_is_no_design_is_refused(wrong):
    with pytest.raises(ValueError):
        sequence(SEED, **{"stratum": "", "arms": 2, "repeats": (1,), "count": 1} | wrong)
