"""Purchases: the cases in tests/cases/procurements, sums of money, the table, and parties as organisations."""

import csv
from decimal import Decimal
from typing import Any

import pytest
from spacy.vocab import Vocab

from pipeline.exports.english import deeds, purchase_en
from pipeline.language.context import Context, prepare
from pipeline.language.organisations import Organisations
from pipeline.language.procurements import Procurements, find_procurements
from pipeline.language.script import matching_copy
from pipeline.language.tokenizer import JiebaTokenizer
from pipeline.language.yuan import find_sums, numeral_value
from pipeline.paths import PHRASEBOOK
from pipeline.records import Record
from tests.conftest import cases
from tests.test_records import RECORD

FIELDS = ("part", "lot", "status", "buyer", "supplier", "product", "quantity", "unit", "unit_price", "amount",
          "amount_kind")  # fmt: skip


def found(case: dict[str, Any]) -> list[dict[str, Any]]:
    facts = find_procurements(case["text"], Context(case["title"], case.get("publisher", "")))
    for fact in facts:
        assert fact.start is None or case["text"][fact.start : fact.end] == fact.text
    return sorted((fact.model_dump(include=set(FIELDS)) for fact in facts), key=str)


def expected(case: dict[str, Any]) -> list[dict[str, Any]]:
    return sorted(({name: fact[name] for name in sorted(FIELDS, key=list(found_order).index)} for fact in
                   case["procurements"]), key=str)  # fmt: skip


found_order = tuple(find_procurements("采购人：某县公安局", Context("DNA采购公告"))[0].model_dump(include=set(FIELDS)))


@pytest.mark.parametrize("case", cases("procurements", "in_the_wild"))
def test_in_the_wild(case: dict[str, Any]) -> None:
    assert found(case) == expected(case)


@pytest.mark.parametrize("case", cases("procurements", "negative"))
def test_negative(case: dict[str, Any]) -> None:
    assert found(case) == []


@pytest.mark.parametrize("case", cases("procurements", "known_failures"))
def test_known_failures_still_fail(case: dict[str, Any]) -> None:
    assert found(case) != expected(case), "this works now: move it to in_the_wild.json or negative.json"
