"""What is looked for in a recall."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.followup.models import RecallKind
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.stock.models import Item, Lot, Vial
from waterneedle.clinic.web import words
from waterneedle.clinic.web.forms import DateInput

MOST_OFFERED = 300  # of lots and vials, the newest; an older one is reached from the shelf


class TraceForm(forms.Form):
    """By lot, product, vial, days, or the vials of a patient."""

    kind = forms.ChoiceField(label=_("By"), choices=RecallKind.choices)
    lot = forms.ChoiceField(label=_("Lot"), required=False)
    product = forms.ChoiceField(label=_("Product"), required=False)
    vial = forms.ChoiceField(label=_("Vial"), required=False)
    patient = forms.UUIDField(required=False, widget=forms.HiddenInput)
    since = forms.DateField(label=pgettext_lazy("days", "From"), widget=DateInput, required=False)
    until = forms.DateField(label=pgettext_lazy("days", "Until"), widget=DateInput, required=False)

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic = clinic
        lots = Lot.objects.filter(clinic=clinic).select_related("item").order_by("-pk")
        vials = Vial.objects.filter(clinic=clinic).select_related("lot__item").order_by("-pk")
        chosen = {name: self.data.get(name, "") for name in ("lot", "vial")}
        self.fields["lot"].choices = self._offered(lots, chosen["lot"], lambda one: f"{one.item.name} · {one.number}")
        self.fields["vial"].choices = self._offered(
            vials, chosen["vial"], lambda one: f"{one.code} · {one.lot.item.name} · {one.lot.number}")
        items = Item.objects.filter(clinic=clinic).order_by("name")
        self.fields["product"].choices = [("", "–"), *((str(one.uid), one.name) for one in items)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("kind")
        needed = {
            RecallKind.LOT: "lot", RecallKind.PRODUCT: "product", RecallKind.VIAL: "vial", RecallKind.SAME_VIAL: "patient",
            RecallKind.DAYS: "since"}.get(kind)
        if needed and not cleaned.get(needed) and needed not in self.errors:
            self.add_error(None if needed == "patient" else needed, _("Say which."))
        if cleaned.get("since") and cleaned.get("until") and cleaned["since"] > cleaned["until"]:
            self.add_error("until", _("This day lies before the first one."))
        patient = cleaned.get("patient")
        if kind == RecallKind.SAME_VIAL and patient and not Patient.objects.filter(clinic=self.clinic, uid=patient).exists():
            self.add_error(None, _("Say which."))
        return cleaned

    def asked(self) -> dict[str, Any]:
        """As `tracing.trace` takes it."""
        cleaned = self.cleaned_data
        name = {RecallKind.SAME_VIAL: "patient", RecallKind.DAYS: ""}.get(cleaned["kind"], cleaned["kind"])
        asked = {name: cleaned[name]} if name else {}
        return asked | {day: cleaned[day].isoformat() for day in ("since", "until") if cleaned.get(day)}

    def in_words(self) -> str:
        """What is looked for, without the name of a patient."""
        cleaned = self.cleaned_data
        kind = RecallKind(cleaned["kind"])
        chosen = cleaned.get(kind.value) if kind.value in ("lot", "product", "vial") else ""
        what = dict(self.fields[kind.value].choices).get(chosen, "") if chosen else ""
        days = [words.day(cleaned[one]) for one in ("since", "until") if cleaned.get(one)]
        return " · ".join(part for part in (str(kind.label), what, " – ".join(days)) if part)[:200]

    def _offered(self, rows: Any, chosen: str, said: Any) -> list[tuple[str, str]]:
        """The newest, and the one that is chosen though it is older."""
        shown = {str(one.uid): said(one) for one in rows[:MOST_OFFERED]}
        if chosen and chosen not in shown:
            try:
                one = rows.filter(uid=chosen).first()
            except (ValueError, forms.ValidationError):
                one = None
            shown |= {chosen: said(one)} if one else {}
        return [("", "–"), *shown.items()]


class ActForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=300, help_text=_("Such as the maker's notice, with its number."))
    quarantine = forms.BooleanField(label=_("put what is on the shelf into quarantine"), required=False, initial=True)
    write = forms.BooleanField(label=_("draft a notice for every patient, and a task to call where there is no address"),
                               required=False, initial=True)
