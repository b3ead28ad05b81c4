"""Containers: every document inside gives a record or a reasoned failure, and nothing leads out of them."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import brotli
import pytest
import zstandard
from typer.testing import CliRunner, Result
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from cli import app
from pipeline.reading.containers import members, opened, safe_name
from pipeline.reading.document import Limits, Unreadable
from pipeline.reading.read import read

Headers = Sequence[tuple[str, str]]
SAMPLES = Path(__file__).parents[1] / "corpora" / "samples"
PAGE = "<html><body><h1>采血通知</h1><p>派出所民警入户采集男性血样{}份，全部录入数据库，不漏一人。</p></body></html>"


def xueyang(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


def run(archive: Path, out: Path) -> tuple[dict[str, dict], dict[str, str]]:
    """Records and failure reasons by path."""
    result = xueyang("run", archive, "--out", out, "--ocr", "never", "--quiet", "--jobs", 1)
    assert result.exit_code == 0, result.output
    records = [json.loads(line) for line in (out / "records.jsonl").read_text("utf-8").splitlines()]
    failures = [json.loads(line) for line in (out / "failures.jsonl").read_text("utf-8").splitlines()]
    return {r["source"]["path"]: r for r in records}, {f["path"]: f["reason"] for f in failures}


def warc(pages: dict[str, tuple[str, bytes, str]], *, zipped: bool = True, headers: Headers = ()) -> bytes:
    """A web archive of responses: address → status, body, content type. `headers` are added to each."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=zipped)
    for url, (status, body, kind) in pages.items():
        told = StatusAndHeaders(status, [("Content-Type", kind), *headers], protocol="HTTP/1.1")
        extra = {"WARC-Date": "2021-10-12T08:22:13Z"}
        record = writer.create_warc_record(
            url, "response", payload=io.BytesIO(body), http_headers=told, warc_headers_dict=extra
        )
        writer.write_record(record)
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


PAGES = {
    "https://mp.weixin.qq.com/s/a": ("200 OK", PAGE.format(11).encode("gbk"), "text/html; charset=gbk"),
    "https://mp.weixin.qq.com/s/gone": ("404 Not Found", PAGE.format(12).encode(), "text/html"),
    "https://mp.weixin.qq.com/s/a.css": ("200 OK", b"p{}", "text/css"),
    "https://a.gov.cn/b.pdf": ("200 OK", (SAMPLES / "F04.pdf").read_bytes(), "application/pdf"),
}


@pytest.mark.parametrize("packed", [True, False])
def test_each_page_of_a_web_archive_is_a_document(tmp_path: Path, packed: bool) -> None:
    # The name says nothing: content decides.
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "capture.dat").write_bytes(warc(PAGES, zipped=packed))
    records, failures = run(tmp_path / "archive", tmp_path / "out")
    assert set(records) == {"capture.dat!/https://a.gov.cn/b.pdf", "capture.dat!/https://mp.weixin.qq.com/s/a"}
    assert not failures
    post = records["capture.dat!/https://mp.weixin.qq.com/s/a"]
    assert "采集男性血样11份" in post["document"]["text"]
    assert post["source"]["archived_at"] == "2021-10-12T08:22:13Z"
    assert post["source"]["archived_url"] == "https://mp.weixin.qq.com/s/a"
    assert post["document"]["source_type"] == "wechat_account"
    assert post["id"] == post["source"]["sha256"]
    pdf = records["capture.dat!/https://a.gov.cn/b.pdf"]
    assert pdf["counts"]
    assert pdf["counts"][0]["boxes"]


def test_a_web_archive_gzipped_in_one_piece(tmp_path: Path) -> None:
    found = {f"https://a.gov.cn/{n}.zip": ("200 OK", PAGE.format(n).encode(), "text/html") for n in range(4)}
    path = tmp_path / "whole.warc.gz"
    path.write_bytes(gzip.compress(warc(found, zipped=False)))
    inside = members(path, Limits())
    assert [(m.name, opened(path, m.steps, Limits()).data) for m in inside] == [(u, p[1]) for u, p in found.items()]
    problem = members(path, Limits(bytes=1000))[-1].problem
    assert problem is not None
    assert problem.reason == "too_large"
    assert "split it, or gunzip it first" in problem.message


@pytest.mark.parametrize(("coding", "compress"), [("br", brotli.compress), ("zstd", zstandard.compress)])
def test_bodies_sent_compressed(tmp_path: Path, coding: str, compress: Callable[[bytes], bytes]) -> None:
    page = PAGE.format(11).encode()
    packed = compress(page)
    chunked = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (packed[:9], packed[9:], b""))
    bodies = [packed, page, packed[:-20], compress(b"<html>" + b"\0" * 300_000_000)]
    pages = {f"https://a.gov.cn/{n}": ("200 OK", body, "text/html") for n, body in enumerate(bodies)}
    told = ("Content-Encoding", coding)
    (tmp_path / "plain.warc").write_bytes(warc(pages, headers=[told]))
    sent = [told, ("Transfer-Encoding", "chunked")]
    (tmp_path / "chunked.warc").write_bytes(warc({"https://a.gov.cn/": ("200 OK", chunked, "text/html")}, headers=sent))

    def content(name: str, number: int) -> bytes:
        path = tmp_path / name
        return opened(path, members(path, Limits())[number].steps, Limits()).data

    # The second was stored unpacked under the header it came with, as some crawlers do.
    assert content("plain.warc", 0) == content("plain.warc", 1) == content("chunked.warc", 0) == page
    for number, reason in ((2, "damaged"), (3, "too_large")):
        with pytest.raises(Unreadable) as caught:
            content("plain.warc", number)
        assert caught.value.reason == reason


