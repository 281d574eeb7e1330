"""What came after the visits of the demonstration: answers, one that nobody gave, one that is urgent now, reports and a recall.

Everything is written by the actions of the clinic itself; only the clock is set to the day of the story.
"""

from __future__ import annotations

import datetime
import random
from typing import Any

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.followup import actions, actions_events, actions_recall, alarms, jobs
from waterneedle.clinic.followup.models import CheckIn, CheckInKind
from waterneedle.clinic.followup.queries_events import GIVEN
from waterneedle.clinic.outbox.models import Job, Outcome
from waterneedle.clinic.tasks.actions import finish
from waterneedle.clinic.tasks.models import State, Task
from waterneedle.clinic.visits.models import Injection
from waterneedle.config.demo.visits import clock_at

ON_CALL = {
    "is_on": True, "on_call_name": "Ines Calder", "on_call_email": "ines@harbor.example",
    "second_email": "pager@harbor.example", "on_call_phone": "+1 206 555 0140", "emergency_number": "911",
    "night_number": "+1 206 555 0199", "weeks": [4],
}
# What is said, and how often of ten: invented, as ordinary as answers are.
SAID = (
    ("", 5), ("a bit sore, nothing more", 2), ("small bruise, it does not hurt", 2), ("the spot itches a little", 1),
)
STILL_OPEN = datetime.timedelta(days=2)
INFECTED = "red and warm around the spot, about 4 cm, and a little pus this morning"
URGENT = "the redness is spreading since yesterday and I have a fever of 38.9"


def make_afterwards(treating: Access, owner: Access, now: datetime.datetime, chance: random.Random) -> None:
    """Check-ins of all signed visits until now, most of them answered."""
    with clock_at(now - datetime.timedelta(days=60)):
        actions.arrange(by=owner, **ON_CALL)
    _plan()
    due = list(Job.objects.filter(kind="followup.ask", ended_at=None, due_at__lt=now).order_by("due_at", "pk"))
    answered = [one for job in due if (one := _asked(job)) is not None]
    *most, infected, silent, urgent = [one for one in answered if one.kind == CheckInKind.NEXT_DAY and one.asked_at]
    for checkin in [one for one in answered if one not in (infected, silent, urgent) and one.asked_at]:
        said = chance.choices([one for one, _often in SAID], [often for _one, often in SAID])[0]
        _answer(checkin, chance, hours=chance.uniform(0.2, 8), said=said, before=now)
    _answer(infected, chance, hours=3, said=INFECTED, pain=6, bruise="coin", before=now)
    _seen(infected, treating)
    _silence(silent, now)
    _answer(urgent, chance, said=URGENT, pain=7, bruise="palm", at=now - datetime.timedelta(minutes=9), before=now)
    _called(treating, now)
    _report(most[0], infected, treating, now)
    _recall(owner, now)


def _plan() -> None:
    """Do the due jobs of the signatures, each at its own time."""
    for job in Job.objects.filter(kind="visits.signed", ended_at=None).select_related("clinic").order_by("due_at", "pk"):
        with clock_at(job.due_at):
            jobs.plan(job, job.due_at)
        _done(job, job.due_at)


def _asked(job: Job) -> CheckIn | None:
    with clock_at(job.due_at):
        jobs.ask(job, job.due_at)
    _done(job, job.due_at)
    return CheckIn.objects.filter(visit__uid=job.says["visit"], kind=job.says["kind"], week=job.says["week"]).first()


def _answer(
    checkin: CheckIn, chance: random.Random, *, said: str, before: datetime.datetime, hours: float = 1,
    at: datetime.datetime | None = None, **more: Any,
) -> None:
    moment = at or min(checkin.asked_at + datetime.timedelta(hours=hours), before - datetime.timedelta(minutes=30))
    answers = {
        "pain": chance.choice((0, 0, 1, 1, 2, 2, 3)), "bruise": "coin" if "bruise" in said else "none", "felt": [], "said": said}
    with clock_at(moment):
        actions.answer(checkin=checkin, answers=answers | more, said_by="patient", now=moment)


def _seen(checkin: CheckIn, treating: Access) -> None:
    alarm = checkin.given.get().alarms.get()
    moment = alarm.raised_at + datetime.timedelta(minutes=4)
    with clock_at(moment):
        alarms.acknowledge(alarm=alarm, now=moment, by=treating)


def _silence(checkin: CheckIn, now: datetime.datetime) -> None:
    job = Job.objects.get(kind=actions.SILENT, key=str(checkin.uid))
    at = min(job.due_at, now - datetime.timedelta(hours=1))
    with clock_at(at):
        actions.notice_silence(checkin=checkin, now=at)
    _done(job, at)


def _called(treating: Access, now: datetime.datetime) -> None:
    """Who had a question some days ago was called: what is still to be done is of the last days."""
    old = Task.objects.filter(clinic=treating.clinic, kind=actions.ANSWERED, due_at__lt=now - STILL_OPEN)
    for task in old.exclude(state=State.DONE).order_by("due_at", "pk"):
        with clock_at(task.due_at - datetime.timedelta(hours=3)):
            finish(task=task, by=treating, note="Called: it is going away.")


def _report(bruised: CheckIn, infected: CheckIn, treating: Access, now: datetime.datetime) -> None:
    """A bruise that was reported and is over, and an infection that is followed."""
    common = {"seriousness": [], "actions": ""}
    with clock_at(now - datetime.timedelta(hours=20)):
        bruise = actions_events.report(
            patient=bruised.patient, visit=bruised.visit, answer=bruised.given.first(), by=treating, kind="bruise",
            said="bruise of 5 cm at the site, not painful", injection=_first(bruised), severity="mild", outcome="recovering",
            causality="probable", **common)
    with clock_at(now - datetime.timedelta(hours=2)):
        actions_events.amend(
            event=bruise, why="seen again", by=treating, kind="bruise", said="bruise of 5 cm at the site, faded",
            injection=_first(bruised), severity="mild", outcome="recovered", causality="probable", **common)
        actions_events.report(
            patient=infected.patient, visit=infected.visit, answer=infected.given.first(), by=treating, kind="site_infection",
            said=INFECTED, injection=_first(infected), severity="moderate", outcome="not_recovered", causality="possible",
            seriousness=[], actions="sent to urgent care; culture asked for")


def _recall(owner: Access, now: datetime.datetime) -> None:
    """The first vial stood out of the refrigerator: who was given it has a notice, drafted and not sent yet."""
    vial = Injection.objects.filter(clinic=owner.clinic, status__in=GIVEN).order_by("pk").first().syringe.fills.first().vial
    with clock_at(now - datetime.timedelta(hours=1)):
        actions_recall.open_recall(
            kind="vial", asked={"vial": vial.uid}, said=f"vial · {vial.code} · {vial.lot.item.name} · {vial.lot.number}",
            why="stood out of the refrigerator over a weekend; the maker is asked", by=owner, quarantine=False)


def _first(checkin: CheckIn) -> Injection:
    return Injection.objects.filter(clinic=checkin.clinic, visit=checkin.visit, status__in=GIVEN).order_by("seq").first()


def _done(job: Job, at: datetime.datetime) -> None:
    Job.objects.filter(pk=job.pk).update(ended_at=at, outcome=Outcome.DONE)
