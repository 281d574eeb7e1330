"""Frozen tables: the database itself refuses, and a trigger that is not in place is noticed before anybody works."""
from __future__ import annotations

import pytest
from django.apps.registry import Apps
from django.db import DatabaseError, connection, models, transaction

from clinic.audit.writing import append
from waterneedle.clinic.audit import frozen
from waterneedle.clinic.audit.checks import trail_is_guarded
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.audit.who import machine

pytestmark = pytest.mark.django_db
POSTGRESQL = "postgresql"
only_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own way around")
only_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL's own way around")


@pytest.fixture
def entry():
    append(by=machine("test"), action="read", kind="chart")
    return Entry.objects.order_by("-seq").first()


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as problem:
        assert "frozen" in str(problem)
        return True
    return False


@pytest.mark.parametrize("statement", [
    "UPDATE audit_entry SET user_name = 'nobody'",
    "UPDATE audit_entry SET seq = seq + 1000",
    "DELETE FROM audit_entry",
    "DELETE FROM audit_entry WHERE seq = 1",
])
def test_the_database_refuses(entry, statement):
    assert refused(statement)


@only_sqlite
def test_insert_or_replace_is_refused(entry):
    columns = ", ".join(field.column for field in Entry._meta.local_concrete_fields if field.column)
    assert refused(f"INSERT OR REPLACE INTO audit_entry ({columns}) SELECT {columns} FROM audit_entry")


@only_postgresql
@pytest.mark.parametrize("before", ["", "SET LOCAL session_replication_role = replica; "])
@pytest.mark.parametrize("statement", ["TRUNCATE audit_entry", "DELETE FROM audit_entry"])
def test_truncating_and_playing_the_replica_are_refused(entry, before, statement):
    assert refused(f"SET CONSTRAINTS ALL IMMEDIATE; {before}{statement}")


def test_every_frozen_table_is_guarded():
    assert frozen.misplaced(connection) == []
    assert trail_is_guarded(databases=["default"]) == []


def test_a_missing_trigger_is_named():
    name = "audit_entry_frozen_delete"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{name}"' + (" ON audit_entry" if connection.vendor == POSTGRESQL else ""))

    assert frozen.misplaced(connection) == [name]
    assert [one.id for one in trail_is_guarded(databases=["default"])] == ["audit.E001"]


@only_sqlite
def test_a_trigger_with_other_words_is_named():
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_entry_frozen_delete")
        cursor.execute("CREATE TRIGGER audit_entry_frozen_delete BEFORE DELETE ON audit_entry WHEN FALSE BEGIN SELECT 1; END")

    assert frozen.misplaced(connection) == ["audit_entry_frozen_delete"]


@only_postgresql
@pytest.mark.parametrize("statement", [
    "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_frozen_delete",
    "ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_frozen_delete",
    "CREATE OR REPLACE FUNCTION audit_entry_frozen_delete() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
])
def test_a_trigger_that_was_switched_off_is_named(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)

    assert frozen.misplaced(connection) == ["audit_entry_frozen_delete"]


@pytest.fixture
def shelf():
    """A table of which a row is frozen once it is signed, with one column that may change even then."""

    class Shelf(models.Model):
        name = models.CharField(max_length=20)
        note = models.CharField(max_length=20, blank=True)
        signed_at = models.DateTimeField(null=True)

        class Meta:
            app_label = "audit"
            apps = Apps()  # of its own, or the project's migrations would miss it
            db_table = "audit_test_shelf"

    if connection.vendor == POSTGRESQL:
        with connection.schema_editor() as editor:
            editor.create_model(Shelf)
    else:  # its schema editor will not work inside the transaction of a test
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE audit_test_shelf (id integer PRIMARY KEY, name text, note text, signed_at text)")
    frozen.freeze(Shelf, when="OLD.signed_at IS NOT NULL", free=("note",), closed="NEW.name = 'closed'")
    frozen.install(connection)
    yield Shelf
    del frozen._FROZEN["audit_test_shelf"]


def test_a_row_is_frozen_only_when_its_condition_holds(shelf, entry):
    draft = shelf.objects.create(name="draft")
    signed = shelf.objects.create(name="signed", signed_at=entry.at)

    shelf.objects.filter(id=draft.id).update(name="changed")
    shelf.objects.filter(id=signed.id).update(note="free")
    assert refused(f"UPDATE audit_test_shelf SET name = 'x' WHERE id = {signed.id}")
    assert refused(f"DELETE FROM audit_test_shelf WHERE id = {signed.id}")
    shelf.objects.filter(id=draft.id).delete()


def test_a_closed_table_takes_no_row(shelf):
    shelf.objects.create(name="open")
    assert refused("INSERT INTO audit_test_shelf (name, note) VALUES ('closed', '')")


def test_a_free_column_must_exist():
    with pytest.raises(ValueError, match="nothing"):
        frozen.freeze(Entry, free=("nothing",))
