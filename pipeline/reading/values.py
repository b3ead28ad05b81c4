"""Tables in plain text: those of values parted by commas (CSV) made lines of cells, and the heads of tables told apart
from titles."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import groupby

import regex

# A name, a figure or a note; no sentence.
CELL = regex.compile(r"[^。！？，；\n]{0,40}")
FIGURE = regex.compile(r"[约近≥]?\d[\d,.]*+\s?(?:%|[万余多]{0,2}[份人例张名户]?)")
# A quoted value; of how many lines one may be.
OPENED, MOST_TORN = regex.compile(r'(?:^|,)"'), 6
FEWEST_LINES, FEWEST_CELLS, MOST_CELLS = 2, 2, 256
EMPTY = "—"  # so that the cells behind an empty one stay under their heads


def as_rows(text: str) -> str:
    """The same text, lines of values parted by commas as rows of cells parted by tabs.

    Lines follow one another that hold equally many values, none of them a sentence, the first no figure and the others
    some.

    >>> print(as_rows('进度表\\n乡镇,应采,已采\\n吉塘镇,"1,200",98\\n香堆镇,,612').replace(chr(9), "|"))
    进度表
    乡镇|应采|已采
    吉塘镇|1,200|98
    香堆镇|—|612
    """
    if "," not in text:
        return text
    rows = [(line, _values(line)) for line in _whole_lines(text.split("\n"))]
    lines, tables = list[str](), False
    for width, run in groupby(rows, lambda row: len(row[1])):
        own = list(run)
        if width >= FEWEST_CELLS and _is_table([cells for _, cells in own]):
            lines += ("\t".join(cell or EMPTY for cell in cells) for _, cells in own)
            tables = True
        else:
            lines += (line.rstrip(",") for line, _ in own)  # a caption, in the first cell of its row
    return "\n".join(lines) if tables else text


def _whole_lines(lines: Sequence[str]) -> Iterator[str]:
    """The lines, those as one that a quoted value of several lines is torn into."""
    at = 0
    while at < len(lines):
        end = at + 1
        if OPENED.search(lines[at]) and lines[at].count('"') % 2:
            end = next((n for n in range(end, min(at + MOST_TORN, len(lines))) if lines[n].count('"') % 2), at) + 1
        yield lines[at] if end == at + 1 else "".join(lines[at:end])
        at = end


def _values(line: str) -> list[str]:
    """The values of a line, [] where it is none of CSV."""
    if not FEWEST_CELLS <= line.count(",") + 1 <= MOST_CELLS:
        return []
    try:
        found = next(iter(csv.reader([line], strict=True)), [])
    except csv.Error:
        return []
    cells = [" ".join(cell.split()) for cell in found]
    return cells if any(cells[1:]) and all(map(CELL.fullmatch, cells)) else []


def _is_table(rows: list[list[str]]) -> bool:
    if len(rows) < FEWEST_LINES or any(map(FIGURE.fullmatch, rows[0])):
        return False
    return all(rows[0]) and all(any(map(FIGURE.fullmatch, row)) for row in rows[1:])


def is_head(lines: Sequence[str]) -> bool:
    """Whether the first line names the columns of a table whose rows are the next; of two columns, two rows.

    >>> is_head(["乡镇 应采 已采", "吉塘镇 120 98"]), is_head(["乡镇 采集血样", "吉塘镇 120", "香堆镇 98"])
    (True, True)
    >>> is_head(["龙口 采血", "7月 3日", "近日，民警入户采血。"])
    False
    """
    names = lines[0].split()
    if not FEWEST_CELLS <= len(names) <= MOST_CELLS or any(c.isdecimal() for c in lines[0]):
        return False
    rows = [line.split() for line in lines[1 : 2 if len(names) > FEWEST_CELLS else 3]]
    alike = all(len(row) == len(names) and 2 * sum(map(_is_figure, row)) >= len(row) for row in rows)
    return alike and len(rows) == (1 if len(names) > FEWEST_CELLS else 2)


def _is_figure(cell: str) -> bool:
    return FIGURE.fullmatch(cell) is not None
