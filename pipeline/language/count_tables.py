"""Figures about samples in tables: the heading of the column, or in tables of items the name of the row, tells them.

Columns are told by their headings alone; what does not fit its heading is left out rather than guessed.
Where tables stand: `count_grids`. Lists and forms: `count_lists`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from pipeline.language.count_dates import Calendar
from pipeline.language.count_grids import MONTH_DAY, SUM, YEAR, Grid, Part, Tells, figure, grids
from pipeline.language.count_headings import OF_SAMPLES, SAMPLING, heading
from pipeline.language.count_words import words
from pipeline.language.numerals import Numeral, find_numerals
from pipeline.language.script import matching_copy
from pipeline.records import CountKind

# A table of a plan tells what is to be taken, unless a column tells what was.
PLAN = regex.compile(r"安排|计划|日程|预告|分解|分配|任务|方案")
PROGRESS = regex.compile(r"完成|进度|进展|通报|统计|情况|总结|小结|战报|结果")
# 三、人员样本采集: the line above a table of whom samples were taken from.
CAPTIONED = regex.compile(r"(?:血样|样本|血卡|DNA|采血)[\p{Han}]{0,6}(?:采集|补采|入库|情况|统计)|采[集样]血样")
CAPTION_LINE = 30
# A table of a plan tells what is to be taken, unless a column tells what was.
DONE = regex.compile(r"已|实|完成|累计|共采|本[周月]|新增|入库|送检|收")
# How far above a table its caption may name what it is about, in characters.
CAPTION = 160
# In a post about the samples of a population 采集 needs not say of what.
COLLECTING = regex.compile(r"采(?!购|访|挖|矿|纳|取|用|暖)")
ENDED = regex.compile(r"$|[（(\s*※★]")
# 外周血DNA 5,200份
NAMED_CELL = regex.compile(r"(?!.*(?:能力|容量))(?:\p{Han}|DNA|Y-?STR|\s){1,10}(?<!\d)")
# Columns of several figures: 血样（应采/已采/完成率） over 411/398/96.8%.
SLASHED = regex.compile(r"[\d,.]+%?(?:/[\d,.]+%?){1,3}")
SLASHED_NAMES = regex.compile(r"[（(]?([\p{Han}%]{2,5}(?:[/、][\p{Han}%]{2,5}){1,3})[）)]?$")
SUMS = ("合计", "总计", "共计", "小计")
OWN_RATE = regex.compile(r"采[集样血](?:完成|覆盖)?率|(?:血样|DNA).{0,4}(?:完成|覆盖|采集|入库)率")
AMOUNT = regex.compile(r"数量|数值|指标值|^数$|人数|份数|合计|完成|(?:全年|本年|本期|本月|本季)(?:数|度)?$")
PLACE_HEADING = regex.compile(r"乡|镇|村|单位|县|区|市|所|社区|地点|学校|寺|片区|街道")
# The other things taken from a body or recorded of it: a rate beside them is one of all.
OTHER_TRAITS = regex.compile(r"指纹|掌纹|足迹|人像|虹膜|声纹|步态|照片|手机")
IN_MYRIADS = regex.compile(r"[（(]\s*万\s*[份人张例条]?(?:次)?\s*[）)]")
MYRIAD = 10_000
MOST_PERCENT = 1000
# A rate follows from its figures if it is no further off than this, in percentage points.
ROUNDED = 0.6
# Work that a notice of purchase asks for, and whose samples are taken already; repeats are the seller's.
TESTING = regex.compile(r"检[验测]|建库|分型|补检|上机|采集(?:服务|建库)|送检")
NO_TESTING = regex.compile(
    r"质控|质量控制|复[检核测]|重[新]?检|疑难|卡$|针$|盒$|试剂|耗材|图谱|培训|驻场|仪|设备|系统|现场"
)
REFUSED = regex.compile("不同意|不予.{0,4}|驳回|废标|流标|取消")
REMARK = regex.compile("备注|说明|参数|规格|要求|型号|描述")
QUANTITY = regex.compile("数量|份数|工作量|拟建")
TAKEN_BEFORE = regex.compile(r"存量|历年|已采|库存|往年")
COUNTED = regex.compile(r"人?份|[人例名张]|人次")
OF_YEAR = regex.compile(r"((?:19|20)\d\d)年")
THIS_MONTH = regex.compile(r"[本当]月(?!底|末)")


class Subject(NamedTuple):
    """What a table as a whole is about.

    `topical`: samples; `case`: a case or a study rather than a population; `purchase`: goods and services to be
    bought; `captioned`: the line above says that all of it is of samples; `planned`: what is to be taken.
    """

    topical: bool
    case: bool
    purchase: bool
    captioned: bool
    planned: bool

    def kind(self, name: str) -> CountKind | None:
        """The kind of a column of such a table."""
        return heading(name, topical=self.topical, case=self.case)


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


def table_counts(copy: str, calendar: Calendar) -> tuple[list[Cell], list[tuple[int, int]]]:
    """Figures of all tables of a matching copy, and the spans that the tables cover."""
    cells: list[Cell] = []
    covered: list[tuple[int, int]] = []

    def surely(name: str, start: int, end: int) -> bool:
        if heading(name) is not None or words()["row_named"].match(name) is not None:
            return True
        return heading(name, topical=True) is not None and _about(copy, calendar, start, end)

    def maybe(name: str) -> bool:
        return name not in SUMS and (heading(name, topical=True) or AMOUNT.search(name)) is not None

    for grid in grids(copy, Tells(surely, maybe)):
        subject = _subject(copy, calendar, grid)
        if not _is_of_samples(grid, subject):
            continue
        covered += grid.lines
        own: list[Cell] = []
        for number, row in enumerate(grid.rows):
            kept, names = _parted(row, grid.names)
            found = _cells(kept, names, calendar, grid, subject)
            own += (cell._replace(table=grid.start, row=number) for cell in found)
        cells += _sums_dated(own)
    return cells, covered


def _subject(copy: str, calendar: Calendar, grid: Grid) -> Subject:
    title = matching_copy(calendar.context.title)
    above = copy[: grid.start].rstrip("\n").rpartition("\n")[2]
    told = [heading(name, topical=True) for name in grid.names]
    taken = any(kind == "samples" and DONE.search(name) for kind, name in zip(told, grid.names, strict=True))
    plan = PLAN.search(title) is not None and PROGRESS.search(title) is None
    return Subject(
        topical=_about(copy, calendar, *grid.head),
        case=not calendar.mass,
        purchase=words()["purchase"].search(title) is not None,
        captioned=len(above) <= CAPTION_LINE and CAPTIONED.search(above) is not None,
        planned=plan and not taken and "coverage" not in told,
    )


def _sums_dated(cells: Sequence[Cell]) -> list[Cell]:
    """The same, a sum of tasks that have days of their own holding for the last of them."""
    days = sorted({c.as_of for c in cells if c.kind == "target" and not c.is_sum and c.as_of is not None})
    if len(days) < 2:
        return list(cells)
    return [c._replace(as_of=days[-1]) if c.is_sum and c.kind == "target" else c for c in cells]


def about_samples(copy: str, calendar: Calendar, start: int, end: int) -> bool:
    """Whether the title, the text right above a table or list, or its own head names samples."""
    return _about(copy, calendar, start, end)


def _about(copy: str, calendar: Calendar, start: int, end: int) -> bool:
    above = max(0, start - CAPTION)
    if calendar.names_samples or words()["sample"].search(copy, above, end) is not None:
        return True
    return calendar.mass and COLLECTING.search(f"{calendar.context.title} {copy[above : end + CAPTION]}") is not None


def _is_of_samples(grid: Grid, subject: Subject) -> bool:
    """Whether any column can tell of samples, and enough figures stand in the rows."""
    by_row = any(words()["row_named"].match(name) for name in grid.names)
    if not by_row and not any(subject.kind(name) for name in grid.names):
        return False
    figures = sum(figure(part.text) for row in grid.rows for part in row if part)
    return figures > 0 and (len(grid.names) > 2 or len(grid.rows) > 1)


def _cells(
    row: Sequence[Part | None], names: Sequence[str], calendar: Calendar, grid: Grid, subject: Subject
) -> Iterator[Cell]:
    """The figures of a row that count samples."""
    kinds = _kinds(row, names, subject)
    by_item = subject.purchase and not any(PLACE_HEADING.search(name) for name in names)
    place = None if by_item else _place(row, names)
    own = [part for part in row if part]
    if not own or any(REFUSED.fullmatch(part.text) for part in own):
        return
    start, end = min(part.start for part in own), max(part.end for part in own)
    of_all = any(OTHER_TRAITS.search(name) for name in names)
    sums = SUM.match(" ".join(part.text for part in own[:2])) is not None
    for column, (kind, part, name) in enumerate(zip(kinds, row, names, strict=True)):
        if kind is None or part is None or ("未采" in name and not calendar.mass):
            continue
        numeral = _numeral(part.text, name, kind)
        if numeral is None:
            continue
        if kind == "coverage" and of_all and not OF_SAMPLES.search(name) and not _follows(numeral, row, names, kinds):
            continue
        dated = _due(calendar, start, end, names) if kind == "target" else calendar.table(grid.start)
        as_of = _of_column(name, kind, dated)
        at = (part.start + numeral.start, part.start + numeral.end)
        yield Cell(*at, kind, numeral, place, as_of, column=column, is_sum=sums)


def _of_column(name: str, kind: CountKind, dated: str | None) -> str | None:
    """The year that a column's heading names, else the month of the table's date where it says 本月, else that date."""
    year = OF_YEAR.match(name)
    if year:
        return str(year[1])
    return dated[: len("2021-06")] if dated and kind != "target" and THIS_MONTH.search(name) else dated


def _follows(
    rate: Numeral, row: Sequence[Part | None], names: Sequence[str], kinds: Sequence[CountKind | None]
) -> bool:
    """Whether a rate is that of the samples and the target of its row."""
    own = dict[CountKind, float]()
    for kind, part, name in zip(kinds, row, names, strict=True):
        numeral = _numeral(part.text, name, kind) if part and kind and kind != "coverage" else None
        if kind and numeral:
            own.setdefault(kind, numeral.value)
    target, taken = own.get("target"), own.get("samples")
    return bool(target and taken) and abs(100 * (taken or 0) / (target or 1) - rate.value) <= ROUNDED


def _numeral(cell: str, name: str, kind: CountKind) -> Numeral | None:
    """The figure of a cell that holds one and, at most, a note."""
    numerals = find_numerals(cell)
    if not numerals or numerals[0].value == 0 or ENDED.match(cell, numerals[0].end) is None:
        return None
    numeral = numerals[0]
    if numeral.start and (not numeral.unit or not NAMED_CELL.fullmatch(cell, 0, numeral.start)):
        return None
    share = numeral.kind == "percent"
    if share != (kind == "coverage") and not (kind == "coverage" and _percent(cell, name, numeral)):
        return None
    if kind != "coverage" and IN_MYRIADS.search(name):
        scale = round(numeral.value * MYRIAD, 4)
        value = int(scale) if float(scale).is_integer() else scale
        return Numeral(
            numeral.start, numeral.end, value, numeral.upper, numeral.qualifier, numeral.unit, "number", numeral.digits
        )
    return numeral


def _percent(cell: str, name: str, numeral: Numeral) -> bool:
    """Whether a bare number stands for a percentage: 98.5 under 完成率（%）."""
    return regex.search("%|率|比例", name) is not None and not numeral.unit and numeral.value < MOST_PERCENT


def _parted(row: Sequence[Part | None], names: Sequence[str]) -> tuple[list[Part | None], list[str]]:
    """The same with each column of several figures, 血样（应采/已采） 411/398, as so many columns."""
    parts, kept = list[Part | None](), list[str]()
    for part, name in zip(row, names, strict=True):
        told = SLASHED_NAMES.search(name)
        own = regex.split("[/、]", told[1]) if told else []
        figures = list(regex.finditer(r"[^/]+", part.text)) if part and told and SLASHED.fullmatch(part.text) else []
        if told and part and len(own) == len(figures):
            kept += [name[: told.start()] + one for one in own]
            parts += [Part(m[0], part.start + m.start()) for m in figures]
        else:
            kept.append(name)
            parts.append(part)
    return parts, kept


def _kinds(row: Sequence[Part | None], names: Sequence[str], subject: Subject) -> list[CountKind | None]:
    """The kind of each cell: by its heading, in a table of items (项目 单位 数量) by the row's name and its heading."""
    if subject.purchase and any(QUANTITY.search(name) for name in names) and not any(heading(name) for name in names):
        return _bought(row, names)
    if not any(words()["row_named"].match(name) for name in names):
        return _columns(names, subject)
    if any(SAMPLING.search(name) and heading(name) in ("target", "samples") for name in names):
        return [heading(name) for name in names]  # 拟采集数量 tells by itself
    named = _named(row, names)
    none: list[CountKind | None] = [None] * len(row)
    of_samples = subject.captioned or words()["row_samples"].search(named) or OWN_RATE.search(named)
    of_else = words()["other_rate"].search(named) and not OWN_RATE.search(named)
    of_else = of_else or (subject.captioned and words()["other"].search(named) and not OF_SAMPLES.search(named))
    if not of_samples or of_else or words()["row_other"].search(named):
        return none
    kinds = [_item(name, part.text if part else "", named) for name, part in zip(names, row, strict=True)]
    if not any(kinds):
        kinds = ["samples" if AMOUNT.search(name) else None for name in names]
    return kinds


