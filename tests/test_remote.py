"""Archives at addresses: a real S3-compatible server, other file systems of fsspec, and what is refused."""

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from typer.testing import CliRunner, Result

from cli import app
from pipeline.batch.planner import Task, files_under, plan
from pipeline.batch.remote import Remote, at_hand
from pipeline.batch.run import run
from pipeline.batch.worker import Work, process
from pipeline.paths import GOLD
from pipeline.reading.document import Limits
from pipeline.records import Failure, read_records

PAGES = GOLD / "pages"
WORK = Work(ocr="never")


def xueyang(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A bucket on a server of this test's own, which workers find as they would find any: by the environment."""
    pytest.importorskip("s3fs", reason="s3:// needs s3fs: pip install 'xueyang[s3]'")
    server_of = pytest.importorskip("moto.server", reason="the S3-compatible server needs moto[s3,server]")
    server = server_of.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        system = fsspec.filesystem("s3", skip_instance_cache=True)
        system.mkdir("archive")
        for name, data in posts().items():
            system.pipe_file(f"archive/{name}", data)
        yield "s3://archive"
    server.stop()


def posts() -> dict[str, bytes]:
    """Posts in two folders, one with a container, and what must be left out or fails."""
    pages = {name: (PAGES / f"{name}.pdf").read_bytes() for name in ("A01", "A05", "A06", "A07")}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("帖子/A06.pdf", pages["A06"])
        archive.writestr("A07.pdf", pages["A07"])
    page = "<html><body><p>民警采集血样</p></body></html>".encode()
    return {
        "2021/A01.pdf": pages["A01"], "2021/湖北/A05 #1.pdf": pages["A05"], "2021/posts.zip": packed.getvalue(),
        "2021/empty.pdf": b"", "2021/.hidden.pdf": pages["A01"], "2021/page.html": page,
        "2021/page_files/part.html": page, "2022/A01.pdf": pages["A07"],
    }  # fmt: skip


def lines(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_a_bucket_gives_the_records_of_the_same_folder(bucket: str, tmp_path: Path) -> None:
    folder = tmp_path / "2021"
    for name, data in posts().items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    common = ("--ocr", "never", "--quiet", "--jobs", "1")
    there = xueyang("run", f"{bucket}/2021", "--out", tmp_path / "there", *common)
    assert there.exit_code == 0, there.output
    assert xueyang("run", folder, "--out", tmp_path / "here", *common).exit_code == 0
    for name in ("records.jsonl", "failures.jsonl"):
        assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()
    paths = [record.source.path for record in read_records(tmp_path / "there" / "records.jsonl")]
    assert {"A01.pdf", "湖北/A05 #1.pdf", "posts.zip!/帖子/A06.pdf", "posts.zip!/A07.pdf"} <= set(paths)

    again = xueyang("run", f"{bucket}/2021/", "--out", tmp_path / "there", *common)
    assert again.exit_code == 0
    assert json.loads((tmp_path / "there" / "run.json").read_text())["files"]["read"] == 0


def test_one_object_and_names_that_meet(bucket: str) -> None:
    assert list(files_under([f"{bucket}/2022/A01.pdf"])) == ["A01.pdf"]
    assert list(files_under([f"{bucket}/2021/A01.pdf", f"{bucket}/2022", f"{bucket}/2022/"])) == [
        "2022/A01.pdf", "A01.pdf",
    ]  # fmt: skip
    assert len(files_under([bucket])) == 6


def test_changed_objects_only_are_read_again(bucket: str) -> None:
    files = files_under([f"{bucket}/2022"])
    (task,) = plan(files, {}, "settings").tasks
    assert task.sha256 == hashlib.sha256(posts()["2022/A01.pdf"]).hexdigest()
    assert plan(files, {"A01.pdf": (task.sha256, "settings")}, "settings").tasks == ()
    assert plan(files, {"A01.pdf": ("0" * 64, "settings")}, "settings").tasks == (task,)


def test_what_is_not_there_and_a_server_that_is_not(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Task("gone.pdf", Remote(bucket, "archive/2021/gone.pdf"), None)
    (outcome,) = process(gone, WORK)
    assert isinstance(outcome, Failure)
    assert outcome.reason == "unreadable"
    assert xueyang("run", f"{bucket}/nowhere", "--out", tmp_path / "run").exit_code == 2

    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    fsspec.filesystem("s3").clear_instance_cache()
    result = xueyang("run", f"{bucket}/2021", "--out", tmp_path / "run")
    fsspec.filesystem("s3").clear_instance_cache()
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "cannot be listed" in result.stderr


@pytest.fixture
def memory() -> Iterator[str]:
    system = fsspec.filesystem("memory")
    system.pipe_file("/posts/2021/A01.pdf", (PAGES / "A01.pdf").read_bytes())
    yield "memory://posts"
    system.store.clear()


def test_any_file_system_of_fsspec_serves(memory: str) -> None:
    (task,) = plan(files_under([memory]), {}, "").tasks
    assert task.path == "2021/A01.pdf"
    (there,) = process(task, WORK)
    (here,) = process(Task("2021/A01.pdf", PAGES / "A01.pdf", task.sha256), WORK)
    assert not isinstance(there, Failure)
    assert there == here


def test_what_cannot_be_fetched_is_tried_again(memory: str, tmp_path: Path) -> None:
    """The planner finds the file; workers are other processes, whose memory does not hold it."""
    for _ in range(2):
        summary = run([memory], tmp_path / "run", work=WORK, jobs=1)
        assert (summary.read, summary.failed, summary.skipped) == (0, 1, 0)
    assert [failure["reason"] for failure in lines(tmp_path / "run" / "failures.jsonl")] == ["unreadable"]


def test_a_copy_is_bounded_current_and_one(memory: str) -> None:
    (task,) = plan(files_under([memory]), {}, "").tasks
    size = (PAGES / "A01.pdf").stat().st_size
    (outcome,) = process(task, Work(limits=Limits(bytes=size - 1)))
    assert isinstance(outcome, Failure)
    assert outcome.reason == "too_large"

    first = at_hand(task.file, task.sha256, size)
    assert hashlib.sha256(first.read_bytes()).hexdigest() == task.sha256
    fsspec.filesystem("memory").pipe_file("/posts/2021/A01.pdf", b"changed")
    (changed,) = plan(files_under([memory]), {}, "").tasks
    assert at_hand(changed.file, changed.sha256, size).read_bytes() == b"changed"


def test_file_addresses_are_local_files(tmp_path: Path) -> None:
    (tmp_path / "一 2021").mkdir()
    shutil.copy(PAGES / "A01.pdf", tmp_path / "一 2021")
    assert files_under([tmp_path.as_uri().replace("%20", " ")]) == {"一 2021/A01.pdf": tmp_path / "一 2021" / "A01.pdf"}


@pytest.mark.parametrize("address", ["https://example.org/a.pdf", "simplecache::https://example.org/a.pdf"])
def test_the_web_is_not_read(address: str, tmp_path: Path) -> None:
    result = xueyang("run", address, "--out", tmp_path / "run")
    assert result.exit_code == 1
    assert "not read from the web" in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_unknown_kind_of_address_is_one_line(tmp_path: Path) -> None:
    result = xueyang("run", "nosuch://bucket/a", "--out", tmp_path / "run")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
