"""Kinds of columns that only those beside them tell: parts of a whole, tasks as changed, peoples of a study."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.language.counts.words import words
from pipeline.language.tables.amounts import cell_numerals
from pipeline.language.tables.fitting import SUM, Part, figure
from pipeline.language.tables.grids import Grid
from pipeline.patterns import Pattern
from pipeline.records import CountKind

# The other things taken from a body or recorded of it: a rate beside them is one of all.
OTHER_TRAITS = Pattern(r"指纹|掌纹|足迹|人像|虹膜|声纹|步态|血型|照片|手机")
# 其中：男, behind what was taken in all.
PART = Pattern(
    r"其中[:：]?(?:男|女|适龄|成年|外出|在[家外校岗]|[本当][周月日]|新增|补采)\p{Han}{0,3}|(?:男|女)[性生]?(?:人数|数)?"
)
AMONG, UNIT_NAMED = Pattern(r"其中[:：]?"), Pattern(r"(?:人数|数)?[（(][人份名张例][）)]$|人数$")
# 原任务 900份, 调整后 760份: the task as it was and as it is now.
CHANGED = Pattern(
    r"(?:任务|指标)?(?:调整|调[增减]|核[减增定]|压减|追加|增补|变更|修订)(?:之?[前后]|为)(?:任务|指标)?数?"
    r"(?:[（(][份人例名张][）)])?"
)
# 累计入库 beside 累计采样: what the bank holds, told apart from what was taken.
HELD_IN_ALL = Pattern(
    r"(?:(?:累计|已)入库(?:总?[数量]|份数)?|入库(?:累计|总[数量]))(?:[（(](?:[份人例条]|\d{1,2}月\d{1,2}日|年[末底])[）)])*"
)
TAKEN_IN_ALL = Pattern(r"采|血样")
# 在册 beside 见面: people on file who were to be met, no list of those to be sampled.
ON_FILE, MET = Pattern(r"在册|在籍|在档|列管"), Pattern(r"见面|走访|访谈|谈话|核查|到访")
# A study's columns of peoples (回族, 撒拉族), in a table of the places where they were sampled.
A_PEOPLE = Pattern(r"(?!民族)\p{Han}{1,5}族(?:[（(][份人例][）)])?")
WHERE = Pattern(r"地[点区]|采[集样]点|[县市州乡镇村]|批次|时间|日期|年度?")
# 采集 34, 纳入 29: those of the sampled that a study keeps.
KEPT = Pattern(
    r"(?:最终|实际)?(?:纳入|入选|入组)(?:分析|研究|统计)?(?:样本)?(?:数|人数|例数)?(?:[（(][份人例名][）)])?"
)
# So many rows whose parts come to their whole are no accident.
FEWEST_SUMS = 2


def told_beside(grid: Grid, kinds: Sequence[CountKind | None], *, topical: bool, study: bool) -> list[CountKind | None]:
    """The same kinds of columns with those that the columns beside them tell.

    `topical`: the table is about samples; `study`: of a case or a study rather than of a population.
    """
    told = list(kinds)
    for column, name in enumerate(grid.names[1:], 1):
        if told[column] is None and told[column - 1] in ("samples", "target") and _is_part(grid, column, name):
            told[column] = told[column - 1]
        if study and told[column] is None and told[column - 1] == "samples" and KEPT.fullmatch(name):
            told[column] = "samples" if _no_greater(grid, column) else None
    told = _with_addends(grid, told)
    if not topical:
        return told
    if study and not any(told):
        return _of_peoples(grid, told)
    changed = [CHANGED.fullmatch(name) is not None for name in grid.names]
    if "target" in told or sum(changed) > 1:
        told = ["target" if own and kind is None else kind for own, kind in zip(changed, told, strict=True)]
    if any(MET.search(name) for name in grid.names):
        told = [None if ON_FILE.search(name) else kind for name, kind in zip(grid.names, told, strict=True)]
    return _banked(grid, told)


def _of_peoples(grid: Grid, kinds: list[CountKind | None]) -> list[CountKind | None]:
    filled = [any(row[column] and value_of(row[column]) for row in grid.rows) for column in range(len(grid.names))]
    peoples = [own and A_PEOPLE.fullmatch(name) is not None for own, name in zip(filled, grid.names, strict=True)]
    if not any(peoples) or WHERE.search(grid.names[0]) is None:
        return kinds
    return ["samples" if own or SUM.fullmatch(name) else None for own, name in zip(peoples, grid.names, strict=True)]


def _banked(grid: Grid, kinds: list[CountKind | None]) -> list[CountKind | None]:
    """The same with 累计入库 as a bank's size, where another column has what was taken."""
    held = [kind == "samples" and bool(HELD_IN_ALL.fullmatch(n)) for kind, n in zip(kinds, grid.names, strict=True)]
    rest = zip(kinds, grid.names, held, strict=True)
    taken = any(kind == "samples" and not own and TAKEN_IN_ALL.search(name) for kind, name, own in rest)
    return ["database" if own and taken else kind for own, kind in zip(held, kinds, strict=True)]


