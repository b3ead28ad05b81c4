"""People whom a post names only beside the samples: in other work, in rumours, in the names of places.

采集血样350份，核查流动人口62人; 要做好寺庙管理、DNA采集等工作; 和尚桥镇采集血样. Nobody says that their blood was
taken. Asked with the other vetoes of `groups.vetoes`, by the rules and before the fitted model.
"""

from __future__ import annotations

import regex

from pipeline.patterns import Pattern

# Villages, streets and stations called after people or their houses. Not 牧业村, 牧民新村: herders do live there.
NAMED = Pattern(
    r"(?:(?<!达)扎瓦|和尚|喇嘛|尼姑|道士|女儿|姑娘|媳妇|寡妇|光棍|老爷|学生|学校|工人|职工|农民|渔民|牧场|寺庙|寺院|清真寺|矿山)"
    r"[新老东西南北上下大小]?[城桥店甸庄庙沟湾坪岭河山坝窑坟营屯堡寨塬塘岗洞滩坡井泉窝崖]?"
    r"(?:新?村(?!里|上|中|头)|镇(?!上|里)|乡(?![镇亲里上下])|街(?!上|头)|路(?![上边过口])|社区|派出所)"
)
# 要做好寺庙管理、流动人口管理、DNA血样采集等工作: work in a list of tasks.
CARE = (
    r"(?:寺[庙院]|僧尼|宗教(?:场所)?|学校|校园|重点(?:人员|人口)|流动人口|外来人[口员]|暂住人口|出租房?屋|工地|牧区|企业|特种行业)"
    r"(?:安全|治安|服务|日常)?(?:管理|管控|维稳|安保|稳控|巡查|防控)(?:服务|工作)?"
)
TASKS = Pattern(rf"(?<=、){CARE}(?=[、，和与及等])|{CARE}(?=[、和与及])")
# 走访寺庙6座、学校3所，采集血样: houses of several kinds, counted as they were visited.
HOUSE = r"(?:寺[庙院]|清真寺|学校|幼儿园|工地|企业|工厂|厂矿|出租房?屋|宾馆|旅馆|商铺|网吧)"
HOUSES = Pattern(
    rf"(?:走访|检查|清查|巡查|排查)[^，。；、采\n]{{0,8}}?(?:{HOUSE}\d{{1,5}}[余多]?[座所处家间个户]、){{1,5}}"
    r"[^，。；、采\d\n]{1,10}\d{1,5}[余多]?[座所处家间个户]"
)
# 采集流动人口信息12条 in a sentence without blood: what is written down of them.
WRITTEN_DOWN = Pattern(
    r"采集(?:(?!血|DNA|样)[^，。；、\n\d]){2,12}信息\d{1,6}[余多]?条(?![^。；\n]{0,60}(?:血|DNA|样本))"
)
BLOOD = Pattern(r"血(?!压|糖)|DNA|样本")
# 网传“强抽学生血”系谣言.
RUMOUR = Pattern(
    r"(?:网传|谣传|传言|听说|散布|流传|传播|转发|所谓|传着)[^。；\n“「]{0,16}[“「][^”」\n]{2,60}[”」]"
    r"(?=[^。\n]{0,16}?(?:谣言|不实|不属实|假消息|虚假|失实))"
)

# How many samples: behind it other work may be told, clause by clause.
FIGURE = Pattern(
    r"(?:血样?|DNA|样本)[^，。；、\n\d]{0,8}(?<samples>\d[\d,]{0,9})(?<myriads>\.\d{1,3}万|万)?[余多]?(?:人份|[份人例枚])(?=[，、])"
)
CLAUSE = Pattern(r"[，、][^，、。；！？\n]{2,40}")
TAKING = Pattern(r"采(?!挖|集(?:指纹|人像|声纹|虹膜|照片))|血(?!压|糖)|DNA|样本|扎|其中|包括|含")
# No sentence is read further back, in characters.
FAR = 300
STARTS = r"[，、](?:共|并|还|又|另|累计|期间|同时|此外|顺[带便])*"
ACT = Pattern(
    rf"{STARTS}(?:核[查对录]|盘查|清查|检查|巡查|排查|登记|教育|走访|慰问|看望|帮[助扶教]|救助|调解|化解|调处|办理|受理|发放"
    r"|劝[导返阻]|查处|查获|抓获|宣传|服务|护送|接送|训诫|约谈|管控|协助)"
    rf"|{STARTS}[为给帮替对向与][^，、。；\d]{{1,14}}?(?:找回|办|送|讲|宣|教育|走访|见面|谈|慰问|解|转场|安装|修|救|提供|检查)"
)
PEOPLE = Pattern(r"(?:核|查|登记)\D{0,14}(?<people>\d[\d,]{0,9})[余多]?[人名]")
# Whom that work reached may be sampled all the same: 登记僧人31人，一并补采.
AGAIN = Pattern(r"一并|补采|再采|未采|没采")
AFTER_ALL = Pattern(r"[^。；\n]{0,60}?(?:采血|一并|血样|DNA|扎)|[^。\n]{0,60}?(?:补采|再采|未采|没采)")


def beside(copy: str) -> list[tuple[int, int]]:
    """Where a matching copy names people only beside the samples.

    >>> text = "采集DNA血样350份，核查流动人口62人"
    >>> [text[start:end] for start, end in beside(text)]
    ['，核查流动人口62人']
    """
    spans = [match.span() for pattern in (NAMED, TASKS, HOUSES, RUMOUR) for match in pattern.finditer(copy)]
    for match in WRITTEN_DOWN.finditer(copy):
        first = max(0, match.start() - FAR)
        start = max(first, *(copy.rfind(mark, first, match.start()) + 1 for mark in "。；\n"))
        if not BLOOD.search(copy, start, match.start()):
            spans.append(match.span())
    for match in FIGURE.finditer(copy):
        spans += _other_work(copy, match.end(), number(match["samples"]) * (10_000 if match["myriads"] else 1))
    return spans


def in_rumour(copy: str, start: int) -> bool:
    """Whether what begins there in a matching copy is told only as a rumour that is denied.

    >>> in_rumour("网传“强制抽血卖钱”，系谣言", 3)
    True
    """
    near = RUMOUR.finditer(copy, max(0, start - 80), start + 90)
    return any(match.start() <= start < match.end() for match in near)


def _other_work(copy: str, at: int, samples: int) -> list[tuple[int, int]]:
    """The clauses behind a number of samples, from `at` on, that tell what else was done."""
    spans: list[tuple[int, int]] = []
    other = False
    while clause := CLAUSE.match(copy, at):
        if TAKING.search(clause[0]):
            if AGAIN.search(clause[0]):
                return []
            at = clause.end()
            break
        at = clause.end()
        other = bool(ACT.match(clause[0])) or (other and clause[0].startswith("、"))
        people = PEOPLE.search(clause[0])
        # as many registered as sampled, or more: the same people
        if other and not (people and number(people["people"]) >= samples):
            spans.append(clause.span())
    return [] if AFTER_ALL.match(copy, at) else spans


def number(digits: str) -> int:
    """The number that digits, with blanks and commas among them, stand for."""
    return int(regex.sub(r"\D", "", digits))
