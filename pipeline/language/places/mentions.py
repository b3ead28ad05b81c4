"""Where a text names administrative units: full names, names of old, and short names where their surroundings allow.

Half of the counties' short names are ordinary words (比如 for example, 公安 police), so a short name counts only with
an office, a rank or a unit beside it. What a mention means for the post is decided in `places`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from pipeline.language.places.gazetteer import load_gazetteer
from pipeline.paths import PHRASEBOOK
from pipeline.patterns import Pattern

# Stems of one character (索县, 朗县) need a boundary before them even in full: 线索县公安局 is no place.
BEFORE = "在到于赴往至从和与及由对是为访抵返驻我将把向让请据经、"
HAN = Pattern(r"\p{Han}")
OFFICE = Pattern(
    r"(?:公安|警方|警务|交警|刑警|特警|网警|分局|派出所|边境|边防|检查站|境内|县局|市局|政府|县委|市委|政法|检察|卫健|法院|民警|各族|县城|县域|城区"
    r"|辖区|农牧|群众|警察|区分局|市分局)"
)
BOUNDARY = Pattern(
    r"[^\p{Han}]|等|和|与|及|的|[市县]|这个[县市区]|两|三|四|多|一带|当局|居民|当地|全|各|抽|採|采|建|出台|要求|农村|一[所个家名位些处座间]|另[有据]"
)
# A county's short name before these is part of another name: 江达乡, 吉隆坡, 阿里巴巴, 中山路.
OTHER_NAME = Pattern(
    r"[乡镇村坡路街桥寺湖河江山沟]|街道|社区|巴巴|达瓦节|大学|学院|师范|大街|大道|日报|晚报|晨报|商报|早报|时报|快报|都市报|电视|南麓|云|石|玉|金融|银行|人寿|医科|科技大"
)
TOWNSHIP_END = Pattern(r"街道(?!办?上)|苏木|镇|乡")
STRICT_OFFICE = Pattern(r"公安(?!机关)|警方|[县市]|分局|一个省|全省|另[有据]|亦有|等地|一带|当局|官方|多地|各[县地]")
# 贡觉、江达两县: so for counties.
STEMS_OF_COUNTIES = Pattern(
    r"(?:[、和与及]\p{Han}{2}(?:(?![和与及])\p{Han}){0,2}?)+(?:等?(?:[两二三四五六七八九十]{1,2}|\d{1,2})个?|等)(?:县|区|市|旗|地(?!区)|个?单位|分局)"
)
# 壤塘、阿坝两县; 阿坝、壤塘两县
SO_MANY_COUNTIES = Pattern(r"(?:[、和与及]\p{Han}{2,4}?){0,6}等?[两二三四五六七八九十]{1,2}个?县")
# 恰热、松东、德庆等村, 东安、兴安两村: villages by their short names, some of which are also a county's far away.
STEMS_OF_VILLAGES = Pattern(
    r"(?:、(?:(?![县市区州乡镇])\p{Han}){2,4})*(?:[和与及](?:(?![县市区州乡镇])\p{Han}){2,4})?"
    r"等?(?:[两二三四五六七八九十几数]|\d{1,2})?个?(?:自然|行政|牧业)?村"
)
PLACE_AFTER = Pattern(
    r"[^\p{Han}]|的|人|这|那|老家|老乡|一带|当地|本地|看|过年|农村|乡下|各|全|县|山区|乡镇|城里|派|公安|民警|男|采|抽|也|已|有|在|都|没|还|不|传|打电话|发来|寄"
)
# Names of which all but the first character is a stock phrase are chance ones behind a word that ends in it: 当天全县.
STOCK_REST = Pattern(r"(?:全[县区]|[山城市郊林矿]区|[和同]县)$")
DAYS = Pattern(r"[\d一二三四五六七八九十两几数多半] ?天$")
GOES_TO = ("赴", "前往", "往", "赶到", "来到", "抵达")
SPACES = (" ", "\u3000", "·")
LONGEST = 9
# What the codes of the cities begin with that are provinces.
CITIES = ("11", "12", "31", "50")


class Mention(NamedTuple):
    """A unit named at these offsets of the matching copy. `codes` are all it can mean, of six or nine digits.

    `village` is set for villages (the codes are then empty: villages are in no table) and `township` where the text
    names a township that no table has; `station` marks a name read from a station's or a school's; `rank` is what is
    said once behind a list of villages (村 of 吉松、岗托两村).
    """

    start: int
    end: int
    codes: tuple[str, ...] = ()
    township: bool = False
    village: bool = False
    station: bool = False
    bare: bool = False
    rank: str = ""


@lru_cache(maxsize=1)
def words() -> dict[str, tuple[str, ...]]:
    """`corpora/phrasebook/places_words.csv` by code."""
    rows: dict[str, list[str]] = {}
    with (PHRASEBOOK / "places_words.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            phrase = f"{row['phrase']} {row['note']}" if row["code"] == "alias" else row["phrase"]
            rows.setdefault(row["code"], []).append(phrase)
    return {code: tuple(phrases) for code, phrases in rows.items()}


@lru_cache(maxsize=1)
def _variants() -> dict[int, str]:
    return {ord(c): group[0] for group in words()["variant"] for c in group[1:]}


def fold(name: str) -> str:
    """One spelling for the transcriptions of a name: 措折羌玛 and 措折强马 are the same."""
    return name.translate(_variants())


def short_names(name: str, stem: str) -> Iterable[str]:
    """Short forms that still show the rank: 化隆县, 甘南州, 鄂温克旗."""
    if len(name) > len(stem) + 1 and len(stem) >= 2 and not name.endswith("特别行政区"):
        yield stem + ("州" if name.endswith("自治州") else name[-1])


@lru_cache(maxsize=1)
def _automaton() -> tuple[AhoCorasick, tuple[tuple[str, ...], ...], tuple[bool, ...]]:
    """Names above township: pattern → codes, and whether the pattern is a bare short name."""
    book = load_gazetteer()
    sure: dict[str, dict[str, None]] = {}
    bare: dict[str, dict[str, None]] = {}
    for code, row in book.rows.items():
        sure.setdefault(row.name, {})[code] = None
        for short in short_names(row.name, row.stem):
            sure.setdefault(short, {})[code] = None
        if row.stem != row.name:
            bare.setdefault(row.stem, {})[code] = None
    for name, codes in book.former.items():
        for code in codes:
            if len(code) == 6 and len(name) >= 2:
                sure.setdefault(name, {})[code] = None
    for entry in words()["alias"]:
        name, *held = entry.split(" ")
        index = bare if held[0].endswith("00") or len(name) < 4 else sure
        index.setdefault(name, {}).update(dict.fromkeys(held))
    names = [*sure, *(name for name in bare if name not in sure)]
    owners = tuple(tuple(sure.get(name) or bare[name]) for name in names)
    return AhoCorasick(names, matchkind=MatchKind.Standard), owners, tuple(name not in sure for name in names)


@lru_cache(maxsize=1)
def ordinary_words() -> frozenset[str]:
    """Short names of units that are ordinary words, and those that need an office beside them."""
    return frozenset({*words()["common"], *words()["ordinary_stem"], *words()["own_province"]})


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(words()["common"])


def names_above_township(copy: str) -> list[Mention]:
    """Every occurrence of a name above township, overlapping ones and chance ones included."""
    automaton, codes, bare = _automaton()
    hits = automaton.find_matches_as_indexes(copy, overlapping=True)
    return [Mention(a, b, codes[i], bare=bare[i]) for i, a, b in hits]


def _as_county(copy: str, mention: Mention) -> Mention:
    """A short name that is a prefecture's and a county's, as the county's where a list of counties ends in it."""
    if not mention.bare or len(mention.codes) < 2 or not SO_MANY_COUNTIES.match(copy, mention.end):
        return mention
    return mention._replace(codes=tuple(code for code in mention.codes if not code.endswith("00")) or mention.codes)


