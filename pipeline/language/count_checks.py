"""Whether the figures of one post contradict each other.

Three checks: two totals of one kind for the same place and date that cannot both hold; a rate that its own target and
number do not give; a table's sum that its rows do not give. Nothing is corrected: the post says what it says.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import regex

from pipeline.language.count_tables import Cell
from pipeline.records import Count

DISAGREE = "figures_disagree"
# A figure behind one of these is a total, not a part or a day's work.
TOTAL = regex.compile(r"(?:累计|总计|合计|一共|总共|共计?|已)[^，。；\d]{0,12}$")
PART = regex.compile(r"其中|新[增采]|本[周月]|当[天日]|含|另")
# Rates are rounded, and counted on slightly different bases: further off than this they contradict (percentage points).
TOLERANCE = 1.0
# A rate stands with its own figures within this many characters.
NEAR = 90
ABOUT = 0.1


def disagree(copy: str, counts: Sequence[Count], cells: Sequence[Cell]) -> bool:
    """Whether any figures of a post contradict each other. `copy`: its matching copy; `cells`: those of its tables."""
    return _totals(copy, counts) or _rates(copy, counts) or _sums(cells)


def _totals(copy: str, counts: Sequence[Count]) -> bool:
    told = [c for c in counts if c.kind != "coverage" and c.start is not None and _is_total(copy, c.start)]
    return any(
        (a.kind, a.place, a.as_of) == (b.kind, b.place, b.as_of) and a.place is not None and not _compatible(a, b)
        for a, b in combinations(told, 2)
    )


def _is_total(copy: str, start: int) -> bool:
    left = copy[max(0, start - 20) : start]
    return TOTAL.search(left) is not None and PART.search(left) is None


def _compatible(a: Count, b: Count) -> bool:
    """Whether one number can be meant by both."""
    (low_a, high_a), (low_b, high_b) = _bounds(a), _bounds(b)
    return low_a <= high_b and low_b <= high_a


def _bounds(count: Count) -> tuple[float, float]:
    value = float(count.value)
    match count.qualifier:
        case "about":
            return value * (1 - ABOUT), value * (1 + ABOUT)
        case "more_than":
            return value, value * 1.5
        case "nearly":
            return value * (1 - 2 * ABOUT), value
        case "less_than":
            return 0.0, value
        case _:
            return value, float(count.upper or value)


def _rates(copy: str, counts: Sequence[Count]) -> bool:
    """Target, number taken and rate in one line: the rate must be their quotient."""
    for rate in counts:
        if rate.kind != "coverage" or rate.qualifier != "exact" or rate.start is None:
            continue
        line = copy.rfind("\n", 0, rate.start) + 1
        beside = [
            c
            for c in counts
            if c.start is not None
            and max(line, rate.start - NEAR) <= c.start < rate.start
            and c.place == rate.place
            and c.qualifier == "exact"
        ]
        targets = [c for c in beside if c.kind == "target" and c.value]
        taken = [c for c in beside if c.kind == "samples"]
        if len(targets) == len(taken) == 1:
            share = 100 * float(taken[0].value) / float(targets[0].value)
            if abs(share - float(rate.value)) > TOLERANCE:
                return True
    return False


def _sums(cells: Sequence[Cell]) -> bool:
    """A table's sum against its rows, where every row was read."""
    for table in {cell.table for cell in cells}:
        for kind in ("samples", "target"):
            own = [c for c in cells if c.table == table and c.kind == kind and c.numeral.qualifier == "exact"]
            parts, sums = [c for c in own if not c.is_sum], [c for c in own if c.is_sum]
            whole = len({c.column for c in own}) == 1 and len(sums) == 1 and len(parts) >= 2
            if whole and sums[0].row == len(parts) and sum(c.numeral.value for c in parts) != sums[0].numeral.value:
                return True
    return False
