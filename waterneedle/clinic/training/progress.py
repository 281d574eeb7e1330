"""How far somebody is: everything a certificate needs, what is there, and what is missing."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import msgspec
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from waterneedle.clinic.training import sandbox, syllabus
from waterneedle.clinic.training.instructing import was_an_instructor
from waterneedle.clinic.training.models import (
    Attempt,
    Attendance,
    Enrolment,
    HourClass,
    Module,
    Observed,
    ReadFinding,
    Result,
    SandboxPlan,
    Skill,
)
from waterneedle.clinic.visits.models import Countersignature, Injection, Status, Strike, Technique


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is asked, in words, with what was done."""

    kind: str
    what: str
    done: float
    needed: float

    @property
    def met(self) -> bool:
        return self.done >= self.needed


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    steps: tuple[Step, ...]
    law: tuple[syllabus.Comparison, ...]  # what the law of the day asks beside the hours that were attended
    hours: dict[str, float]
    supervised: int

    @property
    def missing(self) -> list[str]:
        """What stands between this person and the certificate, in words."""
        short = [f"{one.word}: {one.had:g} / {one.needed:g}" for one in self.law if not one.met]
        return [f"{one.what}: {one.done:g} / {one.needed:g}" for one in self.steps if not one.met] + short

    @property
    def met(self) -> int:
        return sum(one.met for one in self.steps)


def of(enrolment: Enrolment, on: datetime.date) -> Progress:
    """All that the course asks, and the law of its place on that day, beside what was done."""
    mine = {"clinic_id": enrolment.clinic_id, "enrolment": enrolment}
    modules = list(Module.objects.filter(clinic_id=enrolment.clinic_id, course_id=enrolment.course_id).order_by("number"))
    attended: dict[int, float] = {}
    for module_id, hours in Attendance.objects.filter(**mine, taken_back_at=None).values_list("module_id", "hours"):
        attended[module_id] = attended.get(module_id, 0.0) + float(hours)
    by_class = dict.fromkeys(HourClass.values, 0.0)
    for module in modules:
        by_class[module.hour_class] += attended.get(module.pk, 0.0)
    supervised = supervised_injections(enrolment)
    steps = [
        *_of_modules(modules, attended, mine),
        Step(kind="exam", what=_("Final exam passed"), needed=1,
             done=Attempt.objects.filter(**mine, module=None, passed=True).exists()),
        *_of_skills(enrolment, mine),
        *_counted("supervised", _("Supervised injections, countersigned"), supervised, enrolment.course.supervised_injections),
        *_counted("sandbox", _("Cases charted in the sandbox"), _solved(mine),
                  min(enrolment.course.sandbox_cases, len(sandbox.CASES))),
    ]
    law = syllabus.asked(enrolment.course.jurisdiction, on)
    return Progress(
        steps=tuple(steps), hours=by_class, supervised=supervised,
        law=tuple(syllabus.compared(law, by_class)) + _law_on_injections(law, supervised) if law else ())


def supervised_injections(enrolment: Enrolment) -> int:
    """Injections that somebody gave as a student since they were enrolled, in visits that stand and that an instructor, certified
    on that day, has countersigned."""
    of_visit = {"clinic_id": OuterRef("clinic_id"), "visit_id": OuterRef("visit_id")}
    signed = Countersignature.objects.filter(
        clinic_id=enrolment.clinic_id, visit__practitioner_id=enrolment.practitioner_id, signed_at__gte=enrolment.made_at)
    taught = [one.visit_id for one in signed.exclude(signed_by=enrolment.practitioner.user_id).select_related("signed_by")
              if was_an_instructor(one.signed_by, enrolment.clinic, one.signed_at)]
    rows = Injection.objects.filter(
        ~Exists(Strike.objects.filter(**of_visit, struck_at__isnull=False)),
        clinic_id=enrolment.clinic_id, visit__in=taught,
        status=Status.GIVEN, technique=Technique.INJECTION, visit__signatures__signed_at__gte=enrolment.made_at,
        visit__signatures__supervisor__isnull=False)
    return rows.values("pk").distinct().count()


def _of_modules(modules: Sequence[Module], attended: dict[int, float], mine: dict[str, Any]) -> list[Step]:
    read = set(ReadFinding.objects.filter(**mine).values_list("finding", flat=True))
    passed = set(Attempt.objects.filter(**mine, passed=True, module__isnull=False).values_list("module_id", flat=True))
    steps = []
    for module in modules:
        named = {"title": module.title}
        if module.hours:
            steps.append(Step(kind="hours", what=_("%(title)s, hours attended") % named, done=attended.get(module.pk, 0.0),
                              needed=float(module.hours)))
        if module.reading:
            steps.append(Step(kind="reading", what=_("%(title)s, required reading") % named,
                              done=len(read.intersection(module.reading)), needed=len(set(module.reading))))
        if module.quiz_questions:
            steps.append(Step(kind="quiz", what=_("%(title)s, quiz passed") % named, done=module.pk in passed, needed=1))
    return steps


def _of_skills(enrolment: Enrolment, mine: dict[str, Any]) -> list[Step]:
    last: dict[int, str] = {}
    for skill_id, result in Observed.objects.filter(**mine).order_by("signed_at", "pk").values_list("skill_id", "result"):
        last[skill_id] = result
    skills = Skill.objects.filter(clinic_id=enrolment.clinic_id, course_id=enrolment.course_id).order_by("number")
    return [Step(kind="skill", what=_(one.what), done=last.get(one.pk) == Result.SHOWN, needed=1) for one in skills]


def _counted(kind: str, what: str, done: int, needed: int) -> list[Step]:
    return [Step(kind=kind, what=what, done=done, needed=needed)] if needed else []


def _solved(mine: dict[str, Any]) -> int:
    return SandboxPlan.objects.filter(**mine, solved=True).values("case").distinct().count()


def _law_on_injections(law: syllabus.Asked, supervised: int) -> tuple[syllabus.Comparison, ...]:
    if not law.supervised:
        return ()
    return (syllabus.Comparison(word=_("Supervised injections"), needed=law.supervised, had=supervised),)
