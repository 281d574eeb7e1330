"""What the patient is asked for a course: before a visit by a form, and some weeks later with the check-in."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from waterneedle import knowledge
from waterneedle.clinic.audit.who import Person, Who
from waterneedle.clinic.courses.actions import ABOUT_SOMETHING, open_courses
from waterneedle.clinic.courses.counting import count_patient
from waterneedle.clinic.courses.forms import field_of
from waterneedle.clinic.courses.measuring import Measured, indication_of, instruments_of, measured
from waterneedle.clinic.courses.models import Agreed, Course
from waterneedle.clinic.intake.actions import record_answers
from waterneedle.clinic.patients.models import Patient

PREFIX = "course_"
SINCE_THE_BEGINNING = "global-impression"  # asks what a treatment has changed: nothing before there was one


def asked(course: Course) -> dict[str, Any]:
    """What a form of this course asks: its instruments, the words that each is about, and the course they count for."""
    known = measured(course)
    measures = [one for one in instruments_of(known.agreed, known.indication) if _is_due(known, one)]
    named = {one: known.agreed.named for one in measures if one in ABOUT_SOMETHING and known.agreed.named}
    return {"measures": measures, "named": named, "about": str(course.uid)}


def _is_due(known: Measured, instrument: str) -> bool:
    """Whether an instrument can tell anything now: what counts 28 days is not asked twice about the same days."""
    if instrument == SINCE_THE_BEGINNING:
        return bool(known.sessions)
    over_days = knowledge.instruments()[instrument].over_days
    asked = [one.at for series in known.series if series.instrument.id == instrument for one in series.scores]
    return not over_days or not asked or timezone.now() - asked[-1] >= datetime.timedelta(days=over_days)


def asked_of(patient: Patient) -> dict[str, Any] | None:
    """What a form for all open courses of a patient asks, each question once; None where there is none.

    A question about something named is asked in the words of the course that is judged by it, else of the first that has it.
    """
    courses = _open(patient)
    found = [asked(one) for one in courses]
    measures = list(dict.fromkeys(one for each in found for one in each["measures"]))
    if not measures:
        return None
    named = {one: words for each in reversed(found) for one, words in each["named"].items()}
    firsts = [indication_of(one).first for one in courses]
    named |= {first: each["named"][first] for first, each in zip(firsts, found, strict=True) if first in each["named"]}
    return {"measures": measures, "named": named, "about": found[0]["about"]}


@dataclass(frozen=True)
class Asked:
    """A question that stands in somebody else's form: its name there, and its field."""

    name: str
    field: forms.Field


def asked_later(patient: Patient) -> tuple[Asked, ...]:
    """The question that each open course is judged by, to be asked with a check-in after weeks: one tap each."""
    instruments, found = knowledge.instruments(), []
    for one, words in _firsts(patient).items():
        field = field_of(instruments[one].items[0])
        field.label = f"{words}: {field.label}" if words else field.label
        found.append(Asked(f"{PREFIX}{one}", field))
    return tuple(found)


def answer_later(
    *, patient: Patient, answers: Mapping[str, Any], by: Person | Who, said_by: str, about: object, at: datetime.datetime,
    language: str,
) -> None:
    """Take the answers to `asked_later` out of those of a form, and count the courses anew."""
    firsts = _firsts(patient)
    given = {one: answers.get(f"{PREFIX}{one}") for one in firsts}
    given = {one: value for one, value in given.items() if value not in (None, "")}
    for instrument, value in given.items():
        item = knowledge.instruments()[instrument].items[0]
        record_answers(
            patient=patient, instrument=instrument, answers={item.id: float(value)}, by=by, said_by=said_by, about=about,
            answered_at=at, language=language, named=firsts[instrument])
    if given:
        count_patient(patient)


def _firsts(patient: Patient) -> dict[str, str]:
    """The question of one item that each open course is judged by, with the words that it is about."""
    instruments, found = knowledge.instruments(), {}
    for one in _open(patient):
        first = indication_of(one).first
        if len(instruments[first].items) == 1:
            agreed = Agreed.objects.filter(clinic_id=one.clinic_id, course=one).order_by("number").last()
            found.setdefault(first, agreed.named if first in ABOUT_SOMETHING else "")
    return found


def _open(patient: Patient) -> list[Course]:
    return list(open_courses(patient).select_related("clinic", "patient").order_by("began_on", "pk"))
