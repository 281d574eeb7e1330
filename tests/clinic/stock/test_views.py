from __future__ import annotations

import datetime
import json
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.stock.shelf import make_item, make_lot
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.stock import actions, queries
from waterneedle.clinic.stock.models import Kit, KitCheck, Lot, LotState, Movement, Supplier, Temperature, Vial
from waterneedle.config.demo.visits import clock_at

FAR = datetime.date(2999, 8, 31)


@pytest.fixture
def lot(by):
    return make_lot(by, make_item(by, gtin="00312345678906"), expires=FAR)


def url(name, **where):
    return reverse(f"stock:{name}", kwargs={"clinic": "harbor"} | where)


def test_the_shelf_shows_what_runs_out_and_what_expires(client_of, alice, by, lot):
    low = make_item(by, "Procaine 1 %", reorder_below_ml=Decimal(50))
    make_lot(by, low, "P1", expires=datetime.date.today() + datetime.timedelta(days=10))

    rows = {row.item.name: row for row in client_of(alice).get(url("shelf")).context["rows"]}

    assert (rows["Procaine 1 %"].is_low, rows["Procaine 1 %"].lots[0].expires_soon) == (True, True)
    assert (rows[lot.item.name].is_low, rows[lot.item.name].usable_ml) == (False, Decimal(20))


def test_a_lot_in_quarantine_is_not_counted_as_usable(client_of, alice, by, lot):
    actions.decide(lot=lot, status="quarantined", why="letter", by=by)

    assert client_of(alice).get(url("shelf")).context["rows"][0].usable_ml == 0


def test_a_scan_whose_lot_runs_into_its_date_fills_the_item_alone(client_of, alice, lot):
    found = client_of(alice).post(url("scan"), {"code": "0100312345678906" "10A41" "17280831"}).json()

    assert (found["item"], found["lot"], found["expires"]) == (lot.item.pk, None, None)
    assert found["problem"]


def test_what_stands_in_a_vial_past_its_time_runs_out_too(client_of, alice, by, lot):
    actions.open_vial(lot=lot, by=by, at=datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=40))

    (row,) = client_of(alice).get(url("shelf")).context["rows"]

    assert (row.lots[0].lot.volume_ml, row.usable_ml) == (Decimal(20), Decimal(10))


def test_what_a_pharmacy_made_stands_by_its_beyond_use_date(client_of, alice, by, lot):
    soon = datetime.date.today() + datetime.timedelta(days=5)
    make_lot(by, lot.item, "C1", expires=FAR, pharmacy="Apothecary", beyond_use=soon)

    (row,) = client_of(alice).get(url("shelf")).context["rows"]

    assert [one.lot.number for one in row.lots] == ["C1", "0417"]


def test_a_quarantine_holds_for_open_vials_when_the_clock_goes_back(by, lot):
    actions.open_vial(lot=lot, by=by, at=datetime.datetime.now(datetime.UTC))
    with clock_at(datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC)):
        actions.decide(lot=lot, status="released", why="letter", by=by)
    actions.decide(lot=lot, status="quarantined", why="letter", by=by)

    (row,) = queries.open_vials(by.clinic, datetime.date.today())

    assert row.vial.lot_status == "quarantined"


def test_the_shelf_asks_the_same_number_of_questions_for_one_lot_and_for_three(
    client_of, alice, by, lot, django_assert_max_num_queries
):
    counts, browser = [], client_of(alice)
    for number in ("A", "B", "C"):
        actions.open_vial(lot=make_lot(by, lot.item, number, expires=FAR), by=by, at=datetime.datetime.now(datetime.UTC))
        with django_assert_max_num_queries(40) as asked:
            browser.get(url("shelf"))
        counts.append(len(asked))

    assert len(set(counts)) == 1


def test_a_scan_fills_item_lot_and_date(client_of, alice, lot):
    answer = client_of(alice).post(url("scan"), {"code": "01003123456789061728083110A41"})

    assert answer.json() | {"problem": ""} == {
        "gtin": "00312345678906",
        "lot": "A41",
        "expires": "2028-08-31",
        "item": lot.item.pk,
        "problem": "",
    }
    assert client_of(alice).post(url("scan"), {"code": "hello"}).status_code == 422


