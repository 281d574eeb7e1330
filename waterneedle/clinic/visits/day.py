"""The day: who is where, who is watched, which visits wait for a signature or a countersignature. The one home of these lists.

What is struck is in none of them but `visits_on`, which shows what was charted.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.visits import cosigning
from waterneedle.clinic.visits.models import Observation, Signature, Step, Visit, VisitState
from waterneedle.clinic.visits.queries import with_injections, with_signature


@dataclass(frozen=True)
class Here:
    """A visit of the day and the step that its patient came to last."""

    visit: Visit
    step: Step
    at: datetime.datetime


def visits_on(clinic: Clinic, day: datetime.date) -> list[Visit]:
    """The visits of a day in the order of arrival, each with `is_signed`, `is_struck`, `charted` and its `last_state`."""
    rows = with_injections(clinic.pk, _visits_on(clinic.pk, day))
    last = {one.visit_id: one for one in _states_on(clinic.pk, day)}
    for one in rows:
        one.last_state = last.get(one.pk)
    return rows


def visits_of_day(clinic: Clinic, day: datetime.date) -> list[Here]:
    """Who came, in the order of arrival; visits written down later are left out: nobody waits there."""
    rows = (one for one in visits_on(clinic, day) if one.last_state and not one.is_struck and one.happened_at is None)
    return [Here(one, Step(one.last_state.step), one.last_state.made_at) for one in rows]


def unsigned(clinic: Clinic, until: datetime.date) -> list[Visit]:
    """The visits up to a day that wait for a signature, the oldest first, as `visits_on` has them but for the step."""
    return with_injections(clinic.pk, _unsigned(clinic.pk, until))


def uncountersigned(clinic: Clinic) -> list[Signature]:
    """The signatures of students that wait for who answers for them, the oldest first."""
    return list(cosigning.awaiting(clinic))


def watched(clinic: Clinic) -> list[Observation]:
    """Who is being watched until a person ends it, the first to be done first."""
    return _watched(clinic.pk)


@prepared
def _visits_on(clinic_id: int, day: datetime.date) -> QuerySet[Any]:
    return with_signature(Visit.objects.filter(clinic_id=clinic_id, day=day)).order_by("pk")


@prepared
def _states_on(clinic_id: int, day: datetime.date) -> QuerySet[Any]:
    return VisitState.objects.filter(clinic_id=clinic_id, visit__clinic_id=clinic_id, visit__day=day).order_by("pk")


@prepared
def _unsigned(clinic_id: int, until: datetime.date) -> QuerySet[Any]:
    rows = with_signature(Visit.objects.filter(clinic_id=clinic_id, is_draft=True, day__lte=until))
    return rows.filter(is_signed=False, is_struck=False).order_by("day", "pk")


@prepared
def _watched(clinic_id: int) -> QuerySet[Any]:
    rows = Observation.objects.filter(clinic_id=clinic_id, ended_at=None).select_related("patient", "visit")
    return rows.order_by("until", "pk")
