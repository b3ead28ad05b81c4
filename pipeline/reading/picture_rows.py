"""In which order recognised boxes are read: text column by column, tables row by row.

OCR finds a box for each run of characters without a wide gap: a line of text, or one cell of a table. Boxes side by
side are cells where they keep pace with each other, and lines of two columns where they do not, or where both sides
hold text. Nothing here looks at the rules drawn around cells: of a cell of three lines or more each is read by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

import regex

# All in heights of the lower of two boxes; a box is about 1.25 times as high as its font.
OVERLAP = 0.6  # of two boxes on one line, from top to bottom
LEVEL = 0.3  # what the middles of two cells of one row may be apart
CELLS_APART = 1.2  # a comma and a blank at the end of a box are less
WORDY = 7  # a line of text; cells are shorter
ALIKE = 0.6  # of the higher box: cells of one row are set in one size
AROUND = 0.4  # what the middle of a cell of two lines and that of its row may be apart
CELL_PITCH = 1.6  # from one line of a cell to its next
FARTHEST = 6.0  # between the middles of two rows of one table
MARKS = regex.compile(r"[，。；、！？,;](?!\d)")


@dataclass(frozen=True)
class Place:
    """One recognised character and its box in points."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    shade: int = 0  # 0 black to 255 white
    spaced: bool = False  # OCR read a space before it
    cell: bool = False  # it begins a cell that is not the first of its row


@dataclass(frozen=True)
class Box:
    """A run of characters, and what surrounds them all."""

    places: Sequence[Place]
    x0: float
    top: float
    x1: float
    bottom: float

    @classmethod
    def of(cls, places: Sequence[Place]) -> Box:
        """Measured on the characters."""
        tops, bottoms = [p.top for p in places], [p.bottom for p in places]
        return cls(places, min(p.x0 for p in places), min(tops), max(p.x1 for p in places), max(bottoms))

    @property
    def height(self) -> float:
        """Of one line, from top to bottom."""
        return median(place.bottom - place.top for place in self.places)

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(place.text for place in self.places)

    @property
    def middle(self) -> float:
        """Half way down."""
        return (self.top + self.bottom) / 2


Row = list[Box]  # boxes on one line, from left to right


@dataclass(frozen=True)
class Ordered:
    """A line as it is to be read; `row` where it is a row of a table, its cells marked, or one cell by itself."""

    places: Sequence[Place]
    row: bool = False


def in_order(lines: Sequence[Sequence[Place]], middle: float) -> list[Ordered]:
    """Recognised boxes as a reader takes them; `middle` is where the gutter of two columns would stand."""
    rows = _folded(_rows([Box.of(line) for line in lines]))
    return [line for block, of_cells in _blocks(rows, middle) for line in _read(block, of_cells=of_cells)]


def _rows(boxes: Sequence[Box]) -> list[Row]:
    """Boxes that stand on one line, from top to bottom. A skewed row falls a little from one box to the next."""
    rows: list[Row] = []
    for box in sorted(boxes, key=lambda box: box.middle):
        if rows and _beside(rows[-1], box):
            rows[-1].append(box)
        else:
            rows.append([box])
    return [sorted(row, key=lambda box: box.x0) for row in rows]


def _beside(row: Row, box: Box) -> bool:
    """Whether a box stands on the line of those above it, and in nobody's way."""
    last = row[-1]
    least = min(last.height, box.height)
    overlap = min(last.bottom, box.bottom) - max(last.top, box.top)
    apart = (max(other.x0, box.x0) > min(other.x1, box.x1) - LEVEL * least for other in row)
    return overlap > OVERLAP * least and all(apart)


def _folded(rows: Sequence[Row]) -> list[Row]:
    """Rows with the cells that are written on two lines, one above and one below the row's figures, put together."""
    folded: list[Row] = []
    rest = iter(range(len(rows)))
    for index in rest:
        three = rows[index : index + 3]
        if len(three) == 3 and _surround(*three):
            above, row, below = three
            cells = [Box.of([*a.places, *b.places]) for a, b in zip(above, below, strict=True)]
            folded.append(sorted([*cells, *row], key=lambda box: box.x0))
            next(rest)
            next(rest)
        else:
            folded.append(rows[index])
    return folded


