"""A whole report: select, count, estimate, tabulate, draw, write. What `xueyang report` does, usable from Python."""

from __future__ import annotations

import gc
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.batch.judged import Judged, judged
from pipeline.batch.where import reading, unfinished
from pipeline.findings import areas as area_tools
from pipeline.findings import charts, coverage, tables_counts, tables_people, tables_sources
from pipeline.findings.counting import LeftOut, totals
from pipeline.findings.figures import Figure, figures
from pipeline.findings.ledger import Cell, Ledger, Table
from pipeline.findings.lists import web_address
from pipeline.findings.method import method, warnings
from pipeline.findings.page import Chapter, render
from pipeline.findings.plausible import marked
from pipeline.findings.published import estimate as published_estimate
from pipeline.findings.published import read_inputs
from pipeline.findings.reference import assumptions
from pipeline.findings.scope import Scope, Selection, select
from pipeline.findings.tablefiles import write_bases, write_tables
from pipeline.language.places.gazetteer import load_gazetteer

# More places than this and the map is unreadable.
MOST_ON_MAP = 150
MOST_PATHS = 10


@dataclass
class Findings:
    """What a report rests on: the posts, their figures, totals by campaign, the estimate or why there is none."""

    selection: Selection
    figures: dict[int, list[Figure]]
    totals: dict[str, tables_counts.Totals]
    nowhere: list[LeftOut]
    areas: area_tools.Areas
    estimate: coverage.Interval | None = None
    no_estimate: str = ""
    sensitivity: list[tuple[str, float, coverage.Interval]] = field(default_factory=list)

    @property
    def every_figure(self) -> list[Figure]:
        """All figures, in the order of the posts."""
        return [figure for found in self.figures.values() for figure in found]

    @property
    def alarms(self) -> list[str]:
        """What must be said wherever the numbers are: options without effect, figures that cannot be."""
        absurd = sum(bool(figure.implausible) for figure in self.every_figure)
        if not absurd:
            return self.areas.idle
        told = "1 figure is" if absurd == 1 else f"{absurd:,} figures are"
        absurdity = f"{told} above the population of the place and in no total; see Figures in no total for the reason."
        return [absurdity, *self.areas.idle]

    @property
    def place(self) -> str:
        """The region of the report, and how many documents of its labels lie outside, with what takes them in."""
        scope, left = self.selection.scope, self.selection.left_out
        beyond = sum(n for why, n in left.items() if why.startswith("elsewhere") or why == "no known place")
        more = f"; of other or unknown places: {beyond:,}, taken in with --region all" if beyond else ""
        return f"region: {scope.name()}{more}"

    @property
    def remarks(self) -> list[str]:
        """What the terminal says beside the number of posts."""
        return [self.place, *self.alarms, *([f"no estimate: {self.no_estimate}"] if self.no_estimate else [])]


