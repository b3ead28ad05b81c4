"""Figures about samples in lists: a line says what is listed, each item has a name and a figure for each of it.

各所情况（应采/已采）：甲所120/118；乙所…, 各村采集数：甲村312，乙村208, 排名：1.甲村98%, and forms (累计采集：20417).
Sentences whose figures have units of their own are for `counts.kinds`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.language.count_dates.as_of import Calendar
from pipeline.language.counts.gear import is_gear, names_gear
from pipeline.language.counts.goods import in_forms
from pipeline.language.counts.numerals import find_numerals
from pipeline.language.counts.so_far import so_far_counts
from pipeline.language.counts.words import NAME_ENDS, words
from pipeline.language.script import matching_copy
from pipeline.language.spans import holding
from pipeline.language.tables.columns import about_samples
from pipeline.language.tables.columns_beside import OTHER_TRAITS
from pipeline.language.tables.fitting import SUM
from pipeline.language.tables.headings import heading
from pipeline.language.tables.tables import Cell
from pipeline.patterns import Pattern
from pipeline.records import CountKind

# 累计采集：20417 on a line of its own.
FORM = Pattern(r"\s*([\p{Han}A-Z（）()/]{2,14})\s*[:：]\s*([\d,.]+[%份人张]?(?:/[\d,.]+[%份人张]?)?)\s*[；;。]?")
# A colon, and a name and a figure behind it: a cheap check that spares most lines the dear ones.
BEGINS = Pattern(r"[:：]\s*+(?:\d{1,2}[.、．])?[\p{Han}（）]{2,14}+[:：（(，\s]*+\d")
# 采集排名前三的是东镇（98%）、…
RANKED = Pattern(r"(?:排名|进度|采[集血样])[^，。；\d]{0,10}(?:是|有|为)(?=\p{Han}{2,10}（\d)")
FORM_FIGURE = Pattern(r"[\d,.]+[%份人张]?")
PAIR_NAMED = Pattern(r"[（(]?([\p{Han}]{2,4})/([\p{Han}]{2,4})[）)]?$")
# What a line announces: several figures an item (（应采、已采、完成率）), or one (各村采集数：).
COLUMNS = Pattern(
    r"(?:^|[（(。；，、\s]|\p{Han}(?=应))((?:\p{Han}{2,6}[/、]){1,4}\p{Han}{2,6})[）)]?"
    r"\s*(?:情况|进度|分别|依次|如下|为|是)*(?:[:：]\s*|(?<=[）)])\s*$)"
)
ONE = Pattern(r"(?:^|[。；，、\s])([^。；，:：]{2,30}?)(?:如下|排名如下|情况如下|分别为|排名)?(?:[:：]\s*|。?\s*$)")
LIST_HEAD = Pattern(r"(?:[:：]|如下。?|分解表|情况表|统计|排名|数(?:[（(][份人张例][）)])?)\s*$")
# 男性血样采集情况（截至8月26日）, 各村采集DNA数（单位：份）: a title, above lines each of which begins with a place.
TITLE = Pattern(
    r"[^，。；：:]{4,30}(?:情况|进[度展]|数量?|统计|排名|[日周月战通快]报|表)(?:[（(][^（）()。；]{1,16}[）)])?\s*$"
)
OF_PLACE = Pattern(rf"(?:{NAME_ENDS}|大队|中队|小区|牧场|林场|农场)$")
# 牛棚镇, 羊场村: no animals.
RANK = Pattern(r"(?:镇|乡|村|寨|街道|社区|派出所|寺)$")
TASK = Pattern(r"(?:任务|分解|指标|计划|应采|目标|安排|日程)(?!完成(?:情况|进度|统计|数|量))")
# 请各队按下列名额组织: who is called, not who came.
CALLED = Pattern(r"名额|请(?:各|按|于|在)[^。；]{0,24}(?:组织|通知|安排|到场|参加|采)")
COLLECTED = Pattern(r"采[集样血]|任务|完成|[走跑轮][完遍]")
SHARE = Pattern(r"率|比例|进度|占比")
OF_RATE = Pattern(r"[率比采底]|完成|目前|截[至止]|提高|达到|[上升]升|进度|已|约|超")
NUMBER = r"(?:约|将?近|不足|不到|逾|超过?)?(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?:%|人份|人次|份|人|例|张|名)?"
# Between two figures of an item; a blank too, unless it may mark thousands: 吉塘镇 1200 1080.
NEXT = r"(?:\s*+[/、，]\s*+|(?<!(?<!\d)\d{1,2})\s++(?=\d))"
ITEM = Pattern(
    r"\s*+(?:\d{1,2}月\d{1,2}日\s|\d{1,2}[.、．]|第?[一二三四五六七八九十]+[、名]|[①-⑳❶-❿])?\s*+(?P<name>(?!其中)[\p{Han}（）()]{2,14}?)"
    rf"(?:(?:[:：（(，]|[—－–]{{1,2}}(?![—－–]))\s*+|\s++)?(?P<figures>{NUMBER}(?:{NEXT}{NUMBER})*)[）)]?\s*+(?:[；;、，,。]\s*+|$|(?<=\s)(?=\p{{Han}}))"
)
FIGURE = Pattern(NUMBER)
UNIT = Pattern(r"[份人例张名]")
FEWEST = 2
# What a line announces stands at most this far before its end, in characters.
ANNOUNCE = 50


def list_counts(copy: str, calendar: Calendar) -> tuple[list[Cell], list[tuple[int, int]]]:
    """Figures of the lists and forms of a matching copy, and the lines that they cover."""
    cells, covered = so_far_counts(copy, calendar)
    bought = words()["purchase"].search(matching_copy(calendar.context.title)) is not None
    for start, end, numeral, kind in in_forms(copy, purchase=bought):
        covered.append((start, end))
        if kind:
            as_of = calendar.as_of(kind, start, end, copy.rfind("\n", 0, start) + 1)
            cells.append(Cell(start, end, kind, numeral, None, as_of or (calendar.due() if kind == "target" else None)))
    of_goods = holding(covered)
    offset, listed, day, titled = 0, list[CountKind | None](), None, False
    for line in copy.split("\n"):
        start, offset = offset, offset + len(line) + 1
        if not line.strip():
            continue
        items = _items(line, 0, listed) if listed else []
        if titled and not all(OF_PLACE.search(item["name"]) or SUM.match(item["name"]) for item in items):
            items = []
        if items:
            cells += _listed(items, start, listed, calendar, day)
            if not all(_says_what(item) for item in items):
                covered.append((start, start + len(line)))
            continue
        form = FORM.fullmatch(line) if calendar.mass else None
        if form and of_goods(start + form.start(2)):
            continue
        filled = _filled(form, copy, start, calendar) if form else []
        if filled:
            cells += filled
            covered.append((start, start + len(line)))
            continue
        listed = _announced(copy, line, start, calendar)
        titled = not listed and _is_title(line)
        if titled:
            listed = ["target" if TASK.search(line) else "samples"]
        day = calendar.day_named(start, start + len(line)) if listed else None
        cells += _in_line(copy, line, start, calendar, covered)
    cells += _ranked(copy, calendar, covered)
    return cells, covered


def _columns(copy: str, told: regex.Match[str], offset: int, calendar: Calendar) -> list[CountKind | None]:
    """What each figure of an item is, by the names told; [] where they are no names of figures about samples."""
    if not about_samples(copy, calendar, offset + told.start(), offset + told.end()):
        return []
    kinds = [heading(name, topical=True) for name in regex.split("[/、]", told[1])]
    if kinds and kinds[0] is None:
        kinds = kinds[1:]  # 单位、应采、已采
    return kinds if len(kinds) > 1 and all(kinds) else []


def _announced(copy: str, line: str, offset: int, calendar: Calendar) -> list[CountKind | None]:
    """The kinds of the figures that a line announces for the lines below it."""
    if line.rstrip()[-1:] not in "：:）)。表统计排名下":
        return []
    late = max(0, len(line) - ANNOUNCE)
    several = "/" in line or "、" in line  # what stands between the names of columns
    told = next((m for m in COLUMNS.finditer(line, late) if not line[m.end() :].strip()), None) if several else None
    kinds = _columns(copy, told, offset, calendar) if told else []
    if kinds:
        return kinds
    if not LIST_HEAD.search(line):
        return []
    if names_gear(line):
        return []
    told = words()["sample"].search(line) is not None or "采样" in line
    if not told and not (COLLECTED.search(line) and about_samples(copy, calendar, offset, offset + len(line))):
        return []
    at = offset + len(line.rstrip())
    coming = TASK.search(line) or CALLED.search(line, late) or calendar.to_come(at, at, offset) is not None
    return ["target" if coming else "samples"]


def _is_title(line: str) -> bool:
    """Whether a line without a colon is the title of a list of places and their samples."""
    named = words()["sample"].search(line) is not None and TITLE.fullmatch(line.strip()) is not None
    return named and not (OTHER_TRAITS.search(line) or names_gear(line))


def _says_what(item: regex.Match[str]) -> bool:
    """Whether an item tells by itself what it counts, and is no place: 应采 900, 第一组采血512人."""
    return heading(item["name"], topical=True) in ("target", "samples")


def _of_else(name: str) -> bool:
    """Whether an item is named for something that is no sample; 牛棚镇 is a town."""
    found = words()["other"].search(name)
    return found is not None and not (len(found[0]) == 1 and RANK.search(name))


def _in_line(copy: str, line: str, offset: int, calendar: Calendar, covered: list[tuple[int, int]]) -> Iterator[Cell]:
    """The figures of lists that stand in the line that announces them; of several an item, they are `covered`."""
    if calendar.mass and "（" in line and "%" in line:
        for told in RANKED.finditer(line):
            items = _items(line, told.end(), ["coverage"], to_end=False)
            if len(items) >= FEWEST and all("%" in item["figures"] for item in items):
                yield from _listed(items, offset, ["coverage"], calendar)
    if BEGINS.search(line) is None:
        return
    for told in COLUMNS.finditer(line):
        kinds = _columns(copy, told, offset, calendar)
        items = _items(line, told.end(), kinds, to_end=False) if kinds else []
        own = list(_listed(items, offset, kinds, calendar))
        covered += ((cell.start, cell.end) for cell in own)
        yield from own
    for told in ONE.finditer(line):
        if told[0].rstrip()[-1:] not in "：:":
            continue
        kind = _one(copy, told[1], offset + told.start(), calendar)
        items = _items(line, told.end(), [kind], to_end=False) if kind else []
        bare = [item for item in items if (kind == "coverage") == ("%" in item["figures"])]
        if len(bare) >= FEWEST and len(bare) == len(items) and not any(UNIT.search(i["figures"]) for i in items):
            yield from _listed(items, offset, [kind], calendar)


def _one(copy: str, head: str, at: int, calendar: Calendar) -> CountKind | None:
    """The kind of the one figure of each item, by the words before the colon."""
    if words()["other"].search(head) or not about_samples(copy, calendar, at, at + len(head)):
        return None
    return heading(head, topical=calendar.mass)


def _items(line: str, start: int, kinds: Sequence[CountKind | None], *, to_end: bool = True) -> list[regex.Match[str]]:
    """The items that follow one another from `start` on; `to_end`: all of the line must be such."""
    items: list[regex.Match[str]] = []
    at = start
    while at < len(line) and (item := ITEM.match(line, at)):
        if len(FIGURE.findall(item["figures"])) != len(kinds):
            break
        items.append(item)
        at = item.end()
    return [] if to_end and line[at:].strip() else items


def _listed(
    items: Sequence[regex.Match[str]],
    offset: int,
    kinds: Sequence[CountKind | None],
    calendar: Calendar,
    day: str | None = None,
) -> Iterator[Cell]:
    """The counts of items. `day`: that of the line that announces them, for what was taken."""
    for item in items:
        name = item["name"]
        if _of_else(name) or is_gear(name) or _says_what(item):
            continue
        total = SUM.match(item["name"])
        place = (total[1] or None) if total else item["name"].strip("（）()")
        for kind, found in zip(kinds, FIGURE.finditer(item["figures"]), strict=True):
            numeral = next(iter(find_numerals(found[0])), None)
            if numeral is None or kind is None or not numeral.value:
                continue
            own: CountKind = "coverage" if numeral.kind == "percent" else kind
            if own != kind and len(kinds) > 1:
                continue
            start = offset + item.start("figures") + found.start()
            at = (start + numeral.start, start + numeral.end)
            as_of = calendar.as_of(own, *at, offset) or (None if own == "target" else day)
            yield Cell(*at, own, numeral, place, as_of)


def _ranked(copy: str, calendar: Calendar, covered: list[tuple[int, int]]) -> list[Cell]:
    """Lines of names and percentages under a title that is about rates of samples: 1.甲村 98.2%."""
    if not (calendar.mass and calendar.names_samples and SHARE.search(calendar.context.title)):
        return []
    cells, offset, held = list[Cell](), 0, holding(covered)
    for line in copy.split("\n"):
        items = _items(line, 0, ["coverage"])
        if items and all(_is_ranked(item, alone=len(items) == 1) for item in items) and not held(offset):
            cells += _listed(items, offset, ["coverage"], calendar)
            covered.append((offset, offset + len(line)))
        offset += len(line) + 1
    return cells


def _is_ranked(item: regex.Match[str], *, alone: bool) -> bool:
    """Whether an item is a place and its rate; 甲村211份，完成98%；乙村177份 and 比上周提高3% are of a sentence."""
    named = OF_PLACE.search(item["name"]) or SUM.match(item["name"])
    return "%" in item["figures"] and (named is not None or (alone and OF_RATE.search(item["name"]) is None))


def _filled(form: regex.Match[str], copy: str, offset: int, calendar: Calendar) -> list[Cell]:
    """The figures of one line of a form (累计采集：20417; 应采/已采：500/430) in a post about a population."""
    if not about_samples(copy, calendar, offset, offset + len(form[0])):
        return []
    pair = PAIR_NAMED.search(form[1])
    names = list(pair.groups()) if pair else [form[1]]
    figures = list(FORM_FIGURE.finditer(form[2]))
    cells = []
    for name, found in zip(names, figures, strict=False):
        kind, numerals = heading(name, topical=True), find_numerals(found[0])
        share = bool(numerals) and numerals[0].kind == "percent"
        if len(names) != len(figures) or kind is None or not numerals or share != (kind == "coverage"):
            continue
        start = offset + form.start(2) + found.start()
        end = start + numerals[0].end
        cells.append(Cell(start, end, kind, numerals[0], None, calendar.as_of(kind, start, end, offset)))
    return cells
