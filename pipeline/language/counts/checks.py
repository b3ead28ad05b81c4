"""Whether the figures of one post contradict each other.

Three checks: two totals of one kind for the same place and date that cannot both hold; a rate that its own target and
number do not give; a table's sum that its rows do not give. Nothing is corrected: the post says what it says.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from pipeline.language.tables.tables import Cell
from pipeline.patterns import Pattern
from pipeline.records import Count

DISAGREE, UNCLEAR = "figures_disagree", "figures_unclear"
# A figure behind one of these is a total, not a part or a day's work.
TOTAL = Pattern(r"(?:累计|总计|合计|一共|总共|共计?|已)[^，。；\d]{0,12}$")
PART = Pattern(r"其中|新[增采]|本[周月]|当[天日]|含|另")
# 已采集男性100份，已采集女性200份: whose samples a total counts stands this near before it, in characters.
WHOSE = Pattern(r"[男女僧尼](?=[^，。；\d]{0,12}$)|(?:学生|流动|务工)(?=[^，。；\d]{0,12}$)")
NEAR_BY = 20
# Rates are rounded, and counted on slightly different bases: further off than this they contradict (percentage points).
TOLERANCE = 1.0
# A rate stands with its own figures within this many characters.
NEAR = 90
ABOUT = 0.1


def disagree(copy: str, counts: Sequence[Count], cells: Sequence[Cell]) -> bool:
    """Whether any figures of a post contradict each other. `copy`: its matching copy; `cells`: those of its tables."""
    return _totals(copy, counts) or _rates(copy, counts) or _sums(cells)


def _totals(copy: str, counts: Sequence[Count]) -> bool:
    alike: dict[tuple[str, str, str | None, str], list[tuple[float, float]]] = {}
    for c in counts:
        if c.kind != "coverage" and c.place is not None and c.start is not None and _is_total(copy, c.start):
            whose = WHOSE.search(copy, max(0, c.start - NEAR_BY), c.start)
            alike.setdefault((c.kind, c.place, c.as_of, whose[0] if whose else ""), []).append(_bounds(c))
    # One number can be meant by any two of them where the highest lower end is none too high for the lowest upper one.
    return any(max(low for low, _ in bounds) > min(high for _, high in bounds) for bounds in alike.values())


def _is_total(copy: str, start: int) -> bool:
    left = copy[max(0, start - 20) : start]
    return TOTAL.search(left) is not None and PART.search(left) is None


def _bounds(count: Count) -> tuple[float, float]:
    """Between which numbers the one lies that is meant."""
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
            return value, max(value, float(count.upper or value))


def _rates(copy: str, counts: Sequence[Count]) -> bool:
    """Target, number taken and rate in one line: the rate must be their quotient."""
    told = sorted((c for c in counts if c.start is not None), key=_start)
    for rate in told:
        if rate.kind != "coverage" or rate.qualifier != "exact":
            continue
        at = _start(rate)
        first = max(copy.rfind("\n", max(0, at - NEAR), at) + 1, at - NEAR)
        near = told[bisect_left(told, first, key=_start) : bisect_left(told, at, key=_start)]
        beside = [c for c in near if c.place == rate.place and c.qualifier == "exact"]
        targets = [c for c in beside if c.kind == "target" and c.value]
        taken = [c for c in beside if c.kind == "samples"]
        if len(targets) == len(taken) == 1:
            share = 100 * float(taken[0].value) / float(targets[0].value)
            if abs(share - float(rate.value)) > TOLERANCE:
                return True
    return False


def _sums(cells: Sequence[Cell]) -> bool:
    """A table's sum against its rows, where every row was read."""
    tables: dict[tuple[int, str], list[Cell]] = {}
    for cell in cells:
        if cell.kind in ("samples", "target") and cell.numeral.qualifier == "exact":
            tables.setdefault((cell.table, cell.kind), []).append(cell)
    for own in tables.values():
        parts, sums = [c for c in own if not c.is_sum], [c for c in own if c.is_sum]
        whole = len({c.column for c in own}) == 1 and len(sums) == 1 and len(parts) >= 2
        if whole and sums[0].row == len(parts) and sum(c.numeral.value for c in parts) != sums[0].numeral.value:
            return True
    return False


def _start(count: Count) -> int:
    return count.start or 0
