"""Pages that are pictures: their characters and places by optical character recognition (RapidOCR).

Gives the same `Page` as a text layer does, so that everything after it is one. The models lie inside the package;
nothing is downloaded. Only pages that have no usable text come here: recognising a page takes seconds.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import regex
from numpy.typing import NDArray

from pipeline.reading.glyphs import Box, Glyph, Page
from pipeline.reading.lines import Line, lines_of
from pipeline.reading.normalise import is_wide
from pipeline.reading.phrases import squash
from pipeline.reading.picture_rows import Ordered, Place, in_order

DPI = 150  # enough for text of 13 to 17 pixels on the screen; more did not help
WIDEST = 1000  # pixels. On pictures of 1,300 RapidOCR loses whole lines here and there, on these none
# RapidOCR shrinks what is longer than 2,000 pixels; tall captures are therefore cut into bands between their lines.
BAND = 1600
SEAM = 300  # pixels above a cut in which the emptiest row is looked for
MOST_PIXELS = 60_000_000  # a page of 10 m by 10 m is rendered coarser
# Below this a line's characters are too doubtful to go unmarked.
SURE = 0.8
# A doubtful line is better than a lost one: at a box threshold of 0.5 whole lines across a page went missing.
FAINTEST_BOX, FAINTEST_TEXT = 0.3, 0.5
# A "line" this many times larger than most and this short is part of a photograph.
GIANT, FEW = 3.5, 4
# A picture of text: its background takes this share of it, and it has so many lines and characters.
PLAIN, LINES_OF_TEXT, WORDS_OF_TEXT = 0.5, 4, 20
# Gaps wider than these shares of an em stand for a space: beside an ideograph, between two.
MIXED_GAP, WIDE_GAP = 0.33, 0.8
MEASURED = 3  # ideographs side by side that tell a line's font size
EVEN = 0.1  # of the font size: what OCR may be out by
# The dash between two days, read as 一.
DASH = regex.compile(r"(?<=\d日)一(?=\d{1,2}(?:月|日))")
# Date and time run together: the gap between them is lost more often than any other.
GLUED = regex.compile(r"(?<=(?:19|20)\d\d[-/.年]\d\d[-/.月]\d\d日?)(?=\d\d:\d\d)")


@dataclass(frozen=True)
class Recognised:
    """A page read by OCR; `doubtful` where a line of it was read with little confidence."""

    page: Page
    doubtful: bool
    rows: frozenset[int] = frozenset()  # the first characters of lines that are rows of a table

    def lines(self) -> list[Line]:
        """The lines of the page; rows of tables are known as such, so that no paragraph runs over them."""
        return [replace(line, row=True) if line.chars[0] in self.rows else line for line in lines_of(self.page)]


def out_of_order() -> str:
    """What to do so that OCR works here; empty where it does."""
    try:
        _engine()
    except ModuleNotFoundError:
        return "install OCR with: pip install rapidocr onnxruntime"
    except ImportError as error:
        return f"OCR does not start here: {error}"
    return ""


@lru_cache(maxsize=1)
def _engine() -> Any:
    from rapidocr import RapidOCR

    # One thread a worker: two processes of one thread read a third more pages than two of many.
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.text_score": FAINTEST_TEXT,
            "Det.box_thresh": FAINTEST_BOX,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def recognise_page(handle: pdfium.PdfPage, page: Page) -> Recognised:
    """The same page with characters by OCR, places in points from its top left. The caller keeps the page open."""
    width, height = handle.get_size()
    scale = min(DPI / 72, WIDEST / max(1.0, width), (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    return recognise(handle.render(scale=scale).to_numpy()[:, :, :3], page, scale)


def recognise(picture: NDArray[np.uint8], page: Page, scale: float, corner: tuple[float, float] = (0, 0)) -> Recognised:
    """A page with the characters of its picture (BGR): `scale` pixels a point, its top left at `corner` of the page."""
    lines: list[list[Place]] = []
    doubtful = False
    for top, band in _bands(picture):
        # The engine remembers what it was called with last, so every choice is named. Screens are upright: the
        # classifier of upside-down lines would turn a good line now and then.
        found = _engine()(np.ascontiguousarray(band), use_det=True, use_cls=False, use_rec=True, return_word_box=True)
        # Where nothing was read the result is one of detection only, without these.
        texts = {squash(text): text for text in getattr(found, "txts", None) or ()}
        for line in getattr(found, "word_results", None) or ():
            words = [word for word in line if isinstance(word, tuple) and word[0] and word[2] is not None]
            text = "".join(word[0] for word in words)
            text = texts.get(squash(text), text)
            if words:
                doubtful = doubtful or sum(float(word[1]) for word in words) / len(words) < SURE
                shade = _shade(band, [word[2] for word in words])
                lines.append(_places(words, text, _Grid(corner[0], corner[1] + top / scale, scale), shade))
    glyphs: list[Glyph] = []
    edges = array("f")
    middle = corner[0] + picture.shape[1] / scale / 2
    lines = _sane(lines)
    squat = _squatness(lines)
    rows: set[int] = set()
    for line in in_order(lines, middle):
        rows.update([len(glyphs)] if line.row else [])
        _add_line(glyphs, edges, line, squat)
    return Recognised(replace(page, glyphs=_even(glyphs), edges=edges), doubtful, frozenset(rows))


def _sane(lines: Sequence[list[Place]]) -> list[list[Place]]:
    """The lines without what OCR sees in photographs and icons: strokes as tall as a house, a letter, a mark."""
    heights = [_height(line) for line in lines]
    usual = median(heights) if heights else 0.0
    return [
        line
        for line, height in zip(lines, heights, strict=True)
        if (height < GIANT * usual or len(line) > FEW)
        and (len(line) > 2 or any((is_wide(p.text) and p.text.isalnum()) or p.text.isdigit() for p in line))
    ]


def _height(line: Sequence[Place]) -> float:
    return max(p.bottom for p in line) - min(p.top for p in line)


def _squatness(lines: Sequence[Sequence[Place]]) -> float:
    """Font size as a share of a line's height: the page's own, from lines that are long enough to tell."""
    shares = [em / _height(line) for line in lines if (em := _em(line)) is not None and _height(line)]
    return median(shares) if shares else 0.8


def recognise_part(handle: pdfium.PdfPage, page: Page, box: Box) -> Recognised | None:
    """The words of one large picture on a page, None if it is no picture of text.

    Most large pictures are photographs. Two looks, each dearer than the one before, tell them: pages of text have one
    colour on most of their area, and RapidOCR's detector finds several lines there.
    """
    width, height = handle.get_size()
    x0, top, x1, bottom = max(0.0, box[0]), max(0.0, box[1]), min(width, box[2]), min(height, box[3])
    if x1 - x0 < 1 or bottom - top < 1:
        return None
    crop = (x0, height - bottom, width - x1, top)
    small = handle.render(scale=min(0.5, 300 / (x1 - x0)), crop=crop).to_numpy()
    if _plainness(small) < PLAIN:
        return None
    scale = min(DPI / 72, WIDEST / (x1 - x0), (MOST_PIXELS / ((x1 - x0) * (bottom - top))) ** 0.5)
    picture = handle.render(scale=scale, crop=crop).to_numpy()[:, :, :3]
    found = _engine()(
        np.ascontiguousarray(picture[:BAND]), use_det=True, use_cls=False, use_rec=False, return_word_box=False
    ).boxes
    if found is None or len(found) < LINES_OF_TEXT:
        return None
    seen = recognise(picture, page, scale, (x0, top))
    return seen if sum(g.text.isalnum() for g in seen.page.glyphs) >= WORDS_OF_TEXT else None


def _plainness(picture: NDArray[np.uint8]) -> float:
    """Share of a picture's area that has the brightness most of it has, within a twentieth."""
    grey = picture.mean(axis=2) if picture.ndim == 3 else picture
    histogram = np.histogram(grey, bins=64, range=(0, 256))[0]
    peak = int(histogram.argmax())
    return float(histogram[max(0, peak - 1) : peak + 2].sum() / max(1, histogram.sum()))


