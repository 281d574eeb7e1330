from __future__ import annotations

import datetime
import random
import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections, transaction

from clinic.patients.people import at_work, make_patient
from clinic.people import make_clinic, make_person
from clinic.stock.shelf import NOW, TODAY, make_item, make_lot
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.stock import actions
from waterneedle.clinic.stock.models import Lot, Movement, Vial
from waterneedle.clinic.stock.queries import beyond_use_of, booked_ml, status_of

DAY = datetime.timedelta(days=1)
ML = Decimal


def fresh(lot):
    return Lot.objects.get(pk=lot.pk)


def test_what_comes_in_is_on_the_book(by):
    lot = make_lot(by)

    assert (lot.volume_ml, booked_ml(lot)) == (ML(20), ML(20))


def test_more_of_a_lot_is_added_to_it_and_another_date_is_refused(by):
    lot = make_lot(by)
    make_lot(by, lot.item, containers=1)
    assert fresh(lot).volume_ml == ML(30)

    with pytest.raises(actions.Closed, match="on file"):
        make_lot(by, lot.item, expires=datetime.date(2028, 8, 31))
    assert fresh(lot).volume_ml == ML(30)


@pytest.mark.parametrize("typed", ["b12-0417", "B12 0417", "B120417", "B12-0417"])
def test_a_lot_is_one_lot_however_its_number_is_typed(by, typed):
    lot = make_lot(by, number="B12-0417")

    make_lot(by, lot.item, number=typed)

    assert Lot.objects.get().number == "B12-0417" and fresh(lot).volume_ml == ML(40)


def test_a_lot_of_another_number_is_another_lot(by):
    lot = make_lot(by, number="B12-0417")

    assert make_lot(by, lot.item, number="B12-0471") != lot


def test_a_lot_is_no_sea(by):
    item = make_item(by, container_ml=ML(100))
    with pytest.raises(actions.TooMuch):
        make_lot(by, item, containers=10_000)
    assert not Lot.objects.exists()

    make_lot(by, item, containers=9_999)
    assert booked_ml(Lot.objects.get()) == ML(999_900)


def test_a_draw_leaves_vial_and_lot_by_the_same_volume(by, ana):
    vial = actions.open_vial(lot=make_lot(by), by=by, at=NOW)
    actions.draw(vial=vial, volume_ml=ML("0.5"), patient=ana, by=by, at=NOW)

    vial.refresh_from_db()
    assert (vial.volume_ml, fresh(vial.lot).volume_ml, booked_ml(vial.lot)) == (ML("9.5"), ML("19.5"), ML("19.5"))


def test_nobody_draws_what_is_not_there(by, ana):
    vial = actions.open_vial(lot=make_lot(by, containers=1), by=by, at=NOW)

    with pytest.raises(actions.TooLittle):
        actions.draw(vial=vial, volume_ml=ML("10.001"), patient=ana, by=by, at=NOW)
    actions.draw(vial=vial, volume_ml=ML(10), patient=ana, by=by, at=NOW)
    with pytest.raises(actions.TooLittle):
        actions.open_vial(lot=fresh(vial.lot), by=by, at=NOW)


