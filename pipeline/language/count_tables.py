"""Tables in a post's text: a header gives the kind of each bare number in the rows below it.

Cells are parted by tabs or bars, else by white space; a table may also have lost its rows and stand one cell a line.
Columns are told by their headings alone; a row that does not fit its header is left out rather than guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from pipeline.language.count_dates import Calendar
from pipeline.language.count_words import words
from pipeline.language.numerals import Numeral, find_numerals
from pipeline.records import CountKind

SPACED = regex.compile(r"[^\s|｜]+")
BARRED = regex.compile(r"(?<![^\t|｜])[^\t|｜]*")
BAR = regex.compile(r"[\t|｜]")
MOST_COLUMNS = 16
# A cell's own line, where a table has lost its rows.
SHORT = 14
# Three columns, a header and two rows.
FEWEST_LINES = 8
# Tried in this order: 应采人数 is no sample.
KINDS: tuple[CountKind, ...] = ("coverage", "target", "samples")
SURE = regex.compile(r"^(?!.*(?:率|纹|像|虹膜|照片)).*(?:应采(?!尽采)|实采|已采|需采)(?!.*(?:率|纹|像|虹膜|照片))")
# How far above a table its caption may name what it is about, in characters.
CAPTION = 160
# In a post about the samples of a population 采集 needs not say of what.
COLLECTING = regex.compile(r"采(?!购|访|挖|矿|纳|取|用|暖)")
FIGURE_START = regex.compile(r"\s*[≥约近]?[\d—-]")
FIGURE_OR_MARK = regex.compile(r"\d|[，。；]")
MARK = regex.compile(r"[，。；！？]")
DIGIT = regex.compile(r"\s*[≥约近]?\d")
ENDED = regex.compile(r"$|[（(\s*※★]")
PAIR = regex.compile(r"([\d,]+)/([\d,]+)")
PAIR_NAMED = regex.compile(r"[（(]?([\p{Han}]{2,4})/([\p{Han}]{2,4})[）)]?$")
# 单位、任务、完成、完成率依次为：above rows of figures.
IN_TURN = regex.compile(r"(?:^|[。；：:)）])([^。；：:]*、[^。；：:]*?)(?:依次|分别)[为是]?[:：]\s*$")
AMOUNT = regex.compile(r"数量|数值|指标值|^数$|人数|份数|合计")
SUM = regex.compile(r"(.*?)(?:合计|总计|共计|小计)")
PLACE_HEADING = regex.compile(r"乡|镇|村|单位|县|区|市|所|社区|地点|学校|寺|片区|街道")


# 东山镇：3,206份 under 各镇采集情况如下：
LISTED = regex.compile(r"\s*([\p{Han}（）()]{2,14}?)[\s:：]+(\d[\d,，]*(?:份|人份|人次|人|例|张|名)?)[；;。，]?\s*$")
# 累计采集：20417 on a line of its own.
FORM = regex.compile(r"\s*([\p{Han}A-Z（）()/]{2,14})\s*[:：]\s*([\d,.]+[%份人张]?(?:/[\d,.]+[%份人张]?)?)\s*[；;。]?")
FORM_FIGURE = regex.compile(r"[\d,.]+[%份人张]?")
LIST_HEAD = regex.compile(r"(?:[:：]|如下。?|分解表|情况表|统计)\s*$")
TASK = regex.compile(r"任务|分解|指标|计划|应采|目标")


class Cell(NamedTuple):
    """One figure of a table: offsets, kind, number, the row's name, as of when, and where in which table it stands."""

    start: int
    end: int
    kind: CountKind
    numeral: Numeral
    place: str | None
    as_of: str | None
    table: int = 0
    row: int = 0
    column: int = 0
    is_sum: bool = False


class Part(NamedTuple):
    """The text of a cell, and where it stands."""

    text: str
    start: int


