"""Coverage by area and an interval for the region: partial pooling over counties, by Bayesian quadrature on a grid.

Model (after Gelman et al., Bayesian Data Analysis, section 5.4, on the log-odds scale): the coverage of county i is
logit p_i = m + s z_i with z_i standard normal; its count is y_i = p_i N_i, known up to the bounds of its words and the
uncertainty of the population N_i; a count that is only a lower bound enters as p_i at least that. m is normal and s
half-normal a
priori (corpora/reference/assumptions.toml). Both are integrated over a grid, so there is no chain to converge and the
same
input gives the same interval. Counties without a count are drawn from the same distribution. Areas may be set in
pools with
a typical coverage of their own and the same spread between counties.

The densities come from scipy.stats; nothing here is fitted by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit, logit, logsumexp

from pipeline.findings.reference import assumptions

Array = NDArray[np.float64]
SEED = 20220913  # the day report 158 came out; any other gives the same figures to within a percent
NEAR_ONE = 0.995
TYPICAL, SPREAD = 121, 80  # points of the grid


@dataclass(frozen=True)
class Area:
    """A unit with its people; `low` and `high` bound its samples, None where it has no usable count."""

    name: str
    adcode: str
    people: float
    low: float | None = None
    high: float | None = None
    final: bool = True  # False: the count is a lower bound
    pool: str = ""

    @property
    def counted(self) -> bool:
        """Whether there is a count to use."""
        return self.low is not None and self.low > 0


@dataclass(frozen=True)
class Assumptions:
    """The named parameters; defaults, reasons and alternatives are in corpora/reference/assumptions.toml."""

    population_sd: float
    between_sd: float
    typical_centre: float
    typical_sd: float
    unseen_shift: float
    totals_are_final: float
    population_year: float
    interval: float
    fewest_areas: float

    @classmethod
    def default(cls, **changes: float) -> Assumptions:
        """The values of the table, with changes. Raises TypeError on an unknown name."""
        return cls(**({name: float(entry["value"]) for name, entry in assumptions().items()} | changes))


@dataclass(frozen=True)
class Interval:
    """An estimate for a region: ends and median of samples, people, areas used and not, typical coverage."""

    low: float
    median: float
    high: float
    people: float
    used: tuple[Area, ...]
    unseen: tuple[Area, ...]
    typical: tuple[float, float, float]  # coverage of a typical county, 0 to 1
    probability: float

    def share(self, samples: float) -> float:
        """As a percentage of the people."""
        return 100 * samples / self.people


class TooFew(Exception):
    """There is no basis for an estimate; the message says what is missing."""


@dataclass(frozen=True)
class _Seen:
    """The counts of a pool on the log-odds scale."""

    at: Array
    sd: Array
    final: NDArray[np.bool_]


def estimate(areas: Iterable[Area], given: Assumptions | None = None, draws: int = 4000) -> Interval:
    """The interval for all areas together. Raises TooFew where fewer areas than `fewest_areas` have a usable count."""
    given = given or Assumptions.default()
    areas = tuple(areas)
    used = tuple(area for area in areas if area.counted)
    final = [area for area in used if area.final]
    if len(final) < given.fewest_areas:
        raise TooFew(
            f"areas with a count of all their samples and a population: {len(final)}; at least "
            f"{given.fewest_areas:.0f} are needed, so nothing is estimated"
        )
    as_bounds = not given.totals_are_final
    random = np.random.default_rng(SEED)
    pools = sorted({area.pool for area in areas})
    seen = {pool: _seen([a for a in used if a.pool == pool], given, as_bounds) for pool in pools}
    typical, spread, weights = _posterior([seen[pool] for pool in pools], given)
    total = np.zeros(draws)
    chances = np.exp(logsumexp(weights, axis=(0, 1)))
    cells = random.choice(len(spread), size=draws, p=chances / chances.sum())
    first: Array | None = None
    for pool, grid in zip(pools, weights, strict=True):
        centre = _draw_typical(random, typical, grid, cells)
        first = centre if first is None else first
        for area in (a for a in areas if a.pool == pool):
            total += _samples(random, area, centre, spread[cells], given, as_bounds)
    tail = (1 - given.interval) / 2
    low, median, high = (float(x) for x in np.quantile(total, (tail, 0.5, 1 - tail)))
    middle = np.quantile(expit(first if first is not None else np.zeros(1)), (tail, 0.5, 1 - tail))
    return Interval(
        low, median, high, sum(a.people for a in areas), used, tuple(a for a in areas if not a.counted),
        (float(middle[0]), float(middle[1]), float(middle[2])), given.interval,
    )  # fmt: skip


def _seen(areas: Sequence[Area], given: Assumptions, as_bounds: bool) -> _Seen:
    samples = np.array([((a.low or 0.0) + (a.high or a.low or 0.0)) / 2 for a in areas], dtype=float)
    width = np.array([(a.high or a.low or 0.0) - (a.low or 0.0) for a in areas], dtype=float)
    people = np.array([a.people for a in areas], dtype=float)
    share = np.clip(samples / people, 1e-6, NEAR_ONE)
    # Delta method: on the log-odds scale a relative error e of the share is e / (1 - share). Bounds count as uniform.
    relative = np.sqrt(given.population_sd**2 + (width / np.maximum(samples, 1)) ** 2 / 12)
    binomial = 1 / np.sqrt(people * share * (1 - share))
    return _Seen(
        logit(share),
        np.hypot(relative / (1 - share), binomial),
        np.array([a.final and not as_bounds for a in areas], dtype=bool),
    )


def _posterior(pools: Sequence[_Seen], given: Assumptions) -> tuple[Array, Array, Array]:
    """Grid of typical coverage (log-odds) and of spread, and the log weight of each cell for each pool.

    Weights sum to one over all three axes of a pool's share; the spread is shared, so each pool's cells hold the
    evidence of the
    others on it.
    """
    reach = 4.5
    typical = np.linspace(
        given.typical_centre - reach * given.typical_sd, given.typical_centre + reach * given.typical_sd, TYPICAL * 3
    )
    spread = stats.halfnorm.ppf(np.linspace(0.5 / SPREAD, 1 - 0.5 / SPREAD, SPREAD), scale=given.between_sd)
    prior = stats.norm.logpdf(typical, given.typical_centre, given.typical_sd)[:, None]
    cells = [prior + _log_likelihood(seen, typical, spread) for seen in pools]
    evidence = [logsumexp(cell, axis=0) for cell in cells]
    together = np.sum(evidence, axis=0)
    together -= logsumexp(together)
    # The quantile grid gives each spread the same prior weight. Divided by the number of pools: the weights sum to one.
    weights = [cell - own + together - np.log(len(pools)) for cell, own in zip(cells, evidence, strict=True)]
    return typical, spread, np.stack(weights)


def _log_likelihood(seen: _Seen, typical: Array, spread: Array) -> Array:
    total = np.zeros((len(typical), len(spread)))
    for at, sd, final in zip(seen.at, seen.sd, seen.final, strict=True):
        scale = np.hypot(spread, sd)[None, :]
        if final:
            total += stats.norm.logpdf(at, typical[:, None], scale)
        else:
            total += stats.norm.logsf(at, typical[:, None], scale)
    return total


def _draw_typical(random: np.random.Generator, typical: Array, grid: Array, cells: NDArray[np.int64]) -> Array:
    drawn = np.empty(len(cells))
    step = typical[1] - typical[0]
    for cell in np.unique(cells):
        here = np.flatnonzero(cells == cell)
        weight = np.exp(grid[:, cell] - grid[:, cell].max())
        drawn[here] = random.choice(typical, size=len(here), p=weight / weight.sum())
    return drawn + random.uniform(-step / 2, step / 2, len(cells))


def _samples(
    random: np.random.Generator, area: Area, centre: Array, spread: Array, given: Assumptions, as_bounds: bool
) -> Array:
    """Draws of the samples taken in one area."""
    draws = len(centre)
    low, high = area.low or 0.0, area.high or area.low or 0.0
    if area.counted and area.final and not as_bounds:
        return random.uniform(low, high, draws) if high > low else np.full(draws, low)
    people = area.people * np.exp(random.normal(0, given.population_sd, draws))
    if not area.counted:
        shares: Array = expit(centre + given.unseen_shift + spread * random.standard_normal(draws))
        return people * shares
    floor = logit(np.clip(low / people, 1e-6, NEAR_ONE))
    above = stats.truncnorm.rvs(
        (floor - centre) / spread, np.inf, loc=centre, scale=spread, size=draws, random_state=random
    )
    reached: Array = np.maximum(low, people * expit(above))
    return reached


def sensitivity(areas: Sequence[Area], given: Assumptions | None = None) -> list[tuple[str, float, Interval]]:
    """The interval again with each assumption at each of its alternatives, all others unchanged.

    `population_year` is left to whoever made the areas: it changes their people.
    """
    given = given or Assumptions.default()
    found = []
    for name, entry in assumptions().items():
        if name == "population_year":
            continue
        for value in entry["alternatives"]:
            changed = Assumptions(**(vars(given) | {name: float(value)}))
            found.append((name, float(value), estimate(areas, changed)))
    return found
