"""The command line answers at once and says what to do."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app

HEAVY = ("spacy", "sklearn", "scipy", "numpy", "pypdfium2", "pdfplumber", "jieba", "sqlalchemy", "pydantic")


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, cli\ntry: cli.app(['--help'])\nexcept SystemExit: pass\n"
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "run" in done.stdout
    assert done.stdout.strip().endswith("[]")


def test_every_command_shows_an_example() -> None:
    for command in ("run", "show", "export", "train", "evaluate"):
        result = CliRunner().invoke(app, [command, "--help"])
        assert "Example: xueyang" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("show", "corpora/samples"), "a folder"),
        (("show", "corpora/samples/F04.pdf", "--page", "2"), "--page-image"),
        (("estimate", "--region", "540000"), "--region is of a run directory"),
        (("estimate", "--apart", "540100"), "--apart is of a run directory"),
        (("estimate", "--store", "postgresql://h/n"), "--store is of a run directory"),
        (("train", "--add", "nothere"), "nothere: no such file or folder"),
        (("train", "nothere.jsonl"), "nothere.jsonl: no such file or folder"),
        (("report", "nothere", "--out", "x.html"), "nothere: no such run directory"),
        (("report", "corpora", "--out", "x.html"), "no run directory"),
    ],
)
def test_wrong_usage_is_one_clear_line(arguments: tuple[str, ...], says: str) -> None:
    result = CliRunner().invoke(app, list(arguments))
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.output
    assert says in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("number", [3, 12])
def test_too_few_documents_to_train_on_are_one_clear_line(tmp_path: Path, number: int) -> None:
    lines = Path("corpora/gold/bulletins.jsonl").read_text("utf-8").splitlines()
    few = [json.dumps(json.loads(line) | {"label": "mass_collection"}) for line in lines[:number]]
    (tmp_path / "few.jsonl").write_text("\n".join(few), "utf-8")
    result = CliRunner().invoke(app, ["train", str(tmp_path / "few.jsonl"), "--out", str(tmp_path / "model")])
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.output
    assert "too few documents" in result.stderr
    assert not (tmp_path / "model").exists()


def test_a_folder_without_pages_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["evaluate", "--pages", str(tmp_path)])
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.output


def test_a_table_of_a_sliver_of_the_region_is_told_what_can_be_done_to_a_table(tmp_path: Path) -> None:
    counties = (("Lhorong County", 540329), ("Zhagyab County", 540325), ("Qushui County", 540124))
    rows = ["region,Tibet AR,540000,,3648100,,", *(f"rate,{name},{code},900,1000,," for name, code in counties)]
    table = tmp_path / "totals.csv"
    table.write_text("\n".join(["role,area,adcode,samples,population,percent,where", *rows]), "utf-8")
    told = CliRunner().invoke(app, ["estimate", "--inputs", str(table)]).stdout
    assert "no interval" in told, told
    assert "--region" not in told


def test_train_tells_what_it_overwrites() -> None:
    result = CliRunner().invoke(app, ["train", "--help"], env={"COLUMNS": "300"})
    assert "default: models/xueyang, in place of" in result.stdout


def test_an_interrupted_run_ends_as_shells_expect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.batch.run.run", interrupted)
    result = CliRunner().invoke(app, ["run", "corpora/samples", "--out", str(tmp_path / "run")])
    assert result.exit_code == 130
    assert "interrupted" in result.stderr
