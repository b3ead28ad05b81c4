"""The text cut where facts begin and end, and the boxes of the page: what the two sides of the document page show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pipeline.records import Box, Record
from pipeline.review.facts import gloss_of
from pipeline.review.reviewed import Reviewed

# Where facts overlap, the first of these gives the colour.
KINDS = ("counts", "places", "justifications", "organisations", "evidence")
KIND_NAMES = {
    "counts": "count",
    "places": "place",
    "justifications": "reason",
    "groups": "group",
    "organisations": "body",
    "evidence": "evidence",
}


@dataclass(frozen=True)
class Mark:
    """A span of the text, or of the page, that says something."""

    key: str
    kind: str
    start: int | None
    end: int | None
    page: int | None
    boxes: tuple[Box, ...]
    says: str  # in English
    gone: bool = False  # deleted by a reviewer


@dataclass(frozen=True)
class Segment:
    """A piece of text with the marks that cover it."""

    text: str
    start: int
    marks: tuple[Mark, ...]

    @property
    def kind(self) -> str:
        """The kind that gives the colour; empty for plain text."""
        held = {mark.kind for mark in self.marks if not mark.gone}
        return next((kind for kind in KINDS if kind in held), "")

    @property
    def keys(self) -> str:
        """Keys of all marks, separated by spaces."""
        return " ".join(mark.key for mark in self.marks)

    @property
    def says(self) -> str:
        """What the marks say, evidence left out: its sentences would be told over and over."""
        return "; ".join(f"{KIND_NAMES[m.kind]}: {m.says}" for m in self.marks if m.kind != "evidence" and not m.gone)


def marks_of(reviewed: Reviewed, shown: Record) -> list[Mark]:
    """Every fact, body and evidence sentence. `shown` is the masked record that the page tells of."""
    found = []
    for fact in reviewed.facts:
        value = fact.value
        if fact.kind != "groups":
            found.append(_mark(fact.key, fact.kind, value, gloss_of(fact.kind, value), fact.state == "deleted"))
    for number, body in enumerate(shown.organisations):
        found.append(_mark(f"body:{number}", "organisations", body.model_dump(), f"{body.kind}, {body.role}"))
    for number, sentence in enumerate(shown.classification.evidence):
        said = f"speaks for the label, {sentence.weight:+.2f}"
        found.append(_mark(f"evidence:{number}", "evidence", sentence.model_dump(), said))
    return found


def _mark(key: str, kind: str, value: dict[str, Any], says: str, gone: bool = False) -> Mark:
    boxes = tuple(tuple(box) for box in value.get("boxes") or ())
    # White space would end a key where keys stand in one attribute.
    return Mark("_".join(key.split()), kind, value.get("start"), value.get("end"), value.get("page"), boxes, says, gone)


def segments(text: str, marks: Sequence[Mark]) -> list[Segment]:
    """The text in pieces, each wholly inside or outside every mark.

    >>> mark = Mark("a", "counts", 2, 4, 1, (), "two")
    >>> [(s.text, s.kind) for s in segments("采血28份", [mark])]
    [('采血', ''), ('28', 'counts'), ('份', '')]
    """
    # Browsers turn these into something of another length, and offsets counted there would be wrong.
    text = text.translate({0: "\ufffd", ord("\r"): " "})
    spans = [m for m in marks if m.start is not None and m.end is not None and m.end <= len(text)]
    cuts = sorted({0, len(text), *(m.start or 0 for m in spans), *(m.end or 0 for m in spans)})
    starts: dict[int, list[Mark]] = {}
    for mark in spans:
        starts.setdefault(mark.start or 0, []).append(mark)
    found: list[Segment] = []
    open_marks: list[Mark] = []
    for start, end in pairwise(cuts):
        open_marks = [m for m in open_marks if (m.end or 0) > start] + starts.get(start, [])
        found.append(Segment(text[start:end], start, tuple(open_marks)))
    return found


def boxes_by_page(marks: Sequence[Mark]) -> dict[int, list[tuple[Mark, Box]]]:
    """What to draw on each page, evidence first so that facts lie on top."""
    found: dict[int, list[tuple[Mark, Box]]] = {}
    for mark in sorted(marks, key=lambda m: -KINDS.index(m.kind)):
        if mark.page is not None and not mark.gone:
            found.setdefault(mark.page, []).extend((mark, box) for box in mark.boxes)
    return found