def table_counts(copy: str, calendar: Calendar) -> tuple[list[Cell], list[tuple[int, int]]]:
    """Figures of all tables of a matching copy, and the spans that the tables cover."""
    cells: list[Cell] = []
    covered: list[tuple[int, int]] = []
    header: list[str] = []
    offset, header_start = 0, 0
    for start, rows, names in _columns_lost(copy):
        for number, row in enumerate(rows):
            cells += _numbered(_cells(row, names, calendar, start, topical=True), start, number)
            covered.append((row[0].start, row[-1].start + len(row[-1].text)))
    listed: CountKind | None = None
    number, caption = 0, (0, 0)
    for line in copy.split("\n"):
        form = FORM.fullmatch(line) if calendar.mass and not listed else None
        filled = _filled(form, copy, offset, calendar) if form else []
        if filled:
            cells += filled
            covered.append((offset, offset + len(line)))
            offset += len(line) + 1
            continue
        if not header and not listed and _is_prose(line):
            offset += len(line) + 1
            continue
        parts = _parts(line, offset)
        item = LISTED.match(line) if listed else None
        if item and listed:
            cells += _listed(item, offset, listed, calendar)
            covered.append((offset, offset + len(line)))
            offset += len(line) + 1
            continue
        listed = _list_kind(line)
        if _may_be_row(parts, header) and _is_row_of(parts, header, topical=_about(copy, calendar, *caption)):
            topical = _about(copy, calendar, *caption)
            names = header[: len(parts)] if BAR.search(line) else header[-len(parts) :]
            cells += _numbered(_cells(parts, names, calendar, header_start, topical=topical), header_start, number)
            number += 1
            covered.append((offset, offset + len(line)))
        elif _may_be_header(line, parts) and _is_header(
            line, parts, topical=_about(copy, calendar, offset, offset + len(line))
        ):
            # A header may be wrapped over lines; a row decides later how many of its cells belong to it.
            if not header or BAR.search(line):
                header_start, number = offset, 0
                header = []
            header = [*header, *(part.text for part in parts)][-MOST_COLUMNS:]
            caption = (offset, offset + len(line))
        else:
            header = []
        offset += len(line) + 1
    return cells, covered


def _numbered(cells: Iterator[Cell], table: int, row: int) -> Iterator[Cell]:
    return (cell._replace(table=table, row=row) for cell in cells)


def _list_kind(line: str) -> CountKind | None:
    """The kind of the figures that a line announces for the lines below it."""
    if not LIST_HEAD.search(line) or (words()["sample"].search(line) is None and "采样" not in line):
        return None
    return "target" if TASK.search(line) else "samples"


def _listed(item: regex.Match[str], offset: int, kind: CountKind, calendar: Calendar) -> Iterator[Cell]:
    numeral = next(iter(find_numerals(item[2])), None)
    if numeral is None or words()["other"].search(item[1]):
        return
    total = SUM.match(item[1])
    place = (total[1] or None) if total else item[1]
    start = offset + item.start(2)
    as_of = calendar.as_of(kind, start, offset + item.end(2), offset)
    yield Cell(start + numeral.start, start + numeral.end, kind, numeral, place, as_of)


def _filled(form: regex.Match[str], copy: str, offset: int, calendar: Calendar) -> list[Cell]:
    """The figures of one line of a form (累计采集：20417; 应采/已采：500/430) in a post about a population."""
    if not _about(copy, calendar, offset, offset + len(form[0])):
        return []
    pair = PAIR_NAMED.search(form[1])
    names = list(pair.groups()) if pair else [form[1]]
    figures = list(FORM_FIGURE.finditer(form[2]))
    cells = []
    for name, figure in zip(names, figures, strict=False):
        kind, numerals = _heading(name, topical=True), find_numerals(figure[0])
        share = bool(numerals) and numerals[0].kind == "percent"
        if len(names) != len(figures) or kind is None or not numerals or share != (kind == "coverage"):
            continue
        start = offset + form.start(2) + figure.start()
        end = start + numerals[0].end
        cells.append(Cell(start, end, kind, numerals[0], None, calendar.as_of(kind, start, end, offset)))
    return cells


def _parts(line: str, offset: int) -> list[Part]:
    """The cells of a line; with tabs or bars the empty ones too."""
    if BAR.search(line):
        return [Part(m[0].strip(), offset + m.start() + len(m[0]) - len(m[0].lstrip())) for m in BARRED.finditer(line)]
    told = _in_turn(line)
    if told:
        return [Part(m[0], offset + told.start(1) + m.start()) for m in regex.finditer(r"[^、]+", told[1])]
    return [Part(m[0], offset + m.start()) for m in SPACED.finditer(line)]


