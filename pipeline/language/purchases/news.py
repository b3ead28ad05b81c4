"""Purchases told in sentences: goods with their numbers, and who bought from whom, in news and reports.

Works on a matching copy.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

import regex

from pipeline.language.notices import any_of
from pipeline.language.organisations.bodies import Body, find_bodies
from pipeline.language.purchases.names import goods_alone
from pipeline.language.purchases.sums import others_buy
from pipeline.language.purchases.works import for_other_works
from pipeline.language.purchases.yuan import ARABIC, arabic_value, as_number, find_sums, numeral_value
from pipeline.language.script import matching_copy
from pipeline.patterns import Pattern
from pipeline.records import AmountKind, Procurement, PurchaseStatus

SENTENCE = Pattern(r"[^。！？!?\n；]+")
UNIT = r"人份|张|支|盒|套|份|个|枚|台|包|箱|瓶|袋|根|部|批"
# In brackets behind goods or their number: what belongs to them.
ASIDE = r"(?:\s?[（(][^（）()\n]{1,40}[）)])"
# 八万五千份; one numeral alone (一台) is a phrase more often than a number.
HAN_NUMBER = r"[零〇一二两三四五六七八九十百千万]{2,}"
# Goods begin behind a mark, a verb, or the number of a list: 1.采血针, ②采血针; but 1.5万支. 200人份/盒×230盒 are 230.
ITEM = Pattern(
    rf"(?<=[，。；、：:\s（(①-⑳]|采购|购置|购买|购进|订购|提供|拟购|及|和|各|\d[.．)）](?!\d)|元的)"
    rf"(?!采购|购[置买进]|订购|提供)(?<name>(?:(?!元的|拟购)[\p{{Han}}A-Za-z0-9\-]){{2,20}}?){ASIDE}?"
    rf"(?:\d+(?:{UNIT})[/／](?:{UNIT})[×xX*])?(?:约|共|各|不少于|[，,]?数量[为:：]?|计|[:：×])?\s?"
    rf"(?:(?<number>{ARABIC})(?<scale>万)?|(?<han>{HAN_NUMBER}))余?\s?(?<unit>{UNIT})(?![/／]\p{{Han}})"
)
# Between goods and the price of one: ，单价：, （每套.
TO_PRICE = Pattern(
    rf"{ASIDE}?[\s，,、（(]*+(?<label>\p{{Han}}{{0,4}}单价(?:最高)?(?:限价)?)?(?:[为约是仅:：\s]|人民币)*+(?:每\p{{Han}}{{1,2}}[约为]?)?"
)
TO_TOTAL = Pattern(r"[\s，,、（(]*+(?:总价|总额|合计|共计|小计|金额|计)[为约:：]?")
UNIT_PRICE = Pattern(r"单价[为约:：]?$")
LONGEST_ASIDE = 60
# Goods, not samples: 采集血卡5000张 is no purchase.
GOODS = Pattern(r"卡$|针$|试剂|盒$|耗材|仪$|拭子|信封$|磁珠|工作站|设备|系统$|管$|包$|箱$|剂$|平台$|服务$|套装$")
TAKEN = Pattern(
    r"^.*(?:采集(?!卡|针|盒|包|仪|设备|耗材|套装|拭子|管|器|箱|袋)|已采|送检|入库|采得|退回|发放|领取|领用|上交)"
)
BUYS = Pattern(r"采购|购置|购买|购进|订购|购入|购得|签订|签约|中标|成交|招标")
PRODUCT = Pattern(
    rf"(?:采购|购置|购买|购进|订购|购入|购得)(?:了|的|到)?(?:一批|一套|一台|{ARABIC}(?:{UNIT}))?(?:(?:单价|价值|总价)?[约近]?(?:{ARABIC})[余多]?万?[余多]?元的)?"
    rf"(?<name>[\p{{Han}}A-Za-z0-9\-、“”]{{2,40}}?)"
    rf"(?={ARABIC}|{HAN_NUMBER}(?:{UNIT})|[，。；（(]|共|用于|合计|总价|项目|合同|花费|花了|耗资|费用|支出|预算|$)"
)
WINS = Pattern(
    r"[^，。；、]{0,6}?(?:以[^，。；]{1,24}?(?:元|价格)[^，。；]{0,8}?)?(?:成功|顺利|最终)?(?:中标|成交|中选|夺标|承接|承建|供货|供应|提供|独家)"
)
FROM = Pattern(r"(?:由|向|从|自)(?:位于)?[\p{Han}]{0,6}$")
WITH = Pattern(r"(?:与|和|同)[\p{Han}]{0,6}$")
SIGNS = Pattern(r"[^。；]{0,20}?(?:签订|签约|签署|达成)")
SIGNED = Pattern(r"签[订署]了?[^，。；]{0,20}(?:合同|协议)|合同(?:总?[金价款额]|价)")
LOSES = Pattern(r"[^，。；]{0,16}?(?:未中标|落选|落标|未成交|参加投标|参与投标|递交|参与竞标|报名|质疑|投诉|报价最高)")
INTENDS = Pattern(r"(?:拟|计划|将|准备|打算|建议|申请|需要|需|力争|预计)[^，。；]{0,10}$")
TENDERS = Pattern(r"(?<!未经?(?:公开)?)招标|询价|竞争性|公告")
# 未采购, 没有购买; but 未经招标采购.
DENIES = Pattern(r"(?:未|没有?|不再|无法|无力|取消|暂停|停止|放弃)(?!经)[^，。；]{0,3}$")
CRIME = Pattern(r"冒充|假冒|谎称|(?<!(?:追回|挽回|返还|拦截|止付)[^，。；]{0,6})(?:被骗|骗取|骗走|行骗)|骗子")
SUSPECT = Pattern(r"(?:嫌疑人|嫌犯|疑犯|不法分子)[^，。；]{0,12}$")
GOODS_BOUGHT = Pattern(r"采购|购置|购买|购进|订购|购入|购得")
# 某公司采购; but 由公司采购, 委托公司采购, who does it for the police.
OTHER_BUYER = Pattern(
    r"(?<!(?:委托|通过|由|向|从|经)[^，。；]{0,20})(?:公司|企业|医院|学校|网友|群众|市民|村民|商户|店主)[^，。；由向从]{0,4}$"
)
# 两地分别采购: who of them bought what is not told.
EACH = Pattern(r"(?:分别|各自|两[地县市局区家所]|双方|各[地县市局所]|三[地县市局])[^，。；]{0,6}$")
# 为派出所采购, 与县局一道采购: a body behind these is not the one who buys.
NOT_WHO = Pattern(r"(?:为|给|向|与|和|同|在|到|对|从|及|、|送|往|交由|供|发放|协助|配合)$")
LABELLED = Pattern(
    r"(?:采购人|采购单位|采购方|招标人|招标单位|业主|业主单位|甲方|买方)(?:为|是|[:：])?$|(?:中标|中选|承接|承建)了?$"
)
CLAUSE = Pattern(r"[，、。；（(]")
APPROXIMATE = r"[约近达至仅共总计为是了到:：\s]*(?:人民币)?\s*"
JOINED = Pattern(rf"(?:[、和及与]|以及)?{APPROXIMATE}")
# Only this between 中标 or 预算 and the sum in the next clause: 中标，总金额48万元.
PLAIN = Pattern(rf"[，,]?(?:总?(?:金额|价格?|额|费用|款))?{APPROXIMATE}")
BOUGHT_FOR = Pattern(rf"(?:以|用|花|{GOODS_BOUGHT.pattern}|{BUYS.pattern})(?:了)?(?:价格?|金额)?{APPROXIMATE}$")
# 48万元采购, 12万元的价格购进
BUYS_WITH = Pattern(rf"(?:的?(?:资金|价格|经费))?[^，。；、]{{0,4}}?(?:{BUYS.pattern})")
# 购置警车, 采购了执法车2辆; not 采购合同, 采购项目.
OBJECT = Pattern(r"了?(?!项目|合同|资金|经费|款|人|单位|方式|公告|工作|任务|计划)\p{Han}{2,}")
# 拨付专项经费150万元，购买采血卡: what was granted, not what the cards cost
GRANTED = Pattern(
    r"(?:拨付|下拨|划拨|拨出|争取|申请|落实|安排|筹措|筹集)(?:了|到)?[^，。；\d]{0,10}(?:经费|资金|款项?)[^，。；\d]{0,4}$"
)
STATION = Pattern(r"(?:派出所|警务[室站]|检查站)$")
# How far before a sum the verb may stand that tells what it was for.
LONGEST_TELLING = 200
# 采购了一批: as far as it takes to see that it is no 采购人.
LONGEST_VERB = 6
# 30万元奖金
NO_PRICE_BEHIND = 4


KINDS: tuple[tuple[AmountKind, Pattern], ...] = (
    ("budget", Pattern(r"预算|限额")),
    ("ceiling", Pattern(r"限价|控制价")),
    ("contract", Pattern(r"合同")),
    ("award", Pattern(r"中标|成交|中选")),
)


class Item(NamedTuple):
    """Goods named with their number: the name runs from start to name_end. `unit_price` in yuan, where told."""

    start: int
    name_end: int
    end: int
    quantity: Decimal
    unit: str | None
    unit_price: Decimal | None


def inline_items(copy: str) -> list[Item]:
    """Goods connected with DNA and their numbers in running text: 采血卡30,000张."""
    found: list[Item] = []
    for sentence in SENTENCE.finditer(copy):
        if not any_of("own").search(copy, *sentence.span()):
            continue
        for match in ITEM.finditer(copy, *sentence.span()):
            name = match["name"]
            if any_of("own").search(name) and GOODS.search(name) and not TAKEN.search(name):
                price = _unit_price(copy, match, sentence.end())
                start, name_end = match.start("name") + goods_alone(name), match.end("name")
                found.append(Item(start, name_end, match.end("unit"), _quantity(match), match["unit"], price))
    return found


def _quantity(item: regex.Match[str]) -> Decimal:
    if item["han"]:
        return numeral_value(item["han"]) or Decimal(0)
    return arabic_value(item["number"], item["scale"] or "")


def _unit_price(copy: str, item: regex.Match[str], end: int) -> Decimal | None:
    """The price of one of the goods: behind their number, in the brackets before it, or right before their name.

    `end` is that of the sentence.
    """
    at = item.end()
    for one in find_sums(copy, at, min(end, at + LONGEST_ASIDE)):
        between = TO_PRICE.fullmatch(copy, at, one.start)
        if between and (between["label"] or one.each):
            return one.value
        if not TO_TOTAL.fullmatch(copy, at, one.start):
            break
        at = one.end
    start = item.start("name")
    before = [one for one in find_sums(copy, max(0, start - 20), start) if copy[one.end : start] == "的"]
    for one in (*find_sums(copy, item.end("name"), item.start("unit")), *before):
        if one.each or UNIT_PRICE.search(copy, max(0, one.start - 4), one.start):
            return one.value
    return None


class Amount(NamedTuple):
    """What a sentence says was paid or set aside: where the sum stands, yuan, and what it is called, if it is."""

    start: int
    end: int
    value: Decimal
    kind: AmountKind | None


def find_news(text: str, copy: str, publisher: str) -> tuple[Procurement, ...]:
    """Purchases by the police told in sentences: those with a price or a supplier, or with goods and their number."""
    found: list[Procurement] = []
    police = [body for body in find_bodies(copy) if body.kind == "police"]
    signed = publisher if any_of("police").search(matching_copy(publisher)) else None
    for sentence in SENTENCE.finditer(copy):
        start, end = sentence.span()
        verbs = list(BUYS.finditer(copy, start, end))
        if not verbs or not any_of("own").search(copy, start, end):
            continue
        named = next((m for m in PRODUCT.finditer(copy, start, end) if any_of("own").search(m["name"])), None)
        verb = named.start() if named else verbs[-1].start()
        if (not police and not signed) or not _by_police(copy, start, end, verb):
            continue
        buyer = _buyer(text, copy, (start, verb, end), police, signed)
        found += _told(text, copy, (start, verb, end), named, buyer)
    return tuple(found)


def _by_police(copy: str, start: int, end: int, verb: int) -> bool:
    """Whether a sentence tells that something was bought, and not by others: 未采购, 某公司采购, 冒充公安采购."""
    if DENIES.search(copy, start, verb) or SUSPECT.search(copy, start, verb) or CRIME.search(copy, start, end):
        return False
    if others_buy(copy, min(end, verb + LONGEST_VERB)):
        return False
    return not (GOODS_BOUGHT.match(copy, verb) and OTHER_BUYER.search(copy, start, verb))


def _buyer(
    text: str, copy: str, sentence: tuple[int, int, int], police: Sequence[Body], signed: str | None
) -> str | None:
    """Who buys: the last police body before the verb, or labelled as buyer behind it, else one named before.

    `sentence`: where it begins, its verb, its end. None where it says that several bought, each for itself.
    """
    start, verb, end = sentence
    first, stop = (bisect_left(police, at, key=lambda body: body.start) for at in (start, end))
    here = police[first:stop]
    before = [body for body in here if body.end <= verb]
    acting = [body for body in before if not NOT_WHO.search(copy, max(0, body.start - 4), body.start)]
    labelled = [body for body in here if LABELLED.search(copy, max(0, body.start - 6), body.start)]
    if len(before) != 1 and not labelled and EACH.search(copy, start, verb):
        return None
    named = acting[-1:] or labelled[:1] or before[-1:] or police[max(0, first - 1) : first]
    if named or signed:
        return text[named[0].start : named[0].end] if named else signed
    name = text[police[0].start : police[0].end]
    # 购买采血卡5万张。某派出所采集…: a bureau that signs below bought them, no station that uses them
    return None if police[0].start >= end and STATION.search(name) else name


def _told(
    text: str, copy: str, sentence: tuple[int, int, int], named: regex.Match[str] | None, buyer: str | None
) -> list[Procurement]:
    """What one sentence tells; it begins, buys and ends at the three offsets."""
    start, verb, end = sentence
    supplier = _supplier(text, copy, start, end)
    if named is None and supplier is None:
        return []
    status: PurchaseStatus = "planned" if INTENDS.search(copy, start, verb) else "awarded"
    if TENDERS.search(copy, start, end) and not supplier:
        status = "tendered"
    if status == "awarded" and SIGNED.search(copy, start, end):
        status = "contracted"
    product = text[named.start("name") : named.end("name")] if named else _product(text, copy, start, end, supplier)
    # 检测仪一台及血卡四万张: the number of one kind is not that of all
    one_kind = named and not regex.search("[及和与、]", named["name"])
    quantity = next((i for i in inline_items(copy[start:end])), None) if one_kind else None
    facts: dict[str, object] = {
        "part": "whole",
        "status": status,
        "buyer": buyer,
        "supplier": supplier,
        "product": product,
    }
    if quantity is not None:
        facts |= {"quantity": as_number(quantity.quantity), "unit": quantity.unit}
        facts |= {"unit_price": as_number(quantity.unit_price)}
    found = [
        Procurement.model_validate(
            {**facts, "text": text[one.start : one.end], "start": one.start, "end": one.end,
             "amount": as_number(one.value), "amount_kind": one.kind}
        )
        for one in _amounts(copy, start, end)
    ]  # fmt: skip
    if not found and (supplier or quantity):
        where = next((text.find(words, start, end) for words in (supplier, product) if words), -1)
        words = supplier or product or ""
        if where >= 0:
            facts |= {"text": words, "start": where, "end": where + len(words)}
            found = [Procurement.model_validate(facts)]
    return found


def _amounts(copy: str, start: int, end: int) -> Iterator[Amount]:
    """The sums of a sentence that are the price of what it tells was bought, none of losses or rewards."""
    floor, last = start, None
    for one in find_sums(copy, start, end):
        clause = max((mark.end() for mark in CLAUSE.finditer(copy, floor, one.start)), default=floor)
        # 分别为60万元、65万元: the second is what the first is
        told_with = last if last and JOINED.fullmatch(copy, floor, one.start) else None
        if not one.each and (told_with or _is_price(copy, start, clause, one.start, one.end)):
            kind = _kind(copy, floor, clause, one.start, one.end)
            last = Amount(one.start, one.end, one.value, told_with.kind if told_with else kind)
            yield last
        else:
            last = None
        floor = one.end


def _is_price(copy: str, start: int, clause: int, a: int, b: int) -> bool:
    """Whether the words around a sum say that it was paid or set aside. Its clause begins at `clause`."""
    no_price = any_of("no_price")
    mark = CLAUSE.search(copy, b, b + NO_PRICE_BEHIND)
    behind = mark.start() if mark else b + NO_PRICE_BEHIND
    if no_price.search(copy, clause, a) or no_price.search(copy, b, behind) or _other_goods(copy, start, a):
        return False
    if for_other_works(copy, clause, a, b) or others_buy(copy, a):
        return False
    if GRANTED.search(copy, clause, a) and not GOODS_BOUGHT.search(copy, start, a):
        return False
    if any_of("budget", "ceiling", "award", "contract", "spent").search(copy, clause, a):
        return True
    if BOUGHT_FOR.search(copy, clause, a) or BUYS_WITH.match(copy, b):
        return True
    # 采购采血卡3万张，12万元
    if not PLAIN.fullmatch(copy, clause, a):
        return False
    return GOODS_BOUGHT.search(copy, max(start, clause - LONGEST_TELLING), clause) is not None


def _other_goods(copy: str, start: int, at: int) -> bool:
    """Whether what was bought last before a sum is something else: 采购血卡花12万元，购置警车花60万元."""
    verbs = list(GOODS_BOUGHT.finditer(copy, max(start, at - LONGEST_TELLING), at))
    if len(verbs) < 2 or any_of("own").search(copy, verbs[-1].end(), at):
        return False
    told = any_of("budget", "ceiling", "award", "contract", "spent").match(copy, verbs[-1].end())
    return not told and OBJECT.match(copy, verbs[-1].end(), at) is not None


def _product(text: str, copy: str, start: int, end: int, supplier: str | None) -> str | None:
    at = text.find(supplier, start, end) if supplier else -1
    sold = range(at, at + len(supplier or "")) if at >= 0 else range(0)
    match = next((m for m in any_of("own").finditer(copy, start, end) if m.start() not in sold), None)
    if match is None:
        return None
    longer = regex.compile(r"[\p{Han}A-Za-z0-9\-]{0,14}?(?:项目|服务|试剂盒?|耗材|卡|系统|仪|设备)").match(
        copy, match.start(), end
    )
    return text[match.start() : longer.end() if longer else match.end()]


def _supplier(text: str, copy: str, start: int, end: int) -> str | None:
    """The company that sold, by the words around its name."""
    for body in find_bodies(copy[start:end]):
        if body.kind != "company":
            continue
        a, b = start + body.start, start + body.end
        if LOSES.match(copy, b, end):
            continue
        left = copy[max(start, a - 12) : a]
        if WINS.match(copy, b, end) or FROM.search(left) or (WITH.search(left) and SIGNS.match(copy, b, end)):
            return text[a:b]
    return None


def _kind(copy: str, floor: int, clause: int, a: int, b: int) -> AmountKind | None:
    """What the nearest word before a sum in its clause calls it, or the one right behind; None if they do not tell.

    `floor`: the end of the sum before. Where the clause says but 金额 or the like, the one before it is asked.
    """
    if PLAIN.fullmatch(copy, clause, a):
        clause = max((mark.end() for mark in CLAUSE.finditer(copy, floor, max(floor, clause - 1))), default=floor)
    told = [(m.end(), kind) for kind, words in KINDS for m in words.finditer(copy, max(floor, clause), a)]
    if told:
        return max(told)[1]
    behind = CLAUSE.search(copy, b, b + 10)
    return "award" if KINDS[-1][1].search(copy, b, behind.start() if behind else b + 10) else None
