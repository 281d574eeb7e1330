"""What people type about bookings, hours and prices."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.appointments.models import Closure, Part, Policy, Room, Service
from waterneedle.clinic.patients.forms import PatientForm, PlainForm
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import ADULT_AGE
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.practitioners.queries import practitioners_of
from waterneedle.clinic.web.forms import DateInput, TimeInput

_SPAN = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(?:-|–|—|to|a|至)\s*(\d{1,2})(?:[:.h](\d{2}))?")


class WithForm(forms.Form):
    """A choice among those who treat here, or among `people`; `who` gives the row, None for anybody."""

    practitioner = forms.ChoiceField(label=_("Practitioner"), required=False)

    def __init__(self, *args: Any, clinic: Clinic, people: Iterable[Practitioner] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.uid): one for one in (practitioners_of(clinic) if people is None else people)}
        self.fields["practitioner"].choices = [("", _("anybody")), *((uid, one.user.name) for uid, one in self.people.items())]

    @property
    def who(self) -> Any:
        return self.people.get(self.cleaned_data.get("practitioner", ""))


class FromForm(WithForm):
    """Where the list of free times begins, and with whom."""

    on = forms.DateField(label=_("From the day"), widget=DateInput, required=False)
    field_order = ("on", "practitioner")


class CallerForm(PatientForm):
    """Somebody new on the telephone: as little as a booking needs."""

    class Meta(PatientForm.Meta):
        fields = ["given_name", "family_name", "birth_date", "phone", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["language"]
        del self.fields["version"]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class WaitForm(WithForm):
    first_day = forms.DateField(label=_("From"), widget=DateInput)
    last_day = forms.DateField(label=_("Until"), widget=DateInput)
    part = forms.ChoiceField(label=_("Time of day"), choices=Part.choices, required=False)
    field_order = ("first_day", "last_day", "part", "practitioner")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("This day lies before the first."))
        return cleaned


class WhyForm(PlainForm):
    why = forms.CharField(label=_("Why"), max_length=200, required=False)


# --- how the clinic books


def _as_written(price: Decimal | None) -> str | None:
    """`price` without the third place that only some currencies have: 120.00, and 1.255."""
    return None if price is None else f"{price:.2f}" if price == round(price, 2) else f"{price:f}"


class ServiceForm(PlainForm, forms.ModelForm):
    """Length and price of a kind of visit."""

    class Meta:
        model = Service
        fields = ["name", "minutes", "price"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].required = True
        self.fields["name"].help_text = _("Empty: by its kind.")
        self.initial["price"] = _as_written(self.initial.get("price"))


class BesideForm(PlainForm, forms.ModelForm):
    """Something that is sold beside a visit."""

    class Meta:
        model = Service
        fields = ["name", "price"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True


class PolicyForm(PlainForm, forms.ModelForm):
    class Meta:
        model = Policy
        fields = [
            "online",
            "phone",
            "notice_hours",
            "horizon_days",
            "most_open",
            "change_hours",
            "remind_hours",
            "send_forms",
            "buffer_min",
            "step_min",
            "offer_hours",
            "currency",
            "currency_places",
        ]

    clean_phone = PatientForm.clean_phone

    def clean_currency(self) -> str:
        code = self.cleaned_data["currency"].strip().upper()
        if code and not re.fullmatch(r"[A-Z]{3}", code):
            raise forms.ValidationError(_("A currency is three letters, such as USD."))
        return code


class RoomForm(PlainForm, forms.ModelForm):
    class Meta:
        model = Room
        fields = ["name"]


class HoursForm(forms.Form):
    """The week of one practitioner: for each day the spans in which they treat, such as 9:00-12:30, 13:30-17:00."""

    def __init__(self, *args: Any, days: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, word in enumerate(days):
            self.fields[f"day{number}"] = forms.CharField(
                label=word,
                required=False,
                max_length=120,
                widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "9:00-12:30, 13:30-17:00"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in list(self.fields):
            try:
                cleaned[name] = read_spans(cleaned.get(name, ""))
            except ValueError:
                self.add_error(name, _("Write times such as 9:00-12:30, 13:30-17:00, one after the other."))
        return cleaned

    @property
    def spans(self) -> dict[int, list[tuple[datetime.time, datetime.time]]]:
        return {number: self.cleaned_data[f"day{number}"] for number in range(7) if self.cleaned_data[f"day{number}"]}


class ClosureForm(WithForm):
    """A holiday or an absence: whole days, or from one time to another."""

    first_day = forms.DateField(label=_("First day"), widget=DateInput)
    last_day = forms.DateField(label=_("Last day"), widget=DateInput, required=False, help_text=_("Empty: one day."))
    begins = forms.TimeField(label=_("From the time"), widget=TimeInput, required=False, help_text=_("Empty: the whole day."))
    ends = forms.TimeField(label=_("Until the time"), widget=TimeInput, required=False)
    why = forms.CharField(label=_("Why"), max_length=Closure._meta.get_field("why").max_length, required=False)
    field_order = ("practitioner", "first_day", "last_day", "begins", "ends", "why")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["practitioner"].choices[0] = ("", _("the whole clinic"))
        self.fields["practitioner"].widget.choices = self.fields["practitioner"].choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day") or cleaned.get("first_day")
        begins, ends = cleaned.get("begins"), cleaned.get("ends")
        if first and last and (last < first or (last == first and begins and ends and ends <= begins)):
            self.add_error("last_day", _("This ends before it begins."))
        return cleaned | {"last_day": last}


class VisitorForm(PlainForm):
    """What a visitor of the public page says of the patient."""

    given_name = forms.CharField(label=_("First name"), max_length=100)
    family_name = forms.CharField(label=_("Family name"), max_length=100, required=False)
    birth_date = forms.DateField(label=_("Date of birth"), widget=DateInput)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    guardian = forms.CharField(
        label=_("Your name, if the patient is a child or somebody you speak for"), max_length=200, required=False
    )

    relation = forms.CharField(label=_("What you are to the patient"), max_length=60, required=False)

    clean_birth_date = PatientForm.clean_birth_date
    clean_phone = PatientForm.clean_phone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        born = cleaned.get("birth_date")
        if born and is_minor(born, timezone.now().date()) and not cleaned.get("guardian"):
            self.add_error("guardian", _("Who speaks for a child books for them: write your name."))
        return cleaned


def is_minor(born: datetime.date, day: datetime.date) -> bool:
    return Patient(birth_date=born).age_on(day) < ADULT_AGE


def read_spans(text: str) -> list[tuple[datetime.time, datetime.time]]:
    """The spans that somebody typed, in order; raises ValueError for what is no time, ends before it begins, or overlaps."""
    parts = [part for part in re.split(r"[,;]\s*", text.strip()) if part]
    found = []
    for part in parts:
        read = _SPAN.fullmatch(part.strip())
        if read is None:
            raise ValueError(part)
        begins = datetime.time(int(read[1]), int(read[2] or 0))
        ends = datetime.time(int(read[3]) % 24 if int(read[3]) == 24 else int(read[3]), int(read[4] or 0))
        if ends != datetime.time(0) and ends <= begins:
            raise ValueError(part)
        found.append((begins, ends))
    found.sort()
    for one, other in pairwise(found):
        if one[1] == datetime.time(0) or other[0] < one[1]:
            raise ValueError(text)
    return found


def spans_in_words(spans: list[tuple[datetime.time, datetime.time]]) -> str:
    return ", ".join(
        f"{begins:%H:%M}-{'24:00' if ends == datetime.time(0) else f'{ends:%H:%M}'}" for begins, ends in sorted(spans)
    )
