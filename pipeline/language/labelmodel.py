"""The classifier's fitted numbers: from text to scores, and which sentences carried them.

A linear model over three kinds of features: character n-grams and jieba words (TF-IDF), and readable cues. Posts that
name no sample of any kind do not reach it: they are `other`. It is fitted in `pipeline.learning.training` and stored as
JSON and plain arrays, so that a model file cannot run code.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast, get_args

import numpy as np
import regex
from numpy.typing import NDArray

from pipeline.language.cues import Cue
from pipeline.language.features import cue_features
from pipeline.language.relevance import speaks_of_samples
from pipeline.records import Label

if TYPE_CHECKING:  # training needs them; a run would spend two seconds on loading them
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

LABELS: tuple[Label, ...] = get_args(Label)
Floats = NDArray[np.float64]
BLANKS = regex.compile(r"\s\s+")
# Which figures a post gives says nothing about its kind; that there is one may.
DIGITS = str.maketrans("123456789", "000000000")


@dataclass(frozen=True)
class View:
    """A post as the classifier sees it: matching copies of title, text and publisher, and the words in order."""

    plain: str
    title: str
    publisher: str
    words: Sequence[str]
    cues: Sequence[Cue] | None = None

    @property
    def characters(self) -> str:
        """What character n-grams are taken from; every digit is 0."""
        return f"{self.title}\n{self.plain}".lower().translate(DIGITS)

    @property
    def off_topic(self) -> bool:
        """Whether nothing in it is about samples."""
        return not speaks_of_samples(self.plain, self.title)

    @property
    def cue_features(self) -> dict[str, float]:
        """The readable cues."""
        return cue_features(self.plain, self.title, self.publisher, self.cues)


def split_words(joined: Sequence[str]) -> Sequence[str]:
    """Unigrams and bigrams of a list of words."""
    return [*joined, *(f"{a} {b}" for a, b in pairwise(joined))]


def char_vectorizer(**options: Any) -> TfidfVectorizer:
    """TF-IDF of one to three characters; sublinear, so that a word said ten times does not count ten times."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, lowercase=False, **options)


def word_vectorizer(**options: Any) -> TfidfVectorizer:
    """TF-IDF of words and pairs of words, from a list of words."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer=split_words, sublinear_tf=True, **options)


def char_terms(text: str) -> list[str]:
    """The one to three characters that `char_vectorizer` counts: runs of blanks are one."""
    text = BLANKS.sub(" ", text)
    return [*text, *map("".join, pairwise(text)), *(text[i : i + 3] for i in range(len(text) - 2))]


class Vectorizer(Protocol):
    """What is used of a fitted TF-IDF vectorizer."""

    vocabulary_: dict[str, int]
    idf_: Floats

    def transform(self, raw_documents: Sequence[Any]) -> csr_matrix:
        """Texts x terms."""


class _Stored:
    """A fitted vectorizer as it was stored; scikit-learn's own is made of it when many texts are asked for at once."""

    def __init__(self, make: Callable[..., TfidfVectorizer], vocabulary: dict[str, int], idf: Floats) -> None:
        self.make, self.vocabulary_, self.idf_ = make, vocabulary, idf

    def transform(self, raw_documents: Sequence[Any]) -> csr_matrix:
        """Texts x terms."""
        vectorizer = self.make(vocabulary=self.vocabulary_)
        vectorizer.idf_ = self.idf_
        return cast("csr_matrix", vectorizer.transform(raw_documents))


class _Terms:
    """A fitted TF-IDF vectorizer for one text at a time: scikit-learn's own takes longer to set out than to count."""

    def __init__(self, vocabulary: dict[str, int], idf: Floats, first: int) -> None:
        self.vocabulary, self.idf, self.first, self.number = vocabulary, idf, first, len(vocabulary)

    def row(self, terms: Sequence[str]) -> tuple[NDArray[np.intp], Floats]:
        """Columns and values: (1 + ln tf) · idf, of length one."""
        counts = Counter(map(self.vocabulary.get, terms))
        counts.pop(None, None)
        columns = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float64, count=len(counts)))) * self.idf[columns]
        norm = float(np.sqrt(values @ values))
        return columns + self.first, values / norm if norm else values


