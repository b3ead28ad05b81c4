"""Villages and communities, by the form of their names: no table of China's villages is held, only Tibet's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

import regex

from pipeline.language.places.gazetteer import tibetan_villages
from pipeline.language.places.mentions import Mention, words
from pipeline.language.places.townships import HANS, lists_of_figures, run_before
from pipeline.patterns import Pattern

VILLAGE_END = Pattern(
    r"村(?!村[通响都大喇])(?![“「](?!访惠聚|访民情|驻村))(?![民子干委支警务组规史貌容医社镇级落寨庄屯办户小医校])(?!派出所)|村(?=户[与户均])|村(?=(?:村?民)?委(?:员)?会|小学|民宿)|社区(?![矫医工志])|居委会|嘎查|牧委会"
    r"|(?<=[一二三四五六七八九十\d])连(?![续日夜着接])|寨(?![子沟门村])"
)
# 村里, 村口: the village at hand, unless its name goes before.
WITHIN = (
    "社区居",
    "社区民",
    "社区警",
    "社区群",
    "社区干",
    "村委会",
    "村民委",
    "村里",
    "村两委",
    "村内",
    "村口",
    "村头",
    "村道",
)
# 四村、六村: numbers are names in a list of their like; 三村 alone may be three villages.
NUMBERED = frozenset(f"{number}村" for number in "一二三四五六七八九十")
JOINED = ("村和", "村与", "村及")
# 三村四村各六十: several told in one breath.
SEVERAL = Pattern(r"[一二三四五六七八九十]村[一二三四五六七八九十]村")
AT_HAND = Pattern(r"村(?:主任|长|支书|书记|会计|文书|部|[东西南北](?!瓜)|头|口|中|里)")
# 小赵村上礼拜采了: a day begins behind the name.
ON_HAND = Pattern(r"村上(?!午|周|月|旬|个?月|个?礼拜|个?星期|半年|年)")
# A company of the Xinjiang production corps is its village: 八连, 12连.
# What a listed village's name is told with; of 片区, 寨 and others the name stands as it is.
OWN_RANKS = frozenset({"村", "社区", "嘎查"})
COMPANY = Pattern(r"(?:(?!一连)[一二三四五六七八九十]{1,3}|\d{1,3})连$")
# 一名嘎查医生: no unit's name begins with a number and one of these (一个 is cut elsewhere; 三家, 五间 begin names).
# 进驻15村、16村: in Xinjiang villages go by numbers, elsewhere where several are told; 全乡10村 are ten of them.
IN_NUMBERS = "65"
NUMBERED_VILLAGE = Pattern(
    r"(?<!\d[至到—~-])(?<![\d.第全共约计各近余等辖])(?<!\d[,，])(?<![全各本]\p{Han})\d{1,2}村(?![民个子两级])"
)
COUNTED = Pattern(r"[一二两三四五六七八九十百几数多\d]余?[名位批起次例件辆项种份]")
# 三个牧村, 上个月两村: how many villages; 各康村：all of a kind are called.
HOW_MANY = Pattern(
    r"(?:[一二两三四五六七八九十几数多\d]个\p{Han}{0,2}|\p{Han}{0,2}[两仨俩]|(?:先行|首批|试点|重点|前期|余下|剩余|其他|其余|沿线|[这那头])[二三四五六七八九十])村"
)
CALLED = Pattern(r"(?<![^\n])[ \u3000]*各\p{Han}{1,2}村[：:，、]")
GOING = frozenset("串进下入走到驻包跨沿回出")
# 小崔进虎峰村, 盘子进渡头、塘浦两个村: who goes, and that he goes, stand before the name.
GOES_IN = Pattern(r"\p{Han}{1,5}?(?:走?进|来到|去往|分?包|负责)(?=\p{Han}{2})")
GOER = Pattern(r"(?:小(?!时)|老)\p{Han}[进到去往在回]{1,2}(?=\p{Han}{2})")
RANKS = frozenset("县乡镇市")
NUMBERS = Pattern(r"\d{1,2}村")
# 去了四村, 跑遍了东村: a name of one character does not begin with what the verb ends in.
WENT = Pattern(r"[去到来走跑进过遍完回采]了$")
# 到了五村: one comes to a village of that name; of so many villages each would be told as 五个村.
ARRIVED = Pattern(r"[去到来进]了$")
# 民警到麦村采集: so is one of two characters, if something is done there.
WENT_TO = Pattern(r"(?:(?:民警|派出所|[组队日]|[，。；：、\n])[到在赴]|[来赶走]到|前往|深入|走进|进驻|抵达|到达)$")
GOING_TO = Pattern(r"[，采为给对开进抽入]")
# 民警在厄里寨采集, 肇兴寨93份、堂安寨41份
LED_TO, STAYED = (
    Pattern(r"(?:[在到赴去进往驻咱俺]|深入|[，。；：、（\n]|^)$"),
    Pattern(r"[，。；：、\d采支为给对开抽入各群设男共已]|一[百十]|$"),
)
# 县城西关社区: the community is 西关; but 县城东村 is 城东村.
IN_TOWN = Pattern(r"(?:[县州老]?城区|(?<![我该全本])[县州]城(?!关))(?=\p{Han}{2})")
# 设东村、西村两个点; 建设村 and 设在东村 are told otherwise
SETS_UP = Pattern(r"(?:(?<![\p{Han}\d])|(?<=[所局员分增共各均都先]))设(?=\p{Han}{2,9}村[、和])")
KIND = Pattern(r"(?:行政|自然|民族)$")
# 乘船下村: people go down to a village; 岭下村 is one.
GOES_DOWN = Pattern(r"[船车步队员人马骑起常经再又不没要就都刚志警部医师们所局当]下$")
# 岭下村, 桥下社区: named for what it lies below.
BELOW = "岭岗岸山峰崖岩坡坎坑坝坪垄堤埂塘塬屋庙塔楼亭桥关门井树松桂柳樟榕槐竹林河江溪湖潭洞滩咀嘴石田墩"
# 阿亚格英也尔村, 阔孜其吾斯塘村: in a row of so many characters that stand for sounds 也 and 其 do too.
SOUNDS = 5
# Characters of a village's name without its rank, and of one of Xinjiang's that is written by its sounds.
LONGEST, LONGEST_STEM = 5, 8
VERBS_IN_NAMES = frozenset("对在让由将从是往离")
# 城镇以社区为单位: right before the rank these show that no name stands there.
NEVER_LAST = frozenset("以的到在进了为由对从于把将与给让是个逐")
# 吉松、达热、岗托三村: so for villages, where the number tells that a list ends.
VILLAGE_LIST = Pattern(
    r"(?:\p{Han}{2,8}、)(?:\p{Han}{2,4}、){0,40}\p{Han}{2,4}?"
    r"(?=等?(?:[两二三四五六七八九十几数仨俩]|\d{1,2})个?(?:自然|行政|牧业|边境|偏远|重点|高原|沿江|沿边){0,2}(?P<rank>村民小组|村|社区|居委会|嘎查|片区|庄|屯|寨|湾|大队)"
    r"|等(?:边境|偏远|行政|自然|牧业|沿边|沿江|边远|高海拔){0,2}(?P<rank>村(?![民里委])|社区|嘎查))"
)
# 三个村（德吉、热巴、嘎玛）: the rank goes before the list.
VILLAGES_AFTER = Pattern(
    r"(?:村|社区|嘎查)(?:分别)?[（(：:为是](\p{Han}{2,5}(?:、\p{Han}{2,5}){1,11})(?=[）)，。；]|等)"
)
# 饶良镇赵冯庄, 古城镇柴家沟: what hamlets end in, told by the township right before and a boundary after.
HAMLET = Pattern(
    r"(?!某)\p{Han}{1,2}某[村庄寨屯]|\d{1,2}村(?![民干个])(?:、\d{1,2}村)*|(?!一个|几个|各|每|老街)\p{Han}{1,4}?[庄屯堡寨营庙湾坝沟坪楼岗坡嘴咀垭塘冲垸墩圩塬坑坂岙厝埔塝岭洼窑垴坳峪峁岔](?<!(?:办公|教学|家属|公寓|宿舍|大|综合|门|信|塔)楼)"
    r"(?=[^\p{Han}\d]|的|村民|居民|群众|人家|老乡|采|抽|$)"
)


@lru_cache(maxsize=1)
def village_characters() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Characters that no village's name in China's list holds, begins with, ends in before its rank."""
    never, first, last = (words()[f"village_never{where}"][0] for where in ("", "_first", "_last"))
    return frozenset(never), frozenset(first), frozenset(last)


