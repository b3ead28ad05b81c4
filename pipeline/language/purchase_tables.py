"""The tables of tender notices: a heading line and rows of cells, parted by tabs, bars or blanks.

Reading keeps a table row on one line. Which heading means what is in `corpora/phrasebook/procurement.csv`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

import regex

from pipeline.language.notices import words
from pipeline.language.yuan import ARABIC, arabic_value, find_sums

HEADINGS = ("lot", "name", "quantity", "unit", "unit_price", "amount", "supplier", "rank", "other")
BRACKETS = regex.compile(r"[（(][^（）()]*[）)]")
QUANTITY = regex.compile(
    rf"(?:约|不少于|共)?\s?(?<number>{ARABIC})(?<scale>万)?\s?(?<unit>[\p{{Han}}A-Za-z]{{0,4}})(?![\d.])"
)
NUMBER = regex.compile(rf"[￥¥]?\s?(?<number>{ARABIC})(?<scale>万)?元?")
TOTAL = regex.compile(r"合计|总计|全[州市县省区]合计|共计")
SECTION = regex.compile(r"\s*(?:[一二三四五六七八九十]{1,3}、|注[:：]|备注[:：])")
NO_VALUE = frozenset({"", "—", "-", "－", "/", "／", "无", "——"})
# 最高限价 beside 单价, in 万元, or of a lot is that of all; else of one.
CEILING = regex.compile(r"(?:最高)?限价|控制价")
FEWEST = 3  # cells of a heading line


class Cell(NamedTuple):
    """A cell: its offsets in the copy."""

    start: int
    end: int


class Row(NamedTuple):
    """What a row of a table says; `total` for the line of the sum; `amount_heading` with that of the price of one."""

    total: bool
    ranked: bool
    lot: str | None
    name: tuple[int, int] | None
    quantity: Decimal | None
    unit: str | None
    unit_price: Decimal | None
    amount: Decimal | None
    amount_at: tuple[int, int] | None
    supplier: tuple[int, int] | None
    amount_heading: str
    start: int
    end: int


class Column(NamedTuple):
    """A heading: what stands under it, and its own words (which may tell the unit)."""

    code: str
    words: str


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    return {BRACKETS.sub("", phrase) or phrase: code for code in HEADINGS for phrase in words()["heading_" + code]}


def find_rows(text: str, copy: str) -> list[Row]:
    """The rows of all purchase tables of a document. `text`: the same as it stands, whose wide blanks part cells."""
    rows: list[Row] = []
    columns: list[Column] | None = None
    separator = regex.compile(r"\t")
    for line in regex.finditer(r"[^\n]+", copy):
        heading = _heading(text, copy, *line.span())
        if heading:
            separator, columns = heading
            continue
        if columns is None:
            continue
        cells = _cells(text, line.start(), line.end(), separator)
        if len(cells) < 2 or SECTION.match(copy, line.start()):
            columns = None
            continue
        row = _row(copy, cells, columns)
        if row:
            rows.append(row)
    return rows


def _separators(text: str, start: int, end: int) -> regex.Pattern[str]:
    """What parts the cells of a line."""
    for mark, pattern in (("\t", r"\t"), ("｜", r"\s*｜\s*"), ("|", r"\s*\|\s*"), ("\u3000", r"\u3000+")):
        if text.find(mark, start, end) >= 0 and len(text[start:end].strip(f"{mark} ").split(mark)) >= FEWEST:
            return regex.compile(pattern)
    return regex.compile(r"\s+")


def _cells(text: str, start: int, end: int, separator: regex.Pattern[str]) -> list[Cell]:
    while start < end and text[start] in " \u3000":
        start += 1
    while end > start and text[end - 1] in " \u3000":
        end -= 1
    cells, at = [], start
    for match in separator.finditer(text, start, end):
        cells.append(Cell(at, match.start()))
        at = match.end()
    cells.append(Cell(at, end))
    # a row framed by bars begins and ends with nothing
    return [
        cell
        for i, cell in enumerate(cells)
        if cell.start < cell.end or 0 < i < len(cells) - 1 or "\t" in separator.pattern
    ]


def _heading(text: str, copy: str, start: int, end: int) -> tuple[regex.Pattern[str], list[Column]] | None:
    """The columns, where a line is the heading of a table that lists goods, lots or prices."""
    separator = _separators(text, start, end)
    cells = _cells(text, start, end, separator)
    if len(cells) < FEWEST or end - start > 200:
        return None
    columns = []
    for cell in cells:
        said = copy[cell.start : cell.end].strip()
        columns.append(Column(_codes().get(BRACKETS.sub("", said), "other" if said else ""), said))
    columns = _of_all(columns)
    codes = {column.code for column in columns}
    known = sum(BRACKETS.sub("", column.words) in _codes() for column in columns)
    if known >= FEWEST and codes & {"name", "lot", "supplier"} and codes & {"quantity", "amount", "unit_price", "rank"}:
        return separator, columns
    return None


def _of_all(columns: Sequence[Column]) -> list[Column]:
    """The columns, with a highest price that cannot be that of one taken for the amount."""
    priced = [column for column in columns if column.code == "unit_price"]
    has_amount = any(column.code == "amount" for column in columns)
    of_lots = any(column.code == "lot" for column in columns)
    return [
        column._replace(code="amount")
        if column in priced
        and not has_amount
        and CEILING.fullmatch(BRACKETS.sub("", column.words))
        and (len(priced) > 1 or of_lots or "万元" in column.words)
        else column
        for column in columns
    ]


def is_heading(text: str, copy: str, at: int) -> bool:
    """Whether the line around an offset is the heading of a table, or the words there one of its headings."""
    start = copy.rfind("\n", 0, at) + 1
    end = copy.find("\n", at)
    word = regex.compile(r"[\p{Han}]+").match(copy, at)
    return (word is not None and word[0] in _codes()) or bool(
        _heading(text, copy, start, end if end >= 0 else len(copy))
    )


def _row(copy: str, cells: Sequence[Cell], columns: Sequence[Column]) -> Row | None:
    """A row under its headings; None where the cells do not fit them."""
    start, end = cells[0].start, cells[-1].end
    if TOTAL.search(copy, start, min(end, start + 8)) or (TOTAL.search(copy, start, end) and len(cells) < len(columns)):
        return _total(copy, cells, columns)
    by_code = dict(_fitted(cells, columns))
    if not by_code:
        return None

    def said(code: str) -> str:
        cell = by_code.get(code)
        return copy[cell.start : cell.end].strip() if cell else ""

    heads = {column.code: column.words for column in reversed(columns)}
    quantity = QUANTITY.match(said("quantity"))
    in_heading = regex.search(r"[（(]([\p{Han}]{1,3})[）)]", heads.get("quantity", ""))
    amount_cell, name, supplier = by_code.get("amount"), by_code.get("name"), by_code.get("supplier")
    amount = _price(said("amount"), heads.get("amount", ""))
    return Row(
        False,
        any(column.code == "rank" for column in columns),
        said("lot") or None,
        _trimmed(copy, name),
        arabic_value(quantity["number"], quantity["scale"] or "") if quantity else None,
        (quantity["unit"] if quantity else "") or said("unit") or (in_heading[1] if in_heading else None),
        _price(said("unit_price"), heads.get("unit_price", "")),
        amount,
        _trimmed(copy, amount_cell) if amount is not None else None,
        _trimmed(copy, supplier) if said("supplier") not in NO_VALUE else None,
        _kind_told(columns),
        start,
        end,
    )


def _trimmed(copy: str, cell: Cell | None) -> tuple[int, int] | None:
    if cell is None:
        return None
    words_here = copy[cell.start : cell.end]
    left = cell.start + len(words_here) - len(words_here.lstrip())
    right = left + len(words_here.strip())
    return (left, right) if right > left else None


def _total(copy: str, cells: Sequence[Cell], columns: Sequence[Column]) -> Row | None:
    """The line of the sum: its last number that can be one."""
    heading = next((column.words for column in reversed(columns) if column.code == "amount"), "")
    at = next((i for i, column in enumerate(columns) if column.code == "amount"), None)
    order = list(reversed(cells))
    if at is not None and len(cells) == len(columns):
        order = [cells[at]]
    for cell in order:
        amount = _price(copy[cell.start : cell.end].strip(), heading)
        if amount is not None and heading:
            where = _trimmed(copy, cell)
            return Row(
                True,
                False,
                None,
                None,
                None,
                None,
                None,
                amount,
                where,
                None,
                _kind_told(columns),
                cells[0].start,
                cell.end,
            )
    return None


def _kind_told(columns: Sequence[Column]) -> str:
    """The headings that tell what the amounts are: 单价限价 beside a plain 合计 makes that a ceiling too."""
    return " ".join(column.words for column in columns if column.code in {"amount", "unit_price"})


def _fitted(cells: Sequence[Cell], columns: Sequence[Column]) -> Iterator[tuple[str, Cell]]:
    """Cells with the code of their heading. A blank within a name or specification makes cells too many."""
    extra = len(cells) - len(columns)
    if extra < 0 or extra > 3:
        return
    split = next((i for i, column in enumerate(columns) if column.code in {"name", "other"} and i), 0) if extra else 0
    named = next((i for i, column in enumerate(columns) if column.code == "name"), split)
    split = next((i for i, c in enumerate(columns) if i > named and c.code == "other"), named) if extra else split
    for i, column in enumerate(columns):
        if not extra or i < split:
            cell = cells[i]
        elif i == split:
            cell = Cell(cells[i].start, cells[i + extra].end)
        else:
            cell = cells[i + extra]
        if column.code and column.code != "other":
            yield column.code, cell


def _price(words_here: str, heading: str) -> Decimal | None:
    """The number of a cell in yuan, by its own unit or its heading's."""
    if words_here in NO_VALUE:
        return None
    sums = find_sums(words_here)
    if sums:
        return sums[0].value
    match = NUMBER.fullmatch(words_here)
    if match is None:
        return None
    return arabic_value(match["number"], match["scale"] or ("万" if "万元" in heading else ""))
