"""Plain text files → `Document`: the first line is the title if it can be one; everything else is the body.

Tables of values parted by commas (CSV) are read as tables: a row a line, its cells parted by a space.
"""

from __future__ import annotations

from array import array

import regex

from pipeline.reading import values
from pipeline.reading.bylines import looks_like_byline, parse, signature
from pipeline.reading.document import Document, Limits, Origins, Unreadable, no_boxes
from pipeline.reading.encoding import decode
from pipeline.reading.metadata import script_of, source_type
from pipeline.reading.normalise import badness, clean
from pipeline.reading.spacing import close_title, close_up
from pipeline.reading.wrapped import unwrapped

LONGEST_TITLE = 80  # characters
BYLINE_WITHIN = 3  # lines below the title
SENTENCE_END = ("。", "；", "，", "、", ";", ",")
NO_TEXT = 0.3  # share of characters that no Chinese text has; above it the file is something else
MEDIA_TYPE = "text/plain"


def read_text(data: bytes, limits: Limits, charset: str | None = None) -> Document:
    """Read a text file. Raises `Unreadable`: no_text, unsupported or too_large."""
    decoded = decode(data, charset)
    if len(decoded.text) > limits.characters:
        raise Unreadable("too_large", f"more than {limits.characters} characters of text; split it")
    script = script_of(decoded.text)
    whole = values.as_rows(regex.sub(r"\r\n?", "\n", decoded.text))
    cleaned = clean(whole, traditional=script == "traditional")
    lines = [line.strip(" \u3000") for line in unwrapped(cleaned.split("\n"))]
    lines = [line for line in lines if line]
    if not lines:
        raise Unreadable("no_text", "a text file with nothing but blanks in it")
    if badness(cleaned[:20_000]) > NO_TEXT:
        raise Unreadable("unsupported", "neither a document nor text in a known encoding of Chinese")
    title = lines[0] if len(lines) > 1 and _is_title(lines[0]) and not values.is_head(lines[:3]) else None
    body = lines[1:] if title else lines
    byline = next((parse(line) for line in body[:BYLINE_WITHIN] if looks_like_byline(line)), None)
    text = "\n".join(body)
    text, pages, chars = close_up(text, array("H", [1]) * len(text), array("l", range(len(text))))
    signed = signature(body)
    publisher = (byline.publisher if byline else None) or signed.publisher
    return Document(
        text=text,
        origins=Origins(pages, chars, no_boxes),
        title=close_title(title),
        publisher=publisher,
        source_type=source_type(None, body[:BYLINE_WITHIN], publisher),
        published=(byline.published if byline else None) or signed.published,
        script=script,
        media_type=MEDIA_TYPE,
        warnings=("damaged_encoding",) if decoded.damaged else (),
    )


def _is_title(line: str) -> bool:
    """Whether a first line heads what follows: short, and no sentence.

    >>> [_is_title(line) for line in ("关于采集血样的通知", "各村民委员会：", "近日，我所民警入户采血。")]
    [True, False, False]
    """
    return len(line) <= LONGEST_TITLE and not line.endswith((*SENTENCE_END, "：", ":")) and "。" not in line
