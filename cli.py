"""The command line. Thin: parse, call, print; heavy imports happen inside commands so that --help answers at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

app = typer.Typer(
    name="xueyang",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Reads archived Chinese posts and finds police-led mass DNA collection.\n\n"
    "Example: xueyang run archive/ --out findings",
)

USAGE, FAILED, INTERRUPTED = 2, 1, 130
OcrMode = Literal["auto", "never", "always"]
Engine = Literal["local", "ray"]
ExportFormat = Literal["csv", "xlsx", "parquet", "geojson", "ftm"]
ENGINE_HELP = "What runs the work: processes here, or a Ray cluster."
ADDRESS_HELP = "The address of a running Ray cluster; otherwise one is started here."
STORE_HELP = "A PostgreSQL database (postgresql://user@host/name) instead of xueyang.db."


def fail(message: str, status: int) -> NoReturn:
    """One clear line on standard error, never a traceback."""
    warn(message)
    raise typer.Exit(status)


def warn(message: str) -> None:
    """The same, and go on."""
    from pipeline.batch.names import printable

    typer.echo(f"xueyang: {printable(message)}", err=True)


@app.callback(invoke_without_command=True)
def main(version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    """Options that belong to no command."""
    import logging

    logging.getLogger().addHandler(logging.NullHandler())
    if version:
        from pipeline import __version__

        typer.echo(f"xueyang {__version__}")
        raise typer.Exit


@app.command(epilog="Example: xueyang run archive/ --out findings --jobs 4")
def run(
    paths: Annotated[list[str], typer.Argument(help="Archived files of any kind, or folders of them; s3://… too.")],
    out: Annotated[Path, typer.Option("--out", help="The run directory; run again with it to read only what is new.")],
    jobs: Annotated[int | None, typer.Option("--jobs", min=1, help="Processes; default: one a core.")] = None,
    engine: Annotated[Engine, typer.Option("--engine", help=ENGINE_HELP)] = "local",
    address: Annotated[str | None, typer.Option("--address", help=ADDRESS_HELP)] = None,
    ocr: Annotated[OcrMode, typer.Option("--ocr", help="Pages read as pictures: where needed, none, all.")] = "auto",
    model: Annotated[Path | None, typer.Option("--model", help="Another trained pipeline.")] = None,
    store: Annotated[str | None, typer.Option("--store", help=STORE_HELP)] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Stay and read what lands there (Ctrl-C ends).")] = False,
    log: Annotated[Path | None, typer.Option("--log", help="Add a line of JSON for every file to this log.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress and no table.")] = False,
) -> None:
    """Read every archived file under the paths and write the run directory."""
    from pipeline.batch.log import logged
    from pipeline.batch.planner import NoSuchPath
    from pipeline.batch.remote import BadAddress
    from pipeline.batch.run import RunFailed
    from pipeline.batch.run import run as run_all
    from pipeline.batch.screen import bar, table
    from pipeline.batch.worker import Work

    if address and engine != "ray":
        fail("--address is of a Ray cluster: give --engine ray too", USAGE)
    if watch and any("://" in path for path in paths):
        fail("--watch sees changes in local folders only; for addresses run the command again from time to time", USAGE)
    work = Work(model=_model(model), ocr=ocr)

    def once() -> None:
        with bar(quiet) as shown, logged(log, shown) as progress:
            summary = run_all(
                paths, out, work=work, jobs=jobs, engine=engine, address=address, store_url=store, progress=progress
            )
        if not quiet:
            table(summary)

    try:
        if watch:
            from pipeline.batch.watch import watch as keep_watching

            keep_watching([Path(path) for path in paths], out, once, (lambda line: None) if quiet else warn)
        else:
            once()
    except NoSuchPath as error:
        fail(f"{error}: no such file or folder", USAGE)
    except (BadAddress, RunFailed) as error:
        fail(str(error), FAILED)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}; choose another place for the log", FAILED)
    except KeyboardInterrupt:
        fail("interrupted; the same command goes on from here and reads nothing twice", INTERRUPTED)


@app.command(epilog="Example: xueyang show corpora/samples/F04.pdf")
def show(
    file: Annotated[str, typer.Argument(help="One archived file; a document in a container as posts.zip!/a.pdf.")],
    json: Annotated[bool, typer.Option("--json", help="Print the record as JSON instead.")] = False,
    page_image: Annotated[
        Path | None, typer.Option("--page-image", help="Also draw the page with its facts boxed, as PNG.")
    ] = None,
    page: Annotated[int | None, typer.Option("--page", min=1, help="Which page; else the first with a fact.")] = None,
    ocr: Annotated[OcrMode, typer.Option("--ocr", help="Pages read as pictures: where needed, none, all.")] = "auto",
    model: Annotated[Path | None, typer.Option("--model", help="Another trained pipeline.")] = None,
) -> None:
    """Read one document and print it marked up: label with its evidence, counts, places, reasons."""
    from pipeline.batch.one import SeveralDocuments, one_record
    from pipeline.batch.screen import marked_up
    from pipeline.batch.worker import Work
    from pipeline.privacy import masked
    from pipeline.reading.document import Unreadable

    if page is not None and page_image is None:
        fail("--page says which page to draw: give --page-image too", USAGE)
    try:
        outcome, document, task = one_record(file, Work(model=_model(model), ocr=ocr))
    except FileNotFoundError:
        fail(f"{file}: no such file", USAGE)
    except IsADirectoryError:
        fail(f"{file}: a folder: name a file in it, or read them all with `xueyang run`", USAGE)
    except OSError as error:
        fail(f"{file}: cannot be opened: {error.strerror or error}", FAILED)
    except SeveralDocuments as several:
        fail(f"{file}: holds {len(several.names)} documents; show one, for instance {file}!/{several.names[0]}", USAGE)
    except Unreadable as error:
        fail(f"{file}: {error.message} (reason: {error.reason})", FAILED)
    outcome = masked(outcome)
    if page_image is not None:
        from pipeline.batch.page_image import write_page_image

        try:
            where = write_page_image(task, document, outcome, page_image, page)
        except ValueError as error:
            fail(str(error), USAGE)
        except OSError as error:
            fail(f"{page_image}: cannot be written: {error.strerror or error}", FAILED)
        typer.echo(f"page {where} with its facts: {page_image}", err=True)
    if json:
        typer.echo(outcome.model_dump_json(indent=2))
    else:
        marked_up(outcome)


@app.command(epilog="Example: xueyang export findings --format xlsx --out findings.xlsx")
def export(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A run directory.")],
    form: Annotated[ExportFormat, typer.Option("--format", help="For spreadsheets, data frames, maps, Aleph.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write; for csv a folder of tables.")],
    store: Annotated[str | None, typer.Option("--store", help=STORE_HELP)] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False,
) -> None:
    """Write the records for spreadsheets, data frames, maps or Aleph; private numbers are starred."""
    from pipeline.batch.names import several
    from pipeline.batch.screen import counting
    from pipeline.exports.export import ExportFailed, WrongEnding
    from pipeline.exports.export import export as export_all

    _run_directory(directory, store)
    try:
        with counting(quiet, "exporting") as count:
            number = export_all(directory, form, out, store_url=store, progress=count)
    except WrongEnding as error:
        fail(str(error), USAGE)
    except ExportFailed as error:
        fail(str(error), FAILED)
    if not quiet:
        typer.echo(f"{several(number, 'document')}: {out}")


@app.command(epilog="Example: xueyang review findings --archive archive/")
def review(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A run directory.")],
    archive: Annotated[
        Path | None, typer.Option("--archive", help="Where the archived files lie now, if not where they were read.")
    ] = None,
    reviewer: Annotated[str | None, typer.Option("--reviewer", help="Your name in the history.")] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Default: a free one.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the link in a browser.")] = True,
    write: Annotated[
        bool, typer.Option("--write", help="Write decisions.jsonl and history.jsonl into DIR and stop.")
    ] = False,
    model: Annotated[Path | None, typer.Option("--model", help="Another trained pipeline, for the ranking.")] = None,
    store: Annotated[str | None, typer.Option("--store", help=STORE_HELP)] = None,
) -> None:
    """Work through the candidates on a web page on this computer: judge, correct, and leave decisions behind."""
    from pipeline.batch.where import NoRecords
    from pipeline.review.serve import NoReview, serve, write_decisions

    if archive is not None and not archive.exists():
        fail(f"{archive}: no such file or folder", USAGE)
    _run_directory(directory, store)
    try:
        if write:
            path, number = write_decisions(directory, store)
            typer.echo(f"judged documents in {path}: {number}")
        else:
            serve(
                directory, model=_model(model), archive=archive, store_url=store, reviewer=reviewer, port=port,
                browser=browser, say=typer.echo,
            )  # fmt: skip
    except NoReview as error:
        fail(str(error), USAGE)
    except NoRecords as error:
        fail(str(error), FAILED)


@app.command(epilog="Example: xueyang train --add findings --out models/mine")
def train(
    gold: Annotated[
        list[Path] | None, typer.Argument(help="Annotated documents (JSON Lines); default: all of corpora/gold/.")
    ] = None,
    add: Annotated[
        list[Path] | None,
        typer.Option(
            "--add", help="Reviewed documents besides, or instead of gold ones: a decisions.jsonl or a run directory."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="Folder of the trained pipeline, made anew; default: models/xueyang, in place of the one that all "
            "commands use.",
        ),
    ] = None,
    store: Annotated[str | None, typer.Option("--store", help="With --add DIR: the database its run wrote to.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False,
) -> None:
    """Train the classifier on annotated documents and write the whole pipeline (some minutes)."""
    from pipeline.batch.screen import steps
    from pipeline.batch.where import NoRecords, NoRun
    from pipeline.learning.gold import BadGold, read_gold
    from pipeline.learning.passages import read_passages
    from pipeline.learning.pipeline import train_pipeline
    from pipeline.paths import MODEL
    from pipeline.review.out import reviewed_gold, with_reviewed

    directories = [path for path in add or [] if path.is_dir()]
    if store is not None and len(directories) != 1:
        fail("--store is of one run directory: give that with --add", USAGE)
    for directory in directories:
        _run_directory(directory, store)
    try:
        reviewed = reviewed_gold(add or [], store)
        documents = with_reviewed(read_gold(gold or None), reviewed)
    except (BadGold, NoRun) as error:
        fail(str(error), USAGE)
    except NoRecords as error:
        fail(str(error), FAILED)
    except FileNotFoundError as error:
        fail(f"{error.filename}: no such file or folder", USAGE)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror or error}", USAGE)
    try:
        with steps(quiet) as progress:
            path = train_pipeline(documents, out or MODEL, progress, [] if gold else read_passages())
    except BadGold as error:
        fail(str(error), USAGE)
    except OSError as error:
        fail(f"{out or MODEL}: cannot be written: {error.strerror or error}", FAILED)
    if not quiet:
        besides = f" ({len(reviewed)} of them reviewed)" if add else ""
        typer.echo(f"trained on {len(documents)} documents{besides}: {path}")


@app.command(epilog="Example: xueyang evaluate --pages corpora/gold/pages")
def evaluate(
    pages: Annotated[
        Path | None,
        typer.Option("--pages", help="Archived pages of the gold documents, named by id: measures whole runs too."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where metrics.json goes; default: models/.")] = None,
) -> None:
    """Grouped cross-validation of the classifier; with --pages, of everything from the page to the facts.

    Takes half an hour or more. It says what it is measuring; the files are written at the end.
    """
    from pipeline.learning.evaluation import evaluate_all
    from pipeline.learning.gold import BadGold, read_gold
    from pipeline.paths import MODELS

    if pages is not None and not any(file.is_file() for file in pages.rglob("*")):
        why = "no archived pages in it; the project's are in corpora/gold/pages" if pages.is_dir() else "no such folder"
        fail(f"{pages}: {why}", USAGE)
    try:
        documents = read_gold()
    except (BadGold, OSError) as error:
        fail(str(error), USAGE)
    report = evaluate_all(documents, pages, (out or MODELS) / "metrics.json", lambda step: typer.echo(step, err=True))
    typer.echo(report)


@app.command(
    epilog="Example: xueyang report findings --out report.html --region 540000 --since 2016-06 --until 2022-07"
)
def report(
    directory: Annotated[Path, typer.Argument(help="A run directory.")],
    out: Annotated[Path, typer.Option("--out", help="The HTML file; its tables go into a folder beside it.")],
    region: Annotated[
        list[str] | None,
        typer.Option("--region", help="Adcode of a region, or all; default 540000 (Tibet AR). Repeatable."),
    ] = None,
    since: Annotated[str | None, typer.Option("--since", help="Published from this date on (YYYY, YYYY-MM …).")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Published up to this date.")] = None,
    label: Annotated[list[str] | None, typer.Option("--label", help="Labels; default mass_collection.")] = None,
    source: Annotated[list[str] | None, typer.Option("--source", help="Kinds of source; default all.")] = None,
    campaign: Annotated[list[str] | None, typer.Option("--campaign", help="Campaigns; default all.")] = None,
    assume: Annotated[list[str] | None, typer.Option("--assume", help="NAME=VALUE of an assumption.")] = None,
    apart: Annotated[list[str] | None, typer.Option("--apart", help="Prefectures estimated as a pool apart.")] = None,
    store: Annotated[str | None, typer.Option("--store", help=STORE_HELP)] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False,
) -> None:
    """Tables, charts, the estimate and every source of a run, as one HTML file and CSV tables."""
    from pipeline.batch.names import several
    from pipeline.batch.where import NoRecords
    from pipeline.findings.options import BadOption, assumed, pools, scope_of
    from pipeline.findings.report import write

    _run_directory(directory, store)
    try:
        scope = scope_of(region, since, until, label, source, campaign)
        found = write(directory, out, scope, assumed(assume), pools(apart), store)
    except BadOption as error:
        fail(str(error), USAGE)
    except NoRecords as error:
        fail(str(error), FAILED)
    except OSError as error:
        fail(f"{out}: {error.strerror or error}; choose another file", FAILED)
    if not quiet:
        typer.echo(f"{several(len(found.selection.sources), 'post')} in the report: {out}")
        for line in found.remarks:
            typer.echo(line)


@app.command(epilog="Example: xueyang estimate --inputs totals.csv")
def estimate(
    directory: Annotated[Path | None, typer.Argument(help="A run directory: estimate from its records.")] = None,
    inputs: Annotated[
        Path | None, typer.Option("--inputs", help="A table of totals (CSV); default: the figures of report 158.")
    ] = None,
    region: Annotated[list[str] | None, typer.Option("--region", help="With a run directory: adcode, or all.")] = None,
    assume: Annotated[list[str] | None, typer.Option("--assume", help="NAME=VALUE of an assumption.")] = None,
    apart: Annotated[
        list[str] | None, typer.Option("--apart", help="With a run directory: prefectures estimated as a pool apart.")
    ] = None,
    rounding: Annotated[
        Literal["cut", "nearest"] | None,
        typer.Option("--rounding", help="Of a table of totals; default: cut, as report 158 does."),
    ] = None,
    store: Annotated[str | None, typer.Option("--store", help=f"With a run directory: {STORE_HELP}")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON instead.")] = False,
) -> None:
    """The extrapolation to a region, from records or from a table of totals, with an interval and its assumptions."""
    from pipeline.batch.where import NoRecords
    from pipeline.findings.options import BadOption, assumed, pools, scope_of
    from pipeline.findings.screen import from_records, from_table, show

    if directory is not None and inputs is not None:
        fail("give a run directory or --inputs, not both", USAGE)
    for name, given in (("--region", region), ("--apart", apart), ("--store", store)):
        if given and directory is None:
            fail(f"{name} is of a run directory: give one, or leave {name} out", USAGE)
    if rounding is not None and directory is not None:
        fail("--rounding is of a table of totals, not of a run directory", USAGE)
    try:
        if directory is not None:
            _run_directory(directory, store)
            scope = scope_of(region, None, None, None, None, None)
            tables, notes = from_records(directory, scope, assumed(assume), pools(apart), store)
        else:
            tables, notes = from_table(inputs, assumed(assume), rounding or "cut")
    except BadOption as error:
        fail(str(error), USAGE)
    except NoRecords as error:
        fail(str(error), FAILED)
    except OSError as error:
        fail(f"{error.filename or inputs}: {error.strerror or error}", USAGE)
    show(tables, notes, json)


def _run_directory(directory: Path, store: str | None) -> None:
    from pipeline.batch.where import NoRun, found, unfinished

    try:
        doubts = (found(directory, store), unfinished(directory, store))
    except NoRun as error:
        fail(str(error), USAGE)
    for doubt in filter(None, doubts):
        warn(doubt)


def _model(path: Path | None) -> Path:
    from pipeline.paths import MODEL

    chosen = path or MODEL
    if not (chosen / "config.cfg").is_file():
        fail(f"{chosen}: no trained pipeline; make one with `xueyang train`", USAGE)
    return chosen


if __name__ == "__main__":
    app()
