"""The command line answers at once and says what to do."""

import subprocess
import sys

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
