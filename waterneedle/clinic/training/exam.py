"""Quizzes and the final exam: a paper drawn by lot, answers that stay on the server, and marks that stay as they are."""

from __future__ import annotations

import datetime
import random
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext

from waterneedle import knowledge
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.practitioners.queries import today_in
from waterneedle.clinic.training import questions
from waterneedle.clinic.training.models import Attempt, Course, Enrolment, Module, OwnQuestion
from waterneedle.clinic.training.questions.item import Item


class NoAttempt(ValueError):
    """Why no paper is handed out now."""


def bank(course: Course, topics: Iterable[str], *, language: str, on: datetime.date) -> list[Item]:
    """Every question of these topics: from the knowledge, then the course's own."""
    topics = set(topics)
    made = questions.items(topics, language=language, jurisdiction=course.jurisdiction, on=on)
    own = OwnQuestion.objects.filter(clinic_id=course.clinic_id, course=course, topic__in=topics, retired_at=None).order_by("pk")
    return made + [
        Item(id=f"own:{one.uid}", topic=one.topic, text=one.text, right=one.right, wrong=tuple(one.wrong), why=one.why,
             sources=(one.source,)) for one in own]


def draw(items: list[Item], number: int, seed: int) -> list[dict[str, Any]]:
    """A paper of at most `number` questions, drawn and shuffled by `seed`; topics come up as evenly as their questions allow."""
    chance = random.Random(seed)
    by_topic: dict[str, list[Item]] = {}
    for one in items:
        by_topic.setdefault(one.topic, []).append(one)
    for of_topic in by_topic.values():
        chance.shuffle(of_topic)
    chosen: list[Item] = []
    while len(chosen) < number and any(by_topic.values()):
        for topic in sorted(by_topic):
            if by_topic[topic] and len(chosen) < number:
                chosen.append(by_topic[topic].pop())
    chance.shuffle(chosen)
    return [_asked(one, chance) for one in chosen]


def _asked(item: Item, chance: random.Random) -> dict[str, Any]:
    answers = [item.right, *item.wrong]
    chance.shuffle(answers)
    return {"id": item.id, "topic": item.topic, "text": item.text, "answers": answers, "right": answers.index(item.right),
            "why": item.why, "sources": list(item.sources)}


def open_attempt(enrolment: Enrolment, module: Module | None) -> Attempt | None:
    """The paper that lies on the table."""
    return Attempt.objects.filter(
        clinic_id=enrolment.clinic_id, enrolment=enrolment, module=module, submitted_at=None).first()


def attempts_left(enrolment: Enrolment) -> int:
    done = Attempt.objects.filter(clinic_id=enrolment.clinic_id, enrolment=enrolment, module=None).count()
    return max(enrolment.course.exam_attempts + enrolment.more_attempts - done, 0)


def quizzes_open(enrolment: Enrolment) -> list[Module]:
    """The modules whose quiz is still to be passed: the final exam comes after them."""
    passed = Attempt.objects.filter(clinic_id=enrolment.clinic_id, enrolment=enrolment, passed=True, module__isnull=False)
    done = set(passed.values_list("module_id", flat=True))
    asked = Module.objects.filter(clinic_id=enrolment.clinic_id, course_id=enrolment.course_id, quiz_questions__gt=0)
    return [one for one in asked.order_by("number") if one.pk not in done]


@transaction.atomic
def begin(*, enrolment: Enrolment, module: Module | None, by: Person, seed: int | None = None) -> Attempt:
    """Hand out a paper: of the module's quiz, or of the final exam. One that lies there already is the one. Raises NoAttempt."""
    enrolment = Enrolment.objects.select_for_update(of=("self",)).select_related("course", "clinic", "practitioner").get(
        pk=enrolment.pk)
    if enrolment.practitioner.user_id != by.user.pk or enrolment.ended_at:
        raise NoAttempt(gettext("only who is enrolled takes the exam"))
    if (found := open_attempt(enrolment, module)) is not None:
        return found
    course = enrolment.course
    if module is None:
        if quizzes_open(enrolment):
            raise NoAttempt(gettext("the quizzes come first"))
        if not attempts_left(enrolment):
            raise NoAttempt(gettext("no attempt is left; the instructor can allow another one"))
        topics: Iterable[str] = questions.TOPICS
    else:
        topics = module.quiz_topics
    seed = secrets.randbits(62) if seed is None else seed
    items = bank(course, topics, language=get_language() or "en", on=today_in(enrolment.clinic))
    paper = draw(items, course.exam_questions if module is None else module.quiz_questions, seed)
    if not paper:
        raise NoAttempt(gettext("there are no questions on these topics"))
    before = Attempt.objects.filter(clinic_id=enrolment.clinic_id, enrolment=enrolment, module=module).count()
    made = Attempt.objects.create(
        clinic_id=enrolment.clinic_id, enrolment=enrolment, module=module, number=before + 1, seed=seed, paper=paper,
        pass_mark=course.pass_mark, knowledge=knowledge.version()[:80], started_at=timezone.now())
    audit.append(by=by, action="begin", kind="attempt", uid=made.uid, detail={"exam": module is None, "number": made.number})
    return made


@transaction.atomic
def submit(*, attempt: Attempt, answers: Mapping[int, int], by: Person) -> Attempt:
    """Mark the paper. What was not answered is wrong. A paper that was handed in stays as it is. Raises NoAttempt."""
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("enrolment__practitioner").get(pk=attempt.pk)
    if attempt.enrolment.practitioner.user_id != by.user.pk or attempt.enrolment.ended_at:
        raise NoAttempt(gettext("only who is enrolled takes the exam"))
    if attempt.submitted_at is not None:
        raise NoAttempt(gettext("this paper was handed in"))
    given = [answers.get(place) for place in range(len(attempt.paper))]
    attempt.answers = given
    attempt.marks = sum(one["right"] == said for one, said in zip(attempt.paper, given, strict=True))
    attempt.passed = attempt.marks * 100 >= attempt.pass_mark * len(attempt.paper)
    attempt.submitted_at = timezone.now()
    attempt.save(update_fields=["answers", "marks", "passed", "submitted_at"])
    audit.append(by=by, action="hand in", kind="attempt", uid=attempt.uid,
                 detail={"marks": attempt.marks, "of": len(attempt.paper), "passed": attempt.passed})
    return attempt
