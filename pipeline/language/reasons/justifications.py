"""Reasons given for a collection: what the post says the samples or the database are for.

The same slogans close every police post, so a phrase counts only where it is tied to the collection: in a sentence that
tells of samples, in one that takes the collection up, in the answer to a question about why samples are taken, or
beside those where somebody says what they will be good for. Which phrases stand for which reason is in
`corpora/phrasebook/justifications.csv` (see `phrases` for its signs), the words that tie them in `sampling.csv`; this
module says only where they count.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, cast

from spacy.tokens import Doc

from pipeline.language.context import Context
from pipeline.language.label.cues import Cue, find_cues
from pipeline.language.phrases import Hit, joined, load_table
from pipeline.language.reasons.vetoes import (
    ACT,
    HEALTH,
    NAMES,
    TAKES,
    denied,
    of_others_sought,
    other_work_named,
    said_of_other_work,
)
from pipeline.language.sampling import (
    OTHER_WORK,
    Sentence,
    concerns_collection,
    names_other_work,
    names_samples,
    sentences,
    told_of_samples,
    words_by_sentence,
)
from pipeline.language.script import matching_copy
from pipeline.patterns import Pattern
from pipeline.records import Justification, JustificationCode

# Labels under which reasons and groups are worth stating: other posts use the slogans for other work.
LABELS = frozenset({"mass_collection", "casework"})
# Reasons that hardly any other work of the police has: a looser tie to the collection is enough.
OF_SAMPLES = frozenset({"case_solving", "missing_persons", "unidentified_remains", "anti_trafficking"})
WHY_ENDS = Pattern(r"[？?][”’」』]*$")
LEAD = Pattern(r"\W*为")
ELSE = Pattern(r"\W*(?:与此)?(?:同时|同步|此外|另外)，?")
# What a plan or notice says of itself before it comes to its points: 为…，制定本方案.
FOUNDS = Pattern(r"为.*(?:(?:制|拟)[定订][^，。；]{0,4}(?:方案|计划|意见|办法)|(?:通[知告]|公告|安排)如下)")
# 二、打击犯罪。 is the heading of a part, no reason.
HEADING = Pattern(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．])[^，。；：、]{2,14}[。：:\s]*"
)
# What closes any post is said of no work in particular.
CLOSING = Pattern(
    r"作出(?:新的|更大|积极|应有)|贡献|再立新功|在路上|时刻准备|保驾护航|献礼|努力奋斗|再接再厉|为榜样|新胜利"
)
# Work done is told with figures, what samples are good for without.
FIGURE = Pattern(r"\d|[一二两三四五六七八九十][余多]?[起件名]")
ITEM = Pattern(r"\s*(?:[【★▍●◆■▲▶►]|[一二三四五六七八九十]{1,2}、)")
SERVES = Pattern(r"为[^，；：]{0,24}$")
KEYWORDS = Pattern(r"\W*(?:关\s*键\s*[词字]|主题词|标签|分类号|推荐阅读|相关阅读|上一篇|下一篇|责任编辑|责编)")
PLAN = Pattern(r"\s*[一二三四五六七八九十]{1,2}要")
# Results are no reasons: a number right after the phrase counts cases solved or people found.
RESULT = Pattern(
    r"[^，。；、是为几]{0,4}?(?!一[份分个道层项条次])[\d.一二两三四五六七八九十百千余]+[余多]?[名人起张件次份头匹条个宗具成分%％]|\d+年|(?:方面|工作)?(?:成效|有力度|扎实|用心)"
    # 扫黑除恶打掉团伙9个, 群众安全感满意度列全市第二
    r"|[^，。；、]{0,4}?(?:打掉|破获|抓获|查处|查获|收缴|缴获|刑拘|审结)[^，。；]{0,10}?\d"
    r"|[^，。；、]{0,6}?(?:位?列|居|排名?|名列|达到?|升至|提升至|为)(?:全[国省区市州盟县旗]|\d|第)"
)
COUNTED = Pattern(r"\d[余多]?[名人起件份头只具个]|[一二两三四五六七八九十][余多]?[名起件份]|[两三四五六七八九十]具")
# 为2具无名尸找到家属
NUMBERED = Pattern(r"\d[余多]?[名起件具]$|[两三四五六七八九十][余多]?[名起具]$")
# 反恐大队, 人口管理科: the name of an office; 摸清人员的DNA信息: the samples themselves.
OTHERWISE = Pattern(
    r"(?:工作)?(?:大队|支队|中队|总队|科|股|处(?!置)|办公室|办|领导小组|委员会|服务站|警务站|站|考[核评]|目标(?:管理|任务|责任)|责任[书制]|中心|窗口|大厅|推进会|系统|安保|措施|测评|排名)|法[》〉]|(?:查找|寻找|找回|辨认)|的(?:形势|氛围|精神|课题)|宣讲|[^，。；]{0,10}?无关|(?:犯罪)?人员|嫌疑|的?(?:DNA|血样|生物信息|照片|指纹)"
    # 反恐法里, 无犯罪证明, 社会稳定风险评估, 维稳值班, 强化基础信息采集
    r"|法[里中第]|(?<=刑侦工作)基础|(?:记录)?证明|风险评估|(?:值班|执勤|经费|指挥部|备勤)|拘留|处罚|岗亭|信息[^，。；、]{0,2}(?:采集|登记|录入|大会战)"
)
# What may be the mere occasion or manner of a collection (note in the table) is a reason only behind a word of purpose,
# speech or expectation.
OCCASION = "occasion"
BARE = "bare"
# 为群众采血 names those sampled, not what for.
AIM = Pattern(
    r"(?<![作认成列称视行定转化向业位务象则数]|以[^，。；]{1,14})为(?!(?:[^，。；：了]{0,10}[众民人户员者生师友家你您她他们])[免集]?[采抽取办送换补登上]"
    r"|[抓做搞推落加确保完提][^，。；]{0,8}(?:采[集血样]|血样|此项|这项|该项|任务))"
    r"|便于|以便|用于|用来|利于|助于|方便|旨在|目的|意在|用途|用处|理由|目标[：是]|好处|需要|关系到?|关乎|严防|防止|防备|杜绝|以防|免得|省得|助力|服务(?![员区站点队台费窗中管])"
)
AIM_AFTER = Pattern(
    r"[^，。；！？]{0,8}?(?:用的|用得[着上]|要用|能用|有用|好用|派上用场|的?需要|的要求|的配套|用(?=[，。；！？”」呗嘛吧])|更?方便|更?快)"
)
LATER = Pattern(r"今后|以后|往后|日后|将来|未来|万一|要是|假如|一旦|如果|哪[天日家个]|谁家")
SPEECH = Pattern(r"解释|说(?!明)|[讲称答]|回[答复应]|提出|怕")
# 偷牛的不敢来，老人走丢了也好找: the words of one clause with those of the next.
STRAYS = Pattern(r"，[^，、]{0,6}(?:走丢|走失|失踪|走散)")
# 筑牢维护稳定的第一道防线: what the wall is for.
STABLE_WALL = Pattern(r"(?:维稳|稳定)[^，]{0,6}(?:防线|屏障|篱笆|防护网)")
# 家底清了，治安才防得住: what must be so for a reason told behind it.
HEADS = Pattern(r"底数|底子|家底|人头")
CONDITION = Pattern(r"了?楚?，[^，。；]{0,14}?(?:才|就|都|好管)")
CLAUSE_BREAK = Pattern(r"[，；：。]")
CLAUSE = Pattern(r"[^，。；、：:,!！?？\s“”「」（）()]{0,14}")
CLAUSE_MARK = Pattern(r"[，。；、：:,!！?？\s“”「」（）()]")
PLACE_NAME = Pattern(r"(?<=[建创打构共推][设建造筑进][“为]?平安)\p{Han}{2,4}(?=[，。；、！”])")
LISTED = Pattern(r"[和与及、](?!打击|犯罪|违法)\p{Han}{4,8}")
# Where two codes share words, the first is only how the second is put.
YIELDS: dict[str, frozenset[str]] = {
    "crime_fighting": frozenset({"anti_trafficking", "counter_terrorism", "case_solving"}),
    "data_foundation": frozenset(
        {
            "social_stability",
            "public_security_control",
            "social_governance",
            "anti_trafficking",
            "population_management",
        }
    ),
    "public_service": frozenset({"id_upgrade"}),
    "population_management": frozenset({"public_security_control"}),
    "public_security_control": frozenset({"social_governance"}),
    "social_stability": frozenset({"public_security_control"}),
}


# The same only of words that hold the other: 织牢反恐防线, 出了事、认不出是谁.
HOLDING_YIELDS: dict[str, frozenset[str]] = {
    "public_security_control": frozenset({"counter_terrorism"}),
    "case_solving": frozenset({"unidentified_remains"}),
}
# The same of words that are bare.
BARE_YIELDS: dict[str, frozenset[str]] = {
    "case_solving": frozenset({"crime_fighting"}),
    "data_foundation": frozenset({"case_solving", "missing_persons", "crime_fighting"}),
}
# 以便, 一是为了, 此次采集旨在: the words that lead to a reason are not quoted.
LEADS = Pattern(
    r"(?:[一二三][是来])?(?:(?:[此本这]次|[该这此]项)?(?:(?:信息|血样|DNA)*采[集血样])?(?:工作|活动|行动)?)"
    r"(?:也|都|就)?(?:主要|进一步)?(?:是?为了|以便于?|便于|从而|以期|旨在|意在|目的是|目的在于|好让)|(?:[一二三]是)"
    r"|\p{Han}{2,8}(?:派出所|公安局|分局|县局|所)针对"
)


class Tied(NamedTuple):
    """A sentence in which phrases may be reasons, and of which codes; None is any."""

    sentence: Sentence
    codes: frozenset[str] | None = None


@lru_cache(maxsize=4)
def find_phrases(text: str) -> tuple[Hit, ...]:
    """Every phrase of the table in a piece of a matching copy, wherever it stands; those of one code
    that overlap as one.

    >>> [text[h.start:h.end] for text in ["为侦破案件、找回走失老人"] for h in find_phrases(text)]
    ['侦破案件', '找回走失老人']
    """
    return tuple(joined(load_table("justifications").find(text)))


def tells_of_samples(text: str, cues: Sequence[Cue]) -> tuple[bool, ...]:
    """For each sentence, whether it names samples or tells of taking in other words."""
    named = zip(sentences(text), told_of_samples(text, cues), strict=True)
    return tuple(told or bool(TAKES.search(text, row.start, row.end)) for row, told in named)


def tied_sentences(text: str, title: str, cues: Sequence[Cue]) -> list[Tied]:
    """The sentences of a matching copy in which a phrase is a reason for the collection."""
    rows = sentences(text)
    words = words_by_sentence(text)
    sample = told_of_samples(text, cues)
    # A post about the collection need not name it again in each sentence that takes it up.
    if not any(sample):
        sample = tuple(
            not told & {"aside", "aside_unless_blood"} and bool(TAKES.search(text, row.start, row.end))
            for row, told in zip(rows, words, strict=True)
        )
    about = concerns_collection(title, sample)
    scope: list[Tied] = []
    last, asked, item = -9, -9, 0
    for i, (row, told) in enumerate(zip(rows, words, strict=True)):
        if ITEM.match(text, row.start):
            item = i
        near = about or last >= i - 3
        answer = asked >= 0 and (asked == i - 1 or row.paragraph in {rows[asked].paragraph, rows[asked + 1].paragraph})
        if "asks" in told or (near and "why" in told and WHY_ENDS.search(text, row.start, row.end)):
            asked = i
        if (
            "aside" in told
            or KEYWORDS.match(text, row.start)
            or (HEADING.fullmatch(text, row.start, row.end) and not sample[i])
            or ("aside_unless_blood" in told and not sample[i])
        ):
            continue
        beside = any(
            sample[j] and rows[j].paragraph == row.paragraph for j in range(max(0, i - 3), min(len(rows), i + 2))
        )
        leads = _leads(text, i, row, sample, about)
        if sample[i] or answer or asked == i or leads or (near and "takes_up" in told):
            scope.append(Tied(row))
            last = i
        elif OTHER_WORK not in told and told & {"expects", "speech"}:
            near = about or beside or last >= max(item, i - 6)
            scope.append(Tied(row, None if near and not CLOSING.search(text, row.start, row.end) else OF_SAMPLES))
        elif OTHER_WORK not in told and last >= max(item, i - 3) and not FIGURE.search(text, row.start, row.end):
            scope.append(Tied(row, OF_SAMPLES))
    return scope


def _leads(text: str, i: int, row: Sentence, sample: Sequence[bool], about: bool) -> bool:
    """Whether a sentence that begins with 为 opens the post or leads to the sentence about samples."""
    if i + 1 < len(sample) and sample[i + 1] and not sample[i] and _tells_of_other_work(text, row):
        return False
    if i == 0 and about:
        return True
    if FOUNDS.search(text, row.start, row.end) and i < 4 and any(sample[i + 1 : i + 8]):
        return True
    if not LEAD.match(text, row.start, row.end):
        return False
    return any(sample[i + 1 : i + (6 if i < 4 else 2)]) or (about and i < 5)


def _tells_of_other_work(text: str, row: Sentence) -> bool:
    """为确保稳定，民警开展巡逻。同时，采集血样: whether the samples come behind work with a purpose of its own."""
    return bool(ELSE.match(text, row.end)) and (
        names_other_work(text, row.start, row.end) or bool(ACT.search(text, row.start, row.end))
    )


def find_justifications(
    text: str, context: Context, cues: Sequence[Cue] | None = None, copy: str | None = None
) -> tuple[Justification, ...]:
    """The reasons a post gives, in order, each code once, where it is first given."""
    copy = matching_copy(text) if copy is None else copy
    cues = find_cues(copy) if cues is None else cues
    title = matching_copy(context.title)
    found: dict[str, Justification] = {}
    unsure: set[str] = set()
    hits = find_phrases(copy)
    starts = [hit.start for hit in hits]
    for tied in tied_sentences(copy, title, cues) if hits else ():
        first, last = bisect_left(starts, tied.sentence.start), bisect_left(starts, tied.sentence.end)
        if first == last:
            continue
        here = [
            h for h in hits[first:last] if not (h.note == BARE and HEALTH.search(copy, max(0, h.start - 6), h.start))
        ]
        for hit in _reasons(copy, tied, here):
            code, (start, end) = cast(JustificationCode, hit.code), _quoted(copy, hit)
            if code not in found or (code in unsure and hit.note != BARE):
                found[code] = Justification(code=code, text=text[start:end], start=start, end=end)
                (unsure.add if hit.note == BARE else unsure.discard)(code)
    for hit in _of_title(title):
        code = cast(JustificationCode, hit.code)
        found.setdefault(code, Justification(code=code, text=context.title[hit.start : hit.end]))
    return tuple(sorted(found.values(), key=lambda reason: (reason.start is None, reason.start or 0, reason.code)))


def _of_title(title: str) -> Iterator[Hit]:
    """Reasons that a title gives beside the samples it names."""
    if title and names_samples(title):
        hits = [hit for hit in find_phrases(title) if hit.note not in {OCCASION, BARE}]
        yield from _reasons(title, Tied(Sentence(0, len(title), 0)), hits)


def _quoted(copy: str, hit: Hit) -> tuple[int, int]:
    """What to quote: a bare word with the rest of its clause, in a long one from its word of purpose.

    建设平安 is quoted with the place that shall be safe.
    """
    if hit.note != BARE:
        named = PLACE_NAME.match(copy, hit.end)
        return hit.start, named.end() if named else hit.end
    start = max((mark.end() for mark in CLAUSE_MARK.finditer(copy, max(0, hit.start - 40), hit.start)), default=0)
    if hit.start - max(start, hit.start - 40) > 14:
        aims = [*AIM.finditer(copy, start, hit.start), *LATER.finditer(copy, start, hit.start)]
        start = max((aim.start() for aim in aims), default=hit.start)
    leads = LEADS.match(copy, start, hit.start)
    start = leads.end() if leads else start
    after = CLAUSE.match(copy, hit.end)
    return start, after.end() if after else hit.end


def _reasons(copy: str, tied: Tied, hits: Sequence[Hit]) -> Iterator[Hit]:
    """The phrases of a sentence that are no results, no occasions, not said of other work and not part of another."""
    row = tied.sentence
    here = [hit for hit in hits if row.start <= hit.start < row.end and not _of_something_else(copy, hit)]
    # A sentence with one of the reasons that only samples have is about them: its other reasons count too.
    about_samples = tied.codes is None or any(
        hit.code in OF_SAMPLES and hit.note not in {OCCASION, BARE} for hit in here
    )
    for hit in sorted(here, key=lambda hit: (hit.note == BARE, hit.start)):
        if not (about_samples or hit.code in OF_SAMPLES):
            continue
        if RESULT.match(copy, hit.end) or COUNTED.search(copy, hit.start, hit.end) or OTHERWISE.match(copy, hit.end):
            continue
        if NUMBERED.search(copy, max(row.start, hit.start - 4), hit.start):
            continue
        if hit.code == "missing_persons" and of_others_sought(copy, hit.start, hit.end):
            continue
        if hit.note in {OCCASION, BARE} and not _aimed_at(copy, row, hit):
            continue
        over = YIELDS.get(hit.code, frozenset())
        held = over | HOLDING_YIELDS.get(hit.code, frozenset())
        if any(other.code in held and _covers(other, hit) and not _goes_on(copy, other, hit) for other in here):
            continue
        if _leads_to_papers(copy, hit, here):
            continue
        if hit.note == BARE and any(
            other.code in over | BARE_YIELDS.get(hit.code, frozenset()) and not other.note for other in here
        ):
            continue
        where = (row.start, row.end), hit.start, hit.end
        if _own_item(copy, row, hit) or denied(copy, *where) or said_of_other_work(copy, *where):
            continue
        served = hit.code in OF_SAMPLES and SERVES.search(copy, row.start, hit.start)
        if not served and other_work_named(copy, where[0], hit.start):
            continue
        yield hit


def _of_something_else(copy: str, hit: Hit) -> bool:
    """Whether a phrase has its words from two clauses, or is only how another reason or the post's own work is put."""
    if hit.code == "case_solving":
        return bool(STRAYS.search(copy, hit.start, hit.end))
    if hit.code == "public_security_control":
        return bool(STABLE_WALL.search(copy, hit.start, hit.end))
    # 家底清了，治安才防得住; 这是破案的家底
    return hit.code == "population_management" and bool(
        HEADS.search(copy, hit.start, hit.end)
        and (CONDITION.match(copy, hit.end) or copy.endswith(("破案的", "办案的", "侦查的"), 0, hit.end - 2))
    )


