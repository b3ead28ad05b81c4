"""Numbers of private persons do not leave the store; everything else does."""

import pytest

from pipeline.language.context import Context
from pipeline.language.counts import read_counts
from pipeline.privacy import mask, masked
from pipeline.records import Record
from tests.test_records import RECORD


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电话13812345678。", "电话138********。"),
        ("电话138 1234 5678。", "电话138 **** ****。"),
        ("身份证54212119900101123X号", "身份证542121************号"),
        ("１３８１２３４５６７８", "１３８********"),
        ("+8613812345678", "+86138********"),
        ("138·1234·5678，（138）12345678", "138·****·****，（138）********"),
        ("540102 19900101 1234", "540102 ******** ****"),
        ("540102900101123", "540102*********"),
        ("派出所电话0891-6312345", "派出所电话0891-6312345"),
        ("采集血样25055份，编号20210312000117", "采集血样25055份，编号20210312000117"),
    ],
)
def test_mask(text: str, expected: str) -> None:
    assert mask(text) == expected
    assert len(mask(text)) == len(text)


def test_names_are_masked_too() -> None:
    document = {**RECORD["document"], "publisher": "扎西13812345678的店"}
    bodies = [{"text": "商行", "name": "扎西13812345678商行", "kind": "company", "adcode": None, "role": "supplier"}]
    record = masked(Record.model_validate({**RECORD, "document": document, "organisations": bodies}))
    assert "12345678" not in record.model_dump_json()


def test_digits_of_a_telephone_count_no_samples() -> None:
    text = "采集DNA血样120份。采血点电话：138 0895 6666，0895 632 1234，联系人：扎西 139 1234 5678。"
    found, _ = read_counts(text, Context("DNA血样采集通告"), None, {"mass_collection": 1.0})
    assert [count.text for count in found] == ["120份"]


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
