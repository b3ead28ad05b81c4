"""What the first column of a table names: villages without their rank, and units where nothing was taken yet.

Tables reach the text with their borders lost: a heading row, then a row to each unit, cells parted by blanks. Or a
column to each unit: then the row that tells of samples says which of them count.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import regex

from pipeline.language.places.mentions import Mention
from pipeline.patterns import Pattern

BLANK = r"[ \u3000\t|｜]"
# What may stand before the column of units.
DAYS = ("日期", "时间")
FIRST = ("序号", "编号", *DAYS)
# 村名, 村（居）, 行政村, 村、社区: the first column is of villages.
VILLAGE_HEAD = Pattern(
    rf"^{BLANK}*(?:(?:{'|'.join(FIRST)}){BLANK}*)?"
    rf"(?:(?:行政|自然)?村(?:{BLANK}?名称?|别|庄|寨|屯|队|组|社区|居委会|委会|（居）|（社区）|\(居\)|\(社区\)|居|社)?|社区名?|嘎查村?|连队)"
    rf"(?={BLANK})[^\n]*$",
    regex.M,
)
# Any heading row with a column that tells what was taken.
HEAD = Pattern(
    rf"^{BLANK}*(?:(?:{'|'.join(FIRST)}){BLANK}*)?(?:[^\s\d]{{1,8}}?(?:村|居|名称?|所|别|）|\))"
    rf"|[^\s\d]{{0,8}}?(?:社区|单位|乡镇|街道|连队|嘎查)|村委会|居委会|村|镇|乡|去向|地点)(?={BLANK})[^\n]*$",
    regex.M,
)
ROW = Pattern(rf"{BLANK}*(?:\d{{1,3}}[.、]?{BLANK}+)?(?P<name>\p{{Han}}{{1,12}}){BLANK}+(?P<cells>[^\n]*)")
# 6.5　欧拉秀玛乡　0: under a heading that begins with the day.
DATED_ROW = Pattern(
    rf"{BLANK}*\d[\d.、/月日～~—-]{{0,9}}(?:[上下]午|晚上?)?{BLANK}+(?P<name>\p{{Han}}{{1,12}}){BLANK}+(?P<cells>[^\n]*)"
)
# 全天, 机动补漏: what a plan of days has in place of a village
NO_VILLAGE = Pattern(r"^(?:全天|早|晚|[上下]午|夜|机动|各|休|雨)|补[采漏]|停$")
SUM = Pattern(
    r"[一二两三四五六七八九十\d]{1,3}个?(?:乡镇|[村镇乡所连队社区屯寨])[合小总共]?计|合计|小计|总计|共计|[季月年周旬日]?度?计(?!\p{Han})|其他|其它|其余|备注|说明|全[乡镇村县]|平均|单位|村名"
)
# A first cell that is no village.
BODY = Pattern(
    r"人员|人口|银行|政府|机关|学校|[小中]学|单位|公司|企业|商户|寺$|卫生院|派出所|民警|[镇乡县]直|工地|市场|群众|姓$"
)
CELLS = Pattern(rf"{BLANK}+")
# The column that tells what was taken, and what it holds where nothing was.
TAKEN = Pattern(r"已采|实采|完成数?|采集数|入库|实到|采样|[采抽]血|DNA|血[样卡]|已完成|收卡|[（(](?:人?份|张)[）)]")
NOT_TAKEN = Pattern(r"应|任务|指标|目标|计划|结转|去年|上年|退|缺|欠|差|库存")
FIGURE = Pattern(r"\d|[一二三四五六七八九十百千]{2}|[全清齐完毕]")
NO_FIGURE = Pattern(r"[不未停暂缓待改无—－-]")
NONE = Pattern(r"[0０○〇无未/—－-]|0份|0人|未采|未开展")
# Of tables with a column to each unit: a line of three cells or more, the row of samples, and a cell of figures.
LINE = Pattern(r"[^\n]+")
CELL = Pattern(r"[^\s|｜]+")
SAMPLES = Pattern(r"DNA|血|采集|采样|样本")
VALUE = Pattern(rf"\d[\d,，.]*[余多万]*[份人张]?[%％]?|{NONE.pattern}")
DIGIT = Pattern(r"\d")


class Table(NamedTuple):
    """The villages a text's tables list, and where the rows of units without any sample lie."""

    villages: tuple[Mention, ...]
    empty: tuple[tuple[int, int], ...]


class Columns(NamedTuple):
    """A row of samples in a table with a column to each unit, and the headings of the columns it has a figure for."""

    start: int
    heads: tuple[tuple[int, int], ...]


