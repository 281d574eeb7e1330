"""The next place of the sequence for one visit, who prepares it, and what is opened before the end.

Two at the same moment wait for each other at the row of the trial, and get two places. What was given is a frozen row.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.tasks.actions import ends_with_death, finish_cause, open_task
from waterneedle.clinic.trials import arms, measuring, queries, sealed
from waterneedle.clinic.trials.actions import NotDone, locked
from waterneedle.clinic.trials.models import Allocation, Deviation, Preparation, Trial, TurnKind, Unblinding
from waterneedle.clinic.trials.plan import N_OF_1, Arm
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.visits.queries import signature_of, strike_of
from waterneedle.clinic.visits.rows import injections_of

TASK = "trials.prepare"
ends_with_death(TASK)
PREPARE_WITHIN = datetime.timedelta(minutes=15)


def reasons_against(trial: Trial, visit: Visit, now: datetime.datetime) -> list[str]:
    """Why `visit` cannot be allocated now; nothing when it can. Says nothing that hangs on an arm."""
    says, patient = trial.says, visit.patient
    if not trial.frozen_at:
        return [_("The plan is not frozen.")]
    if queries.is_over(trial):
        return [_("The trial was stopped or has ended.")]
    participant = queries.participant_of(trial, patient)
    if participant is None or not participant.is_eligible or participant.departures.exists():
        return [_("The patient takes no part in it.")]
    found = []
    if trial.allocations.count() >= says.size:
        found.append(_("The planned number is reached."))
    if signature_of(visit) or strike_of(visit):
        found.append(_("This visit is signed or struck."))
    elif any(one.is_in for one in injections_of(visit)):
        found.append(_("Something was given in this visit already: what is given follows from the allocation, not before it."))
    elif visit.day != now.astimezone(patient.clinic.tzinfo).date():
        found.append(_("This visit is of another day."))
    if queries.consent_to(trial, patient, now) is None:
        found.append(_("The patient has not signed the consent to this trial, or has taken it back."))
    last = trial.allocations.filter(patient_id__in=records_of(patient)).order_by("made_at").last()
    if last is not None and says.kind != N_OF_1:
        found.append(_("The patient was allocated already: %(code)s.") % {"code": last.code})
    elif last is not None and visit.day < (soonest := last.visit.day + datetime.timedelta(days=says.washout_days)):
        found.append(_("The time between two treatments is not over until %(day)s.") % {"day": soonest.isoformat()})
    if last is not None and says.kind == N_OF_1 and not (signature_of(last.visit) or last.deviations.exists()):
        # Else whoever does not like an arm lets the visit lie and draws again.
        found.append(_("%(code)s is not finished: sign its visit, or write down on its page why nothing was given.") % {
            "code": last.code})
    if says.analysis == "ancova" and measuring.baseline(says, patient, now) is None:
        found.append(_("The outcome was not measured before: for equal baselines it must be."))
    return [*found, *arms.bars(trial, visit)]


@dataclass(frozen=True)
class Chance:
    """A trial to which a visit belongs: what was allocated, or why nothing can be.

    `is_carried`: the allocation was made at an earlier visit and holds for this one too, in a trial across patients.
    """

    trial: Trial
    allocation: Allocation | None
    against: list[str]
    is_carried: bool = False


def chances_of(visit: Visit) -> list[Chance]:
    """Every trial of this patient that goes on, as it stands for this visit; and those that have allocated it."""
    trials = {one.pk: one for one in queries.open_trials_of(visit.patient)}
    known = {one.trial_id: one for one in queries.allocations_for(visit)}
    for one in known.values():
        trials.setdefault(one.trial_id, one.trial)
    found = []
    for trial in trials.values():
        had = known.get(trial.pk)
        against = [] if had else reasons_against(trial, visit, timezone.now())
        found.append(Chance(trial, had, against, had is not None and had.visit_id != visit.pk))
    return found


@transaction.atomic
def allocate(*, trial: Trial, visit: Visit, by: Person) -> Allocation:
    """Give `visit` the next place, or the allocation that it has. Raises NotDone, CannotBeOpened."""
    row, now = locked(trial), timezone.now()
    had = row.allocations.filter(visit=visit).first()
    if had is not None:
        return had
    if found := reasons_against(row, visit, now):
        raise NotDone(" ".join(found))
    participant = queries.participant_of(row, visit.patient)
    place = row.allocations.filter(stratum=participant.stratum).count()
    made = Allocation.objects.create(
        clinic_id=row.clinic_id, trial=row, participant=participant, patient=visit.patient, visit=visit,
        consent=queries.consent_to(row, visit.patient, now), stratum=participant.stratum, place=place, code=_code(row),
        sealed_arm=sealed.sealed_arm_at(row, participant.stratum, place), made_at=now, made_by=by.user)
    # Nothing of the arm, nor a hash of it: of two arms anybody could try both.
    audit.append(
        by=by, action="allocate", kind="trial", uid=row.uid, patient=visit.patient.uid,
        detail={"code": made.code, "place": place + 1, "stratum": made.stratum, "arms_checked": len(row.says.arms)})
    if row.says.is_prepared:
        open_task(
            clinic=by.clinic, kind=TASK, cause=str(made.uid), about=made.uid, patient=visit.patient, by=by, role=Role.ASSISTANT,
            title=gettext_noop("Prepare an opaque syringe for a trial"), needs="chart.write", due_at=now + PREPARE_WITHIN)
    return made


@transaction.atomic
def prepare(*, allocation: Allocation, by: Person) -> Arm:
    """Show the arm to who prepares it, and write down who that is. Raises NotDone for who treats or has allocated."""
    if not allocation.trial.says.is_prepared:
        raise NotDone(_("In this trial nobody else prepares."))
    is_done = signature_of(allocation.visit) and allocation.trial.says.kind == N_OF_1
    if queries.is_over(allocation.trial) or is_done or allocation.participant.departures.exists():
        raise NotDone(_("There is nothing to prepare any more."))
    if by.user.pk in who_treats(allocation):
        raise NotDone(_("Another person prepares: you treat this patient."))
    if not allocation.preparations.filter(made_by=by.user).exists():
        Preparation.objects.create(
            clinic_id=allocation.clinic_id, allocation=allocation, made_at=timezone.now(), made_by=by.user)
        _note(allocation, "prepare", by)
        finish_cause(clinic=by.clinic, kind=TASK, cause=str(allocation.uid), by=by)
    return allocation.trial.says.arms[sealed.arm_of(allocation)]


def who_treats(allocation: Allocation) -> set[int]:
    """Who allocated, and who injects: in a trial across patients also at the later visits."""
    visits = Visit.objects.filter(clinic_id=allocation.clinic_id, patient_id__in=records_of(allocation.patient))
    if allocation.trial.says.kind == N_OF_1:
        visits = visits.filter(pk=allocation.visit_id)
    users = visits.filter(pk__gte=allocation.visit_id).values_list("practitioner__user_id", flat=True)
    return {allocation.made_by_id} | {one for one in users if one is not None}


@transaction.atomic
def unblind(*, allocation: Allocation, why: str, by: Person) -> Arm:
    """Open one arm before the end, for a reason. It stands in the trail and in the report."""
    if not why.strip():
        raise NotDone(_("Say why it must be known now."))
    if queries.turn_of(allocation.trial, TurnKind.ENDED):
        raise NotDone(_("This trial has ended, or has not begun."))
    Unblinding.objects.create(
        clinic_id=allocation.clinic_id, allocation=allocation, why=why.strip(), made_at=timezone.now(), made_by=by.user)
    _note(allocation, "unblind", by, reason=why.strip())
    return allocation.trial.says.arms[sealed.arm_of(allocation)]


@transaction.atomic
def deviate(*, allocation: Allocation, text: str, by: Person) -> Deviation:
    """Write down what went otherwise than planned."""
    made = Deviation.objects.create(
        clinic_id=allocation.clinic_id, allocation=allocation, text=text.strip(), made_at=timezone.now(), made_by=by.user)
    _note(allocation, "deviate", by)
    return made


def _code(trial: Trial) -> str:
    known = set(trial.allocations.values_list("code", flat=True))
    while (made := sealed.code()) in known:
        pass
    return made


def _note(allocation: Allocation, action: str, by: Person, **detail: Any) -> None:
    audit.append(
        by=by, action=action, kind="trial", uid=allocation.trial.uid, patient=allocation.patient.uid,
        detail={"code": allocation.code} | detail)
