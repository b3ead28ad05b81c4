"""spaCy loaded without the part that a run never uses and that takes a third of the time: every process pays for it."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

COMMAND_LINE = ("spacy.cli", "spacy.cli.info")


def load_spacy() -> None:
    """Import spaCy without its command line, which loads web clients; that can still be imported afterwards."""
    if "spacy" in sys.modules:
        return
    for name in COMMAND_LINE:
        sys.modules[name] = ModuleType(name)
    vars(sys.modules["spacy.cli.info"])["info"] = None
    try:
        importlib.import_module("spacy")
    finally:
        for name in COMMAND_LINE:
            del sys.modules[name]