def _is_prose(line: str) -> bool:
    """Whether a line can begin no table and announce no list: a cheap check that spares most lines the dear ones."""
    return MARK.search(line) is not None and BAR.search(line) is None and not LIST_HEAD.search(line)


def _in_turn(line: str) -> regex.Match[str] | None:
    """The names of columns that a line tells one after the other."""
    return IN_TURN.search(line) if line.rstrip()[-1:] in (":", "：") else None


def _about(copy: str, calendar: Calendar, start: int, end: int) -> bool:
    """Whether the title, the caption above a header or the header itself names samples."""
    above = max(0, start - CAPTION)
    if calendar.names_samples or words()["sample"].search(copy, above, end) is not None:
        return True
    return calendar.mass and COLLECTING.search(f"{calendar.context.title} {copy[above : end + CAPTION]}") is not None


def _may_be_header(line: str, parts: Sequence[Part]) -> bool:
    if BAR.search(line) or _in_turn(line):
        return True
    return bool(parts) and (not FIGURE_OR_MARK.search(line) or (len(parts) > 2 and not MARK.search(line)))


def _is_header(line: str, parts: Sequence[Part], *, topical: bool) -> bool:
    if _in_turn(line) or (not BAR.search(line) and not FIGURE_OR_MARK.search(line)):
        return True
    kinds = [_heading(part.text, topical=topical) or words()["row_named"].match(part.text) for part in parts]
    told = sum(kind is not None for kind in kinds)
    figures = sum(FIGURE_START.match(part.text) is not None and not _year(part.text) for part in parts)
    return told > 2 * figures and told > (0 if BAR.search(line) else 1)


def _year(text: str) -> bool:
    return regex.match(r"(?:19|20)\d\d年", text) is not None


def _heading(cell: str, *, topical: bool = False) -> CountKind | None:
    """The kind of a column. `topical`: the table is about samples, so that 任务, 完成 need not say of what."""
    if words()["heading_other"].search(cell) and not SURE.search(cell):
        return None
    for kind in KINDS:
        if words()[f"heading_{kind}"].search(cell):
            return kind
    if topical:
        return next((kind for kind in KINDS if words()[f"heading_topic_{kind}"].search(cell)), None)
    return None


def _may_be_row(parts: Sequence[Part], header: Sequence[str]) -> bool:
    fits = bool(header) and 3 <= len(parts) <= len(header)
    return fits and not MARK.search(parts[0].text) and any(DIGIT.match(part.text) for part in parts)


def _is_row_of(parts: Sequence[Part], header: Sequence[str], *, topical: bool) -> bool:
    """Whether the cells of a line are a row under the header."""
    by_row = any(words()["row_named"].match(name) for name in header)
    numbers = sum(DIGIT.match(part.text) is not None for part in parts)
    if by_row:
        return numbers > 0
    return numbers > 1 and any(_heading(name, topical=topical) for name in header)


def _cells(
    row: Sequence[Part], header: Sequence[str], calendar: Calendar, header_start: int, *, topical: bool
) -> Iterator[Cell]:
    """The figures of a row that count samples."""
    row, header = _parted(row, header)
    kinds = _kinds(row, header, topical=topical)
    place = _place(row, header)
    end = row[-1].start + len(row[-1].text)
    for column, (kind, part, name) in enumerate(zip(kinds, row, header, strict=True)):
        numerals = find_numerals(part.text)
        fits = bool(numerals) and numerals[0].start == 0 and ENDED.match(part.text, numerals[0].end) is not None
        if kind is None or not fits or numerals[0].value == 0 or ("未采" in name and not calendar.mass):
            continue
        if (numerals[0].kind == "percent") != (kind == "coverage"):
            continue
        year = regex.match(r"((?:19|20)\d\d)年", name)
        as_of = _due(calendar, row[0].start, end, header) if kind == "target" else calendar.table(header_start)
        as_of = year[1] if year else as_of
        yield Cell(
            part.start, part.start + numerals[0].end, kind, numerals[0], place, as_of,
            column=column, is_sum=SUM.match(" ".join(p.text for p in row[:2])) is not None,
        )  # fmt: skip


