"""What a patient is asked about health, step by step: fields with their words, and nothing of what is made of the answers.

No question must be answered: what is left open is "not answered", which is not "no". `reading.py` says what the answers mean.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from waterneedle import knowledge
from waterneedle.clinic.intake import figures
from waterneedle.clinic.patients.forms import PlainForm
from waterneedle.clinic.patients.models import PregnancyStatus, Severity, Sex
from waterneedle.clinic.web.forms import PickInput, Segments
from waterneedle.knowledge.fact import Text

YES, NO, UNSURE = "yes", "no", "unsure"
YES_NO = [(YES, _("yes")), (NO, _("no"))]
YES_NO_UNSURE = [*YES_NO, (UNSURE, _("not sure"))]
LONGEST_TEXT, LONGEST_NAME, MOST_NAMED = 1000, 120, 40

# Conditions that matter most for an injection, by concept of the vocabulary.
CONDITIONS = {
    "bleeding_disorder": _("a bleeding disorder, such as haemophilia"),
    "diabetes": _("diabetes"),
    "pacemaker": _("a pacemaker"),
    "heart_valve_prosthesis": _("an artificial heart valve"),
    "joint_implant": _("an artificial joint"),
    "chronic_lung_disease": _("a lasting disease of the lungs, such as COPD"),
    "asthma": _("asthma"),
    "pneumothorax_history": _("a collapsed lung, ever"),
    "epilepsy": _("epilepsy"),
    "immunosuppression": _("a weak immune system, by illness or by a medicine"),
    "lymphoedema": _("a swollen arm or leg (lymphoedema)"),
    "at_risk_limb": _("lymph nodes taken out or treated with rays"),
    "kidney_disease": _("a disease of the kidneys"),
    "liver_disease": _("a disease of the liver"),
    "cancer_active": _("cancer, or treatment for it, now"),
    "skin_infection": _("an infection of the skin, now"),
    "leber": _("Leber's disease of the optic nerve"),
}
ALLERGIES = {
    "cobalamin": _("vitamin B-12"),
    "metal": _("metal, such as nickel or cobalt in jewellery"),
    "asteraceae": _("daisies, ragweed, arnica or chamomile"),
    "local_anesthetic": _("a local anaesthetic, such as at the dentist's"),
    "hymenoptera": _("the sting of a bee or a wasp"),
    "paraben": _("parabens, a preservative in creams"),
    "sulfite": _("sulfites, such as in wine or dried fruit"),
    "latex": _("latex"),
    "adhesive": _("plasters"),
    "porcine": _("pork or gelatine"),
}


class Step(PlainForm):
    """One page of the questionnaire. `of` names what its own answers do not know: the patient, the other steps, addresses."""

    name = ""
    title: Any = ""
    lead: Any = ""
    template = "intake/steps/_plain.html"

    def __init__(self, *args: Any, of: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = of or {}
        self.make(self.of)

    def make(self, of: dict[str, Any]) -> None:
        """Add the fields that depend on what is known of the patient."""

    def clean(self) -> dict[str, Any]:
        # The texts of several lines come with the line ends of a browser, which are no foreign signs.
        self.cleaned_data |= {
            name: value.replace("\r\n", "\n") for name, value in self.cleaned_data.items() if isinstance(value, str)
        }
        return super().clean()

    def ask(self, name: str, label: Any, choices: list, help_text: Any = "") -> None:
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False, widget=Segments, help_text=help_text)

    def text(self, name: str, label: Any, rows: int = 0, help_text: Any = "", longest: int = LONGEST_TEXT) -> None:
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
        self.fields[name] = forms.CharField(label=label, required=False, max_length=longest, widget=widget, help_text=help_text)

    def names(self, name: str, label: Any, kind: str, help_text: Any = "") -> None:
        url = self.of.get("suggestions", {}).get(kind, "")
        self.fields[name] = Named(label=label, url=url, help_text=help_text)


class Named(forms.Field):
    """Several things named in the patient's own words, picked from the vocabulary or not."""

    def __init__(self, *, url: str, **options: Any) -> None:
        super().__init__(required=False, widget=PickInput(url, many=True, attrs={"maxlength": LONGEST_NAME}), **options)

    def clean(self, value: Any) -> list[str]:
        named = [one.strip() for one in value or () if one.strip()]
        if len(named) > MOST_NAMED or any(len(one) > LONGEST_NAME for one in named):
            raise forms.ValidationError(_("Write at most 40, each of at most 120 signs."))
        return list(dict.fromkeys(named))


class Reason(Step):
    name, title = "reason", _("Why you come")

    def make(self, of: dict[str, Any]) -> None:
        self.text("complaint", _("What brings you to us?"), rows=3)
        self.text("since", _("Since when?"), longest=200)
        self.text("sought", _("What should be better, or what would you like to be able to do again?"), rows=2)
        self.text("tried", _("What have you tried, and did it help?"), rows=2)


class Health(Step):
    name, title = "health", _("Your health")
    lead = _("Do you have, or have you had …")

    def make(self, of: dict[str, Any]) -> None:
        for concept, words in CONDITIONS.items():
            self.ask(f"has_{concept}", words, YES_NO_UNSURE)
        self.ask("any", _("any other illness or condition"), YES_NO)
        self.names("others", _("Which?"), "condition", _("One after the other, in your own words."))