def test_a_body_of_several_zstd_frames(tmp_path: Path) -> None:
    page = PAGE.format(11).encode()
    frames = [zstandard.compress(page[:50]), b"\x50\x2a\x4d\x18\x03\0\0\0abc", zstandard.compress(page[50:])]
    path = tmp_path / "a.warc"
    bodies = {"https://a.gov.cn/": ("200 OK", b"".join(frames) + b"\n", "text/html")}
    path.write_bytes(warc(bodies, headers=[("Content-Encoding", "zstd")]))
    assert opened(path, members(path, Limits())[0].steps, Limits()).data == page


def test_zip_with_wacz_and_warc_inside_and_run_again(tmp_path: Path) -> None:
    wacz = zipped({"datapackage.json": b"{}", "archive/data.warc.gz": warc(PAGES), "pages/pages.jsonl": b"{}"})
    files = {"2021/p.html": PAGE.format(5).encode(), "web.wacz": wacz, "__MACOSX/x": b"x", "more.html.gz": b""}
    files["more.html.gz"] = gzip.compress(PAGE.format(6).encode())
    archive, out = tmp_path / "posts.zip", tmp_path / "out"
    archive.write_bytes(zipped(files))
    records, failures = run(archive, out)
    assert set(records) == {
        "posts.zip!/2021/p.html",
        "posts.zip!/more.html.gz!/more.html",
        "posts.zip!/web.wacz!/archive/data.warc.gz!/https://a.gov.cn/b.pdf",
        "posts.zip!/web.wacz!/archive/data.warc.gz!/https://mp.weixin.qq.com/s/a",
    }
    assert not failures
    run(archive, out)
    assert json.loads((out / "run.json").read_text())["files"]["read"] == 0


def test_documents_that_left_a_container_leave_the_records(tmp_path: Path) -> None:
    archive, out = tmp_path / "posts.zip", tmp_path / "out"
    archive.write_bytes(zipped({"a.html": PAGE.format(5).encode(), "b.html": PAGE.format(6).encode()}))
    assert len(run(archive, out)[0]) == 2
    archive.write_bytes(zipped({"a.html": PAGE.format(7).encode()}))
    records, _ = run(archive, out)
    assert set(records) == {"posts.zip!/a.html"}
    assert "7份" in records["posts.zip!/a.html"]["document"]["text"]


def test_show_takes_one_document_of_a_container(tmp_path: Path) -> None:
    archive = tmp_path / "posts.zip"
    archive.write_bytes(zipped({"a.html": PAGE.format(5).encode(), "b.html": PAGE.format(6).encode()}))
    assert "采集男性血样6份" in xueyang("show", f"{archive}!/b.html", "--json").stdout
    several = xueyang("show", archive)
    assert several.exit_code == 2
    assert "holds 2 documents" in several.stderr
    assert xueyang("show", f"{archive}!/c.html").exit_code == 2


def test_names_that_lead_out_stay_inside(tmp_path: Path) -> None:
    archive = tmp_path / "bad.zip"
    archive.write_bytes(zipped({"../../evil.html": PAGE.format(5).encode(), "/etc/a.html": PAGE.format(6).encode()}))
    records, _ = run(archive, tmp_path / "deep" / "out")
    assert set(records) == {"bad.zip!/evil.html", "bad.zip!/etc/a.html"}
    assert not list(tmp_path.rglob("evil.html"))
    assert safe_name("..\\..\\x") == "x"


def test_bombs_and_damage_cost_one_document(tmp_path: Path) -> None:
    bomb = zipped({"zeros.html": b"\0" * 300_000_000, "good.html": PAGE.format(5).encode()})
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "bomb.zip").write_bytes(bomb)
    (tmp_path / "a" / "bomb.gz").write_bytes(gzip.compress(b"<html>" + b"\0" * 300_000_000))
    (tmp_path / "a" / "cut.warc.gz").write_bytes(warc(PAGES)[:-3000])
    (tmp_path / "a" / "cut.zip").write_bytes(bomb[:200])
    (tmp_path / "a" / "empty.zip").write_bytes(zipped({}))
    records, failures = run(tmp_path / "a", tmp_path / "out")
    assert {"bomb.zip!/good.html", "cut.warc.gz!/https://mp.weixin.qq.com/s/a"} <= set(records)
    assert failures["bomb.zip!/zeros.html"] == "too_large"
    assert failures["bomb.gz!/bomb"] == "too_large"
    assert failures["cut.zip"] == "damaged"
    assert failures["empty.zip"] == "empty"


