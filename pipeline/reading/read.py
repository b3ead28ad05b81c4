"""`read`: one archived file → `Document`, by what the file holds, not by what it is called."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipeline.reading import office
from pipeline.reading.containers import DEEPEST
from pipeline.reading.content import HEAD, Kind, kind_of, picture_type
from pipeline.reading.document import Capture, Document, Limits, Ocr, Unreadable


def read(
    source: Path | bytes,
    limits: Limits = Limits(),
    ocr: Ocr = "auto",
    name: str | None = None,
    capture: Capture = Capture(),
) -> Document:
    """Read one archived file, or the content of one. Raises `Unreadable` with a reason code and a sentence for people.

    `name` is what the file is called, for messages only; `capture` is what a container tells about it. Containers are
    for `pipeline.reading.containers`.
    """
    if isinstance(source, Path):
        name = name or source.name
    data = content(source, limits)
    kind = kind_of(data[:HEAD])
    if kind == "pdf":
        from pipeline.reading.pdf import read_pdf

        return _captured(read_pdf(data, limits, ocr), capture)
    if kind == "binary" and (name or "").lower().endswith(".pdf"):
        raise Unreadable("not_pdf", "named .pdf but is something else")
    return _read_other(data, kind, limits, ocr, capture)


CONTAINER: dict[Kind, str] = {"warc": "a web archive", "zip": "a ZIP file", "gzip": "a compressed file"}


def _read_other(data: bytes, kind: Kind, limits: Limits, ocr: Ocr, capture: Capture) -> Document:
    if kind == "html":
        from pipeline.reading.web import read_html

        return read_html(data, limits, capture)
    if kind == "mhtml":
        from pipeline.reading.web import read_mhtml

        return read_mhtml(data, limits)
    if kind == "picture":
        from pipeline.reading.photos import read_picture

        return _captured(read_picture(data, picture_type(data[:HEAD]) or "image/png", limits, ocr), capture)
    if kind == "text":
        from pipeline.reading.text import read_text

        return _captured(read_text(data, limits, capture.charset), capture)
    raise _unsupported(data, kind)


def _unsupported(data: bytes, kind: Kind) -> Unreadable:
    if what := office.told(data):
        return Unreadable("unsupported", f"{what}; {office.REMEDY}")
    if what := CONTAINER.get(kind):
        opened = f"opened only where its name says so (.zip, .wacz, .warc, .gz), {DEEPEST} containers deep at most"
        return Unreadable("unsupported", f"{what} inside another container, {opened}; unpack it")
    return Unreadable("unsupported", "neither a document nor a container of a kind that is read")


def _captured(document: Document, capture: Capture) -> Document:
    """The document with its container's word on address and time, which goes before the page's own."""
    if not (capture.url or capture.at):
        return document
    url, at = capture.url or document.archived_url, capture.at or document.archived_at
    return replace(document, archived_url=url, archived_at=at, original_url=document.original_url or url)


def content(source: Path | bytes, limits: Limits) -> bytes:
    """The bytes of a file within the limits. Raises `Unreadable`: unreadable, empty or too_large."""
    if isinstance(source, Path):
        try:
            size = source.stat().st_size
            if size > limits.bytes:
                raise Unreadable("too_large", f"{size} bytes, more than the limit of {limits.bytes}; split it")
            source = source.read_bytes()
        except OSError as error:
            raise Unreadable("unreadable", f"cannot be opened: {error.strerror or error}") from error
    if not source:
        raise Unreadable("empty", "an empty file (0 bytes)")
    return source
