"""The place a figure counts, as it stands in the text: the nearest unit named before it in its clause, else sentence.

全县 outweighs the number of its parts beside it (全县16个乡镇). A share's base is no place of it (占全县人口的).
"""

from __future__ import annotations

from functools import lru_cache

import regex

from pipeline.language.count_words import words
from pipeline.language.gazetteer import load_gazetteer
from pipeline.language.sentences import PARAGRAPH, last_letter

CLAUSE = regex.compile(r"[，；。：！？;?!\n（）()]|,(?!\d{3})")
SMALL = "(?:省区|[县市区州])(?!乡|镇|村|街道)|镇|乡|村|省|盟|旗|社区|街道|苏木|嘎查|林场|牧场|农场|居委会"
INSTITUTION = "派出所|警务站|中心小学|小学|中学|幼儿园|寺庙?|监狱|看守所|戒毒所|农贸市场|校区"
# What follows the short name of a station (城关所已采…), and not the 所 of 所采.
OF_STATION = r"采|血|完|任|已|的?DNA|[:：]|[ \u3000]*(?:\d|$)|[仅只居因占最共累达超率排]|[以为](?:\d|$)"
# 沙镇溪派出所, 类乌齐镇所: the name goes on behind what could be its unit.
GOES_ON = rf"(?!(?![各全两三几上里和与及内的该本小大])\p{{Han}}(?:派出所|所(?={OF_STATION}))|所(?={OF_STATION}))"
# The whole of a unit: 全县, 我校, 我们村, 该镇.
WHOLE = regex.compile(
    r"(?:全[局所]|(?:全|我|该|本|我们|俺)(?:县城|县|市|区|州|镇|乡|村|屯|省|盟|旗|校|院|社区|地区|国|厂|寺|寨)(?:中小学)?)"
    r"(?!长|委|政府|级|籍|道|两级)"
)
# A number of units: 三个村, 沿江七个乡镇, 8个便民警务站.
SOME = regex.compile(
    r"(?:沿江|首批|头|其余|几|各)?(?:[\d零一二三四五六七八九十两几]+(?:个|座|所|家)?|几[个座])"
    r"(?:乡镇|镇|乡|(?:行政|牧业|自然)?村|县|市|州|区|社区|街道|(?:便民)?警务站|派出所|所|寺庙?|学校|寨子?|(?<=[个处])点|工地)"
    r"(?:[(（]市[)）])?(?!委|长|政府|级|人|公安|民|一\p{Han})|各[乡镇村]镇?(?=合|共|累计)"
)
NAMED = regex.compile(
    rf"(?:西藏|新疆|内蒙古|宁夏|广西)(?=的|\d|各|全|居民|地区)"
    rf"|\p{{Han}}{{1,9}}?(?:(?:{SMALL}){GOES_ON}(?:{INSTITUTION})?|{INSTITUTION}|(?<!研究|检查|公共场|[住处])所(?=$|{OF_STATION}))"
    r"(?!委|政府|长|级|公安|局|民|里|干部|医院|卫生院|志愿|域|别|分(?!别)|党|书记|口|厅|要求|部署|统一|内外)"
)
# 孟公、水车等地, 汤神庙一带: names without their units.
AREA = regex.compile(
    r"(?:\p{Han}?有|其中|[头首]?一?批|[以对在到])?(?P<name>(?:\p{Han}{2,4}、)+\p{Han}{2,4}?"
    r"(?:等地|等[\d两三四五六七八九十]+个?(?:乡镇|镇|乡|村|县)|一带|[两三四五六七八九十]地(?![区方点段级])))"
    r"(?!赶|来|的?务工|打工|务工|籍|返)"
    r"|(?<=[在对到])(?P<name>\p{Han}{2,4}?一带)"
)
# 来自四川、甘肃等地的务工人员: where people come from.
FROM = regex.compile(r"(?:来自|从|赴|往)$")
# 就近找派出所, 配合派出所: any station, none by name.
ANY_STATION = regex.compile(r"(?:^|以|连同|配合|找|等|请|叫|跟着?|与|和|由|经|向|被|让|归|交|送|报|近|当地)派出所$")
# 走访18个乡镇: who was visited, not who was counted.
VISITED = regex.compile(r"(?:走访|走遍|涉及)[^，。；、]{0,8}$")
# 县局与13个派出所签订…: who acts together with the bureau.
PARTIES = regex.compile(r"(?:局|公安|政府|县委|民警)[与同跟和]$")
# The station of a town at work (日当镇派出所受理…); one that its figures follow is itself the place.
STATION = regex.compile(r"(?<=镇|乡|街道)派出所$")
ACTS = regex.compile(r"(?!任务|已|实|应|完成|累计|共|的?完成率)\p{Han}")
# Where the police went, or whose station was at work.
SCENE = regex.compile(
    r"(?:走进|走村|开进|深入|进驻|来到|走到|赶到|进了|赴|前往|进入|到|在)"
    r"(?P<name>(?:\p{Han}{1,6}[村镇乡寺]、)*(?:\p{Han}{1,6}?(?:(?:村|镇|乡)(?:中心小学|小学|中学)?|寺|小学|中学)|[我贵该本][校村镇乡]))"
    r"(?!委|政府|级|民|干|里|医|卫|口|长|人)"
    r"|(?<!\p{Han})[应据经由]?(?P<name>\p{Han}{1,6}?(?:镇|乡))派出所(?!长)"
)
HEAD = regex.compile(
    r"(?:^|[【▲●★◆■▍\[])[ \u3000]*(?P<name>\p{Han}{2,8}(?:镇|乡|村|社区|街道|派出所|所|寺|小学|中学))"
    r"(?=[】\]:：]|[ \u3000])"
)
# 21人负责东沟村: the name cannot begin with what a number counts.
COUNTED = regex.compile(r"\d[人份张户条]$")
HAN_BEFORE = regex.compile(r"[\p{Han}\d]$")
DAY = regex.compile(r"^(?:[年日号]|月份?|以来|起)+(?=\p{Han}{2,})")
LISTED = regex.compile(
    r"(?:\p{Han}{2,8}、)+\p{Han}{0,4}$"
    r"|(?:\p{Han}{1,6}[县市区州镇乡村]、)*\p{Han}{1,6}[县市区州镇乡村][和及]$"
)
ABOVE = regex.compile(r"(?<!个)(?:(?![的个])\p{Han}){2,6}(?:[省市州盟县镇乡]|(?<!辖)区)$")
# How far a list and its figures reach, in characters.
LONGEST_LIST = 1000
SENTENCE_END = regex.compile(r"[。！？\n]")
# 东镇、西镇分别采集30份、20份; 东沟、西沟两村分别…
_FIGURE = r"(?P<figure>\d[\d.,]*(?: \d{3})*[^，。；、和\d\n]{0,6})"
RESPECTIVE = regex.compile(
    r"(?:(?P<name>\p{Han}{2,12}+)(?:、(?P<name>\p{Han}{2,10}?)){0,30}?|(?P<name>\p{Han}{1,9}?[县市区州镇乡村所]))"
    r"[、和与及](?P<name>\p{Han}{2,10}?)"
    r"(?P<rank>等?[\d两二三四五六七八九十]+个?(?:乡镇|[县市区州镇乡村所]|派出所))?"
    r"(?:的?(?:DNA|血样|信息)*(?:采集|采血|采样|完成|覆盖|入库)[率量数]?)?(?:已|共|均)?分别[^，。；、\d\n]{0,16}"
    rf"{_FIGURE}(?:[、，和及]{_FIGURE}){{1,31}}"
)
UNIT_END = regex.compile(rf"(?:{SMALL}|{INSTITUTION}|所)$")
# 录入全国打拐DNA库, 在全省男性家族库里检索: where samples go, not where they come from.
INTO = regex.compile(r"(?:入|传|存|送|在|同|与|和)$")
BANK = regex.compile(r"\p{Han}{0,8}(?:DNA|Y-?STR)?(?:数据|信息|样本)?(?:[库网]|系统)")
BASE = regex.compile(r"(?:占|相当于)$")
NO_PLACE = regex.compile(
    r"^(?:平均|每)|^(?:各|为|对|给|由|两|几|多个|每个|所有|其他|有关|部分|[城农牧外在驻以来到住]|辖区?|小|社|街|城镇|城乡"
    r"|本地|外地|原籍|下|进|回|走|入|全|市|县|乡|镇|村)*"
    r"(?:区|村|镇|乡|县|市|社区|街道|小区|派出所|学校|寺|校区|州|省)$|(?:[返还离思家故老异]|外出)乡$|救助|[护送]|办案区"
    r"|^(?:冬夏)?牧场$|(?:进|上|走|串|逐|驻|入|打着\p{Han}*)(?:牧场|村)$|[哪叫]|^入所|年派出所$|^[我本]所$|^[出到与占是请赴距返离邻来收跑][所寺村镇县乡省]$|^务站$|^新收|^[个名]|^人的"
)


