"""What a person sees of a run: a bar in a terminal, plain lines elsewhere, nothing where nothing is wanted."""

import json
import os
import pty
import shutil
import subprocess
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

import pytest

from pipeline.batch.run import Summary
from pipeline.batch.screen import table
from pipeline.paths import GOLD
from tests.findings_records import post, run_directory

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
    assert "done 4 of 4: 1 mass_collection" in done.stderr
    assert "1 failed" in done.stderr
    assert "\x1b" not in done.stderr + done.stdout


def test_quiet_says_nothing(archive: Path) -> None:
    done = subprocess.run(command(archive, "--quiet"), capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
    assert (archive.parent / "out/records.jsonl").stat().st_size


def test_a_second_run_tells_failures_of_before_and_documents_inside_containers(archive: Path) -> None:
    with zipfile.ZipFile(archive / "posts.zip", "w") as container:
        for name in ("E02.pdf", "F04.pdf"):
            container.write(SAMPLES / name, name)
    first, second = (subprocess.run(command(archive), capture_output=True, text=True, check=True) for _ in range(2))
    assert "read 5 documents, unchanged 0 files, failed 1\n" in first.stdout
    assert (
        "read 0 documents, unchanged 5 files, failed 0 (1 failed in earlier runs: see failures.jsonl)" in second.stdout
    )
    for done in (first, second):
        assert "documents in ZIP files and web archives: 2, in 1 of them" in done.stdout


def test_names_give_the_terminal_no_orders(archive: Path) -> None:
    evil = "a\x1b]0;PWNED\x07\x1b[2J\u202e.txt"
    with zipfile.ZipFile(archive / "evil.zip", "w") as container:
        container.writestr(evil, (SAMPLES.parent / "gold/bulletins.jsonl").read_text("utf-8")[:900])
        container.writestr(f"{evil}2", "")
    (archive / "b\x1b[31m\n.pdf").write_bytes(b"")
    done = subprocess.run(command(archive), capture_output=True, text=True, check=True)
    shown = subprocess.run(
        [sys.executable, "-m", "cli", "show", archive / "evil.zip"], capture_output=True, text=True, check=False
    )
    assert "a␛]0;PWNED" in done.stdout
    assert "b␛[31m␊.pdf" in done.stdout
    assert "a␛]0;PWNED" in shown.stderr
    for told in (done.stdout, done.stderr, shown.stderr):
        assert not {"\x1b", "\x07", "\u202e"} & set(told)


def test_the_table_of_a_run_marks_doubtful_counts_and_says_what_the_mark_means(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "采集DNA血样312份、血样50份、血样70份。"
    scored = [{"text": f"{n}份", "value": n, "score": score} for n, score in ((312, 0.6), (50, 0.93), (70, None))]
    doubted = run_directory(tmp_path / "doubted", post(text, scored))
    table(Summary(1, 0, 0, doubted))
    told = capsys.readouterr().out
    assert "312份? (samples) 50份 (samples) 70份 (samples)" in told
    assert told.count("\n?: the program gives less than 80%") == 1
    sure = run_directory(tmp_path / "sure", post(text, scored[1:]))
    table(Summary(1, 0, 0, sure))
    assert "?" not in capsys.readouterr().out


def test_villages_of_a_township_are_told_apart_and_a_place_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = [("540126", "塔杰乡")] * 2
    table(Summary(1, 0, 0, run_directory(tmp_path / "a", post("采血样5份。", places=places, village="三村"))))
    assert capsys.readouterr().out.count("塔杰乡三村") == 1


def test_an_archive_without_files_says_so_and_shows_no_table(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    done = subprocess.run(command(tmp_path / "archive"), capture_output=True, text=True, check=True)
    assert done.stdout.startswith("no files to read under the paths given")
    assert "What was found" not in done.stdout


def test_training_tells_its_steps_once_each_and_nothing_where_quiet(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    by_label: dict[str, list[str]] = defaultdict(list)
    for line in (GOLD / "bulletins.jsonl").read_text("utf-8").splitlines():
        by_label[json.loads(line)["label"]].append(line)
    gold.write_text("\n".join(line for lines in by_label.values() for line in lines[:6]), "utf-8")
    train = [sys.executable, "-m", "cli", "train", str(gold), "--out", str(tmp_path / "model")]
    done = subprocess.run(train, capture_output=True, text=True, check=True)
    assert done.stderr.splitlines() == [
        "reading the annotated documents",
        "fitting, cross-validated",
        "reading what numbers count",
        "reading reasons",
        "reading groups",
        "reading places",
        "learning what numbers count",
        "learning reasons",
        "learning groups",
        "learning places",
        "writing the pipeline",
    ]
    assert done.stdout.startswith(f"trained on {6 * len(by_label)} documents")
    quiet = subprocess.run([*train, "--quiet"], capture_output=True, text=True, check=True)
    assert (quiet.stdout, quiet.stderr) == ("", "")
    assert (tmp_path / "model/config.cfg").is_file()
