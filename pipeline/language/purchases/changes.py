"""What a notice of changes quotes of the notice before: 更正前…更正后…, and columns headed so.

What stands there no longer holds. Works on a matching copy.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

import regex

from pipeline.patterns import Pattern

VERB = r"更正|变更|修改|调整|更改|澄清"
# From 更正前 to 更正后; a notice quotes no more than so much.
BEFORE = Pattern(rf"(?<verb>{VERB})前(?!后)(?:(?!(?P=verb)前)[\s\S]){{0,1500}}?(?P=verb)后")
HEADING = Pattern(rf"(?m)^[^\n]{{0,80}}?(?<verb>{VERB})前[^\n]{{0,40}}?(?P=verb)后[^\n]{{0,80}}$")
CELL_END = Pattern(r"\t|\s*[|｜]\s*|[ \u3000]+")
# How the old words of a single sentence are followed, and the new ones led to: 更正为, 现改为, 误写为…应为.
NEW = rf"(?:(?:{VERB}|改|调减|调增|更新)为|[降增]至|延至|调至)"
CHANGED = Pattern(
    rf"\s*[”’]?(?:[^，。；\n]{{0,8}}?{NEW}|，?(?:现在?|今|特此)(?:予以)?{NEW}|，?(?:实际|正确的?)?应[为是])"
)
LEADS = Pattern(rf"(?:{NEW}|现)[^，。；\n\d]{{0,12}}$")


def old_stretches(copy: str) -> list[tuple[int, int]]:
    """Where a notice says what stood before, in order.

    >>> old_stretches("更正前：35万元，更正后：53万元")
    [(0, 12)]
    """
    return sorted([match.span() for match in BEFORE.finditer(copy)] + list(_old_cells(copy)))


def _old_cells(copy: str) -> Iterator[tuple[int, int]]:
    """The cells below 更正前 in tables that have 更正后 beside it."""
    for heading in HEADING.finditer(copy):
        cells = CELL_END.split(heading[0].strip())
        old = [i for i, cell in enumerate(cells) if regex.search(rf"(?:{VERB})前", cell)]
        at = heading.end() + 1
        while len(old) == 1 and len(cells) > 1 and at < len(copy):
            stop = copy.find("\n", at)
            line = copy[at : stop if stop >= 0 else len(copy)]
            row = _cells(line)
            if len(row) != len(cells) or HEADING.match(line):
                break
            yield at + row[old[0]][0], at + row[old[0]][1]
            at += len(line) + 1


def _cells(line: str) -> list[tuple[int, int]]:
    """The cells of a line, by their offsets in it."""
    found, at = [], len(line) - len(line.lstrip())
    end = len(line.rstrip())
    for mark in CELL_END.finditer(line, at, end):
        found.append((at, mark.start()))
        at = mark.end()
    return [*found, (at, end)]


def is_old(at: int, stretches: list[tuple[int, int]]) -> bool:
    """Whether a place lies in one of the stretches."""
    i = bisect_right(stretches, at, key=lambda span: span[0]) - 1
    return i >= 0 and at < stretches[i][1]
