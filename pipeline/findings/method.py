"""The method in plain English, ready to be quoted: what was searched, judged, counted, and what is unknown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import __version__
from pipeline.findings.coverage import Interval
from pipeline.findings.reference import assumptions
from pipeline.findings.scope import Selection
from pipeline.language.glosses import LABELS_EN
from pipeline.paths import MODELS
from pipeline.records import DOUBTFUL


class Section(NamedTuple):
    """A headed group of paragraphs."""

    title: str
    paragraphs: list[str]


RULES = (
    "A post counts once, however often it was reposted; copies of the same words share a cluster.",
    "Totals so far of one place are never added to each other: the latest stands. Where an earlier one is higher, "
    "the bounds hold both "
    "and the contradiction is shown.",
    "Increments are added. Those that end on or before the date of a total so far lie within it and are left out; so "
    "are undated ones.",
    "Parts are not added to their total. Without a total for the whole, the places inside are added up. Where a post "
    "counts "
    "some places of a unit together, that figure and the sum of the places are not added: the larger counts.",
    "What the post does not tell to be a total or an increment is never added to another figure of the place: the "
    "largest counts.",
    "Ranges and words such as 余 (more than), 近 (nearly) and 约 (about) are carried as bounds: 1.2万余 is 12,000 to "
    "12,999.",
    "A figure above the population of its place (the larger of two censuses, or what the post's own share implies) is "
    "implausible: it is listed with the reason and is in no total.",
    "A speed per day is no number of samples. Targets, shares and database sizes are listed as posted and added to "
    "nothing.",
    "Campaigns are kept apart: male-ancestry collection outside the Tibet Autonomous Region is not added to Tibet's.",
    "What reviewers decided goes before what the program proposed.",
    f"A count is doubtful where the program gives less than {DOUBTFUL:.0%} that the number counts what is said of it, "
    "and no person has decided. Doubtful counts are in the totals; beside a total stands how much of it they are. "
    "Read their sentences before quoting it.",
)


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def method(directory: Path, selection: Selection, estimate: Interval | None) -> list[Section]:
    """All sections, in order."""
    return [
        Section("What was searched", _searched(directory, selection)),
        Section("What was judged, and by whom", _judged(selection)),
        Section("How good the program's judgement is", _quality()),
        Section("How samples were counted", list(RULES)),
        Section("How the region was estimated", _estimated(estimate)),
        Section("What is not known", _limits(selection)),
    ]


def _searched(directory: Path, selection: Selection) -> list[str]:
    scope, run = selection.scope, _read(directory / "run.json")
    out = sum(selection.left_out.values())
    copies = sum(len(source.copies) for source in selection.sources)
    dates = (
        f", published {scope.since or 'any time'} to {scope.until or 'any time'}" if scope.since or scope.until else ""
    )
    kinds = f", sources of kind {', '.join(scope.source_types)}" if scope.source_types else ""
    labels = "; ".join(f"{label} ({LABELS_EN[label]})" for label in scope.labels)
    files = run.get("files", {})
    failed = (
        f" {files['failed']} files of the last run could not be read and are not in it." if files.get("failed") else ""
    )
    return [
        f"This report rests on an archive of {selection.documents:,} documents that xueyang {__version__} had "
        f"read.{failed}",
        f"Its scope is {scope.name()}{dates}{kinds}; documents labelled {labels}.",
        f"Posts inside: {len(selection.sources):,}, each counted once, with {copies:,} further copies of them. "
        f"Documents outside: {out:,}: "
        + ("; ".join(f"{why} {n:,}" for why, n in sorted(selection.left_out.items())) or "none")
        + ".",
        "The archive holds what its makers found and saved. It is no sample of all posts: what was deleted, never "
        "posted or not found is "
        "not in it.",
    ]


def _judged(selection: Selection) -> list[str]:
    reviewed = [source for source in selection.sources if source.reviewers]
    names = sorted({name for source in reviewed for name in source.reviewers})
    doubtful = sum(s.record.classification.needs_review and not s.reviewers for s in selection.sources)
    models = sorted({source.record.classification.model for source in selection.sources})
    people = f" by {len(names)} reviewer{'s' if len(names) > 1 else ''}" if names else ""
    return [
        f"The label of each document and the facts in it were proposed by a program "
        f"({'; '.join(models) or 'no model'}).",
        f"In {len(reviewed):,} of the {len(selection.sources):,} posts the label or single facts were decided{people}; "
        "the others rest on the program alone."
        if reviewed
        else f"No person has reviewed any of the {len(selection.sources):,} posts: all rest on the program alone.",
        f"{doubtful:,} posts that the program itself marks as doubtful have not been reviewed."
        + (" Read them before quoting any number." if doubtful else ""),
    ]


def _quality() -> list[str]:
    figures = _read(MODELS / "metrics.json")
    try:
        held = figures["cross_validation"]["labels"]["mass_collection"]
        apart = figures["leave_one_author_out"]["labels"]["mass_collection"]
        facts = figures["whole_runs"]["facts"]
        return [
            f"On {figures['documents']} annotated documents, none judged by a model that had seen it: of the "
            f"documents labelled mass "
            f"collection {100 * held['precision']:.0f}% are (precision), and {100 * held['recall']:.0f}% of those "
            f"that are were found "
            f"(recall). On documents by authors never seen: {100 * apart['precision']:.0f}% and "
            f"{100 * apart['recall']:.0f}%.",
            f"Counts (kind and value): precision {100 * facts['counts']['precision']:.0f}%, recall "
            f"{100 * facts['counts']['recall']:.0f}%; with bounds, qualifier and date "
            f"{100 * facts['counts_strict']['precision']:.0f}% and "
            f"{100 * facts['counts_strict']['recall']:.0f}%. Places: {100 * facts['places']['precision']:.0f}% and "
            f"{100 * facts['places']['recall']:.0f}%. Reasons: {100 * facts['justifications']['precision']:.0f}% and "
            f"{100 * facts['justifications']['recall']:.0f}%.",
            "The annotated documents were written for the project and chosen to mislead; they are no sample of this "
            "archive, where the "
            "figures may be better or worse.",
        ]
    except KeyError:
        return [
            "No measurement of the program is at hand (models/metrics.json): its judgement must be checked by people."
        ]


def _estimated(found: Interval | None) -> list[str]:
    if found is None:
        return ["Nothing was estimated: see the section on the estimate for what is missing."]
    listed = assumptions()
    return [
        "Each county's coverage (samples by people) is taken to come from one distribution of coverages, whose "
        "centre and "
        "spread are learned from the counties that have a count (partial pooling, on the log-odds scale); counties "
        "without "
        "one are drawn from it. A sum of places inside a county counts as a lower bound. The interval holds the "
        "uncertainty of centre, "
        "spread, populations and wording.",
        f"Here {len(found.used)} areas have a count and {len(found.unseen)} do not. Checked by simulation: in "
        f"synthetic regions "
        "with a known truth the 90% interval holds it in 85% to 95% of cases (tests/test_findings_coverage.py).",
        "Assumptions: "
        + "; ".join(
            f"{name} = {entry['value']} ({entry['says'].lower()}: {entry['why']})" for name, entry in listed.items()
        ),
    ]


def _limits(selection: Selection) -> list[str]:
    found = [
        "Whether a post tells the truth. Police report success; numbers may be raised, rounded or invented.",
        "How many people were sampled. A person sampled twice is two samples; posts count samples, people and cards "
        "in one breath.",
        "Why some counties post numbers and others do not. The estimate takes those that do as like those that do "
        "not, unless an "
        "assumption says otherwise; the sensitivity table shows what follows if they are not.",
        "When collection ended, if it did. Totals hold for the dates given.",
        "Whether figures limited to a group (monks, pupils, migrants) are part of a later total; they are never "
        "added to one.",
        "Populations are of two censuses (sources in the table of populations); posts may count people who are "
        "registered elsewhere or do not live there.",
    ]
    undated = sum(not source.record.document.published for source in selection.sources)
    if undated:
        found.append(f"The date of {undated:,} posts.")
    return found


def warnings(selection: Selection, totals: Sequence[object]) -> list[str]:
    """What must be said before anything else."""
    found = []
    if not selection.documents:
        found.append("This run directory holds no documents: there is nothing to report.")
    elif not selection.sources:
        found.append("No document is inside the scope: every table below is empty. What was left out is under Method.")
    elif not totals:
        found.append(
            "No post inside the scope gives a number of samples that could be counted: there are no totals and there "
            "is no estimate."
        )
    return found
