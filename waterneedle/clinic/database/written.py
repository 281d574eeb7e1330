"""Rows of the hot paths, written by statements that are made once.

    insert(movement)                          gives the row its number
    update(vial, "volume_ml", "patient_id")   by columns; the row stands by its number
    execute("UPDATE … WHERE uid = %s", uid)   how many rows were changed; moments, days and UUIDs as the engine keeps them

The same values go through the same conversions as by `save()`, and the database refuses the same. No signal is sent, as none is
listened to here.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model

from waterneedle.clinic.database.prepared import adapted, bared, run

_ONE, _COUNT = operator.methodcaller("fetchone"), operator.attrgetter("rowcount")


def insert(row: Model) -> None:
    """Write a new row, and give it its number."""
    statement, fields = _insertion(type(row))
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    (row.pk,) = _written(statement, values, _ONE)
    row._state.adding, row._state.db = False, connection.alias


def update(row: Model, *columns: str) -> None:
    """Write `columns` of a row that is there, if any; raises LookupError where it is not."""
    if not columns:
        return
    statement, fields = _change(type(row), columns)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    if _written(statement, [*values, row.pk], _COUNT) != 1:
        raise LookupError(f"there is no {type(row).__name__} {row.pk}")


def execute(statement: str, *values: Any) -> int:
    """Run a statement that changes rows: how many it changed."""
    return _written(statement, [adapted(one) for one in values], _COUNT)


def _written(statement: str, values: Sequence[Any], take: Callable[[Any], Any]) -> Any:
    here = connections[DEFAULT_DB_ALIAS]
    # Outside of a transaction the cursor takes the writer's place first.
    return run(here, statement, bared(statement) if here.in_atomic_block else "", values, take)


@functools.cache
def _insertion(model: type[Model]) -> tuple[str, tuple[Any, ...]]:
    fields = tuple(one for one in model._meta.concrete_fields if not one.primary_key)
    columns, places = ", ".join(f'"{one.column}"' for one in fields), ", ".join(["%s"] * len(fields))
    table, number = model._meta.db_table, model._meta.pk.column
    return f'INSERT INTO "{table}" ({columns}) VALUES ({places}) RETURNING "{number}"', fields


@functools.cache
def _change(model: type[Model], columns: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    by_column = {one.column: one for one in model._meta.concrete_fields}
    fields = tuple(by_column[one] for one in columns)
    table, number = model._meta.db_table, model._meta.pk.column
    changed = ", ".join(f'"{one}" = %s' for one in columns)
    return f'UPDATE "{table}" SET {changed} WHERE "{number}" = %s', fields
