"""The date of a figure in a table: what its column, its row or the table names. Deadlines: `tables.due`."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.language.count_dates.as_of import Calendar
from pipeline.language.dates.dates import Date, find_dates
from pipeline.language.dates.days import FULL_DAY, MONTH, YEAR, day_of, days_before, existing
from pipeline.language.dates.heads import weekday_number
from pipeline.language.tables.due import between
from pipeline.language.tables.fitting import SUM, TIME, WEEKDAY, YEAR_NAMED, Part, names_time
from pipeline.language.tables.grids import Grid
from pipeline.patterns import Pattern
from pipeline.records import CountKind

THIS_DAY = Pattern(r"[今当本]日")
THIS_MONTH = Pattern(r"[本当全]月(?!底|末)|月内|月度?新增|月增")
# 当年采集, 12月31日库容 beside rows named for years.
THIS_YEAR = Pattern(r"[当该]年|本年")
DAY_OF_YEAR = Pattern(r"(?:截[至止]到?)?(\d{1,2})月(\d{1,2})日")
MONTH_TASK = Pattern(r"[本当每]?月(?:度?任务|计划|指标|目标)")
CUMULATIVE = Pattern(r"累计|总计|总量|总数|截[至止]")
# Times before that of the table; but 较上周新增.
LAST_WEEK = Pattern(r"(?<![较比于])上(?:周|星期)")
BEFORE = Pattern(r"(?<![较比于])(?:上期|上次|上年|上季|同期)")
# 8.29-9.4, 6.8—9
DOTTED_END = Pattern(
    r".*\D(?<month>\d{1,2})\.(?<day>\d{1,2})\s*|\s*(?<month>\d{1,2})\.\d{1,2}\s*[-—－–~～至到]+\s*(?<day>\d{1,2})\s*"
)
# Over days and months on which samples were taken, or went on; 完成时限 is none.
WHEN = Pattern(
    r"(?:采[集样血]|采血样|抽血|统计|数据|(?:样本|血样|血卡)?(?:交接|移交|交付|送检|送样|收[卡样]|交[卡样]|入库))?(?:日期|时间|时段|月份?|月度|年[度份]?|季度|周次?|星期|旬)"
)
# 上年结转: what was taken in the year before, or in all years before, in a table of this year's months.
CARRIED = Pattern(
    r"(?P<last>上一?年度?|去年|前一年)?(?P<before>历年|往年|以前年度|此前|前期|期初)?(?:采集)?(?:结转|结存|累计|存量|基数|余额|转入)"
    r"|(?P<last>上一?年度?|去年)"
)
# A task that was set, for a year in that year's report; 应采 is what there is to take, whenever.
SET_TASK = Pattern(r"任务|计划|指标|目标|下达")
# 累计入库（12月31日）: a day of the years that the columns are named for.
DAY_IN_NAME = Pattern(r"[（(]\s*(?:截[至止]到?)?(\d{1,2})月(\d{1,2})日(?:止)?\s*[）)]")
REMARK = Pattern("备注|说明")
# 6月15日前补齐
TO_COME = Pattern(r"[之以]?前|[^，。；]{0,6}(?:补[采齐录]|返)")
# 9月3日至6日, the first of which opens the time.
UP_TO = Pattern(r"(?:[\d年月日号.]+\s*[至到—－~～-]+)?\s*")
NOT_WHEN = Pattern(r"限|截止|完成|上报|要求|前|进点|开始|启动")
# 2017.9.1, 9/1, and under 年份, 月份 also 2017 and 9
DAY_FIGURES = Pattern(r"(?:((?:19|20)\d\d)[-./])?(1[0-2]|0?[1-9])[-./](3[01]|[12]\d|0?[1-9])")
MONTH_FIGURES = Pattern(r"((?:19|20)\d\d)[-./](1[0-2]|0?[1-9])")
YEAR_FIGURES, MONTH_NUMBER = Pattern(r"(?:19|20)\d\d"), Pattern(r"1[0-2]|0?[1-9]")


def column_date(calendar: Calendar, grid: Grid, name: str, kind: CountKind, dated: str | None) -> str | None:
    """The date of a column: of one of 本月, or beside one of 累计 in a month's report, the month; else what its heading
    names. `dated`: that of its table or row."""
    named = _named_date(calendar, grid, name, kind)
    if kind == "target" and named and len(named) == YEAR and dated and dated.startswith(named):
        return dated  # 2019年任务 beside 时限
    if kind != "target" and named and dated and CUMULATIVE.search(name) and dated.startswith(named):
        return dated  # 今年累计 beside 本月
    if names_time(name):
        year = YEAR_NAMED.match(name)
        own = year[1] if year and not (named or "").startswith(year[1]) else named or _within(calendar, name, dated)
        return own if kind == "target" or not _is_to_come(calendar, own) else dated
    month = calendar.digest.time
    if kind == "target" and MONTH_TASK.match(name) and month and len(month) == MONTH:
        return month
    if dated and kind != "target" and THIS_MONTH.search(name):
        return dated[:MONTH]
    if dated and kind != "target" and THIS_YEAR.search(name):
        return dated[:YEAR]
    day = DAY_OF_YEAR.match(name) or DAY_IN_NAME.search(name)
    if day and dated and len(dated) == YEAR and kind != "target":
        return existing(f"{dated}-{int(day[1]):02d}-{int(day[2]):02d}")
    if dated and kind != "target" and THIS_DAY.search(name):
        return dated
    beside = kind == "samples" and not CUMULATIVE.search(name) and any(CUMULATIVE.search(other) for other in grid.names)
    if beside and dated and month and len(month) == MONTH and dated.startswith(month):
        return month
    if kind == "target" and not (named or dated) and SET_TASK.search(name):
        return calendar.due(scheduled=False)
    if named or not dated or kind == "target":
        return named or dated
    if LAST_WEEK.search(name):
        return days_before(dated, 7)
    return None if BEFORE.search(name) else dated


def _named_date(calendar: Calendar, grid: Grid, name: str, kind: CountKind) -> str | None:
    """The date that the heading of a column names: 唾液卡（10月底前）, 本月."""
    at = calendar.copy.find(name, *grid.head)
    while at > 0 and calendar.copy[at - 1].isdigit():  # 1月 is not that of 11月
        at = calendar.copy.find(name, at + 1, grid.head[1])
    if at < 0:  # joined from two lines, or the name of a row
        named = [d for d in find_dates(name, calendar.digest.base) if not d.since]
    else:
        named = [d for d in between(calendar.dates, at, at + len(name)) if not d.since]
    if not named:
        return None
    if kind == "target":
        return named[-1].iso if named[-1].deadline else named[-1].coming
    return None if named[-1].deadline else _of_report(calendar, name, named[-1])


def _of_report(calendar: Calendar, name: str, told: Date) -> str:
    """A date, of a month or day without a year that of the report where its title names one."""
    year = calendar.digest.time
    bare = len(told.iso) > YEAR and not told.relative and YEAR_NAMED.match(name) is None
    return year + told.iso[YEAR:] if bare and year and len(year) == YEAR else told.iso


def _within(calendar: Calendar, name: str, dated: str | None) -> str | None:
    """The date of a weekday or ten days of the time that a table holds for; of another part of it that time."""
    weekday, last = WEEKDAY.fullmatch(name), dated or calendar.context.published
    if weekday:
        end = day_of(last)
        if last is None or end is None:
            return dated
        return days_before(last, (end.weekday() - weekday_number(weekday[1])) % 7)
    dotted, base = DOTTED_END.fullmatch(name), dated or calendar.digest.base
    if dotted and base:
        return _past(base, None, f"-{int(dotted['month']):02d}-{int(dotted['day']):02d}")
    return dated[:MONTH] if dated and "旬" in name else dated


def _is_to_come(calendar: Calendar, iso: str | None) -> bool:
    """Whether a date lies after the post: nothing was taken then."""
    published = calendar.context.published
    return bool(iso and published and iso > published[: len(iso)])


def day_named(row: Sequence[Part | None], dated: str | None) -> str | None:
    """A year as the day of it that a row is named for: 累计入库（12月31日） under 2017年."""
    if dated is None or len(dated) != YEAR:
        return dated
    told = next((found for part in row if part and (found := DAY_IN_NAME.search(part.text))), None)
    return existing(f"{dated}-{int(told[1]):02d}-{int(told[2]):02d}") if told else dated


def row_date(
    row: Sequence[Part | None], names: Sequence[str], calendar: Calendar, dated: str | None, *, by_item: bool = False
) -> str | None:
    """The day, month or year that a row is named for, or that it has under 采集日期 or, stated, in its remark; None
    where it has none, empty where it is that of all years before. `by_item`: each row is of a work of its own."""
    head = next((part for part in row if part and part.text), None)
    first = head.text if head else ""
    if head and SUM.match(first):  # 小计（至9日）
        until = [d.iso for d in _inside(calendar, head) if len(d.iso) == FULL_DAY]
        if until and not _is_to_come(calendar, until[-1]):
            return until[-1]
    carried = CARRIED.fullmatch(first) if names_before(first) else None
    if carried:
        year = (dated or calendar.digest.base or "")[:YEAR]
        return str(int(year) - 1) if carried["last"] and year else ""
    for column, (part, name) in enumerate(zip(row, names, strict=True)):
        if part is None or NOT_WHEN.search(name):
            continue
        own = None
        if TIME.fullmatch(part.text) and (WHEN.fullmatch(name) or not any(row[:column])):
            own = _cell_date(part, calendar, dated)
        elif WHEN.fullmatch(name):
            own = _figures_date(part.text, name, calendar)
        if own is not None:
            return None if _is_to_come(calendar, own) else own
    remarks = (part for part, name in zip(row, names, strict=True) if part and REMARK.search(name))
    told = [d.iso for part in remarks for d in _inside(calendar, part) if _of_row(d, part, by_item=by_item)]
    return told[-1] if told and not _is_to_come(calendar, told[-1]) else None


def _of_row(told: Date, remark: Part, *, by_item: bool) -> bool:
    """Whether a remark says as of when its row holds (6月3日止), or, of a work, first of all when it was done."""
    first = UP_TO.fullmatch(remark.text, 0, told.start - remark.start) is not None
    to_come = TO_COME.match(remark.text, told.end - remark.start)
    return not (told.deadline or to_come) and (told.stated or (by_item and first))


def names_before(name: str) -> bool:
    """Whether a row is named for what was taken in the years before: 上年结转, 历年累计."""
    carried = CARRIED.fullmatch(name)
    return carried is not None and bool(carried["last"] or carried["before"])


def _cell_date(part: Part, calendar: Calendar, dated: str | None) -> str | None:
    named = _inside(calendar, part)
    return _of_report(calendar, part.text, named[-1]) if named else _within(calendar, part.text, dated)


def _inside(calendar: Calendar, part: Part) -> list[Date]:
    """The dates that a cell names."""
    inside = calendar.copy.startswith(part.text, part.start)  # the names of columns turned to rows stand elsewhere
    dates = calendar.dates if inside else find_dates(part.text, calendar.digest.base)
    start = part.start if inside else 0
    return [d for d in between(dates, start, start + len(part.text)) if not d.since]


def _figures_date(cell: str, name: str, calendar: Calendar) -> str | None:
    """A date written in figures alone: 2017.9.1, 9/1; under 年份 2017, under 月份 9."""
    base = calendar.digest.time or calendar.digest.base or ""
    day, month = DAY_FIGURES.fullmatch(cell), MONTH_FIGURES.fullmatch(cell)
    if YEAR_FIGURES.fullmatch(cell):
        return cell
    if month:
        return f"{month[1]}-{int(month[2]):02d}"
    if day and (day[1] or base):
        return _past(base, day[1], f"-{int(day[2]):02d}-{int(day[3]):02d}")
    if "月" in name and base and MONTH_NUMBER.fullmatch(cell):
        return _past(base, None, f"-{int(cell):02d}")
    return None


def _past(base: str, year: str | None, rest: str) -> str:
    """A day or month without a year as that of the base date's, or of the year before where it would lie ahead."""
    known = base[YEAR : YEAR + len(rest)]
    ahead = len(base) > YEAR and rest[: len(known)] > known
    return existing(f"{year or int(base[:YEAR]) - ahead}{rest}")
