"""Purchases: the cases in tests/cases/procurements, sums of money, the table, and parties as organisations."""

import csv
from decimal import Decimal
from typing import Any

import pytest
from spacy.vocab import Vocab

from pipeline.exports.english import deeds, purchase_en
from pipeline.language.context import Context, prepare
from pipeline.language.organisations.component import Organisations
from pipeline.language.purchases.component import Procurements, find_procurements
from pipeline.language.purchases.yuan import find_sums, numeral_value
from pipeline.language.script import matching_copy
from pipeline.language.tokenizer import JiebaTokenizer
from pipeline.paths import PHRASEBOOK
from pipeline.records import Record
from tests.conftest import cases
from tests.growth import grows_in_proportion
from tests.test_records import RECORD

FIELDS = ("part", "lot", "status", "buyer", "supplier", "product", "quantity", "unit", "unit_price", "amount",
          "amount_kind")  # fmt: skip


def found(case: dict[str, Any]) -> list[dict[str, Any]]:
    facts = find_procurements(case["text"], Context(case["title"], case.get("publisher", "")))
    for fact in facts:
        assert fact.start is None or case["text"][fact.start : fact.end] == fact.text
    return sorted((fact.model_dump(include=set(FIELDS)) for fact in facts), key=in_order)


def in_order(fact: dict[str, Any]) -> str:
    return str([fact[name] for name in FIELDS])


def expected(case: dict[str, Any]) -> list[dict[str, Any]]:
    return sorted(case["procurements"], key=in_order)


@pytest.mark.parametrize("case", cases("procurements", "in_the_wild"))
def test_in_the_wild(case: dict[str, Any]) -> None:
    assert found(case) == expected(case)


@pytest.mark.parametrize("case", cases("procurements", "negative"))
def test_negative(case: dict[str, Any]) -> None:
    assert found(case) == []


@pytest.mark.parametrize("case", cases("procurements", "known_failures"))
def test_known_failures_still_fail(case: dict[str, Any]) -> None:
    assert found(case) != expected(case), "this works now: move it to in_the_wild.json or negative.json"


@pytest.mark.parametrize(
    ("words", "yuan"),
    [
        ("人民币壹佰贰拾万元整", "1200000"), ("95.6万元", "956000"), ("￥1,234,567.00", "1234567.00"),
        ("1.2亿元", "120000000"), ("三十余万元", "300000"), ("300多万元", "3000000"), ("58元", "58"),
        ("贰佰零叁万零伍拾元伍角", "2030050.5"), ("一百七十八萬元", "1780000"), ("1 476 000.00元", "1476000.00"),
        ("柒仟零捌元", "7008"), ("叁仟万元整", "30000000"), ("0.35元", "0.35"), ("壹亿贰仟万圆整", "120000000"),
    ],
)  # fmt: skip
def test_sums_in_every_form(words: str, yuan: str) -> None:
    (one,) = find_sums(matching_copy(words))
    assert one.value == Decimal(yuan)
    assert (one.start, one.end) == (0, len(words))


@pytest.mark.parametrize(
    "words", ["2.5万份", "万元", "12人", "二〇二一年", "第一包", "9" * 25 + "元", "玖" * 300 + "元"]
)
def test_what_is_no_sum(words: str) -> None:
    assert find_sums(words) == []


def test_numerals_are_exact_to_the_fen() -> None:
    assert find_sums("壹角")[:1] == []
    assert find_sums("玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分")[0].value == Decimal("99999999999.99")
    assert numeral_value("佰") is None


def test_the_table_is_well_formed() -> None:
    with (PHRASEBOOK / "procurement.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0]) == ["code", "phrase", "gloss_en", "note"]
    assert len({(row["code"], row["phrase"]) for row in rows}) == len(rows)
    assert all(row["gloss_en"].strip() for row in rows if row["code"] != "own")
    for row in rows:
        assert matching_copy(row["phrase"]) == row["phrase"]
    owners: dict[str, str] = {}
    for row in rows:
        if row["code"] in {"buyer", "supplier", "loser", "bidder", "agency", "product_label", "budget", "ceiling",
                           "award", "contract", "unit_price", "fee"}:  # fmt: skip
            assert owners.setdefault(row["phrase"], row["code"]) == row["code"], "a label has one meaning"


NOTICE = "采购人：察雅县公安局\n成交供应商：成都某生物科技有限公司\n代理机构：四川某招标公司\n成交金额：35.5万元"


@pytest.mark.parametrize(
    ("title", "form"),
    [
        ("巴青县公安局DNA血卡采购项目中标公告", "成交金额：{0}.5万元\n成交供应商：拉萨{0}商贸有限公司\n"),
        ("巴青县公安局DNA血卡采购项目中标公告", "第{0}包：中标金额：{0}.5万元\n"),
        ("巴青县公安局DNA血卡采购项目中标公告", "中标金额{0}元，中标供应商：拉萨{0}商贸有限公司，"),
        ("", "巴青县公安局采购DNA采血卡{0}张，花费{0}元。"),
        ("", "巴青县公安局采购DNA采血卡，花费{0}元，"),
    ],
)
def test_what_a_price_costs_does_not_grow_with_the_others(title: str, form: str) -> None:
    """8,000 of them took minutes while each price asked all suppliers."""

    def read(number: int) -> None:
        text = "采购人：巴青县公安局\n" * bool(title) + "".join(map(form.format, range(number)))
        assert find_procurements(text, Context(title, "巴青县公安局"))

    assert grows_in_proportion(read, 8000)


@pytest.mark.parametrize("label", ["other", "mass_collection", "casework"])
def test_parties_are_organisations_under_every_label(label: str) -> None:
    doc = JiebaTokenizer(Vocab())(NOTICE)
    prepare(doc, Context("DNA血样采集卡采购成交公告", "西藏政府采购网"))
    doc.cats = {label: 1.0}
    bodies = {body.name: body for body in Organisations()(Procurements()(doc))._.organisations}
    assert (bodies["察雅县公安局"].kind, bodies["察雅县公安局"].adcode) == ("police", "540325")
    assert bodies["察雅县公安局"].role == ("other" if label == "other" else "collector")
    supplier = bodies["成都某生物科技有限公司"]
    assert (supplier.kind, supplier.role) == ("company", "supplier")
    assert NOTICE[supplier.start : supplier.end] == supplier.name
    assert bodies.get("四川某招标公司") is None or bodies["四川某招标公司"].role == "other"


def test_english_says_who_sold_what_to_whom() -> None:
    doc = JiebaTokenizer(Vocab())(NOTICE)
    prepare(doc, Context("DNA血样采集卡采购成交公告"))
    doc = Organisations()(Procurements()(doc))
    record = Record.model_validate(
        {**RECORD, "organisations": doc._.organisations, "procurements": doc._.procurements, "counts": []}
    )
    supplier = next(body for body in record.organisations if body.role == "supplier")
    buyer = next(body for body in record.organisations if body.kind == "police")
    assert deeds(record, supplier) == [
        "supplied equipment or services",
        "sells DNA blood samples, blood cards to 察雅县公安局 for 355,000 yuan (price awarded)",
    ]
    assert any(said.startswith("bought") and "355,000 yuan" in said for said in deeds(record, buyer))
    assert purchase_en(record.procurements[0]).endswith("355,000 yuan (price awarded)")
