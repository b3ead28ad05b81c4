"""One document, named as people name it: a file, or `container!/inner`."""

from __future__ import annotations

from pathlib import Path

from pipeline.batch.names import readable
from pipeline.batch.planner import Task, sha256_of
from pipeline.batch.worker import Work, judge, listed, pipeline_of, read_task
from pipeline.reading.containers import is_container
from pipeline.reading.document import Document, Unreadable
from pipeline.records import Failure, Record


class SeveralDocuments(Exception):
    """A container was named where one document was asked for; `names` are those inside."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"{len(names)} documents")
        self.names = names


def task_of(name: str, work: Work) -> Task:
    """The task that reads a document. Raises SeveralDocuments, Unreadable, and OSError as opening a file does."""
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
    if not task.container:
        return task
    found = {one.path.partition("!/")[2]: one for one in listed(task, work)}
    chosen = next(iter(found.values())) if not inner and len(found) == 1 else found.get(inner)
    if chosen is None and inner:
        raise FileNotFoundError(name)
    if chosen is None:
        raise SeveralDocuments(list(found))
    if isinstance(chosen, Failure):
        raise Unreadable(chosen.reason, chosen.message)
    return chosen


def one_record(name: str, work: Work) -> tuple[Record, Document]:
    """Read and judge one document. Raises as `task_of` does, and Unreadable."""
    task = task_of(name, work)
    content, document = read_task(task, work.limits, work.ocr)
    return judge(task.path, content, document, pipeline_of(work.model)), document
