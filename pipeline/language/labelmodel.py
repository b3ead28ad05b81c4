"""The classifier's fitted numbers: from text to scores, and which sentences carried them.

A linear model over three kinds of features: character n-grams and jieba words (TF-IDF), and readable cues. Posts that
name no sample of any kind do not reach it: they are `other`. It is fitted in `pipeline.learning.training` and stored as
JSON and plain arrays, so that a model file cannot run code.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast, get_args

import numpy as np
import regex
from numpy.typing import NDArray

from pipeline.language.cues import Cue
from pipeline.language.features import cue_features, located_features
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

    def columns(self, terms: Sequence[str]) -> NDArray[np.intp]:
        """The column of each term; -1 where it is not known."""
        get, first = self.vocabulary.get, self.first
        return np.array([-1 if (c := get(term)) is None else c + first for term in terms], dtype=np.intp)

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

    def shares(self, view: View, bounds: Sequence[tuple[int, int]], label: int) -> Floats:
        """What each sentence of the text adds to the log-odds of a label against the mean of the others.

        What a term or a cue adds is divided among the places where it stands. One more number at the end is the share
        of title, publisher and whatever is told by absence; all together are the whole, but for the intercept (and for
        the few n-grams over runs of blanks, which `row` takes for one).
        """
        columns, values = self.row(view)
        others = [i for i in range(len(LABELS)) if i != label]
        added = values * (self._by_column[columns, label] - self._by_column[columns][:, others].mean(axis=1))
        part = np.zeros(self.weights.shape[1] + 1)  # of one occurrence; the last is for terms that are not known
        part[columns] = added / self.temperature
        found = np.zeros(len(bounds) + 1)
        starts = np.array([start for start, _ in bounds], dtype=np.intp)
        for places, columns_in_order in self._placed_terms(view):
            terms = columns_in_order % len(part)  # -1, not known, is the last
            number = np.bincount(terms, minlength=len(part))[terms]
            inside = places >= 0
            at = np.searchsorted(starts, places[inside], side="right") - 1
            np.add.at(found, at, (part[terms] / number)[inside])
            found[-1] += (part[terms] / number)[~inside].sum()
        first = self._groups[0].number + self._groups[1].number
        for name, (_, rows) in located_features(view.plain, view.title, view.publisher, view.cues).items():
            if (column := self.cues.get(name)) is not None:
                found[list(rows) or [-1]] += part[first + column] / max(1, len(rows))
        return found

    def _placed_terms(self, view: View) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Offsets in the text (-1: in the title) and columns of every n-gram and every word, in order."""
        characters, words = self._groups
        title = len(view.title) + 1
        letters = view.characters
        for size in (1, 2, 3):
            grams = [letters[i : i + size] for i in range(len(letters) - size + 1)]
            yield np.maximum(np.arange(len(grams)) - title, -1), characters.columns(grams)
        starts = np.array([*[-1] * (len(view.words) - len(view.starts)), *view.starts], dtype=np.intp)
        yield starts, words.columns(view.words)
        yield starts[:-1], words.columns([f"{a} {b}" for a, b in pairwise(view.words)])

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