def given(copy: str, row: Sentence, hits: Sequence[Hit]) -> list[Hit]:
    """Which of some phrases of a sentence are reasons, once it is known that they are said of the collection."""
    return list(_reasons(copy, Tied(row), hits))


def _aimed_at(copy: str, row: Sentence, hit: Hit) -> bool:
    """Whether a word of purpose stands in the clause or the one before, or the sentence tells of what may come."""
    clauses = list(CLAUSE_BREAK.finditer(copy, row.start, hit.start))
    since = clauses[-2].end() if len(clauses) > 1 else row.start
    if AIM.search(copy, since, hit.end) or LATER.search(copy, row.start, hit.end):
        return True
    return bool(AIM_AFTER.match(copy, hit.end) or (hit.note == OCCASION and SPEECH.search(copy, row.start, hit.end)))


def _covers(other: Hit, hit: Hit) -> bool:
    """Whether another phrase, as sure as this one, holds half of it or stands within it."""
    shared = min(other.end, hit.end) - max(other.start, hit.start)
    if not (2 * shared >= hit.end - hit.start or shared == other.end - other.start):
        return False
    return other.note != BARE or hit.note == BARE


def _goes_on(copy: str, other: Hit, hit: Hit) -> bool:
    """关系边境管控和长治久安: whether of two phrases, one within the other, each is one of two things listed there."""
    if hit.end < other.end and copy.startswith("、", hit.end):
        return True
    return hit.note != BARE and bool(LISTED.fullmatch(copy, other.end, hit.end))


