"""What a page says about itself: title, publisher, date, kind of source, script, and where it was archived from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple, cast
from urllib.parse import urlsplit

import regex

from pipeline.reading.bylines import Byline, date_in, parse
from pipeline.reading.layout import Parts
from pipeline.reading.lines import Line
from pipeline.reading.paragraphs import join
from pipeline.reading.phrases import code_of, squash
from pipeline.records import Script, SourceType

SAVED_FROM = regex.compile(
    r"Saved\s+from\s+(?P<url>https?://\S+)"
    r"(?:\s+(?P<day>\d{1,2})\s+(?P<month>[A-Z][a-z]{2})\s+(?P<year>\d{4})\s+(?P<time>\d{2}:\d{2}(?::\d{2})?)\s+UTC)?"
)
WAYBACK = regex.compile(r"https?://web\.archive\.org/web/(?P<stamp>\d{14}|\d{8})(?:[a-z]{2}_)?/(?P<url>\S+)")
ARCHIVE_TODAY = regex.compile(r"https?://archive\.(?:today|ph|is|li|vn|fo|md)/(?:\d{8,14}/)?\w{4,6}\b")
ADDRESS = regex.compile(r"https?://[^\s，。）)]+")
CHINA = timezone(timedelta(hours=8))  # one time zone for the whole country
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SITE_SUFFIX = regex.compile(r"\s*[-_|–—]\s*(?P<site>[^-_|–—]{2,30})$")
EMOJI = regex.compile(r"[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]")
# Of the characters that only one script has: below the first share a text is traditional, above the second simplified.
MIXED = (0.15, 0.85)


class Archived(NamedTuple):
    """The address of the archived copy (the page's own where the archive's is not known), when it was made, in UTC,
    and the page's own address."""

    url: str | None = None
    at: str | None = None
    original: str | None = None


class Metadata(NamedTuple):
    """The fields of `Document` that the page's furniture gives."""

    title: str | None
    publisher: str | None
    published: str | None
    source_type: SourceType
    archived: Archived


def describe(parts: Parts, pdf_title: str | None, known: Archived = Archived()) -> Metadata:
    """Read title, byline and furniture. `pdf_title` is the file's own title, if it names the post; `known` is what the
    container or the saved page tells of the archiving, which goes before what the page shows of it."""
    shown = archived_from([*parts.furniture, *parts.margins])
    archived = Archived(*(mine or seen for mine, seen in zip(known, shown, strict=True)))
    archived = archived._replace(url=archived.url or archived.original, original=archived.original or archived.url)
    byline = parse(join_with_spaces(parts.byline), _seen(archived, parts)) if parts.byline else Byline(None, None)
    title, site = _title(join(parts.title), pdf_title)
    publisher = byline.publisher or site
    marks = [line.text for line in (*parts.furniture, *parts.byline)] + ([pdf_title] if pdf_title else [])
    kind = source_type(archived.original, marks, publisher)
    return Metadata(title, publisher, byline.published, kind, archived)


def join_with_spaces(lines: Sequence[Line]) -> str:
    """Furniture lines as one string: a word parted by a hyphen is whole, other line ends are spaces."""
    text = ""
    for line in lines:
        text += ("" if not text or text.endswith("-") else " ") + line.text
    return text


def _title(shown: str, pdf_title: str | None) -> tuple[str | None, str | None]:
    """The post's title, and the site's name where the file's title tells it."""
    known = (pdf_title or "").strip()
    if not known or code_of("page_titles", known) == "generic":
        return shown or None, None
    if not shown:
        match = SITE_SUFFIX.search(known)
        return (known[: match.start()], match["site"]) if match else (known, None)
    if squash(EMOJI.sub("", known)) == squash(EMOJI.sub("", shown)):
        return (known if EMOJI.search(known) else shown), None  # pictures drawn for emoji are no text on the page
    if squash(known).startswith(squash(shown)):
        match = SITE_SUFFIX.search(known)
        return shown, match["site"] if match else None
    return shown, known if len(known) <= 30 and code_of("page_titles", known) != "kind" else None


