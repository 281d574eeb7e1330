"""An extract as files: for each table a folder of Parquet, laid out by clinic and year (`clinic=…/year=…/part-0.parquet`)."""
from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from waterneedle.registry.tables import TABLES, arrow_schema

LAID_OUT_BY = ("clinic", "year")
_ROWS_OF_A_GROUP = 1 << 17
Columns = Mapping[str, Any]  # name to sequence or array


def without_clinic(folder: Path, clinic: str) -> None:
    """Take away all files of a clinic: who is no longer in its extract must not stay in an older year's file."""
    for table in TABLES:
        shutil.rmtree(folder / table / f"clinic={clinic}", ignore_errors=True)


def write_rows(folder: Path, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, int]:
    """Write the rows of each table; files of the same clinic and year are replaced. How many rows of each."""
    return {table: write_table(folder, table, pa.Table.from_pylist(list(found), schema=arrow_schema(table)))
            for table, found in rows.items()}


def write_columns(folder: Path, columns: Mapping[str, Columns]) -> dict[str, int]:
    """The same of whole columns."""
    return {table: write_table(folder, table, pa.table(dict(found), schema=arrow_schema(table)))
            for table, found in columns.items()}


def write_table(folder: Path, table: str, rows: pa.Table) -> int:
    if table not in TABLES:
        raise ValueError(f"{table!r} is no table of an extract")
    pairs = rows.select(LAID_OUT_BY).group_by(list(LAID_OUT_BY)).aggregate([]).to_pylist()
    for pair in pairs:
        part = rows.filter(pc.and_(*(pc.equal(rows[name], pair[name]) for name in LAID_OUT_BY))) if len(pairs) > 1 else rows
        place = folder / table / f"clinic={pair['clinic']}" / f"year={pair['year']}"
        place.mkdir(parents=True, exist_ok=True)
        whole = place / "part-0.parquet"
        # Under another name first: a reader never meets half a file.
        half = place / ".part-0.parquet.half"
        pq.write_table(part.drop_columns(list(LAID_OUT_BY)), half, compression="zstd", row_group_size=_ROWS_OF_A_GROUP)
        half.replace(whole)
    return rows.num_rows
