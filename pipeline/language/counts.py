"""Which numbers count DNA samples, or people sampled: kind, value, bounds, place and date of each.

Most figures in a post count something else in the same units. A number is taken by what stands nearest to it: the
word that says what was counted, in its clause, else in its sentence, else what the figure before it counted
(其中洛香镇2178份). Words: `corpora/phrasebook/count_words.csv`. Tables: `count_tables`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import Context, body, keep
from pipeline.language.count_dates import Calendar
from pipeline.language.count_tables import table_counts
from pipeline.language.count_words import words
from pipeline.language.cues import Cue, find_cues
from pipeline.language.numerals import Numeral, find_numerals
from pipeline.language.script import matching_copy
from pipeline.language.sentences import sentence_bounds
from pipeline.records import Count, CountKind

SAMPLE_UNITS = {"份", "人份", "例", "枚", "条", "张"}
PEOPLE_UNITS = {"人", "名", "人次", "位", "个人"}
CLAUSE = regex.compile(r"[，；。：！？;?!\n、（）()]|,(?!\d{3})")
PLACE = regex.compile(
    r"(?:全|我|该|本)(?:县|市|区|州|镇|乡|村|地区|所)|\p{Han}{2,7}?(?:县|市|区|州|镇|乡|村|街道|社区|派出所|寺|小学|中学)"
)  # fmt: skip
ELSEWHERE = regex.compile(r"核酸|咽拭子|酒驾|醉驾|抗原检测|酒精")
RATE = regex.compile(r"采集率|完成率|采样率|覆盖率")
TAKEN_FROM = regex.compile(r"(?:采集|采了?|抽了?|取了?|扎了?).{0,4}(?:血|DNA)|制卡|DNA")
SAMPLED = regex.compile(r"\p{Han}{0,8}?(?:采集|采|抽|取|扎)了")
HELD = regex.compile(r"库(?:里|中|内|容|存|总量|容量)|数据库|存有|存着|保存有|存量|在库")
FUTURE = regex.compile(r"力争|确保|计划|预计|将于|拟于|定于|明天|后天|前完成|年内|要采|须采|打算")
# How far back a sentence may take its subject from, in characters.
NEAR = 200
# Where a health post, a study or general news is certain, a figure needs DNA named beside it.
SURE = 0.6
GENETIC = regex.compile(r"DNA|血卡|Y库|采集血样|采集.{0,6}血样")
CLAUSE_END = regex.compile(r"[，；。：！？;?!\n、（）()\d]")
WAS_DRAWN = regex.compile(r"(?:采集|采)了")
GOAL_NOUN = regex.compile(r"的?(?:DNA)?(?:采集|采样)?(?:任务|目标|指标)")
STOCK = regex.compile(r"库(?:总量|容量|存量)?的?$")
DEMANDED = regex.compile(r"不低于|要达|达到?.{0,2}以上$|确保|力争|须达|不少于")


@dataclass(frozen=True)
class Found:
    """A figure about samples in a matching copy, before dates and place are known."""

    numeral: Numeral
    kind: CountKind
    start: int
    end: int


@Language.factory("xueyang_counts")
def make_counts(nlp: Language, name: str) -> CountsComponent:
    """The component that leaves the counts in `doc._.counts`."""
    return CountsComponent()


class CountsComponent:
    """Finds the numbers of DNA samples."""

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.counts` and `doc.spans["counts"]`."""
        return keep(doc, "counts", find_counts(body(doc), doc._.context, doc._.cues, doc.cats))


def find_counts(
    text: str, context: Context, cues: Sequence[Cue] | None = None, cats: Mapping[str, float] | None = None
) -> tuple[Count, ...]:
    """The counts of a post, in order, each figure once. `cats` are label scores, where known."""
    copy = matching_copy(text)
    cues = find_cues(copy) if cues is None else cues
    about = words()["sample"].search(matching_copy(context.title)) is not None
    if not (about or any(cue.code in ("dna", "blood") for cue in cues)) or _elsewhere(cats):
        return ()
    calendar = Calendar(copy, context)
    tables, covered = table_counts(copy, calendar)
    found: dict[tuple[str, float], Count] = {}
    for start, end in sentence_bounds(copy):
        if not any(a <= start < b for a, b in covered):
            for figure in _sentence(copy, start, end, about):
                count = _count(text, copy, figure, calendar, start)
                found.setdefault((count.kind, count.value), count)
    for start, end, kind, numeral, place, as_of in tables:
        count = Count(
            text=text[start:end], start=start, end=end, kind=kind, value=numeral.value, upper=numeral.upper,
            qualifier=numeral.qualifier, place=place, as_of=as_of,
        )  # fmt: skip
        found.setdefault((count.kind, count.value), count)
    return tuple(sorted(found.values(), key=lambda count: count.start or 0))


def _elsewhere(cats: Mapping[str, float] | None) -> bool:
    return bool(cats) and max(cats.get("health_screening", 0.0), cats.get("other", 0.0)) >= SURE  # type: ignore[union-attr]


def _sentence(copy: str, start: int, end: int, about: bool) -> list[Found]:
    """Figures of one sentence. `about`: the post's title names samples."""
    sentence = copy[start:end]
    if not _topical(copy, start, sentence, about):
        return []
    found: list[Found] = []
    before: tuple[str, CountKind] | None = None
    last_end = 0
    for numeral in find_numerals(sentence):
        if not numeral.unit and numeral.kind != "percent":
            continue
        kind = None if _counts_nothing(sentence, numeral) else _kind(sentence, numeral, last_end, before)
        if kind is not None:
            found.append(Found(numeral, kind, start + numeral.start, start + numeral.end))
        if numeral.kind != "percent":
            before = (numeral.unit, kind) if kind else None
        last_end = numeral.end
    return found


