"""What is typed about the shelf, cleaned."""

from __future__ import annotations

import calendar
import datetime
import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from waterneedle import knowledge
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.stock.models import Item, KitCheck, LotStatus, StrengthUnit, Supplier, Temperature
from waterneedle.clinic.web.forms import DateInput, DoseField, MomentField

LABEL = ("substance", "strength", "strength_unit", "strength_per_ml", "potencies", "allergens", "preservatives")
LONGEST_AGO = datetime.timedelta(days=366)  # our judgement: longer than any container stays in use
COLDEST, HOTTEST = Decimal(-40), Decimal(60)  # what a thermometer of a clinic can show


class ExpiryField(forms.CharField):
    """A date as labels print it: a day, or a month that is good to its end (2027-08, 08/2027)."""

    default_error_messages = {"expiry": _("Write the date as on the label, such as 2027-08 or 2027-08-31.")}

    def to_python(self, value: Any) -> datetime.date | None:
        text = super().to_python(value).strip()
        if not text:
            return None
        try:
            if found := re.fullmatch(r"(\d{4})[-./](\d{1,2})", text) or re.fullmatch(
                r"(?P<month>\d{1,2})[-./](?P<year>\d{4})", text
            ):
                named = found.groupdict()
                year, month = (int(named["year"]), int(named["month"])) if named else (int(found[1]), int(found[2]))
                return datetime.date(year, month, calendar.monthrange(year, month)[1])
            return datetime.date.fromisoformat(text.replace("/", "-").replace(".", "-"))
        except (ValueError, calendar.IllegalMonthError):
            raise forms.ValidationError(self.error_messages["expiry"], code="expiry") from None


class SupplierForm(forms.ModelForm):
    class Meta:
        model = Supplier
        fields = ["name", "basis", "contact"]


