"""What the staff types: corrections of what a patient has said, a consent to prepare or to end, the clinic's words for it."""

from __future__ import annotations

import datetime
import re
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.intake.models import Said, SaidKind
from waterneedle.clinic.intake.wording import Line, Section, Wording
from waterneedle.clinic.patients.forms import PLAUSIBLE, PlainForm
from waterneedle.clinic.patients.models import FactKind, MeasureKind, PregnancyStatus, Severity, Speaker
from waterneedle.clinic.web.forms import DateInput

_FACTS = (SaidKind.CONDITION, SaidKind.ALLERGY, SaidKind.MEDICATION, SaidKind.UNSURE)


class CorrectionForm(PlainForm):
    """One thing that was said, as it should stand in the record."""

    kind = forms.ChoiceField(label=_("What it is"), choices=FactKind.choices)
    said = forms.CharField(label=_("As it should read"), max_length=200)
    reaction = forms.CharField(label=_("Reaction"), max_length=200, required=False)
    severity = forms.ChoiceField(label=_("Severity"), choices=[("", "–"), *Severity.choices], required=False)
    value = forms.DecimalField(label=_("Value"), max_digits=6, decimal_places=2)
    status = forms.ChoiceField(label=_("Pregnancy"), choices=PregnancyStatus.choices)
    weeks = forms.DecimalField(label=_("Weeks"), min_value=0, max_value=45, max_digits=3, decimal_places=1, required=False)

    def __init__(self, *args: Any, said: Said, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.said = said
        says = said.says
        self.fields = {name: self.fields[name] for name in _names(said)}
        self.initial |= {name: says[name] for name in self.fields if says.get(name)}
        if "kind" in self.fields:
            self.initial["kind"] = says.get("of", FactKind.CONDITION)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.said.kind == SaidKind.MEASURE and (value := cleaned.get("value")) is not None:
            low, high = PLAUSIBLE[MeasureKind(self.said.says["kind"])]
            if not low <= value <= high:
                self.add_error("value", _("Expected between %(low)s and %(high)s. Check the unit.") % {"low": low, "high": high})
        if cleaned.get("weeks") is not None and cleaned.get("status") != PregnancyStatus.PREGNANT:
            self.add_error("weeks", _("Weeks belong to the answer “pregnant”."))
        return cleaned


def _names(said: Said) -> tuple[str, ...]:
    if said.kind == SaidKind.MEASURE:
        return ("value",)
    if said.kind == SaidKind.PREGNANCY:
        return ("status", "weeks")
    if said.kind == SaidKind.ALLERGY:
        return ("said", "reaction", "severity")
    return ("said",) if said.kind in (SaidKind.CONDITION, SaidKind.MEDICATION) else ("kind", "said")


class PrepareForm(PlainForm):
    """Which lines a consent is to have, for which course, until when."""

    lines = forms.MultipleChoiceField(label=_("What it covers"), widget=forms.CheckboxSelectMultiple)
    course = forms.CharField(label=_("For which course of treatment"), max_length=200, required=False)
    until = forms.DateField(label=_("In force until"), widget=DateInput, required=False, help_text=_("At most a year."))
    language = forms.ChoiceField(label=_("Language"))

    def __init__(
        self, *args: Any, wording: Wording, languages: list, today: datetime.date, without: tuple = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        lines = [line for line in wording.lines if line.id not in without]
        groups = {
            "product": _("What is injected"),
            "site": _("Where, and what follows from it"),
            "registry": _("What may be passed on"),
            "trial": _("A trial to take part in"),
        }
        self.fields["lines"].choices = [
            (name, [(line.id, line.title) for line in lines if line.kind == kind]) for kind, name in groups.items()
        ]
        self.fields["language"].choices = languages
        self.initial.setdefault("lines", [line.id for line in lines if line.usual])

    def clean_until(self) -> datetime.date | None:
        until = self.cleaned_data["until"]
        if until and until < self.today:
            raise forms.ValidationError(_("This day is over."))
        return until

    def asked(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        until = cleaned.get("until")
        return {"lines": cleaned["lines"], "course": cleaned.get("course", ""), "until": until.isoformat() if until else None}


class WithdrawalForm(PlainForm):
    line = forms.ChoiceField(label=_("What is taken back"), required=False)
    said_by = forms.ChoiceField(
        label=_("Who said it"), choices=[(one.value, one.label) for one in (Speaker.PATIENT, Speaker.GUARDIAN)]
    )
    why = forms.CharField(label=_("In their words"), max_length=300, required=False)

    def __init__(self, *args: Any, lines: dict[str, dict], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = [("", _("all of it")), *((name, line["title"]) for name, line in lines.items())]


class WordingForm(PlainForm):
    """A clinic's own words for the consent in one language. Sources are kept where the words they stand under are."""

    title = forms.CharField(label=_("Title"), max_length=200)
    agreement = forms.CharField(
        label=_("What the signature says"), widget=forms.Textarea, help_text=_("One sentence a paragraph.")
    )
    new_title = forms.CharField(label=_("A line of your own: title"), max_length=120, required=False)
    new_text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    new_kind = forms.ChoiceField(
        label=_("Kind"), choices=[("product", _("what is injected")), ("site", _("where"))], required=False
    )
    new_covers = forms.CharField(
        label=_("Names by which the check knows it"),
        max_length=300,
        required=False,
        help_text=_("Separated by commas, such as: procaine"),
    )

    def __init__(self, *args: Any, wording: Wording, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wording = wording
        self.initial = {"title": wording.title, "agreement": "\n\n".join(wording.agreement)} | self.initial
        for one in wording.sections:
            self._text(f"heading_{one.id}", _("Heading"), one.heading, rows=0)
            self._text(f"section_{one.id}", _("Text"), "\n\n".join(one.text), rows=6)
        for one in wording.lines:
            self._text(f"title_{one.id}", _("Title of the line"), one.title, rows=0)
            self._text(f"line_{one.id}", _("Text"), one.text, rows=4)
            self.fields[f"usual_{one.id}"] = forms.BooleanField(label=_("asked of everybody"), required=False, initial=one.usual)

    def clean(self) -> dict[str, Any]:
        self.cleaned_data |= {
            name: value.replace("\r\n", "\n") for name, value in self.cleaned_data.items() if isinstance(value, str)
        }
        cleaned = super().clean()
        if any(cleaned.get(name) for name in ("new_title", "new_text", "new_covers")):
            for name in ("new_title", "new_text", "new_covers"):
                if not cleaned.get(name):
                    self.add_error(name, _("A new line needs a title, a text, and a name that the check knows."))
        return cleaned

    def parts(self) -> dict[str, list]:
        """The fields, section by section and line by line."""
        return {
            "sections": [[self[f"heading_{one.id}"], self[f"section_{one.id}"]] for one in self.wording.sections],
            "lines": [[self[f"title_{one.id}"], self[f"line_{one.id}"], self[f"usual_{one.id}"]] for one in self.wording.lines],
            "new": [self[name] for name in ("new_title", "new_text", "new_kind", "new_covers")],
        }

    def words(self) -> Wording:
        cleaned = self.cleaned_data
        lines = tuple(self._line(one) for one in self.wording.lines) + self._new()
        return Wording(
            title=cleaned["title"],
            sections=tuple(self._section(one) for one in self.wording.sections),
            lines=lines,
            agreement=_paragraphs(cleaned["agreement"]),
        )

    def _section(self, one: Section) -> Section:
        text = _paragraphs(self.cleaned_data[f"section_{one.id}"])
        sources = one.sources if text == one.text else ()
        return msgspec.structs.replace(one, heading=self.cleaned_data[f"heading_{one.id}"], text=text, sources=sources)

    def _line(self, one: Line) -> Line:
        title, text, usual = (self.cleaned_data[f"{name}_{one.id}"] for name in ("title", "line", "usual"))
        return msgspec.structs.replace(one, title=title, text=text, usual=usual, sources=one.sources if text == one.text else ())

    def _new(self) -> tuple[Line, ...]:
        cleaned = self.cleaned_data
        covers = tuple(one.strip() for one in cleaned.get("new_covers", "").split(",") if one.strip())
        if not covers:
            return ()
        taken = {one.id for one in self.wording.lines}
        number = next(number for number in range(1, len(taken) + 2) if f"own_{number}" not in taken)
        return (
            Line(
                id=f"own_{number}",
                kind=cleaned.get("new_kind") or "product",
                title=cleaned["new_title"],
                text=cleaned["new_text"],
                covers=covers,
            ),
        )

    def _text(self, name: str, label: Any, initial: str, rows: int) -> None:
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        self.fields[name] = forms.CharField(label=label, initial=initial, max_length=4000, widget=widget)


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"\n\s*\n", text) if part.strip())
