"""Fit the model that tells which numbers count samples (`pipeline.language.figure_model`), and how far to trust it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import regex
from sklearn.linear_model import LogisticRegression

from pipeline.language.context import Context
from pipeline.language.count_dates import Calendar
from pipeline.language.count_lists import list_counts
from pipeline.language.count_tables import table_counts
from pipeline.language.count_weighing import Weighing, spoken, weighing_features
from pipeline.language.counts import SAMPLED, find_counts
from pipeline.language.cues import find_cues
from pipeline.language.figure_model import FIGURE_CLASSES, candidates
from pipeline.language.script import matching_copy
from pipeline.language.sentences import sentence_bounds
from pipeline.language.windows import WINDOWS, Floats, Post, WindowModel
from pipeline.learning.gold import GoldDocument
from pipeline.learning.passages import Passage
from pipeline.learning.windows import NEVER, Features, Judged

# A number's own characters say nothing; its unit, size and form are told apart from the windows.
SEEN_WINDOWS = tuple(name for name in WINDOWS if name != "inside")

# Of the regression that weighs model against rules: hardly regularised, it has 130 weights and 15,000 numbers.
TRUST, MOST_STEPS = 0.3, 3000
TWO = 2


def numbers_of(source: GoldDocument | Passage) -> Judged:
    """The numbers of a document or passage outside its tables."""
    plain, title = matching_copy(source.text), matching_copy(source.title)
    context = Context(source.title, source.publisher, source.published)
    calendar = Calendar(plain, context, mass=source.label == "mass_collection")
    covered = table_counts(plain, calendar)[1] + list_counts(plain, calendar)[1]
    post = Post.of(plain, title, sentence_bounds(plain), find_cues(plain), source.label)
    found = candidates(post, covered)
    truth = np.zeros(len(found), dtype=np.int64)
    for count in source.counts or ():
        spans = [m.span() for m in regex.finditer(regex.escape(count.text), source.text)]
        for row, candidate in enumerate(found):
            meets = any(start < candidate.end and candidate.start < end for start, end in spans)
            if meets and abs(candidate.numeral.value - count.value) < 1e-3:
                truth[row] = FIGURE_CLASSES.index(count.kind)
    return Judged(post, [candidate.stretch for candidate in found], truth)


def figure_features(texts: Sequence[Judged]) -> Features:
    """What the model of counts learns from the numbers of these texts."""
    return Features(texts, FIGURE_CLASSES, SEEN_WINDOWS)


class Weighed(NamedTuple):
    """What rules and model say of the numbers of one text, and the truth as places among the classes."""

    features: Floats
    truth: np.ndarray


def weighed(source: GoldDocument | Passage, numbers: Judged, model: WindowModel) -> Weighed:
    """What the rules and a model that has not seen it say of a text's numbers."""
    context = Context(source.title, source.publisher, source.published)
    counts = find_counts(source.text, context, None, {source.label: 1.0})
    rules = [None if rule is None else counts[rule].kind for rule in spoken(numbers.found, counts)]
    scores = model.scores(numbers.post, numbers.found)
    return Weighed(weighing_features(rules, scores, mass=source.label == "mass_collection"), numbers.truth)


def fit_weighing(texts: Sequence[Weighed]) -> Weighing | None:
    """How far to trust rules and model, learned from texts that neither had seen; None where these hold no counts."""
    truth = np.concatenate([text.truth for text in texts]) if texts else np.zeros(0)
    if len(np.unique(truth)) < TWO:
        return None
    regression = LogisticRegression(C=TRUST, max_iter=MOST_STEPS)
    regression.fit(np.vstack([text.features for text in texts]), truth)
    coefficients, intercepts = regression.coef_, regression.intercept_
    if len(regression.classes_) == TWO:  # told as the odds of the second
        coefficients = np.vstack([np.zeros_like(coefficients), coefficients])
        intercepts = np.append(0.0, intercepts)
    found = Weighing(np.zeros((coefficients.shape[1], len(FIGURE_CLASSES))), np.full(len(FIGURE_CLASSES), NEVER))
    found.weights[:, regression.classes_], found.intercepts[regression.classes_] = coefficients.T, intercepts
    return found


def tells_counts(source: GoldDocument | Passage) -> bool:
    """Whether a text says which of its numbers count samples, and the model is asked about such."""
    return source.label in SAMPLED and source.counts is not None
