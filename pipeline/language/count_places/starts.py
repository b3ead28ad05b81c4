"""Where the name of a unit begins: behind the words that lead to it, with the units told before it in its chain."""

from __future__ import annotations

from pipeline.language.counts.words import words
from pipeline.language.places.gazetteer import load_gazetteer
from pipeline.language.places.villages import verbal_names
from pipeline.patterns import Pattern

# A name longer than this may hold words before it, in characters.
LONG_NAME = 4
# How long a known unit's name may be: 积石山保安族东乡族撒拉族自治县.
LONGEST_UNIT = 15
DAY = Pattern(r"^(?:[年日号]|月份?|以来|起)+(?:[初中末底](?!\p{Han}[县乡镇村]))?(?=\p{Han}{2,})")
MONTH_END = Pattern(r"(?:[\d一二三四五六七八九十]月|[今去]?年)$")
OTHERS = ("其余", "其他")
ONE_OF_NAME = ("将", "向", "往", "从", "对", "离")
BARE_UNIT = Pattern(r"(?:乡镇|[县市镇乡村所]|派出所)$")
# 黄台村、在田村: in a list no word leads to a name of one character.
LISTED = Pattern(r"(?<=、)[对在让由将从是往离]\p{Han}(?=村)")
HAN_BEFORE = Pattern(r"[\p{Han}\d]$")


def start_of_chain(part: str, start: int) -> int:
    """Where the known units begin that a chain begins with: 周口|市商水县谭庄镇, which `ABOVE` reaches but in part."""
    known = load_gazetteer().named
    while True:
        within = range(start, min(len(part), start + LONGEST_UNIT))
        begin = next(
            (
                a
                for a in range(max(0, start - LONGEST_UNIT), start)
                if any(known(part[a:b]) for b in within if b > a + 2)
            ),
            start,
        )
        if begin == start:
            return start
        start = begin


def start_of(part: str, start: int, end: int) -> int:
    """Where the name begins: behind the words that lead to it, and behind a day (6月10日打隆镇)."""
    name = part[start:end]
    if start and (part[start - 1].isdigit() or part[start - 1] in "一二三四五六七八九十"):
        day = DAY.match(name)
        start += day.end() if day else 0
    if MONTH_END.search(part[:start]) and not load_gazetteer().named(part[start:end]):
        start += part.startswith(("初", "中", "末", "底"), start)  # 6月底|桑多镇
    plain = _without_verbs(part[: end + 1])
    lead = words()["place_lead"].match(plain[start:end])
    if lead and lead[0].endswith(OTHERS) and BARE_UNIT.match(part, start + lead.end(), end):
        return int(start + lead.end() - len(OTHERS[0]))  # 其余乡镇
    astride = words()["place_lead"].match(plain[start - 1 : end]) if start and not lead else None
    if astride and astride.end() == 2 and not load_gazetteer().named(part[start:end]):
        start += 1  # 深|入东镇、西镇
    if (
        lead
        and lead[0] in ONE_OF_NAME
        and end - start - lead.end() == 2
        and part[end - 1] in "村镇乡"
        and part[end - 2] not in "全本我该各"
    ):
        return start  # 将台村, 向阳镇
    if lead and (lead[0] not in ("前", "后") or HAN_BEFORE.search(part[:start])):
        # 前山村采集…: nothing stands before it
        start += 0 if load_gazetteer().named(part[start:end]) else lead.end()
    return _known(part, start, end) if end - start > LONG_NAME and "、" not in name else start


def start_of_list(part: str, start: int) -> int:
    """Where the first name of a list begins that the gazetteer knows as longer (普玛江塘乡、…); else `start`."""
    end = part.find("、", start)
    longer = range(max(0, start - LONG_NAME), start)
    return next((at for at in longer if end > start and load_gazetteer().named(part[at:end])), start)


def _known(part: str, start: int, end: int) -> int:
    """Where a unit begins that the gazetteer knows, behind other words (估算下来夏曲镇); `start` where there is none.

    What ends in another unit stays: 囊谦县着晓乡.
    """
    if load_gazetteer().named(part[start:end]):
        return start
    for at in range(start + 3, end - 2):
        if load_gazetteer().named(part[at:end]):
            return start if part[at - 1] in "省市州盟县区旗" else at
    return start


def _without_verbs(part: str) -> str:
    """The same with other signs for the names of villages that hold what elsewhere leads to a name (对门村)."""
    for found in [*LISTED.finditer(part), *verbal_names(part)]:
        part = part[: found.start()] + "某" * len(found[0]) + part[found.end() :]
    return part
