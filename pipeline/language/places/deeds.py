"""What is done at a place that a post names: samples taken, samples tested, or the other work of a digest.

Of one sentence over several units (甲镇采集63份，乙镇调解纠纷2起) only those count where samples were taken.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from pipeline.language.places.mentions import CITIES, Mention
from pipeline.language.sampling import names_other_work
from pipeline.patterns import Pattern

# 洛隆县公安局采集: police of elsewhere that the text tells to take samples; not 公安局支援, 公安局DNA实验室检验.
TAKES = Pattern(
    r"(?:公安(?:分)?局|警方)(?:(?!协助|协作|[支援]援|支持|帮助|指导|检[验测]|鉴定|比对|分析|化验|保管|捐|赠|培训|学习|取经|观摩|考察|经验|做法)[^。；\n]){0,60}?"
    r"(?:采(?![购访挖摘用])|抽血|取样|开展|推进|组织|完成|建[成立设]|\d\d[余多]?[份人])"
)
# Whom samples are handed to, a unit that holds it told before its name or not: 送重庆市, 由四川省成都市.
_UPPER = r"(?:\p{Han}{2,8}?[省市州区])?$"
HANDED_TO = Pattern(rf"(?:[送寄存交托转经报]|送检){_UPPER}")
TESTED_BY = Pattern(rf"(?:[送寄存交托转经由请往至到]|送检){_UPPER}")
TESTS = Pattern(r"公安(?:分?局|厅|处)(?:(?!采)[^，。；\n]){0,14}?(?:检[验测]|鉴定|比对|化验|分析)")
# 民警赴那曲、阿里等地，为外出人员采集86份: where a force goes for those of its own; not on a visit, nor to be.
WENT_TO = Pattern(
    r"(?<!(?:[将拟可须要应]|计划|准备|必要时|下一步)[^，。；\n]{0,8})"
    r"(?:分?赴|前往|赶往|奔赴|追到|远至|专程[到去])(?:\p{Han}{2,8}[、和与及]){0,6}\p{Han}{0,8}$"
)
TO_SAMPLE = Pattern(
    r"(?:(?!学习|交流|考察|参观|观摩|培训|开会|参加|抓|押|送|[返回][来回程]|期间|之前)[^。；\n]){0,40}?"
    r"(?:采(?![购访挖摘用])|抽血|取样)[^。；\n]{0,16}?\d\d?[余多]?\s*[份人名]"
)
# What stands before a name is looked through so far.
LEAD = 40

# Other work of a digest, beside the words of `sampling.csv`: 调处纠纷2起, 办理身份证26张, 破获盗窃案1起.
OTHER_DEED = Pattern(
    r"(?:破获|侦破|破案|查处|查获|抓获|打掉|捣毁|受理|接处警|处警|救助|找回|寻回|办理|办证|换发|补办|开具|检查|清查|迁移)"
    r"[^，。；、\n]{0,16}?\d+\s*[余多]?\s*(?:起|件|宗|人|名|张|本|份|处|家|座|辆|次|条|笔|户|头|只)"
)
# 结合禁毒宣传: what goes on at the same time does not part the clause from the samples.
AT_ONCE = Pattern(r"结合|利用|借|趁|契机|同时|期间|之机|过程|途中|之[余际前后]|一边|不仅|依托|通过|以[^，。；]{1,12}为")
# A card or a store of samples, and not the syllable in a name: 达卡乡, 卡瓦派出所, 库车市.
CARD = (
    r"(?:卡(?!口|点|\p{Han}{0,2}(?:[乡镇村寺县]|派出所))|(?<=[制存留补收])卡"
    r"|库(?!\p{Han}{0,2}(?:[乡镇村寺县市]|派出所))|(?<=[入建据存进])库)"
)
OF_SAMPLES = Pattern(rf"DNA|[Yy]-?STR|血|采(?![购访挖摘用])|样本|家系|族谱|拭子|基因|抽(?!查|调|烟|空|检)|录入|{CARD}")
HANDED_OUT = Pattern(r"(?:发放|散发|派发|分发|张贴|赠送|印制|制作)[^。；\n\d]{0,16}\d[\d,.]*+\s*[余多万]*\s*[份张本册]")
# 荣周乡41份: its figure of samples goes on from the clause before.
OWN_FIGURE = Pattern(
    r"(?:[（(][^（）()\n]{0,20}[）)])?(?:派出所|所|街道|[：:共近约达完成收采集])*+\d[\d,.]*+\s*[余多万]*\s*(?:[份人]|[%％])|[^，。；]{0,4}?[也已均都]"
)
# 香堆镇受疫情影响12份: no other work has a figure here.
FIGURE = Pattern(r"\d\s*[余多万]*\s*(?:份|[%％])")
# 甲镇…，乙镇…，共采集63份: a sum is of all.
SUM = Pattern(r"[，；,;](?:先后|累计|合计|总计|[一总]共|共|[两三四五六各]地)")
CLAUSE_END = Pattern(r"[，；,;。\n]")
# 在香堆镇查处，在吉塘镇采集: of a place where, set beside another; else of a subject.
PLACED = Pattern(r"(?:[在到赴于往入至]|走进|深入)\p{Han}{0,6}$")


def takes_samples(copy: str, mention: Mention) -> bool:
    """Whether the police of the unit named there, behind its name, are told to take samples or lead the taking."""
    if HANDED_TO.search(copy, max(0, mention.start - LEAD), mention.start):
        return False
    return TAKES.match(copy, mention.end) is not None


def only_tests(copy: str, mention: Mention) -> bool:
    """Whether the police of the unit named there are told only to test samples: 由拉萨市公安局DNA实验室检验."""
    if TESTS.match(copy, mention.end) is None:
        return False
    return TESTED_BY.search(copy, max(0, mention.start - LEAD), mention.start) is not None


def gone_to(copy: str, mention: Mention) -> bool:
    """Whether officers are told to have gone to the unit named there and to have taken samples, with a figure.

    A whole province tells nothing of where.
    """
    if all(code.endswith("0000") and not code.startswith(CITIES) for code in mention.codes):
        return False
    if TO_SAMPLE.match(copy, mention.end) is None:
        return False
    return WENT_TO.search(copy, max(0, mention.start - LEAD), mention.start) is not None


def other_work(copy: str, start: int, end: int) -> bool:
    """Whether a stretch tells of other police work and has no word of samples."""
    if OF_SAMPLES.search(copy, start, end):
        return False
    return OTHER_DEED.search(copy, start, end) is not None or names_other_work(copy, start, end)


def hands_out(copy: str, start: int, end: int) -> bool:
    """Whether a stretch of other police work counts what was handed out: 开展反诈宣传，发放传单200份."""
    return HANDED_OUT.search(copy, start, end) is not None and other_work(copy, start, end)


def told_off(copy: str, start: int, end: int, names: Sequence[Mention]) -> frozenset[int]:
    """Where those units of a sentence are named that only its other work speaks of; there must be a unit that samples.

    >>> text = "吉塘镇采集DNA血样63份，荣周乡调解纠纷2起。"
    >>> told_off(text, 0, len(text), [Mention(0, 3), Mention(14, 17)])
    frozenset({14})
    """
    if len(names) < 2 or SUM.search(copy, start, end):
        return frozenset()
    heads = [start, *(m.end() for m in CLAUSE_END.finditer(copy, start, end))]
    parts: dict[int, list[Mention]] = {}
    for mention in names:
        parts.setdefault(heads[bisect_right(heads, mention.start) - 1], []).append(mention)
    if len(parts) < 2:
        return frozenset()
    begins = list(parts)
    ends = dict(zip(begins, [*begins[1:], end], strict=True))
    sampled = {_placed(copy, m) for at in begins if OF_SAMPLES.search(copy, at, ends[at]) for m in parts[at]}
    off: set[int] = set()
    for at in begins:
        if AT_ONCE.search(copy, at, ends[at]) or not other_work(copy, at, ends[at]):
            continue
        if FIGURE.search(copy, at, ends[at]) and not OTHER_DEED.search(copy, at, ends[at]):
            continue
        if all(_placed(copy, m) in sampled and not OWN_FIGURE.match(copy, m.end) for m in parts[at]):
            off.update(m.start for m in parts[at])
    return frozenset(off)


def _placed(copy: str, mention: Mention) -> bool:
    """Whether a unit is named as where something is done, not as who does it."""
    return PLACED.search(copy, max(0, mention.start - 8), mention.start) is not None
