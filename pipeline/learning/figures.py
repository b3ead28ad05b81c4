"""Fit the model that tells which numbers count samples (`pipeline.language.figure_model`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import regex
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from pipeline.language.context import Context
from pipeline.language.count_dates import Calendar
from pipeline.language.count_lists import list_counts
from pipeline.language.count_tables import table_counts
from pipeline.language.cues import find_cues
from pipeline.language.figure_model import (
    CLASSES,
    KINDS,
    SCALES,
    SIZES,
    WINDOWS,
    Candidate,
    FigureModel,
    Post,
    candidates,
    placed,
    terms_at,
)
from pipeline.language.script import matching_copy
from pipeline.language.sentences import sentence_bounds
from pipeline.learning.gold import GoldDocument
from pipeline.learning.passages import Passage

# Posts whose numbers may count samples; in the others the model is not asked.
ASKED = ("mass_collection", "casework", "research")
# What was chosen by cross-validation; figures in models/MODEL_CARD.md.
REGULARISATION = 0.3
NEVER = -20.0  # log-odds of a kind that the texts lack
# A term must stand in its window beside this many numbers.
SEEN = 5


@dataclass(frozen=True)
class Numbers:
    """The numbers of one annotated text: what the model sees of them, and what each counts (0: nothing, then KINDS)."""

    source: GoldDocument | Passage
    post: Post
    found: Sequence[Candidate]
    truth: np.ndarray


def numbers_of(source: GoldDocument | Passage) -> Numbers:
    """The numbers of a document or passage outside its tables."""
    plain, title = matching_copy(source.text), matching_copy(source.title)
    context = Context(source.title, source.publisher, source.published)
    calendar = Calendar(plain, context, mass=source.label == "mass_collection")
    covered = table_counts(plain, calendar)[1] + list_counts(plain, calendar)[1]
    post = Post.of(plain, title, sentence_bounds(plain), find_cues(plain), source.label)
    found = candidates(post, covered)
    truth = np.zeros(len(found), dtype=np.int64)
    for count in source.counts:
        spans = [m.span() for m in regex.finditer(regex.escape(count.text), source.text)]
        for row, candidate in enumerate(found):
            meets = any(start < candidate.end and candidate.start < end for start, end in spans)
            if meets and abs(candidate.numeral.value - count.value) < 1e-3:
                truth[row] = KINDS.index(count.kind) + 1
    return Numbers(source, post, found, truth)


# The columns of one row that are not zero, and their values.
Row = tuple[np.ndarray, np.ndarray]


class Features:
    """The features of many texts, laid out once; models are fitted on some of their rows."""

    def __init__(self, texts: Sequence[Numbers]) -> None:
        self.terms: dict[str, int] = {}
        self.single_terms: dict[str, int] = {}
        self.rows = np.repeat(np.arange(len(texts)), [len(text.found) for text in texts])
        self.truth = np.concatenate([text.truth for text in texts])
        wide, single = zip(*(self._features(text) for text in texts), strict=True)
        self.wide = _stacked([row for rows in wide for row in rows], len(self.terms) * len(WINDOWS))
        self.single = _stacked([row for rows in single for row in rows], len(self.single_terms))

    def _features(self, text: Numbers) -> tuple[list[Row], list[Row]]:
        where = placed(text.post, text.found)
        columns: list[list[np.ndarray]] = [[] for _ in text.found]
        for size, terms in zip(SIZES, terms_at(text.post, _growing(self.terms)), strict=True):
            terms.sort()
            at, known = np.array(terms, dtype=np.int64).reshape(-1, 2).T
            ends = np.maximum(where.ends - size + 1, where.starts)
            spans = np.stack([np.searchsorted(at, where.starts), np.searchsorted(at, ends)], axis=-1)
            for row, windows in enumerate(spans):
                columns[row] += [known[a:b] * len(WINDOWS) + window for window, (a, b) in enumerate(windows)]
        wide = [np.unique(np.concatenate(parts), return_counts=True) for parts in columns]
        look_up = _growing(self.single_terms)
        single = [(np.array([look_up(term) for term in row]), np.array(list(row.values()))) for row in where.besides]
        return [(names, times * SCALES[names % len(WINDOWS)]) for names, times in wide], single

    def fit(self, inside: Sequence[int]) -> FigureModel:
        """A model of the texts with these numbers."""
        rows = np.isin(self.rows, inside)
        wide, single, truth = self.wide[rows], self.single[rows], self.truth[rows]
        kept, kept_single = _often(wide), _often(single)
        features = _side_by_side(wide[:, kept], single[:, kept_single])
        weights = np.zeros((CLASSES, features.shape[1]))
        intercepts = np.zeros(CLASSES)
        for kind in range(CLASSES):
            if not (truth == kind).any():
                intercepts[kind] = NEVER
                continue
            regression = LogisticRegression(C=REGULARISATION, solver="liblinear", tol=1e-2, random_state=0)
            regression.fit(features, truth == kind)
            weights[kind], intercepts[kind] = regression.coef_[0], regression.intercept_[0]
        return self._model(weights, intercepts, kept, kept_single)

    def _model(
        self, weights: np.ndarray, intercepts: np.ndarray, kept: np.ndarray, kept_single: np.ndarray
    ) -> FigureModel:
        used = np.unique(kept // len(WINDOWS))
        table = np.zeros((len(self.terms) * len(WINDOWS), CLASSES), dtype=np.float32)
        table[kept] = weights[:, : len(kept)].T * SCALES[kept % len(WINDOWS)][:, None]
        names, singles = list(self.terms), list(self.single_terms)
        return FigureModel(
            terms={names[term]: i for i, term in enumerate(used)},
            weights=table.reshape(-1, len(WINDOWS), CLASSES)[used],
            single_terms={singles[term]: i for i, term in enumerate(kept_single)},
            singles=weights[:, len(kept) :].T,
            intercepts=intercepts,
        )


def _growing(known: dict[str, int]) -> Callable[[str], int]:
    return lambda term: known.setdefault(term, len(known))


def _stacked(rows: Sequence[Row], width: int) -> csr_matrix:
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows])
    values = np.concatenate([values for _, values in rows]).astype(np.float32)
    return csr_matrix((values, columns, starts), shape=(len(rows), width))


def _often(features: csr_matrix) -> np.ndarray:
    return np.flatnonzero(np.bincount(features.indices, minlength=features.shape[1]) >= SEEN)


def _side_by_side(*parts: csr_matrix) -> csr_matrix:
    return hstack(parts, format="csr")


def asked(sources: Sequence[GoldDocument | Passage]) -> list[GoldDocument | Passage]:
    """Those whose label lets them count samples."""
    return [source for source in sources if source.label in ASKED]


def fit_figures(
    sources: Sequence[GoldDocument | Passage], progress: Callable[[int, int], None] = lambda done, total: None
) -> FigureModel | None:
    """A model of all the texts; None where they hold no count or nothing but counts.

    `progress` is told how many texts are read, of how many.
    """
    told = asked(sources)
    texts = []
    for done, source in enumerate(told):
        progress(done, len(told) + 1)
        texts.append(numbers_of(source))
    progress(len(told), len(told) + 1)
    features = Features(texts) if texts else None
    if features is None or len(np.unique(features.truth > 0)) < 2:
        return None
    return features.fit(range(len(texts)))
