"""Cells of a table's rows put under its columns, whatever blanks have torn apart or lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations, pairwise
from math import comb
from typing import NamedTuple

import regex

from pipeline.patterns import Pattern

BAR = Pattern(r"[\t|｜]")
BEGINS = r"\s*(?:[≥≤>约近]|不少于|不低于)?\s*"
DIGIT = Pattern(BEGINS + r"\d")
# 五百 in a cell of its own
HAN_FIGURE = Pattern(r"[约近]?[零〇一二两三四五六七八九十百千万]{2,9}[余多]?[份人名例张]?")
NOTHING = Pattern(r"\s*(?:[-—－/–]+|无|缺)?\s*")
PERCENT = Pattern(BEGINS + r"[\d.,]+\s*%")
DAY = Pattern(r"\s*(?:\d{2,4}年)?\d{1,2}(?:月|日|[.:/-]\d|[—~至-]+\d+日)")
YEAR_NAMED = Pattern(r"((?:19|20)\d\d)年")
A_MONTH, A_DAY = (
    rf"(?:{figures}|[一二三四五六七八九十]{{1,3}})" for figures in (r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12]\d|0?[1-9])")
)
WEEKDAY = Pattern(r"(?:周|星期|礼拜)([一二三四五六日天])")
# A column or row named for a time and nothing else: 7月份, 1-7月, 9月1日至7日, 8.29-9.4, 上旬, 周一, 2016年, 下半年,
# 截至7月9日, 7月9日止.
TO = r"\s*[-—－–~～至到]\s*"
TIME = Pattern(
    rf"\s*(?:截[至止]到?)?(?:(?:(?:19|20)?\d\d年(?:度|底|末)?)?(?:(?:{A_MONTH}月?{TO})?{A_MONTH}月(?:份|底|末|初)?"
    rf"(?:[上中下]旬|{A_DAY}[日号](?:{TO}(?:{A_MONTH}月)?{A_DAY}[日号])?)?|第?[一二三四1-4]季度|[上下]半年|全年|[上中下]旬)"
    rf"|(?:19|20)\d\d年(?:度|底|末)?|{A_DAY}[日号]?(?:{TO}{A_DAY})?[日号]|{WEEKDAY.pattern}|第[\d一二三四五六七八九十]{{1,3}}[批期次轮周天]"
    rf"|\d{{1,2}}\.\d{{1,2}}{TO}(?:\d{{1,2}}\.)?\d{{1,2}})(?:为?止|累计)?\s*"
)
# 7月采集数: a time and what was counted then.
COUNTED_THEN = Pattern(
    rf"{TIME.pattern}(?!.*[前限])(?=.*(?:采|样|血|任务|完成|计划|目标|数|新增|累计|入库|录入|[合小]计|进度))[\p{{Han}}DNA]{{1,8}}(?:[（(][\p{{Han}}%]+[）)])?"
)
SUM = Pattern(r"(.*?)(?:[合总共小]\s*计|总\s*数|(?:^|(?<=[季月年周旬日度]))计$)")
TEXT_HEADING = Pattern(
    r"备注|说明|责任|领导|干部|民警|护士|医生|带队|负责|牵头|单位|乡|镇|村|县|区|所|地点|名称|姓名|日期|时间|原因|情况"
)
NUMBERED = Pattern(r"序号|编号|名次|排名|户|人口")
# 3 400, and 小 计: what blanks tear apart.
LEADING_DIGITS, THREE_DIGITS = Pattern(r"\d{1,3}"), Pattern(r"\d{3}\p{Han}?")
AMOUNT, BETWEEN_DIGITS = Pattern(r"\d[\d,， ]*(?:\.\d+)?"), Pattern(r"[,， ]")
# A figure that its column comes to belongs there, whatever else stands in the column.
SUM_WEIGHS = 10
PART_OF_NUMBER = Pattern(r"0\d\d.*")
ONE_LETTER = Pattern(r"\p{Han}")
# A row of more possible fits than this is left out.
MOST_FITS = 5000
MOST_JOININGS = 200


class Part(NamedTuple):
    """The text of a cell, and where it stands."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the cell ends."""
        return self.start + len(self.text)


# 12月31日库容（份）
DAY_HEADING = Pattern(r"\d{1,2}月(?:\d{1,2}日)?\p{Han}{1,12}(?:[（(][^（）()]{0,8}[）)])?")


def figure(cell: str) -> bool:
    """Whether a cell holds a figure, and no year, month or day, as headings do."""
    if HAN_FIGURE.fullmatch(cell):
        return True
    if DIGIT.match(cell) is None or names_time(cell) or DAY_HEADING.fullmatch(cell):
        return False
    return COUNTED_THEN.fullmatch(cell) is None


def names_time(name: str) -> bool:
    """Whether a column or a row is named for a time: a year, whatever follows it, or another time alone."""
    return YEAR_NAMED.match(name) is not None or TIME.fullmatch(name) is not None


def fitted(rows: Sequence[Sequence[Part]], names: Sequence[str], copy: str) -> list[list[Part | None]]:
    """Each row with one cell, or None, for each column."""
    width = len(names)
    if not BAR.search(copy, rows[0][0].start, rows[0][-1].end):
        rows = _rejoined(rows, names, copy)
    types = _types([row for row in rows if len(row) == width], names)
    placed = [None if _is_total(row) and len(row) < width else _in_columns(row, types) for row in rows]
    sums = _sums([cells for cells, row in zip(placed, rows, strict=True) if cells and not _is_total(row)], width)
    return [cells or _placed(row, types, sums) for cells, row in zip(placed, rows, strict=True)]


