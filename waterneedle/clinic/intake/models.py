"""What a patient fills in and signs: forms, what was said in them, scores, pain drawings, and consent.

Nothing that was sent or signed is changed: it is frozen in the database, and what follows from it (a review, a line that is
added, a withdrawal) is a row of its own.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.audit.frozen import freeze
from waterneedle.clinic.database.rows import AddressedRow, ClinicRow
from waterneedle.clinic.patients.models import HealthFact, Patient, Speaker


def _by(**more: object) -> models.ForeignKey:
    """The person who entered a row; None: the patient, by a link."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False, **more
    )


def _of(model: type[models.Model] | str, **more: Any) -> models.ForeignKey:
    """A reference whose index begins with the clinic, as that of each row does."""
    return models.ForeignKey(model, on_delete=models.PROTECT, **({"related_name": "+", "db_index": False} | more))


class FormKind(models.TextChoices):
    QUESTIONS = "questions", _("questions about health")
    CONSENT = "consent", _("consent")
    LINES = "lines", _("lines added to a consent")
    MEASURES = "measures", _("questions of a course")


ASKING = (FormKind.QUESTIONS, FormKind.MEASURES)  # gone through step by step; the others are read and signed


class Way(models.TextChoices):
    LINK = "link", _("by a link")
    DEVICE = "device", _("on a device in the clinic")


class State(models.TextChoices):
    """What has become of a form."""

    WAITING = "waiting", _("not opened yet")
    OPENED = "opened", _("opened, not sent back yet")
    SUBMITTED = "submitted", _("sent back")
    EXPIRED = "expired", _("too old")
    ENDED = "ended", _("taken back")
    LOCKED = "locked", _("closed after wrong answers")


