"""What was dealt out before the day: 任务分到三个片：东片1200人，西片950人. No word of a task stands beside each."""

from __future__ import annotations

from pipeline.patterns import Pattern

# 任务分到四个警务区，; 指标分给三个工业区：; 名额按楼栋摊派：
_DEALT = (
    r"(?:分(?!别|组|批|头)(?:解|配|派|摊|给|到)?|摊派?|派|下[达发]|落实|切块?|划|包干)(?:到|给|至|了|下[去来])*"
    r"[^。；，：:、\d已完采]{0,14}(?:[，：:、]|(?=\d)|$)"
)
ALLOTTED = Pattern(
    r"(?:逐[村户乡镇]|分[村乡镇])?(?:派|下达?|分|领)了?任务[^。；：:，\d]{0,8}[：:](?P<list>[^。；！？\n]*)$|"
    rf"(?:任务|指标|名额|采集数|应采数)(?:数|量)?(?:[已也都再要由]|按[^，。；\d采]{{1,8}}?){{0,2}}?{_DEALT}(?P<list>[^。；！？\n]*)$"
)
# What has been done since is none of it.
DONE = Pattern(
    r"完成(?!时限)|(?<![应需须])采(?!集?任务|集?指标)|已|实[采际]|累计|目前|截[至止]|占|留[了下]|上报|[交收]了|现|结果"
)
REACH = 240


def allotted(before: str) -> bool:
    """Whether a figure behind these words is one of those that a task was dealt out in.

    >>> allotted("任务分到两个片：东片1200人，西片"), allotted("任务分到两个片，东片采了")
    (True, False)
    """
    found = ALLOTTED.search(before[-REACH:])
    return found is not None and DONE.search(found["list"]) is None
