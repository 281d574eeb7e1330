"""What is written about a trial until somebody is allocated: the plan, its freezing, amendments, who takes part, how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.contents import documents
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.intake import actions_consent
from waterneedle.clinic.intake.documents import canonical, digest
from waterneedle.clinic.intake.wording import Line
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.trials import plan as plans
from waterneedle.clinic.trials import queries, sealed
from waterneedle.clinic.trials.models import Amendment, Departure, Participant, Trial, Turn, TurnKind
from waterneedle.clinic.trials.plan import Plan
from waterneedle.outcomes.allocation import commitment

DOCUMENT = "waterneedle/trial/1"


class NotDone(ValueError):
    """What stands against it, in words for who asked. Nothing was written."""


@transaction.atomic
def plan_trial(*, plan: Plan, by: Person, patient: Patient | None = None) -> Trial:
    """A draft. An N-of-1 trial is of `patient`."""
    trial = Trial.objects.create(
        clinic=by.clinic, kind=plan.kind, patient=patient, title=plan.title, plan=plans.written(plan), made_at=timezone.now(),
        made_by=by.user)
    _note(trial, "plan", by)
    return trial


@transaction.atomic
def change_plan(*, trial: Trial, plan: Plan, version: int, by: Person) -> Trial:
    """The draft, otherwise. Raises NotDone once it is frozen, or when somebody else has changed it since `version`."""
    row = locked(trial)
    if row.frozen_at:
        raise NotDone(_("The plan is frozen. What is done otherwise is an amendment."))
    if row.version != version:
        raise NotDone(_("Somebody else has changed this plan. Load the page again."))
    before = audit.digest(row.plan)
    row.title, row.plan, row.version = plan.title, plans.written(plan), row.version + 1
    row.__dict__.pop("says", None)
    row.save(update_fields=["title", "plan", "version"])
    _note(row, "change", by, before=before, after=audit.digest(row.plan))
    return row


@transaction.atomic
def freeze_plan(*, trial: Trial, by: Person) -> Trial:
    """Freeze the plan for good, draw the seed and seal it, and have patients asked for their consent to this trial."""
    row, now = locked(trial), timezone.now()
    if row.frozen_at:
        raise NotDone(_("The plan is frozen already."))
    if found := list(plans.problems(row.says)):
        raise NotDone(" ".join(found))
    seed = sealed.draw()
    row.document = canonical({
        "schema": DOCUMENT, "trial": str(row.uid), "clinic": by.clinic.slug, "patient": row.patient and str(row.patient.uid),
        "plan": msgspec.to_builtins(row.says), "largest_chance": str(row.says.largest_chance), "frozen_at": now,
        "frozen_by": str(by.user.uid)})
    row.hash = digest(row.document)
    row.commitment = commitment(seed, trial=str(row.uid), plan_hash=row.hash)
    row.sealed_seed, row.frozen_at, row.frozen_by = sealed.sealed_seed(seed), now, by.user
    actions_consent.offer_trial(clinic=by.clinic, line=_line(row), by=by)
    row.save(update_fields=["document", "hash", "commitment", "sealed_seed", "frozen_at", "frozen_by"])
    _note(row, "freeze", by, after=bytes.fromhex(row.hash), detail={"commitment": row.commitment})
    if row.patient is not None:
        screen(trial=row, patient=row.patient, by=by)
    return row


@transaction.atomic
def amend(*, trial: Trial, text: str, why: str, by: Person) -> Amendment:
    """A dated amendment of a frozen plan."""
    if not trial.frozen_at:
        raise NotDone(_("A draft is changed, not amended."))
    made = Amendment.objects.create(
        clinic_id=trial.clinic_id, trial=trial, text=text.strip(), why=why.strip(), made_at=timezone.now(), made_by=by.user)
    _note(trial, "amend", by, after=audit.digest([made.text, made.why]))
    return made


@transaction.atomic
def screen(*, trial: Trial, patient: Patient, by: Person, stratum: str = "", why_not: str = "") -> Participant:
    """Note that `patient` was looked at: fit for it in `stratum`, or not, because of `why_not`."""
    trial = locked(trial)
    says = trial.says
    if not trial.frozen_at or queries.is_over(trial):
        raise NotDone(_("Nobody is entered into this trial now."))
    if not why_not and stratum not in (says.strata or ("",)):
        raise NotDone(_("Say to which stratum the patient belongs."))
    if queries.participant_of(trial, patient):
        raise NotDone(_("This patient was looked at already."))
    made = Participant.objects.create(
        clinic_id=trial.clinic_id, trial=trial, patient=patient, is_eligible=not why_not, why_not=why_not.strip(),
        stratum="" if why_not else stratum, made_at=timezone.now(), made_by=by.user)
    audit.append(
        by=by, action="screen", kind="trial", uid=trial.uid, patient=patient.uid, detail={"eligible": made.is_eligible})
    return made


@transaction.atomic
def depart(*, participant: Participant, kind: str, said: str, by: Person) -> Departure:
    """Note that somebody takes part no longer."""
    locked(participant.trial)
    if participant.departures.exists():
        raise NotDone(_("That is written down already."))
    made = Departure.objects.create(
        clinic_id=participant.clinic_id, participant=participant, kind=kind, said=said.strip(), made_at=timezone.now(),
        made_by=by.user)
    audit.append(
        by=by, action="depart", kind="trial", uid=participant.trial.uid, patient=participant.patient.uid, detail={"how": kind})
    return made


@transaction.atomic
def stop(*, trial: Trial, why: str, by: Person) -> Turn:
    """Allocate nobody any more. Effects stay closed until the trial is ended."""
    row = locked(trial)
    if not row.frozen_at or queries.is_over(row):
        raise NotDone(_("This trial does not go on anyway."))
    made = Turn.objects.create(
        clinic_id=row.clinic_id, trial=row, kind=TurnKind.STOPPED, why=why.strip(), made_at=timezone.now(), made_by=by.user)
    _note(row, "stop", by)
    return made


@transaction.atomic
def end(*, trial: Trial, why: str, by: Person) -> Turn:
    """End it for good: nobody is allocated after this, the seed is opened, and effects are shown from now on.

    Before the planned number a reason is needed, unless it was stopped.
    """
    row = locked(trial)
    if not row.frozen_at or queries.turn_of(row, TurnKind.ENDED):
        raise NotDone(_("This trial has ended, or has not begun."))
    if row.allocations.count() < row.says.size and not queries.is_over(row) and not why.strip():
        raise NotDone(_("The planned number is not reached: say why it ends now."))
    made = Turn.objects.create(
        clinic_id=row.clinic_id, trial=row, kind=TurnKind.ENDED, why=why.strip(), seed=sealed.seed_of(row).hex(),
        made_at=timezone.now(), made_by=by.user)
    actions_consent.withdraw_trial(clinic=by.clinic, line=row.line, by=by)
    _note(row, "end", by, detail={"allocated": row.allocations.count(), "planned": row.says.size})
    return made


@documents(kind="trial", action="freeze")
def frozen_plans() -> Iterator[tuple[str, bytes]]:
    """(uid, hash) of every frozen plan, as the tables have it now: the check of the trail compares them."""
    for uid, document in Trial.objects.exclude(frozen_at=None).values_list("uid", "document").iterator():
        yield str(uid), bytes.fromhex(digest(document))


def _line(trial: Trial) -> Line:
    title = _("Trial: %(title)s") % {"title": trial.title}
    return Line(id=trial.line, kind="trial", title=title, text=trial.says.asks, covers=())


def locked(trial: Trial) -> Trial:
    """The row of the trial as it is now, which nobody else writes until this transaction ends."""
    # The trial first: whoever changes, allocates or ends it queues here.
    rows = Trial.objects.select_for_update(of=("self",), no_key=True).select_related("clinic", "patient")
    return rows.get(pk=trial.pk)


def _note(trial: Trial, action: str, by: Person, **more: Any) -> None:
    patient = trial.patient.uid if trial.patient else None
    audit.append(by=by, action=action, kind="trial", uid=trial.uid, patient=patient, **more)
