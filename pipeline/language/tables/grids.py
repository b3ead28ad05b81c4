"""Where tables stand in a text, whatever their figures mean: the names of their columns and their rows of cells.

Cells are parted by tabs or bars, else by white space; a table may also have lost its rows and stand one cell a line.
Empty cells get lost too: a row with fewer cells than the table has columns is fitted by what stands in the other rows,
and a cell that could belong to two columns to none. A table whose rows are named for what they count is turned over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from pipeline.language.tables.fitting import (
    BAR,
    DIGIT,
    NOTHING,
    SUM,
    Part,
    figure,
    fitted,
    names_time,
    shown_width,
    torn,
    type_of,
)
from pipeline.language.tables.grid_cells import cells_of, closely_named, closely_set, in_turn, with_days
from pipeline.language.tables.grid_heads import head_of, under
from pipeline.patterns import Pattern

MARK = Pattern(r"[，。；！？]")
# | --- | :---: | under the heading of a table in Markdown.
RULE_LINE = Pattern(r"[\s|:+=—-]++")
# 二、门牌安装: a new part of the post.
NUMBERED_TITLE = Pattern(r"\s*(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)")
# 二、发放宣传单, between the rows of a table: what stands below counts something else.
OTHER_WORK = Pattern(r"指纹|人像|虹膜|声纹|宣传|发放|走访|登记|培训|办证|案件|巡逻|检查")
# 1. 各所要抓紧，…: a sentence of a list below the table.
ITEM_NUMBER = Pattern(r"[（(]?\d{1,2}[.．、)）]|[①-⑳]|注?\d?[:：]")
# 补采450份: what a cell tells, no name of a column.
TOLD_FIGURE = Pattern(r"\d[\d,]*+(?:\.\d+)?(?:%|[万余多]*[份人例名张])(?![）)])")
# （整体搬迁，不列入）: all that a row tells.
NOTE = Pattern(r"[（(][^（）()]{2,60}[）)]")
IN_BRACKETS = Pattern(r"[（(][^（）()]*[）)]")
FIGURE = Pattern(r"\d|[：:]")
FIGURE_OR_MARK = Pattern(r"\d|[，。；]")
# A column of a table of marks that is no unit's.
WEIGHT = Pattern(r"分值|权重|满分|标准|备注|单位$")
MOST_COLUMNS = 16
# No table has more columns: a line of more cells is no row.
WIDEST = 256
# A cell's own line, where a table has lost its rows, in characters.
SHORT = 20
# So many cells are a row of a table even where none of them is a figure.
FEWEST_TEXTS = 4
SHARE_NAME = Pattern(r"率|比|占|%|进[度展]|[增减]|幅")
# Two columns, a header and two rows.
FEWEST_LINES = 6


class Grid(NamedTuple):
    """A table: the names of its columns, and its rows; None stands for a lost cell. `lines`: what the rows cover."""

    names: list[str]
    rows: list[list[Part | None]]
    start: int
    head: tuple[int, int]
    lines: list[tuple[int, int]]


class Tells(NamedTuple):
    """`surely`: whether a name, in a table whose head stands from, to, names a count; `maybe`: whether it could."""

    surely: Callable[[str, int, int], bool]
    maybe: Callable[[str], bool]


def grids(copy: str, tells: Tells) -> Iterator[Grid]:
    """All tables of a matching copy. `tells`: which names name a count."""
    for grid in (*_lined(copy, tells), *_columns_lost(copy, tells)):
        turned = _turned(grid, tells)
        yield from _side_by_side(turned)


class _Lines:
    """The lines of one table as they are read: its heading, over one line or several, and its rows."""

    def __init__(self, copy: str) -> None:
        self.copy = copy
        self.heads: list[list[Part]] = []
        self.rows: list[list[Part]] = []
        self.barred = False

    def grid(self) -> Grid | None:
        """The table, where there is one."""
        if not self.heads or not self.rows:
            return None
        width = max(map(len, self.rows))
        self._uncorner(width)
        if not self.barred and len(self.heads[-1]) < width and under(self.heads, width) is None:
            width = max(shown_width(row, len(self.heads[-1])) for row in self.rows)
        head = head_of(self.heads, width, barred=self.barred)
        width = min(width, len(head))
        names = [part.text for part in head]
        rows = fitted(self.rows, names, self.copy)
        first, last = self.heads[0][0], self.heads[-1][-1]
        lines = [(row[0].start, row[-1].end) for row in self.rows]
        return Grid(names, rows, first.start, (first.start, last.end), lines)

    def fitted(self, parts: list[Part]) -> list[Part]:
        """The cells of a line, the heading read again where it has fewer than the first of its rows."""
        if not self.rows and len(parts) > len(self.heads[-1]) > 1:
            self.heads[-1] = closely_named(self.copy, self.heads[-1], len(parts))
        return parts

    def _uncorner(self, width: int) -> None:
        """Take away the corner that the last line of the heading begins with, where the line above names it."""
        *above, last = self.heads
        if last[0].text or len(last) < 2:
            return
        lost = not self.barred and width < len(last)
        grouped = bool(above) and (not self.barred or len(above[-1]) != len(last))
        if lost or (grouped and under([*above, last[1:]], width) is not None):
            self.heads[-1] = last[1:]


def _lined(copy: str, tells: Tells) -> Iterator[Grid]:
    """Tables whose rows are lines."""
    table, offset = _Lines(copy), 0
    lines = copy.split("\n")
    for number, line in enumerate(lines):
        start = offset
        offset += len(line) + 1
        between = table.barred and NUMBERED_TITLE.match(line)
        if (
            not line.strip()
            or ("--" in line and RULE_LINE.fullmatch(line))
            or (between and _goes_on(table, line, lines[number + 1 : number + 3], tells))
        ):
            continue
        barred = BAR.search(line) is not None
        if NUMBERED_TITLE.match(line) and not barred and not in_turn(line):
            yield from _closed(table)
            table = _Lines(copy)
            continue
        if not barred and not table.heads and MARK.search(line) and not in_turn(line):
            continue
        parts = cells_of(line, start)
        if not parts:
            continue
        parts = parts if table.rows else with_days(parts)
        if table.heads and not barred:
            parts = table.fitted(closely_set(line, start, parts, len(table.heads[-1])))
        if len(parts) > WIDEST:
            yield from _closed(table)
            table = _Lines(copy)
            continue
        begins = _begins_anew(table, parts, tells)
        noted = table.heads and not begins and _noted(table, parts, barred=barred)
        noted = noted or (not barred and not begins and _stood_still(table, parts, lines[number + 1 : number + 3]))
        if noted or (table.heads and not begins and _may_be_row(table, parts, barred=barred)):
            table.rows.append(parts)
        elif table.rows and not barred and len(parts) == 1 and len(line) <= SHORT and not FIGURE_OR_MARK.search(line):
            continue  # 城区片: a title between rows
        elif begins or _may_be_head(line, parts, barred=barred, tells=tells, start=start):
            if table.rows or (barred != table.barred):
                yield from _closed(table)
                table = _Lines(copy)
            table.barred = barred
            # An upper left corner that says nothing, over the names of the rows.
            corner = not barred and len(parts) > 1 and line[:2].isspace()
            table.heads.append([Part("", start), *parts] if corner else parts)
            table.heads = table.heads[-3:] if barred else table.heads[-MOST_COLUMNS:]
        else:
            yield from _closed(table)
            table = _Lines(copy)
    yield from _closed(table)


def _closed(table: _Lines) -> Iterator[Grid]:
    grid = table.grid()
    if grid:
        yield grid


def _may_be_head(line: str, parts: Sequence[Part], *, barred: bool, tells: Tells, start: int) -> bool:
    figures = sum(figure(part.text) for part in parts)
    if in_turn(line):
        return True
    if barred:
        told = sum(tells.surely(part.text, start, start + len(line)) for part in parts)
        return sum(bool(part.text) for part in parts) > 1 and (not figures or told > 2 * figures)
    if not FIGURE_OR_MARK.search(IN_BRACKETS.sub("", line) if len(parts) > 1 else line):
        return bool(parts)
    if len(parts) < 2 or MARK.search(line):
        return False
    told = sum(tells.surely(part.text, start, start + len(line)) for part in parts)
    times = sum(names_time(part.text) for part in parts)
    return told + times > 2 * figures and told + times > 1


def _begins_anew(table: _Lines, parts: Sequence[Part], tells: Tells) -> bool:
    """Whether a line without figures below rows is the heading of one more table."""
    if not table.rows or len(parts) < 2 or any(figure(part.text) for part in parts):
        return False
    if any(TOLD_FIGURE.search(part.text) for part in parts):
        return False
    start, end = parts[0].start, parts[-1].end
    if len(parts) == len(table.heads[-1]) and parts[0].text and parts[0].text == table.heads[-1][0].text:
        return True
    return not any(NOTHING.fullmatch(part.text) for part in parts) and any(
        tells.surely(part.text, start, end) for part in parts
    )


def _noted(table: _Lines, parts: Sequence[Part], *, barred: bool) -> bool:
    """Whether a line among rows has a name, and in place of its figures a note why there are none: 东乡（未启动）."""
    if not table.rows or barred != table.barred or not 2 <= len(parts) < len(table.heads[-1]):
        return False
    name, *rest = [part.text for part in parts]
    if not name or len(name) > SHORT or MARK.search(name) or ITEM_NUMBER.match(name):
        return False
    notes = [text for text in rest if text and not NOTHING.fullmatch(text)]
    told = any(NOTE.fullmatch(text) or (barred and MARK.search(text)) for text in notes)
    return told and not any(figure(text) or TOLD_FIGURE.search(text) for text in notes)


def _stood_still(table: _Lines, parts: Sequence[Part], below: Sequence[str]) -> bool:
    """Whether a line between rows has a name like theirs, and in place of its figures a few words: 9日  大雪，停采."""
    if not table.rows or len(parts) != 2 or len(parts[1].text) > SHORT or FIGURE.search(parts[1].text):
        return False
    if any(figure(part.text) for part in parts) or type_of(parts[0].text) != type_of(table.rows[-1][0].text):
        return False
    after = cells_of(next(filter(str.strip, below), ""), 0)
    return len(after) == len(table.heads[-1]) and any(figure(part.text) for part in after)


def _goes_on(table: _Lines, title: str, below: Sequence[str], tells: Tells) -> bool:
    """Whether a title stands between the rows of one table: 二、采集 over a row that is as wide as those above."""
    if not table.heads or BAR.search(title) or len(title) > SHORT or OTHER_WORK.search(title):
        return False
    after = cells_of(next(filter(str.strip, below), ""), 0)
    if len(after) != len(table.heads[-1]) or _begins_anew(table, after, tells):
        return False
    return _may_be_row(table, after, barred=True)


def _may_be_row(table: _Lines, parts: Sequence[Part], *, barred: bool) -> bool:
    if len(parts) < 2 or MARK.search(parts[0].text) or barred != table.barred:
        return False
    if not barred and len(parts) == 2 and ITEM_NUMBER.fullmatch(parts[0].text) and MARK.search(parts[1].text):
        return False
    figures = sum(figure(part.text) for part in parts)
    cells = sum(len(head) for head in table.heads)
    if barred:
        own = len(parts) == len(table.heads[-1]) and bool(table.rows)
        return len(parts) <= cells and (figures > 0 or own or any(NOTHING.fullmatch(p.text) for p in parts if p.text))
    nothing = sum(NOTHING.fullmatch(part.text) is not None for part in parts)
    most = max(len(table.heads[-1]), min(cells, MOST_COLUMNS))
    most += sum(torn(left.text, right.text) for left, right in pairwise(parts)) if len(parts) > most else 0
    if len(parts) == len(table.heads[-1]) >= FEWEST_TEXTS and table.rows:
        return True
    # A remark may hold blanks.
    return figures + nothing > 0 and len(parts) <= most + (1 if table.rows else 0)


def _turned(grid: Grid, tells: Tells) -> Grid:
    """The same table, its rows made columns where they, and not the columns, are named for what they count."""
    named = [_label(row) for row in grid.rows]
    if any(names_time(name) or tells.maybe(name) for name in grid.names[1:]):
        return grid
    if sum(label is not None and tells.surely(label[1].text, *grid.head) for label in named) < 1:
        return grid
    kept = [(label, row) for label, row in zip(named, grid.rows, strict=True) if label is not None]
    first = max(label[0] for label, _ in kept) + 1
    rest = [part.text for _, row in kept for part in row[first:] if part]
    if first > 2 or len(grid.names) - first < 2 or not all(figure(cell) or NOTHING.fullmatch(cell) for cell in rest):
        return grid
    names = ["单位", *(label[1].text for label, _ in kept)]
    at = grid.head[0]
    rows: list[list[Part | None]] = [
        [Part(grid.names[column], at), *(row[column] for _, row in kept)]
        for column in range(first, len(grid.names))
        if not WEIGHT.search(grid.names[column])
    ]
    return grid._replace(names=names, rows=rows)


def _label(row: Sequence[Part | None]) -> tuple[int, Part] | None:
    """The first cell of a row that holds words, and its column."""
    return next(((i, p) for i, p in enumerate(row) if p and p.text and not DIGIT.match(p.text)), None)


def _side_by_side(grid: Grid) -> Iterator[Grid]:
    """Two tables printed beside each other (村名 任务 村名 任务) as two."""
    half, odd = divmod(len(grid.names), 2)
    if odd or half < 2 or grid.names[:half] != grid.names[half:]:
        yield grid
        return
    yield grid._replace(names=grid.names[:half], rows=[row[:half] for row in grid.rows])
    yield grid._replace(names=grid.names[half:], rows=[row[half:] for row in grid.rows])


def _columns_lost(copy: str, tells: Tells) -> Iterator[Grid]:
    """Tables that stand one cell a line."""
    if copy.count("\n") < FEWEST_LINES:
        return
    lines, offset = list[Part](), 0
    for line in copy.split("\n"):
        lines.append(Part(line.strip(), offset + len(line) - len(line.lstrip())))
        offset += len(line) + 1
    for short, run in groupby(lines, lambda p: len(p.text) <= SHORT and not MARK.search(p.text) and "\t" not in p.text):
        cells = list(run)
        if not short or sum(figure(cell.text) for cell in cells) < 2:
            continue
        whole = [cell for cell in cells if cell.text]
        found = max((_lost(cells, tells), _lost(whole, tells)), key=len, default=[])
        if len(found) > 2:
            head = found[0]
            names, rows = [cell.text for cell in head], [list[Part | None](row) for row in found[1:]]
            spans = [(row[0].start, row[-1].end) for row in found[1:]]
            yield Grid(names, rows, head[0].start, (head[0].start, head[-1].end), spans)


def _lost(cells: Sequence[Part], tells: Tells) -> list[list[Part]]:
    """The header and the rows of a table whose cells are lines, as far as the rows are alike; [] for none."""
    best: list[list[Part]] = []
    first = next((i for i, cell in enumerate(cells) if figure(cell.text)), len(cells))
    # The first row begins with the name before the first figure, or with that figure: its number in the list.
    for begin in (first - 1, first):
        for width in range(2, min(begin, MOST_COLUMNS) + 1):
            head = list(cells[begin - width : begin])
            if not all(part.text for part in head) or any(figure(part.text) for part in head):
                continue
            times = sum(names_time(part.text) for part in head)
            if times < 2 and not any(tells.surely(part.text, head[0].start, head[-1].end) for part in head):
                continue
            rows = _alike(cells, begin, width)
            if rows and not _as_named(head, rows[0]):
                continue
            if len(rows) > 1 and sum(map(len, rows)) > sum(map(len, best[1:])):
                best = [_grouped(cells[: begin - width], head), *rows]
    return best


def _grouped(above: Sequence[Part], head: list[Part]) -> list[Part]:
    """The same head, where its names come again (任务, 完成, 任务, 完成) each with that of its group."""
    names = [part.text for part in head]
    first = next((i for i, name in enumerate(names) if name in names[i + 1 :]), len(names))
    groups = names.count(names[first]) if first < len(names) else 0
    if not 1 < groups <= len(above):
        return head
    upper = [*above, *head[:first]][-first - groups :]
    return under([upper, head[first:]], len(head)) or head


def _as_named(head: Sequence[Part], row: Sequence[Part]) -> bool:
    """Whether percentages stand under names of shares, and under no others."""
    types = [type_of(part.text) for part in row]
    shares = [SHARE_NAME.search(part.text) is not None for part in head]
    return "p" not in types or all((t == "p") == share or t == "?" for t, share in zip(types, shares, strict=True))


def _alike(cells: Sequence[Part], begin: int, width: int) -> list[list[Part]]:
    """Rows of `width` cells from `begin` on, as long as they hold the same sorts of things."""
    rows, at = list[list[Part]](), begin
    types = ""
    while at + width <= len(cells):
        row = list(cells[at : at + width])
        own = "".join(type_of(part.text) for part in row)
        sums = SUM.match(row[0].text) or SUM.match(row[1].text)
        if types and not all(
            a == b or "?" in (a, b) or {a, b} == {"d", "n"} or (sums and a == "n" and i == 0)
            for i, (a, b) in enumerate(zip(types, own, strict=True))
        ):
            break
        if not any(letter in "np" for letter in own[1:]):
            break
        types = types or own
        rows.append(row)
        at += width
    return rows
