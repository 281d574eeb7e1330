"""What is asked, on one page: three taps, and more where a point near the lung, a nerve or the face was used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waterneedle.clinic.courses.asking import Asked
from waterneedle.clinic.followup.models import Bruise, Since
from waterneedle.clinic.followup.onset import DAYS
from waterneedle.clinic.followup.sites import FACE, FIRST, LATE, LUNG, NERVE
from waterneedle.clinic.web.forms import Segments

NOTHING = "nothing"
ASKED_HOW_LONG_FROM = DAYS[Since.DAYS_7][0]  # days: before, there is one answer alone
SIZE_CM = {Bruise.COIN: 2.5, Bruise.PALM: 12.0}  # what triage is told: a coin, and a palm or more
# By group: the symptom of the vocabulary, and what the patient reads.
SYMPTOMS: dict[str, tuple[tuple[str, Any], ...]] = {
    LUNG: (
        ("breathlessness", _("short of breath")),
        ("chest_pain", _("pain in the chest")),
        ("cough", _("a new cough")),
    ),
    NERVE: (
        ("numbness", _("numb somewhere")),
        ("weakness", _("weak in an arm, hand, leg or foot")),
        ("tingling", _("tingling or electric pain")),
    ),
    FACE: (
        ("face_swelling", _("swollen face")),
        ("drooping_face", _("one side of the face hangs")),
        ("vision_loss", _("seeing worse")),
        ("double_vision", _("seeing double")),
    ),
    FIRST: (
        ("hives", _("itchy bumps or a rash in other places")),
        ("throat_tightness", _("tight throat or hoarse")),
        ("breathlessness", _("short of breath")),
        ("fainting", _("fainted or nearly")),
    ),
    LATE: (
        ("nodule", _("a lump where the needle was")),
        ("redness", _("redness or warmth there")),
        ("pus", _("pus, or a wound that does not heal")),
        ("fever", _("fever or chills")),
    ),
}


def symptoms_of(groups: Iterable[str]) -> dict[str, Any]:
    """The symptoms that are asked for, each once, with their words."""
    found: dict[str, Any] = {}
    for group in groups:
        for name, words in SYMPTOMS.get(group, ()):
            found.setdefault(name, words)
    return found


def symptoms_asked(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Of a document of the contract, what was asked beside the bruise, in words, and whether it was there."""
    known = symptoms_of(SYMPTOMS)
    return [{"words": known[one["name"]], "present": one["present"]} for one in said["symptoms"] if one["name"] in known]


class CheckInForm(forms.Form):
    """The page of a check-in. `anything` sends it: nothing else, or what was written."""

    pain = forms.TypedChoiceField(
        label=_("How much does it hurt now, where you were injected?"),
        coerce=int,
        choices=[(n, str(n)) for n in range(11)],
        widget=Segments,
        error_messages={"required": _("Tap a number: 0 is no pain, 10 the worst there is.")},
    )
    bruise = forms.ChoiceField(
        label=_("A bruise, or skin of another color?"),
        choices=Bruise.choices,
        widget=Segments,
        error_messages={"required": _("Tap one of the three.")},
    )
    felt = forms.MultipleChoiceField(
        label=_("Since the visit, do you have any of these?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tap what you have, or “none of these”.")},
    )
    since = forms.ChoiceField(
        label=_("If something is there: for how long?"), required=False, choices=Since.choices, widget=Segments)
    said = forms.CharField(
        label=_("Anything else, in your own words"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    guardian = forms.BooleanField(label=_("I answer for the patient, as a parent or guardian"), required=False)

    def __init__(
        self, *args: Any, groups: Iterable[str], by_guardian: bool, days: int, measures: Iterable[Asked] = (), **kwargs: Any
    ) -> None:
        """`days` since the visit: of the first ones nobody is asked for how long."""
        super().__init__(*args, **kwargs)
        self.measures = tuple(measures)
        for one in self.measures:
            self.fields[one.name] = one.field
        self.initial.setdefault("guardian", by_guardian)
        self.asked = symptoms_of(groups)
        if self.asked:
            none = (NOTHING, pgettext_lazy("symptoms", "none of these"))
            self.fields["felt"].choices = [*self.asked.items(), none]
        else:
            del self.fields["felt"]
        if days >= ASKED_HOW_LONG_FROM:
            self.fields["since"].choices = [
                (one, word) for one, word in Since.choices if one not in DAYS or DAYS[one][0] <= days]
        else:
            del self.fields["since"]

    def measure_fields(self) -> list[Any]:
        """The questions of the patient's courses, bound."""
        return [self[one.name] for one in self.measures]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        ticked = cleaned.get("felt") or []
        if NOTHING in ticked and len(ticked) > 1:
            self.add_error("felt", _("You tapped “none of these” and a complaint as well. Take back one of the two."))
        if self.data.get("anything") == "some" and not (cleaned.get("said") or "").strip():
            self.add_error("said", _("Write what it is, or tap “Nothing else”."))
        return cleaned


def document(
    answers: Mapping[str, Any], *, groups: Iterable[str], hours: float, sites: Iterable[str], products: Iterable[str],
    pregnant: bool | None, language: str,
) -> dict[str, Any]:
    """The check-in of the contract, out of what a form has cleaned."""
    bruise, ticked = answers["bruise"], set(answers.get("felt") or ())
    asked = [{"name": "bruise", "present": bruise != Bruise.NONE} | _size(bruise)]
    # What was asked and not ticked was denied: whoever sends has tapped a symptom or "none of these".
    asked += [{"name": name, "present": name in ticked} for name in symptoms_of(groups)]
    return {
        "schema": "waterneedle/checkin/1",
        "hours_since_visit": round(max(0.0, hours), 2),
        "sites": list(sites),
        "symptoms": asked,
        "pain_now": answers["pain"],
        "free_text": (answers.get("said") or "").strip() or None,
        "products": list(products),
        "pregnant": pregnant,
        "language": language,
    }


def _size(bruise: str) -> dict[str, float]:
    return {"size_cm": SIZE_CM[Bruise(bruise)]} if bruise in SIZE_CM else {}
