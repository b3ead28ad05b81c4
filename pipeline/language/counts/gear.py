"""Who draws samples, where, and with what: 采样员30名, 采血点40个, DNA采样包500份. None of them is a sample.

Such a name begins as one of samples does, and its last word tells: `gear_…` in `corpora/phrasebook/count_words.csv`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import regex

from pipeline.language.counts.numerals import Numeral
from pipeline.language.counts.words import words
from pipeline.patterns import Pattern

WHO, WHERE, WITH = "gear_who", "gear_where", "gear_with"
PEOPLE = {"人", "名", "位", "人次", "个人", "口人"}
SAMPLES = {"份", "人份", "例", "管"}
# What no figure of each may be in: people at a point were sampled there, 312份 of a point are its samples.
NEVER = {WHO: SAMPLES, WHERE: PEOPLE | SAMPLES, WITH: PEOPLE}
# What may stand between the name and its figure: 采血点（个）：40, 采样员由60名增至90名, 采样员每点3名，共90人.
FILLING = r"[\s:：，为是有共计约近达到各由从设满足]*+"
GAP = Pattern(
    rf"(?:[、和及与](?:护士|医生|医务人员|辅警|民警|驾驶员|司机|登记员|录入员|翻译|向导))*+{FILLING}(?:总?数量?|人数|合计)?+(?:[（(][\p{{Han}}]{{1,2}}[）)])?+{FILLING}[（(]?+"
    r"(?:\d[\d,]*+\p{Han}?(?:[增升加扩][至到为]|增加到|调整为|，(?:合计|总计|共计|共|一共|总共|队员|组员|人员)))?+"
)
# No name stands further before its figure, in characters.
REACH = 24
# 送采血点312份, 东村采血点412, 留取唾液DNA管613支: what was done there or is in it, not how many there are.
PLACED = Pattern(
    r"(?:留取?|[抽提采]取|采[得了集]|收集)$|(?:[在至往进于去]|(?<!成)交|(?<![调派抽招请购买])来|(?<![配赠运派抽])送)\p{Han}{0,8}$"
    r"|(?<!(?:[全各每我本该]|\p{Han}个))[村镇乡县社区所校寺庙街号院]$"
)
# 采血点采集人数, 采样员应采: what stands behind the name is counted.
OF_SAMPLES = Pattern(r"采(?![购买])|血|样|DNA|覆盖|完成|进[度展]|(?<!设置|设立|分布|安排|配备|布置)情况")
# What a tube or bag of samples holds is counted by it: 样本管280管, 血样袋（份）.
HOLDS = Pattern(r"(?:血样|样本|样品|血液|唾液|DNA)+[管袋盒瓶单]")
# 给各所补充采集箱26个、血卡三万份; 准备了600份采血卡: cards handed out, not those with blood.
CARD = r"(?<![采收交制留回作]|(?<!领)取)(?:空白|DNA|FTA)?(?:采血|采样|采集|血样采集|血样?|唾液)卡片?"
CARDS_BEFORE = Pattern(rf"[^，。；！？\n]{{0,24}}?{CARD}(?:各|共|计|约|合计|还剩|尚余|等|\s)*$")
CARDS_BEHIND = Pattern(rf"\s?(?:的)?{CARD}")
# 首批6万张卡应在五日内交货
GOODS_BEHIND = Pattern(r"(?:DNA|血样?)?(?:采[集血样])?卡片?[^，。；]{0,16}(?:交货|到货|供货|配送|签约)")
# 采血卡 单圈 3000张: goods, how they are made, how many
KIT_ROW = Pattern(
    r"(?:(?:FTA|采[集血样])\p{Han}{0,2}卡片?|[检测]板|试[剂纸]|手套|棉[片球签])(?:[（(][^（）()]{0,8}[）)])?\s+\S{1,10}\s+$"
)
# 物资：采血卡900张, 血卡900张，由各所到大队领用: what the samples will be taken with
SUPPLIES = Pattern(
    r"(?:^|[\n。；])[\s\d.、．一二三四五六七八九十（）()]{0,6}(?:物资|耗材|器材|装备|物料|用品|设备)(?:保障|配备|配发|准备|安排|清单|发放)?[:：]"
    r"[^。；\n]{0,40}?(?:采?血|采[集样])卡片?(?:各|共|计|约)*$"
)
TO_FETCH = Pattern(
    r"[，,](?:现|请|可|统一)?(?:按|由|凭|自|到|在|请|向)[^，。；]{0,16}(?:领[取用回走]|配[发送]|发放|下发|分发)"
)
A_CARD = Pattern(r"卡片?(?:各|共|计|约)*$")
CLAUSE = Pattern(r"[，。；！？\n]")
# 登记摩托车312辆，采血卡289张: cards with blood, in a row of what was done
CARDS_TAKEN = Pattern(
    r"(?:登记|录入|照相|拍照|办理|受理|检查|清查|走访|入户|核查|核对|摸排|捺印|建档|上牌|挂牌)[^，。；、\d]{0,10}"
    r"[\d,]+[余多]?\p{Han}{1,2}[，、；](?:同步|同时|共|并)?采血卡(?:共|约)?$"
)
# No name is longer, in characters.
LONGEST_NAME = 80


@lru_cache(maxsize=64)  # rules and model ask for the same figures
def counts_gear(sentence: str, numeral: Numeral) -> bool:
    """Whether a figure of a sentence counts those who draw samples, or where or with what they do: 采血点40个."""
    behind = sentence[numeral.end : numeral.end + REACH].lstrip("的 多余个")
    left = sentence[max(0, numeral.start - REACH) : numeral.start]
    if numeral.kind == "percent":
        return False
    if _handed_out(sentence, numeral):
        return True
    if words()["gear"].search(left) is None and words()["gear"].match(behind) is None:
        return False  # as of most figures
    for code, never in NEVER.items():
        if numeral.unit in never:
            continue
        # 300人抽血护士忙不过来: those sampled
        follows = words()[code].match(behind) if numeral.unit and numeral.unit != "人" else None
        if follows and not HOLDS.fullmatch(follows[0]) and not OF_SAMPLES.match(behind, follows.end()):
            return True
        for m in words()[code].finditer(left):
            if HOLDS.fullmatch(m[0]):
                continue
            if GAP.fullmatch(left, m.end()) and not PLACED.search(left, 0, m.start()):
                return True
    return False


def _handed_out(sentence: str, numeral: Numeral) -> bool:
    """Whether a figure counts cards that were handed out for samples to come."""
    left = sentence[max(0, numeral.start - 2 * REACH) : numeral.start]
    if numeral.unit in ("张", "") and KIT_ROW.search(left):
        return True
    if numeral.unit == "张" and GOODS_BEHIND.match(sentence, numeral.end):
        return True
    if SUPPLIES.search(left) or (A_CARD.search(left) and TO_FETCH.match(sentence, numeral.end)):
        return True
    behind = CARDS_BEHIND.match(sentence, numeral.end)
    if "卡" not in left and behind is None:
        return False
    # 采购人提供的血卡: who buys
    given = [m.end() for m in words()["handed_out"].finditer(left) if left[m.end() : m.end() + 1] not in ("人", "方")]
    if any(CARDS_BEFORE.match(left, end) for end in given):
        return True
    return behind is not None and bool(given) and CLAUSE.search(left, given[-1]) is None


def cards_taken(sentence: str, numeral: Numeral) -> bool:
    """Whether blood cards are told among the deeds of a report: 采 there is the verb.

    >>> from pipeline.language.counts.numerals import find_numerals
    >>> told = "登记货车45辆，采血卡38张"
    >>> cards_taken(told, find_numerals(told)[-1])
    True
    """
    before = sentence[max(0, numeral.start - 2 * REACH) : numeral.start]
    return numeral.unit in ("张", "份") and CARDS_TAKEN.search(before) is not None


def begins_gear(text: str, at: int) -> bool:
    """Whether the word that begins there is the first of such a name: 采血 in 采血点, 采集 in DNA采集员."""
    return any(words()[code].match(text, at) for code in NEVER)


def names_gear(name: str) -> bool:
    """Whether a heading names who draws samples, where or with what, and nothing behind it says that samples count."""
    return len(name) <= LONGEST_NAME and _names(name)


@lru_cache(maxsize=4096)
def _names(name: str) -> bool:
    end = max((m.end() for m in _gear(name)), default=0)
    return end > 0 and OF_SAMPLES.search(name, end) is None


def _gear(name: str) -> Iterator[regex.Match[str]]:
    return (m for code in NEVER for m in words()[code].finditer(name) if not HOLDS.fullmatch(m[0]))


def is_gear(name: str) -> bool:
    """Whether a row, or an item of a list, has no other name: 采血点 but not 东村采血点."""
    name = name.strip()
    if len(name) > LONGEST_NAME:
        return False
    end = max((m.end() for m in _gear(name) if not m.start()), default=0)
    return end > 0 and GAP.fullmatch(name, end) is not None
