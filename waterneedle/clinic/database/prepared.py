"""Statements of the hot paths, written by Django once and run with other values ever after.

    @prepared
    def _injections(clinic_id: int, visit_id: int) -> QuerySet[Injection]:
        return Injection.objects.filter(clinic_id=clinic_id, visit_id=visit_id, removed_at=None).order_by("seq")

    rows = _injections(visit.clinic_id, visit.pk)        # a list

To put a query together costs Django ten times what SQLite needs to answer it. So the query is still said in Django's words, with
its joins, conversions and rows, but its SQL is made once for each connection, each kind of value and each length of a list. Every
value must be used as it is given, as one parameter or as a list of them: a query that does anything else with it (takes a part
of it, decides by it) is refused when it is first run.
"""

from __future__ import annotations

import datetime
import functools
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable
from django.db.models.signals import post_init, pre_init

_FIRST = 7_340_033_000_000  # numbers from here on stand for the values while a query is put together
_NO_DAY = datetime.date(1, 1, 2)
_ALL = operator.methodcaller("fetchall")
_KEPT = 512  # statements that PostgreSQL keeps for a connection; a page of a visit has some seventy


def prepared(build: Callable[..., QuerySet[Any]]) -> Callable[..., list[Any]]:
    """`build(*values)` as a function that gives its rows. Values: numbers, texts, days, moments, UUIDs and lists of numbers."""

    @functools.wraps(build)
    def rows(*values: Any) -> list[Any]:
        here = connections[DEFAULT_DB_ALIAS]
        key = (build, *[_KINDS.get(type(one)) or _kind(one) for one in values])
        plans = here.__dict__.setdefault("prepared_plans", {})
        plan = plans.get(key) or plans.setdefault(key, _plan(build, key[1:]))
        return plan.rows(here, _flat(values) if plan.has_lists else values)

    return rows


@dataclass(frozen=True)
class _Plan:
    """A statement with its parameters: each one that `places` names by its position is the value of that number."""

    sql: str
    bare: str
    fixed: tuple[Any, ...]
    places: tuple[tuple[int, int, Callable[[Any], Any]], ...]
    converters: tuple[tuple[int, Callable[..., Any], Any], ...]
    make: Callable[[Sequence[Any]], Any]
    has_lists: bool

    def rows(self, here: BaseDatabaseWrapper, values: Sequence[Any]) -> list[Any]:
        parameters = list(self.fixed)
        for place, number, fitted in self.places:
            parameters[place] = fitted(values[number])
        make, converters, found = self.make, self.converters, run(here, self.sql, self.bare, parameters, _ALL)
        if not converters:
            return [make(row) for row in found]
        rows = []
        for each in found:
            row = list(each)
            for place, convert, expression in converters:
                if (value := row[place]) is not None:  # no converter makes anything of NULL
                    row[place] = convert(value, expression, here)
            rows.append(make(row))
        return rows


def run(here: BaseDatabaseWrapper, sql: str, bare: str, parameters: Sequence[Any], take: Callable[[Any], Any]) -> Any:
    """What `take` takes from the cursor of a statement, past Django's cursor where nobody listens to statements. `bare` is `sql`
    as SQLite's own driver takes it; "" where it may not: for another engine, or for a write outside a transaction."""
    is_planned = here.vendor == "postgresql"
    if (bare or is_planned) and not (here.queries_logged or here.execute_wrappers or here.needs_rollback):
        here.ensure_connection()
        with here.wrap_database_errors:
            return take(_planned(here.connection, sql, parameters) if is_planned else here.connection.execute(bare, parameters))
    with here.cursor() as cursor:
        cursor.execute(sql, parameters)
        return take(cursor)


def _planned(connection: Any, sql: str, parameters: Sequence[Any]) -> Any:
    """The cursor of a statement that PostgreSQL reads and plans once for each connection; Django's sends it as new each time."""
    from psycopg import Cursor  # late: only where PostgreSQL is

    # Django turns this off. Its own cursors write the values into their statements, and go on having none kept.
    connection.prepare_threshold, connection.prepared_max = 0, _KEPT
    return Cursor(connection).execute(sql, parameters)


@functools.lru_cache(maxsize=1000)
def bared(sql: str) -> str:
    """`sql` for `run`."""
    return FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%") if connection.vendor == "sqlite" else ""


# Of most values the type is the kind: `_kind` is for the others.
_KINDS = {one: one for one in (int, str, UUID, datetime.datetime, datetime.date)}


