"""What the program that saved a web page left in it: the address, and when it was saved.

Forms: comments by browsers (`saved from url=(0042)https://…`), SingleFile and the Wayback Machine, the Wayback
Machine's rewritten addresses, the canonical link, and the headers of MHTML.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import regex

HEAD = 200_000  # characters in which the comments stand; the Wayback Machine's stand at the end
BROWSER = regex.compile(r"<!--\s*saved from url=\(\d{4}\)(?P<url>https?://\S+?)\s*-->", regex.IGNORECASE)
SINGLEFILE = regex.compile(
    r"Page saved with SingleFile\s+url:\s*(?P<url>https?://\S+)"
    r"\s+saved date:\s*(?P<at>\w{3} \w{3} \d{1,2} \d{4} [\d:]{8} GMT[+-]\d{4})"
)
WAYBACK = regex.compile(
    r"FILE ARCHIVED ON (?P<at>\d{2}:\d{2}:\d{2} [A-Z][a-z]{2} \d{1,2}, \d{4}) AND RETRIEVED FROM THE\s+INTERNET ARCHIVE"
)
WAYBACK_URL = regex.compile(
    r"https?://web\.archive\.org/web/(?P<stamp>\d{14})(?:[a-z]{2}_)?/(?P<url>https?://[^\s\"'<>]+)"
)
CHINA = timezone(timedelta(hours=8))


class Saved(NamedTuple):
    """Where a page was saved from and when (UTC)."""

    url: str | None = None
    at: str | None = None
    original: str | None = None


def archived(text: str, root: Any) -> Saved:
    """What a saved page tells of its saving; the original address also where an archive's stands before it."""
    head, tail = text[:HEAD], text[-HEAD:]
    if match := SINGLEFILE.search(head):
        return Saved(match["url"], _moment(match["at"].strip(), "%a %b %d %Y %H:%M:%S GMT%z"), match["url"])
    wayback = WAYBACK_URL.search(head)
    stamped = WAYBACK.search(tail) or WAYBACK.search(head)
    if wayback and (stamped or "web.archive.org" in head):
        at = _moment(stamped["at"] + " +0000", "%H:%M:%S %b %d, %Y %z") if stamped else _stamp(wayback["stamp"])
        canonical = _canonical(root)
        inner = WAYBACK_URL.match(canonical) if canonical else None
        original = inner["url"] if inner else canonical or None
        return Saved(canonical if inner else None, at, original)
    if match := BROWSER.search(head):
        return Saved(match["url"], None, match["url"])
    canonical = _canonical(root)
    return Saved(None, None, canonical)


def _canonical(root: Any) -> str | None:
    for xpath in ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"):
        for value in root.xpath(xpath):
            address = str(value).strip()
            if regex.match(r"https?://\S{4,500}$", address):
                return address
    return None


def mail_date(value: object) -> str | None:
    """The moment of a mail header's date, in UTC.

    >>> mail_date("Tue, 12 Oct 2021 16:22:13 +0800")
    '2021-10-12T08:22:13Z'
    """
    try:
        moment = parsedate_to_datetime(str(value))
    except (TypeError, ValueError, OverflowError):
        return None
    return _utc(moment)


def warc_date(value: str | None) -> str | None:
    """The moment of a WARC record, to the second.

    >>> warc_date("2021-10-12T08:22:13.123456Z")
    '2021-10-12T08:22:13Z'
    """
    try:
        return _utc(datetime.fromisoformat(value)) if value else None
    except ValueError:
        return None


def china_date(seconds: int) -> str:
    """The day in China of a moment in Unix time, as WeChat shows it.

    >>> china_date(1612137600)
    '2021-02-01'
    """
    return datetime.fromtimestamp(seconds, CHINA).date().isoformat()


def _moment(text: str, form: str) -> str | None:
    try:
        return _utc(datetime.strptime(text, form))
    except (ValueError, OverflowError):
        return None


def _stamp(digits: str) -> str | None:
    return _moment(digits + "+0000", "%Y%m%d%H%M%S%z")


def _utc(moment: datetime) -> str:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
