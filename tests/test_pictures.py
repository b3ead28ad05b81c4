"""Pages that are pictures, read by the real OCR engine."""

from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pikepdf
import pytest
import regex
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from typer.testing import CliRunner

from cli import app
from pipeline.batch.page_image import KINDS
from pipeline.paths import CORPORA
from pipeline.reading.document import Document, Limits, Unreadable
from pipeline.reading.pictures import _Place, by_columns
from pipeline.reading.read import read

PICTURE = CORPORA / "samples" / "D32.pdf"


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


def test_pages_with_text_are_not_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a page with a text layer was given to OCR")

    monkeypatch.setattr("pipeline.reading.pictures.recognise", never)
    assert read(Path(CORPORA / "samples" / "F08.pdf")).text_layer == "embedded"


def test_picture_files_are_read(tmp_path: Path) -> None:
    shot = tmp_path / "shot.data"
    shot.write_bytes((CORPORA / "gold" / "web_pages" / "G11.png").read_bytes())
    document = read(shot)
    assert (document.media_type, document.text_layer, document.pages) == ("image/png", "ocr", 1)
    assert document.title == "办居住证为什么要扎手指？"
    assert (document.publisher, document.published) == ("慈溪市网络问政", "2019-07-18")
    at = document.text.index("采集指纹、血样")
    (box,) = document.origins.locate(at, at + 7).boxes
    with Image.open(shot) as picture:
        assert 0 <= box[0] < box[2] <= picture.width
        assert 0 <= box[1] < box[3] <= picture.height


def test_traditional_characters_by_ocr() -> None:
    document = read(CORPORA / "gold" / "web_pages" / "G12.png")
    assert document.script == "traditional"
    assert "轄區內就有四十多人被強行採了血" in document.text


def test_a_large_picture_of_text_is_read_with_its_page_and_a_photograph_is_not(tmp_path: Path) -> None:
    def page(picture: Image.Image) -> Document:
        canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(595, 842))
        canvas.setFont("Helvetica", 12)
        canvas.drawString(60, 780, "Notice put up at the gate of the village committee, photographed by a reader.")
        canvas.drawImage(ImageReader(picture), 40, 150, 500, 500 * picture.height / picture.width)
        canvas.showPage()
        canvas.save()
        return read(tmp_path / "a.pdf")

    with Image.open(CORPORA / "gold" / "web_pages" / "G11.png") as shot:
        notice = shot.convert("RGB").crop((0, 290, 760, 440))
    seen = page(notice)
    assert seen.text_layer == "mixed"
    assert "在小卡片上按血印" in seen.text
    at = seen.text.index("在小卡片上按血印")
    (box,) = seen.origins.locate(at, at + 8).boxes
    assert 40 < box[0] < box[2] < 540
    noise = np.random.default_rng(1).integers(0, 255, (300, 400, 3), dtype=np.uint8)
    assert page(Image.fromarray(noise)).text_layer == "embedded"


def test_a_text_layer_without_a_character_map_is_read_as_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "lost.pdf"
    with pikepdf.open(CORPORA / "samples" / "D42.pdf") as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary) and "/ToUnicode" in thing:
                del thing["/ToUnicode"]
        for page in pdf.pages:
            page.Contents = pdf.make_stream(regex.sub(rb"/ActualText", rb"/Other", page.Contents.read_bytes()))
        pdf.save(path)
    document = read(path)
    truth = read(CORPORA / "samples" / "D42.pdf").text
    assert SequenceMatcher(None, document.text, truth, autojunk=False).ratio() > 0.95


@pytest.mark.parametrize(("name", "size"), [("samples/F04.pdf", 900), ("gold/web_pages/G11.png", 760)])
def test_show_draws_the_facts_on_the_page(tmp_path: Path, name: str, size: int) -> None:
    out = tmp_path / "page.png"
    result = CliRunner().invoke(app, ["show", str(CORPORA / name), "--page-image", str(out)])
    assert result.exit_code == 0, result.output
    with Image.open(out) as picture:
        assert picture.width >= size
        colours = {colour for _, colour in picture.convert("RGB").getcolors(10_000_000) or ()}
    assert KINDS["places"][1] in colours


def test_pages_of_the_web_have_no_picture(tmp_path: Path) -> None:
    page = CORPORA / "gold" / "web_pages" / "G01.html"
    result = CliRunner().invoke(app, ["show", str(page), "--page-image", str(tmp_path / "a.png")])
    assert result.exit_code == 2
    assert "no page image" in result.stderr


def test_two_columns_are_read_one_after_the_other() -> None:
    def line(text: str, x0: float, x1: float, top: float) -> list[_Place]:
        return [_Place(text, x0, top, x1, top + 10)]

    lines = [line("head", 10, 190, 0), line("r1", 110, 190, 20), line("l1", 10, 90, 25), line("r2", 110, 190, 40)]
    lines += [line("l2", 10, 90, 45), line("foot", 10, 190, 60)]
    assert [part[0].text for part in by_columns(lines, 100)] == ["head", "l1", "l2", "r1", "r2", "foot"]
