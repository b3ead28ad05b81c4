"""What a file holds, told by its first bytes and never by its name."""

from __future__ import annotations

from typing import Literal

import regex

from pipeline.reading import office
from pipeline.reading.encoding import wide_encoding

HEAD = 4096  # bytes that are looked at; a PDF must say within the first 1,024 that it is one, a page somewhat later
PDF_WITHIN = 1024

Kind = Literal["pdf", "html", "mhtml", "picture", "warc", "zip", "gzip", "office", "text", "binary"]

PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"BM": "image/bmp",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
}
MARKUP = regex.compile(
    rb"<(?:!doctype\s++html|html|head|body|title|meta|script|div|article|p|h1|table|!--)\b", regex.IGNORECASE
)
BOM = b"\xef\xbb\xbf"
HTTP_HEADER = regex.compile(rb"HTTP/1\.[01] \d{3}")
MAIL_HEADER = regex.compile(rb"(?im)^(?:MIME-Version|Snapshot-Content-Location|Content-Type:\s*multipart/)")
WARC = regex.compile(rb"WARC/1\.[01]\r?\n|filedesc://")
# Bytes that text in no encoding of Chinese has (UTF-16 and UTF-32 are told before this is asked).
NOT_TEXT = regex.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")


def kind_of(head: bytes) -> Kind:
    """What a file with these first bytes is; `office` and `binary` for what no reader here takes.

    >>> kind_of(b"%PDF-1.7 ..."), kind_of("采集血样28份".encode("gb18030")), kind_of(b"<!DOCTYPE html><title>")
    ('pdf', 'text', 'html')
    >>> kind_of(b"MZ\\x90\\x00\\x03\\x00"), kind_of(b"PK\\x03\\x04")
    ('binary', 'zip')
    """
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(tuple(office.BEGINNINGS)):
        return "office"
    if picture_type(head):
        return "picture"
    if WARC.match(head):
        return "warc"
    if b"%PDF-" in head[:PDF_WITHIN]:  # archives leave HTTP headers before it
        return "pdf"
    return _kind_of_text(head)


def _kind_of_text(head: bytes) -> Kind:
    if encoding := wide_encoding(head):
        return "html" if MARKUP.search(head.decode(encoding, "ignore").encode()) else "text"
    text = head.removeprefix(BOM)
    if NOT_TEXT.search(text):
        return "binary"
    start = text.lstrip()
    if MAIL_HEADER.search(text) and not start.startswith(b"<"):
        return "mhtml"
    # A page may begin with comments, blank lines or an HTTP header that an archive left there.
    if (start.startswith(b"<") and MARKUP.search(text)) or (HTTP_HEADER.match(start) and MARKUP.search(text)):
        return "html"
    return "text"


def picture_type(head: bytes) -> str | None:
    """The media type of a picture, None of anything else."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    found = next((media for magic, media in PICTURES.items() if head.startswith(magic)), None)
    if found == "image/bmp" and head[6:10] != b"\x00\x00\x00\x00":  # two letters alone may begin a text
        return None
    return found
