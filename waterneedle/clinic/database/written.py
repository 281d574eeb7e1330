"""Rows of the hot paths, written by statements that are made once.

    insert(movement)                          gives the row its number
    update(vial, "volume_ml", "patient_id")   by columns; the row stands by its number
    execute("UPDATE … WHERE uid = %s", uid)   how many rows were changed; moments, days and UUIDs as the engine keeps them
    returned("UPDATE … RETURNING id", uid)    the first row that it gives back, or None

The same values go through the same conversions as by `save()`, and the database refuses the same. No signal is sent, as none is
listened to here.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, CharField, Field, ForeignKey, Model, TextField

from waterneedle.clinic.database.prepared import adapted, bared, run

_ONE, _COUNT = operator.methodcaller("fetchone"), operator.attrgetter("rowcount")


def insert(row: Model) -> None:
    """Write a new row, and give it its number."""
    here = connections[DEFAULT_DB_ALIAS]
    statement, fields = _insertion(type(row))
    values = [_saved(field, field.pre_save(row, True), here) for field in fields]
    (row.pk,) = _written(here, statement, values, _ONE)
    row._state.adding, row._state.db = False, here.alias


def update(row: Model, *columns: str) -> None:
    """Write `columns` of a row that is there, if any; raises LookupError where it is not."""
    if not columns:
        return
    here = connections[DEFAULT_DB_ALIAS]
    statement, fields = _change(type(row), columns)
    values = [_saved(field, getattr(row, field.attname), here) for field in fields]
    if _written(here, statement, [*values, row.pk], _COUNT) != 1:
        raise LookupError(f"there is no {type(row).__name__} {row.pk}")


def execute(statement: str, *values: Any) -> int:
    """Run a statement that changes rows: how many it changed."""
    return _run(statement, values, _COUNT)


def returned(statement: str, *values: Any) -> tuple[Any, ...] | None:
    """Run a statement: the first row that it gives back, as the driver gives it."""
    return _run(statement, values, _ONE)


def _run(statement: str, values: Sequence[Any], take: Callable[[Any], Any]) -> Any:
    here = connections[DEFAULT_DB_ALIAS]
    return _written(here, statement, [adapted(one, here) for one in values], take)


def _written(here: BaseDatabaseWrapper, statement: str, values: Sequence[Any], take: Callable[[Any], Any]) -> Any:
    # Outside of a transaction the cursor takes the writer's place first.
    return run(here, statement, bared(statement) if here.in_atomic_block else "", values, take)


# What these fields make of a value of this type is the value: they need not be asked.
_AS_IT_IS: dict[type[Field[Any, Any]], type] = {CharField: str, TextField: str, ForeignKey: int, BooleanField: bool}


def _saved(field: Field[Any, Any], value: Any, here: BaseDatabaseWrapper) -> Any:
    """`value` as `save()` hands it to the driver."""
    return value if _AS_IT_IS.get(type(field)) is type(value) else field.get_db_prep_save(value, here)


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
