"""Figures that run on as pairs under a heading that names them: 各所（应采／实采）：城关1450／1390；河东980／701。"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.language.counts.kinds import Figure
from pipeline.language.counts.numerals import find_numerals
from pipeline.language.spans import holding
from pipeline.patterns import Pattern
from pipeline.records import CountKind

HEAD = Pattern(r"[（(【](?P<first>\p{Han}{2,8})[/／](?P<second>\p{Han}{2,8})(?:[/／](?P<third>\p{Han}{2,8}))?[）)】]")
ROW = Pattern(
    r"\p{Han}{2,10}[:： ]?(?P<first>\d[\d,]*+(?: \d{3})?[人份名]?)[/／](?P<second>\d[\d,]*+(?: \d{3})?[人份名]?)"
    r"(?:[/／](?P<third>[\d.]+%?))?(?=[，；。、\s]|$)"
)
COLUMNS: tuple[tuple[Pattern, CountKind], ...] = (
    (Pattern(r"率|占比|比例"), "coverage"),
    (Pattern(r"应采|应到|任务|目标|计划|下达"), "target"),
    (Pattern(r"实采|已采|实到|采集|完成"), "samples"),
)
# A list under its heading has at least this many rows, and begins this near behind it, in characters.
FEWEST, NEAR = 2, 40


def pair_figures(copy: str, covered: Sequence[tuple[int, int]]) -> Iterator[tuple[int, Figure]]:
    """The figures of every such list of a matching copy, outside the `covered` stretches (tables), and where
    the row of each begins."""
    held = holding(covered)
    for head in HEAD.finditer(copy):
        kinds = {name: kind for name, said in head.groupdict().items() if said and (kind := _kind(said))}
        if "target" not in kinds.values() or "samples" not in kinds.values():
            continue
        rows, last = [], head.end()
        for row in ROW.finditer(copy, head.end()):
            if row.start() - last > NEAR or held(row.start()):
                break
            rows.append(row)
            last = row.end()
        if len(rows) < FEWEST:
            continue
        for row in rows:
            for name, kind in kinds.items():
                if row[name] and (numerals := find_numerals(row[name])):
                    yield row.start(), Figure(numerals[0], kind, *row.span(name))


def _kind(said: str) -> CountKind | None:
    return next((kind for pattern, kind in COLUMNS if pattern.search(said)), None)