@lru_cache(maxsize=2)  # places ask for those of the text twice
def across(copy: str) -> tuple[tuple[Columns, ...], tuple[tuple[int, int], ...]]:
    """The rows of samples of such tables, and the headings of columns in which none has a figure.

    >>> text = "项目　东堡乡　西堡乡" + chr(10) + "走访　31　20" + chr(10) + "采血　60　0"
    >>> (row,), (empty,) = across(text)
    >>> [text[slice(*head)] for head in row.heads], text[slice(*empty)]
    (['东堡乡'], '西堡乡')
    """
    rows: list[Columns] = []
    empty: list[tuple[int, int]] = []
    for head, body in _blocks(copy):
        told = [row for row in body if _of_samples(copy[slice(*row[0])])]
        filled: set[tuple[int, int]] = set()
        for row in told:
            heads = [at for at, cell in zip(head[1:], row[1:], strict=True) if not NONE.fullmatch(copy, *cell)]
            filled.update(heads)
            rows.append(Columns(row[0][0], tuple(heads)))
        empty += [at for at in head[1:] if told and at not in filled]
    return tuple(rows), tuple(empty)


Cells = list[tuple[int, int]]


def _blocks(copy: str) -> Iterator[tuple[Cells, list[Cells]]]:
    """Heading rows without a figure, each with the rows below of as many cells, figures in all but the first."""
    head: Cells = []
    body: list[Cells] = []
    for line in LINE.finditer(copy):
        cells = [cell.span() for cell in CELL.finditer(copy, *line.span())]
        if head and len(cells) == len(head) and all(VALUE.fullmatch(copy, *cell) for cell in cells[1:]):
            body.append(cells)
            continue
        if body:
            yield head, body
        head, body = (cells if len(cells) > 2 and not DIGIT.search(line[0]) else []), []
    if body:
        yield head, body


def _of_samples(name: str) -> bool:
    """Whether the first cell of a row says that its figures are of samples taken."""
    return (SAMPLES.search(name) or TAKEN.search(name)) is not None and not NOT_TAKEN.search(name)


def tables(copy: str) -> Table:
    """What the tables of a text say of their rows' first cells.

    >>> text = "村名　应采　已采" + chr(10) + "富川　60　41" + chr(10) + "箐头　38　0" + chr(10) + "合计　98　41"
    >>> [text[v.start : v.end] for v in tables(text).villages]
    ['富川']
    """
    if copy.count("\n") < 2:
        return Table((), ())
    villages: list[Mention] = []
    empty = list(across(copy)[1])
    read: dict[tuple[bool, tuple[int, ...]], int] = {}
    for head in HEAD.finditer(copy):
        of_villages = VILLAGE_HEAD.match(head[0]) is not None
        heads = CELLS.split(head[0].strip())
        columns, form = _taken_columns(heads), DATED_ROW if heads[0] in DAYS else ROW
        # a row that looks like a heading tells of the rows below it nothing that the heading above has not told
        if head.end() < read.get((of_villages, columns), 0):
            continue
        at = head.end() + 1
        while (row := form.match(copy, at)) is not None:
            at = row.end() + 1
            if SUM.match(row["name"]) or row["cells"].startswith("计"):
                continue
            if columns and _nothing_taken(row["cells"], columns):
                empty.append(row.span())
            elif BODY.search(row["name"]):
                continue
            elif (
                of_villages
                and not (form is DATED_ROW and NO_VILLAGE.search(row["name"]))
                and not row["name"].endswith(("村", "社区", "嘎查", "居委会"))
            ):
                villages.append(Mention(row.start("name"), row.end("name"), village=True))
        read[of_villages, columns] = at
    return Table(tuple(villages), tuple(empty))


def _nothing_taken(told: str, columns: tuple[int, ...]) -> bool:
    """Whether a row has nothing in its columns of samples, or in place of figures says why (整体搬迁，不列入)."""
    cells = CELLS.split(told.strip())
    if not FIGURE.search(told):
        return NO_FIGURE.search(told) is not None
    held = [cells[column - 1] for column in columns if column <= len(cells)]
    return bool(held) and all(NONE.fullmatch(cell) for cell in held)


def _taken_columns(heads: list[str]) -> tuple[int, ...]:
    """How many columns after the unit's the figures of what was taken stand: 本周采样, 累计采样."""
    if heads and heads[0] in FIRST:
        heads = heads[1:]
    if len(heads) > 1 and heads[0].endswith("村") and heads[1] in ("名", "名称"):
        heads = [heads[0] + heads[1], *heads[2:]]
    told = [(i, head.split("/")[0]) for i, head in enumerate(heads) if i and TAKEN.search(head)]
    return tuple(i for i, head in told if not NOT_TAKEN.search(head))
