"""The migrations lead to the database that the models describe: tables, columns, indexes, constraints and triggers."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing

import pytest
from django.db import connection


def test_a_migrated_database_has_what_the_models_say(db, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("the statements differ by engine, the migrations do not; SQLite's catalogue is read here")
    import sqlite3

    environment = os.environ | {"WATERNEEDLE_DATA": str(tmp_path), "WATERNEEDLE_DEMO": "1"}
    environment.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v", "0"], env=environment, check=True, capture_output=True)
    (file,) = [one for one in tmp_path.rglob("*.sqlite3") if one.stat().st_size > 100_000]
    with closing(sqlite3.connect(file)) as migrated, connection.cursor() as cursor:
        assert contents(migrated.execute) == contents(cursor.execute)


def contents(execute):
    """(kind, name) of everything in the catalogue, and the columns of each table with their types."""
    found = {(kind, name) for kind, name in execute("SELECT type, name FROM sqlite_master").fetchall() if not _is_own(name)}
    tables = sorted(name for kind, name in found if kind == "table")
    columns = {
        name: {(one[1], one[2], one[3], one[5]) for one in execute(f'PRAGMA table_info("{name}")').fetchall()} for name in tables
    }
    return found, columns


def _is_own(name):
    """SQLite's own indexes are numbered in the order in which a table was built, and its own tables have no migration."""
    return name.startswith("sqlite_")
