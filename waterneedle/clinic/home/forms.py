"""What is asked of the trail, and at the end of a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.home import closings, trail
from waterneedle.clinic.patients.charts import ChartField
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.web.forms import DateInput, TimeInput

DAYS_SHOWN = 7


class TrailForm(forms.Form):
    """Filters of the trail, all optional; the last week if nothing is said."""

    since = forms.DateField(label=_("From day"), required=False, widget=DateInput)
    until = forms.DateField(label=_("Until day"), required=False, widget=DateInput)
    person = forms.ChoiceField(label=_("Person"), required=False)
    chart = ChartField(label=_("Chart number"), required=False)
    what = forms.ChoiceField(
        label=_("What"), required=False, choices=[("", _("everything")), ("reads", _("looking")), ("writes", _("changing"))])

    def __init__(self, data: Any, *, clinic: Clinic, today: date) -> None:
        shown = {"since": today - timedelta(days=DAYS_SHOWN - 1), "until": today}
        super().__init__({**shown, **{name: value for name, value in data.items() if value}})
        self.clinic, self.today = clinic, today
        self.fields["chart"].clinic = clinic
        self.people = {str(one.uid): one for one in trail.people(clinic)}
        self.fields["person"].choices = [("", _("everybody")), *((uid, one.name) for uid, one in self.people.items())]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("since") and said.get("until") and said["since"] > said["until"]:
            self.add_error("since", _("The first day is after the last."))
        return said

    def asked(self, *, patient: Patient | None, sort: str, descending: bool) -> trail.Asked:
        """What is wanted, by the days of the clinic's zone; a filter that could not be understood is not applied."""
        said = self.cleaned_data
        until = said.get("until") or self.today
        since = said.get("since") or until - timedelta(days=DAYS_SHOWN - 1)
        person = self.people.get(said.get("person") or "")
        return trail.Asked(
            clinic=self.clinic, since=self._midnight(since), until=self._midnight(until + timedelta(days=1)),
            person=person and person.uid, patient=patient or said.get("chart"), what=said.get("what", ""),
            sort=sort if sort in trail.SORTS else "when", descending=descending)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.clinic.tzinfo)


class NeedleStickForm(forms.Form):
    """What the log of an injury holds; when it was, if it was not now."""

    who = forms.CharField(label=_("Who was stuck"), max_length=160)
    place = forms.CharField(label=_("Where in the clinic"), max_length=80)
    device = forms.CharField(label=_("Which needle: kind and brand"), max_length=120)
    how = forms.CharField(label=_("How it happened"), max_length=500, widget=forms.Textarea({"rows": 3}))
    clock = forms.TimeField(label=_("Time, if it was not now"), required=False, widget=TimeInput)

    def said(self, now: datetime) -> dict[str, Any]:
        """The fields of the log; `now` is in the clinic's zone. A time that the clock has not shown today was yesterday's."""
        values = {name: self.cleaned_data[name] for name in ("who", "place", "device", "how")}
        clock = self.cleaned_data["clock"]
        at = now if clock is None else datetime.combine(now.date(), clock, now.tzinfo)
        return values | {"happened_at": at if at <= now else at - timedelta(days=1)}


class CloseDayForm(forms.Form):
    """One reason for each kind of what is still open. `found` is that by now; the page sends back how much of it was seen."""

    def __init__(self, data: Any = None, *, found: Mapping[str, int]) -> None:
        super().__init__(data)
        self.found = found
        for kind, count in found.items():
            field = forms.CharField(label=closings.in_words(kind, count), max_length=200, error_messages={
                "required": _("Mend it, or say why it stays open.")})
            field.kind, field.count = kind, count
            self.fields[f"why-{kind.replace(' ', '-')}"] = field

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name, field in self.fields.items():
            if name not in self.errors and field.count > self._seen(name):
                self.add_error(name, _("This is more than when the page was shown. Look at it, and send it again."))
        return said

    def why(self) -> dict[str, str]:
        """The reasons, by kind."""
        return {field.kind: self.cleaned_data[name] for name, field in self.fields.items()}

    def _seen(self, name: str) -> int:
        said = self.data.get(f"seen-{name}", "")
        return int(said) if said.isascii() and said.isdigit() else 0


class OpenAgainForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=300)


class ContainerForm(forms.Form):
    code = forms.CharField(label=_("Label"), max_length=40)
    place = forms.CharField(label=_("Where it stands"), max_length=80)


class CollectForm(forms.Form):
    how = forms.CharField(label=_("Who took it, with which receipt"), max_length=200)
