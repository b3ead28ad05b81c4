"""Who took part in a study of genes: 纳入312名无关男性个体, 样本来自志愿者256名, with the parts told behind.

Those recruited are counted where their own sentence gives no number of samples besides: then they are who was sampled.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from pipeline.language.counts.kinds import Figure
from pipeline.language.counts.numerals import Numeral, find_numerals
from pipeline.language.counts.words import words
from pipeline.patterns import Pattern
from pipeline.records import CountKind

PEOPLE = ("名", "人", "例", "位", "个")
SAMPLES = ("份", "人份", "管")
WHO = (
    r"(?:志愿者|个体|受试者|受试个体|无关(?:男性|女性)|健康(?:成年)?(?:男性|女性|人)"
    r"|世居(?:男性|居民|牧民)?|参与者|先证者)"
)
BEFORE = Pattern(WHO + r"[”’」』]?(?:共|合计|共计|总计|约)*(?:[（(])?$")
BEHIND = Pattern(r"[^，。；\d]{0,12}?" + WHO)
TAKEN_IN = Pattern(r"(?:来自|纳入|招募|募集|选取|选择|征集|收集|抽取|采集|入选|对)[^。；]{0,60}$")
GENES = Pattern(r"血|唾液|口腔|DNA|STR|SNP|基因|分型|测序|样本|遗传")
# Others' data, and who was not taken.
ELSEWHERE = Pattern(r"文献|报道|已发表|公开数据|参考(?:数据|人群)|千人基因组|剔除|排除|撤回|退出|作者|编辑|患者|问卷")
TO_COME = Pattern(r"拟|计划|预计|目标|将|打算|再")
PARTS = Pattern(r"[（(，。；、]?(?:其中|包括|分别为)?[\p{Han}\d]{1,8}$")


def participants(copy: str, start: int, end: int, found: Sequence[Figure], before: bool) -> list[Figure]:
    """Figures of those who took part, in one sentence of a study; `before`: the sentence before told such."""
    sentence = copy[start:end]
    numerals = [n for n in find_numerals(sentence, counting=True) if n.unit in PEOPLE + SAMPLES]
    if any(n.unit in SAMPLES and _is_found(n, found, start) for n in numerals):
        return []
    whole = [n for n in numerals if n.unit in PEOPLE and _took_part(sentence, n, copy[max(0, start - 120) : end])]
    if not whole and not (before and sentence.startswith(("其中", "包括", "分别"))):
        return []
    first = whole[0] if whole else None
    parts, at = list[Numeral](), first.end if first else 0
    for numeral in numerals:
        gap = sentence[at : numeral.start]
        if numeral.start < at or numeral.unit not in PEOPLE:
            continue
        if not PARTS.fullmatch(gap) or ELSEWHERE.search(gap) or words()["other"].search(gap):
            break
        parts.append(numeral)
        at = numeral.end
    return [Figure(n, _kind(sentence[: n.start]), start + n.start, start + n.end) for n in [*whole, *parts]]


def _kind(left: str) -> CountKind:
    """Whether people are still to be recruited: 计划招募…600名."""
    clause = regex.split("[，；。]", left)[-1]
    return "target" if TO_COME.search(clause) and "已" not in clause else "samples"


def _is_found(numeral: Numeral, found: Sequence[Figure], start: int) -> bool:
    return any(figure.start == start + numeral.start for figure in found)


def _took_part(sentence: str, numeral: Numeral, near: str) -> bool:
    left, right = sentence[: numeral.start], sentence[numeral.end :]
    clause = regex.split("[，；]", left)[-1]
    if ELSEWHERE.search(clause) or ELSEWHERE.match(right):
        return False
    named = BEFORE.search(left) or BEHIND.match(right)
    return named is not None and TAKEN_IN.search(left) is not None and GENES.search(near) is not None
