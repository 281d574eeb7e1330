"""The day: who is where, who is watched, which visits wait for a signature or a countersignature, and what was drawn for them
that no book has yet. The one home of these lists.

What is struck is in none of them but `visits_on`, which shows what was charted, and `watched`.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.stock.models import Vial
from waterneedle.clinic.visits import cosigning, refusing
from waterneedle.clinic.visits.models import Fill, Refusal, Signature, Step, Strike, Visit, VisitState, total_ml
from waterneedle.clinic.visits.models_after import Observation
from waterneedle.clinic.visits.queries import with_injections, with_signature

ASKED_ABOUT = 14  # days: so long the close of the day asks about who is not noted as left; our judgement


@dataclass(frozen=True)
class Here:
    """A visit of the day and the step that its patient came to last."""

    visit: Visit
    step: Step
    at: datetime.datetime


@dataclass(frozen=True)
class Unbooked:
    """What was drawn from a vial for a visit that is not signed: the book of the shelf still has it."""

    visit: Visit
    vial: Vial
    volume_ml: Decimal
    wasted_ml: Decimal  # of it, in syringes that were thrown away


def visits_on(clinic: Clinic, day: datetime.date) -> list[Visit]:
    """The visits of a day in the order of arrival, each with `is_signed`, `is_struck`, `charted` and its `last_state`."""
    rows = with_injections(clinic.pk, _visits_on(clinic.pk, day))
    last = {one.visit_id: one for one in _states_on(clinic.pk, day)}
    for one in rows:
        one.last_state = last.get(one.pk)
    return rows


def visits_of_patient_on(patient: Patient, day: datetime.date) -> list[Visit]:
    """Those of a day of one patient, by all of their records, the oldest first."""
    struck = Strike.objects.filter(clinic_id=OuterRef("clinic_id"), visit=OuterRef("pk"), struck_at__isnull=False)
    rows = Visit.objects.filter(~Exists(struck), clinic_id=patient.clinic_id, patient__in=records_of(patient), day=day)
    return list(rows.select_related("practitioner__user").order_by("pk"))


def visits_of_day(clinic: Clinic, day: datetime.date) -> list[Here]:
    """Who came, in the order of arrival; visits written down later are left out: nobody waits there."""
    rows = (one for one in visits_on(clinic, day) if one.last_state and not one.is_struck and one.happened_at is None)
    return [Here(one, Step(one.last_state.step), one.last_state.made_at) for one in rows]


def not_left(clinic: Clinic, day: datetime.date, days: int = 2) -> list[Here]:
    """Who came on this day or on the one before, which may be an hour ago, and is not noted as left; of so many `days`.
    It does not say that they are here: nobody may have noted it."""
    rows = _not_left(clinic.pk, day - datetime.timedelta(days=days - 1), day)
    return [Here(one, Step(one.step), one.step_at) for one in rows]


def here_of(clinic: Clinic, day: datetime.date, records: Sequence[int]) -> list[Here]:
    """The same of this day alone and of one person, by the numbers of their records."""
    return [Here(one, Step(one.step), one.step_at) for one in _not_left_of(clinic.pk, day, records)]


def unsigned(clinic: Clinic, until: datetime.date) -> list[Visit]:
    """The visits up to a day that wait for a signature, the oldest first, as `visits_on` has them but for the step."""
    return with_injections(clinic.pk, _unsigned(clinic.pk, until))


def count_unsigned(clinic: Clinic, until: datetime.date) -> int:
    """How many `unsigned` has."""
    return len(_unsigned(clinic.pk, until))


def count_not_left(clinic: Clinic, day: datetime.date) -> int:
    """How many who came on this day, or on those before it that the close of the day asks about, are not noted as left."""
    return len(_not_left(clinic.pk, day - datetime.timedelta(days=ASKED_ABOUT - 1), day))


def unbooked(clinic: Clinic, until: datetime.date) -> list[Unbooked]:
    """What was drawn up for the visits of `unsigned`, by visit and vial; a syringe that was never drawn up is left out."""
    visits = {one.pk: one for one in _unsigned(clinic.pk, until)}
    by_vial: dict[tuple[int, int], list[Fill]] = defaultdict(list)
    for one in _drawn(clinic.pk, list(visits)) if visits else ():
        by_vial[one.syringe.visit_id, one.vial_id].append(one)
    return [
        Unbooked(visits[number], fills[0].vial, total_ml(fills), total_ml([one for one in fills if one.syringe.wasted]))
        for (number, _), fills in sorted(by_vial.items(), key=lambda found: list(visits).index(found[0][0]))
    ]


def uncountersigned(clinic: Clinic) -> list[Signature]:
    """The signatures of students that wait for who answers for them, the oldest first."""
    return list(cosigning.awaiting(clinic))


def refused(clinic: Clinic) -> list[Refusal]:
    """What who answers for a student refused to countersign and no student has answered, the oldest first."""
    return refusing.refused(clinic)


def watched(clinic: Clinic) -> list[Observation]:
    """Who is being watched until a person ends it, the first to be done first, each with `is_struck`: the visit stands on the
    wrong patient, and somebody may still sit there, under another name. `left_at`: when they were noted as left all the same."""
    return _watched(clinic.pk)


@prepared
def _visits_on(clinic_id: int, day: datetime.date) -> QuerySet[Any]:
    return with_signature(Visit.objects.filter(clinic_id=clinic_id, day=day)).order_by("pk")


@prepared
def _states_on(clinic_id: int, day: datetime.date) -> QuerySet[Any]:
    rows = VisitState.objects.filter(clinic_id=clinic_id, visit__clinic_id=clinic_id, visit__day=day, removed_at=None)
    return rows.order_by("pk")


@prepared
def _unsigned(clinic_id: int, until: datetime.date) -> QuerySet[Any]:
    rows = with_signature(Visit.objects.filter(clinic_id=clinic_id, is_draft=True, day__lte=until))
    return rows.filter(is_signed=False, is_struck=False).order_by("day", "pk")


@prepared
def _not_left(clinic_id: int, since: datetime.date, until: datetime.date) -> QuerySet[Any]:
    return _without_leaving(clinic_id).filter(day__range=(since, until))


@prepared
def _not_left_of(clinic_id: int, day: datetime.date, records: Sequence[int]) -> QuerySet[Any]:
    return _without_leaving(clinic_id).filter(patient_id__in=records, day=day)


def _without_leaving(clinic_id: int) -> QuerySet[Any]:
    last = VisitState.objects.filter(clinic_id=OuterRef("clinic_id"), visit=OuterRef("pk"), removed_at=None).order_by("-pk")
    struck = Strike.objects.filter(clinic_id=OuterRef("clinic_id"), visit=OuterRef("pk"), struck_at__isnull=False)
    rows = Visit.objects.filter(~Exists(struck), clinic_id=clinic_id, happened_at=None).select_related("patient")
    rows = rows.annotate(step=Subquery(last.values("step")[:1]), step_at=Subquery(last.values("made_at")[:1]))
    return rows.filter(step__isnull=False).exclude(step=Step.LEFT).order_by("day", "pk")


@prepared
def _drawn(clinic_id: int, visits: Sequence[int]) -> QuerySet[Any]:
    rows = Fill.objects.filter(clinic_id=clinic_id, syringe__clinic_id=clinic_id, syringe__visit_id__in=visits)
    rows = rows.exclude(syringe__removed_at__isnull=False, syringe__wasted=False)
    return rows.select_related("syringe", "vial__lot__item").order_by("syringe__drawn_at", "pk")


@prepared
def _watched(clinic_id: int) -> QuerySet[Any]:
    struck = Strike.objects.filter(clinic_id=OuterRef("clinic_id"), visit=OuterRef("visit"), struck_at__isnull=False)
    of_visit = {"clinic_id": OuterRef("clinic_id"), "visit": OuterRef("visit"), "removed_at": None}
    since = VisitState.objects.filter(**of_visit, pk__gt=OuterRef("pk"))
    # The newest step, unless a puncture was noted after it: then the patient is here.
    left = VisitState.objects.filter(~Exists(since), **of_visit, step=Step.LEFT, made_at__gt=OuterRef("began_at"))
    rows = Observation.objects.filter(clinic_id=clinic_id, ended_at=None)
    rows = rows.annotate(is_struck=Exists(struck), left_at=Subquery(left.values("made_at")))
    rows = rows.select_related("patient", "visit")
    return rows.order_by("until", "pk")
