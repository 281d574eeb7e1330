"""What a patient types at the door, at the end of a questionnaire, and under a consent."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.intake import signature, wording
from waterneedle.clinic.intake.models import ConsentText, Signer
from waterneedle.clinic.intake.wording import Line
from waterneedle.clinic.patients.forms import PlainForm
from waterneedle.clinic.patients.models import Guardian
from waterneedle.clinic.web.forms import Segments

AGREED, NOT_AGREED = "yes", "no"


class DoorForm(PlainForm):
    """First name and date of birth. The month is a word, so that nobody exchanges it with the day."""

    name = forms.CharField(label=_("First name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    day = forms.IntegerField(label=_("Day"), min_value=1, max_value=31)
    month = forms.TypedChoiceField(label=_("Month"), coerce=int, choices=[("", "–"), *MONTHS.items()])
    year = forms.IntegerField(label=_("Year"), min_value=1880, max_value=2200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("day", "year"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short"})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if all(cleaned.get(one) for one in ("day", "month", "year")):
            try:
                cleaned["born"] = datetime.date(cleaned["year"], cleaned["month"], cleaned["day"])
            except ValueError:
                self.add_error("day", _("There is no such day in this month."))
        return cleaned


class SendForm(forms.Form):
    by = forms.ChoiceField(
        label=_("Who has answered?"),
        widget=forms.RadioSelect,
        choices=[("patient", _("I, the patient")), ("guardian", _("I, for the patient, as a parent or guardian"))],
    )


class ConsentForm(PlainForm):
    """Each line is agreed to or not; then a signature, drawn or typed, by the patient or by who may sign for them."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    signed_by = forms.ChoiceField(label=_("Who signs?"), widget=forms.RadioSelect)
    interpreter = forms.CharField(label=_("Name of the interpreter, if there was one"), max_length=200, required=False)
    way = forms.ChoiceField(
        label=_("How do you want to sign?"),
        widget=Segments,
        initial="drawn",
        choices=[("drawn", _("by drawing")), ("typed", _("by typing"))],
    )
    drawn = forms.CharField(required=False, max_length=200_000, widget=forms.HiddenInput)
    typed = forms.CharField(label=_("Your full name"), max_length=200, required=False)

    def __init__(
        self,
        *args: Any,
        text: ConsentText,
        lines: Sequence[str],
        guardians: Sequence[Guardian],
        needs_guardian: bool,
        needs_interpreter: bool,
        only_lines: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.only_lines = only_lines
        self.text, self.words, self.guardians = text, wording.read(text.words), {str(one.uid): one for one in guardians}
        self.asked: tuple[Line, ...] = self.words.lines_of(lines)
        self.initial["version"] = text.version
        for line in self.asked:
            self.fields[f"line_{line.id}"] = forms.ChoiceField(
                label=line.title,
                widget=Segments,
                choices=[(AGREED, _("I agree")), (NOT_AGREED, _("I do not agree"))],
                error_messages={"required": _("Say whether you agree or not; both is right.")},
            )
        signers = [] if needs_guardian else [(Signer.PATIENT.value, _("I, the patient"))]
        self.fields["signed_by"].choices = signers + [(key, f"{one.name}, {one.relation}") for key, one in self.guardians.items()]
        if len(self.fields["signed_by"].choices) == 1:
            self.initial["signed_by"] = self.fields["signed_by"].choices[0][0]
        self.fields["interpreter"].required = needs_interpreter
        if only_lines:
            self.fields["typed"].label = _("Your initials")
        for name in ("interpreter", "typed"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def parts(self) -> list[tuple[Line, Any]]:
        """Each line with its field."""
        return [(line, self[f"line_{line.id}"]) for line in self.asked]

    @property
    def sources(self) -> tuple[str, ...]:
        """Of what is shown, each once."""
        shown = (*(() if self.only_lines else self.words.sections), *self.asked)
        return tuple(dict.fromkeys(source for part in shown for source in part.sources))

    @property
    def can_be_signed(self) -> bool:
        return bool(self.fields["signed_by"].choices)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("version") not in (None, self.text.version):
            self.data = self.data.copy()
            self.data["version"] = self.text.version
            self.add_error(
                None, _("The words of this consent have changed since you opened it. Please read it again and sign anew.")
            )
        if cleaned.get("way") == "typed" and not cleaned.get("typed"):
            self.add_error("typed", (
                _("Write your initials; they stand for your signature.") if self.only_lines
                else _("Write your full name; it stands for your signature.")))
        if cleaned.get("way") == "drawn":
            self._require_drawing(cleaned)
        answered = all(cleaned.get(f"line_{line.id}") for line in self.asked)
        if answered and not self.agreed():
            self.add_error(
                None, _("You agreed to no line, so there is nothing to sign. Tell the clinic; no form is needed to say no.")
            )
        return cleaned

    def agreed(self) -> list[str]:
        return [line.id for line in self.asked if self.cleaned_data.get(f"line_{line.id}") == AGREED]

    def signing(self) -> dict[str, Any]:
        """What was decided, for `actions_forms.submit_consent`."""
        cleaned = self.cleaned_data
        guardian = self.guardians.get(cleaned["signed_by"])
        drawn = cleaned["way"] == "drawn"
        return {
            "agreed": self.agreed(),
            "signed_by": Signer.GUARDIAN if guardian else Signer.PATIENT,
            "guardian": guardian,
            "interpreter": cleaned["interpreter"],
            "drawn": cleaned["drawn"] if drawn else "",
            "typed": "" if drawn else cleaned["typed"],
        }

    def _require_drawing(self, cleaned: dict[str, Any]) -> None:
        try:
            signature.strokes(cleaned.get("drawn", ""))
        except ValueError:
            self.add_error("way", _("Sign in the field below with a finger, a pen or the mouse, or choose to type your name."))
