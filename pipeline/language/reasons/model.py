"""Reasons in words that the phrase book lacks: a fitted model (`windows`) of the pieces of sentences.

One model says of a piece - what stands between two marks - whether it gives a reason for the collection, another which
reason. Beside the rules of `justifications`: a rule is overruled only where the model is all but sure.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, takewhile
from pathlib import Path
from typing import Any, cast, get_args

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import body, keep, plain
from pipeline.language.fitted.windows import MOST, Post, Stretch, WindowModel
from pipeline.language.phrases import Hit
from pipeline.language.reasons.justifications import LEADS, find_justifications, given, rather_mass, tells_of_collection
from pipeline.language.reasons.vetoes import (
    FOUND,
    HEALTH,
    NAMES,
    denied,
    of_others_sought,
    said_of_other_work,
    summed_up,
)
from pipeline.language.sampling import Sentence
from pipeline.language.telling import Telling, phrases_told, telling_of
from pipeline.patterns import Pattern
from pipeline.records import Justification, JustificationCode

REASON_CLASSES = ("none", "reason")
CODES: tuple[JustificationCode, ...] = get_args(JustificationCode)
# A piece is taken for a reason at this probability; a rule's reason is dropped where no piece of it reaches the other
# (figures: models/MODEL_CARD.md).
TAKEN, DROPPED = 0.6, 0.01
PIECE = Pattern(r"(?:[^，。；：！？!?;、\n“”「」『』（）()…,:]++|(?<=\d)[,:](?=\d))++")
EITHER = frozenset({"crime_fighting", "case_solving"})
# A piece has so much, and so much of it is left behind such words, in characters.
SHORTEST = 2
# The windows that each model looks at: which reason it is, the words themselves tell.
TOLD_WINDOWS = ("left", "right", "clause", "clause before", "rest of clause", "clause after", "sentence", "inside")
CODE_WINDOWS = ("left", "right", "clause", "rest of clause", "inside")


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


def pieces(told: Telling) -> list[Stretch]:
    """The pieces in and near sentences that tell of samples."""
    post, _, near = told
    hits = phrases_told(told)
    longest = max((hit.end - hit.start for hit in hits), default=0)
    starts = [hit.start for hit in hits]
    found: list[Stretch] = []
    for number, (start, end) in enumerate(post.bounds):
        if near[number] == "far":
            continue
        for piece in PIECE.finditer(post.plain, start, end):
            if len(found) >= MOST:
                return found
            if piece.end() - piece.start() < SHORTEST or piece[0].isspace():
                continue
            here = hits[bisect_left(starts, piece.start() - longest) : bisect_left(starts, piece.end())]
            phrases = dict.fromkeys(f"phrase {hit.code} {hit.note}" for hit in here if hit.end > piece.start())
            spoken = phrases or ["phrase none"]
            own = (*spoken, f"samples {near[number]}", *(f"{phrase} {near[number]}" for phrase in spoken))
            found.append(Stretch(piece.start(), piece.end(), number, own))
    return found


def weighed_reasons(
    model: ReasonModel, reasons: Sequence[Justification], told: Telling, text: str, title: str
) -> tuple[Justification, ...]:
    """The rules' reasons that the model lets stand, and those that only it has seen; each code once, in order.

    `text` and `title` as they stand; `told`: the post of their matching copies.
    """
    post, lead, _ = told
    found = pieces(told)
    scores = model.told.scores(post, found)[:, 1]
    edges = [piece.end for piece in found]
    kept: dict[JustificationCode, Justification] = {}
    spoken: set[int] = set()  # pieces of which a rule has spoken
    for reason in reasons:
        here = _touched(reason, lead, found, edges)
        if not here or max(scores[i] for i in here) >= DROPPED or _surely(reason, post, found[here[0]], lead):
            kept[reason.code] = reason
            spoken.update(here)
    taken = [i for i, score in enumerate(scores) if score >= TAKEN and i not in spoken and not _vetoed(post, found[i])]
    codes = model.code.scores(post, [found[i] for i in taken]).argmax(axis=1)
    sure = [hit for hit in phrases_told(told) if not hit.note]
    best: dict[JustificationCode, tuple[float, int, int]] = {}
    for i, number in zip(taken, codes, strict=True):
        code = CODES[number]
        said = {**_also_said(post, found[i], sure, code), code: without_leads(post, found[i])}
        for code, where in said.items():
            if code not in kept and (code not in best or scores[i] > best[code][0]):
                best[code] = scores[i], *where
    whole = f"{title}\n{text}" if lead else text
    added = (_quoted(code, start, end, whole, lead) for code, (_, start, end) in best.items())
    return tuple(sorted(chain(kept.values(), added), key=_place))


def _also_said(
    post: Post, piece: Stretch, sure: Sequence[Hit], code: JustificationCode
) -> dict[JustificationCode, tuple[int, int]]:
    """Where the table's phrases in a piece give more reasons than the one that the model names.

    服务反恐维稳和社会面管控 gives three.
    """
    first, last = (bisect_left(sure, at, key=lambda hit: hit.start) for at in (piece.start, piece.end))
    inside = [hit for hit in sure[first:last] if hit.end <= piece.end]
    found = given(post.plain, Sentence(*post.bounds[piece.sentence], 0), inside)
    # of these two, which share their words, the model knows better
    return {cast(JustificationCode, hit.code): (hit.start, hit.end) for hit in found if not {hit.code, code} <= EITHER}


def _vetoed(post: Post, piece: Stretch) -> bool:
    """Whether a piece is denied, or is said of other work: the model looks at words, not at what they deny."""
    where = post.plain, post.bounds[piece.sentence], piece.start, piece.end
    if HEALTH.search(post.plain, piece.start, piece.end):
        return True
    if FOUND.search(post.plain, piece.start, piece.end) or of_others_sought(post.plain, piece.start, piece.end):
        return True
    return denied(*where) or said_of_other_work(*where)


def _surely(reason: Justification, post: Post, piece: Stretch, lead: int) -> bool:
    """Whether a reason is told as what the collection is good for, of which the model sees but a piece."""
    start, end = (reason.start or 0) + lead, (reason.end or 0) + lead
    return summed_up(post.plain, post.bounds[piece.sentence], start, end) and bool(
        NAMES.search(post.plain, post.bounds[piece.sentence][0], start)
    )


def _touched(reason: Justification, lead: int, found: Sequence[Stretch], edges: Sequence[int]) -> list[int]:
    """Which pieces a reason of the rules stands in."""
    if reason.start is None or reason.end is None:
        return []
    first = bisect_right(edges, reason.start + lead)
    return list(takewhile(lambda i: found[i].start < (reason.end or 0) + lead, range(first, len(found))))


def without_leads(post: Post, piece: Stretch) -> tuple[int, int]:
    """A piece without white space around it and without the words that lead to it."""
    told = post.plain[piece.start : piece.end]
    start, end = piece.start + len(told) - len(told.lstrip()), piece.start + len(told.rstrip())
    leads = LEADS.match(post.plain, start, end)
    if leads is not None and end - leads.end() >= SHORTEST and not post.plain[leads.end()].isspace():
        start = leads.end()
    return start, end


def _quoted(code: JustificationCode, start: int, end: int, whole: str, lead: int) -> Justification:
    """The words as they stand; those of the title have no offsets."""
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

    model: ReasonModel | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.justifications`: empty where the label says that there is no collection."""
        if not tells_of_collection(doc):
            return keep(doc, "justifications", ())
        copy, context, cues = plain(doc), doc._.context, doc._.cues
        found = find_justifications(body(doc), context, cues, copy=copy)
        if self.model is not None and rather_mass(doc):
            found = weighed_reasons(self.model, found, telling_of(doc), body(doc), context.title)
        return keep(doc, "justifications", found)

    def to_disk(self, path: Path, **_: Any) -> None:
        """Write the model, where there is one."""
        if self.model is not None:
            self.model.to_disk(Path(path))

    def from_disk(self, path: Path, **_: Any) -> Justifications:
        """Read the model, where there is one."""
        self.model = ReasonModel.from_disk(Path(path)) if Path(path).exists() else None
        return self
