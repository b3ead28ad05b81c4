"""Characters → lines: what stands on one base line, with the spaces a reader sees and no others.

pdfium puts in a space for every gap. In letter-spaced text that is between any two characters; here a gap is a space
only if it is wider than the line's own letter-spacing. Real space characters are kept.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from statistics import median

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.glyphs import Glyphs, Page
from pipeline.reading.normalise import is_wide, repair

# In ems beyond the line's letter-spacing. The narrowest space of common fonts is 0.2 em, kerning stays below 0.1.
SPACE = 0.15
# Where nothing shows how the line is spaced (no two ideographs side by side): more than letter-spacing ever is.
SPACE_UNKNOWN = 0.55
UNSPACED = 0.04  # letter-spacing below this is none
DROP = 0.6  # ems a base line may shift within a line (raised and lowered characters)
NONE = -2  # no blank before a character


@dataclass(slots=True)
class Line:
    """One line of a page; `chars[i]` is the page's index of `text[i]`. A table row is one line."""

    page: int
    text: str
    chars: list[int]
    x0: float
    x1: float
    y: float
    size: float
    shade: int = 0
    row: bool = False  # a row of a ruled table

    def clean(self, *, traditional: bool) -> Line:
        """The line with its characters repaired and the blanks around it gone."""
        text, sources = repair(self.text, traditional=traditional)
        start = len(text) - len(text.lstrip())
        end = max(start, len(text.rstrip()))
        chars = [self.chars[i] for i in sources[start:end]]
        return Line(self.page, text[start:end], chars, self.x0, self.x1, self.y, self.size, self.shade, self.row)


def lines_of(page: Page) -> list[Line]:
    """The lines of a page, in the producer's order."""
    glyphs = Glyphs.of(page.glyphs)
    if is_vertical(glyphs):
        glyphs = _turned(glyphs, page.width)
    return list(_Drawn.of(glyphs).lines(page.number))


def is_vertical(glyphs: Glyphs) -> bool:
    """Whether most characters stand below the one before: a page set in columns from right to left."""
    em = glyphs.em[:-1]
    with np.errstate(all="ignore"):
        dx, dy = np.diff(glyphs.x) / em, np.diff(glyphs.y) / em
        both = ~glyphs.generated[:-1] & ~glyphs.generated[1:] & (em != 0)
        down = both & (np.abs(dx) < 0.3) & (dy > 0.5) & (dy < 2)
        across = both & (np.abs(dy) < 0.3) & (dx > 0)
    return int(np.count_nonzero(down)) > int(np.count_nonzero(across))


def _turned(glyphs: Glyphs, width: float) -> Glyphs:
    """Vertical text laid on its side, so that its columns are lines."""
    return replace(glyphs, x=glyphs.y, y=width - glyphs.x, right=glyphs.y + glyphs.em)


