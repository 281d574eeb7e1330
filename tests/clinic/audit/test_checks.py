"""What is said before anybody works on a database that does not guard its trail."""
from __future__ import annotations

import pytest
from django.db import connection

from waterneedle.clinic.audit import keys
from waterneedle.clinic.audit.checks import trail_is_guarded

only_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own settings")


def found() -> list[str]:
    return [one.id for one in trail_is_guarded(databases=["default"])]


def test_a_database_as_it_is_made_is_guarded(db):
    assert found() == []


def test_without_a_database_nothing_is_asked_of_one():
    assert trail_is_guarded() == []


@only_sqlite
@pytest.mark.parametrize(("name", "wrong", "right"), [("recursive_triggers", "OFF", "ON"), ("synchronous", "NORMAL", "FULL")])
def test_sqlite_must_write_through_and_meet_its_triggers(committed_db, name, wrong, right):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}={wrong}")
        assert found() == ["audit.E002"]
        cursor.execute(f"PRAGMA {name}={right}")
    assert found() == []


@pytest.mark.parametrize("content", ["", "{}", "not json", '{"format": "waterneedle keys 1", "keys": [], "signing": 7}'])
def test_keys_that_cannot_be_read_are_said(db, settings, tmp_path, content):
    settings.AUDIT_KEY_FILE = tmp_path / "keys.json"
    settings.AUDIT_KEY_FILE.write_text(content)
    settings.AUDIT_KEY_FILE.chmod(0o600)
    keys.forget()

    assert found() == ["audit.E003"]


def test_a_database_that_is_still_empty_is_not_complained_of(committed_db):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry RENAME TO elsewhere")

    assert [one for one in found() if one != "audit.E001"] == []
