"""Fit a model of stretches of posts by the words around them (`pipeline.language.fitted.windows`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from pipeline.language.fitted.terms import LONGEST, GramIndex
from pipeline.language.fitted.windows import SCALES, SIZES, TITLE, WINDOWS, Post, Stretch, WindowModel, placed, terms_at

# What was chosen by cross-validation; figures in models/MODEL_CARD.md.
REGULARISATION = 0.3
NEVER = -20.0  # log-odds of a class that the texts lack
# A term must stand in its window beside this many stretches.
SEEN = 5
# How long a term of each layer of `terms_at` is: a word lies in a window if it begins there.
LENGTHS = (1, *SIZES)


class Judged(NamedTuple):
    """The stretches of one text and the class of each, as its place among the classes."""

    post: Post
    found: Sequence[Stretch]
    truth: np.ndarray


# The columns of one row that are not zero, and their values.
Row = tuple[np.ndarray, np.ndarray]


class Features:
    """The features of many texts, laid out once; models are fitted on some of their rows."""

    def __init__(self, texts: Sequence[Judged], classes: Sequence[str], windows: Sequence[str] = WINDOWS) -> None:
        self.classes = tuple(classes)
        self.windows = tuple(windows)
        self.scales = SCALES[[WINDOWS.index(name) for name in windows]]
        self.terms: dict[str, int] = {}
        self.single_terms: dict[str, int] = {}
        self.rows = np.repeat(np.arange(len(texts)), [len(text.found) for text in texts])
        self.truth = np.concatenate([text.truth for text in texts])
        wide, single = zip(*(self._features(text) for text in texts), strict=True)
        self.wide = _stacked([row for rows in wide for row in rows], len(self.terms) * len(self.windows))
        self.single = _stacked([row for rows in single for row in rows], len(self.single_terms))

    def _features(self, text: Judged) -> tuple[list[Row], list[Row]]:
        where = placed(text.post, text.found, self.windows)
        columns: list[list[np.ndarray]] = [[] for _ in text.found]
        for length, terms in zip(LENGTHS, terms_at(text.post, _growing(self.terms)), strict=True):
            terms.sort()
            at, known = np.array(terms, dtype=np.int64).reshape(-1, 2).T
            ends = np.maximum(where.ends - length + 1, where.starts)
            spans = np.stack([np.searchsorted(at, where.starts), np.searchsorted(at, ends)], axis=-1)
            for row, windows in enumerate(spans):
                columns[row] += [known[a:b] * len(self.windows) + window for window, (a, b) in enumerate(windows)]
        wide = [np.unique(np.concatenate(parts), return_counts=True) for parts in columns]
        look_up = _growing(self.single_terms)
        title = [(look_up(f"title {word}"), TITLE) for word in dict.fromkeys(text.post.title)]
        single = [_row([*((look_up(term), 1.0) for term in stretch.own), *title]) for stretch in text.found]
        return [(names, times * self.scales[names % len(self.windows)]) for names, times in wide], single

    def fit(
        self, inside: Sequence[int], strength: float = REGULARISATION, truth: np.ndarray | None = None
    ) -> WindowModel:
        """A model of the texts with these numbers; `truth`: other classes of all stretches than the texts' own."""
        rows = np.isin(self.rows, inside)
        wide, single, told = self.wide[rows], self.single[rows], (self.truth if truth is None else truth)[rows]
        kept, kept_single = _often(wide), _often(single)
        features = hstack((wide[:, kept], single[:, kept_single]), format="csr")
        weights = np.zeros((len(self.classes), features.shape[1]))
        intercepts = np.zeros(len(self.classes))
        two = len(self.classes) == 2
        for number in range(len(self.classes) - two):
            weights[number], intercepts[number] = _regression(features, told == number, strength)
        if two:  # what speaks for one speaks against the other
            weights[1], intercepts[1] = -weights[0], -intercepts[0]
        return self._model(weights, intercepts, kept, kept_single)

    def _model(
        self, weights: np.ndarray, intercepts: np.ndarray, kept: np.ndarray, kept_single: np.ndarray
    ) -> WindowModel:
        wide = len(self.windows)
        used = np.unique(kept // wide)
        table = np.zeros(((len(used) + 1) * wide, len(self.classes)), dtype=np.float32)
        places = np.searchsorted(used, kept // wide) * wide + kept % wide
        table[places] = weights[:, : len(kept)].T * self.scales[kept % wide][:, None]
        names, singles = list(self.terms), list(self.single_terms)
        told = {names[term]: i for i, term in enumerate(used)}
        return WindowModel(
            classes=self.classes,
            windows=self.windows,
            grams=GramIndex.of(told),
            named={name: i for name, i in told.items() if len(name) > LONGEST},
            weights=table.reshape(-1, wide, len(self.classes)),
            single_terms={singles[term]: i for i, term in enumerate(kept_single)},
            singles=weights[:, len(kept) :].T,
            intercepts=intercepts,
        )


def _regression(features: csr_matrix, truth: np.ndarray, strength: float) -> tuple[np.ndarray, float]:
    """Weights and intercept; the intercept alone where all stretches are of the class, or none, or nothing is known."""
    if truth.all() or not truth.any():
        return np.zeros(features.shape[1]), -NEVER if truth.any() else NEVER
    if not features.shape[1]:
        return np.zeros(0), float(np.log(truth.mean() / (1 - truth.mean())))
    regression = LogisticRegression(C=strength, solver="liblinear", tol=1e-2, random_state=0)
    regression.fit(features, truth)
    return regression.coef_[0], float(regression.intercept_[0])


def _row(terms: Sequence[tuple[int, float]]) -> Row:
    columns, values = zip(*terms, strict=True) if terms else ((), ())
    return np.array(columns, dtype=np.int64), np.array(values)


def _growing(known: dict[str, int]) -> Callable[[str], int]:
    return lambda term: known.setdefault(term, len(known))


def _stacked(rows: Sequence[Row], width: int) -> csr_matrix:
    if not rows:
        return csr_matrix((0, width))
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows])
    values = np.concatenate([values for _, values in rows]).astype(np.float32)
    return csr_matrix((values, columns, starts), shape=(len(rows), width))


def _often(features: csr_matrix) -> np.ndarray:
    return np.flatnonzero(np.bincount(features.indices, minlength=features.shape[1]) >= SEEN)
