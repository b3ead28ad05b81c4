"""What area an account, a station or a site speaks for, read from its name: 平安拉萨, 色尼分局, 囊谦县人民政府网.

An account is a body with a fixed area, the best prior there is for the names in its posts. In the name of an account
short forms stand alone that would be no place in running text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

from pipeline.language.places.gazetteer import Gazetteer, Unit, load_gazetteer, township_stem
from pipeline.language.places.mentions import (
    BEFORE,
    HAN,
    OTHER_NAME,
    Mention,
    county_mentions,
    names_above_township,
    ordinary_words,
    words,
)
from pipeline.language.places.townships import STEM_LIST, township_mentions
from pipeline.language.places.villages import village_mentions
from pipeline.language.script import matching_copy
from pipeline.patterns import Pattern

# Bodies that act in their own area; a newspaper of a province or a forum tells less.
OFFICIAL = Pattern(
    r"公安|警|派出所|分局|平安|政府|发布|健康|卫|学校|小学|中学|委员会|办公室|领导小组|政法|公署|大喇叭|村|社区|长安"
)
ELSEWHERE_SITE = Pattern(r"采购|招标|日报|晚报|新闻|论坛|电台|期刊|大学|学院|在线$")
# What people of one county or town write in speaks of it.
LOCAL_SITE = Pattern(
    r"吧$|贴吧|论坛|在线|生活|百姓|大喇叭|小喇叭|乡村|故事|圈$|社区$|网$|头条|融媒|广播站"
    r"|零距离|宣传|先锋|统战|网信|党建|纪检|好地方|微[讯视信平]|^(?:微|最|美丽|魅力|幸福|大美|今日|西藏|新疆|青海|四川)"
)
# A regiment of the Xinjiang production corps, whose towns lie in its own cities: 双丰镇（三十团）.
CORPS = Pattern(r"[一二三四五六七八九十\d]团|兵团|垦区")
CORPS_CODES = "6590"
# 给孟定派出所送锦旗
GIVEN = "给了"


class Area(NamedTuple):
    """The area of a publisher. `codes` are the candidates, one where it is sure; offsets count in `name`."""

    name: str
    codes: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    township: str | None = None
    village: str | None = None
    official: bool = False

    @property
    def code(self) -> str | None:
        """The six- or nine-digit code where only one is possible."""
        return self.codes[0] if len(self.codes) == 1 else None

    @property
    def text(self) -> str:
        """The words of the name that tell the area."""
        return self.name[self.start : self.end]


@lru_cache(maxsize=1)
def _affixes() -> tuple[regex.Pattern[str], regex.Pattern[str], regex.Pattern[str]]:
    strong, weak = words()["account_police"], words()["account_other"]
    return (
        regex.compile(r"(?:\L<w>)+", w=strong),
        regex.compile(r"(?:\L<w>|\P{Han}|$)", w=[*strong, "县", "市", "区", "州"]),
        regex.compile(r"(?:\L<w>)", w=weak),
    )


@lru_cache(maxsize=1)
def _wide_sites() -> regex.Pattern[str]:
    # 凤凰新闻 is read all over the country, 凤凰新闻网 is the county's.
    return regex.compile(r"\L<w>(?!网)", w=words()["wide_site"])


def name_mentions(copy: str) -> list[Mention]:
    """Units named in an account's name, short names with an account's words beside them included."""
    before, after, weak = _affixes()
    common = frozenset(words()["common"])
    sure = county_mentions(copy)
    edges = {m.end for m in sure}
    found = list(sure)
    for mention in sorted(names_above_township(copy), key=lambda m: (m.start - m.end, m.start)):
        if not mention.bare or any(m.start < mention.end and mention.start < m.end for m in found):
            continue
        name, head = copy[mention.start : mention.end], copy[: mention.start]
        head = head[max((e for e in edges if e <= mention.start), default=0) :]
        affix_before = bool(before.fullmatch(head))
        at_start = not head or affix_before or not regex.search(r"\p{Han}$", head)
        office_after = after.match(copy, mention.end) is not None and mention.end < len(copy)
        if name == "公安" or not at_start:
            continue
        if name in common:
            good = (affix_before and mention.end == len(copy)) or office_after
        else:
            good = office_after or mention.end == len(copy) or weak.match(copy, mention.end) is not None
            # 班戈头条, 同德微视: the name of an account begins with its county, whatever it is called besides.
            # 大洼村广播 is a village's.
            alone = not head and len(mention.codes) == 1 and not OTHER_NAME.match(copy, mention.end)
            good = good or (alone and name not in ordinary_words())
            good = good or any(t.start == mention.end for t in township_mentions(copy, mention.codes))
        if good:
            found.append(mention)
            edges.add(mention.end)
    return sorted(found)


def area_of(name: str, known: Sequence[str] = ()) -> Area:
    """The area a name tells, narrowed by units known from elsewhere (a title, the text)."""
    return _area_of(name, tuple(known))


@lru_cache(maxsize=512)
def _area_of(name: str, known: tuple[str, ...]) -> Area:
    copy = _wide_sites().sub(lambda site: " " * len(site[0]), matching_copy(name))
    book = load_gazetteer()
    above = name_mentions(copy)
    codes = known
    start = end = 0
    for mention in above:
        narrowed = narrow(book, mention.codes, codes if start or end else known)
        if mention.bare and not end and known and not any(_related(book, k[:6], n) for k in known for n in narrowed):
            continue
        # 贵德县公安局河西派出所: a short name that lies elsewhere is a township's or no place.
        if mention.bare and end and not any(book.covers(k[:6], n) for k in codes for n in narrowed):
            continue
        if narrowed:
            codes, start, end = narrowed, (start if end else mention.start), mention.end
    if not end:
        codes = ()
    local = len(codes) == 1 and not codes[0].endswith("00") and end and bool(LOCAL_SITE.search(copy))
    official = local or (bool(OFFICIAL.search(copy)) and not ELSEWHERE_SITE.search(copy))
    scope = codes if end else known
    townships = township_mentions(copy, scope) or station_anywhere(copy, alone=not above)
    for mention in townships:
        # 平安东乡 holds no 安东乡: a county's name that begins inside is no part of a township's.
        if any(mention.start < m.start < mention.end for m in above):
            continue
        narrowed = narrow(book, mention.codes, scope)
        if len(narrowed) > 1 and CORPS.search(copy):
            narrowed = tuple(code for code in narrowed if code.startswith(CORPS_CODES)) or narrowed
        # 毛南山乡网 is no office of 南山乡: where no county is told, the name must begin there.
        begins = (
            mention.start == 0
            or not HAN.match(copy, mention.start - 1)
            or _affixes()[0].fullmatch(copy[: mention.start])
        )
        if len(narrowed) == 1 and (scope or begins):
            start, codes, scope = (start if end else mention.start), narrowed, narrowed
            end = mention.end
            township = name[mention.start : mention.end]
            if mention.station or township_stem(township) == township:
                township = book.unit(narrowed[0]).name
            villages = [
                v
                for v in village_mentions(copy, [narrowed[0][:6]], {m.end for m in townships})
                if v.start >= mention.end
            ]
            village = name[villages[0].start : villages[0].end] if villages else None
            return Area(name, codes, start, villages[0].end if villages else end, township, village, official)
    return Area(name, codes, start, end, official=official)


def _related(book: Gazetteer, one: str, other: str) -> bool:
    return book.covers(one, other) or book.covers(other, one)


@lru_cache(maxsize=1)
def station_stems() -> dict[str, list[str]]:
    """Codes of China's townships by their short names, which stations bear."""
    index: dict[str, list[str]] = {}
    for below in load_gazetteer().townships.values():
        for code, name in below.items():
            index.setdefault(township_stem(name), []).append(code)
    return index


