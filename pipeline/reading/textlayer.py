"""The text layer of a PDF page as pdfium has it: every character with its place.

A page has hundreds of characters, and each is asked for several things: after pdfium itself, this is where reading a
PDF spends its time. pdfium is therefore called by `map`, without a Python step between two calls, into memory that
numpy reckons with.
"""

from __future__ import annotations

import ctypes
import math
from array import array
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import repeat
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import raw

from pipeline.reading.direct import address_of, direct
from pipeline.reading.drawings import drawings
from pipeline.reading.glyphs import Box, Glyphs, Page
from pipeline.reading.normalise import is_wide

Numbers = NDArray[np.float64]
Number = TypeVar("Number", float, Numbers)

# A picture of text that matters takes at least this share of its page; more of them are a gallery.
LARGE = 0.08
MOST_LARGE = 4

SAMPLE = 60  # characters that show which way a page's text runs
BLANKS = (0x20, 0x0D, 0x0A)  # what pdfium puts in for gaps and line ends
HYPHEN = 0x2  # what it writes for a hyphen at a line end
SURROGATES = (0xD800, 0xDC00, 0xE000)  # first of the high ones, first of the low ones, first code point after them

_code_of = direct(raw.FPDFText_GetUnicode, ctypes.c_uint)
_is_generated = direct(raw.FPDFText_IsGenerated, ctypes.c_int)
_origin_of = direct(raw.FPDFText_GetCharOrigin, ctypes.c_int)
_box_of = direct(raw.FPDFText_GetLooseCharBox, ctypes.c_int)
_size_of = direct(raw.FPDFText_GetFontSize, ctypes.c_double)
_matrix_of = direct(raw.FPDFText_GetMatrix, ctypes.c_int)
_colour_of = direct(raw.FPDFText_GetFillColor, ctypes.c_int)
_is_hyphen = direct(raw.FPDFText_IsHyphen, ctypes.c_int)


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
    drawn = drawings(page)
    whole = shown.width * shown.height
    large = tuple(
        box for corners in drawn.pictures if _area(box := shown.box(*corners)) >= LARGE * whole and upright is shown
    )
    lacking = drawn.lacks_font
    return Page(
        number, upright.width, upright.height, glyphs, edges, drawn.any, drawn.rules, lacking, large[:MOST_LARGE]
    )


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


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

    def point(self, x: Number, y: Number) -> tuple[Number, Number]:
        if self.rotation == 90:
            return y - self.bottom, x - self.left
        if self.rotation == 180:
            return self.right - x, y - self.bottom
        if self.rotation == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        (ax, ay), (bx, by) = self.point(left, bottom), self.point(right, top)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def boxes(self, rectangles: Numbers) -> Numbers:
        """The same of many, each a row in the order in which pdfium writes: left, top, right, bottom."""
        left, top, right, bottom = rectangles.T
        (ax, ay), (bx, by) = self.point(left, bottom), self.point(right, top)
        return np.column_stack([np.minimum(ax, bx), np.minimum(ay, by), np.maximum(ax, bx), np.maximum(ay, by)])


def _direction(textpage: Any) -> int:
    """By how many degrees, clockwise, a page must be turned for most of its text to run from left to right."""
    matrix, handle = raw.FS_MATRIX(), address_of(textpage)
    at_matrix = ctypes.byref(matrix)
    turns: Counter[int] = Counter()
    for index in range(min(raw.FPDFText_CountChars(textpage), SAMPLE)):
        if _is_generated(handle, index) != 1:
            _matrix_of(handle, index, at_matrix)
            turns[round(math.degrees(math.atan2(matrix.b, matrix.a)) / 90) * 90 % 360] += 1
    return turns.most_common(1)[0][0] if turns else 0


def _glyphs(textpage: Any, shown: _Frame, upright: _Frame) -> tuple[Glyphs, array[float]]:
    """Every character of a pdfium text page, and the edges of all.

    Glyphs stand as on the page turned upright; edges as on the page as it is shown, for the boxes in records.
    """
    handle, number = address_of(textpage), raw.FPDFText_CountChars(textpage)
    codes = np.fromiter(map(_code_of, repeat(handle), range(number)), np.uint32, number)
    generated = np.zeros(number, dtype=bool)
    blanks = np.flatnonzero(np.isin(codes, BLANKS)).tolist()
    generated[blanks] = [_is_generated(handle, index) == 1 for index in blanks]
    origins, rectangles = _places(handle, number)
    letters, drawn = _letters(handle, codes)
    with np.errstate(all="ignore"):  # a file may place a character anywhere
        em, shade = _type(handle, generated)
        x, y = upright.point(*origins.T)
        boxes = upright.boxes(rectangles)
        edges = boxes if upright is shown else shown.boxes(rectangles)
        if upright is shown:  # a font without metrics gives the ink, which for 一 is a stroke
            flat = np.flatnonzero(boxes[:, 3] - boxes[:, 1] < 0.6 * em)
            edges = boxes.copy()
            edges[flat, 1], edges[flat, 3] = y[flat] - 0.85 * em[flat], y[flat] + 0.15 * em[flat]
        wide = np.fromiter(map(is_wide, letters), bool, number)
        right = np.maximum(np.where(wide, x + em, x), boxes[:, 2])
        edges[generated] = 0.0
        corners = array("f", edges.astype(np.float32).tobytes())
    for column in (x, y, right):
        column[generated] = 0.0
    glyphs = Glyphs(letters, np.arange(number), x, y, right, em, shade, generated)
    return glyphs if drawn is None else glyphs.only(drawn), corners


