"""What a figure counts: samples taken, to be taken or held, a share of people, or nothing about DNA.

A number is taken by the word that governs it: the noun or verb right behind it (47名工人采集了, 5042份血样), else the
nearest telling word before it with nothing but filling words between (采集男性血样共931份), else what the figure before
it counted (其中洛香镇2178份). Words: `corpora/phrasebook/count_words.csv`.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from pipeline.language.count_setting import (
    CLAUSE,
    CLAUSE_END,
    PEOPLE_UNITS,
    SAMPLE_UNITS,
    Setting,
    Topic,
    governed,
    nearest,
)
from pipeline.language.count_stages import (
    GOAL_NOUN,
    IN_BANK,
    LEFT_OVER,
    another_share,
    coverage,
    held,
    is_goal,
    stage,
    still_to_come,
)
from pipeline.language.count_words import words
from pipeline.language.numerals import CLAUSE_ENDS, Numeral, find_numerals
from pipeline.records import CountKind

GENETIC = regex.compile(r"DNA|血卡|Y库|采集血样|采集.{0,6}血样|Y-?STR")
RATE = regex.compile(r"采集率|完成率|采样率|覆盖率|采血率|到位率")
# Sampled people: the verb behind their number. A figure behind that verb is what was sampled (273人，采集血样271份).
TAKEN = regex.compile(
    r"(?<lead>[^\d。；！？;!?\n]{0,28}?)"
    r"(?<verb>(?:采集|采|抽|取|验|扎|滴|留|存|录入?)了?.{0,6}?(?:血|DNA|样本|样品|唾液|手指|指尖|信息卡)"
    r"|采集[了过完]?|采[了过完样血]|抽[了过完血]|扎[了过完]|制[卡作]|留[了下取]?(?:样|卡|血)"
    r"|(?:血样|血卡|指血|DNA)(?:已|都|均|全)[部数]?[采取抽留][齐完了集]"
    r"|(?:参与|参加|配合|接受)了?.{0,4}?(?:采集|采血|采样|抽血)(?!工作|任务|培训|技能|行动)"
    r"|完成了?.{0,4}(?:采集|采样|取样|采血)"
    r"|做了?.{0,4}(?:Y染色体|DNA|基因)检测"
    r"|建(?:立|起)?了?.{0,4}(?:家系|血样|DNA|基因|生物信息)(?:档案|数据)"
    r"|(?:提供|捐献|交)了?.{0,4}(?:唾液|样本|血样|外周血|静脉血|血液)|存[了下]?卡|伸[出了].{0,4}手|血样|指血|DNA|的血|的唾液|的样本)"
    r"(?<rest>[^，。；！？;!?\n]*)"
)
VERB = regex.compile(r"[做建参配接采抽取验扎滴留存录制伸提捐交]")
PAUSE = regex.compile(r"[，,、]")
FIGURE = regex.compile(r"\d|[一二三四五六七八九两十百千万]{2,}[余多来几]?[份人个名张例]")
COMPARED = regex.compile(r"[比较][^，]*(?:少|多|增|减|高|低)[了出加少采抽]?$")
SENT_BACK = regex.compile(r"(?!.*(?:重做|补采|已补))[^，。]{0,10}被?(?:退回|作废|报废)")
FINGERS = regex.compile(r"手?指头?")
# 187份某族个体DNA样本: whose samples they are, in characters.
WHOSE = 10
SENT = regex.compile(r"[送经做用供以比过]")
EACH = regex.compile(
    r"每[\p{Han}]{1,3}(?<![天日周月年])(?:采集?|抽|取)$|人均$|逐$|同一?$|单$|不漏$|一式$"
    r"|每(?:人|户|家|名|份|个|卡|组|样|次|村)?(?:采集?|滴|抽|取)?(?:血样?|DNA)?$"
    r"|每一?个?(?:支系|家系|支|房|姓|家族|户)[^，。；、：:\d]{0,8}$"
)
RULE = regex.compile(r"一[组针卡档码签册]|签字|包")
TELLING_VERB = regex.compile(r"(?:[了到得收交存留回完]|完成|送[交达检]?|一共|共|合计|总计|共计|卡)(?:约|近)?$")
ARRIVED = regex.compile(r"去年|手[上里]|现在|来|(?<!减少|增加|下降|上升|调整|降|增|减)到|采|(?<!前)完成|已|收|交|扎|抽")
EXTRA = regex.compile(r"[，、；]?另有?")
PERSON_NOUN = regex.compile(r"个体|志愿者|[男女][生的孩娃]|男[人丁]|老人|孩子|娃|村民|学生|工人|僧人")
BARE_START = regex.compile(
    r"(?:采集?|抽|扎|留|取)了(?:约|近|有|足足|整整)?$|库(?:容量?|存量?|总量)(?:已?达到?|为|是|突破|超过)?$|"
    r"(?:采集|共采|已采|实采|实到|采到|采得|采血|抽血|血样|血卡|DNA样本|DNA信息|DNA血样|应采|需采|应到|任务|已完成|完成|采样)"
    r"(?:[人份]?数?量?[:：]?(?:为|是|达|共|已达|约|有)*)\s?$"
)
# 漏掉的二十七个，: people who are still to be sampled.
OWED = regex.compile(r"(?:漏掉的|没[来采]的|尚欠|派了)$")
TELLS = regex.compile(
    r"(?:[采抽扎留取做][了到得]|[是有为达到了称]|[来去]了的|数字是)[^，。；\p{Han}\d]?$|[上里][交收][了去]?$"
)
# 入库总量已达212万: large numbers that something has reached.
# 其中儿童约4.1万
PART = regex.compile(r"其中\p{Han}{1,6}$")
SMALLEST_CROWD = 100
REACHED = regex.compile(r"(?:总量|总数|规模|数据|样本|目前|现)[已将要也]*(?:达到?|有|为|是)?$")
MYRIAD = 10_000
# A smaller bare number is a day, a group, an item of a list.
SMALLEST_BARE = 10
# 不漏一人, 两人一组: manners, not figures. 三名 may be one.
MANNER = 3
LEANS = regex.compile(
    r"(?:\p{Han}{1,4}[：:])?(?:全天|当[天日]|前后|总|全[县乡镇村所])?(?:其中|包括|另有?|其余|以上|累计|至此|连同|合计|总计|共计|总共|一共|加上[\p{Han}]{0,5}一?共)"
    r"|[一二三四五六七八九两十\d]+[年月个]?(?:县|市|镇|乡|村|所|天|地|校|乡镇|数|者)(?:合计|相加|共|加起来)"
    r"|(?:\p{Han}{1,8}[：:])?[\p{Han}\d]{2,9}(?:县|市|区|州|镇|乡|村|街道|社区|派出所|所|寺|校|组)[（(：: ]?\d"
)
ALL_TAKEN = regex.compile(r"[采抽扎留做]集?[完齐了过]|[已均都全][^，。；]{0,4}[采抽扎留]")
FINISHED = regex.compile(r"(?:完成|[勾采补留做]了|采完|采到)(?:约|近)?$")
# 数量：15000份 in a purchase of tests.
QUANTITY = regex.compile(r"(?:数量|规模|工作量|体量)[\s:：为约是]*$")
# 3.5万名男性居民家系排查样本检验: whose samples are to be tested.
TESTED = regex.compile(r"\p{Han}{0,10}(?:血样|样本|家系|DNA|Y-STR)\p{Han}{0,6}(?:检[验测]|建库|采集)")
BOUGHT = ("份", "人份", "人", "例")
# 抽血5毫升: how much of each.
AMOUNT = regex.compile(r"[\d.]+\s?(?:毫升|微升|ml|mL|滴|元|分钟|秒)")
# 对在册人员2104名开展血样补录
FOR_THEM = regex.compile(r"[对为给][^，。；]{2,}(?<!民警|辅警|医生|护士|干部|队员)$")
UNDERTAKEN = regex.compile(
    r"\p{Han}{0,8}(?:开展|进行|实施)了?(?:血样?|DNA)(?:样本|信息|数据)?(?:采集|补采|补录|采样|录入)"
)
SO_MANY = regex.compile(r"，(?:现|目前)?(?:已|实际)?(?:完成|采集|采)[\d]")
# What a share in a post that is not about a population must stand beside.
SPOKEN = regex.compile(r"采|血|DNA|Y库|样本|留样|入库")
# What only people can have taken.
TAKEN_FROM = regex.compile(r"血样|采血|血卡|抽血|人员|亲属|家属|父母|指血|唾液|口腔")
ASIDES = regex.compile(r"^（[^）]{0,40}）")
# 12位家长和8名孩子: two figures of one verb.
AND_MORE = regex.compile(r"^(\p{Han}{0,8}(?:和|及|、|与)\p{Han}{0,10}?)[\d,]+[余多]?[名位人](?=[\p{Han}，])")
# 1873名村民中，已有九成: whom a share is of.
BASE = regex.compile(r"\p{Han}{0,8}中[，,]?(?:已|仅|只|就)?有")
# 18万名男性居民须到派出所: people who are called.
SUMMONED = regex.compile(
    r"[^。；，\d）]{0,10}?，?[^。；，\d）]{0,6}?(?:均?须|都?必须|均应|都要|都得|一律要|全部要|要全部|一个(?:也|都)不[能可许准]|逐一到|分批到)"
)
OF_TAKING = regex.compile(r"应采|采集率|采到|补采|实采")
# A list of those to be sampled is named at most this far before their number, in characters.
ROLL_REACH = 24
# Kinds of people, in words that elsewhere count something else.
THEIR_KIND = regex.compile(r"(?:流动|外来|暂住|寄住|常住)人口|外出(?:务工|人员|打工)?")
# A part stands at most this far behind the figure it is part of, in characters.
LEAN_REACH = 18


@dataclass(frozen=True)
class Figure:
    """A figure about samples in a matching copy."""

    numeral: Numeral
    kind: CountKind
    start: int
    end: int


@dataclass(frozen=True)
class Said:
    """What the last figure counted, for ellipsis: its unit and kind."""

    unit: str
    kind: CountKind


def sentence_figures(
    sentence: str, start: int, before: Said | None, topic: Topic = Topic()
) -> tuple[list[Figure], Said | None]:
    """The figures of one topical sentence that starts at `start`, and what a following 其中 may lean on."""
    found: list[Figure] = []
    last_end, silent, share = 0, True, False
    own: Said | None = None
    leaned = before if before and LEANS.match(sentence) else None
    for numeral in find_numerals(sentence, counting=True):
        if not numeral.unit and numeral.kind != "percent" and not _bare(sentence, numeral, last_end, mass=topic.mass):
            continue
        kind = kind_of(sentence, numeral, last_end, own or leaned, topic)
        if numeral.kind == "percent":
            share = kind is not None or (share and another_share(sentence[last_end : numeral.start]))
            kind = kind or ("coverage" if share else None)
        if kind is not None:
            found.append(Figure(numeral, kind, start + numeral.start, start + numeral.end))
        if numeral.kind != "percent":
            own = Said(numeral.unit, kind) if kind else None
            leaned, silent = leaned if kind else None, False
        last_end = numeral.end
    return found, before if silent else own


def _bare(sentence: str, numeral: Numeral, last_end: int, *, mass: bool) -> bool:
    """采了三百四，: a number that closes its clause without a unit, right behind the verb or the sample it counts."""
    if numeral.value < SMALLEST_BARE or not CLAUSE_ENDS.match(sentence, numeral.end):
        return False
    if BARE_START.search(sentence, last_end, numeral.start):
        return True
    if mass and numeral.value >= MYRIAD and REACHED.search(sentence, last_end, numeral.start):
        return True
    if mass and numeral.value >= SMALLEST_CROWD and PART.search(sentence, last_end, numeral.start):
        return True
    # 两千上下, 三千四百多: only what was counted one by one is told so, and people are.
    return (
        numeral.qualifier in ("about", "more_than", "nearly")
        and TELLS.search(sentence, last_end, numeral.start) is not None
    )


def kind_of(
    sentence: str, numeral: Numeral, last_end: int, before: Said | None, topic: Topic = Topic()
) -> CountKind | None:
    """What a number counts in its sentence; None for nothing about samples. `before`: the figure it may lean on."""
    if numeral.kind == "percent":
        spoken = topic.mass or before is not None or nearest(sentence) is None or SPOKEN.search(sentence)
        if not spoken:
            return None
        clause_start = max((m.end() for m in CLAUSE.finditer(sentence, 0, numeral.start)), default=0)
        return coverage(
            sentence,
            numeral,
            clause_start,
            told=before is not None,
            mass=topic.sampling and (topic.mass or before is not None),
        )
    setting = Setting.of(sentence, numeral, last_end)
    if _nothing(setting) or (topic.case and _from_scene(setting)):
        return None
    undertaken = UNDERTAKEN.match(setting.behind) if setting.people and FOR_THEM.search(setting.left) else None
    if undertaken:
        return "target" if SO_MANY.match(setting.behind, undertaken.end()) else stage(setting)
    own = governed(setting.since, people=setting.people)
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
        return "target" if kind == "samples" and _due(setting, topic) else kind
    return "target" if _due(setting, topic) else _implied(setting, before, topic)


def _due(setting: Setting, topic: Topic) -> bool:
    """Whether people are counted because they are to be sampled: on a list for it, or called to come."""
    spoken = topic.mass or (topic.sampling and OF_TAKING.search(setting.sentence) is not None)
    spoken = spoken or (topic.sampling and words()["sample"].search(setting.sentence) is not None)
    if not spoken or not setting.people or setting.numeral.value < SMALLEST_BARE:
        return False
    if words()["done"].search(setting.wide):
        return False
    if ALL_TAKEN.search(setting.behind[:ROLL_REACH]):
        return False
    if SUMMONED.match(setting.behind):
        return True
    listed = max((m.end() for m in words()["roll"].finditer(setting.since)), default=-1)
    telling = nearest(setting.since[listed:]) if listed >= 0 else None
    return listed >= 0 and len(setting.since) - listed <= ROLL_REACH and telling is None


def _from_scene(setting: Setting) -> bool:
    """Whether samples of a case were found at its scene rather than taken from people."""
    if setting.people or TAKEN_FROM.search(setting.sentence):
        return False
    return words()["scene"].search(setting.sentence) is not None


def _nothing(setting: Setting) -> bool:
    """Whether a number is no figure of people or samples at all: a rule, an ordinal, a health check's, another's."""
    numeral, left, right = setting.numeral, setting.before, setting.behind[:8]
    if numeral.unit and numeral.unit not in SAMPLE_UNITS | PEOPLE_UNITS:
        return True
    if numeral.value <= SMALLEST_BARE and FINGERS.match(right):
        return True
    if left.endswith("第"):  # 第二十二条
        return True
    small = numeral.value <= MANNER and setting.sentence[numeral.digits[0]] in "一二两三"
    if small and (numeral.value < MANNER or not _sampled(setting.behind)):
        return True
    # Cells in a line: 血样采集 531份 家系图 40幅
    apart = right.startswith(" ") and words()["sample"].search(setting.left) is not None
    noun = "" if apart else right.lstrip("的 ")
    if words()["other_people_follow"].match(noun) and not _sampled(setting.behind):
        return True
    if EACH.search(left[-12:]) or (numeral.value <= 20 and RULE.match(right)) or COMPARED.search(setting.left):
        return True
    if words()["other_number_follow"].match(noun) or words()["rejected"].search(setting.left):
        return True
    if SENT_BACK.match(setting.right):
        return True
    if (
        numeral.unit == "管"
        and not noun.startswith("唾液")
        and (words()["health"].search(setting.sentence) or not GENETIC.search(setting.sentence))
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
    if (is_goal(setting) and not _of_else(setting)) or (
        setting.people and LEFT_OVER.search(setting.left) and still_to_come(setting)
    ):
        return "target"
    if held(setting.wide, -1) or IN_BANK.match(setting.right):
        return "database"
    if RATE.match(setting.behind[:12].lstrip("，,、 的")) and numeral.unit in SAMPLE_UNITS:
        return stage(setting)
    if before and _leans(setting, before.unit):
        if before.kind == "target" and ARRIVED.search(setting.since):
            return "samples"
        own = stage(setting)
        return before.kind if own == "samples" and "新增" not in setting.left else own
    if topic.purchase and topic.mass and setting.people and TESTED.match(setting.right):
        return "target"
    if topic.purchase and topic.mass and setting.numeral.unit in BOUGHT and QUANTITY.search(setting.before):
        return "target"
    return stage(setting) if _apposed(setting) or _told(setting, mass=topic.mass) else None


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
    m = TAKEN.match(AND_MORE.sub(r"\1", ASIDES.sub("", behind)))
    if m is None:
        return False
    # Across a comma the verb must be there: 30人，血样采集延期 samples nobody.
    if PAUSE.search(m["lead"]) and (same_clause or not VERB.search(m["verb"])):
        return False
    first, comma, _ = m["lead"].partition("，")
    if BASE.match(behind) or words()["not_taken"].search(m["lead"]) or (comma and words()["other"].search(first)):
        return False
    return not FIGURE.search(AMOUNT.sub("", m["rest"])) and not words()["health"].search(m["rest"])


def _leans(setting: Setting, other: str) -> bool:
    """Whether a figure is a part, or one more in a list, of what the figure before it counted."""
    gap, unit = setting.since, setting.numeral.unit
    part = gap.rfind("其中")
    gap = THEIR_KIND.sub("", gap[part:] if part >= 0 else gap)
    same = not unit or unit == other or {unit, other} <= PEOPLE_UNITS
    if not same or len(gap) > LEAN_REACH or words()["other"].search(gap):
        return False
    return not EXTRA.match(gap) or not setting.right or words()["sample"].search(setting.behind[:12]) is not None


def _told(setting: Setting, *, mass: bool) -> bool:
    """到了312个人，又得7,108份。: a verb that says nothing of samples, where nothing else was spoken of."""
    if setting.right.strip("”’」』 ") or not TELLING_VERB.search(setting.left):
        return False
    if words()["other"].search(setting.before):
        return False
    if mass and FINISHED.search(setting.left):
        return True
    return (
        words()["sample"].search(setting.sentence) is not None or words()["collect"].search(setting.before) is not None
    )


def _apposed(setting: Setting) -> bool:
    """先一组，大约120人，: a figure with nothing else in its clause counts what its sentence last spoke of."""
    if not words()["between"].fullmatch(setting.left) or setting.right.strip("”’」』 "):
        return False
    telling = nearest(setting.before)
    return telling is not None and telling[1]
