"""Which of the places a post names are those of its collection, by rules.

Those count that stand in a sentence that tells of collecting, or, where that sentence names none, in what its item
began with; else the title's; else the publisher's own area. A county is left out where only its townships are told of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import takewhile

from pipeline.language.counts.numerals import to_number
from pipeline.language.places.area import above_county, narrow
from pipeline.language.places.elsewhere import elsewhere
from pipeline.language.places.mentions import OTHER_NAME, Mention, names_above_township, ordinary_words, stands_apart
from pipeline.language.places.reading import Site
from pipeline.language.places.scope import (
    COUNT,
    NO_WHOLE,
    SAMPLED,
    WHOLE_ROW,
    counted_ranks,
    gives_total,
    has_figure,
    tells_purpose,
)
from pipeline.language.places.telling import REFERS_BACK, Telling
from pipeline.language.script import matching_copy
from pipeline.patterns import Pattern

BOUGHT = Pattern(r"采购|招标|招投标|公共资源|交易中心")
# 盘锦市多个派出所, 全县各乡镇: all of a unit, whatever parts are named elsewhere.
AT_LARGE = Pattern(r"(?:公安局|警方|当局)?(?:在)?(?:[多各数]个?|\d{1,2}个)(?:派出所|乡镇|村镇|区县|县区|街道|地(?!区))")
# 全县, in a sentence about samples, and names of what is only a part of it.
ALL_OF_COUNTY = Pattern(rf"全([县区市旗])(?!公安|民警|领导|{NO_WHOLE})")
TAKING = Pattern(r"采(?!集证|[购访挖摘])|血|DNA|样|[Yy]库|抽|扎|卡")
# A figure that is no county's: 两镇共采, 我们学校男生采了, 一个人采了, 复采.
PART_SUM = Pattern(
    r"[两二三四五六七八九十\d]个?(?:镇|乡|地(?!区)|村|所|街道)(?!级)|[我本](?:们|所在)?(?:学校|校|班|村)|一个人|缺采|[复重]采|嫌疑人|违法犯罪人"
)
OF_A_PART = Pattern(r"派出所|街道办|社区|[村寨](?!镇)|寺|学校|[中小]学")
# 已采1986人，其中文林街道732人: a part of what was counted before.
PART_OF = Pattern(r"(?:其中|内含|含|包括)(?:有|了|试点的?|先行试点的?)?$")
# 其余各乡10月起实施, 采集率不得低于95%: what is asked of the others is no sum of those told.
ASKED = Pattern(r"其[余他]|不得?[低少]于|拟|力争|确保|计划")
TRIAL = Pattern(r"试点|先行|试采")
COUNTED_CELL = Pattern(r"\d{2}")
NO_NUMBER = Pattern(r"[\s,，余多份人]")
# Parts add up to the whole within this share of it: 近5800份，其中瞻榆镇3921份，边昭镇一千八百余份.
ADDS_UP = 0.03
# In a purchase: what has been done.
DONE = Pattern(r"已|完结|收存|移交|覆盖")
# Those of a village who help.
VILLAGE_HELPER = Pattern(r"(?:老)?(?:网格员|支书|书记|会计|主任|村医|文书|支部|小组长)")


def _worth(figure: str) -> float:
    """The number of a figure such as 3,921份, 1.4万余份 or 一千八百余份; nothing of a percentage."""
    return 0.0 if figure[-1] in "%％" else to_number(NO_NUMBER.sub("", figure)) or 0.0


class Choice(Telling):
    """Which of the places a post names are those of its collection."""

    def sites(self) -> list[Site]:
        """The places of the collection, each once."""
        found: list[Site] = []
        whole: set[str] = set()
        for at, passage in enumerate(self.passages):
            if passage.collects:
                found += self.of_passage(at)
                whole |= self._whole(at)
        regions = {site.code for site in found}
        if len(regions) > 1 and not whole and all(code.endswith("0000") for code in regions):
            return []  # several provinces and nothing closer: talk about regions
        if found and all(map(self.reading.away, found)):
            # Of officers who went elsewhere for their own people: their own unit, whose police took the samples, too.
            found += self.reading.title_sites or self.reading.publisher_sites()
        titled = [s for s in self.reading.title_sites if not above_county(s.code)]
        if titled and found and not any(self._related(t.code, s.code) for t in titled for s in found):
            found = titled
        found = (
            found or self.reading.title_sites or self._only_one() or self.reading.publisher_sites() or self._loosely()
        )
        if BOUGHT.search(self.reading.area.name):
            # A purchase is for the buyer's whole area; of its townships those count where samples have been taken.
            sampled = [site for site in found if self._done(site)]
            return self._merged([*sampled, *map(self._up, found)], whole | {site.code[:6] for site in found})
        return self._merged(self._closer(found, whole), whole)

    def _done(self, site: Site) -> bool:
        """Whether the sentence of a site tells of what has been done, not of what is to be."""
        told = next((p for p in self.passages if site.start is not None and p.start <= site.start < p.end), None)
        return told is not None and DONE.search(self.reading.copy, told.start, told.end) is not None

    def _up(self, site: Site) -> Site:
        """The county of a site, where the text names it."""
        if len(site.code) == 6 and not site.village:
            return site
        named = next((m for m, c in self.reading.units if c == site.code[:6]), None)
        return self.reading.county_site(named, site.code[:6]) if named else Site(site.code[:6], text=site.text)

    def _related(self, one: str, other: str) -> bool:
        return self.book.covers(one[:6], other[:6]) or self.book.covers(other[:6], one[:6])

    def _closer(self, found: list[Site], whole: set[str]) -> list[Site]:
        """In place of a county alone the only township, or the only village of it, that the text names there.

        So for a township alone its only village: 次日那村 said on arrival, the cards counted at the end.
        """
        codes = {site.code for site in found}
        if len(codes) != 1 or whole or any(site.village for site in found):
            return found
        (code,) = codes
        items = {p.item for p in self.passages if p.collects or not self.digest}
        told = [s for i, p in enumerate(self.passages) if p.item in items for s in self.own(i)]
        if len(code) == 6:
            deep = [site for site in told if len(site.code) == 9 and site.code.startswith(code)]
            deep = deep or self._named_townships(code)
            if len({site.code for site in deep}) != 1:
                return found
            found = [next((site for site in deep if not site.village), deep[0])]
        village = self._only_village(found[0].code)
        return [village] if village else found

    def _named_townships(self, county: str) -> list[Site]:
        """Townships of a county named anywhere, but for those said not to have been reached."""
        units = [(m, c) for m, c in self.reading.units if len(c) == 9 and c.startswith(county)]
        off = {c for m, c in units if any(p.denies(m.start) for p in self.passages)}
        return [self.reading.township_site(m, c) for m, c in units if c not in off]

    def _only_village(self, township: str) -> Site | None:
        """The only village told of a township, where it is named right after it or as the place one comes to."""
        reading, copy = self.reading, self.reading.copy
        told = [(v, reading.village_site(v)) for v in reading.villages]
        told = [(v, site) for v, site in told if site.code == township]
        if len({site.village for _, site in told}) != 1:
            return None
        for village, site in told:
            if self.come_to(village.start) or VILLAGE_HELPER.match(copy, village.end):
                return site
        return None

    def _only_one(self) -> list[Site]:
        """Of a text that names no place beside its collection: the only county it names, where the account has none."""
        area = self.reading.area
        if area.code and not above_county(area.code):
            return []
        codes: dict[str, Mention] = {}
        for mention, code in self.reading.units:
            if self.reading.plausible(mention, code):
                codes.setdefault(code[:6], mention)
        above = {parent for code in codes for parent in self.book.lineage(code)[:-1]}
        lowest = [code for code in codes if code not in above]
        return [self.reading.county_site(codes[lowest[0]], lowest[0])] if len(lowest) == 1 else []

    def _loosely(self) -> list[Site]:
        """Of a post without any place so far: the only county whose short name it has twice, or once by itself."""
        reading = self.reading
        known = [code for _, code in (*reading.title_units, *reading.units)]
        told: dict[str, Site] = {}
        times: Counter[str] = Counter()
        apart: set[str] = set()
        for copy, own, words_at in ((reading.title_copy, reading.title, False), (reading.copy, reading.text, True)):
            for m in names_above_township(copy):
                name = copy[m.start : m.end]
                codes = narrow(self.book, m.codes, known)
                if (
                    not m.bare
                    or len(codes) != 1
                    or name in ordinary_words()
                    or elsewhere(copy, m)
                    or OTHER_NAME.match(copy, m.end)
                ):
                    continue
                start, end = (m.start, m.end) if words_at else (None, None)
                times[codes[0]] += 1
                if stands_apart(copy, m):
                    apart.add(codes[0])
                told.setdefault(codes[0], Site(codes[0], None, None, start, end, own[m.start : m.end]))
        told = {code: site for code, site in told.items() if code in apart} or told
        above = {parent for code in told for parent in self.book.lineage(code)[:-1]}
        lowest = [site for code, site in told.items() if code not in above]
        return lowest if len(lowest) == 1 and (times[lowest[0].code] > 1 or lowest[0].code in apart) else []

    def ranked(self, start: int, end: int, rank: str, in_title: bool) -> Site | None:
        """The unit that 全县, 我镇 there speak of, by its rank; None where nothing tells which."""
        code = (None if in_title else self._ranked_before(start, rank)) or self._ranked_area(rank)
        if code is None:
            return None
        named = next((m for m, c in self.reading.units if c == code), None) if len(code) == 9 else None
        site = self._whole_site(code, named)
        if len(code) == 9 and not site.township:
            return None
        if in_title:
            return site._replace(start=None, end=None, text=self.reading.title[start:end])
        return site._replace(start=start, end=end, text=self.reading.text[start:end])

    # ---- counted as a whole

    def _whole(self, at: int) -> set[str]:
        """Units whose total a passage gives: 全县累计采集…, 格达乡共采集218份, or alone beside figures."""
        passage, copy = self.passages[at], self.reading.copy
        own = self.own(at)
        if passage.counts and not own and self._sums_up(at):
            return {self._towns_told[0][:6]}
        # 某县公安局…三个镇共采1.4万份: theirs.
        counted = passage.counts and not self.counted_list(at, 0)
        whole = {s.code for s in own} if counted and not any(s.deep for s in own) else set()
        for offset, rank, figure in counted_ranks(copy, passage):
            # 我镇在干溪村、新华村采…136人: the figure is theirs.
            if self.reading.villages_between(offset, figure):
                continue
            code = self._ranked_before(offset, rank) or self._ranked_area(rank)
            area = self.reading.area.code
            if code and (area is None or len(area) == 9 or self.book.covers(area, code)):
                whole.add(code)
        whole |= self._at_large(at)
        units = self.reading.units_between(passage.start, passage.end)
        starts = {mention.start for mention, _ in units}
        for mention, code in units:
            if not mention.station and mention.end not in starts and gives_total(copy, mention.end):
                whole.add(code)
            if not mention.station and AT_LARGE.match(copy, mention.end):
                whole.add(code)
            # Beside its villages a township stays where a figure is its own.
            if len(code) == 9 and not mention.station and has_figure(copy, passage, mention.end):
                whole.add(code)
            if passage.units_counted or len(code) == 6 or not self._part_of_count(at, mention.start):
                continue
            # Of a list of towns told before, it is theirs.
            if not self._listed_before(at, code):
                whole.add(code[:6])
        if passage.row and self._station and WHOLE_ROW.match(copy, passage.start, passage.end):
            whole.add(self._station)
        return whole | self._of_villages(at)

    def _part_of_count(self, at: int, start: int) -> bool:
        """Whether what is named there is a part of a figure told before it, and not with the others all of it."""
        passage, copy = self.passages[at], self.reading.copy
        if not PART_OF.search(copy, max(passage.start, start - 6), start):
            return False
        if passage.row:
            return COUNTED_CELL.search(copy, passage.start, start) is not None
        figures = COUNT.findall(copy, passage.start, start)
        if not figures:
            return False
        parts = [_worth(figure) for figure in COUNT.findall(copy, start, passage.end)]
        whole = _worth(figures[-1])
        return len(parts) < 2 or abs(sum(parts) - whole) > whole * ADDS_UP

    def _of_villages(self, at: int) -> set[str]:
        """The township whose own figure stands in a passage beside those of its villages."""
        passage = self.passages[at]
        villages = self.reading.villages_between(passage.start, passage.end)
        found = set()
        if villages and self._part_of_count(at, villages[0].start):
            code = self.reading.village_site(villages[0]).code
            if len(code) == 9 and len({v.code for v in map(self.reading.village_site, villages)}) == 1:
                found.add(code)
        return found | self._of_station(at)

    def _of_station(self, at: int) -> set[str]:
        """The township of a station's own post, where a figure stands before the first village that its line names."""
        passage, reading = self.passages[at], self.reading
        end = reading.copy.find("\n", passage.end)
        later = reading.villages_between(passage.start, end if end >= 0 else len(reading.copy))
        begin = self._item_begins[passage.item]
        if not self._station or not later or passage.row or reading.villages_between(begin, passage.start):
            return set()
        sampled = SAMPLED.search(reading.copy, passage.start, min(passage.end, later[0].start))
        if sampled is None or PART_SUM.search(reading.copy, passage.start, sampled.end()):
            return set()
        named = reading.units_between(passage.start, passage.end)
        return set() if any(code != self._station for _, code in named) else {self._station}

    @cached_property
    def _item_begins(self) -> dict[int, int]:
        """Where each item begins; what stands outside of items, with the text."""
        return {p.item: p.start if p.item else 0 for p in reversed(self.passages)}

    @cached_property
    def _station(self) -> str | None:
        """The township whose own post it is: the publisher's, else the only one its title names."""
        area = self.reading.area
        if area.code is not None and len(area.code) == 9:
            return None if area.village else area.code
        titled = {site.code for site in self.reading.title_sites if site.township and not site.village}
        return titled.pop() if len(titled) == 1 else None

    def _at_large(self, at: int) -> set[str]:
        """The county whose 全县 a sentence about samples speaks of, in a post that is of no part of it."""
        passage, reading = self.passages[at], self.reading
        told = ALL_OF_COUNTY.search(reading.copy, passage.start, passage.end)
        if told is None or TAKING.search(reading.copy, passage.start, passage.end) is None:
            return set()
        if tells_purpose(reading.copy, told.start()) or reading.copy[passage.end - 1] in "？?":
            return set()
        if OF_A_PART.search(reading.title_copy) or OF_A_PART.search(matching_copy(reading.area.name)):
            return set()
        if any(len(code or "") == 9 for code in (reading.area.code, *(code for _, code in reading.title_units))):
            return set()
        code = self._ranked_before(told.start(), told[1]) or self._ranked_area(told[1])
        return {code} if code and not code.endswith("00") else set()

    @cached_property
    def _towns_told(self) -> list[str]:
        """Codes of the townships that the collecting passages of the post name."""
        codes = {s.code for i, p in enumerate(self.passages) if p.collects for s in self.own(i) if len(s.code) == 9}
        return sorted(codes)

    def _sums_up(self, at: int) -> bool:
        """Whether a figure that stands by itself in a post on several townships of a county is the county's."""
        passage, towns = self.passages[at], self._towns_told
        if passage.item or passage.row or len(towns) < 2 or len({code[:6] for code in towns}) > 1:
            return False
        if self.title_part(at) or len(self.reading.area.code or "") == 9:
            return False
        if self._told_before(at) or PART_SUM.search(self.reading.copy, passage.start, passage.end):
            return False
        if self._on_trial or ASKED.search(self.reading.copy, passage.start, passage.end):
            return False
        return SAMPLED.search(self.reading.copy, passage.start, passage.end) is not None

    @cached_property
    def _on_trial(self) -> bool:
        """Whether all the townships told are named as those of a trial: what is counted beside them is theirs."""
        told: set[str] = set()
        for i, passage in enumerate(self.passages):
            if passage.collects and TRIAL.search(self.reading.copy, passage.start, passage.end):
                told |= {site.code for site in self.own(i)}
        return told.issuperset(self._towns_told)

    def _told_before(self, at: int) -> bool:
        """Whether townships or villages were told earlier in the passage's line."""
        return any(self.wanted(i, deep=True) for i in self._before_in_line(at))

    def _listed_before(self, at: int, code: str) -> bool:
        """Whether a list of townships with this one was told earlier in the passage's line."""
        lists = ({s.code for s in self.own(i)} for i in self._before_in_line(at))
        return any(code in told and len(told) > 1 for told in lists)

    def _before_in_line(self, at: int) -> Iterator[int]:
        """The passages before one in its line, the nearest first."""
        line = self.passages[at].line
        return takewhile(lambda i: self.passages[i].line == line, range(at - 1, -1, -1))

    def _ranked_before(self, offset: int, rank: str) -> str | None:
        """The last unit before the offset of the rank that 全县, 全乡 speak of."""
        area = self.reading.area.code or ""
        if rank in "镇乡" and len(area) == 9 and not self._named_beside(offset):
            return area
        before = reversed(self.reading.units_before(offset, REFERS_BACK))
        for _, code in (*before, *self.reading.title_units):
            if rank in "镇乡":
                if len(code) == 9:
                    return code
                continue
            above = next((c for c in reversed(self.book.lineage(code)) if self._has_rank(c, rank)), None)
            if above:
                return above
        return None

    def _named_beside(self, offset: int) -> bool:
        """Whether a township is named before the offset in its sentence: another than the one that posts."""
        at = self.at(offset)
        return any(len(code) == 9 for _, code in self.reading.units_between(self.passages[at].start, offset))

    def _ranked_area(self, rank: str) -> str | None:
        area = self.reading.area.code
        if area is None:
            return None
        if rank in "镇乡":
            return area if len(area) == 9 else None
        return next((code for code in reversed(self.book.lineage(area)) if self._has_rank(code, rank)), None)

    def _has_rank(self, code: str, rank: str) -> bool:
        name, county = self.book.rows[code].name, not code.endswith("00")
        if rank == "县":
            return county
        if rank == "州":
            return name.endswith("州") and not county
        return name.endswith(rank) and not code.endswith("0000")

    def _merged(self, sites: Sequence[Site], whole: set[str]) -> list[Site]:
        """Each once; a unit whose parts are listed stays only where it was counted as a whole."""
        unique: dict[tuple[str, str | None], Site] = {}
        for site in sites:
            unique.setdefault((site.code, site.village), site)
        first = {code: mention for mention, code in reversed(self.reading.units)} if whole else {}
        for code in sorted(whole):
            if (code, None) not in unique:
                unique[code, None] = self._whole_site(code, first.get(code))
        with_villages = {code for code, village in unique if village}
        above = {parent for code, _ in unique for parent in self.book.lineage(code)[: None if len(code) == 9 else -1]}
        kept = [
            site
            for (code, village), site in unique.items()
            if village or code in whole or not (code in above or code in with_villages)
        ]
        return sorted(kept, key=lambda s: (s.start is None, s.start or 0))

    def _whole_site(self, code: str, mention: Mention | None) -> Site:
        if mention is None:
            area = self.reading.area
            titled = next((m for m, c in self.reading.title_units if c == code), None)
            if titled and len(code) == 9 and area.code != code:
                return self.reading.title_site(titled, code)
            return Site(code, area.township if area.code == code else None, text=area.text)
        return self.reading.township_site(mention, code) if len(code) == 9 else self.reading.county_site(mention, code)
