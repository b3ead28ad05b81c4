"""The place a figure counts, as it stands in the text: the nearest unit named before it in its clause, else sentence.

全县 outweighs the number of its parts beside it (全县16个乡镇). A share's base is no place of it (占全县人口的).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial

from pipeline.language.count_places.lists import INSTITUTION, SMALL, respective
from pipeline.language.count_places.names import (
    clause_name,
    clause_names,
    is_short_name,
    listed_names,
    row_name,
    short_name,
)
from pipeline.language.count_places.starts import start_of, start_of_chain, start_of_list
from pipeline.language.count_places.sums import REACH, TOTAL, parts_of_sum
from pipeline.language.count_places.vetoes import (
    AT_WORK,
    EACH_ONE,
    OWN,
    compared,
    happened,
    in_passing,
    of_force,
    spread,
    without_origins,
)
from pipeline.language.counts.words import words
from pipeline.language.places.elsewhere import borders, excepted
from pipeline.language.places.gazetteer import load_gazetteer
from pipeline.language.places.villages import GOES_DOWN, verbal_name
from pipeline.language.sentences import PARAGRAPH, SENTENCE_END, last_letter
from pipeline.patterns import Pattern

CLAUSE = Pattern(r"[，；。：！？;?!\n（）()]|,(?!\d{3})")
# What follows the short name of a station (城关所已采…), and not the 所 of 所采.
OF_STATION = (
    r"采|血|完|任|入库|[男女]性|群众|已|的?DNA|[:：]|[ \u3000]*(?:\d|$)|[仅只居因占最共累达超率排]|[以为](?:\d|$)|】"
    r"|[（(](?:完成|采集|应采|任务|计划|[已共])*+数?(?:\d|$)|[，,](?:任务|应采|计划|完成|已采|采集|实采)|[应实需]采|计划|次之|最[多少快慢]|居[首次]|[一两三四五六七八九十半]天|[上下]午|昨[日天]|当[日天]"
)
# 沙镇溪派出所, 类乌齐镇所: the name goes on behind what could be its unit.
GOES_ON = rf"(?!(?![各全两三几上里和与及内的该本小大])\p{{Han}}(?:派出所|所(?={OF_STATION}))|所(?={OF_STATION}))"
# The whole of a unit: 全县, 我校, 我们村, 该镇.
WHOLE = Pattern(
    r"(?:全国各地|(?:全|我们?|[咱俺]们|(?:(?<!\p{Han})|(?<=[到来在给为对去进]))[咱俺]|该|本|(?:(?<!\p{Han})|(?<=[在到为给]))贵)(?:县城|县|市|区|州|镇|乡|村|屯|庄|湾|省|盟|旗|校|院|社区|地区|国|厂|寺|寨)(?:中小学)?)"
    r"(?!长|委|政府|级|籍|道|两级)"
)
# 其中东镇876人、西镇802人 or the same in brackets, and the share of the whole behind them.
_PART = r"\d[\d.,]*[万千]?余?[份人名张例]"
PARTS_TOLD = Pattern(
    rf"其中[^。；\n]{{0,60}}?{_PART}[^。；\n]{{1,200}}{_PART}"
    rf"|[（(][^（）()]{{0,60}}?{_PART}[^（）()]{{1,200}}{_PART}[^（）()]{{0,9}}[)）]$"
)
SHARE = Pattern(
    r"[共已总均现]*(?:占|相当于|(?:平均|总)?(?:采集|采血|采样|完成|覆盖|入库|建档)率|完成了?(?:年度|全年|总)*(?:目标)?任务)[^，。；：\d]*$"
)
FIGURE_BEFORE = Pattern(r"\d[\d,.]*+万?[余多]?(?:人份|[人份名])$")
# 那林镇…，全镇已采…: the unit just named.
REFERS = Pattern(r"全[县市州旗镇乡村]")
SOME_ONE = Pattern("[某我咱俺你他该本全]")
# A number of units: 三个村, 沿江七个乡镇, 案发地周边的两个镇, 8个便民警务站; 其余乡镇.
SOME = Pattern(
    r"[一两二三四五六七八九十\d]+[乡镇][一两二三四五六七八九十\d]+(?:[乡镇]|街道)(?!委|长|政府|级|民|干)|"
    r"(?:(?:案发地?)?(?:周边|周围|邻近)的?|西[北南]|下游|试点|沿江|沿河|首批|头|其余|另外|其他|镇上|几|各)?"
    r"(?:(?<!十里|第|头|\d|\d[至到—~-])[\d零一二三四五六七八九十百两几]+[余多]?(?:个|座|所|家)?|几[个座])(?:试点|重点)?"
    r"(?:乡镇(?:街道)?|镇街?|乡|(?:行政|牧业|自然)?[村庄屯]庄?|牧委会|嘎查|苏木|县|市|州|省[份区]?|区|社区?|街道|湾子?|(?:便民)?警务站"
    r"|派出所|(?<!(?:学校|[中小]学|幼儿园|医院|寺[院庙])\d{1,3})所(?!中|小?学|幼|高|楼)|(?<=所)(?:幼儿园|高中)|寺(?:院|庙)?|(?<=所)(?:中小|中|小)学(?!生)|学校|寨子?|(?<=[个处])点|工地)"
    r"(?:[(（]市[)）])?(?!委|长|政府|级|人|公安|民|会|一\p{Han})|各[乡镇村]镇?(?=合|共|累计)"
    r"|(?<![\p{Han}])[两三四五六]地(?=共|合计|总共|累计|采|一共)|[两三四五六七八九十\d]{1,2}校(?=[合共总累])|(?:其[余他它]|余下|剩余)各?(?:乡镇(?:街道)?|村[组社]|嘎查|苏木|派出所|[镇乡村所])(?!委|长|政府|级|民|干)"
)
NAMED = Pattern(
    rf"(?:西藏|新疆|内蒙古|宁夏|广西)(?=的|\d|各|全|居民|地区)"
    rf"|\p{{Han}}{{1,9}}?(?:(?:{SMALL}){GOES_ON}(?:{INSTITUTION}|(?!派出所))|{INSTITUTION}|(?<!研究|检查|卫生|场|[住处诊厕])所(?=$|{OF_STATION}))"
    r"(?!委|政府|长|级|公安|局|民(?!宿)|籍|里|组(?!织)|医|警(?![务力])|居(?![民委住家多首])|寨|招待|干部|医院|卫生院|志愿|域|别|分(?![别三两头成为批组])|党|书记|口|厅|要求|部署|统一|内外)"
)
# 孟公、水车等地, 汤神庙一带: names without their units.
AREA = Pattern(
    r"(?:\p{Han}?有|其中|[头首]?一?批|[以对在到])?(?P<name>(?:\p{Han}{2,4}、)+\p{Han}{2,4}?"
    r"(?:等地|等乡镇|等[\d两三四五六七八九十]+个?(?:乡镇|镇|乡|村|县)|一带|[两三四五六七八九十](?:地(?![区方点段级])|[县镇])))"
    r"(?!赶|来|的?务工|打工|务工|籍|返)"
    r"|(?<=[在对到])(?P<name>\p{Han}{2,4}?一带)"
)
# 来自四川、甘肃等地的务工人员: where people come from.
FROM = Pattern(r"(?:来自|从|赴|往)$")
# 走访18个乡镇: who was visited, not who was counted.
VISITED = Pattern(r"(?:走访|涉及)[^，。；、]{0,8}$")
# 江绵乡…，一夜走了三个点: how far they went says less than where they were.
PASSED = Pattern(r"(?:[跑走][了完遍]?|连[跑走]|跑完了|走完了|完成)$")
# 南木乡最快，一个乡就采了…: the one just named.
ALONE = Pattern(r"一个?\p{Han}{1,2}[就便]")
# 县局与13个派出所签订…: who acts together with the bureau.
PARTIES = Pattern(r"(?:局|公安|政府|县委|民警)[与同跟和]$")
STATION = Pattern(r"(?<=镇|乡|街道)派出所$")
# Where the police went, or whose station was at work.
SCENE = Pattern(
    r"(?:走进|走村|开进|深入|进驻|来到|走到|赶到|进了|赴|前往|进入|到|在)"
    r"(?:辖区)?(?P<name>(?:\p{Han}{1,6}[村镇乡寺]、)*(?:\p{Han}{1,6}?(?:(?:村|镇|乡)(?:中心小学|小学|中学)?|寺|小学|中学)|[我贵该本][校村镇乡]))"
    r"(?!委|政府|级|民|干|里|医|卫|口|长|人)"
    r"|(?<!\p{Han})[应据经由]?(?P<name>\p{Han}{1,6}?(?:镇|乡))派出所(?!长)"
)
HEAD = Pattern(
    r"(?:^|[【▲●★◆■▍\[])[ \u3000]*(?P<name>\p{Han}{2,8}(?:镇|乡|村|社区|街道|派出所|所|寺|小学|中学))"
    r"(?=[】\]:：]|[ \u3000])"
)
# 21人负责东沟村: the name cannot begin with what a number counts.
COUNTED = Pattern(r"\d[人份张户条]$")
LISTED = Pattern(
    r"(?:\p{Han}{2,8}、)+\p{Han}{0,4}$"
    r"|(?:\p{Han}{1,6}[县市区州镇乡村]、)*\p{Han}{1,6}[县市区州镇乡村][和及]$"
)
# 213名僧人、; 一村五百四十一人、: things counted are not listed with the place behind them.
COUNTED_ITEM = Pattern(
    r"(?:(?<=\d)万?[余多来]?|[零一二三四五六七八九十百千万两]{2,}[余多来]?)(?:人份|[人名份户张位条例]|个(?![^、]{0,6}[镇乡村县区所寺校]、))[^、]*、"
)
# 3个村、1座寺庙、1所学校
COUNTED_UNITS = Pattern(r"(?:\d{1,4}[个座所家]\p{Han}{1,5}[、和及])+$")
# 鲜水镇三个村: some parts of a township; 鲜水镇12个村 may be all.
PARTS = Pattern(
    r"^(?:[两二三四五六七八九]|[2-9])个?\p{Han}{0,2}(?:[村庄屯社点]|居委会|片区|牧委会)$|^[两三四五六七八九十]+所(?:[中小]学|学校|幼儿园)$"
)
# 扎热村卡点129份, 虎门镇一家鞋厂也采过
FACILITY = Pattern(
    r"(?:码头|卡点|采石场|砂石场|赛马场|牧业点|远牧点|放牧点|(?:易地(?:扶贫)?搬迁)?安置点(?:工地)?|敬老院|养老院|福利院|精神病院|寄宿制?学校"
    r"|一(?:家|个|处|座)?\p{Han}{1,3}(?:厂|矿|工地|园|寺院?)|一个村)(?=采|也|两|[约共]?\d|的?[^，。；]{0,6}$)"
)
ABOVE = Pattern(r"(?<!个)(?:(?![的个])\p{Han}){2,6}(?:[省市州盟县镇乡]|(?<![辖牧])区)$")
# How long a figure is, with its unit.
LONGEST_FIGURE = 20
# How far a list and its figures reach, in characters.
LONGEST_LIST = 1000
# 截至3月，全县已采9份: the unit begins its clause, and a figure ends it.
BEGINS = Pattern(r"(?:^|[，。；：、\s“（(]|[年月日底初止前来度后下]|目前|原定|摸清)$")
COUNTS = Pattern(
    r"(?!统一|只有|[^，。；\n]{0,24}(?:民警|警力|学校))[^，。；\n]{0,24}?(?:\d|[一二三四五六七八九十两百千万]{2})"
)
# 按人群分：牧民1.7万份: of all, and not of the place told last
BY_KIND = Pattern(r"按(?:人群|人员|身份|职业|年龄段?|性别|民族)[^，。；：\d]{0,4}[分看]")
# 5.在某中学讲法治课…: an item's scene is not that of the line below the list
LISTED_ITEM = Pattern(
    r"[ \t\u3000]*(?:\d{1,2}[.、．](?!\d)|[一二三四五六七八九十]{1,2}、|[（(][一二三四五六七八九十\d]{1,2}[）)])"
)
NEAR = 300
BASE = Pattern(r"(?:占|相当于)$")
NO_PLACE = Pattern(
    r"^(?:平均|每)|(?:干部|民警|人员|医生)[为对在给]寺$|^(?:各|为|对|给|由|据|经|含|向|从|按|把|将|请|报|随|两|几|多个|每个|所有|其他|有关|部分|[城农牧外在驻以来到住]|辖区?|小|社|街|城镇|城乡"
    r"|本地|外地|原籍|下|进|回|走|入|全|市|县|乡|镇|村)*"
    r"(?:区|村|镇|乡|县|市|社区|街道|小区|派出所|学校|寺|校区|州|省)$|(?:[返还离思家故老异]|外出)乡$|救助|[护送]|办案区"
    r"|(?<![站所])辖区$|^寺庙$|乡村$|^[我本]所辖区$|^警务站$|^山区$|^各(?![地县市乡镇村所])|^十里八[乡村店寨]$|^(?:各|全)?片区$|^(?:冬夏)?牧场$|(?:进|上|走|串|逐|驻|入|打着\p{Han}*)(?:牧场|村)$|[哪叫]|^入所|年派出所$|^[我本全]所$|^[出到与占是请赴距返离邻来收跑][所寺村镇县乡省]$|^务站$|^新收|试点[县市区]|^[个名了]|^人的|[集早夜超门菜花]市$"
)


def place_span(
    copy: str, sentence_start: int, start: int, *, mass: bool, local: frozenset[str] = frozenset()
) -> tuple[int, int] | None:
    """Where the place stands that a figure counts, which begins at `start` in a sentence that begins at
    `sentence_start`: in its sentence, else at the head of its part of the paragraph. `local`: the short names of the
    publisher's own townships.

    Where samples are taken from a population (`mass`), else where the paragraph plays, else the one above.
    """
    shared = _listed(copy, sentence_start, start, local)
    if shared is not None:
        return shared or None
    clause = max((m.end() for m in CLAUSE.finditer(copy, sentence_start, start)), default=sentence_start)
    if OWN.match(copy, clause) and place_of(copy[clause:start], local) is None:
        return None
    line = _line(copy, sentence_start)
    row = row_name(copy, line, start)
    if row is not None:
        return row
    parts = _parts(copy, line, start, local)
    if parts is not None:  # a sum of parts is where they are told to be: 全县采血情况：东镇30份，西镇20份，共50份
        head = _nearest(copy[line:parts], base=False)
        base = WHOLE.search(copy, parts, start)
        return _last(copy, head, line, parts) if head else base.span() if base else None
    above = max(copy.rfind("\n", max(0, line - PARAGRAPH), last_letter(copy, line)) + 1, line - PARAGRAPH)
    for begin, end, find in (
        (sentence_start, start, partial(place_of, local=local)),
        (line, start, paragraph_place),
        (line, sentence_start, whole_told),
        (line, sentence_start, scene),
        (above, line, scene),
    )[: 1 if BY_KIND.match(copy, sentence_start) else None]:
        place = find(copy[begin:end]) if mass or find not in (scene, whole_told) else None
        if place is None or (begin == above and end == line and LISTED_ITEM.match(copy, above)):
            continue
        own = scene(copy[sentence_start:start]) if find is scene else None
        if own is not None:  # 东镇派出所…，采集9份；西镇派出所…，采集8份: not the one before
            return _last(copy, own, sentence_start, start)
        return _last(copy, place, begin, end)
    return None


def _last(copy: str, name: str, begin: int, end: int) -> tuple[int, int]:
    """Where a name stands last between two places."""
    at = begin + copy[begin:end].rindex(name)
    return at, at + len(name)


def _parts(copy: str, line: int, start: int, local: frozenset[str]) -> int | None:
    """Where the parts begin of the sum that a figure is, or is a share of."""
    begin = max(line, start - REACH)
    before = copy[begin:start]
    if not TOTAL.search(before):
        return None
    wholes = [m.span() for m in WHOLE.finditer(before) if not BASE.search(before[: m.start()])]
    numbers = [m.span() for m in SOME.finditer(before)]
    names = _names(before, [*wholes, *numbers], base=False)
    taken = {at for span in names for at in span}
    names += [span for span in clause_names(before, local) if not taken & {*span}]
    first = parts_of_sum(before, sorted([*names, *wholes, *numbers]), copy[start : start + LONGEST_FIGURE])
    return None if first is None else begin + first


def _line(copy: str, at: int) -> int:
    """Where the paragraph begins in which something stands."""
    return max(copy.rfind("\n", max(0, at - PARAGRAPH), at) + 1, at - PARAGRAPH)


def _listed(copy: str, sentence_start: int, start: int, local: frozenset[str]) -> tuple[int, int] | tuple[()] | None:
    """Which of the units of a list the figure counts; () where more or fewer stand before 分别 than figures behind."""
    sentence = SENTENCE_END.split(copy[sentence_start : sentence_start + LONGEST_LIST], 1)[0]
    for names, figures in respective(sentence, local):
        number = next((i for i, (a, b) in enumerate(figures) if a <= start - sentence_start < b), None)
        if number is not None:
            if len(names) != len(figures):
                return ()
            a, b = names[number]
            return sentence_start + start_of(sentence, a, b), sentence_start + b
    listed = listed_names(sentence, local).get(start - sentence_start)
    return (sentence_start + start_of(sentence, *listed), sentence_start + listed[1]) if listed else None


@lru_cache(maxsize=64)
def whole_told(before: str) -> str | None:
    """The whole unit that the sentences before last counted something of (全县已采9份。月底前完成余下的8份)."""
    found = [
        m[0]
        for m in WHOLE.finditer(before, max(0, len(before) - NEAR))
        if COUNTS.match(before, m.end()) and BEGINS.search(before, max(0, m.start() - 2), m.start())
    ]
    return found[-1] if found else None


@lru_cache(maxsize=64)  # asked for with each figure of a sentence
def scene(before: str) -> str | None:
    """The place that the paragraph's earlier sentences say the police went to, or whose station was at work."""
    # a station's meeting is held where it is at work
    found = [m for m in SCENE.finditer(before) if m[0].endswith("派出所") or not happened(before, m.end())]
    whole = spread(before)
    if whole is not None or not found:
        return whole or None
    found = [m["name"] for m in found]
    name = found[-1][start_of(found[-1], 0, len(found[-1])) :]
    return None if NO_PLACE.search(name) or _malformed(name) else name


