"""What is said of an incident: when somebody reports one, adds to one, closes one."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.patients.charts import ChartField
from waterneedle.clinic.visits.models_incidents import Reached, Told
from waterneedle.clinic.web.forms import MomentField

LONGEST = 2000


def _words(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, widget=forms.Textarea({"rows": rows}), **more)


class ReportForm(forms.Form):
    """What happened, when, and to whom."""

    said = _words(_("What happened"), rows=4, help_text=_(
        "What you saw and what was done then. Name no patient: the chart number below says who it concerns."))
    happened_at = MomentField(label=_("When it happened"))
    chart = ChartField(label=_("Chart number, if it concerns a patient"), required=False)

    def __init__(self, *args: Any, clinic: Clinic, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["chart"].clinic = clinic

    def clean_happened_at(self) -> datetime.datetime:
        at = self.cleaned_data["happened_at"]
        if at > timezone.now():
            raise forms.ValidationError(_("This has not happened yet: look at the date and the time."))
        return at

    def said_of_it(self) -> dict[str, Any]:
        """What `incidents.report` asks."""
        said = self.cleaned_data
        return {"said": said["said"], "happened_at": said["happened_at"], "patient": said["chart"]}


class AddForm(forms.Form):
    said = _words(_("What you know about it"))


class AgainForm(forms.Form):
    said = _words(_("Why it is opened again"), rows=2)


class CloseForm(forms.Form):
    """What was learnt. Nothing is chosen beforehand."""

    reached = forms.ChoiceField(label=_("How far it went"), choices=Reached.choices, widget=forms.RadioSelect)
    told = forms.ChoiceField(label=_("The patient"), choices=Told.choices, widget=forms.RadioSelect)
    said = _words(_("How it came about"), help_text=_("What made it possible, rather than who."))
    change = _words(_("What is done otherwise from now on"), help_text=_("Or why nothing needs to be."))

    def __init__(self, *args: Any, concerns_a_patient: bool, went_in: bool, **options: Any) -> None:
        """Of what has `went_in` nobody says that it did not reach the patient."""
        super().__init__(*args, **options)
        if concerns_a_patient:
            self.fields["told"].choices = [one for one in Told.choices if one[0] != Told.NOBODY]
        if went_in:
            self.fields["reached"].choices = [one for one in Reached.choices if one[0] in (Reached.NO_HARM, Reached.HARM)]
