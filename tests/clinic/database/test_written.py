"""What is written by a statement made once is what `save()` would have written."""

from __future__ import annotations

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from clinic.patients.people import make_patient
from clinic.visits.charting import make_syringe, make_vial, make_visit
from waterneedle.clinic.database.written import execute, insert, returned, update
from waterneedle.clinic.stock.models import LotState, Movement
from waterneedle.clinic.visits.models import Proof, Visit
from waterneedle.clinic.visits.signing import mint


def movement(by, volume_ml):
    vial = make_vial(by)
    return Movement(clinic=by.clinic, lot=vial.lot, vial=vial, kind="drawn", volume_ml=volume_ml, made_at=timezone.now(),
                    made_by=by.user)


def test_a_new_row_has_its_number_and_every_column(by):
    made = movement(by, Decimal("-0.125"))
    insert(made)
    found = Movement.objects.get(pk=made.pk)

    assert [getattr(found, one.attname) for one in Movement._meta.concrete_fields] == [
        getattr(made, one.attname) for one in Movement._meta.concrete_fields]


def test_a_column_that_fills_itself_is_filled(by):
    made = LotState(clinic=by.clinic, lot=make_vial(by).lot, status="recalled", why="letter of the maker", made_by=by.user)
    before = timezone.now()
    insert(made)

    assert before <= LotState.objects.get(pk=made.pk).made_at <= timezone.now()


def test_only_the_columns_named_are_changed(by):
    vial = make_vial(by)
    vial.volume_ml, vial.code = Decimal("0.25"), "NEVER"
    update(vial, "volume_ml")
    code = vial.code
    vial.refresh_from_db()

    assert (vial.volume_ml, vial.code != code) == (Decimal("0.25"), True)


def test_what_the_database_refuses_by_save_it_refuses_here(by):
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(movement(by, Decimal("1")))  # drawn is below zero
    with pytest.raises(LookupError):
        made = movement(by, Decimal("-1"))
        made.pk = 10**9
        update(made, "volume_ml")


def test_a_statement_says_how_many_rows_it_changed(by):
    visit = make_visit(by, make_patient(by))
    make_syringe(by, visit)
    proof = mint(visit=visit, user=by.user, session_key="one", method="passkey")
    use = "UPDATE visits_proof SET used_at = %s WHERE uid = %s AND used_at IS NULL AND until > %s"
    now = timezone.now()

    assert execute(use, now, proof.uid, now + datetime.timedelta(hours=1)) == 0
    assert [execute(use, now, proof.uid, now) for _ in range(2)] == [1, 0]
    assert Proof.objects.get(pk=proof.pk).used_at == now


def test_a_statement_gives_a_row_back_and_nothing_where_it_changed_none(by):
    visit = make_visit(by, make_patient(by))
    use = "UPDATE visits_visit SET note = %s WHERE id = %s RETURNING id, note"

    assert returned(use, "Six points.", visit.pk) == (visit.pk, "Six points.")
    assert returned(use, "Six points.", 10**9) is None


@pytest.mark.parametrize("zone", [datetime.UTC, ZoneInfo("America/Los_Angeles"), ZoneInfo("UTC")])
@pytest.mark.parametrize("micros", [0, 250_000])
def test_a_moment_is_kept_as_by_save_whatever_its_zone(by, zone, micros):
    visit = make_visit(by, make_patient(by))
    at = datetime.datetime(2026, 11, 27, 9, 30, 15, micros, tzinfo=datetime.UTC).astimezone(zone)
    execute("UPDATE visits_visit SET happened_at = %s WHERE id = %s", at, visit.pk)
    by_us = as_kept(visit)
    Visit.objects.filter(pk=visit.pk).update(happened_at=at)

    assert by_us == as_kept(visit)
    assert Visit.objects.get(pk=visit.pk).happened_at == at


def as_kept(visit):
    with connection.cursor() as cursor:
        cursor.execute("SELECT CAST(happened_at AS text) FROM visits_visit WHERE id = %s", [visit.pk])
        return cursor.fetchone()
