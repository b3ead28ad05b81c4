"""Lines → paragraphs: wrapped lines joined without adding or losing a character.

A paragraph ends where a line stops short although the next word would have fitted, where the next line is set in, and
where the distance to the next line is larger than usual. Page and column ends are no paragraph ends.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

import regex

from pipeline.reading.lines import Line
from pipeline.reading.normalise import is_wide

INDENT = (1.2, 4.5)  # ems by which a first line is set in
LOOSER = 1.18  # times the usual distance of lines
# What cannot be parted at a line end: a word or number, or one character; marks that may not start a line stay with it.
CLOSING = "，。、；：！？）】》」』”’〉〕…—,.;:!?)]}%％℃"
FIRST_UNIT = regex.compile(
    rf"[（【《「『“‘〈〔(\[]*+(?:[A-Za-z0-9][A-Za-z0-9.,/:_%+&?=@#~'-]*+|.)[{regex.escape(CLOSING)}]*+"
)
ITEM = regex.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[、.．）)]|[（(]?\d{1,2}[、．）)]|\d{1,2}\.(?!\d)|第[一二三四五六七八九十]+[章条节]|[★●■◆▍✦※]"
)
# A line of nothing else is a cell, or cells of one row: two such make no number.
FIGURES = regex.compile(r"[\d\s,.%％]+")
NUMBERS_IN_ROW = regex.compile(r"\s[\d,.]+")


@dataclass
class Text:
    """The body as one string, and where each of its characters stood; -1 for what the reader put in."""

    pieces: list[str] = field(default_factory=list)
    pages: array[int] = field(default_factory=lambda: array("H"))
    chars: array[int] = field(default_factory=lambda: array("l"))

    def add(self, line: Line) -> None:
        """Append a line's characters."""
        self.pieces.append(line.text)
        self.pages.extend([line.page] * len(line.text))
        self.chars.extend(line.chars)

    def put(self, separator: str, page: int) -> None:
        """Append what stands on no page: a space or a paragraph end."""
        self.pieces.append(separator)
        self.pages.extend([page] * len(separator))
        self.chars.extend([-1] * len(separator))

    def __str__(self) -> str:
        return "".join(self.pieces)


def flow(lines: Sequence[Line]) -> Text:
    """The paragraphs of the body's lines, parted by newlines."""
    text = Text()
    page = Measure.of(lines)
    before: Line | None = None
    for line in lines:
        if before is not None:
            separator = page.separator(before, line)
            text.put("\n" if separator is None else separator, before.page)
        text.add(line)
        before = line
    return text


def join(lines: Sequence[Line]) -> str:
    """Lines known to be one thing (a title, a banner, a cell) as one string."""
    text = ""
    for line in lines:
        text += (between(text, line.text) if text else "") + line.text
    return text


def between(before: str, after: str) -> str:
    """What stands between two lines of one paragraph: a space between Latin words, else nothing.

    >>> between("Forensic", "Science"), between("采集", "血样"), between("Y-", "STR"), between("1,2", "00份")
    (' ', '', '', '')
    """
    last, first = before[-1:], after[:1]
    if last in "-/" or not last:
        return ""
    latin_before = last.isascii() and (last.isalpha() or last in ",.;:!?)")
    latin_after = first.isascii() and first.isalpha()
    return " " if latin_before and latin_after else ""


@dataclass(frozen=True)
class Column:
    """Left and right edge of a column of text, in points."""

    left: float
    right: float