@lru_cache(maxsize=4096)
def place_of(before: str, local: frozenset[str] = frozenset()) -> str | None:
    """The place a figure counts, from the part of its sentence that stands before it (a matching copy)."""
    before = without_origins(before)
    clause = max((m.end() for m in CLAUSE.finditer(before)), default=0)
    whole = _shared_by(before, clause)
    if whole is not None:
        return whole
    short = short_name(before[clause:], before[:clause], local)
    if short is not None:
        return before[clause + short[0] : clause + short[1]]
    for part in (before[clause:], before) if clause else (before,):
        place = _nearest(part, base=False) or (_of_share(before, clause) if part is not before else None)
        short = clause_name(before, local) if part is before else None
        if short and (place is None or before.rfind(place) < short[0]):
            return before[slice(*short)]
        if place:
            return _referred(before, place)
    return _nearest(before, base=True) if "占" in before or "相当于" in before else None


def _shared_by(before: str, clause: int) -> str | None:
    """The whole that a share is of which follows its parts (全县采9份，其中东镇5份、西镇3份，采集率达90%)."""
    share = SHARE.match(before, clause) if clause else None
    parts = PARTS_TOLD.search(before, 0, clause - 1) if share is not None else None
    if parts is None or _nearest(before[clause:], base=False) is not None:
        return None
    return _nearest(before[: parts.start()], base=False)


