"""The form of a new token."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waterneedle.api.models import Scope, Token
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.web.forms import DateInput

LONGEST_DAYS = 366


class TokenForm(forms.Form):
    TAKEN = _("A token of this name is on file. Revoke it first, or choose another name.")

    name = forms.CharField(
        label=pgettext_lazy("thing", "Name"), max_length=80, widget=forms.TextInput({"class": "medium"}),
        help_text=_("The program that will use it, such as “website”."))
    scopes = forms.MultipleChoiceField(label=_("Opens"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple)
    last_day = forms.DateField(
        label=_("Last day"), widget=DateInput, help_text=_("At most a year from today. Then make a new one."))

    def __init__(self, *args: Any, clinic: Clinic, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"last_day": today + timedelta(days=90)}, **kwargs)
        self.clinic, self.today = clinic, today

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if Token.objects.filter(clinic=self.clinic, name=name, revoked_at=None).exists():
            raise ValidationError(self.TAKEN)
        return name

    def clean_last_day(self) -> date:
        day = self.cleaned_data["last_day"]
        if not self.today <= day <= self.today + timedelta(days=LONGEST_DAYS):
            raise ValidationError(_("Choose a day from today on, within a year."))
        return day

    @property
    def expires_at(self) -> datetime:
        """The end of the last day, by the clinic's clock."""
        after = self.cleaned_data["last_day"] + timedelta(days=1)
        return timezone.make_aware(datetime.combine(after, time()), self.clinic.tzinfo)
