"""The local engine: one process a core. A worker that crashes or hangs costs one file, not the run."""

from __future__ import annotations

import logging
import multiprocessing
import resource
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures import TimeoutError as FutureTimeout

from pebble import ProcessExpired, ProcessPool

from pipeline.batch.planner import Task
from pipeline.batch.worker import Work, pipeline_of, process
from pipeline.records import Failure, Record

SECONDS_A_FILE = 120
# Enough for any sane post and for the model; a file that asks for more gets a MemoryError of its own.
MEMORY_A_WORKER = 4 * 1024**3
TASKS_AHEAD = 64


def run(tasks: Sequence[Task], work: Work, jobs: int) -> Iterator[tuple[Task, Record | Failure]]:
    """Outcomes as they come, in no order. Each task gives exactly one."""
    if not tasks:
        return
    context = multiprocessing.get_context("spawn")
    jobs = max(1, min(jobs, len(tasks)))
    with ProcessPool(max_workers=jobs, context=context, initializer=_start, initargs=(work,)) as pool:
        for first in range(0, len(tasks), TASKS_AHEAD):
            part = tasks[first : first + TASKS_AHEAD]
            futures: dict[Future[Record | Failure], Task] = {
                pool.schedule(process, args=(task, work), timeout=SECONDS_A_FILE): task for task in part
            }
            for future in as_completed(futures):
                yield futures[future], _outcome(future, futures[future])


def _start(work: Work) -> None:
    # Libraries warn about odd files on standard error; what matters about a file is in its record or failure.
    logging.getLogger().addHandler(logging.NullHandler())
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_A_WORKER, MEMORY_A_WORKER))
    pipeline_of(work.model)


def _outcome(future: Future[Record | Failure], task: Task) -> Record | Failure:
    try:
        return future.result()
    except FutureTimeout:
        reason, message = "too_slow", f"not read within {SECONDS_A_FILE} seconds"
    except ProcessExpired:
        reason, message = "crashed", "reading it crashed the worker process; the file is likely damaged or hostile"
    return Failure(path=task.path, sha256=task.sha256, reason=reason, message=message)
