"""What was entered or ended of a patient's health while a visit was charted that was struck since: of whom was it said?

It may be of either person, so a program takes nothing back: an allergy that stays with the wrong patient bars too much, one that
vanishes from the right one lets it through. A person goes through it, on the page of the visit, and a task asks for that.
"""

from __future__ import annotations

import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.patients.models import HealthFact
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.tasks.actions import open_task
from waterneedle.clinic.visits.models import Signature, Strike, Visit

TASK = "visits.told_of_another"
DUE_HOURS = 1


def told_in(visit: Visit) -> list[HealthFact]:
    """Of a visit that was struck: what was entered or ended on the record until it was signed, or struck as a draft. Empty for
    any other visit."""
    of_visit = {"clinic_id": visit.clinic_id, "visit": visit}
    struck = Strike.objects.filter(**of_visit, struck_at__isnull=False).first()
    if struck is None:
        return []
    signed = Signature.objects.filter(**of_visit).first()
    span = (visit.made_at, signed.signed_at if signed else struck.struck_at)
    rows = HealthFact.objects.filter(clinic_id=visit.clinic_id, patient_id__in=records_of(visit.patient))
    rows = rows.filter(Q(made_at__range=span) | Q(ended_at__range=span))
    return list(rows.select_related("made_by", "ended_by").order_by("kind", "made_at", "pk"))


def ask_whose_it_is(visit: Visit, by: Person) -> None:
    """A task for who treats, where anything was told."""
    if told_in(visit):
        open_task(
            clinic=visit.clinic, kind=TASK, cause=str(visit.uid), patient=visit.patient, about=visit.uid, by=by,
            role=Role.PRACTITIONER, needs="chart.read", due_at=timezone.now() + datetime.timedelta(hours=DUE_HOURS),
            title=gettext_noop("A visit on the wrong patient was struck: whose are the allergies and illnesses entered in it?"))
