"""How, where and under what conditions samples were taken: method, venue, consent, medical staff, linked programmes.

Words and codes stand in `corpora/phrasebook/circumstances.csv`, in the signs of `phrases`. They
count where the collection itself is told: in a sentence about samples, or beside one where people come, blood is
drawn or the collection is explained. What another activity in the post has of a venue or programme is none.
"""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, cast

import regex
from ahocorasick_rs import AhoCorasick, MatchKind
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import Context, body, keep, plain
from pipeline.language.cues import Cue, find_cues
from pipeline.language.groups import COMING, ITEM
from pipeline.language.justifications import tells_of_collection
from pipeline.language.phrases import Phrase, compile_phrase
from pipeline.language.sampling import (
    concerns_collection,
    names_other_work,
    sentences,
    told_of_samples,
    words_by_sentence,
)
from pipeline.language.script import matching_copy
from pipeline.paths import PHRASEBOOK
from pipeline.records import Aspect, Circumstance, CircumstanceCode

# How many sentences before and after one about samples still tell of the collection.
BEFORE, AFTER = 2, 2
# What a clause without blood or DNA must have to be about people sampled, and not about other work.
SAYS_DNA = regex.compile(
    r"DNA|血|[采抽验]样|样本|基因|[Yy]库|指纹|生物|家系|采集|采录|扎|唾液|拭子|滴|[采抽]了|男性家族|卡片"
)
# The venue or programme of these words is denied, not told.
DENIED = regex.compile(
    r"(?:不(?!仅|但|只|光|漏|少|断|同|管|论|到|足|予|用[担害紧])|无需|无须|不用|不必|不是|并非|并不|没有|没|未|而非|非|无一例|无一人|无人|不存在|从不|"
    r"严禁|禁止|杜绝|避免|防止|切忌|代替|替代|取代)[^，。；、：？！?!的]{0,6}$"
)
DENIED_AFTER = regex.compile(r"[^，。；]{0,4}?(?:除外|不算|不采|不收|免采|无关|不涉及)")
# Bodies that act: 在派出所的组织下 is no place.
ACTS = regex.compile(
    r"(?:的)?(?:民警|辅警|所长|统一|领导|指导|组织|带领|配合|协助|支持|牵头|安排|部署|负责|干部|工作人员|领用|报备|"
    r"会同|联合|签订|送|报告|反映|咨询|工作|任职|刑侦|帮助|监督|见证|要求|通知|电话|提供)"
)
# A meeting or training course, somebody who gets lost: the place is not where samples were drawn.
EVENT = regex.compile(r"[^，。；]{0,10}?(?:举办|召开|培训|观摩|演练|走丢|走失|迷路)")
# 血样存到公安局, 交到派出所: where samples go, not people.
GOES = regex.compile(r"[存交送移寄缴](?:到|至)?$|[存交送移寄缴]$")
PART_OF_A_WORD = {"resampled": "重"}  # 重复采样
# Kits, shipments and laboratories: blood cards that are bought or sent are not how samples were drawn.
SUPPLY = regex.compile(r"采购|供应商|单价|报价|中标|投标|规格|招标|数量|耗材|成交公告|合同")
OF_SAMPLING = frozenset({"method", "consent", "medical_staff"})
EARLIER_CLAUSE = regex.compile(r"[，。；：！？!?\n]")


class Row(NamedTuple):
    """A row of the table, ready to search."""

    aspect: Aspect
    phrase: Phrase
    gloss: str


class Span(NamedTuple):
    """A clause in which circumstances count; `told` where it, and not only a sentence beside it, names samples."""

    start: int
    end: int
    told: bool


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """The rows of the table. Raises ValueError on a phrase without a sure piece of text."""
    with (PHRASEBOOK / "circumstances.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Row(cast(Aspect, row["aspect"]), compile_phrase(row["code"], row["phrase"]), row["gloss_en"])
            for row in csv.DictReader(lines)
        )


@lru_cache(maxsize=1)
def _automaton() -> tuple[AhoCorasick, tuple[int, ...]]:
    anchors = [(anchor, i) for i, row in enumerate(rows()) for anchor in row.phrase.anchors]
    return AhoCorasick([a for a, _ in anchors], matchkind=MatchKind.Standard), tuple(i for _, i in anchors)


def find_circumstances(text: str, context: Context, cues: Sequence[Cue] | None = None) -> tuple[Circumstance, ...]:
    """The circumstances of the collection in order of the text, each code once, where it is first told.

    >>> [(c.code, c.text) for c in find_circumstances("民警入户采集指尖血样。", Context())]
    [('home_visits', '入户'), ('finger_prick', '指尖血')]
    """
    copy = matching_copy(text)
    return _find(text, copy, matching_copy(context.title), find_cues(copy) if cues is None else cues)