def station_anywhere(copy: str, alone: bool = False) -> list[Mention]:
    """A station named for a township whose short name is borne by one in all China: 八廓派出所.

    Of an account whose name tells no county (`alone`) so 孟定公安, and a township of another rank today: 尚卿乡某村.
    """
    found = regex.match(r"(\p{Han}{2,6}?)(?:边境)?派出所", copy)
    found = found or (
        regex.match(r"(\p{Han}{2,4}?)[乡镇](?=$|政府|人民政府|派出所|卫生院|\p{Han}{1,4}?(?:村|社区))", copy)
        if alone
        else None
    )
    found = found or (regex.fullmatch(r"(\p{Han}{2,6}?)(?:公安|警方|警务)", copy) if alone else None)
    short = regex.match(r"\p{Han}[乡镇](?=$|政府|人民政府|党委|派出所|卫生院)", copy) if alone and not found else None
    held = load_gazetteer().townships_named(short[0]) if short else ()
    if short and len(held) == 1:  # 绒乡人民政府
        return [Mention(0, short.end(), tuple(held), township=True)]
    codes = station_stems().get(found[1], []) if found and found[1] not in ordinary_words() else []
    if found is None or len(codes) != 1:
        return []
    ranked = copy[found.end(1)] in "乡镇"
    return [Mention(0, found.end(1) + ranked, tuple(codes), township=True, station=not ranked)]


