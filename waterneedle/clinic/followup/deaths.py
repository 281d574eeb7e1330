"""A death that was noted, with a reaction or as an adverse event: nobody writes or calls any more. And one that turns out to be
none: what was ended by it stays ended, so that a person books it and asks anew.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.appointments.actions import free_later
from waterneedle.clinic.appointments.models import BookingState, State, Waiting
from waterneedle.clinic.followup.actions import TOO_LATE, By, ask, call_no_more
from waterneedle.clinic.followup.models import CheckIn, CheckInKind, EventOutcome, EventVersion
from waterneedle.clinic.followup.queries import arrangement_of
from waterneedle.clinic.followup.queries_events import may_be_asked
from waterneedle.clinic.outbox.models import Job
from waterneedle.clinic.outbox.models import Outcome as JobOutcome
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import kept_record, records_of
from waterneedle.clinic.tasks.actions import finish_cause, open_task, reopen, what_death_ends
from waterneedle.clinic.tasks.models import State as TaskState
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.visits.models_after import Outcome, ReactionEntry
from waterneedle.clinic.web import words

TASK, WITHIN = "followup.no_death", datetime.timedelta(hours=20)  # as soon as who was silent is called
MOST_SAID = 500
STILL_DUE = "followup.still_due"  # what is left to be done of a task that a death has ended
DIED, LIVES = gettext_noop("The patient has died."), gettext_noop("The death was noted by mistake.")


@transaction.atomic
def look_again(*, patient: Patient, by: By) -> None:
    """What is on record of the patient's death has changed: it was noted, or is said no more."""
    kept, now = kept_record(patient), timezone.now()
    if may_be_asked(kept):
        _ask_anew(kept, by, now)
    else:
        call_no_more(patient=kept, by=by, now=now)
        free_later(patient=kept, now=now)
        _end_tasks(kept, by)


def _end_tasks(patient: Patient, by: By) -> None:
    """End what would have somebody call the dead, with the reason, and ask for what is still due."""
    for task in _tasks(patient).exclude(state=TaskState.DONE):
        title = what_death_ends()[task.kind]
        if title == task.title:
            continue
        finish_cause(clinic=patient.clinic, kind=task.kind, cause=task.cause, by=by, note=DIED)
        if title:
            open_task(
                clinic=patient.clinic, kind=STILL_DUE, cause=f"{task.kind} {task.cause}", title=title, patient=task.patient,
                about=task.about, needs=task.needs, role=task.role, owner=task.owner, due_at=task.due_at, by=by)


def _begin_tasks_again(patient: Patient, by: By) -> None:
    """What a death has ended that was none is to be done again."""
    for task in _tasks(patient).filter(state=TaskState.DONE):
        if task.history.order_by("number").last().note == DIED:
            reopen(task=task, by=by, note=LIVES)
            finish_cause(clinic=patient.clinic, kind=STILL_DUE, cause=f"{task.kind} {task.cause}", by=by, note=LIVES)


def _tasks(patient: Patient) -> QuerySet[Task]:
    rows = Task.objects.filter(
        clinic_id=patient.clinic_id, patient_id__in=records_of(patient), kind__in=list(what_death_ends()))
    return rows.select_related("clinic", "patient", "owner").order_by("pk")


def _ask_anew(patient: Patient, by: By, now: datetime.datetime) -> None:
    _begin_tasks_again(patient, by)
    since = _noted_at(patient)
    if since is None:
        return
    language = next(iter(patient.clinic.languages), "en")
    with translation.override(language), timezone.override(patient.clinic.tzinfo):
        note = words.told(_ended(patient, since))
    _ask_what_came_due(patient, since, now)
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


def _ended(patient: Patient, since: datetime.datetime) -> Iterator[str]:
    """What was taken back, in words."""
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
    checkins = CheckIn.objects.filter(**of, answered_at=None, ended_at__gte=since)
    checkins = checkins.exclude(visit__strikes__struck_at__isnull=False)
    if days := [words.day(day) for day in sorted(set(checkins.values_list("visit__day", flat=True)))]:
        yield _("to ask how it is since the visit: %(what)s") % {"what": " · ".join(days)}


def _ask_what_came_due(patient: Patient, since: datetime.datetime, now: datetime.datetime) -> None:
    """Have the patient called about what nobody has asked meanwhile: the time of its letter has passed."""
    visits = Visit.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records_of(patient))
    visits = {str(one.uid): one for one in visits.exclude(strikes__struck_at__isnull=False).select_related("patient", "clinic")}
    due = Job.objects.filter(clinic_id=patient.clinic_id, kind="followup.ask", outcome=JobOutcome.DONE)
    due = due.filter(ended_at__range=(since, now)).order_by("due_at")
    for job in due if arrangement_of(patient.clinic).is_on else ():
        visit, kind = visits.get(job.says["visit"]), job.says["kind"]
        if visit is not None and not (kind == CheckInKind.HOURS and now - job.due_at > TOO_LATE):
            ask(visit=visit, kind=kind, week=job.says["week"], now=now, by_letter=False)
