"""Likely duplicates among many at once: rows of a file against those on file and against each other.

The judgement is that of `queries.likeness`; here is only an index in memory, so that 10,000 rows take no 10,000 questions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.patients.importing import Row
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import likeness, with_kept
from waterneedle.clinic.patients.searching import phone_from_end, words_of

_MOST_COMPARED = 20  # by one sign: a file in which everybody is born on the same day is no reason to compare all with all
_COLUMNS = ("number", "given_name", "family_name", "birth_date", "phone", "uid", "clinic_id")


def alike(clinic: Clinic, rows: Iterable[Row]) -> dict[int, Patient | int]:
    """For each line that may be somebody on file or of an earlier line: that patient, or that line."""
    known = _Index()
    for patient, kept in with_kept(Patient.objects.filter(clinic=clinic, retracted_at=None).only(*_COLUMNS)):
        known.add(patient, kept)
    found: dict[int, Patient | int] = {}
    for row in rows:
        if row.problems:
            continue
        one = Patient(clinic_id=clinic.pk, **row.values)
        if (other := known.like(one)) is not None:
            found[row.line] = other
        known.add(one, row.line)
    return found


class _Index:
    """Patients by what two records of one person share."""

    def __init__(self) -> None:
        self.by_sign: defaultdict[Any, list[tuple[Patient, Patient | int]]] = defaultdict(list)

    def add(self, patient: Patient, told: Patient | int) -> None:
        for sign in _signs(patient):
            if len(self.by_sign[sign]) < _MOST_COMPARED:
                self.by_sign[sign].append((patient, told))

    def like(self, patient: Patient) -> Patient | int | None:
        phone, compared = phone_from_end(patient.phone), set()
        for sign in _signs(patient):
            for other, told in self.by_sign.get(sign, ()):
                if id(other) not in compared and likeness(patient, other, phone) is not None:
                    return told
                compared.add(id(other))
        return None


def _signs(patient: Patient) -> Iterator[Any]:
    if phone := phone_from_end(patient.phone):
        yield "phone", phone
    for family in words_of(patient.family_name):
        for given in words_of(patient.given_name):
            yield "name", family, given
    if patient.birth_date:
        yield "born", patient.birth_date, patient.given_name[:1].casefold()
        yield "born", patient.birth_date, patient.family_name[:1].casefold()
