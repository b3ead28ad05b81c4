"""What a body did in a collection: took the samples, helped, sold, or was the site, by the words that bring it in.

Police bodies of the publisher's area or of the post's places are taken to have collected; those of elsewhere only
where the text says so. Works on a matching copy.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

from pipeline.language.organisations.bodies import Body, makes_goods
from pipeline.language.places.gazetteer import Unit, load_gazetteer
from pipeline.language.sentences import STATEMENT_END
from pipeline.patterns import Pattern
from pipeline.records import OrganisationRole

# What a body that sells is called, whatever stands between.
SUPPLIES = Pattern(r"供应商|中标|成交|乙方|受.{2,20}委托|承接|检验服务|委托.{0,20}检验")
# The same words are said of what the police use up: only in the clause, or row of a table, of the body's name.
GOODS = Pattern(r"耗材|试剂|采购|订购|购置|购买|购进|供应|供货|提供(?!场地|场所|便利|方便|配合)")
# 采血卡由某公司提供, 交给某公司检测, 某公司的试剂盒: what a maker of such goods does for the police.
MAKES = Pattern(r"提供|试剂|检[验测]|测序|产品|仪器|设备|采血卡|生产|品牌|[厂商]家?|合作|签约|委托|销售|出售")
CLAUSE = Pattern(r"[，。；！？\n]")
TOGETHER = Pattern(r"(?:联合|会同|协同|配合|与|和|协调|协助|邀请|携手)[\p{Han}、]{0,16}$")
AT = Pattern(r"(?:在|到|进|走进|来到|深入|赴|前往|进驻|设在|设于)[\p{Han}]{0,8}$")
STAFF = Pattern(r"(?:的)?(?:护士|医护|医生|医务|大夫|派|抽)")
# 为四川某公司员工采集血样
EMPLOYEES = Pattern(r"的?(?:全体|部分|在岗|男性|男|女|新进|外来|临时)*(?:员工|职工|工人|雇工|民工|务工人员|工友|青工)")
SUPPLIER_LABEL = Pattern(r"(?:供应商|乙方|(?:供货|中标|成交|中选|承接)单位|中标人|成交人)[^，。；\n]{0,6}[:：\s]\s*$")
AGENT = Pattern(r"代理|招标|咨询|项目管理")
AGENCY = Pattern(r"代理机构(?:名称)?\s*[:：]\s*$")
# 第二名：: who offered and lost
LOSER = Pattern(
    r"(?:第[二三四五]名|第[二三四五](?:中标|成交|中选)?候选人|未(?:中标|成交|中选)(?:供应商|人|单位)?)(?:为|是)?\s*[:：]?\s*$"
)
# 嫌疑人在格尔木某砖厂打工: where one man worked is no site.
SUSPECT = Pattern(r"(?:嫌疑人|嫌犯|凶手|真凶|逃犯|在逃|作案人|死者|失踪)[^。！？!?；\n]{0,20}$")
EMPLOYED = Pattern(r"的?(?:打工|务工|做工|上班|就业|干活|藏身|躲藏|藏匿)")
# 到县局学习, 移交县局, 县局通缉的逃犯, 协助县局抓获: what another police body has to do with the post is not sampling.
VISITED = Pattern(r"(?:到|赴|前往|去|向|与|和|同|跟)\p{Han}{0,6}$")
VISIT = Pattern(r"\p{Han}{0,8}?(?:学习|取经|交流|考察|参观|观摩|培训|跟班|借鉴|推广|通报)")
HANDED = Pattern(r"(?:移交|移送|交由|转交|押解|送交|函告|通报|请求|商请|报告|接到?|借鉴|学习)[给至到]?$")
WANTED = Pattern(r"的?(?:网上)?(?:通缉|追逃|列为|协查|上网|来函|通报)")
ARREST = Pattern(r"[^，。；]{0,10}?(?:抓获|抓捕|缉捕|破获|侦破|打掉|查处|侦办|破案|追捕)")
SOUGHT = Pattern(r"的?(?:网上|在网)?(?:通缉|追逃)")
HELPED = Pattern(r"(?:协助|配合|支援|帮助|联合|会同|为|替)$")
JOINED = Pattern(r"(?:联合|会同|协同|携手|联手)$")
# 采集由县局负责
IN_CHARGE = Pattern(r"\p{Han}{0,4}?(?:负责|组织|开展|承担|完成|实施|牵头)")
TAKES = Pattern(r"(?:采(?:集|取|样|血|录)|抽取?血)(?![^，。；]{0,6}(?:经验|做法|技术|培训|工作法))")
# 由拉萨市公安局DNA实验室检验, 送物证鉴定中心: who tests.
BY = Pattern(r"(?:由|经|委托|请|依托|借助)$")
TESTING = r"(?:检[验测]|化验|鉴定|分析|比对|分型|建库)"
TESTS = Pattern(rf"的?(?:负责|协助|帮助|进行|统一|集中|代为)*{TESTING}")
LABORATORY = Pattern(
    rf"的?\p{{Han}}{{0,8}}?(?:DNA)?\p{{Han}}{{0,2}}(?:实验室|鉴定中心|检验中心|技术室)[^，。；采]{{0,6}}?{TESTING}"
)
SENT = Pattern(r"(?:送(?:往|到|至|交|检)?|寄(?:往|到|送|至)|运(?:往|到|送))$")
# What else a station may be told to have done, beside another that took samples.
STATIONS = ("派出所", "警务室", "警务站", "便民警务站", "检查站")
OTHER_WORK = Pattern(
    r"办理|办结|调解|查处|查获|破获|抓获|处置|宣传|巡逻|巡查|检查|救助|帮助|帮扶|慰问|排查|整治|化解|接警|出警|走访|清查|护送|收缴|劝返|培训|讲座"
)
SAMPLES = Pattern(r"采(?![购访纳用]|取措施)|[抽扎取验]血|扎(?:手|指)|血[样卡]|DNA|[取留]样|样本")
WITH = Pattern(r"(?:[与和同及跟]|会同|联合|协同|携手|配合|协助)$")
JOINS = Pattern(r"[、和及与]|以及")
LONGEST_SENTENCE = 200


class Deeds:
    """The bodies of a text, asked for what each did. `hints`: the codes of the post's places and of its publisher."""

    def __init__(self, copy: str, bodies: Sequence[Body], area: Unit | None, hints: Sequence[str]) -> None:
        self.copy = copy
        self.area = area
        self.hints = hints
        self.bodies = sorted(bodies, key=lambda body: body.start)
        self.mentions: dict[str, list[Body]] = {}
        for body in self.bodies:
            self.mentions.setdefault(copy[body.start : body.end], []).append(body)

    def role(self, name: str, body: Body, code: str | None) -> OrganisationRole:
        """What a body did, from its kind, its rank and the words that bring it in. `body`: where it is first named."""
        if body.kind == "police":
            return self._of_police(name, body, code)
        if body.kind == "company":
            return _of_company(self.copy, body)
        before = self.copy[max(0, body.start - 24) : body.start]
        helps = body.kind == "health" and STAFF.match(self.copy, body.end)
        if body.kind == "monastery" or (AT.search(before) and not helps):
            return "site"
        if body.kind == "health" or TOGETHER.search(before):
            return "partner"
        return "site" if body.kind == "school" else "other"

    def _of_police(self, name: str, body: Body, code: str | None) -> OrganisationRole:
        """Collector, unless it only orders, comes from elsewhere, or another matter brings it in at every mention."""
        covers = load_gazetteer().covers
        above = code and self.area and code != self.area.adcode and covers(code, self.area.adcode)
        if name.endswith(("公安部", "公安厅")) or above:
            return "other"
        here = self.mentions.get(name, [body])
        outside = code and self.area and not covers(self.area.adcode, code)
        if (outside and all(map(self._tests, here))) or self._works_elsewhere(name, here):
            return "other"
        near = any(covers(hint, code) or covers(code, hint) for hint in self.hints) if code else True
        if self.hints and not near and not self._cut_short(body):
            return "collector" if any(self._takes_part(one) for one in here) else "other"
        return "other" if all(_of_a_case(self.copy, one) for one in here) else "collector"

    def _tests(self, body: Body) -> bool:
        """Whether a body is named only as who tests samples or helps with it."""
        left = self.copy[max(0, body.start - 12) : body.start]
        if SENT.search(left) or LABORATORY.match(self.copy, body.end):
            return True
        return BY.search(left) is not None and TESTS.match(self.copy, body.end) is not None

    def _works_elsewhere(self, name: str, here: Sequence[Body]) -> bool:
        """Whether all that is told of a station is other work, while of another body it is told that it took samples.

        So items of a digest stand side by side: 甲所采集血样63份；乙所办理身份证26张.
        """
        if not name.endswith(STATIONS) or any(own not in self._idle for own in here):
            return False
        return self._somebody_took

    @cached_property
    def _somebody_took(self) -> bool:
        """Whether of any police body it is told that it took samples."""
        own = (body for body in self.bodies if body.kind == "police" and body not in self._idle)
        return any(TAKES.search(*self._stretch(body)) for body in own)

    @cached_property
    def _idle(self) -> frozenset[Body]:
        """The stations of which other work is told, and nothing of samples up to the next body."""
        return frozenset(
            body
            for body in self.bodies
            if body.kind == "police"
            and OTHER_WORK.search(*self._stretch(body))
            and not SAMPLES.search(*self._stretch(body))
        )

    def _stretch(self, body: Body) -> tuple[str, int, int]:
        """The text and where in it stands what may be told of a body: to the next police body not joined to it."""
        return self.copy, body.end, self._acts_until(body, over_sentences=True)

    def _cut_short(self, body: Body) -> bool:
        """Whether a name only seems to be of elsewhere: 连县 was cut from 孟连县, where the post's places lie."""
        across = self.copy[max(0, body.start - 1) : body.start + 1]
        return len(across) == 2 and any(across in load_gazetteer().unit(hint).name for hint in self.hints)

    def _takes_part(self, body: Body) -> bool:
        """Whether the text says that a police body of elsewhere took samples, alone or with others."""
        left = self.copy[max(0, body.start - 24) : body.start]
        visited = VISITED.search(left) and VISIT.match(self.copy, body.end)
        if visited or HANDED.search(left) or _of_a_case(self.copy, body):
            return False
        if WANTED.match(self.copy, body.end) or ARREST.match(self.copy, body.end):
            return False
        if JOINED.search(left) or (left.endswith("由") and IN_CHARGE.match(self.copy, body.end)):
            return True
        end = self._acts_until(body)
        return TAKES.search(self.copy, body.end, end) is not None

    def _acts_until(self, body: Body, *, over_sentences: bool = False) -> int:
        """How far the words behind a body may tell what it does: to the sentence's end, or the next police body."""
        end = None if over_sentences else STATEMENT_END.search(self.copy, body.end, body.end + LONGEST_SENTENCE)
        stop = end.start() if end else min(len(self.copy), body.end + LONGEST_SENTENCE)
        last = body
        for i in range(bisect_right(self.bodies, body.start, key=lambda other: other.start), len(self.bodies)):
            other = self.bodies[i]
            if other.start >= stop:
                break
            if other.kind != "police" or other.start < last.end:
                continue
            if over_sentences and WITH.search(self.copy, max(last.end, other.start - 2), other.start):
                last = other
                continue
            # 洛隆县公安局、察雅县公安局采集: what the last does, all do
            if not JOINS.fullmatch(self.copy, last.end, other.start):
                return other.start
            last = other
        return stop


