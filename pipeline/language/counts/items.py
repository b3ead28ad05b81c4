"""The items of a digest: ①…②…, ▲…▲…: what one tells is not told of the next, what stands above all is of each."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from pipeline.patterns import Pattern

# Marks that begin an item wherever they stand, and those that do at the beginning of a line.
MARK = Pattern(r"[①-⑳⑴-⒇❶-❿㈠-㈩]|(?m:^)[ \t\u3000]*(?:[▲△▸►▶●○•■□◆◇★☆※☞▪▫◎]|【[^】\n]{1,12}】)")
# Before a mark stands no more than so many blanks, in characters.
MARGIN = 20
FIRST = "①⑴❶㈠"
# What a line's rank is told by, and the next line of each rank.
RANKS = {
    "part": r"[一二三四五六七八九十]{1,3}、",
    "section": r"[（(][一二三四五六七八九十]{1,3}[）)]",
    "item": r"\d{1,2}[.．、](?!\d)",
}
RANK = Pattern("[ \t\u3000]*(?:" + "|".join(f"(?P<{name}>{mark})" for name, mark in RANKS.items()) + ")")
NEXT_OF_RANK = {name: Pattern(rf"\n[ \t\u3000]*{mark}") for name, mark in RANKS.items()}


# 一、… 二、… in one paragraph
INLINE = Pattern(
    r"(?<=[。；：:\s]|^)(?:[一二三四五六七八九十]{1,2}、|（[一二三四五六七八九十]{1,2}）|[一二三四五六七八九]是)"
)


class Items:
    """Where the items of a text begin."""

    def __init__(self, copy: str) -> None:
        self.copy = copy

    @cached_property
    def _starts(self) -> list[int]:
        found = list(MARK.finditer(self.copy))
        titles = [m[0] for m in found if m[0].endswith("】")]
        if len(titles) > len(set(titles)):  # 【解说】…【解说】…: who speaks in a script, or who asks
            found = [m for m in found if not m[0].endswith("】")]
        return [m.start() for m in found]

    @cached_property
    def _firsts(self) -> list[int]:
        """Where a list begins: at its first number, or at the first of its marks."""
        firsts, last = [], ""
        for start in self._starts:
            mark = self.copy[start : start + MARGIN].strip()[:1]
            if mark in FIRST or (last != mark and not mark.isnumeric()):
                firsts.append(start)
            last = mark
        return firsts

    def parted(self, told: int, figure: int) -> bool:
        """Whether what is told at a place stands in another item than a figure behind it."""
        own = bisect_right(self._starts, figure) - 1
        if own < 0 or told >= self._starts[own]:
            return False
        first = bisect_right(self._firsts, figure) - 1
        return told >= self._firsts[first]


def parted_inline(copy: str, line: int, told: int, figure: int) -> bool:
    """Whether two places of a paragraph that begins at `line` stand in different items of it: 一、… 二、…

    >>> parted_inline("一、去年8份。二、共9份", 0, 2, 9)
    True
    """
    return INLINE.search(copy, line, told) is not None and INLINE.search(copy, told, figure) is not None


def goes_on(copy: str, head: int, begin: int, end: int) -> bool:
    """Whether a text goes on to the next head of the rank of that at `head` (一、… 二、…) between two places.

    >>> goes_on("一、四月\\n采血8份\\n二、治安", 0, 4, 14)
    True
    """
    rank = RANK.match(copy, head)
    return rank is not None and NEXT_OF_RANK[rank.lastgroup or ""].search(copy, begin, end) is not None
