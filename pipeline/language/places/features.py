"""Where a post names or speaks of a unit, and how that looks to the fitted model of places (`places.model`)."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.language.fitted.windows import MOST, Stretch
from pipeline.language.places.choice import Choice
from pipeline.language.places.mentions import Mention
from pipeline.language.places.reading import Site
from pipeline.language.places.scope import NUMBER, Passage, tells_no_whole
from pipeline.language.telling import Telling
from pipeline.patterns import Pattern

# What speaks of a unit without its name, and of which rank.
REFERENCE = Pattern(
    r"(?P<all>全|整个)(?P<rank>[县市区州旗镇乡]|街道)(?!公安|民警|域)"
    r"|(?P<own>[我本该咱])(?P<rank>[县市区州旗镇乡]|街道)(?!公安)"
    r"|(?P<bureau>[我本]?(?P<rank>[县市区旗])(?:公安)?局|我局|[县市区旗]里)"
    r"|(?P<parts>(?:[各余]|其他|(?P<number>\d{1,3}|[一二三四五六七八九十两]{1,3})个?)"
    r"(?P<of>乡镇|镇街|派出所|所(?!中?小学|中学|学校|高校|院校)|乡|镇|街道|村|社区))(?!长)"
)
SAMPLE = Pattern(
    r"DNA|[Yy]-?STR|Y库|血(?![压糖脂管])|采(?![购访取摘暖光石砂煤矿伐纳用茶药])|样本|检材|家系|家族|取样|扎|拭子|基因"
    r"|抽(?!查|调|烟|空|检)"
)
FIGURE = Pattern(r"(?:\d[\d,，. ]*|[一二三四五六七八九十百千万两]{2,})[余多万]*(?:[份人张%％枚]|成|名)")
BREAK = Pattern(r"\n")
# A figure this far behind a name may be its own, in characters.
FIGURE_WITHIN = 25
FAR = 999
DISTANCES = (8, 20, 50, 150)


class PlaceMention(NamedTuple):
    """A unit where a post names it or speaks of it.

    `whole` where that may tell of the unit as a whole: 县公安局 does not; `named` where it is by its name in the text.
    `apart` where it stands in an item of a digest that is of another matter.
    """

    site: Site
    stretch: Stretch
    whole: bool
    named: bool
    apart: bool


class _Named(NamedTuple):
    """The same in the title or the text, before it is laid out; offsets in that."""

    site: Site
    start: int
    end: int
    kind: str
    in_title: bool = False


def level(site: Site) -> str:
    """What kind of unit a site is."""
    if site.village:
        return "village"
    if len(site.code) == 9:
        return "township"
    return "province" if site.code.endswith("0000") else "prefecture" if site.code.endswith("00") else "county"


def place_mentions(choice: Choice, told: Telling) -> list[PlaceMention]:
    """Every mention of a unit in the text, but for those said not to have been reached, then in the title."""
    named = _mentioned(choice)[:MOST]
    post = _Post(choice, told, named)
    found = []
    for one in named:
        stretch = post.stretch(one)
        if stretch is not None:
            found.append(
                PlaceMention(
                    one.site,
                    stretch,
                    whole=_of_whole(choice, one),
                    named=one.kind in ("name", "bare"),
                    apart=not one.in_title and choice.apart(one.start),
                )
            )
    return found


def _of_whole(choice: Choice, one: _Named) -> bool:
    """Whether a mention may tell that a unit was covered as a whole."""
    if one.kind in ("bureau", "own"):
        return False
    return one.kind != "all" or one.in_title or not tells_no_whole(choice.reading.copy, one.start, one.end)


def _mentioned(choice: Choice) -> list[_Named]:
    """Units and villages that text and title name, then what 全县, 县局, 各乡镇 speak of."""
    reading = choice.reading
    begins = [p.start for p in choice.passages]

    def denied(mention: Mention) -> bool:
        at = bisect_right(begins, mention.start) - 1
        return at >= 0 and choice.passages[at].denies(mention.start)

    units = [(m, c) for m, c in reading.units if not denied(m)]
    found = [
        _Named(
            reading.township_site(m, c) if len(c) == 9 else reading.county_site(m, c),
            m.start,
            m.end,
            "station" if m.station else "bare" if m.bare else "name",
        )
        for m, c in units
    ]
    villages = [v for v in reading.villages if not denied(v)]
    found += [_Named(site, v.start, v.end, "name") for v in villages if (site := reading.village_site(v)).code]
    towns = len({one.site.code for one in found if len(one.site.code) == 9})
    found += _referred(choice, reading.copy, towns, in_title=False)
    found += [_Named(reading.title_site(m, c), m.start, m.end, "title", True) for m, c in reading.title_units]
    return found + _referred(choice, reading.title_copy, towns, in_title=True)


def _referred(choice: Choice, copy: str, towns: int, in_title: bool) -> list[_Named]:
    """Units that 全县, 我镇, 县局, 各乡镇 speak of; 三个乡 are those named where so many are."""
    found = []
    begins = [] if in_title else [m.start for m, _ in choice.reading.units]
    for match in REFERENCE.finditer(copy):
        before = bisect_right(begins, match.start()) - 1
        if before >= 0 and match.start() < choice.reading.units[before][0].end:
            continue
        number = match["number"] or ""
        if number and (int(number) if number.isdigit() else NUMBER.get(number, towns + 1)) <= towns:
            continue
        kind = next(name for name in ("all", "own", "bureau", "parts") if match[name])
        rank = (match["rank"] or "县").replace("街道", "镇")
        if kind == "parts" and match["of"] in ("村", "社区"):
            rank = "镇"
        site = choice.ranked(match.start(), match.end(), rank, in_title)
        if site:
            found.append(_Named(site, match.start(), match.end(), kind, in_title))
    return found


def _some(number: int) -> str:
    return str(number) if number < 3 else "3-5" if number < 6 else "6+"


class _Post:
    """What the terms of one post's mentions ask for."""

    def __init__(self, choice: Choice, told: Telling, named: Sequence[_Named]) -> None:
        self.choice, self.told = choice, told
        self.plain = told.post.plain
        self.starts = [start for start, _ in told.post.bounds]
        self.begins = [p.start for p in choice.passages]
        self.samples = [at.start() for at in SAMPLE.finditer(self.plain)]
        self.breaks = [at.start() for at in BREAK.finditer(self.plain)]
        self.sampled_lines = {bisect_right(self.breaks, at) for at in self.samples}
        self.times = Counter((one.site.code, one.site.village) for one in named)
        units = {(one.site.code, one.site.village): one.site for one in named}
        self.levels = Counter(level(site) for site in units.values())
        self.townships = Counter(code[:6] for code, village in units if len(code) == 9 and not village)
        self.villages = Counter(code for code, village in units if village)
        self.titled = {one.site.code for one in named if one.in_title}

    def stretch(self, one: _Named) -> Stretch | None:
        """A mention as the model sees it; None where it reaches over the end of a sentence."""
        lead = 0 if one.in_title else self.told.lead
        start, end = one.start + lead, one.end + lead
        number = bisect_right(self.starts, start) - 1
        if number < 0 or end > self.told.post.bounds[number][1] or (one.in_title and not self.told.lead):
            return None
        terms = [*self._of_unit(one), *self._of_place(one, start, end, number)]
        at = -1 if one.in_title else bisect_right(self.begins, one.start) - 1
        if at >= 0:
            terms += self._of_passage(one, self.choice.passages[at])
        kind = level(one.site)
        return Stretch(start, end, number, [f"{kind} {term}" for term in terms])

    def _of_unit(self, one: _Named) -> list[str]:
        """Terms of the unit, wherever it is named."""
        site = one.site
        return [
            "level",
            f"area {self._relation(site.code)}",
            f"levels {_some(self.levels[level(site)])}",
            f"times {_some(self.times[site.code, site.village])}",
            f"titled {site.code in self.titled}",
            f"townships {_some(self.townships[site.code[:6]])}",
            f"counties {_some(self.levels['county'])}",
            f"villages {_some(self.villages[site.code])}",
        ]

    def _relation(self, code: str) -> str:
        """How a unit lies to the publisher's area."""
        area, book = self.choice.reading.area, self.choice.book
        if area.code is None:
            return "none"
        kind = "official" if area.official else "other"
        if area.code == code:
            return f"{kind} same"
        if area.code[:6] == code[:6]:
            return f"{kind} {len(area.code)} {len(code)}"
        if book.covers(area.code[:6], code):
            return f"{kind} part"
        return f"{kind} above" if book.covers(code, area.code[:6]) else f"{kind} elsewhere"

    def _of_place(self, one: _Named, start: int, end: int, number: int) -> list[str]:
        """Terms of where a mention stands: how near words of sampling are, and whether a figure follows."""
        after = bisect_right(self.samples, start)
        left = start - self.samples[after - 1] if after else FAR
        right = self.samples[after] - end if after < len(self.samples) else FAR
        near, nearest = self.told.near[number], _distance(min(left, right))
        figure = FIGURE.search(self.plain, end, min(len(self.plain), end + FIGURE_WITHIN)) is not None
        return [
            f"kind {one.kind}",
            f"samples {near}",
            f"samples {one.kind} {near}",
            f"left {_distance(left)}",
            f"right {_distance(right)}",
            f"nearest {nearest}",
            f"nearest {one.kind} {nearest}",
            f"line {bisect_right(self.breaks, start) in self.sampled_lines}",
            f"figure {figure}",
            f"figure {one.kind} {figure} {near}",
        ]

    def _of_passage(self, one: _Named, passage: Passage) -> list[str]:
        """Terms of what the rules say of the sentence or row."""
        copy = self.choice.reading.copy
        return [
            f"collects {passage.collects}",
            f"counts {passage.collects} {passage.counts}",
            f"future {passage.future}",
            f"row {passage.row}",
            f"digest {self.choice.digest} {passage.collects}",
            f"item {passage.item > 0}",
            f"listed {copy[one.start - 1 : one.start] == '、' or copy.startswith('、', one.end)}",
        ]


def _distance(letters: int) -> str:
    return next((str(most) for most in DISTANCES if letters <= most), "far")
