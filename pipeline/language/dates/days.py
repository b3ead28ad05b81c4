"""Days of the calendar as ISO dates: a day, a month or a year by its length; and days that do not exist."""

from __future__ import annotations

from datetime import date, timedelta

FULL_DAY = len("2021-06-15")
MONTH = len("2021-06")
YEAR = len("2021")
# A day of the month before a post's is not named alone more days after it.
LAST_DAYS = 7
# A year told by two digits is no further back.
YEARS_BACK = 12
# A bare day so many days of the month before the day told last is one of the next month.
MONTH_TURNS = 15


def century_of(year: int, post_year: int | None) -> int | None:
    """The year that two digits mean in a post: one of the dozen before it, its own, or the next; else None.

    >>> century_of(18, 2021), century_of(25, 2021)
    (2018, None)
    """
    told = 2000 + year
    return told if post_year is not None and -YEARS_BACK <= told - post_year <= 1 else None


def day_of(iso: str | None) -> date | None:
    """The day of an ISO date; None for a month, a year, or a day that does not exist."""
    try:
        return date.fromisoformat(iso) if iso and len(iso) == FULL_DAY else None
    except ValueError:
        return None


def existing(iso: str) -> str:
    """A date, or its month where there is no such day (2月30日, misread by OCR), or its year where no such month."""
    while len(iso) > YEAR and day_of(f"{iso}-01"[:FULL_DAY]) is None:
        iso = iso[: iso.rindex("-")]
    return iso


def days_before(iso: str, number: int) -> str | None:
    """The day so many days before another; None for a month, a year, or a day that does not exist."""
    day = day_of(iso)
    return (day - timedelta(days=number)).isoformat() if day and day.toordinal() > number else None


def month_before(iso: str) -> str:
    """The month before one.

    >>> month_before("2021-01")
    '2020-12'
    """
    year, month = divmod(int(iso[:YEAR]) * 12 + int(iso[YEAR + 1 : MONTH]) - 2, 12)
    return f"{year}-{month + 1:02d}"


def bare_day(day: int, published: str | None, *, ahead: bool) -> str | None:
    """The day that a number alone means in a post (ISO) that has named no month.

    >>> bare_day(29, "2021-07-02", ahead=False), bare_day(29, "2021-07-02", ahead=True)
    ('2021-06-29', '2021-07-29')
    """
    post = day_of(published)
    if post is None:
        return None
    own = f"{post.isoformat()[:MONTH]}-{day:02d}"
    if day <= post.day or (ahead and day_of(own)):
        return own
    month_end = post.replace(day=1) - timedelta(days=1)  # 29日，… in a post of the 2nd
    told = not ahead and day <= month_end.day and post.day + month_end.day - day <= LAST_DAYS
    return f"{month_end.isoformat()[:MONTH]}-{day:02d}" if told else None


def over_month(first: str, last: str) -> tuple[str, str] | None:
    """The ends of a stretch of days that goes over the end of a month, of less than a month; else None."""
    start, end = day_of(first), day_of(last)
    crosses = start and end and first[:MONTH] == month_before(last[:MONTH]) and end.day < start.day
    return (first, last) if crosses else None


def of_stretch(ends: tuple[str, str], month: str, day: int) -> str | None:
    """The day that a bare number means behind such a stretch; None where `month`, the last one told, is not its last.

    >>> of_stretch(("2018-11-25", "2018-12-02"), "2018-12", 26), of_stretch(("2018-11-25", "2018-12-02"), "2018-12", 1)
    ('2018-11-26', '2018-12-01')
    """
    first, last = ends
    iso = f"{first[:MONTH]}-{day:02d}" if day >= int(first[MONTH + 1 :]) else f"{month}-{day:02d}"
    return iso if last.startswith(month) and first <= iso <= last and day_of(iso) else None


def turns_month(last: tuple[int, int, int], day: int, published: str | None) -> bool:
    """Whether a bare day behind the day told last belongs to the next month: 12日到26日采…，1日当天采…

    >>> turns_month((2021, 6, 26), 1, "2021-07-05"), turns_month((2021, 6, 26), 1, "2021-06-30")
    (True, False)
    """
    year, month, before = last
    turned = f"{year + month // 12}-{month % 12 + 1:02d}-{day:02d}"
    return before - day >= MONTH_TURNS and day_of(turned) is not None and turned <= (published or "")
