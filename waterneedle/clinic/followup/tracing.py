"""Who was given something: from a lot, a product, a vial, days, or what a patient was given, to every injection. One statement
finds them, one reads who the patients are, one the vials.

An injection counts when the needle went in, also in a visit that is not signed yet; a struck visit is left out, for it stands
on the wrong patient. A syringe of two fluids counts for each.
"""

from __future__ import annotations

import datetime
import functools
import json
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.dateparse import parse_date

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.followup.models import RecallKind
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.visits.models import Fill
from waterneedle.clinic.web import words


class Who(NamedTuple):
    """A patient who was given it."""

    patient_id: int
    uid: Any  # as the engine gives it; `patient` is how an address has it
    given_name: str
    family_name: str
    number: int
    phone: str

    @property
    def patient(self) -> str:
        return dashed(str(self.uid))

    @property
    def person(self) -> str:
        return words.person(self.given_name, self.family_name)


class Source(NamedTuple):
    """A vial that was drawn from."""

    vial_id: int
    lot_id: int
    lot: str
    vial: str
    name: str


class Given(NamedTuple):
    """One injection, as the statement finds it."""

    patient_id: int
    day_text: str  # 2026-11-27
    point: str
    muscle: str
    region: str
    side: str
    volume_ml: Any
    vial_id: int

    @property
    def day(self) -> datetime.date:
        return day_of(self.day_text)

    @property
    def site(self) -> str:
        return self.point or self.muscle or self.region


class Hit(NamedTuple):
    """One injection of what is looked for: who, where and when, and from which vial."""

    who: Who
    given: Given
    source: Source


@dataclass(frozen=True)
class Found:
    """Who was given it, by name, each with what they were given, by day, as tuples in the order of `Given`."""

    people: list[tuple[Who, list[tuple[Any, ...]]]]
    sources: dict[int, Source]  # by the number of the vial

    @functools.cached_property
    def injections(self) -> int:
        return sum(len(given) for _who, given in self.people)

    @property
    def patients(self) -> int:
        return len(self.people)

    @property
    def lots(self) -> list[int]:
        return sorted({one.lot_id for one in self.sources.values()})

    @functools.cached_property
    def hits(self) -> list[Hit]:
        found = [(who, Given._make(one)) for who, given in self.people for one in given]
        return [Hit(who, given, self.sources[given.vial_id]) for who, given in found]


# The fills lead: of a lot there are few beside all injections, and the index of its vials finds them. Longest takes making values
# of what was found, so names and lots, which come over and over, are read once each. A day comes as text: the driver would turn
# each of five hundred into a date, and there are few different ones.
_SELECT = """
SELECT i.patient_id, CAST(v.day AS text), i.point, i.muscle, i.region, i.side, i.volume_ml, a.id
FROM {tables}
WHERE {where} AND i.removed_at IS NULL AND i.status IN ('given', 'stopped')
  AND NOT EXISTS (
    SELECT 1 FROM visits_strike s WHERE s.clinic_id = i.clinic_id AND s.visit_id = i.visit_id AND s.struck_at IS NOT NULL)
ORDER BY i.patient_id, v.day, i.id
"""
_PEOPLE = """
SELECT id, uid, given_name, family_name, number, phone FROM patients_patient WHERE id {among}
ORDER BY family_name, given_name, id
"""
_SOURCES = """
SELECT a.id, l.id, l.number, a.code, t.name
FROM stock_vial a JOIN stock_lot l ON l.id = a.lot_id JOIN stock_item t ON t.id = l.item_id
WHERE a.id {among}
"""
_BY_VIAL = """stock_vial a
JOIN stock_lot l ON l.id = a.lot_id JOIN stock_item t ON t.id = l.item_id
JOIN visits_fill f ON f.clinic_id = a.clinic_id AND f.vial_id = a.id
JOIN visits_injection i ON i.clinic_id = f.clinic_id AND i.syringe_id = f.syringe_id
JOIN visits_visit v ON v.id = i.visit_id"""
# Where days are known the visits lead: SQLite keeps the order of a CROSS JOIN, and would begin at the vials, which are few.
_BY_DAY = """visits_visit v CROSS JOIN visits_injection i
JOIN visits_fill f ON f.clinic_id = i.clinic_id AND f.syringe_id = i.syringe_id
JOIN stock_vial a ON a.id = f.vial_id JOIN stock_lot l ON l.id = a.lot_id JOIN stock_item t ON t.id = l.item_id"""
_OF_DAYS = ["v.clinic_id = %s", "i.clinic_id = v.clinic_id", "i.visit_id = v.id"]


