"""The figure of a table's cell, in the unit that its column, its row or else the table's caption names: 万份, 千人."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.language.counts.numerals import Numeral, find_numerals
from pipeline.language.tables.fitting import Part
from pipeline.language.tables.grids import Grid
from pipeline.patterns import Pattern
from pipeline.records import CountKind

ENDED = Pattern(r"$|[（(\s*※★]")
# 外周血DNA 5,200份
NAMED_CELL = Pattern(r"(?!.*(?:能力|容量))(?:\p{Han}|DNA|Y-?STR|\s){1,10}(?<!\d)")
# 1,050名成年男丁
OF_PEOPLE = Pattern(r"(?:成年|适龄|在册|户籍)?(?:男[丁性子]|居民|村民|群众|人员|学生|职工)?(?=$|[（(\s*※★])")
SHARES = Pattern("%|率|比|进[度展]")
MOST_PERCENT = 1000
SCALES = {"百": 100, "千": 1000, "万": 10_000, "十万": 100_000}
SCALE, COUNTED = r"(?P<scale>百|千|十?万)?", r"(?:[份人张例条名枚管](?:次|份)?)"
# 已采（万份）, 应采（万）, 已采（人）: a column's own unit.
OWN_UNIT = Pattern(rf"[（(]\s*(?:单位[:：]?)?\s*{SCALE}\s*{COUNTED}?\s*[）)]")
# 单位：万人, 数量单位为万份, …情况表（千份）; 金额单位：万元 is none of what is counted.
UNIT_TOLD = Pattern(rf"(?:单位(?:[:：]|[为是])?|[（(])\s*{SCALE}\s*{COUNTED}(?=\s*(?:[）)，,、；;。/|\s]|$))")
UNIT_CELL = Pattern(r"(?P<scale>百|千|十?万)[份人张例条名](?:次|份)?")
# 3.2万, 280份: a cell that has a unit of its own.
WITH_UNIT = Pattern(r"[百千万亿wW\p{Han}]")
# A caption stands in one of so many lines above a table, none of which is longer (characters).
LINES_ABOVE, CAPTION = 2, 60
# 3 400: the blank of a figure that fills a cell marks thousands.
THOUSANDS = Pattern(r"(?<=\d) (?=\d{3}(?!\d))")


def cell_numerals(cell: str) -> list[Numeral]:
    """The numbers of a cell, blanks in it being thousands marks.

    >>> [n.value for n in cell_numerals("3 400（含2份）")]
    [3400, 2]
    """
    return find_numerals(THOUSANDS.sub(",", cell))


def table_unit(copy: str, grid: Grid, title: str) -> int:
    """How many the unit of a table's figures stands for, by the lines above it, its head, the line below or the title.

    >>> grid = Grid(["县名", "已采"], [], 10, (10, 15), [])
    >>> captions = "血样（单位：万份）", "一、血样采集情况："
    >>> [table_unit(f"{caption}\\n县名 已采", grid, "血样表（千份）") for caption in captions]
    [10000, 1000]
    """
    begin = copy.rfind("\n", 0, grid.start) + 1
    above = copy[max(0, begin - (CAPTION + 1) * LINES_ABOVE) : begin].rstrip("\n").split("\n")[-LINES_ABOVE:]
    head = copy[begin : grid.head[1]].split("\n")
    end = grid.lines[-1][1] if grid.lines else grid.head[1]
    below = copy[end : end + CAPTION].lstrip("\n").partition("\n")[0]
    lines = [*reversed(above), *head, *([below] if "单位" in below else []), title]
    found = (UNIT_TOLD.search(line) for line in lines if len(line) <= CAPTION)
    told = next((one for one in found if one), None)
    return SCALES.get(told["scale"], 1) if told else 1


def row_unit(row: Sequence[Part | None]) -> int | None:
    """What the unit stands for that a cell of a table of items names (采集血样 万份 1.2); None where none does."""
    told = next((found for part in row if part and (found := UNIT_CELL.fullmatch(part.text))), None)
    return SCALES[told["scale"]] if told else None


def amount(cell: str, name: str, kind: CountKind, unit: int) -> Numeral | None:
    """The figure of a cell that holds one and, at most, a note; `unit`: that of the table, where the column has none.

    Half a sample is none: a fraction whose unit stands nowhere is left out.
    """
    numerals = cell_numerals(cell)
    if not numerals or numerals[0].value == 0:
        return None
    numeral = numerals[0]
    if (OF_PEOPLE if numeral.unit else ENDED).match(cell, numeral.end) is None:
        return None
    if numeral.start and (not numeral.unit or not NAMED_CELL.fullmatch(cell, 0, numeral.start)):
        return None
    share = numeral.kind == "percent"
    if share != (kind == "coverage") and not (kind == "coverage" and _percent(name, numeral)):
        return None
    if kind == "coverage":
        return numeral
    own = OWN_UNIT.search(name)
    scale = SCALES.get(own["scale"], 1) if own else unit
    if WITH_UNIT.search(cell, numeral.start, numeral.end) is None:
        if scale == 1 and "." in cell[numeral.start : numeral.end]:
            return None
        numeral = _times(numeral, scale)
    return numeral if float(numeral.value).is_integer() else None


def _percent(name: str, numeral: Numeral) -> bool:
    """Whether a bare number stands for a percentage: 98.5 under 完成率（%）."""
    return SHARES.search(name) is not None and not numeral.unit and numeral.value < MOST_PERCENT


def _times(numeral: Numeral, scale: int) -> Numeral:
    upper = None if numeral.upper is None else _whole(numeral.upper * scale)
    return replace(numeral, value=_whole(numeral.value * scale), upper=upper)


def _whole(value: float) -> float:
    value = round(value, 4)
    return int(value) if float(value).is_integer() else value
