"""From whom samples were taken, where the text says so: men, children, monks, herders, everybody.

Groups stand in sentences that tell of the collection, in those beside them, and in the title. Which words stand for
which group is in `corpora/phrasebook/groups.csv`, in the signs of `phrases`. A word that only
names who is to be found or protected (走失老人, 被拐儿童), who helps, or who is exempt, is no group.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast, get_args

from pipeline.language.context import Context
from pipeline.language.groups.vetoes import EITHER, UNLIKE, both_alike, grown_students, of_others, of_women
from pipeline.language.label.cues import Cue, find_cues
from pipeline.language.phrases import Hit, load_table
from pipeline.language.reasons.justifications import find_phrases
from pipeline.language.reasons.vetoes import TAKES
from pipeline.language.sampling import (
    concerns_collection,
    sampling_words,
    sentences,
    told_of_samples,
    words_by_sentence,
)
from pipeline.language.script import matching_copy
from pipeline.patterns import Pattern
from pipeline.records import Group

# Old people and children in these reasons are sought or protected, migrants managed: nobody says they are sampled.
SPOKEN_OF = frozenset({"missing_persons", "anti_trafficking", "protect_public", "population_management"})
# People who live on the place under another name: plain "people" beside them are the same people.
INSTEAD_OF_PEOPLE = frozenset({"men", "monastics", "herders", "farmers", "migrants", "vehicle_owners", "tenants"})
# Left out, or only accompanied, filmed, examined.
SAMPLED_BEFORE = Pattern(
    r"采[^。；]{0,14}其中[^，。；]{0,2}$|(?<![不没未])(?:采集|采|抽|扎)[了过完]?[^，。；、停就]{0,4}$"
)
SAMPLED_AFTER = Pattern(
    r"(?:[^，。；、]{0,3}的?(?:血样|DNA|指血|血)|[^，。；：“”「」]{0,5}(?<![没未不]|没有)(?:采[集血了过完]|补采|取血|取样|扎[了指手]|抽[了血])"
    r"|[^，。；]{0,6}(?:上门(?!办|照|送|服|拍|为)|抱着来|也要|都要|也来|都来|一样要|都算|也算|统统|一律)|[^。；]{0,16}(?:上门(?!办|照|送|服|拍|为)|扎不得)|、[^，。；]{0,8}(?:都|也|均|采|抽|扎|上门))"
)
EXEMPT = Pattern(
    r"[^，。；]{0,24}?(?:不列入|除外|不在[^，。；]{0,4}范围|不包括|不得)|[^。；]{0,10}也不[采扎抽]|[^，。；、]{0,8}?(?:不用|不必|不[采抽](?![^，。；]{0,8}(?:不|就))|不需|无需|只照相|陪同|体检|接种)"
)
# 务工人员只登记、不采样; 登记外来人员1150名，与采血无关; 本地人免.
LEFT_OUT = Pattern(
    r"[^。；\n]{0,24}?(?:[与和跟][采抽]血[^，。；]{0,4}无关|只(?:登记|照相|核对)[，、]?[不未][采抽扎])|[^，。；、]{0,6}?免(?:[，。；]|[采抽扎])"
)
# Helped, guarded against or served otherwise.
NOT_SAMPLED_BEFORE = Pattern(
    r"(?:护航|护送|接送|救助|慰问|看望|严防|停办|打击|防范|谨防|帮助|帮扶|走失|被拐)[^，。；、]{0,4}$"
    # 严禁采集妇女血样, 误采女性的卡
    r"|(?:严禁|禁止|不得|不准|切勿|不许|不可|误)[^，。；、采]{0,3}采[集血取样]{0,2}$"
)
NOT_SAMPLED_AFTER = Pattern(
    r"[^，。；、]{0,3}(?:系统|上下学|业务|作案|家属|平台|转场|送证|办证(?![^，。；、]{0,3}[采抽扎])|上学|政审|升学|(?:量|测)个?血[压糖]"
    r"|[^，。；、]{0,4}(?:混了?[进入]|混在|一律作废|充数|凑数|顶替|冒充|蒙混)|[^。；\n]{0,12}(?:谢绝|婉拒|拒收))"
)
# Residents who left are not people from elsewhere; and 务工人员 are no 工人.
AWAY = {
    "migrants": Pattern(r"(?:外出|在外|[在去到赴]|出去)[^，。]{0,3}$|务$"),
    "workers": Pattern(r"(?:外出|在外|出去)[^，。]{0,3}$|[务打]$"),
}
# A sentence beside one that names samples speaks of who comes, and how.
COMING = Pattern(r"\d份|对象|采|监护|抽|扎|血|针|来|带|补|组织|集中|登记|表|统统|一律|到场|样|上门|为主")
# People whom the police register anyhow: beside such a sentence a clause must say so itself.
REGISTERED = frozenset({"migrants", "herders", "key_persons", "children"})
TIGHT = Pattern(
    r"[：:]\s*$|对象|监护|补齐|补上|造册|采(?!挖|集证|集门牌|集标准|集地址|集房)|抽|扎|血|DNA|针|卡|落下|带来|都来|抱|集中|领着|组织|摁|滴|上门|到场|哭|都要|也要|一律|统统|怎么办|样|叫|喊|凡"
)
# A notice addresses those whom it calls; the items of a digest have nothing to do with each other.
ADDRESS = Pattern(r"[^，。；]{2,45}[：:]\s*$")
ITEM = Pattern(r"\s*[【★▍●◆■▲]")
CLAUSE_END = Pattern(r"[，。；！？\n]")
CLAUSES = Pattern(r"[^；]+")
TAKEN = Pattern(r"对象[为是：]|采集|采血|抽血|补采|代采|采样|[采抽扎]了")
MALE = Pattern(r"男|爷们|小子|儿子|汉子|父")
# 惠民工程 is about no 民工, the newborn's heel about no DNA; a speaker or an asker is not yet somebody sampled.
OTHER_WORDS = Pattern(
    r"[惠便利亲为]民工程|(?<=新)居民|全[县市区旗州乡镇村](?=(?:牧业|农业|流动|暂住|外来|僧尼|男性|务工)人[口员])|群众(?=演员)|新生儿|初生婴儿|学生会|学生证|老人星|教职工全体|[一这那][名位][^，。；]{0,8}(?:男子|女子|村民|牧民|居民|学者|学生|教师|员工|女工)(?=[^，。；]{0,6}[说称讲问道])"
    r"|(?:村民|牧民|居民|乡亲|老人|群众)(?=(?:[们]|[^，。；]{0,2}某[^，。；]{0,2})?[问说道讲]\W)|有[的些位]?(?:群众|村民|牧民|居民|乡亲|老乡|工友|僧人)(?=[^，。；]{0,2}问)|大学生|留学生|要不要|采不采|抽不抽|扎不扎|用不用|(?:男|女)民警|女警"
)
AGE = "age"
FAR = 400  # characters to each side of a word that are looked at: a clause may be of any length
# 六十五岁以下: a lower age is meant; 一家老小: the house, not its old.
BELOW = Pattern(r"[周岁]{0,2}(?:及|含)?(?:以下|以内|之间)")
HOUSE = Pattern(r"[一全合阖]家$")
# 大家让老人先来, 老奶奶怕疼: told along the way.
LET = Pattern(r"[让请][^，。；]{0,3}$")
FEARS = Pattern(r"[^，。；、]{0,4}(?:怕|担心|害怕|不敢)")
# 七十岁, 16岁: the phrase begins within the number.
DIGIT = frozenset("一二三四五六七八九十0123456789")
# 十二至六十五岁: the upper end of a range names nobody.
UPPER_END = Pattern(r"[\d一二三四五六七八九十岁][至到—–\-~～]$")
HERDING = Pattern(r"[牧农]民$|牧业?[村队户]$|牧区$|僧尼$|放牧$|租$|[打务]工$")
ADDRESSED = Pattern(r"(?:对|给|为|向|凡|组织|登记)[^，。；]{0,22}$")
TAKEN_LATER = Pattern(r"[^。；\n]{0,60}?(?:采[集血样]|抽血|血样|DNA|取血|留样)|[^。\n]{0,40}；[^。\n]{0,16}一律")
GIVES = Pattern(r"[给为对向][^，。；]{0,16}$")
DRAWS = Pattern(r"[^，。；、为]{0,4}(?:采|抽|取|扎)")
OF_THEM = Pattern(r"(?:的)?(?:DNA|血样|指血|样本)")
WEAK, BARE, OBJECT, WHOLE, LIST = "weak", "bare", "object", "whole", "list"
AWAY_FROM_HOME = "away"
# 外出务工人员由居住地派出所代采.
TAKEN_AWAY = Pattern(
    r"(?![^。；]{0,24}(?:[多返回归未难]|缺口|影响))[^。；]{0,30}?(?:代采|协采|寄采|补采|采集|采过|采血|取血|扎|抽血|寄)"
)
# A word that many sentences have beside a collection names who is sampled only in a clause that says so.
DRAWN = Pattern(
    r"采(?!挖|集证)|领着|带来|到场|轮到|留样|为主|为重点|单列|落下|都要|也要|负责叫|抽|扎|血|DNA|针|卡|样|手指|指头|库"
)
WHO = Pattern(
    r"(?:谁|哪些\p{Han}{1,3}|什么人|哪里?|怎么)[^，。；？]{0,4}(?:来|采|办|抽|扎)|采谁|采集对象|哪些人|(?:对象|范围)[。：:]"
)


BASE = Pattern(r"占[^，。；\d]{0,6}$")
# People in a post that names nobody else, who are taught, served, asked or quoted, not sampled.
SPOKEN_BEFORE = Pattern(
    r"(?:[向与跟请让望祝]|服务|方便|便利|保护|造福|惠及|保障|依靠|联系|提醒|行动不便|(?:有|几位|一位))(?:广大|各族|各位|全体|每一位|辖区|搬迁)?(?:的)?$"
)
SPOKEN_AFTER = Pattern(
    r"(?:们)?(?:[问说讲笑都]|身份证|户口|委员会|委会|小区|求助|报警|反映|投诉|满意|无一|送来|点赞|利益|生命|安全|纷纷)"
)


# What is done with people in a clause that takes no blood: they are counted, visited, helped, taught, not sampled.
OTHER_ACT = Pattern(
    r"登记|核[对查]|走访|慰问|送(?!检)|换发|办理|受理|体检|量血|检查|讲|宣传|教育(?!局|部门)|教[会着]|调解|救助|聘|照相|拍照|办证|文艺|夜校|演出|清查|巡逻|发放|查处|劝|漏登|祝|发[糖礼奖]|[放护]学|陪[同护]|帮[扶助忙]|接种|义诊|[妇孕]检|献血|演练|排查(?!系统)|上牌|表彰|座谈|谈心|授课|回访|安装|整改|招"
)
TAKES_NEXT = Pattern(
    r"，(?![^，。；]{0,14}(?:群众|[村居牧农市]民|人员|老人|学生|的人))[^，。；]{0,14}?(?:采集?|抽血|取血|留血|扎|血样)"
)
# 登记民工1340人；对其中没有采集记录的，一律补采.
OF_THOSE = Pattern(
    r"[^。\n]{0,60}?(?:其中|对[^，。；]{0,10}[没无未]|[未漏缺])[^。；\n]{0,16}?采"
    r"|[^。\n]{0,50}+。(?:其中|对(?=[^，。；]{0,16}[没无未]))[^。；\n]{0,40}?(?:采(?!取)|取血|抽血|留DNA|DNA)"
)


# 致牧民群众的一封信: a letter about samples is to those sampled.
LETTER = Pattern(r"[^，。；：]{0,14}(?:的?(?:一封|公开|慰问|感谢)?信|告知书|公告|通知|通告|明白纸|书)")


# 老人、娃娃、媳妇，只要户口在这儿，都采.
LISTED = Pattern(
    r"(?:、[^，。；、]{1,8}){0,40}，?(?:[^，。；]{0,14}，)?[^，。；]{0,4}(?:都|也|全|一律|统统|一样)[^，。；不]{0,4}[采抽扎取留按]"
)


# 为老人、妇女和在校学生免费采血: what stands before the first of a list, and behind each but the last.
SERVED = Pattern(r"[为对给][^，。；：！？\n采]{0,20}$")
THEN_TAKEN = Pattern(
    r"(?:等)?(?:[、和与及][^，。；：、和与及\n采]{1,8}){1,5}(?:人员)?(?:免费|统一|集中|逐一|全部|一律|[都均]|进行|开展|实施)*(?:采[集血样]|采DNA|抽血|取血)"
)


class Span(NamedTuple):
    """A clause that may tell from whom samples are taken; `sure` where its own sentence names samples."""

    start: int
    end: int
    sure: bool


def find_groups(
    text: str, context: Context, cues: Sequence[Cue] | None = None, copy: str | None = None
) -> tuple[Group, ...]:
    """The groups sampled, in the order of the record's codes.

    >>> find_groups("派出所民警到牧场为牧民采集DNA血样。", Context())
    ('herders',)
    """
    copy = matching_copy(text) if copy is None else copy
    title = matching_copy(context.title)
    spans = _spans(copy, title, find_cues(copy) if cues is None else cues)
    heading = [Span(0, len(title), True)] if spans is not None else None
    hits = [*_named(copy, spans), *_named(title, heading, is_title=True)]
    if not MALE.search(copy) and not MALE.search(title):
        # A Y database alone does not say from whom.
        hits = [hit for hit in hits if hit.note != WHOLE or hit.code != "men"]
    found = {hit.code for hit in hits if hit.note != WEAK}
    if grown_students(copy, title):
        found.discard("children")
    if spans is not None and EITHER.search(copy) and not found & INSTEAD_OF_PEOPLE:
        found.add("residents")
    if not found and spans is not None and _calls_people(copy):
        # Whoever a post on a collection calls people, where it names nobody else.
        found.add("residents")
    if "men" in found and not found & {"women"}:
        found.discard("residents")
    elif any(hit.note == WEAK for hit in hits) and not found & INSTEAD_OF_PEOPLE:
        found.add("residents")
    return tuple(cast(Group, code) for code in get_args(Group) if code in found)


def _calls_people(copy: str) -> bool:
    """Whether a post calls somebody people, and not only those whom it teaches, serves, asks or quotes."""
    masked = _masked(copy)
    return any(
        hit.code == "residents"
        and not _done_otherwise(masked, hit)
        and not _spoken_to(masked, hit)
        and not left_out(masked, hit.end)
        for hit in load_table("groups").find(masked)
    )


def _spans(copy: str, title: str, cues: Sequence[Cue]) -> list[Span] | None:
    """Where the clauses stand that tell from whom samples are taken; None where nothing tells of samples."""
    rows = sentences(copy)
    words = words_by_sentence(copy)
    sample = told_of_samples(copy, cues)
    about = concerns_collection(title, sample)
    if not any(sample):
        # Told in other words: 扎手指头, 按了那张卡, 取样.
        sample = tuple(bool(TAKES.search(copy, row.start, row.end)) for row in rows)
        if not about and not any(sample) and not TAKES.search(title):
            return None
    spans: list[Span] = []
    starts = [row.start for row in rows]
    asks = {bisect_right(starts, match.start()) - 1 for match in WHO.finditer(copy)}
    coming = {bisect_right(starts, match.start()) - 1 for match in COMING.finditer(copy)}
    told = {row.paragraph for row, names in zip(rows, sample, strict=True) if names}
    for i, row in enumerate(rows):
        if "aside" in words[i]:
            # One item of several may be about drivers, say, another about samples.
            asides = [
                hit.start for hit in sampling_words(copy) if hit.code == "aside" and row.start <= hit.start < row.end
            ]
            spans += [
                Span(clause.start(), clause.end(), True)
                for clause in CLAUSES.finditer(copy, row.start, row.end)
                if TAKES.search(copy, *clause.span()) and not any(clause.start() <= at < clause.end() for at in asides)
            ]
            continue
        alone = ITEM.match(copy, row.start, row.end)
        near = range(i, i + 1) if alone else range(max(0, i - 4), min(len(rows), i + 3))
        asked = any(j in asks and (j == i - 1 or rows[j].paragraph == row.paragraph) for j in near if j <= i)
        beside = i in coming and any(sample[j] for j in near)
        taken = (about or row.paragraph in told) and TAKEN.search(copy, row.start, row.end)
        sure = bool(sample[i] or asked or (i < 2 and ADDRESS.match(copy, row.start, row.end)))
        if sure or beside or taken:
            spans += [Span(clause.start(), clause.end(), sure) for clause in CLAUSES.finditer(copy, row.start, row.end)]
    return [span for span in spans if COMING.search(copy, *span[:2]) or ADDRESS.match(copy, *span[:2])]


def _named(text: str, spans: Sequence[Span] | None, is_title: bool = False) -> Iterator[Hit]:
    """Groups named in these clauses of a text, outside of reasons and exemptions, and those that count anywhere."""
    masked = _masked(text)
    starts = [span.start for span in spans or ()]
    for hit in load_table("groups").find(masked):
        at = bisect_right(starts, hit.start) - 1
        within = spans is not None and at >= 0 and hit.end <= spans[at].end
        if not within and hit.note != WHOLE:
            continue
        if _is_ruled_out(masked, hit, is_title):
            continue
        if (hit.code in UNLIKE and both_alike(masked, hit.start)) or of_women(masked, hit.code, hit.start):
            continue
        if (
            is_title
            and hit.note != WEAK
            and LETTER.match(masked, hit.end)
            and masked.startswith(("致", "告", "给", "写给"))
        ):
            yield hit._replace(note="")
            continue
        if within and spans and hit.code in REGISTERED and masked[hit.start] != "男":
            end = CLAUSE_END.search(masked, hit.end)
            within = bool(TIGHT.search(*_told(masked, spans[at], hit)) or (end and OF_THOSE.match(masked, end.start())))
        if not within and spans is not None and hit.note != WHOLE:
            within = bool(LISTED.match(masked, hit.end))
        if hit.note == WHOLE or (within and _sampled(masked, hit)):
            if not is_title and _may_be_otherwise(hit) and _done_otherwise(masked, hit):
                continue
            named = hit._replace(note=WEAK) if hit.note == "strong" and _is_base(masked, hit) else hit
            # 给群众采血 says people, whoever else is named.
            yield named._replace(note="") if named.note == WEAK and _is_given(text, named) else named


def _masked(text: str) -> str:
    """The text without the reasons that speak of people whom nobody samples, and words within which others stand."""
    spoken = [(hit.start, hit.end) for hit in find_phrases(text) if hit.code in SPOKEN_OF]
    spoken += [match.span() for match in OTHER_WORDS.finditer(text)]
    spoken += of_others(text)
    if not spoken:
        return text
    characters = list(text)
    for start, end in spoken:
        characters[start:end] = "，" * (end - start)
    return "".join(characters)


def left_out(text: str, end: int) -> bool:
    """Whether the words behind those that name people, which end there, say that those people's blood is not taken.

    >>> left_out("务工人员只登记、不采样", 4)
    True
    """
    return bool(LEFT_OUT.match(text, end))


def _sampled(text: str, hit: Hit) -> bool:
    """Whether the words around a group say, or do not deny, that its blood is taken."""
    if NOT_SAMPLED_AFTER.match(text, hit.end):
        return False
    if NOT_SAMPLED_BEFORE.search(text, max(0, hit.start - 12), hit.start):
        return False
    if hit.code == "men" and text.startswith("女", hit.end):
        return False
    if hit.note == BARE and not (DRAWN.search(_clause(text, hit, 2)) or _is_addressed(text, hit)):
        return False
    if hit.note == OBJECT and not _is_object(text, hit):
        return False
    return (
        hit.note == AWAY_FROM_HOME
        or hit.code not in AWAY
        or not AWAY[hit.code].search(text, max(0, hit.start - 12), hit.start)
    )


def _is_ruled_out(text: str, hit: Hit, is_title: bool) -> bool:
    """Whether the words right beside a hit show that it is no group: an upper age, the exempt, a list of others."""
    if hit.note == AGE:
        return text[hit.start - 1 : hit.start] in DIGIT
    if hit.code == "elderly" and _no_elder(text, hit):
        return True
    if hit.note == AWAY_FROM_HOME and not (LETTER if is_title else TAKEN_AWAY).match(text, hit.end):
        return True
    out = bool(EXEMPT.match(text, hit.end)) or left_out(text, hit.end)
    return out or (hit.note == LIST and not LISTED.match(text, hit.end))


def _no_elder(text: str, hit: Hit) -> bool:
    """Whether words for the old are an upper age, a whole house, or people told of along the way."""
    if hit.note == OBJECT and UPPER_END.search(text, max(0, hit.start - 3), hit.start):
        return True
    before = max(0, hit.start - 6)
    return bool(
        BELOW.match(text, hit.end)
        or (text.startswith("老小", hit.start) and HOUSE.search(text, before, hit.start))
        or (text.startswith("老人先", hit.start) and LET.search(text, before, hit.start))
        or (hit.note == OBJECT and FEARS.match(text, hit.end))
    )


def _may_be_otherwise(hit: Hit) -> bool:
    """Whether a hit may name people of whom the clause tells something else: all but words that count anywhere."""
    return hit.note not in {WHOLE, AGE} and (hit.code != "residents" or hit.note == WEAK)


def _done_otherwise(text: str, hit: Hit) -> bool:
    """Whether the clause of a hit tells of another thing done with those people, and the next does not take blood."""
    clause = _clause(text, hit)
    if TAKES.search(clause) or not OTHER_ACT.search(clause):
        return False
    end = CLAUSE_END.search(text, hit.end)
    return not (end and (TAKES_NEXT.match(text, end.start()) or OF_THOSE.match(text, end.start())))


def _is_base(text: str, hit: Hit) -> bool:
    """占常住人口的78%: whether people are what a share is reckoned of, or the heading of a column."""
    return bool(BASE.search(text, max(0, hit.start - 8), hit.start)) or text.startswith("\t", hit.end)


def _spoken_to(text: str, hit: Hit) -> bool:
    """向群众讲, 服务群众, 群众问, 请大家: whether people are only those spoken to, served or quoted."""
    return bool(SPOKEN_BEFORE.search(text, max(0, hit.start - 8), hit.start) or SPOKEN_AFTER.match(text, hit.end))


def _is_object(text: str, hit: Hit) -> bool:
    """Whether the words around a hit say that those people's blood is taken: 给…采, …的血样, …也要采."""
    return bool(
        SAMPLED_BEFORE.search(text, max(0, hit.start - 20), hit.start)
        or SAMPLED_AFTER.match(text, hit.end)
        or LISTED.match(text, hit.end)
        or shares_verb(text, hit.start, hit.end)
    )


