"""Sentences of Chinese posts: they end at 。！？； and at line ends, closing quotes included."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import numpy as np
import regex
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import plain, tokens
from pipeline.patterns import Pattern

# Hostile runs of marks are cut too: nothing here may take longer than the text is long.
# Where a sentence ends for those who look from a word to the words around it; a statement ends at ； too.
SENTENCE_END, STATEMENT_END = Pattern(r"[。！？!?\n]"), Pattern(r"[。！？!?；;\n]")
END = Pattern(r"[。！？!?；;…]++[”’」』）)】]*+|\n++")
# No sentence is longer, in characters: those of real posts reach 200, lists of villages in one breath 700, and what
# reads a sentence takes longer by the square of its length. Longer ones end at a comma, else at a blank, else where no
# number is torn apart.
LONGEST = 1_000
# Nor is a paragraph read further back than this.
PARAGRAPH = 6_000
PAUSES = (
    Pattern(r"[，、：:,]++(?!\d)|(?<!\d)[，、：:,]"),
    Pattern(r"\s++"),
    Pattern(r"[^\d.,，零〇一二三四五六七八九两十百千万亿余多]"),
)
BEYOND = 2  # what a pause may look at behind itself, in characters


@lru_cache(maxsize=4)  # label, places and counts ask for those of the same text
def sentence_bounds(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end offsets of the sentences, without the white space around them.

    >>> [text[a:b] for text in ["一是采血。二是登记！\\n完"] for a, b in sentence_bounds(text)]
    ['一是采血。', '二是登记！', '完']
    """
    bounds = []
    for start, end in pairwise([0, *_ends(text)]):
        piece = text[start:end]
        right = start + len(piece.rstrip())
        if right > start:
            bounds.append((end - len(piece.lstrip()), right))
    return tuple(bounds)


def _ends(text: str) -> Iterator[int]:
    """Where sentences end; the last one with the text."""
    start = 0
    for end in [*(m.end() for m in END.finditer(text)), len(text)]:
        while end - start > LONGEST:
            limit = start + LONGEST
            start = next(filter(None, (_last(pause, text, start + LONGEST // 2, limit) for pause in PAUSES)), limit)
            yield start
        start = end
        yield end


def _last(pause: regex.Pattern[str], text: str, start: int, limit: int) -> int:
    """Where the last of such pauses up to the limit ends; 0 where there is none."""
    ends = (m.end() for m in pause.finditer(text, start, limit + BEYOND))
    return max((end for end in ends if end <= limit), default=0)


def last_letter(text: str, end: int) -> int:
    """Where the words before a place end, without the blanks behind them; no paragraph is read further back.

    >>> last_letter("甲 乙 \\n丙", 5)
    3
    """
    start = max(0, end - PARAGRAPH)
    return start + len(text[start:end].rstrip())


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
