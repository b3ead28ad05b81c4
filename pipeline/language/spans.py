"""Stretches of a text, asked many times whether one of them holds a place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from operator import itemgetter


def holding(spans: Sequence[tuple[int, int]]) -> Callable[[int], bool]:
    """Whether any of the stretches, as they are now, holds a place. They may overlap; their ends lie outside.

    >>> held = holding([(8, 9), (2, 4), (0, 6)])
    >>> [at for at in range(12) if held(at)]
    [0, 1, 2, 3, 4, 5, 8]
    """
    ordered = sorted(spans)
    starts = [start for start, _ in ordered]
    # How far the stretches reach that begin there or before.
    reach = list(accumulate(map(itemgetter(1), ordered), max))

    def held(at: int) -> bool:
        last = bisect_right(starts, at) - 1
        return last >= 0 and at < reach[last]

    return held
