"""Plans told in lines of a time, a place and a figure: 8月8日—14日　东市场　约600人; 七月 金塘镇 900份.

They have no heading that names their columns; what stands above them says that they are a plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.language.count_dates.as_of import Calendar
from pipeline.language.counts.numerals import find_numerals
from pipeline.language.dates.dates import Date
from pipeline.language.dates.days import FULL_DAY, MONTH, day_of
from pipeline.language.script import matching_copy
from pipeline.language.spans import holding
from pipeline.language.tables.columns import about_samples
from pipeline.language.tables.due import between
from pipeline.language.tables.fitting import TIME, names_time
from pipeline.language.tables.tables import Cell
from pipeline.patterns import Pattern

PLAN = Pattern(r"安排|计划|任务|日程|排期|分解|打算|预计|拟")
# Other work that is planned for days and people.
OTHERWISE = Pattern(r"培训|会议|值班|体检|核酸|接种|疫苗|宣讲|慰问|走访|巡逻|考试|面试|招聘|献血")
LINE = Pattern(
    r"\s*+(?:[（(]?\d{1,2}[.、）)]\s*)?(?P<when>[^\s，。；：:]{2,20}?)[\s：:]\s*+(?P<name>[^\s\d，。；：:][^\s，。；：:]{1,20}?)"
    r"[\s：:]\s*+(?P<figure>(?:约|预计|拟采|计划)?\s?\d[\d,]*+(?:人份|[人份名位])(?:左右|上下)?)\s*[。；;]?\s*"
)
FEWEST = 2
# A day this long before a plan's post may be one that the plan began with, in days.
BEGUN = 45
# What announces a plan is no longer, in characters.
HEAD = 60


def schedule_counts(copy: str, calendar: Calendar, covered: list[tuple[int, int]]) -> Iterator[Cell]:
    """The tasks of the plans of a matching copy outside the `covered` stretches, which theirs are put to."""
    if not calendar.mass:
        return
    held, run, above, offset = holding(list(covered)), list[tuple[int, regex.Match[str]]](), "", 0
    for line in [*copy.split("\n"), ""]:
        item = LINE.fullmatch(line) if len(line) <= 2 * HEAD and not held(offset) else None
        if item and TIME.fullmatch(item["when"]) and names_time(item["when"]):
            run.append((offset, item))
        elif line.strip() or offset >= len(copy):
            if len(run) >= FEWEST and _announced(copy, calendar, above, run[0][0]):
                yield from _tasks(run, calendar, covered)
            run, above = [], line.strip()
        offset += len(line) + 1


def _announced(copy: str, calendar: Calendar, above: str, start: int) -> bool:
    """Whether the end of the line above, or else the title, says that the lines tell what is to be sampled."""
    told = above[-HEAD:]
    said = told if PLAN.search(told) else matching_copy(calendar.context.title)
    if PLAN.search(said) is None or OTHERWISE.search(told):
        return False
    return about_samples(copy, calendar, start, start)


def _tasks(
    run: Sequence[tuple[int, regex.Match[str]]], calendar: Calendar, covered: list[tuple[int, int]]
) -> Iterator[Cell]:
    for offset, item in run:
        numeral = next(iter(find_numerals(item["figure"])), None)
        if numeral is None or not numeral.value:
            continue
        at = offset + item.start("figure")
        days = between(calendar.dates, offset, offset + item.end("when"))
        due = _end(days[-1], calendar.context.published) if days else None
        yield Cell(at + numeral.start, at + numeral.end, "target", numeral, item["name"], due)
        covered.append((offset, offset + item.end()))


def _end(day: Date, published: str | None) -> str:
    """The end of a stretch of days of a plan: one that has just begun, or one to come."""
    past, today = day_of(f"{day.iso}-28"[:FULL_DAY] if len(day.iso) == MONTH else day.iso), day_of(published)
    return day.iso if past and today and abs((today - past).days) <= BEGUN else day.coming
