"""Clinics, the people who work in them, and their roles."""
from __future__ import annotations

import zoneinfo
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.database.rows import AddressedRow, ClinicRow, uuid7


def known_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("There is no time zone of this name."))


class Clinic(models.Model):
    """One clinic: what it is called, where it is, and so which law and which day it has."""

    slug = models.SlugField(max_length=40, unique=True)  # in every address of the clinic: /c/<slug>/…
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=120)
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166-1 code, such as US"))
    # Empty: no law on file, and the check says what it does not know.
    jurisdiction = models.CharField(
        _("jurisdiction"), max_length=20, blank=True, help_text=_("Whose law holds here, such as US-WA"))
    zone = models.CharField(_("time zone"), max_length=60, validators=[known_zone])
    languages = models.JSONField(_("languages"), default=list)  # of its patients' forms, the first one by default
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def tzinfo(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.zone)


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, email: str) -> User:
        return self.get(email=self.normalize_email(email))

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Addresses are kept in small letters, so that one person has one account."""
        return (email or "").strip().lower()

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who works in one clinic or in several. Signs in by e-mail address."""

    uid = models.UUIDField(default=uuid7, editable=False, unique=True)
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=10, blank=True)  # empty: what the browser asks for
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(email=Lower("email")), name="accounts_user_email_small")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


class Membership(ClinicRow):
    """One role of one person in one clinic. A person with two roles has two."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", db_index=False)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    ended_at = models.DateTimeField(null=True, blank=True)  # null: still in force
    made_at = models.DateTimeField(auto_now_add=True)

    # The clinics of a person are asked for before any clinic is known.
    ACROSS_CLINICS = frozenset({"user"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "user", "role"], condition=models.Q(ended_at=None), name="accounts_membership_once"
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="accounts_membership_role"),
        ]
        indexes = [models.Index(fields=["user"], name="accounts_membership_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} @ {self.clinic_id}"


class Invitation(AddressedRow):
    """A letter to somebody who is to work here. The link in it opens once; only its hash is kept."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=120)
    roles = models.JSONField(_("roles"))
    token_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    # The link in the letter names no clinic.
    ACROSS_CLINICS = frozenset({"token_hash"})

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            models.UniqueConstraint(fields=["token_hash"], name="accounts_invitation_token"),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and timezone.now() < self.expires_at


class BreakGlass(AddressedRow):
    """One person reading one patient's chart without the right to it, for a while, against a reason."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    patient_uid = models.UUIDField()
    reason = models.TextField(_("reason"))
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # given back before its end

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("began_at")), name="accounts_breakglass_ends"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="accounts_breakglass_reason"),
        ]
        indexes = [models.Index(fields=["clinic", "user", "patient_uid", "-began_at"], name="accounts_breakglass_use")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.began_at:%Y-%m-%d %H:%M}"

    @property
    def until(self) -> datetime:
        return self.ended_at or self.ends_at

    @property
    def end_url(self) -> str:
        """Where it is given back before its end."""
        return reverse("accounts:emergency_end", kwargs={"clinic": self.clinic.slug, "use": self.uid})


class BreakGlassReview(ClinicRow):
    """What an owner thinks of one such use. Never changed; a second look is a second row."""

    use = models.ForeignKey(BreakGlass, on_delete=models.PROTECT, related_name="reviews", db_index=False)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    reviewed_at = models.DateTimeField(auto_now_add=True)
    justified = models.BooleanField(_("it was right"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        indexes = [models.Index(fields=["clinic", "use"], name="accounts_breakglass_review")]

    def __str__(self) -> str:
        return f"{self.use_id} {self.justified}"


class Unfinished(ClinicRow):
    """What one person has typed into one form and not sent yet; theirs alone, and of no record. See `unfinished.py`."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=300)  # where the form is sent to, and its own word where that is not enough
    typed = models.TextField()  # JSON: by field, what stood there and what was typed
    at = models.DateTimeField()

    # What is old goes for all clinics at once.
    ACROSS_CLINICS = frozenset({"at"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "user", "key"], name="accounts_unfinished_form")]
        indexes = [models.Index(fields=["at"], name="accounts_unfinished_at")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d %H:%M}"


class Counter(models.Model):
    """What the cache keeps: failed sign-ins counted, codes used up. Written by Django's cache, in the form that it expects."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_counter"

    def __str__(self) -> str:
        return self.cache_key
