"""Text files whose lines were broken at a fixed width, as mail programs and old editors do: paragraphs put together.

A line that is as wide as lines get there goes on in the next, unless that one is blank or indented.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.patterns import Pattern
from pipeline.reading.normalise import is_wide

# Widths in columns: an ideograph takes two. Few editors break nearer or farther; shorter lines are items of lists.
NARROWEST, WIDEST = 50, 160
# A line may stop short by so much for the sake of a mark that cannot begin the next, or of a word.
SLACK = 5
FEWEST = 3
# Of the lines that another follows, so many are full where lines were broken; and so few of them end a sentence.
FULL, ENDING = 0.5, 0.4
# What ends a sentence, or an item with a figure: 城关镇采集血样2130份.
END = ("。", "！", "？", "；", "：", "”", "…", "份", "人", "名", "例", "张", "户", "%", "％")
# So many of them hold a mark that parts clauses.
PARTED, MARK = 0.5, Pattern(r"[，、。；]")
INDENTED = Pattern(r"\u3000| {2}|\t")
CELLS = Pattern(r"\t|[|｜]|\S {2,}\S|(?:\S \S+ ){2}")


def unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines of a text file, those that were broken at a fixed width put together again.

    >>> told = "近日，城关派出所民警进村入户，在卫生院配合下为群众采集血样，截至十月底共采集三百余份，完成八成。" * 4
    >>> lines = [told[i : i + 30] for i in range(0, len(told), 30)]
    >>> item = "古荣镇采集血样2130份，完成任务数的98.5%，位列全县各乡镇第一名"
    >>> unwrapped(lines) == [told], len(unwrapped([item] * 5))
    (True, 5)
    """
    for widths, unit in (([_width(line) for line in lines], 1), ([len(line.rstrip()) for line in lines], 2)):
        widest = max(widths, default=0)
        if NARROWEST <= widest * unit <= WIDEST:
            broken = _broken(lines, [width >= widest - SLACK // unit for width in widths])
            if broken:
                return _joined(lines, broken)
    return list(lines)


def _broken(lines: Sequence[str], full: Sequence[bool]) -> set[int]:
    """Which lines go on in the next; none where it seems to be chance that they are as wide."""
    inner = [i for i in range(len(lines) - 1) if lines[i].strip() and _goes_on(lines[i + 1])]
    broken = [i for i in inner if full[i]]
    ending = sum(lines[i].rstrip().endswith(END) for i in broken)
    parted = sum(MARK.search(lines[i]) is not None for i in broken)
    cells = any(CELLS.search(lines[i].strip()) for i in broken)
    if len(broken) < max(FEWEST, FULL * len(inner)) or cells:
        return set()
    if ending > ENDING * len(broken) or parted < PARTED * len(broken):
        return set()
    return set(broken)


def _joined(lines: Sequence[str], broken: set[int]) -> list[str]:
    joined: list[list[str]] = []
    for i, line in enumerate(lines):
        if i - 1 in broken:
            before = joined[-1][-1].rstrip()
            joined[-1][-1:] = [before, _space(before, line), line.lstrip()]
        else:
            joined.append([line])
    return ["".join(parts) for parts in joined]


def _goes_on(line: str) -> bool:
    """Whether a line may be what is left of the one before."""
    return bool(line.strip()) and INDENTED.match(line) is None


def _space(before: str, line: str) -> str:
    """A space between Latin words that the break stood for."""
    left, right = before[-1:], line.lstrip()[:1]
    return " " if left.isascii() and left.isalpha() and right.isascii() and right.isalpha() else ""


def _width(line: str) -> int:
    """How many columns a line takes."""
    return sum(2 if is_wide(character) else 1 for character in line.rstrip())
