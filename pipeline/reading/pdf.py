"""PDF → `Document`.

pdfium reads the text layer; a damaged file is repaired with pikepdf first; pages whose text layer lost its character
map, and ruled tables, are read with pdfplumber. Nothing of these libraries outlives `read_pdf`.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from pipeline.reading.document import Document, Limits, Ocr, Origins, Unreadable
from pipeline.reading.glyphs import (
    Page,
    boxes_of,
    is_doubtful,
    open_plumber,
    read_page,
    second_reading,
)
from pipeline.reading.layout import arrange
from pipeline.reading.lines import Line, lines_of
from pipeline.reading.metadata import describe, script_of
from pipeline.reading.normalise import badness
from pipeline.reading.paragraphs import flow
from pipeline.reading.tables import Rows, lines_with_tables, tables_of
from pipeline.records import TextLayer

GARBAGE = 0.3  # share of characters that are no text; above it a page's text layer is not used
SHORTEST_TITLE = 4  # ideographs that make a page with a title but no text worth a record


def read_pdf(path: Path, limits: Limits, ocr: Ocr = "auto") -> Document:
    """Read a PDF. Raises `Unreadable`: damaged, encrypted, no_pages, too_many_pages, too_large or no_text."""
    warnings: list[str] = []
    with _opened(path, warnings) as (document, source):
        _check_pages(len(document), limits)
        pdf_title = document.get_metadata_dict(skip_empty=True).get("Title")
        readings = list(_pages(document, source, limits, ocr, warnings))
        count = len(document)
    if not any(g.text.strip() for r in readings for g in r.page.glyphs):
        raise _garbled() if "garbled_pages" in warnings else _no_text(count, ocr)
    script = script_of("".join(line.text for r in readings for line in r.lines))
    lines = [line.clean(traditional=script == "traditional") for r in readings for line in r.lines]
    parts = arrange([line for line in lines if line.text], {r.page.number: r.page.height for r in readings}, pdf_title)
    if "doubtful_text" in warnings:
        parts.title, parts.byline, parts.body = map(_readable, (parts.title, parts.byline, parts.body))
    metadata = describe(parts, pdf_title)
    text = flow(parts.body)
    if not text.pieces:
        if sum(map(str.isalnum, metadata.title or "")) < SHORTEST_TITLE:
            raise _no_text(count, ocr)
        warnings.append("no_body")
    if any(r.page.has_picture and not any(g.text.strip() for g in r.page.glyphs) for r in readings):
        _warn(warnings, "pages_without_text")
    return Document(
        text=str(text),
        origins=Origins(text.pages, text.chars, boxes_of(r.page for r in readings)),
        title=metadata.title,
        publisher=metadata.publisher,
        source_type=metadata.source_type,
        published=metadata.published,
        script=script,
        media_type="application/pdf",
        pages=count,
        text_layer=_text_layer(readings),
        archived_url=metadata.archived.url,
        archived_at=metadata.archived.at,
        warnings=tuple(warnings),
    )


@dataclass(frozen=True)
class _Reading:
    """A page and its lines, before anything is cleaned or sorted."""

    page: Page
    lines: list[Line]
    by_ocr: bool = False


def _pages(
    document: pdfium.PdfDocument, source: Path | bytes, limits: Limits, ocr: Ocr, warnings: list[str]
) -> Iterator[_Reading]:
    """Every page read, one open at a time; pdfplumber is asked about those pages only that need it."""
    plumber: Any = None
    characters = 0
    try:
        for index in range(len(document)):
            with contextlib.closing(document[index]) as handle:
                page = read_page(handle, index + 1)
                picture = ocr == "always" or (ocr == "auto" and page.has_picture and not page.text().strip())
                seen = _recognised(handle, page, warnings) if picture else None
            if seen is not None:
                yield seen
                continue
            characters += len(page.glyphs)
            if characters > limits.characters:
                raise Unreadable("too_large", f"more than {limits.characters} characters of text")
            doubtful = bool(page.glyphs) and is_doubtful(page)
            if doubtful or page.lacks_font or (page.has_rules and page.glyphs):
                plumber = plumber or open_plumber(source)
                yield _second_look(plumber, page, warnings, doubtful=doubtful)
            else:
                yield _Reading(page, lines_of(page))
    finally:
        if plumber is not None:
            plumber.close()


def _second_look(plumber: Any, page: Page, warnings: list[str], *, doubtful: bool) -> _Reading:
    """A page read with pdfplumber's help: its characters if pdfium's are none, its tables if rules are drawn.

    Text that is garbage in both is left out: it would be read as words, and the page needs OCR.
    """
    tables: list[Rows] = []
    try:
        page = second_reading(plumber, page) if doubtful or page.lacks_font else page
        tables = tables_of(plumber.pages[page.number - 1]) if page.has_rules else []
    except Exception:  # noqa: S110  (pdfminer raises many kinds of errors on files that pdfium reads)
        pass
    if doubtful and badness(page.text()) > GARBAGE:
        _warn(warnings, "garbled_pages")
        page = replace(page, glyphs=[])
    lines = lines_with_tables(page, tables) if tables else lines_of(page)
    if doubtful and any(badness(line.text) > GARBAGE for line in lines):
        _warn(warnings, "doubtful_text")
    return _Reading(page, lines)


def _recognised(handle: pdfium.PdfPage, page: Page, warnings: list[str]) -> _Reading | None:
    """A page read as a picture; None where the OCR extra is not installed or finds nothing."""
    from pipeline.reading import pictures

    if not pictures.available():
        return None
    seen = pictures.recognise(handle, page)
    if not seen.page.glyphs:
        return None
    if seen.doubtful:
        _warn(warnings, "ocr_doubtful")
    return _Reading(seen.page, lines_of(seen.page), by_ocr=True)


def _text_layer(readings: list[_Reading]) -> TextLayer:
    """Where the document's text comes from, pages without any left aside."""
    kinds = {reading.by_ocr for reading in readings if reading.lines}
    return "mixed" if len(kinds) == 2 else "ocr" if True in kinds else "embedded"


