"""Charts as self-contained SVG, readable in black and white: hatches, markers and numbers, never colour alone.

Drawn by matplotlib on a canvas of its own (no global state, no screen). Text stays text, in whatever sans-serif the
reader has.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pipeline.findings.coverage import Interval
from pipeline.findings.reference import centres

MOST_NAMED = 30  # more names than this run into each other
INK, GREY = "#222222", "#9a9a9a"
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "font.size": 10,
}


def _svg(figure: Figure, name: str, says: str) -> str:
    """The drawing as inline SVG with a text for screen readers; the same bytes on every run."""
    out = io.StringIO()
    with mpl.rc_context({**STYLE, "svg.hashsalt": name}):
        figure.savefig(out, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None, "Title": says})
    text = out.getvalue()
    return text[text.index("<svg") :].replace("<svg ", f'<svg role="img" class="chart" data-chart="{name}" ', 1)


def _axes(width: float, height: float) -> tuple[Figure, Axes]:
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height))
        return figure, figure.subplots()


def bars(name: str, says: str, labels: Sequence[str], values: Sequence[int]) -> str:
    """Horizontal bars with their numbers; empty text where there is nothing to draw."""
    if not labels:
        return ""
    figure, axes = _axes(7, 0.6 + 0.28 * len(labels))
    drawn = axes.barh(range(len(labels)), values, color="white", edgecolor=INK, hatch="///")
    axes.bar_label(drawn, [f"{value:,}" for value in values], padding=3)
    axes.set_yticks(range(len(labels)), [_plain(label) for label in labels])
    axes.invert_yaxis()
    axes.set_xlabel("posts")
    axes.margins(x=0.1)
    return _svg(figure, name, says)


def timeline(name: str, says: str, months: Sequence[str], values: Sequence[int]) -> str:
    """Posts by month, months without any included."""
    if not months:
        return ""
    every = _months(months[0], months[-1])
    known = dict(zip(months, values, strict=True))
    figure, axes = _axes(9, 2.6)
    axes.bar(range(len(every)), [known.get(month, 0) for month in every], color=INK, width=0.8)
    step = max(1, len(every) // 12)
    axes.set_xticks(range(0, len(every), step), every[::step], rotation=45, ha="right")
    axes.set_ylabel("posts")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    return _svg(figure, name, says)


def _months(first: str, last: str) -> list[str]:
    """Every month from the first to the last, at most 60 years of them.

    >>> _months("2019-12", "2020-02")
    ['2019-12', '2020-01', '2020-02']
    """
    begin, end = (int(m[:4]) * 12 + int(m[5:7]) - 1 for m in (first, last))
    return [f"{n // 12}-{n % 12 + 1:02}" for n in range(max(begin, end - 719), end + 1)]


def interval(found: Interval, marks: Sequence[tuple[str, float]]) -> str:
    """The interval as a line with its median, and other figures as labelled points below it."""
    figure, axes = _axes(7, 1.2 + 0.35 * len(marks))
    axes.plot([found.low, found.high], [0, 0], color=INK, linewidth=4, solid_capstyle="butt")
    axes.plot([found.median], [0], marker="D", color="white", markeredgecolor=INK, markersize=9)
    axes.annotate(f"{found.median:,.0f}", (found.median, 0), (0, 9), textcoords="offset points", ha="center")
    for row, (_, value) in enumerate(marks, 1):
        axes.plot([value], [row], marker="x", color=INK, markersize=8)
        axes.annotate(f"{value:,.0f}", (value, row), (8, -4), textcoords="offset points")
    labels = [f"{100 * found.probability:.0f}% interval and median", *(label for label, _ in marks)]
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(marks) + 0.6, -0.8)
    axes.set_xlim(left=0)
    axes.margins(x=0.12)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlabel("samples")
    return _svg(figure, "interval", "Estimated samples with interval, beside other figures")


def sensitivity(base: Interval, found: Sequence[tuple[str, float, Interval]]) -> str:
    """The interval under every alternative, one line each."""
    rows = [("as assumed", base), *((f"{name} = {value:g}", one) for name, value, one in found)]
    figure, axes = _axes(7.5, 0.8 + 0.28 * len(rows))
    for row, (_, one) in enumerate(rows):
        axes.plot([one.low, one.high], [row, row], color=INK, linewidth=4 if row == 0 else 1.5)
        axes.plot([one.median], [row], marker="D" if row == 0 else "|", color=INK, markersize=8)
    axes.axvline(base.median, color=GREY, linestyle=":", linewidth=1)
    axes.set_yticks(range(len(rows)), [label for label, _ in rows])
    axes.invert_yaxis()
    axes.set_xlim(left=0)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlabel("samples")
    return _svg(figure, "sensitivity", "The interval under alternative assumptions")


def places(found: Sequence[tuple[str, str, int, float]], background: Sequence[str]) -> str:
    """A map: adcode, English name, posts, samples. Rings at county seats grow with samples, a cross is posts without.

    `background` are adcodes drawn as small grey dots. Units without a known position are told in the report, not here.
    """
    known = centres()
    drawn = [row for row in found if row[0] in known]
    if not drawn:
        return ""
    figure, axes = _axes(11, 6.5)
    grey = [known[code] for code in background if code in known]
    axes.plot([x for x, _ in grey], [y for _, y in grey], ".", color=GREY, markersize=3, linestyle="none")
    most = max((samples for *_, samples in drawn), default=0) or 1
    for row, (code, name, posts, samples) in enumerate(drawn):
        x, y = known[code]
        if samples:
            axes.scatter([x], [y], s=30 + 600 * samples / most, facecolor="none", edgecolor=INK, hatch="////")
        else:
            axes.scatter([x], [y], s=30, marker="x", color=INK)
        if row >= MOST_NAMED:
            continue
        text = f"{_plain(name)}\n{samples:,.0f}" if samples else f"{_plain(name)} ({posts})"
        axes.annotate(text, (x, y), (5, 5), textcoords="offset points", fontsize=7)
    axes.set_aspect(1.15)  # 1 / cos(30 degrees north)
    axes.set_xlabel("degrees east")
    axes.set_ylabel("degrees north")
    return _svg(figure, "map", "Map of places with posts")


def _plain(text: str) -> str:
    """The text without signs that matplotlib would read as formulas."""
    return text.replace("$", r"\$")
