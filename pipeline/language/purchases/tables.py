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
from pipeline.language.purchases.units import LEAST, OF_GOODS, scale_around, scale_of
from pipeline.language.purchases.yuan import ARABIC, SCALES, arabic_value, believable, find_sums
from pipeline.patterns import Pattern
from pipeline.records import AmountKind

HEADINGS = ("lot", "name", "quantity", "unit", "unit_price", "amount", "supplier", "rank", "other")
BRACKETS = Pattern(r"[（(][^（）()]*[）)]")
QUANTITY = Pattern(
    rf"(?:约|不少于|共)?\s?(?<number>{ARABIC})(?<scale>万)?\s?(?<unit>[\p{{Han}}A-Za-z]{{0,4}})(?![\d.])"
)
NUMBER = Pattern(rf"[￥¥]?\s?(?<number>{ARABIC})(?<scale>万)?元?")
TOTAL = Pattern(r"合计|总计|全[州市县省区]合计|共计")
SECTION = Pattern(r"\s*(?:[一二三四五六七八九十]{1,3}、|注[:：]|备注[:：])")
NO_VALUE = frozenset({"", "—", "-", "－", "/", "／", "无", "——"})
# In a supplier's cell: nobody was awarded it, also where the table names but one supplier.
NOBODY = NO_VALUE - {""} | {"废标", "流标", "未成交"}
# 最高限价 beside 单价, in 万元, or of a lot is that of all; else of one.
CEILING = Pattern(r"(?:最高)?限价|控制价")
FEWEST = 3  # cells of a heading line
# What a heading calls its amounts; 预算 stands also in 中标（预算）金额, so what was paid is asked first.
KINDS: tuple[tuple[AmountKind, Pattern], ...] = (
    ("award", Pattern(r"成交|中标")),
    ("budget", Pattern(r"预算")),
    ("contract", Pattern(r"合同")),
    ("ceiling", Pattern(r"限价|控制价")),
)


class Cell(NamedTuple):
    """A cell: its offsets in the copy."""

    start: int
    end: int


class Amount(NamedTuple):
    """A sum under its own heading: yuan, where it stands, and what the heading calls it, if it tells."""

    value: Decimal
    at: tuple[int, int] | None
    kind: AmountKind | None


class Row(NamedTuple):
    """What a row of a table says; `total` for the line of the sum. A table may tell a budget and an award."""

    total: bool
    ranked: bool
    lot: str | None
    name: tuple[int, int] | None
    quantity: Decimal | None
    unit: str | None
    unit_prices: tuple[Amount, ...]
    amounts: tuple[Amount, ...]
    supplier: tuple[int, int] | None
    unsold: bool
    start: int
    end: int

    def unit_price(self, kind: AmountKind | None) -> Decimal | None:
        """The price of one that belongs to an amount of this kind: that of its kind, else one that tells none."""
        prices = self.unit_prices
        own = [price for price in prices if price.kind == kind] or [price for price in prices if price.kind is None]
        if not own and len(self.amounts) < 2:
            own = [price for price in prices if price.kind == "award"] or list(prices)
        return own[-1].value if own else None


class Column(NamedTuple):
    """A heading: what stands under it, its own words, and the scale of the yuan below it where one is told."""

    code: str
    words: str
    scale: str | None = None


class Table(NamedTuple):
    """A table: what parts its cells, its headings, where it begins, and the cells of its lines."""

    separator: regex.Pattern[str]
    columns: list[Column]
    start: int
    lines: list[list[Cell]]

    @property
    def end(self) -> int:
        """Where its last line ends."""
        return self.lines[-1][-1].end if self.lines else self.start


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    return {BRACKETS.sub("", phrase) or phrase: code for code in HEADINGS for phrase in words()["heading_" + code]}


