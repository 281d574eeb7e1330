"""Has something happened too often with one product, looked at again and again, with a false-alarm rate that is kept?

At each look it is known how often the event happened with anything (`events`) and which share of the injections were of the
product (`share`), for each clinic. Where the product does no more than the others, the events with it are a sum of binomial
counts: whatever the rate of the event is, it falls out, so none has to be assumed (a conditional test, as Li and Kulldorff, Stat
Med 2010;29:284-295, doi 10.1002/sim.3780, have one). At look j the alarm may take what is left of `alpha` j / looks: spending as
by Lan and DeMets, Biometrika 1983;70:659-663, doi 10.1093/biomet/70.3.659. All probabilities are exact, so that over all looks
together a false alarm has at most probability alpha; the counts being whole, it is mostly less.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.signal import fftconvolve
from scipy.stats import binom

_LONG = 512  # beyond this length a convolution goes by way of Fourier


@dataclass(frozen=True)
class Look:
    """Since the look before: events with anything by clinic, the product's share of injections there, and events with it."""

    events: np.ndarray
    share: np.ndarray
    observed: int

    def __post_init__(self) -> None:
        if not 0 <= self.observed <= int(self.events.sum()):
            raise ValueError(f"observed must be from 0 to {int(self.events.sum())}, got {self.observed}")


@dataclass(frozen=True)
class Watched:
    """For each look what was observed and expected so far, and the count from which it is an alarm (None: none would be one).
    `alarm` is the first look at which it is one, from 1; None where there was none."""

    observed: tuple[int, ...]
    expected: tuple[float, ...]
    limits: tuple[int | None, ...]
    spent: float
    alarm: int | None


def watch(looks: Sequence[Look], alpha: float, planned: int | None = None) -> Watched:
    """What the looks say together. `planned` is how many looks there will be in all, so that some of `alpha` is kept for them."""
    planned = len(looks) if planned is None else planned
    if planned < len(looks):
        raise ValueError(f"{len(looks)} looks are more than the {planned} that were planned")
    silent = np.ones(1)  # probability of each count so far, where there was no alarm
    spent, count, expected = 0.0, 0, 0.0
    observed_so_far, expected_so_far, limits = [], [], []
    alarm = None
    for number, look in enumerate(looks, start=1):
        silent = convolved(silent, sum_of_binomials(look.events, look.share))
        limit, taken = _limit(silent, alpha * number / planned - spent)
        silent, spent = silent[:limit] if limit is not None else silent, spent + taken
        count, expected = count + look.observed, expected + float(look.events @ look.share)
        observed_so_far.append(count)
        expected_so_far.append(expected)
        limits.append(limit)
        if alarm is None and limit is not None and count >= limit:
            alarm = number
    return Watched(tuple(observed_so_far), tuple(expected_so_far), tuple(limits), spent, alarm)


def sum_of_binomials(trials: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The probability of each value, from 0, of the sum of binomial counts."""
    parts = [binom.pmf(np.arange(int(many) + 1), int(many), share)
             for many, share in zip(trials.tolist(), shares.tolist(), strict=True) if many > 0]
    while len(parts) > 1:
        parts.sort(key=len)
        parts = [convolved(*pair) for pair in zip(parts[::2], parts[1::2], strict=False)] + (parts[-1:] if len(parts) % 2 else [])
    return parts[0] if parts else np.ones(1)


def convolved(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    if min(len(one), len(other)) < _LONG:
        return np.convolve(one, other)
    return np.clip(fftconvolve(one, other), 0.0, None)


def _limit(silent: np.ndarray, allowed: float) -> tuple[int | None, float]:
    """The smallest count from which on no more than `allowed` lies, and how much that is; None where the highest is too much."""
    beyond = silent[::-1].cumsum()[::-1]
    fits = np.flatnonzero(beyond <= allowed)
    return (int(fits[0]), float(beyond[fits[0]])) if len(fits) else (None, 0.0)