def place_span(copy: str, sentence_start: int, start: int, *, mass: bool) -> tuple[int, int] | None:
    """Where the place stands that a figure counts, which begins at `start` in a sentence that begins at
    `sentence_start`: in its sentence, else at the head of its part of the paragraph.

    Where samples are taken from a population (`mass`), else where the paragraph plays, else the one above.
    """
    shared = _respective(copy, sentence_start, start)
    if shared is not None:
        return shared or None
    line = _line(copy, sentence_start)
    above = max(copy.rfind("\n", max(0, line - PARAGRAPH), last_letter(copy, line)) + 1, line - PARAGRAPH)
    for begin, end, find in (
        (sentence_start, start, place_of),
        (line, sentence_start, paragraph_place),
        (line, sentence_start, scene),
        (above, line, scene),
    ):
        place = find(copy[begin:end]) if mass or find is not scene else None
        if place is not None:
            at = begin + copy[begin:end].rindex(place)
            return at, at + len(place)
    return None


def _line(copy: str, at: int) -> int:
    """Where the paragraph begins in which something stands."""
    return max(copy.rfind("\n", max(0, at - PARAGRAPH), at) + 1, at - PARAGRAPH)


def _respective(copy: str, sentence_start: int, start: int) -> tuple[int, int] | tuple[()] | None:
    """Which of the units listed before 分别 the figure counts: () where they are not as many as the figures."""
    sentence = SENTENCE_END.split(copy[sentence_start : sentence_start + LONGEST_LIST], 1)[0]
    for names, figures in _lists(sentence) if "分别" in sentence else ():
        number = next((i for i, (a, b) in enumerate(figures) if a <= start - sentence_start < b), None)
        if number is not None:
            if len(names) != len(figures):
                return ()
            a, b = names[number]
            return sentence_start + _start(sentence, a, b), sentence_start + b
    return None


