"""The receipt: the values of `receipt.typ`. It says what was paid for, and nothing of health."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from waterneedle.clinic import paper
from waterneedle.clinic.appointments import money
from waterneedle.clinic.appointments.models import Money, Receipt
from waterneedle.clinic.appointments.queries import phone_of
from waterneedle.clinic.web import words

TEMPLATE = Path(__file__).with_name("receipt.typ")


def receipt_pdf(receipt: Receipt) -> bytes:
    return paper.render(TEMPLATE, receipt_values(receipt))


def receipt_values(receipt: Receipt) -> dict[str, Any]:
    lines = [money.Line(name, count, Decimal(price)) for name, count, price in receipt.says]
    charged = money.total(lines, receipt.places)
    before = _settled_before(receipt)
    facts = [
        [_("Patient"), receipt.patient.full_name],
        [_("Visit"), words.day(receipt.booking.starts_at)],
        [_("Recorded"), words.moment(receipt.made_at)],
    ]
    if receipt.method:
        facts.append([_("How it was paid"), capfirst(str(receipt.get_method_display()))])
    if receipt.why:
        facts.append([_("Why it is waived"), receipt.why])
    sums = [[_("Sum"), _amount(charged, receipt)]]
    if before:
        sums.append([_("Settled before"), _amount(before, receipt)])
    left = charged - before - receipt.amount
    sums += [
        [capfirst(str(receipt.get_kind_display())), _amount(receipt.amount, receipt)],
        [_("Paid too much") if left < 0 else _("Still open"), _amount(abs(left), receipt)],
    ]
    title = _("Deposit, receipt %(number)d") if receipt.kind == Money.DEPOSIT else _("Receipt %(number)d")
    return {
        "title": title % {"number": receipt.number},
        "language": get_language() or "en",
        "lead": receipt.clinic.name,
        "foot": " · ".join(filter(None, (receipt.clinic.name, phone_of(receipt.clinic)))),
        "facts": facts,
        "head": [_("What"), pgettext("receipt", "Count"), _("Price of one"), _("Sum")],
        "rows": [
            [capfirst(one.name), words.number(one.count), _amount(one.price, receipt), _amount(one.sum, receipt)] for one in lines
        ],
        "sums": sums,
    }


def _settled_before(receipt: Receipt) -> Decimal:
    rows = Receipt.objects.filter(clinic_id=receipt.clinic_id, booking=receipt.booking, number__lt=receipt.number)
    return sum(rows.values_list("amount", flat=True), Decimal(0))


def _amount(value: Decimal, receipt: Receipt) -> str:
    return money.in_words(money.rounded(value, receipt.places), receipt.places, receipt.currency)
