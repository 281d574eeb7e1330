"""Tables whose rows stay as they are, kept so by triggers in the database itself.

    freeze(Entry)                                                    no row is ever changed or deleted
    freeze(Visit, when="OLD.signed_at IS NOT NULL", free=("note",))  a signed row stays, but for the column `note`
    freeze(Injection, when="EXISTS (SELECT 1 FROM visits_signature s WHERE s.visit_id = OLD.visit_id)",
           closed="EXISTS (SELECT 1 FROM visits_signature s WHERE s.visit_id = NEW.visit_id)")   and none is added
    freeze(Question, when="OLD.answer <> ''", kept=True)             an answered row stays, and none is ever deleted

Rooms call `freeze` in their `models.py`. The words of the triggers stand in one SQL file for each engine. Migrations
rebuild tables, and SQLite then drops their triggers without a word; so all are taken away before migrations run, put
back after, and compared at every start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Frozen:
    """One frozen table: `when` a row is frozen (of OLD), what columns of it are `free`, when the table is `closed` to a row
    (of NEW), and whether every row is `kept`, so that `when` is about changes alone and may speak of NEW.
    """

    model: type[models.Model]
    when: str
    free: frozenset[str]
    closed: str | None
    kept: bool

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(field.column for field in self.model._meta.concrete_fields if field.name not in self.free and field.column)


_FROZEN: dict[str, Frozen] = {}


def freeze(
    model: type[models.Model], *, when: str = "TRUE", free: tuple[str, ...] = (), closed: str | None = None, kept: bool = False,
) -> None:
    """Have the rows of `model` frozen, where `when` holds. The conditions are SQL that both engines read, about OLD and NEW."""
    unknown = set(free) - {field.name for field in model._meta.concrete_fields}
    if unknown:
        raise ValueError(f"{model.__name__} has no field {', '.join(sorted(unknown))}")
    _FROZEN[model._meta.db_table] = Frozen(model, when, frozenset(free), closed, kept)


def frozen_tables() -> tuple[Frozen, ...]:
    """Every frozen table, by name."""
    return tuple(_FROZEN[table] for table in sorted(_FROZEN))


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger in place, new."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        remove(connection)
        for statements in _wanted(connection).values():
            for statement in statements:
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take every trigger away that this module has put in place, before a migration rebuilds tables."""
    with connection.cursor() as cursor:
        for name, table in _present_names(connection, cursor):
            if connection.vendor == "postgresql":
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"')
                cursor.execute(f'DROP FUNCTION IF EXISTS "{name}"()')
            else:
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')


def misplaced(connection: BaseDatabaseWrapper) -> list[str]:
    """The triggers that are not as they should be: gone, switched off, or with other words. Empty when every frozen
    table is guarded.
    """
    with connection.cursor() as cursor:
        present = _present_postgresql(cursor) if connection.vendor == "postgresql" else _present_sqlite(cursor)
    wanted = {name: _comparable(statements, connection.vendor) for name, statements in _wanted(connection).items()}
    return sorted(name for name, words in wanted.items() if present.get(name) != words)


def _wanted(connection: BaseDatabaseWrapper) -> dict[str, list[str]]:
    """Each trigger by name with its statements, for the tables that exist."""
    existing = set(connection.introspection.table_names())
    blocks = _blocks(connection.vendor)
    return {
        f"{frozen.table}_frozen_{event}": [_filled(statement, frozen, event) for statement in blocks[event]]
        for frozen in frozen_tables()
        if frozen.table in existing
        for event in blocks
        if event != "insert" or frozen.closed
    }


def _filled(statement: str, frozen: Frozen, event: str) -> str:
    of = " OF " + ", ".join(f'"{column}"' for column in frozen.columns) if frozen.free else ""
    when = frozen.closed if event == "insert" else "TRUE" if event == "delete" and frozen.kept else frozen.when
    for place, value in {"table": frozen.table, "of": of, "when": when or "TRUE"}.items():
        statement = statement.replace("{{" + place + "}}", value)
    return statement


@lru_cache(maxsize=2)
def _blocks(vendor: str) -> dict[str, list[str]]:
    """The statements of each event (update, delete, insert, truncate) of an engine's file. A statement ends with `;`
    at the end of a line that is followed by a line that begins one."""
    text = (SQL / f"{vendor}.sql").read_text(encoding="utf-8")
    parts = re.split(r"^-- (update|delete|insert|truncate)$", text, flags=re.MULTILINE)
    return {
        event: [part.strip() for part in re.split(r";\s*\n(?=CREATE|ALTER)", body.strip().rstrip(";"))]
        for event, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def _comparable(statements: list[str], vendor: str) -> str:
    """The words by which a trigger in the database is known to be this one."""
    if vendor == "postgresql":
        body = statements[0].split("$frozen$")[1]
        event = re.search(r"BEFORE (.*?) ON ", statements[1])
        return _plain(f"{event and event[1]} | {body}")
    return _plain(statements[0])


def _plain(words: str) -> str:
    return re.sub(r"\s+", " ", words.replace('"', "")).strip()


def _present_sqlite(cursor: Any) -> dict[str, str]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {name: _plain(sql) for name, sql in cursor.fetchall()}


def _present_postgresql(cursor: Any) -> dict[str, str]:
    cursor.execute(
        "SELECT t.tgname, pg_get_triggerdef(t.oid), p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
        "JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND c.relnamespace = current_schema()::regnamespace"
    )
    found = {}
    for name, definition, body in cursor.fetchall():
        event = re.search(r"BEFORE (.*?) ON ", definition)
        found[name] = _plain(f"{event and event[1]} | {body}")
    return found


def _present_names(connection: BaseDatabaseWrapper, cursor: Any) -> list[tuple[str, str]]:
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
        )
    else:
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    return [(name, table) for name, table in cursor.fetchall() if re.search(r"_frozen_(update|delete|insert|truncate)$", name)]
