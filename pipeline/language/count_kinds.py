"""What a figure counts: samples taken, to be taken or held, a share of people, or nothing about DNA.

A number is taken by the word that governs it: the noun or verb right behind it (47名工人采集了, 5042份血样), else the
nearest telling word before it with nothing but filling words between (采集男性血样共931份), else what the figure before it
counted (其中洛香镇2178份). Words: `corpora/phrasebook/count_words.csv`.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from pipeline.language.count_words import words
from pipeline.language.numerals import Numeral, find_numerals
from pipeline.records import CountKind

SAMPLE_UNITS = {"份", "人份", "例", "枚", "条", "张", "管"}
PEOPLE_UNITS = {"人", "名", "人次", "位", "个人", "个", "口人"}
CLAUSE = regex.compile(r"[，；。：！？;?!\n、（）()]|,(?!\d{3})")
CLAUSE_END = regex.compile(r"[，；。：！？;?!\n、（）()\d]")
RATE = regex.compile(r"采集率|完成率|采样率|覆盖率|采血率|到位率")
GENETIC = regex.compile(r"DNA|血卡|Y库|采集血样|采集.{0,6}血样|Y-?STR")
# A bank's size (库容量达), and what a bank holds (样本库保存有两地志愿者样本).
SIZE = regex.compile(
    r"(?<!入)库(?:容量?|里|中|内|存量?|总量|总数|规模)?(?:的?(?:入库)?(?:数据|样本|信息)(?:量|总量|总数)?)?"
    r"(?:目前|现|已|共|累计|总计|就|里|中|在\d+年)*(?:达到?|有|突破|超过|为|是|增至|扩至)*(?=[^库]*$)"
)
HOLDS = regex.compile(r"存有|存着|保存有?|保藏|收录了?|储存|库[^，。；库]{0,4}录入|库[里中内]?(?:现|已|共)?有|累计入库|在库")
IN_BANK = regex.compile(r"的?(?:人员|男性|样本|血样|数据|信息|DNA|Y-?STR){0,3}的?(?:数据库|样本库|信息库|血样库|DNA库|Y库)")
FUTURE = regex.compile(r"力争|确保|计划|预计|将于|拟于|定于|明天|后天|明日|前完成|年内|要采|要补|要再|须采|打算|今年要")
# Sampled people: the verb behind their number. A figure behind that verb is what was sampled (273人，采集血样271份).
TAKEN = regex.compile(
    r"(?<lead>[^\d。；！？;!?\n]{0,28}?)(?<verb>(?:采集|采|抽|取|验|扎|滴|留|存|录入?)了?.{0,6}?(?:血|DNA|样本|样品|唾液|手指|指尖|信息卡)"
    r"|采集[了过完]?|采[了过完样血]|抽[了过完血]|扎[了过完]|制[卡作]|留[了下取]?(?:样|卡)|(?:提供|捐献|交)了?.{0,4}(?:唾液|样本|血样)|存[了下]?卡|伸出.{0,4}手|血样|指血|DNA|的血)"
    r"(?<rest>[^，。；！？;!?\n]*)"
)
NOT_TAKEN = regex.compile(r"组成|成立|抽调|编成|分成|不属|不需|无需|不用|因|拒|怀疑|咨询|问|质疑|参加|参与|负责|协助|配合|培训|宣传|了解|组织|走进|前往|深入|开展|进村|下乡|背着|带着|监督|观摩|学习|从事|比中|比对")
STILL_TO = regex.compile(r"[^，]{0,10}(?:未采|没有?采|尚未|还没|(?:须|需|应|将)[^，]{0,6}[采抽取留扎补])|的(?:血样|DNA)?采集")
TO_RETURN = regex.compile(r"[^。；]{0,24}?(?:待[^，。]{0,8}[采补]|再补?采|补采)")
NEEDED = regex.compile(r"(?:还?需|须|应|该|拟|待|要)(?:再|补)?(?:取|采|抽|扎)|(?:没有?|未|漏)(?:留|采|抽|到|来)")
COMPARED = regex.compile(r"[比较][^，]*(?:少|多|增|减|高|低)[了出加少]?$")
REJECTED = regex.compile(r"退回|不合格|作废|报废|废卡|空白|重复采")
VERB = regex.compile(r"[采抽取验扎滴留存录制伸提捐交]")
SUM = regex.compile(r"(?:一共|总共|合计|共计|共|加起来|合起来)$")
DUE = regex.compile(
    r"，?(?:务必|必须|须|要|争取|力争|确保|预计|计划|应|请|赶|于|在)*\s?(?:[\d零一二三四五六七八九十]+[年月日号]+)+底?(?:之|以)?前[^，。；]{0,6}(?:完成|采完|采齐|补齐|采毕)"
)
LEFT_OVER = regex.compile(r"(?:还有|另有|余下的?|剩下?的?|尚有|没来的)$")
WAS_DRAWN = regex.compile(r"(?:采集|采|抽|扎)了|采完|(?:一律|当场|现场|全部|同步|逐[一人]).{0,6}[采抽]")
GOAL_NOUN = regex.compile(r"的?(?:DNA|血样|血卡)?(?:的)?(?:采集|采样|采血)?(?:任务|目标|指标|名额)")
SHARE = regex.compile(r"(?:占|相当于)[^，。；库]{0,16}(?:人口|人数|人员|群众|居民|学生|男性|男子|牧民|村民|任务|目标|应采|应到|户|僧尼)[^，。；库]{0,5}$")
OF_PEOPLE = regex.compile(r"的[^，。；]{1,10}?(?:已|均|都)*(?:完成|采集了|接受了?)[^，。；]{0,4}(?:采集|采血|血样|DNA)")
BARE_SHARE = regex.compile(r"^(?:仅|只|约)?占(?:了|比)?$")
TASKED = regex.compile(r"任务|应采|目标数")
COLLECTED = regex.compile(r"(?:DNA|血样|血卡|信息)采集(?:已?达到?)?$")
STOCK = regex.compile(r"库(?:总量|容量|存量)?的?$")
DEMANDED = regex.compile(r"不低于|要达|达到?.{0,2}以上$|确保|力争|须达|不少于|要在.*达到?$|必须")
HEALTH = regex.compile(r"B超|心电|血压|血糖|血常规|肝功|乙肝|梅毒|艾滋|包虫|化验|体检")
PERSON = regex.compile(r"[^，。、：；]{0,10}(?:人员|[人员生族者民众工童僧尼男女主属孩户])")
EACH = regex.compile(r"每[\p{Han}]{1,3}(?<![天日周月年])(?:采集?|抽|取)$|每(?:人|户|家|名|份|个|卡|组|样|次|村)?(?:采集?|滴|抽|取)?(?:血样?|DNA)?$|人均$|逐$|同一?$|单$|不漏$|一式$")
RULE = regex.compile(r"一[组针卡档码签册册]|签字|包")
ARRIVED = regex.compile(r"去年|来|到|采|完成|已|收|交|扎|抽")
WIDE = regex.compile(r"[，；。！？\n]|,(?!\d{3})")
PERSON_NOUN = regex.compile(r"[男女]生|男人|老人|孩子|娃|村民|学生|工人|僧人")
BARE_START = regex.compile(
    r"(?:采集?|抽|扎|留|取)了(?:约|近|有|足足|整整)?$|"
    r"(?:采集|共采|已采|实采|实到|采到|采得|采血|抽血|血样|血卡|DNA样本|DNA信息|DNA血样|应采|需采|应到|任务|已完成|完成|采样)"
    r"(?:[人份]?数?量?[:：]?(?:为|是|达|共|已达|约|有)*)\s?$"
)
BARE_END = regex.compile(r"[，。；！？、;!?）)”」\s]|,(?!\d)|$")
FIGURE = regex.compile(r"\d")


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


def sentence_figures(sentence: str, start: int, before: Said | None) -> tuple[list[Figure], Said | None]:
    """The figures of one topical sentence that starts at `start`, and what a following 其中 may lean on."""
    found: list[Figure] = []
    last_end, silent = 0, True
    own: Said | None = None
    leaned = before if before and LEANS.match(sentence) else None
    for numeral in find_numerals(sentence):
        if not numeral.unit and numeral.kind != "percent" and not _bare(sentence, numeral, last_end):
            continue
        kind = None if counts_nothing(sentence, numeral) else kind_of(sentence, numeral, last_end, own or leaned)
        if kind is not None:
            found.append(Figure(numeral, kind, start + numeral.start, start + numeral.end))
        if numeral.kind != "percent":
            own = Said(numeral.unit, kind) if kind else None
            leaned, silent = leaned if kind else None, False
        last_end = numeral.end
    return found, before if silent else own


LEANS = regex.compile(
    r"其中|包括|另有?|其余|以上|合计|总计|共计|[一二三四五六七八九两十\d]+[年月个]?(?:县|市|镇|乡|村|所|天|地|校|乡镇|数|者)(?:合计|相加|共|加起来)|"
    r"[\p{Han}\d]{2,9}(?:县|市|区|州|镇|乡|村|街道|社区|派出所|所|寺|校|组)[：: ]?\d"
)


def _bare(sentence: str, numeral: Numeral, last_end: int) -> bool:
    """采了三百四，: a number that closes its clause without a unit, right behind the verb or the sample it counts."""
    if numeral.value < 10 or not BARE_END.match(sentence, numeral.end) or numeral.kind == "percent":
        return False
    return BARE_START.search(sentence, last_end, numeral.start) is not None


def counts_nothing(sentence: str, numeral: Numeral) -> bool:
    """Whether a number is no figure of people or samples at all: a rule, an ordinal, somebody else's count."""
    if numeral.kind == "percent":
        return False
    if numeral.unit and numeral.unit not in SAMPLE_UNITS | PEOPLE_UNITS:
        return True
    left, right = sentence[: numeral.start], sentence[numeral.end : numeral.end + 8]
    if left.endswith("第"):  # 第二十二条
        return True
    behind = sentence[numeral.end :]
    # 不漏一人, 两人一组, 采一份: a rule or a manner, not a figure
    if numeral.value <= 3 and sentence[numeral.digits[0]] in "一二两三" and (numeral.value < 3 or not _sampled(behind)):
        return True
    if words()["other_people_follow"].match(right.lstrip("的 ")) and not _sampled(behind, same_clause=True):
        return True
    if EACH.search(left[-10:]) or (numeral.value <= 20 and RULE.match(right)):
        return True
    return words()["other_number_follow"].match(right.lstrip("的 ")) is not None


