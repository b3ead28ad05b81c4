"""How many relevant posts are still unseen, and when stopping is defensible.

The method is that of Callaghan and Müller-Hansen, "Statistical stopping criteria for automated screening in systematic
reviews", Systematic Reviews 9:273 (2020), doi:10.1186/s13643-020-01521-4. After working through the likeliest posts, a
random sample of those not yet judged is drawn and judged. How many relevant posts it holds is hypergeometric, which
gives an exact interval for the relevant posts among all those it was drawn from, and a p-value for the hypothesis that
recall is below the target. Whoever draws one sample after another until one allows to stop would be wrong more often
than 5 %; so the first may err in half of that, the second in a quarter, and so on (Bonferroni's inequality), and the
intervals are widened alike: together they hold with 95 %. Before a sample is drawn, the last posts judged are read as
if they were one ("ranked quasi-sampling" there): as the likeliest come first, that overstates what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Literal

import numpy as np
from scipy.stats import hypergeom

TARGET = 0.95
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """What is still unseen. All numbers are of posts, copies folded."""

    method: Literal["sample", "quasi-sample", "none"]
    found: int  # relevant posts judged so far
    unjudged: int
    expected: float  # relevant posts among the unjudged: point estimate
    low: int
    high: int  # 95 % interval
    recall_low: float
    p_value: float  # of recall below TARGET
    sample_size: int
    sample_relevant: int
    error: float  # that the p-value must fall below

    @property
    def may_stop(self) -> bool:
        """Whether a recall of TARGET is shown."""
        return self.unjudged == 0 or self.p_value < self.error


def allowed_error(number: int) -> float:
    """What the first, second, third ... sample may err, so that all together err in no more than 5 %.

    >>> [round(allowed_error(n), 5) for n in (1, 2, 3)]
    [0.025, 0.0125, 0.00625]
    """
    return float((1 - CONFIDENCE) / 2**number)


def hidden_interval(population: int, size: int, relevant: int, error: float = 1 - CONFIDENCE) -> tuple[int, int]:
    """The exact interval for relevant documents in a population of which a random sample was judged.

    Both ends by inverting the hypergeometric test, half of the error on each side.

    >>> hidden_interval(1000, 100, 0)
    (0, 34)
    >>> hidden_interval(100, 100, 7)
    (7, 7)
    """
    error /= 2
    least, most = relevant, population - (size - relevant)
    low = _first(least, most, lambda k: float(hypergeom.sf(relevant - 1, population, k, size)) > error)
    beyond = _first(low, most + 1, lambda k: k > most or float(hypergeom.cdf(relevant, population, k, size)) <= error)
    return low, max(low, beyond - 1)


def _first(least: int, most: int, holds: Callable[[int], bool]) -> int:
    """The smallest number from least to most for which a monotone condition holds; most where it never does."""
    while least < most:
        middle = (least + most) // 2
        if holds(middle):
            most = middle
        else:
            least = middle + 1
    return least


def p_value(population: int, size: int, relevant: int, before: int, found: int, target: float = TARGET) -> float:
    """The probability to see so few relevant documents in the sample, were recall below the target.

    `before` are relevant documents judged before the sample was drawn, `found` all judged by now. Source: equation 3
    of the paper.
    """
    # The fewest relevant documents in the population that leave recall below the target.
    fewest = max(0, floor(found / target - before + 1 + 1e-9))
    if fewest > population - (size - relevant):
        return 0.0
    return float(hypergeom.cdf(relevant, population, fewest, size))


def from_sample(
    drawn_from: int, sample: Sequence[bool], found_before: int, found_since: int, unjudged: int, number: int = 1
) -> Estimate:
    """The estimate from a random sample that has been judged.

    `drawn_from`: posts unjudged when it was drawn. `found_since`: relevant posts found among them since, those of the
    sample included. `number`: which sample in turn, from 1.
    """
    size, relevant = len(sample), sum(sample)
    error = allowed_error(number)
    low, high = hidden_interval(drawn_from, size, relevant, error)
    still = [max(0, number - found_since) for number in (low, high)]
    found = found_before + found_since
    chance = p_value(drawn_from, size, relevant, found_before, found)
    return Estimate(
        method="sample",
        found=found,
        unjudged=unjudged,
        expected=min(max(0.0, drawn_from * relevant / size - found_since), unjudged) if size else float(unjudged),
        low=still[0],
        high=min(still[1], unjudged),
        recall_low=found / (found + min(still[1], unjudged)) if found else 0.0,
        p_value=chance,
        sample_size=size,
        sample_relevant=relevant,
        error=error,
    )


def from_ranking(judged: Sequence[bool], unjudged: int, elsewhere: int = 0, expected: float | None = None) -> Estimate:
    """The estimate from the posts judged so far, in the order they were judged, relevant or not.

    The last n of them stand for a sample of what was then unjudged; of all n the one with the smallest p-value is
    taken, as in the paper. With so many looks at the data it is a heuristic, not a proof: draw a sample to be sure.
    The interval is bounded above only. `elsewhere`: relevant posts judged in another order, which say nothing of what
    is left. `expected`: what the ranking itself expects among the unjudged, the sum of its probabilities.
    """
    if not judged:
        guess = unjudged if expected is None else min(expected, unjudged)
        return Estimate("none", elsewhere, unjudged, guess, 0, unjudged, 0.0, 1.0, 0, 0, 1 - CONFIDENCE)
    hits = np.cumsum(np.array(judged[::-1], dtype=int))  # of the last 1, 2, 3 ... posts
    sizes = np.arange(1, len(judged) + 1)
    found = int(hits[-1]) + elsewhere
    fewest = np.floor(found / TARGET - (found - hits) + 1 + 1e-9).astype(int)
    possible = fewest <= unjudged + hits
    chances = np.where(
        possible, hypergeom.cdf(hits, unjudged + sizes, np.where(possible, fewest, unjudged + hits), sizes), 0.0
    )
    best = int(np.argmin(chances))
    size, relevant = int(sizes[best]), int(hits[best])
    _, high = hidden_interval(unjudged + size, size, relevant)
    high = min(high - relevant, unjudged)
    return Estimate(
        method="quasi-sample",
        found=found,
        unjudged=unjudged,
        expected=min(unjudged * relevant / size if expected is None else expected, high),
        low=0,
        high=high,
        recall_low=found / (found + high) if found else 0.0,
        p_value=float(chances[best]),
        sample_size=size,
        sample_relevant=relevant,
        error=1 - CONFIDENCE,
    )


def sample_size(unjudged: int, found: int, number: int = 1, target: float = TARGET) -> int:
    """The smallest sample that shows the target, were nothing relevant in it; all where even that is too few.

    `number`: which sample in turn it would be, from 1.

    >>> sample_size(1000, 200), sample_size(1000, 200, number=2), sample_size(40, 10)
    (284, 327, 39)
    """
    if unjudged == 0:
        return 0
    error = allowed_error(number)
    return _first(1, unjudged, lambda size: p_value(unjudged, size, 0, found, found, target) < error)
