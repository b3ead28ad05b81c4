"""One archived file → one record or one reasoned failure. The same function serves every engine and `xueyang show`."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar, get_args

from pipeline.batch.planner import Task
from pipeline.batch.remote import at_hand
from pipeline.batch.walk import trouble
from pipeline.paths import MODEL
from pipeline.reading.containers import Opened, members, opened
from pipeline.reading.document import Document, Limits, Ocr, Unreadable
from pipeline.reading.doubts import doubts
from pipeline.reading.read import content as file_content
from pipeline.reading.read import read
from pipeline.records import Classification, DocumentInfo, Failure, Label, Located, Record, Source

if TYPE_CHECKING:  # the language part is loaded where documents are judged, which is not where a run is led
    from spacy.language import Language
    from spacy.tokens import Doc

log = logging.getLogger(__name__)
Fact = TypeVar("Fact", bound=Located)


@dataclass(frozen=True)
class Read:
    """A record, and the document it was made from, to be judged again by a later model; None where that was given."""

    record: Record
    reading: bytes | None


Outcome = Read | Failure | Task  # a task: a document found in a container


@dataclass(frozen=True)
class Work:
    """How files are read and judged. `key` of it decides whether a file must be read again."""

    model: Path = MODEL
    limits: Limits = field(default_factory=Limits)
    ocr: Ocr = "auto"


@lru_cache(maxsize=1)
def pipeline_of(model: Path) -> Language:
    """The trained pipeline, loaded once a process."""
    from pipeline.language.build import load

    return load(model)


def process(task: Task, work: Work) -> tuple[Outcome, ...]:
    """Read and judge one file, or list the documents of a container as tasks of their own.

    Whatever goes wrong with a file becomes its failure.
    """
    try:
        if task.reading is None and isinstance(task.file, Path) and (why := trouble(task.file)):
            raise Unreadable("unreadable", why)
        return listed(task, work) if task.container else (record(task, work),)
    except Unreadable as error:
        return (failure(task, error.reason, error.message),)
    except MemoryError:
        return (failure(task, "too_large", "reading it takes more memory than allowed; split it"),)
    except Exception as error:  # a bug of ours must cost one file, not the run
        log.debug("%s", task.path, exc_info=True)
        message = f"the program failed on this file ({type(error).__name__}); please report it"
        return (failure(task, "internal_error", message),)


def failure(task: Task, reason: str, message: str) -> Failure:
    """A task's failure. The sha256 is the file's; a document in a container has none before it is read."""
    return Failure(path=task.path, sha256=None if task.steps else task.sha256, reason=reason, message=message)


def listed(task: Task, work: Work) -> tuple[Task | Failure, ...]:
    """The documents of a container. Raises Unreadable where it holds none or is damaged."""
    found: list[Task | Failure] = []
    for member in members(at_hand(task.file, task.sha256, work.limits.container_bytes), work.limits):
        name = member.name or PurePosixPath(task.path).stem  # a single compressed file has no name inside
        inner = Task(f"{task.path}!/{name}", task.file, task.sha256, member.steps)
        problem = member.problem
        found.append(failure(inner, problem.reason, problem.message) if problem else inner)
    return tuple(found)


def record(task: Task, work: Work) -> Read:
    """Read one archived document and say what it shows. Raises Unreadable with a reason code."""
    from pipeline.reading.stored import pack, unpack  # numpy: not for the process that leads a run

    nlp = pipeline_of(work.model)
    if task.reading is not None:
        document, sha256, size = unpack(task.reading)
        return Read(judge(task.path, Content(sha256, size), document, nlp), None)
    content, document = read_task(task, work.limits, work.ocr)
    return Read(judge(task.path, content, document, nlp), pack(document, content.sha256, content.size))


def read_task(task: Task, limits: Limits, ocr: Ocr) -> tuple[Content, Document]:
    """A file or a document inside a container, read. Raises Unreadable with a reason code."""
    member = bytes_of(task, limits)
    return Content.of(member.data), read(member.data, limits, ocr, task.path, member.capture)


def bytes_of(task: Task, limits: Limits) -> Opened:
    """The bytes of a file or a document inside a container. Raises Unreadable with a reason code."""
    if task.steps:
        return opened(at_hand(task.file, task.sha256, limits.container_bytes), task.steps, limits)
    return Opened(file_content(at_hand(task.file, task.sha256, limits.bytes), limits))


@dataclass(frozen=True)
class Content:
    """What identifies a document's bytes."""

    sha256: str
    size: int  # in bytes

    @classmethod
    def of(cls, data: bytes) -> Content:
        """Of the bytes that were read, so that a file changed meanwhile cannot be mistaken."""
        return cls(hashlib.sha256(data).hexdigest(), len(data))


def judge(path: str, content: Content, document: Document, nlp: Language) -> Record:
    """What a document that has been read shows."""
    from pipeline.language.context import Context, make_doc

    context = Context(document.title or "", document.publisher or "", document.published, document.source_type)
    return record_of(path, content, document, nlp(make_doc(nlp, document.text, context)))


def record_of(path: str, content: Content, document: Document, doc: Doc) -> Record:
    """Put together what reading and language found, with page and boxes for every fact."""
    scores = {label: round(doc.cats[label], 4) for label in get_args(Label)}
    doubted = doubts(f"{document.title or ''}\n{document.text}")
    return Record(
        id=content.sha256,
        source=Source(
            path=path,
            sha256=content.sha256,
            bytes=content.size,
            media_type=document.media_type,
            pages=document.pages,
            text_layer=document.text_layer,
            archived_url=document.archived_url,
            archived_at=document.archived_at,
            original_url=document.original_url,
        ),
        document=DocumentInfo(
            title=document.title,
            publisher=document.publisher,
            source_type=document.source_type,
            published=document.published,
            script=document.script,
            text=document.text,
        ),
        classification=Classification(
            label=max(scores, key=scores.__getitem__),
            campaign=doc._.campaign,
            scores=scores,
            needs_review=doc._.needs_review or bool(doubted),
            model=doc._.model_name,
            evidence=_located(doc._.evidence or (), document),
        ),
        counts=_located(doc._.counts or (), document),
        places=_located(doc._.places or (), document),
        justifications=_located(doc._.justifications or (), document),
        groups=doc._.groups or (),
        organisations=_located(doc._.organisations or (), document),
        circumstances=_located(doc._.circumstances or (), document),
        procurements=_located(doc._.procurements or (), document),
        cluster=content.sha256,
        warnings=(*document.warnings, *doubted, *doc._.warnings),
    )


def _located(facts: tuple[Fact, ...], document: Document) -> tuple[Fact, ...]:
    """The same facts with page and boxes."""
    placed = []
    for fact in facts:
        if fact.start is not None and fact.end is not None:
            where = document.origins.locate(fact.start, fact.end)
            fact = fact.model_copy(update={"page": where.page, "boxes": where.boxes})  # noqa: PLW2901
        placed.append(fact)
    return tuple(placed)
