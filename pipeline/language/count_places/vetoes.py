"""Which units named before a figure are not what it counts: ranks, orders, databases, the police's own names."""

from __future__ import annotations

from typing import cast

from pipeline.patterns import Pattern

# 按照全省统一部署, 走在全市前列, 作为全国先进单位: what a whole unit is named for beside the counting.
LED_TO = Pattern(
    r"(?:走在|[位名排]?[居列]|排名|跻身|处于|作为|成为|是|荣?获|评为|(?:为|主动)?服务|由于|鉴于|[高低]于|超过|领先|列入|纳入)$"
)
BY_ORDER = Pattern(r"(?:按照?|遵照|根据|依照|依据|落实|贯彻|响应|围绕|自)$")
ORDERED = Pattern(
    r"[^，。；：\n\d]{0,16}?(?:部署|安排|要求|会议?(?=[上后精召以]|$|，)|精神|方案|规划|意见|通知|指示|任务分解|要点|工作计划)"
)
RANKED = Pattern(
    r"\p{Han}{0,6}?(?:前列|前茅|首位|榜首|第[一二三四五六七八九十\d]+(?=[，。；、名位]|$)|末[位名]|垫底|倒数|中游|试点(?=单位|[县市区乡镇村所])|先进(?=单位|集体|个人|典型|派出所)"
    r"|最[先早多快好高大](?=的)|之[首最冠]|大局|地广人稀)"
    r"|[\p{Han}A-Za-z-]{0,16}?(?:会议|推进会|现场会|调度会|部署会|动员会|培训班)(?!后|结束|之后)"
)
# 在全县率先完成
FIRST_IN = Pattern(r"\p{Han}{0,6}?(?:率先|首[个家](?!月)|领先)")
# 昌都市洛隆县公安局, 洛隆县刑警大队: the police's own name; 一村一警: a slogan.
OF_FORCE = Pattern(
    r"(?![各两三几\d])(?:\p{Han}{1,6}?[县市区旗])?(?:人民政府)?(?:公安(?:厅|[分支]?局)|分局|(?:刑[警侦]|法医|治安|特[巡警]|巡[特警]|交警|国保|网安|户政|技术)\p{Han}{0,3}[大支中]队)"
)
ITS_STATION = Pattern(
    r"(?![一两二三四五六七八九十几各等\d])(?:\p{Han}{2,6}[县市区旗])?(?:\p{Han}{1,6}(?:镇|乡|街道|社区|苏木)|\p{Han}{2})派出所"
)
# 全市已采集9份，我局采集3份: the police's own, told by no place.
OWN = Pattern(
    r"[我本](?:局|所|大队|支队|中队)(?!长|党)|全[局所](?=[共总已累完采仅]|实[有采])|各(?:派出)?所(?=[共总已累完采仅])"
)
EACH_ONE = Pattern(r"一(?:村|乡|镇|校|所|社区|户)一\p{Han}")
# A station at work (日当镇派出所受理…) is the police's own name; one that its figures follow is the place.
AT_WORK = Pattern(
    r"[，、“「]?(?!任务|辖区|[已实应共累达超占仅只居排有]|[采抽][血样集得了到]*+[达占\d一二三四五六七八九十两百千万近约逾]|[采抽][血样集得了到]*+$|完成|入库|率先|采集任务|的(?:任务|完成|采集|采血)|[一二三四五六七八九十两几半]+个?[天周月年])\p{Han}"
)
# 录入全国打拐DNA库, 在全省男性家族库里检索: where samples go, not where they come from.
INTO = Pattern(r"(?:入|传|存|送|在|同|与|和)$")
BANK = Pattern(r"\p{Han}{0,8}(?:DNA|Y-?STR)?(?:数据|信息|样本)?(?:[库网]|系统)")

