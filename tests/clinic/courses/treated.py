"""A course with scores and signed sessions, at moments of a story."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from clinic.followup.following import signed_visit
from clinic.patients.people import make_patient
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.courses import actions, counting
from waterneedle.clinic.courses.models import Counted, Course
from waterneedle.clinic.patients.models import Patient
from waterneedle.config.demo.visits import clock_at

AGREED = {"goal": "walk to the shop", "planned": 6, "review_after": 3}


def begun(by: Access, patient: Patient, indication: str = "musculoskeletal-pain", **more: Any) -> Course:
    return actions.begin(patient=patient, indication=indication, by=by, **AGREED | more)


def scored(by: Access, course: Course, value: float, at: datetime.datetime) -> None:
    actions.measure(
        course=course, instrument="pain-average-0-10", answers={"pain": value}, by=by, said_by="patient", answered_at=at)


def treated(by: Access, patient: Patient, scores: Sequence[float | None], **more: Any) -> Course:
    """A course with one session after each score but the last: `scores` are those before the sessions, a week apart."""
    now = timezone.now()
    begin = now - datetime.timedelta(weeks=len(scores))
    with clock_at(begin):
        course = begun(by, patient, **more)
    for week, score in enumerate(scores):
        moment = begin + datetime.timedelta(weeks=week)
        with clock_at(moment):
            if score is not None:
                scored(by, course, score, moment)
            if week < len(scores) - 1:
                signed_visit(by, patient)
    return course


def others(by: Access, course: Course, *counts: tuple[str, int | None, int, int]) -> None:
    """What earlier courses of others have left: band, session of relief or None, sessions followed, how many people."""
    clinic, somebody = by.clinic, make_patient(by, "Somebody Else")
    counting.forget(clinic.pk)
    for band, relief, sessions, people in counts:
        for _one in range(people):
            other = Course.objects.create(
                clinic=clinic, patient=somebody, indication=course.indication, began_on=course.began_on,
                made_at=course.made_at, made_by=course.made_by)
            Counted.objects.create(
                clinic=clinic, course=other, indication=course.indication, band=band, sessions=sessions, relief_session=relief,
                first_score=6 + _one % 3, last_score=3)
