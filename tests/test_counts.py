"""Numbers, dates, and which numbers count DNA samples. Cases are data: add one without writing Python."""

from typing import Any

import pytest

from pipeline.language.context import Context
from pipeline.language.counts import find_counts
from pipeline.language.dates import find_dates
from pipeline.language.numerals import find_numerals
from pipeline.language.script import matching_copy
from tests.conftest import cases


@pytest.mark.parametrize("case", cases("numerals", "in_the_wild"))
def test_numerals(case: dict[str, Any]) -> None:
    text = f"共{case['text']}。" if case["text"][0] in "0123456789" else f"，{case['text']}。"
    found = find_numerals(matching_copy(text))
    assert [(n.value, n.upper, n.qualifier, n.unit, n.kind) for n in found] == [
        (case["value"], case["upper"], case["qualifier"], case["unit"], case["kind"])
    ]
    assert text[found[0].start : found[0].end] == case["quote"]


@pytest.mark.parametrize("case", cases("numerals", "negative"))
def test_no_numerals(case: dict[str, Any]) -> None:
    assert [n for n in find_numerals(matching_copy(case["text"])) if n.kind == "percent" or n.unit] == []


@pytest.mark.parametrize("case", cases("dates", "in_the_wild"))
def test_dates(case: dict[str, Any]) -> None:
    assert [date.iso for date in find_dates(case["text"], case["published"])] == case["dates"]


def counts(case: dict[str, Any]) -> list[dict[str, Any]]:
    found = find_counts(case["text"], Context(case.get("title", ""), "", case.get("published")))
    assert all(case["text"][c.start : c.end] == c.text for c in found)
    return [c.model_dump(include={"text", "kind", "value", "qualifier", "as_of", "upper"}) for c in found]


@pytest.mark.parametrize("case", cases("counts", "in_the_wild"))
def test_counts(case: dict[str, Any]) -> None:
    assert counts(case) == case["counts"]


@pytest.mark.parametrize("case", cases("counts", "negative"))
def test_no_counts(case: dict[str, Any]) -> None:
    assert counts(case) == []


@pytest.mark.parametrize("case", cases("counts", "known_failures"))
def test_known_failures_still_fail(case: dict[str, Any]) -> None:
    assert counts(case) != case["counts"], "it passes now: move it to in_the_wild"
