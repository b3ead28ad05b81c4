"""Excel: one sheet for documents, one for each kind of fact, with frozen headers and filters."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from pipeline.exports.cells import harmless
from pipeline.exports.export import Documents, ExportFailed
from pipeline.exports.facts import Cell
from pipeline.exports.tables import TABLES, rows_of

# Limits of the format; source: Microsoft, Excel specifications and limits.
MOST_ROWS, MOST_CHARACTERS = 1_048_576, 32_767
CUT = " […]"
WIDTHS = {"text": 60, "title": 40, "path": 28, "says": 80, "publisher": 22}


def write(documents: Documents, out: Path) -> None:
    """Write the workbook, sheet by sheet, on disk. Raises ExportFailed where a table has too many rows for Excel."""
    book = Workbook(write_only=True)
    sheets, rows = {}, dict.fromkeys(TABLES, 1)
    for name, columns in TABLES.items():
        sheets[name] = _sheet(book, name, [column.name for column in columns])
    for one, repost in documents:
        for name, row in rows_of(one, repost):
            rows[name] += 1
            if rows[name] > MOST_ROWS:
                raise ExportFailed(f"{out}: more than {MOST_ROWS:,} rows of {name}: use csv or parquet")
            sheets[name].append([_cell(sheets[name], row[column.name]) for column in TABLES[name]])
    for name, sheet in sheets.items():
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(TABLES[name]))}{rows[name]}"
    meanings = _sheet(book, "columns", ["table", "column", "kind", "says"])
    for name, columns in TABLES.items():
        for column in columns:
            meanings.append([name, column.name, column.kind, column.says])
    book.save(out)


def _sheet(book: Workbook, name: str, header: list[str]) -> WriteOnlyWorksheet:
    sheet: WriteOnlyWorksheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for number, column in enumerate(header, 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(column, 16)
    cells = []
    for column in header:
        cell = WriteOnlyCell(sheet, column)
        cell.font, cell.alignment = Font(bold=True), Alignment(vertical="top")
        cells.append(cell)
    sheet.append(cells)
    return sheet


def _cell(sheet: WriteOnlyWorksheet, value: Cell) -> WriteOnlyCell | Cell:
    value = harmless(value)
    if not isinstance(value, str):
        return value
    if len(value) > MOST_CHARACTERS:
        value = value[: MOST_CHARACTERS - len(CUT)] + CUT
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"  # words, whatever they look like
    return cell
