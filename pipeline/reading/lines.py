"""Characters → lines: what stands on one base line, with the spaces a reader sees and no others.

pdfium puts in a space for every gap. In letter-spaced text that is between any two characters; here a gap is a space
only if it is wider than the line's own letter-spacing. Real space characters are kept.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from statistics import median

from pipeline.reading.glyphs import Glyph, Page
from pipeline.reading.normalise import is_wide, repair

# In ems beyond the line's letter-spacing. The narrowest space of common fonts is 0.2 em, kerning stays below 0.1.
SPACE = 0.15
# Where nothing shows how the line is spaced (no two ideographs side by side): more than letter-spacing ever is.
SPACE_UNKNOWN = 0.55
UNSPACED = 0.04  # letter-spacing below this is none
DROP = 0.6  # ems a base line may shift within a line (raised and lowered characters)


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
        return replace(self, text=text[start:end], chars=[self.chars[sources[i]] for i in range(start, end)])


def lines_of(page: Page) -> list[Line]:
    """The lines of a page, in the producer's order."""
    glyphs = _turned(page.glyphs, page.width) if is_vertical(page.glyphs) else page.glyphs
    segments = _joined(_segments(glyphs))
    usual = _usual_spacing(segments)
    return [line for segment in segments if (line := _line(segment, page.number, usual)) is not None]


def is_vertical(glyphs: Sequence[Glyph]) -> bool:
    """Whether most characters stand below the one before: a page set in columns from right to left."""
    down = across = 0
    for a, b in itertools.pairwise(glyphs):
        if not a.generated and not b.generated and a.em:
            dx, dy = (b.x - a.x) / a.em, (b.y - a.y) / a.em
            down += abs(dx) < 0.3 and 0.5 < dy < 2
            across += abs(dy) < 0.3 and dx > 0
    return down > across


def _turned(glyphs: Sequence[Glyph], width: float) -> list[Glyph]:
    """Vertical text laid on its side, so that its columns are lines."""
    return [g if g.generated else g._replace(x=g.y, y=width - g.x, right=g.y + g.em) for g in glyphs]


def _segments(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Runs on one base line. Generated spaces stay in them as candidates."""
    segments: list[list[Glyph]] = []
    run: list[Glyph] = []
    last: Glyph | None = None
    for glyph in glyphs:
        if glyph.generated:
            if glyph.text == " ":
                run.append(glyph)
            else:
                segments.append(run)
                run, last = [], None
            continue
        if last is not None and _breaks(last, glyph):
            segments.append(run)
            run = []
        run.append(glyph)
        last = glyph
    segments.append(run)
    trimmed = (_trimmed(segment) for segment in segments)
    return [segment for segment in trimmed if segment]


def _breaks(last: Glyph, glyph: Glyph) -> bool:
    em = max(last.em, glyph.em)
    shift = abs(glyph.y - last.y)
    back = glyph.x < last.right - 0.5 * em
    return shift > 2 * DROP * em or (shift > DROP * em and back) or glyph.x < last.x - 3 * em


def _trimmed(segment: list[Glyph]) -> list[Glyph]:
    """Without generated spaces at its ends; empty if nothing is drawn."""
    drawn = [i for i, g in enumerate(segment) if not g.generated]
    return segment[drawn[0] : drawn[-1] + 1] if drawn else []


def _joined(segments: list[list[Glyph]]) -> list[list[Glyph]]:
    """Segments that follow each other on one base line, as the cells of a row do, made one."""
    joined: list[list[Glyph]] = []
    for segment in segments:
        if joined:
            last, first = joined[-1][-1], segment[0]
            em = max(last.em, first.em)
            level = abs(last.y - first.y) < 0.25 * em and min(last.em, first.em) > 0.7 * em
            if level and first.x >= last.right - 0.1 * em:
                joined[-1] = [*joined[-1], Glyph(-1, " ", 0, 0, 0, 0, 0, True), *segment]
                continue
        joined.append(segment)
    return joined


def _spacings(segment: Sequence[Glyph]) -> list[float]:
    """Extra distances, in ems, between ideographs side by side."""
    drawn = [g for g in segment if not g.generated]
    return [
        (b.x - a.x) / a.em - 1
        for a, b in itertools.pairwise(drawn)
        if a.em and abs(a.em - b.em) < 0.1 * a.em and _is_letter(a.text) and _is_letter(b.text)
    ]


@lru_cache(maxsize=1 << 16)
def _is_letter(character: str) -> bool:
    return is_wide(character) and character.isalnum()


def _usual_spacing(segments: Iterable[Sequence[Glyph]]) -> float | None:
    """The page's letter-spacing; None if it has no two ideographs side by side."""
    found = [s for segment in segments for s in _spacings(segment) if s < 1]
    return max(0.0, median(found)) if found else None


def _spacing(segment: Sequence[Glyph], usual: float | None) -> float | None:
    """The letter-spacing of one line: its least, since spaces only add to it."""
    own = _spacings(segment)
    if len(own) < 4:
        return usual
    least = max(0.0, min(own))
    return least if least > UNSPACED else 0.0


def _line(segment: list[Glyph], page: int, usual: float | None) -> Line | None:
    spacing = _spacing(segment, usual)
    text: list[str] = []
    chars: list[int] = []
    last: Glyph | None = None
    gap: Glyph | None = None
    for glyph in segment:
        if glyph.generated:
            gap = gap or glyph
            continue
        if gap is not None and last is not None and _is_space(last, glyph, spacing):
            text.append(" ")
            chars.append(gap.number)
        text.append(glyph.text)
        chars.append(glyph.number)
        last, gap = glyph, None
    visible = [g for g in segment if not g.generated and not g.text.isspace()]
    if not visible:
        return None
    size = median(g.em for g in visible)
    return Line(page, "".join(text), chars, visible[0].x, visible[-1].right, visible[-1].y, size, visible[0].shade)


def _is_space(last: Glyph, glyph: Glyph, spacing: float | None) -> bool:
    if last.text.isspace() or glyph.text.isspace():
        return False
    em = min(last.em, glyph.em) or 1.0
    gap = (glyph.x - last.right) / em
    return gap > (SPACE_UNKNOWN if spacing is None and _letters(last, glyph) else SPACE + (spacing or 0.0))


def _letters(last: Glyph, glyph: Glyph) -> bool:
    """Digits or wide characters on both sides: where a space wrongly put in would tear a number or a word."""
    return all(g.text.isdigit() or is_wide(g.text) for g in (last, glyph))