def _columns(names: Sequence[str], subject: Subject) -> list[CountKind | None]:
    """The kind of each column. Days beside other figures about samples tell what each of them brought."""
    kinds = [subject.kind(name) for name in names]
    days = [MONTH_DAY.fullmatch(name) is not None for name in names]
    if subject.topical and sum(days) > 1 and any(kinds):
        kinds = ["samples" if day else kind for kind, day in zip(kinds, days, strict=True)]
    return ["target" if kind == "samples" and subject.planned else kind for kind in kinds]


def _named(row: Sequence[Part | None], names: Sequence[str]) -> str:
    """What a row of a table of items is about: its cells under 项目, 指标 and the like, and those before."""
    last = max((i for i, name in enumerate(names) if words()["row_named"].match(name)), default=0)
    return " ".join(part.text for part in row[: max(last + 1, 2)] if part)


def _item(name: str, cell: str, named: str) -> CountKind | None:
    kind = heading(name, topical=True)
    if regex.search(r"率|比例|覆盖", named) or "%" in cell:
        # 血样采集率 78% 100%: what was reached, not what was asked for
        return "coverage" if kind in ("coverage", "samples") or (kind is None and YEAR.match(name)) else None
    return kind or ("samples" if YEAR.match(name) else None)


def _bought(row: Sequence[Part | None], names: Sequence[str]) -> list[CountKind | None]:
    """Of goods and services to be bought only the testing of samples tells how many there are."""
    kinds: list[CountKind | None] = [None] * len(row)
    both = zip(row, names, strict=True)
    named = " ".join(part.text for part, name in both if part and not figure(part.text) and not REMARK.search(name))
    if any(QUANTITY.search(name) and TESTING.search(name) for name in names):
        return ["target" if QUANTITY.search(name) and TESTING.search(name) else None for name in names]
    told = OF_SAMPLES.search(named) and TESTING.search(named) and not NO_TESTING.search(named)
    if not told:
        return kinds
    units = [part.text for part, name in zip(row, names, strict=True) if part and "单位" in name]
    for column, (part, name) in enumerate(zip(row, names, strict=True)):
        if part is None or not QUANTITY.search(name) or "单价" in name:
            continue
        numerals = find_numerals(part.text)
        unit = units[0] if units else numerals[0].unit if numerals else ""
        if COUNTED.fullmatch(unit) or (not unit and not units):
            kinds[column] = "samples" if TAKEN_BEFORE.search(named) else "target"
    return kinds


def _place(row: Sequence[Part | None], names: Sequence[str]) -> str | None:
    """The name of the row, of a sum what it sums (全县合计)."""
    named = [part.text for part in row if part and part.text and (SUM.match(part.text) or not figure(part.text))]
    if not named or any(words()["row_named"].match(name) for name in names):
        return None
    total = SUM.match(named[0])
    if total:
        return total[1] or None
    told = next((part for name, part in zip(names, row, strict=True) if part and PLACE_HEADING.search(name)), None)
    return told.text if told and told.text in named else named[0]


def _due(calendar: Calendar, start: int, end: int, names: Sequence[str]) -> str | None:
    """The date in the row, where a column gives deadlines or days of work, else the post's deadline."""
    row = [d.coming for d in calendar.dates if start <= d.start < end]
    by_item = any(words()["row_named"].match(name) for name in names)
    beginning = any(regex.search("进点|开始|启动", name) for name in names)
    return row[-1] if row and not beginning else calendar.due(yearly=by_item)
