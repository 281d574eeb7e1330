"""Where the questions are answered: DuckDB on this machine, or a Spark cluster that sees the same files.

A question is an Ibis expression of counts and integer sums alone, so that every engine gives the same answer to the last digit.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis

from waterneedle.registry.tables import BOOL, DAY, LONG, SMALL, STRING, TABLES, arrow_schema

DUCKDB = "duckdb"
_SPARK_TYPES = {STRING: "string", SMALL: "int", LONG: "bigint", DAY: "date", BOOL: "boolean"}
_SPARK_SETTINGS = {"spark.sql.session.timeZone": "UTC", "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
_SPARK = ("spark://", "local")  # how the address of a cluster begins; `local[2]` is one within this process


@dataclass(frozen=True)
class Engine:
    """An open extract. `tables` are Ibis tables by their name; `prebuilt` those that were counted beforehand."""

    backend: Any
    tables: dict[str, Any]
    prebuilt: dict[str, Any]
    statements: dict[Any, str] = field(default_factory=dict)  # of questions asked before: Ibis writes one in 1 to 30 ms

    def __getitem__(self, table: str) -> Any:
        return self.tables[table]

    def counted(self, names: Sequence[str], by: Sequence[str]) -> Any | None:
        """The first of the prebuilt tables `names`, smallest first, that knows the columns `by`; None where none does."""
        there = (self.prebuilt[name] for name in names if name in self.prebuilt)
        return next((table for table in there if set(by) <= set(table.columns)), None)

    def rows(self, question: Any) -> list[dict[str, Any]]:
        """The answer, in the order of its columns from left to right: engines have no order of their own."""
        found = self._answer(question)
        return sorted(found.to_pylist(), key=lambda row: [(value is None, value) for value in row.values()])

    def columns(self, question: Any) -> dict[str, Any]:
        """The answer as numpy arrays by column, in no order."""
        found = self._answer(question)
        return {name: found[name].to_numpy() for name in found.column_names}

    def _answer(self, question: Any) -> Any:
        if self.backend.name != DUCKDB:
            return self.backend.to_pyarrow(question)
        asked = question.op()
        if asked not in self.statements:
            self.statements[asked] = self.backend.compile(question)
        return self.backend.con.sql(self.statements[asked]).to_arrow_table().cast(question.schema().to_pyarrow())


@contextmanager
def opened(extract: Path, engine: str = DUCKDB) -> Iterator[Engine]:
    """The extract in the folder or DuckDB file `extract`, asked of `engine`. Raises ValueError with what is wrong."""
    if engine == DUCKDB:
        yield from _on_duckdb(extract)
    elif engine.startswith(_SPARK):
        yield from _on_spark(extract, engine)
    else:
        raise ValueError(f"an engine is duckdb, spark://host:port or local[n], got {engine!r}")


def files_of(extract: Path, table: str) -> str | None:
    """A pattern of the files of a table; None where there are none."""
    folder = extract / table
    return f"{folder}/*/*/*.parquet" if next(folder.glob("*/*/*.parquet"), None) else None


def _on_duckdb(extract: Path) -> Iterator[Engine]:
    if extract.is_file():
        backend = ibis.duckdb.connect(extract, read_only=True)
        # Not `list_tables`: Ibis 12 calls what DuckDB 2 no longer has.
        there = {name for name, in backend.con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        tables = {name: backend.table(name) for name in TABLES}
        prebuilt = {name: backend.table(name) for name in there - set(TABLES)}
    else:
        _has_clinics(extract)
        backend = ibis.duckdb.connect()
        tables = {name: _read_by_duckdb(backend, extract, name) for name in TABLES}
        prebuilt = {}
    try:
        yield Engine(backend, tables, prebuilt)
    finally:
        backend.disconnect()


def _read_by_duckdb(backend: Any, extract: Path, table: str) -> Any:
    files = files_of(extract, table)
    if files is None:
        return backend.create_table(table, schema=ibis.Schema.from_pyarrow(arrow_schema(table)))
    rows = backend.read_parquet(files, table_name=table, hive_partitioning=True, hive_types_autocast=0)
    return rows.mutate(year=rows.year.cast("int32"))[list(TABLES[table])]  # in the name of a folder it is text


def _on_spark(extract: Path, master: str) -> Iterator[Engine]:
    try:
        from pyspark.sql import SparkSession  # late: optional
    except ImportError as missing:
        raise ValueError('a Spark cluster needs: pip install "waterneedle[registry,spark]"') from missing
    _has_clinics(extract)
    builder = SparkSession.builder.master(master).appName("waterneedle registry")
    for name, value in _SPARK_SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        backend = ibis.pyspark.connect(session)
        yield Engine(backend, {name: _read_by_spark(backend, session, extract, name) for name in TABLES}, {})
    finally:
        session.stop()


def _read_by_spark(backend: Any, session: Any, extract: Path, table: str) -> Any:
    if files_of(extract, table) is None:
        return ibis.memtable(arrow_schema(table).empty_table())
    columns = ", ".join(f"{name} {_SPARK_TYPES[kind]}" for name, kind in TABLES[table].items())  # not to be guessed from files
    session.read.schema(columns).parquet(str((extract / table).absolute())).createOrReplaceTempView(table)
    return backend.table(table)[list(TABLES[table])]


def _has_clinics(extract: Path) -> None:
    if files_of(extract, "clinics") is None:
        raise ValueError(f"{extract} holds no extract of a clinic")
