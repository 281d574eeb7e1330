"""The outcome of each allocation: what the patient has answered at the planned time, and before."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.followup.models import Answer
from waterneedle.clinic.intake.models import Answers
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.trials.models import Allocation
from waterneedle.clinic.trials.plan import CHECK_IN, Plan

BASELINE_DAYS = 14  # how old a measure may be that counts as "before"; our judgement


@dataclass(frozen=True)
class Measured:
    """One number: when, and who of the clinic has written it down; None: the patient, by a link, with nobody beside."""

    value: float
    at: datetime.datetime
    made_by: User | None

    @property
    def by_link(self) -> bool:
        return self.made_by is None


def outcome(says: Plan, allocation: Allocation) -> Measured | None:
    """The answer nearest to the planned time after the treatment, within the window; None where there is none.

    What is said after the next treatment of the same trial is no outcome of this one, however wide the window is.
    """
    aimed = allocation.made_at + datetime.timedelta(hours=says.after_h)
    window = datetime.timedelta(hours=says.window_h)
    # Not before the treatment, however wide the window is.
    first = max(aimed - window, allocation.made_at)
    later = Allocation.objects.filter(
        clinic_id=allocation.clinic_id, trial_id=allocation.trial_id, participant_id=allocation.participant_id,
        made_at__gt=allocation.made_at)
    following = later.order_by("made_at").values_list("made_at", flat=True).first()
    found = [one for one in _between(says, allocation.patient, first, aimed + window, allocation)
             if following is None or one.at <= following]
    return min(found, key=lambda one: abs(one.at - aimed), default=None)


def baseline(says: Plan, patient: Patient, before: datetime.datetime) -> Measured | None:
    """The last answer before `before`, not older than two weeks."""
    found = _between(says, patient, before - datetime.timedelta(days=BASELINE_DAYS), before)
    return max(found, key=lambda one: one.at, default=None)


def _between(
    says: Plan, patient: Patient, first: datetime.datetime, last: datetime.datetime, allocation: Allocation | None = None
) -> list[Measured]:
    own = {"clinic_id": patient.clinic_id, "patient_id__in": records_of(patient)}
    of = own | {"answered_at__gte": first, "answered_at__lte": last}
    if says.instrument == CHECK_IN:
        rows = Answer.objects.filter(**of, pain__isnull=False)
        # A check-in asks about one visit: that of the allocation, and no other of the same days.
        rows = rows.filter(visit_id=allocation.visit_id) if allocation else rows
        rows = rows.select_related("made_by").order_by("answered_at", "pk")
        return [Measured(float(one.pain), one.answered_at, one.made_by) for one in rows]
    rows = Answers.objects.filter(**of, instrument=says.instrument, replaced_by=None, score__isnull=False)
    rows = rows.select_related("made_by").order_by("answered_at", "pk")
    return [Measured(one.score, one.answered_at, one.made_by) for one in rows]
