"""The cells of one line of a table: parted by tabs or bars, else by white space, else told one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import regex

from pipeline.language.tables.fitting import BAR, DIGIT, NOTHING, Part, figure, torn
from pipeline.patterns import Pattern

# 东  乡 with a blank between two letters, in a table whose cells stand further apart; but 东乡 5120 are two cells, and
# 序号 事项, 12 医保参保.
WIDE_SPACED = Pattern(r"\S+(?: (?!(?<=\p{Han} )[\d,.]+%?(?: |$))(?<!^\s*(?:序号|编号|\d{1,2}) )\S+)*")
BARRED = Pattern(r"(?<![^\t|｜])[^\t|｜]*")
# 单位、任务、完成、完成率依次为：above rows of figures.
IN_TURN = Pattern(r"(?:^|[。；：:)）])([^。；：:]*、[^。；：:]*?)(?:依次|分别)[为是]?[:：]\s*$")
# No line that names columns in turn is longer, in characters.
LONGEST_NAMES = 200
FEWEST_WIDE = 3
# 村 名, 小 计: a name that blanks stretch; 男 女 are two.
ALONE = r"[^\P{Han}男女是否有无甲乙丙丁份人户元年月日一二三四五六七八九十]"
# 户 数, 采 集 数
LONGER = r"派 +出 +所|[户人份] +数|(?:采 +[集样血]|完 +成|任 +务|血 +样|[应已实未] +采) +[数率]"
STRETCHED = Pattern(rf"(?<!\S)(?:{LONGER}|{ALONE} +(?:{ALONE}|日))(?!\S)|[^\s|｜]+")
# 8.25, 8/26: a day at the head of a column.
SHORT_DAY = Pattern(r"(1[0-2]|0?[1-9])[./-](3[01]|[12]\d|0?[1-9])")
# 合计（四所）8120: a name that stands close to the figure behind it.
GLUED = Pattern(r"(?P<name>\p{Han}{2,12}(?:[（(][^（()）\s]{1,8}[）)])?)(?P<figure>\d[\d,]*+(?:\.\d+)?%?)")


def cells_of(line: str, offset: int) -> list[Part]:
    """The cells of a line; with tabs or bars the empty ones too, but not those that a frame makes."""
    if BAR.search(line):
        framed = line.strip()[:1] in "|｜" and line.strip()[-1:] in "|｜"
        found = [Part(m[0].strip(), offset + m.start() + len(m[0]) - len(m[0].lstrip())) for m in BARRED.finditer(line)]
        return found[1:-1] if framed and len(found) > 2 else found
    told = in_turn(line)
    if told:
        return [Part(m[0], offset + told.start(1) + m.start()) for m in regex.finditer(r"[^、]+", told[1])]
    wide = list(WIDE_SPACED.finditer(line)) if "  " in line.strip() else []
    pieces = wide if len(wide) >= FEWEST_WIDE else list(STRETCHED.finditer(line))
    return [Part(m[0], offset + m.start()) for m in pieces]


def in_turn(line: str) -> regex.Match[str] | None:
    """The names of columns that a line tells one after the other."""
    if len(line) > LONGEST_NAMES or line.rstrip()[-1:] not in (":", "：") or not ("依次" in line or "分别" in line):
        return None
    return IN_TURN.search(line)


def closely_set(line: str, offset: int, parts: Sequence[Part], width: int) -> list[Part]:
    """The cells of a row that has too few, where single blanks part them, or none the name from the first figure.

    东坝镇  1620 1588  960 512 and 合计（四所）8120 7904 6655 are rows of four figures; 3 400 alone may be one.
    """
    if len(parts) >= width or BAR.search(line):
        return list(parts)
    cells = [Part(m[0], offset + m.start()) for m in STRETCHED.finditer(line)]
    glued = GLUED.fullmatch(cells[0].text) if len(cells) == width - 1 else None
    if glued:
        cells[:1] = [Part(glued["name"], cells[0].start), Part(glued["figure"], cells[0].start + glued.start("figure"))]
    whole = len(cells) == width and all(figure(cell.text) or NOTHING.fullmatch(cell.text) for cell in cells[1:])
    if not whole or figure(cells[0].text):
        return list(parts)
    close = [torn(one.text, other.text) for one, other in pairwise(cells[1:]) if other.start - one.end == 1]
    return list(parts) if close and all(close) else cells


def closely_named(copy: str, head: Sequence[Part], width: int) -> list[Part]:
    """The names of columns, where single blanks part some of them and the row below them shows that there are more.

    寺院  所在乡镇  在寺 应采 已采 above 色须寺  色须镇  312  206  206 are five.
    """
    start = head[0].start
    cells = [Part(m[0], start + m.start()) for m in STRETCHED.finditer(copy[start : head[-1].end])]
    return cells if len(cells) == width and not any(figure(cell.text) for cell in cells) else list(head)


def with_days(parts: Sequence[Part]) -> list[Part]:
    """The names of columns, those that are days one after the other in figures (镇 8.25 8.26) as days in words."""
    found = [SHORT_DAY.fullmatch(part.text) for part in parts]
    days = [(int(m[1]), int(m[2])) for m in found if m]
    if found[:1] != [None] or len(days) < 2 or any(a >= b for a, b in pairwise(days)):
        return list(parts)
    if any(DIGIT.match(part.text) for part, m in zip(parts, found, strict=True) if m is None):
        return list(parts)
    return [Part(f"{int(m[1])}月{int(m[2])}日", p.start) if m else p for p, m in zip(parts, found, strict=True)]
