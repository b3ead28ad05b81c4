"""What a day or week brought in each place, beside what was taken there so far: 圳上镇：采血230，累计4310, and behind
本周采集数（括号内为累计）： 禾丰210（3310），盘古山95（1720）. What has a unit of its own is for `counts.kinds`.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from pipeline.language.count_dates.as_of import Calendar
from pipeline.language.counts.gear import is_gear
from pipeline.language.counts.numerals import find_numerals
from pipeline.language.counts.words import words
from pipeline.language.tables.columns import about_samples
from pipeline.language.tables.columns_beside import OTHER_TRAITS
from pipeline.language.tables.fitting import SUM
from pipeline.language.tables.headings import heading
from pipeline.language.tables.tables import Cell
from pipeline.patterns import Pattern

NUMBER, UNIT = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+万)?", r"(?:人份|人次|[份人例名])?"
NAME = r"(?:^|(?<=[；;。\n]))\s*(?:\d{1,2}[.、．])?(?P<name>\p{Han}{2,12})[:：]\s*"
# 圳上镇：采血230，累计4310
BESIDE = Pattern(
    rf"(?m){NAME}(?:当[日天]|今[日天]|本[周日月]|新增|新采)*(?:采集(?:DNA|男性)?(?:血样|样本)?|采[血样]|抽血)(?P<now>(?:{NUMBER}){UNIT})"
    rf"[，、；;\s]\s*(?:共?累计|总计|合计)(?:采[集血样]|完成|已采)?[血样]?(?P<all>(?:{NUMBER}){UNIT})(?=\s*(?:[；;。]|$))"
)
# 本周DNA采集数（括号内为累计）：
BRACKETS = Pattern(
    r"(?P<head>[^，。；\n]{2,30})[（(]括[号弧][内里中]?的?(?:数[字据]?)?[为是系]?(?:累计|总)[^（）()]{0,6}[）)][:：]?\s*"
)
# 禾丰210（3310）
BRACKETED = Pattern(
    rf"\s*(?:\d{{1,2}}[.、．])?(?P<name>\p{{Han}}{{2,12}}?)[:：\s]*(?P<now>(?:{NUMBER}){UNIT})[（(](?P<all>(?:{NUMBER}){UNIT})[）)][，,、；;。]?"
)
# 今日：采血230，累计4310
NO_PLACE = Pattern(r"[今昨当本]|目前|截|情况|进[度展]|战|采|数|血|期|全程")
FEWEST = 2


def so_far_counts(copy: str, calendar: Calendar) -> tuple[list[Cell], list[tuple[int, int]]]:
    """Such figures of a matching copy of a post about a population, and what they cover."""
    if not calendar.mass or not ("累计" in copy or "总" in copy or "合计" in copy):
        return [], []
    items = [m for m in BESIDE.finditer(copy) if about_samples(copy, calendar, m.start(), m.end())]
    items = [m for m in items if not _of_else(m["name"])]
    for told in BRACKETS.finditer(copy):
        below = list(_bracketed(copy, told.end()))
        named = words()["sample"].search(told["head"]) or about_samples(copy, calendar, *told.span())
        if len(below) >= FEWEST and named and not OTHER_TRAITS.search(told["head"]):
            items += below
    cells = [cell for m in items for cell in _cells(m, calendar)]
    return cells, [(cell.start, cell.end) for cell in cells]


def _bracketed(copy: str, at: int) -> Iterator[regex.Match[str]]:
    while found := BRACKETED.match(copy, at):
        yield found
        at = found.end()


def _of_else(name: str) -> bool:
    """Whether an item is named for a thing, and not a place."""
    of_else = words()["other"].search(name)
    of_else = of_else and (len(of_else[0]) > 1 or not name.endswith(("镇", "乡", "村", "社区")))  # 牛棚镇
    return bool(of_else) or is_gear(name) or heading(name, topical=True) in ("target", "samples")


def _cells(m: regex.Match[str], calendar: Calendar) -> Iterator[Cell]:
    total = SUM.match(m["name"])
    place = (total[1] or None) if total else None if NO_PLACE.search(m["name"]) else m["name"]
    for part in ("now", "all"):
        numeral = next(iter(find_numerals(m[part])), None)
        if numeral is None or not numeral.value:
            continue
        at = (m.start(part), m.start(part) + numeral.end)
        yield Cell(*at, "samples", numeral, place, calendar.as_of("samples", *at, m.start()))
