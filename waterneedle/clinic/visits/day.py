"""The day: who is where, who is watched, which visits wait for a signature or a countersignature. The one home of these lists.

What is struck is in none of them but `visits_on`, which shows what was charted.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from waterneedle.clinic.accounts.models import Clinic
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
    rows = with_injections(clinic.pk, list(with_signature(Visit.objects.filter(clinic=clinic, day=day)).order_by("pk")))
    states = VisitState.objects.filter(clinic=clinic, visit__in=rows).order_by("pk")
    last = {one.visit_id: one for one in states}
    for one in rows:
        one.last_state = last.get(one.pk)
    return rows


def visits_of_day(clinic: Clinic, day: datetime.date) -> list[Here]:
    """Who came, in the order of arrival; visits written down later are left out: nobody waits there."""
    rows = (one for one in visits_on(clinic, day) if one.last_state and not one.is_struck and one.happened_at is None)
    return [Here(one, Step(one.last_state.step), one.last_state.made_at) for one in rows]


def unsigned(clinic: Clinic, until: datetime.date) -> list[Visit]:
    """The visits up to a day that wait for a signature, the oldest first, as `visits_on` has them but for the step."""
    rows = with_signature(Visit.objects.filter(clinic=clinic, day__lte=until))
    return with_injections(clinic.pk, list(rows.filter(is_signed=False, is_struck=False).order_by("day", "pk")))


def uncountersigned(clinic: Clinic) -> list[Signature]:
    """The signatures of students that wait for who answers for them, the oldest first."""
    return list(cosigning.awaiting(clinic))


def watched(clinic: Clinic) -> list[Observation]:
    """Who is being watched until a person ends it, the first to be done first."""
    rows = Observation.objects.filter(clinic=clinic, ended_at=None).select_related("patient", "visit")
    return list(rows.order_by("until", "pk"))
