"""What people of the clinic type about what comes afterwards."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.followup.models import Arrangement
from waterneedle.clinic.outbox import sms

MOST_WEEKS = 26


class ArrangementForm(forms.ModelForm):
    """Whether patients are asked, and whom a grave answer reaches: without that person nobody is asked."""

    weeks = forms.CharField(
        label=_("Asked again after how many weeks"), max_length=40, required=False,
        help_text=_("Such as 4, or 4, 8. Slow infections show after two to nine weeks. Empty: not again."))
    field_order = (
        "is_on", "on_call_name", "on_call_email", "second_email", "on_call_phone", "emergency_number", "night_number", "weeks")

    class Meta:
        model = Arrangement
        fields = (
            "is_on", "on_call_name", "on_call_email", "second_email", "on_call_phone", "emergency_number", "night_number")
        help_texts = {
            "second_email": _("Another one than the first: of a pager, a text gateway, or of a second person."),
            "on_call_phone": _("Where text messages are set up, the person on call gets one."),
            "emergency_number": _("Such as 911. Patients see it first when something is grave."),
            "night_number": _("Whom patients reach when the clinic is closed."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["weeks"] = ", ".join(str(one) for one in self.instance.weeks)

    def clean_weeks(self) -> list[int]:
        typed = re.findall(r"[^\s,;]+", self.cleaned_data["weeks"])
        if any(not (one.isascii() and one.isdigit()) or not 1 <= int(one) <= MOST_WEEKS for one in typed):
            raise forms.ValidationError(_("Write numbers of weeks from 1 to 26, such as 4, 8."))
        return sorted({int(one) for one in typed})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("is_on"):
            return cleaned
        for name in ("on_call_name", "on_call_email", "emergency_number", "night_number"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Nobody is asked before this is said."))
        rings = sms.can_send() and sms.international(cleaned.get("on_call_phone") or "")
        if not cleaned.get("second_email") and not rings and "second_email" not in self.errors:
            self.add_error("second_email", _("The person on call is reached by two ways: name a second one."))
        if cleaned.get("on_call_phone") and not sms.international(cleaned["on_call_phone"]):
            self.add_error(
                "on_call_phone", _("Write it with + and its country, such as +1 206 555 0117: else no text reaches it."))
        if cleaned.get("second_email") and cleaned["second_email"].casefold() == (cleaned.get("on_call_email") or "").casefold():
            self.add_error("second_email", _("This is the first one again."))
        return cleaned

    def arranged(self) -> dict[str, Any]:
        """As `actions.arrange` takes it."""
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "weeks")}
