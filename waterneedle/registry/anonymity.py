"""Nobody in a cell smaller than the threshold: how coarsely each person is told of, and who is left out.

Whoever looks for a person in the extract knows, at worst, the clinic's own table: sex, age band, indications, the day of the
first treatment, which the extract has moved by up to `MAX_SHIFT_DAYS`, and how often the person came. A record shows a number of
visits at least, by the days and sessions of its scores, and not how many followed (`Pseudonyms.cut`). A record and a person are
compatible where nothing told speaks against it. Each person must have at least `threshold` compatible records, and each record as
many compatible persons. Where that fails, age is told no more, then sex, then the indications, with which all scores go, and last
the person is left out.

Visits stand alone: nothing joins one to another or to a person. Of each the day alone tells something (`told_alone`).
"""
from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from waterneedle.registry.pseudonyms import LAST_CUT, MAX_SHIFT_DAYS

THRESHOLD = 11  # persons; EMA/90915/2016: a risk of at most 0.09 (one in eleven) for each
NOT_TOLD = "any"
QUASI_IDENTIFIERS = ("sex", "age_band", "indications", "first_day", "visits")
AGE_BANDS = ((18, "0-17"), (30, "18-29"), (40, "30-39"), (50, "40-49"), (60, "50-59"), (70, "60-69"), (80, "70-79"))
AND = "+"  # between indications
_CELL = ("sex", "age_band", "indications")
_SEXES = ("female", "male")
_LEFT_OUT = 4
_MOST = LAST_CUT + 2  # visits: no record shows more than one beyond the last cut; who came oftener fits the same ones


@dataclass(frozen=True)
class Known:
    """What may be known of a person, or is told of one. Days are ordinals, of a record moved ones; `visits` is how often a person
    came, and of a record how often at least."""

    sex: str
    age_band: str
    indications: str
    first_day: int
    visits: int


def age_band(years: int | None) -> str:
    """
    >>> age_band(44), age_band(91), age_band(None)
    ('40-49', '80-', 'any')
    """
    if years is None:
        return NOT_TOLD
    return next((band for limit, band in AGE_BANDS if years < limit), "80-")


def told_sex(sex: str) -> str:
    """What is rarer than female and male is not told: in most clinics it would be one person."""
    return sex if sex in _SEXES else NOT_TOLD


def coarsened(persons: Sequence[Known], records: Sequence[Known], threshold: int = THRESHOLD) -> list[Known | None]:
    """For each person what is told at most as finely as in `records`, one for each person; None where the person is left out."""
    if not persons:
        return []
    table = _Table(persons, records)
    levels = np.zeros(len(persons), dtype=int)
    while True:
        lacking = (table.fewest(levels) < threshold) & (levels < _LEFT_OUT)
        if not lacking.any():
            return [_at_level(record, level) for record, level in zip(records, levels.tolist(), strict=True)]
        levels[lacking] += 1


def told_alone(owners: np.ndarray, days: np.ndarray, moved: np.ndarray, threshold: int = THRESHOLD) -> np.ndarray:
    """Which visits may be told: within what a day may have been moved by, at least `threshold` persons were treated around the
    moved day, and that many have a visit that is told around the true one."""
    told = np.ones(len(days), dtype=bool)
    while True:
        near = np.minimum(persons_near(owners, days, moved), persons_near(owners[told], moved[told], days))
        lacking = told & (near < threshold)
        if not lacking.any():
            return told
        told &= ~lacking


