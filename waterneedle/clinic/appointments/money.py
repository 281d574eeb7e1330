"""What a visit costs, what was paid, and what is open. Exact decimals, in the clinic's currency and with its places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import msgspec
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from waterneedle.clinic.appointments import actions
from waterneedle.clinic.appointments.models import Booking, Kind, Money, Policy, Receipt, Service, State
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.web import words


class NotPaid(ValueError):
    """Nothing was written: no currency is set, no amount, or no reason for a waiver."""


@dataclass(frozen=True)
class Line:
    """What is charged: what, how many, and the price of one."""

    name: str
    count: int
    price: Decimal

    @property
    def sum(self) -> Decimal:
        return self.price * self.count


@dataclass(frozen=True)
class Account:
    """A booking's account: what was charged by its latest receipt, and every receipt."""

    lines: tuple[Line, ...]
    receipts: tuple[Receipt, ...]
    places: int

    @property
    def charged(self) -> Decimal:
        return total(self.lines, self.places)

    @property
    def settled(self) -> Decimal:
        """Paid, paid beforehand, or waived."""
        return sum((one.amount for one in self.receipts), Decimal(0))

    @property
    def open(self) -> Decimal:
        return self.charged - self.settled

    @property
    def over(self) -> Decimal:
        """What was settled beyond what is charged."""
        return max(-self.open, Decimal(0))


def total(lines: Iterable[Line], places: int) -> Decimal:
    return rounded(sum((one.sum for one in lines), Decimal(0)), places)


def rounded(value: Decimal, places: int) -> Decimal:
    """`value` with exactly so many places."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)


def in_words(value: Decimal, places: int, currency: str) -> str:
    return f"{words.number(value, places)}{words.NO_BREAK}{currency}"


def account_of(booking: Booking, policy: Policy) -> Account:
    """How a booking stands; before anything was recorded, the price of its visit as it is now."""
    receipts = tuple(
        Receipt.objects.filter(clinic_id=booking.clinic_id, booking=booking).select_related("made_by").order_by("number")
    )
    if receipts:
        lines = tuple(Line(name, count, Decimal(price)) for name, count, price in receipts[-1].says)
        return Account(lines, receipts, receipts[-1].places)
    return Account(tuple(_usual(booking)), (), policy.currency_places)


def beside(clinic: object) -> list[Service]:
    return list(Service.objects.filter(clinic=clinic, kind=Kind.BESIDE, ended_at=None).order_by("name", "pk"))


@transaction.atomic
def record(
    *,
    booking: Booking,
    kind: str,
    amount: Decimal,
    lines: Sequence[Line],
    by: Person,
    method: str = "",
    why: str = "",
) -> Receipt:
    """Write down what was paid, paid beforehand or waived, with what it is for: the next number of the clinic. Raises NotPaid."""
    policy = actions.locked_policy(booking.clinic)
    if not policy.currency:
        raise NotPaid("no currency is set")
    if amount <= 0 or rounded(amount, policy.currency_places) != amount:
        raise NotPaid("not an amount of this currency")
    if kind == Money.WAIVER and not why:
        raise NotPaid("a waiver has a reason")
    last = Receipt.objects.filter(clinic=booking.clinic).aggregate(last=Max("number"))["last"] or 0
    made = Receipt.objects.create(
        clinic=booking.clinic,
        booking=booking,
        patient=booking.patient,
        number=last + 1,
        kind=kind,
        method="" if kind == Money.WAIVER else method,
        amount=amount,
        currency=policy.currency,
        places=policy.currency_places,
        lines=msgspec.json.encode([[one.name, one.count, str(one.price)] for one in lines]).decode(),
        why=why,
        made_at=timezone.now(),
        made_by=by.user,
    )
    audit.append(
        by=by, action=str(kind), kind="receipt", uid=made.uid, patient=booking.patient.uid, detail={"number": made.number}
    )
    return made


@transaction.atomic
def leave(*, booking: Booking, by: Person) -> None:
    """Note that the patient has left, if that was not noted yet."""
    row = Booking.objects.get(pk=booking.pk)
    if row.state == State.ARRIVED:
        actions.mark(booking=row, state=State.LEFT, by=by)


def _usual(booking: Booking) -> Iterable[Line]:
    service = booking.service
    if service.price is not None:
        yield Line(str(service), 1, service.price)
