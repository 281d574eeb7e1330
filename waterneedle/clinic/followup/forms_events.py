"""What is written down about an adverse event."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from waterneedle.clinic.followup.models import EventVersion, Serious
from waterneedle.clinic.followup.onset import Onset
from waterneedle.clinic.visits.models import Injection
from waterneedle.clinic.web.forms import MomentField, Segments


class EventForm(forms.ModelForm):
    """A report or an amendment. `injections` are (uid, words) of what may have caused it, `onset` is what is known of when."""

    injection = forms.ChoiceField(label=gettext_lazy("Which injection"), required=False)
    seriousness = forms.MultipleChoiceField(
        label=gettext_lazy("Serious because of"), choices=Serious.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing ticked: not serious."))

    class Meta:
        model = EventVersion
        fields = (
            "kind", "said", "injection", "onset_at", "severity", "seriousness", "outcome", "causality", "causality_why",
            "actions")
        field_classes = {"onset_at": MomentField}
        widgets = {
            "severity": Segments, "causality": forms.RadioSelect,
            "said": forms.Textarea(attrs={"rows": 4}), "actions": forms.Textarea(attrs={"rows": 2})}

    def __init__(
        self, *args: Any, injections: list[tuple[str, str]], onset: Onset, now: datetime.datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["onset_at"].help_text = _("Known already: %(when)s. Empty: nobody knows it more exactly.") % {
            "when": onset.words}
        self.now = now
        self.fields["injection"].choices = [("", _("not known which")), *injections]
        for name in ("severity", "causality"):
            self.fields[name].choices = [one for one in self.fields[name].choices if one[0]]

    def clean_injection(self) -> Injection | None:
        uid = self.cleaned_data["injection"]
        return Injection.objects.select_related("visit__practitioner", "syringe").get(uid=uid) if uid else None

    def clean_onset_at(self) -> datetime.datetime | None:
        began = self.cleaned_data["onset_at"]
        if began is not None and began > self.now:
            raise forms.ValidationError(_("This is still to come."))
        return began

    def reported(self) -> dict[str, Any]:
        """The fields of a version."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class AmendmentForm(EventForm):
    why = forms.CharField(label=gettext_lazy("Why is it amended"), max_length=300)
    is_mistake = forms.BooleanField(label=gettext_lazy("entered by mistake: it counts no more"), required=False)

    def reported(self) -> dict[str, Any]:
        return super().reported() | {"is_mistake": self.cleaned_data["is_mistake"]}
