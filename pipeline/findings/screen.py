"""What `xueyang estimate` prints: the steps, the interval and what it rests on, as tables or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from pipeline.batch.judged import judged
from pipeline.batch.where import reading
from pipeline.findings import areas, coverage, published, tables_counts
from pipeline.findings.ledger import Table
from pipeline.findings.options import BadOption
from pipeline.findings.page import show as as_text
from pipeline.findings.report import find
from pipeline.findings.scope import Scope

WIDTH = 150


def from_records(
    directory: Path,
    scope: Scope,
    given: coverage.Assumptions,
    apart: tuple[str, ...],
    store_url: str | None = None,
) -> tuple[list[Table], list[str]]:
    """Tables and notes of the estimate from a run directory, or the database its run wrote to. Raises NoRecords."""
    with reading(directory):
        found = find(judged(directory, store_url), scope, given, apart)
    notes = [*found.alarms, *found.areas.notes, *(f"contradiction: {text}" for text in found.areas.contradictions)]
    if found.estimate is None:
        return [], [f"no estimate: {found.no_estimate}", *notes]
    main = next(iter(found.totals.values()), {})
    listed = [tables_counts.interval(found.estimate), tables_counts.areas_used(found.estimate, main)]
    return [*listed, tables_counts.sensitivity(found.sensitivity, found.estimate)], notes


def from_table(
    path: Path | None, given: coverage.Assumptions, rounding: published.Rounding
) -> tuple[list[Table], list[str]]:
    """Tables and notes of the estimate from a table of totals; the report's own figures by default."""
    try:
        rows = published.read_inputs(path)
        steps = published.estimate(rows, rounding)
    except published.BadInputs as error:
        raise BadOption(str(error)) from error
    except UnicodeDecodeError as error:
        raise BadOption(f"{path}: not UTF-8; save the table as CSV UTF-8") from error
    people = next(row.population for row in rows if row.role == "region")
    if path is None and people is not None:
        steps |= published.beside_thesis(steps, people, rounding)
    tables = [tables_counts.steps(steps, path.name if path else None)]
    if path is None:
        tables.append(tables_counts.printed_discrepancies())
    found = areas.from_rows(rows, int(given.population_year))
    notes = list(found.notes)
    try:
        interval = areas.interval(found, given, areas.BY_TABLE)
    except coverage.TooFew as error:
        return tables, [*notes, f"no interval: {error}"]
    varied = coverage.sensitivity(found.areas, given)
    return [
        *tables,
        tables_counts.interval(interval),
        tables_counts.areas_used(interval),
        tables_counts.sensitivity(varied, interval),
    ], notes


def show(tables: Sequence[Table], notes: Sequence[str], as_json: bool) -> None:
    """Print to standard output."""
    if as_json:
        content = {
            "tables": {
                t.name: [dict(zip(t.columns, (c.value for c in row), strict=True)) for row in t.rows] for t in tables
            },
            "notes": [*notes, *(table.note for table in tables if table.note)],
        }
        sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
        return
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    for table in tables:
        grid = Grid(title=escape(table.title), title_justify="left", header_style="bold")
        for column in table.columns:
            grid.add_column(column, overflow="fold")
        for row in table.rows:
            grid.add_row(*(escape(as_text(cell.value)) for cell in row))
        console.print(grid)
        if table.note:
            console.print(escape(table.note))
    for note in notes:
        console.print(escape(note))
