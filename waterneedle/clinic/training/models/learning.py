"""What somebody did on a course: hours, reading, attempts, observed skills, and plans for patients that do not exist."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.audit.frozen import freeze
from waterneedle.clinic.database.rows import AddressedRow
from waterneedle.clinic.practitioners.models import Practitioner, Profession
from waterneedle.clinic.training.models.course import Course, Module, Skill


class Way(models.TextChoices):
    IN_PERSON = "in_person", _("in person")
    LIVE = "live", _("live, online")
    OWN_TIME = "own_time", _("in their own time")


class Result(models.TextChoices):
    SHOWN = "shown", _("shown")
    NOT_YET = "not_yet", _("not yet")


class Enrolment(AddressedRow):
    """One person on one course, and who teaches them. `licensed_as`: what they are, and inject as, once certified."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments", db_index=False)
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+", db_index=False)
    instructor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    licensed_as = models.CharField(_("profession"), max_length=24, choices=Profession.choices)
    more_attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_why = models.CharField(max_length=300, blank=True, editable=False)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(
                fields=["clinic", "course", "practitioner"], condition=Q(ended_at=None), name="training_enrolment_once"),
            CheckConstraint(condition=Q(licensed_as__in=Profession.values), name="training_enrolment_profession"),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner}, {self.course}"


class OfEnrolment(AddressedRow):
    """What every row of an enrolment has."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="%(class)ss", db_index=False)

    class Meta(AddressedRow.Meta):
        abstract = True
        indexes = [Index(fields=["clinic", "enrolment"], name="training_%(class)s_of")]


class Attendance(OfEnrolment):
    """Hours of a module that somebody was there for. What was entered wrongly is taken back with a reason."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="+", db_index=False)
    on = models.DateField(_("on"))
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1, validators=[MinValueValidator(0)])
    way = models.CharField(_("how"), max_length=10, choices=Way.choices)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    taken_back_at = models.DateTimeField(null=True, blank=True, editable=False)
    taken_back_why = models.CharField(max_length=300, blank=True, editable=False)

    class Meta(OfEnrolment.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(hours__gt=0, hours__lte=24), name="training_attendance_hours"),
            CheckConstraint(condition=Q(way__in=Way.values), name="training_attendance_way"),
        ]


class ReadFinding(OfEnrolment):
    """That somebody says they have read a finding of the required reading."""

    finding = models.CharField(max_length=80)
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta(OfEnrolment.Meta):
        indexes = []
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "enrolment", "finding"], name="training_read_once"),
        ]


class Attempt(OfEnrolment):
    """One sitting of a quiz or of the final exam (no module). The paper, with what is right, never leaves the server unmarked."""

    module = models.ForeignKey(Module, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    knowledge = models.CharField(max_length=80)  # version of the facts that the paper was made from
    pass_mark = models.PositiveSmallIntegerField()  # as it was when the paper was handed out
    paper = models.JSONField()
    answers = models.JSONField(default=list, blank=True)
    marks = models.PositiveSmallIntegerField(null=True)
    passed = models.BooleanField(null=True)
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta(OfEnrolment.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(
                fields=["clinic", "enrolment", "module", "number"], condition=~Q(module=None), name="training_quiz_number"),
            UniqueConstraint(fields=["clinic", "enrolment", "number"], condition=Q(module=None), name="training_exam_number"),
            CheckConstraint(
                condition=Q(submitted_at=None, marks=None, passed=None)
                | Q(submitted_at__isnull=False, marks__isnull=False, passed__isnull=False),
                name="training_attempt_marked",
            ),
        ]

    @property
    def percent(self) -> int | None:
        return None if self.marks is None else self.marks * 100 // len(self.paper)


class Observed(OfEnrolment):
    """That an instructor has seen a skill, or not yet: signed with a proof of who they are, and never changed."""

    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+", db_index=False)
    on = models.DateField(_("on"))
    place = models.CharField(_("place"), max_length=160)
    result = models.CharField(_("result"), max_length=10, choices=Result.choices)
    remarks = models.CharField(_("remarks"), max_length=500, blank=True)
    document = models.TextField()
    hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    signed_name = models.CharField(max_length=160)
    proof = models.CharField(max_length=10)

    class Meta(OfEnrolment.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(result__in=Result.values), name="training_observed_result"),
        ]


class SandboxPlan(OfEnrolment):
    """A plan for a patient that does not exist, and what the check said of it."""

    case = models.CharField(max_length=40)
    said = models.JSONField()  # what was typed
    verdict = models.CharField(max_length=10)
    raised = models.JSONField(default=list)  # rules that the check named
    solved = models.BooleanField()
    knowledge = models.CharField(max_length=80)
    made_at = models.DateTimeField(auto_now_add=True)


freeze(Attendance, free=("taken_back_at", "taken_back_why"))
freeze(ReadFinding)
freeze(Attempt, when="OLD.submitted_at IS NOT NULL")
freeze(Observed)
freeze(SandboxPlan)
