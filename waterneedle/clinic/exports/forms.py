from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.exports.actions import JSON, PDF


class TakeAlongForm(forms.Form):
    """Which file, and for whom: that much of it stands in the trail, and no name."""

    purpose = forms.ChoiceField(label=_("For whom"), choices=[
        ("", _("Choose …")),
        ("patient", _("the patient, or who speaks for them")),
        ("treatment", _("somebody else who treats the patient")),
        ("authority", _("a court, an insurer or an authority")),
        ("clinic", _("this clinic itself")),
    ])
    form = forms.ChoiceField(
        label=_("As"), initial=PDF, widget=forms.RadioSelect,
        choices=[(PDF, _("PDF, to be read and printed")), (JSON, _("JSON, for another program: every row, whole"))])
