"""A clinic made many times larger by SQLite itself: every patient again and again, with visits and injections of their own.

    grow(50)      a database with 200,000 injections becomes one with 10,000,000

Rows are copied by statements: made one by one in Python they take ten times as long. Indexes are taken away and sorted once at
the end, and nothing is written twice for the sake of a crash: a database that breaks while it is made is thrown away. What is
signed is not signed again, and no trail is written: this is for questions that ask for neither.
"""

from __future__ import annotations

import time

from django.db import connection

from waterneedle.clinic.audit import frozen
from waterneedle.clinic.patients.models import Asked, Patient, SearchWord
from waterneedle.clinic.visits import models

# Those that others point at come first.
_COPIED = (Patient, SearchWord, Asked, models.Visit, models.VisitState, models.Today, models.Syringe, models.Fill,
           models.Injection, models.Proof, models.Signature)
_SHIFTED = {
    "patient_id": Patient, "visit_id": models.Visit, "syringe_id": models.Syringe, "proof_id": models.Proof, "number": Patient}
_CARELESS = ("foreign_keys=OFF", "ignore_check_constraints=ON", "synchronous=OFF", "journal_mode=OFF", "mmap_size=0",
             "cache_size=-400000", "temp_store=FILE", "threads=2")


def grow(times: int) -> None:
    began = time.perf_counter()
    frozen.remove(connection)
    with connection.cursor() as cursor:
        _pragmas(cursor, _CARELESS)
        last = {model: _last(cursor, model) for model in _COPIED}
        indexes = _indexes(cursor)
        for name in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        for model in _COPIED:
            cursor.execute(_statement(model, last), [times])
        print(f"rows copied in {time.perf_counter() - began:.0f} s", flush=True)
        for statement in indexes.values():
            cursor.execute(statement)
        _pragmas(cursor, ("journal_mode=WAL",))
    frozen.install(connection)
    connection.close()
    print(f"{len(indexes)} indexes and all in {time.perf_counter() - began:.0f} s", flush=True)


def _pragmas(cursor, pragmas) -> None:
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}").fetchall()


def _indexes(cursor) -> dict[str, str]:
    """The statement of each index of the copied tables that stands by itself; those of constraints belong to their tables."""
    tables = [model._meta.db_table for model in _COPIED]
    places = ", ".join(["%s"] * len(tables))
    cursor.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({places})", tables)
    return dict(cursor.fetchall())


def _last(cursor, model) -> int:
    return cursor.execute(f'SELECT max(id) FROM "{model._meta.db_table}"').fetchone()[0]


def _statement(model, last) -> str:
    """The copies stand behind the rows in order, so that every index grows at its end; uids grow too, as those of a clinic do."""
    columns = [one.column for one in model._meta.concrete_fields]
    each = []
    for column in columns:
        if column == "id":
            each.append(f"t.id + n.i * {last[model]}")
        elif column == "uid":
            each.append(f"printf('%016x', t.id + n.i * {last[model]}) || lower(hex(randomblob(8)))")
        elif column in _SHIFTED and (column != "number" or model is Patient):
            each.append(f't."{column}" + n.i * {last[_SHIFTED[column]]}')
        else:
            each.append(f't."{column}"')
    names = ", ".join(f'"{column}"' for column in columns)
    return (
        f'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %s) '
        f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {", ".join(each)} FROM n CROSS JOIN "{model._meta.db_table}" t '
        f"WHERE t.id <= {last[model]}")
