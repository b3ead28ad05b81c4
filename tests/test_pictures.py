"""Pages that are pictures, read by the real OCR engine; skipped where the extra is not installed."""

from pathlib import Path

import pytest

from pipeline.paths import CORPORA
from pipeline.reading.document import Limits, Unreadable
from pipeline.reading.pictures import _Place, available, by_columns
from pipeline.reading.read import read

PICTURE = CORPORA / "samples" / "D32.pdf"
needs_ocr = pytest.mark.skipif(not available(), reason="OCR is not installed: pip install 'xueyang[ocr]'")


@needs_ocr
def test_a_picture_gives_text_with_boxes() -> None:
    document = read(PICTURE)
    assert document.text_layer == "ocr"
    assert document.published == "2021-08-15"
    assert document.publisher == "色尼公安"
    at = document.text.index("采血139人")
    where = document.origins.locate(at, at + 6)
    assert where.page == 1
    assert len(where.boxes) == 1
    x0, top, x1, bottom = where.boxes[0]
    assert 0 < x0 < x1 < 700
    assert 5 < bottom - top < 30


def test_without_ocr_a_picture_is_a_reasoned_failure() -> None:
    with pytest.raises(Unreadable, match="its page is a picture") as failure:
        read(PICTURE, Limits(), "never")
    assert failure.value.reason == "no_text"


@needs_ocr
def test_pages_with_text_are_not_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a page with a text layer was given to OCR")

    monkeypatch.setattr("pipeline.reading.pictures.recognise", never)
    assert read(Path(CORPORA / "samples" / "F08.pdf")).text_layer == "embedded"


def test_two_columns_are_read_one_after_the_other() -> None:
    def line(text: str, x0: float, x1: float, top: float) -> list[_Place]:
        return [_Place(text, x0, top, x1, top + 10)]

    lines = [line("head", 10, 190, 0), line("r1", 110, 190, 20), line("l1", 10, 90, 25), line("r2", 110, 190, 40)]
    lines += [line("l2", 10, 90, 45), line("foot", 10, 190, 60)]
    assert [part[0].text for part in by_columns(lines, 100)] == ["head", "l1", "l2", "r1", "r2", "foot"]
