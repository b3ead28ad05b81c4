"""The day as of which the last line of a post says that all its figures hold: （数据截至8月15日）."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.language.dates.dates import Date
from pipeline.language.dates.days import FULL_DAY
from pipeline.patterns import Pattern

LEAD = Pattern(
    r"(?:^|[\n。；（(【])\s*(?:[注※*★]|说明|备注)?[：:]?\s*(?:\d[.、])?(?:(?:计量)?单位[：:][^，,、；;）)]{1,6}[，,、；;]\s*)?"
    r"(?:以上|上述|上列|本期|本文|文中|所有|各项|全部|相关|采集|均|都|为|于|统一|系){0,3}"
    r"(?:(?:情况|资料|工作){0,2}(?:数据|数字|统计|汇总|口径){1,2}(?:时间|日期|期限|情况|均|都|为|于|系){0,3}[：:]?(?:均|都)?(?:截[至止]到?)?"
    r"|截[至止]到?)$"
)
BEHIND = Pattern(r"(?:\d{1,2}(?::\d\d|[时点])|零时)?(?:的?(?:数据|数字|统计|口径))?(?:为?止)?(?=[。；）)】\n]|$)")
UNTIL = Pattern(r"(?:\d{1,2}(?::\d\d|[时点])|零时)?为?止")
BRACKET = ("（", "(", "【")
# Who wrote and sent a post stands below, in characters.
SIGNATURE = 80
LEFT = 24
FIGURE = Pattern(r"\d{2,}[份人例名张位]")


def foot(copy: str, dates: Sequence[Date]) -> Date | None:
    """The date of the note that closes a post, if it has one; `dates`: those of the post, in order.

    >>> from pipeline.language.dates.dates import find_dates
    >>> text = "补采血样26份。清运垃圾3车。（数据截至8月15日）"
    >>> foot(text, find_dates(text, "2019-08-19")).iso
    '2019-08-15'
    """
    for date in reversed(dates):
        if len(copy) - date.end > SIGNATURE:
            return None
        if len(date.iso) == FULL_DAY and not date.since and _closes(copy, date):
            return date
    return None


def _closes(copy: str, date: Date) -> bool:
    """Whether a date stands in a note on all figures above it, and none stands below it."""
    before = copy[max(0, date.start - LEFT) : date.start]
    told = LEAD.search(before) or (before.endswith(BRACKET) and UNTIL.match(copy, date.end))
    return bool(told) and BEHIND.match(copy, date.end) is not None and FIGURE.search(copy, date.end) is None
