"""The two long lists of the page, what the numbers rest on and the sources, written compactly: they are most of it.

Plain functions and not a template, as a report on 10,000 posts has hundreds of thousands of entries. Every text passes
`escape`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from pipeline.findings.figures import Figure
from pipeline.findings.ledger import Basis, Item, doubt, sentence
from pipeline.findings.scope import Source

MOST_EVIDENCE = 90  # characters of the sentence that decided the label
OPEN = 6  # a basis with fewer entries is shown open
SHORT = 25  # a basis with more figures quotes only the words right before each
BEFORE = 12  # that many characters of them


def web_address(url: str | None) -> str | None:
    """The address if a browser may follow it: http or https only, as archives hold javascript: addresses too."""
    return url if url and url[:8].lower().startswith(("http://", "https://")) else None


def posts(numbers: Iterable[int]) -> str:
    """Links to posts, runs of three and more as their ends.

    >>> posts([1, 2, 3, 4, 7])
    '<a href=#S1>S1</a>–<a href=#S4>S4</a> <a href=#S7>S7</a>'
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = []
    for run in runs:
        if len(run) > 2:
            told.append(f"{_post(run[0])}–{_post(run[-1])}")
        else:
            told.extend(map(_post, run))
    return " ".join(told)


def _post(number: int) -> str:
    return f"<a href=#S{number}>S{number}</a>"


def basis(one: Basis) -> str:
    """What one number rests on, under its anchor."""
    shown = " open" if len(one.items) < OPEN else ""
    left = f", {len(one.left_out):,} left out" if one.left_out else ""
    parts = [
        f'<div id="{escape(one.key)}"><details{shown}><summary>{escape(one.title)}: {len(one.items):,} used{left}'
        "</summary>"
    ]
    if one.doubts:
        parts.append(f"<p><strong>Doubtful:</strong> {escape(one.doubts)}.</p>")
    parts.extend(f"<p><strong>Contradiction:</strong> {escape(text)}</p>" for text in one.contradictions)
    parts.append(_items(one.items))
    if one.told_inside:
        parts.append(
            f"<p class=why>{one.told_inside:,} further figures were left out in the places inside, and are told there."
        )
    if one.left_out:
        parts.append(f"<p class=why>Left out:</p>{_items(one.left_out)}")
    parts.append("</details></div>")
    return "".join(parts)


def _items(items: Sequence[Item]) -> str:
    """Posts with their words; those with the same words and remarks share an entry."""
    if not any(item.words for item in items):
        return f"<p>{posts(item.source for item in items)}</p>"
    short = len(items) > SHORT
    grouped: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        words = _shortened(item.words) if short and item.figure else item.words
        remarks = "; ".join(filter(None, ("doubtful" if item.doubtful else "", item.why)))
        grouped.setdefault((words, remarks), []).append(item)
    entries = []
    for (words, remarks), same in grouped.items():
        figures = [f"<a href=#{escape(item.figure)}>S{item.source}</a>" for item in same if item.figure]
        links = " ".join(figures) if figures else posts(item.source for item in same)
        entries.append(f"<li>{links} {escape(words)}{f' ({escape(remarks)})' if remarks else ''}")
    return f"<ul>{''.join(entries)}</ul>"


def _shortened(words: str) -> str:
    before, mark, rest = words.partition("【")
    return f"{before[-BEFORE:]}{mark}{rest.partition('】')[0]}】" if mark else words


def source(one: Source, figures: Sequence[Figure]) -> str:
    """A post: where it is archived, how it was judged, the sentence that decided, its figures in their words."""
    record = one.record
    judged, document = record.classification, record.document
    if one.reviewers:
        by = f"reviewed by {', '.join(one.reviewers)}"
    else:
        by = "marked as doubtful, not reviewed" if judged.needs_review else "not reviewed"
    told = ", ".join((
        document.publisher or "publisher not known", document.published or "no date",
        document.source_type.replace("_", " "),
    ))  # fmt: skip
    label = f"{judged.label.replace('_', ' ')} ({judged.campaign or 'no campaign'})"
    parts = [
        f"<article id=S{one.number}><h3>S{one.number}. {escape(document.title or 'untitled')}</h3><p>{escape(told)}. "
        f"{escape(label)}, certainty {judged.scores.get(judged.label, 0):.2f}, {escape(by)}."
    ]
    if address := web_address(record.source.archived_url):
        when = f" ({escape(record.source.archived_at)})" if record.source.archived_at else ""
        parts.append(f' <a href="{escape(address)}" rel=noreferrer>archived page</a>{when}.')
    if one.copies:
        copies = "; ".join(f"{copy.source.path} ({copy.source.sha256})" for copy in one.copies)
        parts.append(f" {len(one.copies)} further cop{'y' if len(one.copies) == 1 else 'ies'}: {escape(copies)}.")
    parts.append(
        f"<p>File <code>{escape(record.source.path)}</code>, sha256 <code>{escape(record.source.sha256)}</code>"
    )
    evidence = max(judged.evidence, key=lambda e: e.weight, default=None)
    if evidence:
        cut = "…" if len(evidence.text) > MOST_EVIDENCE else ""
        parts.append(f"<p lang=zh>{escape(evidence.text[:MOST_EVIDENCE])}{cut}")
    if figures:
        parts.append(f"<ul lang=zh>{''.join(map(_figure, figures))}</ul>")
    parts.append("</article>")
    return "".join(parts)


def _figure(figure: Figure) -> str:
    unit = figure.unit.english() if figure.unit else "no place in the scope"
    low, high = figure.bounds
    ends = f"{low:,.10g}" if low == high else f"{low:,.10g} to {high:,.10g}"
    if "*" in figure.count.text:
        ends = "a private number"  # taken for a count; its value would tell what the stars hide
    nature = {"cumulative": "total so far", "untold": "kind not told"}.get(figure.nature, figure.nature)
    says = f"{figure.count.kind}, {ends}, {unit}, {nature}, as of {figure.as_of or 'not told'}"
    mark = "; ".join(filter(None, (doubt(figure.count), figure.implausible)))
    doubted = f", <strong>{escape(mark)}</strong>" if mark else ""
    before, after = sentence(figure)
    words = f"{escape(before)}<b>【{escape(figure.count.text)}】</b>{escape(after)}"
    return f"<li id={figure.key}>{words} <small lang=en>({escape(says)}{doubted})</small>"
