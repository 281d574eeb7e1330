"""What is typed about a trial: its plan, and the few words that everything else takes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from waterneedle import knowledge
from waterneedle.clinic.patients.forms import PlainForm
from waterneedle.clinic.trials import plan as plans
from waterneedle.clinic.trials.models import DepartureKind
from waterneedle.clinic.trials.plan import CHECK_IN, Arm, Plan
from waterneedle.clinic.trials.queries import instrument_in_words
from waterneedle.clinic.web.forms import Segments
from waterneedle.outcomes.harm import Boundary

MOST_ARMS = 3
_LONG = {"widget": forms.Textarea(attrs={"rows": 3}), "max_length": 2000}


class PlanForm(PlainForm):
    """A plan of one kind. What does not hold together is said here; what is still missing, when it is frozen."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=200)
    question = forms.CharField(label=_("What is to be found out"), **_LONG)
    eligible = forms.CharField(label=_("Who can take part, and who cannot"), **_LONG)
    points = forms.CharField(label=_("Where: the same points in every arm"), max_length=300)
    balls = forms.TypedChoiceField(
        label=_("Balls of each arm in the urn at the start"), choices=[(one, one) for one in plans.BALLS],
        initial=2, coerce=int, widget=Segments,
        help_text=_("For each place one is drawn and put back, and one of every other arm is added. Few balls keep the arms near "
                    "to equally often; many let less be guessed."))
    size = forms.IntegerField(label=_("Planned number"), min_value=2, max_value=2000)
    size_why = forms.CharField(label=_("Why this number"), max_length=500)
    strata = forms.CharField(
        label=_("Strata"), required=False, max_length=300, help_text=_("Separated by commas; each has a sequence of its own."))
    washout_days = forms.IntegerField(label=_("Days between two treatments, at least"), min_value=0, max_value=365, initial=7)
    instrument = forms.ChoiceField(label=_("Outcome"))
    after_h = forms.FloatField(label=_("Measured so many hours after"), min_value=0, max_value=24 * 366, initial=24)
    window_h = forms.FloatField(label=_("Hours before or later that still count"), min_value=0.1, max_value=24 * 60, initial=12)
    analysis = forms.ChoiceField(label=_("Primary analysis"), widget=forms.RadioSelect)
    analysis_words = forms.CharField(label=_("More about the analysis"), required=False, **_LONG)
    harm_of = forms.ChoiceField(label=_("Events that count"), widget=Segments, choices=[
        ("serious", _("serious ones")), ("serious_or_related", _("serious ones, and those caused by the treatment"))])
    most_events = forms.IntegerField(
        label=_("Stop when an arm has more than so many"), min_value=0, max_value=100, required=False)
    acceptable_percent = forms.FloatField(
        label=_("Or when it is more than fits a rate of, in per cent"), min_value=0.01, max_value=99, required=False,
        help_text=_("By the exact binomial tail, at 5 %, looked at after every event."))
    is_prepared = forms.BooleanField(
        label=_("Another person prepares an opaque syringe under a code"), required=False, initial=True)
    ethics_number = forms.CharField(label=_("Number of the ethics approval"), max_length=100, required=False)
    ethics_why = forms.CharField(label=_("Or why none is needed"), max_length=500, required=False)
    asks = forms.CharField(
        label=_("What the patient reads and signs"), max_length=6000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("It becomes a line of the consent, in these words in every language."))

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, language = kind, get_language() or "en"
        named = ((one, product.name) for one, product in knowledge.products().items())
        products = [("", "–"), *sorted(named, key=lambda row: row[1])]
        for number in range(1, MOST_ARMS + 1):
            self._arm(number, products)
        self.fields["instrument"].choices = [
            (name, instrument_in_words(name, language)) for name in (CHECK_IN, *plans.instruments())]
        self.fields["analysis"].choices = [(name, plans.ANALYSES[name]) for name in plans.ANALYSES_OF[kind]]
        if kind == plans.N_OF_1:
            del self.fields["strata"]
            self.fields["size"].help_text = _("Visits in all.")
            self.fields["analysis"].initial = plans.ANALYSES_OF[kind][0]
        else:
            del self.fields["washout_days"]
            self.fields["size"].help_text = _("Patients in all.")

    def _arm(self, number: int, products: list[tuple[str, str]]) -> None:
        needed = number <= 2
        self.fields[f"arm{number}_name"] = forms.CharField(label=pgettext_lazy("trial", "Name"), max_length=80, required=needed)
        self.fields[f"arm{number}_technique"] = forms.ChoiceField(label=_("Technique"), required=needed, choices=[
            (plans.INJECTION, _("injection")), (plans.NEEDLE_ONLY, _("needle only"))])
        self.fields[f"arm{number}_product"] = forms.ChoiceField(label=_("Product"), choices=products, required=False)
        self.fields[f"arm{number}_colour"] = forms.ChoiceField(
            label=_("Looks"), choices=[("", "–"), *plans.COLOURS.items()], required=False)
        self.fields[f"arm{number}_how"] = forms.CharField(
            label=_("How it is prepared and given"), max_length=300, required=False)

    def arms_fields(self) -> list[list[forms.BoundField]]:
        """The fields of each arm, for the template."""
        names = ("name", "technique", "product", "colour", "how")
        return [[self[f"arm{number}_{name}"] for name in names] for number in range(1, MOST_ARMS + 1)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            for problem in plans.problems(self.plan()):
                self.add_error(None, problem)
        return cleaned

    def plan(self) -> Plan:
        said = self.cleaned_data
        rate = said["acceptable_percent"]
        strata = dict.fromkeys(one.strip() for one in said.get("strata", "").split(",") if one.strip())
        return Plan(
            kind=self.kind, arms=tuple(self._arms()), strata=tuple(strata), washout_days=said.get("washout_days") or 0,
            harm=Boundary(most_events=said["most_events"], acceptable_rate=None if rate is None else rate / 100),
            **{name: said[name] for name in (
                "title", "question", "eligible", "points", "balls", "size", "size_why", "instrument", "after_h", "window_h",
                "analysis", "analysis_words", "harm_of", "is_prepared", "ethics_number", "ethics_why", "asks")})

    def _arms(self) -> list[Arm]:
        said = self.cleaned_data
        found = []
        for number in range(1, MOST_ARMS + 1):
            own = {name: said.get(f"arm{number}_{name}", "") for name in ("name", "technique", "product", "colour", "how")}
            if own["name"]:
                fluid = own["technique"] == plans.INJECTION
                found.append(Arm(**own | {name: own[name] if fluid else "" for name in ("product", "colour")}))
        return found

    @staticmethod
    def typed(plan: Plan) -> dict[str, Any]:
        """What a plan is as it stands in the fields."""
        rate = plan.harm.acceptable_rate
        found = {name: getattr(plan, name) for name in (
            "title", "question", "eligible", "points", "size", "size_why", "washout_days", "instrument", "after_h", "window_h",
            "analysis", "analysis_words", "harm_of", "is_prepared", "ethics_number", "ethics_why", "asks")}
        found |= {
            "balls": plan.balls or None, "strata": ", ".join(plan.strata), "most_events": plan.harm.most_events,
            "acceptable_percent": None if rate is None else round(rate * 100, 6)}
        for number, arm in enumerate(plan.arms, 1):
            found |= {f"arm{number}_{name}": getattr(arm, name) for name in ("name", "technique", "product", "colour", "how")}
        return found


class AmendmentForm(PlainForm):
    text = forms.CharField(label=_("What is done otherwise from now on"), **_LONG)
    why = forms.CharField(label=_("Why"), max_length=500)


class WhyForm(PlainForm):
    """One reason."""

    why = forms.CharField(label=_("Why"), max_length=300)


class EndForm(PlainForm):
    why = forms.CharField(label=_("Why it ends now"), max_length=300, required=False, help_text=_(
        "Needed before the planned number is reached."))


class DeviationForm(PlainForm):
    text = forms.CharField(label=_("What went otherwise than planned"), max_length=500)


class ScreenForm(PlainForm):
    """Whether a patient can take part."""

    stratum = forms.ChoiceField(label=_("Stratum"), required=False)
    why_not = forms.CharField(
        label=_("Why not"), max_length=300, required=False, help_text=_("Empty: the patient can take part."))

    def __init__(self, *args: Any, strata: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stratum"].choices = [(one, one) for one in strata]
        if not strata:
            del self.fields["stratum"]


class DepartForm(PlainForm):
    kind = forms.ChoiceField(label=_("How"), choices=DepartureKind.choices)
    said = forms.CharField(label=_("What was said"), max_length=300, required=False)


class MeasureForm(PlainForm):
    """The outcome, as the patient has said it to somebody of the clinic."""

    value = forms.FloatField(label=_("Answer"))

    def __init__(self, *args: Any, ends: tuple[float, float], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        low, high = ends
        self.fields["value"].min_value, self.fields["value"].max_value = low, high
        self.fields["value"].validators += [
            forms.fields.validators.MinValueValidator(low), forms.fields.validators.MaxValueValidator(high)]
