"""A course, who teaches and who learns on it, and everything that a certificate asks, in one line each."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from clinic.patients.people import at_work
from clinic.people import make_person
from clinic.practitioners.papers import make_practitioner
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.practitioners import actions as practitioners
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.practitioners.queries import practitioner_of, today_in
from waterneedle.clinic.training import actions_course, actions_learning, certifying, exam, sandbox
from waterneedle.clinic.training.models import Course, Enrolment, IssuedCertificate, Module


def make_owner(clinic: Clinic) -> Access:
    return at_work(make_person(clinic, "Olga Owner", Role.OWNER), clinic)


def make_teacher(clinic: Clinic, owner: Access, name: str = "Ines Instructor", **papers: Any) -> Access:
    """An instructor whose own papers are in order."""
    user = make_person(clinic, name, Role.PRACTITIONER, Role.INSTRUCTOR)
    make_practitioner(user, owner, **papers)
    return at_work(user, clinic)


def make_trainee(clinic: Clinic, owner: Access, teacher: Access | None, name: str = "Tom Trainee") -> Access:
    """A student with a licence of the place, for whom the teacher answers."""
    user = make_person(clinic, name, Role.PRACTITIONER)
    made = practitioners.add_practitioner(
        user=user, profession="student", by=owner, supervised_by=teacher and practitioner_of(teacher.user, clinic))
    far = today_in(clinic) + datetime.timedelta(days=1500)
    practitioners.add_paper(practitioner=made, kind="licence", by=owner, fields={
        "jurisdiction": clinic.jurisdiction, "number": "AC9", "expires": far, "seen": "register"})
    return at_work(user, clinic)


def make_course(by: Access, **fields: Any) -> Course:
    fields = {"title": "Point injection therapy", "valid_months": 24, "exam_questions": 10, "sandbox_cases": 1,
              "supervised_injections": 0} | fields
    place = fields.pop("jurisdiction", "US-WA")
    return actions_course.make_course(jurisdiction=place, on=today_in(by.clinic), by=by, **fields)


def put_on(course: Course, trainee: Access, teacher: Access, by: Access | None = None) -> Enrolment:
    return actions_learning.enrol(
        course=course, practitioner=practitioner_of(trainee.user, trainee.clinic), instructor=teacher.user,
        licensed_as="acupuncturist", by=by or teacher)


def take(enrolment: Enrolment, by: Access, module: Module | None = None, wrong: int = 0) -> Any:
    """Sit a quiz or the exam with so many wrong answers."""
    paper = exam.begin(enrolment=enrolment, module=module, by=by)
    answers = {place: one["right"] if place >= wrong else (one["right"] + 1) % len(one["answers"])
               for place, one in enumerate(paper.paper)}
    return exam.submit(attempt=paper, answers=answers, by=by)


def do_all(enrolment: Enrolment, trainee: Access, teacher: Access, without: str = "") -> Enrolment:
    """Everything that the course asks, but for `without`: hours, reading, quiz, exam, skill, sandbox."""
    modules = list(enrolment.course.modules.order_by("number"))
    day = today_in(trainee.clinic)
    for module in modules:
        if module.hours and without != "hours":
            actions_learning.attend(
                enrolment=enrolment, module=module, on=day, hours=Decimal(module.hours), way="in_person", by=teacher)
        for finding in module.reading if without != "reading" else ():
            actions_learning.note_read(enrolment=enrolment, finding=finding, by=trainee)
        if module.quiz_questions and without not in ("quiz", "exam and quiz"):
            take(enrolment, trainee, module)
    if without not in ("exam", "quiz", "exam and quiz"):
        take(enrolment, trainee)
    for skill in enrolment.course.skills.order_by("number") if without != "skill" else ():
        see(enrolment, skill, teacher)
    if without != "sandbox":
        product, lines = sandbox.CASES["cobalt"].passes
        actions_learning.try_case(enrolment=enrolment, case="cobalt", product=product, lines=lines, by=trainee)
    return enrolment


def see(enrolment: Enrolment, skill: Any, by: Access, **more: Any) -> Any:
    fields = {"on": today_in(by.clinic), "place": "Harbor", "result": "shown", "remarks": "", "proof": "password"} | more
    return actions_learning.observe(enrolment=enrolment, skill=skill, by=by, **fields)


def certified(clinic: Clinic, owner: Access | None = None, **course: Any) -> tuple[IssuedCertificate, Access, Access]:
    """A certificate that was just issued, with its holder and who issued it."""
    owner = owner or make_owner(clinic)
    teacher = make_teacher(clinic, owner)
    trainee = make_trainee(clinic, owner, teacher)
    enrolment = put_on(make_course(teacher, **course), trainee, teacher)
    do_all(enrolment, trainee, teacher)
    return certifying.certify(enrolment=enrolment, by=teacher), trainee, teacher


def practitioner(access: Access) -> Practitioner:
    found = practitioner_of(access.user, access.clinic)
    assert found is not None
    return found
