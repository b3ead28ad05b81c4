"""The page with hostile records and hostile requests: nobody comes in, no script runs, no file is reached."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.review.app import Pages
from pipeline.review.door import HEADERS, Door
from pipeline.review.pictures import NoPicture, Studio, Wanted, bytes_of, locate
from pipeline.review.serve import _socket, serve
from tests.reviewing import MODEL, TEXT, Served, record, run_directory, served

SCRIPT = "<script>alert(1)</script>"
BREAK_OUT = "\"'><img src=x onerror=alert(2)>{{7*7}}"


def hostile() -> list:
    """Records whose every field of words tries something."""
    found = [
        record("title", title=SCRIPT, publisher=BREAK_OUT, text=f"{SCRIPT}{BREAK_OUT}{TEXT}"),
        record("link", archived_url="javascript:alert(3)", original_url="data:text/html,<script>alert(4)</script>"),
        record("path", path=f"../../{SCRIPT}.html", title="</textarea></title>" + SCRIPT),
        record("date", published=BREAK_OUT, text=f"{TEXT}</div>{SCRIPT}"),
    ]
    one = found[0]
    bad = one.counts[0].model_copy(update={"place": SCRIPT, "as_of": BREAK_OUT})
    place = one.places[0].model_copy(update={"township": SCRIPT, "name_en": BREAK_OUT})
    warned = {"counts": (bad,), "places": (place,), "warnings": (SCRIPT,), "cluster": SCRIPT}
    return [one.model_copy(update=warned), *found[1:]]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(run_directory(tmp_path_factory.mktemp("run"), hostile())) as found:
        yield found


ADDRESSES = [
    ("GET", "/"), ("GET", "/static/shared.js"), ("GET", "/static/review.css"), ("GET", "/documents/{id}"),
    ("GET", "/documents/{id}/part"), ("GET", "/documents/{id}/pages/1"), ("POST", "/documents/{id}/decide"),
    ("POST", "/documents/{id}/accept-all"), ("POST", "/documents/{id}/undo"), ("GET", "/places?document={id}&words=a"),
    ("GET", "/progress"), ("GET", "/agreement"), ("GET", "/stopping"), ("POST", "/sample"), ("POST", "/learn"),
    ("POST", "/name"), ("POST", "/link"), ("GET", "/decisions.jsonl"), ("GET", "/history.jsonl"), ("GET", "/nothing"),
]  # fmt: skip


def test_the_list_of_addresses_here_is_whole(page: Served) -> None:
    told = {(method, path.partition("?")[0].replace("{id}", "{document}")) for method, path in ADDRESSES}
    there = {(method, path) for path, method, _ in Pages(page.desk, page.door).routes()}
    asked = {
        (m, p.replace("/pages/1", "/pages/{number}").replace("/static/shared.js", "/static/{name}")) for m, p in told
    }
    assert there <= asked


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_nothing_is_answered_without_a_session(page: Served, method: str, path: str) -> None:
    address = page.address + path.format(id=record("title").id)
    for cookies in ({}, {page.door.cookie: "guess"}, {page.door.cookie: ""}):
        answer = httpx.request(method, address, cookies=cookies, headers={"Origin": page.address})
        assert answer.status_code == 403
        assert "xueyang review" in answer.text
        assert len(answer.text) < 100
        assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


def test_a_link_works_once(page: Served) -> None:
    link = page.link()
    first = httpx.get(link)
    assert first.status_code == 303
    assert "HttpOnly" in first.headers["set-cookie"]
    assert "SameSite=strict" in first.headers["set-cookie"]
    assert httpx.get(link).status_code == 403
    assert httpx.get(f"{page.address}/enter").status_code == 403
    assert httpx.get(f"{page.address}/enter?token=").status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "[::1]"])
def test_another_host_name_is_refused(page: Served, host: str) -> None:
    client = page.client()
    assert client.http.get("/", headers={"Host": host}).status_code == 421
    assert httpx.get(page.link(), headers={"Host": host}).status_code == 421


def test_a_change_needs_token_and_origin(page: Served) -> None:
    client, document = page.client(), record("title").id
    given = {"kind": "label", "value": {"label": "other"}}
    path = f"/documents/{document}/decide"
    for wrong in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"X-CSRF-Token": "x"}, {"X-CSRF-Token": ""}):
        assert client.post(path, given, **wrong).status_code == 403
    assert client.http.post(path, json=given, headers={"X-CSRF-Token": client.csrf}).status_code == 403
    other = page.client("Bo")
    assert client.post(path, given, **{"X-CSRF-Token": other.csrf}).status_code == 403
    assert page.desk.decisions.of_document(document) == []
    for method in ("PUT", "DELETE", "PATCH"):
        headers = {"Origin": page.address, "X-CSRF-Token": client.csrf, "Content-Length": "0"}
        assert client.http.request(method, path, headers=headers).status_code == 405
    assert client.post(path, {"kind": "note", "value": {"text": "x" * 200_000}}).status_code == 413


@pytest.mark.parametrize("path", ["/", "/?words=%3Cscript%3Ealert(5)%3C/script%3E&publisher=%22%3E%3Cimg%20src=x%3E",
                                  "/stopping", "/agreement", "/documents/title", "/documents/link", "/documents/path",
                                  "/documents/date"])  # fmt: skip
def test_archive_text_stays_text(page: Served, path: str) -> None:
    client = page.client(f"{SCRIPT}{BREAK_OUT}")
    name = path.removeprefix("/documents/")
    if name != path:
        path = f"/documents/{record(name).id}"
        assert client.decide(record(name).id, kind="note", value={"text": SCRIPT}).status_code == 200
        fact = next((f for f in page.desk.reviewed(record(name).id).facts if f.kind == "counts"), None)
        if fact:
            client.decide(record(name).id, kind="counts", action="accept", fact=fact.key)
    answer = client.get(path)
    assert answer.status_code == 200
    assert "<script>" not in answer.text
    assert "<img src=x" not in answer.text
    assert "javascript:" not in answer.text
    assert "data:text" not in answer.text
    assert "{{7*7}}" in answer.text or "7*7" not in answer.text
    assert answer.text.count("<script ") == answer.text.count('<script src="/static/')
    assert " style=" not in answer.text
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_numbers_of_private_persons_stay_starred(page: Served) -> None:
    client, document = page.client(), record("link").id
    start = TEXT.index("13812345678")
    client.decide(document, kind="justifications", action="add",
                  value={"start": start, "end": start + 11, "code": "public_service"})  # fmt: skip
    client.decide(document, kind="label", value={"label": "other"})
    client.decide(document, kind="note", value={"text": "13812345678"})
    for path in ("/", f"/documents/{document}", f"/documents/{document}/part", "/decisions.jsonl", "/history.jsonl"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "13812345678" not in answer.text
    assert "138********" in client.get(f"/documents/{document}").text


@pytest.mark.parametrize(
    "path",
    [
        "/static/..%2Fapp.py", "/static/%2e%2e/app.py", "/static/..%5capp.py", "/static//etc/passwd",
        "/static/review.css%00.js", "/documents/..%2F..%2Fetc%2Fpasswd", "/documents/%2Fetc%2Fpasswd",
        "/documents/{id}/pages/..%2F..%2F1", "/documents/{id}/pages/-1", "/documents/{id}/pages/1e9",
        "/templates/base.html", "/docs", "/openapi.json", "/redoc",
    ],
)  # fmt: skip
def test_no_address_reaches_a_file(page: Served, path: str) -> None:
    answer = page.client().http.get(page.address + path.format(id=record("title").id), follow_redirects=False)
    assert answer.status_code in {404, 422}
    assert "root:" not in answer.text
    assert "import" not in answer.text


def test_a_record_reaches_no_file_outside_the_archive(tmp_path: Path) -> None:
    archive, secret = tmp_path / "archive", tmp_path / "secret.pdf"
    archive.mkdir()
    secret.write_bytes(b"%PDF-1.4 secret")
    sha256 = hashlib.sha256(secret.read_bytes()).hexdigest()
    for path in ("../secret.pdf", str(secret), "x/../../secret.pdf", "../secret.pdf!/a"):
        assert list(locate(path, [archive])) == []
        with pytest.raises(NoPicture):
            bytes_of(Wanted(path, sha256, "application/pdf", (archive,)))
    with pytest.raises(NoPicture):
        bytes_of(Wanted("secret.pdf", sha256, "application/pdf", (archive,)))
    # Two folders with the same names in them: the run put the folder's name before, and it is found by that.
    (archive / "a.pdf").write_bytes(secret.read_bytes())
    assert list(locate("archive/a.pdf", [archive])) == [archive / "a.pdf"]


def test_a_file_with_another_sha256_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    canvas = Canvas(str(file), pagesize=(300, 200))
    canvas.drawString(20, 100, "page")
    canvas.save()
    right = hashlib.sha256(file.read_bytes()).hexdigest()
    studio = Studio()
    try:
        assert studio.sizes(Wanted("a.pdf", right, "application/pdf", (tmp_path,))) == [(300, 200)]
        assert studio.picture(Wanted("a.pdf", right, "application/pdf", (tmp_path,)), 1).startswith(b"\x89PNG")
        with pytest.raises(NoPicture, match="sha256"):
            studio.picture(Wanted("a.pdf", "0" * 64, "application/pdf", (tmp_path,)), 1)
        with pytest.raises(NoPicture, match="no such page"):
            studio.picture(Wanted("a.pdf", right, "application/pdf", (tmp_path,)), 2)
        broken = tmp_path / "b.pdf"
        broken.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 40)
        wanted = Wanted("b.pdf", hashlib.sha256(broken.read_bytes()).hexdigest(), "application/pdf", (tmp_path,))
        with pytest.raises(NoPicture):
            studio.sizes(wanted)
    finally:
        studio.close()


def test_requests_that_make_no_sense_change_nothing(page: Served) -> None:
    client, document = page.client(), record("path").id
    before = len(page.desk.decisions.of_document(document))
    for given in ({}, {"kind": "label"}, {"kind": "label", "value": {"label": SCRIPT}}, {"kind": "label", "value": [1]},
                  {"kind": ["label"]}, {"kind": "counts", "action": "delete", "fact": SCRIPT}, {"kind": "sample"},
                  {"kind": "counts", "action": "undo", "fact": 3}, {"kind": "note", "value": {"text": " "}},
                  {"kind": "counts", "action": "add", "value": "x"},
                  {"kind": "label", "value": {"label": ["other"]}}, {"kind": "note", "value": {"text": "\ud800"}},
                  {"kind": "label", "value": {"label": "mass_collection", "campaign": {"a": 1}}},
                  {"kind": "counts", "action": "add", "value": {"start": 1, "end": 3, "text": "not these words",
                                                               "kind": "samples", "value": 1}},
                  {"kind": "counts", "action": "add", "value": {"start": 1, "end": 3, "kind": [1], "value": {}}},
                  {"kind": "counts", "action": "add", "value": {"start": 1, "end": 3, "kind": "samples", "value": 1,
                                                               "place": "\ud800", "as_of": ["2020"]}},
                  {"kind": "places", "action": "add", "value": {"start": 1, "end": 3, "adcode": {}}},
                  {"kind": "groups", "action": "add", "value": {"code": ["men"]}}):  # fmt: skip
        assert client.post(f"/documents/{document}/decide", given).status_code in {409, 422}
    assert client.decide("0" * 64, kind="label", value={"label": "other"}).status_code == 404
    assert client.post("/sample", {"size": "all"}).status_code == 422
    assert client.post(f"/documents/{document}/undo", {"number": "1 OR 1=1"}).status_code in {200, 422}
    assert len(page.desk.decisions.of_document(document)) == before


def test_names_cannot_break_the_history(page: Served) -> None:
    client, document = page.client('Ada\n{"reviewer": "Bo"}\u202e'), record("date").id
    client.decide(document, kind="label", value={"label": "other"})
    row = json.loads(client.get("/history.jsonl").text.splitlines()[-1])
    assert row["reviewer"] == 'Ada{"reviewer": "Bo"}'
    assert Door(1).link("\n") != Door(1).link("\n")


def test_a_browser_that_runs_in_the_terminal_finds_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def browse(link: str) -> bool:
        """Follow the link, as w3m does: the call ends when the reader closes it."""
        try:
            seen.append(httpx.get(link, timeout=20).status_code)
        finally:
            os.kill(os.getpid(), signal.SIGINT)
        return True

    monkeypatch.setattr("webbrowser.open", browse)
    before = signal.getsignal(signal.SIGTERM)
    try:
        serve(run_directory(tmp_path, [record("a")]), model=MODEL, say=lambda _: None)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert seen == [303]


def test_a_link_that_is_told_is_listened_to() -> None:
    with closing(_socket(0)) as listening, closing(socket.create_connection(listening.getsockname(), 5)) as caller:
        assert caller.getpeername() == listening.getsockname()
        answering, _ = listening.accept()
        answering.close()
