"""spaCy loaded without the part that nothing here uses: it takes a third of the time, in every process."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

COMMAND_LINE = ("spacy.cli", "spacy.cli.info")


def load_spacy() -> None:
    """Import spaCy without its command line, which loads web clients; that is imported when first asked for."""
    if "spacy" in sys.modules:
        return
    for name in COMMAND_LINE:
        sys.modules[name] = ModuleType(name)
    vars(sys.modules["spacy.cli.info"])["info"] = None
    try:
        spacy = importlib.import_module("spacy")
    finally:
        for name in COMMAND_LINE:
            del sys.modules[name]
    del vars(spacy)["info"]
    vars(spacy)["__getattr__"] = _later


def _later(name: str) -> Any:
    """`spacy.info` and `spacy.cli`, for those who use them beside this project."""
    if name not in {"info", "cli"}:
        raise AttributeError(f"module 'spacy' has no attribute {name!r}")
    commands = importlib.import_module("spacy.cli")
    return commands if name == "cli" else commands.info
