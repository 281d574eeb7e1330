"""Do the intervals of the registry's statistics cover the truth as often as they say, and does the sequential test keep its word?

    python bench/registry_coverage.py [--simulations 1000]

Invented clinics with known truth (`registry/simulate.py`), scores cut as in an extract, 95 % intervals. To reach: coverage that
differs from 95 % by no more than chance allows (exact binomial, two-sided, 1 in 1,000); of what is exact, the interval of Clopper
and Pearson and the sequential test, which do better than they say because counts are whole, only the bad side counts.
"""
from __future__ import annotations

import argparse
import math
import os
import platform
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from scipy.stats import binom, binomtest
from scipy.stats.contingency import relative_risk

from waterneedle.outcomes import cox, mixed
from waterneedle.outcomes.rates import rate
from waterneedle.outcomes.survival import counted, kaplan_meier
from waterneedle.registry.sequential import Look, watch
from waterneedle.registry.simulate import Truth, courses

CONFIDENCE, TRUST = 0.95, 0.001
CLINICS, COURSES, DAYS = 30, 40, (7, 21, 35)
QUARTERS, PRODUCTS = 12, 6
TRUTH = Truth()
ONE_SIDED = ("rate of an event (Clopper-Pearson)", "no false alarm in 12 quarters")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--simulations", type=int, default=1_000)
    simulations = options.parse_args().simulations
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}; {simulations:,} simulations of "
          f"{CLINICS} clinics with {COURSES} courses each", flush=True)
    covered: dict[str, list[bool]] = defaultdict(list)
    for number in range(simulations):
        rng = np.random.default_rng([7, number])
        for name, is_covered in (*of_courses(rng), *of_events(rng)):
            covered[name].append(is_covered)
    off = [name for name, found in covered.items() if told(name, found)]
    return 1 if off else 0


def of_courses(rng: np.random.Generator) -> Iterator[tuple[str, bool]]:
    own = rng.normal(0, TRUTH.between_sd, CLINICS)
    parts = [courses(TRUTH, rng, COURSES, intercept) for intercept in own]
    made = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    asked_again = made["followed"] > 0
    clinic, made = np.repeat(np.arange(CLINICS), COURSES)[asked_again], {name: made[name][asked_again] for name in made}
    female, point = made["sex"] == 0, made["baseline"] - 6
    kinds = [made["indication"] == kind for kind in range(1, len(TRUTH.relief_per_day))]
    yield from of_relief(made, female, point, kinds)
    columns = np.column_stack([np.ones(len(clinic)), point, female, *kinds]).astype(float)
    sums = mixed.sums_of(clinic, columns, made["change"])
    found = mixed.fit(sums)
    means = TRUTH.mean_change
    truths = (means[0], TRUTH.change_of_point, TRUTH.change_of_female, *(mean - means[0] for mean in means[1:]))
    names = ("intercept", "of a point", "of female", *(f"of indication {kind}" for kind in range(1, len(means))))
    for name, truth, (_value, low, high) in zip(names, truths, found.intervals(), strict=True):
        yield f"change, {name} (mixed model)", low <= truth <= high
    low, high = mixed.between_interval(sums)
    yield "variance of clinics over that within (profile)", low <= (TRUTH.between_sd / TRUTH.within_sd) ** 2 <= high
    one = rng.integers(0, CLINICS)
    yield "a clinic's own deviation (prediction)", abs(found.predicted[one] - own[one]) <= 1.96 * found.predicted_errors[one]


def of_relief(made: dict[str, np.ndarray], female: np.ndarray, point: np.ndarray, kinds: list) -> Iterator[tuple[str, bool]]:
    first = made["indication"] == 0
    curve = kaplan_meier(counted(made["followed"][first], made["relief"][first]))
    for day in DAYS:
        found = curve.at(day)
        yield f"relief by day {day} (Kaplan-Meier)", found is not None and found[1] <= still_without(day) <= found[2]
    covariates = np.column_stack([point, female, *kinds]).astype(float)
    fitted = cox.fit(cox.rows_of(made["followed"], made["relief"].astype(int), 1 - made["relief"].astype(int), covariates))
    base = TRUTH.relief_per_day
    truths = (TRUTH.log_hazard_of_point, TRUTH.log_hazard_of_female, *(math.log(one / base[0]) for one in base[1:]))
    names = ("of a point", "of female", *(f"of indication {kind}" for kind in range(1, len(base))))
    for name, truth, value, error in zip(names, truths, fitted.coefficients, fitted.errors, strict=True):
        yield f"hazard, {name} (Cox)", abs(value - truth) <= 1.96 * error


def still_without(day: int) -> float:
    """The true share without relief after `day`, over first scores and sexes as they are drawn."""
    total = 0.0
    for baseline in range(3, 11):
        for is_female, share in ((1, 0.65), (0, 0.35)):
            hazard = TRUTH.relief_per_day[0] * math.exp(
                TRUTH.log_hazard_of_point * (baseline - 6) + TRUTH.log_hazard_of_female * is_female)
            total += share / 8 * math.exp(-hazard * day)
    return total


def of_events(rng: np.random.Generator) -> Iterator[tuple[str, bool]]:
    size, share = 4_000, 0.004
    found = rate(int(rng.binomial(size, share)), size)
    yield "rate of an event (Clopper-Pearson)", found.low <= share <= found.high
    with_it, without_it = rng.binomial(size, 5 * share), rng.binomial(5 * size, share)
    ratio = relative_risk(int(with_it), size, int(without_it), 5 * size).confidence_interval()
    yield "five times as often (ratio of rates)", ratio.low <= 5 <= ratio.high
    exposure = rng.dirichlet(np.full(PRODUCTS, 3.0), size=(QUARTERS, 5))[:, :, 0]  # five clinics of different habits
    events = rng.poisson(rng.gamma(2.0, 1.5, size=5), size=(QUARTERS, 5))
    seen = rng.binomial(events, exposure).sum(axis=1)
    looks = [Look(one, shares, int(count)) for one, shares, count in zip(events, exposure, seen, strict=True)]
    yield "no false alarm in 12 quarters", watch(looks, 1 - CONFIDENCE).alarm is None


def told(name: str, found: list[bool]) -> bool:
    """Print one line; whether it is too far off."""
    covered, of = sum(found), len(found)
    side = "less" if name in ONE_SIDED else "two-sided"
    is_off = binomtest(covered, of, CONFIDENCE, alternative=side).pvalue < TRUST
    chance = [binom.ppf(tail, of, CONFIDENCE) / of for tail in (TRUST / 2, 1 - TRUST / 2)]
    print(f"  {name:48} {100 * covered / of:5.1f} %  (chance: {100 * chance[0]:.1f} to {100 * chance[1]:.1f}"
          f"{', or more' if side == 'less' else ''}){'  TOO FAR' if is_off else ''}", flush=True)
    return is_off


if __name__ == "__main__":
    raise SystemExit(main())
