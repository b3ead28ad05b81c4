"""Kinds of rows of a table of items that only the rows above them tell: 其中：男性, 占应采人数（%）, 本地库存（份）."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.language.counts.words import words
from pipeline.language.tables.columns_beside import OTHER_TRAITS, value_of
from pipeline.language.tables.fitting import Part
from pipeline.language.tables.headings import BLANK, QUALITY, foreign
from pipeline.patterns import Pattern
from pipeline.records import CountKind

Row = Sequence[Part | None]
# A yearbook writes # for 其中.
AMONG = Pattern(r"(?:其中[:：]?|[#＃])\s*")
# The second of the parts, which need not say so again: 其中：男, 女.
MORE_PEOPLE = Pattern(r"[男女][性生子]?|僧[人众尼]|尼[姑众]|觉姆")
A_PLACE = Pattern(r"\p{Han}{1,6}(?:镇|乡|村|街道|社区|派出所|苏木|嘎查)")
# What became of samples, and those who gave none, are no part of what was taken.
NO_PART = Pattern(r"检|库|录入|上传|比中|退|废|重|拒|免|未|差|缺|走访|宣传|登记|应|[卡盒针包]")
UNIT_COLUMN = Pattern(r"(?:计量)?单位$")
# （起）, （枚）: units of what is no sample.
IN_BRACKETS = Pattern(r"[（(]([^（()）]{1,4})[）)]\s*$")
OF_PEOPLE = Pattern(r"(?:百|千|十?万)?(?:人份|[人份名例条])")
# 占应采人数, 占总人口比重: of what stands in the row above. 采集率, 完成率.
SHARE_ROW = Pattern(
    r"(?:其中[:：]?)?[占为].{0,6}(?:应采|应完成|人口|人数|任务|计划|目标|对象|总数|男性|农牧民|户籍|常住)"
)
RATE_ROW = Pattern(
    r"(?:其中[:：]?)?(?:采[集样血]?|血样|任务|计划|目标|完成|覆盖|入库|年度)*(?:完成率|采集率|覆盖率|采样率|采血率|完成比例|比例)"
)
# 本地库存（份）, 数据库在库总量: what a bank holds, where other rows are of samples.
STOCK_ROW = Pattern(
    r"(?:本[地级市县区]|[市县区]级|累计|年末|DNA|血样|样本|数据库?|库内|总)*(?:库存|库容|在库|存量)(?:血样|样本|数据|信息|总?[数量]|总数)*"
    r"(?:[（(](?:\d{1,2}月\d{1,2}日|年[末底]|人份|[份条])[）)])*"
)
# How many rows up samples are looked for.
FAR = 40
STORED = Pattern(r"人份|[份条]")


class RowKinds(NamedTuple):
    """The kinds of a row's cells, the row that it belongs to: itself, or that of which it has parts or a share, and the
    place of such a part."""

    kinds: Sequence[CountKind | None]
    whole: Row
    place: str | None = None


def told_above(
    names: Sequence[str], items: Sequence[bool], rows: Sequence[Row], kinds: Sequence[Sequence[CountKind | None]]
) -> list[RowKinds]:
    """The kinds of all rows, with those that the rows above tell. `items`: the columns that name what is counted."""
    told = list[RowKinds]()
    last: RowKinds | None = None
    for row, own in zip(rows, kinds, strict=True):
        name, unit = _label(row, items), _unit(row, names, items)
        people = _people(name, again=last is not None and told[-1] is not last and told[-1].whole is last.whole)
        if "coverage" in own and told and not any(told[-1].kinds) and RATE_ROW.fullmatch(IN_BRACKETS.sub("", name)):
            told.append(RowKinds([None] * len(own), row))  # 完成率 below 宣传册
        elif any(own):
            whole = last.whole if last and ("coverage" in own or people) else row
            told.append(RowKinds(own, whole))
        else:
            told.append(_from_above(row, name, people, unit, last, told) or RowKinds(own, row))
        if "coverage" not in told[-1].kinds and (last is None or not people):
            last = told[-1] if any(told[-1].kinds) else None
    return told


def _people(name: str, *, again: bool) -> str:
    """Whose or which place's part of the row above a row has, by its name; `again`: the row above has one too."""
    bare = IN_BRACKETS.sub("", name)
    among = AMONG.match(bare)
    return (
        bare[among.end() :]
        if among
        else bare
        if again and (MORE_PEOPLE.fullmatch(bare) or A_PLACE.fullmatch(bare))
        else ""
    )


def _from_above(
    row: Row, name: str, people: str, unit: str, last: RowKinds | None, above: Sequence[RowKinds]
) -> RowKinds | None:
    if STOCK_ROW.fullmatch(name) and STORED.fullmatch(unit):
        taken = next((one.kinds for one in above[:-FAR:-1] if "samples" in one.kinds), None)
        return RowKinds(["database" if kind else None for kind in taken], row) if taken else None
    if last is None:
        return None
    if any(above[-1].kinds) and (SHARE_ROW.match(name) or RATE_ROW.match(name)) and not QUALITY.search(name):
        shares: list[CountKind | None] = [
            "coverage" if kind in ("samples", "database") else None for kind in last.kinds
        ]
        return RowKinds(shares, last.whole)
    place = people if A_PLACE.fullmatch(people) else None
    return RowKinds(last.kinds, last.whole, place) if _is_part(row, people, unit, last) else None


def _is_part(row: Row, people: str, unit: str, last: RowKinds) -> bool:
    """Whether a row has those of one sort among the people of the row above: 其中：僧尼, over no greater figures."""
    if not people or NO_PART.search(people) or OTHER_TRAITS.search(people) or (unit and not OF_PEOPLE.fullmatch(unit)):
        return False
    known = A_PLACE.fullmatch(people) or words()["part_people"].search(people)
    if foreign(people) and not known:
        return False
    both = [(value_of(w), value_of(p)) for w, p, kind in zip(last.whole, row, last.kinds, strict=True) if kind]
    return all(part <= whole for whole, part in both if whole is not None and part is not None)


def _label(row: Row, items: Sequence[bool]) -> str:
    """The name of what a row counts."""
    return next((part.text for part, item in zip(row[::-1], items[::-1], strict=True) if item and part), "")


def _unit(row: Row, names: Sequence[str], items: Sequence[bool]) -> str:
    """The unit of a row, in a column of its own or in brackets behind its name."""
    own = next(
        (part.text for part, name in zip(row, names, strict=True) if part and UNIT_COLUMN.search(BLANK.sub("", name))),
        "",
    )
    told = IN_BRACKETS.search(_label(row, items))
    return own or (told[1] if told else "")