def _find(text: str, copy: str, title: str, cues: Sequence[Cue]) -> tuple[Circumstance, ...]:
    """The same from matching copies that are there already."""
    automaton, owners = _automaton()
    anchors = sorted((start, owners[i]) for i, start, _ in automaton.find_matches_as_indexes(copy, overlapping=True))
    tender = bool(SUPPLY.search(title))
    found: dict[str, Circumstance] = {}
    for span in _scope(copy, title, cues, anchors):
        for row, start, end in _hits(copy, span, anchors):
            if tender and row.aspect in OF_SAMPLING:
                continue
            code = cast(CircumstanceCode, row.phrase.code)
            fact = Circumstance(aspect=row.aspect, code=code, text=text[start:end], start=start, end=end)
            first = found.get(code)
            if first is None or start < cast(int, first.start):
                found[code] = fact
    return tuple(sorted(found.values(), key=lambda fact: (fact.start or 0, fact.end or 0, fact.code)))


def _between(anchors: Sequence[tuple[int, int]], start: int, end: int) -> Sequence[tuple[int, int]]:
    """The anchors that begin in a stretch."""
    return anchors[bisect_left(anchors, (start, -1)) : bisect_left(anchors, (end, -1))]


def _scope(copy: str, title: str, cues: Sequence[Cue], anchors: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """The clauses between ；that tell of the collection, and those beside them, where they hold words of the table."""
    lines = sentences(copy)
    by_sentence = words_by_sentence(copy)
    sample = told_of_samples(copy, cues)
    if not any(sample):
        return
    about = concerns_collection(title, sample)
    for i, line in enumerate(lines):
        if not _between(anchors, line.start, line.end):
            continue
        words = copy[line.start : line.end]
        if "aside" in by_sentence[i] or (SUPPLY.search(words) and not sample[i]):
            continue
        first, last = (i, i) if ITEM.match(words) else (max(0, i - AFTER), min(len(lines) - 1, i + BEFORE))
        beside = any(
            sample[j] and (about or lines[j].paragraph == line.paragraph) and not ITEM.match(copy, lines[j].start)
            for j in range(first, last + 1)
        )
        if not sample[i] and not beside:
            continue
        at = line.start
        for clause in words.split("；"):
            told = bool(SAYS_DNA.search(clause)) and sample[i]
            if (
                told
                or (COMING.search(clause) and not names_other_work(copy, at, at + len(clause)))
                or (about and sample[i])
            ):
                yield Span(at, at + len(clause), told)
            at += len(clause) + 1


def _hits(copy: str, span: Span, anchors: Sequence[tuple[int, int]]) -> Iterator[tuple[Row, int, int]]:
    """The phrases of a clause that are neither denied nor said of other work, in the order of the table."""
    table = rows()
    for i in sorted({owner for _, owner in _between(anchors, span.start, span.end)}):
        for match in table[i].phrase.pattern.finditer(copy, span.start, span.end):
            if _counts(copy, span, table[i], *match.span()):
                yield table[i], *match.span()
                break


def _counts(copy: str, span: Span, row: Row, start: int, end: int) -> bool:
    """Whether a phrase speaks of the collection."""
    if DENIED.search(copy, max(span.start, start - 14), start) or DENIED_AFTER.match(copy, end, span.end):
        return False
    if row.aspect == "venue" and _no_venue(copy, start, end):
        return False
    if copy[start - 1 : start] and copy[start - 1 : start] == PART_OF_A_WORD.get(row.phrase.code):
        return False
    if row.aspect in OF_SAMPLING and SUPPLY.search(copy, span.start, span.end):
        return False
    if row.aspect in {"programme", "alongside"} and not span.told:
        return False
    return not _ofnames_other_work(copy, span, row, start, end)


def _no_venue(copy: str, start: int, end: int) -> bool:
    """Whether a place is named as one who acts, where samples go, or where something else happens."""
    acts = copy[start] in "在由" and ACTS.match(copy, end)
    return bool(acts or EVENT.match(copy, end) or GOES.search(copy, max(0, start - 2), start))


def _ofnames_other_work(copy: str, span: Span, row: Row, start: int, end: int) -> bool:
    """Whether the part between commas has other police work in it, and the samples a venue or method of their own."""
    if row.aspect not in {"venue", "medical_staff", "programme", "consent"}:
        return False
    left = max((m.end() for m in EARLIER_CLAUSE.finditer(copy, span.start, start)), default=span.start)
    right = EARLIER_CLAUSE.search(copy, end, span.end)
    stop = right.start() if right else span.end
    return names_other_work(copy, left, stop) and not SAYS_DNA.search(copy, left, stop)


@Language.factory("xueyang_circumstances")
def make_circumstances(nlp: Language, name: str) -> Circumstances:
    """The component that leaves the circumstances in `doc._.circumstances`."""
    return Circumstances()


class Circumstances:
    """Finds how, where and under what conditions samples were taken."""

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.circumstances`: empty where the label says that there is no collection."""
        found: tuple[Circumstance, ...] = ()
        if tells_of_collection(doc):
            copy = plain(doc)
            found = _find(body(doc), copy, doc._.title_plain, find_cues(copy) if doc._.cues is None else doc._.cues)
        return keep(doc, "circumstances", found)