def _topical(copy: str, start: int, sentence: str, about: bool) -> bool:
    """Whether the sentence, or what stands before it, speaks of samples and not of virus tests or drivers."""
    own = words()["sample"].search(sentence)
    if ELSEWHERE.search(sentence) and not GENETIC.search(sentence):
        return False
    near = copy[max(0, start - NEAR) : start]
    collecting = words()["collect"].search(sentence) or RATE.search(sentence)
    return bool(own or words()["sample"].search(near) or (about and collecting))


def _counts_nothing(sentence: str, numeral: Numeral) -> bool:
    if numeral.kind == "percent":
        return False
    if numeral.unit not in SAMPLE_UNITS | PEOPLE_UNITS:
        return True
    if sentence[: numeral.start].endswith("第"):  # 第二十二条
        return True
    # 不漏一人, 两人一组, 采一份: a rule or a manner, not a figure
    if numeral.value <= 3 and sentence[numeral.digits[0]] in "一二两三":
        return True
    after = sentence[numeral.end : numeral.end + 8].lstrip("的 ")
    return words()["other_number_follow"].match(after) is not None


def _kind(sentence: str, numeral: Numeral, last_end: int, before: tuple[str, CountKind] | None) -> CountKind | None:
    clause_start = max((m.end() for m in CLAUSE.finditer(sentence, 0, numeral.start)), default=0)
    if numeral.kind == "percent":
        return _coverage(sentence, numeral, clause_start)
    left = sentence[max(clause_start, last_end) : numeral.start]
    right = CLAUSE_END.split(sentence[numeral.end :], maxsplit=1)[0]
    stage = _stage(sentence, left, right, clause_start, numeral)
    verdict = True if SAMPLED.match(right) else _nearest(left)
    if verdict is None:
        verdict = bool(words()["sample"].match(right.lstrip("的 ")) or TAKEN_FROM.search(right[:18])) or None
    if verdict is None and (stage != "samples" or (RATE.search(sentence) and numeral.unit in SAMPLE_UNITS)):
        verdict = True
    if verdict is None:
        verdict = _nearest(sentence[last_end : numeral.start])
    if verdict is None and before:
        same = before[0] == numeral.unit or {before[0], numeral.unit} <= PEOPLE_UNITS
        return before[1] if same and stage == "samples" and "新增" not in left else stage if same else None
    return stage if verdict else None


def _nearest(left: str) -> bool | None:
    """True where the last telling word speaks of samples, False where of something else, None where there is none."""
    best, verdict = -1, None
    for code, value in (("other", False), ("collect", True), ("sample", True)):
        for m in words()[code].finditer(left):
            if m.end() > best or (m.end() == best and value):
                best, verdict = m.end(), value
    return verdict


def _stage(sentence: str, left: str, right: str, clause_start: int, numeral: Numeral) -> CountKind:
    """Samples taken, still to be taken, or held."""
    if WAS_DRAWN.search(right):
        return "samples"
    taken = max((m.end() for m in words()["collect"].finditer(left)), default=-1)
    held = max((m.end() for m in HELD.finditer(left)), default=-1)
    if held > taken and "新增" not in left:
        return "database"
    target = max((m.end() for m in words()["target"].finditer(left)), default=-1)
    done = max((m.end() for m in words()["done"].finditer(left)), default=-1)
    if target > done or GOAL_NOUN.match(right):
        return "target"
    future = [m.end() for m in FUTURE.finditer(sentence, 0, numeral.start)]
    if future and not words()["done"].search(sentence, future[-1], numeral.start):
        return "target"
    return "samples"


def _coverage(sentence: str, numeral: Numeral, clause_start: int) -> CountKind | None:
    left = sentence[max(clause_start, numeral.start - 24) : numeral.start]
    rate = max((m.end() for m in words()["rate"].finditer(left)), default=-1)
    other = max((m.end() for m in words()["other_rate"].finditer(left)), default=-1)
    if rate < 0 or other >= rate or STOCK.search(left):
        return None
    if sentence[numeral.start] in "不≥至" and numeral.qualifier == "more_than":  # 不低于95%: a demand
        return None
    if DEMANDED.search(left[max(0, rate - 4) :]):
        return None
    return "coverage"


def _count(text: str, copy: str, figure: Found, calendar: Calendar, sentence_start: int) -> Count:
    numeral = figure.numeral
    return Count(
        text=text[figure.start : figure.end],
        start=figure.start,
        end=figure.end,
        kind=figure.kind,
        value=numeral.value,
        upper=numeral.upper,
        qualifier=numeral.qualifier,
        place=_place(text, copy, figure, sentence_start),
        as_of=calendar.as_of(figure.kind, figure.start, figure.end, sentence_start),
    )


def _place(text: str, copy: str, figure: Found, sentence_start: int) -> str | None:
    clause = max((m.end() for m in CLAUSE.finditer(copy, sentence_start, figure.start)), default=sentence_start)
    for start in (clause, sentence_start):
        named = list(PLACE.finditer(copy, start, figure.start))
        if named:
            return text[named[-1].start() : named[-1].end()]
    return None
