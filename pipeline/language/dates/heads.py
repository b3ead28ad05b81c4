"""Days that head the lines of a diary and do not say that they are days: 6.20 and a blank, 周二 in a dated week."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from pipeline.language.dates.days import day_of
from pipeline.patterns import Pattern

WEEKDAYS = "一二三四五六日"
# Where a line begins, also behind a mark: ▲26日, 🔹5月3日 晴; no ①, and no bracket.
LINE_BEGINS = r"(?:^|\n)[ \t\u3000]{0,4}(?:[^\w\s\p{N}\p{Ps}\p{Pe}\p{Pi}\p{Pf}，。；：、—\-\"][ \t\u3000]?)?"
LINE_HEAD = Pattern(rf"{LINE_BEGINS}$")
# What stands before a date is looked at so far back, in characters: more than such a beginning has.
HEAD_REACH = 8
# 6.20　接县局电话
DOTTED_HEAD = Pattern(
    rf"(?<={LINE_BEGINS})(?<full_month>1[0-2]|[1-9])\.(?<full_day>3[01]|[12]\d|0?[1-9])(?=[ \t\u3000])"
)
# The sections of a tender (3.1, 3.2, 3.3) are so many at most.
SECTIONS = 12
# 周一（1月15日）: a weekday at the head of a line, before the date in brackets.
WEEK_HEAD = Pattern(rf"{LINE_BEGINS}(?:周|星期|礼拜)([一二三四五六日天])[ \t\u3000]?[（(]$")
WEEK_HEAD_REACH = 12
# How far behind 上周三 a mere 周四 is of that week too, in characters.
WEEK_REACH = 240


def dotted_days(plain: str) -> frozenset[int]:
    """Where lines begin with a day in figures: days go on and leave some out, sections are numbered one by one.

    >>> sorted(dotted_days("5.30 雨\\n6.2 晴\\n")), sorted(dotted_days("3.1 范围\\n3.2 对象\\n"))
    ([0, 7], [])
    """
    found = list(DOTTED_HEAD.finditer(plain))
    days = [(int(m["full_month"]), int(m["full_day"])) for m in found]
    in_order = len(days) > 1 and all(first < second for first, second in pairwise(days))
    return frozenset(m.start() for m in found if in_order and max(day for _, day in days) > SECTIONS)


class Week:
    """The week that weekdays without 上, 本 are of: the one a diary dates, else the last one up to a day."""

    def __init__(self, until: date | None) -> None:
        self.until = self.latest = until
        self.told_last: date | None = None  # the day told by 上周: 周一 behind 上周五 is of the week after
        self.named: int | None = None  # where a day of it is told by 上周, 本周: then 周四 behind it is of it too
        self.told = False  # whether weekdays head lines: then one within a sentence is a day too

    def known(self, at: int) -> bool:
        """Whether a weekday alone within a sentence is one of this week: 上周三采70人；周四下雨，采21人."""
        return self.told or (self.named is not None and at - self.named < WEEK_REACH)

    def tell(self, day: date, end: int) -> None:
        """That a day of this week was told, by 上周 or 本周, up to a place."""
        self.until, self.named, self.told_last = day + timedelta(days=6 - day.weekday()), end, day

    def headed(self, before: str, iso: str) -> bool:
        """Whether a day stands in brackets behind a weekday at the head of a line, which dates the week."""
        head, day = WEEK_HEAD.search(before[-WEEK_HEAD_REACH:]), day_of(iso)
        if head is None or day is None:
            return False
        self.until = day + timedelta(days=6 - weekday_number(head[1]))
        return True

    def day(self, weekday: str) -> str | None:
        """The day of a weekday of this week."""
        if self.until is None:
            return None
        found = self.until + timedelta(days=(weekday_number(weekday) - self.until.weekday()) % -7)
        after = found + timedelta(days=7)
        if self.told_last and self.latest and found < self.told_last and after <= self.latest:
            return after.isoformat()
        return found.isoformat()


def weekday_number(weekday: str) -> int:
    """0 for Monday, 6 for Sunday, however that is called."""
    return WEEKDAYS.index(weekday.replace("天", "日"))
