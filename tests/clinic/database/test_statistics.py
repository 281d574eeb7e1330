"""What SQLite is told of its indexes, and what it does with it."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

from clinic.people import make_clinic
from clinic.plans import gone_through, on_sqlite, statements
from waterneedle.clinic.database.sqlite.statistics import LARGE, OPEN, write_statistics
from waterneedle.clinic.visits.models import VisitState

pytestmark = on_sqlite


def kept():
    with connection.cursor() as cursor:
        return dict(cursor.execute("SELECT idx, stat FROM sqlite_stat1").fetchall())


def test_every_database_has_them_from_the_first_day(db):
    found = kept()

    assert found["visits_visit_day"] == "1000000 1000000 10"
    assert found["tasks_task_due"] == "20000 20000 10"  # of what is open there is little in a large table
    assert not [name for name in found if name.startswith("django_")]


def test_what_they_name_exists(db):
    assert {one._meta.db_table for one in apps.get_models()} >= LARGE
    assert set(kept()) >= OPEN


def test_they_are_written_anew_where_somebody_has_counted(db):
    before = kept()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert kept() != before

    write_statistics(connection)
    assert kept() == before


def test_a_clinic_is_taken_for_all_rows(db):
    clinic = make_clinic("a", "A")
    with statements() as asked:
        list(VisitState.objects.filter(clinic=clinic, visit__clinic=clinic, visit__day="2026-11-28").order_by("pk"))
    [(sql, params)] = [one for one in asked if one[0].startswith("SELECT")]

    assert list(gone_through(sql, params, large=LARGE.__contains__)) == []

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")
    assert list(gone_through(sql, params, large=LARGE.__contains__)) != []  # without them it goes through all of them
    write_statistics(connection)
