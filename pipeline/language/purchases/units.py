"""The unit of money that a notice tells of a whole table, above or below it: 单位：万元, 以万元计, 一览表（万元）.

Works on a matching copy.
"""

from __future__ import annotations

from decimal import Decimal

from pipeline.patterns import Pattern

SCALE = r"(?<scale>[百千]?万|[百千亿])?元"
# 单位：万元, 金额单位为人民币万元, 以下金额均以万元为单位; a table's name with its unit in brackets.
TOLD = Pattern(
    rf"(?<!计量|数量|采购|中标|供货)单位\s*(?:均?[为是]|[:：])\s*(?:人民币)?[（(]?{SCALE}"
    rf"|(?:金额|价格|价款)[^，。；\n]{{0,4}}以(?:人民币)?{SCALE}(?:为单位|计)"
    rf"|(?:一览表|明细表|情况表|清单|汇总表|[结成]果表)\s*[（(](?:人民币|单位)?{SCALE}[）)]"
)
HEADED = Pattern(SCALE)
# 万份, 千张 in the column of units
OF_GOODS = Pattern(r"(?<scale>[百千]?万|[百千])(?<unit>[份张支盒套个枚台包箱瓶袋根部人例](?:份|次)?)")
ABOVE, BELOW = 160, 120
# What has no unit, neither its own nor its table's, and is less than this, was reckoned in something larger than yuan.
LEAST = Decimal(100)


def scale_around(copy: str, start: int, end: int, floor: int, stop: int) -> str | None:
    """The scale of the yuan told nearest before a table, else behind it; None where nothing is told.

    `floor` is where the table before ends, and `stop` where the next begins.

    >>> scale_around("单位：万元\\n包号 金额", 6, 11, 0, 11), scale_around("包号 金额\\n单位：元", 0, 5, 0, 11)
    ('万', '')
    """
    before = list(TOLD.finditer(copy, max(floor, start - ABOVE), start))
    told = before[-1] if before else TOLD.search(copy, end, min(stop, end + BELOW))
    return (told["scale"] or "") if told else None


def scale_of(heading: str, around: str | None) -> str | None:
    """The scale that a heading tells, 金额（万元）, else that of its table."""
    own = HEADED.search(heading)
    return (own["scale"] or "") if own else around
