"""TF-IDF terms of posts: fitted by scikit-learn, and looked up one post at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise, repeat
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from pipeline.patterns import Pattern

if TYPE_CHECKING:  # training needs them; a run would spend two seconds on loading them
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

Floats = NDArray[np.float64]
BITS = 21  # of a code point: three make one number
LONGEST = 3
SEPARATED = Pattern(r"(?<=0)[ ,](?=000(?!0))")


def zeroed(text: str) -> str:
    """The text with every digit as 0: which figures a text gives says nothing about it; that there is one may."""
    for digit in "123456789":
        text = text.replace(digit, "0")
    # 2 708 and 2,708 as 27080 would be: every character keeps its place
    return str(SEPARATED.sub("0", text))


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


def packed(text: str) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The characters, the pairs and the threes of a text, each as one number."""
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64) + 1
    pairs = letters[:-1] | letters[1:] << BITS
    return letters, pairs, pairs[:-1] | letters[2:] << 2 * BITS


class Grams:
    """The characters, pairs and threes of a text, told apart once: several models look them up.

    `once`: each of them as `packed` gives it, in ascending order, which makes looking them up many times faster;
    `often`: how often it stands there; `places`: which of `once` stands at each place, characters first, then pairs,
    then threes.
    """

    def __init__(self, text: str) -> None:
        self.once, self.places, self.often = np.unique(
            np.concatenate(packed(text)), return_inverse=True, return_counts=True
        )
        self.length = len(text)
        self._table: NDArray[np.int64] | None = None
        self._among: NDArray[np.intp] = np.zeros(0, dtype=np.intp)

    def among(self, known: NDArray[np.int64]) -> NDArray[np.intp]:
        """Where each of `once` stands in a table of grams in ascending order; -1 where it is not known.

        Kept for the next that asks with the same table (`share`).
        """
        if self._table is not known:
            self._table, self._among = known, _places(known, self.once)
        return self._among

    def layer(self, size: int) -> NDArray[np.intp]:
        """For each place which of `once` is the term of this size that begins there."""
        start = sum(max(0, self.length - shorter + 1) for shorter in range(1, size))
        return self.places[start : start + max(0, self.length - size + 1)]


@lru_cache(maxsize=1)  # the label's model and those of stretches ask for those of the same text
def grams_of(text: str) -> Grams:
    """The characters, pairs and threes of a text."""
    return Grams(text)


class GramIndex:
    """Numbers of known characters, pairs and threes, for a whole text at a time."""

    def __init__(self, known: NDArray[np.int64], numbers: NDArray[np.intp]) -> None:
        """`known`: the grams as `packed` gives them, in ascending order; `numbers`: what stands for each."""
        self.known, self.numbers = known, np.append(numbers, -1)

    @classmethod
    def of(cls, grams: dict[str, int]) -> GramIndex:
        """`grams`: the number that stands for each; longer terms are left out."""
        parts: list[NDArray[np.int64]] = []
        numbers: list[int] = []
        for size in range(1, LONGEST + 1):
            known = [gram for gram in grams if len(gram) == size]
            letters = np.frombuffer("".join(known).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
            shifted = (letters.astype(np.int64).reshape(-1, size) + 1) << (BITS * np.arange(size))
            parts.append(shifted.sum(axis=1))
            numbers += (grams[gram] for gram in known)
        together = np.concatenate(parts)
        order = np.argsort(together)
        return cls(together[order], np.array(numbers, dtype=np.intp)[order])

    def find(self, grams: NDArray[np.int64]) -> NDArray[np.intp]:
        """The number of each gram (as `packed` gives them), -1 where it is not known."""
        return self.numbers.take(_places(self.known, grams))

    def find_once(self, grams: Grams) -> NDArray[np.intp]:
        """The number of each gram of a text (its `once`), -1 where it is not known."""
        return self.numbers.take(grams.among(self.known))


def share(indexes: Sequence[GramIndex]) -> None:
    """Give indexes one table of all that they know, so that the grams of a text are looked up once for all of them."""
    known = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *(index.known for index in indexes)]))
    for index in indexes:
        numbers = np.full(len(known) + 1, -1, dtype=np.intp)
        numbers[known.searchsorted(index.known)] = index.numbers[:-1]
        index.known, index.numbers = known, numbers


