"""The names of bodies in a text: police bodies to station level, hospitals, schools, companies, monasteries.

A body is found by the end of its name (公安局, 卫生院, 小学, 有限公司: `corpora/phrasebook/organisations.csv`), which
also gives its kind; its beginning is the place or proper name before that, cut off where a verb or preposition
introduces it. Makers of what the police use are known by name (赛默飞: `makers.csv`): few say 公司 with them.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from typing import NamedTuple

import regex
from ahocorasick_rs import AhoCorasick, MatchKind

from pipeline.language.places.area import station_stems
from pipeline.language.places.gazetteer import load_gazetteer
from pipeline.language.places.mentions import names_above_township
from pipeline.paths import PHRASEBOOK
from pipeline.patterns import Pattern

# What may stand in a name to the left of its ending.
NAME = Pattern(r"(?:[\p{Han}A-Za-z0-9某×X·]|[（(]\p{Han}{2,6}[）)](?=[\p{Han}]|$)){0,26}$")
# Words that bring a body in; the name begins after the last of them. The single characters also occur in place names
# (和田, 同德, 来宾), so they cut only where the gazetteer knows no unit across them.
BRINGS_IN = Pattern(
    r"近日|日前|连日来|近期|期间|今天|昨天|当天|上午|下午|以来|随后|以及|会同|联合|组织|配合|协助|按照|根据|走进|来到|深入|进驻|前往|"
    r"抽调|移交|[上呈汇转通申填续层专送抄]报|抄[送告]|报[送请经]|函[请告商]|反馈|知会|上交|送交|交由|交给|送到|送往|领至|送至|带至|委托|商请|接到|收到|要求|安排|部署|指导|抽查|走访|完成|贯彻|落实|督导|督查|暗访|隶属|位于|就读于|任职于|记者从|来自|之前|"
    r"具体由|分别由|负责|协调|邀请|通知|通过|依托|统一|开展|采购人|甲方|乙方|供应商|供稿|民警在|地址|单位|作者|如有|每个|各个|以及|自动|"
    r"血样|血卡|时间|昨晚|今晚|或者|维护|待返|都去|都要|必须|其中|有些|有的|这类|左边|右边|旁边|隔壁|驻点|镇上|乡里|县里|寄回|寄往|坐进|多于|看见|之后|"
    # what people say of a body, or where they live: 群众反映派出所, 家住村委会旁
    r"成立|组建|反映|质疑|曝光|投诉|举报|声称|宣称|自称|谎称|网传|爆料|留言|询问|怀疑|指责|批评|抱怨|埋怨|控告|起诉|感谢|家住|居住|住在|称|(?<!成)就|[日月年时]|[由为到与及向对从被经受据将把让请赴归找跟往是了的着各该即送按随接驻于血交系以而说去回进切应要]|[报告]$|[在和同来并本我咱们]|"
    # 进度报县局, 商卫健局: who is written to or asked, whatever unit is called 商县; but 商州分局.
    r"(?P<sure>报(?=(?:自治区|[县市州区旗省乡镇]{1,2})局?$)|"
    r"(?:(?<!\p{Han})|(?<=[经并再已拟共会协请由]))商(?=[县市区旗省]?$))|"
    # 含宗萨寺僧人; but 含光路, 含山.
    r"(?:(?<!\p{Han})|(?<=[包内均中不还都]))含(?![光山弘谷元嘉美珠笑香])"
)
# 格尔木一砖厂, 镇上一砖厂: one of many.
ONE = Pattern(r"(?<=^|[里上地近郊边外])一$")
UNIT_END = frozenset("省市县区州盟旗乡镇村道木")
LONGEST_UNIT = 14
# Of a station within a bureau, and of a township's short name.
LONGEST_PART, STEM = 8, 6
# What of a township's name stands behind the word 寺 in it.
LONGEST_TAIL = 3
NOT_A_PART = Pattern(r"\d|[一二两三四五六七八九十]+[个家座所名]$|(?:基层|附近|有关|所在地)$")
# 一座小寺, 逐村逐寺: no temple's name ends so.
NO_TEMPLE = Pattern(r"[小大座逐各每中进个]$")
# 新建派出所采集室14间: what is built.
BUILT = Pattern(r"(?:^|.*[^\p{Han}])(?:新建|改建|扩建|修建|筹建|建成)$")
ROOMS = Pattern(r"(?:[\p{Han}]{0,4}[室房楼]|[\d一二两三四五六七八九十]+[个所间处])")
# 排先巴扎乡: names of townships that others end in.
MARKET = "巴扎"
# 老人仓镇 is no 仓镇.
SHORT_TOWNSHIP = Pattern(r"\p{Han}[乡镇村]")
# 公安部物证鉴定中心科技公司: a firm that is named for the body before it.
NAMELESS_FIRM = Pattern(r"(?:科技|技术|服务|实业|贸易|检测|咨询|生物|信息|开发|有限|责任)+")
# 夏邛镇县公安局: the place of an office before the office; but 新乡县公安局.
OFFICE_AT = Pattern(r"[镇乡村](?=[县市]$)")
# Bodies in general, or several at once, are none in particular.
NO_NAME = Pattern(
    r"(?:全[县市区州省乡镇].{0,2}|.*自然|逐.{0,2}|各.{0,2}|这类|一些|多数|.*(?:户籍|居住|所在|务工)地|地|[村乡镇县家]里|老家|移动|流动|帐篷|基层|当地|乡镇|附近|上级|就?近|部分|距?离|参加|[省县市][市县区]|辖区|全体|所有|(?:所在|户籍|居住)地|就近|边远|个别|有关|相关|其他)?$|.*等$|"
    r".*[\d一二两三四五六七八九十多几]+(?:[个家座所名]|个(?:乡镇|乡|镇|村|县|街道))$|[\d一二两三四五六七八九十]+$|某{1,2}[县市区]?$|[一某分子总母]$|"
    r".*(?:税务|工商|市场监管|监督管理|环保|环境|自然资源|国土|气象|供电|烟草|邮政|铁路|海关)$|(?:中标|成交|供货|中选|所中|一家|几家|多家|两家)$"
)


class Body(NamedTuple):
    """A body's full name in the text."""

    kind: str
    start: int
    end: int
    core: str  # what stands before the first ending


