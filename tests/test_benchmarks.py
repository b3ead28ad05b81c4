"""The benchmarks measure what they say they do; how fast things are is for `make benchmark` to tell, not for tests."""

import hashlib
import shutil
from pathlib import Path

import pytest

from benchmarks import archives
from benchmarks.stages import STAGES, by_stage
from benchmarks.usual import go_through
from benchmarks.whole_runs import measure, steady
from pipeline.batch.planner import Task
from pipeline.batch.worker import Read, Work, process
from pipeline.language.relevance import speaks_of_samples
from pipeline.language.script import matching_copy

NUMBER = 24


@pytest.fixture(scope="module")
def prints(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return archives.everyday(tmp_path_factory.mktemp("prints"), NUMBER)


def test_an_everyday_archive_speaks_of_samples_once_in_twenty(prints: list[Path]) -> None:
    about = []
    for file in prints:
        (read,) = process(Task(file.name, file, None), Work(ocr="never"))
        assert isinstance(read, Read)
        document = read.record.document
        assert len(document.text) > 40
        about.append(speaks_of_samples(matching_copy(document.text), matching_copy(document.title or "")))
    assert about[0]
    assert about[archives.EVERY]
    assert sum(about) <= 3  # one page is of another make and keeps its letters
    assert len({hashlib.sha256(file.read_bytes()).digest() for file in prints}) == NUMBER


def test_written_posts_differ(tmp_path: Path) -> None:
    files = archives.written(tmp_path, 30)
    texts = set()
    for file in files[:5]:
        (read,) = process(Task(file.name, file, None), Work(ocr="never"))
        assert isinstance(read, Read)
        texts.add(read.record.document.text)
    assert len(texts) == 5
    assert len({file.read_bytes() for file in files}) == 30


def test_every_stage_takes_time(prints: list[Path], tmp_path: Path) -> None:
    spent = by_stage(prints[:3], tmp_path / "out")
    assert list(spent) == list(STAGES)
    assert all(milliseconds > 0 for milliseconds in spent.values())
    assert spent["reading"] > spent["handing over"]


def test_the_usual_way_reads_the_same_files(prints: list[Path], tmp_path: Path) -> None:
    class Model:
        def predict(self, texts: list[str]) -> list[str]:
            return ["about blood" if "血" in text else "other" for text in texts]

    assert go_through(prints[:2], Model(), tmp_path / "usual.csv") == 2  # type: ignore[arg-type]
    assert (tmp_path / "usual.csv").read_text("utf-8").count("\n") == 3


def test_a_run_is_measured_with_all_its_processes(prints: list[Path], tmp_path: Path) -> None:
    (folder := tmp_path / "few").mkdir()
    for file in prints[:3]:
        shutil.copy(file, folder)
    run, bare = (measure(way, folder, tmp_path) for way in ("xueyang", "pdfium"))
    assert run["documents"] == bare["documents"] == 3
    assert run["processor_seconds"] > run["parent_processor_seconds"] > 0
    assert 0 < run["first_record"] <= run["last_record"] <= run["seconds"]
    assert steady(bare, bare["start"]) > 0
