"""The Ray engine: workers on as many machines as a Ray cluster has.

A worker that crashes or hangs costs one file; a machine that is lost costs nothing, its files are read by others. The
files must be reachable under the same name from every machine (a shared folder, or a URL), and the same version of
this program and its model must be installed there.
"""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import RayActorError, RayError, RayTaskError

from pipeline import __version__
from pipeline.batch.engines import EngineFailed
from pipeline.batch.local import MEMORY_A_WORKER, SECONDS_A_CONTAINER, SECONDS_A_FILE, Done
from pipeline.batch.planner import Task
from pipeline.batch.worker import Outcome, Work, failure, pipeline_of, process

log = logging.getLogger(__name__)
# A lost machine is known as lost only after Ray's health checks: one death of a worker may be its machine's.
DEATHS_A_FILE = 2
SECONDS_TO_START = 300  # until some worker must have loaded the model
STORE_BYTES = 256 * 1024**2  # of shared memory for results on their way; Ray would take a third of the machine
LOOPBACK = "127.0.0.1"


def run(queue: deque[Task], work: Work, jobs: int | None, address: str | None = None) -> Iterator[Done]:
    """Each task of the queue with its outcomes, as they come, in no order. More may be queued while it runs.

    `jobs` workers, by default one for each core of the cluster. `address`: a running cluster; otherwise one is started
    on this machine, reachable from nowhere else, and stopped. Raises EngineFailed.
    """
    if not queue:
        return
    with _cluster(address, jobs):
        crew = _Crew(work, jobs or int(ray.cluster_resources().get("CPU", 1)))
        try:
            yield from crew.read(queue)
        except RayTaskError:
            raise
        except RayError as error:
            raise EngineFailed(
                f"the Ray cluster was lost ({_line(error)}); the same command goes on from here"
            ) from error
        finally:
            crew.dismiss()


@contextlib.contextmanager
def _cluster(address: str | None, jobs: int | None) -> Iterator[None]:
    """A connection to a cluster, of our own where no address is given."""
    if ray.is_initialized():
        yield
        return
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.CRITICAL}
    # Ray's own logs name the files read: they go when the run ends. Its sockets need a short path.
    with tempfile.TemporaryDirectory(prefix="xueyang-ray-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        if address is None:
            options |= {"_node_ip_address": LOOPBACK, "include_dashboard": False, "_temp_dir": folder}
            options |= {"num_cpus": jobs or os.cpu_count() or 1, "object_store_memory": STORE_BYTES}
        try:
            ray.init(address or "local", **options)
        except (RayError, OSError, RuntimeError, ValueError) as error:
            raise EngineFailed(f"no Ray cluster at {address or 'this machine'}: {_line(error)}") from error
        try:
            if address is None and ray.util.get_node_ip_address() != LOOPBACK:
                raise EngineFailed("Ray would be reachable from other machines: it was imported before its settings")
            yield
        finally:
            ray.shutdown()


class Reader:
    """What runs in each worker process of the cluster."""

    def __init__(self, work: Work, function: Callable[[Task, Work], tuple[Outcome, ...]]) -> None:
        logging.getLogger().addHandler(logging.NullHandler())
        # Ray itself maps gigabytes that it never touches; the limit is on what reading adds.
        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (mapped + MEMORY_A_WORKER, mapped + MEMORY_A_WORKER))
        self.work, self.function = work, function
        pipeline_of(work.model)

    def where(self) -> tuple[str, str]:
        """The machine's id in the cluster, and the version of this program there."""
        return ray.get_runtime_context().get_node_id(), __version__

    def read(self, task: Task) -> tuple[Outcome, ...]:
        """The outcomes of one task."""
        return self.function(task, self.work)


@dataclass
class _Worker:
    """A worker process as its run sees it."""

    actor: Any
    node: str = ""
    task: Task | None = None
    started: float = 0.0  # the task, by the monotonic clock

    @property
    def left(self) -> float:
        """Seconds that its task may still take."""
        limit = SECONDS_A_CONTAINER if self.task and self.task.container else SECONDS_A_FILE
        return self.started + limit - time.monotonic()


