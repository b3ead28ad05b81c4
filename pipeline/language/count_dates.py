"""The date a figure holds for (`as_of`).

Of what was taken or is held: the date in its sentence, else the period its paragraph, the heading above or the title
is about, or the day on which the paragraph says it happened. Of what is still to be taken: the deadline.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

import regex

from pipeline.language.context import Context
from pipeline.language.count_digests import (
    FULL_DAY,
    MONTH,
    SENTENCE_END,
    SPAN,
    YEAR,
    Digest,
    base_date,
    reported,
    told_behind,
)
from pipeline.language.count_words import RATE, words
from pipeline.language.dates import LABEL, Date, find_dates
from pipeline.language.script import matching_copy
from pipeline.language.sentences import LONGEST, PARAGRAPH
from pipeline.records import CountKind

SO_FAR = regex.compile(
    r"截[至止]目前|目前|现在|眼下|至今|如今|现已|迄今|每天|日均|天里|(?:个|多|半)月[来下]|以来(?![漏未没])|近日|多年来|前后[\p{Han}\d]{1,4}月"
)
# A post that tells how far the collection has come is no notice of one.
UNDER_WAY = regex.compile(r"截至|截止(?=到|目前|\d)|已采|累计|实采|实际采集|完成率|采集率|(?<![可代])以来")
CONCERNS = regex.compile(r"论坛|招标文件|开标|投标|报名")
# 东、西两所…12月20日前: a deadline for some.
SOME_ONLY = regex.compile(
    r"(?:[一二两三四五六七八九十几\d]个?|该|个别|部分|上述|以上)(?:派出所|所|乡镇|乡|镇|村|县|单位)"
    r"|\d[万千]?[余多]?[名人户位份]"
)
TASK_OF_YEAR = regex.compile(r"年初[^，。；]{0,8}(?:下达|确定|定下|分配|批复|核定|目标|任务)|年度任务|全年任务")
# A share of a task, which has no day of its own.
QUOTA = regex.compile(r"指标|任务|名额")
REST = regex.compile(r"(?:剩余|余下|其余)(?=任务|工作|人员|对象|血样|样本)")
ENDS = regex.compile(r"(?:前后|左右)?(?:全[部面])?(?:结束|截止|停采|截采|收官|收尾|止)")
SUM = regex.compile(r"合计|总计|共计")
WHOLE_YEAR = regex.compile(r"全年|年度|一年来|当年|年内共|一年[里间]|这一年")
FIRST_DAY = regex.compile(r"首日|第一天|头天|当日启动")
THAT_DAY = regex.compile(r"当[天日晚]|这天|这一天|到下班|全天|到傍晚|收工")
# What one day, or a part of it, brought, without saying which.
ONE_DAY = regex.compile(r"(?:一|半)(?:个?[上下]午|个?晚上|[天日晚夜])(?![天天之以后])")
# What a stretch of days told of brought: 三天下来, 五天, 四日内.
SOME_DAYS = regex.compile(
    r"(?<![第每过前\d月])(?:[1-9]\d?|[二两三四五六七八九十]{1,3}|几|数)[多来余]?[天日](?![之以]?[前后]|[\d，,]?\d)|半个?多?月(?=[下里内])"
)
# Some time after the day told of.
LATER = regex.compile(
    r"(?:[\d一二两三四五六七八九十几数半]个?(?:多|来)?(?:天|日|周|星期|月|年)[之以]?后)|次日|翌日|第[二三四五六七八九十\d]+天"
)
PART_END = regex.compile(r"[，。；,;\n]")
# Days of an arrest: those taken are sampled some time after.
ARREST = regex.compile(r"抓获|抓捕|落网|归案|擒获")
CLAUSES_END = regex.compile(r"[。；;\n]")
# The last of several deadlines: 10月底前完成80%，11月10日前全部清零.
ALL_OF_IT = regex.compile(r"全[部面镇县市]")
ALL_SAMPLES = regex.compile(r"全部(?:样本|样品|血样|血卡|检材|卡片|结果)")
# What a purchase asks for has its own deadline; else tests come after the samples.
TESTS = regex.compile(r"检[验测]|验收")
OWN_FIGURE = regex.compile(r"[\d百千万][万千]?余?(?:[份名例枚条张]|人(?!次))")
NOTE = regex.compile(r"[\s　（(【*※]*(?:附?注|备注|说明|以上|数据|统计|填报|制表)")
LINE_END = regex.compile(r"[日）)】。\s]*(?:$|\n)")
WEATHER = regex.compile(r"[\s,，、]*+(?:(?:星期.|周.)[\s,，、]*+)?(?:晴|阴|雨|雪|多云|风|霜|雾|浮尘|沙尘)")
# A table's caption stands this close before its header, in characters.
CAPTION = 60
TAKEN = regex.compile(r"[^，。；]{0,20}?(?:采|抽血|取[血样]|入库|建库)")


class Calendar:
    """The dates of one post, and which of them each figure holds for. `mass`: it is about a population's samples."""

    def __init__(self, copy: str, context: Context, *, mass: bool = False) -> None:
        self.copy, self.context, self.mass = copy, context, mass
        self._due: dict[tuple[bool, bool], str | None] = {}

    @cached_property
    def digest(self) -> Digest:
        """What the post as a whole is about."""
        return Digest(self.copy, self.context, find_dates(self.copy, base_date(self.context)))

    @cached_property
    def dates(self) -> list[Date]:
        """The dates of the text; 本月 of a month's report is the month that it reports."""
        dates, time = self.digest.dates, self.digest.time
        if time and len(time) == MONTH:
            return [replace(d, iso=time) if self._this_month(d) else d for d in dates]
        return list(dates)

    def _this_month(self, d: Date) -> bool:
        return self.copy.startswith(("本月", "当月"), d.start) and not d.deadline and len(d.iso) < FULL_DAY

    @cached_property
    def names_samples(self) -> bool:
        """Whether the title names samples."""
        return words()["sample"].search(matching_copy(self.context.title)) is not None

    def as_of(self, kind: CountKind, start: int, end: int, sentence_start: int) -> str | None:
        """The date of a figure that stands from `start` to `end` in a sentence that begins at `sentence_start`."""
        clauses_start = sentence_start
        sentence_start, sentence_end = self._sentence(sentence_start, end)
        if kind == "target":
            return self._deadline(start, end, sentence_start, sentence_end)
        here = [d for d in self.dates if sentence_start <= d.start < start and (d.stated or not d.deadline)]
        here = [d for d in here if not ARREST.search(PART_END.split(told_behind(self.copy, d), maxsplit=1)[0])]
        if here:
            return self._named(here)
        behind = [d for d in self.dates if end <= d.start < min(sentence_end, end + 12) and self._takes(d, end)]
        if behind:
            return behind[0].iso
        sentence = self.copy[clauses_start:sentence_end]
        if WHOLE_YEAR.search(sentence):
            return self._year(start)
        if self.digest.yearbook:
            return self.digest.time
        before = [d for d in self.dates if d.start < start and not d.deadline]
        cumulative = (
            kind == "coverage"
            or self.copy.startswith("其中", sentence_start)
            or SUM.search(self.copy, clauses_start, start)
            or RATE.search(sentence)
            or words()["done"].search(sentence)
        )
        if SOME_DAYS.search(self.copy, clauses_start, start) and not RATE.search(sentence):
            return self._stretch(before) or self._period(before, start)
        if SO_FAR.search(self.copy, clauses_start, start):
            return None
        line = self._line(start)
        stated = [d for d in before if d.stated and (cumulative or d.start >= line)]
        if stated:
            return stated[-1].iso
        return self._event(before, start, sentence_start) or self._period(before, start)

    def _sentence(self, start: int, end: int) -> tuple[int, int]:
        """Where the sentence begins and ends that holds what stands from `start` to `end`."""
        before, behind = bisect_right(self._stops, start - 1) - 1, bisect_left(self._stops, end)
        first = self._stops[before] + 1 if before >= 0 else 0
        last = self._stops[behind] if behind < len(self._stops) else len(self.copy)
        return max(first, start - LONGEST), min(last, end + LONGEST)

    @cached_property
    def _stops(self) -> list[int]:
        """The marks that end sentences."""
        return [m.start() for m in SENTENCE_END.finditer(self.copy)]

    def _line(self, at: int) -> int:
        """Where the paragraph begins in which something stands."""
        return max(self.copy.rfind("\n", 0, at) + 1, at - PARAGRAPH)

    def _takes(self, d: Date, end: int) -> bool:
        """Whether a date behind a figure is the figure's: 1,127份血样系2014年采集."""
        between = self.copy[end : d.start]
        of_it = between.endswith(("系", "于", "是")) and TAKEN.match(self.copy, d.end) is not None and not d.since
        return d.stated or (of_it and PART_END.search(between) is None)

    def _named(self, here: Sequence[Date]) -> str | None:
        """The date that the figure's own sentence names, of several the nearest; 截至 outweighs a mere year."""
        last, stated = here[-1], [d for d in here if d.stated]
        if stated and len(last.iso) == YEAR:
            last = stated[-1]
        ends = [d for d in here if not d.since and d.iso > last.iso]
        if last.since and ends:  # 2007年, 清理1985年以来…
            return ends[-1].iso
        if last.since:  # a weekly digest counts from then to its own end, 今年以来 holds for the year so far
            if self.digest.time and len(self.digest.time) == FULL_DAY:
                return self.digest.time
            return last.iso if self.copy.startswith(("今年以来", "今年来"), last.start) else None
        return last.iso

    def _stretch(self, before: Sequence[Date]) -> str | None:
        """The end of the last stretch of days told of (8月10日至12日)."""
        for first, last in reversed(list(pairwise(before))):
            if len(last.iso) == FULL_DAY and SPAN.fullmatch(self.copy, first.end, last.start):
                return last.iso
        return None

    def _event(self, before: Sequence[Date], start: int, sentence_start: int) -> str | None:
        """The day on which the paragraph, or the one before it, says it happened."""
        days = [d for d in before if len(d.iso) == FULL_DAY]
        if FIRST_DAY.search(self.copy, sentence_start, start):
            return days[-1].iso if days else None
        days = [d for d in days if not d.since]
        if THAT_DAY.search(self.copy[sentence_start : start + 30].partition("\n")[0]):
            told = [d for d in days if not d.relative] or days
            return told[-1].iso if told else None
        days = [d for d in self._happened if d.start < start]
        days = [d for d in days if not d.relative] or days
        if ONE_DAY.search(self.copy, sentence_start, start):
            if days and days[-1].relative:  # 昨夜…, 今天一上午: the later of them
                return max(d.iso for d in days)
            return days[-1].iso if days else None
        if len(self._entries) > 1 or (self._entries and WEATHER.match(self.copy, self._entries[0].end)):
            day = next((d for d in reversed(self._entries) if d.start < start), None)
            return day.iso if day else None
        line = self._line(start)
        above = len(self.copy[: max(0, line - 1)].rstrip())
        second = self._line(above)
        days = [d for d in days if d.start >= line or (d.start >= second and not self._counted(d))]
        return days[-1].iso if days and not self._moves_on(days[-1], before, start) else None

    @cached_property
    def _happened(self) -> list[Date]:
        """The days on which something is told to have happened."""
        days = (d for d in self.dates if len(d.iso) == FULL_DAY and not (d.since or d.stated or d.deadline))
        return [d for d in days if not reported(self.copy, d) and not self._dateline(d)]

    def _counted(self, d: Date) -> bool:
        """Whether the sentence of a date has a figure of its own."""
        return OWN_FIGURE.search(told_behind(self.copy, d)) is not None

    @cached_property
    def _entries(self) -> list[Date]:
        """The days that head the entries of a diary."""
        return [d for d in self.dates if d.entry]

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
        if periods and self.mass and not periods[-1].since and self._carries(periods[-1]):
            return periods[-1].iso
        if WHOLE_YEAR.search(self.copy, line, start):
            return self._own_year
        heading = self.digest.heading(line)
        return heading or self.digest.time

    def _carries(self, d: Date) -> bool:
        """Whether the sentences behind a time are about it: no look back (早在), no day until when a figure holds."""
        own = self.copy.endswith(("到", "至"), 0, d.start) and self._counted(d)
        return not own and not self.copy.endswith("早在", 0, d.start)

    def _year(self, start: int) -> str | None:
        """The year that 全年, 本年度 mean."""
        before = [d for d in self.dates if d.start < start and not d.deadline and not d.since and len(d.iso) == YEAR]
        line = self._line(start)
        if before and (before[-1].start >= line or not self.digest.time):
            return before[-1].iso
        return self._own_year

    @property
    def _own_year(self) -> str | None:
        """The year that the post as a whole is about."""
        return self.digest.time[:YEAR] if self.digest.time else self.digest.closing_year

    def _deadline(self, start: int, end: int, sentence_start: int, sentence_end: int) -> str | None:
        """The deadline that the sentence names, else the year of the task, else the post's only deadline to come."""
        here = [d for d in self.dates if sentence_start <= d.start < sentence_end]
        due = [d for d in here if self._is_due(d)]
        if due:
            whole = [d for d in due if self._of_all(d)]
            last = whole[0] if len(whole) == 1 else next((d for d in due if d.start >= end), due[-1])
            return last.iso if last.deadline else last.coming
        if TASK_OF_YEAR.search(self.copy, sentence_start, start) and self.context.published:
            return self._task_year
        clause = max(m.end() for m in PART_END.finditer(f"，{self.copy[sentence_start:start]}")) - 1
        quota = QUOTA.search(self.copy, sentence_start + clause, min(end + len("个指标"), sentence_end)) is not None
        line = self._line(start)
        for told in (here, [d for d in self.dates if line <= d.start < start and not quota]):
            ahead = [d for d in told if d.coming > (self.context.published or "9") and not d.since]
            # a month behind a figure is that of something else in a post about a population's samples
            ahead = [d for d in ahead if d.start < start or len(d.coming) != MONTH or not self.mass]
            if ahead:
                return next((d for d in reversed(ahead) if d.start < start), ahead[0]).coming
        years = [d for d in here if d.start < start and not d.since and (self._is_year(d) or self._is_now(d))]
        if years:
            return years[-1].iso
        heading = self.digest.heading(start)
        if heading and heading >= (self.context.published or "9")[:YEAR]:
            return heading  # 2022年打算
        return self.due(scheduled=not quota)

    def _is_year(self, d: Date) -> bool:
        """Whether it is a year whose task a post may tell of: the post's own, the one before, or one to come."""
        return len(d.iso) == YEAR and int(d.iso) >= int((self.context.published or "0")[:YEAR]) - 1

    def _is_now(self, d: Date) -> bool:
        return self.copy.startswith("本月", d.start) and d.iso == (self.context.published or "")[: len(d.iso)]

    def _is_due(self, d: Date) -> bool:
        """Whether something is to be done by that date, or ends with it."""
        return d.deadline or (ENDS.match(self.copy, d.end) is not None and d.coming > (self.context.published or "9"))

    @property
    def _task_year(self) -> str | None:
        """The year of a task that was set at its beginning."""
        digest = self.digest.time or self.context.published
        return digest[:YEAR] if digest else None

    def _of_all(self, d: Date) -> bool:
        """Whether everything is to be done by then: the last of several deadlines."""
        return ALL_OF_IT.search(PART_END.split(self.copy[d.end : d.end + 30], maxsplit=1)[0]) is not None

    def due(self, *, yearly: bool = True, scheduled: bool = True) -> str | None:
        """The only deadline of the whole collection that the post names, else the year whose task it is (`yearly`),
        else the last day set for coming (`scheduled`)."""
        if (yearly, scheduled) not in self._due:
            self._due[yearly, scheduled] = self._only_due(yearly=yearly, scheduled=scheduled)
        return self._due[yearly, scheduled]

    def _only_due(self, *, yearly: bool, scheduled: bool) -> str | None:
        named, last = set[str](), set[str]()
        bought = words()["purchase"].search(matching_copy(self.context.title)) is not None
        for d in self.dates:
            if not self._is_due(d):
                continue
            before = CLAUSES_END.split(self.copy[max(0, d.start - 20) : d.start])[-1]
            after = CLAUSES_END.split(self.copy[d.end : d.end + 30], maxsplit=1)[0]
            told = REST.sub("", before[-10:] + self.copy[d.start : d.end] + after)
            told = TESTS.sub("", told) if bought else told
            apart = SOME_ONLY.search(before) or (d.deadline and words()["repair"].search(told))
            if ALL_SAMPLES.search(told) or (
                (words()["finish"].search(after) or not d.deadline or LABEL.search(before)) and not apart
            ):
                named.add(d.iso if d.deadline else d.coming)
                if self._of_all(d):
                    last.add(d.iso if d.deadline else d.coming)
        if len(last) == 1 or len(named) == 1:
            return (last or named).pop()
        if not named and self.digest.time and len(self.digest.time) == YEAR:
            return self.digest.time if yearly else None
        if not named and self.digest.all_data:
            return self.digest.all_data
        if not named and TASK_OF_YEAR.search(self.copy):
            return self._task_year
        return None if named or not scheduled else self._scheduled

    @cached_property
    def _scheduled(self) -> str | None:
        """The last day that a notice sets for coming to be sampled (5月22日、23日两天到我校采血)."""
        published = self.context.published or ""
        days: set[str] = set()
        if not published or UNDER_WAY.search(self.copy):
            return None
        for d in self.dates:
            if d.stated or d.since or len(d.iso) == YEAR or d.coming < published[: len(d.coming)]:
                continue
            start, end = self._sentence(d.start, d.end)
            told = self.copy[start:end]
            if d.relative and d.coming == published:  # 今天
                continue
            of_some = d.deadline and SOME_ONLY.search(self.copy, start, d.start)
            if of_some or CONCERNS.search(told) or words()["repair"].search(told):
                continue
            if words()["sample"].search(told) or words()["collect"].search(told):
                days.add(d.coming)
        return max(days, default=None)

    def table(self, header_start: int) -> str | None:
        """As of when a table holds: the last stated date before it, else the last month or day, else the title's."""
        before = [d for d in self.dates if d.start < header_start and (d.stated or not d.deadline) and not d.since]
        stated = [d for d in before if d.stated]
        near = [d for d in before if d.start > header_start - CAPTION]
        dated = near or [d for d in before if len(d.iso) > YEAR and not self.digest.time]
        notes = [d for d in self.dates if d.start > header_start and d.stated and self._in_note(d)]
        told = [d for d in self.digest.title if (d.stated or not d.deadline) and not d.since]
        if stated or dated or notes:
            return (stated or dated or notes)[-1].iso
        return self.digest.time or (told[-1].iso if told else None)

    def _in_note(self, d: Date) -> bool:
        """Whether a date stands in a note that closes a table (注：数据截至9月5日), or ends its line."""
        start = self.copy.rfind("\n", 0, d.start) + 1
        return NOTE.match(self.copy, start) is not None or LINE_END.match(self.copy, d.end) is not None
