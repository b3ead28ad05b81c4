"""PDF → `Document`.

pdfium reads the text layer; a damaged file is repaired with pikepdf first; pages whose text layer lost its character
map, and ruled tables, are read with pdfplumber. Nothing of these libraries outlives `read_pdf`.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pypdfium2 as pdfium

from pipeline.reading.document import Document, Limits, Ocr, Unreadable
from pipeline.reading.glyphs import BAD_SHARE, Page, Source, is_doubtful, open_plumber, second_reading
from pipeline.reading.lines import lines_of
from pipeline.reading.normalise import badness
from pipeline.reading.pages import GARBAGE, Reading, assemble, warn
from pipeline.reading.tables import Rows, lines_with_tables, tables_of
from pipeline.reading.textlayer import read_page


def read_pdf(source: Source, limits: Limits, ocr: Ocr = "auto") -> Document:
    """Read a PDF. Raises `Unreadable`: damaged, encrypted, no_pages, too_many_pages, too_large or no_text."""
    warnings: list[str] = []
    with _opened(source, warnings) as (document, readable):
        _check_pages(len(document), limits)
        pdf_title = _title(document)
        readings = list(_pages(document, readable, limits, ocr, warnings))
        count = len(document)
    nothing = _garbled() if "garbled_pages" in warnings else _no_text(count, ocr)
    if not any(r.page.text().strip() for r in readings):
        raise nothing
    if any(r.page.has_picture and not r.page.text().strip() for r in readings):
        warn(warnings, "pages_without_text")
    return replace(assemble(readings, pdf_title, "application/pdf", warnings, nothing), pages=count)


def _pages(
    document: pdfium.PdfDocument, source: Source, limits: Limits, ocr: Ocr, warnings: list[str]
) -> Iterator[Reading]:
    """Every page read, one open at a time; pdfplumber and OCR are asked about those pages only that need them."""
    plumber: Any = None
    characters = 0
    try:
        for index in range(len(document)):
            try:
                opened = document[index]
            except pdfium.PdfiumError:
                warn(warnings, "damaged_pages")
                continue
            with contextlib.closing(opened) as handle:
                page = read_page(handle, index + 1)
                characters += len(page.glyphs)
                if characters > limits.characters:
                    raise Unreadable("too_large", f"more than {limits.characters} characters of text; split it")
                seen = _seen_at_once(handle, page, ocr, warnings)
                if seen is not None:
                    yield seen
                    continue
                doubtful = bool(page.glyphs) and is_doubtful(page)
                if doubtful or page.lacks_font or (page.has_rules and page.glyphs):
                    plumber = plumber or _plumber(source)
                    reading = _doubted(plumber, handle, page, ocr, warnings, doubtful=doubtful)
                else:
                    reading = Reading(page, lines_of(page))
                if page.pictures and ocr == "auto" and reading.layer == "embedded":
                    reading = _with_pictures(handle, reading, warnings)
            yield reading
    finally:
        if plumber is not None:
            with contextlib.suppress(Exception):  # it looks at every page again on closing, and may stumble again
                plumber.close()


def _plumber(source: Source) -> Any:
    """The file in pdfplumber, None where it cannot open what pdfium can: then pdfium's reading stands."""
    try:
        return open_plumber(source)
    except Exception:  # pdfminer raises many kinds of errors
        return None


def _title(document: pdfium.PdfDocument) -> str | None:
    """The file's own title; None where it has none or wrote it in no encoding."""
    try:
        title = document.get_metadata_value("Title")
    except (UnicodeError, pdfium.PdfiumError):
        return None
    return str(title) or None


def _seen_at_once(handle: pdfium.PdfPage, page: Page, ocr: Ocr, warnings: list[str]) -> Reading | None:
    """A page that is read as a picture without a look at its text: all if asked for, else those that have none."""
    wanted = ocr == "always" or (ocr == "auto" and page.has_picture and not page.text().strip())
    return _recognised(handle, page, warnings) if wanted else None


def _doubted(
    plumber: Any, handle: pdfium.PdfPage, page: Page, ocr: Ocr, warnings: list[str], *, doubtful: bool
) -> Reading:
    """A page whose text layer needs help: pdfplumber's, and OCR's where both make garbage of it."""
    own: list[str] = []
    reading = _second_look(plumber, page, own, doubtful=doubtful)
    if doubtful and ocr == "auto" and (own or badness(reading.page.text()) > BAD_SHARE):
        seen = _recognised(handle, page, warnings)
        if seen is not None and badness(seen.page.text()) < BAD_SHARE:
            return seen
    for code in own:
        warn(warnings, code)
    return reading


def _second_look(plumber: Any, page: Page, warnings: list[str], *, doubtful: bool) -> Reading:
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
        warn(warnings, "garbled_pages")
        page = replace(page, glyphs=[])
    lines = lines_with_tables(page, tables) if tables else lines_of(page)
    if doubtful and any(badness(line.text) > GARBAGE for line in lines):
        warn(warnings, "doubtful_text")
    return Reading(page, lines)


def _recognised(handle: pdfium.PdfPage, page: Page, warnings: list[str]) -> Reading | None:
    """A page read as a picture; None where OCR does not work here or finds nothing."""
    from pipeline.reading import pictures

    if pictures.out_of_order():
        return None
    seen = pictures.recognise_page(handle, page)
    if not seen.page.glyphs:
        return None
    if seen.doubtful:
        warn(warnings, "ocr_doubtful")
    return Reading(seen.page, seen.lines(), "ocr")


def _with_pictures(handle: pdfium.PdfPage, reading: Reading, warnings: list[str]) -> Reading:
    """The page with the words of its large pictures of text, where it has any and OCR works here."""
    from pipeline.reading import pictures

    if pictures.out_of_order():
        return reading
    page, lines = reading.page, list(reading.lines)
    for box in page.pictures:
        seen = pictures.recognise_part(handle, page, box)
        if seen is None:
            continue
        if seen.doubtful:
            warn(warnings, "ocr_doubtful")
        page, moved = pictures.appended(page, seen)
        at = next((i for i, line in enumerate(lines) if line.y > box[1]), len(lines))
        lines[at:at] = moved.lines()
    return reading if page is reading.page else Reading(page, lines, "mixed")


@contextlib.contextmanager
def opened_pdf(source: Source) -> Iterator[pdfium.PdfDocument]:
    """A PDF in pdfium, repaired if need be: for those who show its pages. Raises `Unreadable`."""
    with _opened(source, []) as (document, _):
        yield document


@contextlib.contextmanager
def _opened(source: Source, warnings: list[str]) -> Iterator[tuple[pdfium.PdfDocument, Source]]:
    """The file in pdfium, repaired if need be, and what pdfplumber can read the same from; closed in the end."""
    try:
        document = pdfium.PdfDocument(source)
    except pdfium.PdfiumError:  # its error codes are not to be relied on; pikepdf tells passwords from damage
        source = _repaired(source)
        warnings.append("repaired")
        try:
            document = pdfium.PdfDocument(source)
        except pdfium.PdfiumError as again:
            raise _damaged() from again
    try:
        yield document, source
    finally:
        document.close()


def _repaired(source: Source) -> bytes:
    """The file as pikepdf (qpdf) rebuilds it."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(source) if isinstance(source, bytes) else source) as document:
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
        raise Unreadable("too_many_pages", f"{count} pages, more than the limit of {limits.pages}; split it")


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

    advice = pictures.out_of_order() or "and OCR found no words on it"
    return Unreadable("no_text", f"no text in the PDF: {what}; {advice}")
