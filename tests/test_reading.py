"""Reading PDFs: what the page says comes out whole and in order, with its places; what cannot be read says why."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from pathlib import Path

import pdfplumber
import pikepdf
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.batch.local import SECONDS_A_CONTAINER, SECONDS_A_FILE
from pipeline.paths import CORPORA, ROOT
from pipeline.reading.containers import DEEPEST, MOST_GROWTH, SMALL
from pipeline.reading.document import Document, Limits, Unreadable
from pipeline.reading.normalise import clean
from pipeline.reading.phrases import squash
from pipeline.reading.read import read

SAMPLES = CORPORA / "samples"
FONT = "STSong-Light"
WIDTH, HEIGHT = 595.0, 842.0
LEFT, EM = 60.0, 12.0


@pytest.fixture(scope="module", autouse=True)
def _font() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


class Sheet:
    """A small PDF set line by line; `y` runs down from the top."""

    def __init__(self, path: Path, **canvas: object) -> None:
        self.path = path
        self.canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), **canvas)
        self.y = 60.0

    def line(self, text: str, *, x: float = LEFT, size: float = EM, y: float | None = None, grey: float = 0.0,
             spacing: float = 0.0, lead: float = 1.5) -> Sheet:  # fmt: skip
        if y is None:
            self.y += lead * size
        drawn = self.canvas.beginText(x, HEIGHT - (self.y if y is None else y))
        drawn.setFont(FONT, size)
        drawn.setFillGray(grey)
        drawn.setCharSpace(spacing)
        drawn.textOut(text)
        self.canvas.drawText(drawn)
        return self

    def lines(self, *texts: str, **how: float) -> Sheet:
        for text in texts:
            self.line(text, **how)
        return self

    def page(self) -> Sheet:
        self.canvas.showPage()
        self.y = 60.0
        return self

    def picture(self) -> Sheet:
        image = Image.new("RGB", (40, 40), (200, 30, 30))
        self.canvas.drawImage(ImageReader(image), 60, 200, 300, 300)
        return self

    def read(self) -> Document:
        self.canvas.save()
        return read(self.path)


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return Sheet(tmp_path / "page.pdf")


def wrapped(text: str, ems: int = 38) -> list[str]:
    """The text in lines of so many wide characters, as a browser breaks them anywhere."""
    return [text[i : i + ems] for i in range(0, len(text), ems)]


LONG = (
    "为夯实公安工作基础，提升社会治安防控水平，连日来派出所民警走村入户，向群众讲明采集的目的和用途，逐户登记造册，" * 2
)


def test_wrapped_lines_are_joined_and_paragraphs_kept(sheet: Sheet) -> None:
    sheet.line("关于开展信息采集的通知", size=20)
    sheet.lines(*wrapped(LONG + "完毕。"))
    sheet.y += 10
    sheet.lines(*wrapped("第二段：" + LONG))
    document = sheet.read()
    assert document.title == "关于开展信息采集的通知"
    assert document.text == LONG + "完毕。\n第二段：" + LONG


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("截至目前全县共采集群众血样", "一万二千份，占应采人数的八成以上。", "血样一万二千份"),
        ("截至目前全县共采集DNA血样１２", "８４５份，占应采人数的八成以上。", "１２８４５份"),
    ],
)
def test_numbers_over_line_ends_are_whole(sheet: Sheet, before: str, after: str, whole: str) -> None:
    padding = "甲" * (38 - len([c for c in before if not c.isascii()]))
    sheet.lines(LONG[:38], LONG[:38], padding + before, after)
    assert whole in sheet.read().text


def test_numbers_and_sentences_over_page_ends_are_whole(sheet: Sheet) -> None:
    sheet.lines(LONG[:38], LONG[:38], LONG[:36] + "共采").page().lines(
        "血样三千零八份，按时完成了任务。", LONG[:38], LONG[:30]
    )
    assert "共采血样三千零八份" in sheet.read().text


def test_a_short_line_ends_its_paragraph(sheet: Sheet) -> None:
    sheet.lines(LONG[:37] + "。", "一、总体情况", LONG[:38], LONG[38:75] + "。", "二、存在问题")
    assert sheet.read().text.split("\n") == [LONG[:37] + "。", "一、总体情况", LONG[:75] + "。", "二、存在问题"]


def test_paragraphs_set_in_without_distance(sheet: Sheet) -> None:
    for _ in range(2):
        sheet.line(LONG[:36], x=LEFT + 2 * EM).line(LONG[36:74]).line(LONG[74:112])
    assert sheet.read().text == "\n".join([LONG[:112]] * 2)


def test_latin_words_are_parted_by_a_space(sheet: Sheet) -> None:
    sheet.lines("甲" * 31 + "Forensic", "Science说明，" + LONG[:32], LONG[:38])
    assert "Forensic Science说明" in sheet.read().text


def test_letter_spacing_is_no_space(sheet: Sheet) -> None:
    spaced = "截至目前全县共采集DNA血样25055份，占比97.3%。"
    sheet.lines(
        "县公安局召开推进会，部署信息采集工作。", spaced, "下一步继续推进，确保应采尽采、不漏一人。", spacing=4.0
    )
    assert spaced in sheet.read().text


def test_spaces_between_cells_stay_in_letter_spaced_rows(sheet: Sheet) -> None:
    sheet.line("各村血样采集进度情况统计如下表所示", spacing=3.0)
    sheet.line("北沟村", spacing=3.0)
    for x, number in ((160.0, "188"), (220.0, "212"), (280.0, "245")):
        sheet.line(number, x=x, y=sheet.y, spacing=3.0)
    assert "北沟村 188 212 245" in sheet.read().text


def test_print_headers_and_footers_go_and_the_address_is_kept(sheet: Sheet) -> None:
    title = "派出所开展血样采集工作"
    url = "https://web.archive.org/web/20210308112233/http://www.example.gov.cn/a/1.html"
    for number in (1, 2):
        sheet.line(f"2021/10/12 08:22　{title}", size=7, x=30, y=20)
        sheet.line(f"{url} {number}/2", size=7, x=30, y=HEIGHT - 15)
        if number == 1:
            sheet.line(title, size=20)
        sheet.lines(LONG[:38], LONG[38:76]).page()
    document = sheet.read()
    assert document.text == LONG[:76] * 2
    assert document.title == title
    assert document.archived_url == url
    assert document.original_url == "http://www.example.gov.cn/a/1.html"
    assert document.archived_at == "2021-03-08T11:22:33Z"
    assert document.source_type == "government_website"


def test_page_furniture_in_small_grey_type_goes(sheet: Sheet) -> None:
    grey = {"size": 9.0, "grey": 0.5}
    sheet.line("首页　政务公开　政务服务　互动交流", **grey).line("您当前所在位置：首页 > 政务动态", **grey)
    sheet.line("县公安局召开推进会", size=20)
    sheet.line("发布时间：2019-05-24 15:10　来源：贡觉县人民政府网　浏览次数：2715　字体：【大 中 小】", **grey)
    sheet.line("热点信息", size=9).lines("关于采集DNA血样的通知", "义务植树活动简报", x=LEFT + 20, size=9)
    sheet.lines(*wrapped(LONG))
    sheet.line("扫一扫在手机打开当前页　打印　关闭", **grey).line(
        "主办：县人民政府办公室　网站标识码：5497314860", **grey
    )
    document = sheet.read()
    assert document.text == LONG
    assert (document.title, document.publisher) == ("县公安局召开推进会", "贡觉县人民政府网")
    assert (document.published, document.source_type) == ("2019-05-24", "government_website")


def test_page_furniture_set_like_the_post_goes_at_its_ends(sheet: Sheet) -> None:
    sheet.line("县公安局召开推进会", size=20).line("来源：桐城网　2019-01")
    sheet.lines(*wrapped(LONG + "完毕。")).line("阅读原文").line("阅读 3261　赞5　在看 17")
    document = sheet.read()
    assert document.text == LONG + "完毕。"
    assert (document.publisher, document.published, document.source_type) == ("桐城网", "2019-01", "wechat_account")


def test_the_posts_own_reading_counts_stay(sheet: Sheet) -> None:
    sheet.line("县公安局召开推进会", size=20).line("平安某县 2019-01-02", size=9, grey=0.5)
    sheet.lines(*wrapped(LONG + "完毕。")).line("阅读 3261　在看 17").line("阅读原文", size=9, grey=0.5)
    assert sheet.read().text.endswith("阅读 3261　在看 17")


def test_two_columns(sheet: Sheet) -> None:
    half = [LONG[i : i + 18] for i in range(0, 108, 18)]
    sheet.lines(*half[:3])
    sheet.y = 60.0
    sheet.lines(*half[3:], x=320.0)
    assert sheet.read().text == LONG[:108]


def test_ruled_table_rows_are_lines(sheet: Sheet) -> None:
    sheet.lines(LONG[:38], LONG[38:60])
    xs, ys = (60.0, 160.0, 260.0, 360.0), (200.0, 240.0, 280.0, 320.0)
    sheet.canvas.grid(list(xs), [HEIGHT - y for y in ys])
    rows = [("乡镇", "应采", "实采"), ("盖孜力克镇|中心村", "8,915", "8,026"), ("启浪乡", "4,406", "3,587")]
    for y, row in zip(ys, rows, strict=False):
        for x, cell in zip(xs, row, strict=False):
            for i, part in enumerate(cell.split("|")):
                sheet.line(part, x=x + 4, y=y + 15 + 15 * i)
    sheet.line("注：数据截至九月五日。", y=350)
    lines = sheet.read().text.split("\n")
    assert lines[1:] == [
        "乡镇 应采 实采",
        "盖孜力克镇中心村 8,915 8,026",
        "启浪乡 4,406 3,587",
        "注：数据截至九月五日。",
    ]


def test_radicals_of_a_font_without_actual_text(tmp_path: Path) -> None:
    """An old browser's file: the radicals stand in ToUnicode, nothing corrects them."""
    path = tmp_path / "radicals.pdf"
    with pikepdf.open(SAMPLES / "E02.pdf") as document:
        for page in document.pages:
            page.Contents = document.make_stream(pikepdf.unparse_content_stream(list(_without_actual_text(page))))
        document.save(path)
    with pdfplumber.open(path) as plumbed:
        assert "⺠" in (plumbed.pages[0].extract_text() or "")
    assert read(path).text == read(SAMPLES / "E02.pdf").text


