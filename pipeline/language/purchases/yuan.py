"""Sums of money as Chinese notices write them, in yuan, reckoned in decimals so that no fen is lost.

12万元, 1,234,567.00元, ￥95.6万, 人民币壹佰贰拾万元整, 三十万元, 1.2亿元. Works on a matching copy.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import regex

from pipeline.language.counts.numerals import MYRIADS
from pipeline.patterns import Pattern

# Both scripts of Chinese numerals: the plain one and the one for documents of value (matching copies are simplified).
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
DIGITS |= {"〇": 0, "两": 2, "贰": 2, "弍": 2, "叄": 3, "参": 3, "陸": 6}
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
SCALES = {"": 1, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}

ARABIC = r"\d{1,3}(?:[,，]\d{3})++(?:\.\d++)?|\d{1,3}(?: \d{3})++(?:\.\d++)?(?!\d)|\d++(?:\.\d++)?"
NUMERAL = r"[零〇一二三四五六七八九两壹贰叁肆伍陆柒捌玖弍叄参十拾百佰千仟万亿]"
SUM = Pattern(
    rf"(?:人民币|RMB|CNY)?\s*(?:[（(]?大写[）)]?[:：]?\s*)?(?<sign>[￥¥]\s*)?"
    # 43.2000000（万元）: the state's own forms print the unit in brackets
    rf"(?:(?<number>{ARABIC})(?:\s?[（(](?<scale>[十百千]?万|亿|[百千])?(?<yuan>元)[）)]"
    rf"|\s?[余多]?(?<scale>[十百千]?万|亿|[百千])?[余多]?\s?(?<yuan>元|圆)?)"
    rf"|(?<han>{NUMERAL}++)(?:[余多](?<han_scale>[万亿])?)?[元圆](?:(?<jiao>{NUMERAL})角)?(?:零?(?<fen>{NUMERAL})分)?)"
    rf"(?:整|正)?(?:人民币)?"
)
# 58元/份, 每份58元: the price of one.
EACH_AFTER = Pattern(r"\s?(?:[/／]|每)\s?(?!年|月|期|季)[\p{Han}A-Za-z]|[一1]\s?[份张盒人支套]")
EACH_BEFORE = Pattern(r"(?:每(?:人份|[份张盒人支套个例管枚台次包箱瓶袋根部])\s?(?:约|按|为)?|单价[为约:：]?)$")
# No county spends a million millions: a longer run of digits is no sum, and tables of 64-bit numbers cannot hold it.
MOST = Decimal(10**12)
# A numeral of this many characters reaches far beyond that; longer ones would be reckoned with at length.
LONGEST_NUMERAL = 40
BARE = Pattern(rf"\s*(?:[￥¥]\s*)?(?<number>{ARABIC})(?:(?<scale>[十百千]?万|亿)(?!\p{{Han}}))?+(?![\d%％.])")


class Sum(NamedTuple):
    """A sum of money in yuan; `each` where it is the price of one."""

    start: int
    end: int
    value: Decimal
    each: bool
    in_words: bool  # written out in numerals, which prevails over figures


def find_sums(copy: str, start: int = 0, end: int | None = None) -> list[Sum]:
    """Every sum of money in a stretch of a matching copy, in order.

    >>> [str(s.value) for s in find_sums("预算95.6万元，成交价￥1,234,567.00，合同价壹佰贰拾万伍仟元整")]
    ['956000', '1234567.00', '1205000']
    """
    found = []
    for match in SUM.finditer(copy, start, len(copy) if end is None else end):
        value = believable(_value(match))
        if value is None:
            continue
        a = match.start() + len(match[0]) - len(match[0].lstrip())
        each = bool(EACH_AFTER.match(copy, match.end()) or EACH_BEFORE.search(copy, max(0, a - 6), a))
        found.append(Sum(a, match.end(), value, each, match["han"] is not None))
    return found


def believable(value: Decimal | None) -> Decimal | None:
    """The number, unless it is larger than any that a purchase tells.

    >>> believable(Decimal(480000)), believable(Decimal(10**24))
    (Decimal('480000'), None)
    """
    return value if value is not None and value <= MOST else None


def _value(match: regex.Match[str]) -> Decimal | None:
    if match["han"]:
        value = numeral_value(match["han"] + (match["han_scale"] or ""))
        if value is None:
            return None
        jiao, fen = DIGITS.get(match["jiao"] or "零", 0), DIGITS.get(match["fen"] or "零", 0)
        return value + Decimal(jiao) / 10 + Decimal(fen) / 100
    if not match["yuan"] and not match["sign"]:
        return None
    return arabic_value(match["number"], match["scale"] or "")


def arabic_value(number: str, scale: str = "") -> Decimal:
    """Digits with separators, times 万, 亿 and the like.

    >>> arabic_value("1,234.5", "万")
    Decimal('12345000')
    """
    value = Decimal(regex.sub(r"[,， ]", "", number)) * SCALES[scale]
    return value.to_integral_value() if scale and value == value.to_integral_value() else value


def numeral_value(text: str) -> Decimal | None:
    """壹佰贰拾万伍仟 → 1205000, 三十万 → 300000; None for what is no number.

    >>> numeral_value("柒佰贰拾肆万伍仟"), numeral_value("万")
    (Decimal('7245000'), None)
    """
    if len(text) > LONGEST_NUMERAL:
        return None
    total = section = 0
    digit: int | None = None
    seen = False
    for c in text:
        if c in DIGITS:
            digit, seen = DIGITS[c], True
        elif c in TENS:
            if digit is None and TENS[c] != 10:
                return None
            section, digit, seen = section + (1 if digit is None else digit) * TENS[c], None, True
        else:
            if not seen:
                return None
            below = section + (digit or 0)
            total = (total + below) * MYRIADS[c] if c == "亿" else total + below * MYRIADS[c]
            section, digit = 0, None
    return Decimal(total + section + (digit or 0)) if seen else None


def bare_number(copy: str, at: int, end: int) -> tuple[int, int, str, str | None] | None:
    """A number without 元 right at an offset, as in a cell under 金额（万元）: start, end, digits, scale (43.2万)."""
    match = BARE.match(copy, at, end)
    return (match.start("number"), match.end(), match["number"], match["scale"]) if match else None


def as_number(value: Decimal | None) -> int | float | None:
    """The number as JSON has it: whole yuan as an integer; None for one that is not believable."""
    if believable(value) is None or value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
