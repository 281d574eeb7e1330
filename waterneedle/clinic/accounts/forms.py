"""What people type about clinics, people and themselves. Every mistake comes back at once, beside its field."""
from __future__ import annotations

import zoneinfo
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from waterneedle import knowledge
from waterneedle.clinic.accounts.models import Clinic, User
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.web import words


class RolesField(forms.MultipleChoiceField):
    def __init__(self, **extra: Any) -> None:
        super().__init__(label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, **extra)


class InvitationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    roles = RolesField(error_messages={"required": _("Choose at least one role.")})


class RolesForm(forms.Form):
    roles = RolesField(required=False, help_text=_("Without any role, the person no longer works here and cannot open anything."))


class PasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters, better 15 or more: four or five words that do not belong together."))
    again = forms.CharField(
        label=_("The same again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def person(self) -> User:
        """Whose password it is to be; nothing of them may stand in it."""
        return User(email=self.cleaned_data.get("email", ""), name=self.cleaned_data.get("name", ""))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _("This differs from the first one."))
        if password:
            try:
                password_validation.validate_password(password, self.person())
            except forms.ValidationError as problems:
                self.add_error("password", problems)
        return cleaned


class AcceptForm(PasswordForm):
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ("name", "password", "again")

    def __init__(self, *args: Any, email: str, **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.email = email

    def person(self) -> User:
        return User(email=self.email, name=self.cleaned_data.get("name", ""))


class ClinicForm(forms.Form):
    """A clinic: what it is called, where it is, whose law holds there."""

    clinic_name = forms.CharField(label=_("Name of the clinic"), max_length=120)
    country = forms.CharField(
        label=_("Country"), min_length=2, max_length=2, initial="US", help_text=_("Two letters, such as US or DE."))
    jurisdiction = forms.ChoiceField(label=_("Whose law holds there"), required=False)
    zone = forms.ChoiceField(label=_("Time zone"))
    languages = forms.MultipleChoiceField(
        label=_("Languages of its patients"), choices=settings.LANGUAGES, initial=["en"], widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **extra: Any) -> None:
        super().__init__(*args, **extra)
        places = sorted((code, place.name) for code, place in knowledge.jurisdictions().items())
        self.fields["jurisdiction"].choices = [("", _("another one: the check will say what it does not know")), *places]
        # Nothing is chosen beforehand: days and deadlines of the clinic follow its zone.
        self.fields["zone"].choices = [("", "–"), *_zones()]

    def clean_country(self) -> str:
        country = self.cleaned_data["country"].upper()
        if not country.isascii() or not country.isalpha():
            raise forms.ValidationError(_("Two letters, such as US or DE."))
        return country

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        country, jurisdiction = cleaned.get("country"), cleaned.get("jurisdiction")
        if country and jurisdiction and jurisdiction[:2] != country:
            self.add_error("jurisdiction", _("This place is not in that country."))
        return cleaned

    def fields_of_clinic(self) -> dict[str, Any]:
        """What `actions.make_clinic` takes, with a short name for the address that no other clinic has."""
        cleaned = self.cleaned_data
        return {"slug": free_slug(cleaned["clinic_name"]), "name": cleaned["clinic_name"]} | {
            name: cleaned[name] for name in ("country", "jurisdiction", "zone", "languages")}


class FirstClinicForm(ClinicForm, PasswordForm):
    """The first clinic of an installation, and its owner."""

    code = forms.CharField(label=_("Code that the server has printed"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    field_order = (
        "code", "clinic_name", "country", "jurisdiction", "zone", "languages", "name", "email", "password", "again")


class ChangeClinicForm(forms.Form):
    """What an owner may change about a clinic. Another time zone is asked for twice, with what it does to a time of today."""

    name = forms.CharField(
        label=_("Name of the clinic"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    zone = forms.ChoiceField(label=_("Time zone"), help_text=_(
        "Hours of work are times of day: they are kept by the new clock. Bookings, visits, planned letters and check-ins stay at "
        "their moment: their time of day reads otherwise, also on what is printed again."))
    zone_is_meant = forms.BooleanField(label=_("Change the time zone"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages of its patients"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language.")})
    first_language = forms.ChoiceField(
        label=_("Language of who has not said theirs"), choices=settings.LANGUAGES,
        help_text=_("Forms and letters to such a patient are in this language."))

    def __init__(self, *args: Any, clinic: Clinic, now: datetime, **extra: Any) -> None:
        said = {"name": clinic.name, "zone": clinic.zone, "languages": clinic.languages}
        super().__init__(*args, initial=said | {"first_language": next(iter(clinic.languages), "en")}, **extra)
        self.clinic, self.now = clinic, now
        # A clinic may have been made with a zone that the list leaves out, such as UTC.
        self.fields["zone"].choices = sorted({(clinic.zone, clinic.zone), *_zones()})
        if self["zone"].value() == clinic.zone:
            del self.fields["zone_is_meant"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        zone, languages, first = (cleaned.get(one) for one in ("zone", "languages", "first_language"))
        if languages and first and first not in languages:
            self.add_error("first_language", _("Choose one of the languages of the patients."))
        if zone and zone != self.clinic.zone and not cleaned.get("zone_is_meant"):
            self.add_error("zone_is_meant", _(
                "What is booked for %(before)s will read %(after)s. Tick this if the new time zone is right."
            ) % {"before": self._noon_in(self.clinic.zone), "after": self._noon_in(zone)})
        return cleaned

    def _noon_in(self, zone: str) -> str:
        """Today's noon of the clinic as clocks of `zone` say it."""
        noon = self.now.astimezone(self.clinic.tzinfo).replace(hour=12, minute=0, second=0, microsecond=0)
        with timezone.override(zoneinfo.ZoneInfo(zone)):
            return words.moment(noon)

    def fields_of_clinic(self) -> dict[str, Any]:
        """What `actions.change_clinic` takes; the language of who has said none stands first."""
        languages, first = self.cleaned_data["languages"], self.cleaned_data["first_language"]
        return {name: self.cleaned_data[name] for name in ("name", "zone")} | {
            "languages": [first, *(one for one in languages if one != first)]}


class BreakGlassForm(forms.Form):
    reason = forms.CharField(
        label=_("Why you need to read this chart now"), min_length=10, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"min_length": _("Say a little more: somebody who was not there will read it.")})


class ReviewForm(forms.Form):
    justified = forms.TypedChoiceField(
        label=_("Was it right?"), choices=[("yes", _("It was right")), ("no", _("It was not right"))],
        coerce=lambda value: value == "yes", widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class OwnForm(forms.ModelForm):
    """What a person may change about themself."""

    class Meta:
        model = User
        fields = ["name"]


def _zones() -> list[tuple[str, str]]:
    """The time zones to choose from: those that are called by a place."""
    return [(one, one) for one in sorted(zoneinfo.available_timezones()) if "/" in one]


def free_slug(name: str) -> str:
    """A short name for the address of a new clinic: from its `name`, and a number if that is taken."""
    base = slugify(name)[:32].strip("-") or "clinic"
    taken = set(Clinic.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(one for one in [base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))] if one not in taken)