@dataclass(frozen=True)
class _Drawn:
    """The characters of a page that are drawn, in columns, cut into lines.

    `gaps[i]` is the page's index of the first blank that the reader put in before a character, -1 for one that is put
    in here between the cells of a row, NONE where there is none.
    """

    glyphs: Glyphs
    starts: NDArray[np.intp]  # the first character of each line
    gaps: NDArray[np.int64]
    spacings: NDArray[np.float64]  # extra distance to the character before, in ems; NaN where that says nothing

    @classmethod
    def of(cls, glyphs: Glyphs) -> _Drawn:
        """Runs on one base line; those that follow each other on one, as the cells of a row do, are one line."""
        at = np.flatnonzero(~glyphs.generated)
        drawn = glyphs if len(at) == len(glyphs) else glyphs.only(at)
        if not len(at):
            return cls(drawn, at, at, drawn.x)
        ends = glyphs.generated & (np.frombuffer(glyphs.text.encode("utf-32-le", "surrogatepass"), "<u4") != ord(" "))
        ended = np.diff(np.cumsum(ends)[at]) > 0
        with np.errstate(all="ignore"):
            parted = ended | _breaks(drawn)
            joined = parted & _is_level(drawn)
            spacings = np.concatenate([[np.nan], _spacings(drawn)])
        starts = np.flatnonzero(np.concatenate([[True], parted & ~joined]))
        spacings[starts] = np.nan
        gaps = np.full(len(at), NONE, dtype=np.int64)
        after = np.flatnonzero(np.diff(at) > 1)
        gaps[after + 1] = glyphs.number[at[after] + 1]
        gaps[np.flatnonzero(joined) + 1] = -1
        gaps[starts] = NONE
        return cls(drawn, starts, gaps, spacings)

    def lines(self, page: int) -> Iterator[Line]:
        """The lines of which something is to be seen, in order."""
        glyphs, usual = self.glyphs, self._usual_spacing()
        columns = (glyphs.number, glyphs.x, glyphs.right, glyphs.y, glyphs.em, glyphs.shade)
        number, x, right, y, em, shade = (column.tolist() for column in columns)
        gaps = np.flatnonzero(self.gaps != NONE).tolist()
        for start, end in itertools.pairwise([*self.starts.tolist(), len(glyphs)]):
            text, chars = glyphs.text[start:end], number[start:end]
            first, last = end - len(text.lstrip()), start + len(text.rstrip()) - 1
            if last < first:
                continue
            visible = em[first : last + 1]
            if len(text.split()) > 1:
                visible = [em[i] for i in range(first, last + 1) if not glyphs.text[i].isspace()]
            inside = gaps[bisect_left(gaps, start) : bisect_left(gaps, end)]
            if inside:
                text = self._spaced(start, end, inside, usual, chars)
            yield Line(page, text, chars, x[first], right[last], y[last], _median(visible), shade[first])

    def _spaced(self, start: int, end: int, gaps: Sequence[int], usual: float | None, chars: list[int]) -> str:
        """The text of a line with the gaps that are spaces, and `chars` with their numbers."""
        spacing, text = self._spacing(start, end, usual), list(self.glyphs.text[start:end])
        for i in reversed(gaps):
            if self._is_space(i, spacing):
                text.insert(i - start, " ")
                chars.insert(i - start, int(self.gaps[i]))
        return "".join(text)

    def _usual_spacing(self) -> float | None:
        """The page's letter-spacing; None if it has no two ideographs side by side."""
        found = self.spacings[self.spacings < 1].tolist()
        return max(0.0, _median(found)) if found else None

    def _spacing(self, start: int, end: int, usual: float | None) -> float | None:
        """The letter-spacing of one line: its least, since spaces only add to it."""
        own = self.spacings[start:end]
        own = own[~np.isnan(own)]
        if len(own) < 4:
            return usual
        least = max(0.0, float(own.min()))
        return least if least > UNSPACED else 0.0

    def _is_space(self, i: int, spacing: float | None) -> bool:
        """Whether the gap before a character is a space."""
        glyphs, last, letter = self.glyphs, self.glyphs.text[i - 1], self.glyphs.text[i]
        if last.isspace() or letter.isspace():
            return False
        em = min(float(glyphs.em[i - 1]), float(glyphs.em[i])) or 1.0
        gap = (float(glyphs.x[i]) - float(glyphs.right[i - 1])) / em
        return gap > (SPACE_UNKNOWN if spacing is None and _letters(last, letter) else SPACE + (spacing or 0.0))


def _breaks(drawn: Glyphs) -> NDArray[np.bool_]:
    """Whether each character but the first stands on another base line than the one before."""
    em = np.maximum(drawn.em[:-1], drawn.em[1:])
    shift = np.abs(np.diff(drawn.y))
    back = drawn.x[1:] < drawn.right[:-1] - 0.5 * em
    result: NDArray[np.bool_] = (
        (shift > 2 * DROP * em) | ((shift > DROP * em) & back) | (drawn.x[1:] < drawn.x[:-1] - 3 * em)
    )
    return result


def _is_level(drawn: Glyphs) -> NDArray[np.bool_]:
    """Whether each character but the first stands on one base line with the one before, and to its right."""
    em, least = np.maximum(drawn.em[:-1], drawn.em[1:]), np.minimum(drawn.em[:-1], drawn.em[1:])
    level = (np.abs(drawn.y[:-1] - drawn.y[1:]) < 0.25 * em) & (least > 0.7 * em)
    result: NDArray[np.bool_] = level & (drawn.x[1:] >= drawn.right[:-1] - 0.1 * em)
    return result


def _spacings(drawn: Glyphs) -> NDArray[np.float64]:
    """Extra distances, in ems, between ideographs side by side; NaN elsewhere."""
    letters = np.fromiter(map(_is_letter, drawn.text), bool, len(drawn))
    em = drawn.em[:-1]
    alike = letters[:-1] & letters[1:] & (em != 0) & (np.abs(np.diff(drawn.em)) < 0.1 * em)
    found: NDArray[np.float64] = np.where(alike, np.diff(drawn.x) / em - 1, np.nan)
    return found


@lru_cache(maxsize=1 << 16)
def _is_letter(character: str) -> bool:
    return is_wide(character) and character.isalnum()


def _median(values: Sequence[float]) -> float:
    """The median; of one line's sizes mostly the only value there is."""
    return values[0] if values.count(values[0]) == len(values) else median(values)


def _letters(last: str, letter: str) -> bool:
    """Digits or wide characters on both sides: where a space wrongly put in would tear a number or a word."""
    return all(text.isdigit() or is_wide(text) for text in (last, letter))