def archived_from(lines: Sequence[Line]) -> Archived:
    """What archive banners and browsers' print headers tell: the original address and the time of the copy.

    Archived times are UTC. A browser's header gives local time of an unknown place, so none is taken from it.
    """
    text = join_with_spaces(lines)
    if match := SAVED_FROM.search(text):
        copy = ARCHIVE_TODAY.search(text)
        return Archived(copy.group() if copy else match["url"], _saved_at(match), match["url"])
    if match := WAYBACK.search(text):
        return Archived(match.group(), _stamp(match["stamp"]), match["url"])
    address = next((m.group() for line in lines if (m := ADDRESS.match(line.text))), None)
    return Archived(address, None, address)


def _seen(archived: Archived, parts: Parts) -> date | None:
    """The day in China on which the page was seen as it is: when it was archived, or printed."""
    if archived.at:
        return datetime.fromisoformat(archived.at).astimezone(CHINA).date()
    printed = next((d for line in parts.margins if len(d := date_in(line.text) or "") == 10), None)
    return date.fromisoformat(printed) if printed else None


def _saved_at(match: regex.Match[str]) -> str | None:
    if not match["day"] or match["month"] not in MONTHS:
        return None
    time = match["time"] if match["time"].count(":") == 2 else match["time"] + ":00"
    date = f"{match['year']}-{MONTHS.index(match['month']) + 1:02d}-{int(match['day']):02d}"
    return _valid(f"{date}T{time}Z")


def _stamp(stamp: str) -> str | None:
    full = stamp.ljust(14, "0")
    return _valid(f"{full[:4]}-{full[4:6]}-{full[6:8]}T{full[8:10]}:{full[10:12]}:{full[12:14]}Z")


def _valid(moment: str) -> str | None:
    try:
        return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return None


def source_type(url: str | None, lines: Sequence[str], publisher: str | None) -> SourceType:
    """The kind of page: by its address, else by lines that only one kind has, else by the publisher's name."""
    host = (urlsplit(url).hostname or "") if url else ""
    by_host = code_of("page_hosts", host) if host else None
    found = {code for line in lines if (code := code_of("page_sources", line))}
    by_line = next((c for c in ("wechat_account", "government_website", "news_website") if c in found), None)
    by_name = code_of("page_publishers", publisher) if publisher and not host else None
    return cast(SourceType, by_host or by_line or by_name or "other")


@lru_cache(maxsize=2)
def _converted(conversion: str) -> Callable[[str], str]:
    """A conversion of OpenCC's, loaded when it is asked for: few texts need the longer one."""
    import opencc

    return cast(Callable[[str], str], opencc.OpenCC(conversion).convert)


# One simplified form for several traditional ones (后, 里, 台, 干) also stands in traditional text.
BOTH = frozenset("后里台干只系面谷松斗几云出占于郁发板表丑冬范丰卷困累蔑秋曲舍升余折致制种周注准吁岳")


@lru_cache(maxsize=1 << 15)
def _only_traditional(letter: str) -> bool:
    """Whether only traditional text has a character."""
    return "\u4e00" <= letter < "\u9fff" and _converted("t2s")(letter) != letter


@lru_cache(maxsize=1 << 15)
def _only_simplified(letter: str) -> bool:
    """Whether only simplified text has a character."""
    if not "\u4e00" <= letter < "\u9fff" or letter in BOTH or _only_traditional(letter):
        return False
    return _converted("s2t")(letter) != letter


def script_of(text: str) -> Script:
    """Whether a text is written in simplified or in traditional characters.

    >>> script_of("采集血样"), script_of("採集血樣入庫"), script_of("採集血樣入庫，县公安局采集血样")
    ('simplified', 'traditional', 'mixed')
    """
    traditional = sum(map(_only_traditional, text))
    if not traditional:
        return "simplified"
    simplified = sum(map(_only_simplified, text))
    share = simplified / (traditional + simplified)
    return "traditional" if share < MIXED[0] else "simplified" if share > MIXED[1] else "mixed"
