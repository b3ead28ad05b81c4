"""Which sentences of a post tell that samples are taken, and which are near them: for reasons, groups and bodies.

Words are in `corpora/phrasebook/sampling.csv`; what they mean for a reason or a group is decided in
`justifications` and `groups`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.language.label.cues import Cue, find_cues
from pipeline.language.phrases import Hit, load_table
from pipeline.patterns import Pattern

SENTENCE = Pattern(r"[^。！？!?\n]++[。！？!?]*[”’」』）)]*|\n")
# What a sentence about samples names; the rest of the sentence tells whose they are.
SAMPLE = frozenset({"dna", "blood"})
OTHER_WORK = "other_work"


class Sentence(NamedTuple):
    """A sentence up to 。！？ or the line end: longer than those of `sentences`, since a list of reasons uses ；."""

    start: int
    end: int
    paragraph: int


@lru_cache(maxsize=4)
def sentences(text: str) -> tuple[Sentence, ...]:
    """Sentences with the number of their paragraph.

    >>> text = "为何采？一是破案；二是寻亲。" + chr(10) + "完"
    >>> [(text[s.start : s.end], s.paragraph) for s in sentences(text)]
    [('为何采？', 0), ('一是破案；二是寻亲。', 0), ('完', 1)]
    """
    found, paragraph = [], 0
    for match in SENTENCE.finditer(text):
        if match[0] == "\n":
            paragraph += 1
        elif match[0].strip():
            found.append(Sentence(match.start(), match.end(), paragraph))
    return tuple(found)


@lru_cache(maxsize=4)
def sampling_words(text: str) -> tuple[Hit, ...]:
    """The words of `sampling.csv` in a matching copy: several extractors ask for them, one after the other."""
    return tuple(load_table("sampling").find(text))


def names_other_work(text: str, start: int, end: int) -> bool:
    """Whether a stretch of a matching copy names other police work: fraud, patrols, fire, drugs."""
    named = _other_work(text)
    return bisect_left(named, start) < bisect_left(named, end)


@lru_cache(maxsize=4)  # asked for with each sentence
def _other_work(text: str) -> tuple[int, ...]:
    """Where words of other police work begin, in order."""
    return tuple(sorted(hit.start for hit in sampling_words(text) if hit.code == OTHER_WORK))


@lru_cache(maxsize=4)
def words_by_sentence(text: str) -> tuple[frozenset[str], ...]:
    """The codes of `sampling.csv` whose words begin in each sentence."""
    rows = sentences(text)
    starts = [row.start for row in rows]
    told: list[set[str]] = [set() for _ in rows]
    for hit in sampling_words(text):
        at = bisect_right(starts, hit.start) - 1
        if at >= 0:
            told[at].add(hit.code)
    return tuple(frozenset(codes) for codes in told)


def told_of_samples(text: str, cues: Sequence[Cue]) -> tuple[bool, ...]:
    """For each sentence, whether it tells of DNA or blood taken otherwise than from drivers or the arrested."""
    return _told_of_samples(text, tuple(cue for cue in cues if cue.code in SAMPLE))


@lru_cache(maxsize=4)
def _told_of_samples(text: str, cues: tuple[Cue, ...]) -> tuple[bool, ...]:
    """Reasons, groups and bodies ask for it, one after the other."""
    words = words_by_sentence(text)
    starts = [row.start for row in sentences(text)]
    told = ["sample" in codes and "aside_unless_blood" not in codes for codes in words]
    for cue in cues:
        at = bisect_right(starts, cue.start) - 1
        if at >= 0:
            told[at] = True
    return tuple(named and "aside" not in codes for named, codes in zip(told, words, strict=True))


def concerns_collection(title: str, sample: Sequence[bool]) -> bool:
    """Whether samples are what the whole post is about: its title names them, or a quarter of its sentences do."""
    return names_samples(title) or 0 < len(sample) <= sum(sample) * 4


@lru_cache(maxsize=16)
def names_samples(text: str) -> bool:
    """Whether a title, say, names samples."""
    if any(cue.code in SAMPLE for cue in find_cues(text)):
        return True
    return any(hit.code == "sample" for hit in sampling_words(text))
