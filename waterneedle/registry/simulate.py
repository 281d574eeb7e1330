"""Many invented clinics whose truth is known, as an extract: what every estimate is tried against.

The numbers are made up and say nothing of real treatments. Time to relief follows proportional hazards exactly; the last
score follows a linear model with an intercept for each clinic exactly, and is neither rounded nor kept within its scale, so that
its truth stays simple; whether relief came and how the last score turned out are drawn apart. Each adverse event has its own
chance for each injection. Scores end at a cut like that of an extract. The same seed gives the same clinics, one by one.
"""
from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from waterneedle.registry import writing
from waterneedle.registry.pseudonyms import CUT_OF_256, LAST_CUT
from waterneedle.registry.tables import MILLI, TABLES

INDICATIONS = ("musculoskeletal-pain", "arthritis", "sleep", "energy")
PRODUCTS = ("cyanocobalamin", "hydroxocobalamin", "methylcobalamin", "traumeel", "zeel", "sodium-chloride")
SITES = ("ST36", "LI4", "LI11", "GB34", "SP6", "BL23", "GB20", "SP9")
SEXES = ("female", "male")
AGE_BANDS = ("18-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80-")
SEVERITIES = ("mild", "moderate", "severe")
FIRST_YEAR, YEARS = 2023, 3
INSTRUMENT = "pain-average-0-10"
DAYS_BETWEEN_VISITS = 7
MOST_SESSIONS = 8
MEAN_INJECTIONS_OF_A_PATIENT = 14.5  # about; the count asked for is met to a few per cent
_INJECTIONS_OF_A_LOT = 2_000
_LOTS_AT_A_TIME = 3  # in one clinic
Arrays = dict[str, np.ndarray]
Columns = dict[str, Any]
_EPOCH = np.datetime64("1970-01-01")


@dataclass(frozen=True)
class Truth:
    """What is true in the invented clinics. Hazard ratios and slopes are for one point of the first score (0 to 10)."""

    clinics: int = 40
    injections: int = 100_000
    seed: int = 1
    relief_per_day: tuple[float, ...] = (0.03, 0.02, 0.012, 0.01)  # by indication
    log_hazard_of_point: float = -0.12  # at a first score of 6 the hazard is `relief_per_day`
    log_hazard_of_female: float = 0.20
    mean_change: tuple[float, ...] = (-2.0, -1.6, -1.2, -0.8)  # by indication
    change_of_point: float = -0.25
    change_of_female: float = -0.15
    within_sd: float = 1.2
    between_sd: float = 0.4
    events: Mapping[str, float] = field(default_factory=lambda: {
        "bruise": 0.02, "pain": 0.01, "fainting": 0.002, "allergy": 0.0008, "site_infection": 0.0003})  # for each injection
    signal: tuple[str, str, float] = ("hydroxocobalamin", "allergy", 5.0)  # product, event, times as often
    bad_lot: tuple[str, str, float] = ("traumeel", "site_infection", 60.0)  # the product's first lot, event, times as often
    clinic_spread: float = 0.0  # standard deviation of the logarithm of a clinic's rates
    size_spread: float = 0.5  # of the logarithm of a clinic's size

    @cached_property
    def patients(self) -> list[int]:
        """How many each clinic has."""
        sizes = np.exp(np.random.default_rng(self.seed).normal(0, self.size_spread, self.clinics))
        whole = self.injections / MEAN_INJECTIONS_OF_A_PATIENT
        return [max(1, round(share * whole)) for share in (sizes / sizes.sum()).tolist()]

    @property
    def lots_of_a_quarter(self) -> int:
        return max(1, round(self.injections / (len(PRODUCTS) * 4 * YEARS * _INJECTIONS_OF_A_LOT)))

    def lot(self, product: int, quarter: int, place: int) -> str:
        return f"{PRODUCTS[product][:2].upper()}{quarter:02d}-{place:05d}"

    @property
    def bad_lot_number(self) -> str:
        return self.lot(PRODUCTS.index(self.bad_lot[0]), 0, 0)


def simulate(folder: Path, truth: Truth, *, done: Any = lambda count: None) -> dict[str, int]:
    """Write the extract of all clinics; how many rows each table has. `done` is told after each clinic how many there are."""
    rows = dict.fromkeys(TABLES, 0)
    for count, tables in enumerate(clinics(truth), start=1):
        for table, found in writing.write_columns(folder, tables).items():
            rows[table] += found
        done(count)
    return rows


def clinics(truth: Truth) -> Iterator[dict[str, dict[str, Any]]]:
    """The tables of each clinic as columns."""
    for index in range(truth.clinics):
        yield _Clinic(truth, index).tables()


