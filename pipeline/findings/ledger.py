"""The ledger: for every number of the report the posts and words behind it, under an anchor the number links to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.findings.counting import Total
from pipeline.findings.figures import Figure
from pipeline.records import Count

QUOTE = 90  # most characters of a quotation


@dataclass(frozen=True)
class Item:
    """One post behind a number: its number in the report, and the words (none where the post as a whole counts)."""

    source: int
    words: str = ""
    figure: str | None = None  # anchor of the figure, where it is a count
    why: str = ""  # why it was left out; empty where it was used
    doubtful: bool = False


@dataclass
class Basis:
    """All that is behind one number."""

    key: str
    title: str
    items: list[Item]
    left_out: list[Item] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)
    told_inside: int = 0  # further figures left out, told at the places inside
    doubts: str = ""  # how much of the number is doubtful


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
                doubts(total),
            )
        return key


def sentence(figure: Figure) -> tuple[str, str]:
    """The words of its sentence before and after a figure, as far as they are kept."""
    return (
        figure.before.rpartition("。")[2].rpartition("\n")[2].lstrip(),
        figure.after.partition("。")[0].partition("\n")[0],
    )


def item(figure: Figure, why: str = "") -> Item:
    """A figure as an item of a basis, with its words in their sentence."""
    before, after = sentence(figure)
    words = f"{before[-40:]}【{figure.count.text}】{after[:20]}"
    return Item(figure.source, words, figure.key, why, figure.count.doubtful)


def doubt(count: Count) -> str | None:
    """The mark of a doubtful count, in words; None where it is not doubtful.

    >>> doubt(Count(text="八百人", kind="samples", value=800, qualifier="exact", score=0.6))
    'doubtful, score 0.6'
    """
    return f"doubtful, score {count.score:g}" if count.doubtful else None


def doubts(total: Total) -> str:
    """How many counts of a total are doubtful, and how much of it, in words; empty where none is."""
    if not total.doubtful:
        return ""
    return (
        f"{len(total.doubtful):,} of {len(total.used):,} counts, "
        f"{total.doubted:,.0f} of {total.value:,.0f} samples as worded"
    )
