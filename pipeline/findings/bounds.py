"""What 余, 近, 约 and ranges mean for a number: its lowest and highest reading."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.records import Count


class Bounds(NamedTuple):
    """Lowest and highest number that the words allow, both included."""

    low: float
    high: float


def last_place(value: float) -> int:
    """The place value of the last digit that is not zero: 1000 for 12000, 10 for 460, 1 for 25055.

    >>> [last_place(n) for n in (12000, 460, 25055, 0)]
    [1000, 10, 1, 1]
    """
    number, place = int(value), 1
    while number and number % 10 == 0:
        number, place = number // 10, place * 10
    return place


def bounds(count: Count) -> Bounds:
    """Lowest and highest reading of a count.

    In Chinese usage a number with 余 or 多 lies above it and below the next of its last digit (1.2万余: 12,000 to
    12,999), one with
    近 or 不足 below it and not under the one before; 约 goes half a step either way. These are readings of words, not
    statistics; they are the widest that usage allows.

    >>> bounds(Count(text="1.2万余份", kind="samples", value=12000, qualifier="more_than"))
    Bounds(low=12000.0, high=12999.0)
    """
    value, step = float(count.value), last_place(count.value)
    if count.upper is not None:
        return Bounds(min(value, float(count.upper)), max(value, float(count.upper)))
    if count.qualifier == "more_than":
        return Bounds(value, value + max(step - 1, 0))
    if count.qualifier in ("nearly", "less_than"):
        return Bounds(max(value - step, 0.0), max(value - 1, 0.0))
    if count.qualifier == "about":
        return Bounds(value - step / 2, value + step / 2)
    return Bounds(value, value)
