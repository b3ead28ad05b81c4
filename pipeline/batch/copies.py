"""Whether two texts are one post (reposted, cut, captured again, read by OCR) or two posts of one template.

Both look alike to any measure of shared words. They differ in where they differ: a repost has another header, a cut
end, scattered misread characters; a post of the same template has another figure, date, village or person in the
middle of the same words. So the texts are aligned and the differences read, one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import regex
from rapidfuzz.distance import Levenshtein

from pipeline.language.script import matching_copy

# Longer texts are compared by their beginnings: alignment takes memory with the square of the length (50 MB here).
LONGEST = 20_000
# Shorter bodies ("转发") say too little to be called copies of each other.
SHORTEST = 20
# The share of the shorter and of the longer text that the common part must make up. Cut at both ends, each by 30 %,
# two copies still share four sevenths of each.
OF_THE_SHORTER, OF_THE_LONGER = 0.5, 0.3
# Both texts going on differently beyond the common part: more than a header, a byline or a slogan has.
DIFFERENT_ENDS, DIFFERENT_ENDS_SHARE = 30, 0.2
# Share of the common part that may be worded differently without a figure or name being touched.
REWORDED = 0.2
# Characters to a change of the alignment, below which two texts have letters in common and nothing more.
CHANGES_EVERY = 4
# Scattered one-character misreadings from which a text counts as OCR, whatever its layer says.
OCR_NOISE = 3

NOT_A_WORD = regex.compile(r"(?<=\d)[,，](?=\d{3})|(?!(?<=\d)\.(?=\d))[^\p{L}\p{N}%]++")
NUMERALS = frozenset("0123456789.%一二三四五六七八九十百千万亿两零〇半")
DIGIT = regex.compile(r"\d")
# What ends the name of a place, a house or a household; the characters before it are the name.
NAME_ENDS = frozenset("省市州县区旗镇乡村寺庙社组队所局站路某学校园院馆厂矿场司")
# A short name of a place below the county; 入村, 各乡, 农村 and the like name none.
NAME = regex.compile(r"(?V1)[\p{Han}--[入进下到农各全每山这该本个同驻在为乡城]]{2}[镇乡村寺]")
# Parts of one village: 上约巴村 is not 约巴村.
PARTS = frozenset("上中下东西南北大小新老前后")
FIGURE = regex.compile(r"\d+(?:\.\d+)?(?=[年月日时份人名户例个万千余])")
# What OCR writes for digits.
LOOKALIKES = str.maketrans({"o": "0", "l": "1", "i": "1", "b": "8", "s": "5", "z": "2", "〇": "0"})


@dataclass(frozen=True)
class Post:
    """What of a record the comparison needs: body and title as plain words, and whether OCR read it."""

    words: str
    title: str
    ocr: bool


@dataclass(frozen=True)
class Gap:
    """A difference between two runs of equal words: a[start:end] stands where b[other_start:other_end] does."""

    start: int
    end: int
    other_start: int
    other_end: int

    @property
    def size(self) -> int:
        """Characters, of the longer side."""
        return max(self.end - self.start, self.other_end - self.other_start)

    @property
    def two_sided(self) -> bool:
        """Whether both texts have words here."""
        return self.end > self.start and self.other_end > self.other_start


def plain_words(text: str) -> str:
    """Letters and digits alone, simplified, half-width, in small letters; decimal points stay.

    >>> plain_words("共採集１,２００份（98.5%），Y-STR。")
    '共采集1200份98.5%ystr'
    """
    words: str = NOT_A_WORD.sub("", matching_copy(text).translate(_digits()))
    return words.lower()


@lru_cache(maxsize=1)
def _digits() -> dict[int, str]:
    return {ord("，"): ",", ord("％"): "%", ord("．"): "."}


def same_post(a: Post, b: Post) -> bool:
    """Whether the two are copies of one post. Symmetric.

    Time and memory grow with the product of the two lengths, each at most LONGEST.
    """
    if (b.words, b.title) < (a.words, a.title):
        a, b = b, a
    if _titles_differ(a, b):
        return False
    if a.words == b.words:
        return len(a.words) >= SHORTEST
    one, other = a.words[:LONGEST], b.words[:LONGEST]
    gaps, matched = _common_part(one, other)
    shorter, longer = sorted((len(one), len(other)))
    if matched < max(SHORTEST, OF_THE_SHORTER * shorter, OF_THE_LONGER * longer) or len(gaps) < 2:
        return False
    head, *inner, tail = gaps
    if any(_ends_differ(one, other, end, shorter) for end in (head, tail)):
        return False
    return _only_noise(one, other, inner, matched, a.ocr or b.ocr)


def _titles_differ(a: Post, b: Post) -> bool:
    """Whether the titles name different villages that the bodies leave unsaid."""
    named = [set(NAME.findall(post.title)) for post in (a, b)]
    if not all(named) or a.ocr or b.ocr or named[0] & named[1]:
        return False
    if {name[-1] for name in named[0]}.isdisjoint(name[-1] for name in named[1]):
        return False
    return not any(name in a.words or name in b.words for name in named[0] | named[1])


def _common_part(a: str, b: str) -> tuple[list[Gap], int]:
    """The gaps of the best local alignment, and the characters it matches.

    The first and the last gap are what lies before and after the common part, empty where nothing does.
    """
    runs, gaps = _alignment(a, b)
    first, last = _best_stretch(runs, gaps)
    first, last = _with_small_gaps(runs, gaps, first, last)
    if last < first:
        return [], 0
    head = Gap(0, runs[first].start, 0, runs[first].other_start)
    tail = Gap(runs[last].end, len(a), runs[last].other_end, len(b))
    matched = sum(run.end - run.start for run in runs[first : last + 1])
    return [head, *gaps[first + 1 : last + 1], tail], matched


def _alignment(a: str, b: str) -> tuple[list[Gap], list[Gap]]:
    """Runs of equal characters, and the gaps before each: gaps[i] stands before runs[i]; one more after the last.

    A single equal character between two gaps does not part them: 8月2日 and 9月9日 differ once, as dates.
    """
    runs: list[Gap] = []
    operations = Levenshtein.opcodes(a, b)
    if len(operations) > 40 + min(len(a), len(b)) / CHANGES_EVERY:
        return [], []
    for op in operations:
        at_edge = op.src_start == op.dest_start == 0 or (op.src_end, op.dest_end) == (len(a), len(b))
        if op.tag == "equal" and (op.src_end - op.src_start > 1 or at_edge):
            runs.append(Gap(op.src_start, op.src_end, op.dest_start, op.dest_end))
    edges = [Gap(0, 0, 0, 0), *runs, Gap(len(a), len(a), len(b), len(b))]
    between = [Gap(a.end, b.start, a.other_end, b.other_start) for a, b in pairwise(edges)]
    return runs, between


def _best_stretch(runs: list[Gap], gaps: list[Gap]) -> tuple[int, int]:
    """First and last run of the stretch that matches most for what it leaves unmatched (Kadane's maximum sum)."""
    best, best_range, total, first = 0.0, (0, -1), 0.0, 0
    for i, run in enumerate(runs):
        gap = gaps[i]
        total -= gap.size * (1.5 if gap.two_sided else 0.3)
        if total <= 0:
            total, first = 0.0, i
        total += run.end - run.start
        if total > best:
            best, best_range = total, (first, i)
    return best_range


def _with_small_gaps(runs: list[Gap], gaps: list[Gap], first: int, last: int) -> tuple[int, int]:
    """The stretch, grown over small two-sided gaps at its edges: a figure in the last words is no cut end."""
    while 0 < first <= last and gaps[first].two_sided and gaps[first].size <= 6:
        first -= 1
    while first <= last < len(runs) - 1 and gaps[last + 1].two_sided and gaps[last + 1].size <= 6:
        last += 1
    return first, last


def _ends_differ(a: str, b: str, end: Gap, shorter: int) -> bool:
    """Whether both texts go on beyond the common part, and with different matter rather than headers."""
    one, other = a[end.start : end.end], b[end.other_start : end.other_end]
    if min(len(one), len(other)) > max(DIFFERENT_ENDS, DIFFERENT_ENDS_SHARE * shorter):
        return True
    for pattern in (FIGURE, NAME):
        here, there = set(pattern.findall(one)), set(pattern.findall(other))
        if here and there and not here & there:
            return True
    return False


def _only_noise(a: str, b: str, gaps: list[Gap], matched: int, ocr: bool) -> bool:
    """Whether the differences inside the common part leave figures, dates, places and persons alone."""
    conflicts, forgivable, reworded, noise = 0, 0, 0, 0
    replaced: set[tuple[str, str]] = set()
    for gap in gaps:
        kind = _conflict(a, b, gap)
        if kind:
            conflicts += 1
            forgivable += gap.size == 1
        elif gap.two_sided:
            words = (a[gap.start : gap.end], b[gap.other_start : gap.other_end])
            # The same words for the same words again: another name throughout, whatever it names.
            conflicts += gap.size > 1 and words in replaced
            replaced.add(words)
            noise += gap.size == 1
            reworded += gap.size
    if conflicts:
        # OCR may misread one character of one name or figure; a template changes more, or changes it cleanly.
        return (ocr or noise >= OCR_NOISE) and noise >= 2 and conflicts == forgivable == 1
    return reworded <= REWORDED * matched


def _conflict(a: str, b: str, gap: Gap) -> bool:
    """Whether a difference is one of figures or of names."""
    whole = _whole_number(a, b, gap)
    one, other = a[whole.start : whole.end], b[whole.other_start : whole.other_end]
    if DIGIT.search(one) or DIGIT.search(other):
        if one.translate(LOOKALIKES) == other.translate(LOOKALIKES):
            return False
        return bool(DIGIT.search(one) and DIGIT.search(other))
    numerals = ["".join(c for c in side if c in NUMERALS) for side in (one, other)]
    if all(numerals) and numerals[0] != numerals[1]:
        return True
    if not gap.two_sided:
        return gap.size == 1 and set(one + other) <= PARTS and _in_name(a, gap.end)
    return _in_name(a, gap.end) and _in_name(b, gap.other_end)


def _whole_number(a: str, b: str, gap: Gap) -> Gap:
    """The gap, grown to both ends of the number it cuts: 43 and 143 differ in 1, as numbers in all."""
    start, end, other_start, other_end = gap.start, gap.end, gap.other_start, gap.other_end
    sides = [side for side in (a[start:end], b[other_start:other_end]) if side]
    at_start = any(side[0] in NUMERALS for side in sides)
    at_end = any(side[-1] in NUMERALS for side in sides)
    while at_start and start and other_start and a[start - 1] == b[other_start - 1] and a[start - 1] in NUMERALS:
        start, other_start = start - 1, other_start - 1
    while at_end and end < len(a) and other_end < len(b) and a[end] == b[other_end] and a[end] in NUMERALS:
        end, other_end = end + 1, other_end + 1
    return replace(gap, start=start, end=end, other_start=other_start, other_end=other_end)


def _in_name(text: str, at: int) -> bool:
    """Whether what ends at `at` lies in a name: one of its endings follows within three characters."""
    return not NAME_ENDS.isdisjoint(text[max(0, at - 1) : at + 3])