def find_rows(text: str, copy: str) -> list[Row]:
    """The rows of all purchase tables of a document. `text`: the same as it stands, whose wide blanks part cells."""
    tables: list[Table] = []
    table: Table | None = None
    for line in regex.finditer(r"[^\n]+", copy):
        heading = _heading(text, copy, *line.span())
        if heading:
            table = Table(*heading, line.start(), [])
            tables.append(table)
            continue
        if table is None:
            continue
        cells = _cells(text, line.start(), line.end(), table.separator)
        if len(cells) < 2 or SECTION.match(copy, line.start()):
            table = None
            continue
        if r"\t" in table.separator.pattern:  # empty cells at the end of a row are lost
            cells += [Cell(line.end(), line.end())] * (len(table.columns) - len(cells))
        table.lines.append(cells)
    return list(_rows(copy, tables))


def _rows(copy: str, tables: Sequence[Table]) -> Iterator[Row]:
    """The rows of tables, each in the unit of money told above or below its table."""
    for i, table in enumerate(tables):
        floor = tables[i - 1].end if i else 0
        stop = tables[i + 1].start if i + 1 < len(tables) else len(copy)
        scale = scale_around(copy, table.start, table.end, floor, stop)
        columns = [column._replace(scale=scale_of(column.words, scale)) for column in table.columns]
        for cells in table.lines:
            row = _row(copy, cells, columns)
            # of two columns only a row with its amount is one: 供应商 金额 heads other things too
            if row and (len(columns) >= FEWEST or row.amounts):
                yield row


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
        if cell.start < cell.end or 0 < i < len(cells) - 1 or r"\t" in separator.pattern
    ]


def _heading(text: str, copy: str, start: int, end: int) -> tuple[regex.Pattern[str], list[Column]] | None:
    """The columns, where a line is the heading of a table that lists goods, lots or prices."""
    separator = _separators(text, start, end)
    cells = _cells(text, start, end, separator)
    if len(cells) < 2 or end - start > 200:
        return None
    columns = []
    for cell in cells:
        said = copy[cell.start : cell.end].strip()
        columns.append(Column(_codes().get(BRACKETS.sub("", said), "other" if said else ""), said))
    columns = _of_all(columns)
    codes = {column.code for column in columns}
    known = sum(BRACKETS.sub("", column.words) in _codes() for column in columns)
    if len(columns) < FEWEST:
        return (separator, columns) if [column.code for column in columns] == ["supplier", "amount"] else None
    if known >= FEWEST and codes & {"name", "lot", "supplier"} and codes & {"quantity", "amount", "unit_price", "rank"}:
        return separator, columns
    return None


def _of_all(columns: Sequence[Column]) -> list[Column]:
    """The columns, with a highest price that cannot be that of one taken for the amount."""
    priced = [column for column in columns if column.code == "unit_price"]
    codes = {column.code for column in columns}

    def of_all(column: Column) -> bool:
        if column not in priced or not CEILING.fullmatch(BRACKETS.sub("", column.words)):
            return False
        if "amount" in codes:
            # 包号, 最高限价（万元）, 中标金额: nothing is numbered of which it could be the price of one
            return "quantity" not in codes and ("lot" in codes or "万元" in column.words)
        return len(priced) > 1 or "lot" in codes or "万元" in column.words

    return [column._replace(code="amount") if of_all(column) else column for column in columns]


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
    fitted = list(_fitted(cells, columns))
    if not fitted:
        return None
    by_code = {column.code: (column, cell) for column, cell in fitted}

    def said(code: str) -> str:
        return copy[by_code[code][1].start : by_code[code][1].end].strip() if code in by_code else ""

    def where(code: str) -> tuple[int, int] | None:
        return _trimmed(copy, by_code[code][1]) if code in by_code else None

    quantity = QUANTITY.match(said("quantity"))
    heading = by_code["quantity"][0].words if "quantity" in by_code else ""
    in_heading = regex.search(r"[（(]([\p{Han}]{1,3})[）)]", heading)
    number = believable(arabic_value(quantity["number"], quantity["scale"] or "")) if quantity else None
    unit = (quantity["unit"] if quantity else "") or said("unit") or (in_heading[1] if in_heading else None)
    of_many = OF_GOODS.fullmatch(unit or "")
    if number is not None and of_many:
        number, unit = believable(number * SCALES[of_many["scale"]]), of_many["unit"]
    amounts = _priced(copy, fitted, columns, "amount")
    return Row(
        total=False,
        ranked=any(column.code == "rank" for column in columns),
        lot=said("lot") or None,
        name=where("name"),
        quantity=number,
        unit=unit,
        unit_prices=_of_one(_priced(copy, fitted, columns, "unit_price"), number, amounts, columns),
        amounts=amounts,
        supplier=where("supplier") if said("supplier") not in NOBODY else None,
        unsold=said("supplier") in NOBODY,
        start=start,
        end=end,
    )


