"""Nobody in a cell smaller than the threshold: how coarsely each person is told of, and who is left out.

Whoever looks for a person in the extract knows, at worst, the clinic's own table: sex, age band, indications and the day of the
first treatment, which the extract has moved by up to `MAX_SHIFT_DAYS`. A record and a person are compatible where nothing told
speaks against it. Each person must have at least `threshold` compatible records, and each record as many compatible persons.
Where that fails, age is told no more, then sex, then the indications, and last the person is left out.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from waterneedle.registry.pseudonyms import MAX_SHIFT_DAYS

THRESHOLD = 11  # persons; EMA/90915/2016: a risk of at most 0.09 (one in eleven) for each
NOT_TOLD = "any"
QUASI_IDENTIFIERS = ("sex", "age_band", "indications", "first_day")
AGE_BANDS = ((18, "0-17"), (30, "18-29"), (40, "30-39"), (50, "40-49"), (60, "50-59"), (70, "60-69"), (80, "70-79"))
_SEXES = ("female", "male")


@dataclass(frozen=True)
class Known:
    """What may be known of a person, or is told of one: days are ordinals, of a record moved ones."""

    sex: str
    age_band: str
    indications: str
    first_day: int


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


def coarsened(persons: Sequence[Known], moved_days: Sequence[int], threshold: int = THRESHOLD) -> list[Known | None]:
    """For each person what is told, with the moved day; None where the person is left out.

    `moved_days[i]` is the moved first day of `persons[i]`.
    """
    levels = np.zeros(len(persons), dtype=int)
    while True:
        records = [_at_level(person, day, int(level)) for person, day, level in zip(persons, moved_days, levels, strict=True)]
        lacking = np.array([count < threshold for count in _fewest(persons, records)], dtype=bool) & (levels < _LEFT_OUT)
        if not lacking.any():
            return records
        levels[lacking] += 1


def compatible_records(persons: Sequence[Known], records: Sequence[Known]) -> np.ndarray:
    """For each person, how many records could be theirs."""
    return _compatible(persons, records, records_first=False)


def compatible_persons(records: Sequence[Known], persons: Sequence[Known]) -> np.ndarray:
    """For each record, how many persons it could be of."""
    return _compatible(records, persons, records_first=True)


_LEFT_OUT = 4


def _at_level(person: Known, moved_day: int, level: int) -> Known | None:
    if level >= _LEFT_OUT:
        return None
    told = replace(person, first_day=moved_day)
    if level >= 1:
        told = replace(told, age_band=NOT_TOLD)
    if level >= 2:
        told = replace(told, sex=NOT_TOLD)
    if level >= 3:
        told = replace(told, indications=NOT_TOLD)
    return told


def _fewest(persons: Sequence[Known], records: Sequence[Known | None]) -> np.ndarray:
    """For each person the smaller of the two counts; of who is left out nothing is asked."""
    inside = [place for place, record in enumerate(records) if record is not None]
    counts = np.full(len(persons), np.iinfo(np.int64).max)
    if inside:
        told, there = [records[place] for place in inside], [persons[place] for place in inside]
        counts[inside] = np.minimum(compatible_records(there, told), compatible_persons(told, there))
    return counts


def _compatible(those: Sequence[Known], others: Sequence[Known], *, records_first: bool) -> np.ndarray:
    """How many of `others` each of `those` is compatible with. Groups that look the same are compared once."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for other in others:
        groups.setdefault((other.sex, other.age_band, other.indications), []).append(other.first_day)
    days = {cell: np.sort(found) for cell, found in groups.items()}
    fitting: dict[tuple[str, str, str], np.ndarray] = {}
    counts = np.zeros(len(those), dtype=np.int64)
    for place, one in enumerate(those):
        cell = (one.sex, one.age_band, one.indications)
        if cell not in fitting:
            found = [days[other] for other in days if (_fits(cell, other) if records_first else _fits(other, cell))]
            fitting[cell] = np.sort(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
        counts[place] = (np.searchsorted(fitting[cell], one.first_day + MAX_SHIFT_DAYS, side="right")
                         - np.searchsorted(fitting[cell], one.first_day - MAX_SHIFT_DAYS, side="left"))
    return counts


def _fits(record: tuple[str, str, str], person: tuple[str, str, str]) -> bool:
    return all(told in (NOT_TOLD, known) for told, known in zip(record, person, strict=True))
