"""What the rules and the fitted model say of a post's numbers, made one.

The rules say why a number counts samples, and fail on wordings that nobody wrote down; the model has seen many wordings
and gives no reasons. Where a rule speaks it stands, unless the model is all but sure that the number counts something
else; where no rule speaks, the model does if it is sure enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.language.count_kinds import Figure
from pipeline.language.figure_model import KINDS, Candidate, Floats

# The probability that a number counts nothing, below which it is taken though no rule speaks: in posts about mass
# collection, and in others, where most numbers count something else. Chosen on texts held out (models/MODEL_CARD.md).
TAKEN, TAKEN_ELSEWHERE = 0.55, 0.4
# … and above which a rule is overruled.
DROPPED = 0.96


def overruled(start: int, end: int, found: Sequence[Candidate], scores: Floats) -> bool:
    """Whether the model is all but sure that the number at these offsets counts something else."""
    here = [row[0] for at, row in zip(found, scores, strict=True) if at.start < end and start < at.end]
    return bool(here and min(here) > DROPPED)


def unspoken(
    found: Sequence[Candidate], scores: Floats, told: Iterable[tuple[int, int]], *, mass: bool
) -> Iterator[tuple[Candidate, Figure]]:
    """Numbers that no rule speaks of (`told`: where those stand) and that the model takes for counts."""
    spans = list(told)
    for at, row in zip(found, scores, strict=True):
        if row[0] >= (TAKEN if mass else TAKEN_ELSEWHERE):
            continue
        if not any(start < at.end and at.start < end for start, end in spans):
            yield at, Figure(at.numeral, KINDS[int(row[1:].argmax())], at.start, at.end)
