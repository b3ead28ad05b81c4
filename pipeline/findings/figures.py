"""From the counts of a record to figures: which unit each counts, and whether it is a total, an increment or a part.

The words that tell are in corpora/reference/counting_words.csv. What the post does not tell is marked as not told; it
is
never guessed upwards.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import regex

from pipeline.findings.bounds import Bounds, bounds
from pipeline.findings.scope import Scope, Source
from pipeline.language.places.gazetteer import load_gazetteer, township_stem
from pipeline.language.script import matching_copy
from pipeline.paths import REFERENCE
from pipeline.records import Count, Place

Nature = Literal["cumulative", "increment", "part", "rate", "untold"]
SENTENCE_END = regex.compile(r"[。！？；;!?\n]")
CLAUSE_END = regex.compile(r"[，,、：:]")
RANKS = {"县": "county", "旗": "county", "乡": "township", "镇": "township", "街道": "township", "村": "village",
         "市": "prefecture", "州": "prefecture", "地区": "prefecture"}  # fmt: skip
CONTEXT = 45  # characters of the post shown on each side of a figure


class Unit(tuple[str, ...]):
    """A chain from province to village: adcodes, then the names of township and village."""

    __slots__ = ()

    @property
    def adcode(self) -> str:
        """The deepest adcode of the chain."""
        return self[-1 - len(self.local)]

    @property
    def local(self) -> tuple[str, ...]:
        """Township and village names below the county."""
        return _local(self)

    def name(self) -> str:
        """In Chinese from the county down, for people."""
        return load_gazetteer().rows[self.adcode].name + "".join(self.local)

    def english(self) -> str:
        """English chain; names below the county stay as the post has them."""
        return _english(self)


# A report asks for these of the same few thousand units hundreds of thousands of times.
@lru_cache(maxsize=100_000)
def _english(unit: Unit) -> str:
    return ", ".join((*reversed(unit.local), load_gazetteer().english(unit.adcode)))


@lru_cache(maxsize=100_000)
def _local(unit: Unit) -> tuple[str, ...]:
    return tuple(part for part in unit if not part.isdigit())


@dataclass(frozen=True)
class Figure:
    """One count with what is needed to add it up, and where it stands."""

    source: int
    index: int
    count: Count
    bounds: Bounds
    unit: Unit | None
    whole: bool  # the words name the whole unit, so the figure can be set against its population
    nature: Nature
    ongoing: bool
    people_base: bool
    as_of: str | None  # the date it holds for, as far as the post tells
    when: str | None  # as_of, else the date of publication
    before: str
    after: str
    implausible: str = ""  # why the figure cannot be, in words (pipeline.findings.plausible); empty where it can

    @property
    def key(self) -> str:
        """Anchor in the report."""
        return f"f{self.source}-{self.index}"


@lru_cache(maxsize=1)
def _words() -> dict[str, regex.Pattern[str]]:
    found: dict[str, list[str]] = {}
    with (REFERENCE / "counting_words.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["code"], []).append(row["phrase"])
    return {code: regex.compile("|".join(phrases)) for code, phrases in found.items()}


def figures(source: Source, scope: Scope) -> Iterator[Figure]:
    """The figures of a post, in its order. Those of units outside the scope's regions have no unit."""
    record = source.record
    if not record.counts:
        return
    text = source.copy
    units = list(dict.fromkeys(unit for place in record.places if (unit := chain_of(place)) is not None))
    ended = 0
    for index, count in sorted(enumerate(record.counts), key=lambda item: item[1].start or 0):
        start = count.start if count.start is not None else 0
        end = count.end if count.end is not None else 0
        before, after = _sentence(text, start, end) if end else ("", "")
        unit, whole = _unit(units, count, before)
        if unit is not None and not scope.inside(unit.adcode):
            unit, whole = None, False
        since = max(0, len(before) - (start - ended)) if ended <= start else 0
        clause = before[since:]
        yield Figure(
            source.number, index, count, bounds(count), unit, whole, _nature(count, before, clause),
            bool(_words()["ongoing"].search(before + after)), bool(_words()["people_base"].search(clause)),
            count.as_of, count.as_of or record.document.published,
            record.document.text[max(0, start - CONTEXT) : start] if end else "",
            record.document.text[end : end + CONTEXT] if end else "",
        )  # fmt: skip
        ended = end


