"""An extract as one DuckDB file, loaded once: rows lie by product and lot, and what is asked most is counted beforehand.

The counts are exact and are the extract's own: of each clinic they can be taken out and put in again when it sends a new one.
"""
from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from waterneedle.registry.engines import files_of
from waterneedle.registry.tables import MILLI, TABLES

MEMORY = "3GB"
_SORTED = {"injections": "lot, product, clinic, patient", "events": "kind, product, clinic", "courses": "clinic, indication"}
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
}


def load(extract: Path, file: Path, *, memory: str = MEMORY, done: Callable[[str], None] = lambda table: None) -> None:
    """Make `file` of the folder `extract`; an older one is replaced when the new one is whole."""
    half = file.with_name(f".{file.name}.half")
    half.unlink(missing_ok=True)
    spill = file.with_name(f".{file.name}.spill")
    with duckdb.connect(half, config={"memory_limit": memory, "temp_directory": str(spill)}) as database:
        for table in TABLES:
            database.execute(_made(extract, table))
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
        for table in TABLES:
            _without(database, table, clinics)
            if files_of(extract, table):
                database.execute(f"INSERT INTO {table} {_read(extract, table)} WHERE clinic IN {_marks(clinics)}", list(clinics))
        for name, question in _PREBUILT.items():
            _without(database, name, clinics)
            database.execute(f"INSERT INTO {name} {question.format(of=f'clinic IN {_marks(clinics)}')}", list(clinics))
        database.execute("COMMIT")


def _made(extract: Path, table: str) -> str:
    if files_of(extract, table) is None:
        columns = ", ".join(f"{name} {_TYPES[kind]}" for name, kind in TABLES[table].items())
        return f"CREATE TABLE {table} ({columns})"
    order = f" ORDER BY {_SORTED[table]}" if table in _SORTED else ""
    return f"CREATE TABLE {table} AS {_read(extract, table)}{order}"


def _read(extract: Path, table: str) -> str:
    columns = ", ".join(f"{name}::{_TYPES[kind]} AS {name}" for name, kind in TABLES[table].items())
    pattern = str(files_of(extract, table)).replace("'", "''")
    return f"SELECT {columns} FROM read_parquet('{pattern}', hive_partitioning = true, hive_types_autocast = false)"


def _without(database: Any, table: str, clinics: Sequence[str]) -> None:
    database.execute(f"DELETE FROM {table} WHERE clinic IN {_marks(clinics)}", list(clinics))


def _marks(clinics: Sequence[str]) -> str:
    return f"({', '.join('?' * len(clinics))})"
