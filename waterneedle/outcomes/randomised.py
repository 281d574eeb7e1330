"""The effect in a randomised trial: by how much two arms differ, with an interval, by the analysis that was planned.

    of_urn(values, arms, strata, (0, 1), balls=1)   what the lot alone may have done: exact, or with many seeded draws
    of_blocks(values, arms, blocks, (0, 1))         the same, where the lot fell in blocks
    paired(values, arms, blocks, (0, 1))            differences within blocks, by Student's t
    welch(values, arms, (0, 1))                     difference of means, variances not assumed equal
    ancova(values, baselines, arms, (0, 1))         the same, for equal baselines

`values` has one outcome for each allocation and None where it is missing; `arms` the number of its arm, `blocks` its block. The
effect is the mean of the first arm of the pair minus that of the second. An answer of None says that there is too little to tell.

Randomisation tests: E. S. Edgington and P. Onghena, Randomization Tests, 4th edition 2007, doi 10.1201/9781420011814. The
interval is that of all shifts that the test does not reject. Welch: Biometrika 1947;34:28-35, doi 10.1093/biomet/34.1-2.28.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from waterneedle.outcomes.reassigned import Outcome, Ways, by_group, by_urn, within_blocks
from waterneedle.outcomes.student import quantile, two_sided_p

CONFIDENCE = 0.95
MOST_ENUMERATED = 200_000
DRAWS = 20_000
_FLAT = 1e-12
Values = Sequence[float | None]
Pair = tuple[int, int]


class Effect(NamedTuple):
    """First arm minus second: the interval is open (infinite) on a side where so few places cannot bound it."""

    estimate: float
    low: float
    high: float
    p: float
    counts: tuple[int, int]  # outcomes in each of the two arms
    ways: int  # assignments that the test has compared; 0 where none were
    exact: bool  # all assignments, not a draw of them; True too where the method draws none


def of_urn(
    values: Values, arms: Sequence[int], strata: Sequence[Any], pair: Pair, *, balls: int, confidence: float = CONFIDENCE,
    most: int = MOST_ENUMERATED, draws: int = DRAWS, seed: int = 1,
) -> Effect | None:
    """Draws the two arms anew from the urn of their stratum, holding all other arms in place: every way by how likely it was.

    Everything that was allocated is here, in the order of its places within each stratum, measured or not. Above `most` ways it
    draws `draws` of them with the seed, and counts the one that was as one more, which keeps the test valid. None where an arm
    has no outcome.
    """
    rows, places = [], Counter()
    for value, arm, stratum in zip(values, arms, strata, strict=True):
        if arm in pair:
            rows.append(Outcome(None if value is None else float(value), arm == pair[0], stratum, places[stratum]))
        places[stratum] += 1
    measured = [one for one in rows if one.value is not None]
    if not min(_counts(measured)):
        return None
    return _by_lot(measured, by_urn(rows, balls=balls, most=most, draws=draws, seed=seed), confidence)


def of_blocks(
    values: Values, arms: Sequence[int], blocks: Sequence[Any], pair: Pair, *, confidence: float = CONFIDENCE,
    most: int = MOST_ENUMERATED, draws: int = DRAWS, seed: int = 1,
) -> Effect | None:
    """Re-assigns the two arms within each block in every way that could have been, holding all other arms in place.

    Above `most` ways it takes `draws` of them, as `of_urn` does. None where no block has an outcome of both arms.
    """
    rows = _of_pair(values, arms, blocks, pair)
    if not any(min(_counts(block)) for block in by_group(rows).values()):
        return None
    return _by_lot(rows, within_blocks(rows, most=most, draws=draws, seed=seed), confidence)


def paired(
    values: Values, arms: Sequence[int], blocks: Sequence[Any], pair: Pair, *, confidence: float = CONFIDENCE
) -> Effect | None:
    """The mean over blocks of the difference within each. None with fewer than two blocks that have both, or without spread."""
    rows = _of_pair(values, arms, blocks, pair)
    both = [block for block in by_group(rows).values() if min(_counts(block))]
    differences = np.array([_mean(block, True) - _mean(block, False) for block in both])
    if len(differences) < 2 or not (spread := float(differences.std(ddof=1))):
        return None
    counts = _counts([one for block in both for one in block])
    return _by_t(float(differences.mean()), spread / math.sqrt(len(differences)), len(differences) - 1, counts, confidence)


def welch(values: Values, arms: Sequence[int], pair: Pair, *, confidence: float = CONFIDENCE) -> Effect | None:
    """None with fewer than two outcomes in an arm, or without any spread."""
    groups = [np.array([value for value, arm in zip(values, arms, strict=True) if arm == one and value is not None])
              for one in pair]
    if min(map(len, groups)) < 2:
        return None
    first, second = (float(group.var(ddof=1)) / len(group) for group in groups)
    if not first + second:
        return None
    df = (first + second) ** 2 / (first**2 / (len(groups[0]) - 1) + second**2 / (len(groups[1]) - 1))
    counts = (len(groups[0]), len(groups[1]))
    return _by_t(float(groups[0].mean() - groups[1].mean()), math.sqrt(first + second), df, counts, confidence)


def ancova(
    values: Values, baselines: Values, arms: Sequence[int], pair: Pair, *, confidence: float = CONFIDENCE
) -> Effect | None:
    """Least squares of the outcome on the arm and the baseline. Who has no baseline is left out.

    None with too few for a degree of freedom, an arm without outcomes, or baselines that are all the same as the arm.
    """
    rows = [(value, before, arm == pair[0]) for value, before, arm in zip(values, baselines, arms, strict=True)
            if arm in pair and value is not None and before is not None]
    of_first = sum(first for _value, _before, first in rows)
    counts = (of_first, len(rows) - of_first)
    if not min(counts) or len(rows) < 4:
        return None
    outcome = np.array([value for value, _before, _first in rows], float)
    design = np.array([(1.0, first, before) for _value, before, first in rows], float)
    if np.linalg.matrix_rank(design) < 3:
        return None
    coefficients, *_rest = np.linalg.lstsq(design, outcome, rcond=None)
    df = len(rows) - 3
    variance = float(((outcome - design @ coefficients) ** 2).sum()) / df
    error = math.sqrt(max(variance * float(np.linalg.inv(design.T @ design)[1, 1]), 0.0))
    return _by_t(float(coefficients[1]), error, df, counts, confidence) if error else None


def _by_t(estimate: float, error: float, df: float, counts: tuple[int, int], confidence: float) -> Effect:
    half = quantile(confidence, df) * error
    return Effect(estimate, estimate - half, estimate + half, two_sided_p(estimate / error, df), counts, 0, True)


def _by_lot(rows: Sequence[Outcome], ways: Ways, confidence: float) -> Effect:
    """What was seen among the ways in which the lot could have fallen."""
    total, counts = sum(one.value for one in rows), _counts(rows)
    # What a shift of one in the first arm adds to the difference of each way: 1 to that of the one that was, never more.
    shifted, moved = (_difference(sums, of_all, ways.firsts, len(rows)) for sums, of_all in (
        (ways.sums, total), (ways.kept, counts[0])))
    estimate = _difference(sum(one.value for one in rows if one.first), total, counts[0], len(rows))
    close = 1e-9 * (1 + abs(estimate) + float(np.abs(shifted).max()))
    as_far = np.abs(shifted) >= abs(estimate) - close
    p = float(ways.weight[as_far].sum() / ways.weight.sum())
    high = _limit(shifted, moved, ways.weight, estimate, 1 - confidence, close)
    low = -_limit(-shifted, moved, ways.weight, -estimate, 1 - confidence, close)
    return Effect(float(estimate), low, high, p, counts, len(shifted), ways.exact)


def _of_pair(values: Values, arms: Sequence[int], blocks: Sequence[Any], pair: Pair) -> list[Outcome]:
    return [Outcome(float(value), arm == pair[0], block) for value, arm, block in zip(values, arms, blocks, strict=True)
            if arm in pair and value is not None]


def _counts(rows: Sequence[Outcome]) -> tuple[int, int]:
    first = sum(one.first for one in rows)
    return first, len(rows) - first


def _mean(block: list[Outcome], of_first: bool) -> float:
    own = [one.value for one in block if one.first is of_first]
    return sum(own) / len(own)


def _difference(first_sum: Any, total: float, firsts: Any, of: int) -> Any:
    return first_sum / firsts - (total - first_sum) / (of - firsts)


def _limit(
    shifted: np.ndarray, moved: np.ndarray, weight: np.ndarray, estimate: float, allowed: float, close: float
) -> float:
    """The largest shift that is not rejected; infinite where no shift ever is.

    An assignment speaks for the shift s >= estimate as long as |shifted - s * moved| >= s - estimate. Both sides are straight
    lines in s, the right one never the flatter: it does so up to one value of s, which is worked out here for each. Rejected is
    what at most the share `allowed` of them speak for.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        over = np.where(1 + moved > _FLAT, (shifted + estimate) / (1 + moved), _ever(shifted + estimate, close))
        under = np.where(1 - moved > _FLAT, (estimate - shifted) / (1 - moved), _ever(estimate - shifted, close))
    last = np.maximum(np.maximum(over, under), estimate)
    order = np.argsort(-last, kind="stable")
    speak = np.cumsum(weight[order])
    return float(last[order][np.searchsorted(speak, allowed * speak[-1] + 1e-9, side="right")])


def _ever(gap: np.ndarray, close: float) -> np.ndarray:
    """Lines that run side by side: an assignment speaks for every shift, or for none."""
    return np.where(gap >= -close, np.inf, -np.inf)