def _parted(row: Sequence[Part], header: Sequence[str]) -> tuple[list[Part], list[str]]:
    """The same with each column of two figures, 血样（应采/已采） 411/398, as two."""
    parts, names = list[Part](), list[str]()
    for part, name in zip(row, header, strict=True):
        told, figures = PAIR_NAMED.search(name), PAIR.fullmatch(part.text)
        if told and figures:
            names += [name[: told.start()] + told[1], name[: told.start()] + told[2]]
            parts += [Part(figures[i], part.start + figures.start(i)) for i in (1, 2)]
        else:
            names.append(name)
            parts.append(part)
    return parts, names


def _kinds(row: Sequence[Part], header: Sequence[str], *, topical: bool) -> list[CountKind | None]:
    """The kind of each cell: by its heading, in a table of items (项目 单位 数量) by the row's name and its heading."""
    if not any(words()["row_named"].match(name) for name in header):
        return [_heading(name, topical=topical) for name in header]
    named = " ".join(part.text for part in row[:2])
    if not words()["row_samples"].search(named) or words()["row_other"].search(named):
        return [None] * len(row)
    kinds = [_item(name, part.text) for name, part in zip(header, row, strict=True)]
    if not any(kinds):
        kinds = ["samples" if AMOUNT.search(name) else None for name in header]
    return kinds


def _item(heading: str, cell: str) -> CountKind | None:
    if "%" in cell:
        return "coverage" if _heading(heading, topical=True) == "coverage" else None
    kind = _heading(heading, topical=True)
    return kind or ("samples" if _year(heading) else None)


def _place(row: Sequence[Part], header: Sequence[str]) -> str | None:
    """The name of the row, of a sum what it sums (全县合计)."""
    named = [part.text for part in row if part.text and (SUM.match(part.text) or not FIGURE_START.match(part.text))]
    if not named or any(words()["row_named"].match(name) for name in header):
        return None
    total = SUM.match(named[0])
    if total:
        return total[1] or None
    column = next((i for i, name in enumerate(header) if PLACE_HEADING.search(name) and row[i].text in named), None)
    return named[0] if column is None else row[column].text


def _columns_lost(copy: str) -> Iterator[tuple[int, list[Sequence[Part]], list[str]]]:
    """Tables that stand one cell a line: where they begin, their rows, their headings."""
    lines, offset = [], 0
    if copy.count("\n") < FEWEST_LINES:
        return
    for line in copy.split("\n"):
        lines.append(Part(line.strip(), offset + len(line) - len(line.lstrip())))
        offset += len(line) + 1
    at = 0
    while at < len(lines):
        run = at
        while run < len(lines) and 0 < len(lines[run].text) <= SHORT and not MARK.search(lines[run].text):
            run += 1
        table = max((_lost(lines[at + skip : run]) for skip in range(3)), key=len, default=[])
        if len(table) > 2 and any(_heading(part.text) for part in table[0]):
            yield table[0][0].start, table[1:], [part.text for part in table[0]]
        at = max(run, at + 1)


def _lost(lines: Sequence[Part]) -> list[Sequence[Part]]:
    """The header and the rows of a table whose cells are lines, as far as the rows fit."""
    width = next((i - 1 for i, line in enumerate(lines) if DIGIT.match(line.text)), 0)
    if not 3 <= width <= MOST_COLUMNS:
        return []
    rows = [lines[i : i + width] for i in range(width, len(lines) - width + 1, width)]
    fitting = next((i for i, row in enumerate(rows) if not _is_row(row)), len(rows))
    return [lines[:width], *rows[:fitting]]


def _is_row(row: Sequence[Part]) -> bool:
    """A name, then figures in most cells."""
    figures = sum(DIGIT.match(part.text) is not None for part in row[1:])
    return not FIGURE_START.match(row[0].text) and 2 * figures >= len(row) - 1


def _due(calendar: Calendar, start: int, end: int, header: Sequence[str]) -> str | None:
    """The date in the row, where a column gives deadlines or days of work, else the post's deadline."""
    row = [d.coming for d in calendar.dates if start <= d.start < end]
    by_item = any(words()["row_named"].match(name) for name in header)
    beginning = any(regex.search("进点|开始|启动", name) for name in header)
    return row[-1] if row and not beginning else calendar.due(yearly=by_item)
