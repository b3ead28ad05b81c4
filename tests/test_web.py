"""Web pages and text files: what a reader sees is the text, what a page says about itself is the metadata."""

import email.message
from pathlib import Path

import pytest

from pipeline.reading import web
from pipeline.reading.document import Document, Limits, Unreadable
from pipeline.reading.read import read

POST = "7月3日起，派出所民警进村入户采集男性血样，截至月底共采集血样312份，全部录入数据库。"
MORE = "民警一边采集，一边向群众讲明政策，消除疑虑，确保不漏一人。"

PORTAL = f"""<!doctype html><html><head><title>龙口乡开展血样采集工作_龙口县人民政府</title>
<meta name="PubDate" content="2019-08-02 10:11"><meta name="ContentSource" content="龙口乡人民政府">
<script>document.write('DNA采集9999份')</script><style>p{{color:red}}</style></head><body>
<div class="top-nav">首页 政务公开 办事服务</div><div class="crumbs">您当前的位置：首页 > 乡镇动态</div>
<h1>龙口乡开展血样采集工作</h1><div class="art-info">发布时间：2019-08-01 来源：龙口乡人民政府 浏览次数：88</div>
<div class="content"><p>{POST}</p><div style="display:none">隐藏采集血样777份</div><p>{MORE}</p>
<table><tr><th>村<th>应采<th>已采<tr><td>上龙村<td>120<td>118<tr><td>下龙村<td>96<td>96</table></div>
<div class="related"><h3>相关阅读</h3>
<ul><li><a href=/1>我县采集DNA血样5万份</a><li><a href=/2>公安局采血入库</a></ul></div>
<footer>版权所有 龙口县人民政府 网站标识码：1234567890</footer></body></html>"""

WECHAT = f"""<html><head><meta property="og:title" content="平安龙口一周警务"></head><body>
<div id="js_article"><h1 class="rich_media_title" id="activity-name">平安龙口一周警务</h1>
<div id="meta_content"><span class="rich_media_meta">原创</span><a id="js_name"> 平安龙口 </a>
<div style="display:none">微信号 功能介绍</div><em id="publish_time"></em></div>
<div class="rich_media_content" id="js_content" style="visibility: hidden"><section><p>{POST}</p></section>
<section>{MORE}</section></div></div>
<script>var ct = "1564617600"; var nickname = htmlDecode("平安龙口");</script></body></html>"""


def page(tmp_path: Path, content: bytes, name: str = "a.bin") -> Document:
    path = tmp_path / name
    path.write_bytes(content)
    return read(path)


def test_a_portal_page(tmp_path: Path) -> None:
    document = page(tmp_path, PORTAL.encode())
    assert document.text.split("\n") == [POST, MORE, "村 应采 已采", "上龙村 120 118", "下龙村 96 96"]
    assert (document.title, document.publisher) == ("龙口乡开展血样采集工作", "龙口乡人民政府")
    assert (document.published, document.source_type) == ("2019-08-01", "government_website")
    assert document.media_type == "text/html"


@pytest.mark.parametrize(
    ("head", "foot", "publisher", "published"),
    [
        ("公告", "<p>王庄村委会 2018年2月27日</p>", "王庄村委会", "2018-02-27"),
        ("通知", "<p>察雅县公安局</p><p>二〇一八年二月二十七日</p>", "察雅县公安局", "2018-02-27"),
        ("察雅县人民政府", "<p>察雅县公安局</p><p>2018年2月27日</p>", "察雅县人民政府", "2018-02-27"),
        ("公告", "", None, None),
    ],
)
def test_a_kind_of_document_is_no_publisher(
    tmp_path: Path, head: str, foot: str, publisher: str | None, published: str | None
) -> None:
    html = f"<html><title>{head}</title><h1>关于开展男性家族血样采集的通告</h1><p>{POST}</p><p>{MORE}</p>{foot}</html>"
    document = page(tmp_path, html.encode())
    assert (document.publisher, document.published) == (publisher, published)


def test_a_wechat_post_saved_before_its_scripts_ran(tmp_path: Path) -> None:
    document = page(tmp_path, WECHAT.encode())
    assert document.text == f"{POST}\n{MORE}"
    assert (document.title, document.publisher) == ("平安龙口一周警务", "平安龙口")
    assert (document.published, document.source_type) == ("2019-08-01", "wechat_account")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("declared", ["", "<meta charset=gb2312>", "<meta charset=utf-8>"])
def test_encodings_even_those_that_the_page_denies(tmp_path: Path, encoding: str, declared: str) -> None:
    html = f"<html><head>{declared}<title>通知</title></head><body><p>{POST}</p></body></html>"
    assert page(tmp_path, html.encode(encoding)).text == POST


def test_traditional_characters_in_big5_stay_traditional(tmp_path: Path) -> None:
    html = "<html><head><title>採血</title></head><body><p>派出所入戶採集男性血樣三百份，錄入資料庫。</p></body></html>"
    document = page(tmp_path, html.encode("big5"))
    assert document.text == "派出所入戶採集男性血樣三百份，錄入資料庫。"
    assert document.script == "traditional"


