"""Writes of the room: a course is begun, agreed anew, ended; what is measured here is entered; each is counted anew."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from waterneedle import knowledge
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.courses import counting
from waterneedle.clinic.courses.models import Agreed, Course, Ended, Reason
from waterneedle.clinic.intake.actions import record_answers
from waterneedle.clinic.intake.models import Answers
from waterneedle.clinic.patients.models import Patient, Speaker
from waterneedle.clinic.patients.queries import records_of, today_in


class NotBegun(ValueError):
    """There is an open course for this indication already. Nothing was written."""


class Over(ValueError):
    """The course has ended. Nothing was written."""


class Corrected(ValueError):
    """Somebody corrected it already. Nothing was written."""


class Unchanged(ValueError):
    """A change without a reason. Nothing was written."""


@transaction.atomic
def begin(
    *, patient: Patient, indication: str, by: Person, goal: str, planned: int, review_after: int, named: str = "",
    measures: list[str] | None = None, began_on: datetime.date | None = None,
) -> Course:
    """Begin a course. Raises KeyError for an indication that is not on file, NotBegun where one is open for it."""
    known = knowledge.indications()[indication]
    Patient.objects.select_for_update().only("pk").get(pk=patient.pk)
    if open_courses(patient).filter(indication=indication).exists():
        raise NotBegun(f"a course for {indication} is open")
    now = timezone.now()
    course = Course.objects.create(
        clinic_id=patient.clinic_id, patient=patient, indication=indication, began_on=began_on or today_in(patient.clinic),
        made_at=now, made_by=by.user)
    _agree(course, 1, by, goal=goal, named=named, planned=planned, review_after=review_after,
           measures=list(measures or known.measures))
    _wrote(by, "begin", course)
    counting.count(course)
    return course


@transaction.atomic
def agree(*, course: Course, why: str, by: Person, **fields: Any) -> Agreed:
    """Agree anew on goal, measures and numbers; what was agreed before stays. Raises Over, and Unchanged without a reason."""
    if not why.strip():
        raise Unchanged("say why it is changed")
    row = _open(course)
    last = Agreed.objects.filter(clinic_id=row.clinic_id, course=row).order_by("number").last()
    made = _agree(row, last.number + 1, by, why=why.strip(), **fields)
    _wrote(by, "amend", row, number=made.number)
    counting.count(row)
    return made


@transaction.atomic
def end(*, course: Course, reason: str, by: Person, note: str = "", ended_on: datetime.date | None = None) -> Ended:
    """Say that a course is over. Raises Over where it is already."""
    row = _open(course)
    made = Ended.objects.create(
        clinic_id=row.clinic_id, course=row, reason=Reason(reason), note=note.strip(), made_at=timezone.now(), made_by=by.user,
        ended_on=ended_on or today_in(row.clinic))
    _wrote(by, "end", row, reason=reason)
    counting.count_patient(row.patient)  # after one by mistake another course is the first
    return made


@transaction.atomic
def measure(
    *, course: Course, instrument: str, answers: Mapping[str, float], by: Person, said_by: str = Speaker.OBSERVED,
    answered_at: datetime.datetime | None = None,
) -> Answers:
    """Enter what somebody measured, or was told, here. Raises ValueError for answers that cannot be."""
    agreed = Agreed.objects.filter(clinic_id=course.clinic_id, course=course).order_by("number").last()
    made = record_answers(
        patient=course.patient, instrument=instrument, answers=answers, by=by, said_by=said_by, about=course.uid,
        named=agreed.named if instrument in ABOUT_SOMETHING else "", answered_at=answered_at)
    counting.count(course)
    return made


@transaction.atomic
def correct(*, course: Course, row: Answers, answers: Mapping[str, float], by: Person) -> Answers:
    """Enter what was really said in the place of `row`, which stays; no `answers`: it was not said at all. Raises Corrected where
    somebody was first, and ValueError for answers that cannot be."""
    row = Answers.objects.select_for_update().get(pk=row.pk)
    if row.replaced_by.exists():
        raise Corrected("these answers were corrected already")
    made = record_answers(
        patient=course.patient, instrument=row.instrument, answers=answers, by=by, said_by=row.said_by, about=row.about,
        named=row.named, answered_at=row.answered_at, language=row.language, form=row.form, replaces=row)
    counting.count_patient(course.patient)
    return made


def open_courses(patient: Patient) -> Any:
    """The courses of a patient that have not ended."""
    rows = Course.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records_of(patient))
    return rows.exclude(ends__isnull=False)


ABOUT_SOMETHING = frozenset({"function-0-10", "own-problem-0-10"})  # asked in the words that the patient chose


def _open(course: Course) -> Course:
    row = Course.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=course.pk)
    row.patient = course.patient  # the kept record, where this one was joined into another
    if Ended.objects.filter(clinic_id=row.clinic_id, course=row).exists():
        raise Over("this course has ended")
    return row


def _agree(course: Course, number: int, by: Person, **fields: Any) -> Agreed:
    return Agreed.objects.create(
        clinic_id=course.clinic_id, course=course, number=number, made_at=timezone.now(), made_by=by.user, **fields)


def _wrote(by: Person, action: str, course: Course, **detail: Any) -> None:
    audit.append(by=by, action=action, kind="course", uid=course.uid, patient=course.patient.uid,
                 detail={"indication": course.indication} | detail)
