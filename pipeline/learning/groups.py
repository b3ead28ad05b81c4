"""Fit the model that tells who of the people named is sampled (`pipeline.language.groups.model`).

The annotation says which groups a text tells as sampled, not by which of its words: at first every word for such a
group counts as telling, then only those that a model fitted without their file finds likely, at least one a group.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.language.fitted.weighing import Weighed
from pipeline.language.fitted.windows import Post
from pipeline.language.groups.groups import find_groups
from pipeline.language.groups.model import GROUP_CLASSES, GROUP_WINDOWS, Mention, group_features, mentions
from pipeline.learning.gold import GoldDocument
from pipeline.learning.passages import Passage, context_of, telling_of_text
from pipeline.learning.weighing import Tried, fit_weighing, parts
from pipeline.learning.windows import Features, Judged

# What was chosen by cross-validation; figures in models/MODEL_CARD.md.
ROUNDS, PARTS = 2, 4
# A word tells of a sampled group from this probability on, and from this share of the group's likeliest word.
LIKELY, OF_LIKELIEST = 0.3, 0.5


def tells_groups(source: GoldDocument | Passage) -> bool:
    """Whether a text says from whom samples of a collection are taken."""
    return source.label == "mass_collection" and source.groups is not None


def people_of(source: GoldDocument | Passage) -> tuple[Post, list[Mention]]:
    """A text as the model sees it, and the words that name people in it."""
    told = telling_of_text(source)
    return told.post, mentions(told)


class GroupFeatures:
    """The features of many texts, laid out once; models are fitted on some of them."""

    def __init__(self, sources: Sequence[GoldDocument | Passage]) -> None:
        self.sources, self.files = sources, [source.file for source in sources]
        people = [people_of(source) for source in sources]
        self.mentions = [found for _, found in people]
        self.groups = [np.array([mention.group for mention in found], dtype=object) for _, found in people]
        texts = [
            Judged(
                post,
                [mention.stretch for mention in found],
                np.array([mention.group in (source.groups or ()) for mention in found], dtype=np.int64),
            )
            for source, (post, found) in zip(sources, people, strict=True)
        ]
        self.texts, self.features = texts, Features(texts, GROUP_CLASSES, GROUP_WINDOWS)
        self.edges = np.cumsum([0, *(len(text.found) for text in texts)])

    def fit(self, inside: Sequence[int]) -> Weighed | None:
        """A model of the texts with these numbers; None where they name nobody sampled, or nobody else."""
        rows = np.isin(self.features.rows, inside)
        if len(np.unique(self.features.truth[rows])) < 2:
            return None
        truth = first = self.features.truth
        seen: dict[int, np.ndarray] = {}
        for _ in range(ROUNDS):
            before, truth = truth, first.copy()
            for part in parts([self.files[i] for i in inside], PARTS):
                own = {inside[place] for place in part}
                model = self.features.fit([i for i in inside if i not in own], truth=before)
                for i in sorted(own):
                    seen[i] = model.scores(self.texts[i].post, self.texts[i].found)[:, 1]
                    truth[self.edges[i] : self.edges[i + 1]] = self._telling(i, seen[i])
        # passages, annotated by their writers alone, call fewer people residents than two readers of gold do
        read = [i for i in seen if isinstance(self.sources[i], GoldDocument)]
        tried = [self._tried(i, seen[i]) for i in read or seen]
        weighing = fit_weighing(tried, len(GROUP_CLASSES))
        return None if weighing is None else Weighed(self.features.fit(inside, truth=truth), weighing)

    def _tried(self, i: int, scores: np.ndarray) -> Tried:
        """What the rules and a model that has not seen it say of who is sampled in a text."""
        source = self.sources[i]
        rules = find_groups(source.text, context_of(source))
        named, features = group_features(rules, self.mentions[i], scores.tolist())
        return Tried(features, np.array([group in (source.groups or ()) for group in named], dtype=np.int64))

    def _telling(self, i: int, scores: np.ndarray) -> np.ndarray:
        """Which words of a text tell of a sampled group, by the scores of a model that has not seen it."""
        text, groups = self.texts[i], self.groups[i]
        telling = np.zeros(len(groups), dtype=np.int64)
        for group in {group for group, sampled in zip(groups, text.truth, strict=True) if sampled}:
            own = np.flatnonzero(groups == group)
            highest = scores[own].max()
            telling[own] = scores[own] >= max(OF_LIKELIEST * highest, LIKELY)
            telling[own[scores[own].argmax()]] = 1
        return telling