@lru_cache(maxsize=1)
def uyghur_characters() -> frozenset[str]:
    """Characters by whose sounds Uyghur and Kazakh names of villages are written."""
    return frozenset(words()["village_uyghur"][0])


@lru_cache(maxsize=1)
def _cuts() -> regex.Pattern[str]:
    # 骑马进入麦尔村: behind a verb that ends in 进 no name begins with 入
    return regex.compile(r"\L<cut>(?:(?<=进)入)?", cut=sorted(words()["cut"], key=len, reverse=True))


@lru_cache(maxsize=1)
def _verbal() -> regex.Pattern[str]:
    return regex.compile(
        rf"(?:(?<![提底日月年天周])\L<stem>|(?<![上翻爬进出过越])[{BELOW}]下)(?=村|社区)",
        stem=words()["verbal_village"],
    )


def verbal_name(copy: str, start: int) -> bool:
    """Whether a village's name begins there whose characters elsewhere say that one goes to a village.

    >>> verbal_name("岭下村", 0), verbal_name("前进村", 0), verbal_name("刚下村", 0)
    (True, True, False)
    """
    return _verbal().match(copy, start) is not None


def verbal_names(copy: str) -> Iterator[regex.Match[str]]:
    """Where such names stand, without their rank."""
    return _verbal().finditer(copy) if "村" in copy or "社区" in copy else iter(())