def _leads_to_papers(copy: str, hit: Hit, here: Sequence[Hit]) -> bool:
    """方便群众(今后)换发身份证: the service is the papers, and named by them."""
    return hit.code == "public_service" and any(
        other.code == "id_upgrade"
        and hit.start < other.start <= hit.end + 5
        and not CLAUSE_MARK.search(copy, hit.end, max(hit.end, other.start))
        for other in here
    )


def _own_item(copy: str, row: Sentence, hit: Hit) -> bool:
    """Whether a phrase stands in an item of a plan that names no samples: 二要…采集；三要建成…."""
    start = max(row.start, copy.rfind("；", row.start, hit.start) + 1)
    end = copy.find("；", hit.end, row.end)
    return bool(PLAN.match(copy, start)) and not NAMES.search(copy, start, end if end >= 0 else row.end)


def tells_of_collection(doc: Doc) -> bool:
    """Whether the label found allows for a collection; true while there is no label."""
    return not doc.cats or max(doc.cats, key=lambda label: doc.cats[label]) in LABELS


def rather_mass(doc: Doc) -> bool:
    """Whether a post is rather about a mass collection than about casework: the fitted models know no other posts."""
    return not doc.cats or max(doc.cats, key=lambda label: doc.cats[label]) == "mass_collection"
