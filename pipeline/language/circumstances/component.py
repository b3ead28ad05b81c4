"""How, where and under what conditions samples were taken: method, venue, consent, medical staff, linked programmes.

Words and codes stand in `corpora/phrasebook/circumstances.csv`, in the signs of `phrases`. They
count where the collection itself is told: in a sentence about samples, or beside one where people come, blood is
drawn or the collection is explained. What another activity in the post has of a venue or programme is none.
"""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, cast

import regex
from ahocorasick_rs import AhoCorasick, MatchKind
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.circumstances.venues import ILL, cut_from_a_word, no_venue
from pipeline.language.context import Context, body, keep, plain
from pipeline.language.groups.beside import in_rumour
from pipeline.language.groups.groups import ADDRESS, COMING, ITEM
from pipeline.language.label.cues import Cue, find_cues
from pipeline.language.phrases import Phrase, compile_phrase
from pipeline.language.reasons.justifications import tells_of_collection
from pipeline.language.sampling import (
    concerns_collection,
    names_other_work,
    sentences,
    told_of_samples,
    words_by_sentence,
)
from pipeline.language.script import matching_copy
from pipeline.language.sentences import STATEMENT_END
from pipeline.paths import PHRASEBOOK
from pipeline.patterns import Pattern
from pipeline.records import Aspect, Circumstance, CircumstanceCode

