"""A post that was written before it is published here: 本文原载2016年11月8日“某公众号”，今重发.

Its dates lean on the day of the first publication, but for what stands before the notice of it and in a word behind
the text (编后).
"""

from __future__ import annotations

from calendar import monthrange
from typing import NamedTuple

from pipeline.language.counts.numerals import to_number
from pipeline.patterns import Pattern

# How much of either end of a post may hold the notice, in characters.
ENDS = 200
NOTICE = Pattern(
    r"(?:(?:本|此|该|原)[文篇稿]|文章|旧文)[^。；\n\d]{0,8}(?:原?载|原?刊|首发|首刊|发表|推送|刊登|写|作|成文|系)(?:于|在|自)?[^。；\n\d]{0,12}"
    r"(?<year>20\d\d)年(?<month>\d{1,2})月(?:(?<day>\d{1,2})日)?"
)
CLOSES = Pattern(r"\n[ \t\u3000]*[（(【]?(?:编后|后记|补记|又记|编者注|编者后记|小编按|今按)")


class Repost(NamedTuple):
    """Where the text of the first publication begins and ends, and its day (ISO)."""

    start: int
    end: int
    day: str


def repost(plain: str, published: str | None) -> Repost | None:
    """The first publication that a post tells of; None where there is none, or it is no earlier year or month.

    >>> repost("本文原载2016年11月8日某报。\\n10月9日采血。", "2019-11-08")
    Repost(start=17, end=26, day='2016-11-08')
    """
    notice = NOTICE.search(plain, 0, ENDS) or NOTICE.search(plain, max(0, len(plain) - ENDS))
    if notice is None or published is None:
        return None
    month = int(to_number(notice["month"]) or 0)
    if not 1 <= month <= 12:
        return None
    last = monthrange(int(notice["year"]), month)[1]
    first = f"{notice['year']}-{month:02d}-{min(int(notice['day'] or last), last):02d}"
    if first[:7] >= published[:7]:
        return None
    if notice.start() > max(ENDS, len(plain) // 2):
        return Repost(0, notice.start(), first)
    begins = plain.find("\n", notice.end())
    begins = notice.end() if begins < 0 else begins
    closes = CLOSES.search(plain, begins)
    return Repost(begins, closes.start() if closes else len(plain), first)