def _readable(lines: list[Line]) -> list[Line]:
    """Without the lines of a font whose character map is lost."""
    return [line for line in lines if badness(line.text) <= GARBAGE]


def _warn(warnings: list[str], code: str) -> None:
    if code not in warnings:
        warnings.append(code)


@contextlib.contextmanager
def _opened(path: Path, warnings: list[str]) -> Iterator[tuple[pdfium.PdfDocument, Path | bytes]]:
    """The file in pdfium, repaired if need be, and what pdfplumber can read the same from; closed in the end."""
    source: Path | bytes = path
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError:  # its error codes are not to be relied on; pikepdf tells passwords from damage
        source = _repaired(path)
        warnings.append("repaired")
        try:
            document = pdfium.PdfDocument(source)
        except pdfium.PdfiumError as again:
            raise _damaged() from again
    try:
        yield document, source
    finally:
        document.close()


def _repaired(path: Path) -> bytes:
    """The file as pikepdf (qpdf) rebuilds it."""
    import pikepdf

    try:
        with pikepdf.open(path) as document:
            if not len(document.pages):
                raise Unreadable("no_pages", "a PDF without pages")
            out = io.BytesIO()
            document.save(out)
            return out.getvalue()
    except pikepdf.PasswordError as error:
        raise _encrypted() from error
    except (pikepdf.PdfError, OSError, RuntimeError, ValueError) as error:
        raise _damaged() from error


def _check_pages(count: int, limits: Limits) -> None:
    if not count:
        raise Unreadable("no_pages", "a PDF without pages")
    if count > limits.pages:
        raise Unreadable("too_many_pages", f"{count} pages, more than the limit of {limits.pages}")


def _encrypted() -> Unreadable:
    return Unreadable("encrypted", "encrypted with a password; save a copy without one, or leave it")


def _damaged() -> Unreadable:
    return Unreadable("damaged", "a damaged PDF that could not be repaired; get another copy of it")


def _garbled() -> Unreadable:
    return Unreadable(
        "no_text", "the text in the PDF has lost its character map; read it as a picture with --ocr always"
    )


def _no_text(pages: int, ocr: Ocr) -> Unreadable:
    what = "its page is a picture" if pages == 1 else f"its {pages} pages are pictures"
    if ocr == "never":
        return Unreadable("no_text", f"no text in the PDF: {what}; read it with --ocr auto")
    from pipeline.reading import pictures

    advice = "and OCR found no words on it" if pictures.available() else "install OCR with: pip install 'xueyang[ocr]'"
    return Unreadable("no_text", f"no text in the PDF: {what}; {advice}")
