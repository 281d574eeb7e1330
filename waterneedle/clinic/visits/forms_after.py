"""What is typed while somebody reacts."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.visits import became
from waterneedle.clinic.visits.day import visits_of_patient_on
from waterneedle.clinic.visits.models import Became, StruckSyringe, Syringe, Visit
from waterneedle.clinic.visits.models_after import Outcome, Reaction
from waterneedle.clinic.visits.reactions import doses
from waterneedle.clinic.web import words
from waterneedle.clinic.web.forms import DoseField, MomentField, Segments, TimeInput

OTHER = "other"
MOST_MG = Decimal(5)
MOST_YEARS = 20  # so long ago a visit may be that is written down now; older ones have a mistyped year; our judgement


class WatchForm(forms.Form):
    """How long this clinic watches after the last puncture."""

    ordinary_min = forms.IntegerField(label=_("Ordinarily, in minutes"), min_value=1, max_value=240)
    longer_min = forms.IntegerField(
        label=_("After a first dose, a new product or a reaction, in minutes"), min_value=1, max_value=240)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("ordinary_min") and said.get("longer_min") and said["longer_min"] < said["ordinary_min"]:
            self.add_error("longer_min", _("The longer time is not shorter than the ordinary one."))
        return said


class HappenedForm(forms.Form):
    """When a visit was that is written down only now, by the clinic's clock. Where one of that day is on record, `there`, it is
    asked whether this is another: one paper is easily entered by two people."""

    happened_at = MomentField(
        label=_("When it was"),
        help_text=_("Date and time of the first puncture, as they stand on the paper."))
    is_another = forms.BooleanField(label=_("It is another visit, and stands nowhere yet"), required=False)

    def __init__(self, *args: Any, patient: Patient, **options: Any) -> None:
        super().__init__(*args, **options)
        self.patient, self.born, self.there = patient, patient.birth_date, list[Visit]()
        if not self.is_bound:
            del self.fields["is_another"]

    def clean_happened_at(self) -> datetime.datetime:
        at, now = self.cleaned_data["happened_at"], timezone.now()
        if at > now:
            raise forms.ValidationError(_("This has not happened yet. A visit of now is begun without a time."))
        if now.year - at.year > MOST_YEARS or (self.born is not None and timezone.localdate(at) < self.born):
            raise forms.ValidationError(_("Look at the year: this is too long ago for a visit of this patient."))
        return at

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if at := said.get("happened_at"):
            self.there = visits_of_patient_on(self.patient, timezone.localdate(at))
        if not self.there:
            del self.fields["is_another"]
        elif not said["is_another"]:
            self.add_error("is_another", _("A visit of that day is on record. Look at it first: is it the same paper?"))
        return said


class TimeForm(forms.Form):
    """When something was, if not now."""

    clock = forms.TimeField(label=_("Time, if it was not now"), required=False, widget=TimeInput)

    def __init__(self, *args: Any, reaction: Reaction, **options: Any) -> None:
        super().__init__(*args, **options)
        self.reaction = reaction

    def clean_clock(self) -> datetime.datetime | None:
        """The last time that the clock showed this; it cannot lie more than a day back."""
        said = self.cleaned_data["clock"]
        if said is None:
            return None
        now = timezone.localtime()
        at = datetime.datetime.combine(now.date(), said, now.tzinfo)
        at = at if at <= now else datetime.datetime.combine(now.date() - datetime.timedelta(days=1), said, now.tzinfo)
        if at < self.reaction.began_at - datetime.timedelta(hours=1):
            raise forms.ValidationError(
                _("The reaction began at %(clock)s. Write a time from then until now.")
                % {"clock": words.clock(self.reaction.began_at)}
            )
        return at


class EpinephrineForm(TimeForm):
    """What was given. Nothing is chosen beforehand."""

    dose = forms.ChoiceField(label=_("Epinephrine given"), widget=Segments)
    other_mg = DoseField(label=_("Other dose"), unit="mg", required=False, max_value=MOST_MG, decimal_places=2, max_digits=4)
    where = forms.CharField(label=_("Where"), required=False, max_length=120)
    field_order = ("dose", "other_mg", "where", "clock")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [(str(one.mg), words.amount(one.mg, "mg")) for one in doses()]
        self.fields["dose"].choices = [*offered, (OTHER, _("another dose"))]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("dose") == OTHER and not said.get("other_mg") and "other_mg" not in self.errors:
            self.add_error("other_mg", _("Write how much was given."))
        if said.get("dose") not in (None, OTHER) and said.get("other_mg"):
            self.add_error("other_mg", _("Two doses are written: leave one out."))
        return said

    @property
    def dose_mg(self) -> Decimal:
        said = self.cleaned_data
        return said["other_mg"] if said["dose"] == OTHER else Decimal(said["dose"])


class NoteForm(TimeForm):
    said = forms.CharField(label=_("Note"), max_length=300, widget=forms.Textarea({"rows": 2}))
    field_order = ("said", "clock")


class EndForm(TimeForm):
    """How it ended. Nothing is chosen beforehand."""

    outcome = forms.ChoiceField(label=_("How it ended"), choices=Outcome.choices, widget=forms.RadioSelect)
    field_order = ("outcome", "clock")


class MistakeForm(forms.Form):
    """Why it was none."""

    why = forms.CharField(label=_("Why"), max_length=300)


class BecameForm(forms.Form):
    """What became of a syringe of a struck visit: nothing is chosen beforehand, and the syringes that it may be are named."""

    became = forms.ChoiceField(label=_("What became of it"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, row: StruckSyringe, **options: Any) -> None:
        super().__init__(*args, auto_id=f"id_{row.syringe.code}_%s", **options)
        self.row, self.anew = row, {str(one.uid): one for one in became.anew_of(row)[: became.MOST_OFFERED]}
        ends = [Became.GONE] if became.was_given_from(row.syringe) else [Became.GONE, Became.NEVER]
        self.fields["became"].choices = [
            *((uid, _anew_in_words(one)) for uid, one in self.anew.items()), *((one, one.label) for one in ends)]

    def said(self) -> dict[str, Any]:
        """What `became.say` asks."""
        said = self.cleaned_data["became"]
        return {"became": Became.ANEW, "anew": self.anew[said]} if said in self.anew else {"became": said}


def _anew_in_words(one: Syringe) -> str:
    """Which it is, without a word of whose."""
    fluids = " + ".join(f"{words.amount(fill.volume_ml, 'mL')} {fill.vial.lot.item} ({fill.vial.code})" for fill in one.contents)
    return _("entered anew as %(code)s: %(fluids)s, %(when)s by %(who)s") % {
        "code": one.code, "fluids": fluids, "when": words.moment(one.drawn_at, short=True), "who": one.drawn_by.name}
