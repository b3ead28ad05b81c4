"""Numbers without a unit that count samples all the same: 采了三百四，; 采集量突破6000大关; 分别达600、500、400份."""

from __future__ import annotations

from pipeline.language.counts.ellipsis import NAME_ALONE
from pipeline.language.counts.numerals import CLAUSE_ENDS, Numeral
from pipeline.language.counts.other_kinds import respective
from pipeline.patterns import Pattern

BARE_START = Pattern(
    r"(?:采集?|抽|扎|留|取)了(?:约|近|有|足足|整整)?$|库(?:容量?|存量?|总量)(?:已?达到?|为|是|突破|超过)?$|"
    r"(?:的数|的量|名额|定量)[是为:：]?$|(?:采集|共采|已采|实采|实到|采到|采得|采血|抽血|血样|血卡|DNA样本|DNA信息|DNA血样|应采|需采|应到|任务|计划|已完成|完成|采样)"
    r"(?:[人份]?(?:总?数)?量?[:：]?(?:为|是|达|共|已达|已|约|有)*+)\s?$"
)
TELLS = Pattern(
    r"(?:[采抽扎留取做][了到得]|[是有为达到了称]|[来去]了的|数字是)[^，。；\p{Han}\d]?$|[上里][交收][了去]?$"
)
# 分别达600、500、400份: the unit stands but once
ROW_LEFT = Pattern(r"(?:分别|依次)[^，。；、\d]{0,12}(?:\d[\d.]*万?[、和及])*$")
ROW_RIGHT = Pattern(r"(?:、\d[\d.]*万?){0,30}[、和及]\d[\d,.]*万?[余多]?(?:人份|[份人名])")
# 其中儿童约4.1万
PART = Pattern(r"其中\p{Han}{1,6}$")
SMALLEST_CROWD = 100
# 入库总量已达212万: large numbers that something has reached.
REACHED = Pattern(r"(?:人数|总量|总数|规模|数据|样本|目前|现)[已将要也]*(?:达到?|有|为|是)?$")
MYRIAD = 10_000
# A smaller bare number is a day, a group, an item of a list.
SMALLEST_BARE = 10


def is_bare(sentence: str, numeral: Numeral, last_end: int, *, mass: bool) -> bool:
    """采了三百四，: a number that closes its clause without a unit, right behind the verb or the sample it counts."""
    if numeral.value < SMALLEST_BARE or not CLAUSE_ENDS.match(sentence, numeral.end):
        return False
    if BARE_START.search(sentence, last_end, numeral.start) or respective(sentence, numeral.start) == "samples":
        return True
    if mass and ROW_RIGHT.match(sentence, numeral.end) and ROW_LEFT.search(sentence, 0, numeral.start):
        return True
    if mass and numeral.value >= MYRIAD and REACHED.search(sentence, last_end, numeral.start):
        return True
    if mass and numeral.value >= MYRIAD and last_end and NAME_ALONE.fullmatch(sentence, last_end, numeral.start):
        return True  # 甲县采集5.2万、乙县3.8万
    if mass and numeral.value >= SMALLEST_CROWD and PART.search(sentence, last_end, numeral.start):
        return True
    # 两千上下, 三千四百多: only what was counted one by one is told so, and people are.
    return (
        numeral.qualifier in ("about", "more_than", "nearly")
        and TELLS.search(sentence, last_end, numeral.start) is not None
    )
