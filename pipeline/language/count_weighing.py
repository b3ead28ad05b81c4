"""What the rules and the fitted model say of a post's numbers, made one.

The rules say why a number counts samples, and fail on wordings that nobody wrote down; the model has seen many wordings
and gives no reasons. Where a rule speaks it stands, unless the model is all but sure that the number counts something
else; where no rule speaks, the model does if it is sure enough.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from pipeline.language.count_kinds import Figure
from pipeline.language.figure_model import KINDS, Candidate
from pipeline.language.windows import Floats

# A number is taken though no rule speaks where the probability that it counts nothing is below this: the first in posts
# about mass collection, the second in others, where most numbers count something else (figures: models/MODEL_CARD.md).
TAKEN, TAKEN_ELSEWHERE = 0.55, 0.4
# … and above which a rule is overruled.
DROPPED = 0.96


def overruled(start: int, end: int, found: Sequence[Candidate], scores: Floats) -> bool:
    """Whether the model is all but sure that the number at these offsets counts something else."""
    first = bisect_right(found, start, key=lambda at: at.end)
    last = bisect_left(found, end, key=lambda at: at.start)
    here = scores[first:last, 0]
    return bool(len(here) and here.min() > DROPPED)


def unspoken(
    found: Sequence[Candidate], scores: Floats, told: Sequence[tuple[int, int]], *, mass: bool
) -> Iterator[tuple[Candidate, Figure]]:
    """Numbers that no rule speaks of (`told`: where those stand) and that the model takes for counts."""
    starts, ends = map(sorted, zip(*told, strict=True)) if told else ([], [])
    for at, row in zip(found, scores, strict=True):
        if row[0] >= (TAKEN if mass else TAKEN_ELSEWHERE):
            continue
        # spans do not overlap: as many begin before the number's end as end before its start
        if bisect_left(starts, at.end) == bisect_right(ends, at.start):
            yield at, Figure(at.numeral, KINDS[int(row[1:].argmax())], at.start, at.end)