def _of_a_case(copy: str, body: Body) -> bool:
    """Whether a police body is named only for a wanted man or an arrest: 县局通缉的逃犯, 协助县局抓获."""
    if SOUGHT.match(copy, body.end):
        return True
    return bool(HELPED.search(copy, max(0, body.start - 8), body.start) and ARREST.match(copy, body.end))


def _of_company(copy: str, body: Body) -> OrganisationRole:
    """What a firm did: agents are neither suppliers nor sites, and where its staff were sampled it sold nothing."""
    before = copy[max(0, body.start - 24) : body.start]
    if AGENT.search(copy, body.start, body.end) or AGENCY.search(before) or LOSER.search(before):
        return "other"
    if SUPPLIER_LABEL.search(before):
        return "supplier"
    clause = CLAUSE.search(copy, body.end, body.end + 20)
    behind = clause.start() if clause else body.end + 20
    bought_there = GOODS.match(copy, body.end) is not None
    if (AT.search(before) or EMPLOYEES.match(copy, body.end)) and not bought_there:
        return "site"
    if SUPPLIES.search(copy, max(0, body.start - 40), body.end + 20):
        return "supplier"
    floor = max((mark.end() for mark in CLAUSE.finditer(copy, max(0, body.start - 40), body.start)), default=0)
    if GOODS.search(copy, max(floor, body.start - 40), behind):
        return "supplier"
    if not makes_goods(copy[body.start : body.end]):
        return "site"
    return "supplier" if MAKES.search(copy, max(floor, body.start - 40), body.end + 20) else "other"


def employs_suspect(copy: str, body: Body) -> bool:
    """Whether a firm is only where somebody worked who was looked for."""
    return (
        body.kind == "company"
        and EMPLOYED.match(copy, body.end) is not None
        and SUSPECT.search(copy, max(0, body.start - 40), body.start) is not None
    )
