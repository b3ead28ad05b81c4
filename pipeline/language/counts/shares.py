"""Percentages that are no share of people: still to be reached, a part of all samples, or by how much there is more."""

from __future__ import annotations

from pipeline.language.counts.numerals import Numeral, find_numerals
from pipeline.language.sentences import SENTENCE_END
from pipeline.patterns import Pattern

# 力争…采集率达到户籍男性的12%: a base may stand between. 按照要求, 达到了 and 目前 tell what is so.
AIMED = Pattern(
    r"(?:力争|争取|(?<!为)确保|务必|必须|(?<!(?:按照?|根据|依照|遵照|对照|落实|完成|实现|达成|超额)[^，。；]{0,12})(?:要求|目标|计划)|预计|有望|[要须应](?=[占达]))"
    r"(?!了|.*(?:已|目前|截至|(?<![实体])现|实际))[^。；]{0,30}(?:[占达]到?|提[高升]到|升至|覆盖|[为至到])(?!了)(?:不低于)?[^，。；\d了]{1,20}的[约近]?$"
)
# 预计8月底可达90%，年底可完成100%; 计划于8月底前完成60%，10月底前完成90%; 将达到95%
FORECAST = Pattern(
    r"(?:(?<![原比较]|达到|完成|实现|超过)(?:预计|有望|可望)(?!的)|(?<!(?:按照?|根据|依照|遵照)[^，。；]{0,8})(?:计划|打算)(?:于|在|到)[^，。；]{0,8}[底日月旬年]前)"
    r"(?!.*(?:了|已|目前|截[至止]|(?<![实体出])现|实际))[^。；！？]{0,60}$"
    r"|(?:可|将)(?:达到?|突破|超过?|升[到至]|提[高升][到至])[约近]?$"
)
# 省厅下达的10%采集率任务
SET = Pattern(r"(?:下达|规定|确定|设定|分配|核定|要求|提出)的$")
TASK = Pattern(r"[^，。；\d]{0,8}(?:任务|目标|指标|要求|标准|底线)")
# 占全县采集总量的12%: of samples. 占应采集总数的, 占采集任务总数的 are of people.
OF_TAKEN = Pattern(
    r"占(?:了|到)?(?![^，。；]*(?:应|需|须|拟|待|任务|计划|目标|对象|人口))[^，。；\d]{0,10}"
    r"(?:(?:采集|采样|采血|入库|血样|样本|血卡)(?:总[数量]|数量|人数|[数量])|已采[^，。；\d]{0,6})的?[约近]?$"
)
# 其中僧人36份，占30%; 占总数的, 占全县的: of what
OF_ALL = Pattern(
    r"[，,（(]?约?占比?[了到为达]?(?:全[县市州区镇乡村局所校旗]|总|其)?(?:采集|采样|采血|血样|样本)?(?:总[数量]|人数|[数量])?的?[约近]?$"
)
TAKEN = Pattern(r"(?:血样?|DNA|样[本品]?|血卡|采集?|累计|收[到得]?)(?:共|了|约|达|计|：)*$")
NOT_TAKEN = Pattern(r"[应须需拟未没差剩]|任务|目标|计划|指标|名[册单]|人口")
CLAUSE = Pattern(r"[，。；！？\n（(]|,(?!\d{3})")
# 采集任务1.2万份，占全县男性的40%: a share of people that is still to be reached
OF_TASK = Pattern(
    r"(?:^|[，。；])(?![^，。；]*(?:完成|已|[采抽][了完]|实))[^，。；]{0,20}(?:任务|目标|指标|计划采集|拟采集?)[^，。；\d]{0,6}[\d.,]+万?[余多]?[份人名例]，约?占[^，。；\d]{1,16}$"
)
# How far back the whole of a share is looked for, in characters; how far off a rounded share may be.
WHOLE_REACH, OFF, OFF_TENTHS = 160, 0.6, 3
# 超额10%, 超任务5%, 比任务超出10%: by how much there is more; but 超额完成107%, 任务完成超过95%
OVER = Pattern(
    r"超额|超过?(?:任务|计划|目标|指标)|[比较][^，。；\d]{0,6}(?:任务|计划|目标|指标)[^，。；\d]{0,4}超[出过]?"
)
ALL = 100  # per cent
# 比上月增加两成, 同比三成; not 提高到
GREW = Pattern(
    r"比[^，。；\d]{1,10}(?:多|少|高|低)(?:出|了)?[约近]?$|(?:增[长加幅多]|上[升涨]|提[高升]|下[降滑]|减少|降低|回落|同比|环比|翻番)(?:幅度|率)?[了约近达为]{0,2}$"
)
# 甲镇、乙镇采集率不足50%，予以通报批评: named ones, who fell short; not 采集率不足50%的 nor 各镇
NAMED = Pattern(r"\p{Han}(?<![各全本该我每某贵两下几])(?:县|州|市|区|乡|(?<!乡)镇|街道|派出所|分局|公安局|大队)")
ANYBODY = Pattern(r"[各凡]|任何|每个|哪个|如果|一旦|对于")
# 东镇990份（92%）、西镇603份（44%）: each place's share of its task, if they come to more than a whole
LISTED = Pattern(r"\d[\d,.]*+[万千]?[余多]?(?:人份|[份人名例张])[（，、](?P<rate>\d[\d.]*+)%(?=[）；，。、\s]|$)")
MORE_THAN_ALL = 130  # per cent
# 确保采集率达到12%，目前为8.3%
SO_FAR = Pattern(
    r"(?:目前|现在?|截[至止][^，。；\d]{0,4}|至今|眼下|当前)(?:实际|已经?|仅|才|只|刚){0,2}(?:为|是|有|达到?|完成了?)?[约近]?$"
)
OF_RATE = Pattern(r"(?:采[集样血]|覆盖|完成)率[^。；]{0,40}$")
SENTENCE = Pattern(r"[。；：！？\n]")


