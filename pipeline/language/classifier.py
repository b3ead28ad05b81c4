"""The component that judges: `doc.cats` gets a score for each label, `doc._.evidence` the sentences behind them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from spacy.attrs import IDX, IS_SPACE, LENGTH
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from pipeline.language.context import body, plain
from pipeline.language.cues import find_cues
from pipeline.language.labelmodel import LABELS, LabelModel, View
from pipeline.language.relevance import speaks_of_samples, without_furniture
from pipeline.language.script import matching_copy
from pipeline.language.sentences import sentence_bounds
from pipeline.language.tokenizer import words
from pipeline.records import Evidence

EVIDENCE_SENTENCES = 3
# Long sentences of a table or a list are no use as evidence beyond this, and cost time.
SENTENCES_WEIGHED = 60


def view(text: str, title: str = "", publisher: str = "") -> View:
    """What the classifier sees of a post: matching copies without page furniture, and title and text in words."""
    copy, heading = without_furniture(matching_copy(text)), matching_copy(title)
    return View(copy, heading, matching_copy(publisher), _words(f"{heading}\n{copy}"))


def evidence_of(model: LabelModel, text: str, label: int) -> list[dict[str, float | str]]:
    """The sentences of a text that say most for a label (an index), strongest first: `text` and `weight`."""
    pieces = [text[a:b] for a, b in sentence_bounds(matching_copy(text))]
    weights = model.sentence_weights([view(piece) for piece in pieces], label)
    best = np.argsort(-weights, kind="stable")[:EVIDENCE_SENTENCES]
    return [{"text": pieces[i], "weight": round(float(weights[i]), 3)} for i in best if weights[i] > 0]


def _words(text: str) -> list[str]:
    return [word.lower() for word in words(text) if not word.isspace()]


@Language.factory("xueyang_label", default_score_weights={"cats_macro_f": 1.0})
def make_label(nlp: Language, name: str) -> LabelComponent:
    """The component, untrained until a model is set or read from disk."""
    return LabelComponent()


class LabelComponent:
    """Sets `doc.cats`, `doc._.needs_review`, `doc._.model_name` and `doc._.evidence`; nothing while untrained."""

    def __init__(self, model: LabelModel | None = None) -> None:
        self.model = model

    def __call__(self, doc: Doc) -> Doc:
        """Judge one document."""
        if self.model is None:
            return doc
        seen = self._view(doc)
        scores = self.model.scores([seen])[0]
        doc.cats = {label: float(score) for label, score in zip(LABELS, scores, strict=True)}
        doc._.needs_review = bool(scores.max() < self.model.review_below)
        doc._.model_name = self.model.name
        doc._.evidence = self._evidence(doc, int(scores.argmax()))
        return doc

    def _view(self, doc: Doc) -> View:
        copy = plain(doc)
        if without_furniture(copy) != copy:
            return view(copy, doc._.context.title, doc._.context.publisher)
        publisher = matching_copy(doc._.context.publisher)
        body = [word for _, word in _tokens(doc, copy)]
        return View(copy, doc._.title_plain, publisher, [*_words(doc._.title_plain), *body], doc._.cues)

    def _evidence(self, doc: Doc, label: int) -> tuple[Evidence, ...]:
        """The sentences that say most for the label given, strongest first."""
        assert self.model is not None
        copy = plain(doc)
        if not speaks_of_samples(copy, doc._.title_plain):
            return ()
        bounds = [b for b in sentence_bounds(copy) if b[1] - b[0] >= 4][:SENTENCES_WEIGHED]
        if not bounds:
            return ()
        tokens = _tokens(doc, copy)
        views = [View(copy[a:b], "", "", _between(tokens, a, b), find_cues(copy[a:b])) for a, b in bounds]
        weights = self.model.sentence_weights(views, label)
        best = [int(i) for i in np.argsort(-weights, kind="stable")[:EVIDENCE_SENTENCES] if weights[i] > 0]
        return tuple(
            Evidence(text=body(doc)[a:b], start=a, end=b, weight=round(float(weights[i]), 3))
            for i in best
            for a, b in (bounds[i],)
        )

    def initialize(self, get_examples: Callable[[], list[Example]], *, nlp: Language, **_: Any) -> None:
        """Trained by `pipeline.learning.training`, not by spaCy's loop."""

    def to_disk(self, path: Path, **_: Any) -> None:
        """Write the model, where there is one."""
        if self.model is not None:
            self.model.to_disk(Path(path))

    def from_disk(self, path: Path, **_: Any) -> LabelComponent:
        """Read the model."""
        self.model = LabelModel.from_disk(Path(path))
        return self


def _tokens(doc: Doc, copy: str) -> list[tuple[int, str]]:
    """Offset and matching form of every word, white space left out."""
    table = doc.to_array([IDX, LENGTH, IS_SPACE])
    return [(a, copy[a : a + n].lower()) for a, n, space in table.tolist() if not space]


def _between(tokens: list[tuple[int, str]], start: int, end: int) -> list[str]:
    """The words that begin from `start` to before `end`."""
    return [word for _, word in tokens[bisect_left(tokens, (start, "")) : bisect_left(tokens, (end, ""))]]
