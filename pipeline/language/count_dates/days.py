"""Days told by their number: 三天下来, 第二天, 头一天; and which day they end with.

A stretch of days ends with its last day where the text names its ends (8月10日至12日), where it names as many days one
by one as it sums up (an entry for each), or where it tells on which day it began.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import regex

from pipeline.language.count_dates.digests import SPAN
from pipeline.language.counts.numerals import to_number
from pipeline.language.dates.dates import Date
from pipeline.language.dates.days import FULL_DAY, MONTH, YEAR, day_of, days_before
from pipeline.patterns import Pattern

# What a stretch of days told of brought: 三天下来, 五天, 四日内.
SOME_DAYS = Pattern(
    r"(?<![第每过前\d月])(?:[1-9]\d?|[二两三四五六七八九十]{1,3}|几|数)[多来余]?(?:[天日]|个?晚上?|个?夜晚?)(?![之以]?[前后]|[\d，,]?\d)|半个?多?月(?=[下里内])"
)
# 8月10日至12日; 12月5日、6日
DAYS = Pattern(rf"(?:{SPAN.pattern})|[、和及]")
DAYS_TOLD = Pattern(r"[多来余天日个晚上夜]")
# 第二天, 头一天: which day after the one that the text dates.
ORDINAL = Pattern(r"第([一二两三四五六七八九十]{1,2}|[1-9]\d?)[天日](?!起)|头一?[天日](?![晚夜])|首日|当日启动")
OWN_FIGURE = Pattern(r"[\d十百千万][万千]?[余多来]?(?:[份名例枚条张]|人(?!次))")
# No stretch summed up is longer, in days.
LONGEST = 100
DAYS_OF_MONTH = 31


def end_of_stretch(copy: str, days: str, before: Sequence[Date]) -> str | None:
    """The last day of a stretch whose first and last day the text names, of all that it names before."""
    told = [d for d in before if len(d.iso) == FULL_DAY and not d.deadline]
    for first, last in reversed(list(pairwise(told))):
        if DAYS.fullmatch(copy, first.end, last.start) and not _fewer(days, first.iso, last.iso):
            return last.iso
    return end_of_days(days, before)


def _fewer(days: str, first: str, last: str) -> bool:
    """Whether so many days are far fewer than a stretch has: 5月3日至9日采300人。……两天采完180人 is another time."""
    number, begins, ends = to_number(DAYS_TOLD.sub("", days)), day_of(first), day_of(last)
    return bool(number and begins and ends and (ends - begins).days + 1 > 2 * number)


def end_of_days(days: str, before: Sequence[Date]) -> str | None:
    """The last of so many days that the text names one by one, or by their first and last."""
    number = int(to_number(DAYS_TOLD.sub("", days)) or 0)
    if not 1 < number <= LONGEST:
        return None
    told = [d for d in before if len(d.coming) == FULL_DAY and not (d.deadline or d.stated)]
    named = list(dict.fromkeys(d.coming for d in told))
    for last in reversed(range(len(named))):
        for first in {max(0, last - 1), max(0, last - number + 1)}:
            begins, ends = day_of(named[first]), day_of(named[last])
            if first < last and begins and ends and (ends - begins).days in (number - 1, number):
                return named[last]
    return None


def brought_before(copy: str, begun: int, start: int) -> bool:
    """Whether other days that began with the same one have a figure already: 六个晚上采了90人。南村三个晚上采到40人."""
    days = list(SOME_DAYS.finditer(copy, begun, start))
    return len(days) > 1 and OWN_FIGURE.search(copy, days[0].end(), days[-1].start()) is not None


def nth_day(told: str, first: str) -> str | None:
    """The day that 第三天 means where the first is known."""
    m = ORDINAL.fullmatch(told)
    number = int(to_number(m[1]) or 1) if m and m[1] else 1
    return days_before(first, 1 - number)


def last_match(pattern: regex.Pattern[str], copy: str, start: int, end: int) -> regex.Match[str] | None:
    """The last place in a stretch of text where a pattern is found."""
    return next(reversed(list(pattern.finditer(copy, start, end))), None)


def from_day(begins: str, days: str) -> str | None:
    """The last day of a stretch that began on a day (从1月6日起 with 九天来)."""
    number, day = to_number(DAYS_TOLD.sub("", days)), day_of(begins)
    if not number or day is None or number > LONGEST:
        return None
    return (day + timedelta(days=int(number) - 1)).isoformat()


def longer_than(days: str, period: str | None) -> str | None:
    """The period that so many days are told in; its year where they are more than a month has: 3月…用了八十天."""
    number = to_number(DAYS_TOLD.sub("", days)) or 0
    return period[:YEAR] if period and len(period) == MONTH and number > DAYS_OF_MONTH else period
