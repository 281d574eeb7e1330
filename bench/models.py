"""Kaplan and Meier, Cox and intercepts of clinics on many courses: ours from counts and sums, the libraries on the rows.

    python bench/models.py [--courses 1000000] [--clinics 500]

Ours includes the counting: for the curve from the very columns that lifelines is given, for the models by DuckDB, in memory,
from the same columns that the peers hold as a data frame (whose making is not timed). The peers get their best: lifelines'
Kaplan and Meier as it is, its Cox in batch mode and as it is, statsmodels' mixed model by its default optimiser, by L-BFGS and by
Powell's method, of which the fastest that arrives counts. Equal means estimates to 1e-5. To reach: 25 x, 5 x and 100 x. Times of
ours are medians of several, the peers' are of one.
"""
from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from waterneedle.outcomes import cox, mixed
from waterneedle.outcomes.survival import counted, kaplan_meier
from waterneedle.registry.simulate import INDICATIONS, Truth, courses

ROUNDS = 7
TARGETS = {"Kaplan-Meier": 25, "Cox": 5, "random intercepts": 100}
NAMES = ("baseline", "female", *(f"indication_{number}" for number in range(1, len(INDICATIONS))))
EQUAL = 1e-5


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--courses", type=int, default=1_000_000)
    options.add_argument("--clinics", type=int, default=500)
    asked = options.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}; "
          f"{asked.courses:,} courses, {asked.clinics} clinics", flush=True)
    frame = invented(asked.courses, asked.clinics)
    database = duckdb.connect()
    database.execute("CREATE TABLE courses AS SELECT * FROM frame")
    found = [survival(frame), hazards(database, frame), intercepts(database, frame)]
    return 0 if all(found) else 1


