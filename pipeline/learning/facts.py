"""The fitted models that read facts beside the rules: of counts, of reasons, of groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from spacy.language import Language

from pipeline.language.count_weighing import CountModel
from pipeline.language.figure_model import FIGURE_CLASSES
from pipeline.language.group_model import GroupModel
from pipeline.language.reason_model import ReasonModel
from pipeline.language.weighing import Weighing
from pipeline.language.windows import WindowModel
from pipeline.learning.figures import figure_features, numbers_of, tells_counts, tried
from pipeline.learning.gold import GoldDocument
from pipeline.learning.groups import GroupFeatures, tells_groups
from pipeline.learning.passages import Passage
from pipeline.learning.reasons import ReasonFeatures, pieces_of, tells_reasons
from pipeline.learning.weighing import Tried, fit_weighing
from pipeline.learning.windows import Judged

# Parts of the passages, each of which is read by a model of the others to learn how far to trust one.
FOLDS = 4
Text = GoldDocument | Passage
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class FactModels:
    """A model of each kind of fact; None where there was nothing to learn."""

    counts: CountModel | None = None
    reasons: ReasonModel | None = None
    groups: GroupModel | None = None

    def into(self, nlp: Language) -> None:
        """Give the models to the components of a pipeline."""
        nlp.get_pipe("xueyang_counts").model = self.counts  # type: ignore[attr-defined]
        nlp.get_pipe("xueyang_justifications").model = self.reasons  # type: ignore[attr-defined]
        nlp.get_pipe("xueyang_groups").model = self.groups  # type: ignore[attr-defined]


class FactFeatures:
    """The features of all texts for all kinds of facts, laid out once; models are fitted on some of the texts."""

    def __init__(self, texts: Sequence[Text], progress: Progress = lambda step, done, total: None) -> None:
        self.texts = texts
        self.counted = [i for i, text in enumerate(texts) if tells_counts(text)]
        self.reasoned = [i for i, text in enumerate(texts) if tells_reasons(text)]
        self.grouped = [i for i, text in enumerate(texts) if tells_groups(text)]
        self.numbers: list[Judged] = []
        for done, i in enumerate(self.counted):
            progress("reading what numbers count", done, len(self.counted))
            self.numbers.append(numbers_of(texts[i]))
        pieces = []
        for done, i in enumerate(self.reasoned):
            progress("reading reasons", done, len(self.reasoned))
            pieces.append(pieces_of(texts[i]))
        self.counts = figure_features(self.numbers) if _varied(self.numbers) else None
        self.reasons = ReasonFeatures(pieces) if _varied(pieces) else None
        progress("reading groups", 0, 1)
        self.groups = GroupFeatures([texts[i] for i in self.grouped]) if self.grouped else None

    def fit_numbers(self, inside: set[int]) -> WindowModel | None:
        """The model of what numbers count, of the texts with these numbers."""
        return self.counts.fit(_among(self.counted, inside)) if self.counts else None

    def tried(self, model: WindowModel | None, unseen: set[int]) -> list[Tried]:
        """What the rules and a model say of passages that it has not seen: nobody who wrote rules has read those."""
        if model is None:
            return []
        return [
            found
            for i, numbers in zip(self.counted, self.numbers, strict=True)
            if i in unseen
            and isinstance(self.texts[i], Passage)
            and (found := tried(self.texts[i], numbers, model)) is not None
        ]

    def fit(
        self,
        inside: set[int],
        numbers: WindowModel | None,
        weighing: Weighing | None,
        progress: Progress = lambda step, done, total: None,
    ) -> FactModels:
        """Models of the texts with these numbers; `numbers` and `weighing` are fitted before."""
        progress("learning reasons", 0, 2)
        reasons = self.reasons.fit(_among(self.reasoned, inside)) if self.reasons else None
        progress("learning groups", 1, 2)
        groups = self.groups.fit(_among(self.grouped, inside)) if self.groups else None
        counts = CountModel(numbers, weighing) if numbers is not None and weighing is not None else None
        return FactModels(counts, reasons, groups)


def _varied(texts: Sequence[Judged]) -> bool:
    """Whether some stretches are of a class and some of none."""
    return bool(texts) and len(np.unique(np.concatenate([text.truth for text in texts]) > 0)) == 2


def _among(numbers: Sequence[int], inside: set[int]) -> list[int]:
    """Which of the texts with these numbers are inside, by their place among them."""
    return [place for place, i in enumerate(numbers) if i in inside]


def fit_facts(texts: Sequence[Text], progress: Progress = lambda step, done, total: None) -> FactModels:
    """Models of all the texts. `progress` is told what is being done, how much of it, and how much there is."""
    features = FactFeatures(texts, progress)
    everything = set(range(len(texts)))
    seen: list[Tried] = []
    for fold in range(FOLDS):
        progress("learning what numbers count", fold, FOLDS + 1)
        unseen = _passages(texts, fold, FOLDS)
        seen += features.tried(features.fit_numbers(everything - unseen), unseen)
    progress("learning what numbers count", FOLDS, FOLDS + 1)
    return features.fit(everything, features.fit_numbers(everything), _weighing(seen), progress)


def fold_models(
    documents: Sequence[GoldDocument], passages: Sequence[Passage], outside: Sequence[Sequence[int]]
) -> list[tuple[FactModels, list[Text]]]:
    """For each fold (`outside`: the numbers of its documents) models that have not seen them, and what they have not.

    Files of passages are dealt out to the folds whole. How far to trust the model of counts is learned from what the
    other folds' models say of passages.
    """
    texts: list[Text] = [*documents, *passages]
    features = FactFeatures(texts)
    everything = set(range(len(texts)))
    unseen = [{*numbers, *_passages(texts, fold, len(outside))} for fold, numbers in enumerate(outside)]
    numbers = [features.fit_numbers(everything - fold) for fold in unseen]
    seen = [features.tried(model, fold) for model, fold in zip(numbers, unseen, strict=True)]
    found = []
    for number, fold in enumerate(unseen):
        others = [text for other, part in enumerate(seen) if other != number for text in part]
        models = features.fit(everything - fold, numbers[number], _weighing(others))
        found.append((models, [texts[i] for i in sorted(fold)]))
    return found


def _weighing(seen: Sequence[Tried]) -> Weighing | None:
    return fit_weighing(seen, len(FIGURE_CLASSES))


def _passages(texts: Sequence[Text], fold: int, folds: int) -> set[int]:
    """The numbers of the passages whose files fall to a fold."""
    files = sorted({text.file for text in texts if isinstance(text, Passage)})
    own = {name for place, name in enumerate(files) if place % folds == fold}
    return {i for i, text in enumerate(texts) if isinstance(text, Passage) and text.file in own}
