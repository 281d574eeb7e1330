"""What was entered or ended of a patient's health while a visit was charted that was struck since: of whom was it said?

It may be of either person, so a program takes no fact and no figure back: an allergy that stays with the wrong patient bars too
much, one that vanishes from the right one lets it through. A person goes through it, on the page of the visit, and a task asks
for that. What lets more through, such as that there are none, is taken back with the strike, and asked again (`take_back_visit`).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.patients.models import Asked, HealthFact, Measure
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.tasks.actions import open_task
from waterneedle.clinic.visits.models import Signature, Strike, Visit

TASK = "visits.told_of_another"
DUE_HOURS = 1


@dataclass(frozen=True)
class Told:
    """What came onto the record while a visit was charted that was struck since."""

    facts: tuple[HealthFact, ...] = ()  # entered or ended
    measures: tuple[Measure, ...] = ()
    to_ask: tuple[str, ...] = ()  # of which kinds of fact an answer was taken back

    def __bool__(self) -> bool:
        return bool(self.facts or self.measures or self.to_ask)


def charted_between(visit: Visit) -> tuple[datetime.datetime, datetime.datetime] | None:
    """From when until when a visit that was struck was charted: until it was signed, or struck as a draft. None for any other."""
    of_visit = {"clinic_id": visit.clinic_id, "visit": visit}
    struck = Strike.objects.filter(**of_visit, struck_at__isnull=False).first()
    if struck is None:
        return None
    signed = Signature.objects.filter(**of_visit).first()
    return visit.made_at, signed.signed_at if signed else struck.struck_at


def told_in(visit: Visit) -> Told:
    """Nothing, for a visit that was not struck."""
    between = charted_between(visit)
    if between is None:
        return Told()
    of_patient = {"clinic_id": visit.clinic_id, "patient_id__in": records_of(visit.patient)}
    facts = HealthFact.objects.filter(Q(made_at__range=between) | Q(ended_at__range=between), **of_patient)
    measures = Measure.objects.filter(**of_patient, made_at__range=between)
    asked = Asked.objects.filter(**of_patient, made_at__range=between, removed_at__isnull=False).order_by("pk")
    return Told(
        tuple(facts.select_related("made_by", "ended_by").order_by("kind", "made_at", "pk")),
        tuple(measures.select_related("made_by").order_by("pk")),
        tuple(dict.fromkeys(str(one.get_kind_display()) for one in asked)))


def ask_whose_it_is(visit: Visit, by: Person) -> None:
    """A task for who treats, where anything was told."""
    if told_in(visit):
        open_task(
            clinic=visit.clinic, kind=TASK, cause=str(visit.uid), patient=visit.patient, about=visit.uid, by=by,
            role=Role.PRACTITIONER, needs="chart.read", due_at=timezone.now() + datetime.timedelta(hours=DUE_HOURS),
            title=gettext_noop("A visit on the wrong patient was struck: whose are the allergies and illnesses entered in it?"))