def kind_of(sentence: str, numeral: Numeral, last_end: int, before: Said | None) -> CountKind | None:
    """What a number counts in its sentence; None for nothing about samples. `before`: the figure it may lean on."""
    clause_start = max((m.end() for m in CLAUSE.finditer(sentence, 0, numeral.start)), default=0)
    if numeral.kind == "percent":
        return coverage(sentence, numeral, clause_start)
    left = sentence[max(clause_start, last_end) : numeral.start]
    right = CLAUSE_END.split(sentence[numeral.end :], maxsplit=1)[0]
    wide = WIDE.split(sentence[last_end : numeral.start])[-1]
    stage = _stage(sentence, wide, right, numeral)
    behind = sentence[numeral.end :]
    governed = _governed(sentence[last_end : numeral.start], numeral.unit in PEOPLE_UNITS)
    if COMPARED.search(left) or REJECTED.search(left):
        return None
    if numeral.unit == "个":
        if GOAL_NOUN.match(behind):
            return "target"
        if PERSON_NOUN.match(behind) and _sampled(behind):
            return stage
        leaning = before is not None and before.unit == "个"
        if sentence[numeral.end : numeral.end + 1] in ("、", "；") or not (governed or leaning):
            return None
    if numeral.unit == "管" and (HEALTH.search(sentence) or not GENETIC.search(sentence)):
        return None
    if governed is False and not _sampled(behind, same_clause=True):
        return None
    if HEALTH.search(right) and not GENETIC.search(right):
        return None
    people = numeral.unit in PEOPLE_UNITS
    nearest = _nearest(sentence[last_end : numeral.start])
    elsewhere = nearest is not None and not nearest[1]
    if governed or _is_sample(behind, people) or (people and _sampled(behind, same_clause=elsewhere)):
        return stage
    if _is_goal(left, right) or (people and LEFT_OVER.search(left) and (STILL_TO.match(right) or TO_RETURN.match(behind))):
        return "target"
    if _held(wide, -1) or IN_BANK.match(right):
        return "database"
    if RATE.match(behind[:12].lstrip("，,、 的")) and numeral.unit in SAMPLE_UNITS:
        return stage
    if before and _leans(sentence[last_end : numeral.start], behind, numeral.unit, before.unit):
        if before.kind == "target" and ARRIVED.search(sentence, last_end, numeral.start):
            return "samples"
        return before.kind if stage == "samples" and "新增" not in left else stage
    return stage if _apposed(sentence[: numeral.start], left, right) else None


