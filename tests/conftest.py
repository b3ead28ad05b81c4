"""What several tests share."""

import json
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

CASES = Path(__file__).parent / "cases"


def cases(*names: str) -> list[Any]:
    """The cases of one JSON file under tests/cases, as pytest parameters named by what they are about."""
    path = CASES.joinpath(*names).with_suffix(".json")
    return [pytest.param(case, id=str(case.get("why", case))[:60]) for case in json.loads(path.read_text("utf-8"))]


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The trained pipeline, loaded as any spaCy user loads it."""
    import spacy

    from pipeline.paths import MODEL

    return spacy.load(MODEL)
