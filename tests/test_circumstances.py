"""Circumstances: the cases in tests/cases/circumstances, the table, and the component."""

import csv
from typing import Any, get_args

import pytest
from spacy.vocab import Vocab

from pipeline.language.circumstances.component import Circumstances, find_circumstances
from pipeline.language.context import Context, prepare
from pipeline.language.phrases import compile_phrase
from pipeline.language.script import matching_copy
from pipeline.language.tokenizer import JiebaTokenizer
from pipeline.paths import PHRASEBOOK
from pipeline.records import Aspect, CircumstanceCode
from tests.conftest import cases


def found(case: dict[str, Any]) -> dict[str, str]:
    facts = find_circumstances(case["text"], Context(case.get("title", "")))
    for fact in facts:
        assert case["text"][fact.start : fact.end] == fact.text
    assert len({fact.code for fact in facts}) == len(facts)
    return {fact.code: fact.text for fact in facts}


def expected(case: dict[str, Any]) -> dict[str, str]:
    return {fact["code"]: fact["text"] for fact in case["circumstances"]}


def right(case: dict[str, Any]) -> bool:
    """The same codes, each quoting what it should, give or take a word at either end."""
    got, want = found(case), expected(case)
    return set(got) == set(want) and all(want[code] in got[code] or got[code] in want[code] for code in got)


@pytest.mark.parametrize("case", cases("circumstances", "in_the_wild"))
def test_in_the_wild(case: dict[str, Any]) -> None:
    assert right(case), (found(case), expected(case))


@pytest.mark.parametrize("case", cases("circumstances", "negative"))
def test_negative(case: dict[str, Any]) -> None:
    assert found(case) == expected(case)


@pytest.mark.parametrize("case", cases("circumstances", "known_failures"))
def test_known_failures_still_fail(case: dict[str, Any]) -> None:
    assert not right(case), "this works now: move it to in_the_wild.json or negative.json"


def test_the_table_is_well_formed() -> None:
    with (PHRASEBOOK / "circumstances.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0]) == ["aspect", "code", "phrase", "gloss_en", "note"]
    assert {row["aspect"] for row in rows} == set(get_args(Aspect))
    assert {row["code"] for row in rows} == set(get_args(CircumstanceCode))
    assert len({(row["code"], row["phrase"]) for row in rows}) == len(rows)
    aspects = {(row["code"], row["aspect"]) for row in rows}
    assert len(aspects) == len({code for code, _ in aspects}), "a code has one aspect"
    for row in rows:
        assert compile_phrase(row["code"], row["phrase"]).anchors
        assert matching_copy(row["phrase"]) == row["phrase"], "phrases are matched in simplified characters"
        assert "{" not in row["phrase"].partition("[")[2].partition("]")[0], "no gap inside a choice"
        assert row["gloss_en"].strip()
    glossed = dict(csv.reader((PHRASEBOOK / "codes.csv").read_text("utf-8").splitlines()))
    assert set(glossed) >= {*get_args(CircumstanceCode), *get_args(Aspect)}


@pytest.mark.parametrize(("label", "codes"), [("mass_collection", ["home_visits"]), ("health_screening", [])])
def test_the_component_gives_nothing_under_another_label(label: str, codes: list[str]) -> None:
    doc = JiebaTokenizer(Vocab())("民警入户采集DNA血样。")
    prepare(doc, Context())
    doc.cats = {label: 1.0}
    assert [fact.code for fact in Circumstances()(doc)._.circumstances] == codes
    assert len(doc.spans["circumstances"]) == len(codes)
