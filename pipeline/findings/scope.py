"""What a report is about: a region, a stretch of time, labels, kinds of source. The rest is counted, with why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.batch.judged import Judged
from pipeline.language.places.gazetteer import load_gazetteer
from pipeline.language.script import matching_copy
from pipeline.privacy import masked
from pipeline.records import Campaign, Label, Record, SourceType

TIBET = "540000"
SAMPLING = re.compile(r"DNA|dna|血样|采血|血卡|基因|样本|指尖血|Y库")
SENTENCE = re.compile(r"[^。！？\n]+")


class BadScope(Exception):
    """A scope that cannot be; the message says why."""


@dataclass(frozen=True)
class Scope:
    """Which documents count. Regions are adcodes, none for everywhere; dates are ISO, inclusive."""

    regions: tuple[str, ...] = (TIBET,)
    since: str | None = None
    until: str | None = None
    labels: tuple[Label, ...] = ("mass_collection",)
    source_types: tuple[SourceType, ...] = ()
    campaigns: tuple[Campaign, ...] = ()

    def __post_init__(self) -> None:
        unknown = [code for code in self.regions if code not in load_gazetteer().rows]
        if unknown:
            raise BadScope(f"{', '.join(unknown)}: no such adcode in the gazetteer; Tibet AR is {TIBET}")
        if self.since and self.until and self.since > self.until:
            raise BadScope(f"the scope ends ({self.until}) before it begins ({self.since})")

    def inside(self, adcode: str) -> bool:
        """Whether a unit is a region of the scope or lies in one."""
        gazetteer = load_gazetteer()
        return adcode in gazetteer.rows and (
            not self.regions or any(code in gazetteer.lineage(adcode) for code in self.regions)
        )

    def name(self) -> str:
        """The regions in English."""
        gazetteer = load_gazetteer()
        return "; ".join(gazetteer.english(code) for code in self.regions) or "all of China"

    def leaves_out(self, record: Record) -> str | None:
        """Why a document is outside, in words; None where it is inside."""
        judged, document = record.classification, record.document
        if judged.label not in self.labels:
            return f"label: {judged.label}"
        if self.campaigns and judged.campaign not in self.campaigns:
            return f"campaign: {judged.campaign or 'none'}"
        if self.source_types and document.source_type not in self.source_types:
            return f"kind of source: {document.source_type}"
        when = document.published
        if (self.since or self.until) and not when:
            return "no date of publication"
        if when and (
            (self.since and when < self.since[: len(when)]) or (self.until and when[: len(self.until)] > self.until)
        ):
            return "date"
        return self._elsewhere(record)

    def _elsewhere(self, record: Record) -> str | None:
        if not self.regions or any(self.inside(place.adcode) for place in record.places):
            return None
        if not record.places:
            campaign = record.classification.campaign
            # The campaign of Tibet is told by its region, so a post without a place still belongs there.
            here = campaign == "tibet_population" and TIBET in self.regions
            return None if here else "no known place"
        return f"elsewhere ({record.classification.campaign or 'no campaign'})"


@dataclass
class Source:
    """One post: the copy that stands for it, its other copies, and its number in the report."""

    number: int
    record: Record
    reviewers: tuple[str, ...]
    copies: list[Record] = field(default_factory=list)

    @cached_property
    def copy(self) -> str:
        """The body as words are looked for in it (pipeline.language.script)."""
        return matching_copy(self.record.document.text)

    @cached_property
    def sampling(self) -> list[tuple[int, int]]:
        """Where the sentences begin and end that tell of samples."""
        return [m.span() for m in SENTENCE.finditer(self.copy) if SAMPLING.search(self.copy, *m.span())]


@dataclass
class Selection:
    """The posts inside the scope, each once, and how many documents were left out for which reason."""

    scope: Scope
    sources: list[Source]
    left_out: dict[str, int]
    documents: int
    elsewhere: list[tuple[str, str, str]]  # province, campaign, path of mass collections outside the regions
    outside: list[tuple[str, str, str]]  # path, sha256 and why of every document left out


def select(judged: Iterable[Judged], scope: Scope) -> Selection:
    """Apply the scope and count reposts once.

    Of the copies of a post a reviewed one stands for it, else the earliest, which gave the cluster its name. Texts are
    masked (pipeline.privacy).
    """
    gazetteer = load_gazetteer()
    posts: dict[str, list[tuple[tuple[bool, bool, str, str], Record, tuple[str, ...]]]] = {}
    left_out: dict[str, int] = {}
    elsewhere: dict[str, tuple[str, str, str]] = {}
    documents = 0
    outside: list[tuple[str, str, str]] = []
    for item in judged:
        documents += 1
        record = item.record
        why = scope.leaves_out(record)
        if why is None:
            rank = (
                not item.reviewers,
                record.id != record.cluster,
                record.document.published or "9",
                record.source.path,
            )
            posts.setdefault(record.cluster, []).append((rank, masked(record), item.reviewers))
            continue
        left_out[why] = left_out.get(why, 0) + 1
        outside.append((record.source.path, record.source.sha256, why))
        if why.startswith("elsewhere"):
            code = record.places[0].adcode
            known = code in gazetteer.rows
            province = gazetteer.rows[gazetteer.lineage(code)[0]].english if known else "unknown"
            elsewhere[record.cluster] = (province, record.classification.campaign or "none", record.source.path)
    chosen = []
    for copies in posts.values():
        copies.sort(key=lambda copy: copy[0])
        chosen.append((copies[0], [copy[1] for copy in copies[1:]]))
    chosen.sort(key=lambda post: (post[0][1].document.published or "9", post[0][1].source.path))
    sources = [Source(n, first[1], first[2], rest) for n, (first, rest) in enumerate(chosen, 1)]
    return Selection(scope, sources, left_out, documents, list(elsewhere.values()), outside)