@dataclass(frozen=True)
class LabelModel:
    """The fitted classifier. `weights` is labels x features, in the order characters, words, cues.

    `off_topic` holds the scores of a post that names no sample: shares of the labels among such training documents.
    """

    name: str
    characters: Vectorizer
    words: Vectorizer
    cues: dict[str, int]
    weights: Floats
    intercepts: Floats
    off_topic: Floats
    temperature: float
    review_below: float

    def matrix(self, views: Sequence[View]) -> csr_matrix:
        """Views x features."""
        from scipy.sparse import hstack

        return hstack(
            [
                self.characters.transform([view.characters for view in views]),
                self.words.transform([view.words for view in views]),
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
    def _groups(self) -> tuple[_Terms, _Terms]:
        """Characters and words, as the scorer of single posts needs them."""
        first = len(self.characters.vocabulary_)
        return (
            _Terms(self.characters.vocabulary_, self.characters.idf_, 0),
            _Terms(self.words.vocabulary_, self.words.idf_, first),
        )

    def row(self, view: View) -> tuple[NDArray[np.intp], Floats]:
        """The columns and values of one view that are not zero: what `matrix` gives, a tenth of the time."""
        characters, words = self._groups
        parts = [characters.row(char_terms(view.characters)), words.row(split_words(view.words))]
        first = characters.number + words.number
        named = [(first + self.cues[n], v) for n, v in view.cue_features.items() if n in self.cues]
        if named:
            parts.append((np.array([c for c, _ in named], dtype=np.intp), np.array([v for _, v in named])))
        return np.concatenate([c for c, _ in parts]), np.concatenate([v for _, v in parts])

    @cached_property
    def _by_column(self) -> Floats:
        return np.ascontiguousarray(self.weights.T)

    def logits(self, views: Sequence[View]) -> Floats:
        """Views x labels, before calibration."""
        found = np.zeros((len(views), len(LABELS)))
        for i, view in enumerate(views):
            if view.off_topic:
                found[i] = np.log(self.off_topic) * self.temperature
                continue
            columns, values = self.row(view)
            found[i] = values @ self._by_column[columns] + self.intercepts
        return found

    def scores(self, views: Sequence[View]) -> Floats:
        """Views x labels: calibrated probabilities; each row sums to 1."""
        return softmax(self.logits(views) / self.temperature)

    def sentence_weights(self, sentences: Sequence[View], label: int) -> Floats:
        """What each sentence alone says for a label against the mean of the others, in log-odds."""
        others = [i for i in range(len(LABELS)) if i != label]
        direction = (self.weights[label] - self.weights[others].mean(axis=0)) / self.temperature
        rows = [self.row(sentence) for sentence in sentences]
        return np.array([float(values @ direction[columns]) for columns, values in rows])

    def to_disk(self, path: Path) -> None:
        """Write `model.json` and `weights.npz` into the directory."""
        path.mkdir(parents=True, exist_ok=True)
        data = {
            "name": self.name,
            "labels": LABELS,
            "temperature": self.temperature,
            "review_below": self.review_below,
            "characters": _in_order(self.characters.vocabulary_),
            "words": _in_order(self.words.vocabulary_),
            "cues": _in_order(self.cues),
        }
        (path / "model.json").write_text(json.dumps(data, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
        np.savez_compressed(
            path / "weights.npz",
            weights=self.weights.astype(np.float32),
            intercepts=self.intercepts.astype(np.float32),
            off_topic=self.off_topic.astype(np.float32),
            idf_characters=self.characters.idf_.astype(np.float32),
            idf_words=self.words.idf_.astype(np.float32),
        )

    @classmethod
    def from_disk(cls, path: Path) -> LabelModel:
        """Read what `to_disk` wrote. Raises FileNotFoundError where there is no model."""
        data = json.loads((path / "model.json").read_text(encoding="utf-8"))
        if tuple(data["labels"]) != LABELS:
            raise ValueError(f"{path}: a model for other labels; run `xueyang train`")
        with np.load(path / "weights.npz", allow_pickle=False) as arrays:
            return cls(
                name=data["name"],
                characters=_restored(char_vectorizer, data["characters"], arrays["idf_characters"]),
                words=_restored(word_vectorizer, data["words"], arrays["idf_words"]),
                cues={name: i for i, name in enumerate(data["cues"])},
                weights=arrays["weights"].astype(np.float64),
                intercepts=arrays["intercepts"].astype(np.float64),
                off_topic=arrays["off_topic"].astype(np.float64),
                temperature=data["temperature"],
                review_below=data["review_below"],
            )


def softmax(logits: Floats) -> Floats:
    """Rows to probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return cast(Floats, powers / powers.sum(axis=1, keepdims=True))


def _in_order(vocabulary: dict[str, int]) -> list[str]:
    return sorted(vocabulary, key=vocabulary.__getitem__)


def _restored(make: Callable[..., TfidfVectorizer], terms: list[str], idf: Floats) -> _Stored:
    return _Stored(make, {term: i for i, term in enumerate(terms)}, idf.astype(np.float64))
