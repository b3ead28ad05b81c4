"""Tables as CSV files, with cells that a spreadsheet would run as formulas made harmless."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.findings.ledger import Basis, Table
from pipeline.findings.scope import Source

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
FIRST = {*FORMULA, " "}


def safe(value: str | int | float | None) -> str | int | float:
    """A cell as a spreadsheet may open it: text that would begin a formula gets an apostrophe before it.

    >>> safe("=HYPERLINK(1)"), safe("＝1+1"), safe(-3), safe(None)
    ("'=HYPERLINK(1)", "'＝1+1", -3, '')
    """
    if value is None:
        return ""
    # The first character decides for nearly all cells, and a large report has millions.
    if isinstance(value, str) and value[:1] in FIRST and value.lstrip(" ").startswith(FORMULA):
        return "'" + value
    return value


def write_tables(folder: Path, tables: Iterable[Table]) -> list[Path]:
    """One CSV a table, UTF-8 with a byte-order mark for Excel; the last column names the bases of the row."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for table in tables:
        bases = [" ".join(dict.fromkeys(cell.basis for cell in row if cell.basis)) for row in table.rows]
        values = ([*(safe(cell.value) for cell in row), basis] for row, basis in zip(table.rows, bases, strict=True))
        written.append(_write(folder / f"{table.name}.csv", (*table.columns, "basis"), values))
    return written


def write_bases(folder: Path, bases: Iterable[Basis], sources: dict[int, Source]) -> Path:
    """What is behind every number: one line a post and number, with the words and the file's sha256."""
    hashes = {number: (f"S{number}", source.record.source.sha256) for number, source in sources.items()}

    def lines() -> Iterator[tuple[str | int | float, ...]]:
        for basis in bases:
            title = safe(basis.title)
            for used, items in (("used", basis.items), ("left out", basis.left_out)):
                for one in items:
                    mark = "yes" if one.doubtful else ""
                    yield basis.key, title, used, *hashes[one.source], safe(one.words), one.why, mark

    columns = ("basis", "number", "use", "post", "sha256", "words", "why left out", "doubtful")
    return _write(folder / "bases.csv", columns, lines())


def _write(path: Path, columns: Iterable[str], harmless: Iterable[Iterable[str | int | float]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(columns)
        writer.writerows(harmless)
    return path