BLOCK = 4096  # characters whose places are asked for at once


class _Room(NamedTuple):
    """Memory that pdfium writes places into, with a pointer to the room of each character."""

    origins: Numbers
    rectangles: NDArray[np.float32]
    at_x: Sequence[Any]
    at_y: Sequence[Any]
    at_rectangle: Sequence[Any]


@lru_cache(maxsize=1)
def _room() -> _Room:
    """Made once a process: pdfium may be used by one thread at a time only, whatever its memory."""
    points, corners = (ctypes.c_double * (2 * BLOCK))(), (ctypes.c_float * (4 * BLOCK))()
    return _Room(
        np.frombuffer(memoryview(points).cast("B"), np.float64).reshape(-1, 2),
        np.frombuffer(memoryview(corners).cast("B"), np.float32).reshape(-1, 4),
        [ctypes.byref(points, 16 * i) for i in range(BLOCK)],
        [ctypes.byref(points, 16 * i + 8) for i in range(BLOCK)],
        [ctypes.byref(corners, 16 * i) for i in range(BLOCK)],
    )


def _places(handle: ctypes.c_void_p, number: int) -> tuple[Numbers, Numbers]:
    """Origin (x, y) and box (left, top, right, bottom) of each character, in the page's own coordinates."""
    room = _room()
    origins, rectangles = np.empty((number, 2)), np.empty((number, 4))
    for start in range(0, number, BLOCK):
        some = range(start, min(start + BLOCK, number))
        deque(map(_origin_of, repeat(handle), some, room.at_x, room.at_y), maxlen=0)
        deque(map(_box_of, repeat(handle), some, room.at_rectangle), maxlen=0)
        origins[some.start : some.stop] = room.origins[: len(some)]
        rectangles[some.start : some.stop] = room.rectangles[: len(some)]
    return origins, rectangles


def _type(handle: ctypes.c_void_p, generated: NDArray[np.bool_]) -> tuple[Numbers, NDArray[np.int64]]:
    """Font size on the page and shade of each character, zeros for generated ones."""
    number = len(generated)
    sizes = np.fromiter(map(_size_of, repeat(handle), range(number)), np.float64, number)
    sizes[generated] = 0.0
    differs = np.ones(number, dtype=bool)  # in size, from a character drawn before
    differs[1:] = (sizes[1:] != sizes[:-1]) | generated[:-1]
    changes = np.flatnonzero(differs & ~generated)
    matrix, (red, green, blue, alpha) = raw.FS_MATRIX(), [ctypes.c_uint() for _ in range(4)]
    at_matrix, at_colour = ctypes.byref(matrix), [ctypes.byref(c) for c in (red, green, blue, alpha)]
    ems: list[float] = []
    shades: list[int] = []
    for index, size in zip(changes.tolist(), sizes[changes].tolist(), strict=True):
        # Sizes are in text space; the matrix says how much of it the page shows.
        _matrix_of(handle, index, at_matrix)
        ems.append((size or 1.0) * (math.hypot(matrix.c, matrix.d) or 1.0))
        _colour_of(handle, index, *at_colour)
        shades.append((299 * red.value + 587 * green.value + 114 * blue.value) // 1000)
    # Each holds up to the next change; what is generated between has none.
    lengths = np.diff(changes, append=number)
    lead = changes[0] if len(changes) else number
    em, shade = np.zeros(number), np.zeros(number, dtype=np.int64)
    em[lead:], shade[lead:] = np.repeat(np.array(ems), lengths), np.repeat(np.array(shades, dtype=np.int64), lengths)
    em[generated], shade[generated] = 0.0, 0
    return em, shade


def _letters(handle: ctypes.c_void_p, codes: NDArray[np.uint32]) -> tuple[str, NDArray[np.intp] | None]:
    """The characters as text, and which of them are drawn, None for all: a code point in two halves is its second."""
    high, low, after = SURROGATES
    odd = ((codes >= high) & (codes < after)) | (codes >= 0x110000) | (codes == HYPHEN)
    if not odd.any():
        return codes.astype("<u4").tobytes().decode("utf-32-le"), None
    letters: list[str] = []
    halves: list[int] = []
    first = 0
    for index, given in enumerate(codes.tolist()):
        code = given
        if high <= code < low:
            first = code
            halves.append(index)
        elif low <= code < after and first:
            code, first = 0x10000 + ((first - high) << 10) + (code - low), 0
        letter = chr(code) if code < 0x110000 and not high <= code < after else "\ufffd"
        letters.append("-" if code == HYPHEN and _is_hyphen(handle, index) == 1 else letter)
    return "".join(letters), np.delete(np.arange(len(codes)), halves)
