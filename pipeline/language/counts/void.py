"""Samples that do not count or are untested, shares of those not sampled: 重复采集2300份; 未检30份; 未完成的占31%.

Void samples are part of the sum told before them, so that to add them would count them twice. Words: `void` in
`corpora/phrasebook/count_words.csv`.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from pipeline.language.counts.words import words
from pipeline.patterns import Pattern

# What may stand between the word and the figure: 重复采样的样本共310份.
FILLING = (
    r"(?:DNA|血样|血卡|血斑|样[本品]?|集|卡片?|采集|采样|采血|信息|数据|人员|情况"
    r"|的|了|共|计|约|近|有|为|达|各|仅|[:：（(])*+$"
)
# 无不合格样本: there are none. 复采不合格血卡43张: now they count.
NONE = Pattern(r"(?:[无没未非]|没有|减少|避免|防止|杜绝|[复重补]采了?|重做了?)$")
# 血量不足86份: what is short is the blood, not the number.
TOO_LITTLE = Pattern(r"(?:血量|血斑|采血量|样本量|血滴)$")
# 86份，已退回重采; 86份样本因字迹不清被市局退回; but 300份，已退回20份.
SENT_BACK = Pattern(
    r"(?:的?(?:DNA|血样|样[本品]|血卡|血斑|卡片?){0,3}(?:，|因[^，。；\d]{1,16}?|由于[^，。；\d]{1,16}?)?)?(?:[均都]|全部|一律)*已?(?:经|被)?(?:(?<=被)[^，。；\d]{1,8}?)?(?:全部)?"
    r"(?:作废|报废|[退打]回(?:(?:要求)?(?:重新?[采做录](?:集|样)?|补[采录]))?|予以(?:作废|剔除|退回))(?:处理)?(?=[，。；、）]|$)"
)
# 126份血量不足、31份信息不符
BAD = Pattern(
    r"(?:的?(?:DNA|血样|样[本品]|血卡|血斑|卡片?)){0,2}(?:因|是|系|属)?(?:采?血量?(?:不足|过少|偏少|太少|不够)|信息(?:不符|不全|有误|错误)|(?:被|受)?污染|霉变|发霉|字迹(?:不清|模糊)|编号(?:重复|错误|有误))"
)
# 已检2万份，未检300份; 尚有300份未检验: what is to become of samples that were told before
UNTESTED = r"(?:未|待|没有?|尚需)(?:送检|检[验测]?|化验|比对|录入|上传)(?:的)?"
STILL_UNTESTED = Pattern(
    rf"\d[万千]?[余多]?(?:人份|[份人名例])[^。；]*[，、；（(](?:其中|目前|现)?[还尚仍]?有?{UNTESTED}(?:血样|样本)?[还尚仍]?[有共]?约?$"
)
SOME_LEFT = Pattern(
    r"\d[万千]?[余多]?(?:人份|[份人名例])[^。；]*(?:[还尚仍]有|[还尚仍]有[\d,.]+[万千]?[余多]?份[^，。；\d]{2,6}、)约?$"
)
NOT_TESTED = Pattern(rf"(?:血样|样本)?[还尚仍]?{UNTESTED}(?=[，。；、]|$)")
# 未完成的占任务数的31%, 没有采血，占应采人数的18%, 尚差23.5%
NOT_TAKEN = Pattern(
    r"(?:(?<!不)未(?:能|予)?(?:采集?|完成|抽|取样|入库|参加|到场|覆盖|建库)|没有?(?:采集?|完成|抽血?|来采)|(?:拒绝?|不愿)(?:采集?|抽血?|配合)|漏采|缺口|欠采|[还尚仍][差缺欠])"
    r"(?:DNA|血样?|血卡|样本?|信息|采集|任务|目标|的|人员|群众|居民|村民|男性|部分|比例|率|[，,](?=约?占)|占比?|应采|应到|总?人?数|总量|约|近|为|达|到|了|有|仅|只|[:：])*+$"
)
# 8%的男性居民未采集DNA血样
WITHOUT = Pattern(
    r"的[^，。；\d]{0,12}?(?:[还尚仍]|目前)*(?:未(?:能)?|没有?|不愿|拒绝?)(?:被|能|参加|完成)?(?:采集?|抽血?|参加|入库|完成|配合)(?!过?错)"
)
# 剩余的15%将在下月补采
LEFT_OVER = Pattern(r"(?:剩余|余下|剩下|尚有|还有|尚余)的?[约近]?$")
LEFT_REACH = 12


@lru_cache(maxsize=1)
def _void() -> regex.Pattern[str]:
    return regex.compile(rf"(?P<word>{words()['void'].pattern}|重复){FILLING}")


def is_void(before: str, figure: str, behind: str) -> bool:
    """Whether samples do not count, between what stands before and behind their number.

    >>> is_void("其中重复采样", "310份", "、"), is_void("共采集", "310份", "，"), is_void("血量", "不足86份", "")
    (True, False, True)
    """
    if figure.startswith("不足") and TOO_LITTLE.search(before):
        return True
    if SENT_BACK.match(behind) or BAD.match(behind) or STILL_UNTESTED.search(before):
        return True
    if NOT_TESTED.match(behind) and SOME_LEFT.search(before):
        return True
    word = _void().search(before)
    return word is not None and NONE.search(before, 0, word.start()) is None


def not_taken(before: str, behind: str) -> bool:
    """Whether a share is of those who were not sampled, between what stands before and behind it.

    >>> not_taken("未完成的占任务数的", "。"), not_taken("完成率", ""), not_taken("还有", "的男子未采集血样")
    (True, False, True)
    """
    if LEFT_OVER.search(before) and "已" not in behind[:LEFT_REACH]:
        return True
    return NOT_TAKEN.search(before) is not None or WITHOUT.match(behind) is not None
