"""The characters of a PDF page with their places, from pdfium, or from pdfplumber where pdfium's text is no text.

Coordinates are points from the top left of the page as it is shown: crop box and rotation are already applied. What the
characters form (lines, paragraphs) is the business of `lines` and `layout`.
"""

from __future__ import annotations

import ctypes
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from pipeline.reading.document import PageBoxes
from pipeline.reading.normalise import badness, han_share, is_wide

# Above this share of controls, U+FFFD and private use, the text layer has lost its character map.
BAD_SHARE = 0.1
# A Chinese page whose letters came out as another script's: below this share of ideographs a second reader is asked.
LOW_HAN_SHARE = 0.05
ENOUGH = 50  # characters, to judge a page by its ideographs


Box = tuple[float, float, float, float]
Source = Path | bytes  # a PDF: its file or its content


class Glyph(NamedTuple):
    """One character as drawn."""

    number: int  # among the page's characters, as `Origins.chars` counts them
    text: str
    x: float  # origin, left end of the base line
    y: float  # base line, from the top of the page
    right: float  # where the next character would start
    em: float  # font size on the page
    shade: int  # 0 black to 255 white
    generated: bool  # put in by the reader for a gap or a line end, not drawn


@dataclass(frozen=True)
class Page:
    """What is known of one page before any of it is understood."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    edges: array[float]  # x0, top, x1, bottom of every character, four in a row
    has_picture: bool = False
    has_rules: bool = False
    lacks_font: bool = False  # a font is not in the file: pdfium then drops some characters without a word
    pictures: tuple[Box, ...] = ()  # large ones: x0, top, x1, bottom as shown

    def text(self) -> str:
        """All characters in the reader's order."""
        return "".join(g.text for g in self.glyphs)


def read_page(page: pdfium.PdfPage, number: int) -> Page:
    """The characters of an open page; the caller closes it."""
    shown = _Frame.of(page)
    textpage = page.get_textpage()
    try:
        upright = shown.turned_to(_direction(textpage.raw))
        if upright is not shown:  # pdfium orders characters as the page is shown; ask again with the text upright
            textpage.close()
            page.set_rotation(upright.rotation)
            textpage = page.get_textpage()
        glyphs, edges = _glyphs(textpage.raw, shown, upright)
    finally:
        textpage.close()
    drawn = _drawings(page)
    whole = shown.width * shown.height
    large = tuple(
        box for corners in drawn.pictures if _area(box := shown.box(*corners)) >= LARGE * whole and upright is shown
    )
    lacking = drawn.lacks_font
    return Page(
        number, upright.width, upright.height, glyphs, edges, drawn.any, drawn.rules, lacking, large[:MOST_LARGE]
    )


def is_doubtful(page: Page) -> bool:
    """Whether pdfium's text of a page is unlikely to be its words: no ToUnicode map, or a wrong one."""
    text = page.text()
    visible = len(text) - text.count("\r") - text.count("\n") - text.count(" ")
    return badness(text) > BAD_SHARE or (visible >= ENOUGH and han_share(text) < LOW_HAN_SHARE)


def second_reading(file: Any, page: Page) -> Page:
    """The page as pdfplumber reads it (it also knows the TrueType character maps), if that is better text.

    `file` is an open `pdfplumber.PDF`.
    """
    other = _plumber_page(file.pages[page.number - 1], page)
    return other if _quality(other) > _quality(page) else page


def _quality(page: Page) -> tuple[float, int]:
    """Least garbage first, then most ideographs."""
    text = page.text()
    return -round(badness(text), 1), sum(map(is_wide, text))


