"""The report as one HTML page. Everything from the archive is text to be escaped; nothing is loaded from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline import __version__
from pipeline.findings.figures import Figure
from pipeline.findings.ledger import Basis, Table
from pipeline.findings.method import Section
from pipeline.findings.scope import Source

TEMPLATES = Path(__file__).parent / "templates"
MOST_EVIDENCE = 200


@dataclass
class Chapter:
    """A section of the report: paragraphs, then tables."""

    title: str
    tables: list[Table]
    paragraphs: list[str] = field(default_factory=list)


def show(value: str | int | float | None) -> str:
    """A cell as people read it; a dash for what is not known.

    >>> show(25055), show(None)
    ('25,055', '–')
    """
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else str(value)


def web_address(url: str | None) -> str | None:
    """The address if a browser may follow it: http or https only, as archives hold javascript: addresses too."""
    if not url:
        return None
    try:
        return url if urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


def render(
    directory: Path,
    title: str,
    folder: str,
    warnings: Sequence[str],
    chapters: Sequence[Chapter],
    method: Sequence[Section],
    bases: Iterable[Basis],
    sources: Iterable[Source],
    figures: Mapping[int, Sequence[Figure]],
) -> str:
    """The page. `figures` are the counts by the number of their post."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["show"] = show
    return environment.get_template("report.html.j2").render(
        title=title, version=__version__, directory=directory.name, folder=folder, warnings=warnings,
        sections=chapters, method=method, bases=[_basis(basis) for basis in bases],
        sources=[_source(source, figures.get(source.number, ())) for source in sources],
    )  # fmt: skip


def _basis(basis: Basis) -> dict[str, Any]:
    return {**vars(basis), "used": basis.items, "worded": any(one.words for one in basis.items)}


def _source(source: Source, figures: Sequence[Figure]) -> dict[str, Any]:
    record = source.record
    judged, document = record.classification, record.document
    evidence = max(judged.evidence, key=lambda e: e.weight, default=None)
    return {
        "number": source.number, "title": document.title, "publisher": document.publisher,
        "published": document.published, "kind": document.source_type.replace("_", " "),
        "label": judged.label.replace("_", " "), "campaign": judged.campaign,
        "certainty": f"{judged.scores.get(judged.label, 0):.2f}", "reviewers": ", ".join(source.reviewers),
        "doubtful": judged.needs_review, "url": web_address(record.source.archived_url),
        "archived_at": record.source.archived_at, "path": record.source.path, "sha256": record.source.sha256,
        "copies": [f"{copy.source.path} ({copy.source.sha256})" for copy in source.copies],
        "evidence": evidence.text[:MOST_EVIDENCE] if evidence else "", "figures": [_figure(f) for f in figures],
    }  # fmt: skip


def _figure(figure: Figure) -> dict[str, str]:
    unit = figure.unit.english() if figure.unit else "no place in the scope"
    low, high = figure.bounds
    ends = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    nature = {"cumulative": "total so far", "untold": "kind not told"}.get(figure.nature, figure.nature)
    said = f"{figure.count.kind}, {ends}, {unit}, {nature}, as of {figure.as_of or 'not told'}"
    return {"key": figure.key, "before": figure.before, "text": figure.count.text, "after": figure.after, "says": said}
