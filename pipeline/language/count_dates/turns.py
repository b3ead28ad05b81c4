"""Figures, or places, told in the order of the days before them: 3月6日、8日分别到东村、西村; 两月分别采90份和75份."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from pipeline.language.dates.dates import Date
from pipeline.language.dates.days import FULL_DAY, MONTH, YEAR, day_of
from pipeline.patterns import Pattern

# 四天依次采了21人、34人: days, and what each of them brought.
TURN = Pattern(
    r"(?<![\d.,])\d[\d,.]*+[万千]?[余多]?(?:[人份名例张位]|%)|[零〇一二两三四五六七八九十百千万]{1,8}+[余多]?[人份名例张]"
)
FIGURES = rf"(?:{TURN.pattern})(?:[、和及](?:{TURN.pattern})){{1,9}}"
IN_TURN = Pattern(
    rf"(?:(?:[二两三四五六七八九十]{{1,2}}[天日晚]|\d{{1,2}}[天晚]|每[天日晚])[^，。；\d]{{0,8}}[，,]?(?:依次|分别|先后|各)|逐日)[^，。；、\d]{{0,8}}?({FIGURES})"
)
# 10月、11月又分别采集90份和75份; 2016年、2017年，全县采集数分别为0.8万份和1.1万份;
# 6日、8日，分别在东村、西村采集90份、75份
EACH = Pattern(
    rf"[^。；、\d]{{0,40}}?(?:依次|分别|(?:又|再)?各)(?:[在到赴]\p{{Han}}{{2,8}}(?:[、和及]\p{{Han}}{{2,8}}){{1,4}}?)?[^，。；、\d]{{0,16}}?({FIGURES})"
)
# 2016年至2018年, 3至5月
RUN = Pattern(r"(?<!\d)(?<first>\d{1,4})[年月]?(?:份)?[至到—\-–～~]{1,2}(?<last>\d{1,4})(?<unit>[年月])")
# How far back it begins, in characters, and how many it has at most.
RUN_REACH, MOST = 12, 12
# How far around a figure such a list is read, in characters.
TURNS = 80
# 3月6日至8日: a stretch; 3月6日、8日: one by one.
STRETCH, LISTED = Pattern(r"\s*[至到—\-－–～~]+\s*|[、和]"), Pattern(r"[、和及]")
# 分别到堆纳乡东村、西村，
PLACES = Pattern(
    r"[，,]?[^，。；、\d]{0,16}?(?<turn>分别|先后|依次|分头)?(?:又|再)?(?:赴|到了?|在|去了?|对|深入|前往|走进|进入|来到|进驻?)"
    r"(?<names>\p{Han}{2,12}(?:[、和及与]\p{Han}{2,12}){1,5}?)(?=[，,。；]|[为给采抽开进召])"
)
AND = Pattern(r"[、和及与]")
WITHIN = Pattern(r"\p{Han}{2,4}[县乡镇](?=\p{Han}{2})")
IN_TURN_BEFORE = ("分别", "分别于", "分别在", "先后", "先后于", "依次于")
# How far behind a list of places a figure may name one of them, in characters.
PLACES_REACH = 240


def in_turn(copy: str, clause: int, start: int, end: int, before: Sequence[Date]) -> str | None:
    """The date of a figure, or of the place it is of, in a list of as many as there are dates.

    The figure stands from `start` to `end`, its sentence from `clause` on; `before`: the dates told before it.
    """
    days = [d for d in before if not d.deadline]
    told = [d for d in days if not d.since]
    return (
        _day_of_stretch(copy, clause, start, end, days)
        or _date_of_figure(copy, start, end, told)
        or _date_of_place(copy, start, told)
    )


def _day_of_stretch(copy: str, clause: int, start: int, end: int, before: Sequence[Date]) -> str | None:
    """3月2日至4日…三天依次采了12人、30人、8人: the day of one of them."""
    found = IN_TURN.finditer(copy, max(clause, start - TURNS), end + TURNS)
    told = next((m for m in found if m.start(1) <= start), None)
    if told is None or start >= told.end():
        return None
    number, figures = _number(copy, told.span(1), start)
    days = [d for d in before if len(d.iso) == FULL_DAY and d.end <= told.start()]
    if len(days) < 2 or STRETCH.fullmatch(copy, days[-2].end, days[-1].start) is None:
        return None
    first, last = day_of(days[-2].iso), day_of(days[-1].iso)
    if first is None or last is None or (last - first).days + 1 != figures or number < 0:
        return None
    return (first + timedelta(days=number)).isoformat()


def _date_of_figure(copy: str, start: int, end: int, before: Sequence[Date]) -> str | None:
    """10月、11月又分别采集90份和75份: the month of one of them."""
    near = [d for d in before if d.start >= start - TURNS]
    told = EACH.match(copy, near[-1].end, end + TURNS) if near else None
    if told is None or not told.start(1) <= start < told.end(1):
        return None
    number, figures = _number(copy, told.span(1), start)
    listed = [d.iso for d in _listed(copy, near)]
    listed = listed if len(listed) == figures else _run(copy, near[-1])
    return listed[number] if figures == len(listed) and number >= 0 else None


def _date_of_place(copy: str, start: int, before: Sequence[Date]) -> str | None:
    """3月6日、8日分别到东村、西村。东村采得90人，西村75人: the day of the place named last before a figure."""
    listed = _listed(copy, [d for d in before if d.start >= start - PLACES_REACH])
    told = PLACES.match(copy, listed[-1].end, start) if listed else None
    if told is None or not (told["turn"] or copy.endswith(IN_TURN_BEFORE, 0, listed[0].start)):
        return None
    names = [WITHIN.sub("", name) for name in AND.split(told["names"])]
    last = max(range(len(names)), key=lambda number: copy.rfind(names[number], told.end(), start))
    named = copy.find(names[last], told.end(), start) >= 0
    return listed[last].iso if named and len(names) == len(listed) else None


def _listed(copy: str, dates: Sequence[Date]) -> list[Date]:
    """The dates that are told one by one as the last ones: 3月6日、8日; none where it is but one."""
    listed = list(dates[-1:])
    for d in reversed(dates[:-1]):
        if LISTED.fullmatch(copy, d.end, listed[0].start) is None:
            break
        listed.insert(0, d)
    return listed if len(listed) > 1 else []


def _run(copy: str, d: Date) -> list[str]:
    """The years or months of a stretch that ends with a date: 2016年至2018年."""
    run = RUN.search(copy, max(0, d.start - RUN_REACH), d.end)
    if run is None or run.end() < d.end or len(d.iso) != (YEAR if run["unit"] == "年" else MONTH):
        return []
    numbers = range(int(run["first"]), int(run["last"]) + 1)[:MOST]
    return [str(n) if len(d.iso) == YEAR else f"{d.iso[:YEAR]}-{n:02d}" for n in numbers]


def _number(copy: str, figures: tuple[int, int], start: int) -> tuple[int, int]:
    """Which of a list of figures stands at `start`, from 0 on, and how many there are."""
    starts = [m.start() for m in TURN.finditer(copy, *figures)]
    return sum(at <= start for at in starts) - 1, len(starts)