def trace(clinic: Clinic, kind: str, asked: dict[str, Any]) -> Found:
    """Every injection of what is asked for, by patient. `asked` holds what its kind needs: `lot`, `product` (an item) or `vial`
    by uid, `since` and `until` as days, `patient` by uid; all but a lot and a vial may be narrowed by days."""
    tables, where, given = _criteria(clinic, kind, asked)
    days = [("v.day >= %s", "since"), ("v.day <= %s", "until")]
    for condition, name in days:
        day = _day(asked.get(name))
        if day is not None and (kind == RecallKind.DAYS or name in asked):
            where, given = [*where, condition], [*given, day]
    with connection.cursor() as cursor:
        cursor.execute(_SELECT.format(tables=tables, where=" AND ".join(where)), given)
        rows = cursor.fetchall()
        own = {patient: list(group) for patient, group in groupby(rows, key=itemgetter(0))}
        people = [(who, own[who.patient_id]) for who in map(Who._make, _among(cursor, _PEOPLE, list(own)))]
        sources = {one[0]: Source._make(one) for one in _among(cursor, _SOURCES, list({row[-1] for row in rows}))}
    return Found(people, sources)


def _among(cursor: Any, statement: str, numbers: list[int]) -> list[tuple[Any, ...]]:
    """What `statement` gives for these numbers, however many: as one parameter."""
    if connection.vendor == "postgresql":
        cursor.execute(statement.format(among="= ANY(%s)"), [numbers])
    else:
        cursor.execute(statement.format(among="IN (SELECT value FROM json_each(%s))"), [json.dumps(numbers)])
    return cursor.fetchall()


def dashed(uid: str) -> str:
    """SQLite keeps a uid without dashes."""
    return uid if "-" in uid else f"{uid[:8]}-{uid[8:12]}-{uid[12:16]}-{uid[16:20]}-{uid[20:]}"


@functools.lru_cache(maxsize=10_000)
def day_of(day: str) -> datetime.date:
    """The same days come over and over."""
    return datetime.date.fromisoformat(day)


def vials_of(patient: Patient) -> list[int]:
    """The vials that something was drawn from for the patient."""
    rows = Fill.objects.filter(clinic_id=patient.clinic_id, syringe__patient_id__in=records_of(patient), syringe__removed_at=None)
    return sorted(set(rows.values_list("vial_id", flat=True)))


def _criteria(clinic: Clinic, kind: str, asked: dict[str, Any]) -> tuple[str, list[str], list[Any]]:
    if kind == RecallKind.LOT:
        return _BY_VIAL, ["a.clinic_id = %s", "l.uid = %s"], [clinic.pk, _uid(asked["lot"])]
    if kind == RecallKind.VIAL:
        return _BY_VIAL, ["a.clinic_id = %s", "a.uid = %s"], [clinic.pk, _uid(asked["vial"])]
    if kind == RecallKind.PRODUCT:
        tables, where = (_BY_DAY, _OF_DAYS) if _day(asked.get("since")) else (_BY_VIAL, ["a.clinic_id = %s"])
        return tables, [*where, "t.uid = %s"], [clinic.pk, _uid(asked["product"])]
    if kind == RecallKind.SAME_VIAL:
        vials = vials_of(Patient.objects.get(clinic=clinic, uid=asked["patient"])) or [-1]
        return _BY_VIAL, ["a.clinic_id = %s", f"a.id IN ({', '.join(['%s'] * len(vials))})"], [clinic.pk, *vials]
    return _BY_DAY, _OF_DAYS, [clinic.pk]


def _uid(value: Any) -> Any:
    uid = value if isinstance(value, UUID) else UUID(str(value))
    return uid if connection.vendor == "postgresql" else uid.hex


def _day(value: Any) -> datetime.date | None:
    return parse_date(value) if isinstance(value, str) else value
