"""The bodies that took part in a collection: who collected, who helped, who supplied, where it was done.

Their names are found by `bodies`. Only those named where the collection is told count, those that sign the post, and
the police body that publishes it; nothing is said of bodies in a bulletin's other items.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, cast

import regex
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import Context, keep
from pipeline.language.context import body as text_of
from pipeline.language.label.cues import Cue, find_cues
from pipeline.language.organisations.bodies import LONGEST_UNIT, UNIT_END, Body, find_bodies
from pipeline.language.organisations.roles import Deeds, employs_suspect
from pipeline.language.places.area import publisher_area
from pipeline.language.places.gazetteer import Unit, load_gazetteer, township_stem
from pipeline.language.places.mentions import names_above_township
from pipeline.language.reasons.justifications import tells_of_collection
from pipeline.language.sampling import concerns_collection, names_other_work, sentences, told_of_samples
from pipeline.language.script import matching_copy
from pipeline.patterns import Pattern
from pipeline.records import Organisation, OrganisationKind, OrganisationRole, Place, Procurement

# A name of nothing but a rank says which body only together with the publisher: how deep each rank lies.
RANKS = {
    "省": 0,
    "自治区": 0,
    "市": 1,
    "州": 1,
    "地区": 1,
    "县": 2,
    "区": 2,
    "旗": 2,
    "县局": 2,
    "市局": 1,
    "州局": 1,
    "省厅": 0,
    "区厅": 0,
    "自治区厅": 0,
}
LEVELS = ("province", "prefecture", "county")
POLICE_PUBLISHER = Pattern(
    r"^(?!.*(?:学术|期刊|学院|大学|新闻|日报|晚报)).*(?:公安|警方|警务|派出所|网警|刑侦|交警|警营)"
)
# A row of a table that begins with a body: its name, then cells with figures.
ROW = Pattern(r"\s*\p{Han}{2,16}[ \t\u3000|｜/／]+[^，。\n\d]{0,30}\d.*")
HEAD = Pattern(r"\s*\p{Han}+(?:[ \t\u3000|｜/／]+[^\s|｜/／]+){1,}")
SIGNATURE = Pattern(r"\W*(?:\w{2}：)?\w{2,20}(?:局|所|厅|院|委|会|府|室|队|处|小学|中学)\W*(?:\w{2})?\W*")
LEADS = frozenset({"police", "health"})
# What the name of a firm or an office holds, though it has no ending that `bodies` knows.
FIRM = Pattern(
    r"[厂店社馆司局院所处队室厅站库部]|基因|生物|科技|技术|科仪|仪器|器械|设备|试剂|医[药疗学用]|药业|商[贸行务城店户]|贸易"
    r"|中心|集团|超市|实业|产业|服务|代理|检[验测]|鉴定|个体|工作室|[A-Za-z\d]"
)
BUYER = Pattern(r"采购人|采购单位|甲方|乙方|供应商|中标|成交")


class Around(NamedTuple):
    """What tells the codes of bodies: the publisher's area, the post's places (each code once), their townships."""

    area: Unit | None
    codes: tuple[str, ...]
    # the county of each township by its stem, and which of them comes first
    townships: dict[str, tuple[int, str]]

    @classmethod
    def of(cls, area: Unit | None, places: Sequence[Place]) -> Around:
        """The same of a post's area and places."""
        townships: dict[str, tuple[int, str]] = {}
        for number, place in enumerate(places):
            if place.township:
                townships.setdefault(township_stem(matching_copy(place.township)), (number, place.adcode))
        return cls(area, tuple(dict.fromkeys(place.adcode for place in places)), townships)

    @property
    def hints(self) -> tuple[str, ...]:
        """All codes that a name may belong to."""
        return (*self.codes, *((self.area.adcode,) if self.area else ()))


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
    around = Around.of(publisher_area(context.publisher, context.title, [place.adcode for place in places]), places)
    bodies = [body for body in find_bodies(copy) if _counts(body, spans) and not employs_suspect(copy, body)]
    # Each name once, where it first stands; 县公安局 is not said besides 察雅县公安局.
    named = {copy[body.start : body.end]: body for body in reversed(bodies)}
    # 县人民医院 beside 莎车县公安局 is of that county
    told = tuple(code for name, body in named.items() if body.kind == "police" if (code := _adcode(name, body, around)))
    parts, deeds = _parts_of_others(named), Deeds(copy, bodies, around.area, around.hints)
    found: dict[str, Organisation] = {}
    for name, body in sorted(named.items(), key=lambda item: item[1].start):
        if name in parts or (body.kind == "monastery" and len(body.core) < 2):
            continue
        code = _adcode(name, body, around) or _beside(body, told)
        found[name] = Organisation(
            text=text[body.start : body.end],
            name=text[body.start : body.end],
            kind=cast(OrganisationKind, body.kind),
            role=deeds.role(name, body, code),
            adcode=code,
            start=body.start,
            end=body.end,
        )
    if spans and not any(body.kind == "police" for body in found.values()):
        found |= _titled(text, context, around)
    publisher = _publisher(text, context, around.area, tuple(found.values()))
    return (*found.values(), *publisher)


def _counts(body: Body, spans: Sequence[tuple[int, int, bool]]) -> bool:
    """Whether a body stands where bodies count. The stretches come in order, each ending before the next."""
    i = bisect_right(spans, body.start, key=lambda span: span[0]) - 1
    return i >= 0 and body.end <= spans[i][1] and (spans[i][2] or body.kind in LEADS)


