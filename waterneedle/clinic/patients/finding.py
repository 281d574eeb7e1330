"""The numbers of patients by their search words, in one statement each: what somebody types waits for it.

Said in SQL because the planner of SQLite, which keeps no statistics here, takes the index of the whole clinic for any question
that names the clinic and the patients' table together, and reads every patient. These stay inside of one narrow index each.
"""
from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection

from waterneedle.clinic.patients.models import SearchWord

FEW = 500  # a search that finds more is no search yet: it is answered another way
_WORDS = "SELECT patient_id FROM patients_searchword WHERE clinic_id = %s AND kind = %s AND "
_BORN = "SELECT id AS patient_id FROM patients_patient WHERE clinic_id = %s AND birth_date = %s"


def first_after(word: str) -> str:
    """The first text that sorts behind all that begin with `word`: an index answers a range."""
    return word + "\U0010ffff"


def by_beginnings(clinic_id: int, words: Sequence[str]) -> list[int] | None:
    """Those in whose name every one of `words` begins a word; None for more than `FEW`."""
    asked = " INTERSECT ".join([f"{_WORDS}word >= %s AND word < %s"] * len(words))
    given = [one for word in words for one in (clinic_id, SearchWord.NAME, word, first_after(word))]
    found = _numbers(f"{asked} LIMIT {FEW + 1}", given)
    return found if len(found) <= FEW else None


def near(
    clinic_id: int, *, family: Collection[str], given: Collection[str], phone: str, born: datetime.date | None
) -> list[int]:
    """Those with this telephone number (last digit first), this day of birth, or a word of each of both names."""
    parts: list[tuple[str, list[Any]]] = []
    if phone:
        parts.append((f"{_WORDS}word = %s", [clinic_id, SearchWord.PHONE, phone]))
    if born:
        parts.append((_BORN, [clinic_id, born]))
    if family and given:
        both = " INTERSECT ".join(f"{_WORDS}word IN ({', '.join(['%s'] * len(names))})" for names in (family, given))
        named = [one for names in (family, given) for one in (clinic_id, SearchWord.NAME, *sorted(names))]
        parts.append((f"SELECT patient_id FROM ({both}) AS named", named))
    return _numbers(" UNION ".join(sql for sql, _given in parts), [one for _sql, said in parts for one in said]) if parts else []


def _numbers(sql: str, given: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [row[0] for row in cursor.fetchall()]
