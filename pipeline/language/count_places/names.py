"""Names of places that lack the word for their unit, and stand where only a place can: 其中昭觉926份, 镇上采了40份.

In running text such a name may be anything; here it begins a clause, or follows 其中 or 在, and nothing but words of
sampling parts it from its figure. Names with their unit (昭觉县): `count_places.nearest`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pipeline.language.counts.words import words
from pipeline.language.places.area import area_of, station_stems
from pipeline.language.places.gazetteer import load_gazetteer, tibetan_villages, township_stem
from pipeline.language.places.mentions import ordinary_words
from pipeline.patterns import Pattern

_BEGIN = r"(?:^|(?<=其中|仅是|单是)|(?<=[，；。：:、（(\s“「【在从到对去赴单光但而仅说](?!象)))"
_ONE = r"(?:一(?:[家地]|个?(?:[省市县乡镇村]|(?=就))))?"
# 昭觉一县采血…; who is named, then words of sampling up to the figure.
SHORT = Pattern(rf"{_BEGIN}(?=(?P<names>\p{{Han}}{{2,4}}))[^，；。：:、（(]{{2,20}}$")
BEHIND = Pattern(rf"{_ONE}(?P<behind>[^，；。：:、（(]{{0,14}})$")
# 镇上应采的, 村里抽了: the unit that is at hand.
LOCAL = Pattern(rf"{_BEGIN}(?P<name>[省市州县乡镇村庄屯院厂寺]里|[镇村]上)(?P<behind>[^，；。：:、（(]{{0,14}})$")
# 遮放1905人、芒海742人, 遮放（1905人）、芒海（742人，86%）, 遮放19人，累计205人；…: items of a list, one at least of
# which is known.
_NUMBER = r"\d[\d,.]*+(?: \d{3})*+"
_FIGURE = rf"{_NUMBER}(?:人份|[份人名个%张条例])?"
_ITEM = (
    rf"(?P<name>\p{{Han}}{{2,5}}+)"
    rf"(?:(?P<figure>{_FIGURE})(?:[，,](?:累计|总计|完成率?|占比?)(?P<second>{_FIGURE}))?|[（(](?P<figure>{_FIGURE})(?:[，,、](?P<second>{_FIGURE}))?[）)])"
)
LIST = Pattern(rf"(?:^|(?<=[，；。：:、（(\s“]|其中|有|采[完了])){_ITEM}(?:[、，；]{_ITEM}){{1,40}}")
# 同心、海原: a short name before another.
LISTED = Pattern(r"(?:(?P<lead>[在从到对])|^|(?<=[，；。：:、（(\s“]))(?P<name>\p{Han}{2,4})、$")
# 觉姆87人、: the item before a name.
BEFORE_NAME = Pattern(rf"(?P<name>\p{{Han}}{{2,5}}+){_NUMBER}[人名]、$")
# 嘎玉、玛丁两村; 嘎玉村、玛丁村
RANKED = Pattern(
    r"(?P<name>\p{Han}{2,9}?)(?:、(?P<name>\p{Han}{2,4}?))+等?(?:[两二三四五六七八九十]|\d{1,2})个?(?:[县市区旗村乡镇](?![民亲])|社区)"
    r"|(?P<name>\p{Han}{2,9}?)[村乡镇]?(?:[、和](?P<name>\p{Han}{2,4}?)[村乡镇]?)+(?<=[村乡镇])(?![民亲])"
)
LEAD = Pattern(r"^\p{Han}*?[在到赴对]")
# 来了118人, 涉及512人
NO_NAME = Pattern(r"[了着过及有]$|^其[余他它中]|^(?:另|剩|合|总|共|各)")
LONGEST_ITEM, SHORTEST = 20, 2  # characters
# 瓦店应采524人，实采174人; 瓦店次之，550人: what begins a clause, and what is told of a unit there
SEGMENT = Pattern(r"[；。！？\n]")
# 27日转到下孟，采71份
CLAUSE_HEAD = Pattern(
    r"(?:^|(?<=[，、（(：:\s.．]))"
    r"(?:其中|又以|以|(?P<moved>(?:\d{1,2}日|当天|次日|随后|接着|[上下]午|[又再才]){0,3}(?:转[到至战]|来到|赶到|去了?|赴)))?(?P<name>\p{Han}{2,5})"
)
OF_UNIT = Pattern(
    r"(?!\d+个?[乡镇村所县])\d|[：:]|应采|实采|[已仅只才也又共]|采|完成|任务|次之|其次|居[首次]|最[多少快慢高低]|较[多少快慢]|垫底|领先|排|[达占]|分别|[紧随]"
)
LONGEST_SHORT = 4
# 冲压车间　计划460　实采452
_SAID = r"(?:计划|任务数?|应采|目标|已采|实采|采集|完成|缺|剩余|差)[数人]*[:：]?\d[\d,]*[人份名]?"
ROW = Pattern(
    r"[ \t\u3000]*(?:\d{1,2}[.、．][ \t\u3000]*|\d{1,2}[ \t\u3000]+|[-·●▪])?(?P<name>\p{Han}{2,12}?)"
    rf"(?:(?:[:：][ \t\u3000]*|[ \t\u3000]+){_SAID}(?:[，,；、 \t\u3000]+[^\n]{{0,40}})?"
    r"|[ \t\u3000]+\d[\d,]*[人份名]?(?:[ \t\u3000]+[^\n]{0,40})?)(?=\n|$)"
)
NO_ROW = Pattern(
    r"[全合总]|[男女]|学生|群众|僧|尼|人员|工人|职工|指纹|人像|车(?!间)|证|信息|血样|采集|累计|本[周月日]|今[天日]|任务|男性|女性|DNA"
)
UNIT_END = Pattern(r"[省市州县区旗镇乡村]$")
# 前街31个，后街24个，河沿12个: parts of a village or town, where most names of the list end like this
PART_END = Pattern(
    r"[街巷片屯庄湾沟岛坪寨坡塘埠桥坑墩圩营坊]$|[东西南北上下前后里外]头$|[一二三四五六七八九十上中下][组社队]$|车间$"
)


def short_name(part: str, told: str = "", local: frozenset[str] = frozenset()) -> tuple[int, int] | None:
    """Where the place stands that is named without its unit right before a figure, which follows `part`.

    `told`: what stands before that in the sentence, where such names may be listed with their unit; `local`: the short
    names of the publisher's own townships.

    >>> part = "其中沃底采到"
    >>> part[slice(*short_name(part))]
    '沃底'
    """
    for start, end in _short_names_in(part, names_told(told) | local):
        if part[max(0, start - 2) : start - 1] == "、" or load_gazetteer().named(part[max(0, start - 1) : end]):
            continue  # 单桥镇, 黄台村、在田村: a longer name
        item = BEFORE_NAME.search(part, max(0, start - LONGEST_ITEM), start)
        if item and _is_kind(item["name"]):
            continue
        first = start
        while (before := LISTED.search(part, 0, first)) and (before["lead"] or is_short_name(before["name"])):
            first = before.start("name")
        return first, end
    return None


def _short_names_in(part: str, listed: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where such names may stand: 镇上, then names of the list told before or of units that are known."""
    says_sampling = words()["place_behind"].fullmatch
    for m in LOCAL.finditer(part, overlapped=True):
        if says_sampling(m["behind"]):
            yield m.span("name")
    for m in SHORT.finditer(part, overlapped=True):
        for size in range(SHORTEST, len(m["names"]) + 1):
            name, behind = m["names"][:size], BEHIND.match(part, m.start() + size)
            ranked = size > SHORTEST and UNIT_END.search(name)  # 新沟镇
            if not ranked and (name in listed or is_short_name(name)) and behind and says_sampling(behind["behind"]):
                yield m.start(), m.start() + size


