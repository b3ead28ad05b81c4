"""Dates that stand in a figure's sentence and are those of something else: an order, a crime, an arrest, a flood."""

from __future__ import annotations

from pipeline.language.count_dates.days import OWN_FIGURE
from pipeline.language.count_dates.deadlines import PART_END
from pipeline.language.count_dates.digests import told_behind
from pipeline.language.dates.dates import Date
from pipeline.patterns import Pattern

# Days of an arrest: those taken are sampled some time after, though the same clause may tell of it.
ARREST = Pattern(r"抓获|抓捕|落网|归案|擒获")
# What was done in a clause of its own, before the clause that counts: 公安部2017年部署…，我局采集…
ORDER = Pattern(r"发(?:出|布|了)?(?:个)?通知|部署|下发|印发|出台|发文|批复|立项|提出|要求|签订|会议精神")
# 6月5日，按照上级要求，我所采集…: what led to the sampling, of that day
LED = Pattern(
    r"[^，。；\d]{0,10}[所局队室乡镇村县](?:严格|认真)?(?:按照|根据|遵照|依[据照])|按照?|根据|遵照|依[据照]|落实|贯彻|响应|围绕|结合|为"
)
CRIME = Pattern(
    r"逃跑|逃走|逃离|潜逃|出逃|在逃|外逃|逃亡|负案|作案|被(?:抓|捕|拘|判|处|害|盗|抢|拐|杀)|服刑|入狱|判刑|出狱|刑满"
)
# 特大暴雨后，…; but 冒着暴雨，… is the day itself.
DISASTER = Pattern(r"(?:[暴大]雨|洪[水灾涝]|山洪|泥石流|雪[灾崩]|地震|塌方|滑坡|火灾|爆炸|矿难)[^，。；]{0,6}后$")
# 本周采集80份，上周66份: the day before is not that of the second; 上周漏下的17人 are of this week.
LAST_WEEK = r"(?<=[，；、])上(?:周|个?星期|个?礼拜)(?![一二三四五六日天末漏剩未没欠遗])"
# What has been reached by the day of the post, however the sentence began: 4月10日部署…，目前已采460份.
BY_NOW = Pattern(rf"{LAST_WEEK}|(?:截[至止])?目前|至今|现已|迄今|如今")
# 距6月30日还有5天
AWAY_FROM = ("距", "离", "距离")


def of_occasion(copy: str, d: Date, start: int) -> bool:
    """Whether a date is that of an occasion told in its own clause, not of a figure that stands at `start`."""
    told = told_behind(copy, d)
    if ARREST.search(PART_END.split(told, maxsplit=1)[0]) or copy.endswith(AWAY_FROM, 0, d.start):
        return True
    clause = PART_END.split(told.lstrip("，, "), maxsplit=1)[0]
    end = d.end + len(told) - len(told.lstrip("，, ")) + len(clause)
    if d.stated or end >= start:
        return False
    if BY_NOW.search(copy, end, start) and "。" not in copy[end:start]:
        return True
    ordered = None if LED.match(clause) else ORDER.search(clause)
    other = ordered or CRIME.search(clause) or DISASTER.search(clause)
    return other is not None and OWN_FIGURE.search(clause) is None
