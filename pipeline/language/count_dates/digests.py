"""The time that a post as a whole is about: a summary's period, a yearbook's year, the years of its headings."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from pipeline.language.context import Context
from pipeline.language.counts.items import goes_on
from pipeline.language.counts.words import words
from pipeline.language.dates.dates import Date, find_dates
from pipeline.language.dates.days import FULL_DAY, MONTH, YEAR, existing, month_before
from pipeline.language.dates.turns import DATELINE
from pipeline.language.script import matching_copy
from pipeline.language.sentences import SENTENCE_END
from pipeline.patterns import Pattern

SPAN = Pattern(r"\s*[至到—\-－–～~]+\s*")
# （10.1-10.8）in a title: the last day.
DOTTED = Pattern(r"(?<![\d.])1?\d\.[1-3]?\d\s*[-—－–~～至]+\s*(1[0-2]|0?[1-9])\.([12]\d|3[01]|0?[1-9])(?![\d.])")
# How far into a post its first sentence may name the period that it reports, in characters.
LEAD = 60
# 一、总体情况: a heading above the first sentence.
FIRST_HEADING = Pattern(r"^[ \t\u3000]*(?:一、|（一）|1[.．、])[^\n，。；\d]{0,16}\n")
# 2019年，全县公安机关…: how a decision on praise begins that tells what for.
LEAD_YEAR = Pattern(r"(?:^|\n)[ \t\u3000]*((?:19|20)\d\d)年(?:度|以来)?[，,]")
# How far into a post such a beginning may stand, behind its address, in characters.
ADDRESS = 60
YEARBOOK = Pattern(r"年鉴\D{0,4}((?:19|20)\d\d)|((?:19|20)\d\d)\D{0,2}年鉴")
# 2019年工作总结, 技术室的2019
TITLE_YEAR = Pattern(r"(?:19|20)\d\d(?=年)|(?<=的)20[012]\d$")
# 数说2021：…
BARE_YEAR = Pattern(r"(?<![\d.\-/〔（(\[])20[012]\d(?=[:：|｜，,\s]|$)")
# 公安·司法（2016年）, put on the web in a later year
SECTION_YEAR = Pattern(r"[（(]((?:19|20)\d\d)年(?:度|摘要|摘录|节选)?[）)]$")
FIRST_MONTHS = ("01", "02", "03")
TO_COME = Pattern(r"计划|打算|安排|要点|预算|目标|思路|任务")
YEAR_END = Pattern(
    r"年终[小大]?(?:盘点|总结|晒|回眸|回顾|答卷|账|算账|战报|小结)|岁末(?!寒|慰|年初)|这一年|年度"
    r"|(?<=(?:19|20)\d\d年?)(?:都|究竟)?(?:干|做|办)了|(?<=的)20[012]\d$"
)
WORK_REPORT = Pattern(r"政府工作报告")
# 2021年1—5月工作情况; 二、上半年: of a part of a year the line tells nothing else.
PART = (
    r"(?:上半年|下半年|[前第一二三四1-4]{1,2}个?季度|(?:[\d一二三四五六七八九十]{1,2}月?份?[至到—\-－–～~]{1,2})?[\d一二三四五六七八九十]{1,2}月份?)"
    r"(?=的?(?:\p{Han}{0,4}(?:工作|采集|进展|完成|总体|基本)){0,2}(?:情况|总结|小结|进展|进度|回顾|成效)?[：:]?$)"
)
HEADING = Pattern(
    rf"(?m)^[^\n]{{0,10}}?(?:(?:19|20)\d\d|二[〇零]..)年(?:度)?(?:(?P<of>{PART})|[^\n。；，]{{0,16}}$|[^\n。；，]{{0,8}}(?:打算|计划|安排|思路|要点|目标)[^\n。；，]{{0,4}}(?=。))"
    rf"|^[ \t\u3000]*(?:[（(]?[一二三四五六七八九十]{{1,3}}[、）)]|\d{{1,2}}[.．、])?(?:今年|本年)?(?P<part>{PART})"
)
# 简报第31期　二〇二三年四月: when it appeared, not what it tells of.
ISSUE = Pattern(r"第[\d一二三四五六七八九十百〇零]{1,5}[期号]")
PERIODICAL = Pattern(r"[旬周]报|[本一这]周|本旬|[上中下]旬")
# How far into such a report a line may tell its days, in characters.
HEAD = 60
DIARY = Pattern(r"日记|日志|手记|日报|战报")
ALL_DATA = Pattern(r"数据(?:统计)?截[至止]到?$")
YEARS = Pattern(r"(?<!\d)(?:19|20)\d\d年?\s*[至到—\-－–～~]+\s*((?:19|20)\d\d)(?!\d)")
# Not the day on which samples were taken, but of what they were taken for.
INCIDENT = Pattern(
    r"发现|看[见到一](?!群众|大家|乡亲)|报[称案警失]|接报|被[盗抢害杀窃]|失窃|丢失|遇[害难]|坠|溺|漂[来着流]|尸|命案|发案|案发|走失|走散|失踪|失联|发生|失火|起火|爆炸|沉没|翻覆|倾覆|失事|坍塌|塌方|地震|透水|抓获|落网"
)
# How much of a sentence behind a day tells what it is the day of, in characters.
SENTENCE = 80


def base_date(context: Context) -> str | None:
    """The date that dates without a year lean on: the post's, of a yearbook the end of the year it describes.

    Yearbooks are named for the year they appear in and describe the one before; so do summaries of the year past.
    """
    year = _yearbook_year(context) or _summed_up(context)
    return f"{year - 1}-12-31" if year else context.published


def _summed_up(context: Context) -> int | None:
    """The year of a post of its first months whose title sums up the year before."""
    title, published = matching_copy(context.title), context.published or ""
    years = {int(year) for year in TITLE_YEAR.findall(title)}
    if len(years) != 1 or published[5:7] not in FIRST_MONTHS or int(published[:YEAR]) != max(years) + 1:
        return None
    summed = words()["digest"].search(title) or YEAR_END.search(title)
    return max(years) + 1 if summed and not TO_COME.search(title) else None


def diary_day(context: Context) -> str | None:
    """The day of the entry that a diary's title names: 驻村日记｜8月17日."""
    title = matching_copy(context.title)
    days = find_dates(title, context.published) if DIARY.search(title) else []
    return next((d.iso for d in days if len(d.iso) == FULL_DAY), None)


