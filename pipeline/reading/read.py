"""`read`: one archived file → `Document`, by what the file holds, not by what it is called."""

from __future__ import annotations

from pathlib import Path

import regex

from pipeline.reading.document import Document, Limits, Ocr, Unreadable

HEAD = 1024  # bytes in which a PDF must say that it is one; archives leave HTTP headers before it
MARKUP = regex.compile(
    rb"\s*+(?:\xef\xbb\xbf)?\s*+<(?:!doctype\s+html|html|head|body|\?xml|script|meta)\b", regex.IGNORECASE
)


def read(path: Path, limits: Limits = Limits(), ocr: Ocr = "auto") -> Document:
    """Read one archived file. Raises `Unreadable` with a reason code and a sentence for people."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise Unreadable("unreadable", f"cannot be opened: {error.strerror or error}") from error
    if size == 0:
        raise Unreadable("empty", "an empty file (0 bytes)")
    if size > limits.bytes:
        raise Unreadable("too_large", f"{size} bytes, more than the limit of {limits.bytes}")
    if b"%PDF-" in head:
        from pipeline.reading.pdf import read_pdf

        return read_pdf(path, limits, ocr)
    kind = "a web page" if MARKUP.match(head) else "something else"
    if path.suffix.lower() == ".pdf":
        raise Unreadable("not_pdf", f"named .pdf but is {kind}")
    raise Unreadable("unsupported", f"not a PDF but {kind}; only PDF files are read so far")
