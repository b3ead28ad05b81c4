"""Where a post names people who are surely not those sampled: houses called after them, those left out.

Asked by the rules (`groups`) and before the fitted model (`group_model`). Whether anybody else is sampled is no matter
here.
"""

from __future__ import annotations

import regex

# 老人活动中心, 流动人口服务站, 农家乐: houses and bodies called after people. One desk takes applications for
# residence permits, another blood. And those who left (外出人员) are no people from elsewhere.
OTHERS = regex.compile(
    r"(?:(?:老年?人?|妇女|妇幼|儿童|青?少年|未成年人|职工|工人|居民|村民|群众|牧民|农民|残疾人|流动人口|外来人[口员]|新市民)[与、和]?){1,3}"
    r"(?:文化|综合|健身|党群|管理|便民)?(?:活动|服务|娱乐|保护|救助|培训)?(?:中心|协会|之家|活动室|服务站|服务点|俱乐部|联合会)(?!会员|成员)"
    r"|农家(?:[乐院]|书屋|小院)|一[张桌台][^，。；]{0,4}(?:受理|办理)[^，。；]{0,8}|(?<!采|采集)外出(?:返乡)?(?=人员)"
    # one man who goes ahead, or whose blood is a trace's
    r"|一[名位](?:男性|男子)\p{Han}{0,4}(?=率先|带头|第一个|首个|主动|[^，。；]{0,4}(?:比中|吻合|一致))|[与和]库[中内里]一名男[子性]"
)
# 将女性纳入采集范围的建议, 老人小孩也不采, 除襁褓里的婴儿外: those of whom it is asked, and those left out.
ONE = (
    r"(?:[\d一二三四五六七八九十]{1,3}(?:周?岁)(?:以[上下])?的?)?"
    r"(?:老人|老年人|老的|孩子|小孩|儿童|婴幼?儿|幼儿|娃娃|襁褓(?:中|里|里头)?的?(?:婴儿|孩子|娃娃?)?|未成年人|学生"
    r"|妇女|女性|女的|女同志|僧人|僧尼|干部|职工|(?:外出|外来)?务工人员|外来人员|外出人员|流动人口)"
)
SOME = rf"{ONE}(?:[、和与及]?{ONE}){{0,3}}"
# 娃娃不采不让报名: those are sampled.
NOT_TAKEN = r"不[采扎抽](?![^，。；]{0,8}(?:不|就|便|静脉|别想|扣|罚))|不[用必需][采抽扎]|免采"
LEFT_OUT = regex.compile(
    rf"(?:将|把){SOME}(?=[^，。；]{{0,4}}(?:纳入|列入)[^，。；]{{0,12}}(?:建议|提议|请求|意见|想法|诉求|问题))"
    rf"|(?:有人|网友|您|代表|委员|群众)[^，。；]{{0,6}}(?:建议|提议)[将把]{SOME}"
    r"|(?:是否|要不要|能否|该不该|可否)[^，。；]{0,16}[采抽扎][^，。；]{0,6}"
    r"(?=，[^，。；]{0,12}(?:尚无|没有|未作|暂无|不作)[^，。；]{0,4}(?:要求|规定|安排))"
    rf"|{SOME}(?=[都均也就暂]{{0,2}}(?:{NOT_TAKEN}|不参加|不包括|不列入|除外|不在[^，。；]{{0,6}}(?:之列|范围|对象)))"
    rf"|(?:不包括|不包含|不含|除了?){SOME}(?=[以之]?外|，|。)"
)
# 核查暂住人员4人，采集血样58份: more samples than people, so that those are others.
TOLD_OFF = regex.compile(
    r"(?:核查|检查|清查|盘查|登记)[^，。；、\d]{0,12}(?<people>\d[\d, ]*)[余多]?[人名]，"
    r"[^，。；\d]{0,8}(?:采|血|样本|DNA)[^，。；\d]{0,10}(?<samples>\d[\d, ]*)[余多]?[人份例]"
)


def of_others(copy: str) -> list[tuple[int, int]]:
    """Where a matching copy names people, or seems to, who are surely not those sampled.

    >>> of_others("到老人活动中心采血")
    [(1, 7)]
    """
    spans = [match.span() for pattern in (OTHERS, LEFT_OUT) for match in pattern.finditer(copy)]
    for match in TOLD_OFF.finditer(copy):
        if _figure(match["samples"]) > _figure(match["people"]):
            spans.append((match.start(), match.end("people")))
    return spans


def _figure(digits: str) -> int:
    """The number that digits, with blanks and commas among them, stand for."""
    return int(regex.sub(r"\D", "", digits))
