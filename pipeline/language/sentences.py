"""Sentences of Chinese posts: they end at 。！？； and at line ends, closing quotes included."""

import regex
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import body

END = regex.compile(r"[。！？!?；;…]+[”’」』）)】]*|\n+")


def sentence_bounds(text: str) -> list[tuple[int, int]]:
    """Start and end offsets of the sentences, without the white space around them.

    >>> [text[a:b] for text in ["一是采血。二是登记！\\n完"] for a, b in sentence_bounds(text)]
    ['一是采血。', '二是登记！', '完']
    """
    bounds, start = [], 0
    ends = [m.end() for m in END.finditer(text)]
    for end in [*ends, len(text)]:
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = start + len(piece.rstrip())
        if right > left:
            bounds.append((left, right))
        start = end
    return bounds


@Language.factory("xueyang_sentences")
def make_sentences(nlp: Language, name: str) -> "Sentences":
    """The component that marks where sentences start."""
    return Sentences()


class Sentences:
    """Sets `token.is_sent_start`."""

    def __call__(self, doc: Doc) -> Doc:
        """Mark the token at or after each sentence's first character."""
        starts = {start for start, _ in sentence_bounds(body(doc))}
        pending = True
        for token in doc:
            pending = pending or not starts.isdisjoint(range(token.idx, token.idx + len(token)))
            token.is_sent_start = pending and not token.is_space
            if token.is_sent_start:
                pending = False
        if len(doc):
            doc[0].is_sent_start = True
        return doc
