"""A death that was noted, with a reaction or as an adverse event: nobody writes or calls any more. And one that turns out to be
none: what was ended by it stays ended, so that a person books it and asks anew.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.appointments.actions import free_later
from waterneedle.clinic.appointments.models import BookingState, State, Waiting
from waterneedle.clinic.followup.actions import By, call_no_more
from waterneedle.clinic.followup.models import CheckIn, EventOutcome, EventVersion
from waterneedle.clinic.followup.queries import arrangement_of
from waterneedle.clinic.followup.queries_events import may_be_asked
from waterneedle.clinic.outbox.models import Job
from waterneedle.clinic.outbox.models import Outcome as JobOutcome
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import kept_record, records_of
from waterneedle.clinic.tasks.actions import open_task
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.tasks.queries import leads
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.visits.models_after import Outcome, ReactionEntry
from waterneedle.clinic.web import words

TASK, WITHIN = "followup.no_death", datetime.timedelta(hours=20)  # as soon as who was silent is called
MOST_SAID = 500


@transaction.atomic
def look_again(*, patient: Patient, by: By) -> None:
    """What is on record of the patient's death has changed: it was noted, or is said no more."""
    kept, now = kept_record(patient), timezone.now()
    if may_be_asked(kept):
        _ask_anew(kept, by, now)
    else:
        call_no_more(patient=kept, by=by, now=now)
        free_later(patient=kept, now=now)


def _ask_anew(patient: Patient, by: By, now: datetime.datetime) -> None:
    since = _noted_at(patient)
    language = next(iter(patient.clinic.languages), "en")
    with translation.override(language), timezone.override(patient.clinic.tzinfo):
        note = "; ".join(_ended(patient, since, now)) if since else ""
    if note:
        open_task(
            clinic=patient.clinic, kind=TASK, cause=f"{patient.uid} {now.isoformat()}", patient=patient, about=patient.uid, by=by,
            role=Role.PRACTITIONER, needs="bookings.write", due_at=now + WITHIN, escalate_at=now + 2 * WITHIN,
            title=gettext_noop("A death was noted by mistake: book and ask anew what was ended by it"), note=note[:MOST_SAID])


def _noted_at(patient: Patient) -> datetime.datetime | None:
    """When the death was noted first, of what nobody was asked to set right yet."""
    records = records_of(patient)
    before = Task.objects.filter(clinic_id=patient.clinic_id, kind=TASK, about=str(patient.uid)).order_by("made_at").last()
    noted = [
        *ReactionEntry.objects.filter(
            clinic_id=patient.clinic_id, case__patient_id__in=records, kind=ReactionEntry.END, said=Outcome.DIED,
        ).values_list("made_at", flat=True),
        *EventVersion.objects.filter(
            clinic_id=patient.clinic_id, event__patient_id__in=records, outcome=EventOutcome.DIED,
        ).values_list("made_at", flat=True)]
    return min((at for at in noted if before is None or at > before.made_at), default=None)


def _ended(patient: Patient, since: datetime.datetime, now: datetime.datetime) -> Iterator[str]:
    """What was taken back, and what was not asked meanwhile, in words."""
    of = {"clinic_id": patient.clinic_id, "patient_id__in": records_of(patient)}
    freed = BookingState.objects.filter(
        clinic_id=patient.clinic_id, booking__patient_id__in=of["patient_id__in"], state=State.CANCELLED, made_by=None,
        why="", made_at__gte=since)
    freed = freed.select_related("booking__practitioner__user").order_by("booking__starts_at")
    if times := [f"{words.moment(one.booking.starts_at)}, {one.booking.practitioner}" for one in freed]:
        yield _("to book: %(what)s") % {"what": " · ".join(times)}
    waited = Waiting.objects.filter(**of, ended_at__gte=since).order_by("first_day")
    if spans := [f"{words.day(one.first_day)} – {words.day(one.last_day)}" for one in waited]:
        yield _("for the waiting list: %(what)s") % {"what": " · ".join(spans)}
    if days := [words.day(day) for day in _unasked(patient, since, now)]:
        yield _("to ask how it is since the visit: %(what)s") % {"what": " · ".join(days)}


def _unasked(patient: Patient, since: datetime.datetime, now: datetime.datetime) -> list[datetime.date]:
    """The days of visits that stand whose check-in was ended, or came due while nobody was asked."""
    visits = Visit.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records_of(patient))
    visits = {str(one.uid): one for one in visits.exclude(strikes__struck_at__isnull=False)}
    checkins = CheckIn.objects.filter(clinic_id=patient.clinic_id, visit__in=[one.pk for one in visits.values()])
    found = {one.visit_id for one in checkins.filter(answered_at=None, ended_at__gte=since)}
    if arrangement_of(patient.clinic).is_on:
        asked = {(one.visit_id, one.kind, one.week) for one in checkins}
        due = Job.objects.filter(
            clinic_id=patient.clinic_id, kind="followup.ask", outcome=JobOutcome.DONE, ended_at__range=(since, now))
        for said in (one.says for one in due):
            visit = visits.get(said["visit"])
            if visit is not None and (visit.pk, said["kind"], said["week"]) not in asked:
                found.add(visit.pk)
    return sorted({one.day for one in visits.values() if one.pk in found})


@leads(TASK)
def address(task: Task) -> str:
    return reverse("patients:patient", kwargs={"clinic": task.clinic.slug, "patient": task.about})
