"""Ruled tables: a row of cells on one line, cells parted by a space.

Producers write a table cell by cell; where a cell holds two lines, the rows fall apart in the text. The rules drawn on
the page tell the cells (found by pdfplumber). Tables without rules are left as the lines are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pipeline.reading.glyphs import Box, Glyph, Page
from pipeline.reading.lines import Line, lines_of
from pipeline.reading.paragraphs import between

LONG_CELL = 200  # characters; a longer cell is a page laid out with a table, not a table

Rows = list[list[Box]]


def tables_of(plumbed: Any) -> list[Rows]:
    """The ruled tables of a pdfplumber page: rows of cell boxes, two rows and two columns at least."""
    left, top = plumbed.cropbox[0] - plumbed.bbox[0], plumbed.cropbox[1] - plumbed.bbox[1]
    tables = []
    for table in plumbed.find_tables():
        rows = [
            [(x0 - left, y0 - top, x1 - left, y1 - top) for x0, y0, x1, y1 in filter(None, row.cells)]
            for row in table.rows
        ]
        if len(rows) >= 2 and max(len(row) for row in rows) >= 2:
            tables.append(rows)
    return tables


def lines_with_tables(page: Page, tables: Sequence[Rows]) -> list[Line]:
    """The page's lines, each table row being one."""
    glyphs, found = page.glyphs, []
    for rows in tables:
        lines = _row_lines(page, glyphs, rows)
        if lines:
            inside = {index for line in lines for index in line.chars}
            found.append((min(i for i in inside if i >= 0), lines))
            glyphs = [g if g.number not in inside else _line_end(g) for g in glyphs]
    result = lines_of(replace(page, glyphs=glyphs))
    for first, lines in found:
        at = next((i for i, line in enumerate(result) if line.chars[0] > first), len(result))
        result[at:at] = lines
    return result


def _line_end(glyph: Glyph) -> Glyph:
    return Glyph(glyph.number, "\n", 0, 0, 0, 0, 0, True)


def _row_lines(page: Page, glyphs: Sequence[Glyph], rows: Rows) -> list[Line]:
    """One line a row; none if the table turns out to be a page's frame."""
    lines: list[Line] = []
    for row in rows:
        cells = [line for box in sorted(row) if (line := _cell(page, glyphs, box)) is not None]
        if any(len(cell.text) > LONG_CELL for cell in cells):
            return []
        if cells:
            lines.append(_joined(cells, " "))
    return lines if sum(" " in line.text for line in lines) >= 2 else []


def _cell(page: Page, glyphs: Sequence[Glyph], box: Box) -> Line | None:
    """What stands in a cell, as one line."""
    x0, top, x1, bottom = box
    inside = [
        g for g in glyphs if g.generated or (x0 <= (g.x + g.right) / 2 <= x1 and top <= g.y - 0.35 * g.em <= bottom)
    ]
    lines = lines_of(replace(page, glyphs=_without_strays(inside)))
    return _joined(lines, None) if lines else None


def _without_strays(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Without the spaces and line ends of the rest of the page."""
    kept: list[Glyph] = []
    for glyph in glyphs:
        if glyph.generated and (not kept or kept[-1].generated):
            continue
        kept.append(glyph)
    return kept


def _joined(lines: Sequence[Line], separator: str | None) -> Line:
    text, chars = "", []
    for line in lines:
        if text:
            space = between(text, line.text) if separator is None else separator
            text += space
            chars += [-1] * len(space)
        text += line.text
        chars += line.chars
    first, last = lines[0], lines[-1]
    return replace(first, text=text, chars=chars, x1=max(line.x1 for line in lines), y=last.y, row=True)
