"""Figures about samples in tables: the heading of the column, or in tables of items the name of the row, tells them.

Columns are told by their headings alone; what does not fit its heading is left out rather than guessed.
Where tables stand: `tables.grids`. Lists and forms: `counts.lists`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.language.count_dates.as_of import Calendar
from pipeline.language.counts.gear import is_gear, names_gear
from pipeline.language.counts.goods import COUNTED, QUANTITY, bought, goods
from pipeline.language.counts.numerals import Numeral, find_numerals
from pipeline.language.counts.words import words
from pipeline.language.dates.days import FULL_DAY
from pipeline.language.script import matching_copy
from pipeline.language.tables.amounts import amount, row_unit, table_unit
from pipeline.language.tables.columns import (
    OWN_RATE,
    SHARE_OF,
    Subject,
    about_samples,
    column_kinds,
    item_columns,
    of_marks,
    parted,
    subject_of,
)
from pipeline.language.tables.columns_beside import OTHER_TRAITS, value_of
from pipeline.language.tables.dates import WHEN, column_date, day_named, names_before, row_date
from pipeline.language.tables.due import TableDue
from pipeline.language.tables.fitting import NOTHING, SUM, TIME, Part, figure, names_time
from pipeline.language.tables.flattened import unrolled
from pipeline.language.tables.grids import Grid, Tells, grids
from pipeline.language.tables.headings import EVIDENCE, OF_SAMPLES, PLACE_HEADING, SAMPLING, heading, names_rows
from pipeline.language.tables.notes import REMARK, noted, rate_of_samples, remarked
from pipeline.language.tables.remaining import remaining
from pipeline.language.tables.rows_above import RowKinds, told_above
from pipeline.language.tables.rulings import ruled
from pipeline.patterns import Pattern
from pipeline.records import CountKind

SUMS = ("合计", "总计", "共计", "小计")
AMOUNT = Pattern(
    r"数量|数值|^(?:统计)?数[据字](?:$|[（(])|指标值|^数$|人数|份数|合计|完成|(?:全年|本年|本期|本月|本季)(?:数|度)?$"
)
# What may stand between two figures of such a cell.
PART_TOLD = Pattern(
    r"[，；、（(\s]{1,2}(?:其中[:：]?|含)?(?P<place>(?!其中)\p{Han}{1,8}(?:镇|乡|村|街道|社区|派出所|所|县|区))(?:各|约|采集?)?"
)
SHARE_TOLD = Pattern(r"[，；、（(\s]{1,2}(?:完成|达|占|采集|为)(?:全年|年度)?(?:率|任务|计划|比例)?(?:的|达|为)?")
# What a cell tells as a sentence does: 完成三镇家系调查，采血2.6万人. Of animals and patients: no.
TOLD = Pattern(r"(?:[补新再加]采|采血|采[集样]|血[样卡]|取血|扎指|样本|DNA)[^，。；\d]{0,8}(?=\d)")
OF_OTHERS = Pattern(
    r"[牛羊猪鸡犬马禽畜]|疫|病|医|保健|孕|老年|65岁|献血|毒|酒|嫌疑|卡[包盒]|针|试剂|水质|食品|土壤|农产"
)
HELD_UP = Pattern(r"(?:因|受|遇|逢)(?:新冠)?(?:肺炎)?疫情")
WORKS = Pattern(r"(?:重点)?(?:任务|工作|事项)(?:名称|内容|事项)?")
TO_DO, WAS_DONE = Pattern(r"目标|要求|任务|计划|打算|下步"), Pattern(r"完成|进展|进度|成效|结果|实绩")
# What else the rows of a table may be named for.
NO_PLACE = Pattern(r"指标|户主|姓名|库[别名种]|情形|(?:检材|样[本品]|人员|对象)(?:类别|种类|类型)")
# Rows of what was found, or of blood that is tested for something else, beside rows of blood samples.
NO_SAMPLE = Pattern(r"现场|物证|毛发|[酒毒]驾|驾驶|[酒毒]检|涉[酒毒]|测酒精|尿[液样]")
# Running totals beside what each day brought are of all places so far.
RUNNING, DAY_HEADING = Pattern(r"累计"), Pattern(r"日期|时间")
RATES = Pattern("率|比例|覆盖")
FIGURE_BEHIND = Pattern(r"[:：]\s*\d.*")
# 全县7所合计: the parts that are summed up.
PARTS_TOLD = Pattern(r"全[省市州县区旗乡镇村](?=\d+个?\p{Han}{1,3}$)")
# 三天合计, 季度计
DAYS_SUMMED = Pattern(r"[\d一二三四五六七八九十两几]{1,3}(?:天|日|周|个?月)|[本全]?(?:季度?|月份?|年度?|周|旬|日)")
FEWEST_SUMMED = 3
# 累计入库数据（条）: a row of what a bank holds.
BANK_ROW = Pattern(
    r"(?:累计|总)入库|[年月期]末[^，。；]{0,4}库(?:数据|样本|信息)|(?<!新增)入库(?:数据|信息|样本)(?!.*率)|库容|[库]内(?:数据|样本|信息)|在库(?:数据|样本|信息)"
)
# 全民体检抽血: blood that is no DNA sample, unless the row says so.
OTHER_BLOOD, OF_POLICE = (
    Pattern(r"体检|查体|筛查|献血|[酒醉毒]驾|酒精|核酸|(?<!因)病"),
    Pattern(r"DNA|公安|派出所|生物信息|Y库|家系|血卡|血样采集|采集血样"),
)
# A rate follows from its figures if it is no further off than this, in percentage points.
ROUNDED = 0.6
PROSE = Pattern(r"\d[^\t|｜\n]{0,40}[，。；][^\t|｜\n]{0,60}\d[^\t|｜\n]{0,40}[，。；]")
REFUSED = Pattern("不同意|不予.{0,4}|驳回|废标|流标|取消")


class Cell(NamedTuple):
    """One figure of a table: offsets, kind, number, the row's name, as of when, and where it stands.

    `table`: where its table begins, -1 in a list.
    """

    start: int
    end: int
    kind: CountKind
    numeral: Numeral
    place: str | None
    as_of: str | None
    table: int = -1
    row: int = 0
    column: int = 0
    is_sum: bool = False


class _Sheet(NamedTuple):
    """A table, the kinds of its columns, which of them name what their rows count, what it is about, its deadlines, and
    how many the unit of its figures stands for."""

    grid: Grid
    columns: Sequence[CountKind | None]
    items: Sequence[bool]
    subject: Subject
    due: TableDue
    unit: int

    @property
    def names(self) -> list[str]:
        """The names of its columns."""
        return self.grid.names

    @property
    def texts(self) -> list[str]:
        """The names of those that count nothing."""
        return [name for name, kind in zip(self.names, self.columns, strict=True) if kind is None]


def table_counts(copy: str, calendar: Calendar) -> tuple[list[Cell], list[tuple[int, int]]]:
    """Figures of all tables of a matching copy, and the spans that the tables cover."""
    cells: list[Cell] = []
    covered: list[tuple[int, int]] = []
    title = matching_copy(calendar.context.title)

    @lru_cache(maxsize=64)  # asked for with each name of a line
    def about(start: int, end: int) -> bool:
        return about_samples(copy, calendar, start, end)

    def surely(name: str, start: int, end: int) -> bool:
        if heading(name) is not None or names_rows(name):
            return True
        return heading(name, topical=True) is not None and about(start, end)

    def maybe(name: str) -> bool:
        return name not in SUMS and (heading(name, topical=True) or AMOUNT.search(name)) is not None

    for found_grid in grids(ruled(unrolled(copy)), Tells(surely, maybe)):
        subject = subject_of(copy, calendar, found_grid)
        grid = parted(found_grid)
        kinds, unit = column_kinds(grid, subject), table_unit(copy, grid, title)
        sheet = _Sheet(grid, kinds, item_columns(grid), subject, TableDue(calendar, grid), unit)
        if not _is_of_samples(sheet):
            if of_marks(grid):
                covered += [grid.head, *grid.lines]
            continue
        own: list[Cell] = []
        for number, (row, row_kinds) in enumerate(zip(grid.rows, _all_kinds(sheet), strict=True)):
            read = list(_cells(row, row_kinds, sheet, calendar)) or list(_told(row, sheet, calendar))
            own += (cell._replace(table=grid.start, row=number) for cell in read)
        own = _told_once(own)
        cells += _sums_dated(own, by_day=any(map(WHEN.fullmatch, grid.names[1:])))
        if "samples" in kinds and own and calendar.mass:
            as_of = calendar.table(grid.start)
            notes = list(noted(copy, max(last for _, last in grid.lines)))
            cells += (Cell(note.start, note.end, "samples", note.numeral, note.place, as_of) for note in notes)
            covered += (note.line for note in notes)
        if any(names_time(name) and name not in copy for name in grid.names):
            covered.append(grid.head)  # 8/25, 8/26: days, and no figures
        claimed = any(sheet.columns) or any(sheet.items)
        read_in = [line for line in grid.lines if any(line[0] <= cell.start < line[1] for cell in own)]
        # 应采5320人，实采4811人，占90.4%: a cell that tells as sentences do is read as they are
        covered += (
            line
            for line in grid.lines
            if line in read_in or (claimed and (subject.purchase or not PROSE.search(copy, *line)))
        )
    if words()["purchase"].search(title):
        for start, end, numeral, kind in goods(copy, covered):
            as_of = calendar.due() if kind == "target" else calendar.table(start)
            cells.append(Cell(start, end, kind, numeral, None, as_of))
    return cells, covered


def _told_once(cells: Sequence[Cell]) -> list[Cell]:
    """The same without the columns that only tell what a task lacks yet."""
    rows: dict[int, dict[int, tuple[CountKind, float]]] = {}
    for cell in cells:
        rows.setdefault(cell.row, {})[cell.column] = (cell.kind, cell.numeral.value)
    left = remaining([*rows.values()])
    return [cell for cell in cells if cell.column not in left]


def column_sums(cells: Sequence[Cell]) -> dict[float, CountKind]:
    """What the columns of tables without a line of sums come to: 以上五个所Y库合计6，698份."""
    columns: dict[tuple[int, int, CountKind], list[Cell]] = {}
    for cell in cells:
        if cell.kind != "coverage":
            columns.setdefault((cell.table, cell.column, cell.kind), []).append(cell)
    return {
        sum(cell.numeral.value for cell in own): kind
        for (_, _, kind), own in columns.items()
        if len(own) >= FEWEST_SUMMED and not any(cell.is_sum for cell in own)
    }


def lots_taken(cells: Sequence[Cell], taken: Iterable[float]) -> list[Cell]:
    """The same, tasks of a column that come to what was taken as parts of it: the lots in which it is to be tested."""
    columns: dict[tuple[int, int], list[Cell]] = {}
    for cell in cells:
        if cell.kind == "target" and not cell.is_sum:
            columns.setdefault((cell.table, cell.column), []).append(cell)
    sums = {at: sum(cell.numeral.value for cell in own) for at, own in columns.items() if len(own) >= FEWEST_SUMMED}
    lots = {at for at, whole in sums.items() if whole in set(taken)}
    held = [cell.kind == "target" and (cell.table, cell.column) in lots for cell in cells]
    return [c._replace(kind="samples", as_of=None) if own else c for c, own in zip(cells, held, strict=True)]


def _sums_dated(cells: Sequence[Cell], *, by_day: bool) -> list[Cell]:
    """The same, a sum of tasks that have days of their own holding for the last of them, and one of samples that has
    none for the last day of those summed up. `by_day`: the rows, named for something else, have a column of days."""
    last = dict[CountKind, str]()
    for kind in ("target", "samples"):
        days = sorted({c.as_of for c in cells if c.kind == kind and not c.is_sum and c.as_of is not None})
        if len(days) > 1 and (kind == "target" or (by_day and len(days[-1]) == FULL_DAY)):
            last[kind] = days[-1]
    parts = [(c.kind, c.as_of) for c in cells if not c.is_sum]
    due = len([kind for kind, _ in parts if kind == "target"])

    def undated(c: Cell) -> bool:
        if not c.is_sum or c.kind not in last:
            return False
        # a deadline of one row alone is none of all
        return c.as_of is None if c.kind == "samples" else 2 * parts.count(("target", c.as_of)) <= due

    return [c._replace(as_of=last[c.kind]) if undated(c) else c for c in cells]


def _is_of_samples(sheet: _Sheet) -> bool:
    """Whether any column can tell of samples, and enough figures stand in the rows."""
    grid = sheet.grid
    by_row = any(sheet.items) or any(WORKS.fullmatch(name) for name in grid.names)
    if not by_row and not any(sheet.columns):
        return False
    figures = sum(figure(part.text) for row in grid.rows for part in row if part)
    return figures > 0 and (len(grid.names) > 2 or len(grid.rows) > 1)


def _cells(row: Sequence[Part | None], told: RowKinds, sheet: _Sheet, calendar: Calendar) -> Iterator[Cell]:
    """The figures of a row that count samples."""
    names, grid, subject = sheet.names, sheet.grid, sheet.subject
    kinds, whole, place = told
    by_item = subject.purchase and not any(PLACE_HEADING.search(name) for name in names)
    place = place or (None if by_item else _place(row, sheet))
    own = [part for part in row if part]
    if not own or any(REFUSED.fullmatch(part.text) for part in own):
        return
    due, dated = _row_dates(row, whole, sheet, calendar, place)
    by_row = " ".join(part.text for part in own if not figure(part.text)) if any(sheet.items) else ""
    unit = row_unit(row) or sheet.unit
    of_all, gear = any(OTHER_TRAITS.search(name) for name in names), is_gear(own[0].text)
    sums = SUM.match(" ".join(part.text for part in own[:2])) is not None
    for column, (kind, part, name) in enumerate(zip(kinds, row, names, strict=True)):
        if kind is None or part is None or (kind == "samples" and NO_SAMPLE.search(own[0].text)):
            continue
        if gear and not SAMPLING.search(name):
            continue
        if kind == "database" and any(EVIDENCE.search(cell.text) for cell in own):
            continue
        numeral = amount(part.text, f"{name} {by_row}" if kind == "coverage" else name, kind, unit)
        others = numeral is not None and numeral.start and not subject.case
        if numeral is None or (others and any(OF_OTHERS.search(cell.text) for cell in own)):
            continue
        named = OF_SAMPLES.search(name) or SHARE_OF.search(name)
        named = named or (kind == "coverage" and of_all and rate_of_samples(calendar.copy, name, grid.lines[-1][1]))
        if kind == "coverage" and of_all and not named and not _follows(numeral, row, names, kinds):
            continue
        as_of = column_date(calendar, grid, name, kind, due if kind == "target" else dated)
        as_of = day_named(whole, as_of) if any(sheet.items) else as_of
        at = (part.start + numeral.start, part.start + numeral.end)
        running = RUNNING.search(name) and kind in kinds[:column] and DAY_HEADING.search(names[0])
        if running and value_of(row[kinds.index(kind)]) in (None, 0, numeral.value):
            continue  # as far as the row before, or no further than the row's own
        yield Cell(*at, kind, numeral, None if running else place, as_of, column=column, is_sum=sums)
        if kind == "samples" and "samples" not in kinds[:column]:
            for part_of in remarked(row, names, numeral, whole=sums):
                yield Cell(part_of.start, part_of.end, "samples", part_of.numeral, part_of.place, as_of)


def _row_dates(
    row: Sequence[Part | None], of: Sequence[Part | None], sheet: _Sheet, calendar: Calendar, place: str | None
) -> tuple[str | None, str | None]:
    """The dates of a row's tasks, and of what was taken. `of`: the row whose parts or share it has, or itself."""
    whole, by_item = calendar.table(sheet.grid.start), any(sheet.items)
    own = (row_date(one, sheet.names, calendar, whole, by_item=by_item) for one in ((row,) if of is row else (row, of)))
    named = next((iso for iso in own if iso is not None), None)
    if named and "samples" in sheet.columns:  # the tasks of a month that is past
        return named, named
    return _due(row, sheet, place), whole if named is None else named or None


