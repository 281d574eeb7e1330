"""A course of the demonstration: Tom Reed learns on it, and Alice Archer has just been certified on it anew."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal
from typing import Any

from django.db import transaction

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.practitioners.queries import practitioner_of, today_in
from waterneedle.clinic.training import actions_course, actions_learning, certifying, exam, sandbox
from waterneedle.clinic.training.models import Course, Enrolment, Module, Result
from waterneedle.config.demo.visits import clock_at

SEED = 2029
REFRESHED_DAYS_AGO, BEGAN_DAYS_AGO = 60, 30


@transaction.atomic  # one commit, not fifty
def make_course(workers: dict[str, Access], now: datetime.datetime) -> Course:
    """The course, with a graduate and somebody in the middle of it. Tom's visit comes after: it counts for him."""
    ines, alice, tom = workers["ines"], workers["alice"], workers["tom"]
    with clock_at(now - datetime.timedelta(days=REFRESHED_DAYS_AGO)):
        course = actions_course.make_course(
            title="Point injection therapy, Washington", jurisdiction="US-WA", on=today_in(ines.clinic), by=ines,
            exam_questions=20, supervised_injections=10, sandbox_cases=3, valid_months=24, renewal_hours=Decimal(12))
        # Who has injected for years gives no supervised injections any more.
        refresher = actions_course.make_course(
            title="Point injection therapy, refresher", jurisdiction="US-WA", on=today_in(ines.clinic), by=ines,
            exam_questions=20, sandbox_cases=2, valid_months=24, renewal_hours=Decimal(12))
        _graduate(refresher, alice, ines)
    with clock_at(now - datetime.timedelta(days=BEGAN_DAYS_AGO)):
        _begin(course, tom, ines)
    return course


def _graduate(course: Course, learner: Access, teacher: Access) -> None:
    enrolment = _enrol(course, learner, teacher)
    for module in course.modules.order_by("number"):
        _attend(enrolment, module, module.hours, teacher)
        _study(enrolment, module, learner, most=len(module.reading))
        _sit(enrolment, module, learner)
    _sit(enrolment, None, learner, wrong=7)
    _sit(enrolment, None, learner, wrong=2)
    for skill in course.skills.order_by("number"):
        _see(enrolment, skill, teacher)
    for case in ("cobalt", "shoulder"):
        product, lines = sandbox.CASES[case].passes
        actions_learning.try_case(enrolment=enrolment, case=case, product=product, lines=lines, by=learner)
    issued = certifying.certify(enrolment=enrolment, by=teacher)
    certifying.show(certificate=issued, name=True, course=True, file=False, by=learner)


def _begin(course: Course, learner: Access, teacher: Access) -> None:
    enrolment = _enrol(course, learner, teacher)
    first, second, _third = course.modules.order_by("number")
    _attend(enrolment, first, Decimal(14), teacher, "live")
    _attend(enrolment, second, Decimal(4), teacher)
    _study(enrolment, first, learner, most=3)
    _sit(enrolment, first, learner, wrong=1)
    _sit(enrolment, second, learner, wrong=4)
    for skill in course.skills.order_by("number")[:3]:
        _see(enrolment, skill, teacher)
    _see(enrolment, course.skills.get(number=4), teacher, Result.NOT_YET, "Chose 20 mm at GB21; to be shown again.")
    product, lines = sandbox.CASES["cobalt"].falls
    actions_learning.try_case(enrolment=enrolment, case="cobalt", product=product, lines=lines, by=learner)


def _enrol(course: Course, learner: Access, teacher: Access) -> Enrolment:
    return actions_learning.enrol(
        course=course, practitioner=_practitioner(learner), instructor=teacher.user, licensed_as="acupuncturist", by=teacher)


def _attend(enrolment: Enrolment, module: Module, hours: Decimal, teacher: Access, way: str = "in_person") -> None:
    actions_learning.attend(
        enrolment=enrolment, module=module, on=today_in(teacher.clinic), hours=hours, way=way, by=teacher)


def _study(enrolment: Enrolment, module: Module, learner: Access, most: int) -> None:
    for finding in module.reading[:most]:
        actions_learning.note_read(enrolment=enrolment, finding=finding, by=learner)


def _sit(enrolment: Enrolment, module: Module | None, learner: Access, wrong: int = 0) -> None:
    """Sit a quiz or the exam, with so many of its questions wrong."""
    paper = exam.begin(enrolment=enrolment, module=module, by=learner, seed=SEED + wrong)
    missed = set(random.Random(SEED).sample(range(len(paper.paper)), wrong))
    answers = {place: one["right"] for place, one in enumerate(paper.paper) if place not in missed}
    exam.submit(attempt=paper, answers=answers, by=learner)


def _see(enrolment: Enrolment, skill: Any, teacher: Access, result: str = Result.SHOWN, remarks: str = "") -> None:
    actions_learning.observe(
        enrolment=enrolment, skill=skill, on=today_in(teacher.clinic), place=teacher.clinic.name, result=result, remarks=remarks,
        proof="passkey", by=teacher)


def _practitioner(access: Access) -> Practitioner:
    found = practitioner_of(access.user, access.clinic)
    if found is None:
        raise LookupError(f"{access.user} has no papers")
    return found
