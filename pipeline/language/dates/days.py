"""Days of the calendar as ISO dates: a day, a month or a year by its length; and days that do not exist."""

from __future__ import annotations

from datetime import date, timedelta

FULL_DAY = len("2021-06-15")
MONTH = len("2021-06")
YEAR = len("2021")


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
