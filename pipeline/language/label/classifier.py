"""The component that judges: `doc.cats` gets a score for each label, `doc._.evidence` the sentences behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from pipeline.language.context import body, plain, tokens
from pipeline.language.label.model import LABELS, Encoded, LabelModel, View
from pipeline.language.relevance import without_furniture
from pipeline.language.script import matching_copy
from pipeline.language.sentences import sentence_bounds
from pipeline.language.tokenizer import pieces, words
from pipeline.records import Evidence

EVIDENCE_SENTENCES = 3
SHORTEST_EVIDENCE = 4  # characters


def view(text: str, title: str = "", publisher: str = "") -> View:
    """What the classifier sees of a post: matching copies without page furniture, and title and text in words."""
    copy, heading = without_furniture(matching_copy(text)), matching_copy(title)
    placed = [(word, start) for word, start in _placed(copy) if not word.isspace()]
    texts = [*_words(heading), *(word.lower() for word, _ in placed)]
    return View(copy, heading, matching_copy(publisher), texts, None, [start for _, start in placed])


def _placed(text: str) -> Iterator[tuple[str, int]]:
    start = 0
    for word in words(text):
        yield word, start
        start += len(word)


def strongest(model: LabelModel, encoded: Encoded, label: int) -> list[tuple[int, int, float]]:
    """Start, end and weight of the sentences that add most to a label (an index), strongest first."""
    bounds = sentence_bounds(encoded.view.plain)
    if not bounds:
        return []
    weights = [round(float(weight), 3) for weight in model.shares(encoded, bounds, label)[:-1]]
    ranked = sorted(zip(bounds, weights, strict=True), key=lambda found: (-found[1], found[0]))
    long = [(a, b, weight) for (a, b), weight in ranked if weight > 0 and b - a >= SHORTEST_EVIDENCE]
    return long[:EVIDENCE_SENTENCES]


def _words(text: str) -> list[str]:
    return [word.lower() for word in pieces(text) if not word.isspace()]


@Language.factory("xueyang_label", default_score_weights={"cats_macro_f": 1.0})
def make_label(nlp: Language, name: str) -> LabelComponent:
    """The component, untrained until a model is set or read from disk."""
    return LabelComponent()


class LabelComponent:
    """Sets `doc.cats`, `doc._.needs_review`, `doc._.model_name` and `doc._.evidence`; nothing while untrained."""

    model: LabelModel | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Judge one document."""
        if self.model is None:
            return doc
        whole = self._view(doc)
        clean = without_furniture(whole.plain)
        seen = whole if clean == whole.plain else view(clean, whole.title, whole.publisher)
        encoded = None if self.model.silent(seen) else self.model.encode(seen)
        scores = self.model.scores([seen])[0] if encoded is None else self.model.judge(encoded)
        doc.cats = {label: float(score) for label, score in zip(LABELS, scores, strict=True)}
        doc._.needs_review = self.model.doubtful(scores, seen)
        doc._.model_name = self.model.name
        doc._.evidence = self._evidence(doc, encoded if seen is whole else self.model.encode(whole))
        return doc

    def _view(self, doc: Doc) -> View:
        copy = plain(doc)
        words = _tokens(doc, copy)
        texts = [*_words(doc._.title_plain), *(word for _, word in words)]
        publisher = matching_copy(doc._.context.publisher)
        return View(copy, doc._.title_plain, publisher, texts, doc._.cues, [start for start, _ in words])

    def _evidence(self, doc: Doc, encoded: Encoded | None) -> tuple[Evidence, ...]:
        """The sentences that add most to the score of the label given; none where absence has decided."""
        assert self.model is not None
        if encoded is None:
            return ()
        label = LABELS.index(max(doc.cats, key=doc.cats.__getitem__))
        return tuple(
            Evidence(text=body(doc)[a:b], start=a, end=b, weight=weight)
            for a, b, weight in strongest(self.model, encoded, label)
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
    table = tokens(doc)
    found = table[table[:, 2] == 0, :2].tolist()
    lowered = copy.lower()
    if len(lowered) != len(copy):  # a few Latin letters grow in lower case
        return [(a, copy[a : a + n].lower()) for a, n in found]
    return [(a, lowered[a : a + n]) for a, n in found]