def county_mentions(copy: str, title: bool = False, known: Iterable[str] = ()) -> list[Mention]:
    """Mentions of provinces, prefectures and counties in order, longest first where they overlap.

    In a title a county's short name counts also where it begins the title or a part of it. `known` are codes of units
    that the post tells elsewhere: 全州 is the county only in Guangxi, all of the prefecture in any other.
    """
    named = (_as_county(copy, mention) for mention in names_above_township(copy))
    found = sorted(named, key=lambda m: (m.bare, m.start - m.end, m.start))
    taken = bytearray(len(copy))
    edges: set[int] = set()
    kept: list[Mention] = []
    sure = dict.fromkeys(_two_characters(copy, found))
    known = tuple(known)
    by_chance = _by_chance(copy, found, known) | _of_villages(copy, found)
    for mention in (*sure, *found):
        a, b = mention.start, mention.end
        if any(taken[a:b]) or mention in by_chance:
            continue
        if mention in sure or (
            _short_stands(copy, mention, edges) if mention.bare else _full_stands(copy, mention, edges)
        ):
            kept.append(mention)
            taken[a:b] = b"\1" * (b - a)
            edges.add(b)
    lone = [m for m in found if m.bare and not any(taken[m.start : m.end])]
    if TOWNSHIP_END.search(copy):
        kept += [m for m in lone if _before_township(copy, m)]
    kept += _chained(lone, kept)
    kept += _after_common(copy, found, kept)
    kept += _common_in_list(copy, found, kept)
    if title:
        kept += [m for m in lone if m not in kept and _begins(copy, m)]
    return _in_own_province(copy, sorted(kept), known)


