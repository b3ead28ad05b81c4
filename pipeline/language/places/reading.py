"""One post's places as named: every mention with its one code, villages with their township, title and publisher.

`places` chooses among them. A name that could be several units is settled by the unit before it, the publisher's area
and the counties the post names for sure; what stays open is left out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from pipeline.language.context import Context
from pipeline.language.places.area import Area, above_county, area_of, county_of_list, narrow, station_before
from pipeline.language.places.deeds import gone_to, takes_samples
from pipeline.language.places.elsewhere import elsewhere
from pipeline.language.places.gazetteer import load_gazetteer, township_stem
from pipeline.language.places.mentions import TOWNSHIP_END, Mention, county_mentions, fold
from pipeline.language.places.scope import OWN_FIGURE
from pipeline.language.places.tables import tables
from pipeline.language.places.townships import STATION, STEM_LIST, figure_lists, township_mentions, township_stems
from pipeline.language.places.unlisted import unlisted_townships
from pipeline.language.places.villages import village_mentions
from pipeline.language.script import matching_copy
from pipeline.patterns import Pattern

# A signature: an office's name alone on its line.
SIGNED = Pattern(
    r"\p{Han}{2,28}(?:公安局|公安分局|公安处|派出所|政府|办公室|领导小组|委员会|卫生院)(?:\p{P}*\p{Han}{0,4}\p{P}*)?"
)
SIGNATURE_LINES = 4
# The rank said once after a list; 乡镇 leaves it open.
LIST_RANK = Pattern(r"[等各]?(?:[两二三四五六七八九十几数]{1,2}|\d{1,2})?个?(镇|乡(?!镇)|街道)")
TRADITIONAL_RANKS = str.maketrans("镇乡", "鎮鄉")
# 瓦村、仁村、卡贡乡小学: from a village to the township behind it in a list.
ON_LIST = Pattern(r"(?:[、，]\p{Han}{1,8}?(?:村|社区|居委会|嘎查)){0,20}(?:[、和与及]|以及)")
# Counties whose townships are looked for by short name; a text that names more is a list.
COUNTIES_AT_HAND = 40

# In a title, where 上海小学 is no school of a 上海街道.
POLICE_STATION = Pattern(r"(?:边境|边防|公安)?派出所")

Named = tuple[Mention, str]


class Site(NamedTuple):
    """A unit as the post tells it: offsets of its deepest part, None where only title or publisher say it."""

    code: str
    township: str | None = None
    village: str | None = None
    start: int | None = None
    end: int | None = None
    text: str = ""

    @property
    def deep(self) -> bool:
        """Whether it is closer than a county."""
        return bool(self.township or self.village)


def _here(copy: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Those mentions that are not of another place; a chain like 四川南充 stands or falls together."""
    out = [elsewhere(copy, m) for m in mentions]
    for i in range(1, len(mentions)):
        if mentions[i].start == mentions[i - 1].end:
            out[i] = out[i] or out[i - 1]
    for i in range(len(mentions) - 1, 0, -1):
        if mentions[i].start == mentions[i - 1].end:
            out[i - 1] = out[i - 1] or out[i]
    return [m for m, other in zip(mentions, out, strict=True) if not other]


