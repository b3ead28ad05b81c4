"""Until when the tasks of a table are due: by its rows, by what the lines around it say of a row, or of all of it.

A post may say of one row of its table (河东所须于8月20日前清零), or of all of them (各所10月底前交账), what is no
deadline of the whole collection by its words alone (`count_dates.deadlines`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from typing import NamedTuple

from pipeline.language.count_dates.as_of import Calendar
from pipeline.language.counts.words import words
from pipeline.language.dates.dates import Date
from pipeline.language.dates.days import MONTH, day_of
from pipeline.language.script import matching_copy
from pipeline.language.sentences import SENTENCE_END
from pipeline.language.tables.fitting import SUM, figure
from pipeline.language.tables.grids import Grid
from pipeline.patterns import Pattern

# 13日7:20: a day of the month in which the post calls.
ONLY_DAY = Pattern(r"(?<![\d月年])([12]?\d|3[01])日(?![内间均历工以之]|\d*天)")
BEGINNING = Pattern("进点|开始|启动")
# What a place is called beside its short name, in a table and in the text: 河东派出所, 河东镇, 河东.
CALLED = Pattern(r"(?<=\p{Han}{2})(?:边境)?(?:派出所|所|镇|乡|村|街道|社区|苏木|嘎查|片区?|站)$")
CLAUSE_END = Pattern(r"[，；。：:！？\n]")
# 三个村交齐: as many as the table has rows.
SO_MANY = Pattern(r"([二两三四五六七八九十\d]{1,2})个?(?:派出所|所|乡镇|镇|乡|村|社区|单位|街道)")
FIGURES = {name: number for number, name in enumerate("二三四五六七八九十", 2)} | {"两": 2}
ALL_ROWS = Pattern(r"(?:^|[，、\s\d.．]|请|望)(?:各|全[镇乡县市区旗州]|所有)")
# 4. , ③, 注2：
ITEM_NUMBER = Pattern(r"[\s\d.．、）)（(①-⑳注※*]*")
# Deadlines of what is not the task of a table.
OTHERWISE = Pattern(r"说明|检讨|上报|报送|名[册单]|反馈|整改|开会|动员|培训|验收|约谈|通报|摸底|领[取回]")
REST = Pattern(r"其余|其他|剩余|余下|剩下")
SOME = Pattern(rf"{REST.pattern}|个别|部分|尚未|未完成|退[卡回]|外出|在外|\d[\d,]*[人名份张户]")
# 现场时间：9月18日至11月30日; 服务期限：自签订之日起至11月30日; 合同期至12月20日: the last day of the work.
PERIOD = Pattern(
    r"(?:现场|采[集样血]|调查|入户|服务|合同|履[约行])(?:服务|履行|实施|起止|工作)*(?:期限|期|时间|日期|周期)"
    r"(?:[:：为][^\n。；]{0,40}?)?[至到—－~-]\s*"
)
# 须全部检完: what a purchase asks for.
TESTED = Pattern(r"[^，。；\n]{0,10}(?:[检测](?:验|测)?[完毕]|(?:全部|完成)(?:检[验测]|交付|入库|建库))")
# How far behind a deadline its clause, and how far behind a table its deadlines are read, in characters.
BEHIND, BELOW = 30, 900
# No more deadlines of a post, and clauses before one, are read.
MOST_TOLD, MOST_CLAUSES = 20, 6


class _Told(NamedTuple):
    """A deadline told below a table: its day, and its sentence before it and its clause behind it."""

    iso: str
    before: str
    behind: str

    @property
    def clause(self) -> str:
        """What its own clause says before it."""
        return str(CLAUSE_END.split(self.before)[-1])


class TableDue:
    """The deadlines of one table."""

    def __init__(self, calendar: Calendar, grid: Grid) -> None:
        self.calendar, self.grid = calendar, grid

    def of_row(self, row: tuple[int, int], place: str | None, *, by_item: bool) -> str | None:
        """The date in the row, where a column gives deadlines or days of work, else what the lines below tell of it
        or of all rows, else the post's deadline.

        `row`: where it begins and ends; `by_item`: the rows are named for works.
        """
        calendar = self.calendar
        dates = [d.coming for d in between(calendar.dates, *row)]
        published = calendar.context.published or ""
        day = None if dates else ONLY_DAY.search(calendar.copy, *row)
        named = f"{published[:MONTH]}-{int(day[1]):02d}" if day else ""
        if day_of(published) and day_of(named) and published <= named:
            return named
        if dates and not any(BEGINNING.search(name) for name in self.grid.names):
            return dates[-1]
        told = (calendar.due(yearly=by_item, scheduled=False), self._whole, calendar.due(yearly=by_item))
        whole = next((iso for iso in told if iso and not self._of_rows(iso)), None)
        own = self._named(place) if place else None
        return whole if own is None or (whole and own.startswith(whole)) else own  # the task of a year remains one

    def _of_rows(self, day: str) -> bool:
        """Whether a deadline is told of single rows alone, in their remarks: 修路，顺延至9月20日前."""
        told = [d.start for d in self.calendar.dates if d.deadline and d.iso == day]
        inside = all(any(first <= at < last for first, last in self.grid.lines) for at in told)
        return inside and 0 < 2 * len(told) <= len(self.grid.lines)

    def _named(self, place: str) -> str | None:
        """The deadline that the lines below tell of a row: 河东所人手少，限10月10日前补齐."""
        stem = CALLED.sub("", place)
        return next((iso for iso, named in self._of_some if len(stem) > 1 and stem in named), None)

    @cached_property
    def _of_some(self) -> list[tuple[str, str]]:
        """The deadlines told below of rows, each with the clause that names them."""
        told = [told for told in self._below if self._meets(told) and REST.search(told.before) is None]
        clauses = (CLAUSE_END.split(one.before)[-MOST_CLAUSES:] for one in told)
        named = (next((c for c in reversed(own) if any(stem in c for stem in self._stems)), "") for own in clauses)
        return [(one.iso, clause) for one, clause in zip(told, named, strict=True)]

    @cached_property
    def _stems(self) -> set[str]:
        """The short names of the rows."""
        first = (next((p.text for p in row if p and p.text and not figure(p.text)), "") for row in self.grid.rows)
        return {stem for name in first if len(stem := CALLED.sub("", name)) > 1 and not SUM.match(name)}

    @cached_property
    def _below(self) -> list[_Told]:
        """The deadlines to come that are told below the table."""
        end = max(last for _, last in self.grid.lines)
        return list(islice(_deadlines(self.calendar, end, end + BELOW), MOST_TOLD))

    @staticmethod
    def _meets(told: _Told) -> bool:
        """Whether the task of a table is to be met by then."""
        done = words()["table_finish"].search(told.behind) or words()["finish"].search(told.behind)
        return done is not None and OTHERWISE.search(told.behind) is None

    @cached_property
    def _whole(self) -> str | None:
        """The only deadline that the lines around the table tell of all its rows, or of a purchase or a survey."""
        purchase = words()["purchase"].search(matching_copy(self.calendar.context.title)) is not None
        days = {told.iso for told in self._below if self._of_all(told)}
        if purchase:
            days |= _asked(self.calendar)
        days = days or set(_periods(self.calendar))
        return days.pop() if len(days) == 1 else None

    def _of_all(self, told: _Told) -> bool:
        clause = ITEM_NUMBER.sub("", told.clause, count=1) if ITEM_NUMBER.match(told.clause) else told.clause
        whole = f"{clause}，{told.behind}"
        if not self._meets(told) or SOME.search(whole):
            return False
        rows = sum(not (row and row[0] and SUM.match(row[0].text)) for row in self.grid.rows)
        many = SO_MANY.search(whole)
        if many:
            return (FIGURES.get(many[1]) or (int(many[1]) if many[1].isdigit() else 0)) == rows
        alone = not clause and words()["table_finish"].fullmatch(told.behind) is not None
        return alone or ALL_ROWS.search(clause) is not None or ALL_ROWS.search(told.behind) is not None


def _deadlines(calendar: Calendar, start: int, end: int) -> Iterator[_Told]:
    """The deadlines to come that are told between two places."""
    copy, published = calendar.copy, calendar.context.published or ""
    for d in between(calendar.dates, start, end):
        behind = CLAUSE_END.split(copy[d.end : d.end + BEHIND], maxsplit=1)[0]
        ends = d.deadline or words()["table_finish"].match(behind) is not None
        iso = d.iso if d.deadline else d.coming
        if ends and not d.since and iso >= published[: len(iso)]:
            yield _Told(iso, SENTENCE_END.split(copy[max(start, d.start - BELOW) : d.start])[-1], behind)


@lru_cache(maxsize=4)  # asked for each table of a post
def _asked(calendar: Calendar) -> frozenset[str]:
    """The days by which a purchase asks for the tests of all samples."""
    told = islice(_deadlines(calendar, 0, len(calendar.copy)), MOST_TOLD)
    return frozenset(one.iso for one in told if TESTED.match(one.behind))


@lru_cache(maxsize=4)
def _periods(calendar: Calendar) -> frozenset[str]:
    """The last days of periods of work that end after the post."""
    published = calendar.context.published or ""
    ends = (between(calendar.dates, m.end(), m.end() + 1) for m in PERIOD.finditer(calendar.copy))
    last = (d[0].coming for d in ends if d)
    return frozenset(day for day in last if len(day) >= MONTH and day > published[: len(day)])


def between(dates: Sequence[Date], start: int, end: int) -> Sequence[Date]:
    """Those of a text's dates that begin between two places."""
    first, last = (bisect_left(dates, at, key=lambda d: d.start) for at in (start, end))
    return dates[first:last]