def _in_own_province(copy: str, kept: list[Mention], known: Iterable[str]) -> list[Mention]:
    """Without the short names of `own_province` before which no unit of their province is told."""
    names = words()["own_province"]
    if not any(name in copy for name in names):
        return kept
    provinces = {code[:2] for code in known}
    told: list[Mention] = []
    for mention in kept:
        here = {code[:2] for code in mention.codes}
        if not (mention.bare and copy[mention.start : mention.end] in names) or here & provinces:
            told.append(mention)
            provinces |= here
    return told


def _chained(lone: Sequence[Mention], kept: Sequence[Mention]) -> list[Mention]:
    """山南洛扎: a city's short name and that of one of its counties right after it."""
    known = {m.start for m in kept}
    by_end = {m.end: m for m in lone}
    pairs = ((by_end[m.start], m) for m in lone if m.start in by_end and m.start not in known)
    good = (p for p in pairs if any(a[:4] == b[:4] and a[4:] == "00" != b[4:] for a in p[0].codes for b in p[1].codes))
    return [m for pair in good for m in pair]


def _two_characters(copy: str, found: Sequence[Mention]) -> list[Mention]:
    """西藏朗县: a county (or 芒市) of two characters in full, and the short name before it of a unit that holds it.

    They go before longer names: 山西吉县 is no 西吉县.
    """
    bare: dict[int, list[Mention]] = {}
    for mention in found:
        if mention.bare:
            bare.setdefault(mention.end, []).append(mention)
    short = [m for m in found if not m.bare and m.end - m.start == 2 and copy[m.end - 1] in "县市"]
    return [m for low in short for up in bare.get(low.start, ()) if _holds(up, low) for m in (up, low)]


def _after_common(copy: str, found: Sequence[Mention], kept: Sequence[Mention]) -> list[Mention]:
    """河南修武, 河南安阳: a short name that is a common word and the unit of it right after, which may be short too."""
    judged = frozenset(kept)
    taken = {i for m in kept for i in range(m.start, m.end)}
    common = {m.end: m for m in found if m.bare and copy[m.start : m.end] in _common() and m.start not in taken}
    new: dict[Mention, None] = {}
    for m in sorted({*found, *judged}, key=lambda m: (m.start, -m.end)):
        upper = common.get(m.start)
        if upper is None or not _holds(upper, m) or (m.start in taken and m not in judged):
            continue
        if m.bare and (copy[m.start : m.end] in _common() or OTHER_NAME.match(copy, m.end)):
            continue
        new |= {upper: None, m: None}
        taken.update(range(upper.start, m.end))
    return [m for m in new if m not in judged]


def _common_in_list(copy: str, found: Sequence[Mention], kept: Sequence[Mention]) -> list[Mention]:
    """赴合作、临潭采集: a short name that is a common word, behind a verb of going and before another unit."""
    begins = {m.start for m in kept}
    return [
        m
        for m in found
        if m.bare
        and m.start not in begins
        and m.end + 1 in begins
        and copy[m.end] == "、"
        and copy[m.start : m.end] in _common()
        and copy.endswith(GOES_TO, 0, m.start)
    ]


def _holds(upper: Mention, lower: Mention) -> bool:
    """Whether one of the units that a mention may mean holds one of another's."""
    covers = load_gazetteer().covers
    return any(a != b and covers(a, b) for a in upper.codes for b in lower.codes)


def _begins(copy: str, mention: Mention) -> bool:
    """Whether a county's short name, no common word, begins a title or a part of it."""
    a, b = mention.start, mention.end
    first = a == 0 or not HAN.match(copy, a - 1)
    return first and len(mention.codes) == 1 and copy[a:b] not in ordinary_words() and not OTHER_NAME.match(copy, b)


def _before_township(copy: str, mention: Mention) -> bool:
    """Whether one of the county's own townships follows: 社旗 饶良镇."""
    end = mention.end + (copy[mention.end : mention.end + 1] in SPACES)
    if not TOWNSHIP_END.search(copy, end, end + LONGEST):
        return False
    townships = load_gazetteer().townships
    return any(copy.startswith(tuple(townships.get(code, {}).values()), end) for code in mention.codes)


def _left_open(copy: str, at: int, edges: set[int]) -> bool:
    """Whether a name may begin here: at a boundary, after a unit, after a word like 在, or after an office."""
    if at == 0 or at in edges or copy[at - 1] in BEFORE or not HAN.match(copy, at - 1):
        return True
    return copy[:at] == "平安" or copy.endswith(("公安局", "公安处", "坐标"), 0, at)


