"""How well records agree with gold: each fact counts once a document.

A count agrees by kind and value (strictly: also upper end, qualifier and date), a place by adcode (deep: also township
and village), a reason by code (span: the quotation must also overlap the gold phrase), a group by code. Places,
reasons and groups are asked only where gold says mass_collection; counts everywhere, since a sample count invented in
a health post is as wrong as any.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

import regex

from pipeline.learning.gold import GoldCount, GoldDocument, GoldJustification, GoldPlace
from pipeline.records import Count, Justification, Place, Record

SPACE = regex.compile(r"\s+")


@dataclass
class Tally:
    """True positives, false positives and false negatives of one kind of fact."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def add(self, gold: Iterable[Hashable], found: Iterable[Hashable]) -> None:
        """Compare the facts of one document."""
        truth, guess = set(gold), set(found)
        self.tp += len(truth & guess)
        self.fp += len(guess - truth)
        self.fn += len(truth - guess)

    def scores(self) -> dict[str, float]:
        """Precision, recall and F1, with the numbers behind them."""
        precision = self.tp / (self.tp + self.fp) if self.tp + self.fp else 1.0
        recall = self.tp / (self.tp + self.fn) if self.tp + self.fn else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(f1, 4),
            "gold": self.tp + self.fn,
            "found": self.tp + self.fp,
        }


@dataclass
class Facts:
    """Tallies of every kind of fact, and of the page's own statements."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    right: dict[str, list[bool]] = field(default_factory=dict)

    def add(self, gold: GoldDocument, record: Record | None) -> None:
        """Score one document; None is a document that gave no record."""
        found = record or _EMPTY
        self._tally("counts").add(map(count_key, gold.counts), map(count_key, found.counts))
        self._tally("counts_strict").add(map(strict_key, gold.counts), map(strict_key, found.counts))
        if gold.label == "mass_collection":
            self._collection(gold, found)
        for name in ("title", "publisher", "published", "source_type"):
            if wanted := getattr(gold, name):
                got = getattr(record.document, name) if record else None
                self.right.setdefault(name, []).append(squash(got) == squash(wanted))

    def _collection(self, gold: GoldDocument, found: Record | _Nothing) -> None:
        self._tally("places").add((p.adcode for p in gold.places), (p.adcode for p in found.places))
        self._tally("places_deep").add(map(deep_place_key, gold.places), map(deep_place_key, found.places))
        reasons = self._tally("justifications")
        reasons.add((j.code for j in gold.justifications), (j.code for j in found.justifications))
        span_tally(self._tally("justification_spans"), gold.justifications, found.justifications)
        self._tally("groups").add(gold.groups, found.groups)

    def _tally(self, name: str) -> Tally:
        return self.tallies.setdefault(name, Tally())

    def scores(self) -> dict[str, dict[str, float]]:
        """Scores of each kind of fact, then accuracy of title, publisher, date and source type."""
        facts = {name: tally.scores() for name, tally in self.tallies.items()}
        pages = {name: {"accuracy": round(sum(r) / len(r), 4), "gold": len(r)} for name, r in self.right.items()}
        return facts | pages


class _Nothing:
    counts: tuple[Count, ...] = ()
    places: tuple[()] = ()
    justifications: tuple[Justification, ...] = ()
    groups: tuple[()] = ()


_EMPTY = _Nothing()


def squash(text: str | None) -> str:
    """Without white space; None is empty."""
    return str(SPACE.sub("", text or ""))


def count_key(count: Count | GoldCount) -> tuple[str, float]:
    """What makes two counts the same figure."""
    return count.kind, round(count.value, 4)


def strict_key(count: Count | GoldCount) -> tuple[Hashable, ...]:
    """The same figure with the same bounds, qualifier and date."""
    upper = None if count.upper is None else round(count.upper, 4)
    return (*count_key(count), upper, count.qualifier, count.as_of)


def deep_place_key(place: Place | GoldPlace) -> tuple[str, str, str]:
    """What makes two places the same, township and village included."""
    return place.adcode, squash(place.township), squash(place.village)


def span_tally(tally: Tally, gold: Sequence[GoldJustification], found: Sequence[Justification]) -> None:
    """Compare the reasons of one document: right is a code whose quotation overlaps the annotated one."""
    left = list(found)
    for wanted in gold:
        hit = next((f for f in left if f.code == wanted.code and overlap(f.text, wanted.text)), None)
        if hit is None:
            tally.fn += 1
        else:
            tally.tp += 1
            left.remove(hit)
    tally.fp += len(left)


def overlap(a: str, b: str) -> bool:
    """Whether one quotation holds the other, or they share four characters in a row."""
    a, b = squash(a), squash(b)
    return a in b or b in a or any(a[i : i + 4] in b for i in range(len(a) - 3))
