"""Reasons in words that the phrase book lacks: a fitted model (`windows`) of the pieces of sentences.

One model says of a piece - what stands between two marks - whether it gives a reason for the collection, another which
reason. Beside the rules of `justifications`: a rule is overruled only where the model is all but sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, get_args

import regex
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import body, keep, plain
from pipeline.language.cues import Cue
from pipeline.language.justifications import find_justifications, find_phrases, tells_of_collection
from pipeline.language.script import matching_copy
from pipeline.language.telling import telling
from pipeline.language.windows import MOST, Floats, Post, Stretch, WindowModel, placed_words
from pipeline.records import Justification, JustificationCode

REASON_CLASSES = ("none", "reason")
CODES: tuple[JustificationCode, ...] = get_args(JustificationCode)
# A piece is taken for a reason at this probability; a rule's reason is dropped where no piece of it reaches the other
# (figures: models/MODEL_CARD.md).
TAKEN, DROPPED = 0.5, 0.03
PIECE = regex.compile(r"[^，。；：！？!?;、\n“”「」『』（）()…]{2,}")
# 为, 以便: the words that lead to a reason are not quoted.
LEADS = regex.compile(
    r"\s*(?:[一二三]是|[一二三]来|也|又|都|就)?(?:主要|更好地?|进一步|切实)?(?:是为了?|为了?|以便于?|便于|从而|以期|旨在|目的是|好让)?"
)


@dataclass(frozen=True)
class ReasonModel:
    """The two fitted models: `told` says whether a piece gives a reason (`REASON_CLASSES`), `code` which (`CODES`)."""

    told: WindowModel
    code: WindowModel

    def to_disk(self, path: Path) -> None:
        """Write both into the directory."""
        self.told.to_disk(path / "told")
        self.code.to_disk(path / "code")

    @classmethod
    def from_disk(cls, path: Path) -> ReasonModel:
        """Read what `to_disk` wrote. Raises FileNotFoundError where nothing is, ValueError for another model."""
        return cls(WindowModel.from_disk(path / "told", REASON_CLASSES), WindowModel.from_disk(path / "code", CODES))


def pieces(
    copy: str, title: str, cues: Sequence[Cue], words_at: Sequence[tuple[int, str]] | None = None
) -> tuple[Post, int, list[Stretch]]:
    """A post under its title, where its text begins, and the pieces in and near sentences that tell of samples.

    `copy` and `title` are matching copies.
    """
    post, lead, near = telling(copy, title, cues, words_at)
    hits = find_phrases(post.plain)
    found: list[Stretch] = []
    for number, (start, end) in enumerate(post.bounds):
        if near[number] == "far" or len(found) >= MOST:
            continue
        for piece in PIECE.finditer(post.plain, start, end):
            if piece[0].isspace():
                continue
            here = [hit for hit in hits if hit.start < piece.end() and hit.end > piece.start()]
            phrases = [f"phrase {hit.code} {hit.note}" for hit in here] or ["phrase none"]
            own = dict.fromkeys(
                [*phrases, f"samples {near[number]}", *(f"{phrase} {near[number]}" for phrase in phrases)]
            )
            found.append(Stretch(piece.start(), piece.end(), number, list(own)))
    return post, lead, found


def weighed_reasons(
    model: ReasonModel,
    reasons: Sequence[Justification],
    text: str,
    title: str,
    copy: str,
    cues: Sequence[Cue],
    words_at: Sequence[tuple[int, str]] | None = None,
) -> tuple[Justification, ...]:
    """The rules' reasons that the model lets stand, and those that only it has seen; each code once, in order.

    `text` and `title` as they stand; `copy`: the matching copy of the text.
    """
    post, lead, found = pieces(copy, matching_copy(title), cues, words_at)
    scores = model.told.scores(post, found)[:, 1]
    kept = {reason.code: reason for reason in reasons if not _overruled(reason, lead, found, scores)}
    taken = [(piece, score) for piece, score in zip(found, scores, strict=True) if score >= TAKEN]
    codes = model.code.scores(post, [piece for piece, _ in taken]).argmax(axis=1)
    best: dict[JustificationCode, tuple[float, Stretch]] = {}
    for (piece, score), number in zip(taken, codes, strict=True):
        code = CODES[number]
        if code not in kept and (code not in best or score > best[code][0]):
            best[code] = (score, piece)
    whole = f"{title}\n{text}" if lead else text
    added = (_quoted(code, piece, whole, lead) for code, (_, piece) in best.items())
    return tuple(sorted(chain(kept.values(), added), key=_place))


def _overruled(reason: Justification, lead: int, found: Sequence[Stretch], scores: Floats) -> bool:
    """Whether the model is all but sure of every piece of a reason that it gives none."""
    if reason.start is None or reason.end is None:
        return False
    start, end = reason.start + lead, reason.end + lead
    here = [score for piece, score in zip(found, scores, strict=True) if piece.start < end and piece.end > start]
    return bool(here) and max(here) < DROPPED


def _quoted(code: JustificationCode, piece: Stretch, whole: str, lead: int) -> Justification:
    """The piece as it stands, without the words that lead to it."""
    match = LEADS.match(whole, piece.start, piece.end)
    start = match.end() if match and match.end() < piece.end else piece.start
    end = piece.start + len(whole[piece.start : piece.end].rstrip())
    if start < lead:
        return Justification(code=code, text=whole[start:end])
    return Justification(code=code, text=whole[start:end], start=start - lead, end=end - lead)


def _place(reason: Justification) -> tuple[bool, int, str]:
    return reason.start is None, reason.start or 0, reason.code


@Language.factory("xueyang_justifications")
def make_justifications(nlp: Language, name: str) -> Justifications:
    """The component that leaves the reasons in `doc._.justifications`."""
    return Justifications()


class Justifications:
    """Finds the reasons given for a collection: by rules, and by the fitted model where there is one."""

    def __init__(self, model: ReasonModel | None = None) -> None:
        self.model = model

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.justifications`: empty where the label says that there is no collection."""
        if not tells_of_collection(doc):
            return keep(doc, "justifications", ())
        copy, context, cues = plain(doc), doc._.context, doc._.cues
        found = find_justifications(body(doc), context, cues, copy=copy)
        if self.model is not None:
            found = weighed_reasons(self.model, found, body(doc), context.title, copy, cues, placed_words(doc))
        return keep(doc, "justifications", found)

    def to_disk(self, path: Path, **_: Any) -> None:
        """Write the model, where there is one."""
        if self.model is not None:
            self.model.to_disk(Path(path))

    def from_disk(self, path: Path, **_: Any) -> Justifications:
        """Read the model."""
        self.model = ReasonModel.from_disk(Path(path))
        return self
