"""Pages read, from a text layer or by OCR → one `Document`: what PDFs and pictures have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.reading.document import Document, Origins, Unreadable
from pipeline.reading.glyphs import Page, boxes_of
from pipeline.reading.layout import arrange
from pipeline.reading.lines import Line
from pipeline.reading.metadata import describe, script_of
from pipeline.reading.normalise import badness
from pipeline.reading.paragraphs import flow
from pipeline.reading.spacing import close_title, close_up
from pipeline.records import TextLayer

GARBAGE = 0.3  # share of characters that are no text; above it a line or a page's text layer is not used
SHORTEST_TITLE = 4  # ideographs that make a page with a title but no text worth a record


@dataclass(frozen=True)
class Reading:
    """A page and its lines, before anything is cleaned or sorted."""

    page: Page
    lines: list[Line]
    layer: TextLayer = "embedded"


def assemble(
    readings: Sequence[Reading], title: str | None, media_type: str, warnings: list[str], nothing: Unreadable
) -> Document:
    """Put the pages together. `title` is the file's own; raises `nothing` where no words of a post are left."""
    script = script_of("".join(line.text for r in readings for line in r.lines))
    lines = [line.clean(traditional=script == "traditional") for r in readings for line in r.lines]
    parts = arrange([line for line in lines if line.text], {r.page.number: r.page.height for r in readings}, title)
    if "doubtful_text" in warnings:
        parts.title, parts.byline, parts.body = map(_readable, (parts.title, parts.byline, parts.body))
    metadata = describe(parts, title)
    text = flow(parts.body)
    if not text.pieces:
        if sum(map(str.isalnum, metadata.title or "")) < SHORTEST_TITLE:
            raise nothing
        warnings.append("no_body")
    closed, of_pages, chars = close_up(str(text), text.pages, text.chars)
    return Document(
        text=closed,
        origins=Origins(of_pages, chars, boxes_of(r.page for r in readings)),
        title=close_title(metadata.title),
        publisher=metadata.publisher,
        source_type=metadata.source_type,
        published=metadata.published,
        script=script_of(closed or metadata.title or ""),
        media_type=media_type,
        pages=len(readings),
        text_layer=_text_layer(readings),
        archived_url=metadata.archived.url,
        archived_at=metadata.archived.at,
        original_url=metadata.archived.original,
        warnings=tuple(warnings),
    )


def _text_layer(readings: Sequence[Reading]) -> TextLayer:
    """Where the document's text comes from, pages without any left aside."""
    kinds = {reading.layer for reading in readings if reading.lines}
    return "mixed" if len(kinds) > 1 else kinds.pop() if kinds else "embedded"


def _readable(lines: list[Line]) -> list[Line]:
    """Without the lines of a font whose character map is lost."""
    return [line for line in lines if badness(line.text) <= GARBAGE]


def warn(warnings: list[str], code: str) -> None:
    """Add a warning once."""
    if code not in warnings:
        warnings.append(code)
