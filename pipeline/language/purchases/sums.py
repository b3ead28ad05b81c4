"""Whose sums the sums of a text are, and what all of a purchase comes to where only 合计 or 总价 tells it.

Works on a matching copy.
"""

from __future__ import annotations

from decimal import Decimal

from pipeline.language.notices import any_of
from pipeline.language.purchases.yuan import find_sums
from pipeline.language.sentences import STATEMENT_END
from pipeline.patterns import Pattern

# Who buys, right before the verb: 县医院采购核酸试剂; 采购人, 政府采购 and 采购中心 name no buyer.
BUYER = Pattern(
    r"(?<who>\p{Han}{1,20}?(?:[局委院校厅馆]|中心|公司|[县市区州乡镇民]政府|小学|中学|大学|卫生所|研究所))"
    r"(?:拟|计划|已|将|公开|集中|统一|今年|本次)*(?:采购|购置|购买|购进|订购)"
    r"(?!人|单位|方|代理|中心|文件|方式|项目|计划|需求|内容|预算|公告|意向|网|合同|管理)"
)
# 我局, 县局: the police, among themselves; 委托县医院采购: for the police.
OWN = Pattern(
    r"^(?:[\p{Han}]{0,12}[，。])?\p{Han}{0,4}[我本该县市州省区旗分总全]局$|[我本](?:局|[支大]队|单位)|物证|刑侦|法医|委托|[由向从经为给与]|通过|配合|协助"
)
# No buyer stands further before a sum, in characters.
REACH = 120
TOTAL = Pattern(
    r"(?:(?<=[，,。；;、：:（(\s])|^)(?:合计|总价|(?:采购|项目)?总?金额|总计|共计|总额|总费用)(?:金额|价款?|费用)?(?:为|约|共|是|[（(]元[）)])*\s*[:：]?\s*(?:人民币)?\s*$"
)


def others_buy(copy: str, at: int) -> bool:
    """Whether who is said to buy, last before a sum in its sentence, is not the police.

    >>> others_buy("县医院采购试剂花费12万元", 9), others_buy("县医院采购试剂，县公安局采购血卡花费3万元", 18)
    (True, False)
    >>> others_buy("我局物证鉴定中心采购血卡花费3万元", 14)
    False
    """
    floor = max(0, at - REACH)
    floor = max((mark.end() for mark in STATEMENT_END.finditer(copy, floor, at)), default=floor)
    named = [match["who"] for match in BUYER.finditer(copy, floor, at)][-1:]
    return any(not any_of("police").search(who) and not OWN.search(who) for who in named)


def totals(copy: str) -> list[tuple[int, int, Decimal]]:
    """The sum that a purchase comes to, where all that 合计, 总价 and the like lead to are one: start, end, yuan.

    >>> totals("采血卡1万张，单价2.8元，合计2.8万元")
    [(16, 21, Decimal('28000'))]
    """
    found = [
        (one.start, one.end, one.value)
        for one in find_sums(copy)
        if not one.each and TOTAL.search(copy, max(0, one.start - 20), one.start) and not others_buy(copy, one.start)
    ]
    return found[:1] if len({value for *_, value in found}) == 1 else []