# 在东镇召开推进会, 到东镇检查采集工作: what happened there was no sampling.
HAPPENED = Pattern(
    r"[^，。；：！？\n]{0,24}?(?:召开|举[行办]|[推现动]\p{Han}[会场]会|启动仪式|培训|试点|检查|调研|督[导查]|观摩|取经|经验)"
)
# Samples that were taken, not the work of taking them.
SAMPLED = Pattern(
    r"[^，。；：！？\n]*?(?:采集|采血|采样|抽血|补采)(?!(?:DNA|血样|信息|样本|数据|入库)*(?:工作|任务|试点|推进|现场|动员|培训|启动|经验|情况|进[度展]|质量|行动|会))"
)
# 试点…，随后全面铺开: a figure behind it is no longer that of the place of the trial.
SPREAD = Pattern(
    r"(?P<whole>全[省州市县区旗乡镇])(?:\d+个(?:乡镇|[县镇乡村])(?:\p{Han}?街道)?)?(?:范围内?)?(?:全面|逐步|陆续)?(?:铺开|推开|推广|推行)"
    r"|推[向至到开广](?P<whole>全[省州市县区旗乡镇])|(?P<bare>全面(?:铺开|推开|推广|推行))|(?:各派出所|全局)(?=[共总已累])"
)
TRIAL = "试点"
# 借鉴东县、西县的经验, 高于东县: other units than those that sampled.
COMPARED = Pattern(
    r"(?:借鉴|学习|[高低]于|赶超|领先)(?!\p{Han}{0,6}[后在赴到往])(?:\p{Han}{1,8}[、和及])*\p{Han}{1,8}$"
)

# 来自贵州、四川的务工人员, 户籍地为毕节市的工人: where newcomers come from. 来自东镇的村民 are at home there.
ORIGIN = Pattern(
    r"(?:来自|户籍地?[为在是]|籍贯[为是]|原籍[为是]?)(?:(?!样本|血样)[\p{Han}、]){2,24}?的"
    r"(?=[^，。；]{0,10}(?:[务打民]工|工[人友]|经商|生意|商[户贩人]|流动|外来|老板|[旅游]客))"
)


def without_origins(before: str) -> str:
    """The same text, with blanks where it says from where newcomers come.

    >>> without_origins("为来自贵州的务工人员采集")
    '为     务工人员采集'
    """
    return cast(str, ORIGIN.sub(lambda m: " " * len(m[0]), before))


# 只采户口在本镇的: whose home it is
HOME = Pattern(r"户[口籍](?:均|都|不)?在$")


def in_passing(part: str, start: int, end: int) -> bool:
    """Whether a whole unit is named as a rank, by an order or as a database, and is not what was counted."""
    before = part[max(0, start - 8) : start]
    if HOME.search(before):
        return True
    if INTO.search(before) and BANK.match(part, end):
        return True
    if part[start] != "全":
        return False
    ordered = BY_ORDER.search(before) is not None and ORDERED.match(part, end) is not None
    first = before.endswith("在") and FIRST_IN.match(part, end) is not None
    return ordered or first or LED_TO.search(before) is not None or RANKED.match(part, end) is not None


def of_force(part: str, end: int) -> bool:
    """Whether what ends here is the beginning of the police's own name (洛隆县康沙镇派出所组织…)."""
    station = ITS_STATION.match(part, end)
    at_work = station is not None and AT_WORK.match(part, station.end()) is not None
    return at_work or OF_FORCE.match(part, end) is not None


def happened(part: str, end: int) -> bool:
    """Whether something else than sampling happened at the place that ends here (在东镇召开推进会)."""
    return HAPPENED.match(part, end) is not None and SAMPLED.match(part, end) is None


def spread(before: str) -> str | None:
    """The whole to which the work was carried on from one place (随后在全县铺开); empty where it is not named."""
    found = [m for m in SPREAD.finditer(before) if not m["bare"] or TRIAL in before]
    return (found[-1]["whole"] or "") if found else None


def compared(part: str, end: int) -> bool:
    """Whether the unit that ends here is one that others learn from, or are compared with."""
    return COMPARED.search(part, max(0, end - 40), end) is not None
