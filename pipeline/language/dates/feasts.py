"""Holidays that always fall in the same month, or on the same day: 国庆节前, 儿童节那天, 清明前一日."""

from __future__ import annotations

from datetime import date, timedelta

# Month and day; 0 for one that has to be reckoned.
FEAST_DAYS = {
    "元旦": (1, 1),
    "妇女节": (3, 8),
    "三八": (3, 8),
    "清明": (4, 0),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "六一": (6, 1),
    "儿童节": (6, 1),
    "七一": (7, 1),
    "八一": (8, 1),
    "建军节": (8, 1),
    "国庆": (10, 1),
}
# The months of those by which, or then, something is done (国庆节前).
FEASTS = {name: month for name, (month, _) in FEAST_DAYS.items() if name not in ("妇女节", "三八")}
# A month this many months before the post's, named as a deadline, is next year's.
SOON = 6


def feast_month(name: str, after: str, year: int, month: int) -> str | None:
    """The month of a holiday that people came home for; the day by which something is still to be done (国庆节前).

    `year`, `month`: of the post. The month too of a holiday that falls on no fixed day, or behind which it is done.
    """
    number = FEASTS[name]
    if after == "回":
        return f"{year - (number > month)}-{number:02d}"
    coming = year + (number < month)
    soon = 0 < number + 12 * (coming - year) - month <= SOON
    day = FEAST_DAYS[name][1] if after in ("前", "之", "以") else 0
    return f"{coming}-{number:02d}{f'-{day:02d}' if day else ''}" if soon else None


def feast_day(name: str, published: str, *, eve: bool) -> str:
    """The last such holiday up to a post (ISO), or the day before it."""
    year = int(published[:4])
    day = _day(name, year)
    if day.isoformat()[: len(published)] > published and year > 1:
        day = _day(name, year - 1)
    return (day - timedelta(days=eve)).isoformat()


def _day(name: str, year: int) -> date:
    month, day = FEAST_DAYS[name]
    return date(year, month, day or clear_and_bright(year))


def clear_and_bright(year: int) -> int:
    """The day of April on which 清明 falls in this century.

    >>> clear_and_bright(2020), clear_and_bright(2023)
    (4, 5)
    """
    past = year % 100
    return int(0.2422 * past + 4.81) - past // 4
