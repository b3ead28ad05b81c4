"""A whole run: plan, read, store, write the run directory. What `xueyang run` does, usable from Python."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError

from pipeline import __version__
from pipeline.batch import local
from pipeline.batch.clusters import clusters
from pipeline.batch.planner import files_under, plan
from pipeline.batch.store import Store, StoreUnavailable
from pipeline.batch.worker import Work
from pipeline.paths import GAZETTEER, PHRASEBOOK, UNICODE
from pipeline.privacy import masked
from pipeline.records import Failure, Record, write_lines

Progress = Callable[[int, int, Record | Failure | None], None]


class RunFailed(Exception):
    """The run itself could not go on; the message says why and what to do."""


@dataclass(frozen=True)
class Summary:
    """What a run did. `read` gave records, `failed` gave failures, `skipped` were known and unchanged."""

    read: int
    skipped: int
    failed: int
    directory: Path
    store: str | None = None  # address of the database, where it is not the directory's xueyang.db


def run(
    paths: Iterable[Path],
    out: Path,
    *,
    work: Work | None = None,
    jobs: int | None = None,
    store_url: str | None = None,
    progress: Progress = lambda done, total, outcome: None,
) -> Summary:
    """Read every archived file under the paths into the run directory `out`.

    Files known from an earlier run with the same content and settings are skipped. `progress` is called with files
    done, files in all and the latest outcome. `store_url`: a PostgreSQL database instead of out/xueyang.db.
    Raises NoSuchPath and RunFailed.
    """
    work = work or Work()
    files = files_under(paths)
    started = datetime.now(UTC)
    _make_directory(out)
    try:
        with FileLock(out / ".lock", timeout=0):
            store = Store.of(out, store_url)
            try:
                store.claim()
                settings = settings_key(work)
                todo = plan(files, store.known(), settings)
                failed = 0
                progress(0, len(todo.tasks), None)
                outcomes = local.run(todo.tasks, work, jobs or os.cpu_count() or 1)
                for done, (_, outcome) in enumerate(outcomes, 1):
                    store.put(outcome, settings)
                    failed += isinstance(outcome, Failure)
                    progress(done, len(todo.tasks), outcome)
                summary = Summary(len(todo.tasks) - failed, todo.skipped, failed, out, store_url)
                write_directory(store, out)
                _write_run(out, work, started, summary, settings)
                return summary
            finally:
                store.close()
    except Timeout as error:
        raise RunFailed(f"{out}: another run is writing here; wait for it or choose another directory") from error
    except StoreUnavailable as error:
        raise RunFailed(f"--store: {error}") from error
    except SQLAlchemyError as error:
        where = "the database" if store_url else "xueyang.db"
        why = " ".join(str(getattr(error, "orig", error)).split())
        raise RunFailed(f"{out}: cannot write {where}: {why}; free space there") from error
    except OSError as error:
        raise RunFailed(f"{out}: {error.strerror or error}; free space or choose another directory") from error


def write_directory(store: Store, out: Path) -> None:
    """Assign clusters and write records.jsonl and failures.jsonl from the store; readers never see half a file."""
    store.set_clusters(clusters(store))
    for name, models in (("records.jsonl", map(masked, store.records())), ("failures.jsonl", store.failures())):
        part = out / f".{name}.part"
        write_lines(part, models)
        part.replace(out / name)


def settings_key(work: Work) -> str:
    """Changes whenever a file would be read or judged differently: program, model, phrase books, limits."""
    digest = hashlib.sha256(f"{__version__} {sorted(asdict(work.limits).items())} {work.ocr}".encode())
    for folder in (work.model, PHRASEBOOK, GAZETTEER, UNICODE):
        for file in sorted(f for f in folder.rglob("*") if f.is_file()):
            digest.update(file.relative_to(folder).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _make_directory(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunFailed(f"{out}: cannot make the run directory: {error.strerror}") from error


def _write_run(out: Path, work: Work, started: datetime, summary: Summary, settings: str) -> None:
    name = json.loads((work.model / "meta.json").read_text(encoding="utf-8"))
    content = {
        "version": __version__,
        "model": f"{name.get('name')} {name.get('version')}",
        "settings": {"key": settings, "limits": asdict(work.limits), "ocr": work.ocr, "engine": "local"},
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": {"read": summary.read, "skipped": summary.skipped, "failed": summary.failed},
    }
    (out / "run.json").write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
