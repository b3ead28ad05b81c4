"""The classifier's fitted numbers: from text to scores, and which sentences carried them.

A linear model over three kinds of features: character n-grams and jieba words (TF-IDF), and readable cues. Posts that
name no sample of any kind do not reach it: they are `other`. It is fitted in `pipeline.learning.training` and stored as
JSON and plain arrays, so that a model file cannot run code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast, get_args

import numpy as np
from numpy.typing import NDArray

from pipeline.language.cues import Cue
from pipeline.language.features import Located, cue_features, located_features
from pipeline.language.relevance import speaks_of_samples
from pipeline.records import Label

if TYPE_CHECKING:  # training needs them; a run would spend two seconds on loading them
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

LABELS: tuple[Label, ...] = get_args(Label)
MASS = LABELS.index("mass_collection")
Floats = NDArray[np.float64]
# Which figures a post gives says nothing about its kind; that there is one may.
DIGITS = str.maketrans("123456789", "000000000")
BITS = 21  # of a code point: three make one number


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

    return TfidfVectorizer(analyzer=char_terms, sublinear_tf=True, **options)


def word_vectorizer(**options: Any) -> TfidfVectorizer:
    """TF-IDF of words and pairs of words, from a list of words."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer=split_words, sublinear_tf=True, **options)


def char_terms(text: str) -> list[str]:
    """The characters, then the pairs, then the threes of a text, each in order."""
    return [*text, *map("".join, pairwise(text)), *(text[i : i + 3] for i in range(len(text) - 2))]


def _number(gram: str) -> int:
    """One to three characters as one number."""
    return sum((ord(letter) + 1) << BITS * i for i, letter in enumerate(gram))


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
        self.column_of = {term: column + first for term, column in vocabulary.items()}
        self.idf, self.first, self.number = idf, first, len(vocabulary)

    def columns(self, terms: Sequence[str]) -> NDArray[np.intp]:
        """The column of each term; -1 where it is not known."""
        return np.fromiter(map(self.column_of.get, terms, repeat(-1)), dtype=np.intp, count=len(terms))

    @cached_property
    def _grams(self) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
        """The terms as numbers, in order, and the column of each."""
        numbers = np.array([_number(term) for term in self.column_of], dtype=np.int64)
        order = np.argsort(numbers)
        return numbers[order], np.fromiter(self.column_of.values(), dtype=np.intp, count=len(order))[order]

    def gram_columns(self, text: str) -> NDArray[np.intp]:
        """The column of each of `char_terms(text)`, -1 where it is not known: half the time of looking them up."""
        letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64) + 1
        pairs = letters[:-1] | letters[1:] << BITS
        numbers = np.concatenate([letters, pairs, pairs[:-1] | letters[2:] << 2 * BITS])
        known, columns = self._grams
        at = np.minimum(np.searchsorted(known, numbers), len(known) - 1)
        return np.where(known[at] == numbers, columns[at], -1)

    def row(self, columns: NDArray[np.intp]) -> tuple[NDArray[np.intp], Floats]:
        """Columns, each once, and values: (1 + ln tf) · idf, of length one."""
        once, counts = np.unique(columns[columns >= 0], return_counts=True)
        values = (1 + np.log(counts)) * self.idf[once - self.first]
        norm = float(np.sqrt(values @ values))
        return once, values / norm if norm else values


class Encoded(NamedTuple):
    """A view in the terms of a model: the columns of its n-grams and words in order, its cue features, and its row.

    `columns` and `values` are the features that are not zero: what `matrix` gives, a tenth of the time.
    """

    view: View
    terms: NDArray[np.intp]
    cues: Located
    columns: NDArray[np.intp]
    values: Floats


