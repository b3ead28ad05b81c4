"""Figures that arithmetic tells: parts that come to a count, and what counts side by side come to.

采血48人：甲所25人，乙所14人，丙所9人; 一班31人，二班27人，共采血样58份; 甲组120例，乙组90例。结果　210例中…. That
figures come to another exactly is no accident where they follow one another in one unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

from pipeline.language.counts.numerals import Numeral, find_numerals
from pipeline.language.counts.setting import PEOPLE_UNITS, SAMPLE_UNITS
from pipeline.language.counts.words import words
from pipeline.language.sentences import SENTENCE_END, sentence_bounds
from pipeline.language.spans import holding
from pipeline.patterns import Pattern
from pipeline.records import Count, CountKind

# Parts that are told of a count, and yet are no samples: what became of them, and those that were not taken.
OTHERWISE = Pattern(
    r"未|没|拒|退|废|缺|漏|不|差|错|重复|合格|送检|入库|录入|上传|检[出验测]|比[中对]|成功|失败|民警|辅警|医生|护士|医护|干部|志愿者"
    r"|指纹|掌纹|人像|虹膜|照片|声纹|嫌疑|抓获|走访|发放|登记|办理|核[查对实]|确认|认领|安置|移交"
    r"|警力|出动|协管|工作人员|队员|教育|宣传|参会|参训|培训|盘[查问]|检查|清查|慰问|服务|救助|旅客|车主|司机|劝|调解|帮扶"
)
# What is said before a sum that no label tells: 共58份, 结果：210例.
SUMS = Pattern(r"[共计总]|结果|[:：]\s*$")

# Of a task, those who have been sampled, and those who are left.
MET = Pattern(r"[采取抽扎收]|已|完成|[来到]了?$|实到|尚|剩|余|欠")
OWED = Pattern(r"待|须|需|将|还|尚|剩|余|欠|应|拟|计划|任务")
OTHER_KIND: dict[CountKind, CountKind] = {"target": "samples", "samples": "target"}
AMONG = Pattern(r"其中|含|包括")
# A figure that stands for nobody: 每人, 第3名, 平均.
NO_FIGURE = Pattern(r"(?:(?:每|第|均|各|增[加长]?|减少?|多|少)(?:出|了)*|比\p{Han}{0,6})$")
# ，其中东坪村310人、西坪村275人: names and nothing else.
FIRST_NAMED, NEXT_NAMED = (
    Pattern(rf"{lead}[\p{{Han}}（）()]{{2,16}}") for lead in ("[，（(]其中有?[:：]?", "[、，；]")
)
CLAUSE = Pattern(r"[，。；：、！？\s（）()\d]")
ITEMS = Pattern(r"[；;。\n]")
# The words before a figure that tell what it is, and those behind, in characters.
BEFORE, BEHIND = 16, 8
# Parts are told this near before or behind their whole, in characters.
REACH = 400
FEWEST, FEWEST_ITEMS, MOST = 2, 3, 40
# One task of a part of what was taken would be told as such.
FEWEST_LISTED: dict[CountKind, int] = {"target": 2, "samples": 1}
# Items may begin so many lines below the whole.
MOST_SKIPPED = 3
# Smaller sums come about by accident.
SMALLEST = 10
# The figures of a post that are looked at.
MOST_FIGURES = 2000


class _Line(NamedTuple):
    """The figures of people and sheets of a post, outside its tables, and the counts that stand at them."""

    copy: str
    figures: Sequence[Numeral]
    counts: dict[int, Count]

    def kinds(self, own: Iterable[Numeral]) -> set[CountKind | None]:
        """The kinds of the counts at some figures; None for those that count nothing yet."""
        return {count.kind if (count := self.counts.get(one.start)) else None for one in own}


def with_parts(
    copy: str,
    counts: Sequence[Count],
    covered: Sequence[tuple[int, int]],
    count_at: Callable[[Numeral, CountKind], Count],
) -> list[Count]:
    """The counts, with the parts that come to one of them and what several come to; tables are `covered`."""
    told = {c.start: c for c in counts if c.start is not None and c.kind in ("samples", "target")}
    if not told:
        return list(counts)
    held = holding(list(covered))
    units = SAMPLE_UNITS | PEOPLE_UNITS
    every = (n for n in _numerals(copy) if n.kind == "number" and n.unit in units)
    figures = [n for n in every if not held(n.start) and not NO_FIGURE.search(copy, max(0, n.start - BEFORE), n.start)]
    line = _Line(copy, figures[:MOST_FIGURES], told)
    again: dict[int | None, Count] = {count.start: count for count in counts}
    for at, figure in enumerate(line.figures):
        whole = line.counts.get(figure.start)
        if whole is None:
            parts = _summed(line, at)
            if parts:
                first = line.counts[parts[0].start]
                made = count_at(figure, first.kind)
                again[figure.start] = made.model_copy(
                    update={"as_of": made.as_of or first.as_of, "score": min_score(line.counts[p.start] for p in parts)}
                )
            continue
        summed = _summed(line, at) if whole.kind == "samples" else []
        if summed and line.kinds(summed) == {"target"} and MET.search(_left(copy, figure)):
            # 东片146人，西片110人，南片68人，到5日合计采了324人
            as_whole = {"kind": whole.kind, "as_of": whole.as_of}
            again |= {part.start: line.counts[part.start].model_copy(update=as_whole) for part in summed}
            continue
        if summed and line.kinds(summed) == {"target"}:  # 20日七年级73人，21日八年级58人。两天合计131人
            again[figure.start] = whole.model_copy(update={"kind": "target", "as_of": _last_due(line, summed)})
            continue
        for part in _parts(line, at, whole):
            told_already = line.counts.get(part.start)
            if told_already is not None and told_already.kind == whole.kind:
                dated = told_already.as_of or whole.as_of
                again[part.start] = again[part.start].model_copy(update={"as_of": dated})
                continue
            made = count_at(part, whole.kind)
            again[part.start] = made.model_copy(update={"as_of": made.as_of or whole.as_of, "score": whole.score})
    return list(again.values())


def _last_due(line: _Line, parts: Iterable[Numeral]) -> str | None:
    """The last of the days by which parts are due."""
    return max((due for part in parts if (due := line.counts[part.start].as_of)), default=None)


def _numerals(copy: str) -> Iterator[Numeral]:
    """The numbers of a post, read sentence by sentence as the rules before have read them."""
    for start, end in sentence_bounds(copy):
        for at in find_numerals(copy[start:end], counting=True):
            first, last = at.digits
            yield replace(at, start=at.start + start, end=at.end + start, digits=(first + start, last + start))


def min_score(counts: Iterable[Count]) -> float | None:
    """The least of the scores of counts, where they have any."""
    return min((count.score for count in counts if count.score is not None), default=None)


def _parts(line: _Line, at: int, whole: Count) -> list[Numeral]:
    """The figures, none of them told yet, that come to the whole that stands at a figure."""
    if whole.value < SMALLEST or whole.upper is not None:
        return []
    for run in (_behind(line, at), _before(line, at)):
        parts = _coming_to(run, whole.value, FEWEST)
        if parts and line.kinds(parts) <= {whole.kind, None} and not _apart(line.copy, parts, whole.kind):
            return [part for part in parts if part.start not in line.counts or whole.as_of]
    listed = _enumerated(line, at, whole.kind)
    if listed and "database" not in line.kinds(listed):
        return [part for part in listed if line.kinds([part]) == {OTHER_KIND[whole.kind]}]
    for items in _items(line, at) if whole.kind == "samples" else ():
        parts = _coming_to(items, whole.value, FEWEST_ITEMS)
        told = [line.kinds([part]) == {"samples"} for part in parts]
        if sum(told) >= FEWEST and not any(_otherwise(line.copy, p) for p in parts):
            return [part for part, as_samples in zip(parts, told, strict=True) if not as_samples]
    return []


def _enumerated(line: _Line, at: int, kind: CountKind) -> list[Numeral]:
    """The parts listed by name alone right behind a whole: 任务960人，其中东坪村310人、西坪村275人，其余见附表."""
    parts, last = list[Numeral](), line.figures[at]
    for other in line.figures[at + 1 : at + 1 + MOST]:
        gap = FIRST_NAMED if not parts else NEXT_NAMED
        if other.unit != last.unit or not gap.fullmatch(line.copy, last.end, other.start):
            break
        parts.append(other)
        last = other
    whole = line.figures[at].value
    named = len(parts) >= FEWEST_LISTED[kind] and sum(part.value for part in parts) <= whole
    return parts if named and not _apart(line.copy, parts, kind) else []


def _apart(copy: str, parts: Sequence[Numeral], kind: CountKind) -> bool:
    """Whether any of the parts is of something else, or of another part: 其中 stands only before the first."""
    in_order = sorted(parts, key=lambda part: part.start)
    if any(AMONG.search(_left(copy, part)) for part in in_order[1:]):
        return True
    stage = MET if kind == "target" else OWED
    return any(stage.search(_left(copy, part)) for part in parts) or any(_otherwise(copy, part) for part in parts)


def _coming_to(run: Sequence[Numeral], whole: float, fewest: int) -> list[Numeral]:
    """The first figures of a run that come to a whole, all in one unit; none where none do."""
    for many, total in enumerate(accumulate(part.value for part in run), 1):
        if total >= whole:
            parts = list(run[:many])
            alike = len({part.unit for part in parts}) == 1 and all(part.upper is None for part in parts)
            return parts if total == whole and many >= fewest and alike else []
    return []


def _behind(line: _Line, at: int) -> list[Numeral]:
    """The figures that follow one in its sentence."""
    return list(_near(line, at, line.figures[at + 1 : at + 1 + MOST]))


def _before(line: _Line, at: int) -> list[Numeral]:
    """The figures that precede one in its sentence, the nearest first."""
    return list(_near(line, at, line.figures[max(0, at - MOST) : at][::-1]))


def _near(line: _Line, at: int, others: Sequence[Numeral]) -> Iterator[Numeral]:
    last = line.figures[at]
    for other in others:
        gap = sorted((last.end, other.start)) if other.start > last.start else sorted((other.end, last.start))
        if SENTENCE_END.search(line.copy, *gap) or abs(other.start - line.figures[at].start) > REACH:
            return
        yield other
        last = other


def _items(line: _Line, at: int) -> Iterator[list[Numeral]]:
    """The first figures of the items or lines below one, beginning with its own or with one of the next."""
    firsts, last = list[Numeral](), line.figures[at]
    for other in line.figures[at + 1 : at + 1 + MOST]:
        if other.start - line.figures[at].start > REACH:
            break
        if not firsts or ITEMS.search(line.copy, last.end, other.start):
            firsts.append(other)
        last = other
    yield from (firsts[skipped:] for skipped in range(min(len(firsts), MOST_SKIPPED)))


def _summed(line: _Line, at: int) -> list[Numeral]:
    """The counts right before a figure, all of one kind, that it is the sum of."""
    figure = line.figures[at]
    if figure.value < SMALLEST or figure.upper is not None or _otherwise(line.copy, figure, behind=False):
        return []
    if not SUMS.search(line.copy, max(0, figure.start - BEFORE), figure.start):
        return []
    run = list[Numeral]()
    for other in line.figures[max(0, at - MOST) : at][::-1]:
        if figure.start - other.start > REACH or other.start not in line.counts:
            break
        run.append(other)
    parts = _coming_to(run, figure.value, FEWEST)
    return parts if len(line.kinds(parts)) == 1 else []


def _otherwise(copy: str, part: Numeral, *, behind: bool = True) -> bool:
    """Whether a part is not of what the whole counts (退回9份, 3人未采), by the words before it, and `behind` it."""
    left = _left(copy, part)
    right = CLAUSE.split(copy[part.end : part.end + BEHIND])[0] if behind else ""
    return any(OTHERWISE.search(beside) or words()["rejected"].search(beside) for beside in (left, right))


def _left(copy: str, part: Numeral) -> str:
    return str(CLAUSE.split(copy[max(0, part.start - BEFORE) : part.start])[-1])
