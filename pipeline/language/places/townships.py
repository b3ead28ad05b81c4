"""Where a text names townships of known counties: in full, by short names in lists and tables, by a station's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import regex

from pipeline.language.places.gazetteer import load_gazetteer, township_stem
from pipeline.language.places.mentions import BEFORE, HAN, LONGEST, TOWNSHIP_END, Mention, fold, ordinary_words, words
from pipeline.patterns import Pattern

STATION = Pattern(
    r"(?:边境|边防|边牧|牧区|林区|景区|公安|中心|森林|水上|城镇|农村)?派出所|公安分局|边境检查站|(?:中心)?(?:卫生院|小学|学校)|司法所|所(?:里|(?=所长|教导员|辅警|[账上累完已共仅只]|\d|一家|采集?(?:血样|DNA)?(?:了|共)?\d|任务|实采|应采|[:：]\d))|便民警务站|警务站|警务室"
)
STEM_LIST = Pattern(
    r"\p{Han}{2,5}(?:、\p{Han}{2,5}?){1,11}?(?=[等各]?(?:[两二三四五六七八九十几数]{1,2}|\d{1,2})?个?(?:乡镇|集镇|镇|乡|街道|(?:中心|边境|基层|农村|城区|城郊|沿线|牧区)?派出所|所)|[两二三四五六七八九十]地)"
)
# 三乡（普马、宗萨、岳巴）: the rank goes before the list.
STEMS_AFTER = Pattern(r"(?:镇|乡|街道|所)(?:分别)?[（(：:为是](\p{Han}{2,5}(?:、\p{Han}{2,5}){1,11})(?=[）)，。；]|等)")
# 杨桥94.2%、长官92.5%, 乐土（2,310／2,280）、立仓（1,990／1,950）: names with a figure each, most of them of one
# county's townships
_COUNTED = r"\d[\d,.]*+[万余多]?(?:人份|[份人名%个张条例])?"
_ITEM = (
    r"(?P<name>(?!其中|包括|\p{Han}{0,3}[合共总]计|另外|还有)\p{Han}{2,5}+)"
    rf"(?:[:：]\s?|[（(](?=[^（）()\n]{{1,24}}[）)]))?{_COUNTED}(?:[/／，,、]{_COUNTED})?[）)]?"
)
_LED = r"(?<![\p{Han}\d])|(?<=其中|其中有|包括|[次别的]是|[次别]为|[者家]|采[完了集]|采集了)"
FIGURE_LIST = Pattern(rf"(?:{_LED}){_ITEM}(?:[、，；;。]?[ \t\u3000]*\n?[ \t\u3000]*{_ITEM}){{1,40}}")
# 长官，550，1203: lines of a table whose cells are parted by commas
RANK = Pattern(r"(?:派出所|街道|[镇乡所])$")
COMMA_ROW = Pattern(r"(?m)^[ \u3000]*(?P<name>\p{Han}{2,6}?)(?:派出所|所)?[，,][ \u3000]?\d[\d，,.% \u3000]*$")
# A township's short name alone: in the cells of a table, in a list, before an office or a number.
STEM_BEFORE = r"(?<![\p{Han}])|(?<=[在到去赴于和与及、住俺咱]|[我你]们|[我你佢]哋|阿拉|我伲)"
STEM_AFTER = (
    r"(?=[^\p{Han}]|$|和|与|及|等|[两二三四五六七八九十]|所|一带|各|已|[应实需]采|次之|任务|分别|还|没[得有]|完成|分到|领到|认领|共|采|报|欠|垫底"
    r"|最|仅|的[采血卡]|那边|这边|呢边|嗰边|这里|那里|这儿|那儿|上个?(?:月|周|礼拜|星期)[也都就已采抽搞弄整做]|人[，。]|读书|上学|赶集|街上|集上|派了|[搞弄整][完过了]|工业园|渔业队|也(?:[扎采抽整搞弄]|是|在|都)|早就|今年|[本上]月|不足|不到|过了|超过|突破)"
)
ROW_HEAD = Pattern(
    r"^[ \u3000\t|｜]*(?:\d{1,3}[.、]?[ \u3000\t|｜]+)?"
    r"(\p{Han}{2,6}?)(?:派出所|中心所|所|分局|站)?(?=[ \u3000\t|｜]+[\d○—-])",
    regex.M,
)
HANS = Pattern(r"\p{Han}+")


def township_mentions(copy: str, scope: Sequence[str], home: str | None = None) -> list[Mention]:
    """Townships by full name anywhere; inside the scope's counties by stem, old rank or variant spelling too.

    Those of the county `home` also by their stem alone, where it stands by itself in a list or in a table's cell.
    """
    known = township_stems(tuple(scope))
    taken = bytearray(len(copy))
    found: list[Mention] = []

    def keep(mention: Mention | None) -> None:
        if mention and not any(taken[mention.start : mention.end]):
            found.append(mention)
            taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)

    free = 0
    for end in TOWNSHIP_END.finditer(copy):
        mention = _township_at(copy, free, end.span(), known)
        keep(mention)
        free = mention.end if mention else free
    if known:
        for office in STATION.finditer(copy):
            keep(_stem_before(copy, office.start(), known))
        # 卡龙、多却等乡派出所; 金岭、马武两乡: the rank is said once for a list of stems.
        spans = [m.span() for m in STEM_LIST.finditer(copy)] + [m.span(1) for m in STEMS_AFTER.finditer(copy)]
        for span in spans if "、" in copy else ():
            for piece in HANS.finditer(copy, *span):
                keep(_stem_before(copy, piece.end(), known, piece.start()))
    if home:
        for start, end in figure_lists(copy, home):
            keep(_stem_before(copy, end, township_stems((home,)), start))
        pattern, codes = _lone_stems(home)
        for stem in pattern.finditer(copy):
            keep(Mention(stem.start(), stem.end(), codes[stem[0]], township=True, station=True))
        _rest_of_lists(copy, found, township_stems((home,)), keep)
        # In a table of a county's townships the first cell may be any short name, the county's own included.
        for row in ROW_HEAD.finditer(copy):
            keep(_stem_before(copy, row.end(1), township_stems((home,)), row.start(1)))
    return sorted(found)


def lists_of_figures(copy: str) -> Iterator[list[tuple[int, int]]]:
    """Where the names stand of each list in which every name has a figure."""
    yield from (listed.spans("name") for listed in FIGURE_LIST.finditer(copy))


def figure_lists(copy: str, home: str) -> Iterator[tuple[int, int]]:
    """Where names stand that have a figure each, in a list most of whose names are those of a county's townships."""
    known = township_stems((home,))
    lists = list(lists_of_figures(copy))
    lists.append([row.span("name") for row in COMMA_ROW.finditer(copy)])
    for spans in lists:
        ours = [span for span in spans if fold(RANK.sub("", copy[slice(*span)])) in known]
        if len(ours) > 1 and 3 * len(ours) >= 2 * len(spans):
            yield from ours


