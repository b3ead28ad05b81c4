"""A run over real files: every file gives a record or a reasoned failure, and nothing is read twice."""

import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from filelock import FileLock
from typer.testing import CliRunner, Result

from cli import app
from pipeline.batch import local
from pipeline.batch.planner import Task, files_under
from pipeline.batch.worker import Work
from pipeline.paths import CORPORA
from pipeline.records import Failure, Source, read_records, schema
from pipeline.review.pictures import Wanted, roots_of
from pipeline.review.pictures import bytes_of as page_of

SAMPLES = CORPORA / "samples"
ROOT = os.geteuid() == 0


def xueyang(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run directory of the sample archive, with an empty file and one that is no PDF added."""
    archive = tmp_path_factory.mktemp("archive")
    for file in SAMPLES.glob("*.pdf"):
        shutil.copy(file, archive)
    (archive / "empty.pdf").write_bytes(b"")
    (archive / "page.pdf").write_text("<html><body>采集血样</body></html>", encoding="utf-8")
    out = tmp_path_factory.mktemp("out") / "run"
    result = xueyang("run", archive, "--out", out, "--ocr", "never")
    assert result.exit_code == 0, result.output
    assert "What was found" in result.stdout
    (out / "archive.txt").write_text(str(archive))
    return out


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_every_file_gives_a_record_or_a_failure(demo: Path) -> None:
    archive = Path((demo / "archive.txt").read_text())
    records, failures = lines(demo / "records.jsonl"), lines(demo / "failures.jsonl")
    paths = [r["source"]["path"] for r in records]
    assert paths == sorted(paths)
    assert sorted(paths + [f["path"] for f in failures]) == sorted(f.name for f in archive.iterdir())
    for record in records:
        jsonschema.validate(record, schema())
    told = json.loads((demo / "run.json").read_text())
    assert told["files"]["failed"] == len(failures)
    assert {r["classification"]["model"] for r in records} == {told["model"]}


def test_failures_say_why(demo: Path) -> None:
    reasons = {f["path"]: f["reason"] for f in lines(demo / "failures.jsonl")}
    assert reasons["empty.pdf"] == "empty"
    assert reasons["page.pdf"] == "no_text"
    assert {"encrypted", "no_text"} <= set(reasons.values())
    assert all(f["message"] for f in lines(demo / "failures.jsonl"))


def test_facts_quote_the_text_and_stand_on_a_page(demo: Path) -> None:
    found = 0
    for record in read_records(demo / "records.jsonl"):
        text = record.document.text
        for fact in (*record.counts, *record.places, *record.justifications, *record.classification.evidence):
            if fact.start is not None and fact.end is not None:
                assert text[fact.start : fact.end] == fact.text
                assert fact.page is not None
                assert fact.boxes
                assert all(x0 < x1 and top < bottom for x0, top, x1, bottom in fact.boxes)
                found += 1
    assert found > 20


def test_the_samples_show_all_five_labels(demo: Path) -> None:
    labels = {r.classification.label for r in read_records(demo / "records.jsonl")}
    assert labels == {"mass_collection", "health_screening", "casework", "research", "other"}


def test_a_second_run_reads_only_what_changed(demo: Path, tmp_path: Path) -> None:
    archive, out = tmp_path / "archive", tmp_path / "run"
    shutil.copytree(Path((demo / "archive.txt").read_text()), archive)
    shutil.copytree(demo, out)
    before = (out / "records.jsonl").read_bytes()
    assert xueyang("run", archive, "--out", out, "--ocr", "never").exit_code == 0
    unchanged = json.loads((out / "run.json").read_text())["files"]
    assert unchanged["read"] == 0
    assert (out / "records.jsonl").read_bytes() == before

    sample = next(SAMPLES.glob("F0*.pdf"))
    (archive / "new.pdf").write_bytes(sample.read_bytes())
    assert xueyang("run", archive, "--out", out, "--ocr", "never").exit_code == 0
    assert json.loads((out / "run.json").read_text())["files"]["read"] == 1
    copies = [r.cluster for r in read_records(out / "records.jsonl") if r.source.path in {"new.pdf", sample.name}]
    assert len(copies) == 2
    assert len(set(copies)) == 1


def test_a_file_keeps_its_name_and_record_whichever_folder_is_given(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for folder, sample in (("y20", "C15.pdf"), ("y21", "D29.pdf"), ("y21/more", "D42.pdf"), ("new", "A01.pdf")):
        (tmp_path / folder).mkdir()
        shutil.copy(SAMPLES / sample, tmp_path / folder / "post.pdf")

    def after(*folders: str) -> list[str]:
        paths = [tmp_path / folder for folder in folders]
        assert xueyang("run", *paths, "--out", out, "--ocr", "never", "--quiet").exit_code == 0
        return sorted(record["source"]["path"] for record in lines(out / "records.jsonl"))

    both = ["more/post.pdf", "post.pdf", "y21/post.pdf"]
    assert after("y20", "y21") == both
    assert after("y21") == after("y20") == after("y21/more") == both
    assert json.loads((out / "run.json").read_text("utf-8"))["files"]["skipped"] == 1
    shutil.move(tmp_path / "y20", tmp_path / "elsewhere")
    four = sorted([*both, "new/post.pdf"])
    assert after("new") == after("elsewhere") == four
    assert json.loads((out / "run.json").read_text("utf-8"))["files"]["skipped"] == 1


def test_names_in_gbk_are_readable_and_stay_apart(tmp_path: Path) -> None:
    archive, out = tmp_path / "archive", tmp_path / "out"
    folder = os.fsencode(archive) + "/拉萨".encode("gbk")
    os.makedirs(folder)
    for sample, raw in (("C15", "血样.pdf".encode()), ("D29", "血样.pdf".encode("gbk")), ("D42", b"a\xff.pdf")):
        shutil.copy(SAMPLES / f"{sample}.pdf", os.fsdecode(os.path.join(folder, raw)))
    names = ["archive/拉萨/血样.pdf", "拉萨/a\ufffd.pdf", "拉萨/血样.pdf"]
    for given, read in ((archive, 3), (Path(os.fsdecode(folder)), 0)):
        result = xueyang("run", given, "--out", out, "--ocr", "never", "--log", tmp_path / "log")
        assert result.exit_code == 0, result.output
        assert [record["source"]["path"] for record in lines(out / "records.jsonl")] == names
        told = json.loads((out / "run.json").read_text("utf-8"))
        assert told["files"]["read"] == read
        assert str(given) in told["roots"]
        for record in lines(out / "records.jsonl"):  # the review page finds each by the name that is shown
            wanted = Wanted.of(Source.model_validate(record["source"]), roots_of(out, None))
            assert hashlib.sha256(page_of(wanted)).hexdigest() == record["id"]
    shown = xueyang("show", os.fsdecode(os.path.join(folder, "血样.pdf".encode("gbk"))), "--json")
    assert json.loads(shown.stdout)["source"]["path"] == "血样.pdf"


def test_one_document_has_the_time_that_a_run_gives_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "long.txt"
    path.write_text("".join(f"{n}村采集DNA血样{n}份。\n" for n in range(40_000)), "utf-8")
    monkeypatch.setattr(local, "SECONDS_A_FILE", 1)
    result = xueyang("show", path)
    assert result.exit_code == 1
    assert "long.txt: not read within 1 seconds; split it (reason: too_slow)" in result.stderr


def test_paths_that_overlap_are_read_once(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    (archive / "sub").mkdir(parents=True)
    for name in ("C15.pdf", "sub/D29.pdf"):
        shutil.copy(SAMPLES / Path(name).name, archive / name)
    (tmp_path / "link").symlink_to(archive)
    given = [archive / "sub/D29.pdf", tmp_path / "link/sub", archive, archive]
    assert list(files_under(given)) == ["C15.pdf", "sub/D29.pdf"]


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """An archive with a folder that may not be entered, a link that leads nowhere, a pipe, and one post."""
    archive = tmp_path / "archive"
    (archive / "closed").mkdir(parents=True)
    shutil.copy(SAMPLES / "C15.pdf", archive)
    shutil.copy(SAMPLES / "D29.pdf", archive / "closed")
    (archive / "dead.pdf").symlink_to("gone.pdf")
    os.mkfifo(archive / "pipe.pdf")
    (archive / "closed").chmod(0)
    yield archive
    (archive / "closed").chmod(0o700)


def bound(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The program, run as somebody whom the permissions of files bind, which is not root."""

    def give_up_root() -> None:
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP

    command = [sys.executable, "-m", "cli", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, preexec_fn=give_up_root if ROOT else None
    )


def test_what_cannot_be_read_is_a_failure_and_no_gap(closed: Path, tmp_path: Path) -> None:
    out, only = tmp_path / "out", tmp_path / "only"
    assert bound("run", closed, "--out", out, "--ocr", "never").returncode == 0
    assert [record["source"]["path"] for record in lines(out / "records.jsonl")] == ["C15.pdf"]
    failures = {f["path"]: (f["reason"], f["message"]) for f in lines(out / "failures.jsonl")}
    for name, says in (("closed", "Permission denied"), ("dead.pdf", "leads nowhere"), ("pipe.pdf", "pipe")):
        assert failures[name][0] == "unreadable"
        assert says in failures[name][1]
    assert len(failures) == 3
    assert "failed 1" in bound("run", closed / "closed", "--out", only).stdout

    shown = bound("show", closed / "closed/D29.pdf")
    assert (shown.returncode, shown.stderr.count("\n")) == (1, 1)
    assert "Permission denied" in shown.stderr

    (closed / "closed").chmod(0o700)
    assert bound("run", closed, "--out", out, "--ocr", "never").returncode == 0
    assert "closed/D29.pdf" in [record["source"]["path"] for record in lines(out / "records.jsonl")]
    assert [f["path"] for f in lines(out / "failures.jsonl")] == ["dead.pdf", "pipe.pdf"]


def test_findings_that_may_not_be_written_are_exported(demo: Path, tmp_path: Path) -> None:
    kept, out = tmp_path / "kept", tmp_path / "documents.csv"
    shutil.copytree(demo, kept)
    kept.chmod(0o500)
    exported = bound("export", kept, "--format", "csv", "--out", out)
    reviewed = bound("review", kept, "--no-browser")
    kept.chmod(0o700)
    assert exported.returncode == 0, exported.stderr
    assert out.read_text("utf-8-sig").count("mass_collection") > 1
    assert (reviewed.returncode, reviewed.stderr.count("\n")) == (2, 1)
    assert {file.name for file in kept.iterdir()} == {file.name for file in demo.iterdir()}


def test_findings_are_no_evidence(demo: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    shutil.copytree(demo, archive / "findings of last year")
    shutil.copy(SAMPLES / "C15.pdf", archive)
    assert xueyang("run", archive, "--out", tmp_path / "out", "--quiet").exit_code == 0
    assert [record["source"]["path"] for record in lines(tmp_path / "out/records.jsonl")] == ["C15.pdf"]
    inside = xueyang("run", archive, "--out", archive)
    assert inside.exit_code == 1
    assert "give --out another folder" in inside.stderr
    assert not (archive / "run.json").exists()


def test_a_missing_path_is_wrong_usage(tmp_path: Path) -> None:
    result = xueyang("run", tmp_path / "nowhere", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "nowhere" in result.stderr


def test_two_runs_do_not_write_one_directory(tmp_path: Path) -> None:
    out = tmp_path / "run"
    out.mkdir()
    with FileLock(out / ".lock"):
        result = xueyang("run", SAMPLES, "--out", out)
    assert result.exit_code == 1
    assert "another run" in result.stderr


def test_show_prints_label_evidence_and_facts() -> None:
    result = xueyang("show", next(SAMPLES.glob("F04.pdf")))
    assert result.exit_code == 0
    assert "mass_collection" in result.stdout
    assert "2,490" in result.stdout


def test_show_says_why_a_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"")
    result = xueyang("show", tmp_path / "a.pdf")
    assert result.exit_code == 1
    assert "(reason: empty)" in result.stderr


def test_a_store_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    out = tmp_path / "run"
    out.mkdir()
    (out / "xueyang.db").write_bytes(b"no database " * 400)
    result = xueyang("run", SAMPLES / "F08.pdf", "--out", out)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "xueyang.db" in result.stderr
    assert (out / "xueyang.db").read_bytes() == b"no database " * 400
    for command in (("review", "--write"), ("review", "--no-browser")):
        result = xueyang(*command, out)
        assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
        assert "cannot read its records" in result.stderr


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("Police in Seni District took 300 blood samples for DNA tests in March.", "not_chinese"),
        ("སེ་ཉི་ཆུས་ཀྱི་ཉེན་རྟོག་པས་མི་སུམ་བརྒྱའི་ཁྲག་བླངས་པ་རེད།", "not_chinese"),
        ("成 公安3 性家族i 查9õ 建Ö服务采购项Å编号ò 资金ö实X六Á õ 采购ž3 性×传È为侦Î 案T", "unreadable_text"),
    ],
)
def test_what_is_hardly_chinese_is_marked_for_review(tmp_path: Path, text: str, warning: str) -> None:
    (tmp_path / "post.txt").write_text(text, "utf-8")
    record = json.loads(xueyang("show", tmp_path / "post.txt", "--json").stdout)
    assert record["warnings"] == [warning]
    assert record["classification"]["needs_review"]


def test_a_crashing_worker_costs_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "process", dies_on_one)
    tasks = deque(Task(f"{name}.pdf", tmp_path, "0" * 64) for name in ("a", "dies", "b"))
    outcomes = {task.path: outcome for task, (outcome,) in local.run(tasks, Work(), jobs=2)}
    assert len(outcomes) == 3
    assert all(isinstance(outcome, Failure) for outcome in outcomes.values())
    assert {path: outcome.reason for path, outcome in outcomes.items() if isinstance(outcome, Failure)} == {
        "a.pdf": "fine", "dies.pdf": "crashed", "b.pdf": "fine",
    }  # fmt: skip


def dies_on_one(task: Task, work: Work) -> tuple[Failure]:
    """Stands for a library that takes its process down."""
    if task.path == "dies.pdf":
        os._exit(11)
    return (Failure(path=task.path, sha256=task.sha256, reason="fine", message="stood in"),)