def _surround(above: Row, row: Row, below: Row) -> bool:
    """Whether two lines hold the halves of cells of the row between them, which has figures and no long cells."""
    if len(above) != len(below) or not any(regex.search(r"\d", box.text) for box in row):
        return False
    height, middle = min(box.height for box in row), median(box.middle for box in row)
    halves = all(
        _share(a, b) and b.middle - a.middle < CELL_PITCH * height
        and abs((a.middle + b.middle) / 2 - middle) <= AROUND * height
        for a, b in zip(above, below, strict=True)
    )  # fmt: skip
    beside = not any(_share(box, cell) for box in (*above, *below) for cell in row)
    return halves and beside and all(cell.x1 - cell.x0 < WORDY * cell.height for cell in row)


def _share(a: Box, b: Box) -> bool:
    """Whether two boxes stand one below the other."""
    return max(a.x0, b.x0) < min(a.x1, b.x1)


def _blocks(rows: Sequence[Row], middle: float) -> Iterator[tuple[list[Row], bool]]:
    """What is read from top to bottom before the next is begun: a page, or its columns and what is between them.

    With each whether it holds single cells: figures beside names of two lines each, items of a side list. Text goes on
    from the end of one column to the next; these do not, nor from one to another.
    """
    block: list[Row] = []
    for crossed, group in groupby(rows, key=lambda row: any(box.x0 < middle < box.x1 for box in row)):
        own = list(group)
        left = [part for row in own if (part := [box for box in row if box.x1 <= middle])]
        right = [part for row in own if (part := [box for box in row if box.x0 >= middle])]
        if not crossed and len(left) > 1 and len(right) > 1 and not (_keep_pace(own, middle) and _short(left, right)):
            yield from ((block, False), (left, False), (right, not _is_marked(_boxes(right))))
            block = []
        else:
            block += own
    yield block, False


def _keep_pace(rows: Sequence[Row], middle: float) -> bool:
    """Whether most lines of one side stand level with one of the other."""
    lefts = sum(row[0].x1 <= middle for row in rows)
    rights = sum(row[-1].x0 >= middle for row in rows)
    level = sum(row[0].x1 <= middle <= row[-1].x0 and _is_level(row) for row in rows)
    return 2 * level >= max(lefts, rights)


def _is_level(row: Row) -> bool:
    """Whether the boxes of a row stand as high as each its neighbour."""
    return all(abs(a.middle - b.middle) <= LEVEL * min(a.height, b.height) for a, b in pairwise(row))


def _short(left: Sequence[Row], right: Sequence[Row]) -> bool:
    """Whether one side at least holds less than lines of text: then both hold cells."""
    return not all(_is_text(_boxes(side)) for side in (left, right))


def _boxes(rows: Sequence[Row]) -> list[Box]:
    return [box for row in rows for box in row]


def _is_text(boxes: Sequence[Box]) -> bool:
    """Whether boxes are lines of a column of text: most are long, and every third has a mark of clauses."""
    return 2 * sum(box.x1 - box.x0 >= WORDY * box.height for box in boxes) >= len(boxes) and _is_marked(boxes)


def _is_marked(boxes: Sequence[Box]) -> bool:
    marked = sum(MARKS.search(box.text) is not None for box in boxes)
    return 3 * marked >= len(boxes)


def _read(rows: Sequence[Row], *, of_cells: bool) -> Iterator[Ordered]:
    """The lines of a block: rows of cells joined where there are two near each other, else box by box."""
    for index, row in enumerate(rows):
        near = [rows[i] for i in range(max(0, index - 2), min(len(rows), index + 3)) if i != index]
        if _has_cells(row) and any(_has_cells(other) and _is_near(row, other) for other in near):
            yield Ordered([p for at, box in enumerate(row) for p in (_begun(box) if at else box.places)], row=True)
        else:
            yield from (Ordered(box.places, of_cells) for box in row)


def _has_cells(row: Row) -> bool:
    """Whether a gap as between cells parts some boxes of a row, all of one size."""
    heights = [box.height for box in row]
    apart = any(b.x0 - a.x1 > CELLS_APART * min(a.height, b.height) for a, b in pairwise(row))
    return apart and min(heights) > ALIKE * max(heights)


def _is_near(row: Row, other: Row) -> bool:
    return abs(row[0].middle - other[0].middle) < FARTHEST * min(row[0].height, other[0].height)


def _begun(box: Box) -> list[Place]:
    first, *rest = box.places
    return [replace(first, cell=True), *rest]
