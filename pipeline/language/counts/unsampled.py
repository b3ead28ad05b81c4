"""People whose turn had not come: the parts of those still to be sampled, and those who were sampled after all.

还有500人没有采集，其中外出400人: each part is still to come, though 采集 stands before it. 对50名未采DNA的村民进行补采:
now they have been, though 未采 stands beside them.
"""

from __future__ import annotations

from pipeline.patterns import Pattern
from pipeline.records import CountKind

_FIGURE = r"[\d一二三四五六七八九十百千万][\d,.一二三四五六七八九十百千万]{0,12}[余多]?(?:人份|[人名份位])"
_NOT_YET = (
    r"(?:未(?:能|曾|被)?|没有?(?:能|被|来得及)?)(?:参加|完成|来|进行)?(?:采(?![取纳用购])集?|抽|扎|取样|留样)"
    r"(?:到|上|过|完|集)?(?:DNA|血样?|样本?|指血|信息|血卡)*"
)
# 还有500人没有采集，其中外出400人，生病20人
WHOLE = Pattern(
    rf"{_FIGURE}[^，。；：\d]{{0,10}}?{_NOT_YET}[^，。；：\d]{{0,4}}[，,（(：:](?=其中|(?:主要)?(?:包括|[是为系]))"
)
PARTS = Pattern(r"(?:(?!其余|已|[采抽扎补][了集血完齐]|现场|当场)[^。；])*+$")
NOW_TAKEN = Pattern(r"(?:已经?|均已|都已|现已|也)(?:[^，。；\d]{0,8}补?采|补|返)|[^，。；\d]{0,8}[补采][了完齐到]")
# 对50名未采DNA、指纹的村民进行补采; 补采未采人员50人
_LEFT_OUT = rf"(?:{_NOT_YET}|漏采)[血样]*(?:[、和及与]?(?:指掌?纹|人像|虹膜|声纹|信息|样本|DNA|血样?))*的?"
_HOW = r"(?:进行|开展|逐一|逐人|现场|当场|集中|上门|入户|全部|及时|统一|实施)*了?"
_MADE_UP = rf"[^，。；\d]{{0,10}}?{_HOW}补[采录抽](?!点|车|计划|方案)"
FOR_WHOM = Pattern(r"[对为给](?:辖区|全[县镇乡村]|[^，。；\d]{1,8}的)?[约近]?$")
LATE = Pattern(
    rf"的?(?:因[^，。；\d]{{1,14}})?{_LEFT_OUT}"
    rf"(?:{_MADE_UP}|(?:(?![不仍未难])[^，。；\d]){{0,10}}?{_HOW}采集(?!点|车|计划|方案|[指人虹声步照头掌]|难|工作|意愿|困难|问题))"
)
_WHO = r"(?:人员|群众|村民|居民|对象|男性|学生|牧民|僧[人尼])?"
FOR_LEFT_OUT = Pattern(rf"[对为给][^，。；\d]{{0,12}}?{_LEFT_OUT}{_WHO}(?:共|计)?[约近]?$")
MADE_UP = Pattern(
    rf"{_MADE_UP}|(?:已|全部|均|逐一|逐人|上门|进行|开展)*+了?(?:DNA|血样|信息)?采[集血样](?=[，。；]|完|到位|DNA|血|$)"
)
DONE_NOW = Pattern(
    r"补[采录]了?(?:辖区|返乡|外出|在外|部分|前期|此前)*(?:未采|漏采|应采未采)集?(?:DNA|血样?|样本|信息)?的?"
    r"(?:人员|群众|村民|居民|对象|男性|学生|牧民)(?:共|计|约|近)*$"
)
TO_COME = Pattern(
    r"要|须|需|将|拟|待|务必|必须|确保|力争|争取|计划|预计|打算|准备|尽快|督促|责令|下一?步|下阶段|下[周月]|明[天日]|[底日月]前|限|请|安排"
)
CLAUSE = Pattern(r"[。；！？\n]")
# Who was left out is told this near, in characters.
REACH = 60


def unsampled(before: str, behind: str) -> CountKind | None:
    """What people count who were not sampled at first, between what stands before and behind their number; or None.

    >>> unsampled("还有90人没有采集，其中外出", "，生病9人。"), unsampled("对", "未采DNA的村民进行了补采。")
    ('target', 'samples')
    """
    sentence = CLAUSE.split(before)[-1]
    whole = WHOLE.search(sentence)
    if whole and PARTS.match(sentence, whole.end()) and not NOW_TAKEN.match(behind):
        return "target"
    return "samples" if now_sampled(sentence, behind) else None


def now_sampled(before: str, behind: str) -> bool:
    """Whether people who had been left out have been sampled by now: 对50名未采DNA的村民进行补采."""
    sentence, rest = CLAUSE.split(before)[-1], CLAUSE.split(behind, maxsplit=1)[0]
    left, right = sentence[-REACH:], rest[:REACH]
    late = FOR_WHOM.search(left) and LATE.match(right)
    late = late or (FOR_LEFT_OUT.search(left) and MADE_UP.match(right)) or DONE_NOW.search(left)
    return late is not None and not (TO_COME.search(sentence) or TO_COME.search(rest))
