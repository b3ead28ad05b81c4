"""One archived file → one record or one reasoned failure. The same function serves every engine and `xueyang show`."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.batch.planner import Task, sha256_of
from pipeline.language.build import load
from pipeline.language.context import Context, make_doc
from pipeline.language.labelmodel import LABELS
from pipeline.paths import MODEL
from pipeline.reading.document import Document, Limits, Ocr, Unreadable
from pipeline.reading.read import read
from pipeline.records import Classification, DocumentInfo, Failure, Located, Record, Source

log = logging.getLogger(__name__)
Fact = TypeVar("Fact", bound=Located)


@dataclass(frozen=True)
class Work:
    """How files are read and judged. `key` of it decides whether a file must be read again."""

    model: Path = MODEL
    limits: Limits = field(default_factory=Limits)
    ocr: Ocr = "auto"


@lru_cache(maxsize=1)
def pipeline_of(model: Path) -> Language:
    """The trained pipeline, loaded once a process."""
    return load(model)


def process(task: Task, work: Work) -> Record | Failure:
    """Read and judge one file. Whatever goes wrong with it becomes its failure."""
    try:
        return record(task, work)
    except Unreadable as error:
        return Failure(path=task.path, sha256=task.sha256, reason=error.reason, message=error.message)
    except MemoryError:
        return Failure(
            path=task.path, sha256=task.sha256, reason="too_large", message="reading it takes more memory than allowed"
        )
    except Exception as error:  # a bug of ours must cost one file, not the run
        log.debug("%s", task.path, exc_info=True)
        message = f"the program failed on this file ({type(error).__name__}); please report it"
        return Failure(path=task.path, sha256=task.sha256, reason="internal_error", message=message)


def record(task: Task, work: Work) -> Record:
    """Read one archived file and say what it shows. Raises Unreadable with a reason code."""
    if task.sha256 is None and not task.file.is_file():
        raise Unreadable("unopened", "cannot be opened; check that it exists and that you may read it")
    return judge(task, read(task.file, work.limits, work.ocr), pipeline_of(work.model))


def judge(task: Task, document: Document, nlp: Language) -> Record:
    """What a document that has been read shows. Raises Unreadable where the file has gone meanwhile."""
    sha256 = task.sha256 or sha256_of(task.file)
    if sha256 is None:
        raise Unreadable("unopened", "cannot be opened; check that it exists and that you may read it")
    context = Context(document.title or "", document.publisher or "", document.published, document.source_type)
    return record_of(task, sha256, document, nlp(make_doc(nlp, document.text, context)))


def record_of(task: Task, sha256: str, document: Document, doc: Doc) -> Record:
    """Put together what reading and language found, with page and boxes for every fact."""
    scores = {label: round(doc.cats[label], 4) for label in LABELS}
    return Record(
        id=sha256,
        source=Source(
            path=task.path,
            sha256=sha256,
            bytes=task.file.stat().st_size,
            media_type=document.media_type,
            pages=document.pages,
            text_layer=document.text_layer,
            archived_url=document.archived_url,
            archived_at=document.archived_at,
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
            needs_review=doc._.needs_review,
            model=doc._.model_name,
            evidence=_located(doc._.evidence or (), document),
        ),
        counts=_located(doc._.counts or (), document),
        places=_located(doc._.places or (), document),
        justifications=_located(doc._.justifications or (), document),
        groups=doc._.groups or (),
        organisations=_located(doc._.organisations or (), document),
        cluster=sha256,
        warnings=document.warnings,
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