def appended(page: Page, more: Recognised) -> tuple[Page, Recognised]:
    """A page with another reading's characters after its own, and that reading alone, both numbered on."""
    first = len(page.edges) // 4
    glyphs = [g._replace(number=g.number + first) for g in more.page.glyphs]
    both = replace(page, glyphs=[*page.glyphs, *glyphs], edges=page.edges + more.page.edges)
    rows = frozenset(number + first for number in more.rows)
    return both, replace(more, page=replace(more.page, glyphs=glyphs), rows=rows)


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
class _Grid:
    """Where a picture's pixels stand on the page: its left and top in points, and pixels a point."""

    left: float
    top: float
    scale: float


def _places(words: Sequence[Any], text: str, grid: _Grid, shade: int) -> list[Place]:
    """The characters of a line, each in its place; `text` is the line with its spaces, which `words` lack."""
    places = []
    at = 0
    for word, _, box in words:
        found = text.find(word, at)
        spaced = found > at and text[at:found].isspace()
        at = found + len(word) if found >= 0 else at
        xs, ys = [float(p[0]) for p in box], [float(p[1]) for p in box]
        # A Latin word may come in one box: its letters share it evenly.
        step = (max(xs) - min(xs)) / max(1, len(word))
        top, bottom = grid.top + min(ys) / grid.scale, grid.top + max(ys) / grid.scale
        for i, character in enumerate(word):
            x0 = grid.left + (min(xs) + i * step) / grid.scale
            places.append(Place(character, x0, top, x0 + step / grid.scale, bottom, shade, spaced and not i))
    return places


