"""Where the time of a run goes: processor seconds of each stage, one document after another in one process."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from unittest import mock

import pipeline.reading.pages
import pipeline.reading.pdf
from pipeline.batch import worker
from pipeline.batch.clusters import clusters
from pipeline.batch.planner import Task, sha256_of
from pipeline.batch.run import write_directory
from pipeline.batch.store import Store
from pipeline.exports.export import export
from pipeline.language.context import Context, make_doc
from pipeline.reading.document import Limits, Unreadable
from pipeline.reading.stored import pack

LABEL = ("xueyang_cues", "xueyang_label")  # components; all others extract
STAGES = (
    "reading", "layout", "segmentation", "label", "extraction", "record", "handing over", "storing", "clustering",
    "records.jsonl", "export csv", "export xlsx",
)  # fmt: skip


class Clock:
    """Processor seconds by stage."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what happens inside."""
        start = time.process_time()
        try:
            yield
        finally:
            self.spent[name] += time.process_time() - start  # type: ignore[assignment]


def by_stage(files: Sequence[Path], out: Path) -> dict[str, float]:
    """Milliseconds a document and stage. What is loaded once is loaded before."""
    worker.process(Task(files[0].name, files[0], None), worker.Work(ocr="never"))
    nlp, clock = worker.pipeline_of(worker.Work().model), Clock()
    out.mkdir(parents=True)
    store = Store.of(out)
    for file in files:
        task = Task(file.name, file, sha256_of(file))
        try:
            content, document = _read(task, clock)
        except Unreadable:
            continue
        context = Context(document.title or "", document.publisher or "", document.published, document.source_type)
        with clock.stage("segmentation"):
            doc = make_doc(nlp, document.text, context)
        for name, component in nlp.pipeline:
            with clock.stage("label" if name in LABEL else "extraction"):
                doc = component(doc)
        with clock.stage("record"):
            record = worker.record_of(task.path, content, document, doc)
        with clock.stage("handing over"):
            read = worker.Read(record, pack(document, content.sha256, content.size))
            read = ForkingPickler.loads(ForkingPickler.dumps(read))  # what the pipe between our processes does
        with clock.stage("storing"):
            store.put(read.record, "benchmark", task.sha256, read.reading)
    with clock.stage("clustering"):
        found = clusters(store)
        store.set_clusters(found)
    with clock.stage("records.jsonl"), mock.patch("pipeline.batch.clusters.clusters", return_value=found):
        write_directory(store, out)
    store.close()
    for form in ("csv", "xlsx"):
        with clock.stage(f"export {form}"):
            export(out, form, out / f"export.{form}")
    return {stage: 1000 * clock.spent[stage] / len(files) for stage in STAGES}


def _read(task: Task, clock: Clock) -> tuple[worker.Content, worker.Document]:
    """Reading, with layout (lines, parts, paragraphs, metadata) told apart."""
    layout = Clock()
    assemble, lines_of = pipeline.reading.pages.assemble, pipeline.reading.pdf.lines_of

    def timed(function):  # type: ignore[no-untyped-def]
        def inner(*given, **named):  # type: ignore[no-untyped-def]
            with layout.stage("layout"):
                return function(*given, **named)

        return inner

    with (
        mock.patch("pipeline.reading.pdf.assemble", timed(assemble)),
        mock.patch("pipeline.reading.pdf.lines_of", timed(lines_of)),
        clock.stage("reading"),
    ):
        found = worker.read_task(task, Limits(), "never")
    clock.spent["layout"] += layout.spent["layout"]
    clock.spent["reading"] -= layout.spent["layout"]
    return found
