"""Tables of numbers: samples by place, key regions, targets and shares as posted, what was left out, the estimate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.findings.areas import NOTED
from pipeline.findings.counting import LeftOut, Total
from pipeline.findings.coverage import Interval
from pipeline.findings.discrepancies import discrepancies, printed
from pipeline.findings.figures import Figure, Unit
from pipeline.findings.ledger import Basis, Cell, Ledger, Table, doubt, item
from pipeline.findings.published import Step
from pipeline.findings.reference import assumptions, population, thesis
from pipeline.language.glosses import gloss

Totals = dict[Unit, Total]
CENSUSES = (2010, 2020)
DOUBTS = ("Doubtful counts", "Doubtful samples")


def number(value: float) -> int | float:
    """A whole number as one."""
    return int(value) if value == int(value) else round(value, 1)


def anchor(campaign: str, unit: Unit) -> str:
    """Anchor of the total of a unit; names from the archive lose what an anchor may not hold."""
    return "t-" + "-".join("".join(c if c.isalnum() else "_" for c in part) for part in (campaign, *unit))


def spread(low: float, high: float) -> str:
    """Bounds as text; one number where they are the same."""
    return f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"


def share(samples: float, people: int | None) -> str | None:
    """A percentage to one decimal, rounded; None where there is no population."""
    return f"{100 * samples / people:.1f}%" if people else None


def _doubts(total: Total | None, key: str | None) -> tuple[Cell, Cell]:
    """The cells under `DOUBTS`: how many of the counts of a total, and how many of its samples."""
    if total is None:
        return Cell(None), Cell(None)
    return Cell(f"{len(total.doubtful):,} of {len(total.used):,}", key), Cell(number(total.doubted), key)


def places(totals: dict[str, Totals], ledger: Ledger, implied: Mapping[tuple[int, Unit], float] | None = None) -> Table:
    """Samples by place, from region to village, with population and share: table 3 of report 158 for every place.

    `implied`: people that a post's own share implies, by post and unit (pipeline.findings.areas.implied_people).
    """
    rows = []
    for campaign, found in totals.items():
        for unit in sorted(found):
            total = found[unit]
            if not total.used:
                continue
            people = [population(unit.adcode, year) if not unit.local else None for year in CENSUSES]
            key = ledger.total(anchor(campaign, unit), total)
            against = "; ".join(dict.fromkeys(total.contradictions)) if len(unit) > 2 else ""
            if people[1] and total.low > people[1]:
                against = "; ".join(filter(None, (against, "more samples than people")))
            own = (implied or {}).get((total.standing.source, unit)) if total.standing in total.used else None
            if own and people[1] and abs(own / people[1] - 1) > NOTED:
                against = "; ".join(filter(None, (against, f"its post's own share implies {own:,.0f} people")))
            rows.append((
                Cell(campaign), Cell(" · " * (len(unit) - 1) + unit.english().split(", ")[0]),
                Cell(unit.local[-1] if unit.local else unit.name()), Cell(unit.adcode),
                Cell(number(total.value), key), Cell(spread(total.low, total.high), key), Cell(total.until),
                Cell(people[0]), Cell(people[1]), Cell(share(total.value, people[1])),
                Cell(len({f.source for f in total.used}), key), *_doubts(total, key),
                Cell(len(total.left_out), key), Cell(against or None),
            ))  # fmt: skip
    columns = (
        "Campaign", "Place", "Name", "Adcode", "Samples posted", "Bounds", "Latest date", "People 2010", "People 2020",
        "Share of 2020", "Posts", *DOUBTS, "Figures left out", "Contradictions",
    )  # fmt: skip
    note = (
        "What posts in this archive say was taken, by the counting rules under Method; most places post no number. "
        "A dash is no known population, not zero. Rows are not to be added: a place contains those indented below it. "
        "Samples are as worded; bounds read the words, so that nearly 400 (近四百) is 300 to 399. "
        "Doubtful counts (see Method) are among the samples. " + explained(totals)
    )
    return Table("samples_by_place", "Samples by place", columns, rows, note)


def explained(campaigns: Iterable[str]) -> str:
    """What the codes of campaigns mean.

    >>> explained(["unspecified"])
    'unspecified: no campaign named.'
    """
    return "; ".join(f"{campaign}: {gloss(campaign)}" for campaign in campaigns) + "."


def key_regions(totals: dict[str, Totals], figures: Iterable[Figure], ledger: Ledger, year: int) -> Table:
    """Units whose own post gives a total so far for the whole, as table 4 of report 158, and the share they claim."""
    claims: dict[Unit, list[Figure]] = {}
    for figure in figures:
        if figure.count.kind == "coverage" and figure.unit is not None:
            claims.setdefault(figure.unit, []).append(figure)
    rows = []
    for campaign, found in totals.items():
        for unit, total in sorted(found.items()):
            standing = total.standing
            if unit.local or standing is None or not standing.whole or standing not in total.used:
                continue
            people = population(unit.adcode, year)
            key = ledger.total(anchor(campaign, unit), total)
            claimed = [f for f in claims.get(unit, []) if f.source == standing.source]
            said = "; ".join(map(_claim, claimed))
            based = next((f for f in claimed if f.people_base and f.count.value), None)
            implied = round(100 * float(standing.count.value) / float(based.count.value)) if based else None
            rows.append((
                Cell(unit.english()), Cell(number(total.value), key), *_doubts(total, key), Cell(total.until),
                Cell(people), Cell(share(total.value, people)), Cell(said or None, key if said else None),
                Cell(implied, key if implied else None), Cell("yes" if standing.ongoing else "not told"),
            ))  # fmt: skip
    columns = ("Region", "Samples", *DOUBTS, "Date", f"People {year}", f"Share of {year}", "Share the post claims",
               "People that share implies", "Collection goes on")  # fmt: skip
    note = "Only units of which a post gives a total so far for the whole unit."
    return Table("key_regions", "Key regions", columns, rows, note)


def _claim(share: Figure) -> str:
    """A share in the post's words, with what is to be said beside it."""
    remarks = "; ".join(filter(None, ("" if share.people_base else "of a task or not told", doubt(share.count))))
    return f"{share.count.text} ({remarks})" if remarks else share.count.text


