"""Purchases told in sentences: goods with their numbers, and who bought from whom, in news and reports.

Works on a matching copy.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import regex

from pipeline.language.bodies import find_bodies
from pipeline.language.notices import any_of
from pipeline.language.script import matching_copy
from pipeline.language.yuan import ARABIC, Sum, arabic_value, as_number, find_sums, numeral_value
from pipeline.records import AmountKind, Procurement, PurchaseStatus

SENTENCE = regex.compile(r"[^。！？!?\n；]+")
UNIT = r"人份|张|支|盒|套|份|个|枚|台|包|箱|瓶|袋|根|部|批"
# In brackets behind goods or their number: what belongs to them.
ASIDE = r"(?:\s?[（(][^（）()\n]{1,40}[）)])"
# 八万五千份; one numeral alone (一台) is a phrase more often than a number.
HAN_NUMBER = r"[零〇一二两三四五六七八九十百千万]{2,}"
# Goods begin behind a mark, a verb, or the number of a list: 1.采血针, ②采血针; but 1.5万支. 200人份/盒×230盒 are 230.
ITEM = regex.compile(
    rf"(?<=[，。；、：:\s（(①-⑳]|采购|购置|购买|购进|订购|提供|拟购|及|和|各|\d[.．)）](?!\d)|元的)"
    rf"(?!采购|购[置买进]|订购|提供)(?<name>(?:(?!元的|拟购)[\p{{Han}}A-Za-z0-9\-]){{2,20}}?){ASIDE}?"
    rf"(?:\d+(?:{UNIT})[/／](?:{UNIT})[×xX*])?(?:约|共|各|不少于|[，,]?数量[为:：]?|计|[:：×])?\s?"
    rf"(?:(?<number>{ARABIC})(?<scale>万)?|(?<han>{HAN_NUMBER}))余?\s?(?<unit>{UNIT})(?![/／]\p{{Han}})"
)
# Between goods and the price of one: ，单价：, （每套.
TO_PRICE = regex.compile(
    rf"{ASIDE}?[\s，,、（(]*+(?<label>\p{{Han}}{{0,4}}单价(?:最高)?(?:限价)?)?(?:[为约是仅:：\s]|人民币)*+(?:每\p{{Han}}{{1,2}}[约为]?)?"
)
TO_TOTAL = regex.compile(r"[\s，,、（(]*+(?:总价|总额|合计|共计|小计|金额|计)[为约:：]?")
UNIT_PRICE = regex.compile(r"单价[为约:：]?$")
LONGEST_ASIDE = 60
# Goods, not samples: 采集血卡5000张 is no purchase.
GOODS = regex.compile(r"卡$|针$|试剂|盒$|耗材|仪$|拭子|信封$|磁珠|工作站|设备|系统$|管$|包$|箱$|剂$|平台$|服务$|套装$")
TAKEN = regex.compile(
    r"^.*(?:采集(?!卡|针|盒|包|仪|设备|耗材|套装|拭子|管|器|箱|袋)|已采|送检|入库|采得|退回|发放|领取|领用|上交)"
)
BUYS = regex.compile(r"采购|购置|购买|购进|订购|购入|购得|签订|签约|中标|成交|招标")
PRODUCT = regex.compile(
    rf"(?:采购|购置|购买|购进|订购|购入|购得)(?:了|的|到)?(?:一批|一套|一台|{ARABIC}(?:{UNIT}))?(?:单价(?:{ARABIC})元的)?"
    rf"(?<name>[\p{{Han}}A-Za-z0-9\-、“”]{{2,40}}?)"
    rf"(?={ARABIC}|{HAN_NUMBER}(?:{UNIT})|[，。；（(]|共|用于|合计|总价|项目|合同|$)"
)
WINS = regex.compile(
    r"[^，。；、]{0,6}?(?:以[^，。；]{1,24}?(?:元|价格)[^，。；]{0,8}?)?(?:成功|顺利|最终)?(?:中标|成交|中选|夺标|承接|承建|供货|供应|提供|独家)"
)
FROM = regex.compile(r"(?:由|向|从|自)(?:位于)?[\p{Han}]{0,6}$")
WITH = regex.compile(r"(?:与|和|同)[\p{Han}]{0,6}$")
SIGNS = regex.compile(r"[^。；]{0,20}?(?:签订|签约|签署|达成)")
LOSES = regex.compile(
    r"[^，。；]{0,16}?(?:未中标|落选|落标|未成交|参加投标|参与投标|递交|参与竞标|报名|质疑|投诉|报价最高)"
)
INTENDS = regex.compile(r"(?:拟|计划|将|准备|打算|建议|申请|需要|需|力争|预计)[^，。；]{0,10}$")
TENDERS = regex.compile(r"招标|询价|竞争性|公告")
KINDS: tuple[tuple[AmountKind, str], ...] = (
    ("budget", r"预算|限额"),
    ("ceiling", r"限价|控制价"),
    ("contract", r"合同"),
    ("award", r"中标|成交|中选"),
)


class Item(NamedTuple):
    """Goods named with their number: the name runs from start to name_end. `unit_price` in yuan, where told."""

    start: int
    name_end: int
    end: int
    quantity: Decimal
    unit: str
    unit_price: Decimal | None


def inline_items(copy: str) -> list[Item]:
    """Goods connected with DNA and their numbers in running text: 采血卡30,000张."""
    found: list[Item] = []
    for sentence in SENTENCE.finditer(copy):
        if not any_of("own").search(copy, *sentence.span()):
            continue
        for match in ITEM.finditer(copy, *sentence.span()):
            name = match["name"]
            if any_of("own").search(name) and GOODS.search(name) and not TAKEN.search(name):
                price = _unit_price(copy, match, sentence.end())
                start, name_end = match.span("name")
                found.append(Item(start, name_end, match.end("unit"), _quantity(match), match["unit"], price))
    return found


def _quantity(item: regex.Match[str]) -> Decimal:
    if item["han"]:
        return numeral_value(item["han"]) or Decimal(0)
    return arabic_value(item["number"], item["scale"] or "")


def _unit_price(copy: str, item: regex.Match[str], end: int) -> Decimal | None:
    """The price of one of the goods: behind their number, in the brackets before it, or right before their name.

    `end` is that of the sentence.
    """
    at = item.end()
    for one in find_sums(copy, at, min(end, at + LONGEST_ASIDE)):
        between = TO_PRICE.fullmatch(copy, at, one.start)
        if between and (between["label"] or one.each):
            return one.value
        if not TO_TOTAL.fullmatch(copy, at, one.start):
            break
        at = one.end
    start = item.start("name")
    before = [one for one in find_sums(copy, max(0, start - 20), start) if copy[one.end : start] == "的"]
    for one in (*find_sums(copy, item.end("name"), item.start("unit")), *before):
        if one.each or UNIT_PRICE.search(copy, max(0, one.start - 4), one.start):
            return one.value
    return None


def find_news(text: str, copy: str, publisher: str) -> tuple[Procurement, ...]:
    """Purchases by the police told in sentences: those with a price or a supplier, or with goods and their number."""
    found: list[Procurement] = []
    police = [(body.start, text[body.start : body.end]) for body in find_bodies(copy) if body.kind == "police"]
    for sentence in SENTENCE.finditer(copy):
        start, end = sentence.span()
        if not BUYS.search(copy, start, end) or not any_of("own").search(copy, start, end):
            continue
        before = [name for at, name in police if at < end]
        buyer = before[-1] if before else publisher if any_of("police").search(matching_copy(publisher)) else None
        buyer = buyer or (police[0][1] if police else None)
        if buyer:
            found += _told(text, copy, start, end, buyer)
    return tuple(found)


def _told(text: str, copy: str, start: int, end: int, buyer: str) -> list[Procurement]:
    """What one sentence tells."""
    supplier = _supplier(text, copy, start, end)
    named = next((m for m in PRODUCT.finditer(copy, start, end) if any_of("own").search(m["name"])), None)
    if named is None and supplier is None:
        return []
    verb = BUYS.search(copy, start, end)
    status: PurchaseStatus = "planned" if verb and INTENDS.search(copy, start, verb.start()) else "awarded"
    if TENDERS.search(copy, start, end) and not supplier:
        status = "tendered"
    product = text[named.start("name") : named.end("name")] if named else _product(text, copy, start, end, supplier)
    sums = [(_kind(copy, start, one), one) for one in find_sums(copy, start, end) if not one.each]
    # 检测仪一台及血卡四万张: the number of one kind is not that of all
    one_kind = named and not regex.search("[及和与、]", named["name"])
    quantity = next((i for i in inline_items(copy[start:end])), None) if one_kind else None
    facts: dict[str, object] = {
        "part": "whole",
        "status": status,
        "buyer": buyer,
        "supplier": supplier,
        "product": product,
    }
    if quantity is not None:
        facts |= {"quantity": as_number(quantity.quantity), "unit": quantity.unit}
        facts |= {"unit_price": as_number(quantity.unit_price)}
    found = [
        Procurement.model_validate(
            {**facts, "text": text[one.start : one.end], "start": one.start, "end": one.end,
             "amount": as_number(one.value), "amount_kind": kind}
        )
        for kind, one in sums
    ]  # fmt: skip
    if not found and (supplier or quantity):
        where = next((text.find(words, start, end) for words in (supplier, product) if words), -1)
        words = supplier or product or ""
        if where >= 0:
            facts |= {"text": words, "start": where, "end": where + len(words)}
            found = [Procurement.model_validate(facts)]
    return found


def _product(text: str, copy: str, start: int, end: int, supplier: str | None) -> str | None:
    at = text.find(supplier, start, end) if supplier else -1
    sold = range(at, at + len(supplier or "")) if at >= 0 else range(0)
    match = next((m for m in any_of("own").finditer(copy, start, end) if m.start() not in sold), None)
    if match is None:
        return None
    longer = regex.compile(r"[\p{Han}A-Za-z0-9\-]{0,14}?(?:项目|服务|试剂盒?|耗材|卡|系统|仪|设备)").match(
        copy, match.start(), end
    )
    return text[match.start() : longer.end() if longer else match.end()]


def _supplier(text: str, copy: str, start: int, end: int) -> str | None:
    """The company that sold, by the words around its name."""
    for body in find_bodies(copy[start:end]):
        if body.kind != "company":
            continue
        a, b = start + body.start, start + body.end
        if LOSES.match(copy, b, end):
            continue
        left = copy[max(start, a - 12) : a]
        if WINS.match(copy, b, end) or FROM.search(left) or (WITH.search(left) and SIGNS.match(copy, b, end)):
            return text[a:b]
    return None


def _kind(copy: str, start: int, one: Sum) -> AmountKind | None:
    """What the words before a sum in its clause call it; None where they do not tell."""
    left = copy[max(start, one.start - 16) : one.start]
    right = copy[one.end : one.end + 10]
    for kind, words in KINDS:
        if regex.search(words, left) or (kind == "award" and regex.search(words, right)):
            return kind
    return None
