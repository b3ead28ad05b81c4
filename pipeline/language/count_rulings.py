"""Tables whose cells are parted by a mark (甲所／120／118／98%): the same lines with tabs.

A mark parts cells where line after line holds it equally often, the first line names columns and those below hold
figures. Prose does none of that for three lines. Lengths stay, so that offsets hold.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

MARKS = "/，,、;；:：·—–→+&"
# What may be a cell: a name or a figure with a note, no sentence.
CELL = regex.compile(r"[^。！？\t|]{0,24}")
NAME = regex.compile(r"\s*[^\d\s。！？，][^。！？]{0,15}")
FIGURE = regex.compile(r"\s*[约≥]?\d[\d,.]*\s*(?:%|\p{Han}{0,2})\s*(?:[（(].*)?")
# 甲镇：1200、1080: an item of a list, which has a mark of its own behind its name.
LISTED = regex.compile(r"[:：]\s*\d")
NOTHING = regex.compile(r"\s*[-—－/–无]*\s*")
# 一、进度（乡镇／应采／实采／完成率）
NAMED_WITHIN = regex.compile(r"[（(【]([^（）()【】]+)[）)】]\s*[:：]?\s*$")
# A head, and rows enough to show that the lines are alike.
FEWEST_ROWS, FEWEST_MARKS = 2, 2


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
    """How many lines below a head hold its mark as often as the head does, each with a name and figures."""
    within = NAMED_WITHIN.search(lines[at])
    names = (within[1] if within and within[1].count(mark) >= FEWEST_MARKS else lines[at]).split(mark)
    if not all(NAME.fullmatch(name) for name in names):
        return 0
    found = 0
    for line in lines[at + 1 :]:
        cells = line.split(mark)
        if len(cells) != len(names) or not _is_row(cells):
            break
        found += 1
    return found if found >= FEWEST_ROWS else 0


def _is_row(cells: Sequence[str]) -> bool:
    """Whether cells are a name and figures rather than the clauses of a sentence."""
    if not cells[0].strip() or LISTED.search(cells[0]) or not all(CELL.fullmatch(cell) for cell in cells):
        return False
    figures = sum(FIGURE.fullmatch(cell) is not None for cell in cells[1:])
    empty = sum(NOTHING.fullmatch(cell) is not None for cell in cells[1:])
    return figures > 0 and 2 * (figures + empty) >= len(cells) - 1


def _head(line: str, mark: str) -> str:
    """The line of names; those that stand in brackets without what stands around them."""
    within = NAMED_WITHIN.search(line)
    if within and within[1].count(mark) >= FEWEST_MARKS:
        start, end = within.span(1)
        line = " " * start + line[start:end] + " " * (len(line) - end)
    return line.replace(mark, "\t")