def _due(row: Sequence[Part | None], sheet: _Sheet, place: str | None) -> str | None:
    own = [part for part in row if part]
    stretch = (min(part.start for part in own), max(part.end for part in own))
    return sheet.due.of_row(stretch, place, by_item=any(sheet.items))


def _told(row: Sequence[Part | None], sheet: _Sheet, calendar: Calendar) -> Iterator[Cell]:
    """The figures of a row of a list of works that its cells tell as sentences do."""
    grid, subject = sheet.grid, sheet.subject
    if subject.case or subject.purchase or any(_of_others(part) for part in row):
        return
    if not any(sheet.items) and not any(TO_DO.search(name) for name in grid.names):
        return
    for part, name in zip(row, grid.names, strict=True):
        found = TOLD.search(part.text) if part else None
        if part is None or found is None:
            continue
        done = WAS_DONE.search(name) and not TO_DO.search(name)
        kind: CountKind = "target" if not done and (subject.planned or TO_DO.search(name)) else "samples"
        as_of = _due(row, sheet, None) if kind == "target" else calendar.table(grid.start)
        for own, numeral, place in _said(part.text, found.end(), kind):
            at = (part.start + numeral.start, part.start + numeral.end)
            yield Cell(*at, own, numeral, place, as_of)


def _of_others(part: Part | None) -> bool:
    """Whether a cell tells of animals or patients, but for a pandemic that held the work up."""
    return part is not None and OF_OTHERS.search(HELD_UP.sub("", part.text)) is not None


