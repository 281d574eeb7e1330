"""Writing adverse events: reported once, amended by dated versions, never changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.followup import clusters, deaths
from waterneedle.clinic.followup.models import AdverseEvent, Answer, EventOutcome, EventVersion
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.visits.models_after import Reaction

Told = Callable[..., None]  # version, by=, now=
_told: list[Told] = []


def events_are_told_to(told: Told) -> None:
    """Have `told(version, by=…, now=…)` called with every version of an event, in its transaction, before it is in the trail."""
    if told not in _told:
        _told.append(told)


class Unchanged(ValueError):
    """An amendment that says what was said already, or not why. Nothing was written."""


@transaction.atomic
def report(
    *, patient: Patient, by: Person, visit: Visit | None = None, answer: Answer | None = None, reaction: Reaction | None = None,
    **fields: Any,
) -> AdverseEvent:
    """Report an event, as it is known now: `fields` are those of a version."""
    injection = fields.get("injection")
    event = AdverseEvent.objects.create(
        clinic_id=patient.clinic_id, patient=patient, visit=visit or (injection and injection.visit), answer=answer,
        reaction=reaction, made_at=timezone.now(), made_by=by.user)
    _version(event, 1, by, **fields)
    return event


@transaction.atomic
def amend(*, event: AdverseEvent, why: str, by: Person, **fields: Any) -> EventVersion:
    """Say it as it is known now; what was said before stays. Raises Unchanged without a reason."""
    if not why.strip():
        raise Unchanged("say why it is amended")
    AdverseEvent.objects.select_for_update().only("pk").get(pk=event.pk)
    last = EventVersion.objects.filter(clinic_id=event.clinic_id, event=event).order_by("number").last()
    return _version(event, last.number + 1, by, why=why.strip(), **fields)


def _version(event: AdverseEvent, number: int, by: Person, **fields: Any) -> EventVersion:
    now = timezone.now()
    before = EventVersion.objects.filter(clinic_id=event.clinic_id, event=event, number=number - 1).first()
    made = EventVersion.objects.create(
        clinic_id=event.clinic_id, event=event, number=number, made_at=now, made_by=by.user, signed_name=by.user.name, **fields)
    for told in _told:
        told(made, by=by, now=now)
    audit.append(
        by=by, action="report" if number == 1 else "amend", kind="adverse event", uid=event.uid, patient=event.patient.uid,
        detail={"version": number, "serious": made.is_serious})
    clusters.look(made, by=by, now=now)
    if _says_death(made) or (before is not None and _says_death(before)):
        deaths.look_again(patient=event.patient, by=by)
    return made


def _says_death(version: EventVersion) -> bool:
    return version.outcome == EventOutcome.DIED and not version.is_mistake
