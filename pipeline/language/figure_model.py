"""Which numbers of a post count DNA samples, told by the words around them: a linear model beside the rules.

A number is read through windows: the characters next to it, its clause and the clauses around, its sentence and the
ones around. What stands in a window - characters, pairs and threes of characters, words, cues - has a weight for that
window and each kind of count. Fitted in `pipeline.learning.figures`; stored as JSON and plain arrays, without code.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple, get_args

import numpy as np
import regex
from numpy.typing import NDArray
from spacy.attrs import IDX, LENGTH
from spacy.tokens import Doc

from pipeline.language.context import plain
from pipeline.language.count_words import words as count_words
from pipeline.language.cues import Cue
from pipeline.language.numerals import Numeral, find_numerals
from pipeline.language.terms import BITS, packed
from pipeline.language.tokenizer import words
from pipeline.records import CountKind

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
# None comes first: the number counts something else.
KINDS: tuple[CountKind, ...] = get_args(CountKind)
CLASSES = len(KINDS) + 1
WINDOWS = (
    "next left", "left", "next right", "right", "clause", "clause before", "clause before that", "rest of clause",
    "clause after", "sentence", "sentence before", "sentence after",
)  # fmt: skip
# Wide windows say less: their terms weigh half.
SCALES = np.array([1, 1, 1, 1, 1, 1, 0.5, 1, 0.5, 0.5, 0.5, 0.5])
# Characters to each side in the two narrow windows.
NEXT, LEFT, RIGHT = 4, 14, 12
# No window reaches further than this, and no more numbers of one post are weighed: an archived text may be of any size.
REACH, MOST = 1_000, 5_000
# Larger numbers are all of one size.
LARGEST = 1e15
SUREST = 30.0  # log-odds
# Characters whose running sums are held at a time.
BLOCK = 20_000
CLAUSE = regex.compile(r"[，；。：！？;?!\n、（）()]|,(?!\d{3})")
# Dates, ages, sums of money, lengths: no number of samples.
MEASURED = regex.compile(r"\s?(?:周?岁|[年月日时点届元米]|公里|[万亿]元|小时|分钟)")
DIGITS = str.maketrans("123456789", "000000000")
SIZES = (1, 2, 3)
# Which words of the phrase book are terms of their own, whatever their letters.
CODES = (
    "sample", "collect", "target", "other", "not_taken", "rate", "other_rate", "roll", "rejected", "future", "database",
    "done", "finish", "repair", "health", "scene", "purchase", "genes",
)  # fmt: skip
Lookup = Callable[[str], int]


@dataclass(frozen=True)
class Post:
    """A post as the model sees it: the matching copy, its sentences, where its words and cues start, and its label."""

    plain: str
    bounds: Sequence[tuple[int, int]]
    words: Sequence[tuple[int, str]]
    cues: Sequence[Cue]
    title: Sequence[str]
    label: str

    @classmethod
    def of(
        cls,
        plain: str,
        title: str,
        bounds: Sequence[tuple[int, int]],
        cues: Sequence[Cue],
        label: str,
        words_at: Sequence[tuple[int, str]] | None = None,
    ) -> Post:
        """The post with this matching copy and title; `label`: what the classifier says it is.

        `words_at`: where its words start, as `placed_words` gives them; segmented here where they are not given.
        """
        if words_at is None:
            pieces = list(words(plain))
            starts = accumulate(map(len, pieces), initial=0)
            words_at = [(at, _flat(word)) for at, word in zip(starts, pieces, strict=False)]
        told = [(at, word) for at, word in words_at if len(word) > 1 and not word.isspace()]
        return cls(plain, bounds, told, cues, [_flat(word) for word in words(title) if not word.isspace()], label)


def placed_words(doc: Doc) -> list[tuple[int, str]]:
    """Where each word of a tokenised post starts, and its matching form, digits alike."""
    copy = _flat(plain(doc))
    return [(at, copy[at : at + length]) for at, length in doc.to_array([IDX, LENGTH]).tolist()]


class Candidate(NamedTuple):
    """A number that may count samples: offsets in the post, its sentence's number, its neighbours in the sentence."""

    start: int
    end: int
    sentence: int
    numeral: Numeral
    before: Numeral | None
    after: Numeral | None


class Placed(NamedTuple):
    """Windows of all candidates (candidates x windows: start, end) and the terms that each has besides."""

    starts: Numbers
    ends: Numbers
    besides: list[dict[str, float]]


def candidates(post: Post, leave: Sequence[tuple[int, int]] = ()) -> list[Candidate]:
    """The first numbers of a post outside the stretches to leave (tables), but for dates, ages and sums of money."""
    found: list[Candidate] = []
    for number, (start, end) in enumerate(post.bounds):
        if len(found) >= MOST:
            break
        if any(a <= start < b for a, b in leave):
            continue
        sentence = post.plain[start:end]
        numerals = [m for m in find_numerals(sentence) if MEASURED.match(sentence, m.end) is None]
        for before, numeral, after in zip([None, *numerals], numerals, [*numerals[1:], None], strict=False):
            found.append(Candidate(start + numeral.start, start + numeral.end, number, numeral, before, after))
    return found[:MOST]


