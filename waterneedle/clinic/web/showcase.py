"""What the page of components shows: invented values, and a form with every kind of field."""
from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.web.context import THEMES
from waterneedle.clinic.web.forms import DateInput, DoseField, PickField, Segments

ROUTES = [("", _("Choose…")), ("sc", _("Under the skin")), ("im", _("Into the muscle"))]
SIDES = [("left", _("Left")), ("right", _("Right")), ("both", _("Both"))]


class Example(SimpleNamespace):
    """An invented row of anything."""

    __hash__ = object.__hash__


class ShowcaseForm(forms.Form):
    """Every kind of field."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As it stands on the identity card."))
    born = forms.DateField(label=_("Date of birth"), widget=DateInput)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    volume_ml = DoseField(label=_("Volume"), unit="mL")
    side = forms.ChoiceField(label=_("Side"), choices=SIDES, widget=Segments)
    route = forms.ChoiceField(label=_("Route"), choices=ROUTES)
    reasons = forms.MultipleChoiceField(
        label=_("What for"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("pain", _("Pain")), ("sleep", _("Sleep")), ("other", _("Something else"))])
    medicines = PickField(label=_("Medicines"), many=True, required=False, help_text=_("Pick one, or write it and press Enter."))
    told = forms.CharField(label=_("In the patient's own words"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    consent = forms.BooleanField(label=_("The consent was read aloud"))


def context(request: HttpRequest) -> dict[str, Any]:
    now, hour = timezone.now(), dt.timedelta(hours=1)
    return {
        "themes": [(theme, *_forms(theme)) for theme in THEMES],
        "now": now,
        "header": Example(
            clinical=True, name="Ana Ruiz", url="#", age="44", sex="F", chosen_name="", allergies=[_("cobalt")],
            anticoagulants=["apixaban"], antiplatelets=[], pregnancy=_("not pregnant"), pregnancy_severity="",
            last_reaction=_("bruise, Nov 12"), interpreter="Español"),
        "unknown": Example(
            clinical=True, name="欧阳娜娜", url="#", age="31", sex="F", chosen_name="", allergies=None, anticoagulants=None,
            antiplatelets=[], pregnancy=_("pregnant, week 22"), pregnancy_severity="warn", last_reaction="", interpreter=""),
        "issues": _issues(),
        "events": [
            Example(when=now - 2 * hour, title=_("Visit 3 signed"), text=_("4 points, cyanocobalamin 1.3 mL"), url="#"),
            Example(when=now - 24 * hour, title=_("Answered the next day"), text=_("Small bruise, pain 6 to 4"), severity="warn"),
            Example(when=now - 240 * hour, title=_("Fainted"), text=_("Lay down for 10 minutes"), severity="block"),
        ],
        "tabs": [
            Example(url="#", word=_("Overview"), current=True),
            Example(url="#", word=_("Visits"), count=3),
            Example(url="#", word=_("Consent"))],
        "columns": [
            Example(word=_("Lot"), url="#", sort="ascending"), Example(word=_("Product")),
            Example(word=_("Expires")), Example(word=_("In stock"))],
        "rows": [
            Example(url="#", cells=["0417", "Cyanocobalamin 1000 mcg/mL", "2027-08", "24.5 mL"]),
            Example(url="#", cells=["A-2291", "Sodium chloride 0.9 %", "2027-01", "110 mL"]),
            Example(url="#", cells=["PX 88", "Lidocaine 1 %", "2026-12", "3 mL"])],
        "page": Paginator(range(1234), 50).page(2),
        "course": [6, 5, None, 5, 4, 2],
        "points": ["ST36", "LI11", "GB21", "SP6"],
        "icons": ICONS,
    }


def _forms(theme: str) -> tuple[ShowcaseForm, ShowcaseForm]:
    """The form as it is opened, and as it comes back with everything wrong."""
    known = {"name": "Ana Ruiz", "born": dt.date(1982, 3, 14), "medicines": ["apixaban", "ibuprofen"]}
    sent = {"name": "", "volume_ml": "1,250", "born": "tomorrow", "medicines": ["apixaban"], "told": "It pulls on the stairs."}
    wrong = f"wrong-{theme}"
    return ShowcaseForm(initial=known, prefix=theme), ShowcaseForm({f"{wrong}-{name}": sent[name] for name in sent}, prefix=wrong)


def _issues() -> list[Example]:
    source = Example(url="https://doi.org/10.1016/j.jams.2018.06.004", certainty="low", title="Ultrasonography at GB 21")
    return [
        Example(severity="block", message=_("Planned 25 mm straight down at GB21: the lung's pleura may begin at 14.6 mm."),
                remedy=_("Keep the tip less than 10.95 mm deep, or choose another point."), injections=["1"], sources=[source]),
        Example(severity="warn", message=_("Apixaban and an injection into the muscle."),
                remedy=_("Small needle, firm pressure for 5 minutes."), injections=["2", "3"], sources=[source], recorded=True),
        Example(severity="note", message=_("What the consent names is not on record."), missing=["consent.covers"]),
        Example(severity="ok", message=_("Nothing on file speaks against it.")),
    ]


ICONS = (
    "today patients book shelf tasks followup chart needle drop search block warn note ok check cross plus minus chevron back "
    "forward up down undo edit print download lock key scan phone mail clock user clinic settings sun moon language filter trash "
    "link sign out help keyboard offline alert more figures eye").split()
