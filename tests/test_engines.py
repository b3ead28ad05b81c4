"""Choosing an engine: what is missing or contradicts itself is one clear line."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from pipeline.paths import CORPORA

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
