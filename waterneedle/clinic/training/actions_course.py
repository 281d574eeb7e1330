"""Building a course: from what the law asks, then as the instructor wants it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.training import syllabus
from waterneedle.clinic.training.models import Course, Module, OwnQuestion, Skill


@transaction.atomic
def make_course(*, title: str, jurisdiction: str, on: datetime.date, by: Person, **fields: Any) -> Course:
    """A course laid out to meet the law of `jurisdiction` on that day. Raises ValueError where no law is on file."""
    law = syllabus.asked(jurisdiction, on)
    if law is None:
        raise ValueError(f"no law on file for {jurisdiction!r} on {on}")
    supervised = {"supervised_injections": int(law.supervised)} if law.supervised else {}
    course = Course.objects.create(
        clinic=by.clinic, title=title, jurisdiction=law.code, made_by=by.user, **(supervised | fields))
    for one in syllabus.modules_of(law):
        Module.objects.create(clinic=by.clinic, course=course, **one)
    for number, (kind, what) in enumerate(syllabus.SKILLS, start=1):
        Skill.objects.create(clinic=by.clinic, course=course, number=number, kind=kind, what=what)
    audit.append(by=by, action="create", kind="course", uid=course.uid, detail={"jurisdiction": law.code})
    return course


@transaction.atomic
def change_course(*, course: Course, fields: Mapping[str, Any], by: Person) -> None:
    """Change what the course asks. Attempts that were begun keep the pass mark they began with."""
    before = {name: str(getattr(course, name)) for name in fields}
    for name, value in fields.items():
        setattr(course, name, value)
    course.save(update_fields=list(fields))
    after = {name: str(value) for name, value in fields.items()}
    audit.append(by=by, action="change", kind="course", uid=course.uid, before=audit.digest(before), after=audit.digest(after),
                 detail={name: after[name] for name in after if after[name] != before[name]})


@transaction.atomic
def add_module(*, course: Course, fields: Mapping[str, Any], by: Person) -> Module:
    module = Module.objects.create(clinic=course.clinic, course=course, number=_next(course.modules), **fields)
    audit.append(by=by, action="create", kind="module", uid=module.uid, detail={"course": str(course.uid)})
    return module


@transaction.atomic
def change_module(*, module: Module, fields: Mapping[str, Any], by: Person) -> None:
    for name, value in fields.items():
        setattr(module, name, value)
    module.save(update_fields=list(fields))
    audit.append(by=by, action="change", kind="module", uid=module.uid,
                 after=audit.digest({name: str(value) for name, value in fields.items()}),
                 detail={"course": str(module.course.uid)})


@transaction.atomic
def add_skill(*, course: Course, kind: str, what: str, by: Person) -> Skill:
    skill = Skill.objects.create(clinic=course.clinic, course=course, number=_next(course.skills), kind=kind, what=what)
    audit.append(by=by, action="create", kind="skill", uid=skill.uid, detail={"course": str(course.uid)})
    return skill


@transaction.atomic
def add_question(
    *, course: Course, topic: str, text: str, right: str, wrong: Sequence[str], why: str, source: str, by: Person
) -> OwnQuestion:
    """A question of the course's own. Its source is named, as with those from the knowledge."""
    if not source.strip() or len(wrong) < 1 or right in wrong:
        raise ValueError("a question has a source, a right answer, and wrong ones that differ from it")
    made = OwnQuestion.objects.create(
        clinic=course.clinic, course=course, topic=topic, text=text, right=right, wrong=list(wrong), why=why, source=source,
        made_by=by.user)
    audit.append(by=by, action="create", kind="question", uid=made.uid, detail={"course": str(course.uid)})
    return made


@transaction.atomic
def retire_question(*, question: OwnQuestion, by: Person) -> None:
    """Ask it no more. Attempts that had it keep it."""
    if OwnQuestion.objects.filter(pk=question.pk, retired_at=None).update(retired_at=timezone.now()):
        audit.append(by=by, action="retire", kind="question", uid=question.uid)


def _next(rows: Any) -> int:
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1