@dataclass(frozen=True)
class _Frame:
    """Page coordinates of a PDF (any origin, y upwards, unrotated) to points from the shown page's top left."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> _Frame:
        left, bottom, right, top = page.get_bbox()
        return cls(left, bottom, right, top, page.get_rotation() % 360)

    def turned_to(self, rotation: int) -> _Frame:
        """The same page shown turned otherwise."""
        return self if rotation == self.rotation else replace(self, rotation=rotation)

    @property
    def width(self) -> float:
        return self.top - self.bottom if self.rotation in (90, 270) else self.right - self.left

    @property
    def height(self) -> float:
        return self.right - self.left if self.rotation in (90, 270) else self.top - self.bottom

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.rotation == 90:
            return y - self.bottom, x - self.left
        if self.rotation == 180:
            return self.right - x, y - self.bottom
        if self.rotation == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        (ax, ay), (bx, by) = self.point(left, bottom), self.point(right, top)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


SAMPLE = 60  # characters that show which way a page's text runs


def _direction(textpage: Any) -> int:
    """By how many degrees, clockwise, a page must be turned for most of its text to run from left to right."""
    matrix = raw.FS_MATRIX()
    turns: Counter[int] = Counter()
    for index in range(min(raw.FPDFText_CountChars(textpage), SAMPLE)):
        if raw.FPDFText_IsGenerated(textpage, index) != 1:
            raw.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix))
            turns[round(math.degrees(math.atan2(matrix.b, matrix.a)) / 90) * 90 % 360] += 1
    return turns.most_common(1)[0][0] if turns else 0


BLANKS = frozenset((0x20, 0x0D, 0x0A))  # what pdfium puts in for gaps and line ends


def _glyphs(textpage: Any, shown: _Frame, upright: _Frame) -> tuple[list[Glyph], array[float]]:
    """Every character of a pdfium text page. One pass of raw calls: this is where reading a PDF spends its time.

    Glyphs stand as on the page turned upright; edges as on the page as it is shown, for the boxes in records.
    """
    turned = upright is not shown
    straight = upright.rotation == 0  # most pages: reckoned here, without a call for every corner
    x, y = ctypes.c_double(), ctypes.c_double()
    at_x, at_y = ctypes.byref(x), ctypes.byref(y)
    rect, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    at_rect, at_matrix = ctypes.byref(rect), ctypes.byref(matrix)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    at_colour = [ctypes.byref(c) for c in (red, green, blue, alpha)]
    unicode_of, origin_of, box_of, size_of = (
        raw.FPDFText_GetUnicode, raw.FPDFText_GetCharOrigin, raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetFontSize,
    )  # fmt: skip
    glyphs: list[Glyph] = []
    corners: list[float] = []
    high, em, shade, size_before = 0, 0.0, 0, -1.0
    for index in range(raw.FPDFText_CountChars(textpage)):
        code = unicode_of(textpage, index)
        if code in BLANKS and raw.FPDFText_IsGenerated(textpage, index) == 1:
            glyphs.append(Glyph(index, chr(code), 0, 0, 0, 0, 0, True))
            corners += (0.0, 0.0, 0.0, 0.0)
            size_before = -1.0
            continue
        origin_of(textpage, index, at_x, at_y)
        box_of(textpage, index, at_rect)
        size = size_of(textpage, index)
        if size != size_before:
            # Sizes are in text space; the matrix says how much of it the page shows.
            raw.FPDFText_GetMatrix(textpage, index, at_matrix)
            em = (size or 1.0) * (math.hypot(matrix.c, matrix.d) or 1.0)
            raw.FPDFText_GetFillColor(textpage, index, *at_colour)
            shade = (299 * red.value + 587 * green.value + 114 * blue.value) // 1000
            size_before = size
        left, bottom, far, top = rect.left, rect.bottom, rect.right, rect.top
        if straight and left <= far and bottom <= top:
            box = (left - upright.left, upright.top - top, far - upright.left, upright.top - bottom)
            px, py = x.value - upright.left, upright.top - y.value
        else:
            box = upright.box(left, bottom, far, top)
            px, py = upright.point(x.value, y.value)
        edge = shown.box(left, bottom, far, top) if turned else box
        if 0xD800 <= code < 0xDC00:
            high = code
            corners += edge
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code, high = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00), 0
        text = chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        if code == 0x2 and raw.FPDFText_IsHyphen(textpage, index) == 1:
            text = "-"
        if box[3] - box[1] < 0.6 * em and not turned:  # a font without metrics gives the ink, which for 一 is a stroke
            edge = (box[0], py - 0.85 * em, box[2], py + 0.15 * em)
        right = max(px + em, box[2]) if is_wide(text) else max(px, box[2])
        glyphs.append(Glyph(index, text, px, py, right, em, shade, False))
        corners += edge
    return glyphs, array("f", corners)


# A page that draws at least this many thin lines may hold a ruled table; a frame around a side list has four.
MANY_RULES = 6
THIN, LONG = 3.0, 15.0  # points


# A picture of text that matters takes at least this share of its page; more of them are a gallery.
LARGE = 0.08
MOST_LARGE = 4


class _Drawn(NamedTuple):
    """What a page draws besides text."""

    any: bool  # a picture at all
    rules: bool  # enough lines for a table
    lacks_font: bool
    pictures: list[Box]  # left, bottom, right, top in the page's own coordinates


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _drawings(page: pdfium.PdfPage) -> _Drawn:
    """Whether a page shows a picture, draws enough lines for a table, and uses a font that is not in the file."""
    pictures, rules = False, 0
    found: list[Box] = []
    fonts: dict[int, Any] = {}
    handle = page.raw
    edges = [ctypes.c_float() for _ in range(4)]
    at_edges = [ctypes.byref(e) for e in edges]
    for i in range(min(raw.FPDFPage_CountObjects(handle), 20_000)):
        drawn = raw.FPDFPage_GetObject(handle, i)
        kind = raw.FPDFPageObj_GetType(drawn)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            font = raw.FPDFTextObj_GetFont(drawn)
            fonts[ctypes.addressof(font.contents) if font else 0] = font
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            raw.FPDFPageObj_GetBounds(drawn, *at_edges)
            across, up = edges[2].value - edges[0].value, edges[3].value - edges[1].value
            # A whole grid may be one path, of many segments.
            grid = across > LONG and up > LONG and raw.FPDFPath_CountSegments(drawn) >= 2 * MANY_RULES
            rules += (
                MANY_RULES if grid and not _has_curves(drawn) else min(across, up) < THIN and max(across, up) > LONG
            )
        elif kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING):
            pictures = True
            if kind == raw.FPDF_PAGEOBJ_IMAGE and raw.FPDFPageObj_GetBounds(drawn, *at_edges):
                found.append((edges[0].value, edges[1].value, edges[2].value, edges[3].value))
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            pictures = pictures or _form_has_picture(drawn)
    lacking = any(font and raw.FPDFFont_GetIsEmbedded(font) == 0 for font in fonts.values())
    return _Drawn(pictures, rules >= MANY_RULES, lacking, found)


def _has_curves(path: Any) -> bool:
    return any(
        raw.FPDFPathSegment_GetType(raw.FPDFPath_GetPathSegment(path, i)) == raw.FPDF_SEGMENT_BEZIERTO
        for i in range(min(raw.FPDFPath_CountSegments(path), 200))
    )


def _form_has_picture(form: Any) -> bool:
    return any(
        raw.FPDFPageObj_GetType(raw.FPDFFormObj_GetObject(form, i)) == raw.FPDF_PAGEOBJ_IMAGE
        for i in range(min(raw.FPDFFormObj_CountObjects(form), 1000))
    )


def _plumber_page(plumbed: Any, page: Page) -> Page:
    """A page's characters by pdfplumber, in the order of its content, moved from media box to crop box."""
    left, top = plumbed.cropbox[0] - plumbed.bbox[0], plumbed.cropbox[1] - plumbed.bbox[1]
    glyphs: list[Glyph] = []
    edges = array("f")
    for index, char in enumerate(plumbed.chars):
        box = (char["x0"] - left, char["top"] - top, char["x1"] - left, char["bottom"] - top)
        edges.extend(box)
        text = char["text"] if len(char["text"]) == 1 else "\ufffd"  # (cid:12): a glyph without a character
        glyph = Glyph(index, text, box[0], box[3], box[2], char["size"], 0, False)
        if glyphs and glyph.x > glyphs[-1].right + 0.1 * glyph.em:
            glyphs.append(Glyph(-1, " ", 0, 0, 0, 0, 0, True))  # may be a space: `lines` decides
        glyphs.append(glyph)
    return replace(page, glyphs=glyphs, edges=edges)


