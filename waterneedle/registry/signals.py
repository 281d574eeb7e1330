"""Does an event stand out with a product or a lot? Disproportion with intervals, and the sequential test over the quarters.

Of each pair of product and event: the ratio of rates for injections, and among the reports alone, as spontaneous reports are
read, PRR and ROR (Evans and others, Pharmacoepidemiol Drug Saf 2001;10:483-486, doi 10.1002/pds.677); the odds ratio with clinics
kept apart (Mantel and Haenszel). Ratios and intervals are scipy's and statsmodels'. Events that are put down to no product are
left out. A signal is a question to be looked into, not a finding.
"""
from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import false_discovery_control, fisher_exact
from scipy.stats.contingency import odds_ratio, relative_risk
from statsmodels.stats.contingency_tables import StratifiedTable

from waterneedle.registry import counts
from waterneedle.registry.engines import Engine
from waterneedle.registry.rates import injected
from waterneedle.registry.sequential import Look, Watched, watch

ALPHA = 0.05  # of a false alarm in any pair at any look
FALSE_LOTS = 0.05  # of the lots that are named, how many are so by chance (false discovery rate)
_FEWEST = 3  # events: below it no ratio is called a signal (Evans and others)


@dataclass(frozen=True)
class Ratio:
    """A ratio with its limits; nan where a cell is empty."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Signal:
    """One event with one product beside all others. `alarm` is the quarter of the sequential test's alarm, as (year, 1 to 4)."""

    product: str
    kind: str
    events: int
    injections: int
    expected: float
    rate_ratio: Ratio
    prr: Ratio
    ror: Ratio
    by_clinic: Ratio
    watched: Watched
    alarm: tuple[int, int] | None

    @property
    def stands_out(self) -> bool:
        return self.alarm is not None and self.events >= _FEWEST


@dataclass(frozen=True)
class LotSignal:
    """One event with one lot beside the other lots of its product. `p` is one-sided (Fisher), `q` after all lots (Benjamini,
    Hochberg)."""

    product: str
    lot: str
    kind: str
    events: int
    patients: int  # at least
    injections: int
    rate_ratio: Ratio
    p: float
    q: float

    @property
    def stands_out(self) -> bool:
        return self.q <= FALSE_LOTS and self.events >= _FEWEST


def signals(engine: Engine, alpha: float = ALPHA, planned_looks: int | None = None) -> list[Signal]:
    """Every pair of product and event that was seen, the loudest first. `alpha` is shared out evenly among the pairs."""
    quarterly = injected_by_quarter(engine)
    found = engine.rows(counts.happened(counts.with_quarter(engine["events"]), "clinic", "product", "kind", "quarter"))
    happened = [row for row in found if row["product"]]
    exposure, reports = _Tally(quarterly, "injections"), _Tally(happened, "events")
    pairs = sorted({(row["product"], row["kind"]) for row in happened})
    told = [_signal(product, kind, exposure, reports, alpha / len(pairs), planned_looks) for product, kind in pairs]
    return sorted(told, key=lambda one: (one.alarm is None, -_or_zero(one.rate_ratio.low), one.product, one.kind))


def lots(engine: Engine) -> list[LotSignal]:
    """Lots with an event, the smallest p first."""
    exposed = {(row["product"], row["lot"]): row["injections"] for row in engine.rows(injected(engine, "product", "lot"))
               if row["lot"]}
    happened = [row for row in engine.rows(counts.happened(engine["events"], "product", "lot", "kind"))
                if (row["product"], row["lot"]) in exposed]
    of_product: dict[str, int] = defaultdict(int)
    for (product, _lot), injections in exposed.items():
        of_product[product] += injections
    of_kind: dict[tuple[str, str], int] = defaultdict(int)
    for row in happened:
        of_kind[row["product"], row["kind"]] += row["events"]
    tables = []
    for row in happened:
        inside, all_of_it = exposed[row["product"], row["lot"]], of_product[row["product"]]
        if all_of_it > inside:
            tables.append((row, _table(row["events"], inside, of_kind[row["product"], row["kind"]], all_of_it)))
    if not tables:
        return []
    p = [float(fisher_exact(table, alternative="greater").pvalue) for _row, table in tables]
    rows = [LotSignal(row["product"], row["lot"], row["kind"], row["events"], row["patients"], sum(table[0]),
                      _rate_ratio(table), one, float(q))
            for (row, table), one, q in zip(tables, p, false_discovery_control(p), strict=True)]
    return sorted(rows, key=lambda one: (one.p, one.product, one.lot, one.kind))


