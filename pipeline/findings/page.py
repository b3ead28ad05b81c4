"""The report as one HTML page. Everything from the archive is text to be escaped; nothing is loaded from anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline import __version__
from pipeline.findings import lists
from pipeline.findings.figures import Figure
from pipeline.findings.ledger import Basis, Cell, Table
from pipeline.findings.method import Section
from pipeline.findings.scope import Source

NUMERIC = re.compile(r"[\d,.:%\- ]+(to [\d,.%]+)?")  # dates and bounds, not to be broken over lines
TEMPLATES = Path(__file__).parent / "templates"


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


def cells(rows: Iterable[Sequence[Cell]]) -> str:
    """The rows of a table; numbers are set right, and link to what they rest on."""
    told = []
    for row in rows:
        told.append("<tr>")
        for cell in row:
            text = escape(show(cell.value))
            worded = cell.value is None or isinstance(cell.value, str)
            told.append("<td class=n>" if not worded else "<td class=k>" if NUMERIC.fullmatch(text) else "<td>")
            told.append(f'<a href="#{escape(cell.basis)}">{text}</a>' if cell.basis else text)
        told.append("\n")
    return "".join(told)


def render(
    directory: Path,
    title: str,
    folder: str,
    warnings: Sequence[str],
    brief: Sequence[tuple[str, str]],
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
    environment.filters["cells"] = cells
    return environment.get_template("report.html.j2").render(
        title=title, version=__version__, directory=directory.name, folder=folder, warnings=warnings, brief=brief,
        sections=chapters, method=method, bases="\n".join(map(lists.basis, bases)),
        sources="\n".join(lists.source(source, figures.get(source.number, ())) for source in sources),
    )  # fmt: skip