def _said(cell: str, begin: int, kind: CountKind) -> Iterator[tuple[CountKind, Numeral, str | None]]:
    """The figures that a cell tells from a place on: 1600份, 其中甲镇420份、乙乡380份; 388份，完成86.2%."""
    last = begin
    for numeral in find_numerals(cell):
        if numeral.start < begin:
            continue
        between = cell[last : numeral.start]
        share = numeral.kind == "percent"
        part = PART_TOLD.fullmatch(between)
        if last == begin and (between or not COUNTED.fullmatch(numeral.unit)):
            return
        if last > begin and not (SHARE_TOLD.fullmatch(between) if share else part and COUNTED.fullmatch(numeral.unit)):
            return
        if not share or kind == "samples":  # 完成率95%以上: still to be reached
            yield "coverage" if share else kind, numeral, part["place"] if part else None
        last = numeral.end


def _follows(
    rate: Numeral, row: Sequence[Part | None], names: Sequence[str], kinds: Sequence[CountKind | None]
) -> bool:
    """Whether a rate is that of the samples and the target of its row."""
    own = dict[CountKind, float]()
    for kind, part, name in zip(kinds, row, names, strict=True):
        numeral = amount(part.text, name, kind, 1) if part and kind and kind != "coverage" else None
        if kind and numeral:
            own.setdefault(kind, numeral.value)
    target, taken = own.get("target"), own.get("samples")
    return bool(target and taken) and abs(100 * (taken or 0) / (target or 1) - rate.value) <= ROUNDED


