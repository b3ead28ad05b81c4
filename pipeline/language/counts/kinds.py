"""What a figure counts: samples taken, to be taken or held, a share of people, or nothing about DNA.

A number is taken by the word that governs it: the noun or verb right behind it (47名工人采集了, 5042份血样), else the
nearest telling word before it with nothing but filling words between (采集男性血样共931份), else what the figure before
it counted (其中洛香镇2178份). Words: `corpora/phrasebook/count_words.csv`.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.language.counts.bare import SMALLEST_BARE, is_bare
from pipeline.language.counts.bundles import bundled
from pipeline.language.counts.ellipsis import (
    LEANS,
    NAME_ALONE,
    THEIR_KIND,
    Said,
    apposed,
    leans,
    made_up,
    objectless,
    part_of_place,
    remembered,
    told,
)
from pipeline.language.counts.fronted import told_apart
from pipeline.language.counts.gear import counts_gear
from pipeline.language.counts.numerals import CLAUSE_ENDS, Numeral, find_numerals
from pipeline.language.counts.orders import ordered
from pipeline.language.counts.setting import (
    CLAUSE,
    CLAUSE_END,
    PEOPLE_UNITS,
    SAMPLE_UNITS,
    Setting,
    Topic,
    governed,
    nearest,
    study_copy,
)
from pipeline.language.counts.settled import settled
from pipeline.language.counts.stages import (
    GOAL_NOUN,
    IN_BANK,
    SHORT,
    another_share,
    coverage,
    held,
    is_goal,
    merely_missed,
    owed,
    roughly,
    stage,
    still_to_come,
)
from pipeline.language.counts.unsampled import now_sampled
from pipeline.language.counts.words import RATE, words
from pipeline.patterns import Pattern
from pipeline.records import CountKind

GENETIC = Pattern(r"DNA|血卡|Y库|采集血样|采集.{0,6}血样|Y-?STR")
# Sampled people: the verb behind their number. A figure behind that verb is what was sampled (273人，采集血样271份).
TAKEN = Pattern(
    r"(?<lead>[^\d。；！？;!?\n]{0,28}?)"
    r"(?<verb>(?:采集|采|抽|取|验|扎|滴|留|存|录入?|[按摁捺点刮])了?.{0,6}?(?:血|DNA|样本|样品|唾液|手指|指尖|信息卡|口腔|拭子|黏膜)"
    r"|一个(?:都|也)?[没不][漏少落]|(?:[已均都]|全部?|由[^，。；\d补]{1,14})采(?=[，。；]|$)|采集[了过完]?|采[了过完样血]|抽[了过完血]|扎[了过完]|制[卡作]|留[了下取]?(?:样|卡|血)"
    r"|(?:血样|血卡|指血|DNA)(?:已|都|均|全)[部数]?[采取抽留][齐完了集]"
    r"|(?:参与|参加|配合|接受)了?.{0,4}?(?:采集|采血|采样|抽血)(?!工作|任务|培训|技能|行动)"
    r"|(?:支持|响应|参与|参加|配合)了?[这此该]项工作|完成了?.{0,4}(?:采集|采样|取样|采血)"
    r"|做了?.{0,4}(?:Y染色体|DNA|基因)检测"
    r"|建(?:立|起)?了?.{0,4}(?:家系|血样|DNA|基因|生物信息)(?:档案|数据)"
    r"|(?:提供|捐献|交)了?.{0,4}(?:唾液|样本|血样|外周血|静脉血|血液)|存[了下]?卡|伸[出了过].{0,4}手|吐了?(?:口水|唾液|唾沫)|血样|指血|DNA|的血|的唾液|的样本)"
    r"(?<rest>[^，。；！？;!?\n]*)"
)
VERB = Pattern(r"一个|[已均都全由]|吐|支持|响应|[按摁捺点刮做建参配接采抽取验扎滴留存录制伸提捐交]")
PAUSE = Pattern(r"[，,、]")
FIGURE = Pattern(r"\d|[一二三四五六七八九两十百千万]{2,}[余多来几]?[份人个名张例]")
COMPARED = Pattern(r"[比较][^，]*(?:少|多|增|减|高|低)[了出加少采抽]?$")
SENT_BACK = Pattern(r"(?!.*(?:重做|补采|已补))[^，。]{0,10}被?(?:退回|作废|报废)")
FINGERS = Pattern(r"手?指头?")
# 187份某族个体DNA样本: whose samples they are, in characters.
WHOSE = 10
SENT = Pattern(r"[送经做用供以比过]")
EACH = Pattern(
    r"每[\p{Han}]{1,3}(?<![天日周月年])(?:采集?|抽|取)$|人均$|逐$|同一?$|单$|不漏$|一式$"
    r"|每(?:人|户|家|名|份|个|卡|组|样|次|村|所|乡|镇|县|校|寺|社区|街道|点|厂|队)?(?:采集?|滴|抽|取)?(?:(?:静脉|外周|空腹|全|指尖|末梢)?血样?|DNA|唾液)?$"
    r"|(?:每一?个?(?:支系|家系|支|房|姓|家族|户)|同一\p{Han}{1,6}?[下内中里])[^，。；、：:\d]{0,8}$"
)
RULE = Pattern(r"一[组针卡档码签册]|签字|包")
ARRIVED = Pattern(
    r"去年|手[上里]|现在|来|(?<!减少|增加|下降|上升|调整|降|增|减)到|采|(?<!(?<!目)前)完成|已|收|交|扎|抽"
)
PERSON_NOUN = Pattern(r"个体|志愿者|[男女][生的孩娃]|男[人丁]|老人|孩子|娃|村民|学生|工人|僧人")
# 漏掉的二十七个，: people who are still to be sampled.
OWED = Pattern(r"(?:漏掉的|没[来采]的|尚欠|派了)$")
# 不漏一人, 两人一组: manners, not figures. 三名 may be one.
MANNER = 3
# 为其父、其母二人采集血样: relatives who gave a sample in a case are told one by one.
KIN = Pattern(r"(?:父|母|妻|夫|兄|弟|姐|妹|儿|女|子|亲属|家属|夫妻|夫妇|双亲)[^，。；\d]{0,4}$")
ALL_TAKEN = Pattern(r"[采抽扎留做]集?[完齐了过]|[已均都全][^，。；]{0,4}[采抽扎留]")
# 数量：15000份 in a purchase of tests.
QUANTITY = Pattern(r"(?:数量|规模|工作量|体量)[\s:：为约是]*$")
# 3.5万名男性居民家系排查样本检验: whose samples are to be tested.
TESTED = Pattern(r"\p{Han}{0,10}(?:血样|样本|家系|DNA|Y-STR)\p{Han}{0,6}(?:检[验测]|建库|采集)")
BOUGHT = ("份", "人份", "人", "例")
PER = Pattern(r"[能可][存做检扩测]|[日月年]均|(?:检[验测]|分型|采集|日|年)能力|[A-D][.．、]")
# Banks of other countries are none of ours, instruments from there may be.
ABROAD = Pattern(
    r"(?:[美英法德日韩]国|日本|印度|俄罗斯|加拿大|澳大利亚|欧[洲盟]|科威特|以色列|FBI|CODIS|国外|海外|外国)"
    r"(?!\p{Han}{0,4}(?:公司|进口|产|试剂|仪))"
)
ABROAD_REACH = 40
# In a plan, what has happened is told as such, before the figure or this near behind it, in characters.
HAPPENED = Pattern(
    r"已|截[至止]|累计|目前|现有|去年|上年|前年|以来|前期|一期|完成了|采集了|[采抽取]了|实际|建成|启动|先行|当年|回顾|过|未[达完]"
)
HAPPENED_REACH = 12
# 招募253名志愿者，采集外周血253份: the samples are told apart from the people.
RECRUITED = Pattern(r"(?:招募|募集|征集)了?[^，。；\d]{0,30}$")
THEIR_SAMPLES = Pattern(r"[采留存取提][^。；]{0,16}\d[\d.,]*[万余]*[份例管]")
# 那一千多份血样怎样处理: a question about figures told elsewhere. 互采, 练习用: nobody's samples.
AFTERMATH = Pattern(r"的?血[样液卡]?[^。；\d]{0,8}?(?:怎么|怎样|如何|还在|去哪|去了哪)")
PRACTICE = Pattern(r"互采|练习用|供练习")
# 应采家族1040个，已采910个
FAMILIES = Pattern(r"(?:家族|家系|支系|房头)[\d,]*$|(?:家族|家系|支系|房头)[\d,]+个")
# What others published is no sample of this study.
PUBLISHED = Pattern(r"已发表|千人基因组|公共数据|文献|对照数据|已报道|引自")
# 另3人…一直未采
NOT_SAMPLED = Pattern(r"[^。；\d]{0,30}(?:[未没]能?采|不予采|拒绝采|拒采|无法采|撤回|退出)(?![^。；]{0,12}补)")
# 抽血5毫升: how much of each.
AMOUNT = Pattern(r"[\d.]+\s?(?:毫升|微升|ml|mL|滴|元|分钟|秒)")
# 对在册人员2104名开展血样补录
FOR_THEM = Pattern(r"[对为给][^，。；]{2,}(?<!民警|辅警|医生|护士|干部|队员)$")
UNDERTAKEN = Pattern(r"\p{Han}{0,8}(?:开展|进行|实施)了?(?:血样?|DNA)(?:样本|信息|数据)?(?:采集|补采|补录|采样|录入)")
SO_MANY = Pattern(r"，(?:现|目前)?(?:已|实际)?(?:完成|采集|采)[\d]")
# What a share in a post that is not about a population must stand beside.
SPOKEN = Pattern(r"采|血|DNA|Y库|样本|留样|入库")
# What only people can have taken.
TAKEN_FROM = Pattern(r"血样|采血|血卡|抽血|人员|亲属|家属|父母|指血|唾液|口腔")
ASIDES = Pattern(r"^([^，。；（）\d]{0,12})（[^）]{0,40}）")
# 12位家长和8名孩子: two figures of one verb.
AND_MORE = Pattern(r"^(\p{Han}{0,8}(?:和|及|、|与)\p{Han}{0,10}?)[\d,]+[余多]?[名位人](?=[\p{Han}，])")
# 1873名村民中，已有九成: whom a share is of.
BASE = Pattern(r"\p{Han}{0,8}中[，,]?(?:已|仅|只|就)?有")
# 18万名男性居民须到派出所: people who are called.
SUMMONED = Pattern(
    r"(?![）)])[^。；，\d）]{0,10}?，?[^。；，\d）]{0,6}?(?:均?须|都?必须|均应|都要|都得|一律要|全部要|要全部|[^，。；\d]{0,8}(?:都|均|全部|一律)采(?![了过取访用购纳集矿石摘])|一个(?:也|都)不[能可许准]|逐一到|分批到)"
)
# A list of those to be sampled is named at most this far before their number, in characters.
ROLL_REACH = 24
# 水痘疫苗补种的名单: what a list is for stands this near before its end.
ROLL_NAME = 12
HANDLED = Pattern(r"(?:[采抽扎滴取做留按录]了?|[来到]了|到场)$")


@dataclass(frozen=True)
class Figure:
    """A figure about samples in a matching copy. `row`: where the name of its row stands, in a list of rows."""

    numeral: Numeral
    kind: CountKind
    start: int
    end: int
    row: tuple[int, int] | None = None


def sentence_figures(
    sentence: str, start: int, before: Said | None, topic: Topic, lead: str
) -> tuple[list[Figure], Said | None]:
    """The figures of one topical sentence that starts at `start`, and what a following 其中 may lean on.

    `lead`: what stands before it.
    """
    sentence = study_copy(sentence) if topic.study else sentence
    found: list[Figure] = []
    last_end, silent, share = 0, True, False
    own: Said | None = None
    leaned = before if before and LEANS.match(sentence) else None
    for numeral in find_numerals(sentence, counting=True):
        if not numeral.unit and numeral.kind != "percent" and not is_bare(sentence, numeral, last_end, mass=topic.mass):
            continue
        kind = kind_of(sentence, numeral, last_end, own or leaned, topic, lead)
        if kind in ("target", "samples") and merely_missed(sentence, numeral, last_end):
            kind = kind if now_sampled(sentence[: numeral.start], sentence[numeral.end :]) else None
        if numeral.kind == "percent":
            share = kind is not None or (share and another_share(sentence[last_end : numeral.start]))
            kind = kind or ("coverage" if share else None)
        if kind is not None:
            said = roughly(sentence, numeral) if kind == "coverage" else numeral
            found.append(Figure(said, kind, start + numeral.start, start + numeral.end))
        if numeral.kind != "percent":
            if own is None or not _in_brackets(sentence, numeral.start):  # 甲所412份（任务600份），乙所365份
                own = remembered(sentence, numeral, kind, own or leaned) if kind else None
            leaned, silent = leaned if kind else None, False
        last_end = numeral.end
    return found, before if silent else own


def _in_brackets(sentence: str, at: int) -> bool:
    """Whether a bracket that began before a place is still open there."""
    return sentence.rfind("（", 0, at) > sentence.rfind("）", 0, at)


def kind_of(
    sentence: str, numeral: Numeral, last_end: int, before: Said | None, topic: Topic, lead: str
) -> CountKind | None:
    """What a number counts in its sentence; None for nothing about samples. `before`: the figure it may lean on."""
    apart = told_apart(sentence, numeral, deeds=not (topic.planned or topic.purchase)) if topic.mass else None
    apart = apart or (settled(sentence, numeral) if topic.sampling else None)
    if apart:
        return apart
    planned = topic.planned and not HAPPENED.search(sentence, 0, numeral.end + HAPPENED_REACH)
    if numeral.kind == "percent":
        return None if planned else _share(sentence, numeral, topic, told=before is not None)
    setting = Setting.of(sentence, numeral, last_end, lead)
    if _nothing(setting, topic) or (topic.case and _from_scene(setting)):
        return None
    late = made_up(setting) if topic.sampling else None
    if late:
        return late
    undertaken = UNDERTAKEN.match(setting.behind) if setting.people and FOR_THEM.search(setting.left) else None
    if undertaken:
        return "target" if SO_MANY.match(setting.behind, undertaken.end()) else stage(setting)
    since = THEIR_KIND.sub("", setting.since) if before and setting.people else setting.since
    own = bundled(setting.before, numeral.unit) or governed(since, people=setting.people)
    if before and (NAME_ALONE.fullmatch(setting.since) or (own is False and part_of_place(setting, before.unit))):
        own = None
    if numeral.unit == "个" and OWED.search(setting.left) and CLAUSE_ENDS.match(setting.behind):
        return "target"
    if numeral.unit == "个" and PERSON_NOUN.match(setting.behind) and still_to_come(setting):
        return "target"
    if numeral.unit == "个" and (GOAL_NOUN.match(setting.behind) or not _may_be(setting, own, before)):
        return "target" if GOAL_NOUN.match(setting.behind) else None
    if own is False and not _sampled(setting.behind, same_clause=True):
        return "database" if held(setting.wide, -1) else None
    telling = nearest(setting.since)
    elsewhere = telling is not None and not telling[1]
    if own or _is_sample(setting) or (setting.people and _sampled(setting.behind, same_clause=elsewhere)):
        kind = stage(setting, to_buy=topic.purchase)
        return "target" if kind == "samples" and (planned or _due(setting, topic)) else kind
    if _due(setting, topic):
        return "target"
    implied = _implied(setting, before, topic)
    return "target" if implied == "samples" and planned else implied


def _share(sentence: str, numeral: Numeral, topic: Topic, *, told: bool) -> CountKind | None:
    """Whether a percentage is a coverage. `told`: a figure about samples stands right before it."""
    spoken = topic.mass or told or nearest(sentence) is None or SPOKEN.search(sentence)
    if not spoken or _of_health(sentence):
        return None
    clause_start = max((m.end() for m in CLAUSE.finditer(sentence, 0, numeral.start)), default=0)
    return coverage(sentence, numeral, clause_start, told=told, mass=topic.sampling and (topic.mass or told))


def _of_health(sentence: str) -> bool:
    return words()["health"].search(sentence) is not None and not GENETIC.search(sentence)


def _due(setting: Setting, topic: Topic) -> bool:
    """Whether people are counted because they are to be sampled: on a list for it, or called to come."""
    said = SPOKEN.search(setting.sentence) or words()["sample"].search(setting.sentence)
    spoken = topic.mass or (topic.sampling and said is not None)
    if not spoken or not setting.people or setting.numeral.value < SMALLEST_BARE:
        return False
    if words()["done"].search(setting.wide) or ALL_TAKEN.search(setting.behind[:ROLL_REACH]):
        return False
    if SUMMONED.match(setting.behind):
        return True
    listed = max((m.end() for m in words()["roll"].finditer(setting.since)), default=-1)
    if listed < 0 or len(setting.since) - listed > ROLL_REACH or HANDLED.search(setting.left):
        return False
    if nearest(setting.since[listed:]) is not None:
        return False
    whose = nearest(CLAUSE.split(setting.since[max(0, listed - ROLL_NAME) : listed])[-1])
    return whose is None or whose[1]


def _from_scene(setting: Setting) -> bool:
    """Whether samples of a case were found at its scene rather than taken from people."""
    if (setting.people and setting.numeral.unit != "例") or TAKEN_FROM.search(setting.sentence):
        return False
    return words()["scene"].search(setting.sentence) is not None


def _nothing(setting: Setting, topic: Topic) -> bool:
    """Whether a number is no figure of people or samples at all: a rule, an ordinal, a health check's, another's."""
    numeral, left, right = setting.numeral, setting.before, setting.behind[:8]
    if (numeral.unit and numeral.unit not in SAMPLE_UNITS | PEOPLE_UNITS) or counts_gear(setting.sentence, numeral):
        return True
    if numeral.value <= SMALLEST_BARE and FINGERS.match(right):
        return True
    if not numeral.value or AFTERMATH.match(setting.behind) or PRACTICE.search(setting.sentence):
        return True
    if numeral.unit == "个" and FAMILIES.search(setting.sentence, 0, numeral.start + 1):
        return True
    if left.endswith("第") or ABROAD.search(left[-ABROAD_REACH:]) or PER.search(setting.left):  # 第二十二条
        return True
    small = numeral.value <= MANNER and setting.sentence[numeral.digits[0]] in "一二两三"
    kin = topic.case and numeral.value > 1 and KIN.search(setting.wide) is not None
    if small and ((numeral.value < MANNER and not kin) or not _sampled(setting.behind)):
        return True
    # Cells in a line: 血样采集 531份 家系图 40幅
    apart = right.startswith(" ") and words()["sample"].search(setting.left) is not None
    noun = "" if apart else right.lstrip("的 ")
    if words()["other_people_follow"].match(noun) and not _sampled(setting.behind):
        return True
    if EACH.search(left[-12:]) or (numeral.value <= 20 and RULE.match(right)) or COMPARED.search(setting.left):
        return True
    if words()["other_number_follow"].match(noun) or words()["rejected"].search(setting.wide):
        return True
    if setting.people and RECRUITED.search(setting.since) and THEIR_SAMPLES.search(setting.behind):
        return True
    if SENT_BACK.match(setting.right) or (topic.study and PUBLISHED.search(setting.sentence)):
        return True
    if (
        numeral.unit == "管"
        and not noun.startswith("唾液")
        and (words()["health"].search(setting.sentence) or not (topic.study or GENETIC.search(setting.sentence)))
    ):
        return True
    return words()["health"].search(setting.right) is not None and not GENETIC.search(setting.right)


def _may_be(setting: Setting, own: bool | None, before: Said | None) -> bool:
    """Whether a number in 个 can count people at all: they are named behind it, or a verb before it took them."""
    if words()["sample"].match(setting.behind):
        return True
    if PERSON_NOUN.match(setting.behind):
        return _sampled(setting.behind)
    leaning = before is not None and before.unit == "个"
    return setting.behind[:1] not in ("、", "；") and (own is True or leaning)


def _implied(setting: Setting, before: Said | None, topic: Topic) -> CountKind | None:
    """The kind of a number that no word for samples governs: a task, a bank's size, a part, a sum."""
    numeral = setting.numeral
    if (is_goal(setting) and not _of_else(setting)) or (setting.people and owed(setting)):
        return "target"
    if held(setting.wide, -1) or IN_BANK.match(setting.right):
        return "database"
    if RATE.match(setting.behind[:12].lstrip("，,、 的")) and numeral.unit in SAMPLE_UNITS:
        return stage(setting)
    short = SHORT.search(setting.left) is not None
    if before and leans(setting, before.unit) and not NOT_SAMPLED.match(setting.behind):
        if short and before.kind == "samples" and topic.mass:
            return "target"
        if before.kind == "target" and ARRIVED.search(NAME_ALONE.sub("", setting.since, count=1)):
            return "target" if ordered(setting) else "samples"
        own = stage(setting)
        return before.kind if own == "samples" and "新增" not in setting.left else own
    if topic.purchase and topic.mass and setting.people and TESTED.match(setting.right):
        return "target"
    if topic.purchase and topic.mass and setting.numeral.unit in BOUGHT and QUANTITY.search(setting.before):
        return "target"
    if topic.sampling and objectless(setting):
        by_now = setting.left.startswith(("到", "至", "截"))
        return "target" if short else "samples" if by_now else stage(setting)
    return stage(setting) if apposed(setting) or told(setting, mass=topic.mass, sampling=topic.sampling) else None


