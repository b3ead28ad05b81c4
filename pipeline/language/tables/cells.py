"""Which figures of tables and lists are one: not those of different rows, nor of columns for different times.

A figure told again by another table, or by the text around, is one with its cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.language.counts.once import apart
from pipeline.language.dates.days import MONTH, YEAR
from pipeline.language.tables.tables import Cell
from pipeline.records import Count


class _Row(NamedTuple):
    """Where a cell stands: its table and row; in a list, whose items are told apart by their names, no row."""

    table: int
    row: int
    place: str | None


def with_cells(told: Sequence[Count], cells: Iterable[tuple[Cell, Count]]) -> list[Count]:
    """The counts `told` outside tables, and those of the cells, without cells that say one of either again."""
    alike: dict[tuple[str, float], list[tuple[Cell, Count]]] = {}
    for cell, count in cells:
        alike.setdefault((count.kind, count.value), []).append((cell, count))
    own = {key: _once(group) for key, group in alike.items()}
    for said in told:
        group = own.get((said.kind, said.value), [])
        meant = _meant(said, group)
        if meant is not None:
            group.remove(meant)
    return [*told, *(count for group in own.values() for _, count in group)]


def _once(cells: Sequence[tuple[Cell, Count]]) -> list[tuple[Cell, Count]]:
    """Equal figures of one kind, those once that stand in one row or, of one place, in two tables."""
    kept, rows = list[tuple[Cell, Count]](), dict[_Row, list[str]]()
    # The tables that have a figure for a place and a time, and for a time and those that hold it.
    exact: dict[tuple[str | None, str], set[int]] = {}
    within: dict[tuple[str | None, str], set[int]] = {}
    for cell, count in cells:
        row, when = _Row(cell.table, cell.row, cell.place), count.as_of or ""
        stems = sorted({"", when[:YEAR], when[:MONTH], when})
        tables = [exact.get((cell.place, stem), set()) for stem in stems] + [within.get((cell.place, when), set())]
        elsewhere = any(found and found != {cell.table} for found in tables)
        again = any(when.startswith(other) or other.startswith(when) for other in rows.get(row, ()))
        if elsewhere or again:
            continue
        rows.setdefault(row, []).append(when)
        exact.setdefault((cell.place, when), set()).add(cell.table)
        for stem in stems:
            within.setdefault((cell.place, stem), set()).add(cell.table)
        kept.append((cell, count))
    return kept


def _meant(said: Count, cells: Sequence[tuple[Cell, Count]]) -> tuple[Cell, Count] | None:
    """The cell that a figure of the text says again: of its own place, else a sum, else the first that it may be."""
    may_be = [one for one in cells if not apart(said, one[1])]
    of_place = (one for one in may_be if said.place and one[1].place == said.place)
    sums = (one for one in may_be if one[0].is_sum)
    return next(of_place, None) or next(sums, None) or next(iter(may_be), None)