@lru_cache(maxsize=1)
def _endings() -> tuple[AhoCorasick, tuple[str, ...]]:
    with (PHRASEBOOK / "organisations.csv").open(encoding="utf-8", newline="") as lines:
        rows = [(row["phrase"], row["code"]) for row in csv.DictReader(lines)]
    return AhoCorasick([p for p, _ in rows], matchkind=MatchKind.LeftmostLongest), tuple(kind for _, kind in rows)


@lru_cache(maxsize=1)
def _makers() -> Pattern:
    with (PHRASEBOOK / "makers.csv").open(encoding="utf-8", newline="") as lines:
        names = sorted((row["phrase"] for row in csv.DictReader(lines)), key=len, reverse=True)
    return Pattern(rf"(?i)(?<![A-Za-z])(?:{'|'.join(map(regex.escape, names))})(?![A-Za-z])")


def makes_goods(name: str) -> bool:
    """Whether a name holds that of a maker of DNA goods: 赛默飞公司."""
    return _makers().search(name) is not None


def find_bodies(copy: str) -> list[Body]:
    """Every body named in a matching copy; a station named behind its bureau is one body.

    >>> [copy[b.start:b.end] for copy in ["近日，索县公安局赞丹寺派出所联合亚拉镇卫生院"] for b in find_bodies(copy)]
    ['索县公安局赞丹寺派出所', '亚拉镇卫生院']
    """
    automaton, kinds = _endings()
    bodies: list[Body] = []
    for i, start, end in automaton.find_matches_as_indexes(copy):
        if copy[start : end + 1] == "公安部门" or (kinds[i] == "monastery" and _in_township(copy, start, end)):
            continue
        begin = _beginning(copy, start, bodies[-1].end if bodies else 0)
        body = Body(kinds[i], begin, end, copy[begin:start])
        if body.kind == "monastery" and (
            copy[end : end + 1] in tuple("庙院里内区中镇乡") or NO_TEMPLE.search(body.core)
        ):
            continue
        if BUILT.match(body.core) and ROOMS.match(copy, end):
            continue
        while bodies and bodies[-1].end == body.start and _continues(bodies[-1], body, start):
            last = bodies.pop()
            body = Body(body.kind, last.start, end, last.core or body.core if body.kind == "company" else last.core)
        bodies.append(body)
    named = [body for body in bodies if not NO_NAME.match(body.core) and not _one_of_many(body)]
    makers = [Body("company", m.start(), m.end(), m[0]) for m in _makers().finditer(copy)]
    if not makers:
        return named
    # 赛默飞 is said with 赛默飞公司.
    said = {m[0].casefold() for body in bodies for m in _makers().finditer(copy, body.start, body.end)}
    return sorted([*named, *(one for one in makers if one.core.casefold() not in said)], key=lambda body: body.start)


