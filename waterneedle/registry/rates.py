"""How often adverse events are reported for injections, with exact intervals, and which clinics lie outside of the funnel.

A rate is of reports: where nobody asks, it is low. Funnel: Spiegelhalter, Stat Med 2005;24:1185-1202, doi 10.1002/sim.1970, with
exact binomial limits around the rate of all clinics together.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import binom, binomtest

from waterneedle.registry import counts
from waterneedle.registry.engines import Engine

CONFIDENCE = 0.95
FUNNEL = (0.95, 0.998)


@dataclass(frozen=True)
class Rate:
    """`events` of a `kind` for `injections` of a `group`, in so many `patients` at least; the share with its limits (Clopper and
    Pearson)."""

    kind: str
    group: str
    events: int
    patients: int
    serious: int
    injections: int
    share: float
    low: float
    high: float


def rates(engine: Engine, by: str = "product") -> list[Rate]:
    """The rate of each kind of event by `product`, `lot` or `clinic`; also of what did not happen."""
    exposed = {row[by]: row["injections"] for row in engine.rows(injected(engine, by))}
    seen = {(row["kind"], row[by]): row for row in engine.rows(counts.happened(engine["events"], "kind", by))}
    kinds = sorted({kind for kind, _group in seen})
    return [_rate(kind, group, seen.get((kind, group)), injections) for kind in kinds for group, injections in exposed.items()]


def injected(engine: Engine, *by: str) -> Any:
    """Injections by columns: of what was counted beforehand, where it was."""
    rows = engine.counted(("injected_at", "injected"), by)
    if rows is not None:
        return rows.group_by(*by).aggregate(injections=rows.injections.sum().cast("int64"),
                                            volume_ul=rows.volume_ul.sum().cast("int64"))
    return counts.injected(engine["injections"], *by)


@dataclass(frozen=True)
class Funnel:
    """The rate of one kind in each clinic, the rate of all, and the limits of chance at each clinic's size."""

    kind: str
    overall: float
    clinics: tuple[Rate, ...]

    def limits(self, injections: Sequence[int], confidence: float) -> tuple[np.ndarray, np.ndarray]:
        """Between which shares a clinic of so many injections lies, by chance alone, with this probability."""
        size, tail = np.asarray(injections), (1 - confidence) / 2
        return binom.ppf(tail, size, self.overall) / size, binom.isf(tail, size, self.overall) / size

    def outside(self, confidence: float = FUNNEL[1]) -> tuple[Rate, ...]:
        """Clinics beyond the limits, either way."""
        low, high = self.limits([one.injections for one in self.clinics], confidence)
        return tuple(one for one, least, most in zip(self.clinics, low, high, strict=True) if not least <= one.share <= most)


def funnels(engine: Engine) -> list[Funnel]:
    found: dict[str, list[Rate]] = {}
    for one in rates(engine, "clinic"):
        found.setdefault(one.kind, []).append(one)
    return [Funnel(kind, sum(one.events for one in clinics) / sum(one.injections for one in clinics), tuple(clinics))
            for kind, clinics in found.items()]


def interval(events: int, of: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Limits of Clopper and Pearson."""
    found = binomtest(events, of).proportion_ci(confidence, method="exact")
    return float(found.low), float(found.high)


def _rate(kind: str, group: str, seen: dict[str, Any] | None, injections: int) -> Rate:
    # An injection may be followed by two events of a kind; of so few injections no rate is above one.
    events = min(seen["events"], injections) if seen else 0
    patients, serious = (seen["patients"], seen["serious"]) if seen else (0, 0)
    return Rate(kind, group, events, patients, serious, injections, events / injections, *interval(events, injections))
