from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from waterneedle.clinic.database.schema import Schema, problem, schema


@pytest.fixture
def recorder(db):
    return MigrationRecorder(connection)


@pytest.fixture
def newest():
    """The last migration of the shelf."""
    ((_, name),) = MigrationLoader(None).graph.leaf_nodes("stock")
    return name


def test_a_migrated_database_fits(db):
    assert schema().fits
    assert problem(schema()) == ""


def test_what_is_not_yet_applied_is_missing(recorder, newest):
    recorder.record_unapplied("stock", newest)

    assert f"stock.{newest}" in schema().missing
    assert "waterneedle upgrade" in problem(schema())


def test_what_another_version_has_applied_is_unknown_and_is_said_first(recorder, newest):
    recorder.record_applied("stock", "9999_of_tomorrow")
    recorder.record_unapplied("stock", newest)

    assert schema().unknown == ("stock.9999_of_tomorrow",)
    assert "another version" in problem(schema())


def test_an_empty_database_is_told_from_an_old_one():
    empty, old = Schema((), ("a.1",), ()), Schema(("a.1",), ("a.2",), ())

    assert (empty.is_empty, old.is_empty) == (True, False)
    assert problem(empty) != problem(old)
