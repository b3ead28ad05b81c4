"""What the first column of a table names: villages without their rank, and units where nothing was taken yet.

Tables reach the text with their borders lost: a heading row, then a row to each unit, cells parted by blanks.
"""

from __future__ import annotations

from typing import NamedTuple

import regex

from pipeline.language.place_mentions import Mention

BLANK = r"[ \u3000\t|｜]"
# 村名, 村（居）, 行政村, 村、社区: the first column is of villages.
VILLAGE_HEAD = regex.compile(
    rf"^{BLANK}*(?:序号{BLANK}*|编号{BLANK}*)?"
    rf"(?:(?:行政|自然)?村(?:{BLANK}?名称?|别|庄|寨|屯|队|组|社区|居委会|委会|（居）|（社区）|\(居\)|\(社区\)|居|社)?|社区名?|嘎查村?|连队)"
    rf"(?={BLANK})[^\n]*$",
    regex.M,
)
# Any heading row with a column that tells what was taken.
HEAD = regex.compile(
    rf"^{BLANK}*(?:序号{BLANK}*|编号{BLANK}*)?(?:[^\s\d]{{1,8}}?(?:村|居|名称?|所|别|）|\))"
    rf"|[^\s\d]{{0,8}}?(?:社区|单位|乡镇|街道|连队|嘎查)|村|镇|乡)(?={BLANK})[^\n]*$",
    regex.M,
)
ROW = regex.compile(rf"{BLANK}*(?:\d{{1,3}}[.、]?{BLANK}+)?(?P<name>\p{{Han}}{{1,7}}){BLANK}+(?P<cells>[^\n]*)")
SUM = regex.compile(
    r"[一二两三四五六七八九十\d]{1,3}个?(?:乡镇|[村镇乡所连队社区屯寨])计|合计|小计|总计|共计|其他|其它|其余|备注|说明|全[乡镇村县]|平均|单位|村名"
)
# A first cell that is no village.
BODY = regex.compile(
    r"人员|人口|银行|政府|机关|学校|[小中]学|单位|公司|企业|商户|寺$|卫生院|派出所|民警|[镇乡县]直|工地|市场|群众|姓$"
)
CELLS = regex.compile(rf"{BLANK}+")
# The column that tells what was taken, and what it holds where nothing was.
TAKEN = regex.compile(r"已采|实采|完成数?|采集数|入库|实到|采样|血[样卡]|已完成|收卡")
NONE = regex.compile(r"[0０○〇无未/—－-]|0份|0人|未采|未开展")


class Table(NamedTuple):
    """The villages a text's tables list, and where the rows of units without any sample lie."""

    villages: tuple[Mention, ...]
    empty: tuple[tuple[int, int], ...]


def tables(copy: str) -> Table:
    """What the tables of a text say of their rows' first cells.

    >>> text = "村名　应采　已采" + chr(10) + "富川　60　41" + chr(10) + "箐头　38　0" + chr(10) + "合计　98　41"
    >>> [text[v.start : v.end] for v in tables(text).villages]
    ['富川']
    """
    if copy.count("\n") < 2:
        return Table((), ())
    villages: list[Mention] = []
    empty: list[tuple[int, int]] = []
    read: dict[tuple[bool, int | None], int] = {}
    for head in HEAD.finditer(copy):
        of_villages = VILLAGE_HEAD.match(head[0]) is not None
        column = _taken_column(CELLS.split(head[0].strip()))
        # a row that looks like a heading tells of the rows below it nothing that the heading above has not told
        if head.end() < read.get((of_villages, column), 0):
            continue
        at = head.end() + 1
        while (row := ROW.match(copy, at)) is not None:
            at = row.end() + 1
            if SUM.match(row["name"]) or BODY.search(row["name"]) or row["cells"].startswith("计"):
                continue
            cells = CELLS.split(row["cells"].strip())
            if column is not None and column <= len(cells) and NONE.fullmatch(cells[column - 1]):
                empty.append(row.span())
            elif of_villages and not row["name"].endswith(("村", "社区", "嘎查", "居委会")):
                villages.append(Mention(row.start("name"), row.end("name"), village=True))
        read[of_villages, column] = at
    return Table(tuple(villages), tuple(empty))


def _taken_column(heads: list[str]) -> int | None:
    """How many columns after the village's the figures of what was taken stand, where one column tells."""
    if heads and heads[0] in ("序号", "编号"):
        heads = heads[1:]
    if len(heads) > 1 and heads[0].endswith("村") and heads[1] in ("名", "名称"):
        heads = [heads[0] + heads[1], *heads[2:]]
    found = [i for i, head in enumerate(heads) if i and TAKEN.search(head) and "应" not in head.split("/")[0]]
    return found[0] if found else None
