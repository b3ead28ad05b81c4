"""The words that decide which numbers count samples, from `corpora/phrasebook/count_words.csv`."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import lru_cache

import regex

from pipeline.paths import PHRASEBOOK
from pipeline.patterns import Pattern

RATE = Pattern(r"采集率|完成率|采样率|覆盖率|采血率|到位率")
NAME_ENDS = "县|市|区|州|镇|乡|村|庄|屯|寨|街道|社区|派出所|所|寺|校|组|队|连|班|片区|厂"


@lru_cache(maxsize=1)
def words() -> Mapping[str, Pattern]:
    """For each code of the phrase book a pattern of its phrases, longest first."""
    phrases: dict[str, list[str]] = {}
    with (PHRASEBOOK / "count_words.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            phrases.setdefault(row["code"], []).append(row["phrase"])
    patterns = {code: "|".join(map(regex.escape, sorted(set(p), key=len, reverse=True))) for code, p in phrases.items()}
    # DNA信息, 血样样本: what stands behind the word for the sample belongs to it.
    patterns["sample"] = f"(?:{patterns['sample']})(?:信息|样本|数据|血样|采集|入库)*"
    patterns["other"] += "|(?<!流动|外来|暂住|寄住)人口"
    # 领用血卡2000张: kits, not samples.
    patterns["other"] += (
        "|(?:领用|领取|购置|采购|购买|订购|配发|配备|储备|准备|备好|调拨|补充|拨付|发放|下发)[了各]?(?:采)?血卡"
    )
    # 采摘工, 采煤: not taken from people.
    patterns["collect"] = f"(?:{patterns['collect']})(?!(?<=采)(?:{patterns.pop('picking')}))"
    # Samples that do not count are sent back, if not the other way round.
    patterns["rejected"] += f"|{patterns['void']}"
    # Any other 率 is a rate of something else.
    patterns["other_rate"] += "|(?<!采集|完成|覆盖|采样|采血|到位|补采)(?<!应采尽采)率"
    # 采血点, DNA采样包, 血样转运员: who draws, where, or with what.
    gear = (patterns.pop(f"gear_{part}") for part in ("stem", "between", "not"))
    begins = "(?:{})(?:{})*+(?!{})".format(*gear)
    ends = {part: patterns[part] for part in ("gear_who", "gear_where", "gear_with")}
    patterns |= {part: f"{begins}(?:{end})" for part, end in (ends | {"gear": "|".join(ends.values())}).items()}
    # What may stand between a place's short name and its figure (其中沃底共采集DNA血样): words of sampling only.
    behind = {p for code in ("between", "collect", "sample", "target", "done", "place_behind") for p in phrases[code]}
    patterns["place_behind"] = "(?:{})*+".format("|".join(map(regex.escape, sorted(behind, key=len, reverse=True))))
    # 经扎木镇, 含宗萨寺; but 经堂村, 经济开发区, 含光社区.
    via, among = "[已并均需须]?经(?![堂幡楼塔济开贸营纬书板轮])", "[包内]?含(?![光山弘谷元嘉美珠笑香])"
    # 除东村外，…: who is left out is told by `count_places.vetoes`
    via += "|除"
    # 先后到达阿扎乡; but 来到|达东村.
    lead = rf".*(?:(?<![来赶走回去])到达(?!\p{{Han}}[村寨])|{patterns['place_lead']})(?:{among})?|{via}|{among}"
    patterns["place_lead"] = rf"^(?:{lead})(?=\p{{Han}}{{2,}})"
    # 公安局在县城, 组织村警: what leads to a bare rank is no name, whatever stands before it.
    brings = patterns.pop("rank_lead")
    ranks = "[县市区州旗镇乡村]|乡镇|寺庙?"
    patterns["bare_rank"] = rf"(?:[在据经由从向于对把将赴到往]|{brings})(?:{ranks})$"
    # 就近找派出所, 配合派出所: any station, none by name.
    patterns["any_station"] = (
        rf"(?:^|以|连同|找|等|请|叫|跟着?|与|和|由|经|向|被|让|归|交|送|报|近|当地|{brings})派出所$"
    )
    # What may stand between the word that governs a figure and the figure.
    name = rf"\p{{Han}}{{1,6}}(?:{NAME_ENDS})(?=$|的?$|[^\p{{Han}}]|[一二三四五六七八九两十百千近约共就])"
    whole = r"(?:全|我|本|各|该)(?:[县市区州镇乡村所局旗校]|派出所)"
    filler = r"[\s:：，、（(“「『\-—]|[\d零〇一二三四五六七八九十两半百]++[年月日号天时周]?"
    patterns["between"] = rf"(?:{patterns['between']}|{name}|{filler}|{whole})*+"
    return {code: _pattern(pattern) for code, pattern in patterns.items()}


def _pattern(words: str) -> Pattern:
    """For the standard library's engine where it has what is asked: possessive signs fail in early Python 3.11."""
    return Pattern(words, engine=regex if "*+" in words or r"\p{" in words else re)
