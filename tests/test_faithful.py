"""What a record quotes is what the page shows: every fact's words, read again in its boxes by another library."""

import unicodedata
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
import regex

from pipeline.batch.page_image import facts_of
from pipeline.batch.planner import Task
from pipeline.batch.worker import Read, Work, process
from pipeline.paths import CORPORA
from pipeline.reading.normalise import clean
from pipeline.records import Located, Record

PAGES = sorted((CORPORA / "gold" / "pages").glob("*.pdf")) + sorted((CORPORA / "gold" / "web_pages").glob("*.pdf"))
MARKS = "()[]【】《》「」“”\"'。,、;:!?"
PARTS = 8  # so that several workers share the pages


def plain(text: str) -> str:
    """Without blanks, radicals unified, forms of one character made one."""
    text = "".join(unicodedata.normalize("NFKC", clean(text)).split()).replace("―", "—")
    return "".join(c for c in text if unicodedata.category(c) != "So")  # emoji: pdfminer has no characters for them


def words_in(page: Any, box: tuple[float, float, float, float]) -> str:
    """The characters whose centre lies in a box, by pdfplumber (pdfminer), left to right or top to bottom."""
    x0, top, x1, bottom = box
    inside = [
        c
        for c in page.chars
        if x0 - 0.5 <= (c["x0"] + c["x1"]) / 2 <= x1 + 0.5 and top - 1 <= (c["top"] + c["bottom"]) / 2 <= bottom + 1
    ]
    upright = x1 - x0 >= bottom - top
    return "".join(c["text"] for c in sorted(inside, key=lambda c: c["x0"] if upright else c["top"]))


def shown(page: Any, fact: Located) -> str:
    # pdfminer writes a glyph without a character (an emoji) as (cid:0). Brackets are set closer than their boxes.
    words = regex.sub(r"\(cid:\d+\)", "", "".join(words_in(page, box) for box in fact.boxes))
    return plain(words).strip(MARKS)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_words_in_the_boxes_are_the_words_of_the_fact(part: int) -> None:
    checked = 0
    for file in PAGES[part::PARTS]:
        (outcome,) = process(Task(file.name, file, None), Work(ocr="never"))
        if not isinstance(outcome, Read):
            continue
        record = outcome.record
        with pdfplumber.open(file) as pdf:
            checked += sum(_is_faithful(file, record, fact, pdf) for _, fact in facts_of(record))
    assert checked > 30


def _is_faithful(file: Path, record: Record, fact: Located, pdf: Any) -> bool:
    """Checks one fact; False where it has no place on a page."""
    if fact.start is None or fact.end is None:
        return False
    assert record.document.text[fact.start : fact.end] == fact.text, file.name
    if fact.page is None or not fact.boxes:
        return False
    seen, quoted = shown(pdf.pages[fact.page - 1], fact), plain(fact.text).strip(MARKS)
    # A fact that goes on over a page's end has the boxes of its first page only.
    assert seen, (file.name, fact.text)
    assert quoted.startswith(seen), (file.name, fact.text, seen)
    return True