@dataclass(frozen=True)
class Measure:
    """How a document's body is set: its columns, the usual distance of its lines, whether paragraphs are set in."""

    columns: tuple[Column, ...]
    pitch: dict[float, float]
    set_in: bool
    spaced: bool = False  # paragraphs stand farther apart than lines
    breaks_words: bool = False

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Measure:
        """Measured on the lines themselves."""
        columns, pitch = _columns(lines), _pitches(lines)
        draft = cls(columns, pitch, _is_set_in(lines, columns), _is_spaced(lines, pitch))
        return replace(draft, breaks_words=_breaks_words(lines, draft))

    def column(self, line: Line) -> Column:
        """The column a line stands in."""
        fitting = [c for c in self.columns if c.left - line.size <= line.x0]
        return fitting[-1] if fitting else Column(line.x0, line.x1)

    def room(self, line: Line) -> float:
        """Ems left between a line's end and its column's edge."""
        return (self.column(line).right - line.x1) / line.size

    def indent(self, line: Line) -> float:
        """Ems by which a line is set in."""
        return (line.x0 - self.column(line).left) / line.size

    def separator(self, before: Line, line: Line) -> str | None:
        """What joins two lines of a paragraph; None where a new paragraph starts."""
        if self._starts(before, line):
            return None
        last, first = before.text[-1], line.text[0]
        if last.isascii() and first.isascii() and last.isdigit() and first.isdigit():
            return self._between_numbers(before)
        if self.breaks_words and last.isascii() and last.isalpha() and self.room(before) < 0.8:
            return ""
        return between(before.text, line.text)

    def _between_numbers(self, before: Line) -> str:
        """Numbers are parted only where words are; else the line end stands for the space of a row of numbers."""
        row = len(NUMBERS_IN_ROW.findall(before.text)) >= 2
        return " " if row or self.room(before) > 0.65 else ""

    def _starts(self, before: Line, line: Line) -> bool:
        if (
            before.row
            or line.row
            or abs(before.size - line.size) > 0.1 * before.size
            or abs(before.shade - line.shade) > 60
            or (FIGURES.fullmatch(before.text) and FIGURES.fullmatch(line.text))
        ):
            return True
        if self.room(before) > width(FIRST_UNIT.match(line.text)) + 0.3:  # the next word would have fitted
            return True
        indent = self.indent(line)
        if self.set_in and INDENT[0] < indent < INDENT[1] and not self._is_block(before, line):
            return True
        usual = self.pitch.get(round(line.size, 1))
        below = before.page == line.page and line.y > before.y and self.column(before) == self.column(line)
        if below and usual and (self.spaced or line.y - before.y > LOOSER * usual):
            return line.y - before.y > LOOSER * usual
        return not self.set_in and ITEM.match(line.text) is not None and before.text[-1] in "。：！？"

    def _is_block(self, before: Line, line: Line) -> bool:
        """Whether both lines are set in alike by another measure than first lines are: a quotation."""
        return abs(before.x0 - line.x0) < 0.1 * line.size and abs(self.indent(line) - 2) > 0.3


def width(match: regex.Match[str] | None) -> float:
    """Ems that a few characters take: one for wide ones, about half for the others; closing marks may hang."""
    text = match.group() if match else ""
    return sum(1.0 if is_wide(c) or c in "“”‘’…—" else 0.6 for c in text)


def _columns(lines: Sequence[Line]) -> tuple[Column, ...]:
    """Columns from left to right: a line that starts right of all others' ends starts a new one."""
    columns: list[Column] = []
    rest = sorted((line for line in lines if not line.row), key=lambda line: line.x0)
    while rest and len(columns) < 6:
        left = rest[0].x0
        near = [line for line in rest if line.x0 < left + INDENT[1] * line.size]
        right = max(line.x1 for line in near)
        columns.append(Column(left, right))
        rest = [line for line in rest if line.x0 > right]
    return tuple(columns)


def _pitches(lines: Sequence[Line]) -> dict[float, float]:
    """For each size the usual distance of lines in a paragraph: the least that is found more than once."""
    found: dict[float, Counter[float]] = {}
    for a, b in pairwise(lines):
        step = b.y - a.y
        if a.page == b.page and abs(a.size - b.size) < 0.1 and 0.9 * a.size < step < 2.6 * a.size:
            found.setdefault(round(b.size, 1), Counter())[round(step * 2) / 2] += 1
    pitches = {}
    for size, steps in found.items():
        often = [s for s, n in steps.items() if n + steps[s + 0.5] + steps[s - 0.5] > 1] or list(steps)
        least = min(often)
        if least < 2.1 * size:
            pitches[size] = median([least, *[s for s in often if s - least <= 0.5]])
    return pitches


def _is_spaced(lines: Sequence[Line], pitch: dict[float, float]) -> bool:
    """Whether some neighbouring lines of one size stand farther apart than others, as paragraphs do."""
    steps = ((b.y - a.y, pitch.get(round(b.size, 1))) for a, b in pairwise(lines) if a.page == b.page)
    return any(usual is not None and LOOSER * usual < step < 2.5 * usual for step, usual in steps)


def _is_set_in(lines: Sequence[Line], columns: Sequence[Column]) -> bool:
    """Whether first lines of paragraphs are set in, as print does: several lines are, and several are not."""
    measure = Measure(tuple(columns), {}, False)
    indents = [measure.indent(line) for line in lines if not line.row]
    inside = sum(1 for i in indents if 1.6 < i < 2.6)
    return inside > 0 and any(i < 0.5 for i in indents)


def _breaks_words(lines: Sequence[Line], measure: Measure) -> bool:
    """Whether the page parts words anywhere (CSS break-all): a number goes on over the end of a full line."""
    return any(
        before.text[-1].isdigit() and line.text[0].isdigit() and before.text[-1].isascii() and line.text[0].isascii()
        and not NUMBERS_IN_ROW.search(before.text) and measure.room(before) < 0.65 and not measure._starts(before, line)
        for before, line in pairwise(lines)
    )  # fmt: skip