def _verbal_start(copy: str, run: int, start: int) -> int:
    """Where a name begins of which `verbal_name` is the end: 民警到|前进村, 大岭下村."""
    before = _cut_start(copy, run, start) if start > run else start
    return start if before is None or start - before > 2 or copy[before:start] in words()["cut"] else before


def village_mentions(copy: str, counties: Sequence[str], ends: Collection[int]) -> list[Mention]:
    """Villages and communities by the form of their names, for no table of China's villages is held.

    A name begins after the unit before it (`ends`) or the last word that cannot be part of one: of 民警深入格白村,
    格白村. In the Tibet Autonomous Region the villages of the counties at hand are known and go first.
    """
    held = {name for county in counties if county.startswith("54") for name in tibetan_villages().get(county, ())}
    found: list[Mention] = []
    floor = 0
    listed = _listed_villages(copy) + _figured(copy, counties)
    edges = {m.end for m in listed}
    for rank in VILLAGE_END.finditer(copy):
        at, end = rank.span()
        run = run_before(copy, at, floor)
        run = next((edge for edge in range(at, run, -1) if edge in ends), run)
        company = COMPANY.search(copy, max(run - 3, 0), end) if copy[at] == "连" else None
        start = company.start() if company else _held_start(copy, run, at, held)
        if start is None and at - 2 >= run and verbal_name(copy, at - 2):
            start = _verbal_start(copy, run, at - 2)
        # 丁老家行政村 is named; an 行政村 alone is not.
        whole = KIND.search(copy, run, at)
        if start is None:
            start = _cut_start(copy, run, whole.start() if whole else at)
            # 上月村主任, 先去村东头: the village at hand, unless its name goes before.
            if start is not None and start not in ends and AT_HAND.match(copy, at):
                continue
            kind = whole is not None and start is not None and 2 <= whole.start() - start <= 4
            if start is None or not (kind or _village_stands(copy, start, at, end, start in ends)):
                # 贫困村仁达村: the name begins behind what kind of village it is
                floor = end if copy[at] == "村" and copy.endswith(words()["not_village"], floor, end) else floor
                continue
        if not any(start < edge < end for edge in edges):
            found.append(Mention(start, end, village=True))
        floor = end
    listed += _numbered(copy, counties)
    taken = {m.start for m in (*found, *listed)}
    return sorted([*found, *listed, *(m for m in _hamlets(copy, ends) if m.start not in taken)])


