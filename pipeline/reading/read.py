"""`read`: one archived file → `Document`, by what the file holds, not by what it is called."""

from __future__ import annotations

from pathlib import Path

from pipeline.reading.content import HEAD, Kind, kind_of, picture_type
from pipeline.reading.document import Document, Limits, Ocr, Unreadable


def read(source: Path | bytes, limits: Limits = Limits(), ocr: Ocr = "auto", name: str | None = None) -> Document:
    """Read one archived file, or the content of one. Raises `Unreadable` with a reason code and a sentence for people.

    `name` is what the file is called, for messages only. Containers are for `pipeline.reading.containers`.
    """
    if isinstance(source, Path):
        name = name or source.name
    data = content(source, limits)
    kind = kind_of(data[:HEAD])
    if kind == "pdf":
        from pipeline.reading.pdf import read_pdf

        return read_pdf(data, limits, ocr)
    if kind == "binary" and (name or "").lower().endswith(".pdf"):
        raise Unreadable("not_pdf", "named .pdf but is something else")
    return _read_other(data, kind, limits, ocr)


WHAT: dict[Kind, str] = {
    "html": "a web page", "mhtml": "a saved web page (MHTML)", "picture": "a picture", "warc": "a web archive",
    "zip": "a ZIP file", "gzip": "a compressed file", "text": "plain text", "binary": "something else",
    "pdf": "a PDF",
}  # fmt: skip


def _read_other(data: bytes, kind: Kind, limits: Limits, ocr: Ocr) -> Document:
    if kind == "html":
        from pipeline.reading.web import read_html

        return read_html(data, limits)
    if kind == "mhtml":
        from pipeline.reading.web import read_mhtml

        return read_mhtml(data, limits)
    if kind == "picture":
        from pipeline.reading.photos import read_picture

        return read_picture(data, picture_type(data[:HEAD]) or "image/png", limits, ocr)
    if kind == "text":
        from pipeline.reading.text import read_text

        return read_text(data, limits)
    raise Unreadable("unsupported", f"{WHAT[kind]}; no document that can be read")


def content(source: Path | bytes, limits: Limits) -> bytes:
    """The bytes of a file within the limits. Raises `Unreadable`: unreadable, empty or too_large."""
    if isinstance(source, Path):
        try:
            size = source.stat().st_size
            if size > limits.bytes:
                raise Unreadable("too_large", f"{size} bytes, more than the limit of {limits.bytes}")
            source = source.read_bytes()
        except OSError as error:
            raise Unreadable("unreadable", f"cannot be opened: {error.strerror or error}") from error
    if not source:
        raise Unreadable("empty", "an empty file (0 bytes)")
    return source
