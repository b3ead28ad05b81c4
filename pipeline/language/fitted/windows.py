"""A linear model of stretches of a post - a number, a clause, a word - by the words around them.

A stretch is read through windows: the characters next to it, its clause and the clauses around, its sentence and the
ones around. What stands in a window - characters, pairs and threes of characters, words, cues - has a weight for that
window and each class. Fitted in `pipeline.learning.windows`; stored as JSON and plain arrays, without code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, repeat
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from pipeline.language.context import plain, tokens
from pipeline.language.fitted.terms import GramIndex, Grams, grams_of, zeroed
from pipeline.language.label.cues import Cue, find_cues
from pipeline.language.tokenizer import pieces
from pipeline.patterns import Pattern

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
# Lighter weights are not stored: a third of all; of 8,646 pieces nine fall on the other side of a threshold.
LIGHTEST = 0.003
# Stretches whose windows are added up at a time.
TOGETHER = 64
CLAUSE = Pattern(r"[，；。：！？;?!\n、（）()]|,(?!\d{3})")
SIZES = (1, 2, 3)
Lookup = Callable[[str], int]


class Layout(NamedTuple):
    """The terms of a post in one row: its characters, pairs and threes, each by place, then its words and cues.

    `grid`: which of `grams.once` begin at the places (one more than the text has letters), -1 for none; `names`: the
    words and cues; `named`: the first of them, as a place in the row, that starts at a letter or behind it.
    """

    grams: Grams
    grid: Numbers
    names: list[str]
    named: Numbers

    def reach(self, starts: Numbers, ends: Numbers) -> tuple[Numbers, Numbers]:
        """Which terms of the row windows hold: from, and up to; each windows x layers."""
        rows = np.arange(len(SIZES)) * (len(self.grid) // len(SIZES))
        # a term of three letters that starts on the last letter of a window lies outside it
        last = np.maximum(ends[..., None] - np.array(SIZES) + 1, starts[..., None])
        edges = (starts[..., None], starts), (last, ends)
        first, last = (np.concatenate([at + rows, self.named.take(edge)[..., None]], axis=-1) for at, edge in edges)
        return first, last


@dataclass(frozen=True)
class Post:
    """A post as a model sees it: the matching copy, its sentences, where its words and cues start, and its label.

    `lead`: the title and a line end, where the copy does not begin with them.
    """

    plain: str
    bounds: Sequence[tuple[int, int]]
    words: Sequence[tuple[int, str]]
    cues: Sequence[Cue]
    title: Sequence[str]
    label: str
    lead: str = ""

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
            words_at = _worded(plain)
        named = [flat(word) for word in pieces(title) if not word.isspace()]
        return cls(plain, bounds, words_at, cues, named, label, f"{title}\n")

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
        text = cls.of(plain, title, bounds, cues, "", words_at)
        if not title:
            return text, 0
        lead = len(title) + 1
        whole = cls(
            f"{title}\n{plain}",
            [(0, len(title)), *((start + lead, end + lead) for start, end in bounds)],
            [*_worded(title), *((at + lead, word) for at, word in text.words)],
            [*find_cues(title), *(Cue(cue.code, cue.start + lead, cue.end + lead) for cue in cues)],
            text.title,
            "",
        )
        return whole, lead

    @cached_property
    def letters(self) -> str:
        """The matching copy in lower case, digits alike."""
        letters = flat(self.plain)
        # a letter may be two in lower case
        return letters if len(letters) == len(self.plain) else zeroed(self.plain)

    @cached_property
    def grams(self) -> tuple[Grams, int]:
        """The characters, pairs and threes of the letters, and behind how many letters of the lead they begin."""
        whole = flat(self.lead + self.plain)
        alone = len(whole) != len(self.lead) + len(self.plain)
        return (grams_of(self.letters), 0) if alone else (grams_of(whole), len(self.lead))

    @cached_property
    def named(self) -> tuple[Numbers, list[str]]:
        """Where its words and cues start, in order, and the terms that they are."""
        places = np.array([*(at for at, _ in self.words), *(cue.start for cue in self.cues)], dtype=np.int64)
        names = [*(f"word {word}" for _, word in self.words), *(f"cue {cue.code}" for cue in self.cues)]
        order = np.argsort(places, kind="stable")
        return places[order], [names[i] for i in order.tolist()]

    @cached_property
    def layout(self) -> Layout:
        """Where its terms stand."""
        grams, lead = self.grams
        grid = np.full((len(SIZES), len(self.plain) + 1), -1)
        for row, size in zip(grid, SIZES, strict=True):
            layer = grams.layer(size)[lead:]
            row[: len(layer)] = layer
        places, names = self.named
        return Layout(grams, grid.ravel(), names, places.searchsorted(np.arange(len(self.plain) + 1)) + grid.size)

    @cached_property
    def edges(self) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Where sentences start, where they end, where clauses start, and where they end."""
        opens, closes = np.ascontiguousarray(np.array(self.bounds, dtype=np.int64).reshape(-1, 2).T)
        marks = [m.end() for m in CLAUSE.finditer(self.plain)]
        return opens, closes, np.array([0, *marks]), np.array([*(mark - 1 for mark in marks), len(self.plain)])


