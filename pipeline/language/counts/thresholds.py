"""Figures from which on somebody is rewarded or blamed: 2000份以上的5个派出所, 达到1000份的民警, 不足100份的予以约谈.

How many anybody took they do not tell. 民警扎西采集1000份以上，获表彰 does.
"""

from __future__ import annotations

from pipeline.patterns import Pattern
from pipeline.records import Qualifier

# Who is rewarded, also how many of them: 的5个派出所, 的12名民警.
WHO = (
    r"(?:[派出]{0,3}所|单位|[乡镇村]{1,2}|社区|民警|辅警|干警|警员|协警|采[集血样]员|网格员"
    r"|个人|同志|小组|班组|县区?|部门)"
)
THRESHOLD = Pattern(rf"以?[上下内]?的(?:前?(?:\d{{1,3}}|[一二三四五六七八九十两]{{1,3}})[个名位家])?{WHO}")
# 采集300份以上的奖励500元, 的，记三等功, 者予以通报
REWARDED = Pattern(
    r"(?:以[上下])?[的者][，,]?(?:一律|均|各|可|由[^，。；\d]{1,8}|年终|年度|给予|予以|当月|直接|评定?为?)*"
    r"(?:奖|记(?:个人|集体)?(?:[一二三]等功|嘉奖|功|过)|嘉奖|表[彰扬]|通报|约谈|扣|罚|授予|优秀|先进|加\d?分|取消|问责|检讨)"
)
# 超过200份的有甲所: who they are
THOSE_ARE = Pattern(r"(?:以[上下])?的(?:共|只|仅|还|就|也)?有(?!人)")
# 凡采集达到, 对采集满: what leads to an exact threshold.
REACHES = Pattern(r"(?:达到?|[完采]?满|够|超过|突破|高于|低于|少于|多于|不足)$")
EVERYBODY = Pattern(r"凡[^，。；]{0,16}$")
# 每采集100份奖励50元
# 每满500份送检一批, 每凑够200份
FOR_EACH = Pattern(
    r"每(?:(?:采集?|完成|抽|上报|收集?|入库|攒|凑|积)(?:满|够|到|足|齐)?|满|够|达到?|逢)(?:DNA|血样|样本)*$"
)


def is_threshold(before: str, qualifier: Qualifier, behind: str) -> bool:
    """Whether a figure is one from which on somebody is rewarded or blamed.

    >>> is_threshold("采集", "more_than", "的5个派出所"), is_threshold("采集达到", "exact", "的，记三等功")
    (True, True)
    >>> is_threshold("采集", "exact", "的民警扎西"), is_threshold("采集", "more_than", "，5个派出所受到表彰")
    (False, False)
    """
    if FOR_EACH.search(before):
        return True
    rough = qualifier in ("less_than", "more_than")
    if not (rough or REACHES.search(before) or EVERYBODY.search(before)):
        return False
    return any(told.match(behind) for told in (THRESHOLD, REWARDED, THOSE_ARE))