@lru_cache(maxsize=4)
def _lists(sentence: str) -> list[tuple[list[tuple[int, int]], list[tuple[int, int]]]]:
    """The units and the figures of each list with 分别."""
    return [
        (listed.spans("name"), listed.spans("figure"))
        for listed in RESPECTIVE.finditer(sentence)
        if listed["rank"] or all(UNIT_END.search(name) for name in listed.captures("name"))
    ]


@lru_cache(maxsize=64)  # asked for with each figure of a sentence
def scene(before: str) -> str | None:
    """The place that the paragraph's earlier sentences say the police went to, or whose station was at work."""
    found = [m["name"] for m in SCENE.finditer(before)]
    if not found:
        return None
    name = found[-1][_start(found[-1], 0, len(found[-1])) :]
    return None if NO_PLACE.search(name) or _malformed(name) else name


@lru_cache(maxsize=4096)
def place_of(before: str) -> str | None:
    """The place a figure counts, from the part of its sentence that stands before it (a matching copy)."""
    clause = max((m.end() for m in CLAUSE.finditer(before)), default=0)
    for part in (before[clause:], before):
        place = _nearest(part, base=False)
        if place:
            return place
    return _nearest(before, base=True)


@lru_cache(maxsize=64)
def paragraph_place(paragraph: str) -> str | None:
    """The place that heads the part of a digest (【城西派出所】, ▲热龙乡派出所) in which the sentence stands."""
    heads = [m["name"] for m in HEAD.finditer(paragraph)]
    return STATION.sub("", heads[-1]) if heads and not NO_PLACE.search(heads[-1]) else None


