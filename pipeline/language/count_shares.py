"""Percentages that are no share of people: still to be reached, a part of all samples, or by how much there is more."""

from __future__ import annotations

from pipeline.patterns import Pattern

# 力争…采集率达到户籍男性的12%: a base may stand between. 按照要求, 达到了 and 目前 tell what is so.
AIMED = Pattern(
    r"(?:力争|争取|(?<!为)确保|务必|必须|(?<!(?:按照?|根据|依照|遵照|对照|落实|完成|实现|达成|超额)[^，。；]{0,12})(?:要求|目标|计划)|预计|有望|[要须应](?=[占达]))"
    r"(?!了|.*(?:已|目前|截至|(?<![实体])现|实际))[^。；]{0,30}(?:[占达]到?|提[高升]到|升至|覆盖|[为至到])(?!了)(?:不低于)?[^，。；\d了]{1,20}的[约近]?$"
)
# 省厅下达的10%采集率任务
SET = Pattern(r"(?:下达|规定|确定|设定|分配|核定|要求|提出)的$")
TASK = Pattern(r"[^，。；\d]{0,8}(?:任务|目标|指标|要求|标准|底线)")
# 占全县采集总量的12%: of samples. 占应采集总数的, 占采集任务总数的 are of people.
OF_TAKEN = Pattern(
    r"占(?:了|到)?(?![^，。；]*(?:应|需|须|拟|待|任务|计划|目标|对象|人口))[^，。；\d]{0,10}"
    r"(?:(?:采集|采样|采血|入库|血样|样本|血卡)(?:总[数量]|数量|[数量])|已采[^，。；\d]{0,6})的?[约近]?$"
)
# 比上月增加两成, 同比三成; not 提高到
GREW = Pattern(
    r"(?:增[长加幅多]|上[升涨]|提[高升]|下[降滑]|减少|降低|回落|同比|环比|翻番)(?:幅度|率)?[了约近达为]{0,2}$"
)
# 甲镇、乙镇采集率不足50%，予以通报批评: named ones, who fell short; not 采集率不足50%的 nor 各镇
NAMED = Pattern(r"\p{Han}(?<![各全本该我每某贵两下几])(?:县|州|市|区|乡|(?<!乡)镇|街道|派出所|分局|公安局|大队)")
ANYBODY = Pattern(r"[各凡]|任何|每个|哪个|如果|一旦|对于")
# 确保采集率达到12%，目前为8.3%
SO_FAR = Pattern(
    r"(?:目前|现在?|截[至止][^，。；\d]{0,4}|至今|眼下|当前)(?:实际|已经?|仅|才|只|刚){0,2}(?:为|是|有|达到?|完成了?)?[约近]?$"
)
OF_RATE = Pattern(r"(?:采[集样血]|覆盖|完成)率[^。；]{0,40}$")
SENTENCE = Pattern(r"[。；：！？\n]")


def no_share(before: str, behind: str) -> bool:
    """Whether a percentage is still to be reached, a part of all samples, or a growth.

    >>> no_share("争取采集率达到全镇男性的", ""), no_share("采集率达到全镇男性的", ""), no_share("血样比上周增加", "")
    (True, False, True)
    """
    if AIMED.search(before) or OF_TAKEN.search(before) or GREW.search(before):
        return True
    return SET.search(before) is not None and TASK.match(behind) is not None


def fell_short(before: str, behind: str) -> bool:
    """Whether a clause tells of named units that they did not reach a share, and the next what came of it.

    >>> fell_short("东镇采集率", "，被通报批评"), fell_short("各镇采集率", "，予以通报")
    (True, False)
    """
    told = SENTENCE.split(before)[-1]
    return behind.startswith(("，", ",")) and bool(NAMED.search(told)) and not ANYBODY.search(told)


def so_far(before: str) -> bool:
    """Whether a percentage tells how far the rate has come that its sentence named before.

    >>> so_far("力争采集率达到12%，目前为"), so_far("力争采集率达到")
    (True, False)
    """
    told = SO_FAR.search(before)
    return told is not None and OF_RATE.search(before, 0, told.start()) is not None
