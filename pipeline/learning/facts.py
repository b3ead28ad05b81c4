"""The fitted models that read facts beside the rules: of counts, of reasons, of groups, of places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from spacy.language import Language

from pipeline.language.fitted.weighing import Weighed
from pipeline.language.fitted.windows import WindowModel
from pipeline.language.reasons.model import ReasonModel
from pipeline.learning.figures import NumberFeatures, tells_counts
from pipeline.learning.gold import GoldDocument
from pipeline.learning.groups import GroupFeatures, tells_groups
from pipeline.learning.parallel import on_all_cores
from pipeline.learning.passages import Passage
from pipeline.learning.places import PlaceFeatures, places_in, tells_places
from pipeline.learning.reasons import ReasonFeatures, pieces_of, tells_reasons
from pipeline.learning.windows import Judged

Text = GoldDocument | Passage
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class FactModels:
    """A model of each kind of fact; None where there was nothing to learn."""

    counts: Weighed | None = None
    reasons: ReasonModel | None = None
    groups: Weighed | None = None
    places: WindowModel | None = None

    def into(self, nlp: Language) -> None:
        """Give the models to the components of a pipeline."""
        nlp.get_pipe("xueyang_counts").model = self.counts  # type: ignore[attr-defined]
        nlp.get_pipe("xueyang_justifications").model = self.reasons  # type: ignore[attr-defined]
        nlp.get_pipe("xueyang_groups").model = self.groups  # type: ignore[attr-defined]
        nlp.get_pipe("xueyang_places").model = self.places  # type: ignore[attr-defined]


class FactFeatures:
    """The features of all texts for all kinds of facts, laid out once; models are fitted on some of the texts."""

    def __init__(self, texts: Sequence[Text], progress: Progress = lambda step, done, total: None) -> None:
        self.counted = [i for i, text in enumerate(texts) if tells_counts(text)]
        self.reasoned = [i for i, text in enumerate(texts) if tells_reasons(text)]
        self.grouped = [i for i, text in enumerate(texts) if tells_groups(text)]
        placed = [(i, text) for i, text in enumerate(texts) if tells_places(text)]
        self.placed = [i for i, _ in placed]
        self.counts = NumberFeatures(
            [texts[i] for i in self.counted],
            lambda done: progress("reading what numbers count", done, len(self.counted)),
        )
        pieces = []
        for done, i in enumerate(self.reasoned):
            progress("reading reasons", done, len(self.reasoned))
            pieces.append(pieces_of(texts[i]))
        self.reasons = ReasonFeatures(pieces) if _varied(pieces) else None
        progress("reading groups", 0, 1)
        self.groups = GroupFeatures([texts[i] for i in self.grouped]) if self.grouped else None
        progress("reading places", 0, 1)
        self.places = PlaceFeatures([places_in(text) for _, text in placed]) if placed else None

    def fit(self, inside: set[int], progress: Progress = lambda step, done, total: None) -> FactModels:
        """Models of the texts with these numbers."""
        steps = 4
        progress("learning what numbers count", 0, steps)
        counts = self.counts.fit(_among(self.counted, inside))
        progress("learning reasons", 1, steps)
        reasons = self.reasons.fit(_among(self.reasoned, inside)) if self.reasons else None
        progress("learning groups", 2, steps)
        groups = self.groups.fit(_among(self.grouped, inside)) if self.groups else None
        progress("learning places", 3, steps)
        places = self.places.fit(_among(self.placed, inside)) if self.places else None
        return FactModels(counts, reasons, groups, places)


def _varied(texts: Sequence[Judged]) -> bool:
    """Whether some stretches are of a class and some of none."""
    return bool(texts) and len(np.unique(np.concatenate([text.truth for text in texts]) > 0)) == 2


def _among(numbers: Sequence[int], inside: set[int]) -> list[int]:
    """Which of the texts with these numbers are inside, by their place among them."""
    return [place for place, i in enumerate(numbers) if i in inside]


def fit_facts(texts: Sequence[Text], progress: Progress = lambda step, done, total: None) -> FactModels:
    """Models of all the texts. `progress` is told what is being done, how much of it, and how much there is."""
    return FactFeatures(texts, progress).fit(set(range(len(texts))), progress)


def fold_models(
    documents: Sequence[GoldDocument], passages: Sequence[Passage], outside: Sequence[Sequence[int]]
) -> list[tuple[FactModels, list[Text]]]:
    """For each fold (`outside`: the numbers of its documents) models that have not seen them, and what they have not.

    Files of passages are dealt out to the folds whole.
    """
    files = sorted({passage.file for passage in passages})
    texts: list[Text] = [*documents, *passages]
    features = FactFeatures(texts)
    everything = set(range(len(texts)))
    unseen: list[set[int]] = []
    for fold, numbers in enumerate(outside):
        own = {name for place, name in enumerate(files) if place % len(outside) == fold}
        passed = (i for i, text in enumerate(texts) if isinstance(text, Passage) and text.file in own)
        unseen.append({*numbers, *passed})
    models = on_all_cores(lambda fold: features.fit(everything - fold), unseen)
    return [(model, [texts[i] for i in sorted(fold)]) for model, fold in zip(models, unseen, strict=True)]
