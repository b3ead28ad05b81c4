"""Which unit of a list each of a row of figures counts: 东镇、西镇分别采集30份、20份; 东沟、西沟两村快，为98%和87%.

Units and figures are told in the same order, and there are as many of the one as of the other. Words may stand between
the list and its row, if they count nothing and list nothing themselves (男、女分别… is a row of its own).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pipeline.patterns import Pattern

# 武乡县, 景德镇市, 周村区, 金乡镇: a unit's last sign may stand within a name; 金河乡镇龙村 is a township's village.
SMALL = (
    r"(?:省区|[县市区州盟旗])(?!乡|镇|村|街道|场)|镇(?![县市区]|片[\d采完已共])|乡(?![县市区]|片[\d采完已共]|镇(?!\p{Han}{1,3}[村寨]))|村(?![县市区镇乡])"
    r"|(?<![各村離离进出下上入回到全本每几个民山])[寨屯](?![\p{Han}]{0,2}[县市区镇乡村](?!民)|[子沟门里兵垦])|省|社区|街道|(?<![照卡血纸名刀药切芯影胶一大整])片(?=[\d采完已共]|人均)|苏木|嘎查(?!村(?!民))|林场|牧场|农场|居委会"
)
INSTITUTION = (
    r"派出所|警务站|中心小学|小学|(?<!其)中学|(?<!没有|还没|做|补|教)完小(?!孩|学|时)|完全小学|教学点|(?<=[\p{Han}]{2})村小(?!学|组|孩|卖|伙|道)|幼儿园|寺庙?+(?!镇|街道|乡|村(?![民子])|小学|中学|派出所|警务|管理(?!委)|\d+座)"
    "|监狱|看守所|戒毒所|农贸市场|校区"
)
Spans = list[tuple[int, int]]

# 东镇、西镇分别采集30份、20份; 东沟、西沟两村分别…
_FIGURE = (
    r"(?P<figure>(?:(?:将?近|约|不足|不到|超过?|逾|达)?\d[\d.,]*+(?: \d{3})*+(?![年月日])"
    r"|百分之[零一二三四五六七八九十百点]+)[^，。；、和\d\n]{0,6})"
)
_COUNT_OF = r"等?[\d两二三四五六七八九十]+个?(?:人口大|边境|沿线|偏远|重点|试点)?(?:乡镇|[县市区州镇乡村所寺地]|派出所)"
RESPECTIVE = Pattern(
    r"(?:(?P<name>\p{Han}{2,12}+|\p{Han}{0,9}\d{1,3}[村连队])(?:、(?P<name>\p{Han}{2,10}?|\d{1,3}[村连队])){0,30}?"
    r"|(?P<name>\p{Han}{1,9}?[县市区州镇乡村所]))"
    r"[、和与及](?P<name>\p{Han}{2,10}?|\d{1,3}[村连队])"
    rf"(?P<rank>{_COUNT_OF})?"
    r"(?:的?(?:DNA|血样|信息)*(?:采集|采血|采样|完成|覆盖|入库)[率量数]?)?(?:[已均都全部]{0,4}(?:完成|采完|采齐|结束)，)?(?:已|共|均)?(?:分别|依次)[^，。；、\d\n]{0,16}"
    rf"{_FIGURE}(?:[、，和及]{_FIGURE}){{1,31}}"
)
UNIT_END = Pattern(rf"(?:{SMALL}|{INSTITUTION}|所)$")
# A list of units wherever it stands, of those whose police are named, or of short names before their number.
_UNIT = rf"(?P<name>\p{{Han}}{{1,9}}?(?:派出所|寺|[中小]学|{SMALL}))(?:公安分?局)?"
# 某省某县: the name goes on up to its last unit.
_WHOLE_NAME = r"(?!(?![的在已共各都均全两三四五六七八九十])\p{Han}{1,4}(?<!所)[县市区旗镇乡])"
UNITS = Pattern(
    rf"{_UNIT}(?:、{_UNIT}){{0,30}}[、和与及]{_UNIT}{_WHOLE_NAME}"
    rf"|(?P<name>\p{{Han}}{{2,8}})(?:、(?P<name>\p{{Han}}{{2,8}})){{0,30}}[、和与及](?P<name>\p{{Han}}{{2,8}}?)(?P<rank>{_COUNT_OF}|派出所)"
)
# 1320份和1120份, 92%、87%: figures with nothing between them.
_BARE = r"(?P<figure>(?:将?近|约|不足|不到|超过?|逾|达|仅)?\d[\d.,]*+[万千]?[多余]?(?P<unit>人份|[人份名张例条%]))"
# 分别达600、500、400份: the unit stands but once.
_ONE_UNIT = rf"(?P<figure>\d[\d.]*+[万千]?)(?:、(?P<figure>\d[\d.]*+[万千]?)){{0,30}}[、和及]{_BARE}"
ROW = Pattern(rf"(?<![\d.])(?:{_BARE}(?:[、，]?[和及]?{_BARE}){{1,31}}|{_ONE_UNIT})")
# What may part a list from its row: no figures but ages and days (采集12至65岁男性血样).
BETWEEN = Pattern(r"(?:[^。；;\n\d%]|\d[\d.]*+(?=周?岁|[年月日时点—～~-]|[至到]\d)){0,90}+$")
LISTING = Pattern(r"[、和与及][^，]*$")
# 东镇、西镇共采集500份，480份入库: a sum, and what became of it; without 分别 a row is no more than its figures.
IN_TURN = Pattern(r"分别|依次|各自")
TOTAL = Pattern(r"共|累计|合计|总计")
STAGE = Pattern(r"(?:已|均|被|待)*(?:录入|入库|送检|送|合格|检|比|退|存疑|重|未|上传|不)")


@lru_cache(maxsize=4)  # asked for with each figure of a sentence
def respective(sentence: str, local: frozenset[str] = frozenset()) -> list[tuple[Spans, Spans]]:
    """The units and the figures of each list whose figures follow in a row. `local`: short names that are units.

    With 分别 right behind the list their numbers may differ.
    """
    near = [
        (listed.spans("name"), listed.spans("figure"))
        for listed in (RESPECTIVE.finditer(sentence) if "分别" in sentence or "依次" in sentence else ())
        if listed["rank"] or all(UNIT_END.search(name) or name in local for name in listed.captures("name"))
    ]
    same = [(names, figures) for names, figures in near if len(names) == len(figures)]
    return [*same, *_apart(sentence), *near]


def _apart(sentence: str) -> Iterator[tuple[Spans, Spans]]:
    """Lists and rows of the same length with other words between them, or with another row of theirs."""
    if "、" not in sentence and "和" not in sentence:
        return
    rows = [m for m in ROW.finditer(sentence) if len(set(m.captures("unit"))) == 1]
    lists = [(m.end(), m.spans("name")) for m in UNITS.finditer(sentence)] if rows else []
    done: tuple[int, Spans] = (0, [])
    for row in rows:
        end, names = max((item for item in [*lists, done] if item[0] <= row.start()), default=done)
        between = sentence[end : row.start()]
        if len(names) == len(row.spans("figure")) and BETWEEN.match(between) and not LISTING.search(between):
            if not IN_TURN.search(between) and (
                TOTAL.search(between) or "，" in row[0] or STAGE.match(sentence, row.end())
            ):
                continue
            done = row.end(), names
            yield names, row.spans("figure")