def injected_by_quarter(engine: Engine) -> list[dict[str, Any]]:
    if "injected" in engine.prebuilt:
        return engine.rows(injected(engine, "clinic", "product", "quarter"))
    return engine.rows(counts.injected(counts.with_quarter(engine["injections"]), "clinic", "product", "quarter"))


class _Tally:
    """Counts of rows by clinic, product, quarter and, of events, kind."""

    def __init__(self, rows: Iterable[dict[str, Any]], name: str) -> None:
        self.rows = list(rows)
        self.by: dict[tuple[Any, ...], int] = defaultdict(int)
        for row in self.rows:
            clinic, product, quarter, kind = row["clinic"], row["product"], row["quarter"], row.get("kind")
            for key in ((clinic, product, quarter, kind), (clinic, None, quarter, kind), (clinic, product, None, kind),
                        (clinic, None, None, kind), (None, product, None, kind), (None, None, None, kind),
                        *(((None, product, None, None), (None, None, None, None)) if kind is not None else ())):
                self.by[key] += row[name]
        self.clinics = sorted({row["clinic"] for row in self.rows})
        self.quarters = sorted({row["quarter"] for row in self.rows})

    def of(self, clinic: str | None = None, product: str | None = None, quarter: int | None = None,
           kind: str | None = None) -> int:
        return self.by.get((clinic, product, quarter, kind), 0)


def _signal(product: str, kind: str, exposure: _Tally, reports: _Tally, alpha: float, planned: int | None) -> Signal:
    events, all_events = reports.of(product=product, kind=kind), reports.of(kind=kind)
    injections, all_injections = exposure.of(product=product), exposure.of()
    table = _table(events, injections, all_events, all_injections)
    among = _table(events, reports.of(product=product), all_events, reports.of())
    by_clinic = [_table(reports.of(clinic, product, kind=kind), exposure.of(clinic, product), reports.of(clinic, kind=kind),
                        exposure.of(clinic)) for clinic in exposure.clinics]
    watched = watch(_looks(product, kind, exposure, reports), alpha, planned)
    alarm = None if watched.alarm is None else _quarter(exposure.quarters[watched.alarm - 1])
    return Signal(product, kind, events, injections, watched.expected[-1], _rate_ratio(table), _rate_ratio(among), _odds(among),
                  _pooled(by_clinic), watched, alarm)


def _looks(product: str, kind: str, exposure: _Tally, reports: _Tally) -> list[Look]:
    looks = []
    for quarter in exposure.quarters:
        events, shares, observed = [], [], 0
        for clinic in exposure.clinics:
            happened, injected_there = reports.of(clinic, quarter=quarter, kind=kind), exposure.of(clinic, quarter=quarter)
            if happened and injected_there:
                events.append(happened)
                shares.append(exposure.of(clinic, product, quarter) / injected_there)
                observed += reports.of(clinic, product, quarter, kind)
        looks.append(Look(np.array(events, dtype=int), np.array(shares), observed))
    return looks


def _table(events: int, of: int, all_events: int, all_of: int) -> list[list[int]]:
    """With the event and without it: with the product, and with the others."""
    return [[events, max(of - events, 0)], [all_events - events, max(all_of - of - (all_events - events), 0)]]


def _rate_ratio(table: list[list[int]]) -> Ratio:
    (events, others), (rest, rest_others) = table
    if not events or not rest:
        return Ratio(math.nan, math.nan, math.nan)
    found = relative_risk(events, events + others, rest, rest + rest_others)
    return Ratio(float(found.relative_risk), *map(float, found.confidence_interval()))


def _odds(table: list[list[int]]) -> Ratio:
    if any(cell == 0 for row in table for cell in row):
        return Ratio(math.nan, math.nan, math.nan)
    found = odds_ratio(table, kind="sample")
    return Ratio(float(found.statistic), *map(float, found.confidence_interval()))


def _pooled(tables: list[list[list[int]]]) -> Ratio:
    telling = [np.array(table, dtype=float) for table in tables
               if sum(row[0] for row in table) and all(sum(row) for row in table)]
    if not telling or not sum(table[0, 0] for table in telling) or not sum(table[1, 0] for table in telling):
        return Ratio(math.nan, math.nan, math.nan)
    pooled = StratifiedTable(telling)
    return Ratio(float(pooled.oddsratio_pooled), *map(float, pooled.oddsratio_pooled_confint()))


def _quarter(number: int) -> tuple[int, int]:
    return number // 4, number % 4 + 1


def _or_zero(value: float) -> float:
    return 0.0 if math.isnan(value) else value
