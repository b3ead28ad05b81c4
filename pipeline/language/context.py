"""What components may know besides the text, and where they leave what they found, as spaCy extensions.

`doc._.context` comes from the page (title, publisher, date); `doc._.plain` is the matching copy of the text, offsets
unchanged. Facts are records' own models, with offsets but no page or boxes yet: spaCy tokens need not end where a fact
ends, so exact offsets live here, and `doc.spans` holds the same facts widened to tokens for people who use spaCy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IDX, IS_SPACE, LENGTH
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.relevance import speaks_of_samples, stops_short
from pipeline.language.script import matching_copy
from pipeline.reading.normalise import whole
from pipeline.records import Located, SourceType


@dataclass(frozen=True)
class Context:
    """The page's own statements about the post."""

    title: str = ""
    publisher: str = ""
    published: str | None = None
    source_type: SourceType = "other"

    def __post_init__(self) -> None:
        """Halves of characters stop spaCy and the search for cues: `make_doc` and this keep them out."""
        object.__setattr__(self, "title", whole(self.title))
        object.__setattr__(self, "publisher", whole(self.publisher))


for name, default in (
    ("context", Context()),
    ("body", None),
    ("plain", ""),
    ("title_plain", ""),
    ("tokens", None),
    ("words_at", None),
    ("telling", None),
    ("cues", None),
    ("campaign", None),
    ("needs_review", False),
    ("model_name", ""),
    ("evidence", None),
    ("counts", None),
    ("places", None),
    ("justifications", None),
    ("groups", None),
    ("organisations", None),
    ("warnings", ()),
    ("circumstances", None),
    ("procurements", None),
):
    if not Doc.has_extension(name):
        Doc.set_extension(name, default=default)


def make_doc(nlp: Language, text: str, context: Context | None = None) -> Doc:
    """A tokenised Doc that knows its context; give it to `nlp(doc)`.

    A post that speaks of no samples and is whole is not segmented, which takes longest: its tokens are its characters.
    """
    context, text = context or Context(), whole(text)
    if speaks_of_samples(matching_copy(text), matching_copy(context.title)) or stops_short(matching_copy(text)):
        doc = nlp.make_doc(text)
    else:
        doc = Doc(nlp.vocab, words=list(text), spaces=[False] * len(text))
    prepare(doc, context, text)
    return doc


def prepare(doc: Doc, context: Context, text: str | None = None) -> None:
    """Set the context and the matching copies of text and title. `text`: that of the tokens, where it is at hand."""
    kept = doc._
    kept.context = context
    # spaCy joins the tokens anew each time doc.text is asked for
    kept.body = text = doc.text if text is None else text
    kept.plain = matching_copy(text)
    kept.title_plain = matching_copy(context.title)


def plain(doc: Doc) -> str:
    """The matching copy, made on first use for a Doc that came straight from `nlp(text)`."""
    kept = doc._
    copy = kept.plain
    if not copy and kept.body is None:
        prepare(doc, kept.context)
        copy = kept.plain
    return str(copy)


def body(doc: Doc) -> str:
    """The text as it stands, without joining the tokens again."""
    text = doc._.body
    if text is None:
        prepare(doc, doc._.context)
        text = doc._.body
    return str(text)


def tokens(doc: Doc) -> NDArray[np.int64]:
    """Where each token starts, how long it is, and whether it is white space, kept in `doc._.tokens`."""
    kept = doc._
    table = kept.tokens
    if table is None:
        kept.tokens = table = doc.to_array([IDX, LENGTH, IS_SPACE]).astype(np.int64)
    return table  # type: ignore[no-any-return]


def keep(doc: Doc, name: str, facts: Sequence[Any]) -> Doc:
    """Leave facts in `doc._.<name>`, and those with offsets also in `doc.spans[<name>]`, widened to whole tokens."""
    doc._.set(name, tuple(facts))
    spans = []
    for fact in facts:
        if isinstance(fact, Located) and fact.start is not None and fact.end is not None:
            told = vars(fact)
            label = str(told.get("kind") or told.get("code") or told.get("adcode") or "")
            span = doc.char_span(fact.start, fact.end, label=label, alignment_mode="expand")
            if span is not None:
                spans.append(span)
    doc.spans[name] = spans
    return doc