def find(
    documents: Iterable[Judged], scope: Scope, given: coverage.Assumptions | None = None, apart: tuple[str, ...] = ()
) -> Findings:
    """Select, count and estimate."""
    given = given or coverage.Assumptions.default()
    selection = select(documents, scope)
    by_post = {source.number: marked(list(figures(source, scope))) for source in selection.sources}
    campaigns: dict[str, list[Figure]] = defaultdict(list)
    for source in selection.sources:
        campaigns[source.record.classification.campaign or "none"].extend(by_post[source.number])
    found: dict[str, tables_counts.Totals] = {}
    nowhere: list[LeftOut] = []
    for campaign, listed in sorted(campaigns.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        counted, lost = totals(listed)
        nowhere.extend(lost)
        if counted:
            found[campaign] = counted
    year = int(given.population_year)
    # One campaign is estimated: the one with most figures. Campaigns differ in whom they sample.
    main = next(iter(found.values()), {})
    implied = area_tools.implied_people(figure for listed in by_post.values() for figure in listed)
    areas = area_tools.from_totals(main, scope.regions, year, apart, implied)
    findings = Findings(selection, by_post, found, nowhere, areas)
    try:
        findings.estimate = area_tools.interval(areas, given)
        findings.sensitivity = coverage.sensitivity(findings.areas.areas, given)
        for other in assumptions()["population_year"]["alternatives"]:
            changed = area_tools.from_totals(main, scope.regions, int(other), apart, implied)
            try:
                findings.sensitivity.append(("population_year", other, area_tools.interval(changed, given)))
            except coverage.TooFew:
                continue
    except coverage.TooFew as error:
        findings.no_estimate = str(error)
    return findings


def write(
    directory: Path,
    out: Path,
    scope: Scope,
    given: coverage.Assumptions | None = None,
    apart: tuple[str, ...] = (),
    store_url: str | None = None,
) -> Findings:
    """Write the page to `out` and the tables beside it, in a folder named after it.

    `store_url`: the database the run wrote to, where it was not the directory's own. Raises NoRecords and OSError.
    """
    with _uncollected():
        with reading(directory):
            findings = find(
                judged(directory, store_url), scope, given := given or coverage.Assumptions.default(), apart
            )
        return _write(directory, out, findings, scope, given, unfinished(directory, store_url))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for cyclic garbage: a report makes millions of objects that live to its end, and no cycles."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _write(
    directory: Path, out: Path, findings: Findings, scope: Scope, given: coverage.Assumptions, undone: str | None
) -> Findings:
    ledger = Ledger()
    chapters = _chapters(findings, ledger, int(given.population_year))
    folder = out.parent / f"{out.stem}_tables"
    out.parent.mkdir(parents=True, exist_ok=True)
    listed = [table for chapter in chapters for table in chapter.tables]
    write_tables(folder, [*listed, _sources(findings.selection), _outside(findings.selection)])
    write_bases(folder, ledger.bases.values(), {s.number: s for s in findings.selection.sources})
    selection = findings.selection
    said = [*([undone] if undone else []), *warnings(selection, list(findings.totals)), *findings.alarms]
    brief = tables_people.brief(selection, findings.totals, findings.estimate, findings.no_estimate)
    page = render(
        directory.resolve(), f"Police-led mass DNA collection: {scope.name()}", folder.name,
        said, brief, chapters, method(directory, selection, findings.estimate),
        ledger.bases.values(), selection.sources, findings.figures,
    )  # fmt: skip
    part = out.with_name(f".{out.name}.part")
    part.write_text(page, encoding="utf-8")
    part.replace(out)
    return findings


def _chapters(findings: Findings, ledger: Ledger, year: int) -> list[Chapter]:
    selection = findings.selection
    everything = findings.every_figure
    origin = tables_sources.origin(selection, ledger)
    region, timeline = tables_sources.region(selection, ledger), tables_sources.timeline(selection, ledger)
    origin.chart, region.chart = _bars(origin), _bars(region)
    months = [(str(a.value), int(b.value or 0)) for a, b in timeline.rows[:-1]]
    timeline.chart = charts.timeline("timeline", "Posts by month", [m for m, _ in months], [n for _, n in months])
    by_place = tables_counts.places(findings.totals, ledger, area_tools.implied_people(everything))
    by_place.chart = _map(findings)
    posted = [
        tables_counts.as_posted(everything, kind, title)
        for kind, title in (("target", "Targets"), ("coverage", "Shares"), ("database", "Sizes of databases"))
    ]
    reasons = tables_sources.justifications(selection, ledger)
    reasons.chart = _bars(reasons, 1, 2)
    return [
        Chapter("Posts", [origin, tables_sources.year(selection, ledger), region, timeline, _elsewhere(findings)]),
        Chapter("Samples", [by_place, tables_counts.key_regions(findings.totals, everything, ledger, year), *posted,
                            tables_counts.no_place(findings.nowhere, ledger),
                            tables_people.people(findings.totals.values())]),
        _estimate(findings, ledger),
        Chapter("Reasons", [reasons]),
        Chapter("People, places and methods", [
            tables_sources.groups(selection, ledger),
            *(tables_sources.circumstances(selection, ledger, *table) for table in tables_sources.CIRCUMSTANCES),
            tables_sources.organisations(selection, ledger),
        ]),
        Chapter("The report of 2022", [tables_counts.steps(published_estimate(read_inputs())),
                                       tables_counts.printed_discrepancies()],
                ["The extrapolation of the Citizen Lab's report 158 (E. Dirks, 2022) from its own figures, "
                 "for comparison. None of it comes from this archive."]),
    ]  # fmt: skip


