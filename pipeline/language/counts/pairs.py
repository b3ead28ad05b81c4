"""Figures that run on as pairs: 各所（应采／实采）：城关1450／1390；河东980／701, or under no heading that names them.

Of pairs without a name the first is of those sampled, never more than the second: 中水镇526/600，牛棚镇311/500.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import regex

from pipeline.language.counts.kinds import Figure
from pipeline.language.counts.numerals import find_numerals
from pipeline.language.spans import holding
from pipeline.patterns import Pattern
from pipeline.records import CountKind

HEAD = Pattern(r"[（(【](?P<first>\p{Han}{2,8})[/／](?P<second>\p{Han}{2,8})(?:[/／](?P<third>\p{Han}{2,8}))?[）)】]")
# 任务／已采 alone in its line
HEAD_LINE = Pattern(
    r"(?m)^[ \t\u3000]*(?:[【\[〔][^】\]〕\n]{1,8}[】\]〕])?(?:(?:单位|乡镇|派出所|所名|村名|名称)[ \t\u3000]+)?"
    r"(?P<first>\p{Han}{2,8})[/／](?P<second>\p{Han}{2,8})(?P<third>(?!))?[ \t\u3000]*$"
)
ROW = Pattern(
    r"(?P<name>\p{Han}{2,10}?)(?:合计|小计|共)?[:：]?[ \t\u3000]{0,4}"
    r"(?P<first>\d[\d,]*+(?: \d{3})?[人份名]?)[/／](?P<second>\d[\d,]*+(?: \d{3})?[人份名]?)"
    r"(?:[/／](?P<third>[\d.]+%?))?(?=[，；。、\s｜|]|$)"
)
# 男性700/800, 学生血样60/80, 全镇共700/800: rows by people, or the sum
NO_PLACE = Pattern(
    r"[男女]性?$|学生|僧[人尼]|群众|[村牧居]民$|[民职]工|工人|人员|血样|样本|DNA|采集|^全[县市镇乡村区州省局]$|^[合总小累]计|^其中$|月$"
)
UNNAMED_REACH = 400  # characters
UNNAMED = Pattern(r"(?:(?:采集|采血|血样|DNA|Y库)[^，。；：\n]{0,8}|任务完成(?:情况|进度)?)[:：｜|]")
COLUMNS: tuple[tuple[Pattern, CountKind], ...] = (
    (Pattern(r"率|占比|比例"), "coverage"),
    (Pattern(r"应采|应到|任务|目标|计划|下达"), "target"),
    (Pattern(r"实采|已采|实到|采集|完成"), "samples"),
)
SO_MANY_OF: dict[str, CountKind] = {"first": "samples", "second": "target"}
# A list under its heading has at least this many rows, and begins this near behind it, in characters.
FEWEST, NEAR = 2, 40


def pair_figures(copy: str, covered: Sequence[tuple[int, int]]) -> Iterator[tuple[int, Figure]]:
    """The figures of every such list of a matching copy, outside the `covered` stretches (tables), and where
    the row of each begins."""
    held = holding(covered)
    for end, kinds in _heads(copy):
        rows, last = [], end
        # a hostile text may announce thousands of lists
        for row in ROW.finditer(copy, end, len(copy) if kinds else end + UNNAMED_REACH):
            if row.start() - last > (NEAR if kinds else 1) or held(row.start()):
                break
            rows.append(row)
            last = row.end()
        if len(rows) < FEWEST or not (kinds or all(map(_part_first, rows))):
            continue
        for row in rows:
            for name, kind in (kinds or SO_MANY_OF).items():
                if row[name] and (numerals := find_numerals(row[name])):
                    counted = copy[row.start("name") - 1 : row.start("name")].isdigit()  # 其余7个所
                    place = None if counted or NO_PLACE.search(row["name"]) else row.span("name")
                    first, behind = row.span(name)
                    yield row.start(), Figure(numerals[0], kind, first, behind, place)


def _heads(copy: str) -> Iterator[tuple[int, dict[str, CountKind]]]:
    """Where lists of pairs may begin, and what is in which place; nothing where no heading tells it."""
    for head in chain(HEAD.finditer(copy), HEAD_LINE.finditer(copy)):
        kinds = {name: kind for name, said in head.groupdict().items() if said and (kind := _kind(said))}
        if {"target", "samples"} <= set(kinds.values()):
            yield head.end(), kinds
    for head in UNNAMED.finditer(copy):
        yield head.end(), {}


def _part_first(row: regex.Match[str]) -> bool:
    """Whether a pair is so many of so many."""
    parts = [numerals[0].value for name in SO_MANY_OF if (numerals := find_numerals(row[name]))]
    return row["third"] is None and len(parts) == len(SO_MANY_OF) and 0 < parts[0] <= parts[1]


def _kind(said: str) -> CountKind | None:
    return next((kind for pattern, kind in COLUMNS if pattern.search(said)), None)
