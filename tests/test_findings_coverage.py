"""The interval: right as often as it says on regions with a known truth, and none without a basis."""

import numpy as np
import pytest
from scipy.special import expit

from pipeline.findings.areas import from_rows
from pipeline.findings.coverage import Area, Assumptions, TooFew, estimate, sensitivity
from pipeline.findings.published import read_inputs
from pipeline.findings.reference import populations

PEOPLE = [
    p.people for p in populations().values() if p.adcode.startswith("54") and p.year == 2020 and p.adcode[4:] != "00"
]


def region(random: np.random.Generator, centre: float, spread: float, seen: int) -> tuple[float, list[Area]]:
    """A synthetic region: the truth, and what posts would tell of it (some counties, cut to 余 of hundreds)."""
    people = np.array(PEOPLE) * np.exp(random.normal(0, 0.1, len(PEOPLE)))
    samples = np.floor(people * expit(centre + spread * random.standard_normal(len(PEOPLE))))
    shown = set(random.choice(len(PEOPLE), seen, replace=False).tolist())
    areas = []
    for n, (census, count) in enumerate(zip(PEOPLE, samples, strict=True)):
        low = max(np.floor(count / 100) * 100, 1.0)
        known = n in shown
        areas.append(Area(str(n), str(n), census, low if known else None, max(low + 99, count) if known else None))
    return float(samples.sum()), areas


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Scenarios are drawn like the model's own prior and fixed far from its centre; 85 to 95 % over all of them."""
    random = np.random.default_rng(7)
    held = []
    for centre, spread, seen in ((-0.7, 0.6, 8), (-1.5, 1.0, 12), (-0.3, 0.7, 20), (-0.7, 0.3, 6)):
        for _ in range(60):
            truth, areas = region(random, centre, spread, seen)
            found = estimate(areas, draws=600)
            held.append(found.low <= truth <= found.high)
    for _ in range(60):
        truth, areas = region(random, random.normal(-1, 1.5), abs(random.normal(0, 0.75)), 8)
        found = estimate(areas, draws=600)
        held.append(found.low <= truth <= found.high)
    assert 0.85 <= np.mean(held) <= 0.95


def test_more_counts_make_a_narrower_interval() -> None:
    random = np.random.default_rng(3)
    widths = []
    for seen in (4, 40):
        _, areas = region(random, -0.7, 0.6, seen)
        found = estimate(areas)
        widths.append((found.high - found.low) / found.median)
    assert widths[1] < widths[0] / 2


def test_the_same_input_gives_the_same_interval() -> None:
    _, areas = region(np.random.default_rng(5), -0.7, 0.6, 6)
    assert estimate(areas) == estimate(areas)


def test_too_few_counts_give_no_number() -> None:
    areas = [Area("a", "a", 1000, 100, 100), Area("b", "b", 1000, 100, 100), *(Area("c", "c", 1000),) * 5]
    with pytest.raises(TooFew, match="at least 3"):
        estimate(areas)
    lower = [Area("x", "x", 1000, 5, 5, final=False)] * 10
    with pytest.raises(TooFew):
        estimate([*areas, *lower])


def test_lower_bounds_only_push_up() -> None:
    base = [Area(n, n, 10000, 3000, 3000) for n in "abc"] + [Area(n, n, 10000) for n in "defgh"]
    pushed = [*base[:3], *(Area(n, n, 10000, 6000, 6000, final=False) for n in "defgh")]
    assert estimate(pushed).median > estimate(base).median
    assert estimate(pushed).low >= 5 * 6000 + 3 * 3000


def test_the_reports_own_figures_give_an_interval_around_its_points() -> None:
    areas = from_rows(read_inputs()).areas
    found = estimate(areas)
    assert found.low < 919282
    assert found.high > 1206962
    assert len(found.used) == 3
    assert sum(area.people for area in areas) == pytest.approx(3.7e6, rel=0.02)


def test_assumptions_matter_in_the_direction_they_should() -> None:
    areas = from_rows(read_inputs()).areas
    base = estimate(areas)
    varied = {(name, value): found for name, value, found in sensitivity(areas)}
    assert varied["unseen_shift", -0.5].median < base.median < varied["unseen_shift", 0.5].median
    assert varied["totals_are_final", 0.0].median > base.median
    with pytest.raises(TypeError):
        Assumptions.default(no_such=1.0)