class ItemForm(forms.ModelForm):
    """Something to keep. Picking a product on file fills what the facts know."""

    product = forms.ChoiceField(label=_("Product on file"), required=False)
    container_ml = DoseField(label=_("Volume of a container"), unit="mL")
    reorder_below_ml = forms.DecimalField(
        label=_("Order again below (mL)"), min_value=0, initial=0, max_digits=9, decimal_places=3
    )

    class Meta:
        model = Item
        fields = [
            "product", "name", "container_kind", "container_ml", "gtin", "reorder_below_ml", "beyond_use_days", *LABEL,
        ]
        widgets = {"potencies": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "substance": _("Only what no product on file carries, as the label or the pharmacy says it."),
            "strength_per_ml": _("1 for a strength per mL; empty for a percentage."),
            "potencies": _("For homeopathic products, such as: Arnica montana 6X, Belladonna 4X."),
            "allergens": _("Separated by commas; none if the label says so."),
            "preservatives": _("Separated by commas; none if the label says so."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products = sorted(knowledge.products().values(), key=lambda one: one.name.casefold())
        self.fields["product"].choices = [("", _("not on file")), *((one.id, one.name) for one in products)]

    @property
    def of_the_shelf(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in LABEL]

    @property
    def of_the_label(self) -> list[forms.BoundField]:
        return [self[name] for name in LABEL]

    @property
    def label_is_open(self) -> bool:
        return any(one.errors or one.value() for one in self.of_the_label)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        strength, unit, per_ml = (cleaned.get(name) for name in ("strength", "strength_unit", "strength_per_ml"))
        if strength is None and (unit or per_ml):
            self.add_error("strength", _("Write the strength, or leave its unit and volume empty."))
        elif strength is not None and not unit:
            self.add_error("strength_unit", _("Choose the unit of the strength."))
        elif unit == StrengthUnit.PERCENT and per_ml is not None:
            self.add_error("strength_per_ml", _("A percentage has no volume."))
        elif strength is not None and unit != StrengthUnit.PERCENT and per_ml is None:
            self.add_error("strength_per_ml", _("Say in how many mL: usually 1."))
        return cleaned

    def clean_gtin(self) -> str:
        gtin = self.cleaned_data["gtin"].strip()
        if gtin and not (gtin.isdigit() and len(gtin) in (8, 12, 13, 14)):
            raise forms.ValidationError(_("A GTIN is 8, 12, 13 or 14 digits, as under the bar code."))
        return gtin.zfill(14) if gtin else ""


class ReceiveForm(forms.Form):
    """A lot that came in; a scan fills lot, date and item."""

    item = forms.ModelChoiceField(Item.objects.none(), label=_("Item"))
    number = forms.CharField(label=_("Lot"), max_length=40)
    expires = ExpiryField(label=_("Good until"), help_text=_("As on the label; a month is good to its end."))
    containers = forms.IntegerField(label=_("Containers"), min_value=1, max_value=10_000, initial=1)
    supplier = forms.ModelChoiceField(Supplier.objects.none(), label=_("Supplier"), required=False)
    pharmacy = forms.CharField(
        label=_("Compounded by"), max_length=200, required=False, help_text=_("Only for what a pharmacy made.")
    )
    beyond_use = forms.DateField(label=_("Beyond-use date"), required=False, widget=DateInput)

    def __init__(self, *args: Any, clinic: Clinic, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["item"].queryset = Item.objects.filter(clinic=clinic, ended_at=None).order_by("name")
        self.fields["supplier"].queryset = Supplier.objects.filter(clinic=clinic, ended_at=None).order_by("name")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("expires") and cleaned["expires"] < self.today:
            self.add_error("expires", _("This lot is past its date. Do not put it on the shelf."))
        if cleaned.get("beyond_use") and cleaned["beyond_use"] < self.today:
            self.add_error("beyond_use", _("This lot is past its date. Do not put it on the shelf."))
        if "beyond_use" not in self.errors and bool(cleaned.get("pharmacy")) != bool(cleaned.get("beyond_use")):
            name = "pharmacy" if cleaned.get("beyond_use") else "beyond_use"
            self.add_error(name, _("A compounded lot has both a pharmacy and a beyond-use date."))
        return cleaned


class DecideForm(forms.Form):
    status = forms.ChoiceField(label=_("Decision"), choices=LotStatus.choices)
    why = forms.CharField(label=_("Why"), max_length=300)


class OpenedForm(forms.Form):
    """When a container was opened that is entered later, by the clinic's clock."""

    at = MomentField(label=_("When it was opened"))

    def clean_at(self) -> datetime.datetime:
        at, now = self.cleaned_data["at"], timezone.now()
        if at > now:
            raise forms.ValidationError(_("This has not happened yet. A container is opened now without a time."))
        if now - at > LONGEST_AGO:
            raise forms.ValidationError(_("Look at the year: no container that is in use was opened so long ago."))
        return at


class WasteForm(forms.Form):
    volume_ml = DoseField(label=_("Volume"), unit="mL")
    why = forms.CharField(label=_("Why"), max_length=300, help_text=_("such as broken, frozen, or past its date"))


class CountForm(forms.Form):
    counted_ml = forms.DecimalField(label=_("Counted (mL)"), min_value=0, max_digits=9, decimal_places=3)
    why = forms.CharField(label=_("Why it differs"), max_length=300, required=False)


class TemperatureForm(forms.ModelForm):
    """A reading. Outside the range it asks what was done about it."""

    class Meta:
        model = Temperature
        fields = ["place", "celsius", "low", "high", "action"]
        labels = {"low": _("From (°C)"), "high": _("To (°C)"), "celsius": _("Temperature (°C)")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        shown, low, high = cleaned.get("celsius"), cleaned.get("low"), cleaned.get("high")
        if shown is not None and not COLDEST <= shown <= HOTTEST:
            self.add_error("celsius", _("Expected between %(low)s and %(high)s °C.") % {"low": COLDEST, "high": HOTTEST})
        if low is not None and high is not None and low >= high:
            self.add_error("high", _("The range goes from a lower to a higher figure."))
        elif None not in (shown, low, high) and not low <= shown <= high and not cleaned.get("action"):
            self.add_error("action", _("It is outside the range. Say what was done: moved, discarded, asked the maker."))
        return cleaned


class KitForm(forms.Form):
    place = forms.CharField(label=_("Room"), max_length=60)


class EndForm(forms.Form):
    """Why a kit or a thermometer is out of use."""

    why = forms.CharField(label=_("Why it is out of use"), max_length=300, help_text=_("such as mistyped, broken, or given away"))


class KitCheckForm(forms.ModelForm):
    """The daily look into a kit. Every answer is asked; nothing is filled in beforehand."""

    YES_NO = [("True", _("Yes")), ("False", _("No"))]
    oxygen = forms.TypedChoiceField(
        label=_("Oxygen, full and working"), choices=YES_NO, coerce=lambda one: one == "True", widget=forms.RadioSelect
    )
    airway = forms.TypedChoiceField(
        label=_("Airway and mask"), choices=YES_NO, coerce=lambda one: one == "True", widget=forms.RadioSelect
    )
    epinephrine_expires = ExpiryField(label=_("Epinephrine good until"), required=False, help_text=_("Empty: there is none."))

    class Meta:
        model = KitCheck
        fields = ["epinephrine_expires", "oxygen", "airway", "initials", "note"]
