"""Fit the models that tell reasons for a collection (`pipeline.language.reasons.model`)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import regex

from pipeline.language.reasons.model import (
    CODE_WINDOWS,
    CODES,
    REASON_CLASSES,
    TOLD_WINDOWS,
    ReasonModel,
    pieces,
)
from pipeline.learning.gold import GoldDocument
from pipeline.learning.passages import Passage, telling_of_text
from pipeline.learning.windows import Features, Judged

# What was chosen by cross-validation; figures in models/MODEL_CARD.md.
TOLD_STRENGTH, CODE_STRENGTH = 0.3, 1.0
# So many characters of a piece in a reason make it one, or half of either.
SHARED = 4


def tells_reasons(source: GoldDocument | Passage) -> bool:
    """Whether a text says which reasons it gives for a collection."""
    return source.label == "mass_collection" and source.justifications is not None


def pieces_of(source: GoldDocument | Passage) -> Judged:
    """The pieces of a text, and of each 0 or the place of its code among `CODES`, counted from 1."""
    text = f"{source.title}\n{source.text}" if source.title else source.text
    told = telling_of_text(source)
    found = pieces(told)
    truth = np.zeros(len(found), dtype=np.int64)
    for reason in source.justifications or ():
        # a phrase that stands in the title and the text is meant where the text first has it
        spans = [match.span() for match in regex.finditer(regex.escape(reason.text), text)]
        for start, end in sorted(spans, key=lambda span: (span[0] < told.lead, span))[:1]:
            for row, piece in enumerate(found):
                shared = min(piece.end, end) - max(piece.start, start)
                if shared > 0 and (shared >= SHARED or 2 * shared >= min(piece.end - piece.start, end - start)):
                    truth[row] = CODES.index(reason.code) + 1
    return Judged(told.post, found, truth)


class ReasonFeatures:
    """The features of many texts, laid out once; models are fitted on some of them."""

    def __init__(self, texts: Sequence[Judged]) -> None:
        told = [text._replace(truth=(text.truth > 0).astype(np.int64)) for text in texts]
        given = [
            Judged(
                text.post,
                [piece for piece, code in zip(text.found, text.truth, strict=True) if code],
                text.truth[text.truth > 0] - 1,
            )
            for text in texts
        ]
        self.told = Features(told, REASON_CLASSES, TOLD_WINDOWS)
        self.code = Features(given, CODES, CODE_WINDOWS)

    def fit(self, inside: Sequence[int]) -> ReasonModel | None:
        """A model of the texts with these numbers; None where they give no reason or nothing but reasons."""
        rows = np.isin(self.told.rows, inside)
        if len(np.unique(self.told.truth[rows])) < 2:
            return None
        return ReasonModel(self.told.fit(inside, TOLD_STRENGTH), self.code.fit(inside, CODE_STRENGTH))
