"""What a notice's purchase is called, and who buys: by its title, its buyer's label, or its own words."""

from __future__ import annotations

import regex

from pipeline.language.notices import any_of
from pipeline.language.organisations.bodies import find_bodies
from pipeline.language.script import matching_copy
from pipeline.patterns import Pattern

# What a title says besides the name of the project.
OF_NOTICE = Pattern(
    r"(?:(?:的|（[^（）]*）|\([^()]*\)|公开招标|国内|竞争性|邀请招标|招标|磋商|谈判|比选|询价|网上竞价|竞价|拟采用|单一来源|方式|采购|中标|成交"
    r"|候选人|结果|更正|变更|澄清|答疑|补充|采购意向|意向公开|意向|政府|合同|废标|流标|终止|失败|公示|公告|通知|预公告|公开|文件|\s)++)$"
)
# Goods and services whose name goes on behind the word that connects it with DNA.
GOODS = Pattern(
    r"[\p{Han}A-Za-z0-9\-]{0,14}?(?:检[测验]试剂|采集设备|项目|服务|试剂盒?|耗材|采血卡|采集卡|血卡|卡|检[测验]仪|检[测验]|系统|数据库|分?析?仪|设备|针)(?:项目|服务)?"
)

# What leads to goods: 我局拟采购一次性采血针, 含FTA卡, 拟购采血卡.
LEADS_TO = Pattern(
    r"(?:.*(?:采购|购置|购买|购进|订购|购入|拟购|另购)(?:了|的)?(?:一批)?|(?:其中)?(?:主要)?(?:含有?|包括|包含|内含|另加|以及))(?=..)"
)


def goods_alone(name: str) -> int:
    """How many characters lead to the goods that words end with.

    >>> goods_alone("我局拟采购一次性采血针"), goods_alone("含FTA卡"), goods_alone("采血卡")
    (5, 1, 0)
    """
    lead = LEADS_TO.match(name)
    return lead.end() if lead else 0


def titled(title: str, buyer: str | None) -> str:
    """The project as a title names it; empty where it names no goods.

    >>> titled("某县公安局DNA试剂采购中标公告", "某县公安局"), titled("合同公告", None)
    ('DNA试剂', '')
    """
    name = title[: len(OF_NOTICE.sub("", matching_copy(title)))].strip("“”《》 ：:").removeprefix("关于")
    if buyer and name.startswith(buyer) and len(name) > len(buyer) + 1:
        name = name[len(buyer) :]
    name = regex.sub("^(?:关于|關於)?(?:采购|採購)?", "", name)
    return name if any_of("product").search(matching_copy(name)) else ""


def says_nothing(title: str) -> bool:
    """Whether a title is a notice's and names neither goods nor anybody: 中标公告, 采购意向."""
    return not OF_NOTICE.sub("", matching_copy(title)).strip()


def goods_named(text: str, copy: str) -> str:
    """The first goods that a text connects with DNA; empty where there are none.

    >>> goods_named("某县公安局采购意向：DNA检测试剂，预算8万元", "某县公安局采购意向：DNA检测试剂，预算8万元")
    'DNA检测试剂'
    """
    for own in any_of("own").finditer(copy):
        goods = GOODS.match(copy, own.start())
        if goods:
            return text[own.start() : goods.end()]
    return ""


def body_alone(buyer: str) -> tuple[str, str]:
    """A buyer's name without the name of the project that stands behind it, and that.

    >>> body_alone("洛隆县公安局DNA数据库建设项目"), body_alone("洛隆县公安局刑侦大队")
    (('洛隆县公安局', 'DNA数据库建设项目'), ('洛隆县公安局刑侦大队', ''))
    """
    copy = matching_copy(buyer)
    for body in find_bodies(copy):
        rest = copy[body.end :]
        if body.kind == "police" and body.start == 0 and rest.endswith("项目") and any_of("own").search(rest):
            return buyer[: body.end], buyer[body.end :]
    return buyer, ""
