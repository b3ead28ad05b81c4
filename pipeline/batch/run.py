"""A whole run: plan, read, store, write the run directory. What `xueyang run` does, usable from Python."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError

from pipeline import __version__
from pipeline.batch.engines import EngineFailed, EngineName, engine_of
from pipeline.batch.log import Progress
from pipeline.batch.planner import Known, Task, files_under, plan
from pipeline.batch.remote import is_address
from pipeline.batch.store import Store, StoreUnavailable
from pipeline.batch.worker import Outcome, Read, Work
from pipeline.paths import GAZETTEER, PHRASEBOOK, UNICODE
from pipeline.privacy import masked
from pipeline.records import Failure, write_lines

Engine = Callable[[deque[Task]], Iterator[tuple[Task, tuple[Outcome, ...]]]]


AT_ONCE = 5000  # stored documents held in memory while they are judged anew


class Digest(Protocol):
    """A hash in the making."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""


class RunFailed(Exception):
    """The run itself could not go on; the message says why and what to do."""


@dataclass(frozen=True)
class Summary:
    """What a run did. `read` gave records, `failed` gave failures, `skipped` were known and unchanged."""

    read: int
    skipped: int
    failed: int
    directory: Path
    judged_anew: int = 0  # documents judged again from what was read before
    store: str | None = None  # address of the database, where it is not the directory's xueyang.db


def run(
    paths: Iterable[str | Path],
    out: Path,
    *,
    work: Work | None = None,
    jobs: int | None = None,
    engine: EngineName = "local",
    address: str | None = None,
    store_url: str | None = None,
    progress: Progress = lambda done, total, outcome: None,
) -> Summary:
    """Read every archived file under the paths or addresses (`s3://…`) into the run directory `out`.

    Files known from an earlier run with the same content and settings are skipped. `progress` is called with files
    done, files in all and the latest outcome. `jobs` workers, by default one a core; `address`: that of a running Ray
    cluster, for the engine of that name. `store_url`: a PostgreSQL database instead of out/xueyang.db. What was read
    before with the same reading settings is only judged again. Raises NoSuchPath, BadAddress and RunFailed.
    """
    work, paths = work or Work(), list(paths)
    _keep_apart(paths, out)
    files = files_under(paths, without=out)
    started = datetime.now(UTC)
    _make_directory(out)
    try:
        runner = engine_of(engine, address)
        with FileLock(out / ".lock", timeout=0):
            store = Store.of(out, store_url)
            try:
                store.claim()
                settings = settings_key(work)
                told = {"key": settings, "engine": engine, "store": store.address}
                roots = _roots(out, paths)
                _write_run(out, work, started, None, told, roots)
                todo = plan(files, known := store.known(), settings, store.locations())
                store.locate(todo.locations)
                store.forget(todo.opened)
                job = _Job(store, settings, known, lambda queue: runner(queue, work, jobs), progress)
                counts = job.judge_anew(todo.judged_anew) + job.read(todo.tasks)
                skipped = todo.skipped + counts["skipped"]
                summary = Summary(counts["read"], skipped, counts["failed"], out, counts["judged"], store_url)
                write_directory(store, out)
                _write_run(out, work, started, summary, told, roots)
                return summary
            finally:
                store.close()
    except Timeout as error:
        raise RunFailed(f"{out}: another run is writing here; wait for it or choose another directory") from error
    except EngineFailed as error:
        raise RunFailed(str(error)) from error
    except StoreUnavailable as error:
        raise RunFailed(f"--store: {error}") from error
    except SQLAlchemyError as error:
        where = "the database" if store_url else "xueyang.db"
        why = " ".join(str(getattr(error, "orig", error)).split())
        raise RunFailed(f"{out}: cannot write {where}: {why}; free space there") from error
    except OSError as error:
        raise RunFailed(f"{out}: {error.strerror or error}; free space or choose another directory") from error


