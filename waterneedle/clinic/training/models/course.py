"""A course: what it asks of who takes it, its modules, its checklist of skills, and questions of its own."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.database.rows import AddressedRow
from waterneedle.clinic.training.topics import said


class HourClass(models.TextChoices):
    DIDACTIC = "didactic", _("didactic")
    HANDS_ON = "hands_on", _("hands-on")
    EMERGENCY = "emergency", _("emergency training")


class SkillKind(models.TextChoices):
    POINTS = "points", _("point location")
    ASEPSIS = "asepsis", _("asepsis")
    VIALS = "vials", _("vial handling")
    DEPTH = "depth", _("depth at danger points")
    EMERGENCY = "emergency", _("emergency")
    CHARTING = "charting", _("charting")
    CONSENT = "consent", _("consent")
    OTHER = "other", _("other")


class Course(AddressedRow):
    """One course, made for the law of one jurisdiction. What it asks may grow while people take it; what they did stays."""

    title = models.CharField(_("title"), max_length=160)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=6)
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark (%)"), default=80, validators=[MinValueValidator(50), MaxValueValidator(100)])
    exam_questions = models.PositiveSmallIntegerField(
        _("questions of the final exam"), default=30, validators=[MinValueValidator(5), MaxValueValidator(100)])
    exam_attempts = models.PositiveSmallIntegerField(
        _("attempts at the final exam"), default=3, validators=[MinValueValidator(1), MaxValueValidator(10)])
    supervised_injections = models.PositiveSmallIntegerField(_("supervised injections"), default=0)
    sandbox_cases = models.PositiveSmallIntegerField(_("cases to chart in the sandbox"), default=3)
    valid_months = models.PositiveSmallIntegerField(
        _("months that the certificate is good for"), null=True, blank=True, validators=[MinValueValidator(1)])
    renewal_hours = models.DecimalField(
        _("continuing hours for a renewal"), max_digits=5, decimal_places=1, default=0, validators=[MinValueValidator(0)])
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(pass_mark__gte=50, pass_mark__lte=100), name="training_course_pass_mark"),
            CheckConstraint(condition=Q(renewal_hours__gte=0), name="training_course_renewal_hours"),
        ]

    def __str__(self) -> str:
        return self.title


class Module(AddressedRow):
    """A part of a course: so many hours of one class, what it is about, what is to be read, and its quiz."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="modules", db_index=False)
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=160)
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1, validators=[MinValueValidator(0)])
    hour_class = models.CharField(_("kind of hours"), max_length=10, choices=HourClass.choices)
    topics = models.JSONField(default=list, blank=True)  # words of the law, or the course's own
    reading = models.JSONField(default=list, blank=True)  # ids of findings of the knowledge
    quiz_topics = models.JSONField(default=list, blank=True)  # kinds of questions
    quiz_questions = models.PositiveSmallIntegerField(
        _("questions of its quiz"), default=0, validators=[MaxValueValidator(50)])

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "course", "number"], name="training_module_number"),
            CheckConstraint(condition=Q(hours__gte=0), name="training_module_hours"),
            CheckConstraint(condition=Q(hour_class__in=HourClass.values), name="training_module_class"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def topic_words(self) -> list[str]:
        return said(self.topics)


class Skill(AddressedRow):
    """One line of the checklist: what is to be seen before somebody is certified."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="skills", db_index=False)
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=SkillKind.choices)
    what = models.CharField(_("what is to be seen"), max_length=300)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "course", "number"], name="training_skill_number"),
            CheckConstraint(condition=Q(kind__in=SkillKind.values), name="training_skill_kind"),
        ]

    def __str__(self) -> str:
        return self.what


class OwnQuestion(AddressedRow):
    """A question that an instructor wrote, with where its answer stands. Those from the knowledge are in no table."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="questions", db_index=False)
    topic = models.CharField(_("topic"), max_length=20)
    text = models.CharField(_("question"), max_length=500)
    right = models.CharField(_("right answer"), max_length=200)
    wrong = models.JSONField(default=list)
    why = models.CharField(_("explanation"), max_length=500)
    source = models.CharField(_("source"), max_length=300)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AddressedRow.Meta):
        indexes = [Index(fields=["clinic", "course"], name="training_own_question")]

    def __str__(self) -> str:
        return self.text
