"""Numbers as Chinese posts write them: where they stand, what they are worth, and how exactly they are meant.

Works on a matching copy (simplified, half-width). Says nothing about what is counted: see `counts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import regex

from pipeline.patterns import Pattern
from pipeline.records import Qualifier

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
JOINED = {"廿": "二十", "卅": "三十", "单": "零"}
UNITS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10_000, "亿": 100_000_000}
BEFORE: dict[str, Qualifier] = {
    "大约": "about", "大概": "about", "约": "about", "将近": "nearly", "接近": "nearly", "近": "nearly",
    "超过": "more_than", "过": "more_than",
    "突破": "more_than", "不少于": "more_than", "不低于": "more_than", "过了": "more_than", "刚过": "more_than",
    "不得少于": "more_than", "不得低于": "more_than", "不能少于": "more_than", "不能低于": "more_than",
    "不应少于": "more_than", "不应低于": "more_than", "逾": "more_than",
    "超": "more_than", "≥": "more_than", "至少": "more_than", "超出": "more_than",
    "不下": "more_than", "不止": "more_than", "上": "more_than", "不超过": "less_than", "至多": "less_than",
    "不足": "less_than", "不到": "less_than",
    "未满": "less_than", "未达到": "less_than", "未达": "less_than", "未突破": "less_than", "未超过": "less_than",
    "少于": "less_than", "小": "nearly", "少说": "more_than", "起码": "more_than",
    "破": "more_than",
}  # fmt: skip
AFTER: dict[str, Qualifier] = {
    "左右": "about",
    "上下": "about",
    "以上": "more_than",
    "多": "more_than",
    "以下": "less_than",
    "以内": "less_than",
    "多一点": "more_than",
    "多点": "more_than",
    "出头": "more_than",
    "冒头": "more_than",
    "挂零": "more_than",
    "有余": "more_than",
    "不到": "less_than",
    "样子": "about",
}

# 7 454份, DNA5 310，: a blank marks thousands only in a number that a word ends, or that a word and a mark enclose;
# elsewhere it parts two cells of a table, or two figures of a list: 吉塘镇 900 610.
BLANKED = (
    r"(?<![\d.] ?)\d{1,3}(?: \d{3})++(?![\d.])"
    r"(?:(?=\p{Han}|[%wW]| (?:份|人[份次]?|名|例|枚|条|张|管)(?!\p{Han}))"
    r"|(?<=[^\s\d]\d{1,3}(?: \d{3})+)(?=[，。；、）)]))"
)
# 完成312，104%: no share is of thousands.
ARABIC = rf"\d{{1,3}}(?:[,，]\d{{3}})++(?:\.\d++)?+(?!\s?[%％])|{BLANKED}|\d++(?:\.\d++)?"
HAN = r"[零〇一二三四五六七八九两十百千万亿廿卅]++(?:(?<=[百千万])单[一二三四五六七八九]++)?"
MYRIAD = "[万亿]"
SCALE = r"(?:\s?[百千]?[万亿]|[百千](?=[余多份人])|[wWkK](?=[余多份人名]))"
# 1千2百, 2万零80, 1万3
MIXED = r"\d++(?:[万千百]零?\d++)++[千百十]?"
# 三十余万: the rough word stands inside the number.
ONE = rf"(?:{MIXED}|(?:{ARABIC})(?:[余多]?{SCALE})?|{HAN}(?:(?<=[十百千])[余多来几]{MYRIAD})?)"
MIDDLE = r"(?:好几|[余多来几])"
# 个 counts anything: it is a unit where no noun follows it, or one that is a quota or people.
UNIT = (
    r"个人(?!群)|口人|号人|人份|人次|份|人(?![口群]|均(?![采抽扎取已完按为有]))|名|例|枚|条|张|位(?!点)|管"
    r"|个(?=$|[\s，。；、！？,;!?）)”」已都就还了]|名字[，。；]|的?(?:采血|采样|血样|DNA)?(?:指标|任务|名额)|手指|全|一个|没"
    r"|出头|左右|上下|冒头|[男女][生的孩娃]|男[人丁]|\p{Han}{0,6}(?:个体|志愿者)|老人|孩子|娃|个体|样本|样品|血样|志愿者|村民(?!小?组|委|代表)|学生(?!家庭|宿舍)|工人(?!宿舍|村)|僧人)"
)
# 17万男性, 四千余农牧民: a large number of people may go without a unit.
PEOPLE = (
    r"(?:农牧民|农民|牧民|居民|村民|群众|民众|男性|男子|男丁|僧尼|僧人|师生|学生|学童|务工人员|流动人口)(?![组会委])"
)
SMALLEST_CROWD = 100
TO = r"(?:至|到|—|－|-|–|～|~)"
_HAN_TENTH = "[一二两三四五六七八九]"
TENTH = rf"(?:{_HAN_TENTH}|(?<![\d.,，])[1-9](?=成|{TO}[1-9]成))"
# 上, 小 are of numbers only before a round one: 上千, 小一百. So are 过 (过千份) and 破 (破万份, 破12万).
WORDS_BEFORE = (
    "过(?=[一二三四五六七八九]成)|(?<![单册表网卡榜簿图])上(?=[一二两三四五六七八九]?[十百千万](?![一二三四五六七八九]))|小(?=[一二两三四五六七八九]?[十百千万])"
    r"|(?<![经通超路])过(?=[百千万][份人名张例条枚])|(?<![侦爆突])破(?=[百千万亿]|[\d.]++[万亿]|[一二两三四五六七八九十]++[百千万])|"
    # 超过1,500人的目标: so many were asked for
    + r"超过(?![\d,.]{1,12}[万千]?(?:人份|[人份名例])?的[^，。；\d]{0,4}(?:目标|任务|计划|指标))|"
    + "|".join(w for w in BEFORE if w not in ("上", "小", "过", "破", "超过"))
)
NUMBER = Pattern(
    # Every number begins with one of these; the rest is not tried elsewhere.
    rf"(?=[\d零〇一二三四五六七八九两十百千万亿廿卅大约将接近超过突不逾≥至未少上小起破])"
    rf"(?<before>{WORDS_BEFORE})?\s?"
    rf"(?:(?<percent_head>百分之)(?<percent_han>{HAN}(?:点(?:{HAN}|(?<percent_more>几)))?|\d+(?:\.\d+)?)(?:{TO}(?:百分之)?(?<percent_upper>{HAN}))?"
    rf"|(?<tenths>{TENTH})(?:{TO}?(?<tenths_upper>{TENTH}))?"
    rf"(?<tenths_rest>成(?<tenths_last>[一二三四五六七八九半])?(?<tenths_more>多)?)(?![为立员果功绩都效人])"
    rf"|(?<half>一半)"
    rf"|(?<low>{ONE})(?<low_middle>{MIDDLE})?"
    rf"(?:(?<low_unit>{UNIT}|[%‰])?\s?{TO}\s?(?<high>{ONE})(?![年月日时周岁]))?"
    rf"(?<middle>{MIDDLE})?\s?(?<sign>[%‰])?)"
    rf"(?:\s?(?<unit>{UNIT})|(?<who>(?={PEOPLE})))?(?<after>左右|上下|以上|以下|以内|(?<=半)多(?:一?点)?|出头|冒头|挂零|(?:不到|有余)(?=[，。；、]|$)|(?:的)?样子|多(?=份|人))?"
)  # fmt: skip
# “十三五”期间: a plan of five years.
PLAN_PERIOD = Pattern(r"十[一二三四]五(?=[\u201d\u0022」』]|期间|规划|时期|[初末]|开局|收官|以来|建设)")
# 剩下的五一再说, 没采的十一再来: feasts, and no number
FEAST = Pattern(
    r"(?:五一|六一|七一|八一|五四|三八)(?![\p{Han}]{0,3}[份人名例]|[十百千万\d])|十一(?=再|[之以]?前|[之以]?后|期间|长?假|黄金周|回[来家乡]|返乡)"
)
# What stands before the unit of a table. 百, 千 elsewhere may be numbers: 采血百人.
UNITS_ALONE, UNIT_TOLD = ("百", "千", "万", "亿"), Pattern(r"(?:单位(?:[:：]|[为是])?|[（(])\s*+$")
UNIT_REACH = 8
# What every number holds.
FIGURE = Pattern(r"[\d零〇一二三四五六七八九两十百千万亿廿卅]")
ROUGH = Pattern(r"(.*?)(?:(三)(五)|([一二两三四五六七八])([二两三四五六七八九]))([十百千万]*)")
# No figure of a post is written with as many signs: 三千二百七十八万六千五百四十一, 12 345 678.
MOST_SIGNS = 40
# Nothing that a post counts is as many.
LARGEST = 1e15
PLAIN_NUMBER = Pattern(r"\d+(?:\.\d+)?")
# 突破6000大关 is as good as an end
CLAUSE_ENDS = Pattern(r"[，。；！？、;!?）)”」\s]|,(?!\d)|$|大关")
HAN_NUMBER = Pattern(HAN)
MIXED_NUMBER = Pattern(MIXED)
MIXED_PART = Pattern(r"(零?)(\d+)([万千百十]?)")
DIGITS_START = Pattern(r"[\d,， ]+(?:\.\d+)?")
ROUGHLY = Pattern(r"[余多来几]")
# 约需采300人, 大约有80份: the qualifier before the verb; how far before the number it stands, in characters
ROUGHLY_DONE = Pattern(r"约(?:[需须]要?|要|可|能|应|有|共)(?:再|补)?(?:采集?|抽|收|完成)?(?:血样?|DNA|样本|群众)?$")
ROUGHLY_REACH = 10
SEPARATORS = Pattern(r"[,， ]")
# Longer stretches of text are not kept, so that what is kept is small whatever the text (characters).
LONGEST_KEPT = 500


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


def find_numerals(plain: str, *, counting: bool = False, digits_alone: bool = True) -> list[Numeral]:
    """Every number of a matching copy, in order. `counting`: only with a unit or sign, or at a clause end.

    `digits_alone`: also 一, 两 without a unit, which are mostly parts of words.

    >>> [(n.value, n.qualifier, n.unit) for n in find_numerals("近1.2万余份，八成五，80至100人")]
    [(12000, 'more_than', '份'), (85, 'exact', ''), (80, 'range', '人')]
    """
    if FIGURE.search(plain) is None:
        return []
    found = _found(plain) if len(plain) <= LONGEST_KEPT else _numbers(plain)
    return [at.numeral for at in found if not (counting and at.idle) and (digits_alone or not at.lone)]


class _Number(NamedTuple):
    """A number; whether it is `idle` (as `_idle` says), and whether it is one 一 or 两 alone."""

    numeral: Numeral
    idle: bool
    lone: bool


def _numbers(plain: str) -> tuple[_Number, ...]:
    found = ((numeral, match) for match in NUMBER.finditer(plain) if (numeral := _numeral(match)) is not None)
    return tuple(
        _Number(numeral, _idle(match), match.end() - match.start() == 1 and not match[0].isdecimal())
        for numeral, match in found
    )


@lru_cache(maxsize=64)  # rules and model ask for those of the same sentences
def _found(plain: str) -> tuple[_Number, ...]:
    return _numbers(plain)


def _idle(m: regex.Match[str]) -> bool:
    """Whether a number has no unit and goes on: part of a name, a date, a document number. A cheap check for most."""
    if m["low"] is None or any(m.group("unit", "low_unit", "sign")) or m["who"] is not None:
        return False
    return m.string[m.end() - 1] != " " and CLAUSE_ENDS.match(m.string, m.end()) is None


def _numeral(m: regex.Match[str]) -> Numeral | None:
    kind: Literal["number", "percent"] = "percent"
    low, low_unit, sign = m.group("low", "low_unit", "sign")
    if low:
        if len(low) > MOST_SIGNS:
            return None
        # 数百, 几十, the 万 of 一百多万: no figure. Per mille is no percentage of people.
        led = m.string[m.start("low") - 1 : m.start("low")]
        if (
            (led in ("数", "几") and low[0] in "十拾百佰千仟万萬亿")
            or (led in tuple("余多来") and low[0] in MYRIADS)
            or "‰" in (sign, low_unit)
        ):
            return None
        if PLAN_PERIOD.match(m.string, m.start("low")) or FEAST.match(m.string, m.start("low")):
            return None
        # （万人）, 单位：百份: a unit, no number. 近万人 is one.
        alone = low in UNITS_ALONE and not any(m.group("before", "high", "middle", "low_middle"))
        if alone and (low in MYRIADS or UNIT_TOLD.search(m.string, max(0, m.start() - UNIT_REACH), m.start())):
            return None
        found = _ends(m)
        if found is None:
            return None
        value, upper = found
        kind = "percent" if "%" in (sign, low_unit) else "number"
    elif m["percent_head"]:
        value, upper = _fraction(m["percent_han"]), _fraction(m["percent_upper"]) if m["percent_upper"] else None
    elif m["tenths"]:
        value, upper = _tenths(m)
    else:
        value, upper = 50.0, None  # 一半
    start, end = m.span()
    while m.string[start] == " ":
        start += 1
    end = start + len(m.string[start:end].rstrip())
    return Numeral(
        start=start,
        end=end,
        value=_whole(value),
        upper=None if upper is None else _whole(upper),
        qualifier=_qualifier(m, upper),
        unit=m["unit"] or (low_unit if low_unit not in (None, "%", "‰") else "") or _crowd(m, kind, value),
        kind=kind,
        digits=m.span("low") if low else (start, end),
    )


def _crowd(m: regex.Match[str], kind: str, value: float) -> str:
    return "人" if m["who"] is not None and kind == "number" and value >= SMALLEST_CROWD else ""


def _ends(m: regex.Match[str]) -> tuple[float, float | None] | None:
    """The value and, of a range, its upper end; None for no number."""
    low, upper = m["low"], None
    rough = None if low[0].isdecimal() else _neighbours(low)
    value = rough[0] if rough else to_number(low)
    if value is None or value >= LARGEST:
        return None
    if rough:
        upper = rough[1]
    if m["high"] and (m["low_unit"] != "%" or m["sign"]):
        top = to_number(m["high"])
        if top is None or top >= LARGEST:
            return None
        # 1.2至1.5万: the scale stands once, behind the upper end
        scale = MYRIADS.get(m["high"][-1], 1)
        if low[-1] not in MYRIADS and value * scale <= top:
            value *= scale
        upper = top if top > value else None
    return value, upper


def _tenths(m: regex.Match[str]) -> tuple[float, float | None]:
    last = m["tenths_last"]
    value = _tenth(m["tenths"]) + (5 if last == "半" else DIGITS.get(last or "零", 0))
    upper = _tenth(m["tenths_upper"]) if m["tenths_upper"] else None
    return value, upper


def _tenth(digit: str) -> int:
    """八, or 8, of 成."""
    return 10 * (int(digit) if digit.isdecimal() else DIGITS[digit])


def _qualifier(m: regex.Match[str], upper: float | None) -> Qualifier:
    if upper is not None and (m["high"] or m["percent_upper"] or m["tenths_upper"]):
        return "range"
    inside = (m["low"] or "")[-2:-1]  # 三十余万
    if "来" in (m["middle"], m["low_middle"], inside):
        return "about"
    if m["middle"] or m["low_middle"] or inside in ("余", "多", "几") or m["tenths_more"] or m["percent_more"]:
        return "more_than"
    if m["after"]:
        return AFTER[m["after"].removeprefix("的")]
    if m["before"]:
        return BEFORE[m["before"]]
    if upper is None and ROUGHLY_DONE.search(m.string, max(0, m.start() - ROUGHLY_REACH), m.start()):
        return "about"
    return "range" if upper is not None else "exact"


def _neighbours(han: str) -> tuple[float, float] | None:
    """八九十 → 80 to 90, 三四百 → 300 to 400, 十七八 → 17 to 18, 三五十 → 30 to 50; None for anything else."""
    m = ROUGH.fullmatch(han)
    if not m or (not (m[1] or m[6]) and m[2]):
        return None
    first, second = m[2] or m[4], m[3] or m[5]
    if m[4] and DIGITS[second] != DIGITS[first] + 1:
        return None
    ends = han_value(m[1] + first + m[6]), han_value(m[1] + second + m[6])
    return None if ends[0] is None or ends[1] is None or m[1][-1:] in DIGITS else (ends[0], ends[1])


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
    if text.isdecimal():  # most are
        return float(text)
    if HAN_NUMBER.fullmatch(text):
        return han_value(text)
    digits = DIGITS_START.match(text)
    if digits is None:
        return han_value(ROUGHLY.sub("", text)) if ROUGHLY.search(text) else None
    if MIXED_NUMBER.fullmatch(text):
        return _mixed(text)
    value = float(SEPARATORS.sub("", digits[0]))
    for c in text[digits.end() :]:
        value *= {**UNITS, **MYRIADS, "w": MYRIADS["万"], "W": MYRIADS["万"], "k": UNITS["千"], "K": UNITS["千"]}.get(
            c, 1
        )
    return round(value, 4)


def _mixed(text: str) -> float:
    """5万8千 → 58,000, 2万零80 → 20,080, 1万3 → 13,000, 1万2000 → 12,000."""
    total, last = 0.0, 1
    for zero, digits, unit in MIXED_PART.findall(text):
        if unit:
            last = {**UNITS, **MYRIADS}[unit]
            total += float(digits) * last
        else:
            total += float(digits) * (last // 10 if len(digits) == 1 and not zero else 1)
    return total


def han_value(text: str) -> float | None:
    """三千二百 → 3200, 两万五 → 25000, 二〇二一 → 2021; None for no number (万千, 百)."""
    for short, full in JOINED.items():
        text = text.replace(short, full)
    if not text:
        return None
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
