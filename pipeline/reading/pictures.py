"""Pages that are pictures: their characters and places by optical character recognition (RapidOCR, an extra).

Gives the same `Page` as a text layer does, so that everything after it is one. The models lie inside the package;
nothing is downloaded. Only pages that have no usable text come here: recognising a page takes seconds.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from statistics import median
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import regex
from numpy.typing import NDArray

from pipeline.reading.glyphs import Glyph, Page
from pipeline.reading.normalise import is_wide

DPI = 150  # enough for text of 13 to 17 pixels on the screen; more did not help
WIDEST = 1000  # pixels. On pictures of 1,300 RapidOCR loses whole lines here and there, on these none
# RapidOCR shrinks what is longer than 2,000 pixels; tall captures are therefore cut into bands between their lines.
BAND = 1600
SEAM = 300  # pixels above a cut in which the emptiest row is looked for
MOST_PIXELS = 60_000_000  # a page of 10 m by 10 m is rendered coarser
# Below this a line's characters are too doubtful to go unmarked.
SURE = 0.8
# A doubtful line is better than a lost one: at RapidOCR's own 0.5 whole lines across a page went missing.
FAINTEST = 0.3
# Gaps wider than these shares of an em stand for a space: between digits or letters, and where one is an ideograph.
NARROW_GAP, WIDE_GAP = 0.25, 0.4
# Date and time run together: the gap between them is lost more often than any other.
GLUED = regex.compile(r"(?<=(?:19|20)\d\d[-/.年]\d\d[-/.月]\d\d日?)(?=\d\d:\d\d)")


@dataclass(frozen=True)
class Recognised:
    """A page read by OCR; `doubtful` where a line of it was read with little confidence."""

    page: Page
    doubtful: bool


def available() -> bool:
    """Whether the OCR extra is installed and works here."""
    try:
        _engine()
    except ImportError:
        return False
    return True


@lru_cache(maxsize=1)
def _engine() -> Any:
    from rapidocr_onnxruntime import RapidOCR

    # One thread a worker: two processes of one thread read a third more pages than two of many.
    return RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1, det_box_thresh=FAINTEST, text_score=FAINTEST)


def recognise(handle: pdfium.PdfPage, page: Page) -> Recognised:
    """The same page with characters by OCR, places in points from its top left. The caller keeps the page open."""
    width, height = handle.get_size()
    scale = min(DPI / 72, WIDEST / max(1.0, width), (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    picture = handle.render(scale=scale).to_numpy()[:, :, :3]
    lines: list[list[_Place]] = []
    doubtful = False
    for top, band in _bands(picture):
        found, _ = _engine()(np.ascontiguousarray(band), return_word_box=True)
        for line in found or ():
            doubtful = doubtful or float(line[2]) < SURE
            lines.append(_places(line[3], line[4], top, scale))
    glyphs: list[Glyph] = []
    edges = array("f")
    for places in by_columns([line for line in lines if line], width / 2):
        _add_line(glyphs, edges, places)
    return Recognised(replace(page, glyphs=_even(glyphs), edges=edges), doubtful)


def _bands(picture: NDArray[np.uint8]) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """The picture in pieces of at most BAND rows with the row each begins at, cut where a row is emptiest."""
    top, height = 0, picture.shape[0]
    while height - top > BAND:
        seam = picture[top + BAND - SEAM : top + BAND]
        # An empty row has one colour: the least spread of brightness along it.
        cut = top + BAND - SEAM + int(seam.mean(axis=2).std(axis=1).argmin())
        yield top, picture[top:cut]
        top = cut
    yield top, picture[top:]


@dataclass(frozen=True)
class _Place:
    """One recognised character and its box in points."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float


def _places(boxes: Sequence[Any], texts: Sequence[str], top: int, scale: float) -> list[_Place]:
    places = []
    for box, text in zip(boxes, texts, strict=False):
        xs, ys = [float(p[0]) for p in box], [float(p[1]) + top for p in box]
        # A Latin word comes in one box: its letters share it evenly.
        step = (max(xs) - min(xs)) / max(1, len(text))
        for i, character in enumerate(text):
            x = min(xs) + i * step
            places.append(_Place(character, x / scale, min(ys) / scale, (x + step) / scale, max(ys) / scale))
    return places


def by_columns(lines: Sequence[list[_Place]], middle: float) -> list[list[_Place]]:
    """Lines from top to bottom; where nothing crosses the middle of the page and both halves go on, left half first."""
    ordered: list[list[_Place]] = []
    left: list[list[_Place]] = []
    right: list[list[_Place]] = []
    for line in [*lines, None]:
        if line is not None and line[-1].x1 <= middle:
            left.append(line)
        elif line is not None and line[0].x0 >= middle:
            right.append(line)
        else:
            columns = len(left) > 1 and len(right) > 1
            ordered += [*left, *right] if columns else sorted([*left, *right], key=lambda part: part[0].top)
            left, right = [], []
            if line is not None:
                ordered.append(line)
    return ordered


def _add_line(glyphs: list[Glyph], edges: array[float], places: Sequence[_Place]) -> None:
    """Append a line's characters, spaces where the gaps say so, and a line end."""
    height = max(p.bottom for p in places) - min(p.top for p in places)
    wide = [p.x1 - p.x0 for p in places if is_wide(p.text)]
    em = median(wide) * 1.05 if wide else height * 0.8
    base = max(p.bottom for p in places) - 0.2 * height
    apart = {m.start() for m in GLUED.finditer("".join(p.text for p in places))}
    for i, place in enumerate(places):
        before = places[i - 1] if i else None
        if before is not None and (i in apart or _is_gap(before, place, em)):
            # A generated space may still be dropped as letter-spacing; between date and time it must stay.
            gap = _Place(" ", before.x1, before.top, place.x0, before.bottom)
            _append(glyphs, edges, " ", gap, em, base, generated=i not in apart)
        _append(glyphs, edges, place.text, place, em, base, generated=False)
    _append(glyphs, edges, "\n", places[-1], em, base, generated=True)


def _is_gap(before: _Place, place: _Place, em: float) -> bool:
    if not (before.text.isalnum() and place.text.isalnum()):
        return False
    both_narrow = not is_wide(before.text) and not is_wide(place.text)
    both_wide = is_wide(before.text) and is_wide(place.text)
    limit = NARROW_GAP if both_narrow else 1.0 if both_wide else WIDE_GAP
    return place.x0 - before.x1 > limit * em


def _append(
    glyphs: list[Glyph], edges: array[float], text: str, place: _Place, em: float, base: float, *, generated: bool
) -> None:
    glyphs.append(Glyph(len(glyphs), text, place.x0, base, place.x1, em, 0, generated))
    edges.extend((place.x0, place.top, place.x1, place.bottom))


def _even(glyphs: list[Glyph]) -> list[Glyph]:
    """Font sizes within a sixth of the usual one made equal to it: OCR measures a little differently each time."""
    sizes = [g.em for g in glyphs if not g.generated]
    usual = median(sizes) if sizes else 0.0
    return [g._replace(em=usual) if usual and abs(g.em - usual) < usual / 6 else g for g in glyphs]