class Form(AddressedRow):
    """One form for one patient. `answers` is the draft, as it was typed, until it is sent back; then the row is frozen."""

    patient = _of(Patient)
    kind = models.CharField(max_length=10, choices=FormKind.choices)
    way = models.CharField(max_length=10, choices=Way.choices)
    language = models.CharField(max_length=10)
    asked = models.TextField(default="{}")  # JSON: which lines a consent is to have, and for which course
    answers = models.TextField(default="{}")  # JSON: by step, the fields as they were typed
    version = models.PositiveIntegerField(default=0)  # of the draft: who saved an older one is told
    wrong_answers = models.PositiveSmallIntegerField(default=0)  # at the door
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=12, choices=Speaker.choices, blank=True)
    ended_at = models.DateTimeField(null=True)
    locked = models.BooleanField(default=False)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(kind__in=FormKind.values), name="intake_form_kind"),
            CheckConstraint(condition=Q(way__in=Way.values), name="intake_form_way"),
            CheckConstraint(
                condition=Q(submitted_at=None, submitted_by="") | Q(submitted_by__in=["patient", "guardian"]),
                name="intake_form_submitted",
            ),
        ]
        indexes = [Index(fields=["clinic", "patient", "-made_at"], name="intake_form_patient")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"

    @property
    def typed(self) -> dict[str, dict[str, Any]]:
        return msgspec.json.decode(self.answers)

    @property
    def wants(self) -> dict[str, Any]:
        return msgspec.json.decode(self.asked)

    def state_at(self, now: datetime) -> State:
        if self.submitted_at:
            return State.SUBMITTED
        if self.ended_at:
            return State.LOCKED if self.locked else State.ENDED
        if self.expires_at <= now:
            return State.EXPIRED
        return State.OPENED if self.opened_at else State.WAITING


# --- what was said in a form, and what a practitioner makes of it


class SaidKind(models.TextChoices):
    CONDITION = "condition", _("condition")
    ALLERGY = "allergy", _("allergy")
    MEDICATION = "medication", _("medicine")
    NONE = "none", _("none")
    UNSURE = "unsure", _("not sure")
    PREGNANCY = "pregnancy", _("pregnancy")
    MEASURE = "measure", _("measure")
    NOTE = "note", _("to know")


class Said(AddressedRow):
    """One thing that a form says about health and the record did not have. `fact` is what it has become already: what asks for
    caution counts at once, all else waits for a practitioner."""

    form = _of(Form, related_name="said")
    patient = _of(Patient)
    kind = models.CharField(max_length=12, choices=SaidKind.choices)
    value = models.TextField()  # JSON
    said_by = models.CharField(max_length=12, choices=Speaker.choices)
    fact = _of(HealthFact, null=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(kind__in=SaidKind.values), name="intake_said_kind"),
        ]
        indexes = [
            Index(fields=["clinic", "form"], name="intake_said_form"),
            Index(fields=["clinic", "patient"], name="intake_said_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"

    @property
    def says(self) -> dict[str, Any]:
        return msgspec.json.decode(self.value)


class Decision(models.TextChoices):
    ACCEPTED = "accepted", _("taken as it was said")
    CORRECTED = "corrected", _("corrected")
    DECLINED = "declined", _("not taken")


class Review(ClinicRow):
    """What a practitioner has made of one thing that was said."""

    said = _of(Said, related_name="reviews")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    fact = _of(HealthFact, null=True)  # that a correction has made
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = _of(settings.AUTH_USER_MODEL)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["clinic", "said"], name="intake_review_once"),
            CheckConstraint(condition=Q(decision__in=Decision.values), name="intake_review_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.said_id} {self.decision}"


# --- what is measured


class Answers(AddressedRow):
    """The answers to one instrument at one time, raw, with the score that they gave then. A correction is a new row."""

    patient = _of(Patient)
    instrument = models.CharField(max_length=60)  # id in the knowledge
    instrument_version = models.CharField(max_length=16)  # what was asked, and how it is scored
    answers = models.TextField()  # JSON: item to value; an item that was left out is not there
    score = models.FloatField(null=True)  # None: too few answers
    named = models.CharField(_("in their words"), max_length=200, blank=True)  # the task or the problem that it is about
    language = models.CharField(max_length=10, blank=True)
    said_by = models.CharField(max_length=12, choices=Speaker.choices)
    answered_at = models.DateTimeField()
    form = _of(Form, null=True)
    about = models.CharField(max_length=80, blank=True)  # uid of the visit or check-in that asked
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by", db_index=False)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(
                fields=["clinic", "replaces"], condition=Q(replaces__isnull=False), name="intake_answers_replaced_once"
            ),
        ]
        indexes = [
            Index(fields=["clinic", "patient", "instrument", "answered_at"], name="intake_answers_patient"),
            Index(fields=["clinic", "about"], condition=~Q(about=""), name="intake_answers_about"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.score}"

    @property
    def given(self) -> dict[str, float]:
        return msgspec.json.decode(self.answers)


class PainDrawing(AddressedRow):
    """Where it hurts: cells of the body's skin as runs of (first cell, how many, intensity 1 to 10), and the place in words."""

    patient = _of(Patient)
    runs = models.TextField()  # JSON; see waterneedle.body.pain
    words = models.CharField(_("in their words"), max_length=500, blank=True)
    said_by = models.CharField(max_length=12, choices=Speaker.choices)
    drawn_at = models.DateTimeField()
    form = _of(Form, null=True)
    about = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()

    class Meta(AddressedRow.Meta):
        indexes = [Index(fields=["clinic", "patient", "drawn_at"], name="intake_drawing_patient")]

    def __str__(self) -> str:
        return f"pain drawing {self.uid}"

    @property
    def drawn(self) -> list[list[int]]:
        return msgspec.json.decode(self.runs)


# --- consent


class ConsentText(ClinicRow):
    """One version of the words of a clinic's consent in one language. `shipped` names which version of ours it is, if any."""

    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    words = models.TextField()  # JSON: intake.wording.Wording
    shipped = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()

    class Meta:
        constraints = [UniqueConstraint(fields=["clinic", "language", "version"], name="intake_consenttext_version")]

    def __str__(self) -> str:
        return f"{self.language} {self.version}"


class Signer(models.TextChoices):
    PATIENT = "patient", _("the patient")
    GUARDIAN = "guardian", _("the guardian")


class Signed(AddressedRow):
    """What a signature stands on: the exact document, without names, and its hash. Names and signature are hashed in it with
    `salt`, so that names can be taken away one day and the document still holds."""

    patient = _of(Patient)
    form = _of(Form, null=True)
    document = models.TextField()  # canonical JSON
    hash = models.CharField(max_length=64)  # SHA-256 of the document, in hex
    language = models.CharField(max_length=10)
    signed_at = models.DateTimeField()
    signed_on = models.DateField()  # the day in the clinic
    signed_by = models.CharField(max_length=10, choices=Signer.choices)
    name = models.CharField(max_length=200)  # of who signed
    relation = models.CharField(max_length=60, blank=True)  # of the guardian
    interpreter = models.CharField(max_length=200, blank=True)
    signature = models.TextField()  # JSON: {"drawn": strokes} or {"typed": text}
    salt = models.CharField(max_length=32)
    made_by = _by()  # who was there; None: signed by a link

    class Meta(AddressedRow.Meta):
        abstract = True

    @property
    def says(self) -> dict[str, Any]:
        return msgspec.json.decode(self.document)

    @property
    def signature_as_given(self) -> dict[str, Any]:
        return msgspec.json.decode(self.signature)


class Consent(Signed):
    """A signed consent for a course of treatment, in force from the day of the signature through `until`."""

    text = _of(ConsentText)
    course = models.CharField(_("for"), max_length=200, blank=True)
    until = models.DateField(_("in force until"))

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(signed_by__in=Signer.values), name="intake_consent_signed_by"),
            CheckConstraint(condition=Q(until__gte=F("signed_on")), name="intake_consent_span"),
            CheckConstraint(condition=~Q(name=""), name="intake_consent_named"),
        ]
        indexes = [Index(fields=["clinic", "patient", "signed_at"], name="intake_consent_patient")]

    def __str__(self) -> str:
        return f"consent {self.uid}"


class AddedLines(Signed):
    """Lines added to a consent later, each with initials of its own."""

    consent = _of(Consent, related_name="added")

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(signed_by__in=Signer.values), name="intake_addedlines_signed_by"),
        ]
        indexes = [Index(fields=["clinic", "consent"], name="intake_addedlines_consent")]

    def __str__(self) -> str:
        return f"lines added to consent {self.consent_id}"


class Withdrawal(ClinicRow):
    """That a consent, or one line of it, was taken back. It holds from that moment on."""

    consent = _of(Consent, related_name="withdrawals")
    line = models.CharField(max_length=40, blank=True)  # empty: all of it
    said_by = models.CharField(max_length=12, choices=Speaker.choices, default=Speaker.PATIENT)
    why = models.CharField(_("in their words"), max_length=300, blank=True)
    at = models.DateTimeField()
    on = models.DateField()  # the day in the clinic
    made_by = _by()

    class Meta:
        indexes = [Index(fields=["clinic", "consent"], name="intake_withdrawal_consent")]

    def __str__(self) -> str:
        return f"withdrawal of consent {self.consent_id} {self.line}"


freeze(Form, when="OLD.submitted_at IS NOT NULL")
for _frozen in (Said, Review, Answers, PainDrawing, ConsentText, Consent, AddedLines, Withdrawal):
    freeze(_frozen)