def as_posted(figures: Iterable[Figure], kind: str, title: str) -> Table:
    """Targets, shares or database sizes as the posts give them: never added up."""
    rows = []
    for figure in figures:
        if figure.count.kind != kind:
            continue
        place = figure.unit.english() if figure.unit else None
        low, high = figure.bounds
        ends = spread(low, high) if kind != "coverage" else f"{low:g}%" if low == high else f"{low:g}% to {high:g}%"
        rows.append((
            Cell(place), Cell(figure.count.place), Cell(ends, figure.key),
            Cell(figure.count.text, figure.key), Cell(figure.as_of), Cell(doubt(figure.count) or "no"),
            Cell(f"S{figure.source}", f"S{figure.source}"),
        ))  # fmt: skip
    columns = ("Place", "Place as written", "Bounds", "Words", "As of", "Doubtful", "Post")
    return Table(f"posted_{kind}", title, columns, rows, "As posted; these are not added to anything.")


def no_place(nowhere: list[LeftOut], ledger: Ledger) -> Table:
    """Figures that could not be put to a place in the scope, so stand in no total."""
    rows = [
        (Cell(left.figure.count.text, left.figure.key), Cell(left.figure.count.place), Cell(left.why),
         Cell(doubt(left.figure.count) or "no"), Cell(f"S{left.figure.source}", f"S{left.figure.source}"))
        for left in nowhere
    ]  # fmt: skip
    ledger.bases["b-nowhere"] = Basis(
        "b-nowhere", "Figures in no total", [], [item(left.figure, left.why) for left in nowhere]
    )
    return Table("figures_in_no_total", "Figures in no total", ("Words", "Place", "Why", "Doubtful", "Post"), rows)


