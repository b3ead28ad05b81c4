"""The bodies that took part in a collection: who collected, who helped, who supplied, where it was done.

A body is found by the end of its name (公安局, 卫生院, 小学, 有限公司: `corpora/phrasebook/organisations.csv`), which
also gives its kind; its beginning is the place or proper name before that, cut off where a verb or preposition
introduces it. Only bodies named where the collection is told count, those that sign the post, and the police body that
publishes it; nothing is said of bodies in a bulletin's other items.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, cast

import regex
from ahocorasick_rs import AhoCorasick, MatchKind
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import Context, keep
from pipeline.language.context import body as text_of
from pipeline.language.cues import Cue, find_cues
from pipeline.language.gazetteer import Unit, load_gazetteer, township_stem
from pipeline.language.justifications import tells_of_collection
from pipeline.language.place_area import publisher_area, station_stems
from pipeline.language.sampling import concerns_collection, names_other_work, sentences, told_of_samples
from pipeline.language.script import matching_copy
from pipeline.paths import PHRASEBOOK
from pipeline.records import Organisation, OrganisationKind, OrganisationRole, Place, Procurement

# What may stand in a name to the left of its ending.
NAME = regex.compile(r"(?:[\p{Han}A-Za-z0-9某×X·]|[（(]\p{Han}{2,6}[）)](?=[\p{Han}]|$)){0,26}$")
# Words that bring a body in; the name begins after the last of them. The single characters also occur in place names
# (和田, 同德, 来宾), so they cut only where the gazetteer knows no unit across them.
BRINGS_IN = regex.compile(
    r"近日|日前|连日来|近期|期间|今天|昨天|当天|上午|下午|以来|随后|以及|会同|联合|组织|配合|协助|按照|根据|走进|来到|深入|进驻|前往|"
    r"抽调|移交|报送|上交|送交|交由|交给|送到|送往|领至|送至|带至|委托|商请|接到|收到|要求|安排|部署|指导|隶属|位于|就读于|任职于|记者从|来自|之前|"
    r"具体由|分别由|负责|协调|邀请|通知|通过|依托|统一|开展|采购人|甲方|乙方|供应商|供稿|民警在|地址|单位|作者|如有|每个|各个|以及|自动|"
    r"血样|血卡|时间|昨晚|今晚|或者|维护|待返|都去|都要|必须|其中|有些|有的|这类|左边|右边|旁边|隔壁|驻点|镇上|乡里|县里|寄回|寄往|坐进|多于|看见|之后|[日月年时]|[由为到与及向对从被经受据将把让请赴归找跟往是了的着各该即送按随接驻于血交系以而说去回进切应要]|[报告]$|[在和同来并本我咱]"
)
UNIT_END = frozenset("省市县区州盟旗乡镇村道木")
LONGEST_UNIT = 14
# Of a station within a bureau, and of a township's short name.
LONGEST_PART, STEM = 8, 6
NOT_A_PART = regex.compile(r"\d|[一二两三四五六七八九十]+[个家座所名]$|(?:基层|附近|有关|所在地)$")
# 一座小寺, 逐村逐寺: no temple's name ends so.
NO_TEMPLE = regex.compile(r"[小大座逐各每中进个]$")
# 新建派出所采集室14间: what is built.
BUILT = regex.compile(r"(?:^|.*[^\p{Han}])(?:新建|改建|扩建|修建|筹建|建成)$")
ROOMS = regex.compile(r"(?:[\p{Han}]{0,4}[室房楼]|[\d一二两三四五六七八九十]+[个所间处])")
# 排先巴扎乡: names of townships that others end in.
MARKET = "巴扎"
# 夏邛镇县公安局: the place of an office before the office.
OFFICE_AT = regex.compile(r"[镇乡村](?=[县市]$)")
# Bodies in general, or several at once, are none in particular.
NO_NAME = regex.compile(
    r"(?:全[县市区州省乡镇].{0,2}|.*自然|逐.{0,2}|各.{0,2}|这类|一些|多数|.*(?:户籍|居住|所在)地|地|[村乡镇县家]里|老家|移动|流动|帐篷|基层|当地|乡镇|附近|上级|[省县市][市县区]|辖区|(?:所在|户籍|居住)地|就近|边远|个别|有关|相关|其他)?$|.*等$|"
    r".*[\d一二两三四五六七八九十多几]+(?:[个家座所名]|个(?:乡镇|乡|镇|村|县|街道))$|[\d一二两三四五六七八九十]+$|某{1,2}[县市区]?$|[一某分子总母]$|"
    r".*(?:税务|工商|市场监管|监督管理|环保|环境|自然资源|国土|气象|供电|烟草|邮政|铁路|海关)$|(?:中标|成交|供货|中选|所中|一家|几家|多家|两家)$"
)
# A name of nothing but a rank says which body only together with the publisher: how deep each rank lies.
RANKS = {"省": 0, "自治区": 0, "市": 1, "州": 1, "地区": 1, "县": 2, "区": 2, "旗": 2, "县局": 2, "市局": 1, "州局": 1}
LEVELS = ("province", "prefecture", "county")
POLICE_PUBLISHER = regex.compile(
    r"^(?!.*(?:学术|期刊|学院|大学|新闻|日报|晚报)).*(?:公安|警方|警务|派出所|网警|刑侦|交警|警营)"
)
SUPPLIES = regex.compile(r"供应商|中标|成交|乙方|受.{2,20}委托|承接|检验服务|委托.{0,20}检验|耗材|试剂|采购")
TOGETHER = regex.compile(r"(?:联合|会同|协同|配合|与|和|协调|协助|邀请|携手)[\p{Han}、]{0,16}$")
AT = regex.compile(r"(?:在|到|进|走进|来到|深入|赴|前往|进驻|设在|设于)[\p{Han}]{0,8}$")
STAFF = regex.compile(r"(?:的)?(?:护士|医护|医生|医务|大夫|派|抽)")
# A row of a table that begins with a body: its name, then cells with figures.
ROW = regex.compile(r"\s*\p{Han}{2,16}[ \t\u3000|｜/／]+[^，。\n\d]{0,30}\d.*")
HEAD = regex.compile(r"\s*\p{Han}+(?:[ \t\u3000|｜/／]+[^\s|｜/／]+){1,}")
SIGNATURE = regex.compile(r"\W*(?:\w{2}：)?\w{2,20}(?:局|所|厅|院|委|会|府|室|队|处|小学|中学)\W*(?:\w{2})?\W*")
LEADS = frozenset({"police", "health"})
BUYER = regex.compile(r"采购人|采购单位|甲方|乙方|供应商|中标|成交")
AGENT = regex.compile(r"代理|招标|咨询|项目管理")
AGENCY = regex.compile(r"代理机构(?:名称)?\s*[:：]\s*$")


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


def find_bodies(copy: str) -> list[Body]:
    """Every body named in a matching copy; a station named behind its bureau is one body.

    >>> [copy[b.start:b.end] for copy in ["近日，索县公安局赞丹寺派出所联合亚拉镇卫生院"] for b in find_bodies(copy)]
    ['索县公安局赞丹寺派出所', '亚拉镇卫生院']
    """
    automaton, kinds = _endings()
    bodies: list[Body] = []
    for i, start, end in automaton.find_matches_as_indexes(copy):
        if copy[start : end + 1] == "公安部门":
            continue
        begin = _beginning(copy, start, bodies[-1].end if bodies else 0)
        body = Body(kinds[i], begin, end, copy[begin:start])
        if body.kind == "monastery" and (copy[end : end + 1] in tuple("庙院里内区中") or NO_TEMPLE.search(body.core)):
            continue
        if BUILT.match(body.core) and ROOMS.match(copy, end):
            continue
        while bodies and bodies[-1].end == body.start and _continues(bodies[-1], body, start):
            last = bodies.pop()
            body = Body(body.kind, last.start, end, last.core)
        bodies.append(body)
    return [body for body in bodies if not NO_NAME.match(body.core)]


def _continues(last: Body, body: Body, start: int) -> bool:
    """Whether a body named right behind another is a part of it: 索县公安局赞丹寺派出所."""
    if body.start == start:
        return True
    return body.kind == last.kind and len(body.core) <= LONGEST_PART and not NOT_A_PART.search(body.core)


def _beginning(copy: str, start: int, floor: int) -> int:
    """Where the name begins whose ending is at `start`, no further left than `floor`."""
    match = NAME.search(copy, max(floor, start - 26), start)
    left = match[0] if match else ""
    begin = 0
    for word in BRINGS_IN.finditer(left):
        if len(word[0]) > 1 or not _within_unit(left, word.start()):
            begin = word.end()
    at = OFFICE_AT.search(left, begin)
    begin = at.end() if at else begin
    return start - len(left) + _first_unit(left, begin)


def _within_unit(left: str, at: int) -> bool:
    """Whether the gazetteer knows a unit whose name runs over the character at `at`."""
    if any(left[i:] in station_stems() for i in range(max(0, at - STEM), at + 1)):
        return True
    return any(
        left[j - 1] in UNIT_END and load_gazetteer().named(left[i:j])
        for i in range(max(0, at - LONGEST_UNIT), at + 1)
        for j in range(max(at + 1, i + 2), min(len(left), i + LONGEST_UNIT) + 1)
    )


def _first_unit(left: str, begin: int) -> int:
    """Where the first known unit begins, if one is near enough to be what the words before it lead to."""
    for i in range(begin, max(begin, len(left) - 1)):
        for j in range(i + 2, min(len(left), i + LONGEST_UNIT) + 1):
            if left.startswith(MARKET, i) and i > begin:
                continue
            if left[j - 1] in UNIT_END and load_gazetteer().named(left[i:j]):
                return i
    return begin


def find_organisations(
    text: str,
    context: Context,
    cues: Sequence[Cue] | None = None,
    places: Sequence[Place] = (),
) -> tuple[Organisation, ...]:
    """The bodies that took part, in order; then a police body that only the title names; last the publisher.

    The title is asked only where the text names no police body; the publisher is told where it is one not named.
    """
    copy = matching_copy(text)
    spans = list(_scope(copy, matching_copy(context.title), find_cues(copy) if cues is None else cues))
    area = publisher_area(context.publisher, context.title)
    bodies = [
        body
        for body in find_bodies(copy)
        if any(a <= body.start and body.end <= b and (whole or body.kind in LEADS) for a, b, whole in spans)
    ]
    # Each name once, where it first stands; 县公安局 is not said besides 察雅县公安局.
    named = {copy[body.start : body.end]: body for body in reversed(bodies)}
    # 县人民医院 beside 莎车县公安局 is of that county
    told = tuple(
        code for name, body in named.items() if body.kind == "police" if (code := _adcode(name, body, area, places))
    )
    found: dict[str, Organisation] = {}
    for name, body in sorted(named.items(), key=lambda item: item[1].start):
        fuller = any(other != name and other.endswith(name) for other in named)
        if fuller or (body.kind == "monastery" and len(body.core) < 2):
            continue
        code = _adcode(name, body, area, places) or _beside(body, told)
        found[name] = Organisation(
            text=text[body.start : body.end],
            name=text[body.start : body.end],
            kind=cast(OrganisationKind, body.kind),
            role=_role(copy, body, code, area),
            adcode=code,
            start=body.start,
            end=body.end,
        )
    if spans and not any(body.kind == "police" for body in found.values()):
        found |= _titled(text, context, area, places)
    publisher = _publisher(text, context, area, tuple(found.values()))
    return (*found.values(), *publisher)


def _titled(text: str, context: Context, area: Unit | None, places: Sequence[Place]) -> dict[str, Organisation]:
    """The police bodies that only the title of a post about samples names."""
    title = matching_copy(context.title)
    found: dict[str, Organisation] = {}
    for body in find_bodies(title):
        if body.kind == "police" and body.core not in RANKS and len(body.core) > 1:
            name = context.title[body.start : body.end]
            code = _adcode(title[body.start : body.end], body, area, places)
            at = text.find(name)
            found[name] = Organisation(
                text=name,
                name=name,
                kind="police",
                role=_role(title, body, code, area),
                adcode=code,
                start=at if at >= 0 else None,
                end=at + len(name) if at >= 0 else None,
            )
    return found


def with_parties(
    found: Sequence[Organisation],
    purchases: Sequence[Procurement],
    text: str,
    context: Context,
    buys: OrganisationRole,
) -> tuple[Organisation, ...]:
    """The bodies with the parties of purchases: who sells is a supplier; `buys` is the role of who buys."""
    bodies = {body.name: body for body in found}
    area = publisher_area(context.publisher, context.title)
    sides: tuple[tuple[str, OrganisationRole], ...] = (("buyer", buys), ("supplier", "supplier"))
    for fact in purchases:
        for side, role in sides:
            name = getattr(fact, side)
            if not name or (name in bodies and role != "supplier"):
                continue
            if name in bodies:
                bodies[name] = bodies[name].model_copy(update={"role": role})
                continue
            bodies[name] = _party(name, role, text, area)
    return tuple(bodies.values())


def _party(name: str, role: OrganisationRole, text: str, area: Unit | None) -> Organisation:
    """A party of a purchase; without a known ending who sells is a company, who buys the police."""
    copy, at = matching_copy(name), text.find(name)
    other = "company" if role == "supplier" else "police"
    body = next((b for b in find_bodies(copy) if b.end == len(copy)), Body(other, 0, len(copy), copy))
    return Organisation(
        text=name,
        name=name,
        kind=cast(OrganisationKind, body.kind),
        role=role,
        adcode=_adcode(copy, body, area, ()),
        start=at if at >= 0 else None,
        end=at + len(name) if at >= 0 else None,
    )


def _scope(copy: str, title: str, cues: Sequence[Cue]) -> Iterator[tuple[int, int, bool]]:
    """Where bodies count: sentences about samples, those before them in a paragraph, signatures, buyers, beginnings.

    The bool is false of beginnings, where only bodies of the police and of health count.
    """
    rows = sentences(copy)
    sample = told_of_samples(copy, cues)
    if not any(sample):
        return
    about = concerns_collection(title, sample)
    table = False
    for i, row in enumerate(rows):
        leads = any(sample[j] and rows[j].paragraph == row.paragraph for j in range(i, min(len(rows), i + 2)))
        signs = i >= len(rows) - 3 and SIGNATURE.fullmatch(copy, row.start, row.end)
        buys = about and BUYER.search(copy, row.start, row.end)
        # A post begins with who does what it tells of.
        begins = about and i < 2 and not names_other_work(copy, row.start, row.end)
        # The rows below a heading that names samples tell who took them.
        shape = HEAD if sample[i] else ROW
        table = (table or sample[i]) and shape.fullmatch(copy, row.start, row.end) is not None
        whole = bool(leads or (about and signs) or buys or table)
        if whole or begins:
            yield row.start, row.end, whole


def _role(copy: str, body: Body, code: str | None, area: Unit | None) -> OrganisationRole:
    """What the body did, from its kind, its rank and the words that bring it in."""
    name = copy[body.start : body.end]
    before = copy[max(0, body.start - 24) : body.start]
    if body.kind == "police":
        orders = name.endswith(("公安部", "公安厅")) or bool(
            code and area and code != area.adcode and load_gazetteer().covers(code, area.adcode)
        )
        return "other" if orders else "collector"
    if body.kind == "company":
        if AGENT.search(name) or AGENCY.search(before):
            return "other"
        return "supplier" if SUPPLIES.search(copy, max(0, body.start - 40), body.end + 20) else "site"
    helps = body.kind == "health" and STAFF.match(copy, body.end)
    if body.kind == "monastery" or (AT.search(before) and not helps):
        return "site"
    if body.kind == "health" or TOGETHER.search(before):
        return "partner"
    return "site" if body.kind == "school" else "other"


def _adcode(name: str, body: Body, area: Unit | None, places: Sequence[Place]) -> str | None:
    """The code of the deepest unit, county or above, that the name tells: by itself, or with publisher and places."""
    hints = [*(place.adcode for place in places), *([area.adcode] if area else [])]
    deepest: str | None = None
    gazetteer = load_gazetteer()
    for i in range(len(name)):
        for j in range(i + 2, min(len(name), i + LONGEST_UNIT) + 1):
            if name[j - 1] not in UNIT_END:
                continue
            units = [unit.adcode for unit in gazetteer.named(name[i:j])]
            told = _choose(units, [deepest] if deepest else hints)
            if told and (deepest is None or gazetteer.covers(deepest, told)):
                deepest = told
    branch = _branch(name, deepest or (area.adcode if area else None))
    if branch or deepest or body.kind == "company":
        return branch or deepest
    if body.core in RANKS:
        by_rank = (_of_rank(body.core, gazetteer.lineage(hint)) for hint in reversed(hints))
        return next((code for code in by_rank if code), None)
    if area is None:
        return None
    lineage = gazetteer.lineage(area.adcode)
    by_stem = [code for code in lineage if body.core.startswith(gazetteer.rows[code].stem)]
    return by_stem[-1] if by_stem else _by_township(body.core, area, places)


def _beside(body: Body, told: Sequence[str]) -> str | None:
    """The code of a name that is nothing but a rank, from the police bodies of one unit named in the same post."""
    if body.core not in RANKS or len({code[:4] for code in told}) != 1:
        return None
    gazetteer = load_gazetteer()
    codes = {_of_rank(body.core, gazetteer.lineage(code)) for code in told}
    return codes.pop() if len(codes) == 1 else None


def _branch(name: str, around: str | None) -> str | None:
    """The county of a branch bureau named by its stem: 桑珠孜分局 of a prefecture."""
    if around is None or not name.endswith("分局"):
        return None
    stem = name.removesuffix("分局").rpartition("局")[2]
    codes = [unit.adcode for unit in load_gazetteer().within(around) if load_gazetteer().rows[unit.adcode].stem == stem]
    return codes[0] if len(codes) == 1 and stem else None


def _of_rank(core: str, lineage: Sequence[str]) -> str | None:
    """The unit of that rank around a place: 市公安局 in a county's post is the prefecture's, in a city's its own."""
    gazetteer = load_gazetteer()
    units = [gazetteer.unit(code) for code in lineage]
    rank = RANKS[core]
    if core.startswith("市") and units[-1].name.endswith("市"):
        return units[-1].adcode
    return next((unit.adcode for unit in units if unit.level == LEVELS[rank]), None)