def _of_else(setting: Setting) -> bool:
    """Whether a task is one of something else: 登记未办证人员剩余88人, 体检应检1万人."""
    if words()["health"].search(setting.before) and not GENETIC.search(setting.sentence):
        return True
    telling = nearest(setting.wide)
    return telling is not None and not telling[1]


def _is_sample(setting: Setting) -> bool:
    """5042份血样, 58份核心样本, 3460名的外周血: the noun behind the unit is the sample."""
    near = CLAUSE_END.split(setting.behind[:14], maxsplit=1)[0]
    m = words()["sample"].search(near)
    if m is None or m.start() > (WHOSE if setting.numeral.unit in ("份", "例", "人份") else 1 if setting.people else 4):
        return False
    return words()["other"].search(near[: m.start()]) is None and not SENT.search(near[: m.start()])


def _sampled(behind: str, *, same_clause: bool = False) -> bool:
    """Whether the people whose number was just given are said to be sampled."""
    if behind.startswith("）"):  # an aside: （失联4名）逐人采集
        return False
    m = TAKEN.match(AND_MORE.sub(r"\1", ASIDES.sub(r"\1", behind)))
    if m is None:
        return False
    # Across a comma the verb must be there: 30人，血样采集延期 samples nobody.
    if PAUSE.search(m["lead"]) and (same_clause or not VERB.search(m["verb"])):
        return False
    first, comma, _ = m["lead"].partition("，")
    if FIGURE.search(m["lead"]):  # 三十七人，到了三十五人，都采了
        return False
    if BASE.match(behind) or words()["not_taken"].search(m["lead"]) or (comma and words()["other"].search(first)):
        return False
    return not FIGURE.search(AMOUNT.sub("", m["rest"])) and not words()["health"].search(m["rest"])
