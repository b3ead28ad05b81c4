"""Figures that stand before their names, one a line, as posts with the year's numbers tell them: 97%　全县采集率."""

from __future__ import annotations

from pipeline.language.counts.gear import cards_taken
from pipeline.language.counts.numerals import Numeral
from pipeline.language.counts.words import words
from pipeline.patterns import Pattern
from pipeline.records import CountKind

# What a line may begin with before its figure.
BULLET = Pattern(r"[\s●◆■▲▶►★·•\-—【\[]*")
# The name stands behind a blank or a mark.
NAME = Pattern(r"[】\]]?[\s：:—-]+(?P<name>[^\n。；]{2,40})")
RATE = Pattern(r"(?:采集|采血|采样|血样|DNA)[^，。；\d]{0,4}(?:采集|覆盖|完成|采样)?率")
BANK = Pattern(
    r"(?:DNA|血样|样本|Y|家系|基因|信息)[^，。；\d]{0,6}库(?!房)[^，。；\d]{0,3}(?:总量|存量|容量|规模|总数|数据)"
    r"|(?:在库|库存|库容)[^，。；\d]{0,6}(?:DNA|血样|样本)"
)


def told_apart(sentence: str, numeral: Numeral, *, deeds: bool) -> CountKind | None:
    """What a figure counts whose name stands behind it, or that is one of several `deeds`: 登记货车45辆，采血卡38张."""
    return "samples" if deeds and cards_taken(sentence, numeral) else fronted(sentence, numeral)


def fronted(sentence: str, numeral: Numeral) -> CountKind | None:
    """What the name behind the first figure of a line says it counts; None where none does.

    A share that was reached, or what a bank holds: what was taken is read as in any sentence.
    """
    if BULLET.fullmatch(sentence, 0, numeral.start) is None:
        return None
    behind = NAME.match(sentence, numeral.end)
    if behind is None:
        return None
    if numeral.kind == "percent":
        rate = RATE.search(behind["name"])
        return "coverage" if rate and not words()["other_rate"].search(behind["name"], 0, rate.end()) else None
    return "database" if BANK.search(behind["name"]) else None
