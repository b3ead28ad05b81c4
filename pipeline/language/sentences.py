"""Sentences of Chinese posts: they end at 。！？； and at line ends, closing quotes included."""

from functools import lru_cache
from itertools import pairwise

import numpy as np
import regex
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import plain, tokens

END = regex.compile(r"[。！？!?；;…]+[”’」』）)】]*|\n+")


@lru_cache(maxsize=4)  # label, places and counts ask for those of the same text
def sentence_bounds(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end offsets of the sentences, without the white space around them.

    >>> [text[a:b] for text in ["一是采血。二是登记！\\n完"] for a, b in sentence_bounds(text)]
    ['一是采血。', '二是登记！', '完']
    """
    ends = [0, *(m.end() for m in END.finditer(text)), len(text)]
    bounds = []
    for start, end in pairwise(ends):
        piece = text[start:end]
        right = start + len(piece.rstrip())
        if right > start:
            bounds.append((end - len(piece.lstrip()), right))
    return tuple(bounds)


@Language.factory("xueyang_sentences")
def make_sentences(nlp: Language, name: str) -> "Sentences":
    """The component that marks where sentences start."""
    return Sentences()


class Sentences:
    """Sets `token.is_sent_start`."""

    def __call__(self, doc: Doc) -> Doc:
        """Mark the token at or after each sentence's first character."""
        if not len(doc):
            return doc
        table = tokens(doc)
        words = np.flatnonzero(table[:, 2] == 0)
        marks = np.full(len(doc), -1, dtype=np.int64)
        # The word that holds a sentence's first character, or the first one after it.
        ends = table[words, 0] + table[words, 1]
        first = np.searchsorted(ends, [start for start, _ in sentence_bounds(plain(doc))], side="right")
        marks[words[first[first < len(words)]]] = 1
        marks[0] = 1
        doc.from_array([SENT_START], marks.astype(np.uint64)[:, None])  # type: ignore[arg-type]
        return doc