def _is_part(grid: Grid, column: int, name: str) -> bool:
    """Whether a column has those of the one before that are of one sort: 其中：男, 其中父母 over no greater figures."""
    if PART.fullmatch(name):
        return True
    people = words()["part_people"].fullmatch(AMONG.sub("", UNIT_NAMED.sub("", name)))
    if people is None or AMONG.match(name) is None:
        return False
    return _no_greater(grid, column)


def _no_greater(grid: Grid, column: int) -> bool:
    """Whether no figure of a column is greater than that of the column before."""
    both = [(value_of(row[column - 1]), value_of(row[column])) for row in grid.rows]
    return all(part <= whole for whole, part in both if whole is not None and part is not None)


def _with_addends(grid: Grid, kinds: list[CountKind | None]) -> list[CountKind | None]:
    """The same with columns side by side that, row by row, add up to one beside them: 任务, 一阶段, 二阶段."""
    values = [[value_of(row[column]) for row in grid.rows] for column in range(len(grid.names))]
    told = list(kinds)
    others = [bool(OTHER_TRAITS.search(name) or words()["other"].search(name)) for name in grid.names]
    for whole, kind in enumerate(kinds):
        if kind not in ("samples", "target"):
            continue
        for run in _runs_beside(whole, [own is not None or other for own, other in zip(told, others, strict=True)]):
            if _add_up(values[whole], [values[column] for column in run]):
                told = [kind if column in run else own for column, own in enumerate(told)]
                break
    return told


def _runs_beside(whole: int, taken: Sequence[bool]) -> Iterator[range]:
    """Columns side by side, two or more, none of them taken, that begin right behind a column or end right before."""
    end = next((i for i in range(whole + 1, len(taken)) if taken[i]), len(taken))
    yield from (range(whole + 1, stop) for stop in range(whole + 3, end + 1))
    begin = next((i for i in range(whole - 1, -1, -1) if taken[i]), -1) + 1
    yield from (range(start, whole) for start in range(whole - 2, begin - 1, -1))


def _add_up(wholes: Sequence[float | None], parts: Sequence[Sequence[float | None]]) -> bool:
    """Whether the parts of each row come to its whole, in rows enough to be no accident."""
    rows = [(whole, *row) for whole, *row in zip(wholes, *parts, strict=True) if whole]
    full = [row for row in rows if None not in row[1:]]
    sums = all(sum(part or 0 for part in row[1:]) == row[0] for row in rows)
    return sums and len(full) >= FEWEST_SUMS


def value_of(part: Part | None) -> float | None:
    """The number of a cell that holds one."""
    numerals = cell_numerals(part.text) if part and figure(part.text) else []
    return numerals[0].value if numerals else None
