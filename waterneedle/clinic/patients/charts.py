"""The number of a chart where a form asks for it: it names a patient of the clinic to whoever may not read names."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.patients.models import Patient


class ChartField(forms.IntegerField):
    """Gives the patient, or None where nothing is typed. The form says of which `clinic`."""

    clinic: Clinic
    default_error_messages = {"unknown": _("There is no chart of this number.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, **options)

    def clean(self, value: Any) -> Patient | None:
        number = super().clean(value)
        found = Patient.objects.filter(clinic=self.clinic, number=number).first() if number else None
        if number and found is None:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        return found