def no_share(before: str, behind: str) -> bool:
    """Whether a percentage is still to be reached or expected, a part of all samples, or a growth.

    >>> no_share("争取采集率达到全镇男性的", ""), no_share("采集率达到全镇男性的", ""), no_share("血样比上周增加", "")
    (True, False, True)
    """
    if any(told.search(before) for told in (OF_TASK, AIMED, FORECAST, OF_TAKEN, GREW)):
        return True
    return SET.search(before) is not None and TASK.match(behind) is not None


def over_task(clause: str, share: Numeral) -> bool:
    """Whether a percentage tells by how much a task was exceeded, in its clause up to where it ends."""
    return share.value < ALL and OVER.search(clause) is not None


def of_samples(copy: str, start: int, share: Numeral) -> bool:
    """Whether the percentage at `start` tells how many of the samples told before it are from some, by the figures.

    >>> share = find_numerals("30%")[0]
    >>> [of_samples(t, len(t), share) for t in ("共采集血样120份，其中僧人36份，占", "应采120人，已采36人，占")]
    [True, False]
    """
    before = SENTENCE_END.split(copy[max(0, start - WHOLE_REACH) : start])[-1]
    told = OF_ALL.search(before)
    if told is None or share.upper is not None:
        return False
    before = before[: told.start()]
    figures = [n for n in find_numerals(before, counting=True) if n.kind == "number"]
    if not figures or figures[-1].end != len(before):
        return False
    part, off = figures[-1].value, OFF if share.value % 10 else OFF_TENTHS
    return any(
        whole.value > part and abs(100 * part / whole.value - share.value) <= off and _taken(before[: whole.start])
        for whole in figures[:-1]
    )


def _taken(before: str) -> bool:
    """Whether a figure behind this counts samples that were taken."""
    clause = CLAUSE.split(before)[-1]
    return TAKEN.search(clause) is not None and NOT_TAKEN.search(clause) is None


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


def is_listed(sentence: str, start: int) -> bool:
    """Whether a percentage that begins at `start` is told behind the samples of a place in a list of such.

    >>> is_listed("东镇990份（92%）、西镇603份（44%）", 7), is_listed("男性60份（60%）、女性40份（40%）", 6)
    (True, False)
    """
    rates = list(LISTED.finditer(sentence))
    return sum(float(m["rate"].rstrip(".")) for m in rates) > MORE_THAN_ALL and start in {
        m.start("rate") for m in rates
    }
