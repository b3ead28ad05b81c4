"""Reasons: the cases in tests/cases/justifications, the table, and the component."""

import csv
import json
from pathlib import Path
from typing import Any, get_args

import pytest
from spacy.vocab import Vocab

from pipeline.language.context import Context, prepare
from pipeline.language.label.cues import find_cues
from pipeline.language.phrases import compile_phrase
from pipeline.language.reasons.justifications import find_justifications, find_phrases
from pipeline.language.reasons.model import Justifications
from pipeline.language.reasons.vetoes import denied, said_of_other_work
from pipeline.language.script import matching_copy
from pipeline.language.tokenizer import JiebaTokenizer
from pipeline.paths import PHRASEBOOK
from pipeline.records import JustificationCode

CASES = Path(__file__).parent / "cases" / "justifications"
COLLECTION = "为维护社会稳定，派出所采集DNA血样。"


def cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case["why"]) for case in json.loads((CASES / f"{name}.json").read_text("utf-8"))]


def found(case: dict[str, Any]) -> list[tuple[str, str]]:
    """Code and quotation; of a quotation that holds the case's core words only those."""
    core = {reason["code"]: reason["text"] for reason in case["justifications"]}
    reasons = find_justifications(case["text"], Context(case.get("title", "")))
    for reason in reasons:
        quoted = reason.text if reason.start is not None else None
        assert quoted is None or case["text"][reason.start : reason.end] == quoted
        assert not set(reason.text) & set("。！？\n"), "a quotation stays in its sentence"
    return sorted((r.code, core.get(r.code, r.text) if core.get(r.code, r.text) in r.text else r.text) for r in reasons)


def expected(case: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted((reason["code"], reason["text"]) for reason in case["justifications"])


@pytest.mark.parametrize("case", cases("in_the_wild"))
def test_in_the_wild(case: dict[str, Any]) -> None:
    assert found(case) == expected(case)


@pytest.mark.parametrize("case", cases("negative"))
def test_negative(case: dict[str, Any]) -> None:
    assert found(case) == []


@pytest.mark.parametrize("case", cases("known_failures"))
def test_known_failures_still_fail(case: dict[str, Any]) -> None:
    assert found(case) != expected(case), "this works now: move it to in_the_wild.json or negative.json"


def test_offsets_quote_the_text_as_it_stands() -> None:
    text = "為維護社會穩定，派出所採集ＤＮＡ血樣。"
    (reason,) = find_justifications(text, Context())
    assert (reason.text, text[reason.start : reason.end]) == ("維護社會穩定", "維護社會穩定")


def test_cues_given_or_found_make_no_difference() -> None:
    cues = find_cues(matching_copy(COLLECTION))
    assert find_justifications(COLLECTION, Context(), cues) == find_justifications(COLLECTION, Context())


def test_the_table_is_well_formed() -> None:
    with (PHRASEBOOK / "justifications.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert set(rows[0]) == {"code", "phrase", "gloss_en", "note"}
    assert {row["code"] for row in rows} == set(get_args(JustificationCode))
    assert len({row["phrase"] for row in rows}) == len(rows)
    assert all(row["gloss_en"].strip() and row["note"] is not None for row in rows)
    for row in rows:
        assert compile_phrase(row["code"], row["phrase"]).anchors
        assert matching_copy(row["phrase"]) == row["phrase"], "phrases are matched in simplified characters"


@pytest.mark.parametrize(
    ("sentence", "piece", "expected"),
    [
        ("有网民称采血是为了维稳，县公安局否认。", "有网民称采血是为了维稳", True),
        ("采血不是为了破案，而是为了寻亲。", "采血不是为了破案", True),
        ("采血不是为了破案，而是为了寻亲。", "而是为了寻亲", False),
        ("采集血样，同时组织反恐演练2次，提升防控能力。", "同时组织反恐演练2次", True),
        ("采集血样，同时组织反恐演练2次，提升防控能力。", "提升防控能力", True),
        ("采集血样98份，提升防控能力。", "提升防控能力", False),
    ],
)
def test_pieces_that_the_model_takes_are_asked_for_vetoes(sentence: str, piece: str, expected: bool) -> None:
    start = sentence.index(piece)
    where = sentence, (0, len(sentence)), start, start + len(piece)
    assert (denied(*where) or said_of_other_work(*where)) is expected


@pytest.mark.parametrize("phrase", ["{gap}", "(打击)", "打击(犯罪"])
def test_a_phrase_that_nothing_anchors_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="phrase"):
        compile_phrase("crime_fighting", phrase)


def test_a_gap_ends_at_clause_punctuation() -> None:
    assert all("，" not in "打击，然后犯罪"[hit.start : hit.end] for hit in find_phrases("打击，然后犯罪"))


@pytest.mark.parametrize(
    ("scores", "codes"),
    [
        ({}, ["social_stability"]),
        ({"mass_collection": 0.9, "other": 0.1}, ["social_stability"]),
        ({"casework": 0.9, "other": 0.1}, ["social_stability"]),
        ({"mass_collection": 0.1, "health_screening": 0.9}, []),
    ],
)
def test_the_component_gives_nothing_under_another_label(scores: dict[str, float], codes: list[str]) -> None:
    doc = JiebaTokenizer(Vocab())(COLLECTION)
    prepare(doc, Context())
    doc.cats = scores
    doc = Justifications()(doc)
    assert [reason.code for reason in doc._.justifications] == codes
    assert [span.label_ for span in doc.spans["justifications"]] == codes