@dataclass(frozen=True)
class LabelModel:
    """The fitted classifier. `weights` is labels x features, in the order characters, words, cues.

    `off_topic` holds the scores of a post that names no sample: shares of the labels among such training documents.
    `review_between`: scores of mass_collection between these two leave it open whether a post is one.
    """

    name: str
    characters: Vectorizer
    words: Vectorizer
    cues: dict[str, int]
    weights: Floats
    intercepts: Floats
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

    def encode(self, view: View) -> Encoded:
        """A view looked up in the model once, to be scored and explained."""
        characters, words = self._groups
        letters, spoken = characters.gram_columns(view.characters), words.columns(split_words(view.words))
        cues = located_features(view.plain, view.title, view.publisher, view.cues)
        first = characters.number + words.number
        named = [(first + self.cues[name], value) for name, (value, _) in cues.items() if name in self.cues]
        parts = [
            characters.row(letters),
            words.row(spoken),
            (np.array([c for c, _ in named], dtype=np.intp), np.array([v for _, v in named])),
        ]
        columns, values = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
        return Encoded(view, np.concatenate([letters, spoken]), cues, columns, values)

    @cached_property
    def _by_column(self) -> Floats:
        return np.ascontiguousarray(self.weights.T)

    def logits(self, views: Sequence[View]) -> Floats:
        """Views x labels, before calibration."""
        return np.array([self._logits(view, None if view.off_topic else self.encode(view)) for view in views])

    def _logits(self, view: View, encoded: Encoded | None) -> Floats:
        if encoded is None:
            return np.log(self.off_topic) * self.temperature
        return encoded.values @ self._by_column[encoded.columns] + self.intercepts

    def scores(self, views: Sequence[View]) -> Floats:
        """Views x labels: calibrated probabilities; each row sums to 1."""
        return softmax(self.logits(views) / self.temperature)

    def doubtful(self, scores: Floats) -> bool:
        """Whether a person must decide if a post with these probabilities shows mass collection."""
        low, high = self.review_between
        return bool(low < scores[MASS] < high)

    def judge(self, encoded: Encoded) -> Floats:
        """Calibrated probabilities of a view that is not off topic; they sum to 1."""
        return cast("Floats", softmax(self._logits(encoded.view, encoded)[None] / self.temperature)[0])

    def shares(self, encoded: Encoded, bounds: Sequence[tuple[int, int]], label: int) -> Floats:
        """What each sentence of the text adds to the log-odds of a label against the mean of the others.

        What a term or a cue adds is divided among the places where it stands. One more number at the end is the share
        of title, publisher and whatever is told by absence; all together are the whole, but for the intercept.
        """
        weights = self._by_column[encoded.columns]
        direction = weights[:, label] - (weights.sum(axis=1) - weights[:, label]) / (len(LABELS) - 1)
        part = np.zeros(self.weights.shape[1] + 1)  # the last is for terms that are not known
        part[encoded.columns] = encoded.values * direction / self.temperature
        at, terms = self._placed(encoded, np.array([start for start, _ in bounds], dtype=np.intp))
        number = np.bincount(terms, minlength=len(part))
        found: Floats = np.bincount(at, part[terms] / number[terms], minlength=len(bounds) + 1).astype(np.float64)
        first = self._groups[0].number + self._groups[1].number
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
        places = np.concatenate([grams, words, words[:-1]])
        at = np.searchsorted(starts, places, side="right") - 1
        # -1, before the first sentence, is the last of what `shares` gives; so is the column of a term not known
        return at % (len(starts) + 1), encoded.terms % (self.weights.shape[1] + 1)

    def to_disk(self, path: Path) -> None:
        """Write `model.json` and `weights.npz` into the directory."""
        path.mkdir(parents=True, exist_ok=True)
        data = {
            "name": self.name,
            "labels": LABELS,
            "temperature": self.temperature,
            "review_between": self.review_between,
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
                review_between=tuple(data["review_between"]),
            )


def softmax(logits: Floats) -> Floats:
    """Rows to probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return cast(Floats, powers / powers.sum(axis=1, keepdims=True))


def _in_order(vocabulary: dict[str, int]) -> list[str]:
    return sorted(vocabulary, key=vocabulary.__getitem__)


def _restored(make: Callable[..., TfidfVectorizer], terms: list[str], idf: Floats) -> _Stored:
    return _Stored(make, {term: i for i, term in enumerate(terms)}, idf.astype(np.float64))
