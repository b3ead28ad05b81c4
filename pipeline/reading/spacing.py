"""Spaces that editors and browsers set between ideographs and figures or Latin letters (于 10 月 20 日采集 DNA 213 份).

They are typography, not the author's words, and stand in every post of some accounts: running text is closed up.
Where spaces part the cells of a table, the fields of a form or the halves of a headline they stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.patterns import Pattern

HAN = r"[\u3400-\u9fff]"
IDEOGRAPH = Pattern(HAN)
GAP = Pattern(rf"(?<={HAN})[ \u00a0](?=[\dA-Za-z])|(?<=[\dA-Za-z%％])[ \u00a0](?={HAN})")
# A figure or a Latin word.
RUN = Pattern(r"[\dA-Za-z](?:[\dA-Za-z.,:%％/~～+\-]*[\dA-Za-z%％])?")
# Other spaces: between words, figures or cells.
OTHER = Pattern(rf"(?<={HAN}) +(?={HAN})|(?<=\d) +(?=\d)|  +|[\t\u3000|｜]")
SENTENCE = Pattern(r"[，。；！？]")
# What follows a figure in running text, and heads no cell.
MEASURE = frozenset(
    "年月日号时点分秒周天岁个人名位户家份例张枚条支管次起件套台辆所村乡镇县市区组队口元万千百亿余多公里米平栋处场期届批类项种级"
    "世代层间只头匹亩吨套副部本册页篇字句步成倍至到"
)
# 2 采血卡 20000 张: the number of a row or an item.
ITEM = Pattern(r"\s*\d{1,3}[.、]?[ \u00a0](?![年月日号时点人名份户个周天])")
SPACES = " \u00a0"


class Run(NamedTuple):
    """A figure or a Latin word: where it stands, and on which sides a space, or nothing, parts it from an ideograph."""

    start: int
    end: int
    spaced: tuple[bool, bool]
    tight: tuple[bool, bool]


def close_up(text: str, pages: Sequence[int], chars: Sequence[int]) -> tuple[str, Sequence[int], Sequence[int]]:
    """A text without such spaces, with page and character (`Origins`) of each of its characters.

    >>> close_up("截至 5 月 2 日，采集 DNA 血样 213 份。", range(27), range(27))[0]
    '截至5月2日，采集DNA血样213份。'
    >>> [close_up(line, range(99), range(99))[0] for line in ("甲村 213 198", "14日 46间 71人", "遗物里的DNA 让他等到")]
    ['甲村 213 198', '14日 46间 71人', '遗物里的DNA 让他等到']
    """
    drop = _gaps(text)
    if not drop:
        return text, pages, chars
    kept = [i for i in range(len(text)) if i not in drop]
    return "".join([text[i] for i in kept]), [pages[i] for i in kept], [chars[i] for i in kept]


def close_title(title: str | None) -> str | None:
    """A title without such spaces.

    >>> close_title("我局 3 月采集 DNA 样本 213 份")
    '我局3月采集DNA样本213份'
    """
    return close_up(title, range(len(title)), range(len(title)))[0] if title else title


def _gaps(text: str) -> set[int]:
    """Where the spaces stand that are typography."""
    drop: set[int] = set()
    start = 0
    if GAP.search(text) is None:
        return drop
    for line in text.split("\n"):
        if GAP.search(line):
            drop.update(start + at for at in _gaps_of(line))
        start += len(line) + 1
    return drop


def _gaps_of(line: str) -> list[int]:
    """The same within a line; none where it is a row of cells, or few figures are set apart on both sides."""
    item = ITEM.match(line)
    runs = list(_runs(line, item.end() if item else 0))
    both = sum(all(run.spaced) for run in runs)
    one = sum(any(run.spaced) and any(run.tight) for run in runs)
    gaps, others = sum(sum(run.spaced) for run in runs), len(OTHER.findall(line))
    figures = [line[run.end + 1] in MEASURE for run in runs if run.spaced[1] and line[run.end - 1].isdigit()]
    if not both or one > both or 2 * others > gaps or 2 * sum(figures) < len(figures):
        return []
    # ▲ 采集 DNA 血样 213 份: a line that is no sentence, each of whose figures is set apart from its unit
    if not SENTENCE.search(line) and (others or one or not figures or not all(figures)):
        return []
    apart = [run for run in runs if not any(run.tight)]
    return [run.start - 1 for run in apart if run.spaced[0]] + [run.end for run in apart if run.spaced[1]]


def _runs(line: str, start: int) -> Iterator[Run]:
    """The figures and Latin words of a line."""
    for m in RUN.finditer(line, start):
        a, b = m.span()
        near = (line[a - 1 : a], line[b : b + 1])
        far = (line[a - 2 : a - 1] if a > 1 else "", line[b + 1 : b + 2])
        spaced = tuple(c in SPACES and bool(IDEOGRAPH.match(d)) if c else False for c, d in zip(near, far, strict=True))
        tight = tuple(bool(c) and bool(IDEOGRAPH.match(c)) for c in near)
        yield Run(a, b, (spaced[0], spaced[1]), (tight[0], tight[1]))
