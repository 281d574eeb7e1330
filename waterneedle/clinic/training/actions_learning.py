"""What is written down of somebody's learning: by the instructor, and by who learns."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext

from waterneedle import knowledge
from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.contents import documents
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.intake.documents import canonical, digest
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.practitioners.queries import today_in
from waterneedle.clinic.training import sandbox
from waterneedle.clinic.training.instructing import must_be_able_to_instruct
from waterneedle.clinic.training.models import (
    Attendance,
    Course,
    Enrolment,
    HourClass,
    Module,
    Observed,
    ReadFinding,
    Result,
    SandboxPlan,
    Skill,
    Way,
)

SCHEMA = "waterneedle/observed-skill/1"
HOURS_OF_A_DAY = 24


class NotWritten(ValueError):
    """Why nothing was written, in words for the page."""


@transaction.atomic
def enrol(*, course: Course, practitioner: Practitioner, instructor: User, licensed_as: str, by: Person) -> Enrolment:
    """Put somebody on a course. Nobody teaches themself. Raises NotWritten."""
    if practitioner.user_id == instructor.pk:
        raise NotWritten(gettext("nobody is their own instructor"))
    if Enrolment.objects.filter(clinic=course.clinic, course=course, practitioner=practitioner, ended_at=None).exists():
        raise NotWritten(gettext("they are on this course already"))
    made = Enrolment.objects.create(
        clinic=course.clinic, course=course, practitioner=practitioner, instructor=instructor, licensed_as=licensed_as,
        made_by=by.user)
    audit.append(by=by, action="enrol", kind="enrolment", uid=made.uid, detail={"course": str(course.uid)})
    return made


@transaction.atomic
def end_enrolment(*, enrolment: Enrolment, why: str, by: Person) -> None:
    if Enrolment.objects.filter(pk=enrolment.pk, ended_at=None).update(ended_at=timezone.now(), ended_why=why):
        audit.append(by=by, action="end", kind="enrolment", uid=enrolment.uid, detail={"why": why})


@transaction.atomic
def attend(
    *, enrolment: Enrolment, module: Module, on: datetime.date, hours: Decimal, way: str, by: Person
) -> Attendance:
    """Enter hours that somebody was there for. Raises NotWritten for one's own hours, for a day to come or of more than 24 hours,
    and for hands-on hours that were not in person (so ARM 24.156.1416 of Montana has it; elsewhere it is what the word means)."""
    _open(enrolment)
    if enrolment.practitioner.user_id == by.user.pk:
        raise NotWritten(gettext("somebody else enters your hours"))
    if on > today_in(enrolment.clinic):
        raise NotWritten(gettext("that day is still to come"))
    if module.hour_class == HourClass.HANDS_ON and way != Way.IN_PERSON:
        raise NotWritten(gettext("hands-on hours are in person"))
    if _hours_on(enrolment, on) + hours > HOURS_OF_A_DAY:
        raise NotWritten(gettext("that would be more than 24 hours on one day"))
    made = Attendance.objects.create(
        clinic_id=enrolment.clinic_id, enrolment=enrolment, module=module, on=on, hours=hours, way=way, made_by=by.user)
    audit.append(by=by, action="attend", kind="enrolment", uid=enrolment.uid,
                 detail={"hours": str(hours), "module": str(module.uid)})
    return made


@transaction.atomic
def take_back(*, attendance: Attendance, why: str, by: Person) -> None:
    """Hours that were entered wrongly count no more; the row stays."""
    if Attendance.objects.filter(pk=attendance.pk, taken_back_at=None).update(taken_back_at=timezone.now(), taken_back_why=why):
        audit.append(by=by, action="take back", kind="enrolment", uid=attendance.enrolment.uid, detail={"why": why})


@transaction.atomic
def note_read(*, enrolment: Enrolment, finding: str, by: Person) -> None:
    """Say that one has read a finding. Once is enough."""
    _is_theirs(enrolment, by)
    if finding not in knowledge.evidence():
        raise NotWritten(gettext("this finding is not on file"))
    _row, made = ReadFinding.objects.get_or_create(clinic_id=enrolment.clinic_id, enrolment=enrolment, finding=finding)
    if made:
        audit.append(by=by, action="read", kind="enrolment", uid=enrolment.uid, detail={"finding": finding})


@transaction.atomic
def allow_attempt(*, enrolment: Enrolment, by: Person) -> None:
    """One more attempt at the final exam."""
    _open(enrolment)
    if enrolment.practitioner.user_id == by.user.pk:
        raise NotWritten(gettext("nobody allows it to themself"))
    enrolment.more_attempts += 1
    enrolment.save(update_fields=["more_attempts"])
    audit.append(by=by, action="allow attempt", kind="enrolment", uid=enrolment.uid)


@transaction.atomic
def observe(
    *, enrolment: Enrolment, skill: Skill, on: datetime.date, place: str, result: str, remarks: str, proof: str, by: Person
) -> Observed:
    """Sign that a skill was seen, or not yet. Only an instructor who may inject here today does so, and not for themself.

    Raises NotWritten, and MayNotInstruct.
    """
    _open(enrolment)
    must_be_able_to_instruct(by, enrolment.practitioner)
    if on > today_in(enrolment.clinic):
        raise NotWritten(gettext("that day is still to come"))
    now = timezone.now()
    text = canonical({
        "schema": SCHEMA, "enrolment": str(enrolment.uid), "of": enrolment.practitioner.user.name, "skill": skill.what,
        "on": on.isoformat(), "place": place, "result": result, "remarks": remarks, "signed_by": str(by.user.uid),
        "signed_name": by.user.name, "signed_at": now, "proved_by": proof})
    made = Observed.objects.create(
        clinic_id=enrolment.clinic_id, enrolment=enrolment, skill=skill, on=on, place=place, result=Result(result),
        remarks=remarks, document=text, hash=digest(text), signed_at=now, signed_by=by.user, signed_name=by.user.name,
        proof=proof)
    audit.append(by=by, action="observe", kind="skill", uid=made.uid, after=bytes.fromhex(made.hash),
                 detail={"enrolment": str(enrolment.uid), "result": result, "proof": proof})
    return made


@transaction.atomic
def try_case(*, enrolment: Enrolment, case: str, product: str, lines: str, by: Person) -> SandboxPlan:
    """Put a plan for a patient that does not exist before the check. Raises sandbox.NotATypedPlan, NotWritten."""
    _is_theirs(enrolment, by)
    said = {"product": product, "lines": lines}
    assessment = sandbox.assess(
        sandbox.CASES[case], said, jurisdiction=enrolment.course.jurisdiction, on=today_in(enrolment.clinic),
        language=get_language() or "en")
    made = SandboxPlan.objects.create(
        clinic_id=enrolment.clinic_id, enrolment=enrolment, case=case, said=said, verdict=assessment.verdict,
        raised=sorted({one.rule for one in assessment.issues}), solved=sandbox.is_solved(assessment),
        knowledge=knowledge.version()[:80])
    audit.append(by=by, action="try", kind="sandbox", uid=made.uid, detail={"case": case, "verdict": assessment.verdict})
    return made


def assessed(plan: SandboxPlan, language: str) -> sandbox.Assessment:
    """What the check says of a plan that was tried, on the day on which it was tried."""
    enrolment = plan.enrolment
    return sandbox.assess(
        sandbox.CASES[plan.case], plan.said, jurisdiction=enrolment.course.jurisdiction,
        on=today_in(enrolment.clinic, plan.made_at), language=language)


def _hours_on(enrolment: Enrolment, day: datetime.date) -> Decimal:
    rows = Attendance.objects.filter(clinic_id=enrolment.clinic_id, enrolment=enrolment, on=day, taken_back_at=None)
    return sum(rows.values_list("hours", flat=True), Decimal(0))


def _open(enrolment: Enrolment) -> None:
    if enrolment.ended_at is not None:
        raise NotWritten(gettext("this enrolment has ended"))


def _is_theirs(enrolment: Enrolment, by: Person) -> None:
    _open(enrolment)
    if enrolment.practitioner.user_id != by.user.pk:
        raise NotWritten(gettext("only who is enrolled does this"))


@documents(kind="skill", action="observe")
def observed_skills() -> Iterator[tuple[str, bytes]]:
    """(uid, hash) of every signed observation as its document is now."""
    for uid, text in Observed.objects.values_list("uid", "document").iterator(chunk_size=1000):
        yield str(uid), bytes.fromhex(digest(text))
