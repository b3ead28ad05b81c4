"""A linear model of stretches of a post - a number, a clause, a word - by the words around them.

A stretch is read through windows: the characters next to it, its clause and the clauses around, its sentence and the
ones around. What stands in a window - characters, pairs and threes of characters, words, cues - has a weight for that
window and each class. Fitted in `pipeline.learning.windows`; stored as JSON and plain arrays, without code.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray
from spacy.attrs import IDX, LENGTH
from spacy.tokens import Doc

from pipeline.language.context import plain
from pipeline.language.cues import Cue, find_cues
from pipeline.language.terms import BITS, packed
from pipeline.language.tokenizer import words

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
WINDOWS = (
    "next left", "left", "next right", "right", "clause", "clause before", "clause before that", "rest of clause",
    "clause after", "sentence", "sentence before", "sentence after", "inside",
)  # fmt: skip
# Wide windows say less: their terms weigh half. So do the words of the title.
SCALES = np.array([1, 1, 1, 1, 1, 1, 0.5, 1, 0.5, 0.5, 0.5, 0.5, 1])
TITLE = 0.5
# Characters to each side in the two narrow windows.
NEXT, LEFT, RIGHT = 4, 14, 12
# No window reaches further than this, and no more stretches of one post are weighed: an archived text may be of any
# size.
REACH, MOST = 1_000, 5_000
SUREST = 30.0  # log-odds
# Stretches whose windows are added up at a time.
TOGETHER = 200
CLAUSE = regex.compile(r"[，；。：！？;?!\n、（）()]|,(?!\d{3})")
DIGITS = str.maketrans("123456789", "000000000")
SIZES = (1, 2, 3)
Lookup = Callable[[str], int]


@dataclass(frozen=True)
class Post:
    """A post as a model sees it: the matching copy, its sentences, where its words and cues start, and its label."""

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
            pairs = zip(starts, pieces, strict=False)
            words_at = [(at, flat(word)) for at, word in pairs if len(word) > 1 and not word.isspace()]
        return cls(plain, bounds, words_at, cues, [flat(word) for word in words(title) if not word.isspace()], label)

    @classmethod
    def under_title(
        cls,
        plain: str,
        title: str,
        bounds: Sequence[tuple[int, int]],
        cues: Sequence[Cue],
        words_at: Sequence[tuple[int, str]] | None = None,
    ) -> tuple[Post, int]:
        """The post with its title as first sentence, and where its text begins. Otherwise as `of`, of no label."""
        if not title:
            return cls.of(plain, title, bounds, cues, "", words_at), 0
        heading = cls.of(title, "", [(0, len(title))], find_cues(title), "")
        text = cls.of(plain, title, bounds, cues, "", words_at)
        lead = len(title) + 1
        whole = cls(
            f"{title}\n{plain}",
            [*heading.bounds, *((start + lead, end + lead) for start, end in bounds)],
            [*heading.words, *((at + lead, word) for at, word in text.words)],
            [*heading.cues, *(Cue(cue.code, cue.start + lead, cue.end + lead) for cue in cues)],
            text.title,
            "",
        )
        return whole, lead

    @cached_property
    def letters(self) -> str:
        """The matching copy in lower case, digits alike."""
        letters = flat(self.plain)
        # a letter may be two in lower case
        return letters if len(letters) == len(self.plain) else self.plain.translate(DIGITS)


def placed_words(doc: Doc) -> list[tuple[int, str]]:
    """Where each word of two characters or more of a tokenised post starts, and its matching form, digits alike."""
    if doc._.words_at is not None:
        return list(doc._.words_at)
    copy = flat(plain(doc))
    table = doc.to_array([IDX, LENGTH])
    placed = ((at, copy[at : at + length]) for at, length in table[table[:, 1] > 1].tolist())
    doc._.words_at = [(at, word) for at, word in placed if not word.isspace()]
    return list(doc._.words_at)


def flat(text: str) -> str:
    """A text in lower case, digits alike."""
    return text.lower().translate(DIGITS)


class Stretch(NamedTuple):
    """What is judged: its offsets, the number of its sentence, and terms of its own (of which each counts once)."""

    start: int
    end: int
    sentence: int
    own: Sequence[str]


class Placed(NamedTuple):
    """Windows of all stretches: where they start and end, stretches x windows."""

    starts: Numbers
    ends: Numbers


def placed(post: Post, found: Sequence[Stretch]) -> Placed:
    """The windows of some stretches of a post."""
    marks = [m.end() for m in CLAUSE.finditer(post.plain)]
    lefts, rights = [0, *marks], [*(mark - 1 for mark in marks), len(post.plain)]
    windows = [_windows(post, stretch, lefts, rights) for stretch in found]
    table = np.array(windows, dtype=np.int64).reshape(len(found), len(WINDOWS), 2)
    return Placed(table[:, :, 0], np.maximum(table[:, :, 0], table[:, :, 1]))


def _windows(post: Post, at: Stretch, lefts: Sequence[int], rights: Sequence[int]) -> list[tuple[int, int]]:
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
        (at.start, min(at.end, at.start + REACH)),
    ]


def terms_at(post: Post, look_up: Lookup) -> list[list[tuple[int, int]]]:
    """Place and number of every term of a post: words and cues, then the terms of one, two and three characters.

    A term that `look_up` answers with -1 is left out.
    """
    found = [named_terms(post, look_up)]
    for size in SIZES:
        grams = (post.letters[i : i + size] for i in range(len(post.letters) - size + 1))
        found.append([(i, term) for i, gram in enumerate(grams) if (term := look_up(gram)) >= 0])
    return found


def named_terms(post: Post, look_up: Lookup) -> list[tuple[int, int]]:
    """Place and number of the words and the cues."""
    named = [(at, look_up(f"word {word}")) for at, word in post.words]
    named += [(cue.start, look_up(f"cue {cue.code}")) for cue in post.cues]
    return [(at, term) for at, term in named if term >= 0]


@dataclass(frozen=True)
class WindowModel:
    """The fitted model.

    `classes`: what a stretch may be. `weights`: terms x windows x classes, and one row more, of zeros, for what is no
    term. `singles`: a stretch's own terms and those of the title x classes. `intercepts`: by class.
    """

    classes: tuple[str, ...]
    terms: dict[str, int]
    weights: NDArray[np.float32]
    single_terms: dict[str, int]
    singles: Floats
    intercepts: Floats

    def scores(self, post: Post, found: Sequence[Stretch]) -> Floats:
        """Stretches x classes: probabilities; each row sums to 1."""
        if not found:
            return np.zeros((0, len(self.classes)))
        title = self._own([f"title {word}" for word in dict.fromkeys(post.title)])
        totals = self._sums(post, placed(post, found)) + self.intercepts + TITLE * title
        totals += [self._own(stretch.own) for stretch in found]
        odds = 1 / (1 + np.exp(-totals.clip(-SUREST, SUREST)))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    def _own(self, terms: Sequence[str]) -> Floats:
        known = [self.single_terms[term] for term in terms if term in self.single_terms]
        return np.asarray(self.singles[known].sum(axis=0))

    def _sums(self, post: Post, where: Placed) -> Floats:
        """What the terms in the windows weigh together: stretches x classes."""
        named = np.array(sorted(named_terms(post, self._number)), dtype=np.int64).reshape(-1, 2)
        layers = [self._layer(grams, known) for grams, known in zip(packed(post.letters), self._grams, strict=True)]
        total: Floats = np.zeros((len(where.starts), len(self.classes)))
        for row in range(0, len(total), TOGETHER):
            starts, ends = where.starts[row : row + TOGETHER], where.ends[row : row + TOGETHER]
            for size, layer in zip(SIZES, layers, strict=True):
                # a term of three letters that starts on the last letter of a window lies outside it
                total[row : row + TOGETHER] += self._within(layer, starts, np.maximum(ends - size + 1, starts))
            words_in = (np.searchsorted(named[:, 0], edge) for edge in (starts, ends))
            total[row : row + TOGETHER] += self._within(named[:, 1], *words_in)
        return total

    def _number(self, term: str) -> int:
        return self.terms.get(term, -1)

    def _layer(self, grams: Numbers, known: tuple[Numbers, Numbers]) -> Numbers:
        """Which term starts at each letter; -1, the last, which weighs nothing, where none does."""
        numbers, terms = known
        if not len(numbers):
            return np.full(len(grams), -1)
        nearest = np.minimum(np.searchsorted(numbers, grams), len(numbers) - 1)
        return np.where(numbers[nearest] == grams, terms[nearest], -1)

    def _within(self, layer: Numbers, starts: Numbers, ends: Numbers) -> Floats:
        """What the terms of a layer weigh in each window, added up: stretches x classes."""
        lengths = (ends - starts).ravel()
        edges = np.cumsum(lengths)
        places = np.arange(edges[-1]) + np.repeat(starts.ravel() - edges + lengths, lengths)
        window = np.repeat(np.tile(np.arange(len(WINDOWS)), len(starts)), lengths)
        running = np.zeros((len(places) + 1, len(self.classes)))
        np.cumsum(self.weights[layer[places], window], axis=0, out=running[1:])
        return np.diff(running[edges[len(WINDOWS) - 1 :: len(WINDOWS)]], axis=0, prepend=running[:1])

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
        """Write `windows.json` and `windows.npz` into the directory."""
        path.mkdir(parents=True, exist_ok=True)
        data = {
            "windows": WINDOWS,
            "classes": self.classes,
            "terms": list(self.terms),
            "single_terms": list(self.single_terms),
        }
        (path / "windows.json").write_text(json.dumps(data, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
        table = self.weights.reshape(-1, len(self.classes))
        rows = np.flatnonzero(np.abs(table).max(axis=1) > 0)
        arrays: dict[str, Any] = {
            "rows": rows.astype(np.int32),
            "weights": table[rows].astype(np.float16),
            "singles": self.singles.astype(np.float32),
            "intercepts": self.intercepts.astype(np.float32),
        }
        np.savez_compressed(path / "windows.npz", **arrays)

    @classmethod
    def from_disk(cls, path: Path, classes: Sequence[str]) -> WindowModel:
        """Read what `to_disk` wrote. Raises FileNotFoundError where nothing is, ValueError for another model."""
        data = json.loads((path / "windows.json").read_text(encoding="utf-8"))
        if tuple(data["windows"]) != WINDOWS or tuple(data["classes"]) != tuple(classes):
            raise ValueError(f"{path}: a model for other windows or classes; run `xueyang train`")
        with np.load(path / "windows.npz", allow_pickle=False) as arrays:
            weights = np.zeros(((len(data["terms"]) + 1) * len(WINDOWS), len(classes)), dtype=np.float32)
            weights[arrays["rows"]] = arrays["weights"]
            return cls(
                classes=tuple(classes),
                terms={term: i for i, term in enumerate(data["terms"])},
                weights=weights.reshape(-1, len(WINDOWS), len(classes)),
                single_terms={term: i for i, term in enumerate(data["single_terms"])},
                singles=arrays["singles"].astype(np.float64),
                intercepts=arrays["intercepts"].astype(np.float64),
            )
