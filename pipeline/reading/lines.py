"""Characters → lines: what stands on one base line, with the spaces a reader sees and no others.

pdfium puts in a space for every gap. In letter-spaced text that is between any two characters; here a gap is a space
only if it is wider than the line's own letter-spacing. Real space characters are kept.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
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
    drawn = _Drawn.of(glyphs)
    if not len(drawn.at):
        return []
    usual = _usual_spacing(drawn)
    cuts = [*drawn.starts.tolist(), len(drawn.at)]
    return [line for a, b in itertools.pairwise(cuts) if (line := drawn.line(a, b, page.number, usual)) is not None]


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

    at: NDArray[np.intp]  # index of each among all characters
    glyphs: Glyphs
    texts: Sequence[str]
    starts: NDArray[np.intp]  # the first character of each line
    gaps: NDArray[np.int64]
    spacings: NDArray[np.float64]  # extra distance to the character before, in ems; NaN where that says nothing

    @classmethod
    def of(cls, glyphs: Glyphs) -> _Drawn:
        """Runs on one base line; those that follow each other on one, as the cells of a row do, are one line."""
        at = np.flatnonzero(~glyphs.generated)
        drawn = glyphs if len(at) == len(glyphs) else glyphs.only(at)
        if not len(at):
            return cls(at, drawn, "", at, at, drawn.x)
        ends = [g and text != " " for g, text in zip(glyphs.generated.tolist(), glyphs.texts, strict=True)]
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
        return cls(at, drawn, drawn.texts, starts, gaps, spacings)

    def line(self, start: int, end: int, page: int, usual: float | None) -> Line | None:
        """The line of the characters from `start` to `end`; None if nothing is to be seen of it."""
        glyphs = self.glyphs
        text, chars = list(self.texts[start:end]), glyphs.number[start:end].tolist()
        visible = [i for i, letter in enumerate(text, start) if not letter.isspace()]
        if not visible:
            return None
        gaps = (np.flatnonzero(self.gaps[start:end] != NONE) + start).tolist()
        if gaps:
            spacing = self._spacing(start, end, usual)
            for i in reversed(gaps):
                if self._is_space(i, spacing):
                    text.insert(i - start, " ")
                    chars.insert(i - start, int(self.gaps[i]))
        first, last = visible[0], visible[-1]
        place = float(glyphs.x[first]), float(glyphs.right[last]), float(glyphs.y[last])
        sizes = glyphs.em[start:end] if len(visible) == end - start else glyphs.em[visible]
        return Line(page, "".join(text), chars, *place, _median(sizes), int(glyphs.shade[first]))

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
        glyphs, last, letter = self.glyphs, self.texts[i - 1], self.texts[i]
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
    letters = np.fromiter(map(_is_letter, drawn.texts), bool, len(drawn))
    em = drawn.em[:-1]
    alike = letters[:-1] & letters[1:] & (em != 0) & (np.abs(np.diff(drawn.em)) < 0.1 * em)
    found: NDArray[np.float64] = np.where(alike, np.diff(drawn.x) / em - 1, np.nan)
    return found


@lru_cache(maxsize=1 << 16)
def _is_letter(character: str) -> bool:
    return is_wide(character) and character.isalnum()


def _usual_spacing(drawn: _Drawn) -> float | None:
    """The page's letter-spacing; None if it has no two ideographs side by side."""
    found = drawn.spacings[drawn.spacings < 1]
    return max(0.0, _median(found)) if len(found) else None


def _median(values: NDArray[np.float64]) -> float:
    """The median; of one line's sizes mostly the only value there is."""
    first = float(values[0])
    return first if (values == first).all() else median(values.tolist())


def _letters(last: str, letter: str) -> bool:
    """Digits or wide characters on both sides: where a space wrongly put in would tear a number or a word."""
    return all(text.isdigit() or is_wide(text) for text in (last, letter))