def courses(truth: Truth, rng: np.random.Generator, people: int, intercept: float, *, is_cut: bool = True) -> Arrays:
    """One course for each of `people` in a clinic whose own change is `intercept`; codes stand for indication, sex and band.

    `followed` are the days until relief or the last score that is told: 0 where it is cut before a second one. `sessions` go on.
    """
    indication = rng.integers(0, len(INDICATIONS), people)
    sex = (rng.random(people) < 0.35).astype(int)
    band = rng.integers(0, len(AGE_BANDS), people)
    baseline = rng.integers(3, 11, people)
    female = sex == 0
    hazard = np.array(truth.relief_per_day)[indication] * np.exp(
        truth.log_hazard_of_point * (baseline - 6) + truth.log_hazard_of_female * female)
    relief_time = np.ceil(rng.exponential(1 / hazard)).astype(np.int64)
    planned = rng.integers(2, MOST_SESSIONS + 1, people)
    leaves = np.minimum((planned - 1) * DAYS_BETWEEN_VISITS + rng.integers(0, DAYS_BETWEEN_VISITS, people),
                        np.ceil(rng.exponential(150, people)).astype(np.int64))
    leaves = np.maximum(leaves, 1)
    stays = np.minimum(relief_time, leaves)
    # Drawn apart from what happens to people.
    cut = np.minimum(rng.spawn(1)[0].geometric(CUT_OF_256 / 256, people), LAST_CUT)
    seen = (cut - 1) * DAYS_BETWEEN_VISITS if is_cut else stays + 1
    followed = np.minimum(stays, seen)
    relief = relief_time <= followed
    change = (np.array(truth.mean_change)[indication] + truth.change_of_point * (baseline - 6)
              + truth.change_of_female * female + intercept + rng.normal(0, truth.within_sd, people))
    return {"indication": indication, "sex": sex, "band": band, "baseline": baseline, "relief": relief, "followed": followed,
            "sessions": stays // DAYS_BETWEEN_VISITS + 1, "is_cut": stays >= seen, "change": change}


class _Clinic:
    def __init__(self, truth: Truth, index: int) -> None:
        self.truth, self.index = truth, index
        self.rng = np.random.default_rng([truth.seed, index])
        self.name = f"c{index:012x}"
        self.intercept = self.rng.normal(0, truth.between_sd)
        self.frailty = math.exp(self.rng.normal(0, truth.clinic_spread))

    def tables(self) -> dict[str, dict[str, Any]]:
        people = self.truth.patients[self.index]
        course = courses(self.truth, self.rng, people, self.intercept)
        began = self.rng.integers(0, 365 * YEARS - MOST_SESSIONS * DAYS_BETWEEN_VISITS, people) + _day_number(FIRST_YEAR)
        patient = self._numbers(people)
        number = self._numbers(people)
        person = {"patient": patient}
        visits, whose = self._visits(course, began)
        injections, hits = self._injections(visits, whose)
        sex, band = _codes(course["sex"], SEXES), _codes(course["band"], AGE_BANDS)
        # Relief comes before the next session, who leaves is asked after the last one, and whose scores are cut before the next.
        followed_sessions = np.where(course["relief"] | course["is_cut"], -(-course["followed"] // DAYS_BETWEEN_VISITS),
                                     course["sessions"])
        return {
            "clinics": self._of([FIRST_YEAR + YEARS]) | {
                "patients": [people], "left_out": [0], "visits_left_out": [0], "threshold": [0]},
            "patients": self._on(began) | person | {"sex": sex, "age_band": band},
            "courses": self._on(began) | person | {
                "course": number, "indication": _codes(course["indication"], INDICATIONS), "sex": sex, "age_band": band,
                "began": _days(began), "instrument": [INSTRUMENT] * people, "baseline_milli": course["baseline"] * MILLI,
                "last_milli": _where(course["followed"] > 0,
                                     np.round((course["baseline"] + course["change"]) * MILLI).astype(np.int64)),
                "followed_days": course["followed"], "followed_sessions": followed_sessions,
                "relief": course["relief"], "relief_session": _where(course["relief"], followed_sessions),
                "relief_days": _where(course["relief"], course["followed"])},
            "visits": self._on(visits["day"]) | {"visit": visits["visit"], "day": _days(visits["day"])},
            "injections": injections,
            "lots": _lots(injections),
            "events": hits,
            "scores": self._scores(course, began, patient, number),
        }

    def _visits(self, course: Arrays, began: np.ndarray) -> tuple[Arrays, np.ndarray]:
        whose = np.repeat(np.arange(len(began)), course["sessions"])
        starts = np.cumsum(course["sessions"]) - course["sessions"]
        session = np.arange(len(whose)) - np.repeat(starts, course["sessions"])
        day = began[whose] + session * DAYS_BETWEEN_VISITS
        return {"day": day, "visit": self._numbers(len(whose))}, whose

    def _injections(self, visits: Arrays, whose: np.ndarray) -> tuple[Columns, Columns]:
        rng, truth = self.rng, self.truth
        per_visit = rng.integers(2, 7, len(whose))
        place = np.repeat(np.arange(len(whose)), per_visit)
        count = len(place)
        product = rng.integers(0, len(PRODUCTS), len(whose))
        quarter = np.minimum((visits["day"] - _day_number(FIRST_YEAR)) * 4 // 366, 4 * YEARS - 1)
        parallel = truth.lots_of_a_quarter
        lot_place = (self.index + rng.integers(0, _LOTS_AT_A_TIME, len(whose))) % parallel
        lot_code = (product * 4 * YEARS + quarter) * parallel + lot_place
        used, lot_index = np.unique(lot_code, return_inverse=True)
        names = [truth.lot(code // parallel // (4 * YEARS), code // parallel % (4 * YEARS), code % parallel)
                 for code in used.tolist()]
        injection, day = self._numbers(count), visits["day"][place]
        columns = self._on(day) | {
            "visit": visits["visit"][place], "injection": injection,
            "part": np.ones(count, dtype=np.int32), "day": _days(day), "site_kind": _always("point", count),
            "site": _codes(rng.integers(0, len(SITES), count), SITES), "route": _codes(rng.integers(0, 2, count), ("SC", "IM")),
            "technique": _always("injection", count), "product": _codes(product[place], PRODUCTS),
            "lot": _codes(lot_index[place], names), "new_in_lot": _new(lot_index[place], whose[place]),
            "volume_ul": rng.integers(1, 11, count) * 100}
        is_bad = np.array([name == truth.bad_lot_number for name in names], dtype=bool)[lot_index][place]
        hits = [self._events(kind, product[place], is_bad) for kind in truth.events]
        where = np.concatenate(hits)
        kinds = np.repeat(np.arange(len(truth.events)), [len(found) for found in hits])
        by_product = kinds * len(PRODUCTS) + product[place][where]
        by_lot = kinds * len(names) + lot_index[place][where]
        people = whose[place][where]
        return columns, self._on(day[where]) | {
            "visit": visits["visit"][place][where], "event": self._numbers(len(where)),
            "day": _days(day[where]), "kind": _codes(kinds, tuple(truth.events)),
            "severity": _codes(rng.choice(3, len(where), p=(0.8, 0.17, 0.03)), SEVERITIES),
            "serious": rng.random(len(where)) < 0.02, "causality": _always("possible", len(where)),
            "product": _codes(product[place][where], PRODUCTS),
            "lot": _codes(lot_index[place][where], names),
            "new_in_kind": _new(kinds, people), "new_in_product": _new(by_product, people), "new_in_lot": _new(by_lot, people)}

    def _events(self, kind: str, product: np.ndarray, is_bad: np.ndarray) -> np.ndarray:
        truth = self.truth
        chance = np.full(len(product), truth.events[kind] * self.frailty)
        signal_product, signal_kind, times = truth.signal
        if kind == signal_kind:
            chance[product == PRODUCTS.index(signal_product)] *= times
        if kind == truth.bad_lot[1]:
            chance[is_bad] *= truth.bad_lot[2]
        return np.flatnonzero(self.rng.random(len(product)) < chance)

    def _scores(self, course: Arrays, began: np.ndarray, patient: np.ndarray, number: np.ndarray) -> Columns:
        asked_again = np.flatnonzero(course["followed"] > 0)
        twice = np.r_[np.arange(len(began)), asked_again]
        after = np.r_[np.zeros(len(began), dtype=int), np.ones(len(asked_again), dtype=int)]
        day = began[twice] + after * course["followed"][twice]
        score = course["baseline"][twice] + after * course["change"][twice]
        session = after * -(-course["followed"][twice] // DAYS_BETWEEN_VISITS)
        return self._on(day) | {"patient": patient[twice], "course": number[twice], "session": session, "day": _days(day),
                                "instrument": [INSTRUMENT] * len(twice), "score_milli": np.round(score * MILLI).astype(np.int64)}

    def _numbers(self, count: int) -> np.ndarray:
        return self.rng.integers(0, 2**62, count)

    def _on(self, days: np.ndarray) -> dict[str, Any]:
        return self._of(days.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970)

    def _of(self, years: Any) -> dict[str, Any]:
        return {"clinic": _always(self.name, len(years)), "year": np.asarray(years, dtype=np.int32)}


def _codes(codes: np.ndarray, names: Any) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(list(names), pa.string())).cast(pa.string())


def _always(name: str, count: int) -> pa.Array:
    return _codes(np.zeros(count, dtype=int), (name,))


def _day_number(year: int) -> int:
    return int((np.datetime64(f"{year}-01-01") - _EPOCH).astype(int))


def _days(numbers: np.ndarray) -> pa.Array:
    return pa.array(numbers.astype(np.int32)).cast(pa.date32())


def _where(there: np.ndarray, values: np.ndarray) -> pa.Array:
    return pa.array(values, mask=~there)


def _new(cells: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Where a person first has an event of a cell."""
    new = np.zeros(len(cells), dtype=bool)
    new[np.unique(cells * (people.max(initial=0) + 1) + people, return_index=True)[1]] = True
    return new


def _lots(injections: dict[str, Any]) -> dict[str, Any]:
    names = ["clinic", "year", "product", "lot"]
    found = pa.table({name: injections[name] for name in (*names, "volume_ul")}).group_by(names).aggregate(
        [([], "count_all"), ("volume_ul", "sum")])
    return {name: found[name] for name in names} | {"injections": found["count_all"], "volume_ul": found["volume_ul_sum"]}