def damaged(method: int, old: bytes, new: bytes, name: str = "aa.html") -> bytes:
    """A ZIP of one page, some bytes of it changed everywhere."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(name, PAGE.format(9) * 20)
    content = out.getvalue()
    assert old in content
    return content.replace(old, new)


DAMAGED = {
    "name.zip": damaged(zipfile.ZIP_DEFLATED, "采.html".encode(), b"\xff\xfe\xfd.html", "采.html"),
    "lzma.zip": damaged(zipfile.ZIP_LZMA, b"\x05\x00\x5d", b"\x05\x00\xff"),
    "cut.zip": damaged(zipfile.ZIP_LZMA, b"\x05\x00\x5d", b"\xff\xff\x5d"),
    "method.zip": damaged(
        zipfile.ZIP_STORED, b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x63\x00"
    ),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_of_any_kind_is_told_as_such(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(DAMAGED[name])
    with pytest.raises(Unreadable) as caught:
        opened(path, members(path, Limits())[0].steps, Limits())
    assert caught.value.reason == "damaged"


def test_an_entry_without_a_name_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"aa.html": b"x", "b.html": b"y"}).replace(b"aa.html", b"\0a.html"))
    assert [member.name for member in members(path, Limits())] == ["b.html"]


def test_a_damaged_zip_within_a_zip_costs_no_neighbour(tmp_path: Path) -> None:
    pages = {"a.html": PAGE.format(5).encode(), **DAMAGED, "z.html": PAGE.format(6).encode()}
    (tmp_path / "posts.zip").write_bytes(zipped(pages))
    records, failures = run(tmp_path / "posts.zip", tmp_path / "out")
    assert set(records) == {"posts.zip!/a.html", "posts.zip!/z.html"}
    assert {path.split("!/")[1] for path in failures} == set(DAMAGED)
    assert set(failures.values()) == {"damaged"}


def test_a_file_of_an_office_program_is_one_failure_that_says_what_it_is(tmp_path: Path) -> None:
    parts = {"[Content_Types].xml": b"<Types/>", "word/document.xml": PAGE.format(5).encode(), "word/a.xml": b"<a/>"}
    files = {
        "a.docx": zipped(parts),
        "b.epub": zipped({"mimetype": b"application/epub+zip", "META-INF/container.xml": b"", "a.html": b"<html>"}),
        "c.rtf": PAGE.format(5).encode("gbk").replace(b"<html>", b"{\\rtf1"),
        "word.zip": zipped({"word/document.html": PAGE.format(6).encode(), "word/a.docx": zipped(parts)}),
    }
    (tmp_path / "a").mkdir()
    for name, content in files.items():
        (tmp_path / "a" / name).write_bytes(content)
    records, failures = run(tmp_path / "a", tmp_path / "out")
    assert set(records) == {"word.zip!/word/document.html"}
    assert set(failures) == {"a.docx", "b.epub", "c.rtf", "word.zip!/word/a.docx"}
    assert set(failures.values()) == {"unsupported"}
    assert (tmp_path / "out" / "failures.jsonl").read_text("utf-8").count("a Word file (docx)") == 2


def test_a_zip_within_a_zip_within_a_zip_ends(tmp_path: Path) -> None:
    data = PAGE.format(5).encode()
    for depth in range(12):
        data = zipped({f"{depth}.zip" if depth else "a.html": data})
    path = tmp_path / "nest.zip"
    path.write_bytes(data)
    found = members(path, Limits())
    assert len(found) == 1
    assert len(found[0].steps) == 3
    with pytest.raises(Unreadable, match="3 containers deep at most; unpack it"):
        read(opened(path, found[0].steps, Limits()).data)


def test_encrypted_members_say_so(tmp_path: Path) -> None:
    path = tmp_path / "locked.zip"
    content = bytearray(zipped({"a.html": PAGE.format(5).encode()}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1  # the flag bit of encryption
    path.write_bytes(content)
    (member,) = members(path, Limits())
    assert member.problem is not None
    assert member.problem.reason == "encrypted"
    with pytest.raises(Unreadable):
        opened(path, member.steps, Limits())


@pytest.mark.parametrize(("coding", "length"), [("gbk", 4), ("utf-8", 6)])
def test_names_that_do_not_tell_their_coding(tmp_path: Path, coding: str, length: int) -> None:
    path = tmp_path / "names.zip"
    content = zipped({f"{'a' * length}.html": PAGE.format(5).encode()})
    path.write_bytes(content.replace(b"a" * length, "采血".encode(coding)))
    assert [m.name for m in members(path, Limits())] == ["采血.html"]


def test_parts_that_a_browser_saved_are_no_documents(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "post_files"
    folder.mkdir(parents=True)
    (tmp_path / "a" / "post.html").write_text(PAGE.format(5), "utf-8")
    (folder / "frame.html").write_text(PAGE.format(6), "utf-8")
    records, failures = run(tmp_path / "a", tmp_path / "out")
    assert set(records) == {"post.html"}
    assert not failures
