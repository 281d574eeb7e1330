"""Two bookings that stand never hold one practitioner, or one room, at the same time: the database refuses the second.

PostgreSQL has exclusion constraints over ranges (a number is a range of one, so no extension is needed); SQLite has triggers.
Both are put in place after every run of migrations, for SQLite drops the triggers of a table that it rebuilds, and are
asserted at start.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "appointments_booking"
COLUMNS = ("practitioner_id", "room_id")

_EXCLUDE = (
    'ALTER TABLE "appointments_booking" ADD CONSTRAINT "appointments_alone_{0}" EXCLUDE USING gist '
    "(int8range({0}, {0}, '[]') WITH &&, tstzrange(starts_at, until, '[)') WITH &&) WHERE (stands AND {0} IS NOT NULL)"
)
_TRIGGER = (
    'CREATE TRIGGER "appointments_alone_{0}_{1}" BEFORE {1} ON "appointments_booking" WHEN NEW.stands AND NEW.{0} IS NOT NULL '
    "BEGIN SELECT RAISE(ABORT, 'this time is taken') WHERE EXISTS (SELECT 1 FROM appointments_booking b WHERE b.stands "
    "AND b.clinic_id = NEW.clinic_id AND b.{0} = NEW.{0} AND b.starts_at < NEW.until AND b.until > NEW.starts_at "
    "AND b.id IS NOT NEW.id); END"
)
_ON_POSTGRESQL = {f"appointments_alone_{one}": _EXCLUDE.format(one) for one in COLUMNS}
_ON_SQLITE = {f"appointments_alone_{one}_{verb}": _TRIGGER.format(one, verb) for one in COLUMNS for verb in ("INSERT", "UPDATE")}
_PRESENT_POSTGRESQL = "SELECT conname FROM pg_constraint WHERE conrelid = 'appointments_booking'::regclass AND contype = 'x'"
_PRESENT_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'appointments_booking'"


def install(connection: BaseDatabaseWrapper) -> None:
    """Put in place what is missing."""
    wanted = _ON_POSTGRESQL if connection.vendor == "postgresql" else _ON_SQLITE
    for name in missing(connection):
        statement = wanted[name]
        with connection.cursor() as cursor:
            cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of what should keep bookings apart and is not there."""
    on_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT_POSTGRESQL if on_postgresql else _PRESENT_SQLITE)
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in (_ON_POSTGRESQL if on_postgresql else _ON_SQLITE) if name not in present]


def bookings_are_kept_apart(app_configs: Any = None, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """The check at start: without these nobody works."""
    return [
        Error(f"{name} is not in place", hint="run `waterneedle upgrade`: it puts it back", id="appointments.E001")
        for alias in databases or ()
        if TABLE in connections[alias].introspection.table_names()
        for name in missing(connections[alias])
    ]


def keep_bookings_apart(*, using: str, **_: Any) -> None:
    """After every run of migrations."""
    if TABLE in connections[using].introspection.table_names():
        install(connections[using])
