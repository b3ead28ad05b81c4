"""What a person sees of a run: a bar in a terminal, plain lines elsewhere, nothing where nothing is wanted."""

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parent.parent / "corpora/samples"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Three archived posts and a file that is none."""
    folder = tmp_path / "archive"
    folder.mkdir()
    for name in ("A01.pdf", "C15.pdf", "D29.pdf", "encrypted.pdf"):
        shutil.copy(SAMPLES / name, folder)
    return folder


def command(archive: Path, *options: str) -> list[str]:
    """A run of the command line over the archive."""
    out = str(archive.parent / "out")
    return [sys.executable, "-m", "cli", "run", str(archive), "--out", out, "--ocr", "never", *options]


def test_a_terminal_gets_a_bar_with_files_rate_labels_and_failures(archive: Path) -> None:
    leader, follower = pty.openpty()
    size = {"COLUMNS": "200", "LINES": "50", "TERM": "xterm-256color"}
    run = subprocess.Popen(command(archive), stderr=follower, stdout=subprocess.PIPE, env={**os.environ, **size})
    os.close(follower)
    seen = bytearray()
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # what Linux says when the other end is closed
            break
        if not piece:
            break
        seen += piece
    table = run.communicate()[0].decode()
    os.close(leader)
    bar = seen.decode(errors="replace")
    assert run.returncode == 0
    for part in ("reading", "4/4", "1 mass_collection", "1 failed"):
        assert part in bar, part
    assert "read 3" in table
    assert "encrypted.pdf" in table


def test_without_a_terminal_plain_lines_tell_the_same(archive: Path) -> None:
    done = subprocess.run(command(archive), capture_output=True, text=True, check=True)
    assert "read 4 of 4: 1 mass_collection" in done.stderr
    assert "1 failed" in done.stderr
    assert "\x1b" not in done.stderr + done.stdout


def test_quiet_says_nothing(archive: Path) -> None:
    done = subprocess.run(command(archive, "--quiet"), capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
    assert (archive.parent / "out/records.jsonl").stat().st_size