def test_tibetan_and_latin_beside_chinese(tmp_path: Path) -> None:
    text = "派出所 ཉེན་རྟོག 采集DNA（Y-STR）样本，30份。"
    assert page(tmp_path, f"<html><body><h1>通知公告</h1><p>{text}</p></body></html>".encode()).text == text


def test_lines_of_the_source_are_no_lines_of_the_page(tmp_path: Path) -> None:
    html = "<html><body><h1>采血通知</h1><p>采集血样\n  5,\n00份，\n送检。<br>第二行，另起。</p></body></html>"
    assert page(tmp_path, html.encode()).text == "采集血样 5, 00份，送检。\n第二行，另起。"


def test_mhtml_tells_address_and_time(tmp_path: Path) -> None:
    message = email.message.EmailMessage()
    message["Snapshot-Content-Location"] = "https://mp.weixin.qq.com/s/abc"
    message["Date"] = "Tue, 12 Oct 2021 16:22:13 +0800"
    message.set_content(f"<html><body><h1>采血通知</h1><p>{POST}</p></body></html>", subtype="html")
    message.make_related()
    document = page(tmp_path, message.as_bytes())
    assert document.text == POST
    assert document.archived_at == "2021-10-12T08:22:13Z"
    assert document.original_url == "https://mp.weixin.qq.com/s/abc"
    assert document.source_type == "wechat_account"


@pytest.mark.parametrize(
    ("head", "url", "at"),
    [
        ("<!-- saved from url=(0030)https://www.a.gov.cn/b/1.html -->", "https://www.a.gov.cn/b/1.html", None),
        (
            "<!--\n Page saved with SingleFile\n url: https://www.a.gov.cn/b/1.html\n"
            " saved date: Tue Oct 12 2021 16:22:13 GMT+0800 (China Standard Time)\n-->",
            "https://www.a.gov.cn/b/1.html",
            "2021-10-12T08:22:13Z",
        ),
        (
            "<link rel=canonical href='https://web.archive.org/web/20211012082213/https://www.a.gov.cn/b/1.html'>",
            "https://www.a.gov.cn/b/1.html",
            "2021-10-12T08:22:13Z",
        ),
    ],
)
def test_what_the_saving_program_left(tmp_path: Path, head: str, url: str, at: str | None) -> None:
    document = page(tmp_path, f"<html>{head}<body><h1>采血通知</h1><p>{POST}</p></body></html>".encode())
    assert (document.original_url, document.archived_at) == (url, at)
    assert document.source_type == "government_website"


def test_relative_dates_count_from_the_capture(tmp_path: Path) -> None:
    capture = "Page saved with SingleFile\nurl: https://bbs.a.cn/1\nsaved date: Tue Oct 12 2021 16:22:13 GMT+0800"
    body = f"<h1>有人来村里采血</h1><div class=meta>热心网友 3天前</div><p>{POST}</p>"
    assert page(tmp_path, f"<!--{capture}--><html><body>{body}".encode()).published == "2021-10-09"


def test_a_class_that_lies_does_not_lose_the_post(tmp_path: Path) -> None:
    html = f"<html><body><h1>采血通知</h1><div class='sidebar-main'><p>{POST}</p><p>{MORE}</p></div></body></html>"
    assert page(tmp_path, html.encode()).text == f"{POST}\n{MORE}"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_plain_text(tmp_path: Path, encoding: str) -> None:
    document = page(tmp_path, f"关于采血的通知\n平安龙口 2019-08-01\n{POST}\n".encode(encoding))
    assert document.title == "关于采血的通知"
    assert document.published == "2019-08-01"
    assert document.text.endswith(POST)
    assert document.media_type == "text/plain"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><body><script>run()</script></body></html>", "no_text"),
        (b"<html>" + b"<div>" * 100_000, "no_text"),
        (b"   \n\n", "no_text"),
        (b"\x7fELF" + bytes(range(256)) * 40, "unsupported"),
        (bytes([0xC3, 0x28, 0xA0, 0xFF, 0xFE, 0x81]) * 500, "unsupported"),
    ],
)
def test_pages_that_give_nothing(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        page(tmp_path, content)
    assert caught.value.reason == code


def test_deep_nesting_is_cut_with_a_warning(tmp_path: Path) -> None:
    document = page(tmp_path, f"<html><body><h1>采血通知</h1><p>{POST}</p>{'<div>' * 50_000}深处".encode())
    assert document.text == POST
    assert document.warnings == ("cut_nesting",)


def test_a_page_with_all_its_text_too_deep_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="2000 elements within each other"):
        page(tmp_path, f"{'<div>' * 10_000}{POST}{'</div>' * 10_000}".encode())


def test_a_hundred_megabytes_of_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    path.write_bytes(POST.encode() * 700_000)
    with pytest.raises(Unreadable) as caught:
        read(path, Limits())
    assert caught.value.reason == "too_large"


