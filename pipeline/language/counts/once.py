"""Which counts of a post are one: the same figure said twice, or told again in round numbers."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence

from pipeline.patterns import Pattern
from pipeline.records import Count

# The counts of a post by kind and value, and a number where several agree in both.
Found = dict[tuple[str, float, int], Count]
# What was told: by the size of its last digit, smallest first.
Told = dict[int, list[Count]]
# No more of them are kept.
MOST_ALIKE = 400
# 全县, 我县: no other place than the one that the post names.
WHOLE = Pattern(r"[全我本该各两]|一个|\d")
# How a figure is told again: in round numbers, at the least of this size of the last digit.
ROUGH = ("more_than", "about", "nearly")
SMALLEST_ROUND = 100
# 2,968份, later 近三千份: at the least this part of it.
NEARLY = 0.95


def add(found: Found, count: Count) -> None:
    """Keep a count, but for a figure that is told already: of the same kind, and of no other place or time."""
    for number in range(MOST_ALIKE):
        other = found.setdefault((count.kind, count.value, number), count)
        if other is count or not apart(other, count):
            return


def apart(one: Count, other: Count) -> bool:
    """Whether equal figures of one kind are two: 东镇300份，西镇300份; 8月300份，9月300份."""
    here, there = one.place or "", other.place or ""
    if here not in there and there not in here and not (WHOLE.match(here) or WHOLE.match(there)):
        return True
    dates = sorted((one.as_of or "", other.as_of or ""))
    return not dates[1].startswith(dates[0])


def all_of(counts: Iterable[Count]) -> Found:
    """The counts told apart."""
    found: Found = {}
    for count in counts:
        add(found, count)
    return found


def once(counts: Sequence[Count]) -> list[Count]:
    """The same without rough words for a figure told exactly before: 3,024份, later 三千多人的血."""
    told: dict[str, Told] = {}
    again: set[int] = set()
    # of two that begin at one place neither is told before the other
    for count in sorted(counts, key=lambda count: (count.start or 0, count.qualifier == "exact")):
        alike = told.setdefault(count.kind, {})
        if count.qualifier in ROUGH and _says_again(count, alike):
            again.add(id(count))
        size = 0 if count.qualifier == "exact" else _last_digit(count.value)
        insort(alike.setdefault(size, []), count, key=_value)
    return [count for count in counts if id(count) not in again]


def _says_again(rough: Count, told: Told) -> bool:
    """Whether one of the figures told is meant by the rough one, and is of no other place or time."""
    unit = _last_digit(rough.value)
    if unit < SMALLEST_ROUND:
        return False
    nearly = rough.qualifier == "nearly"
    low, high = (NEARLY * rough.value, rough.value) if nearly else (rough.value, rough.value + unit)
    for figures in (figures for size, figures in told.items() if size < unit):
        first, last = (bisect_left(figures, bound, key=_value) for bound in (low, high))
        if any(not apart(count, rough) for count in figures[first : min(last, first + MOST_ALIKE)]):
            return True
    return False


def _value(count: Count) -> float:
    return float(count.value)


def _last_digit(value: float) -> int:
    """The size of the last digit that is not zero: 1,000 of 8,000."""
    digits = str(int(value))
    return int(10 ** (len(digits) - len(digits.rstrip("0"))))
