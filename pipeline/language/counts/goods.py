"""Samples among the goods and services of a purchase: only their testing tells how many there are, no card or kit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.language.counts.numerals import Numeral, find_numerals
from pipeline.language.purchases.forms import form_goods
from pipeline.language.tables.fitting import Part, figure
from pipeline.language.tables.headings import OF_SAMPLES
from pipeline.patterns import Pattern
from pipeline.records import CountKind

# Work that a notice of purchase asks for, and whose samples are taken already; repeats are the seller's.
TESTING = Pattern(r"检[验测]|建库|分型|补检|上机|采集(?:服务|建库)|送检")
NO_TESTING = Pattern(r"质控|质量控制|复[检核测]|重[新]?检|疑难|卡$|针$|盒$|试剂|耗材|图谱|培训|驻场|仪|设备|系统|现场")
REMARK = Pattern("备注|说明|参数|规格|要求|型号|描述")
QUANTITY = Pattern("数量|份数|工作量|拟建")
TAKEN_BEFORE = Pattern(r"存量|历年|已采|库存|往年")
COUNTED = Pattern(r"人?份|[人例名张]|人次")
# A line of goods without a heading: 血卡Y-STR分型  84,000份  46元/份
CELLS = Pattern(r"[^\s\t|]+")
SENTENCE = Pattern(r"[，。；！？]")
PRICE = Pattern(r"\d元|元/|万元")
AMOUNT = Pattern(r"(?:约|不少于|预计|≥)?\d[\d,.]*万?(?:人?份|[人例]|人次)")
FEWEST_CELLS = 3


def bought(row: Sequence[Part | None], names: Sequence[str]) -> list[CountKind | None]:
    """Of goods and services to be bought only the testing of samples tells how many there are."""
    kinds: list[CountKind | None] = [None] * len(row)
    both = zip(row, names, strict=True)
    named = " ".join(part.text for part, name in both if part and not figure(part.text) and not REMARK.search(name))
    if any(QUANTITY.search(name) and TESTING.search(name) for name in names):
        return ["target" if QUANTITY.search(name) and TESTING.search(name) else None for name in names]
    if not _is_testing(named):
        return kinds
    units = [part.text for part, name in zip(row, names, strict=True) if part and "单位" in name]
    for column, (part, name) in enumerate(zip(row, names, strict=True)):
        if part is None or not QUANTITY.search(name) or "单价" in name:
            continue
        numerals = find_numerals(part.text)
        unit = units[0] if units else numerals[0].unit if numerals else ""
        if COUNTED.fullmatch(unit) or (not unit and not units):
            kinds[column] = "samples" if TAKEN_BEFORE.search(named) else "target"
    return kinds


def goods(copy: str, covered: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, Numeral, CountKind]]:
    """Amounts of samples to be tested, in lines of goods outside tables: where they stand, the figure and its kind."""
    offset = 0
    for line in copy.split("\n"):
        start, offset = offset, offset + len(line) + 1
        cells = list(CELLS.finditer(line))
        if len(cells) < FEWEST_CELLS or SENTENCE.search(line) or not _is_testing(cells[0][0]):
            continue
        if PRICE.search(line) is None or any(a <= start + cells[0].start() < b for a, b in covered):
            continue
        told = next((cell for cell in cells[1:] if AMOUNT.fullmatch(cell[0])), None)
        if told:
            numeral = find_numerals(told[0])[0]
            kind: CountKind = "samples" if TAKEN_BEFORE.search(cells[0][0]) else "target"
            yield start + told.start() + numeral.start, start + told.start() + numeral.end, numeral, kind


def in_forms(copy: str, *, purchase: bool) -> Iterator[tuple[int, int, Numeral, CountKind | None]]:
    """The numbers of goods in forms (名称：采血卡 / 数量：6000张): where they stand, and of what samples, if any.

    `purchase`: the title is that of a purchase; elsewhere only goods with their price are known to be such.
    """
    for goods, place in form_goods(copy):
        named = copy[goods.start : goods.name_end]
        numeral = next(iter(find_numerals(copy[slice(*place)])), None)
        if numeral is None or not (purchase or goods.unit_price is not None):
            continue
        at = (place[0] + numeral.start, place[0] + numeral.end)
        if NO_TESTING.search(named):
            yield *at, numeral, None
        elif purchase and _is_testing(named) and COUNTED.fullmatch(goods.unit or "份"):
            yield *at, numeral, "samples" if TAKEN_BEFORE.search(named) else "target"


def _is_testing(named: str) -> bool:
    return bool(OF_SAMPLES.search(named) and TESTING.search(named) and not NO_TESTING.search(named))
