"""Kinds of rows of a table of items that only the rows above them tell: 其中：男性, 占应采人数（%）, 本地库存（份）."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.language.counts.words import words
from pipeline.language.tables.columns_beside import OTHER_TRAITS, value_of
from pipeline.language.tables.fitting import Part
from pipeline.language.tables.headings import QUALITY, foreign
from pipeline.patterns import Pattern
from pipeline.records import CountKind

Row = Sequence[Part | None]
AMONG = Pattern(r"其中[:：]?\s*")
# What became of samples, and those who gave none, are no part of what was taken.
NO_PART = Pattern(r"检|库|录入|上传|比中|退|废|重|拒|免|未|差|缺|[卡盒针包]")
UNIT_COLUMN = Pattern(r"(?:计量)?单位$")
# （起）, （枚）: units of what is no sample.
IN_BRACKETS = Pattern(r"[（(]([^（()）]{1,4})[）)]\s*$")
OF_PEOPLE = Pattern(r"(?:百|千|十?万)?(?:人份|[人份名例条])")
# 占应采人数, 占总人口比重: of what stands in the row above. 采集率, 完成率.
SHARE_ROW = Pattern(r"(?:其中[:：]?)?占.{0,6}(?:应采|应完成|人口|人数|任务|计划|目标|对象|总数|男性|农牧民|户籍|常住)")
RATE_ROW = Pattern(
    r"(?:其中[:：]?)?(?:采[集样血]?|血样|任务|计划|目标|完成|覆盖|入库|年度)*(?:完成率|采集率|覆盖率|采样率|采血率|完成比例|比例)"
)
# 本地库存（份）, 数据库在库总量: what a bank holds, where other rows are of samples.
STOCK_ROW = Pattern(
    r"(?:本[地级市县区]|[市县区]级|累计|年末|DNA|血样|样本|数据库?|库内|总)*(?:库存|库容|在库|存量)(?:血样|样本|数据|信息|总?[数量]|总数)*"
    r"(?:[（(](?:\d{1,2}月\d{1,2}日|年[末底]|人份|[份条])[）)])*"
)
STORED = Pattern(r"人份|[份条]")


class RowKinds(NamedTuple):
    """The kinds of a row's cells, and the row that it belongs to: itself, or that of which it has parts or a share."""

    kinds: Sequence[CountKind | None]
    whole: Row


def told_above(
    names: Sequence[str], items: Sequence[bool], rows: Sequence[Row], kinds: Sequence[Sequence[CountKind | None]]
) -> list[RowKinds]:
    """The kinds of all rows, with those that the rows above tell. `items`: the columns that name what is counted."""
    told = list[RowKinds]()
    last: RowKinds | None = None
    for row, own in zip(rows, kinds, strict=True):
        name, unit = _label(row, items), _unit(row, names, items)
        if any(own):
            whole = last.whole if last and ("coverage" in own or AMONG.match(name)) else row
            told.append(RowKinds(own, whole))
        else:
            told.append(_from_above(row, name, unit, last, told) or RowKinds(own, row))
        if "coverage" not in told[-1].kinds and (last is None or AMONG.match(name) is None):
            last = told[-1] if any(told[-1].kinds) else None
    return told


def _from_above(row: Row, name: str, unit: str, last: RowKinds | None, above: Sequence[RowKinds]) -> RowKinds | None:
    if STOCK_ROW.fullmatch(name) and STORED.fullmatch(unit):
        taken = next((one.kinds for one in reversed(above) if "samples" in one.kinds), None)
        return RowKinds(["database" if kind else None for kind in taken], row) if taken else None
    if last is None:
        return None
    if any(above[-1].kinds) and (SHARE_ROW.match(name) or RATE_ROW.match(name)) and not QUALITY.search(name):
        shares: list[CountKind | None] = [
            "coverage" if kind in ("samples", "database") else None for kind in last.kinds
        ]
        return RowKinds(shares, last.whole)
    return RowKinds(last.kinds, last.whole) if _is_part(row, name, unit, last) else None


def _is_part(row: Row, name: str, unit: str, last: RowKinds) -> bool:
    """Whether a row has those of one sort among the people of the row above: 其中：僧尼, over no greater figures."""
    among = AMONG.match(name)
    people = IN_BRACKETS.sub("", name[among.end() :]) if among else ""
    if not people or NO_PART.search(people) or OTHER_TRAITS.search(people) or (unit and not OF_PEOPLE.fullmatch(unit)):
        return False
    if foreign(people) and words()["part_people"].search(people) is None:
        return False
    both = [(value_of(w), value_of(p)) for w, p, kind in zip(last.whole, row, last.kinds, strict=True) if kind]
    return all(part <= whole for whole, part in both if whole is not None and part is not None)


def _label(row: Row, items: Sequence[bool]) -> str:
    """The name of what a row counts."""
    return next((part.text for part, item in zip(row[::-1], items[::-1], strict=True) if item and part), "")


def _unit(row: Row, names: Sequence[str], items: Sequence[bool]) -> str:
    """The unit of a row, in a column of its own or in brackets behind its name."""
    own = next((part.text for part, name in zip(row, names, strict=True) if part and UNIT_COLUMN.search(name)), "")
    told = IN_BRACKETS.search(_label(row, items))
    return own or (told[1] if told else "")