def _of_share(before: str, clause: int) -> str | None:
    """The place that lacks its unit of the figure of which a share is told right behind it (昭觉采集9份，占12%)."""
    figure = FIGURE_BEFORE.search(before, 0, clause - 1) if SHARE.match(before, clause) else None
    if figure is None:
        return None
    own = max((m.end() for m in CLAUSE.finditer(before, 0, figure.start())), default=0)
    short = short_name(before[own : figure.start()], before[:own])
    return before[own + short[0] : own + short[1]] if short else None


def _referred(before: str, place: str) -> str:
    """The unit named before in its sentence that 全镇 refers back to, else the same words."""
    if not REFERS.fullmatch(place):
        return place
    part = before[: before.rindex(place)]
    if place[-1] not in part:
        return place
    same = [
        part[a:b]
        for a, b in _names(part, (), base=False)
        if part[b - 1] == place[-1] and not SOME_ONE.search(part[a:b])
    ]
    return same[-1] if same and not _malformed(same[-1]) else place


@lru_cache(maxsize=64)
def paragraph_place(paragraph: str) -> str | None:
    """The place that heads the part of a digest (【城西派出所】, ▲热龙乡派出所) in which the sentence stands."""
    heads = [m["name"] for m in HEAD.finditer(paragraph)]
    return STATION.sub("", heads[-1]) if heads and not NO_PLACE.search(heads[-1]) else None