def shares_verb(text: str, start: int, end: int) -> bool:
    """Whether people named from `start` to `end` are of a list whose last has the verb's object.

    >>> shares_verb("为老人和在校学生采血", 1, 3), shares_verb("为老人办证，给学生采血", 1, 3)
    (True, False)
    """
    return SERVED.search(text, max(0, start - 24), start) is not None and THEN_TAKEN.match(text, end) is not None


def _is_addressed(text: str, hit: Hit) -> bool:
    """对装卸工、司机…采血: whether a list of those of whom something is said begins before and a sample follows."""
    if not ADDRESSED.search(text, max(0, hit.start - 24), hit.start):
        return False
    return bool(TAKEN_LATER.match(text, hit.end))


def _is_given(text: str, hit: Hit) -> bool:
    """给群众采, 群众同步采集: the words around plain people make them those sampled."""
    if text[hit.start] == "全" or HERDING.search(text, max(0, hit.start - 3), hit.start):
        return False
    return bool(GIVES.search(text, max(0, hit.start - 18), hit.start) and DRAWS.match(text, hit.end)) or bool(
        OF_THEM.match(text, hit.end)
    )


def _told(text: str, span: Span, hit: Hit) -> tuple[str, int, int]:
    """Where it must say that the blood of registered people is taken: the item, beside samples the next two clauses."""
    if span.sure:
        return text, max(span.start, hit.start - FAR), min(span.end, hit.end + FAR)
    clause = _clause(text, hit, 2)
    return clause, 0, len(clause)


def _clause(text: str, hit: Hit, clauses: int = 1) -> str:
    """The clause around a hit, and as many clauses of its sentence after it as make up the number."""
    far = max(0, hit.start - FAR)
    start = max(text.rfind(mark, far, hit.start) for mark in "，。；：！？\n") + 1 or far
    end = hit.end
    for _ in range(clauses):
        after = CLAUSE_END.search(text, end, end + FAR)
        end = after.end() if after else min(len(text), end + FAR)
        if after is None or after[0] != "，":
            break
    return text[start:end]
