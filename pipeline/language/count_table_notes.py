"""Samples that a note below a table tells beside it: 2．水库工地另采务工人员26人，不进上表."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.language.numerals import Numeral, find_numerals
from pipeline.patterns import Pattern

NOTE = Pattern(r"[ \t\u3000]*(?:[（(]?\d{1,2}[.、．）)]|[①-⑳※*•]|附?注\d?[:：]|备注[:：]|说明[:：])")
BESIDE = Pattern(
    r"(?:另|另外|此外)(?:还|又|有)?采(?:集|得|到)?了?(?P<who>(?!\p{Han}*(?:指纹|掌纹|人像|虹膜|声纹|照片|购|访))[^，。；\d]{0,12})"
    r"(?P<figure>\d[\d,]*+[余多]?(?:人份|[人名份]))(?!次)"
)
PLACE = Pattern(r"(?:^|[\s\d.、．）)：:，；])(?P<place>\p{Han}{1,6}?(?:镇|乡|村|街道|社区|派出所|所|寺))")
# Notes stand this near below their table, in characters and lines.
REACH, MOST_LINES = 500, 8


class Noted(NamedTuple):
    """A figure of a note: where it stands, the place that the note names before it, and where its line stands."""

    start: int
    end: int
    numeral: Numeral
    place: str | None
    line: tuple[int, int]


def noted(copy: str, table_end: int) -> Iterator[Noted]:
    """What the notes right below a table tell of samples that it leaves out."""
    begin = table_end
    lines = copy[begin : begin + REACH].split("\n")[:MOST_LINES]
    for line in lines:
        found = BESIDE.search(line) if NOTE.match(line) else None
        numeral = next(iter(find_numerals(found["figure"])), None) if found else None
        if found and numeral:
            place = PLACE.search(line, 0, found.start())
            at = begin + found.start("figure")
            named, stretch = place["place"] if place else None, (begin, begin + len(line))
            yield Noted(at + numeral.start, at + numeral.end, numeral, named, stretch)
        begin += len(line) + 1
