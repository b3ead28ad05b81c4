"""Whether a sum in a sentence of news is money for other works: 3800万元用于雪亮工程, 86万元采购DNA检测仪、警车9辆.

Works are told by words of the table (`other_work`) and by verbs of building whose object has nothing to do with
samples or their laboratory. A sum for several works at once is nobody's price. Works on a matching copy.
"""

from __future__ import annotations

import regex

from pipeline.language.notices import any_of
from pipeline.patterns import Pattern

CLAUSE_END = Pattern(r"[，。；]")
PART_END = Pattern(r"[，、。；]")
# 98万元建设DNA实验室, 用于血样检验: this is what the purchase is for.
CONNECTED = Pattern(r"采|血|样[本品]|检[验测材]|鉴定|物证|法医|技术室|实验室|家族|人口|[Yy]库|基因|入库")
# What a sum was spent on, right behind it, or behind a comma.
BUILDS = Pattern(
    r"[^，。；、\d]{0,6}?(?:建设|新建|改建|扩建|修建|兴建|重建|建成|建起|建了|改造|实施|装修|维修|修缮|翻修)了?\p{Han}{2,}"
    r"|的?(?:资金|经费)?(?:主要|全部|专项|都|均)?(?:用于|用来|用在)\p{Han}{2,}"
)
GOES_ON = Pattern(
    r"[，,]?(?:主要|全部|专项|专门|先后|分别)?(?:用于|用来|建设|新建|改建|扩建|修建|建成|改造|实施|装修|维修|采购|购置|购买|购进|配备|添置)"
)
# 采血车辆, DNA实验大楼
OF_SAMPLES = Pattern(r"(?:采[血样集]|血样|DNA|检[验测]|鉴定|物证|实验)[^，、。；\d]{0,4}$")
LONGEST = 80


def for_other_works(copy: str, clause: int, start: int, end: int) -> bool:
    """Whether the sum from start to end, in a clause that begins at `clause`, was for other works than samples.

    >>> text = "投入3800万元用于雪亮工程，投入12万元采购采血卡"
    >>> for_other_works(text, 0, 2, 8), for_other_works(text, 15, 17, 21)
    (True, False)
    """
    before = copy[clause:start]
    if any_of("other_work").search(before) and not _connected(before):
        return True
    behind = _behind(copy, end)
    first = behind[: _first(PART_END, behind)]
    if BUILDS.match(first) and not _connected(first):
        return True
    works = any_of("other_work").finditer(behind)
    return any(not OF_SAMPLES.search(behind[: work.start()]) for work in works)


def _behind(copy: str, end: int) -> str:
    """What is said behind a sum to the end of its clause, or of the next where that tells what the sum was for."""
    behind = copy[end : end + LONGEST]
    line = behind.find("\n")
    behind = behind[:line] if line >= 0 else behind
    stop = _first(CLAUSE_END, behind)
    if stop == 0 and GOES_ON.match(behind):
        behind = behind[1:]
        return behind[: _first(CLAUSE_END, behind)]
    return behind[:stop]


def _first(mark: regex.Pattern[str], words: str) -> int:
    """Where the first such mark stands in the words, else where they end."""
    found = mark.search(words)
    return found.start() if found else len(words)


def _connected(words: str) -> bool:
    """Whether words have to do with samples, their laboratory or their database."""
    return bool(CONNECTED.search(words) or any_of("own", "product").search(words))
