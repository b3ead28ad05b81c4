"""A whole run: plan, read, store, write the run directory. What `xueyang run` does, usable from Python."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError

from pipeline import __version__
from pipeline.batch.clusters import clusters
from pipeline.batch.engines import EngineFailed, EngineName, engine_of
from pipeline.batch.planner import Plan, Task, files_under, plan
from pipeline.batch.store import Store
from pipeline.batch.worker import Outcome, Work
from pipeline.paths import GAZETTEER, PHRASEBOOK, UNICODE
from pipeline.privacy import masked
from pipeline.records import Failure, Record, write_lines

Progress = Callable[[int, int, Record | Failure | None], None]
Known = Mapping[str, tuple[str | None, str]]
Engine = Callable[[deque[Task]], Iterator[tuple[Task, tuple[Outcome, ...]]]]


class RunFailed(Exception):
    """The run itself could not go on; the message says why and what to do."""


@dataclass(frozen=True)
class Summary:
    """What a run did. `read` gave records, `failed` gave failures, `skipped` were known and unchanged."""

    read: int
    skipped: int
    failed: int
    directory: Path


def run(
    paths: Iterable[str | Path],
    out: Path,
    *,
    work: Work | None = None,
    jobs: int | None = None,
    engine: EngineName = "local",
    address: str | None = None,
    progress: Progress = lambda done, total, outcome: None,
) -> Summary:
    """Read every archived file under the paths or addresses (`s3://…`) into the run directory `out`.

    Files known from an earlier run with the same content and settings are skipped. `progress` is called with files
    done, files in all and the latest outcome. `jobs` workers, by default one a core; `address`: that of a running Ray
    cluster, for the engine of that name. Raises NoSuchPath, BadAddress and RunFailed.
    """
    work = work or Work()
    files = files_under(paths, without=out)
    started = datetime.now(UTC)
    _make_directory(out)
    try:
        runner = engine_of(engine, address)
        with FileLock(out / ".lock", timeout=0):
            store = Store.of(out)
            try:
                settings = settings_key(work)
                todo = plan(files, known := store.known(), settings)
                counts = _read_all(todo, known, store, settings, lambda queue: runner(queue, work, jobs), progress)
                summary = Summary(counts["read"], todo.skipped + counts["skipped"], counts["failed"], out)
                write_directory(store, out)
                _write_run(out, work, started, summary, settings, engine)
                return summary
            finally:
                store.close()
    except Timeout as error:
        raise RunFailed(f"{out}: another run is writing here; wait for it or choose another directory") from error
    except EngineFailed as error:
        raise RunFailed(str(error)) from error
    except SQLAlchemyError as error:
        raise RunFailed(f"{out}: cannot write xueyang.db: {getattr(error, 'orig', error)}; free space there") from error
    except OSError as error:
        raise RunFailed(f"{out}: {error.strerror or error}; free space or choose another directory") from error


def _read_all(
    todo: Plan, known: Known, store: Store, settings: str, engine: Engine, progress: Progress
) -> Counter[str]:
    """Run the engine over the plan and what containers hold; store every outcome as it comes."""
    queue = deque(todo.tasks)
    total, counts = len(queue), Counter[str]()
    open_members: Counter[str] = Counter()  # documents of each container that are still to come
    progress(0, total, None)
    for task, outcomes in engine(queue):
        if task.container:
            store.forget_members(task.path, task.sha256)
            inner = [o for o in outcomes if isinstance(o, Task)]
            new = [t for t in inner if t.sha256 is None or known.get(t.path) != (t.sha256, settings)]
            counts["skipped"] += len(inner) - len(new)
            queue.extend(new)
            total += len(new) - 1
            open_members[str(task.file)] += len(new)
        for outcome in outcomes:
            if not isinstance(outcome, Task):
                # What could not be fetched is not known: the next run tries again.
                store.put(outcome, settings, None if _unread(outcome) else task.sha256)
                counts["failed" if isinstance(outcome, Failure) else "read"] += 1
                total += task.container
                progress(counts["failed"] + counts["read"], total, outcome)
        if task.steps and not any(map(_unread, outcomes)):
            open_members[str(task.file)] -= 1
        if (task.container or task.steps) and not open_members[str(task.file)]:
            container = task.path if task.container else task.path.partition("!/")[0]
            if not (len(outcomes) == 1 and isinstance(outcomes[0], Failure) and outcomes[0].path == container):
                store.put_container(container, settings, task.sha256)
    return counts


def _unread(outcome: Outcome) -> bool:
    return isinstance(outcome, Failure) and outcome.reason == "unreadable"


def write_directory(store: Store, out: Path) -> None:
    """Assign clusters and write records.jsonl and failures.jsonl from the store; readers never see half a file."""
    store.set_clusters(clusters(store.records()))
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


def _write_run(out: Path, work: Work, started: datetime, summary: Summary, settings: str, engine: str) -> None:
    name = json.loads((work.model / "meta.json").read_text(encoding="utf-8"))
    content = {
        "version": __version__,
        "model": f"{name.get('name')} {name.get('version')}",
        "settings": {"key": settings, "limits": asdict(work.limits), "ocr": work.ocr, "engine": engine},
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": {"read": summary.read, "skipped": summary.skipped, "failed": summary.failed},
    }
    (out / "run.json").write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
