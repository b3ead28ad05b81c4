"""Fit the model that tells which numbers count samples (`pipeline.language.figure_model`)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import regex

from pipeline.language.count_dates import Calendar
from pipeline.language.count_lists import list_counts
from pipeline.language.count_tables import table_counts
from pipeline.language.count_weighing import number_features, spoken
from pipeline.language.counts import SAMPLED, find_counts, may_count
from pipeline.language.cues import find_cues
from pipeline.language.figure_model import FIGURE_CLASSES, candidates
from pipeline.language.script import matching_copy
from pipeline.language.sentences import sentence_bounds
from pipeline.language.windows import WINDOWS, Post, WindowModel
from pipeline.learning.gold import GoldDocument
from pipeline.learning.passages import Passage, context_of
from pipeline.learning.weighing import Tried
from pipeline.learning.windows import Features, Judged

# A number's own characters say nothing; its unit, size and form are told apart from the windows.
SEEN_WINDOWS = tuple(name for name in WINDOWS if name != "inside")


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


def tried(source: GoldDocument | Passage, numbers: Judged, model: WindowModel) -> Tried | None:
    """What the rules and a model that has not seen it say of a text's numbers; None where a run would not ask them."""
    context = context_of(source)
    if not may_count(numbers.post.plain, context, numbers.post.cues, {source.label: 1.0}):
        return None
    counts = find_counts(source.text, context, None, {source.label: 1.0})
    rules = [None if rule is None else counts[rule].kind for rule in spoken(numbers.found, counts)]
    scores = model.scores(numbers.post, numbers.found)
    return Tried(number_features(rules, scores, mass=source.label == "mass_collection"), numbers.truth)


def tells_counts(source: GoldDocument | Passage) -> bool:
    """Whether a text says which of its numbers count samples, and the model is asked about such."""
    return source.label in SAMPLED and source.counts is not None