def _without_actual_text(page: pikepdf.Page) -> Sequence[tuple[Sequence[object], object]]:
    kept = []
    for operands, operator in pikepdf.parse_content_stream(page):
        spans = str(operator) == "BDC" and "/ActualText" in operands[1]
        kept.append(([operands[0], pikepdf.Dictionary()] if spans else operands, operator))
    return kept


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_turned_pages_read_the_same(tmp_path: Path, rotation: int) -> None:
    path = tmp_path / "turned.pdf"
    with pikepdf.open(SAMPLES / "F04.pdf") as document:
        for page in document.pages:
            page.Rotate = rotation
        document.save(path)
    assert read(path).text == read(SAMPLES / "F04.pdf").text


def test_boxes_count_from_the_crop_box(tmp_path: Path) -> None:
    path = tmp_path / "cropped.pdf"
    with pikepdf.open(SAMPLES / "F04.pdf") as document:
        for page in document.pages:
            left, bottom, right, top = (float(x) for x in page.MediaBox)
            page.MediaBox = [left - 50, bottom - 70, right + 30, top + 40]
            page.CropBox = [left, bottom, right, top]
        document.save(path)
    cropped, plain = read(path), read(SAMPLES / "F04.pdf")
    for a, b in zip(cropped.origins.locate(5, 90).boxes, plain.origins.locate(5, 90).boxes, strict=True):
        assert a == pytest.approx(b, abs=0.1)


