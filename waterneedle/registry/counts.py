"""What is asked of the tables, as Ibis expressions: counts, distinct patients and integer sums, and nothing that rounds.

A patient is one of one clinic. Visits stand alone: of how many patients they are is told by what is new in them. Of a mixture
each fluid has a row; `part` at most 1 picks one of them for each injection.
"""
from __future__ import annotations

from typing import Any

import ibis

from waterneedle.registry.tables import MILLI

CASE_MIX = ("indication", "sex", "age_band", "baseline")


def recalled(injections: Any, lot: str, product: str | None = None) -> Any:
    """When a lot was given: for each visit of each clinic the injections, the volume in µL, and the (moved) day."""
    rows = _of_lot(injections, lot, product)
    return rows.group_by("clinic", "visit", "product").aggregate(
        injections=rows.injection.nunique(), volume_ul=_sum(rows.volume_ul), day=rows.day.min())


def given_to(injections: Any, lot: str, product: str | None = None) -> Any:
    """How many patients of each clinic were given a lot at least; exact where they are not fewer than its threshold."""
    rows = _of_lot(injections, lot, product)
    return rows.group_by("clinic", "product").aggregate(patients=_patients(rows.new_in_lot))


def injected(injections: Any, *by: str) -> Any:
    """Injections with something in them and volume in µL by columns. A mixture counts once for each of its products."""
    rows = injections.filter(injections["product"] != "")
    return rows.group_by(*by).aggregate(injections=rows.count(), volume_ul=_sum(rows.volume_ul))


def happened(events: Any, *by: str) -> Any:
    """Adverse events, how many patients had one at least, and serious ones by columns."""
    new = events.new_in_lot if "lot" in by else events.new_in_product if "product" in by else events.new_in_kind
    return events.group_by(*by).aggregate(
        events=events.count(), patients=_patients(new), serious=_sum(events.serious.cast("int64")))


def with_quarter(rows: Any) -> Any:
    """The rows with the quarter of their moved day, as year × 4 + 0 to 3."""
    return rows.mutate(quarter=rows.day.year() * 4 + (rows.day.month() - 1) // 3)


def judged(courses: Any) -> Any:
    """Courses whose first and last score are known, with the change and the first score in whole points."""
    rows = courses.filter(courses.baseline_milli.notnull() & courses.last_milli.notnull())
    return rows.mutate(change=rows.last_milli - rows.baseline_milli, baseline=_points(rows))


def outcomes_by(courses: Any, *by: str) -> Any:
    """Courses, those with relief, and the sums and sums of squares of the change (in thousandths) by columns."""
    rows = judged(courses)
    return rows.group_by(*by).aggregate(
        courses=rows.count(), relieved=_sum(rows.relief.cast("int64")), change=_sum(rows.change),
        change_squared=_sum(rows.change * rows.change), baseline_sum=_sum(rows.baseline.cast("int64")))


def followed_by(courses: Any, time: str, *by: str) -> Any:
    """How many had relief and how many were last seen without it, at each time (`days` or `sessions`) and pattern."""
    rows = courses.filter(courses.baseline_milli.notnull() & (courses.followed_days > 0))
    rows = rows.mutate(baseline=_points(rows), days=rows.followed_days, sessions=rows.followed_sessions)
    relieved = rows.relief.cast("int64")
    return rows.group_by(time, *by).aggregate(relieved=_sum(relieved), censored=_sum(1 - relieved))


def _of_lot(injections: Any, lot: str, product: str | None) -> Any:
    rows = injections.filter(injections.lot == lot)
    return rows if product is None else rows.filter(rows["product"] == product)


def _patients(new: Any) -> Any:
    return ibis.greatest(_sum(new.cast("int64")), 1)  # the row that counts them may be among others


def _points(rows: Any) -> Any:
    """The first score in whole points, half a point upwards."""
    return ((rows.baseline_milli + MILLI // 2) // MILLI).cast("int32")


def _sum(column: Any) -> Any:
    return column.sum().cast("int64")