def _nearest(part: str, *, base: bool) -> str | None:
    """The place named last in a part of a sentence. `base`: also the whole of which a share is told."""
    # 全省 of 全省试点县 is neither what is counted nor the beginning of a name
    told = [m.span() for m in WHOLE.finditer(part) if base or not BASE.search(part[: m.start()])]
    wholes = [at for at in told if not in_passing(part, *at)]
    numbers = [m.span() for m in SOME.finditer(part)]
    some = [at for at in numbers if not VISITED.search(part[: at[0]])]
    if "、" in part or "一带" in part:
        areas = [m.span("name") for m in AREA.finditer(part) if not FROM.search(part[: m.start("name")])]
        wholes += [(start_of(part, start_of_list(part, at[0]), at[1]), at[1]) for at in areas]
    names = _names(part, [*told, *wholes, *numbers], base=base)
    found = wholes + names
    for span in some:
        # 全县16个乡镇, 打隆镇3座寺庙: the whole says which place it is
        first = span[0]
        while chained := next((a for a, b in numbers if b == first), None):
            first = chained  # 全县13个乡镇138个村
        above = next((other for other in [*wholes, *names] if other[1] == first), None)
        if above in names and PARTS.search(part[slice(*span)]):
            found.append((above[0], span[1]))
        elif above is None and not (PARTIES.search(part[: span[0]]) or ALONE.match(part, span[0])):
            found.append(span)
    passing = [at for at in some if PASSED.search(part[: at[0]])]
    for start, end in sorted(found, key=lambda span: (span in passing, -span[1])):
        name = _whole_name(part, start, end)
        if (start, end) in some or not _malformed(name):
            return name
    return None