def week_end(context: Context) -> str | None:
    """The last day of the week that a title names: 一周（4.12—4.18）."""
    title, base = matching_copy(context.title), base_date(context)
    span = _dotted_end(title, base) or _span_end(title, find_dates(title, base))
    return span if span and len(span) == FULL_DAY else None


def titled_month(context: Context) -> str | None:
    """The month past that a title names alone, of whose days the post tells: 三月大事记, 3月份工作通报."""
    title, base = matching_copy(context.title), base_date(context)
    dates = [] if base is None or TO_COME.search(title) else find_dates(title, base)
    months = {d.iso for d in dates if not (d.since or d.deadline)}
    month = months.pop() if len(months) == 1 else ""
    return month if base and len(month) == MONTH and month < base[:MONTH] else None


def _dotted_end(title: str, base: str | None) -> str | None:
    dotted = DOTTED.search(title)
    return existing(f"{base[:YEAR]}-{int(dotted[1]):02d}-{int(dotted[2]):02d}") if dotted and base else None


def _span_end(title: str, dates: Sequence[Date]) -> str | None:
    """The last day of the last stretch that a title names by its ends."""
    spans = [b.iso for a, b in pairwise(dates) if SPAN.fullmatch(title, a.end, b.start)]
    return spans[-1] if spans else None


def _yearbook_year(context: Context) -> int | None:
    book = YEARBOOK.search(matching_copy(context.title)) or YEARBOOK.search(matching_copy(context.publisher))
    return int(book[1] or book[2]) if book else None


def told_behind(copy: str, d: Date) -> str:
    """What the sentence tells behind a date."""
    return str(SENTENCE_END.split(copy[d.end : d.end + SENTENCE], maxsplit=1)[0])


def reported(copy: str, d: Date) -> bool:
    """Whether it is the day of a report, a meeting or an incident, not of what was done about it."""
    told = told_behind(copy, d)
    if copy.startswith(("？", "?"), d.end + len(told)) and "“" not in told:
        return True  # 今天，他们的基因还像吗？
    if DATELINE.match(told):
        return True
    return words()["reported"].search(told) is not None or INCIDENT.search(told) is not None


