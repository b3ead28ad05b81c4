"""Parquet, a file for each table, typed and compressed: for pandas, DuckDB, R, Spark."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.exports.export import Documents, table_files
from pipeline.exports.facts import Row
from pipeline.exports.tables import TABLES, Column, rows_of

TYPES = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
ROWS_AT_A_TIME = 2_000


def write(documents: Documents, out: Path) -> None:
    """Write every table. `out`: a folder, or the .parquet file of the documents, the other tables beside it."""
    files = table_files(out, ".parquet", list(TABLES))
    if files["documents"] != out:
        out.mkdir()
    with ExitStack() as stack:
        tables = {}
        for name, columns in TABLES.items():
            schema = pa.schema([_field(column) for column in columns])
            tables[name] = stack.enter_context(pq.ParquetWriter(files[name], schema, compression="zstd"))
        waiting: dict[str, list[Row]] = {name: [] for name in TABLES}
        for one, repost in documents:
            for name, row in rows_of(one, repost):
                waiting[name].append(row)
                if len(waiting[name]) >= ROWS_AT_A_TIME:
                    _flush(tables[name], waiting[name])
        for name, rows in waiting.items():
            _flush(tables[name], rows)


def _field(column: Column) -> pa.Field:
    return pa.field(column.name, TYPES[column.kind], metadata={"description": column.says})


def _flush(table: pq.ParquetWriter, rows: list[Row]) -> None:
    if rows:
        table.write_table(pa.Table.from_pylist(rows, schema=table.schema))
        rows.clear()
