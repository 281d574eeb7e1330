"""The day as the front desk and the end of it see it: who is where, who is watched, which visits wait for a signature."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.visits.models import Observation, Signature, Step, Strike, Visit, VisitState


@dataclass(frozen=True)
class Here:
    """A visit of the day and the step that its patient came to last."""

    visit: Visit
    step: Step
    at: datetime.datetime


def visits_of_day(clinic: Clinic, day: datetime.date) -> list[Here]:
    """The visits of a day in the order of arrival; those written down later are left out: nobody waits there."""
    visits = {one.pk: one for one in _standing(clinic).filter(day=day, happened_at=None)}
    states = VisitState.objects.filter(clinic=clinic, visit__in=visits).order_by("made_at", "pk")
    last = {one.visit_id: one for one in states}
    return [Here(visit, Step(last[pk].step), last[pk].made_at) for pk, visit in visits.items() if pk in last]


def unsigned(clinic: Clinic, until: datetime.date) -> list[Visit]:
    """The visits up to a day that wait for a signature, the oldest first."""
    signed = Signature.objects.filter(clinic=clinic, visit=OuterRef("pk"))
    return list(_standing(clinic).filter(~Exists(signed), day__lte=until))


def watched(clinic: Clinic) -> list[Observation]:
    """Who is being watched until a person ends it, the first to be done first."""
    return list(Observation.objects.filter(clinic=clinic, ended_at=None).select_related("patient").order_by("until", "pk"))


def _standing(clinic: Clinic) -> QuerySet[Visit]:
    # Each names the clinic, which leads the indexes; a join over the visit alone would not.
    struck = Strike.objects.filter(clinic=clinic, visit=OuterRef("pk"), struck_at__isnull=False)
    rows = Visit.objects.filter(~Exists(struck), clinic=clinic)
    return rows.select_related("patient", "practitioner__user").order_by("day", "pk")