def _full_stands(copy: str, mention: Mention, edges: set[int]) -> bool:
    return mention.end - mention.start > 2 or _left_open(copy, mention.start, edges)


@lru_cache(maxsize=1)
def _chance_words() -> tuple[frozenset[str], tuple[str, ...]]:
    return frozenset(words()["ordinary_name"]), words()["word_before"]


def _by_chance(copy: str, found: Sequence[Mention], known: Sequence[str]) -> frozenset[Mention]:
    """Full names that are ordinary words (老城区) or straddle two (当天全县), unless the unit that holds them is told.

    It is told right before one of them in the text, or by `known`. Short names of them at that place go too.
    """
    ordinary, before = _chance_words()
    doubtful: dict[str, list[Mention]] = {}
    for m in found:
        name = copy[m.start : m.end]
        if not m.bare and (name in ordinary or _straddles(copy, m, before)):
            doubtful.setdefault(name, []).append(m)
    if not doubtful:
        return frozenset()
    ends: dict[int, list[Mention]] = {}
    for m in found:
        ends.setdefault(m.end, []).append(m)
    led = {name for name, ms in doubtful.items() for m in ms if any(_holds(up, m) for up in ends.get(m.start, ()))}
    at_hand = tuple(code[:2] if code.startswith(CITIES) else code[:4] for code in known)
    chance = [
        m
        for name, ms in doubtful.items()
        if name not in led
        for m in ms
        if not (name in ordinary and any(code.startswith(at_hand) for code in m.codes))
    ]
    starts = {m.start for m in chance}
    return frozenset((*chance, *(m for m in found if m.bare and m.start in starts)))


def _of_villages(copy: str, found: Sequence[Mention]) -> frozenset[Mention]:
    """Counties' short names in a list of villages whose rank is said once."""
    if "村" not in copy:
        return frozenset()
    listed = (
        m for m in found if m.bare and (copy[m.end : m.end + 1] in "、等和与及" or copy[m.start - 1] in "、和与及")
    )
    return frozenset(m for m in listed if STEMS_OF_VILLAGES.match(copy, m.end))


def _straddles(copy: str, mention: Mention, before: tuple[str, ...]) -> bool:
    """Whether a word ends in the first character of a full name and the rest is a stock phrase."""
    a, b = mention.start, mention.end
    return b - a == 3 and STOCK_REST.search(copy, a, b) is not None and _ends_word(copy, a + 1, before)


def _ends_word(copy: str, end: int, before: tuple[str, ...]) -> bool:
    """Whether one of the words, or a number of days, ends there."""
    return copy.endswith(before, 0, end) or DAYS.search(copy, max(0, end - 3), end) is not None


def _short_stands(copy: str, mention: Mention, edges: set[int]) -> bool:
    """Whether the surroundings let a short name be a place: the higher the unit, the less it takes."""
    a, b = mention.start, mention.end
    name = copy[a:b]
    # 公安县 has no short form: every police office would be it; nor has 新建区: 新建派出所2个.
    if name in {"公安", "新建"} or OTHER_NAME.match(copy, b):
        return False
    left = _left_open(copy, a, edges)
    if name in _common():
        # 长治 is in 长治久安, 山南 in 喜马拉雅山南麓: a boundary must stand before, and an office follow.
        return left and bool((STRICT_OFFICE if a else OFFICE).match(copy, b))
    right = b == len(copy) or bool(BOUNDARY.match(copy, b))
    office = bool(OFFICE.match(copy, b))
    if any(code.endswith("00") for code in mention.codes):
        return left or office or right or any(code.endswith("0000") for code in mention.codes)
    listed = (left or name not in ordinary_words()) and STEMS_OF_COUNTIES.match(copy, b)
    return a in edges or bool(listed) or (left and (office or (right and _led(copy, a, name))))


def stands_apart(copy: str, mention: Mention) -> bool:
    """Whether words of place stand around a short name: 回沂水看娘, 丰宁的老乡, 乌什这个县."""
    before = (
        mention.start == 0 or not HAN.match(copy, mention.start - 1) or copy[mention.start - 1] in BEFORE + "回去来住"
    )
    return before and (mention.end == len(copy) or PLACE_AFTER.match(copy, mention.end) is not None)


def _led(copy: str, at: int, name: str) -> bool:
    """Whether a list, or 在 before a name that is no word, lets a short name stand alone: 人在信丰."""
    led = copy.endswith(("在", "坐标"), 0, at) and name not in ordinary_words()
    return led or copy.endswith(("·", "•", "、"), 0, at)
