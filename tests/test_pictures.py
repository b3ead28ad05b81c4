"""Pages that are pictures, read by the real OCR engine."""

from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pikepdf
import pytest
import regex
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from typer.testing import CliRunner

from cli import app
from pipeline.batch.page_image import KINDS
from pipeline.paths import CORPORA
from pipeline.reading.document import Document, Limits, Unreadable
from pipeline.reading.picture_rows import Place, in_order
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


def box(text: str, x0: float, top: float) -> list[Place]:
    """Characters of 10 points side by side."""
    return [Place(c, x0 + 10 * i, top, x0 + 10 * i + 10, top + 12) for i, c in enumerate(text)]


def told(*boxes: list[Place]) -> list[str]:
    """The lines of a page 400 points wide, cells parted by a bar."""
    shown = (("|" if place.cell else "", place.text) for line in in_order(boxes, 200) for place in (*line.places, END))
    return "".join(mark + text for mark, text in shown).split()


END = Place("\n", 0, 0, 0, 0)


@pytest.mark.parametrize("lower", [0, 3, 8])
def test_two_columns_are_read_one_after_the_other(lower: float) -> None:
    left, right = (
        ["民警走村入户，向群众讲解", "采血的意义，消除顾虑。", "共采512份。"],
        ["乡里设立采集点，方便老人", "就近采血，受到好评。", "下一步再加力。"],
    )
    lines = [box("洛隆县公安局扎实推进男性家族血样采集的各项工作", 60, 0)]
    lines += [box(text, 10, 30 + 20 * i) for i, text in enumerate(left)]
    lines += [box(text, 230, 30 + 20 * i + lower) for i, text in enumerate(right)]
    lines += [box("县公安局要求各派出所对照检查按时完成全部任务", 60, 110)]
    assert told(*sorted(lines, key=lambda places: places[0].top)) == [squashed(a) for a in lines]


def squashed(places: list[Place]) -> str:
    return "".join(place.text for place in places)


def test_rows_of_a_table_are_read_cell_by_cell() -> None:
    rows = [("派出所", "应采", "已采", "比例"), ("康沙镇", "3500", "3265", "93%"), ("腊久乡", "2410", "1988", "82%")]
    # A skewed scan: the right of each row stands lower.
    cells = [
        box(text, x, 20 + 24 * i + x / 80)
        for i, row in enumerate(rows)
        for x, text in zip((10, 110, 230, 330), row, strict=True)
    ]
    assert told(*cells) == ["派出所|应采|已采|比例", "康沙镇|3500|3265|93%", "腊久乡|2410|1988|82%"]


def test_long_cells_are_no_columns_of_text() -> None:
    rows = [("洛隆县公安局康沙镇派出所", "已完成采集血样3265份"), ("洛隆县公安局腊久乡派出所", "已完成采集血样1988份")]
    assert told(
        *(box(text, x, 20 + 24 * i) for i, row in enumerate(rows) for x, text in zip((10, 230), row, strict=True))
    ) == ["|".join(row) for row in rows]


def test_names_on_two_lines_keep_the_figures_between_them() -> None:
    names = [
        box(text, 10, 20 + y) for text, y in (("县公安局", 0), ("康沙镇所", 14), ("县公安局", 40), ("腊久乡所", 54))
    ]
    figures = [
        box(text, x, 27 + y)
        for text, x, y in (("3500", 230, 0), ("3265", 330, 0), ("2410", 230, 40), ("1988", 330, 40))
    ]
    assert told(*names, *figures) == ["县公安局康沙镇所|3500|3265", "县公安局腊久乡所|2410|1988"]


def test_figures_beside_names_of_three_lines_go_on_in_no_paragraph() -> None:
    names = [box(text, 10, 20 + 20 * i) for i, text in enumerate(("县局", "康沙", "镇所", "县局", "腊久", "乡所"))]
    figures = [box(text, 300, 34 + 60 * i) for i, text in enumerate(("3500", "2410"))]
    lines = in_order([*names, *figures], 200)
    assert [(squashed(list(line.places)), line.row) for line in lines[-3:]] == [
        ("乡所", False),
        ("3500", True),
        ("2410", True),
    ]


def test_a_table_in_a_picture_makes_no_numbers_up(tmp_path: Path) -> None:
    """Latin letters and figures, which any machine has a font for."""
    font = ImageFont.load_default(28)
    picture = Image.new("RGB", (1000, 420), "white")
    draw = ImageDraw.Draw(picture)
    draw.text((80, 30), "DNA samples taken by each police station of the county", "black", font)
    rows = [("Station", "Planned", "Taken"), ("Kangsha", "400", "312"), ("Lajiu", "500", "420"), ("Exi", "100", "98")]
    for i, row in enumerate(rows):
        for x, text in zip((80, 560, 780), row, strict=True):
            draw.text((x, 110 + 60 * i), text, "black", font)
    picture.save(tmp_path / "table.png")
    document = read(tmp_path / "table.png")
    assert document.text.splitlines()[-4:] == [" ".join(row) for row in rows]
    at = document.text.index("312")
    (place,) = document.origins.locate(at, at + 3).boxes
    assert 760 < place[0] < place[2] < 860
