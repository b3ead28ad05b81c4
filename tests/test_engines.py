"""Engines: what is missing or contradicts itself is one clear line; what a file does to a worker costs that file."""

import os
import sys
import time
from collections import deque
from pathlib import Path
from unittest import mock

import pytest
from typer.testing import CliRunner

from cli import app
from pipeline.batch import local
from pipeline.batch.planner import Task
from pipeline.batch.worker import Outcome, Read, Work, process
from pipeline.paths import CORPORA
from pipeline.records import Failure

SAMPLE = CORPORA / "samples" / "F08.pdf"


def test_without_ray_one_line_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delitem(sys.modules, "pipeline.batch.ray_engine", raising=False)
    monkeypatch.delattr("pipeline.batch.ray_engine", raising=False)
    result = CliRunner().invoke(app, ["run", str(SAMPLE), "--out", str(tmp_path / "run"), "--engine", "ray"])
    assert result.exit_code == 1
    assert "xueyang[ray]" in result.stderr
    assert result.stderr.count("\n") == 1


def test_no_cluster_at_an_address_is_one_line(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="the Ray engine needs ray: pip install 'xueyang[ray]'")
    out = str(tmp_path / "run")
    result = CliRunner().invoke(
        app, ["run", str(SAMPLE), "--out", out, "--engine", "ray", "--address", "nonsense", "--quiet"]
    )
    assert result.exit_code == 1
    assert "no Ray cluster at nonsense" in result.stderr.splitlines()[-1]


def test_an_address_is_of_a_ray_cluster(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["run", str(SAMPLE), "--out", str(tmp_path / "run"), "--address", "10.0.0.1:6379"])
    assert result.exit_code == 2
    assert "--engine ray" in result.stderr


def test_a_file_that_hangs_or_eats_memory_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "process", misbehaves)
    monkeypatch.setattr(local, "SECONDS_A_FILE", 15)  # enough for the good file, on a busy machine too
    names = ("hangs.pdf", "eats.pdf", "dies.pdf", SAMPLE.name)
    queue = deque(Task(name, SAMPLE, None) for name in names)
    done = {task.path: outcomes for task, outcomes in local.run(queue, Work(ocr="never"), 2)}
    assert set(done) == set(names)
    reasons = {name: [o.reason for o in outcomes if isinstance(o, Failure)] for name, outcomes in done.items()}
    assert reasons == {"hangs.pdf": ["too_slow"], "eats.pdf": ["too_large"], "dies.pdf": ["crashed"], SAMPLE.name: []}
    (read,) = done[SAMPLE.name]
    assert isinstance(read, Read)


def misbehaves(task: Task, work: Work) -> tuple[Outcome, ...]:
    """What a hostile file can make of a worker, in a worker."""
    if task.path == "hangs.pdf":
        time.sleep(600)
    if task.path == "dies.pdf":
        os._exit(11)
    if task.path == "eats.pdf":
        with mock.patch("pipeline.batch.worker.record", side_effect=eats):
            return process(task, work)
    return process(task, work)


def eats(*_: object) -> None:
    bytearray(2 * local.MEMORY_A_WORKER)
