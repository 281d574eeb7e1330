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
from django.utils.translation import ngettext, pgettext_lazy

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
    UNASKED = "unasked", _("told unasked")


class CheckIn(AddressedRow):
    """One time that a patient is asked about one visit, by a link. Sent when `asked_at`; without an address a person asks. What a
    patient tells out of turn, from their page, is one that nobody asked for: made with its answer, as often as they like."""

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
            UniqueConstraint(
                fields=["clinic", "visit", "kind", "week"], name="followup_checkin_once", condition=~Q(kind="unasked")),
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
    def words(self) -> str:
        """Which time it is, in words: `next day`, `4 weeks after`."""
        if self.kind != CheckInKind.WEEKS:
            return str(CheckInKind(self.kind).label)
        return ngettext("%(count)d week after", "%(count)d weeks after", self.week) % {"count": self.week}

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


class Since(models.TextChoices):
    """For how long a complaint has been there, as a patient can say it."""

    DAYS_2 = "days_2", _("up to 2 days")
    DAYS_7 = "days_7", _("3 to 7 days")
    WEEKS_2 = "weeks_2", _("1 to 2 weeks")
    WEEKS_4 = "weeks_4", _("2 to 4 weeks")
    LONGER = "longer", pgettext_lazy("since when", "longer")
    UNSURE = "unsure", pgettext_lazy("since when", "not sure")


class Answer(AddressedRow):
    """What a patient answered, and what triage said to it: both as they were."""

    checkin = models.ForeignKey(CheckIn, on_delete=models.PROTECT, related_name="given", db_index=False)
    patient = _patient()
    visit = _visit()
    said_by = models.CharField(_("who said it"), max_length=12, choices=Speaker.choices)
    pain = models.PositiveSmallIntegerField(_("pain"), null=True, blank=True, validators=[MaxValueValidator(10)])
    bruise = models.CharField(_("bruise or discoloration"), max_length=6, choices=Bruise.choices, blank=True)
    since = models.CharField(_("for how long"), max_length=8, choices=Since.choices, blank=True)  # empty: not asked, or not said
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
            CheckConstraint(condition=Q(since="") | Q(since__in=Since.values), name="followup_answer_since"),
            CheckConstraint(condition=Q(said_by__in=Speaker.values), name="followup_answer_said_by"),
        ]
        indexes = [
            Index(fields=["clinic", "-answered_at"], name="followup_answer_newest"),
            Index(fields=["clinic", "patient", "-answered_at"], name="followup_answer_patient"),
        ]

    def __str__(self) -> str:
        return self.level

    @property
    def is_grave(self) -> bool:
        """Whether it reaches the person on call."""
        return self.level in (Level.EMERGENCY, Level.URGENT)


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


class EventKind(models.TextChoices):
    """What happened, in the words by which it is counted."""

    BRUISE = "bruise", _("bruise or bleeding")
    PAIN = "pain", _("strong or lasting pain")
    SITE_INFECTION = "site_infection", _("infection at the site")
    ABSCESS = "abscess", _("abscess or nodule")
    SKIN_DEATH = "skin_death", _("skin death (Nicolau syndrome)")
    NERVE = "nerve", _("nerve injury")
    LUNG = "lung", _("pneumothorax")
    ALLERGY = "allergy", _("allergic reaction")
    ANAPHYLAXIS = "anaphylaxis", _("anaphylaxis")
    FAINTING = "fainting", _("fainting")
    SEPSIS = "sepsis", _("infection of the whole body")
    WRONG = "wrong", _("wrong product, dose, place or patient")
    OTHER = "other", pgettext_lazy("adverse event", "other")


SITE_INFECTIONS = (EventKind.SITE_INFECTION, EventKind.ABSCESS)


class EventSeverity(models.TextChoices):
    """How strong an event is. What makes it serious is another question, and in Spanish must not have the same word."""

    MILD = "mild", pgettext_lazy("severity of an event", "mild")
    MODERATE = "moderate", pgettext_lazy("severity of an event", "moderate")
    SEVERE = "severe", pgettext_lazy("severity of an event", "severe")


class Serious(models.TextChoices):
    """What makes an event serious: the outcomes of section B2 of form FDA 3500."""

    DEATH = "death", _("death")
    LIFE_THREATENING = "life_threatening", _("life-threatening")
    HOSPITAL = "hospital", _("hospital, or longer there")
    DISABILITY = "disability", _("disability or permanent damage")
    BIRTH_DEFECT = "birth_defect", _("congenital anomaly or birth defect")
    INTERVENTION = "intervention", _("intervention needed to prevent damage")
    OTHER = "other", _("another important medical event")


class Causality(models.TextChoices):
    """The categories of the WHO-UMC system."""

    CERTAIN = "certain", pgettext_lazy("causality", "certain")
    PROBABLE = "probable", pgettext_lazy("causality", "probable or likely")
    POSSIBLE = "possible", pgettext_lazy("causality", "possible")
    UNLIKELY = "unlikely", pgettext_lazy("causality", "unlikely")
    UNCLASSIFIED = "unclassified", pgettext_lazy("causality", "conditional or unclassified")
    UNASSESSABLE = "unassessable", pgettext_lazy("causality", "unassessable or unclassifiable")