# How many sentences before and after one about samples still tell of the collection.
BEFORE, AFTER = 2, 2
# What a clause without blood or DNA must have to be about people sampled, and not about other work.
SAYS_DNA = Pattern(
    r"DNA|Y-?STR|血|[采抽验]样|样本|基因|[Yy]库|指纹|生物|家系|采集|采录|扎(?!实|根|西|巴)|唾液|拭子|滴|[采抽]了|男性家族|卡片"
)
# The venue or programme of these words is denied, not told.
DENIED = Pattern(
    r"(?:(?<!行动)不(?!仅|但|只|光|漏|少|断|同|管|论|到|足|予|用[担害紧]|合格|达标|清晰|规范|符合)|无需|无须|不用|不必|不是|并非|并不|没有|没|未|而非|非|无一例|无一人|无人|不存在|从不|不同于|区别于|有别于|"
    r"严禁|禁止|杜绝|避免|免去|省去|省得|免得|防止|切忌|代替|替代|取代)[^，。；、：？！?!的]{0,6}$"
)
# 严禁任何形式的强制采集, 没有出现一例拒绝: force forbidden, refusals that were none; 民警必须规范采集: their own duty.
FORBIDDEN = Pattern(
    r"(?:严禁|禁止|杜绝|不得|不许|不准|防止|避免|没有(?:出现|发生)|未(?:出现|发生)|无一)[^，。；：！？!?]{0,20}$"
    r"|(?:民警|辅警|医生|护士|医务人员|采[集样血]员|各所|各单位|工作人员)(?:在[^，。；]{0,10})?$"
)
FAR = 24  # characters to the left of a phrase that are looked at
# 不是什么免费的全民体检: a name of something else, told at more length.
NOT_THIS = Pattern(r"(?:不是|并非|而非|不属于|不等于|谈不上|算不上)[^，,。；、：？！?!]{0,12}$")
# 比挨家挨户跑省油: what the collection did without.
BETTER_THAN = Pattern(r"(?<![占对同环分相])比起?(?:以往|以前|过去|从前|原来|原先)?的?$")
# 与体检是两码事, 跟医院抽血没有关系: what the collection is told apart from.
APART = Pattern(
    r"两码事|两回事|两样事|不是一?(?:回|码)事|另一?(?:回|码)事|不(?:是)?一回事|各是各的|"
    r"(?:没有?|毫?无)(?:任何|什么|半点|丝毫|直接|必然)?(?:关系|联系|关联|关连|瓜葛|牵连|相干)|无关|不相干|不相关|不沾边|不搭[界边]|"
    r"不挂钩|不涉及"
)
COMPARED = Pattern(r"[与和跟同]")
# The same as a clause or sentence of its own, right behind.
APART_BEHIND = Pattern(
    r"[^。！？!?；\n]{0,40}?[，,。！!](?:这|那|完全|根本|纯粹|压根|本来|就|都|真|是|可|其实|它们|二者|两者|互|可别弄混)*+"
    r"(?:两码事|两回事|一回事也不是|不是一?(?:回|码)事|不相干|毫?无关系|没有?关系|无关|各是各的)(?=[，,。！!；\n]|$)"
)
DENIED_AFTER = Pattern(r"[^，。；]{0,4}?(?:除外|不算|不采|不收|免采|无关|不涉及)")
# The examination of those who apply for a post is not the collection.
APPLICANTS = Pattern(r"(?:进入|入职|招聘|录用|政审)体检|体检不?合格|体检(?:标准|费用|环节|复检)|胸片|笔试|面试")
COLLECTED = Pattern(r"DNA|血样|[Yy]库|采集(?!员)|采样|采血|家系|样本|[血滴采制张][^，。]?卡")
# 重复采样, 招上门, 安装了二维码卡片, 农牧区人口血样采集
PART_OF_A_WORD = {"resampled": ("重",), "home_visits": ("招",), "blood_card": ("安装",), "pasture": ("农", "半")}
# 村委会配合派出所完成采集: an office that helps the police does not say that people did as they were asked.
HELPS_POLICE = Pattern(
    r"[^，。；、]{0,8}?(?:派出所|公安|民警|警方|县局|市局|分局|刑[侦警]|卫生院|医院)[^，。；]{0,24}?"
    r"(?:做好|开展|完成|推进|采[集血样录]|抽血|建[立设]|抓好|落实|绘|上门|入户|[下进到])"
)
# 卫生院、村委会积极配合, 配合县卫健委开展体检: bodies that help, nobody asked for samples
BODIES = r"(?:卫[健计生][委局院]|[医法]院|疾控中心|教育局|村委会|居委会|村两委|[县乡镇]政府|民政局|统战部)"
HELPED_BY, HELPS_BODY = Pattern(rf"{BODIES}(?:也|都|均)?$"), Pattern(rf"[省市州县区旗乡镇]?{BODIES}")
ASKED = Pattern(
    r"[请您你他她我们众户]|[村居牧农边市公]民|家长|学[生校]|师生|[僧员职]工|僧|老人|乡亲|青年|男|企业|公司|[厂店]|(?<!工作)人员"
)
# 受理身份证112个，照相134人: pictures for the document.
FOR_PAPERS = Pattern(
    r"(?:身份证|居住证|证件|[办换]证|护照)[共达约]?\d[\d, ]*[多余]?[张个份本人件]，[共另]?(?:照相|拍照|拍摄?照片)$"
)
# 一张桌子宣传反诈，一张办居住证，一张采血: each does something else.
EACH = Pattern(r"一[张桌组台处路队个名人]|有的")
# 自…活动开展以来, 以…为契机: the work in the course of which samples are taken, told before them.
OCCASION_BEFORE = Pattern(r"(?:自|以|结合|借|借助|依托|随着|利用|趁|围绕|紧扣)[^，。；\n]{0,8}$")
OCCASION_AFTER = Pattern(
    r"[^，。；\n]{0,10}?(?:以来|为(?:契机|牵引|抓手|载体|主线|依托|平台|切入点)|之机|契机|[活行]动中)"
)
# What a clause beside samples must have to tell of people visited or unwilling, besides the words for coming.
UNWILLING = Pattern(r"敲[开响]|婉拒|(?:拒不|拒绝|不)配合(?:的|者|采)")
NO_CHECK = Pattern(r"(?:[尸遗物抗液气]|染色|检)体检")  # 染色体检验, 尸体检材
# 宣传扫黑除恶知识, 推进扫黑除恶专项斗争，…: work of its own, beside the samples.
PREACHED = Pattern(r"(?:宣传|宣讲|讲解|普及|解读)[^，。；、]{0,6}$")
WHAT_FOR = Pattern(r"[\s，,]*为")
CARRIED_ON = Pattern(r"(?:推进|开展|深化|抓好|打好|参加|投入)[^，。；、]{0,4}$")
# Kits, shipments and laboratories: blood cards that are bought or sent are not how samples were drawn.
SUPPLY = Pattern(r"采购|供应商|单价|报价|中标|投标|规格|招标|数量|耗材|成交公告|合同")
OF_SAMPLING = frozenset({"method", "consent", "medical_staff"})
COMPARABLE = frozenset({"method", "venue", "medical_staff", "programme"})
FARTHEST = 300  # characters of an endless clause that are looked at
EARLIER_CLAUSE = Pattern(r"[，,。；：！？!?\n]")
# In a post about the collection these go on telling of it, however far from where DNA or blood was named.
GOES_ON = Pattern(
    r"(?:上门|流动|定点|集中|入户|现场|顺手就?|接着|挨个|逐[户人个]|都|就|没|不|未|也|来|先|再|补|复|重)采(?![购访纳用取摘挖暖光石矿砂风伐]|集?证)|"
    r"(?:拒[不绝]|抗拒|逾期不|无故不|不[愿肯])[^，。；]{0,4}(?:采(?![购访纳用取摘挖暖光石矿砂风伐]|集?证)|抽血|扎)|"
    r"(?:[没不也都就再先]|未)[抽扎](?![查调屉烟水奖空时出])|[采抽扎][了完]|无故不来|也去了"
)