def _governed(left: str, people: bool) -> bool | None:
    """Whether the nearest telling word speaks of samples (True), of something else (False), or none governs (None)."""
    nearest = _nearest(left)
    if nearest is None:
        return None
    end, verdict = nearest
    gap = left[end:]
    if words()["between"].fullmatch(gap):
        return verdict
    return True if verdict and people and PERSON.fullmatch(gap) else None


def _nearest(left: str) -> tuple[int, bool] | None:
    """Where the last telling word ends, and whether it speaks of samples; of words that end together the longest."""
    best: tuple[int, int, bool] | None = None
    for code, value in (("other", False), ("collect", True), ("sample", True)):
        for m in words()[code].finditer(left):
            best = max(best or (-1, 0, False), (m.end(), m.end() - m.start(), value))
    return None if best is None else (best[0], best[2])


def _is_sample(behind: str, people: bool) -> bool:
    """5042份血样, 58份核心样本, 3460名的外周血: the noun behind the unit is the sample."""
    near = CLAUSE_END.split(behind[:14], maxsplit=1)[0]
    m = words()["sample"].search(near)
    if m is None or m.start() > (1 if people else 4):
        return False
    return words()["other"].search(near[: m.start()]) is None and not regex.search("[送经做用供以比过]", near[: m.start()])


