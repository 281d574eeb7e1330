"""What people type about a patient, cleaned: every error at once, beside its field."""
from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waterneedle.clinic.patients import queries
from waterneedle.clinic.patients.models import (
    FactKind,
    Guardian,
    HealthFact,
    Measure,
    MeasureKind,
    Patient,
    Pregnancy,
    PregnancyStatus,
    Severity,
    Side,
    Speaker,
)
from waterneedle.clinic.patients.searching import words_of
from waterneedle.clinic.web.forms import DateInput, PickInput

OLDEST_YEARS = 130
_PHONE = re.compile(r"^\+?[\d\s().\-/]{5,30}(?:\s*(?:x|ext\.?)\s*\d{1,6})?$", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")  # control signs, and those that turn the text around

# What a person can be, in the unit of the kind: beyond it is a slip of the keyboard or another unit.
PLAUSIBLE = {
    MeasureKind.HEIGHT: (30, 250), MeasureKind.WEIGHT: (1, 350), MeasureKind.INR: (Decimal("0.5"), 20),
    MeasureKind.PLATELETS: (1, 2500), MeasureKind.POTASSIUM: (1, 10), MeasureKind.HEMOGLOBIN: (2, 25),
}


def has_control_signs(text: str) -> bool:
    return bool(_CONTROL.search(text))


class PlainForm(forms.Form):
    """A form whose texts are one line without control signs."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, value in list(cleaned.items()):
            if isinstance(value, str) and has_control_signs(value):
                self.add_error(name, _("There is a sign in this that cannot be shown. Type it anew."))
        return cleaned


class PatientForm(PlainForm, forms.ModelForm):
    """Demographics. `version` is that of the record the form was opened with."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Patient
        fields = ["given_name", "family_name", "preferred_name", "birth_date", "sex", "language", "needs_interpreter",
                  "lacks_capacity", "phone", "email", "address"]
        widgets = {
            "birth_date": DateInput,
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "address": forms.Textarea(attrs={"rows": 3}),
            "needs_interpreter": forms.Select(choices=[("", _("not asked")), ("true", _("yes")), ("false", _("no"))]),
            "lacks_capacity": forms.Select(choices=[("", _("not asked")), ("true", _("yes")), ("false", _("no"))]),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), required=False, choices=[("", _("the clinic's first language")), *settings.LANGUAGES])
        self.initial["version"] = self.instance.version
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    def clean_birth_date(self) -> datetime.date | None:
        born = self.cleaned_data["birth_date"]
        today = timezone.now().date() + datetime.timedelta(days=1)  # east of us it may be tomorrow
        if born and born > today:
            raise forms.ValidationError(_("This day has not come yet. Check the year."))
        if born and born.year < today.year - OLDEST_YEARS:
            raise forms.ValidationError(_("Nobody is that old. Check the year."))
        return born

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"].strip()
        if phone and not _PHONE.match(phone):
            raise forms.ValidationError(_("A telephone number is digits, such as +1 206 555 0117."))
        return phone

    def values(self) -> dict[str, Any]:
        """The demographics alone, for `create_patient` and `change_patient`."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class GuardianForm(PlainForm, forms.ModelForm):
    """Who speaks for a patient: not themself, and not a child who is on file here, unless somebody says that it is right."""

    is_right = forms.BooleanField(
        label=_("This is somebody else, or the law of this place lets them speak for the patient"), required=False)

    class Meta:
        model = Guardian
        fields = ["name", "relation", "phone", "email", "may_consent"]

    clean_phone = PatientForm.clean_phone

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.patient = patient
        if not self.is_bound:
            del self.fields["is_right"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        name = words_of(cleaned.get("name", ""))
        child = queries.child_named(self.patient.clinic, cleaned.get("name", ""))
        if name and name == words_of(self.patient.given_name, self.patient.family_name):
            said = _("This is the patient's own name. Who speaks for them is somebody else.")
        elif child is not None:
            said = _(
                "A patient of this name is a child (chart %(number)s). A child signs for nobody, but for a child of their own "
                "where the law allows it.") % {"number": child.number}
        else:
            del self.fields["is_right"]
            return cleaned
        if not cleaned.get("is_right"):
            self.add_error("name", said)
        return cleaned

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class FactForm(PlainForm, forms.ModelForm):
    """One condition, allergy or medicine, with the fields that belong to its kind."""

    FIELDS = {
        FactKind.CONDITION: ("said", "region", "side", "note", "said_by"),
        FactKind.ALLERGY: ("said", "reaction", "severity", "note", "said_by"),
        FactKind.MEDICATION: ("said", "note", "said_by"),
    }

    side = forms.ChoiceField(label=_("Side"), choices=[("", "–"), *Side.choices], required=False)
    severity = forms.ChoiceField(label=_("Severity"), choices=[("", "–"), *Severity.choices], required=False)
    said_by = forms.ChoiceField(label=_("Who said it"), choices=Speaker.choices, initial=Speaker.PATIENT)

    class Meta:
        model = HealthFact
        fields = ["said", "region", "side", "reaction", "severity", "note", "said_by"]

    def __init__(self, *args: Any, kind: str, suggestions: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {name: self.fields[name] for name in self.FIELDS[kind]}
        self.fields["said"].label = capfirst(FactKind(kind).label)
        self.fields["said"].widget = PickInput(suggestions, attrs={"maxlength": 200})


class PregnancyForm(PlainForm, forms.ModelForm):
    status = forms.ChoiceField(label=_("Pregnancy"), choices=PregnancyStatus.choices, widget=forms.RadioSelect)

    class Meta:
        model = Pregnancy
        fields = ["status", "weeks", "said_by"]
        labels = {"said_by": _("Who said it")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("weeks") is not None and cleaned.get("status") != PregnancyStatus.PREGNANT:
            self.add_error("weeks", _("Weeks belong to the answer “pregnant”."))
        return cleaned


class MeasureForm(PlainForm, forms.ModelForm):
    kind = forms.ChoiceField(label=pgettext_lazy("measure", "What"), choices=MeasureKind.choices)

    class Meta:
        model = Measure
        fields = ["kind", "value", "measured_on", "said_by"]
        labels = {"value": _("Figure"), "said_by": _("Who said it")}
        widgets = {"measured_on": DateInput}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind, value, day = cleaned.get("kind"), cleaned.get("value"), cleaned.get("measured_on")
        if kind and value is not None and not PLAUSIBLE[kind][0] <= value <= PLAUSIBLE[kind][1]:
            low, high = PLAUSIBLE[kind]
            self.add_error("value", _("Expected between %(low)s and %(high)s. Check the unit.") % {"low": low, "high": high})
        if day and day > timezone.now().date() + datetime.timedelta(days=1):
            self.add_error("measured_on", _("This day has not come yet."))
        return cleaned


class ReasonForm(PlainForm):
    why = forms.CharField(label=_("Why"), max_length=300)
