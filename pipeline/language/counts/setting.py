"""What stands around a number in its sentence, and which word there tells what it counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import regex

from pipeline.language.counts.gear import begins_gear
from pipeline.language.counts.numerals import Numeral
from pipeline.language.counts.words import words
from pipeline.patterns import Pattern

CLAUSE = Pattern(r"[，；。：！？;?!\n、（）()]|,(?!\d{3})")
CLAUSE_END = Pattern(r"[，；。：！？;?!\n、（）()\d]")
WIDE = Pattern(r"[，；。！？\n]|,(?!\d{3})")
SAMPLE_UNITS = {"份", "人份", "例", "枚", "条", "张", "管"}
PEOPLE_UNITS = {"人", "名", "人次", "位", "个人", "个", "口人", "号人", "例"}
PERSON = Pattern(r"[^，。、：；]{0,10}(?:人员|[人员生族者民众工童僧尼男女主属孩户])[”」』]?")


# 六、2014年打算: a heading, alone in its line or before the first stop.
HEADING = Pattern(
    r"^[ \u3000\t]*(?:[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|第[一二三四五六七八九十]+[章节部]|[【▍▌◆■●★])"
    r"[^\n。；：:，]{2,30}",
    regex.MULTILINE,
)
PLANS = Pattern(r"打算|下一?步|下阶段|计划|思路|安排|目标|任务分|要点|展望|明年|来年")
PLAN_TITLE = Pattern(r"预算|要点|计划|方案|打算|安排")
NO_PLAN = Pattern(r"总结|报告|情况|自评|决算|执行|完成|通报|回顾|小结|进展|推进|进度")


def plans(copy: str, title: str) -> list[tuple[int, bool]]:
    """Where each part of a post begins that a heading announces, and whether what is to be done is announced.

    >>> plans("一、工作情况" + chr(10) + "采集9份。" + chr(10) + "二、下步打算", "小结")
    [(0, False), (0, False), (13, True)]
    """
    whole = PLAN_TITLE.search(title) is not None and NO_PLAN.search(title) is None
    return [(0, whole), *((m.start(), whole or PLANS.search(m[0]) is not None) for m in HEADING.finditer(copy))]


@dataclass(frozen=True)
class Topic:
    """What a post as a whole is about. `mass`: samples of a population; `sampling`: those, or
    samples of a case or a study; `purchase`: goods and services to be bought;
    `case`: a crime or an identification; `planned`: the title, or the heading above, announces what is to be done."""

    mass: bool = False
    sampling: bool = False
    purchase: bool = False
    case: bool = False
    planned: bool = False

    @property
    def study(self) -> bool:
        """Whether it is about the samples of a study."""
        return self.sampling and not self.mass and not self.case


@dataclass(frozen=True)
class Setting:
    """A number and the text around it.

    `lead`: what its paragraph says before its sentence; `before`: its sentence up to it; `since`: from the last figure
    on; `wide`: its part between commas; `left` and
    `right`: its part between any marks; `behind`: the rest of the sentence.
    """

    numeral: Numeral
    sentence: str
    before: str
    since: str
    wide: str
    left: str
    right: str
    behind: str
    lead: str = ""

    @property
    def of_samples(self) -> bool:
        """Whether its sentence, or else what its paragraph said last, is about samples."""
        telling = nearest(self.before, shortest=2) or nearest(self.lead, shortest=2)
        return telling is not None and telling[1]

    @property
    def people(self) -> bool:
        """Whether the number is one of people."""
        return self.numeral.unit in PEOPLE_UNITS

    @classmethod
    def of(cls, sentence: str, numeral: Numeral, last_end: int, lead: str = "") -> Setting:
        """The setting of a number of a sentence in which the figure before it ends at `last_end`."""
        before, behind = sentence[: numeral.start], sentence[numeral.end :]
        since = before[last_end:]
        left = before[max(max((m.end() for m in CLAUSE.finditer(before)), default=0), last_end) :]
        right = CLAUSE_END.split(behind, maxsplit=1)[0]
        return cls(numeral, sentence, before, since, WIDE.split(since)[-1], left, right, behind, lead)


def study_copy(copy: str) -> str:
    """A study's text with its blood named as samples are: it is drawn for genes, a physical's is not. Offsets stay."""
    return copy.replace("静脉血", "外周血")


AT_HAND = 3
OBJECT_REACH = 12
# 指掌纹入库1206份: what is taken may stand before the verb.
OBJECT_BEFORE = Pattern(
    r"(?:[指掌足声唇笔]纹|足迹|人像|照片|虹膜|声纹|步态|手机|毛发|头发|尿[液样]|笔迹|身份证|核酸|检材|物证|猪瘟|疫情|水样|食品)"
    r"(?:信息|数据|样本|样品)?(?:已|均|全部|共|累计)?$"
)


def _of_another(left: str, verb: int) -> bool:
    """Whether the object before a verb of taking is another than blood: not in 血样、指纹采集."""
    thing = OBJECT_BEFORE.search(left, max(0, verb - OBJECT_REACH), verb)
    return thing is not None and words()["sample"].search(left, max(0, thing.start() - OBJECT_REACH), verb) is None


@lru_cache(maxsize=64)
def nearest(left: str, shortest: int = 1) -> tuple[int, bool] | None:
    """Where the last telling word ends, and whether it speaks of samples; of words that end together the longest.

    `shortest`: words of other things with fewer characters (户, 牛, 牌) are left out.
    """
    best: tuple[int, int, bool] | None = None
    for code, value in (("other", False), ("scene", False), ("collect", True), ("sample", True)):
        for m in words()[code].finditer(left):
            # Who takes is not what is taken, unless they are what is counted.
            if value and begins_gear(left, m.start()):
                continue
            if code == "other" and len(m[0]) < shortest:
                continue
            if code == "other" and len(left) - m.end() > AT_HAND and words()["agent"].fullmatch(m[0]):
                continue
            about = value and not (code == "collect" and _of_another(left, m.start()))
            best = max(best or (-1, 0, False), (m.end(), m.end() - m.start(), about))
    return None if best is None else (best[0], best[2])


# 采集情况：一中1203份: the first of a list.
LIST = Pattern(r"[^。；]{0,30}[:：](?:(?!的)\p{Han}){1,8}[（(]?|[，,（(]其中(?:有|含)?\p{Han}{0,10}")
# 采集血样、指纹等信息共17人: people of whom several things were taken, blood among them.
TAKEN_TOGETHER = Pattern(
    r"(?:血样?|DNA|血卡)(?:样本|信息)?(?:[、和及与等，]|各类|生物|基础|人员|身份|采集?|录入?|登记|核对|更新|拍摄?|指掌?纹|掌纹|足迹"
    r"|人像|照片|虹膜|声纹|步态|信息|资料)+$"
)
# 采了9户17人: households whose people were sampled.
HOUSEHOLDS = Pattern(r"[\d,零〇一二三四五六七八九两十百千]+[余多]?户[、，]?共?$")


def governed(left: str, *, people: bool) -> bool | None:
    """Whether the word that governs a figure speaks of samples (True) or of something else (False); None for no word.

    A word governs where only filling words stand behind it, or, for people, who they are (采集在寺僧人103名).
    """
    if people:
        left = HOUSEHOLDS.sub("", left)
    telling = nearest(left)
    if telling is None:
        return None
    end, verdict = telling
    gap = left[end:]
    if not verdict and people and TAKEN_TOGETHER.search(left[:end]):
        verdict = True
    if words()["between"].fullmatch(gap):
        return verdict
    return True if verdict and (LIST.fullmatch(gap) or (people and PERSON.fullmatch(gap))) else None