def _apposed(before: str, left: str, right: str) -> bool:
    """先一组，大约120人，: a figure with nothing else in its clause counts what its sentence last spoke of.

    So does a sum at the end of what was told (到傍晚一共三百九十八个).
    """
    alone = words()["between"].fullmatch(left) is not None and not right.strip("”’」』 ")
    nearest = _nearest(before)
    return alone and nearest is not None and nearest[1] and SUM.search(left + " ") is None


def _sampled(behind: str, *, same_clause: bool = False) -> bool:
    """Whether the people whose number was just given are said to be sampled."""
    m = TAKEN.match(behind)
    if m is None:
        return False
    # Across a comma the verb must be there: 30人，血样采集延期 samples nobody.
    if regex.search("[，,、]", m["lead"]) and (same_clause or not VERB.match(m["verb"])):
        return False
    first, comma, _ = m["lead"].partition("，")
    if NOT_TAKEN.search(m["lead"]) or (comma and words()["other"].search(first)):
        return False
    return not FIGURE.search(m["rest"]) and not HEALTH.search(m["rest"])


def _is_goal(left: str, right: str) -> bool:
    """任务1.5万份, 余下800人的采集: a task, though no word for samples stands beside it."""
    goal = max((m.end() for m in words()["target"].finditer(left)), default=-1)
    return GOAL_NOUN.match(right) is not None or regex.match(r"的(?:血样|DNA)?采集", right) is not None or (
        goal >= 0 and words()["between"].fullmatch(left[goal:]) is not None
    )