def county_of_list(copy: str) -> str | None:
    """The only county in which all of three or more townships lie that a list names shortly: 大湾、芒部、以勒三镇."""
    for listed in STEM_LIST.finditer(copy):
        names = listed[0].split("、")
        held = [{code[:6] for code in station_stems().get(name, ())} for name in names]
        shared = set.intersection(*held) if len(names) > 2 else set()
        if len(shared) == 1:
            return shared.pop()
    return None


def station_before(copy: str, end: int) -> str | None:
    """The township whose short name, borne by one in all China and no common word, ends before a station."""
    for start in range(max(0, end - 5), end - 1):
        name = copy[start:end]
        codes = station_stems().get(name, [])
        if (
            len(codes) == 1
            and name not in ordinary_words()
            and (len(name) > 2 or not start or copy[start - 1] in BEFORE + GIVEN or not HAN.match(copy, start - 1))
        ):
            return codes[0]
    return None


def above_county(code: str) -> bool:
    """Whether the code is a prefecture's or a province's; a first town's ends in 00 too, with nine digits.

    >>> [above_county(code) for code in ("540300", "540327", "540327100")]
    [True, False, False]
    """
    return len(code) == 6 and code.endswith("00")


def narrow(book: Gazetteer, codes: Sequence[str], known: Iterable[str]) -> tuple[str, ...]:
    """Those of `codes` that fit what is known: inside a known unit, or containing one; all where nothing fits.

    >>> book = load_gazetteer()
    >>> narrow(book, ("540102", "620102"), ["540100"])
    ('540102',)
    """
    if len(codes) == 1:
        return tuple(codes)
    known = tuple(known)
    inside = tuple(c for c in codes if any(book.covers(k[:6], c) for k in known))
    if inside:
        return _single_level(inside)
    around = tuple(c for c in codes if any(book.covers(c, k) for k in known if len(c) == 6))
    if around:
        return _single_level(around)
    for size in (4, 2):
        near = tuple(c for c in codes if any(k[:size] == c[:size] for k in known))
        if near:
            return _single_level(near)
    return _single_level(tuple(codes))


def _single_level(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Of a prefecture and its county of the same short name the prefecture; of provinces and others the province."""
    for zeros in ("0000", "00"):
        top = tuple(c for c in codes if len(c) == 6 and c.endswith(zeros))
        if len(top) == 1:
            return top
    return codes


def publisher_area(publisher: str, title: str = "", places: Sequence[str] = ()) -> Unit | None:
    """The unit that an account, a station or a site speaks for; None where its name does not tell.

    Of several units that bear the name, the one that the title names, else the one in which `places` (adcodes) lie.

    >>> [publisher_area(n).name for n in ("平安拉萨", "察雅县公安局", "比如公安", "囊谦县人民政府网")]
    ['拉萨市', '察雅县', '比如县', '囊谦县']
    """
    book = load_gazetteer()
    area = area_of(publisher)
    if area.code is None and title:
        copy = matching_copy(title)
        known = [c for m in county_mentions(copy) if len(m.codes) == 1 for c in m.codes]
        area = area_of(publisher, known) if known else area
    if area.code is None and area.codes and places:
        area = area_of(publisher, places)
    return book.unit(area.code) if area.code else None
