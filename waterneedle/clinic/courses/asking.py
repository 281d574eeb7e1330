"""What the patient is asked for a course: before a visit by a form, and some weeks later with the check-in."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from waterneedle import knowledge
from waterneedle.clinic.audit.who import Person, Who
from waterneedle.clinic.courses.actions import open_courses
from waterneedle.clinic.courses.counting import count_patient
from waterneedle.clinic.courses.forms import field_of
from waterneedle.clinic.courses.measuring import indication_of, instruments_of
from waterneedle.clinic.courses.models import Agreed, Course
from waterneedle.clinic.intake.actions import record_answers
from waterneedle.clinic.patients.models import Patient

PREFIX = "course_"


def asked(course: Course) -> dict[str, Any]:
    """What a form of this course asks: its instruments, the words that they are about, and the course they count for."""
    agreed = Agreed.objects.filter(clinic_id=course.clinic_id, course=course).order_by("number").last()
    return {"measures": instruments_of(agreed, indication_of(course)), "named": agreed.named, "about": str(course.uid)}


def asked_of(patient: Patient) -> dict[str, Any] | None:
    """What a form for all open courses of a patient asks, each question once; None where there is none."""
    found = [asked(one) for one in open_courses(patient).order_by("began_on", "pk")]
    if not found:
        return None
    measures = list(dict.fromkeys(one for each in found for one in each["measures"]))
    named = next((each["named"] for each in found if each["named"]), "")
    return {"measures": measures, "named": named, "about": found[0]["about"]}


@dataclass(frozen=True)
class Asked:
    """A question that stands in somebody else's form: its name there, and its field."""

    name: str
    field: forms.Field


def asked_later(patient: Patient) -> tuple[Asked, ...]:
    """The question that each open course is judged by, to be asked with a check-in after weeks: one tap each."""
    instruments = knowledge.instruments()
    return tuple(Asked(f"{PREFIX}{one}", field_of(instruments[one].items[0])) for one in _firsts(patient))


def answer_later(
    *, patient: Patient, answers: Mapping[str, Any], by: Person | Who, said_by: str, about: object, at: datetime.datetime,
    language: str,
) -> None:
    """Take the answers to `asked_later` out of those of a form, and count the courses anew."""
    given = {one: answers.get(f"{PREFIX}{one}") for one in _firsts(patient)}
    given = {one: value for one, value in given.items() if value not in (None, "")}
    for instrument, value in given.items():
        item = knowledge.instruments()[instrument].items[0]
        record_answers(
            patient=patient, instrument=instrument, answers={item.id: float(value)}, by=by, said_by=said_by, about=about,
            answered_at=at, language=language)
    if given:
        count_patient(patient)


def _firsts(patient: Patient) -> list[str]:
    known = knowledge.indications()
    firsts = [known[one.indication].first for one in open_courses(patient).order_by("began_on", "pk") if one.indication in known]
    return [one for one in dict.fromkeys(firsts) if len(knowledge.instruments()[one].items) == 1]
