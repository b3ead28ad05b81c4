"""Tables that stand in one line, heading and rows one after the other (村名 应采 已采 周屯村 862 640 都秀村 590 588):
the same with a line for each row and tabs between its cells. Lengths stay, so that offsets hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import regex

from pipeline.language.tables.headings import heading
from pipeline.patterns import Pattern

TOKEN = Pattern(r"[^\s|，。；：:！？]+")
FIGURE = Pattern(r"[约≥]?\d[\d,.]*(?:%|[份人户例名条])?|[-—－/]")
WORD = Pattern(r"[\p{Han}（(A-Z][^\d]{0,15}")
BLANK = Pattern(r"[ \t\u3000]+")
WIDEST, LONGEST = 12, 4000
# Two columns need more rows to be told from prose.
FEWEST_ROWS, OF_TWO, TWO = 2, 3, 2


def unrolled(copy: str) -> str:
    """The matching copy, tables that stand in one line set out in lines.

    >>> unrolled("进度：村名 应采 已采 周屯村 86 64 都秀村 59 58 请抓紧").split("\\n")[1]
    '村名\\t应采\\t已采'
    """
    letters = list(copy)
    offset = 0
    for line in copy.split("\n"):
        if "\t" not in line and len(line) <= LONGEST:
            for at, mark in _marks(line):
                letters[offset + at] = mark
        offset += len(line) + 1
    return "".join(letters)


def _marks(line: str) -> list[tuple[int, str]]:
    """Where a table in a line has what is to be set between its rows and cells."""
    tokens = list(TOKEN.finditer(line))
    sorts = "".join("n" if FIGURE.fullmatch(m[0]) else "w" if WORD.fullmatch(m[0]) else "x" for m in tokens)
    first = sorts.find("n")
    if sorts.count("n") < FEWEST_ROWS or first < FEWEST_ROWS:
        return []
    # A row begins with a name, or with its number in the list.
    fits = [fit for begin in (first - 1, first) for width in range(2, WIDEST) if (fit := _fit(sorts, begin, width))]
    if not fits:
        return []
    begin, width, rows = max(fits, key=lambda fit: fit[1] * fit[2])
    own = tokens[begin - width : begin + width * rows]
    between = [line[a.end() : b.start()] for a, b in pairwise(own)]
    if not all(map(BLANK.fullmatch, between)) or not _names_columns(own[:width]):
        return []
    marks = [(m.end(), "\n" if (i + 1) % width == 0 else "\t") for i, m in enumerate(own) if m.end() < len(line)]
    return ([(own[0].start() - 1, "\n")] if own[0].start() else []) + marks


def _fit(sorts: str, begin: int, width: int) -> tuple[int, int, int] | None:
    """Where rows of that width begin, their width and number, below a heading as wide that is all words."""
    row = sorts[begin : begin + width]
    if begin < width or "n" in (head := sorts[begin - width : begin]) or "x" in head or "w" not in row:
        return None
    if "n" not in row or row[-1] != "n" or row.count("w") != 1:
        return None
    rows = 1
    while sorts[begin + rows * width : begin + (rows + 1) * width] == row:
        rows += 1
    return (begin, width, rows) if rows >= (OF_TWO if width == TWO else FEWEST_ROWS) else None


def _names_columns(head: Sequence[regex.Match[str]]) -> bool:
    """Whether one of the words names a count."""
    return any(heading(m[0], topical=True) for m in head)
