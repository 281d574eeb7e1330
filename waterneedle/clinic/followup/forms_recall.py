"""What is looked for in a recall."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.followup.models import RecallKind
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.stock.models import Item, Lot, Vial
from waterneedle.clinic.web import words
from waterneedle.clinic.web.forms import DateInput

MOST_OFFERED = 300  # of lots and vials, the newest; an older one is reached from the shelf


class TraceForm(forms.Form):
    """By lot, product, vial, days, or the vials of a patient. What can be chosen is read from the shelf only to be shown."""

    use_required_attribute = False  # two of three are hidden, and a browser cannot say of a hidden one that it is missing

    kind = forms.ChoiceField(label=_("By"), choices=RecallKind.choices)
    lot = forms.UUIDField(label=_("Lot"), required=False, widget=forms.Select)
    product = forms.UUIDField(label=_("Product"), required=False, widget=forms.Select)
    vial = forms.UUIDField(label=_("Vial"), required=False, widget=forms.Select)
    patient = forms.UUIDField(required=False, widget=forms.HiddenInput)
    since = forms.DateField(label=pgettext_lazy("days", "From"), widget=DateInput, required=False)
    until = forms.DateField(label=pgettext_lazy("days", "Until"), widget=DateInput, required=False)

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic = clinic
        for name in CHOSEN:
            self.fields[name].required = not self.is_bound  # shown as such; of what was sent, `clean` knows which one it is
            self.fields[name].widget.choices = CallableChoiceIterator(partial(self._offered, name))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("kind")
        needed = {RecallKind.SAME_VIAL: "patient", RecallKind.DAYS: "since"}.get(kind, kind)
        if needed and needed not in self.errors and (not cleaned.get(needed) or not self._is_there(needed, cleaned[needed])):
            self.add_error(None if needed == "patient" else needed, _("Say which."))
        if cleaned.get("since") and cleaned.get("until") and cleaned["since"] > cleaned["until"]:
            self.add_error("until", _("This day lies before the first one."))
        for name in CHOSEN:
            self.fields[name].required = True  # from here on the form is only shown
        return cleaned

    def asked(self) -> dict[str, Any]:
        """As `tracing.trace` takes it."""
        cleaned = self.cleaned_data
        name = {RecallKind.SAME_VIAL: "patient", RecallKind.DAYS: ""}.get(cleaned["kind"], cleaned["kind"])
        asked = {name: cleaned[name]} if name else {}
        return asked | {day: cleaned[day].isoformat() for day in ("since", "until") if cleaned.get(day)}

    def in_words(self) -> str:
        """What is looked for, without the name of a patient."""
        kind = RecallKind(self.cleaned_data["kind"])
        what = CHOSEN[kind.value].said(self.chosen) if kind.value in CHOSEN else ""
        days = [words.day(self.cleaned_data[one]) for one in ("since", "until") if self.cleaned_data.get(one)]
        return " · ".join(part for part in (str(kind.label), what, " – ".join(days)) if part)[:200]

    def _is_there(self, name: str, value: Any) -> bool:
        """Whether what was chosen is this clinic's; it is kept for its words."""
        if name == "patient":
            return Patient.objects.filter(clinic=self.clinic, uid=value).exists()
        if name not in CHOSEN:
            return True
        [self.chosen] = CHOSEN[name].find(self.clinic.pk, value) or [None]
        return self.chosen is not None

    def _offered(self, name: str) -> list[tuple[str, str]]:
        """The newest, and the one that is chosen though it is older."""
        kind = CHOSEN[name]
        shown = {str(one.uid): kind.said(one) for one in kind.rows(self.clinic)[:MOST_OFFERED]}
        chosen = getattr(self, "chosen", None)
        if isinstance(chosen, kind.model):
            shown.setdefault(str(chosen.uid), kind.said(chosen))
        return [("", "–"), *shown.items()]


class Choice(NamedTuple):
    """One kind of thing on the shelf that can be looked for."""

    model: type[Any]
    related: tuple[str, ...]
    said: Callable[[Any], str]
    find: Callable[[int, UUID], list[Any]]

    def rows(self, clinic: Clinic) -> Any:
        return self.model.objects.filter(clinic=clinic).select_related(*self.related).order_by("-pk")


@prepared
def _lot(clinic_id: int, uid: UUID) -> QuerySet[Lot]:
    return Lot.objects.filter(clinic_id=clinic_id, uid=uid).select_related("item")


@prepared
def _item(clinic_id: int, uid: UUID) -> QuerySet[Item]:
    return Item.objects.filter(clinic_id=clinic_id, uid=uid)


@prepared
def _vial(clinic_id: int, uid: UUID) -> QuerySet[Vial]:
    return Vial.objects.filter(clinic_id=clinic_id, uid=uid).select_related("lot__item")


CHOSEN = {
    "lot": Choice(Lot, ("item",), lambda one: f"{one.item.name} · {one.number}", _lot),
    "product": Choice(Item, (), lambda one: one.name, _item),
    "vial": Choice(Vial, ("lot__item",), lambda one: f"{one.code} · {one.lot.item.name} · {one.lot.number}", _vial),
}


class ActForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=300, help_text=_("Such as the maker's notice, with its number."))
    quarantine = forms.BooleanField(label=_("put what is on the shelf into quarantine"), required=False, initial=True)
    write = forms.BooleanField(label=_("draft a notice for every patient, and a task to call where there is no address"),
                               required=False, initial=True)