READABLE = sorted(p for p in SAMPLES.glob("*.pdf") if p.stem not in {"D32", "damaged", "encrypted"})


@pytest.mark.parametrize("path", READABLE, ids=lambda p: p.stem)
def test_every_character_can_be_found_on_its_page(path: Path) -> None:
    """A span's boxes, cut out of the page by another library, hold the span's words and nothing else."""
    document = read(path)
    origins = document.origins
    assert len(origins.pages) == len(origins.chars) == len(document.text)
    put_in = {document.text[i] for i, char in enumerate(origins.chars) if char < 0}
    assert put_in <= {"\n", " "}
    with pdfplumber.open(path) as plumbed:
        for start, end in _spans(document.text):
            if len(set(origins.pages[start:end])) > 1:
                continue  # a span over two pages has the boxes of the first
            where = origins.locate(start, end)
            assert where.page is not None
            page = plumbed.pages[where.page - 1]
            inside = [c for box in where.boxes for c in page.chars if _centre_in(c, box)]
            assert squash(clean("".join(c["text"] for c in inside))) == squash(document.text[start:end])


def _spans(text: str) -> list[tuple[int, int]]:
    """Every seventh run of nine characters within a line of text."""
    return [(i, i + 9) for i in range(0, len(text) - 9, 63) if "\n" not in text[i : i + 9]]


def _centre_in(char: dict[str, float], box: tuple[float, float, float, float]) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return box[0] < x < box[2] and box[1] < y < box[3]


def test_reading_twice_gives_the_same() -> None:
    first, second = read(SAMPLES / "A14.pdf"), read(SAMPLES / "A14.pdf")
    assert (first.text, first.origins.chars) == (second.text, second.origins.chars)


