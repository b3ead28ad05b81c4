"""Figures about samples in tables: the heading of its column, or in tables of items the name of its row, gives the kind.

Columns are told by their headings alone; what does not fit its heading is left out rather than guessed.
Where tables stand: `count_grids`. Lists and forms: `count_lists`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from pipeline.language.count_dates import Calendar
from pipeline.language.count_grids import SUM, YEAR, Grid, Part, Tells, figure, grids
from pipeline.language.count_words import words
from pipeline.language.numerals import Numeral, find_numerals
from pipeline.language.script import matching_copy
from pipeline.records import CountKind

# Tried in this order: 应采人数 is no sample.
KINDS: tuple[CountKind, ...] = ("coverage", "target", "samples")
SURE = regex.compile(r"^(?!.*(?:率|纹|像|虹膜|照片)).*(?:应采(?!尽采)|实采|已采|需采)(?!.*(?:率|纹|像|虹膜|照片))")
# 应补采, 需再采
TO_TAKE = regex.compile(r"(?:应|需|须|待|拟|要|未)[补再]?[采抽取留]")
TAKEN = regex.compile(r"(?:已|实|共|新|现)[补再]?[采抽取留]")
# 三、人员样本采集: the line above a table of whom samples were taken from.
CAPTIONED = regex.compile(r"(?:血样|样本|血卡|DNA|采血)[\p{Han}]{0,6}(?:采集|补采|入库|情况|统计)|采[集样]血样")
CAPTION_LINE = 30
# How far above a table its caption may name what it is about, in characters.
CAPTION = 160
# In a post about the samples of a population 采集 needs not say of what.
COLLECTING = regex.compile(r"采(?!购|访|挖|矿|纳|取|用|暖)")
ENDED = regex.compile(r"$|[（(\s*※★]")
# 外周血DNA 5,200份
NAMED_CELL = regex.compile(r"(?:\p{Han}|DNA|Y-?STR|\s){1,10}(?<!\d)")
# Columns of several figures: 血样（应采/已采/完成率） over 411/398/96.8%.
SLASHED = regex.compile(r"[\d,.]+%?(?:/[\d,.]+%?){1,3}")
SLASHED_NAMES = regex.compile(r"[（(]?([\p{Han}%]{2,5}(?:[/、][\p{Han}%]{2,5}){1,3})[）)]?$")
SUMS = ("合计", "总计", "共计", "小计")
OWN_RATE = regex.compile(r"采[集样血](?:完成|覆盖)?率|(?:血样|DNA).{0,4}(?:完成|覆盖|采集|入库)率")
AMOUNT = regex.compile(r"数量|数值|指标值|^数$|人数|份数|合计|完成")
PLACE_HEADING = regex.compile(r"乡|镇|村|单位|县|区|市|所|社区|地点|学校|寺|片区|街道")
# The other things taken from a body or recorded of it: a rate beside them is one of all.
OTHER_TRAITS = regex.compile(r"指纹|掌纹|足迹|人像|虹膜|声纹|步态|照片|手机")
OF_SAMPLES = regex.compile(r"血|DNA|样")
IN_MYRIADS = regex.compile(r"[（(]\s*万\s*[份人张例条]?(?:次)?\s*[）)]")
MYRIAD = 10_000
MOST_PERCENT = 1000
# A rate follows from its figures if it is no further off than this, in percentage points.
ROUNDED = 0.6
# Work that a notice of purchase asks for, and whose samples are taken already; repeats are the seller's.
TESTING = regex.compile(r"(?:检[验测]|建库|分型|采集|补检|入库|录入|上机)")
NO_TESTING = regex.compile(
    r"质控|质量控制|复[检核测]|重[新]?检|疑难|卡$|针$|盒$|试剂|耗材|图谱|培训|驻场|仪|设备|系统|现场"
)
REMARK = regex.compile("备注|说明|参数|规格|要求|型号|描述")
QUANTITY = regex.compile("数量|份数|工作量|拟建")
TAKEN_BEFORE = regex.compile(r"存量|历年|已采|库存|往年")
COUNTED = regex.compile(r"人?份|[人例名张]|人次")


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
        topical = _about(copy, calendar, start, end)
        return heading(name, topical=topical) is not None or words()["row_named"].match(name) is not None

    def maybe(name: str) -> bool:
        return name not in SUMS and (heading(name, topical=True) or AMOUNT.search(name)) is not None

    for grid in grids(copy, Tells(surely, maybe)):
        topical = _about(copy, calendar, *grid.head)
        if not _is_of_samples(grid, topical=topical):
            continue
        covered += grid.lines
        above = copy[:grid.start].rstrip("\n").rpartition("\n")[2]
        captioned = len(above) <= CAPTION_LINE and CAPTIONED.search(above) is not None
        purchase = words()["purchase"].search(matching_copy(calendar.context.title)) is not None
        for number, row in enumerate(grid.rows):
            kept, names = _parted(row, grid.names)
            found = _cells(kept, names, calendar, grid, topical=topical, purchase=purchase, captioned=captioned)
            cells += (cell._replace(table=grid.start, row=number) for cell in found)
    return cells, covered


def heading(cell: str, *, topical: bool = False) -> CountKind | None:
    """The kind of a column. `topical`: the table is about samples, so that 任务, 完成 need not say of what."""
    if words()["heading_other"].search(cell) and not SURE.search(cell):
        return None
    for kind in KINDS:
        if words()[f"heading_{kind}"].search(cell):
            return kind
        if kind == "target" and TO_TAKE.search(cell) and (topical or OF_SAMPLES.search(cell)):
            return kind
    if topical:
        told = next((kind for kind in KINDS if words()[f"heading_topic_{kind}"].search(cell)), None)
        return told or ("samples" if TAKEN.search(cell) else None)
    return None


def about_samples(copy: str, calendar: Calendar, start: int, end: int) -> bool:
    """Whether the title, the text right above a table or list, or its own head names samples."""
    return _about(copy, calendar, start, end)


def _about(copy: str, calendar: Calendar, start: int, end: int) -> bool:
    above = max(0, start - CAPTION)
    if calendar.names_samples or words()["sample"].search(copy, above, end) is not None:
        return True
    return calendar.mass and COLLECTING.search(f"{calendar.context.title} {copy[above : end + CAPTION]}") is not None


def _is_of_samples(grid: Grid, *, topical: bool) -> bool:
    """Whether any column can tell of samples, and enough figures stand in the rows."""
    by_row = any(words()["row_named"].match(name) for name in grid.names)
    if not by_row and not any(heading(name, topical=topical) for name in grid.names):
        return False
    figures = sum(figure(part.text) for row in grid.rows for part in row if part)
    return figures > 0 and (len(grid.names) > 2 or len(grid.rows) > 1)


def _cells(
    row: Sequence[Part | None],
    names: Sequence[str],
    calendar: Calendar,
    grid: Grid,
    *,
    topical: bool,
    purchase: bool,
    captioned: bool,
) -> Iterator[Cell]:
    """The figures of a row that count samples."""
    kinds = _kinds(row, names, topical=topical, purchase=purchase, captioned=captioned)
    place = _place(row, names)
    own = [part for part in row if part]
    if not own:
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
        year = regex.match(r"((?:19|20)\d\d)年", name)
        as_of = _due(calendar, start, end, names) if kind == "target" else calendar.table(grid.start)
        as_of = year[1] if year else as_of
        at = (part.start + numeral.start, part.start + numeral.end)
        yield Cell(*at, kind, numeral, place, as_of, column=column, is_sum=sums)


def _follows(rate: Numeral, row: Sequence[Part | None], names: Sequence[str], kinds: Sequence[CountKind | None]) -> bool:
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
    if numeral.start and not (numeral.unit and NAMED_CELL.fullmatch(cell, 0, numeral.start)):
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


def _kinds(
    row: Sequence[Part | None], names: Sequence[str], *, topical: bool, purchase: bool, captioned: bool
) -> list[CountKind | None]:
    """The kind of each cell: by its heading, in a table of items (项目 单位 数量) by the row's name and its heading.

    `captioned`: the line above says that the whole table is of samples.
    """
    if purchase and any(QUANTITY.search(name) for name in names) and not any(heading(name) for name in names):
        return _bought(row, names)
    if not any(words()["row_named"].match(name) for name in names):
        return [heading(name, topical=topical) for name in names]
    named = _named(row, names)
    none: list[CountKind | None] = [None] * len(row)
    of_samples = captioned or words()["row_samples"].search(named) or OWN_RATE.search(named)
    of_else = words()["other_rate"].search(named) and not OWN_RATE.search(named)
    of_else = of_else or (captioned and words()["other"].search(named) and not OF_SAMPLES.search(named))
    if not of_samples or of_else or words()["row_other"].search(named):
        return none
    kinds = [_item(name, part.text if part else "", named) for name, part in zip(names, row, strict=True)]
    if not any(kinds):
        kinds = ["samples" if AMOUNT.search(name) else None for name in names]
    return kinds


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
