"""What a page says about itself: bylines, dates, kinds of source, archive banners, titles, scripts."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.reading.bylines import date_in, looks_like_byline, parse
from pipeline.reading.layout import Parts
from pipeline.reading.lines import Line
from pipeline.reading.metadata import archived_from, describe, script_of, source_type
from pipeline.reading.phrases import code_of
from tests.conftest import cases


def line(text: str) -> Line:
    return Line(1, text, list(range(len(text))), 0.0, 10.0 * len(text), 0.0, 10.0)


@pytest.mark.parametrize("case", cases("metadata", "bylines"))
def test_bylines(case: dict[str, Any]) -> None:
    assert parse(case["text"]) == (case["publisher"], case["published"])


@pytest.mark.parametrize("case", cases("metadata", "dates"))
def test_dates(case: dict[str, Any]) -> None:
    assert date_in(case["text"]) == case["date"]


@pytest.mark.parametrize("case", cases("metadata", "sources"))
def test_sources(case: dict[str, Any]) -> None:
    assert source_type(case["url"], case["lines"], case["publisher"]) == case["source_type"]


@pytest.mark.parametrize("case", cases("metadata", "archives"))
def test_archives(case: dict[str, Any]) -> None:
    assert archived_from([line(text) for text in case["lines"]]) == (case["url"], case["at"], case["original"])


@pytest.mark.parametrize(
    ("shown", "known", "title", "publisher"),
    [
        ("县公安局召开推进会", "微信公众平台", "县公安局召开推进会", None),
        ("县公安局召开推进会", "page.html", "县公安局召开推进会", None),
        ("县公安局召开推进会", "桐城网", "县公安局召开推进会", "桐城网"),
        ("县公安局召开推进会", "县公安局召开推进会_桐城网", "县公安局召开推进会", "桐城网"),
        ("", "县公安局召开推进会 - 桐城网", "县公安局召开推进会", "桐城网"),
        ("看看你是谁的后代", "看看你是谁的后代🧬", "看看你是谁的后代🧬", None),
        ("", "微信公众平台", None, None),
    ],
)
def test_titles(shown: str, known: str, title: str | None, publisher: str | None) -> None:
    metadata = describe(Parts(title=[line(shown)] if shown else []), known)
    assert (metadata.title, metadata.publisher) == (title, publisher)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("公安局在辖区开展血样采集工作", "simplified"),
        ("公安局在轄區開展血樣採集工作，以後里程台灣", "traditional"),
        ("公安局在轄區開展血樣採集工作 公安局在辖区开展血样采集工作", "mixed"),
        ("DNA 2021", "simplified"),
    ],
)
def test_scripts(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize("text", ["2018年3月，民警入户采血。", "一、总体情况", "截至2021年底共采集三千份，占八成。"])
def test_sentences_are_no_bylines(text: str) -> None:
    assert not looks_like_byline(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("24小时热榜", "related"),
        ("往期回顾", "related"),
        ("阅读 1.2万 赞 48 在看 12", "reader"),
        ("扫一扫在手机打开当前页", "reader"),
        ("主办：县人民政府办公室 网站标识码：54", "licence"),
        ("您当前所在位置：首页 > 政务动态", "breadcrumb"),
        ("采集血样1200份", None),
        ("主办单位的民警", None),
        ("阅读障碍的孩子", None),
    ],
)
def test_furniture(text: str, code: str | None) -> None:
    assert code_of("page_furniture", text) == code
