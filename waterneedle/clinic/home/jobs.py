"""What is done regularly for the clinic as a whole: the trail is checked, and late tasks are called out."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit import heads
from waterneedle.clinic.audit.actions import append
from waterneedle.clinic.audit.verify import Report, verify
from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.home import closings
from waterneedle.clinic.outbox import letters
from waterneedle.clinic.outbox.handlers import daily, every, given_up_jobs_are_told_to
from waterneedle.clinic.outbox.models import Job, Letter
from waterneedle.clinic.tasks.actions import ends_with_death, escalate_overdue, open_task
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.tasks.queries import leads

MORNING = time(6)  # by the clinic's clock; our judgement
GIVEN_UP, LETTER = "home.given_up", "home.letter"  # kinds of tasks
ends_with_death(LETTER)


@daily("home.verify", at=time(2, 15), outside=True)
def check_trail(job: Job, now: datetime) -> None:
    """Check the whole trail, write down how that went, and tell the owners if something does not fit."""
    documents, broken = heads.read_database()
    report = verify(heads.promised(documents))
    bad = len(report.bad) + len(report.documents) + len(broken)
    with transaction.atomic():
        if bad:
            for clinic in Clinic.objects.order_by("id"):
                _tell(clinic, now)
        append(by=machine("outbox"), action="verify", kind="trail", detail=_said(report, bad))


@every("home.escalate", minutes=5)
def call_out_late_tasks(job: Job, now: datetime) -> None:
    escalate_overdue(now)


@every(closings.TASK, minutes=30)
def ask_about_unclosed_days(job: Job, now: datetime) -> None:
    """In the morning of each clinic: who closes after midnight does it before anybody is asked."""
    for clinic in Clinic.objects.order_by("id"):
        here = now.astimezone(clinic.tzinfo)
        if here.time() >= MORNING:
            closings.ask_about_unclosed(clinic, here.date(), now)


@letters.given_up_letters_are_told_to
def ask_the_front_desk(letter: Letter, now: datetime) -> None:
    """What never arrived is somebody's to say another way: a task, once a day for each letter that is given up."""
    open_task(
        clinic=letter.clinic, kind=LETTER, cause=f"{letter.uid} {now:%Y-%m-%d}", role=Role.FRONT_DESK,
        due_at=now + timedelta(hours=24), patient=None if letter.is_to_who_treats else letter.patient, about=letter.uid,
        needs="messages.read",
        title=gettext_noop("A message was given up: mend the address and send it again, or call."),
        by=machine("outbox", letter.clinic))


@given_up_jobs_are_told_to
def ask_the_owner(job: Job, now: datetime) -> None:
    """What was due and could not be done is nobody's otherwise: a patient is not asked, a time is not offered."""
    open_task(
        clinic=job.clinic, kind=GIVEN_UP, cause=f"{job.uid} {now:%Y-%m-%d}", role=Role.OWNER, due_at=now + timedelta(hours=12),
        about=job.uid, needs="messages.read", by=machine("outbox", job.clinic),
        title=gettext_noop("Something that was due could not be done: look what it is, and have it tried again."))


@leads(GIVEN_UP)
def to_what_was_given_up(task: Task) -> str:
    return f"{reverse('outbox:letters', kwargs={'clinic': task.clinic.slug})}?of=dead"


def _tell(clinic: Clinic, now: datetime) -> None:
    open_task(
        clinic=clinic, kind="home.trail", cause=f"{now:%Y-%m-%d}", role=Role.OWNER, due_at=now + timedelta(hours=12),
        title=gettext_noop("The trail is not whole: have the operator run “waterneedle audit verify”."),
        needs="audit.read", by=machine("outbox", clinic))


def _said(report: Report, bad: int) -> dict[str, object]:
    return {"rows": report.rows, "chains": report.chains, "bad": bad, "seconds": report.seconds}
