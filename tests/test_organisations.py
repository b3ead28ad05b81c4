"""Organisations: the cases in tests/cases/organisations, the table, and the component."""

import csv
import json
from pathlib import Path
from typing import Any, get_args

import pytest
from spacy.vocab import Vocab

from pipeline.language.context import Context, prepare
from pipeline.language.organisations.component import Organisations, find_organisations, with_parties
from pipeline.language.purchases.component import find_procurements
from pipeline.language.script import matching_copy
from pipeline.language.tokenizer import JiebaTokenizer
from pipeline.paths import PHRASEBOOK
from pipeline.records import OrganisationKind, Place
from tests.growth import grows_in_proportion

CASES = Path(__file__).parent / "cases" / "organisations"
Body = tuple[str, str, str, str | None]


def cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case["why"]) for case in json.loads((CASES / f"{name}.json").read_text("utf-8"))]


def found(case: dict[str, Any]) -> set[Body]:
    context = Context(case.get("title", ""), case.get("publisher", ""))
    bodies = find_organisations(case["text"], context)
    for body in bodies:
        assert body.start is None or case["text"][body.start : body.end] == body.text
    return {(body.name, body.kind, body.role, body.adcode) for body in bodies}


def expected(case: dict[str, Any]) -> set[Body]:
    return {(body["name"], body["kind"], body["role"], body["adcode"]) for body in case["organisations"]}


@pytest.mark.parametrize("case", cases("in_the_wild"))
def test_in_the_wild(case: dict[str, Any]) -> None:
    assert found(case) == expected(case)


@pytest.mark.parametrize("case", cases("negative"))
def test_negative(case: dict[str, Any]) -> None:
    assert found(case) == set()


@pytest.mark.parametrize("case", cases("known_failures"))
def test_known_failures_still_fail(case: dict[str, Any]) -> None:
    assert found(case) != expected(case), "this works now: move it to in_the_wild.json or negative.json"


def test_the_publisher_alone_has_no_offsets() -> None:
    (body,) = find_organisations("今天采集血样120份。", Context("", "洛隆公安"))
    assert (body.text, body.start, body.end) == ("洛隆公安", None, None)


def test_places_found_before_tell_the_county_of_a_station() -> None:
    place = Place(text="吉塘镇", adcode="540325", name="西藏自治区昌都市察雅县", township="吉塘镇")
    (body,) = find_organisations("县公安局采集血样。", Context("", "西藏法治报"), places=(place,))
    assert body.adcode == "540325"


def test_what_a_name_costs_does_not_grow_with_the_others() -> None:
    def read(number: int) -> None:
        towns = [f"卡{i}乡" for i in range(number)]
        places = [Place(text=town, adcode="540325", name="西藏自治区昌都市察雅县", township=town) for town in towns]
        text = "".join(f"察雅县{town}派出所用Promega试剂采集DNA血样一份。" for town in towns)
        assert len(find_organisations(text, Context("", "察雅公安"), places=places)) > len(towns)

    assert grows_in_proportion(read, 8000)


def test_the_table_is_well_formed() -> None:
    with (PHRASEBOOK / "organisations.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert set(rows[0]) == {"code", "phrase", "gloss_en", "note"}
    assert {row["code"] for row in rows} == set(get_args(OrganisationKind)) - {"other"}
    assert len({row["phrase"] for row in rows}) == len(rows)
    assert all(row["gloss_en"].strip() and row["note"] is not None for row in rows)
    assert all(matching_copy(row["phrase"]) == row["phrase"] for row in rows)


@pytest.mark.parametrize(("label", "names"), [("mass_collection", ["察雅县公安局"]), ("health_screening", [])])
def test_the_component_gives_nothing_under_another_label(label: str, names: list[str]) -> None:
    doc = JiebaTokenizer(Vocab())("察雅县公安局采集DNA血样。")
    prepare(doc, Context())
    doc.cats = {label: 1.0}
    assert [body.name for body in Organisations()(doc)._.organisations] == names


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("马文军", set()),
        ("次旦卓嘎", set()),
        ("重庆中元", {"company"}),
        ("华大基因", {"company"}),
        ("某商店", {"company"}),
    ],
)
def test_a_private_person_who_sells_is_no_company(name: str, kinds: set[str]) -> None:
    text = f"甲方：丁青县公安局。乙方：{name}。标的：DNA采血卡2万张。合同金额：5万元。"
    context = Context("DNA采血卡合同公告")
    found = with_parties((), find_procurements(text, context), text, context, "other")
    assert {body.kind for body in found if body.role == "supplier"} == kinds