def persons_near(owners: np.ndarray, days: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """How many different owners have one of `days` within `MAX_SHIFT_DAYS` of each asked day."""
    if not len(days) or not len(asked):
        return np.zeros(len(asked), dtype=np.int64)
    order = np.lexsort((days, owners))
    whose, when = owners[order], days[order]
    # Days of one owner that lie so close that what is near them overlaps are one stretch.
    begins = np.r_[True, (np.diff(whose) != 0) | (np.diff(when) > 2 * MAX_SHIFT_DAYS)]
    first, last = when[begins], when[np.r_[begins[1:], True]]
    return (np.searchsorted(np.sort(first - MAX_SHIFT_DAYS), asked, side="right")
            - np.searchsorted(np.sort(last + MAX_SHIFT_DAYS), asked, side="left"))


def _at_level(record: Known, level: int) -> Known | None:
    if level >= _LEFT_OUT:
        return None
    told = record
    if level >= 1:
        told = replace(told, age_band=NOT_TOLD)
    if level >= 2:
        told = replace(told, sex=NOT_TOLD)
    if level >= 3:
        told = replace(told, indications=NOT_TOLD, visits=1)
    return told


@dataclass(frozen=True)
class _Rows:
    """Persons or records as numbers, each an array: a `cell` is sex, age band and indications as one."""

    sex: np.ndarray
    age: np.ndarray
    indications: np.ndarray
    day: np.ndarray
    visits: np.ndarray

    def only(self, those: np.ndarray) -> _Rows:
        return _Rows(*(column[those] for column in vars(self).values()))


class _Table:
    """Persons and their records, and how many of one fit each of the other."""

    def __init__(self, persons: Sequence[Known], records: Sequence[Known]) -> None:
        both = (*persons, *records)
        self.codes = [_codes([getattr(one, name) for one in both]) for name in _CELL]
        sets = [None if one == NOT_TOLD else frozenset(one.split(AND)) - {""} for one in self.codes[2]]
        self.same = np.array([[told is None or told == known for known in sets] for told in sets])
        # A course that began after the cut is not told: fewer indications may be of somebody who came again.
        self.fewer = np.array([[told is not None and known is not None and told < known for known in sets] for told in sets])
        self.first = min(one.first_day for one in both) - MAX_SHIFT_DAYS
        self.span = max(one.first_day for one in both) + MAX_SHIFT_DAYS - self.first + 1
        self.persons, self.records = self._rows(persons), self._rows(records)

    def fewest(self, levels: np.ndarray) -> np.ndarray:
        """For each person the smaller of how many records fit and how many persons fit the own record; of who is left out nothing
        is asked."""
        counts = np.full(len(levels), np.iinfo(np.int64).max)
        inside = levels < _LEFT_OUT
        if inside.any():
            level, told = levels[inside], self.records.only(inside)
            told = _Rows(np.where(level >= 2, 0, told.sex), np.where(level >= 1, 0, told.age),
                         np.where(level >= 3, 0, told.indications), told.day, np.where(level >= 3, 1, told.visits))
            persons = self.persons.only(inside)
            counts[inside] = np.minimum(self._fitting(persons, told, True), self._fitting(told, persons, False))
        return counts

    def _rows(self, those: Sequence[Known]) -> _Rows:
        coded = [np.array([codes[getattr(one, name)] for one in those], dtype=np.int64)
                 for codes, name in zip(self.codes, _CELL, strict=True)]
        return _Rows(*coded, np.array([one.first_day for one in those], dtype=np.int64) - self.first,
                     np.minimum([one.visits for one in those], _MOST).astype(np.int64))

    def _fitting(self, those: _Rows, others: _Rows, others_are_records: bool) -> np.ndarray:
        """How many of `others` each of `those` is compatible with. Cells that look the same are compared once."""
        cells, place, starts = self._cells(others)
        # Fewer indications than known take one visit more than is shown.
        more = 1 if others_are_records else -1
        same, fewer = (np.clip(others.visits[place] + add, 0, _MOST + 1) * self.span + others.day[place] for add in (0, more))
        counts = np.zeros(len(those.day), dtype=np.int64)
        own_cells, own_place, own_starts = self._cells(those)
        for cell, (start, end) in zip(own_cells.T, itertools.pairwise(own_starts), strict=True):
            own = own_place[start:end]
            told, known = (cells, cell[:, None]) if others_are_records else (cell[:, None], cells)
            alike = ((told[:2] == 0) | (told[:2] == known[:2])).all(axis=0)
            found = [shown[starts[one]:starts[one + 1]] for shown, fits in ((same, self.same), (fewer, self.fewer))
                     for one in np.flatnonzero(alike & fits[told[2], known[2]])]
            if not found:
                continue
            by_visits = np.bincount(np.concatenate(found), minlength=(_MOST + 2) * self.span).reshape(_MOST + 2, self.span)
            # Of records those that show no more visits, of persons those who came as often or oftener.
            by_visits = by_visits.cumsum(axis=0) if others_are_records else by_visits[::-1].cumsum(axis=0)[::-1]
            until = np.pad(by_visits.cumsum(axis=1), ((0, 0), (1, 0)))
            day, visits = those.day[own], those.visits[own]
            counts[own] = (until[visits, np.minimum(day + MAX_SHIFT_DAYS, self.span - 1) + 1]
                           - until[visits, np.maximum(day - MAX_SHIFT_DAYS, 0)])
        return counts

    def _cells(self, rows: _Rows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The cells that occur, as columns; the places of the rows in their order, and where each cell begins among those."""
        ages, sets = len(self.codes[1]), len(self.codes[2])
        number = (rows.sex * ages + rows.age) * sets + rows.indications
        found, counts = np.unique(number, return_counts=True)
        cells = np.array([found // sets // ages, found // sets % ages, found % sets])
        return cells, np.argsort(number, kind="stable"), np.r_[0, counts.cumsum()]


def _codes(values: Sequence[str]) -> dict[str, int]:
    """A number for each value that occurs; 0 for what is not told."""
    return {value: number for number, value in enumerate((NOT_TOLD, *sorted(set(values) - {NOT_TOLD})))}