def _sentence(text: str, start: int, end: int) -> tuple[str, str]:
    begins = max((m.end() for m in SENTENCE_END.finditer(text, 0, start)), default=0)
    stop = SENTENCE_END.search(text, end)
    return text[begins:start], text[end : stop.start() if stop else len(text)]


def _nature(count: Count, before: str, clause: str) -> Nature:
    """What the words since the last figure say; then those since the sentence began.

    A total and "of which" often share a sentence, so the nearest word decides.
    """
    words = _words()
    nearest = max(CLAUSE_END.finditer(clause), key=lambda m: m.end(), default=None)
    if words["rate"].search(clause[nearest.end() :] if nearest else clause):
        return "rate"
    if words["part"].search(clause):
        return "part"
    if words["increment"].search(clause):
        return "increment"
    if words["cumulative"].search(clause):
        return "cumulative"
    if words["increment"].search(before):
        return "increment"
    if words["cumulative"].search(before):
        return "cumulative"
    return "cumulative" if count.as_of and len(count.as_of) == 10 else "untold"


def chain_of(place: Place) -> Unit | None:
    """The unit of a place; None where the gazetteer does not know its adcode."""
    gazetteer = load_gazetteer()
    if place.adcode not in gazetteer.rows:
        return None
    local = tuple(name for name in (place.township, place.village) if name and not name.isdigit())
    return Unit((*gazetteer.lineage(place.adcode), *local))


def _unit(units: list[Unit], count: Count, before: str) -> tuple[Unit | None, bool]:
    """The unit of a post's places that a count is of, and whether all of the unit is meant."""
    if not units:
        return None, False
    said = matching_copy(count.place or "")
    named = [unit for unit in _with_ancestors(units) if said and _names(unit, said)]
    if named:
        return max(named, key=len), not _words()["all_of"].search(said)
    common = Unit(_common(units))
    if not common:
        return None, False
    if whole := _words()["whole"].search(said):
        rank = RANKS.get(whole[0][1:].replace("鎮", "镇").replace("區", "区"))
        fitting = {unit for unit in _with_ancestors(units) if _rank(unit) == rank}
        if whole[0][1:] in ("区", "區"):
            fitting = {unit for unit in _with_ancestors(units) if unit.name().endswith("区") and not unit.local}
            fitting = {unit for unit in fitting if _rank(unit) == "county"} or fitting
        if len(fitting) == 1:
            return fitting.pop(), True
    if len(units) == 1 and not said and not _words()["whole"].search(before):
        return units[0], False
    return common, False


def _rank(unit: Unit) -> str:
    if len(unit.local) == 2:
        return "village"
    if unit.local:
        return "village" if unit.local[0].endswith(("村", "社区", "居委会")) else "township"
    return load_gazetteer().unit(unit.adcode).level


def _with_ancestors(units: list[Unit]) -> list[Unit]:
    return list(dict.fromkeys(Unit(unit[:n]) for unit in units for n in range(len(unit), 0, -1)))


def _names(unit: Unit, said: str) -> bool:
    """Whether the words name the unit: in full, or for townships and counties by stem."""
    if unit.local:
        name, stem = _local_names(unit.local[-1], len(unit.local) == 1)
        return name in said or (len(stem) > 1 and stem in said)
    row = load_gazetteer().rows[unit.adcode]
    return row.name in said or (len(row.stem) > 1 and row.stem in said)


@lru_cache(maxsize=50_000)
def _local_names(name: str, township: bool) -> tuple[str, str]:
    copy = matching_copy(name)
    return copy, township_stem(copy) if township else copy


def _common(units: list[Unit]) -> tuple[str, ...]:
    shared: list[str] = []
    for parts in zip(*units, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return tuple(shared)
