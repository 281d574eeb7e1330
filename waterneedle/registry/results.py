"""Whether it helped: change and relief by indication, clinics compared with their case mix taken out, and time to relief.

Without people who were treated otherwise none of this shows that the treatment did it: who comes on a bad day is better on the
next one anyway (regression to the mean).
"""
from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import t as student

from waterneedle.outcomes import cox, mixed
from waterneedle.outcomes.survival import Counts, Curve, kaplan_meier
from waterneedle.registry import counts
from waterneedle.registry.engines import Engine
from waterneedle.registry.rates import interval
from waterneedle.registry.tables import MILLI

CONFIDENCE = 0.95
CENTRE = 6  # of the first score: an intercept is of a course that began there
_CATEGORIES = ("indication", "sex", "age_band")


@dataclass(frozen=True)
class Outcome:
    """Courses of one indication: the mean change of the score with the limits of its interval, and the share with relief."""

    indication: str
    courses: int
    change: float
    change_low: float
    change_high: float
    change_sd: float
    relieved: int
    relieved_low: float
    relieved_high: float


def outcomes(engine: Engine) -> list[Outcome]:
    return [_outcome(row) for row in engine.rows(outcomes_by(engine, "indication"))]


def outcomes_by(engine: Engine, *by: str) -> Any:
    """Courses with the sums of their change by columns: of what was counted beforehand, where it was."""
    rows = engine.counted(("judged_for", "judged"), by)
    if rows is None:
        return counts.outcomes_by(engine["courses"], *by)
    whole = {name: rows[name].sum().cast("int64") for name in ("courses", "relieved", "change", "change_squared")}
    first = rows.baseline_sum if "baseline_sum" in rows.columns else rows.baseline * rows.courses
    return rows.group_by(*by).aggregate(**whole, baseline_sum=first.sum().cast("int64"))


@dataclass(frozen=True)
class Effect:
    """A coefficient or a ratio by the name of its column, with its limits. `category`: of which case mix it is a level; empty for
    what is of everybody."""

    name: str
    value: float
    low: float
    high: float
    category: str = ""


@dataclass(frozen=True)
class ClinicEffect:
    """How much more (or less) the score changed in a clinic than case mix explains; shrunk towards 0 where it is small."""

    clinic: str
    courses: int
    effect: float
    error: float


@dataclass(frozen=True)
class Adjusted:
    """The change of the score explained by case mix and clinic."""

    effects: tuple[Effect, ...]
    clinics: tuple[ClinicEffect, ...]
    within_sd: float
    between_sd: float
    courses: int


People = Mapping[tuple[str, str], int]


def people(engine: Engine) -> People:
    """How many patients have an outcome, by (category, level): of each clinic, indication, sex and age band."""
    rows = counts.judged(engine["courses"])
    found: dict[tuple[str, str], int] = {}
    for category in ("clinic", *_CATEGORIES):
        told = engine.rows(rows.group_by(category).aggregate(patients=rows.patient.nunique()))
        found |= {(category, row[category]): row["patients"] for row in told}
    return found


def told(effects: Sequence[Effect], people: People, kept_back: Collection[str], threshold: int) -> tuple[Effect, ...]:
    """Without the effects of levels that fewer than `threshold` patients have, or of indications that are kept back: what is
    said of a level beside the others gives its mean change away."""
    return tuple(
        one for one in effects
        if not one.category or (people.get((one.category, one.name), 0) >= threshold
                                and not (one.category == "indication" and one.name in kept_back)))


def adjusted(engine: Engine) -> Adjusted | None:
    """None where there are too few clinics or courses to tell."""
    columns = Columns(engine)
    if not columns.patterns:
        return None
    clinics, sums = columns.sums()
    if len(clinics) < 2 or sums.sizes.sum() <= len(columns.names) + 1:
        return None
    try:
        found = mixed.fit(sums)
    except ValueError:  # two columns are the same people
        return None
    effects = columns.effects(found.intervals())
    rows = zip(clinics, sums.sizes.tolist(), found.predicted.tolist(), found.predicted_errors.tolist(), strict=True)
    return Adjusted(effects, tuple(ClinicEffect(*row) for row in rows), math.sqrt(found.within), math.sqrt(found.between),
                    found.people)


