"""How often something happened, of how many, and between which rates the truth may lie.

The interval is the exact one of Clopper and Pearson (Biometrika 1934;26:404-413, doi 10.1093/biomet/26.4.404): each limit is the
rate at which as many events as were seen, or more (or fewer), have half of what is left of the confidence.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

CONFIDENCE = 0.95
_STEPS = 60  # of halving: no float lies between
_NEGLIGIBLE = 1e-18


class Rate(NamedTuple):
    """`events` of `of`, as a share, with the limits of its exact interval."""

    events: int
    of: int
    share: float
    low: float
    high: float


def rate(events: int, of: int, confidence: float = CONFIDENCE) -> Rate | None:
    """The rate of `events` among `of`; None where nothing was counted, which is not the same as 0.

    >>> "%.4f to %.4f" % rate(7, 50)[3:]
    '0.0582 to 0.2674'
    """
    if events < 0 or of < 0 or events > of:
        raise ValueError(f"events must be from 0 to {of}, got {events}")
    if of == 0:
        return None
    tail = (1 - confidence) / 2
    low = 0.0 if events == 0 else _where(lambda share: at_least(events, of, share) >= tail)
    high = 1.0 if events == of else _where(lambda share: 1 - at_least(events + 1, of, share) <= tail)
    return Rate(events, of, events / of, low, high)


def at_least(events: int, of: int, share: float) -> float:
    """The probability of `events` or more among `of`, where each happens with probability `share`."""
    if events <= 0:
        return 1.0
    if events > of or share <= 0.0:
        return 0.0
    if share >= 1.0:
        return 1.0
    # The tail away from the middle is added up, from its largest term outwards, so that no digit is lost in a difference.
    odds = share / (1 - share)
    if events > of * share:
        return min(1.0, _added(_term(events, of, share), (odds * (of - n) / (n + 1) for n in range(events, of))))
    return max(0.0, 1.0 - _added(_term(events - 1, of, share), (n / (odds * (of - n + 1)) for n in range(events - 1, 0, -1))))


def _added(term: float, ratios: Iterable[float]) -> float:
    """The sum of terms that each are the one before times a ratio, until they no longer count."""
    total = term
    for ratio in ratios:
        term *= ratio
        total += term
        if term < total * _NEGLIGIBLE:
            break
    return total


def _term(events: int, of: int, share: float) -> float:
    chosen = math.lgamma(of + 1) - math.lgamma(events + 1) - math.lgamma(of - events + 1)
    return math.exp(chosen + events * math.log(share) + (of - events) * math.log1p(-share))


def _where(is_reached: Callable[[float], bool]) -> float:
    """The smallest share at which `is_reached`, which stays true from there on."""
    low, high = 0.0, 1.0
    for _step in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_reached(middle) else (middle, high)
    return high
