"""Which month a number before 月 means; and months that are counted, not named (历时两月)."""

from __future__ import annotations

import regex

from pipeline.language.counts.numerals import to_number
from pipeline.patterns import Pattern

# 历时三月, 近三月, 三月时间: how long; 7、8两月 are months.
FOR_MONTHS = Pattern(r"(?:历[时经]|用时|耗时|为期|费时|[近长]|过去|最近|连续)$")
MONTHS_LONG = Pattern(r"月(?:的?时间|之久|有余|多来)")
MONTHS_LISTED = Pattern(r"[、和](?P<month>1[0-2]|\d|十[一二]?|[一二三四五六七八九])两$")
REACH = 4  # characters


def month_number(month: str) -> float | None:
    """The number of a month; 元月 is the first.

    >>> month_number("元"), month_number("十二")
    (1, 12.0)
    """
    return 1 if month == "元" else to_number(month)


def month_named(copy: str, m: regex.Match[str]) -> float | None:
    """The month of a match of `DATE` in a matching copy: the last of 7、8两月; None where months are counted."""
    before, end = max(0, m.start() - REACH), m.end("month")
    if m["month"].endswith("两"):
        last = MONTHS_LISTED.search(copy, before, end)
        return month_number(last["month"]) if last else None
    if not (m["day"] or m["part"] or m["year"]) and (
        FOR_MONTHS.search(copy, before, m.start()) or MONTHS_LONG.match(copy, end)
    ):
        return None
    return month_number(m["month"])
