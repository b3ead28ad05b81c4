"""What the rules and the fitted model say of a post's numbers, made one (`weighing`)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipeline.language.counts.model import FIGURE_CLASSES, KINDS, Candidate
from pipeline.language.fitted.weighing import Weighed, log_odds
from pipeline.language.fitted.windows import Floats, Post, Stretch
from pipeline.patterns import Pattern
from pipeline.records import Count, CountKind

# 、小河村: what stands between two items of a list.
ITEM = Pattern(r"[、，；;](?!其中|\p{Han}{0,8}[采抽留交收完剩差还未已实欠])\p{Han}{1,10}")
COVERAGE = FIGURE_CLASSES.index("coverage")
SMALLEST = 1e-12
# A number counts something else where the probability of that reaches the first, in posts about mass collection, or the
# second in others, where most numbers count something else (figures: models/MODEL_CARD.md). There a number that is none
# does more harm than one that is missed: 0.4 instead of 0.5 invents in 241 of 3,049 texts instead of 283, F1 0.799
# instead of 0.803.
NOTHING, NOTHING_ELSEWHERE = 0.55, 0.4


# Another kind than the rules say must be so many times as likely: F1 of counts on documents that neither rules nor
# models had seen 0.907 without, 0.924 with 2, 0.926 where the rules' kind always stands; on 226 others, with rules
# mended after a look at them, 0.933, 0.948 and 0.935, and 0.951 with 5.
SURER = 5.0


class Told(NamedTuple):
    """What a number counts (None: nothing of interest), and how likely it counts that, of all it might."""

    kind: CountKind | None
    score: float


def spoken(found: Sequence[Stretch], counts: Sequence[Count]) -> list[int | None]:
    """Which of the rules' counts each number is part of, by their places in `counts`; None where no rule speaks."""
    order = sorted(range(len(counts)), key=lambda i: counts[i].start or 0)
    starts = [counts[i].start or 0 for i in order]
    lasts = [bisect_left(starts, number.end) - 1 for number in found]  # spans do not overlap
    return [
        order[last] if last >= 0 and (counts[order[last]].end or 0) > number.start else None
        for number, last in zip(found, lasts, strict=True)
    ]


def number_features(rules: Sequence[CountKind | None], scores: Floats, *, mass: bool) -> Floats:
    """Numbers x features: what the rules say and how sure the model is (`scores`, by class), apart and together."""
    sure = log_odds(scores)
    said = np.zeros((len(scores), len(FIGURE_CLASSES)))
    said[np.arange(len(rules)), [0 if kind is None else FIGURE_CLASSES.index(kind) for kind in rules]] = 1
    in_mass = np.full((len(scores), 1), float(mass))
    return np.hstack([sure, said, in_mass, said * mass, sure * said[:, :1], sure[:, :1] * mass])


NUMBER_FEATURES = number_features([], np.zeros((0, len(FIGURE_CLASSES))), mass=True).shape[1]


def listed(post: Post, found: Sequence[Candidate], rules: Sequence[CountKind | None]) -> list[int]:
    """For each number the first of the list it stands in (大石村420份、小河村350份), all of one kind by the rules."""
    first = list(range(len(found)))
    for i in range(1, len(found)):
        one, other = found[i - 1], found[i]
        alike = rules[i] == rules[i - 1] and one.numeral.unit == other.numeral.unit
        near = one.stretch.sentence == other.stretch.sentence
        if alike and near and ITEM.fullmatch(post.plain, one.end, other.start):
            first[i] = first[i - 1]
    return first


def weighed_kinds(
    model: Weighed,
    rules: Sequence[CountKind | None],
    shares: Sequence[bool],
    scores: Floats,
    *,
    mass: bool,
    lists: Sequence[int] | None = None,
) -> list[Told]:
    """What each number counts, and how sure that is.

    `rules`: what they say; `shares`: whether it is a percentage; `scores`: numbers x classes, by the model; `lists`:
    those of one number count the same.
    """
    likely = model.weighing.probabilities(number_features(rules, scores, mass=mass))
    if lists is not None and len(likely):
        _, at, many = np.unique(np.array(lists), return_inverse=True, return_counts=True)
        sums = np.zeros((len(many), likely.shape[1]))
        np.add.at(sums, at, likely)
        likely = (sums / many[:, None])[at]
    nothing = likely[:, 0] >= (NOTHING if mass else NOTHING_ELSEWHERE)
    percent = np.array(shares, dtype=bool)
    # a coverage is a percentage, and nothing else is: what is possible shares what the rest was given
    something = 1 - likely[:, 0]
    likely[~percent, COVERAGE] = 0
    likely[percent, 1:COVERAGE] = 0
    likely[:, 1:] *= (something / np.maximum(likely[:, 1:].sum(axis=1), SMALLEST))[:, None]
    best = np.where(nothing, 0, 1 + likely[:, 1:].argmax(axis=1))
    ruled = np.array([0 if kind is None else FIGURE_CLASSES.index(kind) for kind in rules], dtype=np.intp)
    numbers = np.arange(len(best))
    stands = (ruled > 0) & (best > 0) & (SURER * likely[numbers, ruled] >= likely[numbers, best])
    best = np.where(stands, ruled, best)
    return [
        Told(None if chosen == 0 else KINDS[chosen - 1], round(float(row[chosen]), 3))
        for row, chosen in zip(likely, best, strict=True)
    ]