def _parts_of_others(names: Iterable[str]) -> set[str]:
    """The names that another one ends with.

    >>> _parts_of_others(["县公安局", "察雅县公安局", "察雅县小学"])
    {'县公安局'}
    """
    backwards = sorted(name[::-1] for name in names)
    return {name[::-1] for name, after in pairwise(backwards) if after.startswith(name)}


def _titled(text: str, context: Context, around: Around) -> dict[str, Organisation]:
    """The police bodies that only the title of a post about samples names."""
    title = matching_copy(context.title)
    found: dict[str, Organisation] = {}
    bodies = find_bodies(title)
    deeds = Deeds(title, bodies, around.area, around.hints)
    for body in bodies:
        if body.kind == "police" and body.core not in RANKS and len(body.core) > 1:
            name = context.title[body.start : body.end]
            code = _adcode(title[body.start : body.end], body, around)
            at = text.find(name)
            found[name] = Organisation(
                text=name,
                name=name,
                kind="police",
                role=deeds.role(title[body.start : body.end], body, code),
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
    around = Around.of(publisher_area(context.publisher, context.title), ())
    sides: tuple[tuple[str, OrganisationRole], ...] = (("buyer", buys), ("supplier", "supplier"))
    for fact in purchases:
        for side, role in sides:
            name = getattr(fact, side)
            if not name or (name in bodies and role != "supplier"):
                continue
            if name in bodies:
                bodies[name] = bodies[name].model_copy(update={"role": role})
                continue
            if role != "supplier" or not _is_person(matching_copy(name)):
                bodies[name] = _party(name, role, text, around)
    return tuple(bodies.values())


def _is_person(copy: str) -> bool:
    """Whether who sells is no body: nothing in the name says a firm, nor does it begin with a place.

    >>> [_is_person(name) for name in ("李建军", "扎西多吉", "重庆中元", "华大基因")]
    [True, True, False, False]
    """
    if find_bodies(copy) or FIRM.search(copy):
        return False
    return not any(mention.start == 0 for mention in names_above_township(copy))


def _party(name: str, role: OrganisationRole, text: str, around: Around) -> Organisation:
    """A party of a purchase; without a known ending who sells is a company, who buys the police."""
    copy, at = matching_copy(name), text.find(name)
    other = "company" if role == "supplier" else "police"
    body = next((b for b in find_bodies(copy) if b.end == len(copy)), Body(other, 0, len(copy), copy))
    return Organisation(
        text=name,
        name=name,
        kind=cast(OrganisationKind, body.kind),
        role=role,
        adcode=_adcode(copy, body, around),
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


def _adcode(name: str, body: Body, around: Around) -> str | None:
    """The code of the deepest unit, county or above, that the name tells: by itself, or with publisher and places."""
    area, hints = around.area, around.hints
    deepest: str | None = None
    gazetteer, short = load_gazetteer(), _shortened(name)
    for i in range(len(name)):
        for j in range(i + 2, min(len(name), i + LONGEST_UNIT) + 1):
            if name[j - 1] not in UNIT_END:
                continue
            known = [deepest] if deepest else hints
            # a township that bears this name elsewhere tells nothing of a station in a place that has one too
            units = [u.adcode for u in gazetteer.named(name[i:j]) if u.level != "township" or _near(u.adcode, known)]
            units += short.get((i, j), ())
            told = _choose(units, known)
            if told and (deepest is None or gazetteer.covers(deepest, told)):
                deepest = told
    branch = _branch(name, deepest or (area.adcode if area else None))
    if branch or deepest or body.kind == "company":
        return branch or deepest
    if body.core in RANKS:
        by_rank = (_of_rank(body.core, gazetteer.lineage(hint)) for hint in reversed(hints))
        return next((code for code in by_rank if code), None)
    if area is None:
        return _of_place(body.core, around)
    lineage = gazetteer.lineage(area.adcode)
    by_stem = [code for code in lineage if body.core.startswith(gazetteer.rows[code].stem)]
    return by_stem[-1] if by_stem else _by_township(body.core, area, around)


def _near(code: str, hints: Sequence[str]) -> bool:
    """Whether a unit is one of those known, or lies in one or around it; so is any where none is known."""
    covers = load_gazetteer().covers
    return not hints or any(covers(hint, code) or covers(code, hint) for hint in hints)


def _shortened(name: str) -> dict[tuple[int, int], list[str]]:
    """The units above township that a name holds, short names of autonomous ones included, by where they stand.

    甘孜州, 木里县; not 郑州某公司.
    """
    rows = load_gazetteer().rows
    return {
        (m.start, m.end): [
            code
            for code in m.codes
            if name[m.end - 1] != "州" or code not in rows or rows[code].name.endswith("自治州")
        ]
        for m in names_above_township(name)
        if not m.bare
    }


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


def _by_township(core: str, area: Unit, around: Around) -> str | None:
    """The county of a station or school named only by its township, else the publisher's own unit."""
    if code := _of_place(core, around):
        return code
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


def _of_place(core: str, around: Around) -> str | None:
    """The county of the first township among the post's places that a name holds."""
    if not around.townships:
        return None
    held = {core[i:j] for i in range(len(core) + 1) for j in range(i, len(core) + 1)} & around.townships.keys()
    return min(around.townships[stem] for stem in held)[1] if held else None


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
