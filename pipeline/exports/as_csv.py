"""CSV, UTF-8, a file for each table; `columns.csv` says what each column means."""

from __future__ import annotations

import csv
from contextlib import ExitStack
from pathlib import Path

from pipeline.exports.cells import harmless
from pipeline.exports.export import Documents, table_files
from pipeline.exports.facts import Cell
from pipeline.exports.tables import TABLES, rows_of


def write(documents: Documents, out: Path) -> None:
    """Write every table. `out`: a folder, or the .csv file of the documents, with the other tables beside it."""
    files = table_files(out, ".csv", [*TABLES, "columns"])
    if files["documents"] != out:
        out.mkdir()
    with ExitStack() as stack:
        writers = {}
        for name, file in files.items():
            stream = stack.enter_context(file.open("w", encoding="utf-8", newline=""))
            writers[name] = csv.writer(stream)
        for name, columns in TABLES.items():
            writers[name].writerow([column.name for column in columns])
        writers["columns"].writerow(["table", "column", "kind", "says"])
        for name, columns in TABLES.items():
            writers["columns"].writerows([name, column.name, column.kind, column.says] for column in columns)
        for one, repost in documents:
            for name, row in rows_of(one, repost):
                writers[name].writerow([_written(row[column.name]) for column in TABLES[name]])


def _written(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return harmless(cell)