class Row(NamedTuple):
    """A row of the table, ready to search."""

    aspect: Aspect
    phrase: Phrase
    gloss: str


class Span(NamedTuple):
    """A clause in which circumstances count.

    `told` where it, and not only a sentence beside it, names samples; `before` where one soon after it does.
    """

    start: int
    end: int
    told: bool
    before: bool


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """The rows of the table. Raises ValueError on a phrase without a sure piece of text."""
    with (PHRASEBOOK / "circumstances.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Row(cast(Aspect, row["aspect"]), compile_phrase(row["code"], row["phrase"]), row["gloss_en"])
            for row in csv.DictReader(lines)
        )


@lru_cache(maxsize=1)
def _automaton() -> tuple[AhoCorasick, tuple[int, ...]]:
    anchors = [(anchor, i) for i, row in enumerate(rows()) for anchor in row.phrase.anchors]
    return AhoCorasick([a for a, _ in anchors], matchkind=MatchKind.Standard), tuple(i for _, i in anchors)


def find_circumstances(
    text: str, context: Context, cues: Sequence[Cue] | None = None, copy: str | None = None
) -> tuple[Circumstance, ...]:
    """The circumstances of the collection in order of the text, each code once, where it is first told.

    >>> [(c.code, c.text) for c in find_circumstances("民警入户采集指尖血样。", Context())]
    [('home_visits', '入户'), ('finger_prick', '指尖血')]
    """
    copy = matching_copy(text) if copy is None else copy
    title, cues = matching_copy(context.title), find_cues(copy) if cues is None else cues
    automaton, owners = _automaton()
    anchors = sorted((start, owners[i]) for i, start, _ in automaton.find_matches_as_indexes(copy, overlapping=True))
    tender = bool(SUPPLY.search(title))
    found: dict[str, Circumstance] = {}
    for span in _scope(copy, title, cues, anchors):
        for row, start, end in _hits(copy, span, anchors):
            if tender and row.aspect in OF_SAMPLING:
                continue
            code = cast(CircumstanceCode, row.phrase.code)
            fact = Circumstance(aspect=row.aspect, code=code, text=text[start:end], start=start, end=end)
            first = found.get(code)
            if first is None or start < cast(int, first.start):
                found[code] = fact
    return tuple(sorted(found.values(), key=lambda fact: (fact.start or 0, fact.end or 0, fact.code)))


def _between(anchors: Sequence[tuple[int, int]], start: int, end: int) -> Sequence[tuple[int, int]]:
    """The anchors that begin in a stretch."""
    return anchors[bisect_left(anchors, (start, -1)) : bisect_left(anchors, (end, -1))]