def placed(post: Post, found: Sequence[Candidate]) -> Placed:
    """Windows and single terms of the candidates."""
    marks = [m.end() for m in CLAUSE.finditer(post.plain)]
    lefts, rights = [0, *marks], [*(mark - 1 for mark in marks), len(post.plain)]
    windows = [_windows(post, candidate, lefts, rights) for candidate in found]
    table = np.array(windows, dtype=np.int64).reshape(len(found), len(WINDOWS), 2)
    title = {f"title {word}": 0.5 for word in post.title}
    besides = [{**dict.fromkeys(_single(post, candidate), 1.0), **title} for candidate in found]
    return Placed(table[:, :, 0], np.maximum(table[:, :, 0], table[:, :, 1]), besides)


def _windows(post: Post, at: Candidate, lefts: Sequence[int], rights: Sequence[int]) -> list[tuple[int, int]]:
    first, last = at.start - REACH, at.end + REACH
    start, end = max(post.bounds[at.sentence][0], first), min(post.bounds[at.sentence][1], last)
    before = max(post.bounds[at.sentence - 1][0], first) if at.sentence else start
    after = min(post.bounds[at.sentence + 1][1], last) if at.sentence + 1 < len(post.bounds) else end
    i = bisect_right(lefts, at.start) - 1
    clauses = [max(lefts[j] if j >= 0 else 0, start) for j in (i, i - 1, i - 2)]
    j = bisect_left(rights, at.end)
    rest = min(rights[j], end) if j < len(rights) else end
    following = min(rights[j + 1], end) if j + 1 < len(rights) and rest < end else rest
    return [
        (max(0, at.start - NEXT), at.start),
        (max(0, at.start - LEFT), at.start),
        (at.end, min(len(post.plain), at.end + NEXT)),
        (at.end, min(len(post.plain), at.end + RIGHT)),
        (clauses[0], at.start),
        (clauses[1], clauses[0]),
        (clauses[2], clauses[1]),
        (at.end, rest),
        (rest, following),
        (start, end),
        (before, start),
        (end, after),
    ]


def _single(post: Post, at: Candidate) -> Iterator[str]:
    """What a number is, what stands right beside it, and what its neighbours are."""
    numeral, unit = at.numeral, at.numeral.unit
    before = at.before.unit if at.before else "^"
    after = at.after.unit if at.after else "$"
    yield from (f"unit {unit}", f"form {numeral.kind}", f"qualifier {numeral.qualifier}")
    yield from (
        f"size {int(math.log10(min(max(numeral.value, 1), LARGEST)))}",
        f"post {post.label}",
        f"post {post.label} {unit}",
    )
    yield from (f"before {before}", f"after {after}", f"before {before} {unit}")
    if numeral.kind == "number" and numeral.value < 10:
        yield "small"
    for size in SIZES:
        yield f"> {_flat(post.plain[at.end : at.end + size])}"
        if at.start >= size:
            yield f"< {_flat(post.plain[at.start - size : at.start])}"


def _flat(text: str) -> str:
    return text.lower().translate(DIGITS)


def terms_at(post: Post, look_up: Lookup) -> list[list[tuple[int, int]]]:
    """Place and number of every term of a post by its length in characters; words and cues with the single letters.

    A term that `look_up` answers with -1 is left out.
    """
    letters = _letters(post)
    found: list[list[tuple[int, int]]] = []
    for size in SIZES:
        grams = (letters[i : i + size] for i in range(len(letters) - size + 1))
        found.append([(i, term) for i, gram in enumerate(grams) if (term := look_up(gram)) >= 0])
    found[0] += _named(post, look_up)
    return found


def _letters(post: Post) -> str:
    letters = _flat(post.plain)
    # a letter may be two in lower case
    return letters if len(letters) == len(post.plain) else post.plain.translate(DIGITS)


def _named(post: Post, look_up: Lookup) -> list[tuple[int, int]]:
    """Place and number of the words, the cues and the words that decide for rules."""
    named = [(at, look_up(f"word {word}")) for at, word in post.words]
    named += [(cue.start, look_up(f"cue {cue.code}")) for cue in post.cues]
    for code in CODES:
        if (term := look_up(f"code {code}")) >= 0:
            named += [(m.start(), term) for m in count_words()[code].finditer(post.plain)]
    return [(at, term) for at, term in named if term >= 0]


