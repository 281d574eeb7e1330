"""An extract as one DuckDB file, loaded once: rows lie by lot, codes are numbers with names, and what is asked most is counted.

The counts are exact and are the extract's own: of each clinic they can be taken out and put in again when it sends a new one.
"""
from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from waterneedle.registry.engines import files_of
from waterneedle.registry.tables import MILLI, STRING, TABLES

MEMORY = "3GB"
_SORTED = {"injections": "lot, product, clinic, visit", "events": "kind, product, clinic", "courses": "clinic, indication"}
_CODED = tuple(sorted({name for columns in TABLES.values() for name, kind in columns.items() if kind == STRING} - {"lot"}))
_TYPES = {"string": "VARCHAR", "int32": "INTEGER", "int64": "BIGINT", "date32": "DATE", "bool": "BOOLEAN"}
_QUARTER = "year(day) * 4 + (month(day) - 1) // 3"
_PREBUILT = {
    "injected": f"""
        SELECT clinic, product, lot, site, route, ({_QUARTER})::BIGINT AS quarter, count(*) AS injections,
               sum(volume_ul)::BIGINT AS volume_ul
        FROM injections WHERE product <> '' AND {{of}} GROUP BY ALL""",
    "judged": f"""
        SELECT clinic, indication, sex, age_band, ((baseline_milli + {MILLI // 2}) // {MILLI})::INTEGER AS baseline,
               count(*) AS courses, sum(relief::BIGINT)::BIGINT AS relieved, sum(last_milli - baseline_milli)::BIGINT AS change,
               sum((last_milli - baseline_milli) * (last_milli - baseline_milli))::BIGINT AS change_squared
        FROM courses WHERE baseline_milli IS NOT NULL AND last_milli IS NOT NULL AND {{of}} GROUP BY ALL""",
    # Sums of those sums, of the columns that are asked for most: a few rows for each clinic, however many injections there are.
    "injected_at": """
        SELECT clinic, product, route, site, sum(injections)::BIGINT AS injections, sum(volume_ul)::BIGINT AS volume_ul
        FROM injected WHERE {of} GROUP BY ALL""",
    "judged_for": """
        SELECT clinic, indication, sum(courses)::BIGINT AS courses, sum(relieved)::BIGINT AS relieved,
               sum(change)::BIGINT AS change, sum(change_squared)::BIGINT AS change_squared,
               sum(baseline * courses)::BIGINT AS baseline_sum
        FROM judged WHERE {of} GROUP BY ALL""",
}
STEPS = (*TABLES, *_PREBUILT)


def load(extract: Path, file: Path, *, memory: str = MEMORY, done: Callable[[str], None] = lambda table: None) -> None:
    """Make `file` of the folder `extract`; an older one is replaced when the new one is whole."""
    half = file.with_name(f".{file.name}.half")
    half.unlink(missing_ok=True)
    spill = file.with_name(f".{file.name}.spill")
    with duckdb.connect(half, config={"memory_limit": memory, "temp_directory": str(spill)}) as database:
        types = {column: _code_type(database, column, _codes_in(database, extract, column)) for column in _CODED}
        for table in TABLES:
            database.execute(_made(extract, table, types))
            done(table)
        for name, question in _PREBUILT.items():
            database.execute(f"CREATE TABLE {name} AS {question.format(of='true')}")
            done(name)
    half.replace(file)
    shutil.rmtree(spill, ignore_errors=True)


def replace_clinics(file: Path, extract: Path, clinics: Sequence[str], *, memory: str = MEMORY) -> None:
    """Take the rows and counts of `clinics` out of `file` and put those of `extract` in, in one transaction."""
    with duckdb.connect(file, config={"memory_limit": memory}) as database:
        database.execute("BEGIN")
        for table in (*TABLES, *_PREBUILT):
            database.execute(f"DELETE FROM {table} WHERE clinic IN {_marks(clinics)}", list(clinics))
        types = {column: _extended(database, column, _codes_in(database, extract, column)) for column in _CODED}
        for table in TABLES:
            if files_of(extract, table):
                read = f"SELECT * FROM ({_read(extract, table, {})}) WHERE clinic IN {_marks(clinics)}"
                columns = ", ".join(f"{name}::{_type(name, kind, types)}" for name, kind in TABLES[table].items())
                database.execute(f"INSERT INTO {table} SELECT {columns} FROM ({read})", list(clinics))
        for name, question in _PREBUILT.items():
            database.execute(f"INSERT INTO {name} {question.format(of=f'clinic IN {_marks(clinics)}')}", list(clinics))
        database.execute("COMMIT")


# --- codes: each column of them has a type that lists what stands in it


def _codes_in(database: Any, extract: Path, column: str) -> set[str]:
    tables = [table for table, columns in TABLES.items() if column in columns and files_of(extract, table)]
    parts = [f"SELECT DISTINCT {column}::VARCHAR AS code FROM {_files(extract, table)}" for table in tables]
    return {code for code, in database.execute(" UNION ".join(parts)).fetchall()} if parts else set()


def _code_type(database: Any, column: str, codes: set[str]) -> str:
    name = f"{column}_{len(codes)}"  # codes are only ever added
    listed = ", ".join(_quoted(code) for code in sorted(codes))
    database.execute(f'CREATE TYPE "{name}" AS ENUM ({listed})')
    return f'"{name}"'


def _extended(database: Any, column: str, codes: set[str]) -> str:
    """The type of a column, and of all tables that have it, with new `codes` in it."""
    tables = [table for table, in database.execute(
        "SELECT table_name FROM duckdb_columns() WHERE column_name = ? ORDER BY 1", [column]).fetchall()]
    written, = database.execute(
        "SELECT data_type FROM duckdb_columns() WHERE column_name = ? AND table_name = ?", [column, tables[0]]).fetchone()
    known = {code for code, in database.execute(f"SELECT unnest(enum_range(NULL::{written}))").fetchall()}
    if codes <= known:
        return str(written)
    name = _code_type(database, column, known | codes)
    for table in tables:
        database.execute(f"ALTER TABLE {table} ALTER {column} TYPE {name}")
    return name


def _type(name: str, kind: str, types: Mapping[str, str]) -> str:
    return types.get(name, _TYPES[kind])


def _made(extract: Path, table: str, types: Mapping[str, str]) -> str:
    if files_of(extract, table) is None:
        columns = ", ".join(f"{name} {_type(name, kind, types)}" for name, kind in TABLES[table].items())
        return f"CREATE TABLE {table} ({columns})"
    order = f" ORDER BY {_SORTED[table]}" if table in _SORTED else ""
    return f"CREATE TABLE {table} AS {_read(extract, table, types)}{order}"


def _read(extract: Path, table: str, types: Mapping[str, str]) -> str:
    columns = ", ".join(f"{name}::{_type(name, kind, types)} AS {name}" for name, kind in TABLES[table].items())
    return f"SELECT {columns} FROM {_files(extract, table)}"


def _files(extract: Path, table: str) -> str:
    return f"read_parquet({_quoted(str(files_of(extract, table)))}, hive_partitioning = true, hive_types_autocast = false)"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _marks(clinics: Sequence[str]) -> str:
    return f"({', '.join('?' * len(clinics))})"
