"""Columns with nothing of their own: what a task lacks yet, 应采 less 已采, whatever its heading (缺口, 未到场)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.records import CountKind

# One row may come to a difference by chance; a table of fewer rows is left as it is told.
FEWEST_ROWS = 2


def remaining(rows: Sequence[Mapping[int, tuple[CountKind, float]]]) -> frozenset[int]:
    """The columns that are a task less the samples taken in every row. `rows`: kind and value by column.

    >>> sorted(remaining([{1: ("target", 120), 2: ("samples", 100), 3: ("target", 20)},
    ...                   {1: ("target", 90), 2: ("samples", 85), 3: ("target", 5)}]))
    [3]
    """
    kinds = {column: kind for row in rows for column, (kind, _) in row.items()}
    tasks = [column for column, kind in kinds.items() if kind == "target"]
    taken = [column for column, kind in kinds.items() if kind == "samples"]
    return frozenset(
        left
        for task in tasks
        for sample in taken
        for left in tasks  # 应采100、男60、女40: samples are never what another column lacks
        if left != task
        if _is_difference([row for row in rows if {task, sample, left} <= row.keys()], task, sample, left)
    )


def _is_difference(rows: Sequence[Mapping[int, tuple[CountKind, float]]], task: int, sample: int, left: int) -> bool:
    """Whether one column is another less a third in all rows that have them, the first of all telling the whole."""
    values = [(row[task][1], row[sample][1], row[left][1]) for row in rows]
    short = any(lacking for _, _, lacking in values)
    return len(values) >= FEWEST_ROWS and task < left > sample and short and all(a - b == c for a, b, c in values)