class Columns:
    """Case mix as the columns of a model: the intercept, the first score, and a column for each category but the commonest."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.patterns = engine.rows(outcomes_by(engine, *counts.CASE_MIX))
        self.levels = [(category, level) for category in _CATEGORIES for level in self._others(category)]
        self.names = ("intercept", f"first score, each point above {CENTRE}", *(level for _category, level in self.levels))

    def effects(self, rows: Iterable[Iterable[float]], first: int = 0) -> tuple[Effect, ...]:
        """Value and limits of each column, from the column `first` on."""
        categories = ("", "", *(category for category, _level in self.levels))
        named = zip(self.names[first:], categories[first:], rows, strict=True)
        return tuple(Effect(name, *map(float, row), category) for name, category, row in named)

    def of(self, pattern: dict[str, Any]) -> list[float]:
        return [1.0, pattern["baseline"] - CENTRE, *(float(pattern[category] == level) for category, level in self.levels)]

    def sums(self) -> tuple[list[str], mixed.Sums]:
        """What the model needs of each clinic and of all together: two questions of a few rows each."""
        size = np.array([row["courses"] for row in self.patterns], dtype=float)
        design = np.array([self.of(row) for row in self.patterns])
        change, squared = (np.array([row[name] for row in self.patterns], dtype=float) / scale
                           for name, scale in (("change", MILLI), ("change_squared", MILLI**2)))
        products = np.empty((len(self.names) + 1,) * 2)
        products[:-1, :-1] = (design * size[:, None]).T @ design
        products[:-1, -1] = products[-1, :-1] = design.T @ change
        products[-1, -1] = squared.sum()
        found = self.engine.columns(self._by_clinic())
        order = np.argsort(found["clinic"])
        sizes = found["courses"][order]
        levels = [found[f"level{place}"][order] for place in range(len(self.levels))]
        totals = [sizes, found["baseline"][order] - CENTRE * sizes, *levels, found["change"][order] / MILLI]
        return found["clinic"][order].tolist(), mixed.Sums(sizes, np.stack(totals, axis=1).astype(float), products)

    def _by_clinic(self) -> Any:
        rows = counts.judged(self.engine["courses"])
        levels = {f"level{place}": (rows[category] == level).cast("int64").sum().cast("int64")
                  for place, (category, level) in enumerate(self.levels)}
        first = rows.baseline.cast("int64").sum().cast("int64")
        return rows.group_by("clinic").aggregate(
            courses=rows.count(), baseline=first, change=rows.change.sum().cast("int64"), **levels)

    def _others(self, category: str) -> list[str]:
        sizes: dict[str, int] = {}
        for row in self.patterns:
            sizes[row[category]] = sizes.get(row[category], 0) + row["courses"]
        commonest = max(sizes, key=lambda level: (sizes[level], level), default="")
        return sorted(set(sizes) - {commonest})


def time_to_relief(engine: Engine, time: str = "sessions") -> dict[str, Curve]:
    """The curve of each indication, by `sessions` or `days`."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in engine.rows(counts.followed_by(engine["courses"], time, "indication")):
        found.setdefault(row["indication"], []).append(row)
    return {indication: kaplan_meier(Counts(*(np.array([row[name] for row in rows]) for name in (time, "relieved", "censored"))))
            for indication, rows in sorted(found.items())}


def hazards(engine: Engine) -> tuple[tuple[Effect, ...], cox.Hazards] | None:
    """Hazard ratios of relief, by case mix. None where the data do not tell them."""
    columns = Columns(engine)
    if not columns.patterns:
        return None
    found = engine.columns(counts.followed_by(engine["courses"], "days", *counts.CASE_MIX))
    if not len(found["days"]):
        return None
    categories = [found[category] == level for category, level in columns.levels]
    design = np.stack([found["baseline"] - CENTRE, *categories], axis=1).astype(float)
    fitted = cox.fit(cox.rows_of(found["days"], found["relieved"], found["censored"], design))
    if not fitted.converged:
        return None
    return columns.effects(fitted.ratios(), first=1), fitted


def _outcome(row: dict[str, Any]) -> Outcome:
    courses = row["courses"]
    mean = row["change"] / courses
    # Integers until here: the difference of two large sums loses nothing.
    squares = courses * row["change_squared"] - row["change"] ** 2
    sd = math.sqrt(squares / (courses * (courses - 1))) if courses > 1 else math.nan
    width = float(student.ppf((1 + CONFIDENCE) / 2, courses - 1)) * sd / math.sqrt(courses) if courses > 1 else math.nan
    return Outcome(row["indication"], courses, mean / MILLI, (mean - width) / MILLI, (mean + width) / MILLI, sd / MILLI,
                   row["relieved"], *interval(row["relieved"], courses))