def reason(path: Path, limits: Limits = Limits()) -> str:
    with pytest.raises(Unreadable) as caught:
        read(path, limits, "never")
    assert caught.value.message
    assert caught.value.message[0].islower() or caught.value.message[0].isdigit()
    return caught.value.reason


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.pdf", b"", "empty"),
        ("page.pdf", b"<!DOCTYPE html><html><body>404</body></html>", "no_text"),
        ("noise.pdf", bytes(range(256)) * 20, "not_pdf"),
        ("noise.bin", bytes(range(256)) * 20, "unsupported"),
        ("head.pdf", b"%PDF-1.7\n%\xe2\xe3\n" + b"0" * 3000, "damaged"),
    ],
)
def test_files_that_are_no_pdf(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert reason(path) == code


def test_missing_file(tmp_path: Path) -> None:
    assert reason(tmp_path / "none.pdf") == "unreadable"


def test_password() -> None:
    assert reason(SAMPLES / "encrypted.pdf") == "encrypted"


def test_empty_user_password_reads(tmp_path: Path) -> None:
    path = tmp_path / "owner.pdf"
    with pikepdf.open(SAMPLES / "D29.pdf") as document:
        rights = pikepdf.Permissions(extract=False)
        document.save(path, encryption=pikepdf.Encryption(user="", owner="secret", allow=rights))
    assert read(path).text == read(SAMPLES / "D29.pdf").text


def test_pictures_only() -> None:
    assert reason(SAMPLES / "D32.pdf") == "no_text"


def test_some_pages_without_text(sheet: Sheet) -> None:
    sheet.lines(*wrapped(LONG)).page().picture().page()
    document = sheet.read()
    assert document.text == LONG
    assert document.warnings == ("pages_without_text",)


def test_no_pages(tmp_path: Path) -> None:
    path = tmp_path / "none.pdf"
    with pikepdf.new() as document:
        document.save(path)
    assert reason(path) == "no_pages"


def test_cut_off_file_is_repaired() -> None:
    document = read(SAMPLES / "damaged.pdf")
    assert "repaired" in document.warnings
    assert "成都公安男性家族排查系统建设服务采购项目" in (document.title or "")


def test_missing_tail_is_repaired_whole(tmp_path: Path) -> None:
    path = tmp_path / "tail.pdf"
    path.write_bytes((SAMPLES / "D29.pdf").read_bytes()[:-1000])
    document = read(path)
    assert document.warnings == ("repaired",)
    assert document.text == read(SAMPLES / "D29.pdf").text


def test_bytes_before_the_header(tmp_path: Path) -> None:
    path = tmp_path / "http.pdf"
    path.write_bytes(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n" + (SAMPLES / "D29.pdf").read_bytes())
    assert read(path).text == read(SAMPLES / "D29.pdf").text


def test_limits() -> None:
    path = SAMPLES / "E02.pdf"
    assert reason(path, Limits(bytes=1000)) == "too_large"
    assert reason(path, Limits(pages=2)) == "too_many_pages"
    assert reason(path, Limits(characters=100)) == "too_large"


def test_the_limits_are_told_with_what_to_do() -> None:
    told = (ROOT / "docs" / "scale.md").read_text("utf-8")
    limits = (*vars(Limits()).values(), DEEPEST, MOST_GROWTH, SMALL, SECONDS_A_FILE, SECONDS_A_CONTAINER)
    assert [limit for limit in limits if f"{limit:,} " not in told] == []
    for small in (Limits(bytes=1000), Limits(pages=2), Limits(characters=100)):
        with pytest.raises(Unreadable, match="split it"):
            read(SAMPLES / "E02.pdf", small)


def test_lost_character_map_is_not_read_as_words(tmp_path: Path) -> None:
    path = tmp_path / "map.pdf"
    with pikepdf.open(SAMPLES / "A01.pdf") as document:
        for thing in document.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font" and "/ToUnicode" in thing:
                del thing["/ToUnicode"]
        document.save(path)
    outcome = reason_or_warnings(path)
    assert outcome & {"no_text", "doubtful_text", "garbled_pages"}


def reason_or_warnings(path: Path) -> set[str]:
    try:
        return set(read(path, ocr="never").warnings)
    except Unreadable as error:
        return {error.reason}


def test_no_handles_are_left_open() -> None:
    """Files only: other tests of the same process may open sockets and pipes meanwhile."""
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("needs /proc, which this system lacks")
    for name in ("F04.pdf", "encrypted.pdf"):
        reason_or_warnings(SAMPLES / name)
        assert not [link for link in open_files() if link.endswith(name)]
    before = open_files()
    for _ in range(3):
        read(SAMPLES / "F04.pdf")
        reason(SAMPLES / "encrypted.pdf")
    assert len(open_files()) <= len(before)


def open_files() -> list[str]:
    """What this process holds open that is a file: a path, or one that was deleted."""
    links = []
    for handle in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            links.append(str(handle.readlink()))
    return [link for link in links if link.startswith("/") and not link.startswith(("/dev", "/proc"))]


def test_in_memory_repair_keeps_the_file(tmp_path: Path) -> None:
    path = tmp_path / "copy.pdf"
    content = io.BytesIO((SAMPLES / "damaged.pdf").read_bytes()).getvalue()
    path.write_bytes(content)
    read(path)
    assert path.read_bytes() == content
