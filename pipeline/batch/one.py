"""One document, named as people name it: a file, or `container!/inner`.

Read in a process of its own, as a run reads: a hostile file ends in bounded time and memory here too.
"""

from __future__ import annotations

from collections import deque
from pathlib import Path

from pipeline.batch import local
from pipeline.batch.names import readable
from pipeline.batch.planner import Task, sha256_of
from pipeline.batch.worker import Outcome, Read, Work
from pipeline.reading.containers import is_container
from pipeline.reading.document import Document, Unreadable
from pipeline.reading.stored import unpack
from pipeline.records import Failure, Record


class SeveralDocuments(Exception):
    """A container was named where one document was asked for; `names` are those inside."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"{len(names)} documents")
        self.names = names


def one_record(name: str, work: Work) -> tuple[Record, Document, Task]:
    """Read and judge one document; the task is the one that gives its bytes again.

    Raises SeveralDocuments, Unreadable (too_slow and crashed among its reasons), and OSError as opening a file does.
    """
    file = Path(name)
    if file.is_dir():
        raise IsADirectoryError(name)
    inner = ""
    if not file.is_file() and "!/" in name:
        outer, _, inner = name.partition("!/")
        file = Path(outer)
    if not file.is_file():
        raise FileNotFoundError(name)
    task = Task(readable(file.name), file, sha256_of(file), container=is_container(file))
    queue = deque([task])
    for done, outcomes in local.run(queue, work, jobs=1):
        if done.container:
            task = _chosen(name, inner, outcomes)
            queue.append(task)
            continue
        (outcome,) = outcomes
        if isinstance(outcome, Failure):
            raise Unreadable(outcome.reason, outcome.message)
        if isinstance(outcome, Read) and outcome.reading is not None:
            return outcome.record, unpack(outcome.reading)[0], task
    raise AssertionError(name)  # a task that is no container gives one outcome


def _chosen(name: str, inner: str, outcomes: tuple[Outcome, ...]) -> Task:
    """The document asked for, of those in a container."""
    found = {one.path.partition("!/")[2]: one for one in outcomes if isinstance(one, (Task, Failure))}
    chosen = found.get("") or (next(iter(found.values())) if not inner and len(found) == 1 else found.get(inner))
    if isinstance(chosen, Failure):  # of the document, or (without a name inside) of the container
        raise Unreadable(chosen.reason, chosen.message)
    if chosen is not None:
        return chosen
    if inner:
        raise FileNotFoundError(name)
    raise SeveralDocuments(list(found))