def _all_kinds(sheet: _Sheet) -> list[RowKinds]:
    """The kinds of the cells of each row; in a table of items some rows have theirs from the rows above."""
    rows = sheet.grid.rows
    kinds = [_kinds(row, sheet) for row in rows]
    if not any(sheet.items) or sheet.subject.purchase or sheet.subject.planned:
        return [RowKinds(own, row) for own, row in zip(kinds, rows, strict=True)]
    return told_above(sheet.names, sheet.items, rows, kinds)


def _kinds(row: Sequence[Part | None], sheet: _Sheet) -> Sequence[CountKind | None]:
    """The kind of each cell: by its heading, in a table of items (项目 单位 数量) by the row's name and its heading."""
    names, subject = sheet.names, sheet.subject
    if (
        subject.purchase
        and not subject.stock
        and any(QUANTITY.search(name) for name in names)
        and not any(heading(name) for name in names)
    ):
        return bought(row, names)
    if not any(sheet.items):
        return sheet.columns
    named = _named(row, sheet.items)
    none: list[CountKind | None] = [None] * len(row)
    if any(SAMPLING.search(name) and heading(name) in ("target", "samples") for name in names):
        if OTHER_TRAITS.search(named) and not words()["sample"].search(named):
            return none  # 指纹 beside 血样, under 应采 and 已采
        return [heading(name) for name in names]  # 拟采集数量 tells by itself
    of_samples = subject.captioned or words()["row_samples"].search(named) or OWN_RATE.search(named)
    of_samples = of_samples or (not subject.case and words()["sample"].search(named))
    of_bank = not subject.case and subject.topical and BANK_ROW.search(named) is not None
    of_else = words()["other_rate"].search(named) and not OWN_RATE.search(named)
    of_else = of_else or (OTHER_BLOOD.search(named) and not OF_POLICE.search(named))
    of_else = of_else or (subject.captioned and words()["other"].search(named) and not OF_SAMPLES.search(named))
    if not (of_samples or of_bank) or of_else or names_gear(named) or words()["row_other"].search(named):
        return none
    cells = [part.text if part else "" for part in row]
    kinds = [
        None if names_item else _item(name, cell, named, case=subject.case)  # 指标 is no task beside 数值
        for name, cell, names_item in zip(names, cells, sheet.items, strict=True)
    ]
    if not any(kinds):
        kinds = ["samples" if AMOUNT.search(name) else None for name in names]
    if subject.stock or of_bank:
        kinds = ["database" if kind == "samples" else kind for kind in kinds]
    if subject.planned:
        amounts = [kind == "samples" and AMOUNT.search(name) for kind, name in zip(kinds, names, strict=True)]
        kinds = ["target" if amount else kind for amount, kind in zip(amounts, kinds, strict=True)]
    return kinds


