"""What a run and a document look like in the terminal."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from pipeline.batch.names import printable, printable_text
from pipeline.batch.run import Summary
from pipeline.batch.store import Store
from pipeline.exports.english import also_en, count_place, deeds, place_en, purchase_en
from pipeline.language.glosses import LABELS_EN, gloss, phrase_gloss
from pipeline.records import DOUBTFUL, Count, Failure, Organisation, Place, Record

ROWS = 60
COUNTS = 4  # of a document, in the table of a run
DOUBTS = "doubtful counts"
DOUBT_MEANS = (
    f"the program gives less than {DOUBTFUL:.0%} that the number counts what is said of it; "
    "read the sentence before using it"
)
COLOURS = {
    "counts": "bold black on bright_yellow",
    DOUBTS: "bold bright_yellow on black",
    "places": "black on bright_cyan",
    "justifications": "black on plum1",
    "circumstances": "underline",
    "procurements": "black on sandy_brown",
}


class Tally:
    """What a run has found so far, for the line beside the bar."""

    def __init__(self) -> None:
        self.numbers: Counter[str] = Counter()

    def add(self, outcome: Record | Failure | None) -> None:
        """Count one outcome."""
        if outcome is not None:
            self.numbers["failed" if isinstance(outcome, Failure) else outcome.classification.label] += 1

    def __str__(self) -> str:
        shown = [label for label in (*LABELS_EN, "failed") if self.numbers[label]]
        return ", ".join(f"{self.numbers[label]} {label}" for label in shown)


class Rate(ProgressColumn):
    """Files a second."""

    def render(self, task: Task) -> Text:
        """The rate of the last half minute."""
        return Text(f"{task.speed:.1f} files/s" if task.speed else "")


@contextmanager
def bar(quiet: bool) -> Iterator[Callable[[int, int, Record | Failure | None], None]]:
    """On standard error a bar with files, rate, time left and labels so far; plain lines where that is no terminal."""
    if quiet:
        yield lambda done, total, outcome: None
        return
    tally = Tally()
    if not sys.stderr.isatty():
        yield partial(_plain_line, tally)
        return
    columns = (BarColumn(), MofNCompleteColumn(), Rate(), TimeElapsedColumn(), TimeRemainingColumn())
    labels = TextColumn("{task.fields[found]}")
    with Progress(TextColumn("reading"), *columns, labels, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=None, found="")

        def show(done: int, total: int, outcome: Record | Failure | None) -> None:
            tally.add(outcome)
            progress.update(task, completed=done, total=total, found=str(tally))

        yield show


def _plain_line(tally: Tally, done: int, total: int, outcome: Record | Failure | None) -> None:
    tally.add(outcome)
    if done and (done == total or done % 100 == 0):
        sys.stderr.write(f"done {done} of {total}: {tally}\n")


@contextmanager
def counting(quiet: bool, what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error for work that has no outcomes to tell of; nothing where that is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def steps(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """On standard error a bar named after the step being done; a plain line a step where that is no terminal."""
    if quiet:
        yield lambda step, done, total: None
        return
    if not sys.stderr.isatty():
        told: set[str] = set()
        yield partial(_plain_step, told)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda step, done, total: progress.update(task, description=step, completed=done, total=total)


def _plain_step(told: set[str], step: str, done: int, total: int) -> None:
    if step not in told:
        told.add(step)
        sys.stderr.write(f"{step}\n")


def table(summary: Summary) -> None:
    """The table of what was found, mass collections first, and where the files are."""
    store = Store.of(summary.directory, summary.store)
    console = Console() if sys.stdout.isatty() else Console(width=170)
    totals = store.totals()
    if not totals:
        console.print(
            "no files to read under the paths given; hidden files, links to folders and run directories are left out"
        )
        store.close()
        return
    found = Table(title="What was found", title_justify="left", show_lines=False, header_style="bold")
    for name in ("file", "label", "certainty", "counts", "places", "reasons"):
        found.add_column(name, overflow="fold", justify="right" if name == "certainty" else "left")
    doubted = False
    for record in islice(store.likeliest(), ROWS):
        found.add_row(*map(_line, _row(record)))
        doubted = doubted or any(count.doubtful for count in record.counts[:COUNTS])
    console.print(found)
    if doubted:
        console.print(f"?: {DOUBT_MEANS}")
    _failures(console, list(islice(store.failures(), ROWS)))
    shown = sum(number for label, number in totals.items() if label != "failed")
    if shown > ROWS:
        console.print(f"… and {shown - ROWS} documents more, in records.jsonl")
    _numbers(console, store, totals, summary)
    for name, what in (("records.jsonl", "one record a document"), ("failures.jsonl", "files that gave none, and why")):
        console.print(_line(f"{summary.directory / name}: {what}"), soft_wrap=True)
    if summary.store is None:
        console.print(_line(f"{summary.directory / 'xueyang.db'}: the same in SQLite"), soft_wrap=True)
    store.close()


def _numbers(console: Console, store: Store, totals: dict[str, int], summary: Summary) -> None:
    """What the run directory holds in all, in documents, then what this run did."""
    line = ", ".join(f"{totals[label]} {label}" for label in (*LABELS_EN, "failed") if label in totals)
    console.print(f"\nin the run directory: {line}")
    inside, containers = store.contained()
    if containers:
        console.print(
            f"documents in ZIP files and web archives: {inside}, in {containers} of them, "
            "each counted as one file where it is unchanged"
        )
    before = totals.get("failed", 0) - summary.failed
    earlier = f" ({before} failed in earlier runs: see failures.jsonl)" if before > 0 else ""
    anew = f"judged anew {summary.judged_anew}, " if summary.judged_anew else ""
    console.print(
        f"this run: read {summary.read} documents, {anew}unchanged {summary.skipped} files, "
        f"failed {summary.failed}{earlier}"
    )


def _row(record: Record) -> tuple[str, ...]:
    judged = record.classification
    mark = " (review)" if judged.needs_review else ""
    collection = judged.label == "mass_collection"
    return (
        record.source.path,
        judged.label + mark,
        f"{judged.scores[judged.label]:.2f}",
        " ".join(f"{count.text}{'?' if count.doubtful else ''} ({count.kind})" for count in record.counts[:COUNTS])
        + (" …" if len(record.counts) > COUNTS else ""),
        " ".join(dict.fromkeys(map(_place, record.places[:3]))) if collection else "",
        " ".join(dict.fromkeys(j.code for j in record.justifications)) if collection else "",
    )


def _place(place: Place) -> str:
    return place.name + (place.township or "") + (place.village or "")


def _failures(console: Console, failures: list[Failure]) -> None:
    for failure in failures:
        console.print(_line(f"not read: {failure.path}: {failure.message} (reason: {failure.reason})", "yellow"))


def _line(words: str, style: str = "") -> Text:
    """Words of the archive as one line that gives the terminal no orders."""
    return Text(printable(words), style=style)


def marked_up(record: Record) -> None:
    """One document: what it is, why, and the text with its facts marked."""
    console = Console(soft_wrap=True)
    judged, page = record.classification, record.document
    console.print(_line(page.title or "(no title)", "bold"))
    console.print(_line(" · ".join(filter(None, (page.publisher, page.published, page.source_type)))))
    console.print(Text(f"sha256 {record.source.sha256}", style="dim"))
    review = "   [yellow]needs review[/]" if judged.needs_review else ""
    console.print(f"\n[bold]{judged.label}[/] {judged.scores[judged.label]:.2f}  {LABELS_EN[judged.label]}{review}")
    if judged.campaign:
        console.print(f"campaign: {judged.campaign}: {gloss(judged.campaign)}")
    for sentence in judged.evidence:
        console.print(f"  {sentence.weight:+.2f}  {escape(printable_text(sentence.text))}{_where(sentence.page)}")
    _facts(console, record)
    console.print()
    console.print(_coloured(record))
    console.print(_legend(record))
    if record.warnings:
        console.print(Text(f"doubtful in reading: {', '.join(record.warnings)}", style="yellow"))


def _facts(console: Console, record: Record) -> None:
    rows: list[tuple[str, str, str, int | None]] = []
    rows += [("count", c.text, _figure(record, c), c.page) for c in record.counts]
    rows += [("place", p.text, _placed(p), p.page)
             for p in record.places]  # fmt: skip
    rows += [("reason", j.text, f"{j.code}: {_meaning(j.code, j.text)}", j.page) for j in record.justifications]
    rows += [("from whom", code, gloss(code), None) for code in record.groups]
    rows += [(c.aspect.replace("_", " "), c.text, f"{c.code}: {_meaning(c.code, c.text)}", c.page)
             for c in record.circumstances]  # fmt: skip
    rows += [("purchase", p.text, f"{gloss(p.part)}, {purchase_en(p)}", p.page) for p in record.procurements]
    rows += [("body", o.name, _body(record, o), o.page) for o in record.organisations]
    facts = Table(box=None, show_header=False, pad_edge=False)
    for kind, words, meaning, page in rows:
        facts.add_row(Text(kind, style="dim"), *map(Text, map(printable_text, (words, meaning, _where(page)))))
    if rows:
        console.print()
        console.print(facts)


def _placed(place: Place) -> str:
    """Code, English name, and what the post names inside it."""
    also = also_en(place.adcode)
    english = " ".join(filter(None, (place_en(place.adcode, place.name_en), also and f"(also {also})")))
    return " ".join(filter(None, (place.adcode, english, place.township, place.village)))


def _meaning(code: str, words: str) -> str:
    """English of the phrase, after that of its code where the two differ."""
    of_code, of_words = gloss(code), phrase_gloss(code, words)
    return of_code if of_words in of_code else f"{of_code} (“{of_words}”)"


def _body(record: Record, body: Organisation) -> str:
    """What kind of body, where, and what it did."""
    facts = (gloss(body.kind), place_en(body.adcode, None), "; ".join(deeds(record, body)))
    return ", ".join(fact for fact in facts if fact)


def _figure(record: Record, count: Count) -> str:
    upper = f" to {count.upper:,.10g}" if count.upper is not None else ""
    unit = "%" if count.kind == "coverage" else ""
    english = count_place(record, count.place)[1]
    where = f"{count.place} ({english})" if count.place and english else count.place or english
    qualifier = "" if count.qualifier == "range" else f"{gloss(count.qualifier)} "
    number = f"{qualifier}{count.value:,.10g}{upper}{unit}"
    doubt = f"DOUBTFUL (score {count.score:g})" if count.doubtful else ""
    facts = (f"{count.kind}: {gloss(count.kind)}", number, where, count.as_of, doubt)
    return ", ".join(fact for fact in facts if fact)


def _where(page: int | None) -> str:
    return f"  p. {page}" if page else ""


def _coloured(record: Record) -> Text:
    text = Text(printable_text(record.document.text))
    for name, style in COLOURS.items():
        for fact in _doubted(record) if name == DOUBTS else getattr(record, name):
            if fact.start is not None:
                text.stylize(style, fact.start, fact.end)
    return text


def _doubted(record: Record) -> list[Count]:
    return [count for count in record.counts if count.doubtful]


def _legend(record: Record) -> Text:
    """What the colours mean; of doubtful counts, where there are any, what is doubted."""
    legend = Text("\nmarked: ")
    for name, style in COLOURS.items():
        if name != DOUBTS or _doubted(record):
            legend.append(f" {name} ", style=style)
    if _doubted(record):
        legend.append(f"\n{DOUBTS}: {DOUBT_MEANS}")
    return legend