def _worded(plain: str) -> list[tuple[int, str]]:
    """Where each word of two characters or more of a matching copy starts, digits alike."""
    told = pieces(plain)
    pairs = zip(accumulate(map(len, told), initial=0), told, strict=False)
    return [(at, flat(word)) for at, word in pairs if len(word) > 1 and not word.isspace()]


def placed_words(doc: Doc) -> list[tuple[int, str]]:
    """The same of a tokenised post, kept in `doc._.words_at`: several models ask for them, one after the other."""
    if doc._.words_at is None:
        copy, table = plain(doc), tokens(doc)
        letters = flat(copy)
        alike = len(letters) == len(copy)  # a letter may be two in lower case
        found = table[(table[:, 1] > 1) & (table[:, 2] == 0), :2].tolist()
        doc._.words_at = [(at, letters[at : at + n] if alike else flat(copy[at : at + n])) for at, n in found]
    return doc._.words_at  # type: ignore[no-any-return]


def flat(text: str) -> str:
    """A text in lower case, digits alike."""
    return zeroed(text.lower())


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


def placed(post: Post, found: Sequence[Stretch], windows: Sequence[str] = WINDOWS) -> Placed:
    """The windows of some stretches of a post, those of these names."""
    start, end, number = np.array([stretch[:3] for stretch in found], dtype=np.int64).reshape(-1, 3).T
    end = np.minimum(end, start + REACH)
    opens, closes, lefts, rights = post.edges
    first, last = start - REACH, end + REACH
    opening, closing = np.maximum(opens.take(number), first), np.minimum(closes.take(number), last)
    before = np.where(number > 0, np.maximum(opens.take(number - 1), first), opening)
    following = np.minimum(number + 1, len(closes) - 1)
    after = np.where(following > number, np.minimum(closes.take(following), last), closing)
    left = lefts.searchsorted(start, side="right") - 1
    clauses = [np.maximum(lefts.take(np.maximum(left - back, 0)), opening) for back in range(3)]
    right = rights.searchsorted(end)
    rest = np.minimum(rights.take(np.minimum(right, len(rights) - 1)), closing)
    next_right = np.minimum(right + 1, len(rights) - 1)
    beyond = np.where((next_right > right) & (rest < closing), np.minimum(rights.take(next_right), closing), rest)
    edges = (
        (np.maximum(start - NEXT, 0), start),
        (np.maximum(start - LEFT, 0), start),
        (end, np.minimum(end + NEXT, len(post.plain))),
        (end, np.minimum(end + RIGHT, len(post.plain))),
        (clauses[0], start),
        (clauses[1], clauses[0]),
        (clauses[2], clauses[1]),
        (end, rest),
        (rest, beyond),
        (opening, closing),
        (before, opening),
        (closing, after),
        (start, end),
    )
    seen = [edges[WINDOWS.index(name)] for name in windows]
    told = np.concatenate([edge[side] for side in (0, 1) for edge in seen])
    starts, ends = told.reshape(2, len(seen), len(found)).transpose(0, 2, 1)
    return Placed(starts, np.maximum(starts, ends))


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
    places, names = post.named
    return [(at, term) for at, name in zip(places.tolist(), names, strict=True) if (term := look_up(name)) >= 0]


