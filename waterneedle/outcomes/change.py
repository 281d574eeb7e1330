"""How far one person's score has moved, between which limits, and whether that is more than error and enough to matter.

A change is counted as improvement: positive is better, whichever way the score runs. Its limits come from the standard error of
measurement of one score (SEM): two scores each have it, so that 95 % of the changes of people who did not change lie within
1.96 × √2 × SEM (de Vet et al., Health Qual Life Outcomes 2006;4:54, doi 10.1186/1477-7525-4-54). Where no SEM is on file there
are no limits: they are never made up.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist, fmean
from typing import NamedTuple

from waterneedle.knowledge import Indication, Instrument

CONFIDENCE = 0.95
MILD, MODERATE, SEVERE, UNDIVIDED = "mild", "moderate", "severe", "all"
_EXACT = 1e-9


@dataclass(frozen=True)
class Moved:
    """From the first score to the last: improvement in points and in per cent of the first, with its limits.

    `is_beyond_error` is None where no error is on file, `matters` where no change that matters is.
    """

    first: float
    last: float
    points: float
    percent: float | None
    low: float | None
    high: float | None
    is_beyond_error: bool | None
    matters: bool | None


def moved(instrument: Instrument, indication: Indication | None, first: float, last: float) -> Moved:
    """How far `last` is from `first`; error and what matters are those that the indication names.

    >>> from waterneedle import knowledge
    >>> pain = knowledge.indications()["musculoskeletal-pain"]
    >>> one = moved(knowledge.instruments()[pain.first], pain, 7, 4)
    >>> one.points, round(one.low, 2), round(one.high, 2), one.matters
    (3.0, 0.17, 5.83, True)
    """
    points = improvement(instrument, first, last)
    judged = indication if indication is not None and indication.first == instrument.id else None
    error = half_width(judged.error.points) if judged and judged.error else None
    return Moved(
        first=first,
        last=last,
        points=points,
        percent=100 * points / first if first > 0 and instrument.better == "lower" else None,
        low=None if error is None else points - error,
        high=None if error is None else points + error,
        is_beyond_error=None if error is None else abs(points) > error,
        matters=None if judged is None or judged.matters is None else is_relief(judged, points),
    )


def improvement(instrument: Instrument, first: float, last: float) -> float:
    """Points for the better, from `first` to `last`. A score of which neither end is better raises ValueError."""
    if instrument.better == "neither":
        raise ValueError(f"neither end of {instrument.id} is the better one")
    return float(first - last if instrument.better == "lower" else last - first)


def half_width(sem: float, confidence: float = CONFIDENCE) -> float:
    """How far a change lies from the true one at most, with this confidence, by the error of its two scores.

    >>> round(half_width(1.02), 3)
    2.827
    """
    return NormalDist().inv_cdf((1 + confidence) / 2) * math.sqrt(2) * sem


def is_relief(indication: Indication, points: float) -> bool | None:
    """Whether an improvement is one that matters for this indication; None where none is on file."""
    return None if indication.matters is None else points >= indication.matters.points - _EXACT


def has_room(instrument: Instrument, indication: Indication, first: float) -> bool:
    """Whether a change that matters can be reached at all from a first score, before the question has no better answer.

    >>> from waterneedle import knowledge
    >>> pain = knowledge.indications()["musculoskeletal-pain"]
    >>> [has_room(knowledge.instruments()[pain.first], pain, first) for first in (1, 2)]
    [False, True]
    """
    best = instrument.minimum if instrument.better == "lower" else instrument.maximum
    return best is None or is_relief(indication, improvement(instrument, first, best)) is not False


def band(indication: Indication, score: float | None) -> str:
    """How severe a first score is: mild, moderate or severe; "all" where the indication has no bands or nothing was scored."""
    if score is None or not indication.severe_from:
        return UNDIVIDED
    reached = [one.band for one in indication.severe_from if score >= one.score]
    return reached[-1] if reached else MILD


def bands_of(indication: Indication) -> tuple[str, ...]:
    """All bands of an indication, the mildest first."""
    return (MILD, *(one.band for one in indication.severe_from)) if indication.severe_from else (UNDIVIDED,)


def relief_session(
    instrument: Instrument, indication: Indication, first: float, later: Iterable[tuple[int, float]]
) -> int | None:
    """After how many sessions the score was first better by what matters; None where it never was.

    `later` has, for each score, how many sessions came before it. A score with no session before it is no relief by one.

    >>> from waterneedle import knowledge
    >>> pain = knowledge.indications()["musculoskeletal-pain"]
    >>> relief_session(knowledge.instruments()[pain.first], pain, 7, [(1, 6), (2, 5), (3, 6)])
    2
    """
    reached = [sessions for sessions, score in later
               if sessions > 0 and is_relief(indication, improvement(instrument, first, score))]
    return min(reached, default=None)


# --- what would have changed anyway


@functools.lru_cache(maxsize=512)
def reached_by_error(points: float, sem: float, scores: int) -> float:
    """The share of people without any change who look better by `points` at least once in so many later `scores`.

    The error of the first score is in all of them: it is integrated over, by the rule of midpoints.

    >>> round(reached_by_error(2, 1.02, 1), 3), round(reached_by_error(2, 1.02, 5), 3)
    (0.083, 0.252)
    """
    normal, steps = NormalDist(), 400
    spread = [normal.inv_cdf((step + 0.5) / steps) for step in range(steps)]
    return fmean(1 - normal.cdf(points / sem - first) ** scores for first in spread)



class Others(NamedTuple):
    """First scores of other people: how many, their mean, and their standard deviation."""

    people: int
    mean: float
    spread: float


def by_chance(instrument: Instrument, first: float, others: Others, sem: float) -> float | None:
    """The improvement that is expected of error alone, without any treatment: regression to the mean.

    Who begins with a high score has in part been measured on a bad day. A second score is expected at mean + r × (first - mean),
    with r = 1 - SEM² / SD² over the first scores of `others` (Barnett, van der Pols and Dobson, Int J Epidemiol 2005;34:215-220,
    doi 10.1093/ije/dyh299). Negative: a worsening is expected. None for fewer than two others, or where they hardly differ.

    >>> from waterneedle import knowledge
    >>> round(by_chance(knowledge.instruments()["pain-average-0-10"], 8, Others(5, 6.0, 1.58), 1.02), 2)
    0.83
    """
    if others.people < 2 or others.spread <= sem:
        return None
    reliability = 1 - (sem / others.spread) ** 2
    return improvement(instrument, first, others.mean + reliability * (first - others.mean))
