"""The day, month or year that one date of a Chinese post means: what it leaves unsaid, earlier dates tell.

`dates` finds them and says what each is for: a deadline, the beginning of a stretch, the head of an entry.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import timedelta
from functools import cached_property

import regex

from pipeline.language.counts.numerals import to_number
from pipeline.language.dates.cues import (
    AIMED_THEN,
    BACK,
    DATA_UNTIL,
    EXPECTED,
    LUNAR,
    NOT_A_DAY,
    RUNS_ON,
    SEASON,
    SEASONS,
    THIS_OR_LAST,
)
from pipeline.language.dates.days import (
    MONTH,
    bare_day,
    century_of,
    day_of,
    days_before,
    month_before,
    of_stretch,
    turns_month,
)
from pipeline.language.dates.documents import Quoted
from pipeline.language.dates.feasts import SOON, feast_day, feast_month
from pipeline.language.dates.heads import Week, dotted_days, weekday_number
from pipeline.language.dates.months import month_named, month_number
from pipeline.language.dates.pattern import RELATED_YEARS, RELATIVE_DAYS, RELATIVE_YEARS
from pipeline.language.dates.plans import Plan, plans
from pipeline.language.dates.turns import heads, of_last_year, turn_day
from pipeline.language.sentences import SENTENCE_END

# A plan holds no more parts that begin a plan too (明年打算, in it 下一步).
NESTED = 4
# From this day on the end of the month has come.
MONTH_ENDS = 25
TWO_DIGITS = 2
FIRST_HALF_ENDS = 6
# 年底 of a post of these months is its own year's.
LAST_MONTHS = 11


class Resolving:
    """The dates of one text as they are read in order, with the year, month and day that later ones lean on."""

    def __init__(self, plain: str, published: str | None, today: str | None, week: str | None) -> None:
        self.plain, self.published = plain, published
        self.post_year = int(published[:4]) if published else None
        self.post_month = int(published[5:7]) if published and len(published) >= 7 else None
        self.year: int | None = None
        self.coming: int | None = None
        self.month: int | None = None
        self.month_past: str | None = None  # the last month told that is past
        self.day = 0  # the last day told, of that month
        self.days_on = 0  # how many days in turn it is the last of
        self.last_day: str | None = None  # the last day told
        self.told_month: int | None = None  # where the last date ends, if that is a month
        self.titled: str | None = None  # the month that a title names
        self.over_month: tuple[str, str] | None = None  # the stretch told last, over the end of a month
        self.named_year: int | None = None
        self.story_year: int | None = None  # the last one told by its number
        self.today = day_of(today)
        self.week = Week(day_of(week))
        self.dotted = dotted_days(plain)
        self.quoted: Quoted | None = None
        self.head: tuple[int, int] | None = None  # the last past year told without a month, and where it ends
        self.told: tuple[int, int, int] | None = None  # the last year named, its month (0 for none), and where

    @cached_property
    def _plans(self) -> list[Plan]:
        return plans(self.plain, self.post_year)

    def _next_year(self, m: regex.Match[str]) -> bool:
        """Whether a month or 年底 without a year is one of the plan for the year after the post."""
        if m["year"] or self.post_month is None or not (m["month"] or m["year_close"]):
            return False
        last = bisect_left(self._plans, m.start(), key=lambda p: p.start)
        plan = next((p for p in reversed(self._plans[max(0, last - NESTED) : last]) if m.start() <= p.end), None)
        if plan is None or plan.next_year:
            return plan is not None
        month = int(month_number(m["month"]) or 0) if m["month"] else 12
        return self.post_month >= LAST_MONTHS and month < self.post_month

    def _named(self, text: str | None) -> int | None:
        if text is None:
            return None
        if text in ("同", "当"):
            return self.named_year or self.post_year
        if text == "次":
            return self.story_year + 1 if self.story_year else None
        if text in RELATIVE_YEARS:
            return None if self.post_year is None else self.post_year + RELATIVE_YEARS[text]
        if text.isdecimal() and len(text) == TWO_DIGITS:
            return century_of(int(text), self.post_year)
        value = to_number(text.replace("○", "〇"))
        return int(value) if value and 1900 < value < 2100 else None

    def _iso(self, m: regex.Match[str], ahead: bool) -> tuple[str, str] | None:
        """The date of a match, and the same where it lies ahead."""
        if m["relative"] or m["next_day"]:
            return self._relative(m)
        if m["week"]:
            return self._weekday(m["week"], m["weekday"], m.end())
        if m["this"]:
            return self._this_month(m)
        if m["year_close"] or m["opening"]:
            return self._year_close(m, ahead)
        if m["full"]:
            return self._full(m)
        if m["only_day"]:
            return self._only_day(m, ahead)
        if m["feast"] or m["feast_day"]:
            return self._feast(m)
        explicit = self._named(m["year"])
        if explicit is not None and m["year"] not in ("同", "当"):
            self.named_year = explicit
            self.story_year = explicit if m["year"] not in RELATED_YEARS else self.story_year
        base = explicit or self.post_year
        if m["month"]:
            return self._month(m, explicit, base, ahead)
        self.year, self.month = explicit or self.year, None if explicit else self.month
        if base is not None and m["half"]:
            return self._part(m, base, 1 if m["half"] == "上半年" else 7, 6)
        if base is not None and m["months"]:
            return _twice(f"{base}-{int(to_number(m['months']) or 1):02d}")
        if base is not None and m["quarter"]:
            return self._part(m, base, 3 * int(to_number(m["quarter"]) or 1) - 2, 3)
        return _twice(str(explicit)) if explicit else None

    def _relative(self, m: regex.Match[str]) -> tuple[str, str] | None:
        """A day told by the post's own (昨天), or by the last one told (次日, at the head of a diary's entry)."""
        if m["next_day"]:
            following = days_before(self.last_day, -1) if self.last_day else None
            return _twice(following) if following else None
        day = self.today and self.today + timedelta(days=RELATIVE_DAYS.get(m["relative"], 0))
        return _twice(day.isoformat()) if day else None

    def _part(self, m: regex.Match[str], base: int, first: int, months: int) -> tuple[str, str]:
        """A half or a quarter that begins with the month `first`: of the year before where it lies after the post."""
        named = base if m["year"] else self._year_headed(m.start()) or self._half_told(m)
        told = named is None and self.post_month is not None and first > self.post_month
        base = named or base
        return f"{base - told}-{first + months - 1:02d}", f"{base}-{first + months - 1:02d}"

    def _half_told(self, m: regex.Match[str]) -> int | None:
        """The past year whose first half the paragraph has told: 2019年上半年采400份。下半年…2350份."""
        if m["half"] != "下半年" or self.told is None or self.told[1] != FIRST_HALF_ENDS:
            return None
        between = self.plain[self.told[2] : m.start()]
        return None if "\n" in between or BACK.search(between) else self.told[0]

    def _month(
        self, m: regex.Match[str], explicit: int | None, base: int | None, ahead: bool
    ) -> tuple[str, str] | None:
        number = month_named(self.plain, m)
        lunar = m["year"] is None and not m["day"] and LUNAR.match(self.plain, m.end("month") + 1)
        if number is None or not 1 <= number <= 12 or lunar:
            return None
        explicit = explicit or (self._year_ahead(m) if ahead else self._year_told(m.start(), int(number)))
        base = explicit or base
        if base is None:
            return None
        self.month = int(number)
        soon = explicit is None and self.post_month is not None and self.post_month - self.month > SOON
        coming = base + (soon or (explicit is None and self._next_year(m)))
        base = coming if ahead else base
        later = self.post_month is not None and self.month > self.post_month
        ends = (
            self.month == self.post_month and m["part"] == "底" and int((self.published or "")[8:] or 31) < MONTH_ENDS
        )
        if explicit is None and (later or ends) and not ahead:
            base -= 1
        self.year, self.coming = base, coming
        day = int(to_number(m["day"]) or 0) if m["day"] else 0
        day = turn_day(m["turn"], base, self.month) if m["turn"] else day
        tail = f"-{self.month:02d}-{day:02d}" if 1 <= day <= 31 else f"-{self.month:02d}"
        return f"{base}{tail}", f"{coming}{tail}"

    def _year_told(self, start: int, month: int) -> int | None:
        """The year that a story is in: 2019年8月启动，10月11日采集… in a post of 2021."""
        paper = self.quoted.year_of(self.plain, start, month) if self.quoted else None
        if paper:
            return paper
        headed = self._year_headed(start)
        if headed or (self.post_year and of_last_year(self.plain, start)):
            return headed or int(self.post_year or 0) - 1
        if self.told is not None and self.post_year is None:
            return self.told[0]  # a page without a date, such as a yearbook's, tells its year once
        if self.told is None or self.post_year is None or self.told[0] >= self.post_year:
            return None
        if DATA_UNTIL.search(self.plain[max(0, start - 10) : start]) or month == self.post_month:
            return None
        year, since, at = self.told
        between = self.plain[at:start]
        if BACK.search(between) or month < since:
            return None
        season = SEASON.match(self.plain, at)
        if season and month in SEASONS[season["season"]]:
            return year
        return None if "\n" in between or (not since and "。" in between) else year

    def _year_headed(self, start: int) -> int | None:
        """The past year of the heading over a month or quarter: 2020年Y库采血数：一季度1203份."""
        if self.head is None or BACK.search(self.plain, self.head[1], start):
            return None
        return self.head[0] if heads(self.plain, self.head[1], start) else None

    def _year_ahead(self, m: regex.Match[str]) -> int | None:
        """The year to come of the deadline before this one: 2026年3月底前完成六成，6月底前… in a post of 2025."""
        if self.told is None or m["year"] or not m["month"] or self.told[0] <= (self.post_year or 0):
            return None
        year, since, at = self.told
        later = 0 < since <= (month_number(m["month"]) or 0) and SENTENCE_END.search(self.plain, at, m.start()) is None
        return year if later else None

    def _feast(self, m: regex.Match[str]) -> tuple[str, str] | None:
        """A holiday, its eve, or the month of one by which, or then, something is done."""
        if self.post_year is None or self.post_month is None:
            return None
        if m["feast_day"]:
            return _twice(feast_day(m["feast_day"], str(self.published), eve=bool(m["eve"])))
        month = feast_month(m["feast"], self.plain[m.end() : m.end() + 1], self.post_year, self.post_month)
        return _twice(month) if month else None

    def _weekday(self, week: str, weekday: str, end: int) -> tuple[str, str] | None:
        """A day of the post's week, or of the one before it (上周五); of a week's diary the last such day."""
        if week not in THIS_OR_LAST:
            told = self.week.day(weekday)
            return _twice(told) if told else None
        if self.today is None:
            return None
        days = weekday_number(weekday) - self.today.weekday() - 7 * (week == "上")
        day = self.today + timedelta(days=days)
        if not (week == "上" and self.week.told):  # 周一采31人；上周一采9人, in a diary
            self.week.tell(day, end)
        return _twice(day.isoformat())

    def _full(self, m: regex.Match[str]) -> tuple[str, str] | None:
        """A date in figures with marks between: 2020.9.20, 截至9.20."""
        if m["full_year"] is None and self.post_year is None:
            return None
        self.month = int(m["full_month"])
        later = self.post_month is not None and self.month > self.post_month
        self.year = int(m["full_year"]) if m["full_year"] else int(self.post_year or 0) - later
        self.coming = self.year
        return _twice(f"{self.year}-{self.month:02d}" + (f"-{int(m['full_day']):02d}" if m["full_day"] else ""))

    def _this_month(self, m: regex.Match[str]) -> tuple[str, str] | None:
        """A month, or a day of it, told by the month of the post (上月25日, 下月底); 当月 is the one told of."""
        if (m["this"] == "当月" or self._that_month(m)) and self.year and self.month:
            year, month = self.year, self.month
        elif self.post_year is None or self.post_month is None:
            return None
        else:
            step = {"上": -1, "下": 1}.get(m["this"][0], 0) - self._before_told(m)
            year, month = divmod(self.post_year * 12 + self.post_month - 1 + step, 12)
            month += 1
        day = int(to_number(m["this_day"]) or 0) if m["this_day"] else 0
        return _twice(f"{year}-{month:02d}" + (f"-{day:02d}" if 1 <= day <= 31 else ""))

    def _that_month(self, m: regex.Match[str]) -> bool:
        """Whether 这个月 is the month told last, in its line: 11月，又认亲两例；这个月还采血12份."""
        at = self.told_month
        return m["this"] in ("这个月", "这月") and at is not None and "\n" not in self.plain[at : m.start()]

    def _before_told(self, m: regex.Match[str]) -> bool:
        """Whether 上月 is the month before the one told of, itself the last: 11月采312份，比上月少19份, in December."""
        at, told = self.told_month, f"{self.year}-{self.month or 0:02d}"
        if m["this"][0] != "上" or at is None or told != month_before((self.published or "")[:MONTH]):
            return False
        return SENTENCE_END.search(self.plain, at, m.start()) is None

    def _year_close(self, m: regex.Match[str], ahead: bool) -> tuple[str, str] | None:
        """年初以来; 年底: this year's where it lies ahead, else that of the year told of, or the last that is past."""
        if self.post_year is None:
            return None
        story = self.named_year if self.plain[m.start() - 1 : m.start()] == "到" else None
        if story and story < self.post_year and not AIMED_THEN.match(self.plain, m.end()):
            return _twice(str(story))  # 2003年8月…，到年底先后采集…
        if m["year_close"] and self._next_year(m):
            return _twice(str(self.post_year + 1))
        if m["opening"] or ahead or EXPECTED.search(self.plain[max(0, m.start() - 6) : m.start()]):
            return _twice(str(self.post_year))
        past = self.post_year - (self.post_month is not None and self.post_month < LAST_MONTHS)
        return str(min(self.year or past, self.post_year)), str(self.post_year)

    def _before_ahead(self, m: regex.Match[str], day: int) -> str | None:
        """The day of the month told before that of a deadline: ▲26日 …要求5月10日前完成。▲27日 …"""
        if self.month_past is None or RUNS_ON.search(self.plain[max(0, m.start() - 2) : m.start()]):
            return None
        told, here = f"{self.month_past}-{day:02d}", f"{self.year}-{self.month:02d}-{day:02d}"
        return told if here > (self.published or "9") >= told and day_of(told) else None

    def _only_day(self, m: regex.Match[str], ahead: bool) -> tuple[str, str] | None:
        """A day whose month was named before it, or that of the post."""
        day, before = int(to_number(m["only_day"]) or 0), self.plain[max(0, m.start() - 2) : m.start()]
        if NOT_A_DAY.search(before) or not 1 <= day <= 31:
            return None
        if self.year and self.month:
            listed = self.over_month and of_stretch(self.over_month, f"{self.year}-{self.month:02d}", day)
            if listed:
                return _twice(listed)
            in_turn = self.days_on > 1  # 高峰在10日 behind 5月28日 is no later
            if in_turn and not ahead and turns_month((self.year, self.month, self.day), day, self.published):
                self.year, self.month = self.year + self.month // 12, self.month % 12 + 1
                self.coming = self.year
            past = self._before_ahead(m, day)
            if past and not ahead:
                return _twice(past)
            coming = self.coming or self.year
            tail = f"-{self.month:02d}-{day:02d}"
            return f"{coming if ahead else self.year}{tail}", f"{coming}{tail}"
        titled = None if ahead else self.titled
        told = f"{titled}-{day:02d}" if titled else bare_day(day, self.published, ahead=ahead)
        return _twice(told) if told else None


def _twice(iso: str) -> tuple[str, str]:
    return iso, iso