@dataclass(frozen=True)
class WindowModel:
    """The fitted model.

    `classes`: what a stretch may be. `windows`: the names of those it looks at. `grams` and `named`: the rows of
    `weights` of characters, pairs and threes, and of words and cues. `weights`: terms x windows x classes, and one row
    more, of zeros, for what is no term. `singles`: a stretch's own terms and those of the title x classes.
    `intercepts`: by class.
    """

    classes: tuple[str, ...]
    windows: tuple[str, ...]
    grams: GramIndex
    named: dict[str, int]
    weights: NDArray[np.float32]
    single_terms: dict[str, int]
    singles: Floats
    intercepts: Floats

    def scores(self, post: Post, found: Sequence[Stretch]) -> Floats:
        """Stretches x classes: probabilities; each row sums to 1."""
        if not found:
            return np.zeros((0, len(self.classes)))
        title = [f"title {word}" for word in dict.fromkeys(post.title)]
        own = self._own([title, *(stretch.own for stretch in found)])
        totals = self._sums(post, placed(post, found, self.windows)) + self.intercepts + TITLE * own[:1] + own[1:]
        odds = 1 / (1 + np.exp(-totals.clip(-SUREST, SUREST)))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    def _own(self, rows: Sequence[Sequence[str]]) -> Floats:
        """What the terms of each row weigh together: rows x classes."""
        lengths = [0, *map(len, rows)]
        names = map(self.single_terms.get, chain.from_iterable(rows), repeat(-1))
        terms = np.fromiter(names, dtype=np.intp, count=sum(lengths))
        known = np.concatenate([[0], (terms >= 0).cumsum()])  # how many known terms stand before each
        terms = terms[terms >= 0]
        running = np.zeros((len(terms) + 1, len(self.classes)))
        self.singles.take(terms, axis=0).cumsum(axis=0, out=running[1:])
        edges = running.take(known.take(np.cumsum(lengths)), axis=0)
        return np.asarray(edges[1:] - edges[:-1])

    def _sums(self, post: Post, where: Placed) -> Floats:
        """What the terms in the windows weigh together: stretches x classes."""
        layout = post.layout
        numbers = np.append(self.grams.find_once(layout.grams), -1)
        named = np.fromiter(map(self.named.get, layout.names, repeat(-1)), np.int64, len(layout.names))
        terms = np.concatenate([numbers.take(layout.grid), named])
        before = np.concatenate([[0], (terms >= 0).cumsum()])  # how many known terms stand before each place
        known = terms[terms >= 0] * len(self.windows)
        total: Floats = np.zeros((len(where.starts), len(self.classes)))
        for row in range(0, len(total), TOGETHER):
            first, last = layout.reach(where.starts[row : row + TOGETHER], where.ends[row : row + TOGETHER])
            total[row : row + TOGETHER] = self._within(known, before.take(first), before.take(last))
        return total

    def _within(self, known: Numbers, first: Numbers, last: Numbers) -> Floats:
        """What the terms in the windows weigh, added up: stretches x classes.

        `known`: the rows of their weights; `first`, `last`: which of them, stretches x windows x layers.
        """
        lengths = last - first
        total, sizes = np.zeros((len(first), len(self.classes))), lengths.sum(axis=(1, 2))
        held = np.flatnonzero(sizes)
        if len(held):
            window = np.repeat(np.tile(np.arange(len(self.windows)), len(first)), lengths.sum(axis=2).ravel())
            lengths = lengths.ravel()
            places = np.arange(len(window)) + np.repeat(first.ravel() - np.cumsum(lengths) + lengths, lengths)
            rows = known.take(places) + window
            weights = self.weights.reshape(-1, len(self.classes)).take(rows, axis=0).astype(np.float64)
            total[held] = np.add.reduceat(weights, (np.cumsum(sizes) - sizes)[held], axis=0)
        return total

    def to_disk(self, path: Path) -> None:
        """Write `windows.json` and `windows.npz` into the directory."""
        path.mkdir(parents=True, exist_ok=True)
        heaviest = np.abs(self.weights).max(axis=2) >= LIGHTEST
        telling = heaviest.any(axis=1)
        numbers = self.grams.numbers[:-1]  # of grams that other models know -1, the row of zeros
        grams = telling[numbers]
        named = [(name, term) for name, term in self.named.items() if telling[term]]
        told = np.concatenate([numbers[grams], np.array([term for _, term in named], dtype=np.intp)])
        data = {
            "windows": self.windows,
            "classes": self.classes,
            "named": [name for name, _ in named],
            "single_terms": list(self.single_terms),
        }
        (path / "windows.json").write_text(json.dumps(data, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
        table = self.weights[told].reshape(-1, len(self.classes))
        rows = np.flatnonzero(heaviest[told])
        arrays: dict[str, Any] = {
            "grams": self.grams.known[grams],
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
        windows = tuple(data["windows"])
        known = set(windows) <= set(WINDOWS) and tuple(data["classes"]) == tuple(classes)
        if not known or "named" not in data:
            raise ValueError(f"{path}: a model of another form, or for other windows or classes; run `xueyang train`")
        with np.load(path / "windows.npz", allow_pickle=False) as arrays:
            grams = arrays["grams"]
            terms = len(grams) + len(data["named"])
            weights = np.zeros(((terms + 1) * len(windows), len(classes)), dtype=np.float32)
            weights[arrays["rows"]] = arrays["weights"]
            return cls(
                classes=tuple(classes),
                windows=windows,
                grams=GramIndex(grams, np.arange(len(grams))),
                named={name: len(grams) + i for i, name in enumerate(data["named"])},
                weights=weights.reshape(-1, len(windows), len(classes)),
                single_terms={term: i for i, term in enumerate(data["single_terms"])},
                singles=arrays["singles"].astype(np.float64),
                intercepts=arrays["intercepts"].astype(np.float64),
            )
