"""Certificates as they were issued, the keys that signed them, and what keeps them alive."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from waterneedle import knowledge
from waterneedle.clinic.audit.frozen import freeze
from waterneedle.clinic.database.rows import AddressedRow
from waterneedle.clinic.practitioners.models import Certificate, Practitioner
from waterneedle.clinic.training.models.learning import Enrolment


class SigningKey(AddressedRow):
    """A key of the clinic. One signs; those before it only verify what they signed, and their public half stays published."""

    did = models.CharField(max_length=255)  # of the clinic, as it was when the key was made
    public = models.JSONField()  # JWK
    sealed = models.TextField(editable=False)  # the private half, in PEM, sealed with the key of the installation
    made_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic"], condition=Q(retired_at=None), name="training_one_key_signs"),
        ]

    @property
    def kid(self) -> str:
        return f"{self.did}#{self.uid}"


class IssuedCertificate(AddressedRow):
    """A certificate of this clinic. Whether it is revoked stands with its paper: the gate reads the same."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="certificates", db_index=False)
    renews = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="renewals", db_index=False)
    paper = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="+", db_index=False)
    holder = models.CharField(max_length=160)
    code = models.CharField(max_length=43)  # stands in its public address
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+", db_index=False)
    badge = models.TextField()  # JWT
    hash = models.CharField(max_length=64)
    status_index = models.PositiveIntegerField()
    valid_until = models.DateTimeField(null=True, blank=True)  # the first moment at which it is good no more
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    shows_name = models.BooleanField(_("my name"), default=False)
    shows_course = models.BooleanField(_("the course and its hours"), default=False)
    shows_file = models.BooleanField(_("the certificate itself, as a file"), default=False)

    ACROSS_CLINICS = frozenset({"code"})

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["code"], name="training_certificate_code"),
            UniqueConstraint(fields=["clinic", "status_index"], name="training_certificate_index"),
            UniqueConstraint(fields=["clinic", "enrolment"], condition=Q(renews=None), name="training_certified_once"),
            UniqueConstraint(fields=["clinic", "renews"], name="training_renewed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.holder}, {self.paper.number}"

    @property
    def place_name(self) -> str:
        """The place that it was made for."""
        place = knowledge.jurisdictions().get(self.paper.jurisdiction)
        return place.name if place else self.paper.jurisdiction


class ContinuingHours(AddressedRow):
    """Hours of learning since a certificate, which somebody else has seen the paper of."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+", db_index=False)
    on = models.DateField(_("on"))
    title = models.CharField(_("course"), max_length=200)
    provider = models.CharField(_("provider"), max_length=200)
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1, validators=[MinValueValidator(0)])
    seen = models.CharField(_("how it was seen"), max_length=200)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta(AddressedRow.Meta):
        indexes = [Index(fields=["clinic", "practitioner"], name="training_continuing")]
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(hours__gt=0), name="training_continuing_hours"),
        ]


class Evidence(AddressedRow):
    """The file of a certificate from elsewhere, as it was handed in (a photograph without what the camera wrote into it), and who
    vouched for it."""

    paper = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=80)
    content = models.BinaryField()
    hash = models.CharField(max_length=64)
    badge_id = models.CharField(max_length=255, blank=True)  # where the file is an Open Badge: the id of its credential
    checked = models.CharField(max_length=20, blank=True)  # what came of checking its signature
    made_at = models.DateTimeField(auto_now_add=True)
    vouched_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "paper"], name="training_evidence_once"),
            UniqueConstraint(fields=["clinic", "badge_id"], condition=~Q(badge_id=""), name="training_badge_once"),
        ]


class Reminder(AddressedRow):
    """That the holder was told, so many days ahead, that a certificate ends; 0: that it has ended."""

    paper = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="+", db_index=False)
    days = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "paper", "days"], name="training_reminded_once"),
        ]


_SHOWN = ("shows_name", "shows_course", "shows_file")
freeze(IssuedCertificate, free=_SHOWN)
freeze(SigningKey, free=("retired_at",))
freeze(ContinuingHours)
freeze(Evidence)
freeze(Reminder)