@lru_cache(maxsize=4)  # asked for with each figure of a sentence
def listed_names(sentence: str, local: frozenset[str] = frozenset()) -> dict[int, tuple[int, int]]:
    """Where figures of lists begin in a sentence, and where the name of each stands: 遮放1905人、芒海742人.

    >>> listed_names("扎巴37人、甘都20人"), listed_names("采集觉姆64人、扎巴37人")
    ({2: (0, 2), 8: (6, 8)}, {})
    """
    found: dict[int, tuple[int, int]] = {}
    for run in LIST.finditer(sentence):
        names = run.captures("name")
        listed = names_told(sentence[: run.start()]) | local
        parts = 2 * sum(PART_END.search(name) is not None for name in names) >= len(names)
        if parts or any(name in listed or is_short_name(name) or UNIT_END.search(name) for name in names):
            # 觉姆87人、扎巴63人: where people are counted by their kind, only what ends as a unit does is a place
            kinds = any(_is_kind(name) for name in names)
            spans = zip(run.spans("figure"), run.spans("name"), names, strict=True)
            places = {at: span for (at, _), span, name in spans if _may_be_place(name, kinds)}
            found |= places
            for at, _ in run.spans("second"):  # of the name that its first figure has
                first = max(figure for figure, _ in run.spans("figure") if figure < at)
                found |= {at: places[first]} if first in places else {}
    return found


