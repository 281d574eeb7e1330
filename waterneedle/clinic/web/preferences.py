"""How the reader wants pages: the form."""
from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.web.forms import Segments


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    theme = forms.ChoiceField(
        label=_("Light or dark"), widget=Segments,
        choices=[("system", _("As this device")), ("light", _("Light")), ("dark", _("Dark"))])
    single_keys = forms.BooleanField(
        label=_("Single keys work as shortcuts"), required=False,
        help_text=_("Such as / for the search. Turn this off if you dictate, or if a screen reader uses them."))
