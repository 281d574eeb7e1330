"""What comes after a visit: how the clinic asks, what was asked, what was answered, and who was called because of it.

An answer is a frozen row with the document that triage read and what it said. What a patient has typed and not sent stands in the
check-in as typed, so that nothing is lost between two openings of the link.
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waterneedle.clinic.audit.frozen import freeze
from waterneedle.clinic.database.rows import AddressedRow, ClinicRow
from waterneedle.clinic.patients.models import Speaker


def _by(**more: object) -> models.ForeignKey:
    """The person who entered a row; None: the patient by a link, or the product itself."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False, **more
    )


def _patient() -> models.ForeignKey:
    return models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+", db_index=False)


def _visit() -> models.ForeignKey:
    return models.ForeignKey("visits.Visit", on_delete=models.PROTECT, related_name="+", db_index=False)


class Arrangement(ClinicRow):
    """How a clinic asks its patients afterwards, and whom an alarming answer reaches. The newest row counts."""

    is_on = models.BooleanField(_("ask every patient afterwards"), default=False)
    on_call_name = models.CharField(_("person on call"), max_length=120, blank=True)
    on_call_email = models.EmailField(_("e-mail address of the person on call"), max_length=254, blank=True)
    second_email = models.EmailField(_("second way: an address that rings"), max_length=254, blank=True)
    on_call_phone = models.CharField(_("telephone of the person on call"), max_length=40, blank=True)
    emergency_number = models.CharField(_("emergency number"), max_length=20, blank=True)
    night_number = models.CharField(_("number at night"), max_length=40, blank=True)
    weeks = models.JSONField(_("asked again after weeks"), default=list)
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta:
        constraints = [
            # Nobody is asked how they are while nobody is there to hear the answer.
            CheckConstraint(
                condition=Q(is_on=False)
                | (
                    ~Q(on_call_name="") & ~Q(on_call_email="") & ~Q(emergency_number="") & ~Q(night_number="")
                    & (~Q(second_email="") | ~Q(on_call_phone=""))
                ),
                name="followup_arrangement_somebody",
            ),
        ]
        indexes = [Index(fields=["clinic", "-made_at"], name="followup_arrangement_new")]


class CheckInKind(models.TextChoices):
    HOURS = "hours", _("some hours after")
    NEXT_DAY = "next_day", _("next day")
    WEEKS = "weeks", _("weeks after")


class CheckIn(AddressedRow):
    """One time that a patient is asked about one visit, by a link. Sent when `asked_at`; without an address a person asks."""

    patient = _patient()
    visit = _visit()
    kind = models.CharField(max_length=10, choices=CheckInKind.choices)
    week = models.PositiveSmallIntegerField(default=0)  # after how many, for that kind
    groups = models.JSONField(default=list)  # of extra questions, by what was treated
    language = models.CharField(max_length=10, blank=True)
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)  # when the letter was written; null: there is no address
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    wrong_answers = models.PositiveSmallIntegerField(default=0)  # at the door
    typed = models.TextField(default="{}")  # JSON: what was typed so far
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # taken back: the visit was struck, or the link was locked

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "visit", "kind", "week"], name="followup_checkin_once"),
            CheckConstraint(condition=Q(kind__in=CheckInKind.values), name="followup_checkin_kind"),
            CheckConstraint(condition=Q(kind="weeks", week__gt=0) | (~Q(kind="weeks") & Q(week=0)), name="followup_checkin_week"),
        ]
        indexes = [
            Index(fields=["clinic", "patient", "-made_at"], name="followup_checkin_patient"),
            Index(fields=["clinic", "answered_at", "made_at"], name="followup_checkin_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}{self.week or ''}"

    @property
    def answers(self) -> dict[str, Any]:
        """What was typed so far, by the name of the field."""
        return msgspec.json.decode(self.typed)


class Level(models.TextChoices):
    """What triage answers, the gravest first."""

    EMERGENCY = "emergency", pgettext_lazy("triage", "emergency")
    URGENT = "urgent", pgettext_lazy("triage", "to be seen today")
    CALL_CLINIC = "call_clinic", pgettext_lazy("triage", "a practitioner answers")
    SELF_CARE = "self_care", pgettext_lazy("triage", "expected")
    NONE = "none", pgettext_lazy("triage", "nothing reported")


class Bruise(models.TextChoices):
    NONE = "none", pgettext_lazy("bruise", "none")
    COIN = "coin", pgettext_lazy("bruise", "like a coin")
    PALM = "palm", pgettext_lazy("bruise", "like a palm or larger")


class Answer(AddressedRow):
    """What a patient answered, and what triage said to it: both as they were."""

    checkin = models.ForeignKey(CheckIn, on_delete=models.PROTECT, related_name="given", db_index=False)
    patient = _patient()
    visit = _visit()
    said_by = models.CharField(_("who said it"), max_length=12, choices=Speaker.choices)
    pain = models.PositiveSmallIntegerField(_("pain"), null=True, blank=True, validators=[MaxValueValidator(10)])
    bruise = models.CharField(_("bruise or discoloration"), max_length=6, choices=Bruise.choices, blank=True)
    said = models.TextField(_("in their words"), max_length=4000, blank=True)
    level = models.CharField(max_length=12, choices=Level.choices)
    document = models.TextField(editable=False)  # JSON: the check-in of the contract
    triage = models.TextField(editable=False)  # JSON: the triage of the contract
    hours = models.DecimalField(max_digits=8, decimal_places=2)  # since the visit
    answered_at = models.DateTimeField()
    made_by = _by()  # None: by link

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "checkin"], name="followup_answer_once"),
            CheckConstraint(condition=Q(level__in=Level.values), name="followup_answer_level"),
            CheckConstraint(condition=Q(pain=None) | Q(pain__lte=10), name="followup_answer_pain"),
            CheckConstraint(condition=Q(bruise="") | Q(bruise__in=Bruise.values), name="followup_answer_bruise"),
            CheckConstraint(condition=Q(said_by__in=Speaker.values), name="followup_answer_said_by"),
        ]
        indexes = [
            Index(fields=["clinic", "-answered_at"], name="followup_answer_newest"),
            Index(fields=["clinic", "patient", "-answered_at"], name="followup_answer_patient"),
        ]

    def __str__(self) -> str:
        return self.level


class Alarm(AddressedRow):
    """That an answer was an emergency or urgent, and the person on call has to say that they have seen it."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="alarms", db_index=False)
    patient = _patient()
    level = models.CharField(max_length=12, choices=Level.choices)
    raised_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = _by()  # None: by the link that was sent to the person on call
    acknowledged_name = models.CharField(max_length=160, blank=True)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "answer"], name="followup_alarm_once"),
            CheckConstraint(condition=Q(level__in=("emergency", "urgent")), name="followup_alarm_level"),
            CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_name="")
                | (Q(acknowledged_at__isnull=False) & ~Q(acknowledged_name="")),
                name="followup_alarm_by_somebody",
            ),
        ]
        indexes = [Index(fields=["clinic", "acknowledged_at", "-raised_at"], name="followup_alarm_open")]


class Call(ClinicRow):
    """That somebody was told of an alarm, by which way and in which round (the first is 0). Written once."""

    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="calls", db_index=False)
    round = models.PositiveSmallIntegerField()
    way = models.CharField(max_length=12)  # mail, second, text
    name = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(fields=["clinic", "alarm", "round", "way", "name"], name="followup_call_once")]


freeze(Arrangement)
freeze(CheckIn, when="OLD.answered_at IS NOT NULL")
freeze(Answer)
freeze(Alarm, when="OLD.acknowledged_at IS NOT NULL")
freeze(Call)
