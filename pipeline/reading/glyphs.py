"""The characters of a page with their places, from whichever reader; pdfplumber's, where pdfium's text is no text.

Coordinates are points from the top left of the page as it is shown: crop box and rotation are already applied. How
pdfium is asked is told in `textlayer`; what the characters form (lines, paragraphs) is the business of `lines` and
`layout`.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

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
class Glyphs(Sequence[Glyph]):
    """The characters of a page in columns, for reckoning with all of them at once; as a sequence, its `Glyph`s."""

    text: str  # one character each
    number: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    right: NDArray[np.float64]
    em: NDArray[np.float64]
    shade: NDArray[np.int64]
    generated: NDArray[np.bool_]

    @classmethod
    def of(cls, glyphs: Sequence[Glyph]) -> Glyphs:
        """The same characters in columns."""
        if isinstance(glyphs, Glyphs):
            return glyphs
        number, texts, *places, shade, generated = zip(*glyphs, strict=True) if glyphs else ((),) * 8
        text = "".join(text if len(text) == 1 else "\ufffd" for text in texts)
        x, y, right, em = (np.array(column, dtype=np.float64) for column in places)
        return cls(
            text, np.array(number, np.int64), x, y, right, em, np.array(shade, np.int64), np.array(generated, bool)
        )

    def only(self, indices: NDArray[np.intp]) -> Glyphs:
        """Those characters."""
        columns = (self.number, self.x, self.y, self.right, self.em, self.shade, self.generated)
        text = "".join([self.text[i] for i in indices.tolist()])
        return Glyphs(text, *(column[indices] for column in columns))  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(self.text)

    @overload
    def __getitem__(self, index: int) -> Glyph: ...
    @overload
    def __getitem__(self, index: slice) -> list[Glyph]: ...
    def __getitem__(self, index: int | slice) -> Glyph | list[Glyph]:
        return list(self)[index]

    def __iter__(self) -> Iterator[Glyph]:
        columns = (self.x, self.y, self.right, self.em, self.shade, self.generated)
        return map(Glyph, self.number.tolist(), self.text, *(column.tolist() for column in columns))


@dataclass(frozen=True)
class Page:
    """What is known of one page before any of it is understood."""

    number: int
    width: float
    height: float
    glyphs: Sequence[Glyph]
    edges: array[float]  # x0, top, x1, bottom of every character, four in a row
    has_picture: bool = False
    has_rules: bool = False
    lacks_font: bool = False  # a font is not in the file: pdfium then drops some characters without a word
    pictures: tuple[Box, ...] = ()  # large ones: x0, top, x1, bottom as shown

    def text(self) -> str:
        """All characters in the reader's order."""
        return self.glyphs.text if isinstance(self.glyphs, Glyphs) else "".join(g.text for g in self.glyphs)


def is_doubtful(page: Page) -> bool:
    """Whether pdfium's text of a page is unlikely to be its words: no ToUnicode map, or a wrong one."""
    text = page.text()
    visible = len(text) - text.count("\r") - text.count("\n") - text.count(" ")
    counts = Counter(text)
    return badness(counts) > BAD_SHARE or (visible >= ENOUGH and han_share(counts) < LOW_HAN_SHARE)


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
