"""What came and went, was decided of a lot, read off a thermometer, looked through in a kit: the database itself keeps it."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from clinic.patients.people import at_work
from clinic.stock.shelf import make_item, make_lot
from waterneedle.clinic.stock import actions
from waterneedle.clinic.stock.models import KitCheck, LotState, Movement, Temperature


@pytest.fixture
def kept(clinic, alice):
    by = at_work(alice, clinic)
    actions.decide(lot=make_lot(by, make_item(by, "B-12")), status="quarantined", why="cloudy", by=by)
    fields = {"place": "fridge", "celsius": Decimal(5), "low": Decimal(2), "high": Decimal(8)}
    actions.log_temperature(fields=fields, by=by, at=timezone.now())
    fields = {"epinephrine_expires": datetime.date(2999, 1, 1), "oxygen": True, "airway": True, "note": "", "initials": "AA"}
    actions.check_kit(kit=actions.add_kit(place="Room 1", by=by), day=datetime.date(2026, 11, 28), fields=fields, by=by)


@pytest.mark.parametrize("model", [Movement, LotState, Temperature, KitCheck])
def test_it_is_neither_changed_nor_deleted(kept, model):
    table, row = model._meta.db_table, model.objects.get()
    for statement in (f'UPDATE "{table}" SET clinic_id = clinic_id WHERE id = %s', f'DELETE FROM "{table}" WHERE id = %s'):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [row.pk])
    assert model.objects.filter(pk=row.pk).exists()
