"""The local engine: one process a core. A worker that crashes or hangs costs one file, not the run."""

from __future__ import annotations

import logging
import multiprocessing
import os
import resource
from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures import TimeoutError as FutureTimeout

from pebble import ProcessExpired, ProcessPool

from pipeline.batch.planner import Task
from pipeline.batch.worker import Outcome, Work, failure, pipeline_of, process

SECONDS_A_FILE = 120
SECONDS_A_CONTAINER = 1800  # listing a web archive of many gigabytes
# Enough for any sane post and for the model; a file that asks for more gets a MemoryError of its own.
MEMORY_A_WORKER = 4 * 1024**3
AHEAD = 4  # tasks a process has waiting, so that none is idle while results are stored

Done = tuple[Task, tuple[Outcome, ...]]


def run(queue: deque[Task], work: Work, jobs: int | None) -> Iterator[Done]:
    """Each task of the queue with its outcomes, as they come, in no order. More may be queued while it runs.

    `jobs` processes, by default one for each core.
    """
    jobs = jobs or os.cpu_count() or 1
    if not queue:
        return
    context = multiprocessing.get_context("spawn")
    jobs = max(1, min(jobs, len(queue))) if not any(task.container for task in queue) else max(1, jobs)
    with ProcessPool(max_workers=jobs, context=context, initializer=_start, initargs=(work,)) as pool:
        running: dict[Future[tuple[Outcome, ...]], Task] = {}
        try:
            while queue or running:
                while queue and len(running) < jobs * AHEAD:
                    task = queue.popleft()
                    limit = SECONDS_A_CONTAINER if task.container else SECONDS_A_FILE
                    running[pool.schedule(process, args=(task, work), timeout=limit)] = task
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    task = running.pop(future)
                    yield task, _outcomes(future, task)
        finally:
            if running:  # interrupted: what is stored is stored, the rest is read by the next run
                pool.stop()  # type: ignore[no-untyped-call]


def _start(work: Work) -> None:
    # Libraries warn about odd files on standard error; what matters about a file is in its record or failure.
    logging.getLogger().addHandler(logging.NullHandler())
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_A_WORKER, MEMORY_A_WORKER))
    pipeline_of(work.model)


def _outcomes(future: Future[tuple[Outcome, ...]], task: Task) -> tuple[Outcome, ...]:
    try:
        return future.result()
    except FutureTimeout:
        limit = SECONDS_A_CONTAINER if task.container else SECONDS_A_FILE
        reason, message = "too_slow", f"not read within {limit} seconds; split it"
    except ProcessExpired:
        reason, message = "crashed", "reading it crashed the worker process; the file is likely damaged or hostile"
    return (failure(task, reason, message),)
