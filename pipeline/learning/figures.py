"""Fit the model that tells which numbers count samples (`pipeline.language.counts.model`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import regex

from pipeline.language.count_dates.as_of import Calendar
from pipeline.language.counts.component import SAMPLED, ruled
from pipeline.language.counts.lists import list_counts
from pipeline.language.counts.model import FIGURE_CLASSES, candidates
from pipeline.language.counts.weighing import number_features, spoken
from pipeline.language.fitted.weighing import Weighed
from pipeline.language.fitted.windows import WINDOWS, Post, WindowModel
from pipeline.language.label.cues import find_cues
from pipeline.language.script import matching_copy
from pipeline.language.sentences import sentence_bounds
from pipeline.language.tables.tables import table_counts
from pipeline.learning.gold import GoldDocument
from pipeline.learning.passages import Passage, context_of
from pipeline.learning.weighing import Tried, fit_weighing, parts
from pipeline.learning.windows import Features, Judged

# A number's own characters say nothing; its unit, size and form are told apart from the windows.
SEEN_WINDOWS = tuple(name for name in WINDOWS if name != "inside")

# Each part of the texts is read by a model of the others, to learn how far to trust one.
PARTS = 2


def numbers_of(source: GoldDocument | Passage) -> Judged:
    """The numbers of a document or passage outside its tables."""
    plain, title = matching_copy(source.text), matching_copy(source.title)
    context = context_of(source)
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


class NumberFeatures:
    """The features of many texts, laid out once; models are fitted on some of them."""

    def __init__(
        self, sources: Sequence[GoldDocument | Passage], read: Callable[[int], None] = lambda done: None
    ) -> None:
        """`read` is told before each text how many are read."""
        self.sources = sources
        self.texts: list[Judged] = []
        for done, source in enumerate(sources):
            read(done)
            self.texts.append(numbers_of(source))
        self.features = figure_features(self.texts) if sources else None

    def fit(self, inside: Sequence[int]) -> Weighed | None:
        """A model of the texts with these numbers; None where their numbers all count the same, or nothing."""
        tried: list[Tried] = []
        for part in parts([self.sources[i].file for i in inside], PARTS):
            own = {inside[place] for place in part}
            model = self._model([i for i in inside if i not in own])
            if model is not None:
                tried += [found for i in sorted(own) if (found := self._tried(i, model)) is not None]
        weighing, model = fit_weighing(tried, len(FIGURE_CLASSES)), self._model(inside)
        return None if weighing is None or model is None else Weighed(model, weighing)

    def _model(self, inside: Sequence[int]) -> WindowModel | None:
        if self.features is None:
            return None
        truth = self.features.truth[np.isin(self.features.rows, inside)]
        return self.features.fit(inside) if len(np.unique(truth > 0)) > 1 else None

    def _tried(self, i: int, model: WindowModel) -> Tried | None:
        """What the rules and a model that has not seen it say of a text's numbers; None where a run asks neither."""
        source, (post, found, truth) = self.sources[i], self.texts[i]
        told = ruled(source.text, post.plain, context_of(source), post.cues, {source.label: 1.0})
        if told is None:
            return None
        counts = list(told.found.values())
        rules = [None if rule is None else counts[rule].kind for rule in spoken(found, counts)]
        return Tried(number_features(rules, model.scores(post, found), mass=source.label == "mass_collection"), truth)


def tells_counts(source: GoldDocument | Passage) -> bool:
    """Whether a text says which of its numbers count samples, and the model is asked about such."""
    return source.label in SAMPLED and source.counts is not None
