"""Figures that cannot be: more samples than the place has people. A misread or invented number must reach no total.

Only single figures are judged. A sum above the population is shown with its contradiction, as each of its parts may
hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from pipeline.findings.areas import implied_people
from pipeline.findings.figures import Figure, Unit
from pipeline.findings.reference import population
from pipeline.language.places.gazetteer import load_gazetteer

CENSUSES = (2010, 2020)
# Posts count migrants too, whom a census has elsewhere: in Qushui a post's share implies 1.28 times its people. One
# that implies more than this many times is as absurd as the figure it belongs to.
MOST_IMPLIED = 2.0


def marked(figures: Sequence[Figure]) -> list[Figure]:
    """The figures of a post; those of samples that outnumber the people of their place say so in `implausible`."""
    implied = implied_people(figures)
    return [
        replace(figure, implausible=_why(figure, implied.get((figure.source, figure.unit)))) if figure.unit else figure
        for figure in figures
    ]


def _why(figure: Figure, posted: float | None) -> str:
    people = _people(figure.unit) if figure.unit and figure.count.kind == "samples" else None
    if people is None:
        return ""
    where, most = people
    if posted is not None and posted <= MOST_IMPLIED * most:
        most = max(most, posted)
    if figure.bounds.low <= most:
        return ""
    return f"implausible: more samples than the {most:,.0f} people of {where}"


@lru_cache(maxsize=10_000)
def _people(unit: Unit) -> tuple[str, float] | None:
    """The smallest unit around a place whose people are known, and how many the larger census found."""
    gazetteer = load_gazetteer()
    for code in reversed(gazetteer.lineage(unit.adcode)):
        known = [people for year in CENSUSES if (people := population(code, year)) is not None]
        if known:
            return gazetteer.english(code), max(known)
    return None