def test_a_page_of_more_blocks_than_are_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MOST_BLOCKS", 5)
    for number, warnings in ((5, ()), (6, ("cut_blocks",))):
        document = page(tmp_path, ("<html><body>" + f"<p>{POST}</p>" * number).encode())
        assert document.text.count(POST) == 5
        assert document.warnings == warnings


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("本月采集血样<del>4112份</del>411份。", "本月采集血样411份。"),
        ("本月采集血样<s>4112</s><strike>92</strike> 411份。", "本月采集血样 411份。"),
        ("本月采集血样<span style='text-decoration: line-through'>52份</span>51份。", "本月采集血样51份。"),
        ("本月采集血样51份。<div style='visibility:hidden'>采集血样52份</div>", "本月采集血样51份。"),
        ("本月采集血样51<sup>2</sup>份，<sup>[3]</sup>8 m<sup>2</sup>。", "本月采集血样51份，8 m2。"),
    ],
)
def test_what_is_struck_out_hidden_or_a_footnotes_mark_is_not_read(tmp_path: Path, html: str, text: str) -> None:
    content = f"<html><body><h1>采血通知</h1><p>{POST}</p><p>{html}</p></body></html>"
    assert page(tmp_path, content.encode()).text == f"{POST}\n{text}"


def test_the_lines_of_a_cell_are_one_name(tmp_path: Path) -> None:
    head = "<tr><td>村<td>应采<br>DNA血样<td><p>已采</p><p>DNA血样</p>"
    rows = "<tr><td>上龙<br>村<td>120<td><table><tr><td>118</table><tr><td>下龙村<td>96<td>90"
    document = page(
        tmp_path, f"<html><body><h1>采血</h1><p>{POST}</p><table>{head}{rows}</table></body></html>".encode()
    )
    assert document.text.split("\n")[1:] == ["村 应采DNA血样 已采DNA血样", "上龙村 120 118", "下龙村 96 90"]


@pytest.mark.parametrize(
    ("content", "title", "text"),
    [
        ("村\t应采血样\t已采\n上龙村\t120\t118\n", None, "村 应采血样 已采\n上龙村 120 118"),
        ("采血进度\n村 应采血样 已采\n上龙村 120 118", "采血进度", "村 应采血样 已采\n上龙村 120 118"),
        ('村,应采血样,已采\n上龙村,"1,200",118\n下龙村,96,', None, "村 应采血样 已采\n上龙村 1,200 118\n下龙村 96 —"),
        ('采血进度,\n村,血样\n"上龙村\n（牧区）",118\n', "采血进度", "村 血样\n上龙村（牧区） 118"),
        ("采血,续\n近日,民警入户,采血3份。", "采血,续", "近日,民警入户,采血3份。"),
    ],
)
def test_heads_of_tables_in_text_files_are_no_titles(tmp_path: Path, content: str, title: str, text: str) -> None:
    document = page(tmp_path, content.encode())
    assert (document.title, document.text) == (title, text)


@pytest.mark.parametrize("other", ["gb18030", "big5"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_of_two_encodings_is_read_line_by_line(tmp_path: Path, other: str, mark: bytes) -> None:
    more = "採集血樣三百份，錄入資料庫。" if other == "big5" else MORE
    document = page(tmp_path, mark + f"{POST}\n".encode() + f"{more}\n".encode(other) + POST.encode())
    assert (document.text, document.warnings) == (f"{POST}\n{more}\n{POST}", ())


SPACED = "截至 10 月 20 日，洛隆县公安局共采集 DNA 血样 3500 份，完成任务的 82.5%。"


@pytest.mark.parametrize(("name", "before", "after"), [("p.html", "<p>", "</p>"), ("p.txt", "标题一行\n", "\n")])
def test_spaces_between_ideographs_and_figures_are_closed_up(
    tmp_path: Path, name: str, before: str, after: str
) -> None:
    table = "甲村 213 198\n乙村 187 150"
    path = tmp_path / name
    path.write_text(f"{before}{SPACED}{after}{table.replace(chr(10), '<br>') if 'html' in name else table}", "utf-8")
    document = read(path, Limits(), "never")
    text = document.text
    assert "截至10月20日，洛隆县公安局共采集DNA血样3500份，完成任务的82.5%。" in text
    assert "甲村 213 198" in text
    at = text.index("3500份")
    assert len(document.origins.chars) == len(document.origins.pages) == len(text)
    # each character still knows where it stood in the source
    assert document.origins.chars[at] - document.origins.chars[text.index("截")] == SPACED.index("3500")


def test_lines_broken_at_a_width_are_put_together(tmp_path: Path) -> None:
    told = (
        "近日，洛隆县公安局组织民警深入康沙、腊久两乡，在乡卫生院配合下为群众采集DNA血样。"
        "截至10月20日，两乡共采集血样3500份，占任务数的82.5%，其余群众待转场结束后补采。"
    )
    path = tmp_path / "p.txt"
    wrapped = "\n".join(told[i : i + 30] for i in range(0, len(told), 30))
    table = "乡镇 应采 已采\n康沙乡 2100 1980\n腊久乡 2140 1520\n"
    path.write_text(f"采集进度\n{wrapped}\n\n{wrapped}\n", "utf-8")
    assert read(path, Limits(), "never").text == f"{told}\n{told}"
    path.write_text(f"采集进度\n{table}", "utf-8")
    assert read(path, Limits(), "never").text == table.strip()