def _named(row: Sequence[Part | None], items: Sequence[bool]) -> str:
    """What a row of a table of items is about: its cells under 项目, 指标 and the like, and those before."""
    last = max((i for i, item in enumerate(items) if item), default=0)
    return " ".join(part.text for part in row[: max(last + 1, 2)] if part)


def _item(name: str, cell: str, named: str, *, case: bool) -> CountKind | None:
    kind = heading(name, topical=True, case=case)
    if RATES.search(named) or "%" in cell:
        # 血样采集率 78% 100%: what was reached, not what was asked for
        return "coverage" if kind in ("coverage", "samples") or (kind is None and names_time(name)) else None
    return kind or ("samples" if names_time(name) else None)


def _place(row: Sequence[Part | None], sheet: _Sheet) -> str | None:
    """The name of the row, of a sum what it sums (全县合计)."""
    names = sheet.names
    own = [part.text for part, name in zip(row, names, strict=True) if part and not REMARK.search(name)]
    told = [text for text in own if not NOTHING.fullmatch(text) and not TIME.fullmatch(text)]
    named = [text for text in told if SUM.match(text) or not figure(text)]
    if not named or any(sheet.items) or any(map(NO_PLACE.search, sheet.texts)):
        return None
    if names_before(named[0]):
        return None
    total = SUM.match(named[0])
    if total:
        whole = PARTS_TOLD.match(total[1])
        return None if DAYS_SUMMED.fullmatch(total[1]) else (whole[0] if whole else total[1]) or None
    place = next((part for name, part in zip(names, row, strict=True) if part and PLACE_HEADING.search(name)), None)
    return str(FIGURE_BEHIND.sub("", place.text if place and place.text in named else named[0]))