class Medicines(Step):
    name, title = "medicines", _("Your medicines")

    def make(self, of: dict[str, Any]) -> None:
        self.ask("any", _("Do you take any medicine, vitamin or supplement?"), YES_NO)
        self.names("medicines", _("Which?"), "medication", _("All of them, also without a prescription. The name is enough."))
        self.ask(
            "thinner",
            _("Is one of them a blood thinner?"),
            YES_NO_UNSURE,
            _("Such as warfarin, apixaban, clopidogrel or aspirin."),
        )


class Allergies(Step):
    name, title = "allergies", _("Your allergies")
    lead = _("Have you ever had an allergic or a bad reaction to …")

    def make(self, of: dict[str, Any]) -> None:
        for concept, words in ALLERGIES.items():
            self.ask(f"to_{concept}", words, YES_NO_UNSURE)
        self.ask("any", _("anything else: a medicine, a food, a plant, an animal"), YES_NO)
        self.names("others", _("What?"), "allergy", _("One after the other, in your own words."))
        self.ask(
            "anaphylaxis",
            _("Have you ever had a severe allergic reaction?"),
            YES_NO_UNSURE,
            _("With trouble breathing, a swollen face or throat, or collapse."),
        )


class Reactions(Step):
    """What happened with each allergy that the step before has named."""

    name, title = "reactions", _("What happened")
    template = "intake/steps/_reactions.html"

    def make(self, of: dict[str, Any]) -> None:
        self.about = named_allergies(of.get("typed", {}).get("allergies", {}))
        for key, words in self.about.items():
            self.text(f"what_{key}", words, longest=200, help_text=_("What happened?"))
            self.ask(f"bad_{key}", _("How bad was it?"), [*Severity.choices])

    def parts(self) -> list[tuple[str, Any, Any]]:
        """What was named, with its two fields."""
        return [(words, self[f"what_{key}"], self[f"bad_{key}"]) for key, words in self.about.items()]


class Before(Step):
    name, title = "before", _("Earlier treatment")

    def make(self, of: dict[str, Any]) -> None:
        self.ask("treated", _("Have you had acupuncture or injections of this kind before?"), YES_NO)
        self.ask("reacted", _("Did an injection, a vaccine or a needle ever do you harm?"), YES_NO_UNSURE)
        self.text("reaction", _("What happened, and after what?"), rows=2)
        self.ask("fainted", _("Have you ever fainted, at a needle or otherwise?"), YES_NO_UNSURE)
        self.ask("afraid", _("Are you very afraid of needles?"), YES_NO)


class Body(Step):
    name, title = "body", _("Your body")
    template = "intake/steps/_body.html"

    def make(self, of: dict[str, Any]) -> None:
        if of.get("sex") != Sex.MALE:
            choices = [(value, label) for value, label in PregnancyStatus.choices if value != PregnancyStatus.UNKNOWN]
            self.ask("pregnancy", _("Are you pregnant?"), [*choices, (PregnancyStatus.UNKNOWN, _("I do not know"))])
            self.fields["pregnancy"].widget = forms.RadioSelect(choices=self.fields["pregnancy"].choices)
            self.fields["weeks"] = forms.DecimalField(
                label=_("In which week?"),
                required=False,
                min_value=0,
                max_value=45,
                max_digits=3,
                decimal_places=1,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
            )
            self.ask("breastfeeding", _("Do you breastfeed?"), YES_NO)
        self.text("height", _("How tall are you?"), longest=20, help_text=_("Such as 170 cm, or 5 ft 7 in."))
        self.text("weight", _("How much do you weigh?"), longest=20, help_text=_("Such as 70 kg, or 154 lb."))

    def clean_height(self) -> str:
        return self._read("height", figures.height_cm)

    def clean_weight(self) -> str:
        return self._read("weight", figures.weight_kg)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("weeks") is not None and cleaned.get("pregnancy") != PregnancyStatus.PREGNANT:
            self.add_error("weeks", _("Weeks belong to the answer “pregnant”."))
        return cleaned

    def _read(self, name: str, reader: Any) -> str:
        typed = self.cleaned_data[name]
        try:
            if typed:
                reader(typed)
        except ValueError as problem:
            raise forms.ValidationError(figures.words_of(problem)) from problem
        return typed


class Pain(Step):
    name, title = "pain", _("Where it hurts")
    lead = _("Paint it on the body, or say it in words.")
    template = "intake/steps/_pain.html"

    def make(self, of: dict[str, Any]) -> None:
        self.fields["drawing"] = forms.CharField(
            label=_("Drawing"), required=False, max_length=figures.LONGEST_DRAWING, widget=forms.HiddenInput
        )
        self.text("words", _("In words"), rows=2, help_text=_("Such as: right knee, inner side, worst on stairs."), longest=500)

    def clean_drawing(self) -> str:
        try:
            figures.runs(self.cleaned_data["drawing"])
        except ValueError as problem:
            raise forms.ValidationError(_("The drawing could not be read. Paint it anew, or say it in words.")) from problem
        return self.cleaned_data["drawing"]