def _names(part: str, taken: Sequence[tuple[int, int]], *, base: bool) -> list[tuple[int, int]]:
    """Where units are named in a part of a sentence, outside what is `taken`."""
    names: list[tuple[int, int]] = []
    for m in NAMED.finditer(part):
        start, end = start_of(part, m.start(), m.end()), m.end()
        if words()["any_station"].search(part[start:end]) or COUNTED.search(part[: start + 1]):
            continue
        if m[0].endswith("派出所") and AT_WORK.match(part, end):
            while names and part[names[-1][1] : m.start()] in ("、", "") and not SOME.match(part, m.start()):
                names.pop()  # 东镇、西镇派出所组织…; 某县东镇派出所组织…
        elif (
            any(a < end and start < b for a, b in taken)
            or (NO_PLACE.search(part[start:end]) and not verbal_name(part, start))
            or of_force(part, end)
            or compared(part, end)
            or borders(part, start, end)
            or excepted(part, start, end)
            or EACH_ONE.match(part, start)
            or _leads_to_rank(part[start:end])
        ):
            continue
        elif base or not BASE.search(part[:start]):
            names.append((start, end))
    return names


def _leads_to_rank(name: str) -> bool:
    """Whether a string ends in a preposition and a bare rank, and is no unit's name for all that."""
    return words()["bare_rank"].search(name) is not None and not load_gazetteer().named(name)


