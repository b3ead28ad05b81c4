"""People of whom blood was taken together with prints or a portrait: 采集DNA、指纹信息240人, 采集（人像、血样）310人.

So many were sampled, whichever of the things is named last. Where each thing has a figure of its own
(血样98份、指纹102枚) the word before the figure tells (`counts.others`), and records (条) are of one thing each.
"""

from __future__ import annotations

from pipeline.patterns import Pattern

BLOOD = r"(?:DNA|血样|血液|血卡|指血|唾液)(?:血样|样本|样品|信息|数据){0,2}"
TRAIT = (
    r"(?:十?指?掌指纹|指掌纹|十指指纹|指纹|掌纹|足迹|足印|人像|面像|头像|照片|相片|虹膜|声纹|步态|血型|笔迹|体貌特征|身高|体重)"
    r"(?:信息|图像|数据|样本|照片)?"
)
JOIN = r"(?:[、和及与/]|以及)"
TOGETHER = rf"(?:{TRAIT}{JOIN}){{0,6}}{BLOOD}(?:{JOIN}{TRAIT}){{0,6}}"
# What a list ends with before its figure: 等生物信息共.
REST = (
    r"(?:等?[一二三四五六七八九几多各\d]?[项种类]?)(?:个人|人体|身份|生物|基础|人员|识别|活体|特征|标本){0,2}"
    r"(?:信息|数据|样本|样品|资料|要素)?"
)
SUM = r"(?:[，,](?=[共合总累]))?(?:[共约近计已达了为有各]|合计|总计|累计|完成){0,4}\s?$"
# 采血、捺印指纹、照相各388人: each thing with a verb of its own.
_DRAWN = r"(?:采血样?|抽血|扎指血|取血|采(?:集)?DNA)"
_TAKEN = rf"(?:(?:采集?|录入?|捺印?|按|拍摄?|照|扫|量|测)(?:了)?{TRAIT}|照[相像]|拍照|留指印)"
DONE_TOGETHER = rf"(?:{_TAKEN}{JOIN}){{0,6}}{_DRAWN}(?:{JOIN}{_TAKEN}){{0,6}}"
BUNDLE = Pattern(
    rf"(?:采[集录取]|补采|复采|提取|采)[了到]?[^，。；：、\d（）]{{0,16}}?{TOGETHER}{REST}(?:采[集录])?{SUM}"
    rf"|{TOGETHER}{REST}采[集录](?:工作)?{SUM}"
    # “五采”（人像、血样）常住人口4318人
    rf"|采集?[”’」]?[（(]{TOGETHER}等?[）)](?:(?![未没应培设民仪点户参宣考])[^，。；：、\d（）]){{0,10}}{SUM}"
    rf"|{DONE_TOGETHER}{SUM}"
)
ANY_TRAIT = Pattern(rf"{TRAIT}|照相|拍照|指印")
# 虹膜采集2050人, 血型22098人, 一标三实采集2100人: a figure of its own beside the samples
OF_TRAIT = Pattern(
    rf"(?:{TRAIT}|一标三实|手机|房屋)(?:信息|数据|样本)?"
    r"(?:采[集录]|录入|登记)(?:完成)?(?:了|共|约|近|达|已|累计)*\s?$"
    r"|血型(?:信息|数据)?(?:共|约|近|达|已)*\s?$"
)
ITEM = Pattern(r"[，。；;：:（(\d\n]")
IN_BLOOD = Pattern(r"血[样液卡]|DNA|唾液|采血")
UNITS = ("人", "名", "位", "人次", "人份", "份")
REACH = 60


def bundled(before: str, unit: str) -> bool:
    """Whether a figure counts those of whom blood and something else was taken. `before`: its sentence up to it.

    >>> [bundled(s, "人") for s in ("采集人像、DNA等信息", "采集指纹", "采血样98份、指纹")]
    [True, False, False]
    """
    if unit not in UNITS:
        return False
    found = BUNDLE.search(before[-REACH:])
    return found is not None and ANY_TRAIT.search(found[0]) is not None


def of_trait(before: str) -> bool:
    """Whether a figure counts prints, irises, blood types or the like by themselves. `before`: its sentence up to it.

    >>> [of_trait(s) for s in ("DNA采集60人、虹膜采集", "血样86份、血型", "采集DNA和血型", "指纹、DNA采集")]
    [True, True, False, False]
    """
    found = OF_TRAIT.search(before[-REACH:])
    return found is not None and not IN_BLOOD.search(ITEM.split(before[-REACH:])[-1])
