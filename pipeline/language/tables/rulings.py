"""Tables whose cells are parted by a mark (甲所／120／118／98%): the same lines with tabs.

A mark parts cells where line after line holds it equally often, the first line names columns and those below hold
figures. Prose does none of that for three lines. Lengths stay, so that offsets hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from pipeline.patterns import Pattern

MARKS = "/，,、;；:：·—–→+&"
# What may be a cell: a name or a figure with a note, no sentence.
CELL = Pattern(r"[^。！？\t|]{0,40}")
NAME = Pattern(r"\s*[^\d\s。！？，][^。！？]{0,15}")
FIGURE = Pattern(r"\s*[约≥]?\d[\d,.]*\s*(?:%|\p{Han}{0,2})\s*(?:[（(].*)?")
# 甲镇：1200、1080: an item of a list, which has a mark of its own behind its name.
LISTED = Pattern(r"[:：]\s*\d")
NOTHING = Pattern(r"\s*[-—－/–无]*\s*")
# 一、进度（乡镇／应采／实采／完成率）
NAMED_WITHIN = Pattern(r"[（(【]([^（）()【】]+)[）)】]\s*[:：]?\s*$")
# A head, and rows enough to show that the lines are alike.
FEWEST_ROWS, FEWEST_MARKS, FEWEST_ALIKE = 2, 2, 3
# How many empty cells the end of a row may have lost.
MOST_LOST = 2
# Rows below one head.
MOST_ROWS = 400


def ruled(copy: str) -> str:
    """The matching copy, tabs for the marks that part the cells of its tables."""
    if copy.count("\n") < FEWEST_ROWS:
        return copy
    lines = copy.split("\n")
    changed = False
    for at, line in enumerate(lines[:-FEWEST_ROWS]):
        if "。" in line or "\t" in line or "。" in lines[at + 1]:
            continue
        for mark in MARKS:
            rows = _rows(lines, at, mark) if line.count(mark) >= FEWEST_MARKS else 0
            if rows:
                below = [row.replace(mark, "\t") for row in lines[at + 1 : at + 1 + rows]]
                lines[at : at + 1 + rows] = [_head(line, mark), *below]
                changed = True
                break
    return "\n".join(lines) if changed else copy


def _rows(lines: Sequence[str], at: int, mark: str) -> int:
    """How many lines below a head are its rows: as many cells, of which those of one column are figures."""
    within = NAMED_WITHIN.search(lines[at])
    names = (within[1] if within and within[1].count(mark) >= FEWEST_MARKS else lines[at]).split(mark)
    if not all(NAME.fullmatch(name) for name in names):
        return 0
    lost = MOST_LOST if mark == "/" else 0
    rows = list[list[str]]()
    for line in islice(lines, at + 1, at + 1 + MOST_ROWS):
        cells = line.split(mark)
        if not rows and not any(map(FIGURE.fullmatch, cells[1:])):
            return 0
        if not len(names) - lost <= len(cells) <= len(names) or len(cells) < FEWEST_MARKS or not _may_be_row(cells):
            break
        rows.append(cells)
    return len(rows) if len(rows) >= FEWEST_ROWS and _has_figures(rows, len(names)) else 0


def _may_be_row(cells: Sequence[str]) -> bool:
    """Whether cells are a name and figures or notes rather than the clauses of a sentence."""
    named = cells[0].strip() != "" and LISTED.search(cells[0]) is None
    return named and all(CELL.fullmatch(cell) for cell in cells)


def _has_figures(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether figures stand in most rows of a column; of few rows, in all and over most columns."""
    whole = [row for row in rows if len(row) == width]
    told = [[FIGURE.fullmatch(cell) is not None for cell in row[1:]] for row in whole]
    if len(whole) < FEWEST_ALIKE:
        empty = sum(NOTHING.fullmatch(cell) is not None for row in whole for cell in row[1:])
        return all(map(any, told)) and 2 * (sum(map(sum, told)) + empty) >= len(whole) * (width - 1)
    return any(3 * sum(column) >= 2 * len(whole) for column in zip(*told, strict=True))


def _head(line: str, mark: str) -> str:
    """The line of names; those that stand in brackets without what stands around them."""
    within = NAMED_WITHIN.search(line)
    if within and within[1].count(mark) >= FEWEST_MARKS:
        start, end = within.span(1)
        line = " " * start + line[start:end] + " " * (len(line) - end)
    return line.replace(mark, "\t")
