"""How long until something happens, when not everybody was followed until it did: Kaplan and Meier, from counts for each time.

Whoever was last seen at a time without it (`censored`) was still at risk at that time. Estimator: Kaplan and Meier, J Am Stat
Assoc 1958;53:457-481, doi 10.1080/01621459.1958.10501452. The interval is Greenwood's variance on the scale log(-log S)
(Kalbfleisch and Prentice 2002, doi 10.1002/9781118032985, section 1.4), which stays between 0 and 1; that of a quantile is where
the interval of the curve crosses it (Brookmeyer and Crowley, Biometrics 1982;38:29-41, doi 10.2307/2530286).
"""
from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

CONFIDENCE = 0.95
_LONGEST = 100_000  # counted by its place in a table
_ROUNDING = 1e-12  # a product of fractions that ought to be 0.5 may be a hair above it


@dataclass(frozen=True)
class Counts:
    """How many people an event was seen in, and how many were last seen without one, at each of the rising `times`."""

    times: np.ndarray
    events: np.ndarray
    censored: np.ndarray

    def __post_init__(self) -> None:
        if not len(self.times) == len(self.events) == len(self.censored):
            raise ValueError("times, events and censored must be equally long")
        if np.any(np.diff(self.times) <= 0):
            raise ValueError("times must rise, each once")
        if np.any(self.events < 0) or np.any(self.censored < 0):
            raise ValueError("counts must not be negative")

    @property
    def people(self) -> int:
        return int(self.events.sum() + self.censored.sum())

    @property
    def at_risk(self) -> np.ndarray:
        """How many were still followed, and without the event, just before each time."""
        leaving = self.events + self.censored
        return leaving[::-1].cumsum()[::-1]


def counted(durations: Any, observed: Any) -> Counts:
    """The counts of people who were each followed for a duration (any unit), at the end of which the event was `observed` or not.

    >>> counted([1, 2, 2, 3], [True, True, False, False]).events.tolist()
    [1, 1, 0]
    """
    lasted, seen = np.asarray(durations), np.asarray(observed, dtype=bool)
    if lasted.shape != seen.shape:
        raise ValueError("durations and observed must be equally long")
    if _are_small_numbers(lasted):  # days or sessions: counted in one pass, without sorting
        doubled = lasted << 1
        doubled |= seen
        pairs = np.bincount(doubled, minlength=2)
        pairs = np.append(pairs, [0] * (len(pairs) % 2)).reshape(-1, 2)
        times = np.flatnonzero(pairs.sum(axis=1))
        return Counts(times, pairs[times, 1], pairs[times, 0])
    times, place = np.unique(lasted, return_inverse=True)
    events = np.bincount(place[seen], minlength=len(times))
    return Counts(times, events, np.bincount(place, minlength=len(times)) - events)


def _are_small_numbers(lasted: np.ndarray) -> bool:
    if lasted.dtype.kind != "i" or len(lasted) == 0:
        return False
    # Read without its sign a negative number is a huge one: one look instead of two.
    return int(lasted.view(f"u{lasted.dtype.itemsize}").max()) <= _LONGEST


@dataclass(frozen=True)
class Curve:
    """The share that is still without the event after each time, with the limits of its interval; steps down at `times`.

    The limits are nan where nobody is left without the event: the formula says nothing of it.
    """

    counts: Counts
    survival: np.ndarray
    low: np.ndarray
    high: np.ndarray
    variance: np.ndarray  # Greenwood's, of the share

    def at(self, time: float) -> tuple[float, float, float] | None:
        """Share without the event after `time`, and its limits; None beyond the last person who was followed."""
        if self.counts.people == 0 or time > self.counts.times[-1]:
            return None
        step = int(np.searchsorted(self.counts.times, time, side="right")) - 1
        return (1.0, 1.0, 1.0) if step < 0 else (float(self.survival[step]), float(self.low[step]), float(self.high[step]))

    def had_it_by(self, time: float) -> tuple[float, float, float] | None:
        """Share that has had the event by `time`, and its limits."""
        found = self.at(time)
        return None if found is None else (1 - found[0], 1 - found[2], 1 - found[1])

    def quantile(self, share: float) -> tuple[float | None, float | None, float | None]:
        """First time by which at least `share` have had the event, and its limits; None where the curve never comes there."""
        return tuple(_first(self.counts.times, limit <= 1 - share + _ROUNDING) for limit in (self.survival, self.low, self.high))

    @property
    def median(self) -> tuple[float | None, float | None, float | None]:
        return self.quantile(0.5)


def kaplan_meier(counts: Counts, confidence: float = CONFIDENCE) -> Curve:
    """The curve of `counts`, each limit of which leaves half of the rest of `confidence` beyond it.

    >>> kaplan_meier(counted([1, 2, 2, 3], [True, True, False, False])).survival.round(3).tolist()
    [0.75, 0.5, 0.5]
    """
    at_risk, events = counts.at_risk.astype(float), counts.events.astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        survival = np.cumprod(np.where(at_risk > 0, 1 - events / at_risk, 1.0))
        relative = np.cumsum(np.where(events > 0, events / (at_risk * (at_risk - events)), 0.0))
        variance = np.where(survival > 0, survival**2 * relative, np.nan)
        low, high = _log_log(survival, relative, confidence)
    return Curve(counts, survival, low, high, variance)


def _log_log(survival: np.ndarray, relative: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Limits from the variance of log S (`relative`), on the scale log(-log S)."""
    width = NormalDist().inv_cdf((1 + confidence) / 2) * np.sqrt(relative) / np.log(survival)  # negative: log S is
    untouched = survival == 1
    low, high = (np.where(untouched, 1.0, survival ** np.exp(sign * width)) for sign in (-1, 1))
    gone = survival <= 0
    return np.where(gone, np.nan, low), np.where(gone, np.nan, high)


def _first(times: np.ndarray, reached: np.ndarray) -> float | None:
    return float(times[int(reached.argmax())]) if reached.any() else None
