"""The labelled fields of a tender notice: buyer, supplier, agency, losers, name of the project, amounts, and lots.

Labels stand in `corpora/phrasebook/procurement.csv`. Works on a matching copy.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

import regex

from pipeline.language.purchases.changes import CHANGED, LEADS, is_old, old_stretches
from pipeline.language.purchases.units import LEAST, scale_of
from pipeline.language.purchases.yuan import Sum, arabic_value, bare_number, believable, find_sums
from pipeline.paths import PHRASEBOOK
from pipeline.patterns import Pattern

PARTIES = ("buyer", "supplier", "loser", "bidder", "agency", "product_label")
MONEY = ("budget", "ceiling", "award", "contract", "unit_price", "fee")
KINDS = ("budget", "ceiling", "award", "contract")
NUMERAL = "一二三四五六七八九十"
# 一、 （一） 1. 2、 before a label
LEAD = r"(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)]?[、.．]?\s*)?"
NAME = Pattern(
    r"[“《]?(?<name>[\p{Han}A-Za-z0-9·×&\-#＊*]{2,60}?(?:[（(][\p{Han}A-Za-z\-]{1,12}[）)][\p{Han}]{2,30})*)[”》]?"
    r"(?=[，。；;、：:（(\s|｜【]|$|地址|联系|电话|的评审)"
)
# The label of the next field, where tables and PDFs were flattened to one line: DNA检测 成交供应商：.
FIELD_BEHIND = r"\s\p{Han}{2,12}(?:[（(][^（）()\n]{1,12}[）)])?\s?[:：]"
TITLE_VALUE = Pattern(rf"[“《]?(?<name>[^，。；;\n\t]{{2,80}}?)[”》]?(?=[，。；;\n\t]|\s{{2}}|{FIELD_BEHIND}|$)")
BODY_END = Pattern(
    r"(?:局|厅|处|队|所|院|委|府|中心|公司|大学|学院|站|室|会|厂|店|行|部|科技|生物|基因|医疗|商贸|器械|集团)$"
)
NOT_A_NAME = Pattern(
    r"^(?:资格|须|应|无$|详见|见|不|必须|名称$|情况|提供|收取|支付|负责|公司$|本单位|我局$|我单位$|略$|若干)"
)
LONGEST_LEAD = 40  # characters before a label in which 更正为 may stand
LONGEST_LOT = 24  # characters of a lot's name and label before its sum
# Labels too short to be sure of behind other words.
SHORT = frozenset({"项目", "内容", "标的"})
HAN = Pattern(r"\p{Han}")
# 本项目第一包：, 成交公告 包1：: a lot may begin within a line where a colon stands behind its number.
BEFORE_LOT = (
    r"(?:(?<=[\s，,：:、）)])|(?<=本?(?:项目|次采购|次招标)|其中|分为|信息|如下|公告|结果))"
    r"(?=[^\s，。；;：:（(]{2,8}(?:[（(][^（）()\n]{2,40}[）)])?\s?[：:])"
)
LOT = Pattern(
    rf"(?:(?:(?<=[\n。；;])|^)\s*{LEAD}|{BEFORE_LOT})(?<lot>(?:第\s?[{NUMERAL}\d]{{1,3}}\s?(?:包|标段|标包|分包)|[A-Z\d]{{1,3}}\s?(?:包|标段|分包)|[{NUMERAL}]{{1,3}}(?:标段|分包|包(?=[:：（(]))"
    # 标段：Y-STR试剂盒: what the lot is, not what it is called
    rf"|(?<![{NUMERAL}\d])(?:包组?|标段|标包|分包|合同包|包号)\s?[:：]?\s?[A-Z\d{NUMERAL}]{{1,3}}(?![A-Za-z\-]))(?:\s?[（(][^（）()\n]{{2,40}}[）)])?)"
)
# A包：Y-STR血样检测服务3.8万人份; 第二包（图谱绘制服务）: what a lot is, behind its number.
OF_LOT = Pattern(
    r"\s*[:：]?\s*(?<name>[\p{Han}A-Za-z][\p{Han}A-Za-z\-、]{2,40}?)"
    r"(?=\s*(?:约|共)?\d|\s*[，,。；;（(\n]|\s(?!\s*(?:与|和|及|或))|\s*$)"
)
IN_BRACKETS = Pattern(r"[（(](?<name>[^（）()\n]{4,40})[）)]$")
GOODS = Pattern(r"(?:服务|设备|仪|试剂|耗材|系统|软件|平台|录入|绘制|建设|采购|项目|卡|盒|包)$")
LOTS_OF = Pattern(
    rf"(?<lots>(?:第?[A-Z\d{NUMERAL}]{{1,3}}[、,，和及])*第?[A-Z\d{NUMERAL}]{{1,3}})\s?(?:号?包|标段|分包|标包)的?$"
)
# 预算486万元，其中A包260万元，B包226万元: the lot right before its own sum.
BEFORE_SUM = Pattern(
    rf"(?:第?\s?[A-Z\d{NUMERAL}]{{1,3}}\s?号?(?:包|标段|分包|标包)|(?:包组?|标段|标包|分包|合同包)\s?[A-Z\d{NUMERAL}]{{1,3}})"
    r"(?:的?(?:预算|限价|中标|成交|合同)?(?:金额|价格?)?)[为是约:：\s]*(?:人民币|[¥￥])?$"
)
LOT_NAME = Pattern(rf"[A-Z\d]{{1,3}}|[{NUMERAL}]{{1,3}}")
LOTS_WITHIN = Pattern(r"(?<=元)[（(](?=[^（）()\n]{0,8}(?:包|标段))[^（）()\n]{1,80}[）)]")
CLAUSE_END = Pattern(r"[\n。；;]")
TOP_LEVEL = Pattern(r"(?:(?<=\n)|^)\s*[一二三四五六七八九十]{1,3}、")


class Field(NamedTuple):
    """A labelled name: what it is (buyer, supplier …), where the name stands, and the lots it is of."""

    code: str
    start: int
    end: int
    lots: tuple[str, ...]


class Price(NamedTuple):
    """A labelled sum: kind (budget, ceiling, award, contract, if told), where it stands, yuan, and its lot."""

    kind: str | None
    start: int
    end: int
    value: Decimal
    lot: str | None


@lru_cache(maxsize=1)
def words() -> Mapping[str, tuple[str, ...]]:
    """The phrases of the table by code, longest first."""
    found: dict[str, list[str]] = {}
    with (PHRASEBOOK / "procurement.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["code"], []).append(row["phrase"])
    return {code: tuple(sorted(phrases, key=len, reverse=True)) for code, phrases in found.items()}


@lru_cache(maxsize=64)
def any_of(*codes: str) -> regex.Pattern[str]:
    """A pattern of all phrases of these codes."""
    phrases = sorted({phrase for code in codes for phrase in words()[code]}, key=len, reverse=True)
    return regex.compile("|".join(map(regex.escape, phrases)), regex.IGNORECASE)


@lru_cache(maxsize=1)
def _code_of() -> Mapping[str, str]:
    return {phrase: code for code in (*PARTIES, *MONEY) for phrase in words()[code]}


@lru_cache(maxsize=1)
def _party_label() -> regex.Pattern[str]:
    labels, sold = any_of(*PARTIES).pattern, any_of("supplier").pattern
    # a label, whatever stands in brackets behind it, then a colon; or at the line's start a blank
    return regex.compile(
        rf"(?:(?<=[\n。；;])|^)\s*{LEAD}(?<first>{labels})(?:\s?[（(][^（）()\n]{{1,12}}[）)]){{0,2}}"
        rf"(?:\s*[:：]\s*|[ \t]+)"
        # ，供应商某某公司: in a list of lots nothing parts the two
        rf"|(?<=[，,])(?<bare>{sold})(?=(?!(?:为|须|应|报价|投标|提供))[^，。；;、:：的\n]{{2,30}}公司(?:[，。；;\s]|$))"
        rf"|(?<label>{labels})(?:\s?[（(][^（）()\n]{{1,12}}[）)]){{0,2}}\s*(?:[:：]|为(?=[\p{{Han}}]{{4}}))\s*"
    )


@lru_cache(maxsize=1)
def _money_label() -> regex.Pattern[str]:
    labels = any_of(*MONEY).pattern
    return regex.compile(rf"(?<label>{labels})(?<unit>(?:\s?[（(][^（）()\n]{{1,14}}[）)]|[/／]万元){{0,2}})")


def lots_at(copy: str) -> list[tuple[int, int, str]]:
    """Stretches that speak of one lot: start, end, name of the lot."""
    heads = list(LOT.finditer(copy))
    found = []
    for i, head in enumerate(heads):
        end = heads[i + 1].start() if i + 1 < len(heads) else len(copy)
        top = TOP_LEVEL.search(copy, head.end(), end)
        name = LOT_NAME.search(head["lot"])
        if name:
            found.append((head.start("lot"), top.start() if top else end, name[0]))
    return found


def lot_products(copy: str) -> dict[str, tuple[int, int]]:
    """Where goods or services stand behind the number of a lot, by its name.

    >>> lot_products("A包：DNA检测服务2万份，B包：中标金额3万元")
    {'A': (3, 10)}
    """
    found: dict[str, tuple[int, int]] = {}
    for head in LOT.finditer(copy):
        lot = LOT_NAME.search(head["lot"])
        match = IN_BRACKETS.search(copy, head.start("lot"), head.end()) or OF_LOT.match(copy, head.end())
        if lot is None or match is None or any_of(*PARTIES, *MONEY).match(match["name"]):
            continue
        if any_of("product").search(match["name"]) or GOODS.search(match["name"]):
            found.setdefault(lot[0], match.span("name"))
    return found


def lot_of(at: int, lots: Sequence[tuple[int, int, str]]) -> str | None:
    """The lot that a stretch around the offset speaks of. The stretches come in order, each ending before the next."""
    i = bisect_right(lots, at, key=lambda lot: lot[0]) - 1
    return lots[i][2] if i >= 0 and at < lots[i][1] else None


def find_fields(copy: str) -> list[Field]:
    """The labelled names, in order; a label with nothing usable behind it gives none."""
    lots, old, found = lots_at(copy), old_stretches(copy), []
    for match in _party_label().finditer(copy):
        group = next(name for name in ("first", "bare", "label") if match[name])
        label, colon = match[group], match[0].rstrip()[-1:] in ":：为"
        code = _code_of()[label]
        # 项目： alone; of 建设项目： it is but the end
        if label in SHORT and (not colon or HAN.search(copy, max(0, match.start(group) - 1), match.start(group))):
            continue
        value = (TITLE_VALUE if code == "product_label" else NAME).match(copy, match.end())
        if value is None or NOT_A_NAME.match(value["name"]):
            continue
        if code != "product_label" and not colon and not BODY_END.search(value["name"]):
            continue
        if code == "supplier" and is_old(match.end(), old):
            continue
        before = LOTS_OF.search(copy, max(0, match.start() - 20), match.start(group))
        own = lot_of(match.end(), lots)
        of = tuple(LOT_NAME.findall(before["lots"])) if before else (own,) if own else ()
        found.append(Field(code, value.start("name"), value.start("name") + len(value["name"].rstrip()), of))
    return found


def find_prices(copy: str) -> list[Price]:
    """The labelled sums that are the price of a purchase or a lot: no price of one, deposit, fee or losing offer."""
    lots, old = lots_at(copy), old_stretches(copy)
    found: list[Price] = []
    for kind, given in _labelled_sums(copy):
        if kind not in KINDS or given.each or CHANGED.match(copy, given.end) or is_old(given.start, old):
            continue
        lot = _own_lot(copy, given.start) or lot_of(given.start, lots)
        price = Price(kind, given.start, given.end, given.value, lot)
        last = found[-1] if found else None
        # 柒佰万元整（¥7,000,000）is one sum; where the two differ, the one in words holds.
        # Source: Ministry of Finance, order 87 of 2017, article 59.
        if last and last.kind == kind and last.lot == price.lot and given.start - last.end <= 12:
            if given.in_words:
                found[-1] = price
            continue
        found.append(price)
    return found


def _own_lot(copy: str, start: int) -> str | None:
    """The lot named right before a sum."""
    named = BEFORE_SUM.search(copy, max(0, start - LONGEST_LOT), start)
    name = LOT_NAME.search(named[0]) if named else None
    return name[0] if name else None


def _labelled_sums(copy: str) -> Iterator[tuple[str, Sum]]:
    """Each sum with the code of the nearest label before it in its clause."""
    labels = list(_money_label().finditer(copy))
    # rfind would search the whole text again for a mark that is not in it
    ends = [-1, *(mark.start() for mark in CLAUSE_END.finditer(copy))]
    for i, match in enumerate(labels):
        stop = min(labels[i + 1].start() if i + 1 < len(labels) else len(copy), match.end() + 90)
        line = copy.find("\n", match.end(), stop)
        stop = line if line >= 0 else stop
        # （其中A包：…，260万元；B包：…）: all that stands in the brackets
        closed = LOTS_WITHIN.search(copy, match.end(), stop)
        sentence = CLAUSE_END.search(copy, closed.end() if closed else match.end(), stop)
        stop = sentence.start() if sentence else stop
        code = _code_of()[match["label"]]
        if copy[max(0, match.start() - 2) : match.start()].endswith("单价"):
            code = "unit_price"
        # 原预算 has been changed; 中标金额的1.2% is a rate
        clause = ends[bisect_right(ends, match.start() - 1) - 1]
        told_old = copy.find("原", clause + 1, match.start())
        is_changed = told_old >= 0 and not LEADS.search(
            copy, max(told_old, match.start() - LONGEST_LEAD), match.start()
        )
        if copy.startswith("的", match.end()):
            continue
        if code in KINDS and any(
            _code_of()[m["label"]] == "fee" and m.start() > clause for m in labels[max(0, i - 3) : i]
        ):
            continue
        sums = find_sums(copy, match.end(), stop)
        if not sums:
            sums = list(_bare(copy, match, stop))
        # 原预算35万元，现调整为53万元: the new sum alone
        yield from ((code, one) for one in sums if not is_changed or LEADS.search(copy, match.end(), one.start))


def _bare(copy: str, label: regex.Match[str], stop: int) -> Iterator[Sum]:
    """A number behind 预算金额（万元）: or 成交金额: without a unit of its own."""
    colon = regex.compile(r"\s*[:：为]?\s*").match(copy, label.end(), stop)
    number = bare_number(copy, colon.end() if colon else label.end(), stop)
    if number is None:
        return
    start, end, digits, own = number
    unit = label["unit"]
    # without any unit only what cannot be a small number of anything
    if "元" not in unit and own is None and "." not in digits and len(regex.sub(r"\D", "", digits)) < 5:
        return
    if "%" in unit or "％" in unit:
        return
    each = "/" in unit.replace("/万元", "") or "每" in unit
    scale = own or scale_of(unit, None)
    value = believable(arabic_value(digits, scale or ""))
    if value is not None and (scale is not None or value >= LEAST):
        yield Sum(start, end, value, each, False)
