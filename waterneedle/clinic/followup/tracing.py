"""Who was given something: from a lot, a product, a vial, days, or what a patient was given, to every injection. One statement.

An injection counts when the needle went in, also in a visit that is not signed yet; a struck visit is left out, for it stands
on the wrong patient. A syringe of two fluids counts for each.
"""

from __future__ import annotations

import datetime
import functools
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.dateparse import parse_date

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.followup.models import RecallKind
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.visits.models import Fill


class Hit(NamedTuple):
    """One injection of what is looked for."""

    patient_id: int
    patient_uid: Any  # as the engine gives it; `patient` is how an address has it
    given_name: str
    family_name: str
    number: int
    phone: str
    email: str
    visit_uid: Any
    day_text: str  # 2026-11-27
    point: str
    muscle: str
    region: str
    side: str
    volume_ml: Any
    lot_id: int
    lot: str
    vial: str
    name: str

    @property
    def patient(self) -> str:
        return dashed(str(self.patient_uid))

    @property
    def day(self) -> datetime.date:
        return day_of(self.day_text)

    @property
    def person(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def site(self) -> str:
        return self.point or self.muscle or self.region


_hit = functools.partial(tuple.__new__, Hit)  # as Hit._make, which looks at the length of every row


@dataclass(frozen=True)
class Found:
    hits: list[Hit]

    @functools.cached_property
    def patients(self) -> int:
        return len({one[0] for one in self.hits})

    @property
    def lots(self) -> list[int]:
        return sorted({one.lot_id for one in self.hits})


# The fills lead: of a lot there are few beside all injections, and the index of its vials finds them. A day comes as text: the
# driver would turn each of five hundred into a date, and there are few different ones.
_SELECT = """
SELECT p.id, p.uid, p.given_name, p.family_name, p.number, p.phone, p.email, v.uid, CAST(v.day AS text),
       i.point, i.muscle, i.region, i.side, i.volume_ml, l.id, l.number, a.code, t.name
FROM {tables}
WHERE {where} AND i.removed_at IS NULL AND i.status IN ('given', 'stopped')
  AND NOT EXISTS (
    SELECT 1 FROM visits_strike s WHERE s.clinic_id = i.clinic_id AND s.visit_id = i.visit_id AND s.struck_at IS NOT NULL)
ORDER BY p.family_name, p.given_name, p.id, v.day, i.id
"""
_BY_VIAL = """stock_vial a
JOIN stock_lot l ON l.id = a.lot_id JOIN stock_item t ON t.id = l.item_id
JOIN visits_fill f ON f.clinic_id = a.clinic_id AND f.vial_id = a.id
JOIN visits_injection i ON i.clinic_id = f.clinic_id AND i.syringe_id = f.syringe_id
JOIN visits_visit v ON v.id = i.visit_id JOIN patients_patient p ON p.id = i.patient_id"""
_BY_DAY = """visits_visit v
JOIN visits_injection i ON i.clinic_id = v.clinic_id AND i.visit_id = v.id
JOIN visits_fill f ON f.clinic_id = i.clinic_id AND f.syringe_id = i.syringe_id
JOIN stock_vial a ON a.id = f.vial_id JOIN stock_lot l ON l.id = a.lot_id JOIN stock_item t ON t.id = l.item_id
JOIN patients_patient p ON p.id = i.patient_id"""


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
        return Found(list(map(_hit, cursor.fetchall())))


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
        return _BY_VIAL, ["a.clinic_id = %s", "t.uid = %s"], [clinic.pk, _uid(asked["product"])]
    if kind == RecallKind.SAME_VIAL:
        vials = vials_of(Patient.objects.get(clinic=clinic, uid=asked["patient"])) or [-1]
        return _BY_VIAL, ["a.clinic_id = %s", f"a.id IN ({', '.join(['%s'] * len(vials))})"], [clinic.pk, *vials]
    return _BY_DAY, ["v.clinic_id = %s"], [clinic.pk]


def _uid(value: Any) -> Any:
    uid = value if isinstance(value, UUID) else UUID(str(value))
    return uid if connection.vendor == "postgresql" else uid.hex


def _day(value: Any) -> datetime.date | None:
    return parse_date(value) if isinstance(value, str) else value
