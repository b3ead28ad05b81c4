"""The pipeline as spaCy users meet it."""

import csv
import gc
import json
import subprocess
import sys
import tomllib

import pytest
from spacy.language import Language

from pipeline.language.build import COMPONENTS
from pipeline.language.context import Context, make_doc
from pipeline.language.phrases import load_table
from pipeline.language.script import matching_copy
from pipeline.language.tokenizer import words
from pipeline.paths import PHRASEBOOK, ROOT
from pipeline.patterns import Pattern
from tests.conftest import CASES

TEXT = "為維護社會穩定，3月以來，察雅縣公安局在全縣開展DNA血樣採集工作，截至目前共採集２５０５５份。"


def test_the_trained_pipeline_loads_with_spacy_load(nlp: Language) -> None:
    assert tuple(nlp.pipe_names) == COMPONENTS
    assert nlp.lang == "zh"


def test_spacy_load_finds_every_component_without_an_import_of_ours() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(told["project"]["entry-points"]["spacy_factories"]) == set(COMPONENTS)


def test_spacys_command_line_is_loaded_only_when_asked_for() -> None:
    asked = "import pipeline.language.build, spacy, sys; print('typer' in sys.modules, callable(spacy.info))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.split() == ["False", "True"]


def test_words_of_several_rows_come_in_one_order_in_every_run() -> None:
    hits = load_table("groups").find("男人、男的、男丁、工友、矿工、租客、租户、房客、牧点、从业人员、外来务工")
    assert hits == sorted(hits, key=lambda hit: (hit.start, hit.end, hit.code, hit.note))


def test_components_write_to_the_doc(nlp: Language) -> None:
    doc = nlp(make_doc(nlp, TEXT, Context("", "平安察雅", "2017-03-20", "wechat_account")))
    assert doc.text == TEXT
    assert sum(doc.cats.values()) == pytest.approx(1)
    assert max(doc.cats, key=doc.cats.__getitem__) == "mass_collection"
    assert doc._.campaign == "tibet_population"
    assert [count.value for count in doc._.counts] == [25055]
    assert {place.adcode for place in doc._.places} == {"540325"}
    assert {reason.code for reason in doc._.justifications} == {"social_stability"}
    assert [span.text for span in doc.spans["justifications"]] == ["維護社會穩定"]
    assert doc._.evidence


def test_a_plain_call_works_without_context(nlp: Language) -> None:
    doc = nlp("今天天气很好，民警上街宣传反诈知识。")
    assert max(doc.cats, key=doc.cats.__getitem__) == "other"
    assert doc._.counts == ()


def test_an_empty_text_is_no_error(nlp: Language) -> None:
    assert nlp("").text == ""


def test_tokens_join_to_the_text_and_keep_numbers_whole() -> None:
    pieces = list(words(TEXT + "\n2,817份、42.5%"))
    assert "".join(pieces) == TEXT + "\n2,817份、42.5%"
    assert {"2,817", "42.5%", "DNA"} <= set(pieces)


def test_the_matching_copy_keeps_every_offset() -> None:
    copy = matching_copy(TEXT)
    assert len(copy) == len(TEXT)
    assert copy.startswith("为维护社会稳定，3月以来，察雅县公安局")
    assert "25055份" in copy


def test_the_cue_book_is_well_formed() -> None:
    with (PHRASEBOOK / "cues.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert all(row["code"] and row["phrase"] for row in rows)
    pairs = [(row["code"], row["phrase"]) for row in rows]
    assert len(pairs) == len(set(pairs))


def test_every_pattern_compiles() -> None:
    patterns = [thing for thing in gc.get_objects() if type(thing) is Pattern]
    assert len(patterns) > 500
    for pattern in patterns:
        pattern.search("")


FORMULAS = json.loads((CASES / "labels" / "formulas.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("formula", FORMULAS["formulas"])
def test_a_formula_of_the_authorities_changes_no_label(nlp: Language, formula: str) -> None:
    """None, or one for which the post is marked for review."""
    for case in FORMULAS["posts"]:
        for told in (f"按照“{formula}”的要求，{case['text']}", f"{case['text']}做到了{formula}。"):
            doc = nlp(make_doc(nlp, told, Context()))
            label = max(doc.cats, key=doc.cats.__getitem__)
            assert label == case["label"] or in_doubt(doc.cats), told


def in_doubt(scores: dict[str, float]) -> bool:
    """Whether no label has half of the probability: such a post is marked for review."""
    return max(scores.values()) < 0.5
