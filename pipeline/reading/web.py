"""HTML and MHTML pages → `Document`. Nothing is fetched, no script runs; a page has one page and no boxes.

The blocks of the page (`markup`) are made lines of the type a browser would set them in, so that title, byline, body
and furniture are told apart by the same rules as on a printed page (`layout`). What the page says about itself to
programs (meta elements, WeChat's variables) fills in what its text does not show.
"""

from __future__ import annotations

import email
import email.policy
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import regex

from pipeline.reading import saved
from pipeline.reading.bylines import date_in, signature
from pipeline.reading.document import Capture, Document, Limits, Origins, Unreadable, no_boxes
from pipeline.reading.encoding import decode
from pipeline.reading.layout import Parts, arrange_web
from pipeline.reading.lines import Line
from pipeline.reading.markup import DEEPEST, Block, Page, blocks, parse
from pipeline.reading.metadata import Archived, describe, script_of
from pipeline.reading.normalise import han_share
from pipeline.reading.phrases import rows
from pipeline.reading.spacing import close_title, close_up

BODY, QUIET = 16.0, 12.0  # sizes in pixels, as browsers set text and class names such as `meta` suggest
HEADING_SIZES = {1: 32.0, 2: 24.0, 3: 18.7, 4: 16.0, 5: 16.0, 6: 16.0}
GREY = 119
# A region said to be furniture that holds more than this share of the page's sentences is the post itself.
MOST_FURNITURE = 0.5
# Of a page with more blocks than this the first ones are read; the record has the warning `cut_blocks`.
MOST_BLOCKS = 50_000
FEWEST_LETTERS = 8  # of title and body together


def read_html(data: bytes, limits: Limits, capture: Capture = Capture(), media_type: str = "text/html") -> Document:
    """Read a web page. Raises `Unreadable`: no_text or too_large."""
    decoded = decode(_without_http_header(data), capture.charset)
    if len(decoded.text) > 20 * limits.characters:
        raise Unreadable("too_large", f"{len(decoded.text)} characters of HTML; split it, or save its text alone")
    page = parse(decoded.text)
    found = blocks(page.root)
    if not found and page.cut:
        raise Unreadable("no_text", f"a web page of more than {DEEPEST} elements within each other; print it as PDF")
    if not any(block.text for block in found):
        raise Unreadable("no_text", "a web page without text; if it was saved before its scripts ran, save it anew")
    if sum(len(block.text) for block in found) > limits.characters:
        raise Unreadable("too_large", f"more than {limits.characters} characters of text; split it")
    told = saved.archived(decoded.text, page.root)
    doubts = (
        ("damaged_encoding", decoded.damaged),
        ("cut_nesting", page.cut),
        ("cut_blocks", len(found) > MOST_BLOCKS),
    )
    warnings = [code for code, wrong in doubts if wrong]
    return _document(found, page, capture, told, media_type, warnings)