def _malformed(name: str) -> bool:
    """Whether words stand in a name that are in no place's, unless the gazetteer knows it."""
    found = words()["place_not"].search(name)
    if found is None or verbal_name(name, max(0, found.start() - 1)):
        return False
    if found[0] == "下村" and found.start() and not GOES_DOWN.search(name[: found.start() + 1]):
        return False  # 新下村
    return not load_gazetteer().named(name)


def _whole_name(part: str, start: int, end: int) -> str:
    """The name with those listed before it (东镇、西镇; 东、西两镇), or with the unit above (某市某县).

    And with the house or camp behind it whose figure follows: 北井子镇码头.
    """
    facility = FACILITY.match(part, end)
    end = facility.end() if facility else end
    counted = COUNTED_UNITS.search(part, 0, start) if part[start].isdigit() else None
    if counted is not None:
        return part[counted.start() : end]
    before = (None if part[start] == "全" else LISTED.search(part[:start])) or ABOVE.search(part[:start])
    if before is None and part[start] == "全":
        short = next((n for n in (2, 3) if start >= n and is_short_name(part[start - n : start])), 0)
        return part[start - short : end]
    if before is None:
        return part[start:end]
    begin = start_of(part, before.start(), start)
    if begin == before.start() and "、" not in before[0]:
        begin = start_of_chain(part, begin)
    begin = max((begin, *(m.end() for m in COUNTED_ITEM.finditer(part, begin, start))))
    while begin and part[begin] in "个座所家0123456789" and part[begin - 1].isdigit():
        begin -= 1  # 22个镇和3个街道
    return part[begin:end]
