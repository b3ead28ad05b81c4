"""Fit a model of stretches of posts by the words around them (`pipeline.language.windows`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from pipeline.language.windows import SCALES, SIZES, TITLE, WINDOWS, Post, Stretch, WindowModel, placed, terms_at

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
        self.seen = [WINDOWS.index(name) for name in windows]
        self.terms: dict[str, int] = {}
        self.single_terms: dict[str, int] = {}
        self.rows = np.repeat(np.arange(len(texts)), [len(text.found) for text in texts])
        self.truth = np.concatenate([text.truth for text in texts])
        wide, single = zip(*(self._features(text) for text in texts), strict=True)
        self.wide = _stacked([row for rows in wide for row in rows], len(self.terms) * len(WINDOWS))
        self.single = _stacked([row for rows in single for row in rows], len(self.single_terms))

    def _features(self, text: Judged) -> tuple[list[Row], list[Row]]:
        where = placed(text.post, text.found)
        columns: list[list[np.ndarray]] = [[] for _ in text.found]
        for length, terms in zip(LENGTHS, terms_at(text.post, _growing(self.terms)), strict=True):
            terms.sort()
            at, known = np.array(terms, dtype=np.int64).reshape(-1, 2).T
            ends = np.maximum(where.ends - length + 1, where.starts)
            spans = np.stack([np.searchsorted(at, where.starts), np.searchsorted(at, ends)], axis=-1)
            for row, windows in enumerate(spans):
                columns[row] += [known[slice(*windows[window])] * len(WINDOWS) + window for window in self.seen]
        wide = [np.unique(np.concatenate(parts), return_counts=True) for parts in columns]
        look_up = _growing(self.single_terms)
        title = [(look_up(f"title {word}"), TITLE) for word in dict.fromkeys(text.post.title)]
        single = [_row([*((look_up(term), 1.0) for term in stretch.own), *title]) for stretch in text.found]
        return [(names, times * SCALES[names % len(WINDOWS)]) for names, times in wide], single

    def fit(self, inside: Sequence[int], strength: float = REGULARISATION) -> WindowModel:
        """A model of the texts with these numbers."""
        rows = np.isin(self.rows, inside)
        wide, single, truth = self.wide[rows], self.single[rows], self.truth[rows]
        kept, kept_single = _often(wide), _often(single)
        features = hstack((wide[:, kept], single[:, kept_single]), format="csr")
        weights = np.zeros((len(self.classes), features.shape[1]))
        intercepts = np.zeros(len(self.classes))
        two = len(self.classes) == 2
        for number in range(len(self.classes) - two):
            if not (truth == number).any():
                intercepts[number] = NEVER
                continue
            regression = LogisticRegression(C=strength, solver="liblinear", tol=1e-2, random_state=0)
            regression.fit(features, truth == number)
            weights[number], intercepts[number] = regression.coef_[0], regression.intercept_[0]
        if two:  # what speaks for one speaks against the other
            weights[1], intercepts[1] = -weights[0], -intercepts[0]
        return self._model(weights, intercepts, kept, kept_single)

    def _model(
        self, weights: np.ndarray, intercepts: np.ndarray, kept: np.ndarray, kept_single: np.ndarray
    ) -> WindowModel:
        used = np.unique(kept // len(WINDOWS))
        table = np.zeros(((len(self.terms) + 1) * len(WINDOWS), len(self.classes)), dtype=np.float32)
        table[kept] = weights[:, : len(kept)].T * SCALES[kept % len(WINDOWS)][:, None]
        names, singles = list(self.terms), list(self.single_terms)
        return WindowModel(
            classes=self.classes,
            terms={names[term]: i for i, term in enumerate(used)},
            weights=table.reshape(-1, len(WINDOWS), len(self.classes))[[*used, len(self.terms)]],
            single_terms={singles[term]: i for i, term in enumerate(kept_single)},
            singles=weights[:, len(kept) :].T,
            intercepts=intercepts,
        )


def _row(terms: Sequence[tuple[int, float]]) -> Row:
    columns, values = zip(*terms, strict=True) if terms else ((), ())
    return np.array(columns, dtype=np.int64), np.array(values)


def _growing(known: dict[str, int]) -> Callable[[str], int]:
    return lambda term: known.setdefault(term, len(known))


def _stacked(rows: Sequence[Row], width: int) -> csr_matrix:
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows])
    values = np.concatenate([values for _, values in rows]).astype(np.float32)
    return csr_matrix((values, columns, starts), shape=(len(rows), width))


def _often(features: csr_matrix) -> np.ndarray:
    return np.flatnonzero(np.bincount(features.indices, minlength=features.shape[1]) >= SEEN)
