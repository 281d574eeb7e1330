"""Leaving: what it costs, what is paid, deposited or waived, and the receipt."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.appointments import money, on_paper, queries
from waterneedle.clinic.appointments.models import Booking, Method, Money, Receipt
from waterneedle.clinic.appointments.money import Account, Line, NotPaid
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.patients.forms import PlainForm
from waterneedle.clinic.web.downloads import file
from waterneedle.clinic.web.forms import Segments

MOST = 99  # of one thing


class MoneyForm(PlainForm):
    """What is charged, and what is recorded of it. Nothing is pre-filled but what is open."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is recorded"), choices=Money.choices, initial=Money.PAYMENT, widget=Segments
    )
    amount = forms.DecimalField(label=gettext_lazy("Amount"), max_digits=10, min_value=Decimal(0))
    method = forms.ChoiceField(
        label=gettext_lazy("How it was paid"), choices=Method.choices, initial=Method.CARD, widget=Segments
    )
    why = forms.CharField(label=gettext_lazy("Why it is waived"), max_length=200, required=False)

    def __init__(self, *args: Any, account: Account, extras: list[Any], places: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account, self.extras, self.places = account, extras, places
        self.fields["amount"].decimal_places = places
        self.fields["amount"].widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "short"})
        self.fields["amount"].initial = max(account.open, Decimal(0)).quantize(Decimal(1).scaleb(-places))
        known = {one.name: one.count for one in account.lines}
        for number, service in enumerate(extras):
            self.fields[f"extra{number}"] = forms.IntegerField(
                label=f"{service.name}, {money.in_words(service.price, places, '').strip()}",
                min_value=0,
                max_value=MOST,
                required=False,
                initial=known.get(service.name, 0),
                widget=forms.NumberInput(attrs={"class": "short"}),
            )
        self.order_fields([*(f"extra{number}" for number in range(len(extras))), "kind", "amount", "method", "why"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        amount = cleaned.get("amount")
        if amount is not None and (amount <= 0 or money.rounded(amount, self.places) != amount):
            self.add_error(
                "amount", _("Write an amount above 0, with at most %(places)d decimal places.") % {"places": self.places}
            )
        if cleaned.get("kind") == Money.WAIVER and not cleaned.get("why"):
            self.add_error("why", _("Say why it is waived."))
        return cleaned

    @property
    def lines(self) -> list[Line]:
        """What is charged: the visit as before, and the things beside as they were counted now."""
        names = {one.name for one in self.extras}
        extras = [
            Line(one.name, count, one.price)
            for number, one in enumerate(self.extras)
            if (count := self.cleaned_data.get(f"extra{number}") or 0)
        ]
        return [*(one for one in self.account.lines if one.name not in names), *extras]


@staff("billing.write")
def pay(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Record a payment, a deposit or a waiver; who had arrived has left then."""
    row = _found(request, booking)
    policy = queries.policy_of(request.clinic)
    account = money.account_of(row, policy)
    form = MoneyForm(request.POST or None, account=account, extras=money.beside(request.clinic), places=policy.currency_places)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("kind", "amount", "method", "why")}
        try:
            made = money.record(booking=row, lines=form.lines, by=request.access, **said)
        except NotPaid:
            form.add_error(None, _("No currency is set. The owner sets it under hours and prices."))
        else:
            if said["kind"] != Money.DEPOSIT:
                money.leave(booking=row, by=request.access)
            messages.success(request, _("Recorded. Receipt %(number)d.") % {"number": made.number})
            return redirect("appointments:pay", clinic=request.clinic.slug, booking=row.uid)
    page = {"booking": row, "form": form, "account": account, "policy": policy, "receipts": account.receipts}
    return render(request, "appointments/pay.html", page, status=422 if request.method == "POST" else 200)


@staff("billing.write")
@require_POST
def leave(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Has left, and nothing is recorded now."""
    money.leave(booking=_found(request, booking), by=request.access)
    messages.success(request, _("Noted."))
    return redirect("appointments:booking", clinic=request.clinic.slug, booking=booking)


@staff("billing.read")
@require_safe
def receipt(request: HttpRequest, receipt: UUID) -> HttpResponse:
    """The receipt as a file. The same receipt gives the same bytes."""
    row = get_object_or_404(
        Receipt.objects.select_related("booking__service", "patient", "clinic", "made_by"), clinic=request.clinic, uid=receipt
    )
    audit.read(request, row.patient, kind="receipt", uid=row.uid)
    return file(on_paper.receipt_pdf(row), "application/pdf", f"receipt-{row.number}.pdf")


def _found(request: HttpRequest, uid: UUID) -> Booking:
    row = queries.booking_of(request.clinic, uid)
    if row is None or request.scope != ALL:
        raise Http404
    return row
