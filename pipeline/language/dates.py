"""Dates in Chinese posts, and the date a figure holds for (`as_of`).

A month or a day without a year takes the post's year, the year before where it would lie after the post.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from pipeline.language.numerals import HAN, to_number

NUM = rf"(?:\d{{1,2}}|{HAN})"
DATE = regex.compile(
    # Every date begins with one of these; the rest is not tried elsewhere.
    rf"(?=[\d零〇一二三四五六七八九两十百千万亿今去本当上下第])(?:(?:(?<year>(?:19|20)\d\d|二[〇零]{HAN}|今|去|本|当)年(?:度|底)?)?"
    rf"(?:(?<month>{NUM})月(?:份)?(?:(?<day>{NUM})[日号]|(?<part>底|末|初|中旬|上旬|下旬))?|(?<half>上半年|下半年)"
    rf"|第?(?<quarter>[一二三四1-4])季度)?"
    rf"|(?<only_day>\d{{1,2}})日(?=[，,。\d ]|止|时))"
)  # fmt: skip
SINCE = regex.compile(r"以来|起(?!诉)|开始|启动|至今")
DEADLINE = regex.compile(r"[日底]?(?:24时|24时整)?(?:之|以)?前")


@dataclass(frozen=True)
class Date:
    """A date as ISO to the precision given; `since`: it opens a period (3月以来), `deadline`: it ends one to come."""

    start: int
    end: int
    iso: str
    since: bool
    deadline: bool


def find_dates(plain: str, published: str | None) -> list[Date]:
    """Dates of a matching copy in order, resolved against the post's date (ISO or None).

    >>> [(d.iso, d.since) for d in find_dates("3月以来，截至6月15日", "2021-07-01")]
    [('2021-03', True), ('2021-06-15', False)]
    """
    found, year, month = [], None, None
    for m in DATE.finditer(plain):
        if m.end() == m.start():
            continue
        explicit = _year(m["year"], published)
        after = plain[m.end() : m.end() + 4]
        ahead = DEADLINE.match(after) is not None or (plain[m.start() - 1 : m.start()] == "到" and m[0].endswith("底"))
        if m["only_day"]:
            iso = f"{year}-{month:02d}-{int(m['only_day']):02d}" if year and month else None
        else:
            iso, year, month = _iso(m, explicit, published, year, month, ahead)
        if iso:
            found.append(Date(m.start(), m.end(), iso, SINCE.match(after) is not None, ahead))
    return found


def _year(text: str | None, published: str | None) -> int | None:
    if text is None:
        return None
    if text in "今本当" and published:
        return int(published[:4])
    if text == "去" and published:
        return int(published[:4]) - 1
    value = to_number(text) if text not in "今本当去" else None
    return int(value) if value and 1900 < value < 2100 else None


def _iso(
    m: regex.Match[str],
    explicit: int | None,
    published: str | None,
    year: int | None,
    month: int | None,
    ahead: bool,
) -> tuple[str | None, int | None, int | None]:
    """The date of a match, and the year and month that later dates without them take."""
    base = explicit or (int(published[:4]) if published else None)
    if m["month"]:
        number = to_number(m["month"])
        if number is None or not 1 <= number <= 12:
            return None, year, month
        month = int(number)
        if base is None:
            return None, year, month
        later = published is not None and len(published) >= 7 and month > int(published[5:7])
        if explicit is None and later and not ahead:
            base -= 1
        if m["day"] and 1 <= (day := int(to_number(m["day"]) or 0)) <= 31:
            return f"{base}-{month:02d}-{day:02d}", base, month
        return f"{base}-{month:02d}", base, month
    if base is not None and m["half"]:
        return f"{base}-{'06' if m['half'] == '上半年' else '12'}", base, None
    if base is not None and m["quarter"]:
        return f"{base}-{3 * int(to_number(m['quarter']) or 1):02d}", base, None
    return (str(explicit), explicit, None) if explicit else (None, year, month)