@dataclass
class _Job:
    """One pass of an engine over what is to do; every outcome is stored as it comes."""

    store: Store
    settings: str
    known: Known
    engine: Engine
    progress: Progress
    done: int = 0
    total: int = 0

    def judge_anew(self, names: Sequence[str]) -> Counter[str]:
        """Judge stored documents by other settings, some at a time: nothing is read from the archive."""
        counts: Counter[str] = Counter()
        waiting: deque[Task] = deque()
        for name in names:
            for path, sha256, reading in list(self.store.readings(name, self.settings)):
                if reading is None:
                    self.store.renew(path, self.settings)
                    counts["skipped"] += 1
                else:
                    waiting.append(Task(path, Path(name), sha256, reading=reading))
            if len(waiting) >= AT_ONCE:
                counts += self.read(waiting)
                waiting = deque()
        return counts + self.read(waiting)

    def read(self, tasks: Iterable[Task]) -> Counter[str]:
        """Run the engine over tasks, and over what containers among them hold."""
        queue = deque(tasks)
        counts: Counter[str] = Counter()
        waiting: Counter[str] = Counter()  # documents of each container that are still to come
        self.total += len(queue)
        if queue:
            self.progress(self.done, self.total, None)
        for task, outcomes in self.engine(queue):
            if task.container:
                new = self._listed(task, outcomes)
                counts["skipped"] += sum(isinstance(o, Task) for o in outcomes) - len(new)
                queue.extend(new)
                self.total += len(new) + sum(isinstance(o, Failure) for o in outcomes) - 1
                waiting[str(task.file)] += len(new)
            for outcome in outcomes:
                if not isinstance(outcome, Task):
                    counts[self._keep(task, outcome)] += 1
            if task.steps and not any(map(_unread, outcomes)):
                waiting[str(task.file)] -= 1
            if (task.container or task.steps) and not waiting[str(task.file)]:
                self._close(task, outcomes)
        return counts

    def _listed(self, task: Task, outcomes: Sequence[Outcome]) -> list[Task]:
        """The documents of a container that are not known yet."""
        self.store.forget_members(task.path, task.sha256)
        inner = [o for o in outcomes if isinstance(o, Task)]
        return [t for t in inner if t.sha256 is None or self.known.get(t.path) != (t.sha256, self.settings)]

    def _keep(self, task: Task, outcome: Read | Failure) -> str:
        """Store one outcome; tells whether it was read or failed."""
        self.done += 1
        if isinstance(outcome, Failure):
            # What could not be fetched is not known: the next run tries again.
            self.store.put(outcome, self.settings, None if _unread(outcome) else task.sha256)
            self.progress(self.done, self.total, outcome)
            return "failed"
        self.store.put(outcome.record, self.settings, task.sha256, outcome.reading)
        self.progress(self.done, self.total, outcome.record)
        return "judged" if task.reading is not None else "read"

    def _close(self, task: Task, outcomes: Sequence[Outcome]) -> None:
        """Remember that a container was read to its end, unless it could not be listed at all."""
        container = task.path if task.container else task.path.partition("!/")[0]
        unlisted = len(outcomes) == 1 and isinstance(outcomes[0], Failure) and outcomes[0].path == container
        if not unlisted:
            self.store.put_container(container, self.settings, task.sha256)


def _unread(outcome: Outcome) -> bool:
    return isinstance(outcome, Failure) and outcome.reason == "unreadable"


def write_directory(store: Store, out: Path) -> None:
    """Assign clusters and write records.jsonl and failures.jsonl from the store; readers never see half a file."""
    from pipeline.batch.clusters import clusters  # loads much, none of it before the first document is read

    store.set_clusters(clusters(store))
    for name, models in (("records.jsonl", map(masked, store.records())), ("failures.jsonl", store.failures())):
        part = out / f".{name}.part"
        write_lines(part, models)
        part.replace(out / name)


def settings_key(work: Work) -> str:
    """Two keys: one changes whenever a file would be read differently, the other whenever it would be judged so."""
    reading, judging = hashlib.sha256(f"{sorted(asdict(work.limits).items())} {work.ocr}".encode()), hashlib.sha256()
    package = Path(__file__).parents[1]
    for digest, folders in (
        (reading, (package / "reading", UNICODE)),
        (judging, (package / "language", work.model, GAZETTEER)),
    ):
        for folder in folders:
            _add_files(digest, folder, (f for f in folder.rglob("*") if f.suffix != ".pyc"))
    _add_files(reading, PHRASEBOOK, PHRASEBOOK.glob("page_*"))
    _add_files(judging, PHRASEBOOK, (f for f in PHRASEBOOK.iterdir() if not f.name.startswith("page_")))
    return f"{reading.hexdigest()[:16]}:{judging.hexdigest()[:16]}"


def _add_files(digest: Digest, folder: Path, files: Iterable[Path]) -> None:
    for file in sorted(f for f in files if f.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode())
        digest.update(file.read_bytes())


def _make_directory(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunFailed(f"{out}: cannot make the run directory: {error.strerror}") from error


def _roots(out: Path, paths: Iterable[str | Path]) -> list[str]:
    """The local paths given, absolute, and those of earlier runs into the directory: where the review finds files."""
    try:
        before = json.loads((out / "run.json").read_text(encoding="utf-8")).get("roots", [])
    except (OSError, ValueError, AttributeError):
        before = []
    here = (str(Path(path).resolve()) for path in paths if "://" not in str(path))
    return list(dict.fromkeys([*here, *before]))


def _keep_apart(paths: Iterable[str | Path], out: Path) -> None:
    """An archive inside the run directory would be left out whole, and findings would lie among the evidence."""
    for path in paths:
        if not is_address(path) and Path(path).resolve().is_relative_to(out.resolve()):
            raise RunFailed(f"{path} lies in {out}, where the results go; give --out another folder")


def _model_name(model: Path) -> str:
    """The classifier's name, as records give it; the pipeline's where it has no classifier."""
    with contextlib.suppress(OSError, KeyError):
        return str(json.loads((model / "xueyang_label" / "model.json").read_text(encoding="utf-8"))["name"])
    meta = json.loads((model / "meta.json").read_text(encoding="utf-8"))
    return f"{meta.get('name')} {meta.get('version')}"


def _write_run(
    out: Path, work: Work, started: datetime, summary: Summary | None, settings: Mapping[str, str], roots: Sequence[str]
) -> None:
    """Write run.json: without end and numbers while there is no summary, by which an unfinished run is known."""
    content = {
        "version": __version__,
        "model": _model_name(work.model),
        "settings": {**settings, "limits": asdict(work.limits), "ocr": work.ocr},
        "roots": roots,
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds") if summary else None,
    }
    if summary:
        names = ("read", "judged_anew", "skipped", "failed")
        content["files"] = {name: getattr(summary, name) for name in names}
    told = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    # Bytes of a path that are no UTF-8: Python's escapes for them are JSON's, so the path is read back whole.
    part = out / ".run.json.part"
    part.write_text(told, encoding="utf-8", errors="backslashreplace")
    part.replace(out / "run.json")
