"""The ledger: for every number of the report the posts and words behind it, under an anchor the number links to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.findings.counting import Total
from pipeline.findings.figures import Figure

QUOTE = 90  # most characters of a quotation


@dataclass(frozen=True)
class Item:
    """One post behind a number: its number in the report, and the words (none where the post as a whole counts)."""

    source: int
    words: str = ""
    figure: str | None = None  # anchor of the figure, where it is a count
    why: str = ""  # why it was left out; empty where it was used


@dataclass
class Basis:
    """All that is behind one number."""

    key: str
    title: str
    items: list[Item]
    left_out: list[Item] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)
    told_inside: int = 0  # further figures left out, told at the places inside


@dataclass(frozen=True)
class Cell:
    """A cell of a table: what it says, and the anchor of its basis. None is shown as a dash."""

    value: str | int | float | None
    basis: str | None = None


@dataclass
class Table:
    """A table of the report: `name` is the name of its CSV file; rows are as long as the columns."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    note: str = ""
    chart: str = ""  # SVG


class Ledger:
    """Collects bases and gives them anchors."""

    def __init__(self) -> None:
        self.bases: dict[str, Basis] = {}

    def posts(self, key: str, title: str, items: Iterable[Item]) -> Cell:
        """A cell with the number of posts behind it."""
        items = list(items)
        self.bases[key] = Basis(key, title, items)
        return Cell(len({item.source for item in items}), key)

    def total(self, key: str, total: Total) -> str:
        """Anchor of what a total rests on."""
        if key not in self.bases:
            # What was left out inside a county is told there; repeated upwards it would be most of a large report.
            told = [left for left in total.left_out if len(total.unit) > 2 or left.figure.unit == total.unit]
            self.bases[key] = Basis(
                key,
                f"Samples in {total.unit.english()}",
                [item(figure) for figure in total.used],
                [item(left.figure, left.why) for left in told],
                list(dict.fromkeys(total.contradictions)),
                len(total.left_out) - len(told),
            )
        return key


def item(figure: Figure, why: str = "") -> Item:
    """A figure as an item of a basis, with its words in their sentence."""
    before = figure.before.rpartition("。")[2].rpartition("\n")[2][-40:]
    after = figure.after.partition("。")[0].partition("\n")[0][:20]
    return Item(figure.source, f"{before}【{figure.count.text}】{after}", figure.key, why)