def _nearest(part: str, *, base: bool) -> str | None:
    wholes = [m.span() for m in WHOLE.finditer(part) if base or not BASE.search(part[: m.start()])]
    wholes = [at for at in wholes if not (INTO.search(part[: at[0]]) and BANK.match(part, at[1]))]
    some = [m.span() for m in SOME.finditer(part) if not VISITED.search(part[: m.start()])]
    parties = [at for at in some if PARTIES.search(part[: at[0]])]
    if "、" in part or "一带" in part:
        areas = [m.span("name") for m in AREA.finditer(part) if not FROM.search(part[: m.start("name")])]
        wholes += [(_start(part, *at), at[1]) for at in areas]
    found = list(wholes)
    names = []
    for m in NAMED.finditer(part):
        start = _start(part, m.start(), m.end())
        if ANY_STATION.search(part[start : m.end()]) or COUNTED.search(part[: start + 1]):
            continue
        overlaps = any(a < m.end() and start < b for a, b in [*wholes, *some])
        if not overlaps and not NO_PLACE.search(part[start : m.end()]) and (base or not BASE.search(part[:start])):
            names.append((start, m.end()))
    # 全县16个乡镇, 打隆镇3座寺庙: the whole says which place it is
    found += names + [
        span for span in some if span not in parties and not any(other[1] == span[0] for other in [*wholes, *names])
    ]
    if not found:
        return None
    start, end = max(found, key=lambda span: span[1])
    if STATION.search(part[start:end]) and ACTS.match(part, end):
        end -= len("派出所")
    name = _whole_name(part, start, end)
    return None if _malformed(name) else name


def _malformed(name: str) -> bool:
    """Whether words stand in a name that are in no place's, unless the gazetteer knows it."""
    return words()["place_not"].search(name) is not None and not load_gazetteer().named(name)


def _whole_name(part: str, start: int, end: int) -> str:
    """The name with those listed before it (东镇、西镇; 东、西两镇), or with the unit above (某市某县)."""
    before = LISTED.search(part[:start]) or ABOVE.search(part[:start])
    if before is None:
        return part[start:end]
    begin = _start(part, before.start(), start)
    while begin and part[begin] in "个座所家0123456789" and part[begin - 1].isdigit():
        begin -= 1  # 22个镇和3个街道
    return part[begin:end]


def _start(part: str, start: int, end: int) -> int:
    """Where the name begins: behind the words that lead to it, and behind a day (6月10日打隆镇)."""
    name = part[start:end]
    if start and (part[start - 1].isdigit() or part[start - 1] in "一二三四五六七八九十"):
        day = DAY.match(name)
        start += day.end() if day else 0
    lead = words()["place_lead"].match(part[start:end])
    if lead and lead[0] in ("前", "后") and not HAN_BEFORE.search(part[:start]):
        return start  # 前山村采集…: nothing stands before it
    return start + lead.end() if lead and not load_gazetteer().named(part[start:end]) else start