def _rest_of_lists(
    copy: str, found: Sequence[Mention], known: dict[str, tuple[str, ...]], keep: Callable[[Mention | None], None]
) -> None:
    """容桂、勒流、杏坛的…园区: what stands last in a list of short names may be followed by anything."""
    for before in list(found):
        at = before.end
        while copy.startswith("、", at):
            ends = (at + 1 + size for size in (4, 3, 2) if at + 1 + size <= len(copy))
            end = next(
                (e for e in ends if fold(copy[at + 1 : e]) in known and copy[at + 1 : e] not in ordinary_words()), 0
            )
            if not end:
                break
            keep(Mention(at + 1, end, known[fold(copy[at + 1 : end])], township=True, station=True))
            at = end


@lru_cache(maxsize=256)
def _lone_stems(county: str) -> tuple[regex.Pattern[str], dict[str, tuple[str, ...]]]:
    """The short names of a county's townships that may stand alone, no ordinary words among them."""
    ordinary = ordinary_words()
    codes: dict[str, tuple[str, ...]] = {}
    for code, name in load_gazetteer().townships.get(county, {}).items():
        stem = township_stem(name)
        if len(stem) > 1 and stem not in ordinary and stem != load_gazetteer().rows[county].stem:
            codes[stem] = (*codes.get(stem, ()), code)
    if not codes:
        return regex.compile(r"(?!)"), codes
    return regex.compile(rf"(?:{STEM_BEFORE})\L<stems>{STEM_AFTER}", stems=list(codes)), codes