class Digest:
    """What a post's title, first sentence and headings say its figures hold for."""

    def __init__(self, copy: str, context: Context, dates: Sequence[Date]) -> None:
        self.copy, self.context, self.dates = copy, context, dates
        self.base = base_date(context)

    @cached_property
    def title(self) -> list[Date]:
        """The dates of the title."""
        return find_dates(matching_copy(self.context.title), self.base)

    @cached_property
    def yearbook(self) -> bool:
        """Whether it is a part of a yearbook, whose figures hold for its year where they name no other time."""
        return _yearbook_year(self.context) is not None

    @cached_property
    def headings(self) -> list[tuple[int, str]]:
        """Short lines that name a year or a part of one: position, and the time."""
        found = []
        for m in HEADING.finditer(self.copy):
            first, last = (bisect_left(self.dates, at, key=lambda d: d.start) for at in m.span())
            within = [d for d in self.dates[first:last] if len(d.iso) < FULL_DAY and not d.deadline]
            if within and m.end() + 1 < len(self.copy) and ISSUE.search(m[0]) is None:
                told = within[0].iso
                if len(within) > 1 and SPAN.fullmatch(self.copy, within[0].end, within[1].start):
                    told = within[1].iso  # 数字看一年（2020年5月至2021年4月）
                    found.append((m.start(), told))
                    continue
                found.append((m.start(), told if m["of"] or m["part"] else told[:YEAR]))
        return found

    @cached_property
    def time(self) -> str | None:
        """The time a summary's title gives, with WORK_REPORT's the year before the one it opens."""
        title = matching_copy(self.context.title)
        if self.yearbook and self.base:
            return self.base[:YEAR]
        dotted = _dotted_end(title, self.base)
        if dotted:
            return dotted
        years = YEARS.search(title)
        if years and words()["digest"].search(title):
            return str(years[1])
        section = SECTION_YEAR.search(title)
        if section and self.base and section[1] < self.base[:YEAR]:
            return str(section[1])
        ends = [d for d in self.title if not d.since and not d.deadline]
        span = _span_end(title, self.title)
        if span and len(span) == FULL_DAY:
            return span
        if WORK_REPORT.search(title):
            year = int(ends[-1].iso[:YEAR]) if ends else None
            published = self.context.published or ""
            opened = published[:YEAR] == str(year) and published[5:7] in ("01", "02", "03", "04")
            past = published[:YEAR] == str((year or 0) + 1) and published[5:7] in FIRST_MONTHS
            return str(year - opened) if year and (opened or past) else None
        told = [m.start() for m in words()["digest"].finditer(title)]
        if words()["praise"].search(title) and not ends:
            return self._praised
        if not told and not YEAR_END.search(title):
            return self._month_told(ends, title)
        # 2018年总结及2019年打算: the date before the first such word.
        of_it = [d for d in ends if told and d.start < told[0]] or ends
        if of_it:  # 2017年进度日报（7月12日）
            days = [d.iso for d in ends if len(d.iso) == FULL_DAY and d.iso.startswith(of_it[-1].iso)]
            if days and title.endswith(("）", ")")):
                return days[-1]
            # 旬报（九月中旬）, and below 统计时间：9月11日至20日
            return self._lead if self._lead and self._lead.startswith(of_it[-1].iso) else of_it[-1].iso
        bare = BARE_YEAR.search(title)
        if bare and self.base and int(bare[0]) in (int(self.base[:YEAR]), int(self.base[:YEAR]) - 1):
            return str(bare[0])
        return self._lead or (self.closing_year if YEAR_END.search(title) else None)

    def _month_told(self, ends: Sequence[Date], title: str) -> str | None:
        """The month that a title names, of a post of that month or the next: 11月，我们做了这些."""
        month = ends[-1].iso if len(ends) == 1 and len(ends[0].iso) == MONTH else None
        named = month is not None and "月" in title[ends[0].start : ends[0].end]
        if not named or self.base is None or TO_COME.search(title):
            return None
        posted = self.base[:MONTH]
        return month if len(posted) == MONTH and month in (posted, month_before(posted)) else None

    @cached_property
    def week(self) -> str | None:
        """The last day of a week, or of ten days, that a report is of: in its title, or in a line at its head."""
        if self.time and len(self.time) == FULL_DAY:
            return self.time
        if PERIODICAL.search(matching_copy(self.context.title)) is None:
            return None
        head = [d for d in self.dates if d.start < HEAD and len(d.iso) == FULL_DAY]
        return _span_end(self.copy, head)

    @property
    def _praised(self) -> str | None:
        """The year that a decision on praise looks back on: its own towards its end, or one that is past."""
        year = LEAD_YEAR.search(self.copy, 0, ADDRESS)
        published = self.context.published or ""
        past = year and (year[1] < published[:YEAR] or year[1] == self.closing_year)
        return str(year[1]) if year and past else None

    @property
    def closing_year(self) -> str | None:
        """The year that a post of its last two months, or of the first two of the next, looks back on."""
        published = self.context.published or ""
        if published[5:7] in ("11", "12"):
            return published[:YEAR]
        return str(int(published[:YEAR]) - 1) if published[5:7] in ("01", "02") else None

    @cached_property
    def _lead(self) -> str | None:
        """The period that the first sentence of a summary without one in its title is about: 8月4日至8月10日，全局…"""
        line = FIRST_HEADING.sub("", self.copy[:LEAD]).partition("\n")[0]
        line = self.copy[: self.copy.find(line) + len(line)]
        span = [d for d in self.dates if d.start < len(line)]
        if len(span) == 1 and DOTTED.fullmatch(self.copy, span[0].start, span[0].end):
            return span[0].iso  # 第28周 7.6-7.12
        between = self.copy[span[0].end : span[1].start] if len(span) > 1 else ""
        return span[1].iso if SPAN.fullmatch(between) and not reported(self.copy, span[1]) else None

    @cached_property
    def all_data(self) -> str | None:
        """The day as of which the title says that all of a table's columns hold (数据截至1月14日)."""
        title = matching_copy(self.context.title)
        return next((d.iso for d in self.title if d.stated and ALL_DATA.search(title[: d.start])), None)

    def heading(self, start: int) -> str | None:
        """The year, or the part of one, that the nearest heading before `start` names."""
        number = bisect_left(self.headings, (start,))
        at, told = self.headings[number - 1] if number else (0, None)
        return None if told and len(told) > YEAR and goes_on(self.copy, at, at, start) else told