# The instruments that are asked, each with the field in which the patient names what it is about.
INSTRUMENTS = {
    "pain-now-0-10": "",
    "pain-average-0-10": "",
    "function-0-10": "task",
    "own-problem-0-10": "problem",
    "sleep-0-10": "",
    "energy-0-10": "",
}


class Scores(Step):
    """Numbers from 0 to 10, in the words of the instruments."""

    name, title = "scores", _("How it is now")
    template = "intake/steps/_scores.html"

    def make(self, of: dict[str, Any]) -> None:
        language = of.get("language", "en")
        self.text(
            "task", _("Name one thing that you find hard because of it"), longest=200, help_text=_("Such as climbing stairs.")
        )
        self.text("problem", _("Name what troubles you most"), longest=200, help_text=_("Such as pain at night."))
        for one in INSTRUMENTS:
            for item in knowledge.instruments()[one].items:
                numbers = range(int(item.minimum or 0), int(item.maximum or 0) + 1)
                self.ask(f"{one}.{item.id}", said(item.text, language), [(str(number), str(number)) for number in numbers])

    def parts(self) -> list[dict[str, Any]]:
        """Each question with what it is about, its field, and what the two ends mean."""
        found = []
        language = self.of.get("language", "en")
        for one, named in INSTRUMENTS.items():
            for item in knowledge.instruments()[one].items:
                ends = [said(text, language) if text else "" for text in (item.low_text, item.high_text)]
                found.append(
                    {"named": self[named] if named else None, "field": self[f"{one}.{item.id}"], "low": ends[0], "high": ends[1]}
                )
        return found


class Measures(Step):
    """The questions of a course of treatment: few, and the same each time. `measures` and `named` are what the form asks."""

    name, title = "measures", _("How it is now")
    lead = _("The same few questions each time, so that a change shows.")
    template = "intake/steps/_measures.html"

    def make(self, of: dict[str, Any]) -> None:
        language = of.get("language", "en")
        for one in of.get("measures", ()):
            for item in knowledge.instruments()[one].items:
                self._ask(f"{one}.{item.id}", item, language)

    def _ask(self, name: str, item: Any, language: str) -> None:
        words = said(item.text, language)
        if item.choices:
            self.ask(name, words, [(f"{one.value:g}", said(one.text, language)) for one in item.choices])
            self.fields[name].widget = forms.RadioSelect(choices=self.fields[name].choices)
        elif (item.minimum, item.maximum) == (0, 10):
            self.ask(name, words, [(str(number), str(number)) for number in range(11)])
        else:
            self.fields[name] = forms.IntegerField(
                label=words, required=False, min_value=int(item.minimum or 0), max_value=int(item.maximum or 999),
                widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}))

    def parts(self) -> list[dict[str, Any]]:
        """Each question with its field, what the ends mean, and what it is about in the patient's words."""
        language, found = self.of.get("language", "en"), []
        for one in self.of.get("measures", ()):
            about = words_about(one, self.of)
            for item in knowledge.instruments()[one].items:
                ends = [said(text, language) if text else "" for text in (item.low_text, item.high_text)]
                found.append({"about": about, "field": self[f"{one}.{item.id}"], "low": ends[0], "high": ends[1]})
        return found


def words_about(instrument: str, of: Mapping[str, Any]) -> str:
    """What a question of a course is about, in the patient's words. Forms of before have one wording for all their questions."""
    named = of.get("named") or {}
    if isinstance(named, str):
        return named if INSTRUMENTS.get(instrument) else ""
    return named.get(instrument, "")


STEPS: tuple[type[Step], ...] = (Reason, Health, Medicines, Allergies, Reactions, Before, Body, Pain, Scores)
BY_NAME = {step.name: step for step in (*STEPS, Measures)}
LAST = "send"  # the page on which all is gone through and sent back


def step_of(name: str, typed: dict[str, dict[str, Any]], of: dict[str, Any]) -> Step:
    """The step `name` with what was typed into it so far."""
    return BY_NAME[name](typed.get(name), of={**of, "typed": typed})


def shown_steps(typed: dict[str, dict[str, Any]]) -> list[type[Step]]:
    """The steps that this patient goes through: without reactions where there is none to speak of."""
    return [step for step in STEPS if step is not Reactions or named_allergies(typed.get("allergies", {}))]


def named_allergies(typed: dict[str, Any]) -> dict[str, str]:
    """What the patient reacts to, by a key that stays when another is added: ticked first, then in their own words."""
    ticked = [(concept, words) for concept, words in ALLERGIES.items() if typed.get(f"to_{concept}") == YES]
    others = [one.strip() for one in typed.get("others") or () if one.strip()] if typed.get("any") != NO else []
    return {concept: str(words) for concept, words in ticked} | {_key(one): one for one in others[:MOST_NAMED]}


def _key(words: str) -> str:
    return hashlib.sha256(words.casefold().encode()).hexdigest()[:10]


def said(text: Text, language: str) -> str:
    return text.translation(language) or text.en
