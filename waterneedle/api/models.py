"""The tokens by which other programs come in: each belongs to a clinic and says what it opens."""
from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.database.rows import AddressedRow


class Scope(models.TextChoices):
    """What a token opens."""

    CHECK = "check", _("Check plans")
    TRIAGE = "triage", _("Triage check-ins")
    BODY = "body", _("Points on a body")


class Token(AddressedRow):
    """One key of one program. The secret is shown once and kept nowhere; the row holds its hash and how it begins."""

    name = models.CharField(max_length=80)
    begins = models.CharField(max_length=12)  # of the secret: enough to tell two tokens apart, far too little to guess
    hash = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    window_at = models.DateTimeField(null=True)  # when the minute began that is being counted
    window_uses = models.PositiveIntegerField(default=0)

    # A program shows its secret before any clinic is known.
    ACROSS_CLINICS = frozenset({"hash"})

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "name"], condition=Q(revoked_at=None), name="api_token_name"),
            CheckConstraint(condition=Q(expires_at__gt=models.F("made_at")), name="api_token_ends"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def last_moment(self) -> datetime:
        """On the last day, where `expires_at` may be the midnight after it."""
        return self.expires_at - timedelta(microseconds=1)

    def is_open(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at