@dataclass(frozen=True)
class FigureModel:
    """The fitted model. `weights`: terms x windows x classes; `singles`: single terms x classes."""

    terms: dict[str, int]
    weights: NDArray[np.float32]
    single_terms: dict[str, int]
    singles: Floats
    intercepts: Floats

    def scores(self, post: Post, found: Sequence[Candidate]) -> Floats:
        """Candidates x classes (nothing, then `KINDS`): probabilities; each row sums to 1."""
        if not found:
            return np.zeros((0, CLASSES))
        where = placed(post, found)
        totals = self._sums(post, where) + self.intercepts
        for row, besides in enumerate(where.besides):
            known = [(self.single_terms[term], value) for term, value in besides.items() if term in self.single_terms]
            if known:
                columns, values = zip(*known, strict=True)
                totals[row] += np.array(values) @ self.singles[list(columns)]
        odds = 1 / (1 + np.exp(-totals.clip(-SUREST, SUREST)))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    def _sums(self, post: Post, where: Placed) -> Floats:
        """What the windows add: the sum of a window is the difference of two running sums, taken block by block."""
        letters = _letters(post)
        named = sorted(_named(post, lambda term: self.terms.get(term, -1)))
        total: Floats = np.zeros((len(where.starts), CLASSES))
        firsts, lasts = where.starts.min(axis=1), where.ends.max(axis=1)
        row = 0
        while row < len(total):
            first = int(firsts[row])  # windows of later numbers begin later
            end = max(row + 1, int(np.searchsorted(lasts, first + BLOCK, side="right")))
            last = int(lasts[row:end].max())
            within = slice(bisect_left(named, (first, -1)), bisect_left(named, (last, -1)))
            block = Placed(where.starts[row:end] - first, where.ends[row:end] - first, [])
            total[row:end] = self._block(letters[first:last], [(at - first, term) for at, term in named[within]], block)
            row = end
        return total

    def _block(self, letters: str, named: Sequence[tuple[int, int]], where: Placed) -> Floats:
        total: Floats = np.zeros((len(where.starts), CLASSES))
        window = np.arange(len(WINDOWS))
        for size, grams, (known, terms) in zip(SIZES, packed(letters), self._grams, strict=True):
            running = np.zeros((len(letters) + 1, len(WINDOWS), CLASSES), dtype=np.float32)
            if len(known) and len(grams):
                nearest = np.minimum(np.searchsorted(known, grams), len(known) - 1)
                at = np.flatnonzero(known[nearest] == grams)
                running[at + 1] = self.weights[terms[nearest[at]]]
            for place, term in named if size == 1 else ():
                running[place + 1] += self.weights[term]
            np.cumsum(running, axis=0, out=running)
            # a term of three letters that starts on the last letter of a window lies outside it
            ends = np.maximum(where.ends - size + 1, where.starts)
            total += (running[ends, window] - running[where.starts, window]).sum(axis=1)
        return total

    @cached_property
    def _grams(self) -> list[tuple[Numbers, Numbers]]:
        """By length, the terms made of characters as numbers in order, and which terms they are."""
        found = []
        for size in SIZES:
            grams = {term: i for term, i in self.terms.items() if len(term) == size}
            letters = np.frombuffer("".join(grams).encode("utf-32-le"), dtype=np.uint32).astype(np.int64) + 1
            numbers = sum((letters[at::size] << BITS * at for at in range(size)), np.zeros(len(grams), dtype=np.int64))
            which = np.array(list(grams.values()), dtype=np.int64)
            order = np.argsort(numbers)
            found.append((numbers[order], which[order]))
        return found

    def to_disk(self, path: Path) -> None:
        """Write `figures.json` and `figures.npz` into the directory."""
        path.mkdir(parents=True, exist_ok=True)
        data = {"windows": WINDOWS, "kinds": KINDS, "terms": list(self.terms), "single_terms": list(self.single_terms)}
        (path / "figures.json").write_text(json.dumps(data, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
        flat = self.weights.reshape(-1, CLASSES)
        rows = np.flatnonzero(np.abs(flat).max(axis=1) > 0)
        arrays: dict[str, Any] = {
            "rows": rows.astype(np.int32),
            "weights": flat[rows].astype(np.float16),
            "singles": self.singles.astype(np.float32),
            "intercepts": self.intercepts.astype(np.float32),
        }
        np.savez_compressed(path / "figures.npz", **arrays)

    @classmethod
    def from_disk(cls, path: Path) -> FigureModel:
        """Read what `to_disk` wrote. Raises FileNotFoundError where nothing is, ValueError for another model."""
        data = json.loads((path / "figures.json").read_text(encoding="utf-8"))
        if tuple(data["windows"]) != WINDOWS or tuple(data["kinds"]) != KINDS:
            raise ValueError(f"{path}: a model for other windows or kinds; run `xueyang train`")
        with np.load(path / "figures.npz", allow_pickle=False) as arrays:
            weights = np.zeros((len(data["terms"]) * len(WINDOWS), CLASSES), dtype=np.float32)
            weights[arrays["rows"]] = arrays["weights"]
            return cls(
                terms={term: i for i, term in enumerate(data["terms"])},
                weights=weights.reshape(-1, len(WINDOWS), CLASSES),
                single_terms={term: i for i, term in enumerate(data["single_terms"])},
                singles=arrays["singles"].astype(np.float64),
                intercepts=arrays["intercepts"].astype(np.float64),
            )