def _in_columns(row: Sequence[Part], types: str) -> list[Part | None]:
    if len(row) == len(types):
        return list(row)
    if len(row) > len(types):
        return list(row[: len(types)]) if types[-1] in "t?" else [None] * len(types)
    return _placed(row, types, [])


def _is_total(row: Sequence[Part]) -> bool:
    return bool(row) and SUM.match(row[0].text) is not None


def _sums(rows: Sequence[Sequence[Part | None]], width: int) -> list[float]:
    """What each column comes to."""
    return [sum(_amount(row[column]) for row in rows) for column in range(width)]


def _amount(part: Part | None) -> float:
    """The number of a cell, 0 for none."""
    told = AMOUNT.match(part.text) if part else None
    return float(BETWEEN_DIGITS.sub("", told[0])) if told else 0.0


def _rejoined(rows: Sequence[Sequence[Part]], names: Sequence[str], copy: str) -> list[Sequence[Part]]:
    """The rows, those of too many cells with those as one that blanks tore apart: in the only way that fits, or in
    that which joins the columns that other rows join."""
    types = _types([], names)
    fits = [_joinings(row, len(names), types, copy) if len(row) > len(names) else {} for row in rows]
    known = Counter(column for own in fits if len(own) == 1 for columns in own for column in columns)
    joined = list[Sequence[Part]]()
    for row, own in zip(rows, fits, strict=True):
        met = {columns: sum(known[column] for column in columns) for columns in own}
        best = [cells for columns, cells in own.items() if met[columns] == max(met.values())]
        joined.append(best[0] if len(best) == 1 else row)
    return joined


def _joinings(row: Sequence[Part], width: int, types: str, copy: str) -> dict[tuple[int, ...], list[Part]]:
    """Every way to make a row `width` cells wide by joining what blanks may have torn apart, by the columns joined."""
    breaks = [at for at in range(len(row) - 1) if torn(row[at].text, row[at + 1].text)]
    surplus = len(row) - width
    ways = dict[tuple[int, ...], list[Part]]()
    if surplus > len(breaks) or comb(len(breaks), surplus) > MOST_JOININGS:
        return ways
    for chosen in combinations(breaks, surplus):
        if any(b - a == 1 for a, b in pairwise(chosen)):
            continue
        own = [
            Part(copy[part.start : row[at + 1].end], part.start) if at in chosen else part
            for at, part in enumerate(row)
            if at - 1 not in chosen
        ]
        if any(PART_OF_NUMBER.fullmatch(part.text) for part in own):
            continue
        told = [type_of(part.text) for part in own]
        if all(mine == "?" or (kind == "p") == (mine == "p") for kind, mine in zip(types, told, strict=True)):
            ways[tuple(at - i for i, at in enumerate(chosen))] = own
    return ways


def shown_width(row: Sequence[Part], least: int) -> int:
    """How many columns a row shows, of the `least` that its heading has: its cells without what a blank tore apart."""
    parts = sum(torn(a.text, b.text) for a, b in pairwise(row)) if len(row) > least else 0
    return max(min(len(row), least), len(row) - parts)


def torn(left: str, right: str) -> bool:
    """Whether two cells may be one that a blank tore apart."""
    thousands = LEADING_DIGITS.fullmatch(left) and THREE_DIGITS.fullmatch(right)
    return bool(thousands or (ONE_LETTER.fullmatch(left) and ONE_LETTER.fullmatch(right)))


def _types(rows: Sequence[Sequence[Part]], names: Sequence[str]) -> str:
    """A letter for each column: number, percentage, day, text or anything (?)."""
    types = ""
    for column, name in enumerate(names):
        own = [letter for row in rows if (letter := type_of(row[column].text)) != "?"]
        if own:
            types += max(sorted(set(own)), key=own.count)
        else:
            share = regex.search("率|比例|占比|%", name)
            text = TEXT_HEADING.search(name) and not NUMBERED.search(name) and not regex.search("数|采|任务", name)
            types += "p" if share else "t" if text or not column else "?" if rows else "n"
    return types


def type_of(cell: str) -> str:
    """What a cell holds: n number, p percentage, d day, t text, ? nothing."""
    if NOTHING.fullmatch(cell):
        return "?"
    if PERCENT.match(cell):
        return "p"
    if DAY.match(cell):
        return "d"
    return "n" if DIGIT.match(cell) or HAN_FIGURE.fullmatch(cell) else "t"


def _placed(row: Sequence[Part], types: str, sums: Sequence[float]) -> list[Part | None]:
    """A row that lost cells, each under the only column it can belong to; a line of `sums` begins with its name."""
    own = [type_of(part.text) for part in row]
    none: list[Part | None] = [None] * len(types)
    if comb(len(types), len(row)) > MOST_FITS:
        return none
    fits: list[tuple[int, tuple[int, ...]]] = []
    total = _is_total(row)
    amounts = [_amount(part) for part in row] if sums else []
    for columns in combinations(range(len(types)), len(row)):
        if total and columns[0]:
            continue
        pairs = [(own[i], types[column]) for i, column in enumerate(columns)]
        if all(mine in (column, "t", "?") or column == "?" or {mine, column} == {"d", "n"} for mine, column in pairs):
            met = (
                sum(amount > 0 and amount == sums[c] for amount, c in zip(amounts, columns, strict=True)) if sums else 0
            )
            fits.append((sum(mine == column for mine, column in pairs) + SUM_WEIGHS * met, columns))
    best = max((score for score, _ in fits), default=-1)
    for i, part in enumerate(row):
        where = {columns[i] for score, columns in fits if score == best}
        if len(where) == 1:
            none[where.pop()] = part
    return none
