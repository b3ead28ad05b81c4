"""What each passage of a post tells of places: its own, and those a passage that names none takes from another.

`places` chooses among them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

from pipeline.language.label.cues import Cue
from pipeline.language.places.area import above_county
from pipeline.language.places.deeds import CARD, only_tests, other_work, told_off
from pipeline.language.places.reading import Reading, Site
from pipeline.language.places.scope import LIST_LINE, SPOKEN, Passage, passages
from pipeline.language.places.tables import across
from pipeline.language.sampling import names_samples, sampling_words
from pipeline.patterns import Pattern

# A post with more numbered or headed items than this is a digest or a report: its title does not speak for each item.
DIGEST_ITEMS = 3
COLLOQUIAL = "colloquial"
# How many sentences back a round may have begun.
BESIDE = 5
# What goes before the place one comes to.
ARRIVED = Pattern(r"(?:到的是|[来走赶搬送开进钻住驻回拐]到?[进到在]了?|深入|进驻|到达|抵达|前往|赶赴|到了)$")
# A digest tells of samples in one item of so many at the most.
FEW_ITEMS = 2
OF_SAMPLES = Pattern(
    rf"DNA|[Yy]-?STR|血|采(?!购|访)|样|家[系族谱]|族谱|拭子|基因|抽(?!查|调|烟|空|检)|录入|{CARD}|核采|检材|登记"
)
# How many passages back 三个乡 may refer.
REFERS_BACK = 40
# How many passages of a line, or lines of a list, are looked through for a place named before.
LINE_BACK = 100


class Telling:
    """The passages of a post with the sites each names or refers to."""

    def __init__(self, reading: Reading, cues: Sequence[Cue]) -> None:
        self.reading = reading
        self.book = reading.book
        # Words of the phrase book that tell of samples without naming DNA or blood are cues here.
        told = [Cue(SPOKEN, w.start, w.end) for w in sampling_words(reading.copy) if w[::3] == (SPOKEN, COLLOQUIAL)]
        self.passages = passages(reading.copy, [*cues, *told], samples_told=names_samples(reading.title_copy))
        self.digest = len({p.item for p in self.passages}) > DIGEST_ITEMS
        self._own_cache: dict[int, list[Site]] = {}
        self._off_cache: dict[int, frozenset[int]] = {}
        self._first_cache: dict[tuple[int, bool], int | None] = {}

    def apart(self, offset: int) -> bool:
        """Whether what stands there is of another matter, by its item of a digest or by its clause.

        An item has no word of samples while others collect; of few items it must tell other work. So is a county
        outside an office's own area whose police take no samples.
        """
        here = self.reading.units_between(offset, offset + 1)
        if any(len(code) == 6 and not self.reading.plausible(m, code) for m, code in here):
            return True
        at = self.at(offset)
        passage, item = self.passages[at], self.passages[at].item
        if not passage.collects and other_work(self.reading.copy, passage.start, passage.end):
            return True
        if item and item not in self._speaking and (self._of_many_matters or item in self._of_other_work):
            return True
        return offset in self._off(at)

    def _off(self, at: int) -> frozenset[int]:
        """Where a passage names units that only its other work speaks of."""
        if at not in self._off_cache:
            start, end = self.passages[at].start, self.passages[at].end
            named = [mention for mention, _ in self.reading.units_between(start, end)]
            self._off_cache[at] = told_off(self.reading.copy, start, end, named)
        return self._off_cache[at]

    @cached_property
    def _of_other_work(self) -> frozenset[int]:
        """The items that tell of other police work."""
        return frozenset(p.item for p in self.passages if p.item and other_work(self.reading.copy, p.start, p.end))

    def at(self, offset: int) -> int:
        """The passage in which an offset lies."""
        return max(0, bisect_right(self._begins, offset) - 1)

    @cached_property
    def _begins(self) -> list[int]:
        return [p.start for p in self.passages]

    @cached_property
    def _of_many_matters(self) -> bool:
        """Whether a digest tells of samples in few of its items: minutes and reports, no notice in numbered points."""
        items = {p.item for p in self.passages if p.item}
        collecting = {p.item for p in self.passages if p.collects}
        if not self.digest or not collecting or names_samples(self.reading.title_copy):
            return False
        return len(self._speaking & items) <= len(items) / FEW_ITEMS

    @cached_property
    def _speaking(self) -> frozenset[int]:
        """The items in which a word of samples, or of what is done with them, stands."""
        return frozenset(
            p.item for p in self.passages if p.collects or OF_SAMPLES.search(self.reading.copy, p.start, p.end)
        )

    def own(self, at: int) -> list[Site]:
        """Sites named in a passage: villages with their township, townships, else the lowest units above."""
        if at not in self._own_cache:
            self._own_cache[at] = self._named_in(self.passages[at])
        return self._own_cache[at]

    def _named_in(self, passage: Passage) -> list[Site]:
        reading = self.reading
        named = reading.units_between(passage.start, passage.end)
        villages = reading.villages_between(passage.start, passage.end)
        if not named and not villages:
            return self._of_columns(passage) if passage.row else []
        units = [(m, c) for m, c in named if not passage.denies(m.start) and reading.plausible(m, c)]
        off = self._off(self.at(passage.start))
        units = [(m, c) for m, c in units if m.start not in off]
        # Where nothing else tells the place, whoever tests the samples does.
        units = [(m, c) for m, c in units if not only_tests(reading.copy, m)] or units
        villages = [v for v in villages if not passage.denies(v.start)]
        # A village that nothing sets in a county names no unit.
        sites = [site for site in map(reading.village_site, villages) if site.code]
        sites += [reading.township_site(m, c) for m, c in units if len(c) == 9]
        deep = {site.code for site in sites}
        upper = [(m, c) for m, c in units if len(c) == 6 and not reading.above_publisher(c)]
        if deep and reading.area.code is not None and len(upper) == 1:
            return sites
        above = {p for c in deep for p in self.book.lineage(c)}
        above |= {p for c in {c for _, c in upper} for p in self.book.lineage(c)[:-1]}
        lowest = [(m, c) for m, c in upper if c not in above]
        return sites + [reading.county_site(m, c) for m, c in lowest]

    def _of_columns(self, passage: Passage) -> list[Site]:
        """The units that head the columns of a row of samples: 血样采集　312　560."""
        reading, heads = self.reading, self._heads_by_row.get(passage.start, ())
        sites = [reading.village_site(v) for head in heads for v in reading.villages_between(*head)]
        sites = [site for site in sites if site.code]
        units = [named for head in heads for named in reading.units_between(*head) if reading.plausible(*named)]
        return sites + [
            reading.township_site(m, code) if len(code) == 9 else reading.county_site(m, code) for m, code in units
        ]

    @cached_property
    def _heads_by_row(self) -> dict[int, tuple[tuple[int, int], ...]]:
        """The headings of the filled columns of each row of samples, by where its passage begins."""
        return {self.passages[self.at(row.start)].start: row.heads for row in across(self.reading.copy)[0]}

    def of_passage(self, at: int) -> list[Site]:
        """Sites of a passage that collects: its own, else what 三个乡 refers to, its item, the title."""
        own = self.own(at)
        own = [*own, *self._villages_beside(at, own)]
        deep = [site for site in own if site.deep]
        listed = self.counted_list(at, len({s.code for s in deep if s.township}))
        if listed:
            return [*listed, *own]
        if deep or (own and self.passages[at].counts):
            return own
        before = self._before(at, deep=True) or self.title_part(at) or own
        if self._heads(own) and not any(site.code.startswith(code) for site in before for code in self._within(own)):
            return own  # another place than the one told before
        return before or self._after(at) or self._before(at, deep=False)

    def _heads(self, sites: Sequence[Site]) -> bool:
        """Whether the first of these is named at the head of a clause: 山南另有…, no city someone works in."""
        start = sites[0].start if sites else None
        return start is not None and (start == 0 or self.reading.copy[start - 1] in "，。；：:\n 　")

    def _within(self, sites: Sequence[Site]) -> list[str]:
        """What codes of units inside these begin with."""
        return [s.code.removesuffix("00").removesuffix("00") if above_county(s.code) else s.code[:6] for s in sites]

    def _villages_beside(self, at: int, own: Sequence[Site]) -> list[Site]:
        """Villages of the sentences near this one in its line, which go on telling of the same round.

        Two sentences away any village counts, further off one that is come to or named after its township.
        """
        if any(site.village for site in own) and not self.passages[at].counts:
            return []
        codes = {site.code for site in own}
        found = []
        for i, far in self._near(at):
            told = [s for s in self.own(i) if s.village and (not codes or s.code in codes)]
            if far or any(site.village for site in own):
                told = [s for s in told if s.start is not None and self.come_to(s.start)]
            found += told
        return found

    def _near(self, at: int) -> list[tuple[int, bool]]:
        """The sentences near one in its line but for plans, and whether they are far; parts joined by ； are one."""
        line, copy = self.passages[at].line, self.reading.copy
        found, steps = [], 0
        for i in range(at - 1, max(-1, at - REFERS_BACK), -1):
            steps += copy[self.passages[i].end - 1] not in "；;"
            if self.passages[i].line != line or steps > BESIDE:
                break
            found.append((i, steps > 2))
        found += [(i, False) for i in range(at + 1, min(len(self.passages), at + 3)) if self.passages[i].line == line]
        return sorted((i, far) for i, far in found if not self.passages[i].future)

    def come_to(self, start: int) -> bool:
        """Whether a village named there is where one comes: after its township, or after 来到."""
        copy = self.reading.copy
        return start in self.reading.ends or ARRIVED.search(copy, max(0, start - 4), start) is not None

    def counted_list(self, at: int, named: int) -> list[Site]:
        """六个乡共采集…: the list of that many townships or villages told before."""
        number = self.passages[at].units_counted
        if not number or number == named:
            return []
        for i in range(at - 1, max(-1, at - REFERS_BACK), -1):
            found = {(s.code, s.village): s for s in self.own(i) if s.deep}
            if number in (len(found), len({code for code, _ in found})):
                return list(found.values())
        return []

    def _before(self, at: int, deep: bool) -> list[Site]:
        """What was named before: nearest in the same line, else what its item, else the introduction, began with."""
        passage = self.passages[at]
        if passage.ordinal:
            return []
        i = at - 1
        while i >= max(0, at - LINE_BACK) and self.passages[i].line == passage.line:
            found = self.wanted(i, deep)
            if found:
                # 一组负责…；二组负责…。各组…: all the parts of the sentence.
                while i and self.reading.copy[self.passages[i - 1].end - 1] in "；;":
                    i -= 1
                    found = [*self.wanted(i, deep), *found]
                return found
            i -= 1
        for item in (passage.item, 0):
            first = self._first(item, deep)
            if first is not None and first < at:
                return self.wanted(first, deep) + self._list_under(first, at)
        return []

    def _list_under(self, head: int, at: int) -> list[Site]:
        """The short lines under a line that ends in a colon: 王家坝镇： and its villages with their days."""
        found: list[Site] = []
        if self.reading.copy[self.passages[head].end - 1] in "：:":
            for i in range(head + 1, min(at, head + LINE_BACK)):
                told = self.own(i)
                if not told or self.passages[i].end - self.passages[i].start > LIST_LINE:
                    break
                found += told
        return found

    def _after(self, at: int) -> list[Site]:
        """In an item of a digest that names its place late: the townships of its next passage with figures."""
        item = self.passages[at].item
        for i in range(at + 1, len(self.passages) if item else 0):
            if self.passages[i].item != item:
                break
            if self.passages[i].counts and self.wanted(i, deep=True):
                return self.wanted(i, deep=True)
        return []

    def wanted(self, at: int, deep: bool) -> list[Site]:
        """The sites of a passage that others may take: none of plans and of a table's rows; `deep` below county."""
        if self.passages[at].future or self.passages[at].row:
            return []
        return [site for site in self.own(at) if site.deep or not deep]

    def _first(self, item: int, deep: bool) -> int | None:
        """The first passage of an item that names a place."""
        if (item, deep) not in self._first_cache:
            members = (i for i, p in enumerate(self.passages) if p.item == item)
            self._first_cache[item, deep] = next((i for i in members if self.wanted(i, deep)), None)
        return self._first_cache[item, deep]

    def title_part(self, at: int) -> list[Site]:
        """Townships and villages of the title, for a story of one item."""
        if self.passages[at].item and self.digest:
            return []
        return [site for site in self.reading.title_sites if site.deep]
