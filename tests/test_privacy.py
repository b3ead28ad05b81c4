"""Numbers of private persons do not leave the store; everything else does."""

from typing import Any

import pytest
from spacy.language import Language

from pipeline.language.context import Context, make_doc
from pipeline.language.counts.component import read_counts
from pipeline.privacy import mask, masked
from pipeline.records import Record
from tests.conftest import cases
from tests.growth import grows_in_proportion
from tests.test_records import RECORD


@pytest.mark.parametrize("case", cases("privacy", "masked"))
def test_mask(case: dict[str, Any]) -> None:
    assert mask(case["text"]) == case["masked"]
    assert len(case["masked"]) == len(case["text"])


@pytest.mark.parametrize("text", ["13 ", "138 8901\n", "5401 ", "一三八", "电话1388 901 2345，"])
def test_masking_takes_time_in_proportion(text: str) -> None:
    assert grows_in_proportion(lambda number: mask(text * number), 200_000)


def test_names_are_masked_too() -> None:
    document = {**RECORD["document"], "publisher": "扎西13812345678的店"}
    bodies = [{"text": "商行", "name": "扎西13812345678商行", "kind": "company", "adcode": None, "role": "supplier"}]
    record = masked(Record.model_validate({**RECORD, "document": document, "organisations": bodies}))
    assert "12345678" not in record.model_dump_json()


def test_digits_of_a_telephone_count_no_samples() -> None:
    text = "采集DNA血样120份。采血点电话：138 0895 6666，0895 632 1234，联系人：扎西 139 1234 5678。"
    found, _ = read_counts(text, Context("DNA血样采集通告"), None, {"mass_collection": 1.0})
    assert [count.text for count in found] == ["120份"]


@pytest.mark.parametrize(
    "number",
    ["手机138889 01234", "手机1388-901-2345", "身份证540126198503 120015", "护照E12345678", "采样车车牌藏A12345",
     "样本编号KY-12345", "银行卡6222 0212 3456 7890 123"],
)  # fmt: skip
def test_pieces_of_numbers_are_weighed_by_no_model(nlp: Language, number: str) -> None:
    text = f"2021年4月2日，色尼区公安局在全区采集DNA血样500份。{number}，采集对象为全区群众。"
    doc = nlp(make_doc(nlp, text, Context("色尼区公安局采集DNA血样公告", "平安色尼", "2021-04-02")))
    assert [count.text for count in doc._.counts] == ["500份"]


def test_a_masked_record_still_quotes_its_text() -> None:
    text = "电话13812345678，采集血样5份"
    document = {**RECORD["document"], "text": text}
    evidence = [{"text": text, "start": 0, "end": len(text), "page": 1, "boxes": [], "weight": 1.0}]
    at = text.index("5份")
    count = {**RECORD["counts"][0], "start": at, "end": at + 2}
    judged = {**RECORD["classification"], "evidence": evidence}
    record = masked(
        Record.model_validate({**RECORD, "document": document, "classification": judged, "counts": [count]})
    )
    assert "12345678" not in record.model_dump_json()
    for fact in (*record.counts, *record.classification.evidence):
        assert record.document.text[fact.start : fact.end] == fact.text
