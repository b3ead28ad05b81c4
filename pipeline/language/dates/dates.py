"""Dates in Chinese posts, and days told by the day of the post (今天, 昨晚, 上月底).

A month or a day without a year takes the post's year, the year before where it would lie after the post. In a diary,
whose entries begin with their date, 今天 is the day of the entry.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import regex

from pipeline.language.counts.numerals import to_number
from pipeline.language.dates.cues import (
    ASIDE,
    CLOSED,
    COMPARED,
    DEADLINE,
    DIARY,
    ENDS_THEN,
    LABEL,
    MADE_UP_THEN,
    MEETING,
    MET,
    NOT_ITS_YEAR,
    OPENED,
    OWED,
    RUNS_TO,
    SINCE,
    STATED,
    THIS_OR_LAST,
    UNTIL,
    UP_TO,
    is_reference,
)
from pipeline.language.dates.days import (
    FULL_DAY,
    MONTH,
    YEAR,
    day_of,
    existing,
    over_month,
)
from pipeline.language.dates.documents import quoted
from pipeline.language.dates.feasts import SOON
from pipeline.language.dates.heads import HEAD_REACH, LINE_HEAD
from pipeline.language.dates.months import month_number
from pipeline.language.dates.pattern import DATE, RELATED_YEARS
from pipeline.language.dates.resolving import MONTH_ENDS, Resolving
from pipeline.language.dates.turns import is_dateline, same_part

SOON_DAYS = 90
# Months by which a date named as an end (截止12月20日) may lie ahead of the post.
AHEAD = 3


@dataclass(frozen=True)
class Date:
    """A date as ISO to the precision given.

    `since`: it opens a period (3月以来); `deadline`: it ends one to come (10月底前); `stated`: it says as of when
    figures hold (截至). `coming`: the same date where it is known to lie ahead. `relative`: told by the
    day of the post. `entry`: it heads an entry of a diary, or closes a post.
    """

    start: int
    end: int
    iso: str
    since: bool
    deadline: bool
    stated: bool = False
    coming: str = ""
    relative: bool = False
    entry: bool = False


def find_dates(
    plain: str,
    published: str | None,
    today: str | None = None,
    week: str | None = None,
    month: str | None = None,
) -> list[Date]:
    """Dates of a matching copy in order, resolved against the post's date (ISO or None).

    `today`: the day that 今天 means, where it is another; `week`: the last day of the week whose 周二 is told (ISO);
    `month`: the month of days told before any month is (ISO).

    >>> [(d.iso, d.since) for d in find_dates("3月以来，截至6月15日", "2021-07-01")]
    [('2021-03', True), ('2021-06-15', False)]
    """
    reader = _Reader(plain, published, today or published, week or published)
    reader.titled = month
    return reader.dates()


class _Reader(Resolving):
    """Reads dates in order, and what each is for."""

    def dates(self) -> list[Date]:
        found: list[Date] = []
        for m in DATE.finditer(self.plain):
            after = self.plain[m.end() : m.end() + 32]
            by = self.plain[m.start() - 1 : m.start()] == "到" and m[0].endswith("底")
            runs_to = bool(found) and RUNS_TO.fullmatch(self.plain, found[-1].end, m.start()) is not None
            labelled = LABEL.search(self.plain[max(0, m.start() - 16) : m.start()]) is not None
            ahead = DEADLINE.match(after) is not None or by or labelled or (runs_to and self._lies_ahead(found[-1]))
            ahead = ahead or m[0] == "月底"  # 月底要交的8,000份
            ahead = ((ahead and self._is_after_post(m)) or self._ends_soon(m)) and not self._in_paper(m)
            if is_reference(self.plain, m.start(), after):
                continue
            before = self.named_year, self.year
            no_day = (m["dotted"] is not None and m.start() not in self.dotted) or (
                m["within"] == "" and not self.week.known(m.start())
            )
            both = None if no_day else self._iso(m, ahead)
            if COMPARED.search(self.plain[max(0, m.start() - 40) : m.start()]):
                self.named_year, self.year = before  # 比2018年的900份少，到年底…: no year told of
            if both is None or ASIDE.match(after) or (len(both[0]) == YEAR and NOT_ITS_YEAR.match(after)):
                continue
            iso, coming = map(existing, both)
            if len(iso) == YEAR:
                last = (found[-1].end, found[-1].iso) if found else None
                iso = coming = same_part(self.plain, iso, m.end(), last, self.post_month)
            heads, entry = self._heads(m, iso, found[-1] if found else None)
            meets = MEETING.search(self.plain[max(0, m.start() - 12) : m.start()]) or (heads and MET.match(after))
            if entry or meets or (len(iso) == FULL_DAY and is_dateline(self.plain, m.start(), m.end())):
                self.today = day_of(iso) or self.today
            stated = (
                STATED.search(self.plain[max(0, m.start() - 10) : m.start()]) is not None
                or UP_TO.match(after) is not None
            )
            stated = stated or by
            past = not ahead and DEADLINE.match(after) is not None
            if past and OWED.search(self.plain[max(0, m.start() - 3) : m.start()]):
                continue
            stated = stated or past
            since = not ahead and SINCE.match(after) is not None
            if runs_to and not found[-1].deadline:
                stated = stated or found[-1].stated
                self.over_month, found[-1] = (
                    over_month(found[-1].iso, iso),
                    replace(found[-1], since=True, stated=False),
                )
            if m["year"] and m["year"] not in RELATED_YEARS and not after.startswith(("以前", "之前", "以后", "之后")):
                self._tell_year(iso, m.end(), since=since)
            if len(iso) > YEAR and not ahead and iso <= (self.published or ""):
                self.month_past = iso[:7]
            self.told_month = m.end() if m["month"] and len(iso) == MONTH else None
            self.quoted = quoted(self.plain, iso, m.end()) or self.quoted
            told = bool(m["relative"] or m["week"])
            self.last_day = iso if len(iso) == FULL_DAY else self.last_day
            if len(iso) == FULL_DAY and not told:
                self._go_on(int(iso[-2:]), stated=stated)
            found.append(Date(m.start(), m.end(), iso, since, ahead, stated, coming, told, entry))
        return found

    def _heads(self, m: regex.Match[str], iso: str, last: Date | None) -> tuple[bool, bool]:
        """Whether a day begins a line, and whether it heads an entry of a diary; `last`: the date before it."""
        in_week = self.week.headed(self.plain[max(0, m.start() - 12) : m.start()], iso)
        day, reach = len(iso) == FULL_DAY, max(0, m.start() - HEAD_REACH)
        heads = day and LINE_HEAD.search(self.plain, reach, m.start()) is not None
        entry = heads and (DIARY.match(self.plain, m.end()) or (m["week"] or "上") not in THIS_OR_LAST)
        opened = day and OPENED.search(self.plain, reach, m.start()) and CLOSED.match(self.plain, m.end())
        of_two = m["week"] and last and last.entry and m.start() - last.end == 1  # 周三、周四：
        entry = bool(entry or opened or of_two or in_week)
        self.week.told = self.week.told or (entry and bool(m["week"] or in_week))
        return heads, entry

    def _tell_year(self, iso: str, end: int, *, since: bool) -> None:
        """Remember a date that names its year, and where it ends."""
        self.told = None if since else (int(iso[:4]), int(iso[5:7] or 0), end)
        self.head = (int(iso), end) if len(iso) == YEAR and iso < (self.published or "")[:YEAR] else None

    def _go_on(self, day: int, *, stated: bool) -> None:
        """Remember a day told, and of how many in turn it is the last; one that says as of when begins no turn."""
        self.days_on = 0 if stated else self.days_on + 1 if day > self.day else 1
        self.day = day

    def _in_paper(self, m: regex.Match[str]) -> bool:
        """Whether a month without a year is told by a paper that the post quotes."""
        if self.quoted is None or m["year"] or not m["month"]:
            return False
        return self.quoted.year_of(self.plain, m.start(), int(month_number(m["month"]) or 0)) is not None

    def _is_after_post(self, m: regex.Match[str]) -> bool:
        """Whether a date that something is to be done by can still lie ahead of the post: else it is past."""
        if m["this"]:
            past = m["this_day"] and (to_number(m["this_day"]) or 0) < int((self.published or "")[8:] or 0)
            own = m["this"] in ("本月", "这个月")
            return (own or m["this"] in ("月", "下月", "下个月")) and not (own and past)
        if m["relative"] or self.post_year is None or self.published is None:
            return True
        year = self._named(m["year"]) or self._year_ahead(m) or (self.post_year + self._next_year(m))
        if not m["month"] or self.post_month is None or year != self.post_year:
            return year >= self.post_year
        # 2月底前 in a post of November is next year's; 6月底前 in one of July is past.
        month = month_number(m["month"]) or 0
        day = int(self.published[8:] or 0)
        if month == self.post_month and m["day"]:
            return (to_number(m["day"]) or 0) >= day
        if month == self.post_month and m["part"] == "底" and self.plain[m.start() - 1 : m.start()] == "到":
            return day < MONTH_ENDS
        return month >= self.post_month or (m["year"] is None and self.post_month - month > SOON)

    def _lies_ahead(self, first: Date) -> bool:
        """Whether a stretch of days that begins with `first` begins with the post or soon after it."""
        begins, published = day_of(first.coming), day_of(self.published)
        return begins is not None and published is not None and 0 <= (begins - published).days <= SOON_DAYS

    def _ends_soon(self, m: regex.Match[str]) -> bool:
        """Whether a month without a year that something ends with (截止12月20日) is one of the next."""
        if m["year_close"]:
            return ENDS_THEN.match(self.plain, m.end()) is not None
        if not m["month"] or m["year"] or self.post_month is None:
            return False
        ahead = int(month_number(m["month"]) or 0) - self.post_month
        before = self.plain[max(0, m.start() - 3) : m.start()]
        to_end = before[-1:] in "到至" and self.plain[m.end() : m.end() + 1] == "止"
        ends = to_end or UNTIL.search(before) or ENDS_THEN.match(self.plain, m.end())
        ends = ends or (not m["day"] and MADE_UP_THEN.match(self.plain, m.end()))
        day = to_number(m["day"]) if m["day"] else 31 if m["part"] == "底" else 0
        later = 0 < ahead <= AHEAD or (ahead == 0 and (day or 0) > int((self.published or "")[8:] or 31))
        return later and bool(ends)
