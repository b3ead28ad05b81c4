"""Numbers as Chinese posts write them: where they stand, what they are worth, and how exactly they are meant.

Works on a matching copy (simplified, half-width). Says nothing about what is counted: see `counts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import regex

from pipeline.records import Qualifier

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10_000, "亿": 100_000_000}
BEFORE: dict[str, Qualifier] = {
    "大约": "about", "大概": "about", "约": "about", "将近": "nearly", "接近": "nearly", "近": "nearly",
    "超过": "more_than", "突破": "more_than", "不少于": "more_than", "不低于": "more_than", "逾": "more_than",
    "超": "more_than", "≥": "more_than", "至少": "more_than", "不足": "less_than", "不到": "less_than",
}  # fmt: skip
AFTER: dict[str, Qualifier] = {
    "左右": "about",
    "上下": "about",
    "以上": "more_than",
    "多": "more_than",
    "以下": "less_than",
}

ARABIC = r"\d{1,3}(?:[,，]\d{3})++(?:\.\d++)?|\d{1,3}(?: \d{3})++(?![\d.])|\d++(?:\.\d++)?"
HAN = r"[零〇一二三四五六七八九两十百千万亿]++"
BARE = r"(?<=[近超逾约足到破上])[百千万]"
SCALE = r"(?:\s?[百千]?[万亿]|[百千](?=[余多份人]))"
ONE = rf"(?:(?:{ARABIC}){SCALE}?|{HAN})"
MIDDLE = r"[余多来几]"
UNIT = r"个人|人份|人次|份|人|名|例|枚|条|张|位|管"
NUMBER = regex.compile(
    rf"(?<before>{'|'.join(BEFORE)})?\s?"
    rf"(?:(?<percent_head>百分之)(?<percent_han>{HAN}(?:点{HAN})?|\d+(?:\.\d+)?)(?:(?:至|到|—|-|～|~)(?:百分之)?(?<percent_upper>{HAN}))?"
    rf"|(?<tenths>[一二两三四五六七八九])(?<tenths_rest>成(?<tenths_last>[一二三四五六七八九半])?(?<tenths_more>多)?)(?![为立员果功绩都效人])"
    rf"|(?<low>{ONE})(?<low_middle>{MIDDLE})?(?<low_unit>{UNIT}|[%‰])?"
    rf"(?:\s?(?:至|到|—|－|-|–|～|~)\s?(?<high>{ONE}))?"
    rf"(?<middle>{MIDDLE})?\s?(?<sign>[%‰])?)"
    rf"(?:\s?(?<unit>{UNIT}))?(?<after>左右|上下|以上|多(?=份|人))?"
)  # fmt: skip
ROUGH = regex.compile(r"([一二三四五六七八九])([二三四五六七八九])([十百千万]+)")
PLAIN_NUMBER = regex.compile(r"\d+(?:\.\d+)?")
HAN_NUMBER = regex.compile(HAN)
DIGITS_START = regex.compile(r"[\d,， ]+(?:\.\d+)?")
SEPARATORS = regex.compile(r"[,， ]")


@dataclass(frozen=True)
class Numeral:
    """A number in a text. `kind` is percent for %, 百分之 and 成; a range has both ends."""

    start: int
    end: int
    value: float
    upper: float | None
    qualifier: Qualifier
    unit: str
    kind: Literal["number", "percent"]
    digits: tuple[int, int]


def find_numerals(plain: str) -> list[Numeral]:
    """Every number of a matching copy, in order.

    >>> [(n.value, n.qualifier, n.unit) for n in find_numerals("近1.2万余份，八成五，80至100人")]
    [(12000, 'more_than', '份'), (85, 'exact', ''), (80, 'range', '人')]
    """
    return [numeral for match in NUMBER.finditer(plain) if (numeral := _numeral(match)) is not None]


def _numeral(m: regex.Match[str]) -> Numeral | None:
    upper: float | None = None
    kind: Literal["number", "percent"] = "number"
    if m["percent_head"]:
        value, kind = _fraction(m["percent_han"]), "percent"
        upper = _fraction(m["percent_upper"]) if m["percent_upper"] else None
    elif m["tenths"]:
        last = m["tenths_last"]
        value = DIGITS[m["tenths"]] * 10 + (5 if last == "半" else DIGITS.get(last or "零", 0))
        kind = "percent"
    else:
        low = m["low"]
        if m["sign"] == "‰" or m["low_unit"] == "‰":
            return None
        if "%" in (m["sign"], m["low_unit"]):
            kind = "percent"
        rough = _neighbours(low)
        if rough is not None:
            value, upper = rough
        else:
            parsed = to_number(low)
            if parsed is None:
                return None
            value = parsed
        if (m["high"] and m["low_unit"] != "%") or (m["high"] and m["sign"]):
            top = to_number(m["high"])
            if top is None:
                return None
            # 1.2至1.5万: the scale stands once, behind the upper end
            scale = MYRIADS.get(m["high"][-1], 1)
            if low[-1] not in MYRIADS and value * scale <= top:
                value *= scale
            upper = top if top > value else None
    start, end = m.span()
    while m.string[start] == " ":
        start += 1
    text = m.string[start:end]
    end = start + len(text.rstrip())
    unit = m["unit"] or (m["low_unit"] if m["low_unit"] not in (None, "%", "‰") else "") or ""
    return Numeral(
        start=start,
        end=end,
        value=_whole(value),
        upper=None if upper is None else _whole(upper),
        qualifier=_qualifier(m, upper),
        unit=unit,
        kind=kind,
        digits=m.span("low") if m["low"] else (start, end),
    )


def _qualifier(m: regex.Match[str], upper: float | None) -> Qualifier:
    if upper is not None and (m["high"] or m["percent_upper"]):
        return "range"
    if m["middle"] or m["low_middle"] or m["tenths_more"]:
        return "more_than"
    if m["after"]:
        return AFTER[m["after"]]
    if m["before"]:
        return BEFORE[m["before"]]
    return "range" if upper is not None else "exact"


def _neighbours(han: str) -> tuple[float, float] | None:
    """八九十 → 80 to 90, 三四百 → 300 to 400; None for anything else."""
    m = ROUGH.fullmatch(han)
    if not m or DIGITS[m[2]] != DIGITS[m[1]] + 1:
        return None
    scale = 1
    for c in m[3]:
        scale *= {**UNITS, **MYRIADS}[c]
    return DIGITS[m[1]] * scale, DIGITS[m[2]] * scale


def _fraction(text: str) -> float:
    if PLAIN_NUMBER.fullmatch(text):
        return float(text)
    whole, _, rest = text.partition("点")
    value = han_value(whole) or 0
    return float(f"{value:.0f}.{''.join(str(DIGITS[c]) for c in rest if c in DIGITS)}") if rest else value


def to_number(text: str) -> float | None:
    """A number without qualifier: digits with separators and 万 / 亿, or Chinese numerals; None for neither.

    >>> to_number("25,055"), to_number("2.5万"), to_number("两万五千"), to_number("三百八十")
    (25055.0, 25000.0, 25000.0, 380.0)
    """
    if HAN_NUMBER.fullmatch(text):
        return han_value(text)
    digits = DIGITS_START.match(text)
    if digits is None:
        return None
    value = float(SEPARATORS.sub("", digits[0]))
    for c in text[digits.end() :]:
        value *= {**UNITS, **MYRIADS}.get(c, 1)
    return round(value, 4)


def han_value(text: str) -> float | None:
    """三千二百 → 3200, 两万五 → 25000, 二〇二一 → 2021; None for no number (万千, 百)."""
    if text in UNITS or text in MYRIADS:  # 近百份, 上千人, 百分之百
        return float({**UNITS, **MYRIADS}[text])
    if all(c in DIGITS for c in text):
        return float("".join(str(DIGITS[c]) for c in text)) if len(text) > 1 else DIGITS[text]
    if "亿" in text[:-1]:
        high, _, low = text.partition("亿")
        parts = han_value(high), han_value(low)
        return None if parts[0] is None or parts[1] is None else parts[0] * MYRIADS["亿"] + parts[1]
    total, section, digit, last, seen = 0.0, 0.0, None, 1, False
    for c in text:
        if c in DIGITS:
            digit, seen = DIGITS[c], True
        elif c in UNITS:
            if digit is None and c != "十":
                return None
            section += (1 if digit is None else digit) * UNITS[c]
            digit, last, seen = None, UNITS[c], True
        else:
            if not seen:
                return None
            total = (total + section + (digit or 0)) * MYRIADS[c]
            section, digit, last = 0.0, None, MYRIADS[c]
    if digit:
        tail = last // 10 if last > 1 and "零" not in text and "〇" not in text and text[-2] in "百千万亿" else 1
        section += digit * max(tail, 1)
    return total + section


def _whole(value: float) -> float:
    return int(value) if float(value).is_integer() else round(value, 4)
