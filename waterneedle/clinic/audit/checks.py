"""What must hold of the database before anybody works on it; `serve` and `worker` do not start otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

from waterneedle.clinic.audit import frozen, keys
from waterneedle.clinic.audit.models import Entry

# What SQLite must answer: every commit is on the disk, and INSERT OR REPLACE meets the triggers.
_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "recursive_triggers": 1}


def trail_is_guarded(app_configs: Any = None, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Frozen tables have their triggers, SQLite writes through, and the keys can be read."""
    problems: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if Entry._meta.db_table not in connection.introspection.table_names():
            continue  # nothing is there yet: `migrate` comes first
        problems += [
            Error(f"the trigger {name} is not in place", hint="run `waterneedle upgrade`: it puts triggers back", id="audit.E001")
            for name in frozen.misplaced(connection)
        ]
        if connection.vendor == "sqlite":
            problems += _pragmas(connection)
    try:
        keys.ready()
    except (OSError, ValueError) as problem:
        problems.append(Error(f"the keys of the trail cannot be read: {problem}", id="audit.E003"))
    return problems


def _pragmas(connection: Any) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    in_memory = connection.is_in_memory_db()
    for name, wanted in _PRAGMAS.items():
        if in_memory and name == "journal_mode":
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {name}")
            found = cursor.fetchone()[0]
        if found != wanted:
            problems.append(Error(f"SQLite has {name} = {found}, it must be {wanted}", id="audit.E002"))
    return problems
