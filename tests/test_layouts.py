"""Layouts that trip programs: vertical text, digits in another font, tables over pages, side lists about DNA."""

from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.reading.document import Document
from pipeline.reading.read import read
from pipeline.reading.textlayer import BLOCK

FONT, WIDTH, HEIGHT = "STSong-Light", 595.0, 842.0
POST = "七月起派出所民警进村入户采集男性血样，截至月底共采集三百二十份，全部录入数据库，并向群众讲明政策，消除疑虑。"


@pytest.fixture
def canvas(tmp_path: Path) -> Canvas:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    return Canvas(str(tmp_path / "page.pdf"), pagesize=(WIDTH, HEIGHT))


def finished(canvas: Canvas, tmp_path: Path) -> Document:
    canvas.save()
    return read(tmp_path / "page.pdf")


def test_vertical_text_runs_from_right_to_left(canvas: Canvas, tmp_path: Path) -> None:
    canvas.setFont(FONT, 14)
    high = 20
    for column, start in enumerate(range(0, len(POST), high)):
        for row, character in enumerate(POST[start : start + high]):
            canvas.drawString(480 - 26 * column, HEIGHT - 100 - 15 * row, character)
    canvas.showPage()
    assert finished(canvas, tmp_path).text.replace("\n", "") == POST


def test_bold_numbers_of_another_font_stay_in_their_sentence(canvas: Canvas, tmp_path: Path) -> None:
    canvas.setFont(FONT, 18)
    canvas.drawString(60, HEIGHT - 80, "采血情况通报")
    for y, pieces in (
        (120, ("全乡采集", "1,463", "户、", "5,208", "人，完成血样")),
        (140, ("采集", "27", "个村，占百分之九十。")),
    ):
        x = 60.0
        for piece in pieces:
            font, shift = ("Helvetica-Bold", 2) if piece[0].isdigit() else (FONT, 0)
            canvas.setFont(font, 12)
            canvas.drawString(x, HEIGHT - y + shift, piece)
            x += pdfmetrics.stringWidth(piece, font, 12)
    canvas.showPage()
    text = finished(canvas, tmp_path).text.replace("\n", "")
    assert text == "全乡采集1,463户、5,208人，完成血样采集27个村，占百分之九十。"


@pytest.mark.parametrize("heading", ["相关阅读", "热门文章", "24小时热榜", "推荐阅读"])
def test_a_list_of_titles_about_dna_is_no_text(canvas: Canvas, tmp_path: Path, heading: str) -> None:
    canvas.setFont(FONT, 20)
    canvas.drawString(60, HEIGHT - 80, "我县举行植树活动")
    canvas.setFont(FONT, 12)
    canvas.drawString(60, HEIGHT - 120, "三月十二日，县公安局组织民警在城郊植树三百株，为家乡添绿。")
    canvas.setFont(FONT, 9)
    canvas.drawString(60, HEIGHT - 170, heading)
    for number, title in enumerate(("我县采集DNA血样五万份", "派出所入户采血，群众配合", "公安局血样入库率百分之百")):
        canvas.drawString(72, HEIGHT - 190 - 16 * number, title)
    canvas.showPage()
    document = finished(canvas, tmp_path)
    assert document.text == "三月十二日，县公安局组织民警在城郊植树三百株，为家乡添绿。"
    assert document.title == "我县举行植树活动"


def test_every_character_of_a_crowded_page_has_its_place(canvas: Canvas, tmp_path: Path) -> None:
    canvas.setFont(FONT, 6)
    rows = [POST[i % 20 : i % 20 + 35] * 2 for i in range(90)]
    assert sum(map(len, rows)) > BLOCK
    for i, row in enumerate(rows):
        canvas.drawString(60, HEIGHT - 60 - 8 * i, row)
    canvas.showPage()
    document = finished(canvas, tmp_path)
    assert document.text.replace("\n", "") == "".join(rows)
    for i in (0, 44, 89):
        start = [at for at in range(len(document.text)) if document.text.startswith(rows[i], at)][i // 20]
        (x0, top, x1, bottom), *more = document.origins.locate(start, start + len(rows[i])).boxes
        assert not more
        assert (x0, x1) == pytest.approx((60, 60 + 6 * len(rows[i])), abs=1)
        assert top < 60 + 8 * i < bottom
