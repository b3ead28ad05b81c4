"""The classifier's fitted numbers: from text to scores, and which sentences carried them.

A linear model over four kinds of features: character n-grams, jieba words, the words of the sentences about samples
(all TF-IDF), and readable cues. Posts that name no sample of any kind do not reach it: they are `other`. Where only the
beginning of a post is there, other weights tell what the whole is likely to be. It is fitted in
`pipeline.learning.training` and stored as JSON and plain arrays, so that a model file cannot run code.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast, get_args

import numpy as np
from numpy.typing import NDArray

from pipeline.language.fitted.terms import (
    Terms,
    Vectorizer,
    char_vectorizer,
    grams_of,
    in_order,
    restored,
    word_vectorizer,
    zeroed,
)
from pipeline.language.label.cues import Cue
from pipeline.language.label.features import SAMPLE_SENTENCES, Located, located_features
from pipeline.language.relevance import of_herds_alone, speaks_of_samples, stops_short
from pipeline.language.sentences import sentence_bounds
from pipeline.records import Label

if TYPE_CHECKING:  # training needs them; a run would spend two seconds on loading them
    from scipy.sparse import csr_matrix

LABELS: tuple[Label, ...] = get_args(Label)
MASS = LABELS.index("mass_collection")
# Where no label is as likely as this, the model does not know what a post is, and a person must look.
HALF = 0.5
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class View:
    """A post as the classifier sees it: matching copies of title, text and publisher, and the words in order.

    `starts` tells where in the text the last words begin; the words before them are the title's.
    """

    plain: str
    title: str
    publisher: str
    words: Sequence[str]
    cues: Sequence[Cue] | None = None
    starts: Sequence[int] = ()

    @property
    def characters(self) -> str:
        """What character n-grams are taken from; every digit is 0."""
        told = f"{self.title}\n{self.plain}"
        lower = told.lower()
        # a few Latin letters grow in lower case; that every letter keeps its place matters more
        return zeroed(lower if len(lower) == len(told) else told)

    @property
    def off_topic(self) -> bool:
        """Whether nothing in it is about samples of people."""
        if of_herds_alone(self.plain, self.title, self.publisher):
            return True
        return not speaks_of_samples(self.plain, self.title)

    @property
    def cut_short(self) -> bool:
        """Whether only the beginning of the post is there: a search excerpt, a feed, a page that wants a click."""
        return stops_short(self.plain)

    @cached_property
    def located(self) -> Located:
        """The readable cues, each with the sentences that it comes from."""
        return located_features(self.plain, self.title, self.publisher, self.cues)

    @property
    def cue_features(self) -> dict[str, float]:
        """The readable cues."""
        return {name: value for name, (value, _) in self.located.items()}

    @cached_property
    def told(self) -> list[int]:
        """Which of the words stand in sentences about samples."""
        sentences = self.located.get(SAMPLE_SENTENCES, (0.0, ()))[1]
        bounds = sentence_bounds(self.plain)
        starts = np.array([bounds[i][0] for i in sentences], dtype=np.intp)
        ends = np.array([bounds[i][1] for i in sentences], dtype=np.intp)
        if not len(starts):
            return []
        words = np.asarray(self.starts, dtype=np.intp)
        at = np.searchsorted(starts, words, side="right") - 1
        return list((np.flatnonzero((at >= 0) & (words < ends[at])) + len(self.words) - len(words)).tolist())

    @property
    def told_words(self) -> list[str]:
        """The words of the sentences about samples."""
        return [self.words[i] for i in self.told]


class Encoded(NamedTuple):
    """A view in the terms of a model: the columns of its n-grams and words in order, its cue features, and its row.

    `columns` and `values` are the features that are not zero: what `matrix` gives, a tenth of the time.
    """

    view: View
    terms: NDArray[np.intp]
    cues: Located
    columns: NDArray[np.intp]
    values: Floats


class Linear(NamedTuple):
    """Labels x features, and a number for each label."""

    weights: Floats
    intercepts: Floats


@dataclass(frozen=True)
class LabelModel:
    """The fitted classifier. Its features are in the order characters, words, words about samples, cues.

    `beginning`: the weights for a post of which only the beginning is there; without them it is judged as a whole one.
    `off_topic` holds the scores of a post that names no sample: shares of the labels among such training documents.
    `review_between`: scores of mass_collection between these two leave it open whether a post is one.
    """

    name: str
    characters: Vectorizer
    words: Vectorizer
    told: Vectorizer
    cues: dict[str, int]
    whole: Linear
    beginning: Linear | None
    off_topic: Floats
    temperature: float
    review_between: tuple[float, float]

    def matrix(self, views: Sequence[View]) -> csr_matrix:
        """Views x features."""
        from scipy.sparse import hstack

        return hstack(
            [
                self.characters.transform([view.characters for view in views]),
                self.words.transform([view.words for view in views]),
                self.told.transform([view.told_words for view in views]),
                self._cue_matrix([view.cue_features for view in views]),
            ],
            format="csr",
        )

    def _cue_matrix(self, named: Sequence[dict[str, float]]) -> csr_matrix:
        from scipy.sparse import csr_matrix

        rows, columns, values = [], [], []
        for row, features in enumerate(named):
            for name, value in features.items():
                column = self.cues.get(name)
                if column is not None:
                    rows.append(row)
                    columns.append(column)
                    values.append(value)
        return csr_matrix((values, (rows, columns)), shape=(len(named), len(self.cues)))

    @cached_property
    def _groups(self) -> tuple[Terms, Terms, Terms]:
        """Characters, words and words about samples, as the scorer of single posts needs them."""
        first = len(self.characters.vocabulary_)
        second = first + len(self.words.vocabulary_)
        return (
            Terms(self.characters.vocabulary_, self.characters.idf_, 0),
            Terms(self.words.vocabulary_, self.words.idf_, first),
            Terms(self.told.vocabulary_, self.told.idf_, second),
        )

    @cached_property
    def _named_first(self) -> int:
        """The column of the first cue."""
        return sum(group.number for group in self._groups)

    def encode(self, view: View) -> Encoded:
        """A view looked up in the model once, to be scored and explained."""
        characters, words, told = self._groups
        grams = grams_of(view.characters)
        letters, spoken = characters.find(grams.once), words.columns(view.words)
        about = told.columns(view.told_words)
        named = [(self.cues[name], value) for name, (value, _) in view.located.items() if name in self.cues]
        parts = [
            characters.row(letters, grams.often),
            words.row(spoken),
            told.row(about),
            (np.array([c for c, _ in named], dtype=np.intp) + self._named_first, np.array([v for _, v in named])),
        ]
        columns, values = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
        return Encoded(view, np.concatenate([letters.take(grams.places), spoken, about]), view.located, columns, values)

    @cached_property
    def _by_column(self) -> tuple[Floats, Floats]:
        beginning = self.beginning or self.whole
        return np.ascontiguousarray(self.whole.weights.T), np.ascontiguousarray(beginning.weights.T)

    def _weights(self, view: View) -> tuple[Floats, Floats]:
        """Features x labels and intercepts for this view."""
        if self.beginning is not None and view.cut_short:
            return self._by_column[1], self.beginning.intercepts
        return self._by_column[0], self.whole.intercepts

    def silent(self, view: View) -> bool:
        """Whether a view need not be read: nothing of it names a sample, and there is no more of it."""
        return view.off_topic and not (self.beginning is not None and view.cut_short)

    def logits(self, views: Sequence[View]) -> Floats:
        """Views x labels, before calibration."""
        return np.array([self._logits(view, None if self.silent(view) else self.encode(view)) for view in views])

    def _logits(self, view: View, encoded: Encoded | None) -> Floats:
        if encoded is None:
            return np.log(self.off_topic) * self.temperature
        weights, intercepts = self._weights(view)
        scores: Floats = encoded.values @ weights.take(encoded.columns, axis=0) + intercepts
        return scores

    def scores(self, views: Sequence[View]) -> Floats:
        """Views x labels: calibrated probabilities; each row sums to 1."""
        return softmax(self.logits(views) / self.temperature)

    def doubtful(self, scores: Floats, view: View | None = None) -> bool:
        """Whether a person must decide if a post with these probabilities shows mass collection.

        So it is where no label has half of the probability. Of a post of which only the beginning is there the rest
        is guessed: it is sure only where that says no.
        """
        low, high = self.review_between
        if scores.max() < HALF:
            return True
        if view is not None and self.beginning is not None and view.cut_short:
            return bool(scores[MASS] > low)
        return bool(low < scores[MASS] < high)

    def judge(self, encoded: Encoded) -> Floats:
        """Calibrated probabilities of a view that is not off topic; they sum to 1."""
        return cast("Floats", softmax(self._logits(encoded.view, encoded)[None] / self.temperature)[0])

    def shares(self, encoded: Encoded, bounds: Sequence[tuple[int, int]], label: int) -> Floats:
        """What each sentence of the text adds to the log-odds of a label against the mean of the others.

        What a term or a cue adds is divided among the places where it stands. One more number at the end is the share
        of title, publisher and whatever is told by absence; all together are the whole, but for the intercept.
        """
        by_column, _ = self._weights(encoded.view)
        weights = by_column.take(encoded.columns, axis=0)
        direction = weights[:, label] - (weights.sum(axis=1) - weights[:, label]) / (len(LABELS) - 1)
        part = np.zeros(self.whole.weights.shape[1] + 1)  # the last is for terms that are not known
        part[encoded.columns] = encoded.values * direction / self.temperature
        at, terms = self._placed(encoded, np.array([start for start, _ in bounds], dtype=np.intp))
        number = np.bincount(terms, minlength=len(part))
        told = part.take(terms) / number.take(terms)
        found: Floats = np.bincount(at, told, minlength=len(bounds) + 1).astype(np.float64)
        first = self._named_first
        known = [(self.cues.get(name), rows) for name, (_, rows) in encoded.cues.items()]
        named = [(first + column, rows or (-1,)) for column, rows in known if column is not None]
        numbers = np.array([len(rows) for _, rows in named], dtype=np.intp)
        each = part[[column for column, _ in named]] / numbers
        sentences = np.array([row for _, rows in named for row in rows], dtype=np.intp) % len(found)
        found += np.bincount(sentences, np.repeat(each, numbers), minlength=len(found))
        return found

    def _placed(self, encoded: Encoded, starts: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """For every n-gram and word the number of its sentence (the last + 1: in the title), and its column."""
        view, letters = encoded.view, len(encoded.view.title) + 1 + len(encoded.view.plain)
        grams = np.concatenate([np.arange(max(0, letters - size)) for size in range(3)]) - len(view.title) - 1
        titled = len(view.words) - len(view.starts)
        words = np.concatenate([np.full(titled, -1, dtype=np.intp), np.asarray(view.starts, dtype=np.intp)])
        about = words[view.told]
        places = np.concatenate([grams, words, words[:-1], about, about[:-1]])
        at = np.searchsorted(starts, places, side="right") - 1
        # -1, before the first sentence, is the last of what `shares` gives; so is the column of a term not known
        return at % (len(starts) + 1), encoded.terms % (self.whole.weights.shape[1] + 1)

    def to_disk(self, path: Path) -> None:
        """Write `model.json` and `weights.npz` into the directory."""
        path.mkdir(parents=True, exist_ok=True)
        data = {
            "name": self.name,
            "labels": LABELS,
            "temperature": self.temperature,
            "review_between": self.review_between,
            "characters": in_order(self.characters.vocabulary_),
            "words": in_order(self.words.vocabulary_),
            "told": in_order(self.told.vocabulary_),
            "cues": in_order(self.cues),
        }
        (path / "model.json").write_text(json.dumps(data, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
        arrays = {
            "weights": self.whole.weights,
            "intercepts": self.whole.intercepts,
            "off_topic": self.off_topic,
            "idf_characters": self.characters.idf_,
            "idf_words": self.words.idf_,
            "idf_told": self.told.idf_,
        }
        if self.beginning is not None:
            arrays |= {"beginning": self.beginning.weights, "beginning_intercepts": self.beginning.intercepts}
        small: dict[str, Any] = {name: array.astype(np.float32) for name, array in arrays.items()}
        np.savez_compressed(path / "weights.npz", **small)

    @classmethod
    def from_disk(cls, path: Path) -> LabelModel:
        """Read what `to_disk` wrote. Raises FileNotFoundError where there is no model."""
        data = json.loads((path / "model.json").read_text(encoding="utf-8"))
        if tuple(data["labels"]) != LABELS:
            raise ValueError(f"{path}: a model for other labels; run `xueyang train`")
        with np.load(path / "weights.npz", allow_pickle=False) as arrays:
            return cls(
                name=data["name"],
                characters=restored(char_vectorizer, data["characters"], arrays["idf_characters"]),
                words=restored(word_vectorizer, data["words"], arrays["idf_words"]),
                told=restored(word_vectorizer, data["told"], arrays["idf_told"]),
                cues={name: i for i, name in enumerate(data["cues"])},
                whole=_linear(arrays, "weights", "intercepts"),
                beginning=_linear(arrays, "beginning", "beginning_intercepts") if "beginning" in arrays else None,
                off_topic=arrays["off_topic"].astype(np.float64),
                temperature=data["temperature"],
                review_between=tuple(data["review_between"]),
            )


def _linear(arrays: Any, weights: str, intercepts: str) -> Linear:
    return Linear(arrays[weights].astype(np.float64), arrays[intercepts].astype(np.float64))


def softmax(logits: Floats) -> Floats:
    """Rows to probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return cast(Floats, powers / powers.sum(axis=1, keepdims=True))