def _figured(copy: str, counties: Sequence[str]) -> list[Mention]:
    """Tibet's villages without their rank, in lists of figures most names of which are villages of one county."""
    found: list[Mention] = []
    for county in counties:
        stems = {name.removesuffix("村") for name in tibetan_villages().get(county, ())} if county[:2] == "54" else ()
        for spans in lists_of_figures(copy) if stems else ():
            if len(spans) > 1 and 2 * sum(copy[slice(*span)] in stems for span in spans) >= len(spans):
                found += [Mention(start, end, village=True, rank="村") for start, end in spans]
    return found


def _numbered(copy: str, counties: Sequence[str]) -> list[Mention]:
    """Villages that go by a number, where the post is of Xinjiang or tells several: 15村."""
    found = list(NUMBERED_VILLAGE.finditer(copy))
    several = len({m[0] for m in found}) > 1
    if not several and not any(county.startswith(IN_NUMBERS) for county in counties):
        return []
    return [Mention(m.start(), m.end(), village=True) for m in found]


def _hamlets(copy: str, ends: Collection[int]) -> list[Mention]:
    """Hamlets right after their township, by what their names end in."""
    towns = (end for end in ends if copy.endswith(("镇", "乡", "街道"), 0, end))
    found = [m for m in (HAMLET.match(copy, end) for end in towns) if m]
    spans = [m.span() for m in found if not m[0][0].isdigit()]
    # 岳普湖镇2村、4村
    spans += [n.span() for m in found if m[0][0].isdigit() for n in NUMBERS.finditer(copy, *m.span())]
    return [
        Mention(a, b, village=True)
        for a, b in spans
        if copy[a].isdigit() or ("某" in copy[a:b] and copy[a] != "某") or _name_start(a, b, copy) == a
    ]


def _name_start(start: int, at: int, copy: str) -> int | None:
    """Where a village's name can begin by the characters villages' names are made of; None where none ends here."""
    never, first, last = village_characters()
    if copy[at - 1] in never or copy[at - 1] in last:
        return None
    start = next((i + 1 for i in range(at - 1, start - 1, -1) if copy[i] in never), start)
    while start < at and copy[start] in first:
        start += 1
    return start


def _by_sounds(copy: str, start: int, cut: int, at: int) -> bool:
    """Whether a character stands within a name that is written by its sounds, up to its rank."""
    sounds = uyghur_characters()
    if not set(copy[cut:at]) <= sounds:
        return False
    first = next((i + 1 for i in range(cut - 1, start - 1, -1) if copy[i] not in sounds), start)
    return first < cut < at - 1 and at - first >= SOUNDS


def _listed_villages(copy: str) -> list[Mention]:
    """Villages whose rank is said once, after their number: 吉松、达热、岗托三村."""
    found: list[Mention] = []
    if "、" not in copy:
        return found
    lists = [(m.span(), m["rank"]) for m in VILLAGE_LIST.finditer(copy)]
    lists += [(m.span(1), "") for m in VILLAGES_AFTER.finditer(copy)]
    for span, rank in lists:
        for piece in HANS.finditer(copy, *span):
            goes = GOES_IN.match(copy, *piece.span()) if piece.start() == span[0] else None
            start = _cut_start(copy, goes.end() if goes else piece.start(), piece.end())
            if start is not None and 2 <= piece.end() - start <= 5 and not piece[0].endswith(("乡", "镇", "村")):
                own = rank if rank in OWN_RANKS and not piece[0].endswith(rank) else ""
                found.append(Mention(start, piece.end(), village=True, rank=own))
    return found


def _held_start(copy: str, run: int, at: int, held: Collection[str]) -> int | None:
    if not held:
        return None
    ranks = ("村", "社区")
    return next((s for s in range(run, at - 1) if any(copy[s:at] + rank in held for rank in ranks)), None)


