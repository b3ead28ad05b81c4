"""The names of a table's columns from a heading over one line or several, groups of columns named above others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from pipeline.language.tables.fitting import Part
from pipeline.patterns import Pattern

# A column at the end of a table that belongs to no group.
REMARK = Pattern(r"备\s*注|说\s*明|排\s*名|名\s*次")


def head_of(heads: Sequence[list[Part]], width: int, *, barred: bool) -> list[Part]:
    """The names of the columns, from the lines of a heading above rows of at most `width` cells."""
    last = heads[-1]
    if len(heads) == 1 or (not barred and len(last) >= width):
        return last
    if barred and len(heads[-2]) == len(last) == width:
        return _joined(heads[-2], last)
    names = under(heads, width)
    if names is None and not barred:
        return [part for head in heads for part in head][-width:]
    return names or last


def under(heads: Sequence[list[Part]], width: int) -> list[Part] | None:
    """Two lines of a heading as one, the upper naming groups of columns: 血样, 指纹 over 应采, 实采, 应采, 实采."""
    above, last = heads[-2:] if len(heads) > 1 else ([], heads[-1])
    if above and REMARK.fullmatch(above[-1].text):
        # The remarks of a table may all be empty.
        grouped = next((g for w in (width - 1, width) if (g := under([above[:-1], last], w))), None)
        return [*grouped, above[-1]] if grouped else None
    lead = width - len(last)
    groups = len(above) - lead
    if lead < 1 or groups < 1 or len(last) == groups:
        return None
    # A group begins where the first name comes again, if only by its first letter: 应采, 实采, 应绘, 已绘.
    again = [part.text[:1] == last[0].text[:1] for part in last]
    if sum(again) != groups:
        if len(last) % groups:
            return None
        again = [i % (len(last) // groups) == 0 for i in range(len(last))]
    group = [lead + count - 1 for count in accumulate(again)]
    return [*above[:lead], *(Part(above[g].text + part.text, part.start) for g, part in zip(group, last, strict=True))]


def _joined(above: Sequence[Part], below: Sequence[Part]) -> list[Part]:
    """Two lines of headings as one: 血样采集 over 应采, 实采."""
    names, group = list[Part](), ""
    for top, own in zip(above, below, strict=True):
        group = top.text or group
        names.append(Part(group + own.text if own.text else group, (own if own.text else top).start))
        group = group if own.text else ""
    return names
