"""Stopping for harm: looked at with every version of an adverse event of somebody who takes part."""

from __future__ import annotations

import datetime
from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.debug import sensitive_variables

from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.followup.models import Causality, EventVersion
from waterneedle.clinic.followup.queries_events import newest_versions
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.tasks.actions import open_task
from waterneedle.clinic.trials import queries, sealed
from waterneedle.clinic.trials.models import Allocation, Trial, Turn, TurnKind
from waterneedle.clinic.trials.plan import Plan
from waterneedle.outcomes.harm import is_crossed

TASK = "trials.harm"
RELATED = (Causality.CERTAIN, Causality.PROBABLE, Causality.POSSIBLE)
_HARMED = gettext_noop("A trial was stopped for harm: look at it and end it")
_UNCOUNTED = gettext_noop("A trial was stopped, for its harm cannot be counted any more: look at it")
LOOK_WITHIN = datetime.timedelta(hours=4)


def look(version: EventVersion, *, by: Person, now: datetime.datetime) -> None:
    """Stop every trial whose boundary is crossed with this event: nobody is allocated any more, and a person is called."""
    patient = version.event.patient
    rows = Allocation.objects.filter(clinic_id=version.clinic_id, patient_id__in=records_of(patient), trial__turns=None)
    for number in sorted(set(rows.values_list("trial_id", flat=True))):
        # Whoever allocates at this moment waits here, and then finds that it was stopped.
        trial = Trial.objects.select_for_update(of=("self",), no_key=True).select_related("clinic").get(pk=number)
        if queries.is_over(trial):
            continue
        try:
            if _is_crossed(trial):
                _stop(trial, version, by, now)
        except sealed.CannotBeOpened:
            # An event is written down whatever becomes of the trial; and what cannot be counted is not borne.
            _stop(trial, version, by, now, why=_(
                "The key that this trial was sealed with is lost: no arm can be counted, so that it cannot go on."))


def counts(says: Plan, version: EventVersion) -> bool:
    """Whether an event counts against the boundary of the plan."""
    return version.is_serious or (says.harm_of == "serious_or_related" and version.causality in RELATED)


def events_of(trial: Trial) -> list[tuple[EventVersion, Allocation]]:
    """Each event after an allocation that counts, as it is known now, with the allocation that it follows."""
    allocations = list(trial.allocations.select_related("patient").order_by("made_at", "pk"))
    records = {record: one.participant_id for one in allocations for record in records_of(one.patient)}
    found = []
    for version in newest_versions(trial.clinic_id).filter(event__patient_id__in=records):
        own = [one for one in allocations if one.participant_id == records[version.event.patient_id]]
        if counts(trial.says, version) and (followed := _followed(own, version)) is not None:
            found.append((version, followed))
    return found


def _followed(own: list[Allocation], version: EventVersion) -> Allocation | None:
    """The allocation whose visit the event names, else the last one before it began."""
    named = [one for one in own if one.visit_id == version.event.visit_id]
    began = version.onset_at or version.event.made_at
    before = named or [one for one in own if one.made_at <= began]
    return before[-1] if before else None


@sensitive_variables()
def _is_crossed(trial: Trial) -> bool:
    treatments = Counter(sealed.arm_of(one) for one in trial.allocations.all())
    events = Counter(sealed.arm_of(one) for _version, one in events_of(trial))
    return any(is_crossed(trial.says.harm, events=events[arm], treatments=treatments[arm]) for arm in events)


def _stop(trial: Trial, version: EventVersion, by: Person, now: datetime.datetime, why: str = "") -> None:
    """For harm, or because of `why` where harm cannot be counted."""
    patient = version.event.patient
    Turn.objects.create(
        clinic_id=trial.clinic_id, trial=trial, kind=TurnKind.STOPPED if why else TurnKind.HARM, why=why,
        event=str(version.event.uid), made_at=now, made_by=by.user)
    # In the chain of the patient, where the report of the event stands too: one chain, no waiting for another.
    audit.append(by=by, action="stop" if why else "stop for harm", kind="trial", uid=trial.uid, patient=patient.uid)
    open_task(
        clinic=trial.clinic, kind=TASK, cause=str(trial.uid), about=trial.uid, patient=patient, by=by, role=Role.PRACTITIONER,
        title=_UNCOUNTED if why else _HARMED, needs="trials.write", due_at=now + LOOK_WITHIN)