def _in_township(copy: str, start: int, end: int) -> bool:
    """Whether what looks like the end of a temple's name stands within that of a township: 寺头乡, 塔寺镇."""
    townships = load_gazetteer().townships_named
    return any(
        copy[j - 1] in "乡镇道" and townships(copy[i:j])
        for j in range(end + 1, min(len(copy), end + LONGEST_TAIL) + 1)
        for i in range(max(0, start - STEM), start + 1)
    )


def _one_of_many(body: Body) -> bool:
    """Whether a firm is only some firm of a place: 格尔木一砖厂; 三一公司 is a name."""
    if body.kind != "company" or not body.core.endswith("一"):
        return False
    where = body.core[:-1]
    return bool(ONE.search(body.core)) or any(m.end == len(where) for m in names_above_township(where))


def _continues(last: Body, body: Body, start: int) -> bool:
    """Whether a body named right behind another is a part of it: 索县公安局赞丹寺派出所."""
    if body.start == start:
        return True
    if body.kind == "company" and NAMELESS_FIRM.fullmatch(body.core):
        return True
    return body.kind == last.kind and len(body.core) <= LONGEST_PART and not NOT_A_PART.search(body.core)


def _beginning(copy: str, start: int, floor: int) -> int:
    """Where the name begins whose ending is at `start`, no further left than `floor`."""
    match = NAME.search(copy, max(floor, start - 26), start)
    left = match[0] if match else ""
    begin = 0
    for word in BRINGS_IN.finditer(left):
        if len(word[0]) > 1 or word["sure"]:
            within = _within_stem(left, word.start())  # 奥依托格拉克派出所
        else:
            within = _within_unit(left, word.start())
        begin = begin if within else word.end()
    at = OFFICE_AT.search(left, begin)
    begin = at.end() if at and not _runs_over(left, at.end()) else begin
    return start - len(left) + _first_unit(left, begin)


def _within_stem(left: str, at: int) -> bool:
    """Whether what ends here is the name of a township without its rank, and runs over the place."""
    return any(left[i:] in station_stems() for i in range(max(0, at - STEM), at))


def _within_unit(left: str, at: int) -> bool:
    """Whether the gazetteer knows a unit whose name runs over the character at `at`."""
    if left[at:] in station_stems() or _within_stem(left, at):
        return True
    return any(
        left[j - 1] in UNIT_END and load_gazetteer().named(left[i:j])
        for i in range(max(0, at - LONGEST_UNIT), at + 1)
        for j in range(max(at + 1, i + 2), min(len(left), i + LONGEST_UNIT) + 1)
    )


def _runs_over(left: str, at: int) -> bool:
    """Whether a name above township, in full or short, runs over the place: 新|乡县, 临夏州东乡|县."""
    return any(m.start < at - 1 and at < m.end for m in names_above_township(left))


def _first_unit(left: str, begin: int) -> int:
    """Where the first known unit begins, if one is near enough to be what the words before it lead to."""
    for i in range(begin, max(begin, len(left) - 1)):
        for j in range(i + 2, min(len(left), i + LONGEST_UNIT) + 1):
            if i > begin and (left.startswith(MARKET, i) or SHORT_TOWNSHIP.fullmatch(left, i, j)):
                continue
            if left[j - 1] in UNIT_END and load_gazetteer().named(left[i:j]):
                if i == begin:
                    return i
                # 河南县 of 青海, in short, is no 南县
                over = (m.start for m in names_above_township(left) if begin <= m.start < i < m.end and not m.bare)
                return min(over, default=i)
    return begin
