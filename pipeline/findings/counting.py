"""The counting rules: from figures to totals by place, each with what it rests on and what was left out and why.

1. A post counts once, however often it was reposted (pipeline.findings.scope).
2. Totals "so far" of one unit are never added to each other: the latest stands. Where an earlier one is higher the
total is
   carried as the bounds of both, and said to contradict itself.
3. Increments are added. Those that end on or before the date of a total so far lie within it; undated ones may, so
both are left out.
4. Parts are not added to their total: where a unit has a total so far, figures of units inside it, up to its date,
are left
   out; dated increments after it are added. Without one, the units inside are added up. A figure of some places in a
   unit (六个乡共
   采集) and the sum of the places inside are never added: the larger counts.
5. What the post does not tell to be a total or an increment is never added to another figure of the unit: the largest
counts.
6. Ranges, 余, 近 and 约 are carried as bounds (pipeline.findings.bounds). A speed per day is no number of samples.
7. The same increment said by two posts (same unit, day, number) counts once.
8. Campaigns are not added to each other.
9. A figure above the population of its place is in no total (pipeline.findings.plausible).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.findings.figures import Figure, Unit


@dataclass(frozen=True)
class LeftOut:
    """A figure that is not in a total, and why, in words."""

    figure: Figure
    why: str


@dataclass
class Total:
    """Samples counted in a unit: stated value, bounds, what it rests on, what was left out, what contradicts itself."""

    unit: Unit
    value: float = 0.0
    low: float = 0.0
    high: float = 0.0
    used: list[Figure] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)
    parts: list[Total] = field(default_factory=list)
    standing: Figure | None = None  # the total so far that stands for the whole unit, if there is one

    @property
    def until(self) -> str | None:
        """The latest date among the figures used."""
        return max((figure.when for figure in self.used if figure.when), default=None)

    @property
    def doubtful(self) -> list[Figure]:
        """The figures used that are doubtful."""
        return [figure for figure in self.used if figure.count.doubtful]

    @property
    def doubted(self) -> float:
        """How much of the value they are; of a range the lower end counts, as in the value."""
        return sum(float(figure.count.value) for figure in self.doubtful)

    def add(self, figure: Figure) -> None:
        """Add one figure to the total."""
        self.value += float(figure.count.value)
        self.low += figure.bounds.low
        self.high += figure.bounds.high
        self.used.append(figure)

    def leave(self, figures: Iterable[Figure], why: str) -> None:
        """Keep figures as left out for one reason."""
        self.left_out.extend(LeftOut(figure, why) for figure in figures)


def totals(figures: Iterable[Figure]) -> tuple[dict[Unit, Total], list[LeftOut]]:
    """Samples in every unit that has figures, from province down to village, and the figures that are in no total."""
    own: dict[Unit, list[Figure]] = defaultdict(list)
    nowhere: list[LeftOut] = []
    for figure in figures:
        if figure.count.kind != "samples":
            continue
        if figure.unit is None:
            nowhere.append(LeftOut(figure, "no place inside the scope is known for it"))
        elif figure.nature == "rate":
            nowhere.append(LeftOut(figure, "a speed (per day, on average), no number of samples"))
        elif figure.implausible:
            nowhere.append(LeftOut(figure, figure.implausible))
        else:
            own[figure.unit].append(figure)
    inside: dict[Unit, set[Unit]] = defaultdict(set)
    for unit in list(own):
        for n in range(len(unit), 1, -1):
            inside[Unit(unit[: n - 1])].add(Unit(unit[:n]))
    found: dict[Unit, Total] = {}
    for unit in sorted({*own, *inside}, key=len, reverse=True):
        parts = [found[part] for part in sorted(inside.get(unit, ()))]
        found[unit] = _total(unit, own.get(unit, []), parts)
    return found, nowhere


def _total(unit: Unit, own: list[Figure], parts: list[Total]) -> Total:
    total = Total(unit, parts=parts)
    own = _without_parts(total, own)
    sofar = sorted((f for f in own if f.nature == "cumulative"), key=lambda f: (f.when or "", f.bounds.low))
    increments = [f for f in own if f.nature == "increment"]
    untold = [f for f in own if f.nature not in ("cumulative", "increment")]
    if sofar:
        _standing(total, sofar)
        _later(total, increments)
        total.leave(untold, "not told whether it is within the total so far")
    else:
        _added(total, increments)
        _largest(total, untold)
    return _with_parts(total)


def _without_parts(total: Total, own: list[Figure]) -> list[Figure]:
    """Leave out "of which" figures beside a figure of the same unit in the same post."""
    wholes = {figure.source for figure in own if figure.nature != "part"}
    parts = [figure for figure in own if figure.nature == "part" and figure.source in wholes]
    total.leave(parts, "a part of another figure of the same post")
    return [figure for figure in own if figure not in parts]


def _standing(total: Total, sofar: list[Figure]) -> None:
    """The latest total so far stands. One of the whole unit goes before one of some places in it."""
    wholes = [f for f in sofar if f.whole] or sofar
    latest = wholes[-1]
    total.standing = latest
    total.add(latest)
    total.leave(
        (f for f in sofar if f is not latest), "an earlier, other or partial total so far: totals are not added"
    )
    peak = max(sofar, key=lambda f: f.bounds.low)
    if peak.bounds.low > latest.bounds.high:
        total.high = max(total.high, peak.bounds.high)
        when = f"S{latest.source}, {latest.when or 'undated'}"
        total.contradictions.append(
            f"The latest total so far is {latest.count.value:,} ({when}), but "
            f"{peak.count.value:,} stands in S{peak.source} ({peak.when or 'undated'})"
        )
    same = [f for f in wholes if f.when == latest.when and f.count.value != latest.count.value]
    if latest.when and same and not total.contradictions:
        others = ", ".join(f"{f.count.value:,} (S{f.source})" for f in same)
        total.contradictions.append(f"Other totals so far for the same date: {others}")
        total.low = min(total.low, *(f.bounds.low for f in same))


def _later(total: Total, increments: list[Figure]) -> None:
    """Increments that begin after the standing total are added; the others lie, or may lie, within it."""
    standing = total.standing.when if total.standing else None
    fresh = []
    for figure in increments:
        if standing is None or figure.when is None or figure.as_of is None:
            total.leave([figure], "an increment without a date beside a total so far: it may be within it")
        elif not _after(figure.as_of, standing):
            total.leave([figure], f"an increment within the total so far of {standing}")
        else:
            fresh.append(figure)
    _added(total, fresh)


def _after(when: str, other: str) -> bool:
    """Whether a date is surely after another; dates of unlike precision are compared as far as both go.

    >>> _after("2021-04", "2021-03-31"), _after("2021-03", "2021-03-15")
    (True, False)
    """
    shared = min(len(when), len(other))
    return when[:shared] > other[:shared]


def _added(total: Total, increments: list[Figure]) -> None:
    seen: dict[tuple[str | None, float, str], Figure] = {}
    for figure in increments:
        mark = (figure.as_of or figure.when, float(figure.count.value), figure.count.kind)
        first = seen.setdefault(mark, figure)
        if first is not figure and first.source != figure.source:
            total.leave([figure], f"the same increment as in S{first.source}")
        else:
            total.add(figure)


def _largest(total: Total, untold: list[Figure]) -> None:
    """Figures of unknown kind: the largest counts where nothing else does."""
    if not untold:
        return
    largest = max(untold, key=lambda f: f.bounds.low)
    if not total.used or largest.bounds.low > total.low:
        if total.used:
            total.leave(total.used, "may be within a larger figure of the unit that is not told to be a total")
            total.value = total.low = total.high = 0.0
            total.used = []
        total.add(largest)
        untold = [f for f in untold if f is not largest]
    total.leave(untold, "not told to be an increment: it may be within another figure of the unit")


def _with_parts(total: Total) -> Total:
    """Set what the unit says of itself against what the units inside it say, without adding one to the other."""
    if not total.parts:
        return total
    within = _sum(total.unit, total.parts)
    if not total.used:
        within.left_out.extend(total.left_out)
        within.contradictions.extend(total.contradictions)
        return within
    if within.low > total.high:
        return _parts_stand(total, within)
    fresh = _fresh(total, within.used)
    total.leave((f for f in within.used if f not in fresh), "a part: not added to the figure of the whole")
    _added(total, fresh)
    total.left_out.extend(within.left_out)
    total.contradictions.extend(within.contradictions)
    return total


def _fresh(total: Total, used: list[Figure]) -> list[Figure]:
    """Increments of places inside that begin after the date of the whole unit's total so far."""
    standing = total.standing
    if standing is None or not standing.whole or standing.when is None:
        return []
    return [f for f in used if f.nature == "increment" and f.as_of and _after(f.as_of, standing.when)]


def _parts_stand(total: Total, within: Total) -> Total:
    """The places inside add up to more than the unit's own figure: their sum is used."""
    standing = total.standing
    if standing is not None and standing.whole:
        later = (within.until or "") > (standing.when or "")
        within.contradictions.append(
            f"The places inside add up to {within.value:,.0f}, more than the {standing.count.value:,} that "
            f"S{standing.source} "
            f"gives for the whole ({'their dates go further' if later else 'the sum is used'})"
        )
        within.low = min(within.low, total.low)
    within.left_out.extend(total.left_out)
    within.contradictions.extend(total.contradictions)
    within.leave(total.used, "less than the sum of the places inside: not added to it")
    return within


def _sum(unit: Unit, parts: list[Total]) -> Total:
    total = Total(unit, parts=parts)
    for part in parts:
        total.value += part.value
        total.low += part.low
        total.high += part.high
        total.used.extend(part.used)
        total.left_out.extend(part.left_out)
        total.contradictions.extend(part.contradictions)
    return total