def _scope(copy: str, title: str, cues: Sequence[Cue], anchors: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """The clauses between ；that tell of the collection, and those beside them, where they hold words of the table."""
    lines = sentences(copy)
    by_sentence = words_by_sentence(copy)
    sample = told_of_samples(copy, cues)
    if not any(sample):
        return
    about = concerns_collection(title, sample) or _notice(copy, sample)
    for i, line in enumerate(lines):
        if not _between(anchors, line.start, line.end):
            continue
        words = copy[line.start : line.end]
        if "aside" in by_sentence[i] or (SUPPLY.search(words) and not sample[i]):
            continue
        first, last = (i, i) if ITEM.match(words) else (max(0, i - AFTER), min(len(lines) - 1, i + BEFORE))
        beside = any(
            sample[j] and (about or lines[j].paragraph == line.paragraph) and not ITEM.match(copy, lines[j].start)
            for j in range(first, last + 1)
        )
        before = any(sample[j] and lines[j].paragraph == line.paragraph for j in range(i + 1, last + 1))
        goes_on = about and bool(GOES_ON.search(words)) and not ITEM.match(words)
        if not (sample[i] or beside or goes_on) or (APPLICANTS.search(words) and not COLLECTED.search(words)):
            continue
        at = line.start
        for clause in words.split("；"):
            told = bool(SAYS_DNA.search(clause)) and sample[i]
            if (
                told
                or (
                    (COMING.search(clause) or UNWILLING.search(clause))
                    and not names_other_work(copy, at, at + len(clause))
                )
                or (about and (sample[i] or goes_on))
            ):
                yield Span(at, at + len(clause), told, before)
            at += len(clause) + 1


def _notice(copy: str, sample: Sequence[bool]) -> bool:
    """Whether an address is followed by the collection, and no other business named: such a notice is about it."""
    called = any(ADDRESS.match(copy, line.start, line.end) for line in sentences(copy)[:2])
    return called and any(sample[:3]) and not names_other_work(copy, 0, len(copy))


def _hits(copy: str, span: Span, anchors: Sequence[tuple[int, int]]) -> Iterator[tuple[Row, int, int]]:
    """The phrases of a clause that are neither denied nor said of other work, in the order of the table."""
    table = rows()
    for i in sorted({owner for _, owner in _between(anchors, span.start, span.end)}):
        match = table[i].phrase.pattern.search(copy, span.start, span.end)
        while match is not None:
            cut = table[i].aspect == "venue" and cut_from_a_word(copy, match.start())
            if not cut and _counts(copy, span, table[i], *match.span()):
                yield table[i], *match.span()
                break
            # 接到电话后在派出所采集: the words of the place may begin within what was cut out of others
            match = table[i].phrase.pattern.search(copy, match.start() + 1 if cut else match.end(), span.end)


def _counts(copy: str, span: Span, row: Row, start: int, end: int) -> bool:
    """Whether a phrase speaks of the collection."""
    if DENIED.search(copy, max(span.start, start - 14), start) or DENIED_AFTER.match(copy, end, span.end):
        return False
    if row.aspect == "consent" and _not_done(copy, span, row, start):
        return False
    if row.phrase.code == "health_checks" and NO_CHECK.search(copy, max(span.start, start - 2), end):
        return False
    if row.aspect in COMPARABLE and _told_apart(copy, row, span, start, end):
        return False
    if row.aspect == "venue" and no_venue(copy, row.phrase.code, start, end):
        return False
    if row.phrase.code == "cooperation" and _helps_police(copy, span, start, end):
        return False
    if _of_its_own(copy, span, row.phrase.code, start, end):
        return False
    if row.phrase.code == "portrait" and FOR_PAPERS.search(copy, max(span.start, start - 24), end):
        return False
    if start and row.phrase.code in PART_OF_A_WORD and copy.startswith(PART_OF_A_WORD[row.phrase.code], start - 1):
        return False
    if row.aspect in OF_SAMPLING and SUPPLY.search(copy, span.start, span.end):
        return False
    if row.aspect == "programme" and (_done_beside(copy, span, start) or not _goes_with(copy, span, start, end)):
        return False
    if row.aspect == "alongside" and not span.told:
        return False
    return not _of_other_work(copy, span, row, start, end)


def _not_done(copy: str, span: Span, row: Row, start: int) -> bool:
    """Whether force or refusal is forbidden, or a rumour that is denied."""
    if row.phrase.code in ("forced", "refusal") and FORBIDDEN.search(copy, max(span.start, start - FAR), start):
        return True
    return in_rumour(copy, start)


def _goes_with(copy: str, span: Span, start: int, end: int) -> bool:
    """Whether a programme stands beside the samples, or before them as what they are taken in the course of."""
    if span.told or not span.before:
        return span.told
    return bool(
        OCCASION_BEFORE.search(copy, max(span.start, start - 16), start) and OCCASION_AFTER.match(copy, end, span.end)
    )


def _of_its_own(copy: str, span: Span, code: str, start: int, end: int) -> bool:
    """Whether a campaign is what people are told of, or work beside the samples; a hospital that of a sick officer."""
    if code != "police_campaign":
        return code == "health_institution" and ILL.search(copy, start, end) is not None
    left, stop = _clause(copy, span, start, end)
    if WHAT_FOR.match(copy, left, start):
        return False
    if PREACHED.search(copy, left, start):
        return True
    if not CARRIED_ON.search(copy, left, start) or SAYS_DNA.search(copy, left, stop):
        return False
    return not (
        OCCASION_BEFORE.search(copy, left, start)
        or OCCASION_AFTER.match(copy, end, span.end)
        or copy.startswith("期间", end)
    )


def _done_beside(copy: str, span: Span, start: int) -> bool:
    """Whether a programme is what one desk or squad does, and the samples what another does."""
    left, stop = _clause(copy, span, start, start)
    each = EACH.match(copy, left, start)
    if each is None or SAYS_DNA.search(copy, left, stop):
        return False
    first, last = max(span.start, left - FARTHEST), min(span.end, stop + FARTHEST)
    return any(
        SAYS_DNA.search(copy, *_clause(copy, span, other.end(), other.end()))
        for other in regex.finditer(f"(?<=[，：]){each[0]}", copy, pos=first, endpos=last)
    )


def _helps_police(copy: str, span: Span, start: int, end: int) -> bool:
    """Whether offices, and not those asked for samples, work with the police or each other."""
    first = max(span.start, start - FARTHEST)
    first = max((m.end() for m in STATEMENT_END.finditer(copy, first, start)), default=first)
    helps = HELPED_BY.search(copy, first, start) or HELPS_BODY.match(copy, end) or HELPS_POLICE.match(copy, end)
    return bool(helps) and not ASKED.search(copy, first, end)


def _told_apart(copy: str, row: Row, span: Span, start: int, end: int) -> bool:
    """Whether the phrase names what the collection is not, or has nothing to do with."""
    left, stop = _clause(copy, span, start, end)
    if BETTER_THAN.search(copy, left, start):
        return True
    medical = row.aspect in {"programme", "medical_staff"} or row.phrase.code in {"venous", "health_facility"}
    if medical and (NOT_THIS.search(copy, left, start) or APART_BEHIND.match(copy, end)):
        return True
    apart = APART.search(copy, end, stop)
    if apart is None:
        return False
    # 医生采血与抓人无关: what is told apart begins with the last 与
    compared = COMPARED.search(copy, left, start + 1) and not regex.search("[与跟]", copy[end : apart.start()])
    return bool(compared) or (medical and "事" in apart[0])


def _clause(copy: str, span: Span, start: int, end: int) -> tuple[int, int]:
    """The part between commas around a phrase, as far as `FARTHEST`."""
    first, last = max(span.start, start - FARTHEST), min(span.end, end + FARTHEST)
    left = max((m.end() for m in EARLIER_CLAUSE.finditer(copy, first, start)), default=first)
    right = EARLIER_CLAUSE.search(copy, end, last)
    return left, right.start() if right else last


def _of_other_work(copy: str, span: Span, row: Row, start: int, end: int) -> bool:
    """Whether the part between commas has other police work in it, and the samples a venue or method of their own."""
    if row.aspect not in {"venue", "medical_staff", "programme", "consent"}:
        return False
    left, stop = _clause(copy, span, start, end)
    return names_other_work(copy, left, stop) and not SAYS_DNA.search(copy, left, stop)


@Language.factory("xueyang_circumstances")
def make_circumstances(nlp: Language, name: str) -> Circumstances:
    """The component that leaves the circumstances in `doc._.circumstances`."""
    return Circumstances()


class Circumstances:
    """Finds how, where and under what conditions samples were taken."""

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.circumstances`: empty where the label says that there is no collection."""
        if not tells_of_collection(doc):
            return keep(doc, "circumstances", ())
        return keep(doc, "circumstances", find_circumstances(body(doc), doc._.context, doc._.cues, plain(doc)))