def _choose(codes: Sequence[str], hints: Sequence[str]) -> str | None:
    """The one code, or the one that fits a hint: within it, or around it."""
    gazetteer = load_gazetteer()
    fits = [c for c in codes if any(gazetteer.covers(h, c) or gazetteer.covers(c, h) for h in hints)]
    options = list(dict.fromkeys(fits or codes))
    if len(options) == 1:
        return options[0]
    # 日喀则市 was a county in what is now 日喀则市
    around = [code for code in options if all(gazetteer.covers(code, other) for other in options)]
    return around[0] if len(around) == 1 else None


def _by_township(core: str, area: Unit, places: Sequence[Place]) -> str | None:
    """The county of a station or school named only by its township, else the publisher's own unit."""
    for place in places:
        if place.township and township_stem(matching_copy(place.township)) in core:
            return place.adcode
    gazetteer = load_gazetteer()
    if area.level == "prefecture":
        counties = [
            county.adcode
            for county in gazetteer.within(area.adcode)
            if any(township_stem(town.name) == core for town in gazetteer.within(county.adcode))
        ]
        if len(counties) == 1:
            return counties[0]
    return area.adcode


def _publisher(text: str, context: Context, area: Unit | None, named: Sequence[Organisation]) -> Iterator[Organisation]:
    """The publisher, where it is a police body and no police body of its area is named."""
    name = context.publisher.strip()
    if not POLICE_PUBLISHER.search(matching_copy(name)):
        return
    code = area.adcode if area else None
    for body in named:
        bureau = body.kind == "police" and matching_copy(body.name).endswith(("局", "厅", "处"))
        if body.name == name or (bureau and body.adcode == code):
            return
    match = regex.search(regex.escape(name) + "(?!分?局)", text)
    start, end = match.span() if match else (None, None)
    yield Organisation(text=name, name=name, kind="police", adcode=code, role="collector", start=start, end=end)


@Language.factory("xueyang_organisations")
def make_organisations(nlp: Language, name: str) -> Organisations:
    """The component that leaves the bodies in `doc._.organisations`."""
    return Organisations()


class Organisations:
    """Finds the bodies that took part in a collection."""

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.organisations`: where the label says that there is no collection, only parties of purchases."""
        found: tuple[Organisation, ...] = ()
        if tells_of_collection(doc):
            found = find_organisations(text_of(doc), doc._.context, doc._.cues, doc._.places or ())
        bought = doc._.procurements or ()
        buys: OrganisationRole = "collector" if tells_of_collection(doc) else "other"
        return keep(doc, "organisations", with_parties(found, bought, text_of(doc), doc._.context, buys))