def interval(found: Interval, basis: str | None = None) -> Table:
    """The estimate with its interval, beside the thesis and report 158."""
    known, percent = thesis()["database"], f"{100 * found.probability:.0f}%"

    def row(says: str, value: float, source: str, link: str | None = None, said: object = None) -> tuple[Cell, ...]:
        part = f"{found.share(value):.1f}%" if said is None else f"{said}% (as printed)"
        return Cell(says), Cell(round(value), link), Cell(part), Cell(source)

    rows = [
        row(f"Lower end of the {percent} interval", found.low, "this estimate", basis),
        row("Median", found.median, "this estimate", basis),
        row(f"Upper end of the {percent} interval", found.high, "this estimate", basis),
    ]
    if 3e6 < found.people < 4.5e6:
        rows.append(
            row(
                "Database of Tibet, mid-2020",
                known,
                "thesis of 2020, quoted in report 158; not verified",
                said=printed("thesis_percent"),
            )
        )
        for area in ("Lhorong County", "Zhagyab County"):
            value = printed(f"total/{area}")
            if value is not None:
                rows.append(
                    row(
                        f"Report 158, by the share of {area}",
                        float(value),
                        "Citizen Lab 2022, table 5",
                        said=printed(f"total_percent/{area}"),
                    )
                )
    low, middle, high = (f"{100 * x:.0f}%" for x in found.typical)
    note = (
        f"{len(found.used)} areas with a count, {len(found.unseen)} without; {found.people:,.0f} people in all, of "
        f"whom the shares "
        f"are taken. Coverage of a typical county: {middle} ({low} to {high}). Samples, not people: somebody sampled "
        "twice counts twice. The last digits are arithmetic: quote thousands."
    )
    return Table("estimate", "Estimate for the region", ("Figure", "Samples", "Share of people", "Source"), rows, note)


def areas_used(
    found: Interval, totals: Totals | None = None, ledger: Ledger | None = None, campaign: str = ""
) -> Table:
    """The counts that the estimate rests on; with `totals` how much of them is doubtful.

    With a ledger each links to what its total in `campaign` rests on.
    """
    links = {unit.adcode: total for unit, total in (totals or {}).items() if not unit.local}
    rows = []
    for area in found.used:
        total = links.get(area.adcode)
        key = ledger.total(anchor(campaign, total.unit), total) if ledger and total else None
        low, high = area.low or 0, area.high or area.low or 0
        rows.append((
            Cell(area.name), Cell(area.adcode), Cell(spread(low, high), key), Cell(round(area.people)),
            Cell(f"{100 * low / area.people:.1f}%"), 
            Cell("count" if area.final else "at least"), Cell(area.pool or None),
            *(_doubts(total, key) if totals else ()),
        ))  # fmt: skip
    columns = ("Area", "Adcode", "Samples", "People", "Share", "Used as", "Pool", *(DOUBTS if totals else ()))
    return Table("estimate_areas", "What the estimate rests on", columns, rows)


def sensitivity(found: list[tuple[str, float, Interval]], base: Interval) -> Table:
    """The interval under each alternative assumption."""
    listed = assumptions()
    rows = [(Cell("as assumed"), Cell(None), *_ends(base), Cell(None))]
    rows += [(Cell(name), Cell(f"{value:g}"), *_ends(one), Cell(listed[name]["says"])) for name, value, one in found]
    columns = ("Assumption", "Value", "Lower", "Median", "Upper", "What it is")
    return Table("sensitivity", "How far the assumptions carry", columns, rows)


def _ends(found: Interval) -> tuple[Cell, Cell, Cell]:
    return Cell(round(found.low)), Cell(round(found.median)), Cell(round(found.high))


def steps(found: dict[str, Step], inputs: str | None = None) -> Table:
    """The procedure of report 158, step by step, beside what it printed; or on `inputs`, a table by that name."""
    columns: tuple[str, ...] = ("Figure", "Working", "Value")
    if inputs is not None:
        own = [(Cell(step.says), Cell(step.working), Cell(f"{step.value:,}")) for step in found.values()]
        title = f"The figures of {inputs} by the procedure of report 158; none is the Citizen Lab's"
        return Table("report158_steps", title, columns, own)
    rows = [
        (Cell(step.says), Cell(step.working), Cell(f"{step.value:,}"), Cell(f"{said:,}" if said is not None else None),
         Cell(None if said is None else "yes" if said == step.value else "NO"))
        for step in found.values()
        for said in (printed(step.key),)
    ]  # fmt: skip
    columns = (*columns, "Printed in report 158", "The same")
    return Table("report158_steps", "The Citizen Lab's extrapolation of 2022, worked out again", columns, rows)


def printed_discrepancies() -> Table:
    """Where the printed report does not add up."""
    rows = [tuple(Cell(text or None) for text in found) for found in discrepancies()]
    columns = ("What", "Printed", "Worked out", "Note")
    return Table("report158_discrepancies", "Where the printed report 158 does not add up", columns, rows)