class Edges:
    """The look-up that `Origins.boxes` is: one box a line, for some characters of one page."""

    def __init__(self, by_page: Mapping[int, array[float]]) -> None:
        self.by_page = by_page

    def __call__(self, page: int, chars: Sequence[int]) -> PageBoxes:
        """The characters' boxes, merged."""
        return merge([_edge(self.by_page[page], i) for i in chars] if page in self.by_page else [])


def boxes_of(pages: Iterable[Page]) -> Edges:
    """The boxes of the characters of some pages."""
    return Edges({page.number: page.edges for page in pages})


def _edge(edges: array[float], index: int) -> Box:
    x0, top, x1, bottom = edges[4 * index : 4 * index + 4]
    return x0, top, x1, bottom


def merge(boxes: Iterable[Box]) -> PageBoxes:
    """Character boxes, in reading order, merged into one a line (or one a column of vertical text).

    >>> merge([(0.0, 0.0, 10.0, 10.0), (10.0, 0.0, 20.0, 10.0), (0.0, 15.0, 10.0, 25.0)])
    ((0.0, 0.0, 20.0, 10.0), (0.0, 15.0, 10.0, 25.0))
    """
    merged: list[Box] = []
    for box in boxes:
        if box[2] <= box[0] or box[3] <= box[1]:
            continue
        if merged and _same_line(merged[-1], box):
            last = merged[-1]
            merged[-1] = (min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        else:
            merged.append(box)
    return tuple((round(a, 2), round(b, 2), round(c, 2), round(d, 2)) for a, b, c, d in merged)


def _same_line(line: Box, box: Box) -> bool:
    """Whether a character's box continues a line's: level with it, or straight below a narrow (vertical) one."""
    level = min(line[3], box[3]) - max(line[1], box[1]) > 0.5 * min(line[3] - line[1], box[3] - box[1])
    if level:
        return box[0] > line[0] - 0.5 * (box[2] - box[0])
    width = box[2] - box[0]
    narrow = line[2] - line[0] < 1.3 * width and abs(line[0] - box[0]) < 0.3 * width
    return narrow and -0.2 * width < box[1] - line[3] < 0.2 * width


def open_plumber(source: Source) -> Any:
    """The same file in pdfplumber. Heavy to import and slow to read with: for pages that need it only."""
    import io
    import logging

    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of every oddity of a font

    return pdfplumber.open(source if isinstance(source, Path) else io.BytesIO(source))
