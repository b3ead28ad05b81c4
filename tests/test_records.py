"""The record's form is a contract."""

import json
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError

from pipeline.paths import ROOT
from pipeline.records import Record, read_records, schema, write_lines

RECORD = {
    "id": "ab" * 32,
    "source": {
        "path": "a.pdf", "sha256": "ab" * 32, "bytes": 10, "media_type": "application/pdf", "pages": 1,
        "text_layer": "embedded", "archived_url": None, "archived_at": None,
    },
    "document": {
        "title": None, "publisher": "平安某县", "source_type": "wechat_account", "published": "2021-03",
        "script": "simplified", "text": "采集血样5份",
    },
    "classification": {
        "label": "mass_collection", "campaign": "unspecified", "scores": {"mass_collection": 1.0},
        "needs_review": False, "model": "m", "evidence": [],
    },
    "counts": [{
        "text": "5份", "kind": "samples", "value": 5, "upper": None, "qualifier": "exact", "place": None, "as_of": None,
        "start": 4, "end": 6, "page": 1, "boxes": [[1.0, 2.0, 3.0, 4.0]],
    }],
    "cluster": "ab" * 32,
}  # fmt: skip


def test_the_schema_in_the_repo_is_the_models_schema() -> None:
    kept = json.loads((ROOT / "docs" / "record.schema.json").read_text("utf-8"))
    assert kept == schema(), "run `make schema`"


def test_a_record_survives_writing_and_fits_the_schema(tmp_path: Path) -> None:
    record = Record.model_validate(RECORD)
    write_lines(tmp_path / "records.jsonl", [record])
    assert list(read_records(tmp_path / "records.jsonl")) == [record]
    jsonschema.validate(json.loads((tmp_path / "records.jsonl").read_text("utf-8")), schema())


def test_a_record_of_before_counts_had_scores_is_read(tmp_path: Path) -> None:
    assert "score" not in RECORD["counts"][0]
    (tmp_path / "records.jsonl").write_text(json.dumps(RECORD) + "\n", "utf-8")
    (record,) = read_records(tmp_path / "records.jsonl")
    assert [(count.score, count.doubtful) for count in record.counts] == [(None, False)]


@pytest.mark.parametrize("score", [-0.1, 1.1, "sure"])
def test_a_score_is_a_probability(score: float | str) -> None:
    with pytest.raises(ValidationError):
        Record.model_validate({**RECORD, "counts": [RECORD["counts"][0] | {"score": score}]})


@pytest.mark.parametrize(("field", "value"), [("label", "maybe"), ("campaign", "tibet")])
def test_codes_outside_the_guide_are_refused(field: str, value: str) -> None:
    wrong = {**RECORD, "classification": {**RECORD["classification"], field: value}}
    with pytest.raises(ValidationError):
        Record.model_validate(wrong)
