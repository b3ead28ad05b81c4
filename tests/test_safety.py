"""Nothing is lost: killed runs, full disks, two runs at once, a new model. Done, not simulated."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.paths import CORPORA, MODEL

PAGES = sorted((CORPORA / "gold" / "pages").glob("*.pdf"))[:40]
XUEYANG = [sys.executable, "-c", "from cli import app; app()"]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    for page in PAGES:
        shutil.copy(page, folder)
    shutil.copy(CORPORA / "gold" / "web_pages" / "capture.warc.gz", folder)
    return folder


def command(archive: Path, out: Path, *more: str) -> list[str]:
    return [*XUEYANG, "run", str(archive), "--out", str(out), "--ocr", "never", "--jobs", "2", *more]


def finished(archive: Path, out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(archive, out, *more), capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def undisturbed(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("undisturbed") / "run"
    assert finished(archive, out, "--quiet").returncode == 0
    return out


def read(out: Path) -> int:
    return int(json.loads((out / "run.json").read_text())["files"]["read"])


@pytest.mark.parametrize("stored", [0, 1, 12, 30])
def test_killed_at_any_moment_the_next_run_finishes(
    archive: Path, undisturbed: Path, tmp_path: Path, stored: int
) -> None:
    out = tmp_path / "run"
    started = subprocess.Popen(
        command(archive, out, "--quiet"), start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    limit = time.monotonic() + 120
    while _rows(out) < stored and started.poll() is None and time.monotonic() < limit:
        time.sleep(0.02)
    os.killpg(started.pid, signal.SIGKILL)
    started.wait()
    before = _rows(out)
    if stored in (1, 12):
        exported = subprocess.run(
            [*XUEYANG, "export", out, "--format", "csv", "--out", tmp_path / "early.csv"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert re.search(rf"unfinished: \d+ of {len(PAGES) + 1} files", exported.stderr)
    assert finished(archive, out, "--quiet").returncode == 0
    assert read(out) <= read(undisturbed) - max(0, before - 6)  # failures and containers have rows too
    for name in ("records.jsonl", "failures.jsonl"):
        assert (out / name).read_bytes() == (undisturbed / name).read_bytes()
    assert json.loads((out / "run.json").read_text())["finished"]


def _rows(out: Path) -> int:
    try:
        with sqlite3.connect(f"file:{out / 'xueyang.db'}?mode=ro", uri=True) as connection:
            return int(connection.execute("select count(*) from files").fetchone()[0])
    except sqlite3.Error:
        return 0


def test_a_second_run_on_the_same_directory_is_refused(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    first = subprocess.Popen(command(archive, out, "--quiet"), start_new_session=True)
    try:
        while not (out / ".lock").exists() and first.poll() is None:
            time.sleep(0.02)
        time.sleep(0.2)
        second = finished(archive, out, "--quiet")
        assert second.returncode == 1
        assert second.stderr.count("\n") == 1
        assert "another run is writing here" in second.stderr
        assert first.wait(timeout=200) == 0
    finally:
        if first.poll() is None:
            os.killpg(first.pid, signal.SIGKILL)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_is_one_line_and_the_run_goes_on_when_there_is_room(
    archive: Path, undisturbed: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        full = finished(archive, disk / "run", "--quiet")
        assert full.returncode == 1
        assert full.stderr.count("\n") == 1, full.stderr
        assert "free space" in full.stderr
        subprocess.run(["mount", "-o", "remount,size=60m", disk], check=True)
        assert finished(archive, disk / "run", "--quiet").returncode == 0
        assert (disk / "run" / "records.jsonl").read_bytes() == (undisturbed / "records.jsonl").read_bytes()
    finally:
        subprocess.run(["umount", disk], check=False)


def test_a_directory_that_cannot_be_written_is_one_line(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    found = finished(archive, tmp_path / "file" / "run")
    assert found.returncode == 1
    assert found.stderr.count("\n") == 1
    assert not found.stdout


def test_a_new_model_judges_again_without_reading(archive: Path, undisturbed: Path, tmp_path: Path) -> None:
    out, model = tmp_path / "run", tmp_path / "model"
    shutil.copytree(undisturbed, out)
    shutil.copytree(MODEL, model)
    data = json.loads((model / "xueyang_label" / "model.json").read_text("utf-8"))
    data["name"], data["review_between"] = "another model", [-1.0, 2.0]
    (model / "xueyang_label" / "model.json").write_text(json.dumps(data), "utf-8")
    assert finished(archive, out, "--quiet", "--model", str(model)).returncode == 0
    files = json.loads((out / "run.json").read_text())["files"]
    assert (files["read"], files["judged_anew"]) == (0, read(undisturbed))
    old = [json.loads(line) for line in (undisturbed / "records.jsonl").read_text("utf-8").splitlines()]
    new = [json.loads(line) for line in (out / "records.jsonl").read_text("utf-8").splitlines()]
    assert all(record["classification"].pop("model") == "another model" for record in new)
    assert all(record["classification"].pop("needs_review") for record in new)
    for record in old:
        del record["classification"]["model"], record["classification"]["needs_review"]
    assert new == old
    assert finished(archive, out, "--quiet", "--model", str(model)).returncode == 0
    files = json.loads((out / "run.json").read_text())["files"]
    assert (files["read"], files["judged_anew"]) == (0, 0)


def test_watch_reads_what_lands_and_logs_it(tmp_path: Path) -> None:
    archive, out, log = tmp_path / "archive", tmp_path / "run", tmp_path / "log.jsonl"
    archive.mkdir()
    shutil.copy(PAGES[0], archive)
    said = tmp_path / "said.txt"
    with said.open("w", encoding="utf-8") as errors:
        watching = subprocess.Popen(
            [*command(archive, out, "--watch", "--log", str(log))], stdout=subprocess.DEVNULL, stderr=errors
        )
    try:
        assert _records_within(out, 1, 60)
        time.sleep(1)
        shutil.copy(PAGES[1], archive)
        assert _records_within(out, 2, 60)
        shutil.copy(PAGES[2], os.fsdecode(os.fsencode(archive) + "/血样.pdf".encode("gbk")))
        assert _records_within(out, 3, 60)
        assert _within(60, lambda: said.read_text("utf-8").count("done 1 of 1: 1 ") == 3)  # the round is over
        time.sleep(1)
        watching.terminate()  # Ctrl-C does not reach programs started behind `&`
        watching.wait(timeout=30)
        errors_told = said.read_text("utf-8")
        assert "Traceback" not in errors_told
        told = [line for line in errors_told.splitlines() if line.startswith("xueyang: ")]
        assert len(told) == 2
        assert f"watching {archive}" in told[0]
        assert "stopped watching" in told[1]
        assert "done 1 of 1: 1 " in errors_told
        events = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
        assert [e["path"] for e in events if e["event"] == "record"] == [PAGES[0].name, PAGES[1].name, "血样.pdf"]
    finally:
        watching.kill()


def _records_within(out: Path, number: int, seconds: float) -> bool:
    file = out / "records.jsonl"
    return _within(seconds, lambda: file.exists() and len(file.read_text("utf-8").splitlines()) == number)


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if holds():
            return True
        time.sleep(0.1)
    return False
