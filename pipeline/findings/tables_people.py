"""The populations that shares are taken of, with their sources, and what stands at the head of the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.findings.counting import Total
from pipeline.findings.coverage import Interval
from pipeline.findings.ledger import Cell, Table, doubts
from pipeline.findings.reference import gaps, population, populations
from pipeline.findings.scope import Selection
from pipeline.findings.tables_counts import CENSUSES, Totals, anchor, spread
from pipeline.language.glosses import gloss

PRELIMINARY = {
    "exact": "",
    "communique": "preliminary count",
    "compiled": "compiled in the boundaries of 2020",
    "hundred": "rounded to the hundred",
}


def people(totals: Iterable[Totals]) -> Table:
    """Population of every unit that has a total, by census, with source; or why there is none."""
    units = sorted({unit for found in totals for unit, total in found.items() if total.used and not unit.local})
    known, why = populations(), gaps()
    rows = []
    for unit in units:
        for year in CENSUSES:
            figure = known.get((unit.adcode, year))
            if figure is None or not figure.today:
                reason = why.get((unit.adcode, year), "no figure of counties outside Tibet is in the table")
                rows.append((Cell(unit.english()), Cell(unit.adcode), Cell(str(year)), Cell(None), Cell(None),
                             Cell(reason)))  # fmt: skip
                continue
            told = "; ".join(filter(None, (PRELIMINARY[figure.grade], figure.note)))
            rows.append((Cell(unit.english()), Cell(unit.adcode), Cell(str(year)), Cell(figure.people),
                         Cell(f"{figure.source}. Read in: {figure.where}"), Cell(told or None)))  # fmt: skip
    note = "Usual residents of the censuses of 1 November 2010 and 2020. Look a figure up in print before you print it."
    columns = ("Place", "Adcode", "Census", "People", "Source", "Note")
    return Table("populations", "Populations and their sources", columns, rows, note)


def brief(
    selection: Selection, totals: Mapping[str, Totals], estimate: Interval | None, none: str
) -> list[tuple[str, str]]:
    """The findings in a few sentences, each with the caveat that belongs to it and the anchor of what it rests on."""
    if not selection.sources:
        return []
    dates = sorted(d for source in selection.sources if (d := source.record.document.published))
    told = f", published {dates[0]} to {dates[-1]}" if dates else ""
    reviewed = sum(bool(source.reviewers) for source in selection.sources)
    review = (
        f"People have reviewed {reviewed:,} of them; the rest rests on a program."
        if reviewed
        else "No person has reviewed any of them: all rests on a program."
    )
    posts = "1 post tells" if len(selection.sources) == 1 else f"{len(selection.sources):,} posts tell"
    told = f"{posts} of police-led collection in {selection.scope.name()}{told}. {review}"
    found = [(told, "b-sources_by_origin-total")]
    for campaign, units in totals.items():
        for unit in sorted(units):
            total = units[unit]
            if len(unit) == 1 and total.used:
                doubted = f" Doubtful (see Method): {doubts(total)}." if total.doubtful else ""
                told = (
                    f"Numbers in {len({f.source for f in total.used}):,} of the posts account for "
                    f"{spread(total.low, total.high)} samples in {unit.english()} ({gloss(campaign)}). Places that "
                    "posted no number, or whose posts are not in this archive, are not in it."
                    + _more_than_people(total)
                    + doubted
                )
                found.append((told, anchor(campaign, unit)))
    if estimate is not None:
        told = (
            f"Estimated for the whole region: about {_thousands(estimate.low)} to {_thousands(estimate.high)} samples "
            f"({100 * estimate.probability:.0f}% interval, median {_thousands(estimate.median)}), under the "
            "assumptions told in the chapter on the estimate. Quote the interval, not the median."
        )
        found.append((told, "estimate"))
    elif totals:
        found.append((f"No estimate for the whole region: {none}.", "samples_by_place"))
    return found


def _more_than_people(total: Total) -> str:
    """What must be said beside a sum that outnumbers the people; single figures that do are in no total."""
    people = population(total.unit.adcode, CENSUSES[-1])
    if people is None or total.low <= people:
        return ""
    return f" That is more than its {people:,} people of {CENSUSES[-1]}: do not quote it before you know why."


def _thousands(value: float) -> str:
    """An estimate without digits that it does not know.

    >>> _thousands(785531.2), _thousands(412.0)
    ('786,000', '412')
    """
    return f"{round(value, -3):,.0f}" if value >= 10_000 else f"{value:,.0f}"
