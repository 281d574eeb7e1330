"""A course of treatment: what it is for, what was agreed, and how it ended.

What was agreed is a row of its own each time, and the newest counts; nothing is changed afterwards. `Counted` is what a course
comes to when it is asked how people like somebody went: it follows from visits and answers, and may be emptied at any time.
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waterneedle.clinic.audit.frozen import freeze
from waterneedle.clinic.database.rows import AddressedRow, ClinicRow

MOST_SESSIONS = 60


def _by(**more: object) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, **more)


def _sessions(words: object) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(words, validators=[MinValueValidator(1), MaxValueValidator(MOST_SESSIONS)])


class Course(AddressedRow):
    """One course of one patient for one indication. The visits signed from its first day to its last are its sessions."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+", db_index=False)
    indication = models.CharField(_("treated for"), max_length=80)  # id in the knowledge
    began_on = models.DateField(_("from"))
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=~Q(indication=""), name="courses_course_indication"),
        ]
        indexes = [Index(fields=["clinic", "patient", "-began_on"], name="courses_course_patient")]

    def __str__(self) -> str:
        return f"{self.indication} {self.began_on}"


class Agreed(ClinicRow):
    """What was agreed with the patient: the goal in their words, what is asked, how many sessions, and when it is looked at."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="agreements", db_index=False)
    number = models.PositiveSmallIntegerField()
    goal = models.CharField(_("goal, in the patient's words"), max_length=300)
    named = models.CharField(_("the task or problem that is asked about"), max_length=200, blank=True)
    measures = models.JSONField(_("what is asked"), default=list)  # ids in the knowledge, the first one judges
    planned = _sessions(_("sessions planned"))
    review_after = _sessions(_("review after sessions"))
    why = models.CharField(_("why it is changed"), max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["clinic", "course", "number"], name="courses_agreed_number"),
            CheckConstraint(condition=~Q(goal=""), name="courses_agreed_goal"),
            CheckConstraint(
                condition=Q(planned__gte=1, planned__lte=MOST_SESSIONS, review_after__gte=1, review_after__lte=F("planned")),
                name="courses_agreed_sessions",
            ),
            CheckConstraint(condition=Q(number=1) | ~Q(why=""), name="courses_agreed_why"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.goal}"


class Reason(models.TextChoices):
    REACHED = "reached", pgettext_lazy("course", "the goal is reached")
    NO_CHANGE = "no_change", pgettext_lazy("course", "no change that matters")
    REFERRED = "referred", pgettext_lazy("course", "referred to somebody else")
    HARM = "harm", pgettext_lazy("course", "it did harm")
    LEFT = "left", pgettext_lazy("course", "the patient does not come any more")
    MISTAKE = "mistake", pgettext_lazy("course", "entered by mistake")


class Ended(ClinicRow):
    """That a course is over, and why."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="ends", db_index=False)
    reason = models.CharField(_("why"), max_length=10, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    ended_on = models.DateField(_("until"))
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["clinic", "course"], name="courses_ended_once"),
            CheckConstraint(condition=Q(reason__in=Reason.values), name="courses_ended_reason"),
        ]

    def __str__(self) -> str:
        return self.reason


class Counted(ClinicRow):
    """What one course adds to how people like this went. `relief_session` is null while there was none: the person counts as
    not relieved through `sessions`. Only the first course of a patient for an indication is here."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+", db_index=False)
    indication = models.CharField(max_length=80)
    band = models.CharField(max_length=10)
    sessions = models.PositiveSmallIntegerField()  # after which a score was given
    relief_session = models.PositiveSmallIntegerField(null=True)
    first_score = models.FloatField()
    last_score = models.FloatField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["clinic", "course"], name="courses_counted_once"),
            CheckConstraint(
                condition=Q(relief_session=None) | Q(relief_session__gte=1, relief_session__lte=F("sessions")),
                name="courses_counted_relief",
            ),
        ]
        indexes = [
            # The figures of a clinic are read from the index alone.
            Index(fields=["clinic", "indication", "band", "relief_session", "sessions"], name="courses_counted_like"),
        ]


freeze(Course)
freeze(Agreed)
freeze(Ended)