def read_mhtml(data: bytes, limits: Limits) -> Document:
    """Read a page saved as MHTML, from its root part. Raises `Unreadable`: damaged, no_text or too_large."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    part = next((p for p in message.walk() if p.get_content_type() in ("text/html", "application/xhtml+xml")), None)
    if not isinstance(part, EmailMessage):
        raise Unreadable("no_text", "a mail archive (MHTML) without a web page in it")
    try:
        body = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError) as error:
        raise Unreadable("damaged", "a damaged mail archive (MHTML); save the page again") from error
    if not isinstance(body, bytes):
        raise Unreadable("damaged", "a damaged mail archive (MHTML); save the page again")
    url = message.get("Snapshot-Content-Location") or part.get("Content-Location")
    capture = Capture(str(url) if url else None, saved.mail_date(message.get("Date")), part.get_content_charset())
    return read_html(body, limits, capture, "multipart/related")


def _without_http_header(data: bytes) -> bytes:
    if data.lstrip()[:5] != b"HTTP/":
        return data
    parts = regex.split(rb"\r?\n\r?\n", data, maxsplit=1)
    return parts[1] if len(parts) == 2 else data


def _document(
    found: Sequence[Block], page: Page, capture: Capture, told: saved.Saved, media_type: str, warnings: list[str]
) -> Document:
    kept = _regions(found[:MOST_BLOCKS])
    script = script_of("".join(block.text for block in kept))
    lines = _lines(kept, traditional=script == "traditional")
    meta = Meta.of(page.root)
    parts = arrange_web(
        [line for line, block in lines if block.region != "drop"],
        [line for line, block in lines if block.region == "drop"],
        meta.title,
    )
    archived = Archived(capture.url or told.url, capture.at or told.at, told.original)
    metadata = describe(parts, meta.title, archived)
    flown, of_flown = _flow(parts)
    text, of_pages, chars = close_up(flown, array("H", [1]) * len(flown), of_flown)
    signed = signature([line.text for line in parts.body])
    if sum(map(str.isalnum, text + (metadata.title or ""))) < FEWEST_LETTERS:
        raise Unreadable("no_text", "a web page without a text of its own, such as an error page")
    if not text:
        warnings.append("no_body")
    return Document(
        text=text,
        origins=Origins(of_pages, chars, no_boxes),
        title=close_title(metadata.title),
        publisher=meta.account or metadata.publisher or meta.publisher or meta.site or signed.publisher,
        source_type="wechat_account" if meta.account else metadata.source_type,
        published=meta.created or metadata.published or meta.published or signed.published,
        script=script_of(text or metadata.title or ""),
        media_type=media_type,
        archived_url=metadata.archived.url,
        archived_at=metadata.archived.at,
        original_url=metadata.archived.original,
        warnings=tuple(warnings),
    )


def _regions(found: Sequence[Block]) -> list[Block]:
    """The blocks, with a region said to be furniture or byline taken as text where it holds most of the sentences."""
    prose = {
        region: sum(_sentences(b.text) for b in found if b.region == region) for region in ("main", "quiet", "drop")
    }
    total = sum(prose.values())
    wrong = {region for region in ("quiet", "drop") if total and prose[region] > MOST_FURNITURE * total}
    return [Block(b.text, b.heading, "main", b.row, b.linked, b.id) if b.region in wrong else b for b in found]


def _sentences(text: str) -> int:
    return len(text) if regex.search(r"[，。；！？]", text) and han_share(text) > 0.3 else 0


def _lines(found: Sequence[Block], *, traditional: bool) -> list[tuple[Line, Block]]:
    """A line a block, set as a browser sets it. Characters are numbered through the page."""
    lines: list[tuple[Line, Block]] = []
    number = 0
    for at, block in enumerate(found):
        quiet = block.region != "main" or (block.linked and not _sentences(block.text))
        size = HEADING_SIZES[block.heading] if block.heading else QUIET if quiet else BODY
        chars = list(range(number, number + len(block.text)))
        number += len(block.text)
        shade = GREY if quiet and not block.heading else 0
        line = Line(1, block.text, chars, 0.0, 0.0, float(at * 30), size, shade, block.row)
        line = line.clean(traditional=traditional)
        if line.text:
            lines.append((line, block))
    return lines


def _flow(parts: Parts) -> tuple[str, array[int]]:
    """The body's text, a paragraph a line, and the number of each character on the page, -1 for line ends."""
    chars = array("l")
    for index, line in enumerate(parts.body):
        if index:
            chars.append(-1)
        chars.extend(line.chars)
    return "\n".join(line.text for line in parts.body), chars


@dataclass(frozen=True)
class Meta:
    """What a page says about itself to programs."""

    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    site: str | None = None
    account: str | None = None  # a WeChat account
    created: str | None = None  # WeChat's date of publication, which its script writes into the page

    @classmethod
    def of(cls, root: Any) -> Meta:
        """From <meta>, <title>, and the elements and variables that every WeChat post has."""
        values: dict[str, str] = {}
        names = {phrase: code for code, phrase in rows("page_meta")}
        for element in root.iter("meta"):
            code = names.get((element.get("name") or element.get("property") or "").strip().lower())
            content = (element.get("content") or "").strip()
            if code and content:
                values.setdefault(code, content)
        title = next((t.strip() for e in root.iter("title") if (t := "".join(e.itertext())).strip()), None)
        wechat = _by_id(root, "js_content") is not None or _by_id(root, "activity-name") is not None
        return cls(
            title=(_text(_by_id(root, "activity-name")) if wechat else None) or values.get("title") or title,
            publisher=values.get("publisher"),
            published=date_in(values.get("published", "")),
            site=values.get("site"),
            account=(_text(_by_id(root, "js_name")) or _variable(root, "nickname")) if wechat else None,
            created=_created(root) if wechat else None,
        )


def _by_id(root: Any, name: str) -> Any:
    return next(iter(root.xpath("//*[@id=$name]", name=name)), None)


def _text(element: Any) -> str | None:
    return " ".join("".join(element.itertext()).split()) or None if element is not None else None


def _variable(root: Any, name: str) -> str | None:
    """The value a script gives a variable: `var nickname = htmlDecode("平安察雅");`."""
    pattern = regex.compile(rf"""\b{name}\s*+=\s*+(?:\w+\()?["']([^"'\n]{{1,100}})["']""")
    for script in root.iter("script"):
        if script.text and (match := pattern.search(script.text[:2_000_000])):
            return str(match.group(1)).strip() or None
    return None


def _created(root: Any) -> str | None:
    """The date WeChat's script would show: `var ct = "1612137600"` (seconds, shown in China's time) or createTime."""
    shown = date_in(_text(_by_id(root, "publish_time")) or "") or date_in(_variable(root, "createTime") or "")
    seconds = _variable(root, "ct")
    return shown or (saved.china_date(int(seconds)) if seconds and seconds.isdigit() and len(seconds) == 10 else None)