def _places(known: NDArray[np.int64], grams: NDArray[np.int64]) -> NDArray[np.intp]:
    """Where each gram stands among the known ones, which ascend; -1 where it is not known."""
    if not len(known):
        return np.full(len(grams), -1)
    at = np.minimum(known.searchsorted(grams), len(known) - 1)
    return np.where(known.take(at) == grams, at, -1)


class Vectorizer(Protocol):
    """What is used of a fitted TF-IDF vectorizer."""

    vocabulary_: dict[str, int]
    idf_: Floats

    def transform(self, raw_documents: Sequence[Any]) -> csr_matrix:
        """Texts x terms."""


class Stored:
    """A fitted vectorizer as it was stored; scikit-learn's own is made of it when many texts are asked for at once."""

    def __init__(self, make: Callable[..., TfidfVectorizer], vocabulary: dict[str, int], idf: Floats) -> None:
        self.make, self.vocabulary_, self.idf_ = make, vocabulary, idf

    def transform(self, raw_documents: Sequence[Any]) -> csr_matrix:
        """Texts x terms."""
        vectorizer = self.make(vocabulary=self.vocabulary_)
        vectorizer.idf_ = self.idf_
        return cast("csr_matrix", vectorizer.transform(raw_documents))


class Terms:
    """A fitted TF-IDF vectorizer for one text at a time: scikit-learn's own takes longer to set out than to count."""

    def __init__(self, vocabulary: dict[str, int], idf: Floats, first: int) -> None:
        self.column_of = {term: column + first for term, column in vocabulary.items()}
        self.idf, self.first, self.number = idf, first, len(vocabulary)

    @cached_property
    def _pairs(self) -> tuple[dict[str, int], NDArray[np.intp], GramIndex]:
        """A number for each word, the column of each that is a term (-1 for none), and the columns of pairs."""
        numbers: dict[str, int] = {}
        told = [[numbers.setdefault(word, len(numbers)) for word in term.split(" ")] for term in self.column_of]
        columns = np.array(list(self.column_of.values()), dtype=np.intp)
        size = np.array([len(words) for words in told])
        alone = np.full(len(numbers) + 1, -1, dtype=np.intp)
        alone[[words[0] for words in told if len(words) == 1]] = columns[size == 1]
        keys = np.array([words[0] * len(numbers) + words[1] for words in told if len(words) > 1], dtype=np.int64)
        order = np.argsort(keys)
        return numbers, alone, GramIndex(keys[order], columns[size > 1][order])

    def columns(self, words: Sequence[str]) -> NDArray[np.intp]:
        """The column of each of `split_words(words)`; -1 where it is not known."""
        numbers, alone, pairs = self._pairs
        found = np.fromiter(map(numbers.get, words, repeat(-1)), dtype=np.int64, count=len(words))
        left, right = found[:-1], found[1:]
        keys = np.where((left < 0) | (right < 0), -1, left * len(numbers) + right)
        return np.concatenate([alone.take(found), pairs.find(keys)])

    @cached_property
    def _grams(self) -> GramIndex:
        return GramIndex.of(self.column_of)

    def find(self, grams: NDArray[np.int64]) -> NDArray[np.intp]:
        """The column of each gram (as `packed` gives them), -1 where it is not known: faster than one by one."""
        return self._grams.find(grams)

    def row(self, columns: NDArray[np.intp], often: NDArray[np.intp] | None = None) -> tuple[NDArray[np.intp], Floats]:
        """Columns, each once, and values: (1 + ln tf) · idf, of length one.

        `often`: how often each of the columns stands there, where each is given once.
        """
        known = columns >= 0
        if often is None:
            once, counts = np.unique(columns[known], return_counts=True)
        else:
            once, counts = columns[known], often[known]
        values = (1 + np.log(counts)) * self.idf.take(once - self.first)
        norm = float(np.sqrt(values @ values))
        return once, values / norm if norm else values


def in_order(vocabulary: dict[str, int]) -> list[str]:
    """The terms of a vocabulary in the order of their columns."""
    return sorted(vocabulary, key=vocabulary.__getitem__)


def restored(make: Callable[..., TfidfVectorizer], terms: list[str], idf: Floats) -> Stored:
    """A fitted vectorizer from its terms in order and their weights."""
    return Stored(make, {term: i for i, term in enumerate(terms)}, idf.astype(np.float64))