def _kind(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return ("list", len(value))
    for kind in (datetime.datetime, datetime.date, UUID, str):
        if isinstance(value, kind):
            return kind
    if isinstance(value, int) and not isinstance(value, bool):
        return int
    raise TypeError(f"a prepared statement takes no {type(value).__name__}: {value!r}")


def _plan(build: Callable[..., QuerySet[Any]], kinds: tuple[Any, ...]) -> _Plan:
    marks: list[Any] = []
    values: list[Any] = []
    for kind in kinds:
        each = [int] * kind[1] if isinstance(kind, tuple) else [kind]
        new = [_mark(one, number) for number, one in enumerate(each, len(marks))]
        marks += new
        values.append(new if isinstance(kind, tuple) else new[0])
    queryset = build(*values)
    compiler = queryset.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    here = connections[DEFAULT_DB_ALIAS]
    known = [adapted(one, here) for one in marks]
    places = [
        (place, number, _adapter(parameter, marks[number], here))
        for place, parameter in enumerate(parameters)
        for number, mark in enumerate(known)
        if parameter == mark
    ]
    unused = set(range(len(marks))) - {number for _, number, _ in places}
    if unused:
        raise ValueError(f"{build.__name__}: values {sorted(unused)} are not parameters of its statement as they are")
    fields = [one[0] for one in compiler.select[0 : compiler.col_count]]
    converters = tuple(
        (place, _quick(one), expression) for place, (each, expression) in compiler.get_converters(fields).items() for one in each)
    has_lists = any(isinstance(one, tuple) for one in kinds)
    return _Plan(sql, bared(sql), tuple(parameters), tuple(places), converters, _maker(queryset, compiler), has_lists)


def _flat(values: Sequence[Any]) -> list[Any]:
    return [one for value in values for one in (value if isinstance(value, (list, tuple)) else (value,))]


def _quick(convert: Callable[..., Any]) -> Callable[..., Any]:
    """`convert`, but for SQLite's moments, which stand there in UTC and are most of what is converted."""
    if convert != getattr(connection.ops, "convert_datetimefield_value", None) or connection.timezone is not datetime.UTC:
        return convert

    def moment(value: Any, expression: Any, here: Any) -> Any:
        if type(value) is datetime.datetime and value.tzinfo is None:
            return value.replace(tzinfo=datetime.UTC)
        return convert(value, expression, here)

    return moment


def _mark(kind: type, number: int) -> Any:
    """A value that no query holds by itself."""
    if kind is int:
        return _FIRST + number
    if kind is str:
        return f"\N{REPLACEMENT CHARACTER}{number}\N{REPLACEMENT CHARACTER}"
    if kind is UUID:
        return UUID(int=_FIRST + number)
    day = _NO_DAY + datetime.timedelta(days=number)
    return day if kind is datetime.date else datetime.datetime.combine(day, datetime.time(1), datetime.UTC)


def adapted(value: Any, here: BaseDatabaseWrapper) -> Any:
    """`value` as Django hands it to the driver."""
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, datetime.datetime):
        return _moment(value, here)
    if isinstance(value, datetime.date):
        return here.ops.adapt_datefield_value(value)
    if isinstance(value, UUID):
        return value if here.features.has_native_uuid_field else value.hex
    return value


_AS_IT_IS = frozenset((int, str, bool, bytes, type(None)))


def _moment(value: datetime.datetime, here: BaseDatabaseWrapper) -> Any:
    """The same as Django's, without its detour over the zone for what is in UTC already, as is every moment that we make."""
    if value.tzinfo is datetime.UTC and here.vendor == "sqlite" and here.timezone is datetime.UTC:
        return str(value.replace(tzinfo=None))
    return here.ops.adapt_datetimefield_value(value)


def _adapter(parameter: Any, mark: Any, here: BaseDatabaseWrapper) -> Callable[[Any], Any]:
    """What makes a parameter of a value. PostgreSQL's numbers have a type for each width."""
    if isinstance(parameter, int):
        return type(parameter)
    return str if isinstance(mark, str) else lambda value: adapted(value, here)


# --- rows


def _maker(queryset: QuerySet[Any], compiler: Any) -> Callable[[Sequence[Any]], Any]:
    if queryset._prefetch_related_lookups or queryset._known_related_objects:
        raise ValueError("a prepared statement is one statement: nothing is prefetched, and no manager of a row is used")
    if queryset._iterable_class is FlatValuesListIterable:
        return lambda row: row[0]
    if queryset._iterable_class is ValuesListIterable:
        return tuple
    if queryset._iterable_class is not ModelIterable:
        raise ValueError("a prepared statement gives rows or values_list")
    make, added = _model_maker(compiler.klass_info, compiler.select), compiler.annotation_col_map or {}

    def made(row: Sequence[Any]) -> Any:
        one = make(row)
        for name, place in added.items():
            setattr(one, name, row[place])
        return one

    return made if added else make


def _model_maker(info: dict[str, Any], select: Any) -> Callable[[Sequence[Any]], Any]:
    """Makes a row of a model, and of those joined to it, without what only a new row needs."""
    model, places = info["model"], info["select_fields"]
    names = [select[place][0].target.attname for place in places]
    own = "from_db" in vars(model) or model.__init__ is not Model.__init__
    if own or info.get("from_parent") or any(signal.has_listeners(model) for signal in (pre_init, post_init)):
        raise ValueError(f"{model.__name__} has its own way of being made")
    key = names.index(model._meta.pk_fields[0].attname)
    first, end = places[0], places[-1] + 1
    joined = info.get("related_klass_infos", ())
    related = [(_model_maker(one, select), one["local_setter"], one["remote_setter"]) for one in joined]
    using = connection.alias

    def made(row: Sequence[Any]) -> Any:
        values = row[first:end]
        if values[key] is None:
            return None
        one = model.__new__(model)
        one.__dict__.update(zip(names, values, strict=True))
        state = one._state = ModelState()
        state.adding, state.db = False, using
        for make, set_here, set_there in related:
            other = make(row)
            set_here(one, other)
            if other is not None:
                set_there(other, one)
        return one

    return made
