"""The days that a post tells, and what each is the day of: an entry of a diary, a list below it, what happened then."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property

from pipeline.language.count_dates.days import DAYS, OWN_FIGURE
from pipeline.language.count_dates.deadlines import PART_END, Deadlines
from pipeline.language.count_dates.digests import INCIDENT, reported, told_behind
from pipeline.language.counts.items import Items, goes_on
from pipeline.language.dates.dates import Date
from pipeline.language.dates.days import FULL_DAY, YEAR
from pipeline.language.sentences import last_letter
from pipeline.patterns import Pattern

# Some time after the day told of.
LATER = Pattern(
    r"(?:[\d一二两三四五六七八九十几数半]个?(?:多|来)?(?:天|日|周|星期|月|年)[之以]?后)|次日|翌日|(?:[，。；]|民警|专案组|派出所)后来|事后|第[二三四五六七八九十\d]+天"
)
# （数据截至11月3日）; 二、进度（截至11月3日）
HEADS = Pattern(
    r"^[（(【].*[）)】]$|[:：]$"
    r"|^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、])[^，。；]{1,30}[（(][^（）()]{2,24}[）)]$"
)
# 东沟村：采血31份: an item of a list.
LISTED = Pattern(
    r"[ \t\u3000]*(?:(?P<named>\p{Han}{2,10}[:：])|(?P<numbered>\d{1,2}[.．、](?!\d))|(?P<marked>[-·•●▲◆■★☆◎]))"
)
WEATHER = Pattern(r"[\s,，、]*+(?:(?:星期.|周.)[\s,，、]*+)?(?:晴|阴|雨|雪|多云|风|霜|雾|浮尘|沙尘)")
# 2019-2-20 09:14: when a post of a forum was written.
CLOCK = Pattern(r"(?:[ \t\u3000]*\d{1,2}[:：]\d\d(?:[:：]\d\d)?[ \t\u3000]*)?(?:\n|$)")
# A list of figures under one head is no longer, in characters.
LIST = 600


class Entries(Deadlines):
    """The dates of one post, and the days among them on which something happened."""

    @cached_property
    def items(self) -> Items:
        """The items that the post is divided into."""
        return Items(self.copy)

    @cached_property
    def _happened(self) -> set[int]:
        """Where the days start on which something is told to have happened."""
        days = (d for d in self.dates if len(d.iso) == FULL_DAY and not (d.since or d.stated or d.deadline))
        return {d.start for d in days if not reported(self.copy, d) and not self._dateline(d)}

    def _heads(self, d: Date) -> bool:
        """Whether a date stands in a line of its own, for all below: （数据截至11月3日18时）."""
        line = self.copy[self._line(d.start) :].partition("\n")[0].strip()
        return HEADS.search(line) is not None and OWN_FIGURE.search(line) is None

    def _closed(self, d: Date, start: int) -> bool:
        """Whether a date stands in a numbered head, and the next head of that rank before a figure."""
        return self._heads(d) and goes_on(self.copy, self._line(d.start), d.end, start)

    def _above(self, line: int) -> list[tuple[int, int]]:
        """The line above another, and above an item of a list also the line above the whole list: start and end."""
        lines, item, begin = list[tuple[int, int]](), LISTED.match(self.copy, line), line
        while begin > 0 and line - begin < LIST:
            end = last_letter(self.copy, max(0, begin - 1))
            begin = self._line(end)
            own = LISTED.match(self.copy, begin)
            if item is None or own is None or own.lastgroup != item.lastgroup:
                return [*lines, (begin, end)]
            lines = lines or [(begin, end)]
        return lines

    def _heads_list(self, d: Date, line: int) -> bool:
        """Whether a day heads the list of short lines that a line belongs to: 采样情况（7月10日—28日）："""
        if line - d.end > LIST or not self._heads(d):
            return False
        first = self.copy.find("\n", d.end)
        listed = self.copy[first + 1 : line].split("\n")
        return line - first < LIST and all(OWN_FIGURE.search(item) and "。" not in item for item in listed[:-1])

    def _above_list(self, d: Date, line: int) -> bool:
        """Whether a day stands in the line above the list of items that a line belongs to: 截至…共1288份。1.东镇：…"""
        above = LISTED.match(self.copy, self._line(d.start))
        if above or LISTED.match(self.copy, line) is None or line - d.end > LIST:
            return False
        first = self.copy.find("\n", d.end)
        items = self.copy[first + 1 : line].split("\n")[:-1]
        return 0 <= first < line and all(LISTED.match(item) or not item.strip() for item in items)

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
        closes = CLOCK.match(self.copy, d.end) is not None
        return d.start > line and closes and not self.copy[line : d.start].count("，")

    def _of_incident(self, d: Date) -> bool:
        """Whether the clause behind a time tells of a crime or a loss."""
        told = told_behind(self.copy, d).lstrip("，, ")
        return INCIDENT.search(PART_END.split(told, maxsplit=1)[0]) is not None

    def _first_day(self, days: Sequence[Date], at: int) -> str | None:
        """The day with which the days counted at a place (第二天) began: the last told, of a stretch the first."""
        told = [d for d in days if d.end <= at]
        several = len(told) > 1 and DAYS.fullmatch(self.copy, told[-2].end, told[-1].start)
        return told[-2 if several else -1].iso if told else None
