"""What is due after a visit: planned when it is signed, asked, waited for, and called out.

Signing a visit appends the job `visits.signed`, and striking one `visits.struck`; everything else is a job of this room. Both
change what a course of treatment comes to, so that it is counted anew with them.
"""

from __future__ import annotations

from datetime import datetime

from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.courses.counting import count_patient
from waterneedle.clinic.followup import actions, alarms, deaths, moments
from waterneedle.clinic.followup.models import Alarm, CheckIn, CheckInKind, EventOutcome, EventVersion
from waterneedle.clinic.followup.queries import arrangement_of
from waterneedle.clinic.followup.queries_events import may_be_asked
from waterneedle.clinic.followup.sites import given_at
from waterneedle.clinic.outbox.actions import enqueue
from waterneedle.clinic.outbox.handlers import handler
from waterneedle.clinic.outbox.models import Job
from waterneedle.clinic.patients.queries import kept_record
from waterneedle.clinic.visits.doubted import is_doubted
from waterneedle.clinic.visits.models import Strike, Visit


@handler("visits.signed")
def plan(job: Job, now: datetime) -> None:
    """Have the patient asked: the next day, after weeks, and on the same day where the first hours matter."""
    visit = _visit(job)
    count_patient(visit.patient)
    given = given_at(visit)
    if not given.injections:
        return
    zone = visit.clinic.tzinfo
    due = {(CheckInKind.NEXT_DAY, 0): moments.next_day(given.ended_at, zone)}
    for week in arrangement_of(visit.clinic).weeks:
        due[CheckInKind.WEEKS, week] = moments.weeks_after(given.ended_at, week, zone)
    if given.asks_same_day and now < due[CheckInKind.NEXT_DAY, 0]:  # who signs a day late has one letter sent, not two
        due[CheckInKind.HOURS, 0] = moments.same_day(given.ended_at, zone)
    for (kind, week), at in due.items():
        if at > now - actions.TOO_LATE:
            enqueue(
                kind="followup.ask", key=actions.key_of(visit, kind, week), clinic=visit.clinic, due_at=at,
                payload={"visit": str(visit.uid), "kind": str(kind), "week": week},
            )


@handler("followup.ask")
def ask(job: Job, now: datetime) -> None:
    """Write the letter, unless the clinic does not ask, the visit was struck, or nobody is to be asked. Where the time of the
    letter has passed, because nothing was sent for days, somebody calls; the first hours are over then. So does somebody where
    one person says that the visit stands on the wrong patient: a letter could not be called back."""
    visit, kind = _visit(job), job.says["kind"]
    is_late = now - job.due_at > actions.TOO_LATE
    if not arrangement_of(visit.clinic).is_on or is_struck(visit) or (is_late and kind == CheckInKind.HOURS):
        return
    if may_be_asked(kept_record(visit.patient)):
        actions.ask(visit=visit, kind=kind, week=job.says["week"], now=now, by_letter=not (is_late or is_doubted(visit)))


@handler("followup.silent")
def notice_silence(job: Job, now: datetime) -> None:
    checkin = CheckIn.objects.select_related("patient").get(uid=job.says["checkin"], clinic=job.clinic)
    if may_be_asked(checkin.patient):
        actions.notice_silence(checkin=checkin, now=now)


@handler("followup.escalate")
def escalate(job: Job, now: datetime) -> None:
    alarm = Alarm.objects.get(uid=job.says["alarm"], clinic=job.clinic)
    alarms.escalate(alarm=alarm, number=job.says["round"], now=now)


@handler("visits.struck")
def stop(job: Job, now: datetime) -> None:
    """Nobody is asked about a visit that stands on the wrong patient."""
    visit = _visit(job)
    actions.stop_asking(visit=visit, now=now)
    if EventVersion.objects.filter(clinic_id=visit.clinic_id, event__visit=visit, outcome=EventOutcome.DIED).exists():
        deaths.look_again(patient=visit.patient, by=machine("followup", visit.clinic))
    count_patient(visit.patient)


def is_struck(visit: Visit) -> bool:
    return Strike.objects.filter(clinic_id=visit.clinic_id, visit=visit, struck_at__isnull=False).exists()


def _visit(job: Job) -> Visit:
    return Visit.objects.select_related("clinic", "patient").get(clinic=job.clinic, uid=job.says["visit"])
