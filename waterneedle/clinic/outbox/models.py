"""What is still to be done: jobs with their attempts, the letters that some of them send, and links that open one thing once."""

from __future__ import annotations

from typing import Any

import msgspec
from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.audit.frozen import freeze
from waterneedle.clinic.database.rows import AddressedRow, uuid7


class Outcome(models.TextChoices):
    """How a job has ended."""

    DONE = "done", _("done")
    DEAD = "dead", _("given up")  # tried as often as is sensible, or refused for good: a person must look at it
    CANCELLED = "cancelled", _("cancelled")


class Job(models.Model):
    """Something that is due at a time, written in the transaction of its cause. One for each `kind` and `key`."""

    ACROSS_CLINICS = frozenset({"due_at", "kind", "uid"})  # one worker works for all clinics

    uid = models.UUIDField(default=uuid7, editable=False, unique=True)
    # None: of no clinic, such as a letter about an account.
    clinic = models.ForeignKey("accounts.Clinic", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=160)  # of the cause: the same cause twice is one job
    payload = models.TextField(default="{}")  # JSON; ids, no words of a chart
    due_at = models.DateTimeField()
    made_at = models.DateTimeField(auto_now_add=True)

    attempts = models.PositiveIntegerField(default=0)
    lease = models.UUIDField(null=True)  # who works on it
    leased_until = models.DateTimeField(null=True)  # then it is anybody's again: the worker must have died
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["kind", "key"], name="outbox_job_once"),
            CheckConstraint(condition=Q(ended_at=None, outcome="") | Q(ended_at__isnull=False, outcome__in=Outcome.values),
                            name="outbox_job_ended"),
        ]
        indexes = [
            Index(fields=["due_at"], condition=Q(ended_at=None), name="outbox_job_due"),
            Index(fields=["clinic", "outcome", "ended_at"], name="outbox_job_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def last_error(self) -> str:
        """Why the last attempt went wrong; empty if it did not."""
        tries = list(self.tries.all())
        return tries[-1].error if tries else ""

    @property
    def kind_in_words(self) -> str:
        return str(KINDS_OF_JOBS.get(self.kind, self.kind))

    @property
    def says(self) -> dict[str, Any]:
        return msgspec.json.decode(self.payload)


class Attempt(models.Model):
    """One try at a job that came to an end. A worker that was killed leaves none; `Job.attempts` counts that one too."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="tries")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    error = models.CharField(max_length=500, blank=True)  # empty: it went well

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.job_id} #{self.number} {self.error or 'ok'}"


class Channel(models.TextChoices):
    MAIL = "mail", _("e-mail")
    SMS = "sms", _("SMS")


ALARM = "alarm"  # the `about` of what calls whoever is on call
KINDS_OF_LETTERS = {
    "account": _("account"),
    ALARM: _("call to who is on call"),
    "booking asked": _("appointment to be confirmed"),
    "booking booked": _("appointment"),
    "booking cancelled": _("appointment cancelled"),
    "booking moved": _("appointment moved"),
    "booking offered": _("offer of a free time"),
    "booking reminder": _("reminder of an appointment"),
    "booking requested": _("request for an appointment"),
    "certificate": _("certificate"),
    "check-in": _("check-in"),
    "form": _("form"),
    "heads": _("signed heads of the trail"),
    "patient page": _("page of a patient"),
    "recall": _("recall"),
}


KINDS_OF_JOBS = {
    "accounts.forget": _("what was typed and not sent, to be forgotten"),
    "appointments.dead": _("times that are still kept for who has died"),
    "appointments.expire": _("end of an offer of a free time"),
    "appointments.forget": _("what was asked for and not confirmed, to be forgotten"),
    "appointments.free": _("times of who has died, to be set free"),
    "appointments.offer": _("offer of a free time"),
    "appointments.remind": _("reminder of an appointment"),
    "audit.forget": _("keys of sendings, to be forgotten"),
    "audit.send": _("signed heads of the trail, to be put in a second place"),
    "audit.sign": _("heads of the trail, to be signed"),
    "courses.ask": _("questions before a visit"),
    "exports.extract": _("extract for a registry"),
    "exports.tidy": _("old extracts, to be thrown away"),
    "followup.ask": _("a patient to be asked after a visit"),
    "followup.escalate": _("call to who is on call, again"),
    "followup.silent": _("a patient who has not answered"),
    "home.backup": _("backup"),
    "home.escalate": _("late tasks to be called out"),
    "home.papers": _("look for papers to print"),
    "home.print": _("papers of the morning"),
    "home.unclosed": _("days that were not closed"),
    "home.verify": _("check of the trail"),
    "intake.of_age": _("children who come of age"),
    "outbox.letter": _("e-mail"),
    "outbox.returned": _("messages that came back"),
    "outbox.sms": _("SMS"),
    "training.remind": _("reminder of papers that end"),
    "visits.signed": _("questions after a signed visit, to be planned"),
    "visits.struck": _("questions after a struck visit, to be taken back"),
}


class Letter(models.Model):
    """A mail or an SMS, sent by its job. Its bytes are made once and sealed, so that a repeated sending is the same letter."""

    ACROSS_CLINICS = frozenset({"uid", "job", "message_id"})

    uid = models.UUIDField(default=uuid7, editable=False, unique=True)
    clinic = models.ForeignKey("accounts.Clinic", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="letter")
    patient = models.ForeignKey("patients.Patient", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=6, choices=Channel.choices, default=Channel.MAIL)
    message_id = models.CharField(max_length=200, unique=True)
    about = models.CharField(max_length=60, blank=True)  # what kind of letter, one of `KINDS_OF_LETTERS`
    sender = models.CharField(max_length=254)
    recipients = models.TextField()  # JSON
    language = models.CharField(max_length=10, blank=True)
    waking_hours = models.BooleanField(default=False)  # not sent at night, by the clinic's clock
    sealed = models.BinaryField(null=True)  # the letter, encrypted (it may hold a link); taken away when it has ended
    key_id = models.IntegerField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            Index(fields=["clinic", "made_at"], name="outbox_letter_made"),
            Index(fields=["clinic", "patient"], name="outbox_letter_patient"),
        ]

    def __str__(self) -> str:
        return self.message_id

    @property
    def addresses(self) -> list[str]:
        return msgspec.json.decode(self.recipients)

    @property
    def kind_in_words(self) -> str:
        return str(KINDS_OF_LETTERS.get(self.about, self.about))

    @property
    def is_to_who_treats(self) -> bool:
        """Whether it calls somebody of the clinic to a patient: that there is one says what only the follow-up may."""
        return self.about == ALARM


class Link(models.Model):
    """A link that opens one thing for one patient (or one account) until it is used, taken back, or too old."""

    ACROSS_CLINICS = frozenset({"uid", "hash"})

    uid = models.UUIDField(default=uuid7, editable=False, unique=True)
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+", db_index=False)
    hash = models.BinaryField(max_length=32, unique=True)  # SHA-256 of the secret in the address; the secret is nowhere
    purpose = models.CharField(max_length=60)
    patient = models.ForeignKey("patients.Patient", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    about = models.CharField(max_length=80, blank=True)  # uid of the form, visit or check-in that it opens
    language = models.CharField(max_length=10, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [CheckConstraint(condition=Q(expires_at__gt=models.F("made_at")), name="outbox_link_expires")]
        indexes = [Index(fields=["clinic", "patient", "purpose"], name="outbox_link_patient")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.uid}"


class OptOut(AddressedRow):
    """A patient who asked not to be written to, until they want to be again. Whoever has something to tell them calls."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "patient"], condition=Q(ended_at=None), name="outbox_optout_once"),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"


freeze(Attempt)
freeze(Link, when="OLD.used_at IS NOT NULL")
