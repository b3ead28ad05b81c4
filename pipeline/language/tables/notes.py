"""Samples told beside the figures of a table: in a note below it (2．水库工地另采26人，不进上表), or in a remark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from pipeline.language.counts.numerals import Numeral, find_numerals
from pipeline.language.counts.words import words
from pipeline.language.tables.amounts import cell_numerals
from pipeline.language.tables.columns_beside import OTHER_TRAITS
from pipeline.language.tables.fitting import Part
from pipeline.language.tables.headings import PLACE_HEADING
from pipeline.patterns import Pattern

NOTE = Pattern(r"[ \t\u3000]*(?:[（(]?\d{1,2}[.、．）)]|[①-⑳※*•]|附?注\d?[:：]|备注[:：]|说明[:：])")
BESIDE = Pattern(
    r"(?:另|另外|此外)(?:还|又|有)?采(?:集|得|到)?了?(?P<who>(?!\p{Han}*(?:指纹|掌纹|人像|虹膜|声纹|照片|购|访))[^，。；\d]{0,12})"
    r"(?P<figure>\d[\d,]*+[余多]?(?:人份|[人名份]))(?!次)"
)
# 僧舍雇工9人一并采样，未列入上表
LEFT_OUT = Pattern(
    r"(?P<figure>\d[\d,]*+[余多]?(?:人份|[人名份]))(?!次)(?:也|都|均|已|另|一并|同时|当日|现场|随后|分别)*采[集样血]?(?:了|完|血样)?，?"
    r"(?:因此|故|暂|均|都)?(?:未|不|没有?)(?:列|计|算|统计|包括|含)?[入进在]?(?:上|本|此|该|在)?表"
)
PLACE = Pattern(r"(?:^|[\s\d.、．）)：:，；])(?P<place>\p{Han}{1,6}?(?:镇|乡|村|街道|社区|派出所|所|寺))")
REMARK = Pattern("备注|说明|原因")
REMARKED = Pattern(
    r"(?:含|其中|(?P<more>另[采有]))(?:试点)?(?P<name>[^，。；\d]{0,10}?)(?P<verb>代?采集?)?约?(?P<figure>\d[\d,]*+(?:人?份|[张人名例]))(?!次)"
)
REMADE = Pattern(r"退|废|重|复|不合格|返|领|空白|未|差|缺|指纹|纹|像|虹膜|唾液管|[针盒包]")
# 共412例: what a row comes to.
IN_ALL = Pattern(r"(?:合|总|共)?[计共](?P<figure>\d[\d,]*+(?:人份|[份例人名张]))")
# 完成率为DNA血样占应采数的比例: what a note says that a rate is of.
RATE_OF = Pattern(r"(?:[”」》】]|\s|[（(][%％][）)]){0,3}(?:[:：为是指系即=＝按]|等于){1,2}(?P<of>[^。；;\n]{1,30})")
OF_SAMPLES = Pattern(r"血[样卡]|DNA|样本|采血|家系样")
# Notes stand this near below their table, in characters and lines.
REACH, MOST_LINES = 500, 8


class Noted(NamedTuple):
    """A figure of a note or a remark: where it stands, the place named before it, and where its line or cell stands."""

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
        beside = BESIDE.search(line) if NOTE.match(line) else None
        found = beside or LEFT_OUT.search(line)
        numeral = next(iter(find_numerals(found["figure"])), None) if found else None
        if found and numeral:
            first = 0 if beside else line.rfind("。", 0, found.start()) + 1
            place = PLACE.search(line, first, found.start())
            at = begin + found.start("figure")
            named = place["place"] if place else None
            stretch = (begin, begin + len(line)) if beside else (begin + first, begin + found.end())
            yield Noted(at + numeral.start, at + numeral.end, numeral, named, stretch)
        begin += len(line) + 1


def rate_of_samples(copy: str, name: str, table_end: int) -> bool:
    """Whether the lines right below a table say that its rate of that name is one of samples and nothing else."""
    at = copy.find(name, table_end, table_end + REACH)
    told = RATE_OF.match(copy, at + len(name)) if at >= 0 and name else None
    return told is not None and OF_SAMPLES.search(told["of"]) is not None and OTHER_TRAITS.search(told["of"]) is None


def remarked(row: Sequence[Part | None], names: Sequence[str], taken: Numeral, *, whole: bool) -> Iterator[Noted]:
    """The part of a row's samples that its remark tells: 含东坑镇1,120份; of a line of sums, all of them: 共412例."""
    for part, name in zip(row, names, strict=True):
        if part is None or not REMARK.search(name):
            continue
        found = _in_all(part.text, row) if whole else _part_of(part.text, taken)
        numeral = next(iter(find_numerals(found["figure"])), None) if found else None
        if found is None or numeral is None:
            continue
        at, named = part.start + found.start("figure"), found.groupdict().get("name") or ""
        place = named if PLACE_HEADING.search(named[-2:]) else None
        yield Noted(at + numeral.start, at + numeral.end, numeral, place, (part.start, part.end))


def _part_of(remark: str, taken: Numeral) -> regex.Match[str] | None:
    found = REMARKED.search(remark)
    numeral = next(iter(find_numerals(found["figure"])), None) if found else None
    if found is None or numeral is None or REMADE.search(found["name"]) or not numeral.value:
        return None
    # 含代采6人, 其中学生40人; 含外出3人 tells who was not there
    people = numeral.unit in ("人", "名") and not found["verb"] and not words()["part_people"].fullmatch(found["name"])
    return found if not people and (numeral.value <= taken.value or found["more"]) else None


def _in_all(remark: str, row: Sequence[Part | None]) -> regex.Match[str] | None:
    found = IN_ALL.fullmatch(remark)
    parts = [
        numerals[0].value for part in row if part and (numerals := cell_numerals(part.text)) and part.text != remark
    ]
    told = next(iter(find_numerals(found["figure"])), None) if found else None
    return found if told is not None and len(parts) > 1 and sum(parts) == told.value else None