def _estimate(findings: Findings, ledger: Ledger) -> Chapter:
    found = findings.estimate
    notes = [*findings.areas.notes, *(f"Contradiction: {text}" for text in findings.areas.contradictions)]
    if len(findings.totals) > 1 and found:
        notes.insert(0, f"Estimated for the campaign {next(iter(findings.totals))} only.")
    if found is None:
        return Chapter("Estimate", [], [f"No estimate: {findings.no_estimate}.", *notes])
    table = tables_counts.interval(found, "estimate_areas")
    marks = [(str(row[0].value), float(row[1].value or 0)) for row in table.rows[3:]]
    table.chart = charts.interval(found, marks)
    campaign, main = next(iter(findings.totals.items()), ("", {}))
    varied = tables_counts.sensitivity(findings.sensitivity, found)
    varied.chart = charts.sensitivity(found, findings.sensitivity)
    return Chapter("Estimate", [table, tables_counts.areas_used(found, main, ledger, campaign), varied], notes)


def _bars(table: Table, label: int = 0, value: int = 1) -> str:
    rows = [row for row in table.rows if not str(row[0].value).startswith("TOTAL")][:25]
    # Chinese names are left to the table: a reader's sans-serif may not have them.
    labels = [" ".join(w for w in str(row[label].value).split() if w.isascii() or not w[0] >= "\u2e80") for row in rows]
    return charts.bars(table.name, table.title, labels, [int(row[value].value or 0) for row in rows])


def _map(findings: Findings) -> str:
    posts: Counter[str] = Counter()
    scope = findings.selection.scope
    for source in findings.selection.sources:
        posts.update({place.adcode for place in source.record.places if scope.inside(place.adcode)})
    campaign, main = next(iter(findings.totals.items()), ("any campaign", {}))
    gazetteer = load_gazetteer()
    counted = {unit.adcode: total.value for unit, total in main.items() if not unit.local and total.used}
    # A region whose counties are drawn is not drawn over them.
    codes = {code for code in {*posts, *counted} if not code.endswith("00")}
    rows = []
    for code in sorted(codes, key=lambda c: -counted.get(c, 0))[:MOST_ON_MAP]:
        name = gazetteer.rows[code].english.removesuffix(" County").removesuffix(" District")
        rows.append((code, name, posts[code], counted.get(code, 0.0)))
    return charts.places(rows, area_tools.counties(scope.regions), campaign)


def _elsewhere(findings: Findings) -> Table:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for where, campaign, path in findings.selection.elsewhere:
        found[where, campaign].append(path)
    rows = []
    for (where, campaign), paths in sorted(found.items()):
        more = f" and {len(paths) - MOST_PATHS:,} more" if len(paths) > MOST_PATHS else ""
        rows.append((Cell(where), Cell(campaign), Cell(len(paths)), Cell(", ".join(sorted(paths)[:MOST_PATHS]) + more)))
    note = (
        "Mass collection outside the regions of this report, kept apart: none of it is in any number here. "
        "left_out.csv lists every document left out, with its sha256. "
        + (tables_counts.explained(sorted({campaign for _, campaign in found})) if found else "")
    )
    return Table("kept_apart", "Kept apart", ("Province", "Campaign", "Number of posts", "Files"), rows, note)


def _outside(selection: Selection) -> Table:
    rows = [tuple(Cell(text) for text in row) for row in selection.outside]
    return Table("left_out", "Documents outside the scope", ("File", "sha256", "Why"), rows)


def _sources(selection: Selection) -> Table:
    rows = []
    for source in selection.sources:
        record = source.record
        rows.append(tuple(Cell(value) for value in (
            f"S{source.number}", record.document.title, record.document.publisher, record.document.published,
            record.document.source_type, record.classification.label, record.classification.campaign,
            ", ".join(source.reviewers), web_address(record.source.archived_url), record.source.archived_at,
            record.source.path, record.source.sha256, len(source.copies),
        )))  # fmt: skip
    columns = ("Post", "Title", "Publisher", "Published", "Kind", "Label", "Campaign", "Reviewers", "Archived page",
               "Archived", "File", "sha256", "Copies")  # fmt: skip
    return Table("sources", "Sources", columns, rows)
