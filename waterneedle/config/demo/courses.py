"""Courses of treatment of the demonstration: scores before the sessions and after the last one. Invented, drawn from a seed.

How far pain moves is that of a trial on file: twelve injections over eight weeks left 37.0 of 100 where no treatment left 53.0,
and saline 41.8 (Pach et al. 2011, `pach-2011-disci-rhus` in the knowledge). Each score has the error that was measured for it
(Childs et al. 2005, `childs-2005-nrs`), which alone lets some of them look like a change that matters.
"""

from __future__ import annotations

import datetime
import random

from waterneedle import knowledge
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.courses import actions, counting
from waterneedle.clinic.courses.models import Reason
from waterneedle.clinic.intake.actions import record_answers
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.visits.models import Signature
from waterneedle.config.demo.visits import clock_at

INDICATION = "musculoskeletal-pain"
EACH_SESSION = (53.0 - 37.0) / 10 / 12  # points of 10, of one session of that trial
SPREAD = 0.35  # of people around it; our own choice, the abstract gives none
APART = datetime.timedelta(days=50)  # from the last session of one course to the first of the next
A_TASK_EASIER = 2.0  # points of 10, after which this story calls its goal reached
AFTER = datetime.timedelta(days=5)
GOALS = {
    "neck pain": "look over the shoulder when I drive", "shoulder pain": "lift my grandson", "knee pain": "climb the stairs",
    "low back pain": "stand through a shift", "hip pain": "walk to the harbor and back", "headache": "read for an hour",
    "tennis elbow": "carry the shopping",
}


def make_courses(treating: Access, now: datetime.datetime, chance: random.Random) -> None:
    """A course for everybody who was treated for a pain, with a score before each session, and one after the last if it is some
    days ago. Who came again much later began another one, and what is long ago is over."""
    rows = Signature.objects.filter(clinic=treating.clinic, visit__indication__in=GOALS).select_related("visit__patient__clinic")
    sessions: dict[int, list[list[Signature]]] = {}
    for one in rows.order_by("signed_at", "pk"):
        of_patient = sessions.setdefault(one.visit.patient_id, [])
        if not of_patient or one.signed_at - of_patient[-1][-1].signed_at > APART:
            of_patient.append([])
        of_patient[-1].append(one)
    for signed in (course for of_patient in sessions.values() for course in of_patient):
        _course(signed, treating, now, chance)


def _course(signed: list[Signature], treating: Access, now: datetime.datetime, chance: random.Random) -> None:
    patient, first = signed[0].visit.patient, signed[0]
    complaint = first.visit.indication
    before = datetime.timedelta(minutes=25)
    with clock_at(first.signed_at - before):
        course = actions.begin(
            patient=patient, indication=INDICATION, by=treating, goal=GOALS[complaint], named=GOALS[complaint],
            planned=6, review_after=2 if len(signed) > 1 else 3)
    pain, slope = float(chance.randint(4, 8)), chance.gauss(EACH_SESSION, SPREAD)
    moments = [one.signed_at - before + datetime.timedelta(minutes=5) for one in signed]
    if now - signed[-1].signed_at > AFTER:
        moments.append(signed[-1].signed_at + AFTER)
    for session, at in enumerate(moments):
        _answer(patient, pain - session * slope, at, treating, chance)
    counting.count(course)
    if (over := signed[-1].signed_at + APART) < now:
        reason = Reason.REACHED if slope * len(signed) >= A_TASK_EASIER else chance.choice((Reason.NO_CHANGE, Reason.LEFT))
        with clock_at(over):
            actions.end(course=course, reason=reason, by=treating)


def _answer(patient: Patient, pain: float, at: datetime.datetime, treating: Access, chance: random.Random) -> None:
    error = chance.gauss(0, knowledge.indications()[INDICATION].error.points)
    score = min(10, max(0, round(pain + error)))
    with clock_at(at):
        record_answers(
            patient=patient, instrument="pain-average-0-10", answers={"pain": score}, by=treating, said_by="patient",
            answered_at=at)
