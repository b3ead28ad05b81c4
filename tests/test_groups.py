"""Groups: the cases in tests/cases/groups, the table, and the component."""

import csv
import json
from pathlib import Path
from typing import Any, get_args

import pytest
from spacy.vocab import Vocab

from pipeline.language.context import Context, prepare
from pipeline.language.groups.groups import find_groups
from pipeline.language.groups.model import Groups
from pipeline.language.phrases import compile_phrase
from pipeline.language.script import matching_copy
from pipeline.language.tokenizer import JiebaTokenizer
from pipeline.paths import PHRASEBOOK
from pipeline.records import Group

CASES = Path(__file__).parent / "cases" / "groups"


def cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case["why"]) for case in json.loads((CASES / f"{name}.json").read_text("utf-8"))]


def found(case: dict[str, Any]) -> set[str]:
    return set(find_groups(case["text"], Context(case.get("title", ""))))


@pytest.mark.parametrize("case", cases("in_the_wild"))
def test_in_the_wild(case: dict[str, Any]) -> None:
    assert found(case) == set(case["groups"])


@pytest.mark.parametrize("case", cases("negative"))
def test_negative(case: dict[str, Any]) -> None:
    assert found(case) == set()


@pytest.mark.parametrize("case", cases("known_failures"))
def test_known_failures_still_fail(case: dict[str, Any]) -> None:
    assert found(case) != set(case["groups"]), "this works now: move it to in_the_wild.json or negative.json"


def test_the_table_is_well_formed() -> None:
    with (PHRASEBOOK / "groups.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert set(rows[0]) == {"code", "phrase", "gloss_en", "note"}
    assert {row["code"] for row in rows} == set(get_args(Group))
    assert len({(row["code"], row["phrase"]) for row in rows}) == len(rows)
    assert all(row["gloss_en"].strip() and row["note"] is not None for row in rows)
    assert {row["note"] for row in rows if row["code"] == "residents"} == {"strong", "weak", "whole"}
    for row in rows:
        assert compile_phrase(row["code"], row["phrase"]).anchors
        assert matching_copy(row["phrase"]) == row["phrase"], "phrases are matched in simplified characters"


@pytest.mark.parametrize(("label", "groups"), [("mass_collection", ("herders",)), ("health_screening", ())])
def test_the_component_gives_nothing_under_another_label(label: str, groups: tuple[str, ...]) -> None:
    doc = JiebaTokenizer(Vocab())("民警为牧民采集DNA血样。")
    prepare(doc, Context())
    doc.cats = {label: 1.0}
    assert Groups()(doc)._.groups == groups
