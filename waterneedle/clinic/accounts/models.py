"""Clinics, the people who work in them, and their roles."""
from __future__ import annotations

import zoneinfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.database.rows import ClinicRow, uuid7


def known_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("There is no time zone of this name."))


class Clinic(models.Model):
    """One clinic: what it is called, where it is, and so which law and which day it has."""

    slug = models.SlugField(max_length=40, unique=True)  # in every address of the clinic: /c/<slug>/…
    name = models.CharField(_("name"), max_length=120)
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166-1 code, such as US"))
    jurisdiction = models.CharField(_("jurisdiction"), max_length=20, help_text=_("Whose law holds here, such as us-wa"))
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