def _leans(gap: str, behind: str, unit: str, other: str) -> bool:
    """Whether a figure is a part, or one more in a list, of what the figure before it counted."""
    part = gap.rfind("其中")
    gap = gap[part:] if part >= 0 else gap
    if not (unit == other or {unit, other} <= PEOPLE_UNITS) or len(gap) > 18 or words()["other"].search(gap):
        return False
    extra = regex.match(r"[，、；]?另有?", gap) is not None
    return not extra or not CLAUSE_END.split(behind, maxsplit=1)[0] or words()["sample"].search(behind[:12]) is not None


def _stage(sentence: str, left: str, right: str, numeral: Numeral) -> CountKind:
    """Samples taken, still to be taken, or held."""
    if WAS_DRAWN.search(right):
        return "samples"
    if DUE.match(sentence, numeral.end):
        return "target"
    if "已" not in right and (STILL_TO.match(right) or (LEFT_OVER.search(left) and TO_RETURN.match(sentence, numeral.end))):
        return "target"
    taken = max((m.end() for m in words()["collect"].finditer(left)), default=-1)
    if _held(left, taken) or IN_BANK.match(right):
        return "database"
    target = max((m.end() for word in (words()["target"], NEEDED) for m in word.finditer(left)), default=-1)
    done = max((m.end() for m in words()["done"].finditer(left)), default=-1)
    if target > done or GOAL_NOUN.match(right):
        return "target"
    future = [m.end() for m in FUTURE.finditer(sentence, 0, numeral.start)]
    if future and not words()["done"].search(sentence, future[-1], numeral.start):
        return "target"
    return "samples"


def _held(left: str, taken: int) -> bool:
    """Whether what stands before a figure speaks of what a bank holds, and not of what was last taken for it."""
    if "新增" in left:
        return False
    holds = next((m for m in HOLDS.finditer(left)), None)
    if holds and holds.end() >= taken and len(left) - holds.end() <= 24:
        return True
    size = SIZE.search(left)
    if size is None or size.end() < taken:
        return False
    rest = left[size.end() :]
    return words()["between"].fullmatch(rest) is not None and words()["sample"].search(rest) is None


def coverage(sentence: str, numeral: Numeral, clause_start: int) -> CountKind | None:
    """Whether a percentage is a share of people, households or the task that has been sampled."""
    left = sentence[max(clause_start, numeral.start - 30) : numeral.start]
    share = SHARE.search(left) or COLLECTED.search(left)
    rate = max((m.end() for m in words()["rate"].finditer(left)), default=-1)
    other = max((m.end() for m in words()["other_rate"].finditer(left)), default=-1)
    if other >= rate and (other > 0 or not share):
        return None
    if OF_PEOPLE.match(sentence, numeral.end):
        return "coverage"
    if not share and rate < 0 and BARE_SHARE.search(left) and TASKED.search(sentence):
        return "coverage"
    if (rate < 0 and not share) or STOCK.search(left) or (not share and not _of_samples(left)):
        return None
    if sentence[numeral.start] in "不≥至" and numeral.qualifier == "more_than":  # 不低于95%: a demand
        return None
    if DEMANDED.search(left[max(0, rate - 4) :]):
        return None
    return "coverage"


def _of_samples(left: str) -> bool:
    """Whether a rate with a noun of its own is one of samples: B超检查覆盖率 is not."""
    own = regex.split("覆盖率|完成率|完成|进度|达到?", left, maxsplit=1)[0]
    nearest = _nearest(own)
    return (nearest is not None and nearest[1]) or "任务" in own or words()["between"].fullmatch(own) is not None
