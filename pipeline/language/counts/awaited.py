"""Samples that a post says will be taken, or asks to have tested: tasks, whatever the words beside them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from pipeline.language.count_dates.as_of import Calendar
from pipeline.language.dates.days import YEAR
from pipeline.language.sentences import sentence_bounds
from pipeline.language.tables.due import between
from pipeline.patterns import Pattern
from pipeline.records import Count

# A purchase of tests asks for the samples it names, but for those that were taken before it.
BEFORE_PURCHASE = Pattern(r"已|既往|积存|盲测|现有|存量|库存|截[至止]|累计|完成|共采|采集了|采得|采到|前期|上年|去年")
PAST_YEAR = Pattern(r"(20\d\d)年[^。；需须应拟将]{0,24}(?:检验|采集|采血|送检)")
# 首批6,500份已由各所采集完毕
TAKEN_BY_NOW = Pattern(r"[^，。；\d]{0,6}(?:已由|已经?[采全交送入]|均已)")
CLAUSE_REACH = 40


def awaited(copy: str, calendar: Calendar, counts: Iterable[Count], *, tests_asked: bool) -> Iterator[Count]:
    """The counts, those of samples that the post says will be taken, or asks to have tested, as tasks."""
    bounds = sentence_bounds(copy)
    starts = [start for start, _ in bounds]
    for count in counts:
        start, end = count.start or 0, count.end or 0
        sentence = starts[bisect_right(starts, start) - 1] if starts else 0
        coming = calendar.to_come(start, end, sentence) if count.kind == "samples" else None
        if coming is None and count.kind == "samples" and count.as_of is None and calendar.mass:
            coming = calendar.announced(start, end, sentence)
        if coming is None and count.kind == "samples" and tests_asked:
            clause = copy[max(sentence, start - CLAUSE_REACH) : start]
            published, past = calendar.context.published or "", PAST_YEAR.search(clause)
            dated = _was_taken(calendar, count, sentence) or (past and past[1] < published[:YEAR])
            taken = dated or BEFORE_PURCHASE.search(clause) or TAKEN_BY_NOW.match(copy, end)
            if count.text.endswith("份") and not taken:
                coming = calendar.as_of("target", start, end, sentence)
                coming = coming or ""
        if coming is None:
            yield count
        else:
            yield count.model_copy(update={"kind": "target", "as_of": coming or None})


def _was_taken(calendar: Calendar, count: Count, sentence: int) -> bool:
    """Whether a figure's sentence names a month or a day before the post when its samples were taken."""
    published, held = calendar.context.published or "", count.as_of or ""
    told = between(calendar.dates, sentence, count.start or 0)
    return len(held) > YEAR and held < published[: len(held)] and any(d.iso == held for d in told)
