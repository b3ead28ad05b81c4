"""Figures that a post denies, refutes or corrects: 网传…8000份，不实; 误写为11200份; 虚报1020份.

They are told only so that nobody believes them. What they are corrected to (实际仅采集1380份) counts. Words:
`rumour`, `refuted`, `misreported` in `corpora/phrasebook/count_words.csv`.
"""

from __future__ import annotations

from pipeline.language.counts.words import words
from pipeline.patterns import Pattern

# What stands behind the last of these is what holds: 网传已采20万份不实，实际2万份.
IN_TRUTH = Pattern(r"实际|真实|事实上|截[至止]|目前|正确|应为|更正为|[。！？：:](?![“「])")
# 从未采集过12万份; but 还没有采集的300份 are still to be taken.
DENIED = Pattern(
    r"(?:从未|从没有?|未曾|不曾|并未|并没有|(?<![还尚仍至今])没有)(?:强制|组织|统一)?(?:采集|采|抽取|收集)过?"
    r"(?:(?:任何|所谓|什么)?(?:群众|村民|居民)?的?(?:DNA|血样|样本)+)?$"
)
# 系录入错误, ”为误传: said of the figure right before.
BEHIND = Pattern(
    r"(?:DNA|血样|样本)*[”」』]?(?:的(?:DNA|血样|采集)*(?:说法|消息|信息|言论|传言|谣言|传闻|数字|数据|报道|帖子?|网帖|内容))?[，,]?"
    r"(?:均|都|完全|全|实)*(?:属于?|系|是|为|乃)?(?:一?[则条])?\p{Han}{0,4}?(?:错误|有误|笔误|误[写报传植录记统]\p{Han}?(?=[，。；]|$))"
)
# 上报2400份，经核查，实际仅采集1380份
CHECKED_LESS = Pattern(
    r"[，,][^，。；\d]{0,4}(?:经|据)?[^，。；\d]{0,6}(?:核[查实对]|查实|查明|复核)[^，。；\d]{0,4}[，,]?(?:实际|其实)(?:仅|只|才)"
)
REPORTED = Pattern(r"上报|填报|报称|自报|报了|报送")
# 《我县DNA采集突破十万份》一文: a heading under which something wrong was told.
IN_TITLE = Pattern(r"《[^《》]{0,40}$")
TITLE_ENDS = Pattern(r"[^《》]{0,40}》(?:一文|的?(?:文章|报道|帖子?|视频|消息|稿件))?")
CORRECTS = Pattern(r"更正|勘误|致歉|不实|谣|失实|撤[回稿]")
STOP = Pattern(r"[，。；、]")
# 应为2318份，系笔误: what is right. 由85.9%调整为82.3%: what was wrong.
RIGHT = Pattern(r"(?:应当?为|应是|更正为|修正为|订正为|调整为)$")
REPLACED = Pattern(r"[，,]?(?:现|均|应)?(?:更正|修正|订正|调整)为")
# A rumour's words stand this near before its figure, what refutes it this near behind, in characters.
REACH = 30


def refuted(sentence: str, start: int, end: int) -> bool:
    """Whether the figure of a sentence from start to end is told to be wrong.

    >>> text = "网传已采20万份，不实，实际采2万份"
    >>> refuted(text, 4, 8), refuted(text, 15, 18)
    (True, False)
    """
    before, behind = sentence[max(0, start - REACH) : start], sentence[end : end + REACH]
    if RIGHT.search(before):
        return False
    if DENIED.search(before) or BEHIND.match(behind) or REPLACED.match(behind):
        return True
    wrong = max((m.end() for m in words()["misreported"].finditer(before)), default=-1)
    if wrong >= 0 and STOP.search(before, wrong) is None:
        return True
    if REPORTED.search(before) and CHECKED_LESS.match(behind):
        return True
    if IN_TITLE.search(before) and CORRECTS.search(sentence) and TITLE_ENDS.match(behind):
        return True
    told = max((m.end() for m in words()["rumour"].finditer(before)), default=-1)
    if told < 0 or IN_TRUTH.search(before, told):
        return False
    said_wrong = words()["refuted"].search(behind)
    return said_wrong is not None and IN_TRUTH.search(behind[: said_wrong.start()]) is None