def _cut_start(copy: str, run: int, at: int) -> int | None:
    """Where the name begins after the words that cannot be part of it; None where they reach up to the rank."""
    start = run
    if start and copy[start - 1].isdigit() and copy[start] in "日年月号时":
        start += 1
    # 山巴村和德村: what joins two villages begins no name.
    if copy[start - 1 : start] == "村" and copy[start] in "和与及" and at - start > 1:
        start += 1
    goer = GOER.search(copy, start, at)
    if goer:
        start = goer.end()
    for counted in COUNTED.finditer(copy, start, at):
        start = counted.end()
    town = IN_TOWN.search(copy, start, at) or SETS_UP.search(copy, start, at + 2)
    start = town.end() if town else start
    for cut in _cuts().finditer(copy, start, at):
        # 县坝村, 镇北村: at the head of a clause these begin a name.
        if cut[0] in RANKS and cut.start() == run and at - cut.end() < 2:
            continue
        # 黄台村、让河村: in a list no verb goes before a name.
        if cut.start() == run and cut.end() == at - 1 and cut[0] in VERBS_IN_NAMES and copy[run - 1 : run] == "、":
            continue
        # 到达孜村: a name of two characters rather than of one
        if cut[0] == "到达" and at - cut.end() == 1 and copy[at] == "村":
            start = cut.end() - 1
            continue
        if len(cut[0]) == 1 and _by_sounds(copy, start, cut.start(), at):
            continue
        if cut.end() == at and (cut[0] in NEVER_LAST or len(cut[0]) > 1):
            return None
        leads = len(cut[0]) > 1 or copy[at + 1 : at + 2] == "、" or (cut[0] in "到去" and 0 < cut.start() == start)
        # 派出所在卓村采集: something is done there
        leads = leads or (
            cut[0] in ("在", "到", "赴") and copy[at] == "村" and GOING_TO.match(copy, at + 1) is not None
        )
        if at - cut.end() >= 2 or (at > cut.end() and leads):
            start = cut.end()
    if at - start == 2 and WENT.search(copy, max(0, start - 1), start + 1):
        start += 1
    return _name_start(start, at, copy)


def _village_stands(copy: str, start: int, at: int, end: int, after_unit: bool) -> bool:
    """Whether what is left is a name: two to five characters, or one right after its township, and no common word."""
    name, stem = copy[start:end], copy[start:at]
    if (
        SEVERAL.fullmatch(name)
        or HOW_MANY.fullmatch(name)
        or CALLED.match(copy, copy.rfind("\n", 0, start) + 1, end + 1)
    ):
        return False
    if name in NUMBERED:
        listed = copy[end : end + 1] == "、" or copy[start - 1] == "、"
        listed = listed or ARRIVED.search(copy, max(0, start - 2), start) is not None
        return listed and not copy.startswith("一", end) and not copy.endswith(("漏", "落", "少"), 0, start)
    if name[-1] == "连":
        return COMPANY.fullmatch(name) is not None
    # 新村、沙琼村: a short name stands in a list.
    listed = "、" in (copy[end : end + 1], copy[start - 1 : start]) or copy.endswith(JOINED, 0, start)
    # so does one to which the police go to do something there
    goal = GOING_TO.match(copy, end) is not None and WENT_TO.search(copy, max(0, start - 4), start) is not None
    listed = (listed or goal) and copy[at] == "村"
    listed = listed and stem not in GOING and name not in words()["not_village_exact"]
    if not after_unit and ((len(stem) < 2 and not listed) or (copy.startswith(WITHIN, at) or ON_HAND.match(copy, at))):
        return False
    if name[-1] == "寨" and not after_unit and not _led_to(copy, start, end):
        return False
    if stem in ("村", "等") or (not after_unit and (stem.endswith("等") or GOES_DOWN.search(stem))):
        return False
    # 工人村社区: a community named for a village; of 行政村社区 and 走村社区 none.
    if len(stem) > 2 and name.endswith("村社区") and not KIND.search(stem[:-1]):
        return _village_stands(copy, start, at - 1, at, after_unit)
    common = name.endswith(words()["not_village"]) or name in words()["not_village_exact"] or stem in words()["cut"]
    longest = LONGEST_STEM if set(stem) <= uyghur_characters() else LONGEST
    return 1 <= len(stem) <= longest and not common


def _led_to(copy: str, start: int, end: int) -> bool:
    """Whether words lead to a name and from it, as they do to and from a place: 来到肇兴寨，; 肇兴寨93份."""
    return STAYED.match(copy, end) is not None and LED_TO.search(copy, max(0, start - 2), start) is not None


def village_stem(name: str) -> str:
    """A village's name without its rank."""
    return next((name.removesuffix(rank) for rank in ("村委会", "居委会", "社区", "村") if name.endswith(rank)), name)