class _Crew:
    """Up to `jobs` workers. Each has one task at a time, so that a death is put down to the right file."""

    def __init__(self, work: Work, jobs: int) -> None:
        self.work, self.jobs = work, jobs
        self.starting: dict[Any, _Worker] = {}
        self.idle: list[_Worker] = []
        self.busy: dict[Any, _Worker] = {}
        self.deaths: Counter[str] = Counter()  # of workers, by the path they were reading
        # What a worker died on goes to one that started later: the others may be on a machine that is as dead.
        self.suspects: deque[Task] = deque()
        self.failed_starts = 0
        self.last_sign = time.monotonic()

    def read(self, queue: deque[Task]) -> Iterator[Done]:
        """Every task with its outcomes, until the queue is empty and nobody is at work."""
        while queue or self.busy or self.suspects:
            self._assign(queue)
            wait = min((w.left for w in self.busy.values()), default=SECONDS_TO_START)
            ready, _ = ray.wait([*self.starting, *self.busy], timeout=max(0.0, wait))
            for ref in ready:
                self.last_sign = time.monotonic()
                if ref in self.starting:
                    self._arrived(ref)
                elif done := self._finished(ref):
                    yield done
            for ref in [ref for ref, worker in self.busy.items() if worker.left <= 0]:
                if done := self._too_slow(ref, queue):
                    yield done
            if not self.busy and not self.idle and time.monotonic() - self.last_sign > SECONDS_TO_START:
                raise EngineFailed(f"no worker of the Ray cluster started within {SECONDS_TO_START} seconds")

    def dismiss(self) -> None:
        """End every worker, whatever it is doing."""
        for worker in (*self.starting.values(), *self.idle, *self.busy.values()):
            _end(worker)

    def _assign(self, queue: deque[Task]) -> None:
        """Give tasks to those who have none; hire while there are more tasks than workers."""
        while queue and self.idle:
            self._give(self.idle.pop(), queue.popleft())
        while self.suspects and self.idle:  # the last ones make room
            _end(self.idle.pop())
        for _ in range(min(self.jobs - len(self.busy), len(queue) + len(self.suspects)) - len(self.starting)):
            hired = ray.remote(num_cpus=1, max_restarts=0, scheduling_strategy="SPREAD")(Reader)
            worker = _Worker(hired.remote(self.work, process))
            self.starting[worker.actor.where.remote()] = worker

    def _give(self, worker: _Worker, task: Task) -> None:
        worker.task, worker.started = task, time.monotonic()
        self.busy[worker.actor.read.remote(task)] = worker

    def _arrived(self, ref: Any) -> None:
        """A worker has loaded the model, or could not. Its machine may have been lost: others are tried."""
        worker = self.starting.pop(ref)
        try:
            worker.node, version = ray.get(ref)
        except RayError as error:
            _end(worker)
            self.failed_starts += 1
            if self.failed_starts > self.jobs + DEATHS_A_FILE:
                raise EngineFailed(f"the workers of the Ray cluster cannot start: {_line(error)}") from error
            return
        if version != __version__:
            raise EngineFailed(f"version {version} is installed in the Ray cluster, {__version__} here")
        self.failed_starts = 0
        if self.suspects:
            self._give(worker, self.suspects.popleft())
        else:
            self.idle.append(worker)

    def _finished(self, ref: Any) -> Done | None:
        """The outcomes of a task; None where its worker died and it will be tried again."""
        worker = self.busy.pop(ref)
        task, worker.task = worker.task, None
        assert task is not None
        try:
            outcomes: tuple[Outcome, ...] = ray.get(ref)
        except RayTaskError:  # `process` never raises: what does is a fault of ours, not the file's
            raise
        except RayError:
            _end(worker)
            self.deaths[task.path] += _alive(worker.node)
            if self.deaths[task.path] < DEATHS_A_FILE:
                log.info("%s: its worker died, read again", task.path)
                self.suspects.append(task)
                return None
            message = "reading it crashed the worker process; the file is likely damaged or hostile"
            return task, (failure(task, "crashed", message),)
        self.idle.append(worker)
        return task, outcomes

    def _too_slow(self, ref: Any, queue: deque[Task]) -> Done | None:
        """The failure of a task that used up its time; None where its machine was lost and it will be tried again."""
        worker = self.busy.pop(ref)
        assert worker.task is not None
        _end(worker)
        if not _alive(worker.node):
            log.info("%s: its machine is lost, read again", worker.task.path)
            queue.appendleft(worker.task)
            return None
        limit = SECONDS_A_CONTAINER if worker.task.container else SECONDS_A_FILE
        return worker.task, (failure(worker.task, "too_slow", f"not read within {limit} seconds; split it"),)


def _alive(node: str) -> bool:
    return any(known["NodeID"] == node and known["Alive"] for known in ray.nodes())


def _end(worker: _Worker) -> None:
    with contextlib.suppress(RayActorError, ValueError):
        ray.kill(worker.actor, no_restart=True)


def _line(error: Exception) -> str:
    """The last line of an error, which names its cause."""
    return (str(error).strip().splitlines() or [type(error).__name__])[-1].strip()
