"""A stored document is the document: judged again from it, every fact has the same words in the same place."""

from pathlib import Path

import pytest

from pipeline.batch.planner import Task
from pipeline.batch.worker import Content, judge, read_task
from pipeline.paths import CORPORA
from pipeline.reading.document import Limits
from pipeline.reading.stored import pack, unpack

FILES = [*sorted((CORPORA / "samples").glob("[AEF]*.pdf"))[:6], CORPORA / "gold" / "web_pages" / "H01.html"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_is_stored_is_what_was_read(file: Path, nlp) -> None:  # type: ignore[no-untyped-def]
    content, document = read_task(Task(file.name, file, None), Limits(), "never")
    again, sha256, size = unpack(pack(document, content.sha256, content.size))
    assert (sha256, size) == (content.sha256, content.size)
    assert (again.text, again.title, again.warnings) == (document.text, document.title, document.warnings)
    first, second = (judge(file.name, Content(content.sha256, content.size), d, nlp) for d in (document, again))
    assert first == second


def test_other_bytes_are_refused() -> None:
    for bytes_ in (b"", b"x" * 100, pack(read_task(Task("a", FILES[-1], None), Limits(), "never")[1], "", 1)[:50]):
        with pytest.raises(ValueError, match=r"."):
            unpack(bytes_)
