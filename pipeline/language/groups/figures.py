"""People whom a post names with a figure of their own beside the samples: 采集112人，其中尼姑16人.

Such people are sampled whatever else the sentence tells, so that neither words nor the fitted model need be weighed.
"""

from __future__ import annotations

from pipeline.patterns import Pattern
from pipeline.records import Group

NUMBER = r"(?:\d[\d,]{0,8}|[一二三四五六七八九十百千万两零]{1,7})[万千百]?[余多来]?"
FIGURE = rf"[约近共有]{{0,2}}{NUMBER}(?:人份|人(?!次)|名|位|份)"
# What is done with people beside taking blood: their figure behind such a word is of that.
ELSE = (
    r"登记|走访|核[查录对]|清查|排查|体检|慰问|救助|发放|办理|受理|培训|父母|家属|亲属|走失|失踪|被拐"
    r"|比中|抓获|破获|打掉|[未没尚缺差]"
)
TOLD = r"(?:采(?!挖|集证|集点)|血样|血卡|DNA|样本)"
OF_THEM = rf"(?:其中|包括)(?:(?!{ELSE})[^，。；\d男]){{0,10}}"
# 采集1,015人，其中女性441人; 应采540人，寺里的师父19人. Not beside the other sex: male and female are everybody.
BEFORE = Pattern(
    rf"{TOLD}(?:(?!{ELSE})[^。；\n]){{0,40}}?"
    rf"(?:{OF_THEM}|[\d十百千万][余多]?[人名份](?:（[^（）\n]{{0,12}}）)?[，、](?:(?!{ELSE})[^，。；\d男采]){{0,6}})$"
)
# 采集1.9万份。按人群分：牧民17300份，僧尼212份，在校学生1980份: items of a list of all; its head, one item, its lead
LIST_HEAD = Pattern(r"[按分](?:人群|人员|对象|身份|职业|类别?)[^，。；\d]{0,5}[:：，]|其中[:：]?|[:：]")
ITEM = Pattern(rf"[^，。；、：:\d]{{1,10}}{FIGURE}")
LEAD = Pattern(r"[^，。；、：:\d男]{0,4}")
SUM = Pattern(rf"{TOLD}[^\n]*\d[余多万]?(?:人份|[人名份])")
OTHER_WORK = Pattern(ELSE)
ITEM_END = Pattern(r"[，、；]")
AFTER = Pattern(rf"(?:(?!采)\p{{Han}}){{0,4}}?{FIGURE}(?![^，。；、]{{0,6}}[未没不待])")
# 来了97人，其中尼姑16人，都采完了
OF_THOSE = Pattern(rf"{OF_THEM}$")
DONE_LATER = Pattern(rf"(?:(?!采)\p{{Han}}){{0,4}}?{FIGURE}，?(?:都|全|均)?[采扎](?:了|过|完|齐)")
# 院里19位老人，能扎的17位都扎了; 8名出不了门的老人由民警上门采
FIRST = Pattern(r"[\d一二三四五六七八九十百余多][位名个](?:\p{Han}{1,8}的)?$")
DONE = Pattern(
    r"(?:，[^，。；未没]{0,10})?(?:都|全|均)[^，。；未没不]{0,2}[采扎](?:了|过|完|齐)"
    r"|由[^，。；未没不]{2,14}(?:采(?!取|访)|扎)"
)
# Ages and houses are no people; men are told by more than a figure, and everybody by anything.
NO_PEOPLE = Pattern(r"(?:岁|周岁|以上|以下|安置|常住)$")
NOT_SO_TOLD = frozenset({"men", "residents"})
# A list and what stands before it are no longer, in characters.
NEAR, FAR, NEAR_HEAD = 64, 160, 12


def counted(copy: str, group: Group, start: int, end: int) -> bool:
    """Whether a figure says how many of the people of a group that a word names were sampled.

    >>> text = "采集97人，其中尼姑16人"
    >>> counted(text, "monastics", text.index("尼姑"), text.index("尼姑") + 2)
    True
    """
    if group in NOT_SO_TOLD or NO_PEOPLE.search(copy, start, end):
        return False
    if group == "workers" and copy.startswith("务", start - 1):  # 务工人员 are no 工人
        return False
    before = max(0, start - FAR)
    # 尼姑 are counted as clergy
    if group == "women" and (copy[start] not in "女妇" or "男" in copy[max(0, start - 16) : end + 16]):
        return False
    if AFTER.match(copy, end) and (BEFORE.search(copy, max(0, start - NEAR), start) or _in_list(copy[before:start])):
        return True
    if OF_THOSE.search(copy, max(0, start - NEAR), start) and DONE_LATER.match(copy, end):
        return True
    return bool(FIRST.search(copy, max(0, start - 13), start) and DONE.match(copy, end))


def _in_list(before: str) -> bool:
    """Whether a word, in the text before which a list of all those sampled begins, is one of its items."""
    head = next(reversed(list(LIST_HEAD.finditer(before))), None)
    if head is None or SUM.search(before, 0, head.start()) is None:
        return False
    *items, lead = ITEM_END.split(before[head.end() :])
    if OTHER_WORK.search(before, max(0, head.start() - NEAR_HEAD)) or LEAD.fullmatch(lead) is None:
        return False
    return all(ITEM.fullmatch(item) for item in items)