def test_the_database_itself_refuses_less_than_nothing(by):
    lot = make_lot(by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Lot.objects.filter(pk=lot.pk).update(volume_ml=-1)


def test_a_single_dose_serves_one_patient(by, ana):
    lot = make_lot(by, make_item(by, "Ampoule", "ampoule", container_ml=ML("2.2")))
    vial, other = actions.open_vial(lot=lot, by=by, at=NOW), make_patient(by, "Bo Lind")
    for _ in range(2):
        actions.draw(vial=vial, volume_ml=ML("0.5"), patient=ana, by=by, at=NOW)

    with pytest.raises(actions.Closed, match="another patient"):
        actions.draw(vial=vial, volume_ml=ML("0.5"), patient=other, by=by, at=NOW)


@pytest.mark.parametrize(("days", "good"), [(28, True), (29, False)])
def test_an_open_vial_of_many_doses_is_good_for_28_days_in_the_clinics_zone(by, ana, days, good):
    vial = actions.open_vial(lot=make_lot(by), by=by, at=NOW)
    assert beyond_use_of(vial, by.clinic.tzinfo) == TODAY + 28 * DAY

    late_evening = datetime.datetime.combine(TODAY + days * DAY, datetime.time(23, 59), by.clinic.tzinfo)
    if good:
        actions.draw(vial=vial, volume_ml=ML(1), patient=ana, by=by, at=late_evening)
    else:
        with pytest.raises(actions.Closed, match="good until"):
            actions.draw(vial=vial, volume_ml=ML(1), patient=ana, by=by, at=late_evening)


@pytest.mark.parametrize(("kind", "fields", "lot", "last"), [
    ("multi_dose_vial", {"beyond_use_days": 7}, {}, TODAY + 7 * DAY),
    ("multi_dose_vial", {}, {"expires": TODAY + 3 * DAY}, TODAY + 3 * DAY),
    ("multi_dose_vial", {}, {"pharmacy": "Apothecary", "beyond_use": TODAY + 5 * DAY}, TODAY + 5 * DAY),
    ("single_dose_vial", {}, {}, TODAY),
    ("ampoule", {}, {}, TODAY)])
def test_the_shortest_date_holds(by, kind, fields, lot, last):
    vial = actions.open_vial(lot=make_lot(by, make_item(by, "x", kind, **fields), **lot), by=by, at=NOW)

    assert beyond_use_of(vial, by.clinic.tzinfo) == last


@pytest.mark.parametrize("status", ["quarantined", "recalled"])
def test_a_lot_in_quarantine_or_recalled_is_neither_opened_nor_drawn(by, ana, status):
    lot = make_lot(by)
    vial = actions.open_vial(lot=lot, by=by, at=NOW)
    actions.decide(lot=lot, status=status, why="letter of the maker", by=by)

    for attempt in (lambda: actions.open_vial(lot=lot, by=by, at=NOW),
                    lambda: actions.draw(vial=vial, volume_ml=ML(1), patient=ana, by=by, at=NOW)):
        with pytest.raises(actions.Closed):
            attempt()
    actions.decide(lot=lot, status="released", why="cleared", by=by)
    assert status_of(lot) == "released"
    actions.draw(vial=vial, volume_ml=ML(1), patient=ana, by=by, at=NOW)


def test_a_lot_past_its_date_is_not_opened(by):
    with pytest.raises(actions.Closed, match="good until"):
        actions.open_vial(lot=make_lot(by, expires=TODAY - DAY), by=by, at=NOW)


def test_a_discarded_vial_takes_the_rest_out_of_the_book_once(by, ana):
    vial = actions.open_vial(lot=make_lot(by), by=by, at=NOW)
    actions.draw(vial=vial, volume_ml=ML(4), patient=ana, by=by, at=NOW)
    for _ in range(2):
        actions.discard(vial=vial, why="28 days", by=by)

    assert (fresh(vial.lot).volume_ml, booked_ml(vial.lot)) == (ML(10), ML(10))
    with pytest.raises(actions.Closed, match="discarded"):
        actions.draw(vial=Vial.objects.get(), volume_ml=ML(1), patient=ana, by=by, at=NOW)


def test_a_count_is_written_over_the_book_with_its_reason(by):
    lot = make_lot(by)
    with pytest.raises(ValueError, match="reason"):
        actions.count(lot=lot, counted_ml=ML(10), why=" ", by=by)
    actions.count(lot=lot, counted_ml=ML(10), why="one vial broken, not written down", by=by)
    actions.count(lot=fresh(lot), counted_ml=ML(10), why="", by=by)

    assert fresh(lot).volume_ml == booked_ml(lot) == ML(10)
    assert list(Movement.objects.filter(kind="counted").values_list("volume_ml", flat=True)) == [ML(-10), ML(0)]


def test_what_stands_in_open_vials_is_not_wasted_from_the_shelf(by):
    lot = make_lot(by)
    actions.open_vial(lot=lot, by=by, at=NOW)

    with pytest.raises(actions.TooLittle):
        actions.waste(lot=lot, volume_ml=ML(11), why="frozen", by=by)
    actions.waste(lot=lot, volume_ml=ML(10), why="frozen", by=by)
    assert fresh(lot).volume_ml == ML(10)


def test_what_is_done_to_a_lot_stands_in_the_trail(by, ana):
    lot = make_lot(by)
    vial = actions.open_vial(lot=lot, by=by, at=NOW)
    actions.discard(vial=vial, why="fell", by=by)
    actions.decide(lot=lot, status="quarantined", why="letter", by=by)

    said = [(one.action, one.kind) for one in Entry.objects.filter(clinic_id=by.clinic.pk, patient_uid=None).order_by("seq")]
    assert [one for one in said if one[1] in ("lot", "vial")] == [
        ("receive", "lot"), ("open", "vial"), ("discard", "vial"), ("quarantined", "lot")]


def test_eight_people_who_draw_from_one_vial_draw_what_is_in_it_and_no_more(committed_db):
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    by = at_work(make_person(clinic, "Alice Archer", "practitioner"), clinic)
    patient, lot = make_patient(by), make_lot(by, containers=1)
    vial = actions.open_vial(lot=lot, by=by, at=NOW)
    drawn, chance = [], random.Random(7)
    volumes = [[ML(chance.randint(1, 9)) / 10 for _ in range(6)] for _ in range(8)]

    def person(mine):
        for volume in mine:
            try:
                actions.draw(vial=vial, volume_ml=volume, patient=patient, by=by, at=NOW)
                drawn.append(volume)
            except actions.TooLittle:
                pass
        connections.close_all()

    people = [threading.Thread(target=person, args=(mine,)) for mine in volumes]
    for one in people:
        one.start()
    for one in people:
        one.join()

    vial.refresh_from_db()
    assert vial.volume_ml == ML(10) - sum(drawn) >= 0
    assert fresh(lot).volume_ml == booked_ml(lot) == vial.volume_ml
    assert sum(map(sum, volumes)) > 10 > sum(drawn) - ML("0.9")


def test_of_six_who_draw_up_from_one_ampoule_at_once_one_patient_has_it(committed_db):
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    by = at_work(make_person(clinic, "Alice Archer", "practitioner"), clinic)
    lot = make_lot(by, make_item(by, name="Ampoule", kind="ampoule", container_ml=ML(1)), containers=1)
    vial = actions.open_vial(lot=lot, by=by, at=NOW)
    patients = [make_patient(by, f"Ana{letter} Ruiz") for letter in "abcdef"]
    refused, has_it = [], []

    def person(patient):
        try:
            actions.reserve(vials=[vial], patient=patient)
            has_it.append(patient)
        except actions.Taken:
            refused.append(patient)
        connections.close_all()

    people = [threading.Thread(target=person, args=(one,)) for one in patients]
    for one in people:
        one.start()
    for one in people:
        one.join()

    vial.refresh_from_db()
    assert [vial.patient] == has_it
    assert len(refused) == 5
