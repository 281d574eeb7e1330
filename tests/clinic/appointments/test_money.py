"""What a visit costs, what is recorded of it, and the receipt."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from clinic.appointments.diary import NOW, booked
from clinic.paper.reading import text_of
from waterneedle.clinic.appointments import actions, actions_settings, money, on_paper, queries
from waterneedle.clinic.appointments.models import Receipt
from waterneedle.clinic.appointments.money import Line, NotPaid
from waterneedle.clinic.audit.models import Entry

D = Decimal


@pytest.fixture
def row(by, practitioner, ana):
    actions_settings.set_service(clinic=by.clinic, kind="first", minutes=60, price=D("120.10"), by=by)
    actions_settings.change_policy(clinic=by.clinic, fields={"currency": "USD"}, by=by)
    made = booked(by, ana, practitioner)
    return actions.mark(booking=made, state="arrived", by=by, now=NOW)


def account(row):
    return money.account_of(row, queries.policy_of(row.clinic))


def record(row, by, kind="payment", amount="120.10", method="card", **more):
    return money.record(booking=row, kind=kind, amount=D(amount), method=method, lines=account(row).lines, by=by, **more)


def test_a_visit_costs_what_its_service_does_until_something_is_recorded(row):
    assert (account(row).charged, account(row).open) == (D("120.10"), D("120.10"))


def test_what_was_paid_too_much_is_said_as_such(row, by):
    record(row, by, "payment", "150.00")

    assert (account(row).open, account(row).over) == (D("-29.90"), D("29.90"))
    assert "Paid too much" in str(on_paper.receipt_values(account(row).receipts[0]))


def test_a_deposit_a_payment_and_a_waiver_close_the_account_exactly(row, by):
    record(row, by, "deposit", "20.10", "cash")
    record(row, by, "payment", "99.99")
    assert account(row).open == D("0.01")
    record(row, by, "waiver", "0.01", why="a cent")

    assert account(row).open == 0
    assert [one.number for one in Receipt.objects.order_by("pk")] == [1, 2, 3]


def test_ten_times_ten_cents_are_one(row, by):
    lines = [Line("Ice", 10, D("0.10")), Line("Water", 3, D("0.333"))]

    assert money.total(lines, 2) == D("2.00") and money.total(lines, 3) == D("1.999") and money.total(lines, 0) == D("2")


@pytest.mark.parametrize("more", [{"amount": "0"}, {"amount": "-1"}, {"amount": "0.001"}, {"kind": "waiver", "why": ""}])
def test_what_is_no_payment_is_not_recorded(row, by, more):
    with pytest.raises(NotPaid):
        record(row, by, **more)
    assert not Receipt.objects.exists()


def test_a_currency_without_places_takes_whole_amounts(row, by):
    actions_settings.change_policy(clinic=by.clinic, fields={"currency": "JPY", "currency_places": 0}, by=by)

    with pytest.raises(NotPaid):
        record(row, by, amount="12.5")
    assert record(row, by, amount="12").amount == 12


def test_a_receipt_is_never_changed(row, by):
    record(row, by)

    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.update(amount=D(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.all().delete()


def test_the_receipt_says_what_was_paid_for_and_nothing_of_health(row, by):
    record(row, by, "deposit", "20.10", "cash")
    paper = " ".join(text_of(on_paper.receipt_pdf(record(row, by, "payment", "100.00"))).split())

    said = ("Receipt 2", "Ana Ruiz", "First visit", "120.10 USD", "20.10 USD", "100.00 USD", "Card", "Still open")
    assert all(word in paper.replace("\xa0", " ") for word in said)


def test_the_same_receipt_is_the_same_file(row, by):
    made = record(row, by)

    assert on_paper.receipt_pdf(made) == on_paper.receipt_pdf(Receipt.objects.get())


# --- pages


def url(row, name, **where):
    return reverse(f"appointments:{name}", kwargs={"clinic": row.clinic.slug} | where)


def test_leaving_records_the_payment_and_that_the_patient_has_left(row, by, bob, client_of):
    actions_settings.set_service(clinic=by.clinic, kind="beside", name="Ice pack", price=D("6.50"), by=by)
    client = client_of(bob)
    page = url(row, "pay", booking=row.uid)
    assert 'value="120.10"' in client.get(page).content.decode()

    said = {"kind": "payment", "amount": "133.10", "method": "card", "why": "", "extra0": "2"}
    assert client.post(page, said).status_code == 302

    row.refresh_from_db()
    made = Receipt.objects.get()
    assert (row.state, made.amount, account(row).open) == ("left", D("133.10"), 0)
    paper = client.get(url(row, "receipt", receipt=made.uid))
    assert paper.content[:5] == b"%PDF-" and Entry.objects.filter(kind="receipt", action="read").count() == 1


def test_a_deposit_lets_nobody_leave(row, bob, client_of):
    client_of(bob).post(url(row, "pay", booking=row.uid), {"kind": "deposit", "amount": "20", "method": "cash", "why": ""})

    row.refresh_from_db()
    assert row.state == "arrived"


@pytest.mark.parametrize("said", [{"amount": "0"}, {"amount": "1.234"}, {"amount": ""}, {"kind": "waiver"}, {"extra0": "-1"}])
def test_what_cannot_be_recorded_is_said_beside_its_field(row, by, bob, client_of, said):
    actions_settings.set_service(clinic=by.clinic, kind="beside", name="Ice pack", price=D("6.50"), by=by)
    full = {"kind": "payment", "amount": "10", "method": "card", "why": "", "extra0": "0"}

    assert client_of(bob).post(url(row, "pay", booking=row.uid), full | said).status_code == 422
    assert not Receipt.objects.exists()
