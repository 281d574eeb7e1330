"""What is typed about a course, and the questions of an instrument as they are entered here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from waterneedle.clinic.courses.models import MOST_SESSIONS, Agreed, Reason
from waterneedle.clinic.courses.saying import in_language, indications
from waterneedle.clinic.web.forms import Segments
from waterneedle.knowledge import Instrument

USUAL_PLANNED, USUAL_REVIEW = 6, 3  # what a new form begins with; our judgement, changed at will


class AgreedForm(forms.ModelForm):
    class Meta:
        model = Agreed
        fields = ["goal", "named", "planned", "review_after"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["goal"].help_text = _("Such as: walk to the shop without stopping.")
        self.fields["named"].help_text = _("Asked each time in the same words. Such as: climbing stairs.")
        for name in ("planned", "review_after"):
            self.fields[name].widget.attrs |= {"class": "short", "min": 1, "max": MOST_SESSIONS}

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        planned, review = said.get("planned"), said.get("review_after")
        if planned and review and review > planned:
            self.add_error("review_after", _("Not after more sessions than are planned."))
        return said


class BeginForm(AgreedForm):
    indication = forms.ChoiceField(label=gettext_lazy("Treated for"))
    field_order = ["indication", "goal", "named", "planned", "review_after"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indication"].choices = [("", "–"), *indications()]


class ChangeForm(AgreedForm):
    why = forms.CharField(label=gettext_lazy("Why it is changed"), max_length=300)


class EndForm(forms.Form):
    reason = forms.ChoiceField(label=gettext_lazy("Why"), choices=Reason.choices)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)


class MeasureForm(forms.Form):
    """The questions of one instrument. What is left open is missing: its rule says whether that still gives a score."""

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instrument = instrument
        for item in instrument.items:
            self.fields[item.id] = field_of(item)
            self.fields[item.id].required = instrument.segment_cm is not None  # a volume has no gaps
        if self.has_sides:
            half = len(instrument.items) // 2
            pairs = zip(instrument.items[:half], instrument.items[half:], strict=True)
            self.order_fields([item.id for pair in pairs for item in pair])

    @property
    def has_sides(self) -> bool:
        """Whether both limbs are measured: mark by mark, the swollen side and then the other."""
        return self.instrument.scoring == "excess_truncated_cones"

    def answers(self) -> dict[str, float]:
        return {name: float(value) for name, value in self.cleaned_data.items() if value not in (None, "")}

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.errors and not any(value not in (None, "") for value in said.values()):
            self.add_error(None, _("Answer at least one question."))
        return said


def field_of(item: Any) -> forms.Field:
    label = in_language(item.text) + (f" ({item.unit})" if item.unit else "")
    if item.choices:
        choices = [(f"{one.value:g}", in_language(one.text)) for one in item.choices]
        return forms.ChoiceField(label=label, required=False, choices=choices, widget=forms.RadioSelect)
    if is_short(item):
        ends = [in_language(text) if text else "" for text in (item.low_text, item.high_text)]
        numbers = [(str(one), str(one)) for one in range(int(item.minimum), int(item.maximum) + 1)]
        said = _("0 = %(low)s, 10 = %(high)s") % {"low": ends[0], "high": ends[1]} if all(ends) else ""
        return forms.ChoiceField(label=label, required=False, choices=numbers, widget=Segments, help_text=said)
    return forms.FloatField(
        label=label, required=False, min_value=item.minimum, max_value=item.maximum,
        widget=forms.NumberInput(attrs={"class": "short", "step": item.step or "any", "inputmode": "decimal"}))


def is_short(item: Any) -> bool:
    """Whether a question is answered by one tap on a row of numbers."""
    return item.minimum == 0 and item.maximum == 10 and item.step == 1