class EventOutcome(models.TextChoices):
    RECOVERED = "recovered", _("recovered")
    RECOVERING = "recovering", _("recovering")
    NOT_RECOVERED = "not_recovered", _("not recovered")
    SEQUELAE = "sequelae", _("recovered with lasting damage")
    DIED = "died", _("died")
    UNKNOWN = "unknown", _("not known")


class AdverseEvent(AddressedRow):
    """Something that went wrong after injections, with where it was learnt. What is known of it are its versions."""

    patient = _patient()
    visit = models.ForeignKey("visits.Visit", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    answer = models.ForeignKey(Answer, null=True, blank=True, on_delete=models.PROTECT, related_name="events", db_index=False)
    reaction = models.ForeignKey(
        "visits.Reaction", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta(AddressedRow.Meta):
        indexes = [
            Index(fields=["clinic", "patient", "-made_at"], name="followup_event_patient"),
            Index(fields=["clinic", "-made_at"], name="followup_event_newest"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class EventVersion(ClinicRow):
    """What was known of an event at one time. The first is the report, later ones are dated amendments; the newest counts."""

    event = models.ForeignKey(AdverseEvent, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("what it was"), max_length=16, choices=EventKind.choices)
    said = models.TextField(_("what happened"), max_length=4000)
    injection = models.ForeignKey(
        "visits.Injection", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    onset_at = models.DateTimeField(_("when it began"), null=True, blank=True)
    severity = models.CharField(pgettext_lazy("severity of an event", "severity"), max_length=10, choices=EventSeverity.choices)
    seriousness = models.JSONField(_("serious because of"), default=list, blank=True)
    causality = models.CharField(_("caused by the injection"), max_length=14, choices=Causality.choices)
    causality_why = models.CharField(_("why this category"), max_length=500, blank=True)
    outcome = models.CharField(_("outcome"), max_length=14, choices=EventOutcome.choices)
    actions = models.TextField(_("what was done"), max_length=2000, blank=True)
    is_mistake = models.BooleanField(_("entered by mistake: it counts no more"), default=False)
    why = models.CharField(_("why it is amended"), max_length=300, blank=True)
    signed_name = models.CharField(max_length=160)
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["clinic", "event", "number"], name="followup_version_number"),
            CheckConstraint(condition=Q(kind__in=EventKind.values), name="followup_version_kind"),
            CheckConstraint(condition=Q(severity__in=EventSeverity.values), name="followup_version_severity"),
            CheckConstraint(condition=Q(causality__in=Causality.values), name="followup_version_causality"),
            CheckConstraint(condition=Q(outcome__in=EventOutcome.values), name="followup_version_outcome"),
            CheckConstraint(condition=~Q(said=""), name="followup_version_said"),
            CheckConstraint(condition=Q(number=1) | ~Q(why=""), name="followup_version_why"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def is_serious(self) -> bool:
        return bool(self.seriousness)

    @property
    def serious_words(self) -> list[str]:
        return [str(Serious(one).label) for one in self.seriousness]


class RecallKind(models.TextChoices):
    LOT = "lot", _("lot")
    PRODUCT = "product", _("product")
    VIAL = "vial", _("vial")
    DAYS = "days", _("days")
    SAME_VIAL = "same_vial", _("same vial as a patient")


class Recall(AddressedRow):
    """That somebody traced who was given something, and acted on it."""

    kind = models.CharField(max_length=10, choices=RecallKind.choices)
    asked = models.JSONField(default=dict)  # what was looked for, by uid and day
    said = models.CharField(max_length=200)  # the same in words, without a patient's name
    why = models.CharField(_("why"), max_length=300)
    injections = models.PositiveIntegerField()
    quarantined = models.JSONField(default=list)  # uids of lots
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(kind__in=RecallKind.values), name="followup_recall_kind"),
            CheckConstraint(condition=~Q(why=""), name="followup_recall_why"),
        ]
        indexes = [Index(fields=["clinic", "-made_at"], name="followup_recall_newest")]

    def __str__(self) -> str:
        return self.said


class Recalled(AddressedRow):
    """One patient of a recall: what is written to them, and when it was sent. Without an address somebody calls."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="patients", db_index=False)
    patient = _patient()
    injections = models.PositiveIntegerField()
    first_day = models.DateField()
    last_day = models.DateField()
    text = models.TextField(_("notice"), max_length=4000)
    language = models.CharField(max_length=10)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "recall", "patient"], name="followup_recalled_once"),
        ]
        indexes = [Index(fields=["clinic", "patient"], name="followup_recalled_patient")]


class PatientPage(AddressedRow):
    """The page of one patient by a link: what was injected, what to look out for, forms, how the pain went."""

    patient = _patient()
    language = models.CharField(max_length=10, blank=True)
    made_at = models.DateTimeField()
    made_by = _by()
    expires_at = models.DateTimeField()
    wrong_answers = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(AddressedRow.Meta):
        indexes = [Index(fields=["clinic", "patient"], name="followup_page_patient")]


freeze(Arrangement)
freeze(CheckIn, when="OLD.answered_at IS NOT NULL")
freeze(Answer)
freeze(Alarm, when="OLD.acknowledged_at IS NOT NULL")
freeze(Call)
freeze(AdverseEvent)
freeze(EventVersion)
freeze(Recall)
freeze(Recalled, when="OLD.sent_at IS NOT NULL")
freeze(PatientPage, when="OLD.ended_at IS NOT NULL")
