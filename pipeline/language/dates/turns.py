"""Days and months told by their place in another time: 9月前十天, 7月最后三天, 去年这个时候, 2020年同期; datelines;
and the year of a heading, over its parts."""

from __future__ import annotations

from calendar import monthrange

from pipeline.language.counts.numerals import to_number
from pipeline.language.dates.days import YEAR
from pipeline.language.sentences import SENTENCE_END
from pipeline.patterns import Pattern

# 去年这个时候: the month of the post, a year before; months told behind it in its sentence are of that year.
THIS_TIME = Pattern(r"(?:的?这个?时候|这时候?|的?此时)(?!起)")
LAST_YEAR = Pattern(r"去年(?:的?这个?时候|这时候?|的?此时|同期)[，,][^。；！？\n]*$")
REACH = 60
# 2020年同期: what is told of the same part of another year.
SAME_PART = Pattern(r"(?:的)?同期(?!声|相比)")
# 本报莎车6月12日讯: the day on which a report was written, that of 今天 in it.
DATELINE = Pattern(r"[晨午晚]?间?[电讯](?!话|视|力|子)")
HEAD = Pattern(r"(?:^|\n)[ \t\u3000]*[【（〔]?(?!.*[，。；])[^\n]{0,14}$")
HEAD_REACH = 20
# 楼主 山里人 2018-11-17 20:41: when a post of a forum was written.
STAMP = Pattern(r"[ \t\u3000]{1,4}\d{1,2}[:：]\d\d(?:[:：]\d\d)?[ \t\u3000]*(?:\n|$)")

# 2020年Y库采血数：一季度…，二季度…; the same with a part of the year at the head of each line below.
HEADS = Pattern(
    r"[^，。；！？：:\n\d]{1,20}[：:](?![ \t\u3000]*\n)"
    r"|(?P<title>[^，。；！？：:\n\d]{0,20}(?:情况|进[度展]|统计|[数量表报])(?:如下)?[：:]?[ \t\u3000]*\n)"
)
A_PART = Pattern(r"[ \t\u3000]*(?:第?[一二三四1-4]季度|[\d一二三四五六七八九十]{1,2}月|[上下]半年|[^\d\n]*$)")
# How far behind such a year a part of it may stand, in characters.
HEADED = 240


def turn_day(told: str, year: int, month: int) -> int:
    """The last day of 前十天, 最后三天 of a month; 0 where the month has no such day.

    >>> turn_day("前十天", 2016, 9), turn_day("最后三天", 2013, 7)
    (10, 31)
    """
    number, last = int(to_number(told.strip("的前头最后天")) or 0), monthrange(year, month)[1]
    if not 1 <= number <= last:
        return 0
    return last if told.lstrip("的").startswith("最后") else number


def of_last_year(plain: str, start: int) -> bool:
    """Whether a sentence tells of last year's time before a place: 去年这个时候，从9月采到10月."""
    return LAST_YEAR.search(plain, max(0, start - REACH), start) is not None


def heads(plain: str, end: int, start: int) -> bool:
    """Whether a year that ends at `end` stands in a heading of which a month or quarter at `start` is a part."""
    head = HEADS.match(plain, end, start) if start - end <= HEADED else None
    if head is None:
        return False
    told = plain[head.end() : start]
    if not head["title"]:
        return "\n" not in told and "。" not in told
    *lines, own = told.split("\n")
    return not own.strip() and all(map(A_PART.match, lines))


def same_part(plain: str, year: str, end: int, last: tuple[int, str] | None, month: int | None) -> str:
    """The part of a `year` that 同期 behind it means, that of the time told before it (its end, its date); or the
    post's `month` for 这个时候.
    """
    if month and THIS_TIME.match(plain, end):
        return f"{year}-{month:02d}"
    if last is None or len(last[1]) == YEAR or SAME_PART.match(plain, end) is None:
        return year
    return year if SENTENCE_END.search(plain, last[0], end) else year + last[1][YEAR:]


def is_dateline(plain: str, start: int, end: int) -> bool:
    """Whether a day heads a report, or what someone wrote in a forum: 本报莎车6月12日讯; 楼主 2018-11-17 20:41."""
    told = DATELINE.match(plain, end) or STAMP.match(plain, end)
    return told is not None and HEAD.search(plain, max(0, start - HEAD_REACH), start) is not None