class Reading:
    """What a post names. Texts are looked through in the matching copy; sites carry the post's own words."""

    def __init__(self, text: str, copy: str, context: Context) -> None:
        self.book = load_gazetteer()
        self.text, self.copy = text, copy
        self.title, self.title_copy = context.title, matching_copy(context.title)
        known = area_of(context.publisher).codes
        title_above = county_mentions(self.title_copy, title=True, known=known)
        above = _here(copy, county_mentions(copy, known=[*known, *(c for m in title_above for c in m.codes)]))
        self.area = self._area(context.publisher, [*title_above, *above])
        if self._published_elsewhere(title_above) or self._of_another_county(above):
            self.area = Area(context.publisher)
        self.counties = self._counties([*title_above, *above])
        if not self._lowest:
            self.counties += self._of_stations() or self._of_townships()
            del self._lowest
        self.units, self.villages = self._resolve(copy, above)
        self.title_units, self.title_villages = self._resolve(self.title_copy, title_above)
        self.ends = frozenset(m.end for m, _ in self.units)
        self._unit_starts = [m.start for m, _ in self.units]
        self._village_starts = [v.start for v in self.villages]
        self._townships = [named for named in self.units if len(named[1]) == 9]
        self._township_starts = [m.start for m, _ in self._townships]

    def _area(self, publisher: str, above: Sequence[Mention]) -> Area:
        """The publisher's area; where its name leaves a choice, the text decides."""
        area = area_of(publisher)
        if len(area.codes) > 1:
            area = area_of(publisher, [m.codes[0] for m in above if len(m.codes) == 1])
        if len(area.codes) > 1:
            told = tuple(code for code in area.codes if self._names_township_of(code))
            area = area._replace(codes=told) if len(told) == 1 else area
        return area

    def _published_elsewhere(self, titled: Sequence[Mention]) -> bool:
        """Whether the title names a county outside the area of an account that is no office's."""
        code = self.area.code
        if code is None or self.area.official:
            return False
        named = [m.codes[0] for m in titled if len(m.codes) == 1 and not m.bare and not m.codes[0].endswith("00")]
        return bool(named) and not any(self.book.covers(code[:6], c) or self.book.covers(c, code[:6]) for c in named)

    def _of_another_county(self, above: Sequence[Mention]) -> bool:
        """Whether a county's short name in the publisher's is another thing's: 右江边关, in a post on 靖西县.

        So where the text names one county in full, and townships of it and none of the publisher's.
        """
        code = self.area.code
        if code is None or len(code) != 6 or above_county(code) or self.area.text == self.book.rows[code].name:
            return False
        named = {m.codes[0] for m in above if not m.bare and len(m.codes) == 1 and not above_county(m.codes[0])}
        if len(named) != 1 or code in named or any(code in m.codes for m in above):
            return False
        return self._names_township_of(named.pop()) and not self._names_township_of(code)

    def _names_township_of(self, county: str) -> bool:
        named = any(c.startswith(county) for m in township_mentions(self.copy, [county]) for c in m.codes)
        return named or any(True for _ in figure_lists(self.copy, county))

    def _counties(self, above: Sequence[Mention]) -> tuple[str, ...]:
        """Counties and prefectures at hand: the publisher's and those that title and text name for sure."""
        codes = dict.fromkeys([self.area.code[:6]] if self.area.code else [])
        for mention in above:
            known = narrow(self.book, mention.codes, codes)
            if len(known) == 1:
                codes[known[0]] = None
            if len(codes) > COUNTIES_AT_HAND:
                break
        return tuple(c for c in codes if not c.endswith("0000"))

    def _of_stations(self) -> tuple[str, ...]:
        """Of a text that names no county: those of stations whose name one township of China bears."""
        if self.area.codes and not (self.area.code and above_county(self.area.code)):
            return ()
        told = [(self.title_copy, office) for office in POLICE_STATION.finditer(self.title_copy)]
        told += [(self.copy, office) for office in STATION.finditer(self.copy)]
        found = (station_before(copy, office.start()) for copy, office in told)
        area = self.area.code
        return tuple(dict.fromkeys(c[:6] for c in found if c and (area is None or self.book.covers(area, c))))

    def _of_townships(self) -> tuple[str, ...]:
        """Of a text that names no county: the only one that holds two or more of the townships it names."""
        listed = county_of_list(self.copy) if not self.area.codes else None
        if listed or sum(1 for _ in TOWNSHIP_END.finditer(self.copy)) < 2:
            return (listed,) if listed else ()
        held: dict[str, set[str]] = {}
        for copy in (self.title_copy, self.copy):
            for m in township_mentions(copy, ()):
                for code in m.codes:
                    held.setdefault(code[:6], set()).add(copy[m.start : m.end])
        area = self.area.code
        most = sorted((len(names), c) for c, names in held.items() if area is None or self.book.covers(area, c))[-2:]
        if not most or most[-1][0] < 2 or (len(most) > 1 and most[0][0] == most[1][0]):
            return ()
        return (most[-1][1],)

    def _home(self) -> str | None:
        """The county whose townships may be named by their stem alone: the publisher's, else the only one told."""
        code = (self.area.code or "")[:6]
        if code and (not code.endswith("00") or code in self.book.townships):
            return code
        return self._lowest[0] if len(self._lowest) == 1 else None

    @cached_property
    def _lowest(self) -> list[str]:
        return [code for code in self.counties if not code.endswith("00") or code in self.book.townships]

    def _resolve(self, copy: str, above: Sequence[Mention]) -> tuple[list[Named], list[Mention]]:
        """Mentions with one code each, and villages."""
        home = self._home()
        table = tables(copy)
        rows = {v.start for v in table.villages}
        # 河南新乡 holds no 南新乡: what begins inside the name of a unit above is no township's.
        inside = {i for m in above for i in range(m.start + 1, m.end)}
        known = township_mentions(copy, self.counties, home)
        idle = {code for m in known if any(a <= m.start < b for a, b in table.empty) for code in m.codes}
        townships = [
            m
            for m in known
            if m.start not in rows
            and m.start not in inside
            and not elsewhere(copy, m)
            and not any(start <= m.start < end for start, end in table.empty)
        ]
        # A county's short name that a township's name begins with (江达 in 江达乡) is the township's.
        claimed: set[int] = set()
        for t in townships:
            claimed.update(range(t.start, t.end))
        free = [m for m in above if m.start not in claimed or (m.end in claimed and m.end - 1 not in claimed)]
        held = {i for m in free for i in range(m.start, m.end)}
        units: list[Named] = []
        for mention in sorted((*free, *(t for t in townships if t.start not in held and t.end - 1 not in held))):
            before = [units[-1][1]] if units and units[-1][0].end == mention.start else []
            codes = narrow(self.book, mention.codes, before or ([self.area.code] if self.area.code else self.counties))
            for nearer in (self.counties, self._lowest, [c for _, c in units[-1:]]):
                if len(codes) > 1:
                    codes = narrow(self.book, codes, nearer)
            if len(codes) > 1 and len({code[:7] for code in codes}) > 1 and len({code[:6] for code in codes}) == 1:
                # X派出所 where a county has an X镇 and an X乡: the town's.
                codes = tuple(code for code in codes if code[6] == "1") or codes
            if len(codes) == 1 and not self._stranger(mention, codes[0]):
                units.append((mention, codes[0]))
        held |= {i for m, _ in units for i in range(m.start, m.end)}
        old = unlisted_townships(copy, units, home, held)
        old = [named for named in old if not any(start <= named[0].start < end for start, end in table.empty)]
        units = sorted((*units, *(named for named in old if not elsewhere(copy, named[0]))))
        held |= {i for m, _ in old for i in range(m.start, m.end)}
        villages = village_mentions(copy, self.counties, {m.end for m, _ in units})
        villages = [
            v
            for v in villages
            if v.end - 1 not in held
            and not elsewhere(copy, v)
            and not any(start <= v.start < end for start, end in table.empty)
        ]
        # 温泉所　520　—　—; 点评：温泉所6月10日起步: where its row has nothing, a station is only spoken of.
        units = [(m, code) for m, code in units if code not in idle or OWN_FIGURE.match(copy, m.end)]
        units, villages = self._told_apart(copy, units, villages)
        return units, sorted((*villages, *table.villages))

    def _stranger(self, mention: Mention, code: str) -> bool:
        """Whether a township is of a county that neither the post nor its office knows: the name may be an old one."""
        return len(code) == 9 and code[:6] not in self.counties and not self.plausible(mention, code)

    def _told_apart(
        self, copy: str, units: list[Named], villages: Sequence[Mention]
    ) -> tuple[list[Named], list[Mention]]:
        """杜家村 is the township 杜家村镇 where the county has one."""
        if not villages:
            return units, []
        stems = township_stems(self.counties)
        towns = {v: stems.get(fold(copy[v.start : v.end]), ()) for v in villages}
        named = [
            (v._replace(village=False, township=True, station=True), codes[0])
            for v, codes in towns.items()
            if len(codes) == 1
        ]
        return sorted((*units, *named)), [v for v in villages if len(towns[v]) != 1]

    def units_between(self, start: int, end: int) -> list[Named]:
        """Units named from `start` to `end`."""
        return self.units[bisect_left(self._unit_starts, start) : bisect_left(self._unit_starts, end)]

    def units_before(self, offset: int, most: int) -> list[Named]:
        """The last units named before the offset, in order."""
        end = bisect_left(self._unit_starts, offset)
        return self.units[max(0, end - most) : end]

    def villages_between(self, start: int, end: int) -> list[Mention]:
        """Villages named from `start` to `end`."""
        return self.villages[bisect_left(self._village_starts, start) : bisect_left(self._village_starts, end)]

    def plausible(self, mention: Mention, code: str) -> bool:
        """A unit outside an office's own area is a destination or an origin, unless samples are told to be taken there.

        By its police, or by officers who went there.
        """
        area = self.area.code
        if area is None or not self.area.official:
            return True
        if self.book.covers(area[:6], code) or self.book.covers(code, area[:6]):
            return True
        return takes_samples(self.copy, mention) or gone_to(self.copy, mention)

    def away(self, site: Site) -> bool:
        """Whether officers went to a unit outside their own area for samples."""
        area = self.area.code
        if site.start is None or area is None or not self.area.official or self.book.covers(area[:6], site.code):
            return False
        return any(gone_to(self.copy, m) for m, _ in self.units_between(site.start, site.start + 1))

    def above_publisher(self, code: str) -> bool:
        """Whether the unit holds the county that publishes: its police order and test, the county's take samples."""
        area = self.area.code
        if area is None or not self.area.official or area[:6].endswith("00"):
            return False
        return code in self.book.lineage(area)[:-1]

    # ---- sites

    def county_site(self, mention: Mention, code: str) -> Site:
        """A county, prefecture or province where the text names it."""
        return Site(code, None, None, mention.start, mention.end, self.text[mention.start : mention.end])

    def township_site(self, mention: Mention, code: str) -> Site:
        """A township where the text names it; of a station's name the township's full one is given."""
        words = self.text[mention.start : mention.end]
        return Site(code, self._township_name(mention, code, words), None, mention.start, mention.end, words)

    def _township_name(self, mention: Mention, code: str, words: str) -> str:
        if not mention.station:
            return words
        known = self._full_names.get(code)
        name = self.book.unit(code).name
        if known or not self._traditional:
            return known or name
        return words + name.removeprefix(township_stem(name)).translate(TRADITIONAL_RANKS)

    @cached_property
    def _traditional(self) -> bool:
        """Whether the post is in traditional characters: its stations' townships are given in them too."""
        return any(rank in self.text for rank in "鎮鄉縣區")

    @cached_property
    def _full_names(self) -> dict[str, str]:
        """The first full form of each township in the text, a list's common rank included: 店口、大唐等镇."""
        full: dict[str, str] = {}
        for listed in STEM_LIST.finditer(self.copy):
            rank = LIST_RANK.match(self.copy, listed.end())
            first = bisect_left(self._township_starts, listed.start()) if rank else len(self._townships)
            for mention, code in self._townships[first:]:
                if mention.start >= listed.end():
                    break
                if mention.station and rank:
                    words = self.text[mention.start : mention.end]
                    full.setdefault(code, words + self.text[rank.start(1) : rank.end(1)])
        for mention, code in self._townships:
            if not mention.station:
                full.setdefault(code, self.text[mention.start : mention.end])
        return full

    def village_site(self, village: Mention) -> Site:
        """A village with its township: the last before it, else the title's or publisher's, else the next."""
        code, township = self._home_of(village)
        words = self.text[village.start : village.end]
        name = self._village_forms.get(words.removesuffix("村"), words + village.rank)
        return Site(code, township, name, village.start, village.end, words)

    @cached_property
    def _village_forms(self) -> dict[str, str]:
        """How title and text first name each village: 溪边村, which a list later calls 溪边."""
        names = [self.title[v.start : v.end] + v.rank for v in self.title_villages]
        names += [self.text[v.start : v.end] + v.rank for v in self.villages]
        return {name.removesuffix("村"): name for name in reversed(names)}

    @cached_property
    def _chains(self) -> dict[str, set[Site]]:
        """The townships that stand right before each village's name somewhere: 虬津镇江河村."""
        ends = {m.end: (m, code) for m, code in self._townships}
        found: dict[str, set[Site]] = {}
        for village in self.villages:
            if village.start in ends:
                site = self.township_site(*ends[village.start])._replace(start=None, end=None, text="")
                found.setdefault(self.text[village.start : village.end], set()).add(site)
        return found

    def _home_of(self, village: Mention) -> tuple[str, str | None]:
        chained = self._chains.get(self.text[village.start : village.end], set())
        if len(chained) == 1:
            (site,) = chained
            return site.code, site.township
        before = bisect_right(self._township_starts, village.start)
        at_home = self.area.code is not None and len(self.area.code) == 9
        # In a township's own post another one counts only in the line of the village.
        if before and at_home and "\n" in self.copy[self._township_starts[before - 1] : village.start]:
            before = 0
        if before:
            site = self.township_site(*self._townships[before - 1])
            return site.code, site.township
        if at_home:
            return str(self.area.code), self.area.township
        titled = [site for site in self.title_sites if site.township]
        if not titled and self._townships and not self._lists_both(village, self._townships[0][0]):
            titled = [self.township_site(*self._townships[0])]
        if titled:
            return titled[0].code, titled[0].township
        upper = [c for m, c in self.units_between(0, village.start + 1) if self.plausible(m, c)]
        return (upper[-1] if upper else self.area.code or ""), None

    def _lists_both(self, village: Mention, township: Mention) -> bool:
        """Whether a township comes behind a village in one list: it is another place, not where the village lies."""
        return not township.station and ON_LIST.fullmatch(self.copy, village.end, township.start) is not None

    @cached_property
    def title_sites(self) -> list[Site]:
        """What the title names: townships and villages, else the lowest units that fit the publisher."""
        deep = [(m, c) for m, c in self.title_units if len(c) == 9]
        if deep:
            return [self._titled(m, c) for m, c in deep]
        upper = [
            (m, c)
            for m, c in self.title_units
            if not elsewhere(self.title_copy, m)
            and (self.area.code is None or not self.area.official or self.book.covers(self.area.code[:6], c))
        ]
        if self.title_villages and self.area.code:
            village = self.title_villages[0]
            words = self.title[village.start : village.end]
            return [Site(self.area.code, self.area.township, words, text=words)]
        lowest = [(m, c) for m, c in upper if not any(o != c and self.book.covers(c, o) for _, o in upper)]
        return [Site(c, text=self.title[m.start : m.end]) for m, c in lowest]

    def title_site(self, mention: Mention, code: str) -> Site:
        """A unit where the title names it."""
        words = self.title[mention.start : mention.end]
        township = self._township_name(mention, code, words) if len(code) == 9 else None
        return Site(code, township, text=words)

    def _titled(self, mention: Mention, code: str) -> Site:
        words = self.title[mention.start : mention.end]
        village = next((self.title[v.start : v.end] for v in self.title_villages if v.start >= mention.end), None)
        return Site(code, self._township_name(mention, code, words), village, text=village or words)

    def publisher_sites(self) -> list[Site]:
        """The area of the body that signs at the end, else of the publisher; no whole province of a news site."""
        area = self._signature() or self.area
        if area.code is None or (area.code.endswith("0000") and not area.official):
            return []
        return [Site(area.code, area.township, area.village, text=area.text)]

    def _signature(self) -> Area | None:
        for line in reversed(self.copy.rstrip().split("\n")[-SIGNATURE_LINES:]):
            if SIGNED.fullmatch(line.strip()):
                area = area_of(line.strip(), [self.area.code] if self.area.code else ())
                if area.code:
                    return area
        return None
