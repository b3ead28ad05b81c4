"""The areas of an estimate: counties with their people and usable counts, from records or a table of totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.findings.counting import Total
from pipeline.findings.coverage import Area, Assumptions, Interval, TooFew, estimate
from pipeline.findings.figures import Figure, Unit
from pipeline.findings.published import Row
from pipeline.findings.reference import population
from pipeline.language.places.gazetteer import load_gazetteer

NOTED = 0.1  # a post's population this far from the census is told
# Share of counties without a known population above which a sum over the others is no figure of the region.
MOST_UNKNOWN = 0.05
# Least share of the people that counted areas must hold. Three ordinary counties of Tibet hold 4 %, as many Tibetan
# counties of Sichuan 0.2 %: the latter say nothing of Chengdu.
LEAST_SHARE = 0.02


@dataclass
class Areas:
    """Areas to estimate over, and in words what could not be used and why."""

    areas: list[Area] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)  # what was asked for and changes nothing, in words
    unknown: float = 0.0  # share of the region's counties whose people are not known


BY_REGION = "give the part of the region that the campaign is about (--region)"
BY_TABLE = "leave the rows of the other areas out of the table, and give the region's own people as its total"


def interval(found: Areas, given: Assumptions, remedy: str = BY_REGION) -> Interval:
    """The estimate for all the areas together. Raises TooFew where the counts come from no fair part of them.

    A campaign is carried over to no province that has no count of it, and from no sliver of the people to the rest.
    `remedy`: what the message says to do.
    """
    if found.unknown > MOST_UNKNOWN:
        raise TooFew("too many counties have no known population for a figure of the region")
    if counted := [area for area in found.areas if area.counted and area.final]:
        every, seen = ({area.adcode[:2] for area in part if area.adcode} for part in (found.areas, counted))
        if len(every) > 1 and every - seen:
            raise TooFew(
                f"whole-county counts lie in {len(seen)} of the {len(every)} provinces of the region, and nothing is "
                f"carried over to a province without one; {remedy}"
            )
        share = sum(area.people for area in counted) / sum(area.people for area in found.areas)
        if share < LEAST_SHARE:
            raise TooFew(
                f"the areas with a whole count hold {100 * share:.2g}% of the region's people; from less than "
                f"{100 * LEAST_SHARE:g}% nothing is carried over to the rest; {remedy}"
            )
    return estimate(found.areas, given)


def counties(regions: Sequence[str]) -> list[str]:
    """Adcodes of all counties in the regions, all of China where none is given."""
    gazetteer = load_gazetteer()
    return [
        code
        for code in gazetteer.rows
        if gazetteer.unit(code).level == "county"
        and (not regions or any(region in gazetteer.lineage(code) for region in regions))
    ]


def implied_people(figures: Iterable[Figure]) -> dict[tuple[int, Unit], float]:
    """People that a post's own share of them implies for a unit, by post: 40,200 samples that are 75 % make 53,600.

    Shares of a task, and those whose base the words do not tell, imply nothing.
    """
    figures = list(figures)
    shares = {
        (f.source, f.unit): float(f.count.value)
        for f in figures
        if f.unit and f.count.kind == "coverage" and f.people_base and f.count.qualifier == "exact" and f.count.value
    }
    return {
        (f.source, f.unit): 100 * float(f.count.value) / shares[f.source, f.unit]
        for f in figures
        if f.unit and f.count.kind == "samples" and f.whole and (f.source, f.unit) in shares
    }


def from_totals(
    totals: dict[Unit, Total],
    regions: Sequence[str],
    year: int,
    apart: Sequence[str] = (),
    implied: Mapping[tuple[int, Unit], float] | None = None,
) -> Areas:
    """Counties with people by the census of `year`, and the counts of those that have one.

    A total so far of the whole county is a count; a sum of places inside it, or a figure of some of them, is a lower
    bound.
    Counties of `apart` (prefecture adcodes) form a pool of their own. Where the post of the count gives its share of
    the
    people (`implied`), the share is taken of the people it implies, and the difference from the census is told.
    """
    gazetteer, found = load_gazetteer(), Areas()
    codes = counties(regions)
    inside = {code for county in codes for code in gazetteer.lineage(county)}
    found.idle.extend(
        f"--apart {part} ({gazetteer.english(part)}): no county of it is in the region, so it changes nothing"
        for part in apart
        if part not in inside
    )
    without = [code for code in codes if population(code, year) is None]
    found.unknown = len(without) / max(len(codes), 1)
    if without:
        found.notes.append(
            f"{len(without)} of {len(codes)} counties have no population of {year} in the reference table and are "
            f"left out"
        )
    for code in codes:
        people = population(code, year)
        if people is None:
            continue
        total = totals.get(Unit(gazetteer.lineage(code)))
        pool = "apart" if any(part in gazetteer.lineage(code) for part in apart) else ""
        name = gazetteer.rows[code].english
        if total is None or not total.used or total.low <= 0:
            found.areas.append(Area(name, code, people, pool=pool))
            continue
        standing = total.standing
        posted = (implied or {}).get((standing.source, total.unit)) if standing else None
        if standing and posted and abs(posted / people - 1) > NOTED:
            found.contradictions.append(
                f"{name}: S{standing.source} gives a share that implies {posted:,.0f} people; the census of {year} has "
                f"{people:,}. The share of the post is used"
            )
        people = round(posted) if posted else people
        if total.low >= people:
            found.contradictions.append(
                f"{name}: {total.value:,.0f} samples are more than its {people:,} people of {year}; not used for the "
                f"estimate"
            )
            found.areas.append(Area(name, code, people, pool=pool))
            continue
        final = standing is not None and standing.whole and standing in total.used
        found.areas.append(Area(name, code, people, total.low, total.high, final, pool))
    return found


def from_rows(rows: Iterable[Row], year: int = 2020) -> Areas:
    """Areas from a table of totals (pipeline.findings.published): its own, and the counties it says nothing of."""
    rows, found = list(rows), Areas()
    region = next((row.adcode for row in rows if row.role == "region" and row.adcode), None)
    for row in rows:
        if row.role == "rate":
            parts = sum(float(r.samples or 0) for r in rows if r.role == "part" and r.area == row.area)
            samples = float(row.samples) if row.samples is not None else parts
            if row.population and samples:
                found.areas.append(Area(row.area, row.adcode, float(row.population), samples, samples))
        elif row.role == "database" and row.samples and row.percent and row.population:
            samples = float(100 * row.samples / row.percent)
            found.areas.append(Area(row.area, row.adcode, float(row.population), samples, samples, pool="apart"))
        elif row.role == "alike" and row.population:
            found.areas.append(Area(row.area, row.adcode, float(row.population), pool="apart"))
    if region is None:
        found.notes.append("no adcode of a region: nothing is extrapolated to counties that the table does not name")
        return found
    gazetteer = load_gazetteer()
    if region not in gazetteer.rows:
        found.notes.append(f"{region}: no such adcode in the gazetteer")
        return found
    named = {area.adcode for area in found.areas}
    for code in counties([region]):
        people = population(code, year)
        if not named.intersection(gazetteer.lineage(code)) and people is not None:
            found.areas.append(Area(gazetteer.rows[code].english, code, people))
    return found