def _stem_before(copy: str, end: int, known: dict[str, tuple[str, ...]], floor: int = 0) -> Mention | None:
    """The township whose short name ends here, the longest first."""
    for start in range(run_before(copy, end, floor), end - 1):
        codes = known.get(fold(copy[start:end]))
        if codes:
            return Mention(start, end, codes, township=True, station=True)
    return None


def run_before(copy: str, end: int, floor: int) -> int:
    """Where the unbroken characters before `end` begin."""
    start = end
    while start > floor and end - start < LONGEST and HAN.match(copy, start - 1):
        start -= 1
    return start


def _township_at(copy: str, floor: int, rank: tuple[int, int], known: dict[str, tuple[str, ...]]) -> Mention | None:
    """The township whose rank stands there: the longest name known at hand, else the longest known anywhere."""
    at, end = rank
    if copy.startswith("乡镇", at):
        return None
    run = run_before(copy, at, floor)
    for start in range(run, at):
        codes = known.get(fold(copy[start:at]))
        if codes and (at - start > 1 or start == run or copy[start - 1] in BEFORE + "县区市"):
            return Mention(start, end, _of_that_rank(codes, copy[start:end]), township=True)
    book = load_gazetteer()
    for start in range(run, at - 1):
        name = copy[start:end]
        codes = book.townships_named(name) or tuple(c for c in book.former.get(name, ()) if len(c) == 9)
        if codes and not name.endswith("乡镇") and name not in words()["not_township"]:
            return Mention(start, end, codes, township=True)
    return None


def _of_that_rank(codes: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Of 岳普湖镇 and 岳普湖乡 of one county the one with this name; all where none has it."""
    if len(codes) == 1:
        return codes
    names = load_gazetteer().townships
    exact = {c for c in codes if fold(names[c[:6]].get(c, "")) == fold(name)}
    counties = {c[:6] for c in exact}
    return tuple(c for c in codes if c in exact or c[:6] not in counties)


@lru_cache(maxsize=1)
def _former_townships() -> dict[str, list[tuple[str, str]]]:
    index: dict[str, list[tuple[str, str]]] = {}
    for name, codes in load_gazetteer().former.items():
        for code in codes:
            if len(code) == 9:
                index.setdefault(code[:6], []).append((code, name))
    return index


@lru_cache(maxsize=4096)
def _county_stems(county: str) -> tuple[tuple[str, str], ...]:
    """Folded stem and code of a county's townships, names of old included."""
    pairs = [*load_gazetteer().townships.get(county, {}).items(), *_former_townships().get(county, ())]
    return tuple((fold(township_stem(name)), code) for code, name in pairs)


@lru_cache(maxsize=256)
def township_stems(scope: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Codes by folded stem of the townships in these counties and prefectures."""
    book = load_gazetteer()
    index: dict[str, dict[str, None]] = {}
    for area in scope:
        if area.endswith("0000"):
            continue
        for county in (area, *(unit.code for unit in book.within(area) if unit.level == "county")):
            for stem, code in _county_stems(county):
                index.setdefault(stem, {})[code] = None
    return {stem: tuple(codes) for stem, codes in index.items()}