@pytest.mark.parametrize(
    ("expires", "day"), [("2999-08", FAR), ("08/2999", FAR), ("2999-08-31", FAR), ("2999/08/15", datetime.date(2999, 8, 15))]
)
def test_a_date_is_read_as_labels_print_it(client_of, alice, by, expires, day):
    form = {"item": make_item(by).pk, "number": "A1", "expires": expires, "containers": "3"}

    assert client_of(alice).post(url("receive"), form).status_code == 302
    assert Lot.objects.get().expires == day


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("expires", "2020-01"),
        ("expires", "soon"),
        ("expires", "2999-13"),
        ("containers", "0"),
        ("containers", "-1"),
        ("number", ""),
        ("item", "999"),
        ("pharmacy", "Apothecary"),
        ("beyond_use", "2999-01-01"),
    ],
)
def test_what_cannot_be_received_is_told_beside_its_field(client_of, alice, by, field, value):
    form = {"item": make_item(by).pk, "number": "A1", "expires": "2999-08", "containers": "3"} | {field: value}
    answer = client_of(alice).post(url("receive"), form)

    wrong = {"pharmacy": "beyond_use", "beyond_use": "pharmacy"}.get(field, field)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [wrong])
    assert not Lot.objects.exists()


def test_what_a_pharmacy_made_is_not_received_past_its_beyond_use_date(client_of, alice, by):
    form = {"item": make_item(by).pk, "number": "C1", "expires": "2999-08", "containers": "3", "pharmacy": "Apothecary"}
    answer = client_of(alice).post(url("receive"), form | {"beyond_use": "2020-01-01"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["beyond_use"])
    assert not Lot.objects.exists()


def test_a_vial_is_opened_and_discarded(client_of, alice, lot):
    browser = client_of(alice)
    browser.post(url("open_vial", lot=lot.uid))
    vial = Vial.objects.get()
    assert vial.code in browser.get(url("lot", lot=lot.uid)).content.decode()

    browser.post(url("discard", vial=vial.uid), {"why": "fell"})
    assert Lot.objects.get().volume_ml == 10


def test_a_count_that_differs_asks_why(client_of, alice, lot):
    browser = client_of(alice)
    assert browser.post(url("count", lot=lot.uid), {"count-counted_ml": "12"}).status_code == 422
    assert browser.post(url("count", lot=lot.uid), {"count-counted_ml": "12", "count-why": "broken"}).status_code == 302
    assert Lot.objects.get().volume_ml == 12


@pytest.mark.parametrize(("page", "typed"), [
    ("count", {"count-counted_ml": "0", "count-why": "used up"}), ("waste", {"waste-volume_ml": "20", "waste-why": "spoiled"})])
def test_what_stands_in_an_open_vial_is_to_be_discarded_and_not_counted_again(client_of, alice, by, lot, page, typed):
    actions.open_vial(lot=lot, by=by, at=timezone.now())

    answer = client_of(alice).post(url(page, lot=lot.uid), typed)

    assert answer.status_code == 422 and "Discard those" in answer.content.decode()


def test_a_count_that_no_longer_agrees_asks_why(client_of, alice, by, lot, monkeypatch):
    before = actions.count

    def when_others_have_drawn(**given):
        actions.waste(lot=lot, volume_ml=Decimal(2), why="broken", by=by)
        return before(**given)

    monkeypatch.setattr(actions, "count", when_others_have_drawn)
    answer = client_of(alice).post(url("count", lot=lot.uid), {"count-counted_ml": "20"})

    assert (answer.status_code, list(answer.context["count_form"].errors)) == (422, ["why"])
    assert "18\N{NO-BREAK SPACE}mL" in str(answer.context["count_form"].errors)


def test_more_than_there_is_cannot_be_wasted(client_of, alice, lot):
    answer = client_of(alice).post(url("waste", lot=lot.uid), {"waste-volume_ml": "21", "waste-why": "frozen"})

    assert answer.status_code == 422
    assert Movement.objects.count() == 1


def test_who_may_quarantine_does_and_an_assistant_does_not(client_of, alice, assistant, lot):
    form = {"decide-status": "quarantined", "decide-why": "letter"}
    assert client_of(assistant).post(url("decide", lot=lot.uid), form).status_code == 404
    assert client_of(alice).post(url("decide", lot=lot.uid), form).status_code == 302
    assert LotState.objects.get().status == "quarantined"


def test_an_item_and_a_supplier_are_kept(client_of, alice, clinic):
    browser = client_of(alice)
    item = {"name": "Saline", "container_kind": "ampoule", "container_ml": "5", "reorder_below_ml": "0", "gtin": "312345678906"}
    assert browser.post(url("new_item"), item).status_code == 302
    assert browser.post(url("new_item"), item | {"gtin": "12"}).status_code == 422
    supplier = {"name": "Wholesale", "basis": "licence AC1"}
    assert browser.post(url("suppliers"), supplier).status_code == 302
    assert browser.post(url("suppliers"), supplier).status_code == 422
    assert Supplier.objects.count() == 1


@pytest.mark.parametrize(
    ("shown", "action", "good"), [("5", "", True), ("9", "", False), ("9", "moved to the other one", True), ("99", "x", False)]
)
def test_a_reading_outside_the_range_asks_what_was_done(client_of, alice, clinic, shown, action, good):
    form = {"place": "fridge", "celsius": shown, "low": "2", "high": "8", "action": action}

    assert client_of(alice).post(url("temperatures"), form).status_code == (302 if good else 422)
    assert Temperature.objects.exists() is good


def test_a_kit_is_checked_and_initialled_each_day(client_of, alice, clinic):
    browser = client_of(alice)
    browser.post(url("new_kit"), {"place": "Room 1"})
    kit = Kit.objects.get()
    assert browser.get(url("shelf")).context["unchecked"] == [kit]
    answers = {"epinephrine_expires": "2999-01", "oxygen": "True", "airway": "True", "initials": "AA"}

    assert browser.post(url("check_kit", kit=kit.uid), {f"{kit.uid}-initials": "AA"}).status_code == 422
    browser.post(url("check_kit", kit=kit.uid), {f"{kit.uid}-{name}": value for name, value in answers.items()})
    assert KitCheck.objects.get().made_by == alice
    assert browser.get(url("shelf")).context["unchecked"] == []


def test_a_kit_without_epinephrine_is_not_complete(client_of, alice, by):
    kit = actions.add_kit(place="Room 1", by=by)
    answers = {"oxygen": "True", "airway": "True", "initials": "AA"}
    client_of(alice).post(url("check_kit", kit=kit.uid), {f"{kit.uid}-{name}": value for name, value in answers.items()})

    assert client_of(alice).get(url("shelf")).context["unchecked"] == [kit]


def test_the_desk_sees_no_shelf_and_another_clinic_no_lot(client_of, bob, charlie, lot):
    assert client_of(bob).get(url("shelf")).status_code == 404
    assert client_of(charlie).get(url("lot", lot=lot.uid)).status_code == 404
    assert client_of(charlie).get(reverse("stock:lot", kwargs={"clinic": "hill", "lot": lot.uid})).status_code == 404


def test_a_container_that_was_opened_in_the_downtime_is_entered_with_its_time(client_of, alice, bob, by, lot):
    at = (timezone.now() - datetime.timedelta(days=2)).astimezone(by.clinic.tzinfo).replace(second=0, microsecond=0)
    said = {"opened-at": at.strftime("%Y-%m-%dT%H:%M")}

    assert client_of(alice).post(url("open_vial", lot=lot.uid), {"opened-at": "2999-01-01T10:00"}).status_code == 422
    assert client_of(alice).post(url("open_vial", lot=lot.uid), {"opened-at": ""}).status_code == 422
    client_of(alice).post(url("open_vial", lot=lot.uid), said)

    assert Vial.objects.get().opened_at == at
    assert at.isoformat() == datetime.datetime.fromisoformat(
        json.loads(Entry.objects.get(kind="vial").detail)["opened"]).astimezone(by.clinic.tzinfo).isoformat()


def test_an_opening_that_was_entered_later_is_set_back_and_never_forward(client_of, alice, charlie, by, lot):
    now = timezone.now().replace(second=0, microsecond=0)
    vial = actions.open_vial(lot=lot, by=by, at=now - datetime.timedelta(hours=1))

    def say(who, hours):
        typed = (now - datetime.timedelta(hours=hours)).astimezone(by.clinic.tzinfo).strftime("%Y-%m-%dT%H:%M")
        return client_of(who).post(url("opened_earlier", vial=vial.uid), {f"{vial.code}-at": typed}).status_code

    assert (say(charlie, 30), say(alice, 0.5), say(alice, 1)) == (404, 422, 422)
    assert Vial.objects.get().opened_at == now - datetime.timedelta(hours=1)
    assert say(alice, 30) == 302
    assert Vial.objects.get().opened_at == now - datetime.timedelta(hours=30)
    assert Entry.objects.filter(kind="vial", action="change").count() == 1


def test_the_opening_of_a_discarded_vial_is_set_back_too(client_of, alice, charlie, by, lot):
    now = timezone.now().replace(second=0, microsecond=0)
    gone = actions.open_vial(lot=lot, by=by, at=now - datetime.timedelta(hours=2), code="AAAA")
    actions.discard(vial=gone, why="end of the day", by=by)
    actions.open_vial(lot=lot, by=by, at=now, code="AAAA")  # its label is free again
    where = url("opened_earlier", vial=gone.uid)
    assert where in client_of(alice).get(url("lot", lot=lot.uid)).content.decode()

    def say(who, hours):
        typed = (now - datetime.timedelta(hours=hours)).astimezone(by.clinic.tzinfo).strftime("%Y-%m-%dT%H:%M")
        return client_of(who).post(where, {f"{gone.uid}-at": typed}).status_code

    assert (say(charlie, 3), say(alice, 1), say(alice, 3)) == (404, 422, 302)
    gone.refresh_from_db()
    assert (gone.opened_at, gone.volume_ml) == (now - datetime.timedelta(hours=3), 0)
    assert Vial.objects.get(discarded_at=None).opened_at == now
