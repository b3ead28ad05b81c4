"""`xueyang export`: the documents of a run directory, one after another, into one of the formats.

Nothing half-written is left behind: everything is written beside its place and moved there when it is whole.
"""

from __future__ import annotations

import importlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, Protocol

from pipeline.batch.judged import Judged, judged
from pipeline.batch.store import Store
from pipeline.batch.where import NoRecords, found, reading

Format = Literal["csv", "xlsx", "parquet", "geojson", "ftm"]
# What people install for a format that needs more than the program itself does.
EXTRAS = {"parquet": "parquet", "ftm": "ftm"}
ENDINGS: dict[Format, tuple[str, ...]] = {
    "csv": (".csv",),
    "xlsx": (".xlsx",),
    "parquet": (".parquet",),
    "geojson": (".geojson", ".json"),
    "ftm": (".ftm", ".json", ".jsonl", ".ndjson"),
}
FOLDERS = ("csv", "parquet")  # formats of several tables
Documents = Iterator[tuple[Judged, bool]]  # the bool: a repost, as an earlier record of the same post exists


class WrongEnding(Exception):
    """The file named is one of another format; the message says how it ends."""


class ExportFailed(Exception):
    """The export could not be written; the message says why and what to do."""


class Writer(Protocol):
    """What a format's module has: `write(documents, out)`, which writes the file, or the files of a folder."""

    def write(self, documents: Documents, out: Path) -> None:
        """Write everything. `out` is the path the user gave, in a folder that is empty as yet."""


def export(
    directory: Path,
    form: Format,
    out: Path,
    *,
    store_url: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Write the records of a run directory to `out`; the number of documents written.

    `progress` is called with documents done and documents in all. Raises NoRun, WrongEnding and ExportFailed.
    """
    writer = _writer(form)
    number = 0

    def documents() -> Documents:
        nonlocal number
        total = _total(directory, store_url)
        earliest: set[str] = set()
        for one in judged(directory, store_url):
            record = one.record
            first = record.id == record.cluster and record.cluster not in earliest
            if first:
                earliest.add(record.cluster)
            yield one, not first
            number += 1
            progress(number, total)

    found(directory, store_url)
    _check_ending(form, out)
    try:
        with reading(directory):
            _write(writer, documents(), out)
    except NoRecords as error:
        raise ExportFailed(str(error)) from error
    except OSError as error:
        raise ExportFailed(f"{out}: cannot be written: {error.strerror or error}; choose another place") from error
    return number


def _check_ending(form: Format, out: Path) -> None:
    """Programs go by the ending, Excel so strictly that its own is needed; other files may be called anything."""
    ending, own = out.suffix.lower(), ENDINGS[form]
    others = {known for endings in ENDINGS.values() for known in endings}.difference(own)
    if ending in others or (form == "xlsx" and ending not in own):
        more = ", or a folder" if form in FOLDERS else ""
        raise WrongEnding(f"{out}: a file of --format {form} ends in {' or '.join(own)}{more}")


def _total(directory: Path, store_url: str | None) -> int:
    store = Store.of(directory, store_url)
    try:
        return sum(number for label, number in store.totals().items() if label != "failed")
    finally:
        store.close()


def _writer(form: Format) -> Writer:
    try:
        module = importlib.import_module(f"pipeline.exports.as_{form}")
    except ImportError as error:
        if form not in EXTRAS:
            raise
        raise ExportFailed(f"{form} needs more libraries: pip install 'xueyang[{EXTRAS[form]}]'") from error
    return module  # type: ignore[return-value]


def _write(writer: Writer, documents: Documents, out: Path) -> None:
    """Write into a folder beside the place, then move every file there; a folder asked for is made."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".xueyang-", dir=out.parent) as beside:
        part = Path(beside) / out.name
        writer.write(documents, part)
        if not part.is_dir():
            for file in sorted(Path(beside).iterdir()):
                file.replace(out.parent / file.name)
            return
        out.mkdir(exist_ok=True)
        for file in sorted(part.iterdir()):
            shutil.move(file, out / file.name)


def table_files(out: Path, suffix: str, tables: list[str]) -> dict[str, Path]:
    """Where each table goes: beside the documents where a file is named, into a folder where a folder is.

    >>> {name: str(path) for name, path in table_files(Path("a.csv"), ".csv", ["documents", "counts"]).items()}
    {'documents': 'a.csv', 'counts': 'a_counts.csv'}
    >>> {name: str(path) for name, path in table_files(Path("a"), ".csv", ["documents", "counts"]).items()}
    {'documents': 'a/documents.csv', 'counts': 'a/counts.csv'}
    """
    if out.suffix.lower() == suffix:
        return {name: out if name == "documents" else out.with_name(f"{out.stem}_{name}{suffix}") for name in tables}
    return {name: out / f"{name}{suffix}" for name in tables}