def clause_name(before: str, local: frozenset[str]) -> tuple[int, int] | None:
    """Where the short name of one of the publisher's townships begins the last clause that is told of one.

    >>> before = "东集应采200人，"
    >>> before[slice(*clause_name(before, frozenset({"东集"})))]
    '东集'
    """
    part = SEGMENT.split(before)[-1] if local else ""
    offset = len(before) - len(part)
    return next((span for span in reversed(clause_names(before, local)) if span[0] >= offset), None)


@lru_cache(maxsize=64)
def clause_names(text: str, local: frozenset[str]) -> list[tuple[int, int]]:
    """Where clauses begin with such names that something is told of."""
    found = []
    for clause in CLAUSE_HEAD.finditer(text) if local else ():
        longest = min(LONGEST_SHORT, len(clause["name"]))
        sizes = (n for n in range(longest, SHORTEST - 1, -1) if clause["name"][:n] in local)
        begin, moved = clause.start("name"), clause["moved"] is not None
        size = next(
            (n for n in sizes if OF_UNIT.match(text, begin + n) or (moved and text[begin + n :][:1] == "，")), 0
        )
        if size:
            found.append((begin, begin + size))
    return found


def row_name(copy: str, line: int, start: int) -> tuple[int, int] | None:
    """The name of a row of figures that say what they count, one of several: 冲压车间　计划460　实采452."""
    row = ROW.match(copy, line)
    if row is None or row.end() < start or NO_ROW.search(row["name"]):
        return None
    above = ROW.fullmatch(copy, copy.rfind("\n", 0, max(0, line - 1)) + 1, max(0, line - 1))
    below = ROW.match(copy, row.end() + 1)
    return row.span("name") if above or below else None


@lru_cache(maxsize=256)
def local_names(publisher: str) -> frozenset[str]:
    """The short names of the townships of the county that an account, a station or a site speaks for.

    In the Tibet Autonomous Region those of its villages too.
    """
    code = (area_of(publisher).code or "")[:6]
    below = load_gazetteer().townships.get(code, {}) if code else {}
    towns = {stem for name in below.values() if len(stem := township_stem(name)) > 1}
    villages = {stem for name in tibetan_villages().get(code, ()) if len(stem := name.removesuffix("村")) > 1}
    return frozenset(towns | (villages - ordinary_words()))


def names_told(sentence: str) -> frozenset[str]:
    """The names of a list of villages or townships, without the rank that each has or all share.

    >>> sorted(names_told("在嘎玉、玛丁两村采集血样，"))
    ['嘎玉', '玛丁']
    """
    found = (name for m in RANKED.finditer(sentence) for name in m.captures("name"))
    return frozenset(LEAD.sub("", name) for name in found)


def _may_be_place(name: str, kinds: bool) -> bool:
    """Whether an item of a list may be a place; `kinds` where the list tells kinds of people."""
    if _says_sampling(name) or NO_NAME.search(name):
        return False
    return not kinds or UNIT_END.search(name) is not None


def _is_kind(name: str) -> bool:
    """Whether an item of a list names people of a kind: 觉姆, 采集僧人."""
    return any(m.end() == len(name) for m in words()["part_people"].finditer(name))


def _says_sampling(name: str) -> bool:
    """Whether it ends in words of sampling (血样, 全镇要采) and is no name."""
    ends = any(words()["place_behind"].fullmatch(name, at) for at in range(len(name) - 1))
    return ends or name[-1] in "采抽有日天月年次批轮的"


def is_short_name(name: str) -> bool:
    """Whether a unit's name without its rank is so, and no ordinary word."""
    return name in _short_names()


@lru_cache(maxsize=1)
def _short_names() -> frozenset[str]:
    above = {row.stem for row in load_gazetteer().rows.values()}
    return frozenset(name for name in above.union(station_stems()) if len(name) > 1) - ordinary_words()
