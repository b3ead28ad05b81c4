"""What was completed, told in the words of a task: 5月底前完成了辖区320名男性的采集任务, 完成甲村57人、乙村63人的采集.

A task and 的采集 behind a figure else say that it is still to be done. What others set (完成县局下达的2000份任务)
stays a task, and so does what is to be completed.
"""

from __future__ import annotations

from pipeline.patterns import Pattern

CLAUSE = Pattern(r"[，。；：！？\n]|,(?!\d{3})")
# 完成了; 提前完成, 已完成, 先后完成
WAS_COMPLETED = Pattern(r"完成了")
COMPLETED = Pattern(
    r"(?:已经?|均|提前|圆满|先后|顺利|如期|率先|陆续|分别|基本|累计|共)[^，。；要须应将拟可能]{0,8}完成(?!后|率|情况)"
)
# 4月份完成900人的采集任务，预计5月10日前完成剩余…: the one has been done, the other has not
IN_MONTH = Pattern(r"(?:月份?|本[月周]|上[月周]|季度|年)(?:共|已|累计)?完成(?!后|率|情况)")
THE_REST = Pattern(r"[，；]?(?:预计|计划|将|力争|争取|余下|剩余|其余|剩下)")
# 要完成, 剩余…, 县局下达的…
NOT_YET = Pattern(
    r"[要须需将拟待剩余未没尚还差缺]|务必|力争|争取|计划|预计|确保|应当?(?!采)|打算|有望|才能|方可|下达|分配|部署|交办|分给|布置|定下|规定"
    r"|前完成(?!了)|内完成(?!了)|力求|保证|为了?[^，。；]{0,8}完成"
)
TOLD_TO = Pattern(r"[要须]|务必|力争|争取|确保|计划|预计|打算|下一?步|[将拟]|为了?[^，。；]{0,8}$|鼓励|动员|请")
# 的DNA血样采集任务, 、乙村63人的采集; 为…开展了采集
ITS_TASK = Pattern(
    r"[^，。；：！？]{0,70}?的?(?:DNA|血样?|样本|信息|指血){0,3}(?:采集|采血|采样|抽血|取样)(?:任务|工作)?(?=[，。；！\n]|$)"
)
# 已对甲村（68人）、乙村（112人）开展了采集: a list of those in brackets
FOR_LIST = Pattern(r"(?:已经?|先后|分别|陆续)[对为给在][^，。；]{1,60}[（(]$")
ONE_MORE, ONE_BEFORE = Pattern(r"[）)]、[^，。；]{1,12}[（(]\d"), Pattern(r"\d[人名][）)]、[^，。；]{1,12}[（(]$")
WAS_DONE = Pattern(
    r"[^，。；]{0,70}?(?:开展|进行|实施|完成)了[^，。；\d]{0,8}(?:采集|采血|采样|抽血)(?!工作)(?=[，。；！\n]|$)"
)


# 共完成采集任务300人, 采集任务已完成300人; but 完成任务300份的102%, 采集任务300人，目前完成…
TASK_DONE = Pattern(
    r"完成了?[^，。；：\d率]{0,10}任务数?(?:共|计|约|近|达)*$|任务数?(?:目前|现)?(?:已经?|共|累计|均)*完成了?(?:共|约|近)*$"
)
TASK_AFTER_ALL = Pattern(
    r"的?(?:\s?[\d一二三四五六七八九十百近约超]|百分之)|(?:目标|指标)?(?:的[^，。；]{0,6})?，(?!累计|合计|总?共|其中)[^，。；\d]{0,8}(?:完成|采集|采)了?\s?\d"
)

# 今年采集任务300人，目前完成210人
DONE_SO_FAR = Pattern(
    r"任务\D{0,4}[\d.,万千余]+(?:人份|[人份名])，(?:目前|现在?|至今|截[至止]目前)(?:已经?|共|累计)*完成了?$"
)


def completed(before: str, behind: str) -> bool:
    """Whether a figure between `before` and `behind`, which speak of a task, was completed.

    >>> completed("派出所于6月10日前完成了辖区", "男性的采血任务。"), completed("6月10日前完成", "男性的采血任务。")
    (True, False)
    """
    if DONE_SO_FAR.search(before):
        return True
    clause = CLAUSE.split(before)[-1]
    if FOR_LIST.search(clause) and (ONE_MORE.match(behind) or ONE_BEFORE.search(clause)):
        return WAS_DONE.match(behind) is not None and TOLD_TO.search(clause) is None
    if TASK_DONE.search(clause) and not TASK_AFTER_ALL.match(behind):
        return NOT_YET.search(clause) is None and TOLD_TO.search(before) is None
    if ITS_TASK.match(behind) is None:
        return False
    done = WAS_COMPLETED.search(clause)
    if done:
        return NOT_YET.search(clause) is None
    done = COMPLETED.search(clause)
    if done is None and THE_REST.search(behind):
        done = IN_MONTH.search(clause)
    return done is not None and NOT_YET.search(clause) is None and TOLD_TO.search(before) is None