def invented(people: int, clinics: int) -> pd.DataFrame:
    truth, rng = Truth(), np.random.default_rng(1)
    parts = []
    for clinic in range(clinics):
        one = courses(truth, rng, people // clinics, rng.normal(0, truth.between_sd), is_cut=False)
        parts.append(pd.DataFrame({
            "clinic": clinic, "days": one["followed"], "relief": one["relief"], "baseline": one["baseline"] - 6,
            "female": (one["sex"] == 0).astype(int), "change": np.round(one["change"] * 1000).astype("int64")} | {
            f"indication_{number}": (one["indication"] == number).astype(int) for number in range(1, len(INDICATIONS))}))
    return pd.concat(parts, ignore_index=True)


def survival(frame: pd.DataFrame) -> bool:
    from lifelines import KaplanMeierFitter

    days, relief = frame.days.to_numpy(), frame.relief.to_numpy()
    curve, seconds = timed(lambda: kaplan_meier(counted(days, relief)))
    theirs, peer = timed(lambda: KaplanMeierFitter().fit(frame.days, frame.relief), 3)
    share = theirs.survival_function_.loc[curve.counts.times, "KM_estimate"].to_numpy()
    return told("Kaplan-Meier", seconds, {"lifelines": peer}, float(np.abs(share - curve.survival).max()))


def hazards(database: Any, frame: pd.DataFrame) -> bool:
    from lifelines import CoxPHFitter

    def ours() -> cox.Hazards:
        columns = ", ".join(NAMES)
        found = database.execute(
            f"SELECT days, {columns}, sum(relief::INT)::BIGINT AS e, sum(1 - relief::INT)::BIGINT AS c FROM courses GROUP BY ALL")
        rows = found.fetchnumpy()
        return cox.fit(cox.rows_of(rows["days"], rows["e"], rows["c"], np.stack([rows[name] for name in NAMES], axis=1)))

    fitted, seconds = timed(ours)
    data = frame[["days", "relief", *NAMES]].astype(float)
    peers = {}
    theirs = None
    for name, batch in (("lifelines, batch mode", True), ("lifelines, as it is", None)):
        theirs, peers[name] = timed(lambda batch=batch: CoxPHFitter().fit(data, "days", "relief", batch_mode=batch), 1)
    return told("Cox", seconds, peers, float(np.abs(theirs.params_.to_numpy() - fitted.coefficients).max()))


def intercepts(database: Any, frame: pd.DataFrame) -> bool:
    from statsmodels.regression.mixed_linear_model import MixedLM

    columns = ["1", *NAMES, "change"]

    def ours() -> mixed.Fit:
        totals = ", ".join(f"sum({name})::DOUBLE" for name in columns)
        groups = database.execute(f"SELECT count(*), {totals} FROM courses GROUP BY clinic ORDER BY clinic").fetchnumpy()
        sizes, *sums = groups.values()
        patterns = database.execute(
            f"SELECT {', '.join(NAMES)}, count(*) AS n, sum(change)::DOUBLE AS y, sum(change * change)::DOUBLE AS yy "
            "FROM courses GROUP BY ALL").fetchnumpy()
        design = np.stack([np.ones(len(patterns["n"])), *(patterns[name] for name in NAMES)], axis=1)
        products = np.empty((len(columns),) * 2)
        products[:-1, :-1] = (design * patterns["n"][:, None]).T @ design
        products[:-1, -1] = products[-1, :-1] = design.T @ patterns["y"]
        products[-1, -1] = patterns["yy"].sum()
        return mixed.fit(mixed.Sums(sizes, np.stack(sums, axis=1), products))

    fitted, seconds = timed(ours)
    design = np.column_stack([np.ones(len(frame)), frame[list(NAMES)]])
    peers: dict[str, float] = {}
    differ = float("nan")
    for name, options in (("default", {}), ("lbfgs", {"method": "lbfgs"}), ("powell", {"method": "powell"})):
        start = time.perf_counter()
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            try:
                theirs = MixedLM(frame.change.to_numpy(float), design, frame.clinic.to_numpy()).fit(reml=True, **options)
            except (ValueError, np.linalg.LinAlgError) as problem:
                print(f"    statsmodels {name}: {problem}")
                continue
        took = time.perf_counter() - start
        behind = fitted.log_likelihood - theirs.llf
        arrived = theirs.converged and abs(behind) < 1e-2
        print(f"    statsmodels {name}: {took:.1f} s, says converged: {theirs.converged}, log likelihood {behind:+.2g} below "
              f"ours, between {float(np.squeeze(theirs.cov_re)):.6g} (ours {fitted.between:.6g}), warnings {len(warned)}")
        if arrived:
            peers[f"statsmodels {name}"] = took
            scale = np.maximum(np.abs(fitted.coefficients), fitted.errors)
            worst = float((np.abs(theirs.fe_params - fitted.coefficients) / scale).max())
            differ = min(worst, differ) if differ == differ else worst
    return told("random intercepts", seconds, peers, differ)


def told(name: str, seconds: float, peers: dict[str, float], differ: float) -> bool:
    best = min(peers.values(), default=float("nan"))
    times = best / seconds
    ok = times >= TARGETS[name] and differ <= EQUAL
    others = ", ".join(f"{peer} {value:.3f} s" for peer, value in peers.items()) or "no peer arrived"
    print(f"  {name:18} ours {1000 * seconds:8.1f} ms; {others}: {times:.1f} x (to reach {TARGETS[name]}), "
          f"largest difference {differ:.1e}: {'reached' if ok else 'NOT reached'}", flush=True)
    return ok


def timed(work: Callable[[], Any], rounds: int = ROUNDS) -> tuple[Any, float]:
    """The answer, and the median of the times; of several, the first is not counted."""
    answer, seconds = None, []
    for number in range(rounds + (rounds > 1)):
        start = time.perf_counter()
        answer = work()
        if number or rounds == 1:
            seconds.append(time.perf_counter() - start)
    return answer, statistics.median(seconds)


if __name__ == "__main__":
    raise SystemExit(main())
