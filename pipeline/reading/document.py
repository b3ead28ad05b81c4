"""A document as reading leaves it: cleaned text that still knows where every character stood on the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Literal, NamedTuple

from pipeline.reading.normalise import whole
from pipeline.records import Script, SourceType, TextLayer

PageBoxes = tuple[tuple[float, float, float, float], ...]


# When pages are read as pictures: those that need it, none, or all.
Ocr = Literal["auto", "never", "always"]


class Unreadable(Exception):
    """A file that gives no document: `reason` is a code for programs, the message a sentence for people."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


@dataclass(frozen=True)
class Limits:
    """Bounds on what one file may cost; an archived file is untrusted."""

    bytes: int = 200_000_000  # of a file, or of one document inside a container
    pages: int = 300
    characters: int = 2_000_000
    pixels: int = 100_000_000  # of a picture
    members: int = 200_000  # documents in one container
    container_bytes: int = 50_000_000_000


class Where(NamedTuple):
    """Where a span stands: the page its first character is on (from 1), and its boxes there in points."""

    page: int | None
    boxes: PageBoxes


@dataclass(frozen=True)
class Origins:
    """For each character of the text, the page it comes from and its index among that page's characters.

    `pages[i]` counts from 1; `chars[i]` is the index in the page's own character list, -1 for a character that the
    reader put in (a paragraph break). `boxes(page, indices)` looks up boxes only for what is asked.
    """

    pages: Sequence[int]
    chars: Sequence[int]
    boxes: Callable[[int, Sequence[int]], PageBoxes]

    def locate(self, start: int, end: int) -> Where:
        """Page and line boxes of the characters from `start` to `end`; a span over two pages gives the first."""
        known = [i for i in range(start, end) if self.chars[i] >= 0]
        if not known:
            return Where(None, ())
        page = self.pages[known[0]]
        return Where(page, self.boxes(page, [self.chars[i] for i in known if self.pages[i] == page]))


def no_boxes(page: int, chars: Sequence[int]) -> PageBoxes:
    """Boxes of a page that has none (web pages and plain text)."""
    return ()


@dataclass(frozen=True)
class Capture:
    """What a container or a mail header tells about a page: its address, when it was saved, its charset."""

    url: str | None = None
    at: str | None = None
    charset: str | None = None


@dataclass(frozen=True)
class Document:
    """One archived post. `text` is the cleaned body without title and page furniture, paragraphs split by newlines."""

    text: str
    origins: Origins
    title: str | None = None
    publisher: str | None = None
    source_type: SourceType = "other"
    published: str | None = None
    script: Script = "simplified"
    media_type: str = "application/pdf"
    pages: int = 1
    text_layer: TextLayer = "embedded"
    archived_url: str | None = None
    archived_at: str | None = None
    original_url: str | None = None
    warnings: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        """All that reading finds passes here: halves of characters go no further."""
        for name in (one.name for one in fields(self)):
            if isinstance(value := getattr(self, name), str):
                object.__setattr__(self, name, whole(value))
