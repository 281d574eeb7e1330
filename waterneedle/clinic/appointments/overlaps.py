"""Two bookings that stand never hold one practitioner, one room or one patient at the same time: the database refuses the second.

PostgreSQL has exclusion constraints over ranges (a number is a range of one, so no extension is needed); SQLite has triggers.
Both are put in place after every run of migrations, for SQLite drops the triggers of a table that it rebuilds, and are
asserted at start. A patient is held from beginning to end, without the minutes that are kept free after it, and not where they
did not come or have left. What was booked twice before this was refused stays as it is.
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
_PATIENT = "appointments_alone_patient_id"
_HOLDS = "{0}stands AND {0}state NOT IN ('no-show', 'left')"
_EXCLUDE_PATIENT = (
    f'ALTER TABLE "appointments_booking" ADD CONSTRAINT "{_PATIENT}" EXCLUDE USING gist '
    f"(int8range(patient_id, patient_id, '[]') WITH &&, tstzrange(starts_at, ends_at, '[)') WITH &&) "
    f"WHERE ({_HOLDS.format('')} AND id > {{newest}})"
)
_TRIGGER_PATIENT = (
    f'CREATE TRIGGER "{_PATIENT}_{{verb}}" BEFORE {{verb}} ON "appointments_booking" WHEN {_HOLDS.format("NEW.")}{{more}} '
    "BEGIN SELECT RAISE(ABORT, 'the patient is booked at this time') WHERE EXISTS (SELECT 1 FROM appointments_booking b WHERE "
    f"{_HOLDS.format('b.')} AND b.clinic_id = NEW.clinic_id AND b.patient_id = NEW.patient_id AND b.starts_at < NEW.ends_at "
    "AND b.ends_at > NEW.starts_at AND b.id IS NOT NEW.id); END"
)
_IS_MOVED = (
    f" AND (NOT ({_HOLDS.format('OLD.')}) OR OLD.patient_id <> NEW.patient_id OR OLD.starts_at <> NEW.starts_at "
    "OR OLD.ends_at <> NEW.ends_at)"
)
_NEWEST_TWICE = (
    "SELECT COALESCE(MAX(GREATEST(a.id, b.id)), 0) FROM appointments_booking a JOIN appointments_booking b ON a.id < b.id "
    f"AND a.patient_id = b.patient_id AND a.starts_at < b.ends_at AND a.ends_at > b.starts_at WHERE {_HOLDS.format('a.')} "
    f"AND {_HOLDS.format('b.')}"
)
_ON_POSTGRESQL = {f"appointments_alone_{one}": _EXCLUDE.format(one) for one in COLUMNS} | {_PATIENT: _EXCLUDE_PATIENT}
_ON_SQLITE = {f"appointments_alone_{one}_{verb}": _TRIGGER.format(one, verb) for one in COLUMNS for verb in ("INSERT", "UPDATE")}
_ON_SQLITE |= {
    f"{_PATIENT}_{verb}": _TRIGGER_PATIENT.format(verb=verb, more=more) for verb, more in (("INSERT", ""), ("UPDATE", _IS_MOVED))
}
_PRESENT_POSTGRESQL = "SELECT conname FROM pg_constraint WHERE conrelid = 'appointments_booking'::regclass AND contype = 'x'"
_PRESENT_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'appointments_booking'"


def install(connection: BaseDatabaseWrapper) -> None:
    """Put in place what is missing."""
    wanted = _ON_POSTGRESQL if connection.vendor == "postgresql" else _ON_SQLITE
    for name in missing(connection):
        statement = wanted[name]
        with connection.cursor() as cursor:
            if "{newest}" in statement:
                cursor.execute(_NEWEST_TWICE)
                statement = statement.format(newest=cursor.fetchone()[0])
            cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of what should keep bookings apart and is not there."""
    on_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT_POSTGRESQL if on_postgresql else _PRESENT_SQLITE)
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in names(connection) if name not in present]


def names(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of what keeps bookings apart in a database of this kind."""
    return list(_ON_POSTGRESQL if connection.vendor == "postgresql" else _ON_SQLITE)


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
