"""A post under its title, as the fitted models of reasons and groups read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from spacy.tokens import Doc

from pipeline.language.context import plain
from pipeline.language.fitted.windows import Post, placed_words
from pipeline.language.label.cues import Cue, find_cues
from pipeline.language.phrases import Hit
from pipeline.language.reasons.justifications import find_phrases, tells_of_samples
from pipeline.language.sampling import sentences

# How near a sentence is to one that tells of samples: in it, the one beside it, four back or three on.
BESIDE, BACK, ON = 1, 4, 3


class Telling(NamedTuple):
    """A post, where its text begins behind the title, and how near each sentence is to one that tells of samples."""

    post: Post
    lead: int
    near: tuple[str, ...]


def telling(copy: str, title: str, cues: Sequence[Cue], words_at: Sequence[tuple[int, str]] | None = None) -> Telling:
    """A post under its title; all are matching copies."""
    bounds = [(row.start, row.end) for row in sentences(copy)]
    post, lead = Post.under_title(copy, title, bounds, cues, words_at)
    sampled = list(tells_of_samples(copy, cues))
    if lead:
        sampled.insert(0, any(tells_of_samples(title, find_cues(title))))
    return Telling(post, lead, tuple(_near(sampled, number) for number in range(len(sampled))))


def telling_of(doc: Doc) -> Telling:
    """The same of a Doc, kept in `doc._.telling`: reasons and groups ask for it, one after the other."""
    if doc._.telling is None:
        doc._.telling = telling(plain(doc), doc._.title_plain, doc._.cues, placed_words(doc))
    return doc._.telling  # type: ignore[no-any-return]


def phrases_told(told: Telling) -> list[Hit]:
    """The phrases of the title and of the text; the rules have asked for those of the text before."""
    post, lead, _ = told
    in_text = (hit._replace(start=hit.start + lead, end=hit.end + lead) for hit in find_phrases(post.plain[lead:]))
    return [*(find_phrases(post.plain[: lead - 1]) if lead else ()), *in_text]


def _near(sampled: Sequence[bool], number: int) -> str:
    if sampled[number]:
        return "here"
    if any(sampled[max(0, number - BESIDE) : number + BESIDE + 1]):
        return "beside"
    return "near" if any(sampled[max(0, number - BACK) : number + ON + 1]) else "far"
