"""The date a figure holds for (`as_of`).

Of what was taken or is held: the date in its sentence, else the period its paragraph, the heading above or the title
is about, or the day on which the paragraph says it happened. Of what is still to be taken: the deadline.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from itertools import pairwise

import regex

from pipeline.language.count_deadlines import PART_END, SEMICOLON, Deadlines
from pipeline.language.count_digests import (
    INCIDENT,
    SPAN,
    reported,
    told_behind,
)
from pipeline.language.count_words import RATE, words
from pipeline.language.dates import SOON_DAYS, Date
from pipeline.language.days import FULL_DAY, MONTH, YEAR, day_of, days_before
from pipeline.language.numerals import to_number
from pipeline.language.sentences import last_letter
from pipeline.records import CountKind

SO_FAR = regex.compile(
    r"截[至止]目前|目前|现在|眼下|至今|如今|现已|迄今|每天|日均|天里|(?:个|多|半)月[来下]|以来(?![漏未没])|近日|多年来|前后[\p{Han}\d]{1,4}月"
)
SUM = regex.compile(r"合计|总计|共计")
THIS_YEAR, SUMMED = ("今年", "本年"), regex.compile(r"(?:度|内|以来)?(?:总共|一共|共|累计|合计)")
# 由10月底的89.3%提高到97.3%: the day of the first figure is not that of the second.
ROSE = regex.compile(r"的[\d.%]+(?:余|多)?[份人]?(?:提[高升]|上升|增[加长]|升|扩大|扩充)(?:到|至|为)")
ADDED = regex.compile(r"(?:加上|连同|算上)$")
ADDEND = regex.compile(r"[^，。；]{0,24}的[^，。；]{0,10}，")
# A sentence that tells the parts of what was told before.
PARTS_OF = regex.compile(r"分(?:乡镇|县|村|所|单位|区域|片区|地区|类别?)[来]?看|从[^，。；]{1,8}来?看，")
PARTS_HEAD = regex.compile(
    r"(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d{1,2}[.、])?(?:各(?:派出|[县乡镇村单])*[所县乡镇村位]|分[县乡镇村所])(?:进展|进度|完成)?情况[。：:]"
)
PARTS = regex.compile(rf"其中|{PARTS_OF.pattern}")
# 11月采集301份，累计1,560份: what is summed up is not of the month alone.
SO_FAR_SUM = regex.compile(r"累计[^。；\n]{0,24}$")
NEXT_DAY = regex.compile(r"次日|翌日|第二天(?!起)")
# 首轮采集的204份: some time before what was just told.
EARLIER = regex.compile(r"(?:首轮|上一?轮|前一?轮|此前|先前|早前|早先)[^，。；]{0,14}$")
SO_FAR_THIS_YEAR = ("今年以来", "今年来", "年初以来", "年初至今")
# What says that something has happened; what says that it will.
DONE = regex.compile(r"已|[了过]|截[至止]|目前|累计|共采|采得|采到|完成率|实采|实际|刊登|发布|报道")
NEXT = regex.compile(r"下(?:周|个?月|星期|礼拜)|明(?:天|日|年)|后天|开春后")
ALL_BY = regex.compile(r"(?:均|都|全部|一律)(?:须|需|应|要|必须|务必)[^，。；]{0,24}前[^，。；]{0,4}(?:采|完成|收|交)")
# What a whole report is about.
OF_ALL = regex.compile(r"[本一这]周|本月|累计|合计|总计")
WHOLE_YEAR = regex.compile(r"(?:全年|年度)(?!任务|目标|指标|计划)|一年来|当年|年内共|一年[里间]|这一年")
FIRST_DAY = regex.compile(r"首日|第一天|头天|当日启动")
THAT_DAY = regex.compile(r"当[天日晚]|当场(?:[给为]|采集?(?!信息)|抽|扎)|这天|这一天|到下班|全天|到傍晚|收工")
THIS_TIME = regex.compile(r"[此本这]次(?!会议|培训)")
# What one day, or a part of it, brought, without saying which.
ONE_DAY = regex.compile(r"(?:一|半)(?:个?[上下]午|个?晚上|[天日晚夜])(?![天天之以后])")
# What a stretch of days told of brought: 三天下来, 五天, 四日内.
SOME_DAYS = regex.compile(
    r"(?<![第每过前\d月])(?:[1-9]\d?|[二两三四五六七八九十]{1,3}|几|数)[多来余]?[天日](?![之以]?[前后]|[\d，,]?\d)|半个?多?月(?=[下里内])"
)
# 8月10日至12日; 12月5日、6日
DAYS = regex.compile(rf"(?:{SPAN.pattern})|[、和]")
DAYS_TOLD = regex.compile(r"[多来余天日]")
# Some time after the day told of.
LATER = regex.compile(
    r"(?:[\d一二两三四五六七八九十几数半]个?(?:多|来)?(?:天|日|周|星期|月|年)[之以]?后)|次日|翌日|第[二三四五六七八九十\d]+天"
)
# Days of an arrest: those taken are sampled some time after.
ARREST = regex.compile(r"抓获|抓捕|落网|归案|擒获")
OWN_FIGURE = regex.compile(r"[\d百千万][万千]?余?(?:[份名例枚条张]|人(?!次))")
HEADS = regex.compile(r"^[（(【].*[）)】]$|[:：]$")
NOTE = regex.compile(r"[\s　（(【*※]*(?:附?注|备注|说明|以上|数据|统计|填报|制表)")
LINE_END = regex.compile(r"[日）)】。\s]*(?:$|\n)")
WEATHER = regex.compile(r"[\s,，、]*+(?:(?:星期.|周.)[\s,，、]*+)?(?:晴|阴|雨|雪|多云|风|霜|雾|浮尘|沙尘)")
TO = ("到", "至")
# How far back the time stands of what is told by its parts, in characters.
SHORT = 300
# A table's caption stands this close before its header, in characters.
CAPTION = 60
TAKEN = regex.compile(r"[^，。；]{0,20}?(?:采|抽血|取[血样]|入库|建库)")


class Calendar(Deadlines):
    """The dates of one post, and which of them each figure holds for."""

    def as_of(self, kind: CountKind, start: int, end: int, sentence_start: int) -> str | None:
        """The date of a figure that stands from `start` to `end` in a sentence that begins at `sentence_start`.

        What was taken was not taken after the post: such a date is none.
        """
        if kind == "target":
            return self.deadline(start, end, *self._sentence(sentence_start, end))
        held, published = self._held(kind, start, end, sentence_start), self.context.published
        return None if held and published and held > published[: len(held)] else held

    def day_named(self, start: int, end: int) -> str | None:
        """The last day of what was done that stands between two places, where it is no later than the post."""
        days = [d.iso for d in self._told(start, end) if len(d.iso) == FULL_DAY and not (d.since or d.deadline)]
        published = self.context.published
        return days[-1] if days and not (published and days[-1] > published) else None

    def to_come(self, start: int, end: int, sentence_start: int) -> str | None:
        """The day or month ahead of the post when what a figure counts is still to be taken: 11月1日至15日采集800份.

        Also where it is only told as 下周; then it is empty. None where nothing tells so.
        """
        published, today = self.context.published or "", day_of(self.context.published)
        if today is None:
            return None
        first, last = self._sentence(sentence_start, end)
        first = max((m.end() for m in SEMICOLON.finditer(self.copy, first, start)), default=first)
        behind = PART_END.split(self.copy[end:last], maxsplit=1)[0]
        if DONE.search(behind):
            return None
        here = self._told(first, start)[-1:]
        here = [d for d in here if not (d.stated or d.relative or d.since) and len(d.coming) > YEAR]
        if here and not DONE.search(self.copy, here[-1].end, start):
            coming = here[-1].coming
            ahead = coming > published[: len(coming)]
            begins = day_of(f"{coming}-01"[:FULL_DAY])
            if ahead and begins and (begins - today).days <= SOON_DAYS:
                return coming
        by = ALL_BY.search(self.copy, end, last)
        if by and not DONE.search(self.copy, first, end):  # 东村150人，西村96人，均须在4月10日前采完
            due = [d.coming for d in self._told(by.start(), by.end()) if d.deadline and d.coming >= published]
            if due:
                return due[-1]
        clause = max((m.end() for m in PART_END.finditer(self.copy, first, start)), default=first)
        told = NEXT.search(self.copy, clause, start)
        return "" if told and not DONE.search(self.copy, clause, start) else None

    def _held(self, kind: CountKind, start: int, end: int, sentence_start: int) -> str | None:
        """The date of what was taken or is held."""
        clauses_start = sentence_start
        sentence_start, sentence_end = self._sentence(sentence_start, end)
        here = [d for d in self._told(sentence_start, start) if d.stated or not d.deadline]
        here = [d for d in here if not ARREST.search(PART_END.split(told_behind(self.copy, d), maxsplit=1)[0])]
        here = [
            d
            for d in here
            if not self._of_a_part(d, start)
            and not self._of_addend(d, start)
            and not ROSE.match(self.copy, d.end, start)
        ]
        earlier = EARLIER.search(self.copy, clauses_start, start)
        if earlier and not any(d.start >= earlier.start() for d in here):
            return None
        days = self._days(clauses_start, start)
        named = self._named(here) if here else None
        if named and NEXT_DAY.search(self.copy, here[-1].end, start):
            named = days_before(named, -1) or named  # 17日在东村采87人，次日在西村采64人
        if named and len(named) == MONTH and SO_FAR_SUM.search(self.copy, clauses_start, start):
            named = self._until(named) or named
        if here and (named or days or not WHOLE_YEAR.search(self.copy, clauses_start, start)):
            return named or (self._stretch(here, days, start) if days else None)
        behind = [d for d in self._told(end, min(sentence_end, end + 12)) if self._takes(d, end)]
        if behind:
            return behind[0].iso
        sentence = self.copy[clauses_start:sentence_end]
        if WHOLE_YEAR.search(sentence):
            return self._year(start)
        if self.digest.yearbook:
            return self.digest.time
        before = [d for d in self._told(0, start) if not d.deadline and not self._of_addend(d, start)]
        before = [d for d in before if not ROSE.match(self.copy, d.end, start)]
        cumulative = (
            kind == "coverage"
            or PARTS.match(self.copy, sentence_start) is not None
            or SUM.search(self.copy, clauses_start, start)
            or RATE.search(sentence)
            or words()["done"].search(sentence)
        )
        if days and not RATE.search(self.copy, clauses_start, end):
            return self._stretch(before, days, start) or self._entry(start) or self._period(before, start)
        if SO_FAR.search(self.copy, clauses_start, start):
            return None
        line = self._line(start)
        stated = [d for d in before if d.stated and (cumulative or d.start >= line or self._heads(d))]
        if stated:
            return stated[-1].iso
        told = [d for d in before if d.start >= start - SHORT and (d.stated or self.copy.endswith(TO, 0, d.start))]
        if told and (PARTS_OF.match(self.copy, sentence_start) or PARTS_HEAD.match(self.copy, self._line(start))):
            return told[-1].iso
        if self.digest.time and len(self.digest.time) == FULL_DAY and OF_ALL.search(self.copy, clauses_start, start):
            return self._period(before, start)
        return self._event(before, start, sentence_start) or self._so_far(before, self._period(before, start))

    def _until(self, month: str) -> str | None:
        """The one day of a month as of which the post says that its figures hold: 11月采集301份，累计1,560份."""
        stated = {d.iso for d in self.dates if d.stated and d.iso.startswith(month) and len(d.iso) == FULL_DAY}
        return stated.pop() if len(stated) == 1 else None

    def _of_addend(self, d: Date, start: int) -> bool:
        """Whether a time is that of what is added: 加上去年采的五百份，库里已存九百份."""
        added = ADDED.search(self.copy, max(0, d.start - 6), d.start) is not None
        return added and ADDEND.match(self.copy, d.end, start) is not None

    def _of_a_part(self, d: Date, start: int) -> bool:
        """Whether a time is that of a part alone: 全年4.2万份，其中下半年3万份；东镇3870份."""
        return self.copy.endswith("其中", 0, d.start) and SEMICOLON.search(self.copy, d.end, start) is not None

    def _takes(self, d: Date, end: int) -> bool:
        """Whether a date behind a figure is the figure's: 1,127份血样系2014年采集."""
        between = self.copy[end : d.start]
        of_it = (
            between.endswith(("系", "于", "是", "血样", "血卡", "样本"))
            and TAKEN.match(self.copy, d.end) is not None
            and not d.since
        )
        return (d.stated and SEMICOLON.search(between) is None) or (of_it and PART_END.search(between) is None)

    def _named(self, here: Sequence[Date]) -> str | None:
        """The date that the figure's own sentence names, of several the nearest; 截至 outweighs a mere year."""
        last, stated = here[-1], [d for d in here if d.stated]
        if stated and len(last.iso) == YEAR and not self.copy.endswith("其中", 0, last.start):
            last = stated[-1]
        ends = [d for d in here if not d.since and d.iso > last.iso]
        if ends and self.copy.startswith(THIS_YEAR, last.start) and SUMMED.match(self.copy, last.end):
            return ends[-1].iso  # 9月16日收卡，今年总共5873张
        if last.since and ends:  # 2007年, 清理1985年以来…
            return ends[-1].iso
        if last.since:  # a weekly digest counts from then to its own end, 今年以来 holds for the year so far
            if self.digest.time and len(self.digest.time) == FULL_DAY:
                return self.digest.time
            return last.iso if self.copy.startswith(SO_FAR_THIS_YEAR, last.start) else None
        return last.iso

    def _days(self, start: int, end: int) -> str | None:
        """How many days are told of between two places: 三天. No date is meant."""
        found = SOME_DAYS.finditer(self.copy, start, end)
        dates = [d for d in self.dates if start <= d.start < end]
        return next((m[0] for m in found if not any(d.start <= m.start() < d.end for d in dates)), None)

    def _stretch(self, before: Sequence[Date], days: str, start: int) -> str | None:
        """The end of the last stretch of days told of (8月10日至12日; 5日、6日; 从1月6日起 with 九天来 as `days`)."""
        for first, last in reversed(list(pairwise(before))):
            if len(last.iso) == FULL_DAY and DAYS.fullmatch(self.copy, first.end, last.start):
                return last.iso
        number = to_number(DAYS_TOLD.sub("", days))
        line = self._line(start)
        since = [d for d in before if d.start >= line and len(d.iso) == FULL_DAY and not d.relative]
        begins = day_of(since[-1].iso) if since and since[-1].since else None
        if not number or begins is None:
            return None
        end = (begins + timedelta(days=int(number) - 1)).isoformat()
        return end if end <= (self.context.published or end) else None

    def _event(self, before: Sequence[Date], start: int, sentence_start: int) -> str | None:
        """The day on which the paragraph, or the one before it, says it happened."""
        days = [d for d in before if len(d.iso) == FULL_DAY]
        if FIRST_DAY.search(self.copy, sentence_start, start):
            return days[-1].iso if days else None
        days = [d for d in days if not d.since]
        if THAT_DAY.search(self.copy[sentence_start : start + 30].partition("\n")[0]):
            told = [d for d in days if not d.relative] or days
            return told[-1].iso if told else None
        days = [d for d in self._told(0, start) if d.start in self._happened]
        days = [d for d in days if not d.relative] or days
        if THIS_TIME.search(self.copy, sentence_start, start) and len({d.iso for d in days}) == 1:
            return days[0].iso
        if ONE_DAY.search(self.copy, sentence_start, start):
            if days and days[-1].relative:  # 昨夜…, 今天一上午: the later of them
                return max(d.iso for d in days)
            return days[-1].iso if days else None
        if self._is_diary:
            return self._entry(start)
        line = self._line(start)
        above = last_letter(self.copy, max(0, line - 1))
        second = self._line(above)
        days = [d for d in days if d.start >= line or (d.start >= second and not self._counted(d))]
        return days[-1].iso if days and not self._moves_on(days[-1], before, start) else None

    @cached_property
    def _happened(self) -> set[int]:
        """Where the days start on which something is told to have happened."""
        days = (d for d in self.dates if len(d.iso) == FULL_DAY and not (d.since or d.stated or d.deadline))
        return {d.start for d in days if not reported(self.copy, d) and not self._dateline(d)}

    def _heads(self, d: Date) -> bool:
        """Whether a date stands in a line of its own, for all below: （数据截至11月3日18时）."""
        line = self.copy[self._line(d.start) :].partition("\n")[0].strip()
        return HEADS.search(line) is not None and OWN_FIGURE.search(line) is None

    def _counted(self, d: Date) -> bool:
        """Whether the sentence of a date has a figure of its own."""
        return OWN_FIGURE.search(told_behind(self.copy, d)) is not None

    @cached_property
    def _entries(self) -> list[Date]:
        """The days that head the entries of a diary."""
        return [d for d in self.dates if d.entry]

    @property
    def _is_diary(self) -> bool:
        return len(self._entries) > 1 or bool(self._entries and WEATHER.match(self.copy, self._entries[0].end))

    def _entry(self, start: int) -> str | None:
        """The day of the diary's entry that something stands in; None where the post is no diary."""
        number = bisect_left(self._entries, start, key=lambda d: d.start) if self._is_diary else 0
        return self._entries[number - 1].iso if number else None

    def _moves_on(self, day: Date, before: Sequence[Date], start: int) -> bool:
        """Whether the text goes on to another time behind a day."""
        later = [d for d in before if d.start > day.start and len(d.iso) > YEAR and not d.relative]
        return LATER.search(self.copy, day.end, start) is not None or any(not day.iso.startswith(d.iso) for d in later)

    def _dateline(self, d: Date) -> bool:
        """Whether a date closes a line that has nothing else to tell: place and day of a report, or a signature."""
        line = self.copy.rfind("\n", 0, d.start) + 1
        return (
            d.start > line and self.copy[d.end : d.end + 1] in ("", "\n") and not self.copy[line : d.start].count("，")
        )

    def _period(self, before: Sequence[Date], start: int) -> str | None:
        """The month, quarter or year that the paragraph, the heading above or the title is about."""
        line = self._line(start)
        periods = [d for d in before if d.start >= line and len(d.iso) < FULL_DAY]
        periods = [d for d in periods if not self._of_incident(d)]
        if periods and self.mass and not periods[-1].since and self._carries(periods[-1]):
            return periods[-1].iso
        if WHOLE_YEAR.search(self.copy, line, start):
            return self._own_year
        heading = self.digest.heading(line)
        return heading or self.digest.time

    def _so_far(self, before: Sequence[Date], period: str | None) -> str | None:
        """The one day within a summary's period as of which it says that its figures hold, else the period."""
        stated = {d.iso for d in before if d.stated and len(d.iso) == FULL_DAY}
        if period and period == self.digest.time and len(stated) == 1 and next(iter(stated)).startswith(period):
            return stated.pop()
        return period

    def _of_incident(self, d: Date) -> bool:
        """Whether the clause behind a time tells of a crime or a loss."""
        told = told_behind(self.copy, d).lstrip("，, ")
        return INCIDENT.search(PART_END.split(told, maxsplit=1)[0]) is not None

    def _carries(self, d: Date) -> bool:
        """Whether the sentences behind a time are about it: no look back (早在), no day until when a figure holds."""
        own = self.copy.endswith(TO, 0, d.start) and self._counted(d)
        return not own and not self.copy.endswith("早在", 0, d.start)

    def _year(self, start: int) -> str | None:
        """The year that 全年, 本年度 mean."""
        before = [d for d in self._told(0, start) if not d.deadline and not d.since and len(d.iso) == YEAR]
        line = self._line(start)
        if before and (before[-1].start >= line or not self.digest.time):
            return before[-1].iso
        return self._own_year

    @property
    def _own_year(self) -> str | None:
        """The year that the post as a whole is about."""
        return self.digest.time[:YEAR] if self.digest.time else self.digest.closing_year

    def table(self, header_start: int) -> str | None:
        """As of when a table holds: the last stated date before it, else the last month or day, else the title's."""
        if header_start not in self._tables:
            self._tables[header_start] = self._table(header_start)
        return self._tables[header_start]

    @cached_property
    def _tables(self) -> dict[int, str | None]:
        """As of when the tables hold that were asked for: each of their cells asks."""
        return {}

    def _table(self, header_start: int) -> str | None:
        before = [d for d in self._told(0, header_start) if (d.stated or not d.deadline) and not d.since]
        stated = [d for d in before if d.stated]
        near = [d for d in before if d.start > header_start - CAPTION]
        dated = near or [d for d in before if len(d.iso) > YEAR and not self.digest.time]
        notes = self._notes[bisect_right(self._notes, header_start, key=lambda d: d.start) :]
        told = [d for d in self.digest.title if (d.stated or not d.deadline) and not d.since]
        if stated or dated or notes:
            return (stated or dated or notes)[-1].iso
        return self.digest.time or (told[-1].iso if told else None)

    @cached_property
    def _notes(self) -> list[Date]:
        """The dates as of which notes say that the table above them holds."""
        return [d for d in self.dates if d.stated and self._in_note(d)]

    def _in_note(self, d: Date) -> bool:
        """Whether a date stands in a note that closes a table (注：数据截至9月5日), or ends its line."""
        start = self.copy.rfind("\n", 0, d.start) + 1
        return NOTE.match(self.copy, start) is not None or LINE_END.match(self.copy, d.end) is not None
