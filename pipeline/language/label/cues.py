"""Readable cues: words that say who leads, who draws, from whom, for what, with what, and in which programme.

They come from `corpora/phrasebook/cues.csv` (code, phrase, gloss_en, note), are found in one pass over the matching
copy, and serve the classifier and the extractors alike.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import plain
from pipeline.paths import PHRASEBOOK


class Cue(NamedTuple):
    """One cue in the text: its code and its offsets."""

    code: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _automaton() -> tuple[AhoCorasick, tuple[str, ...]]:
    with (PHRASEBOOK / "cues.csv").open(encoding="utf-8", newline="") as lines:
        rows = [(row["phrase"].lower(), row["code"]) for row in csv.DictReader(lines)]
    phrases, codes = zip(*rows, strict=True)
    return AhoCorasick(list(phrases), matchkind=MatchKind.Standard), codes


def find_cues(text: str) -> tuple[Cue, ...]:
    """All cues of a matching copy, overlapping ones included, in order of their end."""
    automaton, codes = _automaton()
    lowered = text.lower()
    if len(lowered) != len(text):  # a few Latin letters grow in lower case; offsets matter more than they do
        lowered = text
    return tuple(Cue(codes[i], a, b) for i, a, b in automaton.find_matches_as_indexes(lowered, overlapping=True))


@Language.factory("xueyang_cues")
def make_cues(nlp: Language, name: str) -> Cues:
    """The component that leaves the cues in `doc._.cues`."""
    return Cues()


class Cues:
    """Finds the phrase book's cues."""

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.cues`."""
        doc._.cues = find_cues(plain(doc))
        return doc