def _priced(
    copy: str, fitted: Sequence[tuple[Column, Cell]], columns: Sequence[Column], code: str
) -> tuple[Amount, ...]:
    """The sums in the columns of a code, each by its own heading."""
    found = []
    for column, cell in fitted:
        value = _price(copy[cell.start : cell.end].strip(), column) if column.code == code else None
        if value is not None:
            found.append(Amount(value, _trimmed(copy, cell), _kind_told(column, columns)))
    return tuple(found)


def _of_one(
    prices: tuple[Amount, ...], number: Decimal | None, amounts: tuple[Amount, ...], columns: Sequence[Column]
) -> tuple[Amount, ...]:
    """The prices of one, in yuan where the unit told for the table is that of its sums alone, as their product says."""
    told = {SCALES[column.scale or ""] for column in columns if column.code == "unit_price"}
    factor = max(told, default=1)
    if number is None or factor == 1:
        return prices
    sums = {amount.value for amount in amounts}
    return tuple(
        price._replace(value=price.value / factor) if number * price.value / factor in sums else price
        for price in prices
    )


def _trimmed(copy: str, cell: Cell | None) -> tuple[int, int] | None:
    if cell is None:
        return None
    words_here = copy[cell.start : cell.end]
    left = cell.start + len(words_here) - len(words_here.lstrip())
    right = left + len(words_here.strip())
    return (left, right) if right > left else None


def _total(copy: str, cells: Sequence[Cell], columns: Sequence[Column]) -> Row | None:
    """The line of the sum: under each heading of amounts its own; of cells run together the last that can be one."""
    priced = [column for column in columns if column.code == "amount"]
    if not priced:
        return None
    if len(cells) == len(columns):
        amounts = _priced(copy, list(zip(columns, cells, strict=True)), columns, "amount")
    else:
        numbers = [cell for cell in cells if _price(copy[cell.start : cell.end].strip(), Column("", "")) is not None]
        # of more or fewer numbers than headings nobody can tell which is whose
        fits = numbers[-1:] if len(priced) == 1 else numbers if len(numbers) == len(priced) else []
        amounts = _priced(copy, list(zip(priced, fits, strict=True)), columns, "amount") if fits else ()
    if not amounts:
        return None
    end = max(amount.at[1] for amount in amounts if amount.at)
    return Row(True, False, None, None, None, None, (), amounts, None, False, cells[0].start, end)


def _kind_told(column: Column, columns: Sequence[Column]) -> AmountKind | None:
    """What a heading calls its amounts; a plain 合计 beside 单价限价 is a ceiling too."""
    beside = " ".join(other.words for other in columns if other.code == "unit_price") if column.code == "amount" else ""
    for told in (column.words, beside):
        for kind, words_of in KINDS:
            if words_of.search(told):
                return kind
    return None


def _fitted(cells: Sequence[Cell], columns: Sequence[Column]) -> Iterator[tuple[Column, Cell]]:
    """Cells with their heading. A blank within a name or specification makes cells too many."""
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
            yield column, cell


def _price(words_here: str, column: Column) -> Decimal | None:
    """The number of a cell in yuan, by its own unit, its heading's or its table's; None where it cannot be yuan."""
    if words_here in NO_VALUE:
        return None
    sums = find_sums(words_here)
    if sums:
        return sums[0].value
    match = NUMBER.fullmatch(words_here)
    if match is None:
        return None
    value = believable(arabic_value(match["number"], match["scale"] or column.scale or ""))
    untold = column.code == "amount" and column.scale is None and not match["scale"] and value is not None
    return None if untold and value is not None and value < LEAST and not words_here.endswith("元") else value
