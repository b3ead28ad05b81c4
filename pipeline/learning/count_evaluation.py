"""How well counts are told in texts that the fitted model has not seen, with it and by the rules alone.

The rules were written by people who had read the gold documents, not the passages: what the passages say of the rules
is the better measure. Both are judged with the label that the annotation gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pipeline.language.context import Context
from pipeline.language.counts import read_counts
from pipeline.language.figure_model import FigureModel
from pipeline.learning.figures import Features, asked, numbers_of
from pipeline.learning.gold import GoldDocument
from pipeline.learning.passages import Passage
from pipeline.learning.scoring import Tally, count_key, strict_key
from pipeline.records import SourceType

Text = GoldDocument | Passage


def fold_models(
    documents: Sequence[GoldDocument], passages: Sequence[Passage], outside: Sequence[Sequence[int]]
) -> list[tuple[FigureModel, list[Text]]]:
    """For each fold (`outside`: the numbers of its documents) a model that has not seen them, and what it has not seen.

    Files of passages are dealt out to the folds whole.
    """
    files = sorted({passage.file for passage in passages})
    told: list[Text] = [*documents, *passages]
    left_out = []
    for fold, numbers in enumerate(outside):
        own = {name for place, name in enumerate(files) if place % len(outside) == fold}
        unseen: list[Text] = [documents[i] for i in numbers]
        left_out.append(unseen + [passage for passage in passages if passage.file in own])
    texts = [numbers_of(text) for text in asked(told)]
    features = Features(texts)
    found = []
    for unseen in left_out:
        left = {id(text) for text in unseen}
        inside = [row for row, text in enumerate(texts) if id(text.source) not in left]
        found.append((features.fit(inside), unseen))
    return found


def count_metrics(models: Sequence[tuple[FigureModel, Sequence[Text]]]) -> dict[str, Any]:
    """Counts of gold documents and of passages: by the rules, and by rules and model together."""
    found: dict[str, Any] = {}
    for kind, name in ((GoldDocument, "gold"), (Passage, "passages")):
        part = [(model, [text for text in unseen if isinstance(text, kind)]) for model, unseen in models]
        found[name] = {
            "rules": _scores(part, lambda model: None),
            "rules and model": _scores(part, lambda model: model),
        }
    return found


def _scores(
    part: Sequence[tuple[FigureModel, Sequence[Text]]], chosen: Callable[[FigureModel], FigureModel | None]
) -> dict[str, Any]:
    tally, strict, invented, others = Tally(), Tally(), 0, 0
    for model, unseen in part:
        for text in unseen:
            source: SourceType = text.source_type if isinstance(text, GoldDocument) else "other"
            context = Context(text.title, text.publisher, text.published, source)
            counts, _ = read_counts(text.text, context, None, {text.label: 1.0}, chosen(model))
            tally.add(map(count_key, text.counts), map(count_key, counts))
            strict.add(map(strict_key, text.counts), map(strict_key, counts))
            if text.label != "mass_collection":
                others += 1
                invented += bool(set(map(count_key, counts)) - set(map(count_key, text.counts)))
    return {
        "counts": tally.scores(),
        "counts_strict": strict.scores(),
        "invented": invented,
        "not_mass_collection": others,
    }