def _add_line(glyphs: list[Glyph], edges: array[float], line: Ordered, squat: float) -> None:
    """Append a line's characters, spaces where OCR or the gaps say so, and a line end."""
    places, first = line.places, len(glyphs)
    height = median(p.bottom - p.top for p in places) if line.row else _height(places)
    em = _em(places) or squat * height
    base = max(p.bottom for p in places) - 0.2 * height
    text = "".join(p.text for p in places)
    apart = {m.start() for m in GLUED.finditer(text)}
    dashes = {m.start() for m in DASH.finditer(text)}
    for i, place in enumerate(places):
        before = places[i - 1] if i else None
        latin = before is not None and not is_wide(before.text) and not is_wide(place.text)
        sure = i in apart or place.cell or (latin and place.spaced)
        if before is not None and (sure or place.spaced or (not latin and _is_gap(before, place, em))):
            # A generated space may still be dropped as letter-spacing; between words and after a date it must stay.
            gap = Place(" ", before.x1, before.top, place.x0, before.bottom)
            _append(glyphs, edges, " ", gap, em, base, generated=not sure)
        after = places[i + 1].text if i + 1 < len(places) else ""
        shown = "—" if i in dashes else _full_width(before.text if before else "", place.text, after)
        _append(glyphs, edges, shown, place, em, base, generated=False)
    if line.row:
        _draw_on(glyphs, first)
    _append(glyphs, edges, "\n", places[-1], em, base, generated=True)


def _draw_on(glyphs: list[Glyph], first: int) -> None:
    """Characters from the first on told as one line, also those of a cell's second line, which stands left again."""
    for i in range(first + 1, len(glyphs)):
        back = max(0.0, glyphs[i - 1].right - glyphs[i].x)
        glyphs[i] = glyphs[i]._replace(x=glyphs[i].x + back, right=glyphs[i].right + back)


def _em(places: Sequence[Place]) -> float | None:
    """A line's font size: the mean distance from one ideograph to the next; None where too few stand side by side."""
    beside = ((a, b) for a, b in pairwise(places) if not b.cell)
    steps = [b.x0 - a.x0 for a, b in beside if is_wide(a.text) and is_wide(b.text) and a.text.isalnum()]
    usual = median(steps) if steps else 0.0
    plain = [step for step in steps if 0.6 * usual < step < 1.5 * usual]
    return sum(plain) / len(plain) if len(plain) >= MEASURED else None


def _shade(picture: NDArray[np.uint8], boxes: Sequence[Any]) -> int:
    """Brightness of a line's ink: what is farthest from the ground it stands on."""
    points = np.asarray(boxes, dtype=float).reshape(-1, 2)
    (x0, y0), (x1, y1) = points.min(axis=0).astype(int), points.max(axis=0).astype(int) + 1
    grey = picture[max(0, y0) : y1, max(0, x0) : x1].mean(axis=2)
    if not grey.size:
        return 0
    ground, dark, light = (float(v) for v in np.percentile(grey, (50, 3, 97)))
    return round(dark if ground - dark >= light - ground else light)


def _is_gap(before: Place, place: Place, em: float) -> bool:
    if not (before.text.isalnum() and place.text.isalnum()):
        return False
    both_wide = is_wide(before.text) and is_wide(place.text)
    return place.x0 - before.x1 > (WIDE_GAP if both_wide else MIXED_GAP) * em


def _full_width(before: str, mark: str, after: str) -> str:
    """OCR writes Chinese brackets and question marks in half width now and then: by their neighbours they are not.

    >>> _full_width("斤", "(", "记"), _full_width("志", "(", "z")
    ('（', '(')
    """
    opens, closes = {"(": "（"}, {")": "）", "?": "？", "!": "！"}
    if mark in opens and after and is_wide(after):
        return opens[mark]
    return closes[mark] if mark in closes and before and is_wide(before) else mark


def _append(
    glyphs: list[Glyph], edges: array[float], text: str, place: Place, em: float, base: float, *, generated: bool
) -> None:
    glyphs.append(Glyph(len(glyphs), text, place.x0, base, place.x1, em, place.shade, generated))
    edges.extend((place.x0, place.top, place.x1, place.bottom))


def _even(glyphs: list[Glyph]) -> list[Glyph]:
    """Font sizes near the usual one made equal to it: OCR measures a little differently each time."""
    sizes = [g.em for g in glyphs if not g.generated]
    usual = median(sizes) if sizes else 0.0
    return [g._replace(em=usual) if usual and abs(g.em - usual) < EVEN * usual else g for g in glyphs]
