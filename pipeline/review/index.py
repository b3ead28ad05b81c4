"""The queue: one row a post, its copies folded into it, with what filters and orders need. Held in memory."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import log
from typing import Literal

from pipeline.language.glosses import LABELS_EN, gloss
from pipeline.language.places.gazetteer import load_gazetteer
from pipeline.language.script import matching_copy
from pipeline.privacy import mask, masked
from pipeline.records import Label, Record
from pipeline.review.facts import short_count

Order = Literal["likely", "uncertain", "newest", "random"]
ORDERS: dict[Order, str] = {
    "likely": "most likely first",
    "uncertain": "most uncertain first",
    "newest": "newest first",
    "random": "random",
}
SEED = "xueyang"


@dataclass(frozen=True)
class Entry:
    """One post of the queue: the earliest of its copies, and how many there are."""

    id: str
    path: str
    cluster: str
    title: str
    publisher: str
    published: str
    source_type: str
    label: Label
    score: float  # of mass_collection, by the program
    certainty: float  # of the label given
    needs_review: bool
    units: frozenset[str]  # adcodes of every county, prefecture and province it is of
    places: str
    figures: str
    search: str
    copies: tuple[tuple[str, str], ...] = ()  # id and path of the others


@dataclass(frozen=True)
class Filters:
    """What the queue shows. Empty is no filter."""

    label: str = ""
    place: str = ""
    year: str = ""
    publisher: str = ""
    source_type: str = ""
    words: str = ""
    unreviewed: bool = False


@dataclass
class Index:
    """Every post of a run directory, folded."""

    entries: tuple[Entry, ...]
    by_id: dict[str, Entry] = field(default_factory=dict)  # copies lead to the entry they are folded into
    paths: dict[str, str] = field(default_factory=dict)  # id → source.path

    @classmethod
    def of(cls, records: Iterable[Record]) -> Index:
        """Read every record once."""
        clusters: dict[str, list[Entry]] = {}
        paths: dict[str, str] = {}
        for record in records:
            if record.id not in paths:  # the same file under two names is one document
                clusters.setdefault(record.cluster, []).append(entry_of(record))
            paths.setdefault(record.id, record.source.path)
        entries = []
        by_id: dict[str, Entry] = {}
        for cluster, members in clusters.items():
            first = next((e for e in members if e.id == cluster), members[0])
            others = tuple((e.id, e.path) for e in members if e is not first)
            entry = replace(
                first, copies=others, search=" ".join(e.search for e in members) if others else first.search
            )
            entries.append(entry)
            by_id.update({e.id: entry for e in members})
        return cls(tuple(entries), by_id, paths)

    @cached_property
    def choices(self) -> dict[str, list[tuple[str, int]]]:
        """Values of each filter with the number of posts."""
        years = Counter(e.published[:4] for e in self.entries if e.published)
        publishers = Counter(e.publisher for e in self.entries if e.publisher)
        kinds = Counter(e.source_type for e in self.entries)
        units = Counter(code for e in self.entries for code in e.units)
        return {
            "year": sorted(years.items(), reverse=True),
            "publisher": publishers.most_common(200),
            "source_type": kinds.most_common(),
            "place": sorted(units.items()),
        }

    def select(
        self, filters: Filters, order: Order, labels: Mapping[str, Label], ranks: Mapping[str, float]
    ) -> list[Entry]:
        """The posts that pass, in order. `labels`: decided ones by id; `ranks`: log-odds learned, where there are."""
        found = [e for e in self.entries if _passes(e, filters, labels)]
        return sorted(found, key=lambda e: _rank(e, order, ranks))


def entry_of(record: Record) -> Entry:
    """What the queue needs of a record, private numbers masked."""
    shown, judged = masked(record), record.classification
    page = shown.document
    reasons = {j.code for j in record.justifications}
    english = [p.name_en or "" for p in record.places] + [gloss(code) for code in (*reasons, *record.groups)]
    chinese = f"{page.title or ''}\n{page.publisher or ''}\n{page.text}\n{' '.join(p.name for p in record.places)}"
    names = " ".join(dict.fromkeys((p.name_en or p.name).split(",")[0] for p in record.places))
    return Entry(
        id=record.id,
        path=mask(record.source.path),
        cluster=record.cluster,
        title=page.title or "",
        publisher=page.publisher or "",
        published=page.published or "",
        source_type=page.source_type,
        label=judged.label,
        score=judged.scores.get("mass_collection", 0.0),
        certainty=judged.scores.get(judged.label, 0.0),
        needs_review=judged.needs_review,
        units=_units(record),
        places=names,
        figures=" · ".join(short_count(c.model_dump()) for c in shown.counts[:3]),
        search=f"{matching_copy(chinese)}\n{' '.join(english)} {LABELS_EN[judged.label]}".lower(),
    )


def _passes(entry: Entry, filters: Filters, labels: Mapping[str, Label]) -> bool:
    decided = labels.get(entry.cluster)
    if filters.unreviewed and decided is not None:
        return False
    if filters.label and (decided or entry.label) != filters.label:
        return False
    if filters.year and not entry.published.startswith(filters.year):
        return False
    if filters.publisher and entry.publisher != filters.publisher:
        return False
    if filters.source_type and entry.source_type != filters.source_type:
        return False
    if filters.place and filters.place not in entry.units:
        return False
    return all(word in entry.search for word in matching_copy(filters.words).lower().split())


def _units(record: Record) -> frozenset[str]:
    gazetteer = load_gazetteer()
    codes = {place.adcode for place in record.places}
    return frozenset(unit for code in codes if code in gazetteer.rows for unit in gazetteer.lineage(code))


def log_odds(score: float) -> float:
    """Of a probability, kept within what a rounded score can tell."""
    kept = min(max(score, 5e-5), 1 - 5e-5)
    return log(kept / (1 - kept))


def random_place(document: str, seed: str = SEED) -> str:
    """Where a document stands in the random order: the same each time, and nothing to do with what it says."""
    return hashlib.sha256(f"{seed} {document}".encode()).hexdigest()


def _rank(entry: Entry, order: Order, ranks: Mapping[str, float]) -> tuple[float, str]:
    odds = ranks.get(entry.id, log_odds(entry.score))
    if order == "likely":
        return -odds, entry.path
    if order == "uncertain":
        return abs(odds), entry.path
    if order == "newest":
        digits = (entry.published.replace("-", "") + "00000000")[:8]
        return -float(digits if digits.isdigit() else 0), entry.path
    return 0.0, random_place(entry.id)


def progress(entries: Iterable[Entry], labels: Mapping[str, Label]) -> dict[str, int]:
    """How many posts are judged, how many as mass_collection, and how many wait."""
    decided = [labels.get(entry.cluster) for entry in entries]
    return {
        "all": len(decided),
        "reviewed": sum(label is not None for label in decided),
        "relevant": sum(label == "mass_collection" for label in decided),
        "waiting": sum(label is None for label in decided),
    }
