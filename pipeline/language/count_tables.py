"""Tables in a post's text: a header line gives the kind of each bare number in the rows below it.

Columns are told by their headings alone; a row that does not fit its header is left out rather than guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from pipeline.language.count_dates import Calendar
from pipeline.language.count_words import words
from pipeline.language.numerals import Numeral, find_numerals
from pipeline.records import CountKind

CELL = regex.compile(r"[^\s|｜]+")
MOST_COLUMNS = 16
# Tried in this order: 合格率 is no coverage, 应采人数 no sample.
KINDS: tuple[CountKind | None, ...] = (None, "coverage", "target", "samples")
FIGURE_START = regex.compile(r"[\d—-]")
FIGURE_OR_MARK = regex.compile(r"\d|[，。；]")
DIGIT = regex.compile(r"\d")


class Cell(NamedTuple):
    """One figure of a table: offsets, kind, number, the row's name, and as of when."""

    start: int
    end: int
    kind: CountKind
    numeral: Numeral
    place: str | None
    as_of: str | None


def table_counts(copy: str, calendar: Calendar) -> tuple[list[Cell], list[tuple[int, int]]]:
    """Figures of all tables of a matching copy, and the spans that the tables cover."""
    cells: list[Cell] = []
    covered: list[tuple[int, int]] = []
    header: list[str] = []
    offset, header_start = 0, 0
    for line in copy.split("\n"):
        parts = [(m[0], offset + m.start()) for m in CELL.finditer(line)]
        row = _row(parts, header) if header else None
        if row is not None:
            as_of, due = calendar.table(header_start), _due(calendar, offset, offset + len(line))
            label = next((part for part, _ in parts if not FIGURE_START.match(part)), None)
            cells += [Cell(a, b, kind, n, label, due if kind == "target" else as_of) for a, b, kind, n in row]
            covered.append((offset, offset + len(line)))
        elif parts and not FIGURE_OR_MARK.search(line):
            # A header may be wrapped over lines; a row decides later how many of its cells belong to it.
            if not header:
                header_start = offset
            header = [*header, *(part for part, _ in parts)][-MOST_COLUMNS:]
        else:
            header = []
        offset += len(line) + 1
    return cells, covered


def _heading(cell: str) -> CountKind | None:
    return next((kind for kind in KINDS if words()[f"heading_{kind or 'other'}"].search(cell)), None)


def _row(parts: Sequence[tuple[str, int]], cells: Sequence[str]) -> list[tuple[int, int, CountKind, Numeral]] | None:
    """The figures of a row under the last cells of the header; None for a line that is no row of it."""
    numbers = sum(bool(DIGIT.match(part)) for part, _ in parts)
    if numbers < 2 or len(parts) > len(cells) or len(parts) < 3:
        return None
    header = cells[-len(parts) :]
    kinds = [_heading(cell) for cell in header]
    if not any(kinds):
        return None
    by_row = any(words()["row_named"].match(cell) for cell in header)
    if by_row and not words()["row_samples"].search(" ".join(part for part, _ in parts[:2])):
        return []
    figures: list[tuple[int, int, CountKind, Numeral]] = []
    for kind, (part, start) in zip(kinds, parts, strict=True):
        numerals = find_numerals(part)
        fits = len(numerals) == 1 and numerals[0].start == 0
        if kind is not None and fits and (numerals[0].kind == "percent") == (kind == "coverage"):
            figures.append((start, start + numerals[0].end, kind, numerals[0]))
    return figures


def _due(calendar: Calendar, start: int, end: int) -> str | None:
    """The date in the row, else the post's deadline."""
    row = [d.coming for d in calendar.dates if start <= d.start < end]
    return row[-1] if row else calendar.due()
