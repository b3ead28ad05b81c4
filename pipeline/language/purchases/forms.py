"""Goods in the fields of a form, each label with its value on a line of its own: 名称：采血卡 / 数量：6000张.

So award notices print what was bought. Works on a matching copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

import regex

from pipeline.language.notices import FIELD_BEHIND, words
from pipeline.language.purchases.news import Item
from pipeline.language.purchases.units import OF_GOODS
from pipeline.language.purchases.yuan import ARABIC, SCALES, arabic_value, believable, find_sums
from pipeline.patterns import Pattern

# A label, whatever stands in brackets behind it, and its colon; fields stand on lines of their own or behind a blank.
BEGINS = r"(?:(?<=[\n。；;，,、 \t.．）)])|^)"
ASIDE = r"(?:\s?[（(][^（）()\n]{1,12}[）)])?"
VALUE = rf"\s*[:：]\s*(?<name>[^，。；;\n\t:：]{{2,60}}?)(?=[，。；;\n\t]|{FIELD_BEHIND}|\s{{2}}|$)"
QUANTITY = Pattern(
    rf"{BEGINS}(?:采购|标的|供货|检[验测]|货物)?(?:数量|份数){ASIDE}\s*[:：]\s*(?:约|共)?"
    rf"(?<number>{ARABIC})(?<scale>万)?[ \t]?(?<unit>(?!单位|单价|预算|品牌|规格)[\p{{Han}}A-Za-z]{{0,4}})"
)
UNIT = Pattern(rf"{BEGINS}(?:计量)?单位\s*[:：]\s*(?<unit>\p{{Han}}{{1,4}})(?=[\s，。；;]|$)")
UNIT_PRICE = Pattern(rf"{BEGINS}(?:标的|货物|产品|中标|成交|最高|综合|含税)?单价(?:限价)?(?<aside>{ASIDE})\s*[:：]\s*")
BARE_PRICE = Pattern(rf"(?<number>{ARABIC})\s*(?=[\n，。；;]|$)")
# 2 Y-STR扩增试剂盒 品牌：某某 数量：60盒: a row of a list, its first field without a label.
ROW_NAME = Pattern(
    r"(?m:^)[ \t]*+(?:\d{1,2}[.、．]?[ \t]*+)?(?<name>[^\s，。；;:：\d][^\n，。；;\t:：]{1,40}?)"
    r"(?=[ \t]+(?:品牌|规格|型号|数量|单位)[^:：\n]{0,8}[:：])"
)
# A project is not the goods, but tells them: DNA采血卡采购项目.
PROJECT_END = Pattern(r"(?:采购|购置|项目|服务采购)+$")
# How far below its name the number of the goods may stand, and behind that the price of one.
LONGEST_FORM, LONGEST_PRICE = 160, 60


class Entry(NamedTuple):
    """Goods of a form, which end where the form does, and where their number stands with its unit."""

    goods: Item
    at: tuple[int, int]


@lru_cache(maxsize=1)
def _name() -> regex.Pattern[str]:
    labels = sorted({*words()["heading_name"], *words()["product_label"]}, key=len, reverse=True)
    return regex.compile(rf"{BEGINS}(?:{'|'.join(map(regex.escape, labels))}){VALUE}")


def form_goods(copy: str) -> Iterator[Entry]:
    """The goods that forms name together with their number.

    >>> form = "名称：采血卡" + chr(10) + "数量：2万张"
    >>> [(g.start, g.name_end, int(g.quantity), g.unit) for g, _ in form_goods(form)]
    [(3, 6, 20000, '张')]
    """
    if QUANTITY.search(copy) is None:
        return
    names = sorted([*_name().finditer(copy), *ROW_NAME.finditer(copy)], key=lambda m: m.start("name"))
    for i, name in enumerate(names):
        stop = names[i + 1].start() if i + 1 < len(names) else len(copy)
        told = QUANTITY.search(copy, name.end(), min(stop, name.end() + LONGEST_FORM))
        if told is None:
            continue
        number, unit = _how_many(copy, told, stop)
        if number is None:
            continue
        named = PROJECT_END.sub("", name["name"].rstrip()) or name["name"].rstrip()
        price, end = _price(copy, told.end("unit"), stop)
        start = name.start("name")
        goods = Item(start, start + len(named), end, number, unit or None, price)
        yield Entry(goods, (told.start("number"), told.end()))


def _how_many(copy: str, told: regex.Match[str], stop: int) -> tuple[Decimal | None, str]:
    """The number and its unit: right behind it, else in a field of its own."""
    number, unit = arabic_value(told["number"], told["scale"] or ""), told["unit"]
    if not unit and (field := UNIT.search(copy, told.end(), min(stop, told.end() + LONGEST_PRICE))):
        unit = field["unit"]
    many = OF_GOODS.fullmatch(unit)
    if many:
        number, unit = number * SCALES[many["scale"]], many["unit"]
    return believable(number), unit


def _price(copy: str, at: int, stop: int) -> tuple[Decimal | None, int]:
    """The price of one in the field behind the number, and where what is told ends."""
    label = UNIT_PRICE.search(copy, at, min(stop, at + LONGEST_PRICE))
    if label is None:
        return None, at
    line = copy.find("\n", label.end(), stop)
    sums = find_sums(copy, label.end(), line if line >= 0 else stop)
    if sums and sums[0].start == label.end():
        return sums[0].value, sums[0].end
    bare = BARE_PRICE.match(copy, label.end())
    if bare is None or "%" in label["aside"]:
        return None, at
    return believable(arabic_value(bare["number"], "万" if "万" in label["aside"] else "")), bare.end("number")
