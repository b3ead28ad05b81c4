"""Where a post names people who are surely not those sampled: houses called after them, those left out.

Asked by the rules (`groups`) and before the fitted model (`groups.model`). Whether anybody else is sampled is no matter
here.
"""

from __future__ import annotations

from functools import lru_cache

from pipeline.language.groups.beside import beside, number
from pipeline.patterns import Pattern

# 老人活动中心, 流动人口服务站, 农家乐: houses and bodies called after people. One desk takes applications for
# residence permits, another blood. And those who left (外出人员) are no people from elsewhere.
OTHERS = Pattern(
    r"(?:(?:老年?人?|妇女|妇幼|儿童|青?少年|未成年人|职工|工人|居民|村民|群众|牧民|农民|残疾人|流动人口|外来人[口员]|新市民)[与、和]?){1,3}"
    r"(?:文化|综合|健身|党群|管理|便民)?(?:活动|服务|娱乐|保护|救助|培训)?(?:中心|协会|之家|活动室|服务站|服务点|俱乐部|联合会)(?!会员|成员)"
    r"|农家(?:[乐院]|书屋|小院)|一[张桌台][^，。；]{0,4}(?:受理|办理)[^，。；]{0,8}|(?<!采|采集)外出(?:返乡)?(?=人员)"
    # 寺庙旁的广场, 途经寺院: where people stand or pass; 一边开展流动人口管理，一边采血
    r"|[在到]?(?:寺[庙院]|清真寺)(?:(?:大?门|院)(?:口|前|外)|旁边?|附近|对面|前面?|外面?|后面|周边|隔壁)(?!\p{Han}{0,4}[僧尼])"
    r"|(?:途经|途径|路过|经过|绕过)[^，。；采]{0,16}?寺[庙院]"
    r"|一[边面](?:(?!采|抽|血|样)[^，。；]){0,8}(?:流动|外来)人口(?:(?!采|抽|血|样)[^，。；]){0,8}(?=，一[边面][^，。；]{0,6}采)"
    # 小学门卫室, 学校门口: a house that the table stands at
    r"|(?:小学|中学|学校|幼儿园)(?:(?:大?门)(?:卫室?|岗|口|前|外)|传达室|围墙|隔壁|对面)(?!\p{Han}{0,6}(?:学生|[男女]生|娃))|门卫室"
    # one man who goes ahead, or whose blood is a trace's
    r"|一[名位](?:男性|男子)\p{Han}{0,4}(?=率先|带头|第一个|首个|主动|[^，。；]{0,4}(?:比中|吻合|一致))|[与和]库[中内里]一名男[子性]"
    # 以阿訇、社长为“引路人”; 借寺院电源; 未采的多为外出放牧: who leads the way, what is lent, who was not met
    r"|以[^，。；\n]{1,16}为[“「]?(?:引路人|带路人|向导|联络员|信息员|骨干|翻译)"
    r"|借用?\p{Han}{0,4}(?:寺庙?|寺院|学校|厂里?|工地)的?(?:电源|场地|房子?|院子|车)"
    r"|(?:未采|没采|漏采|未到|欠采|缺采)(?:的|人员|者)?(?:\d{1,5}[余多]?[人名])?，?(?:主要|大?多|都|均|全)?(?:是|为|系|在)[^。；\n]{0,24}"
    r"|[未没]采[到着]的[约近]?\d{1,5}[余多]?[人名]，?(?:主要|大?多|都|均|全)?(?:是|为|系|在)[^，。；、\n]{0,12}"
    # 扎巴　88: a village in a table
    r"|(?<=[ \t\u3000|｜])扎巴(?=[ \t\u3000|｜]+\d)"
    # 大年初三, 五月初一: days of the farmers' calendar, not classes of a school
    r"|(?:大年|新年|过年|春节|月|农历|[藏阴]历年?)初[一二三]"
    # 现居某地的男子扎某（化名）: one who is written under a name
    r"|(?:男子|女子|男性|女性)(?=\p{Han}{0,2}某(?:[（(]|[^，。；、]{0,6}(?:说|称|告诉|表示|讲)))"
)
# 2楼 木匠老张：, @船工：the name under which somebody writes in a forum. A pattern of its own: a line's beginning among
# words makes a search try every character.
WRITER = Pattern(
    r"(?m:^)\W{0,2}(?:(?:\d{1,3}(?:楼|[Ll#])|楼主|网友|匿名)[】\]]?\s?|@)(?!(?:回复|某))[^\s：:，。；！？]{1,12}(?:\s[^\s：:，。；！？]{1,8})?(?=[：:])"
)
# 将女性纳入采集范围的建议, 老人小孩也不采, 除襁褓里的婴儿外: those of whom it is asked, and those left out.
ONE = (
    r"(?:[\d一二三四五六七八九十]{1,3}(?:(?:周?岁)(?:以[上下])?的?|[名个位]))?(?:学龄前的?|走不动的|行动不便的|卧床的|住校的)?(?:寺[院庙]|在外就读|在校|成年|[小中]学)?(?:[男女]性)?"
    r"(?:老人|老年人|老的|孩子|小孩|儿童|婴幼?儿|幼儿|娃娃|襁褓(?:中|里|里头)?的?(?:婴儿|孩子|娃娃?)?|未成年人|学生|[男女]生|尼姑|房东|游客|香客"
    r"|妇女|女性|女的|女同志|僧人|僧尼|干部|职工|(?:外出|外来)?务工人员|外来人员|外来经商人员|外出人员|流动人口)"
)
SOME = rf"{ONE}(?:[、和与及]?{ONE}){{0,3}}"
# 娃娃不采不让报名: those are sampled.
NOT_TAKEN = r"不[采扎抽](?![^，。；]{0,8}(?:不|就|便|静脉|别想|扣|罚))|不[用必需][采抽扎]|免采"
LEFT_OUT = Pattern(
    rf"(?:将|把){SOME}(?=[^，。；]{{0,4}}(?:纳入|列入)[^，。；]{{0,12}}(?:建议|提议|请求|意见|想法|诉求|问题))"
    rf"|(?:建议|提议|关于采集){SOME}(?=[。：\n]|的|(?:一并|一同|同时|也)?(?:进行)?采)"
    rf"|(?:有人|网友|您|代表|委员|群众)[^，。；]{{0,6}}(?:建议|提议)[将把对]{SOME}"
    r"|(?:是否|要不要|能否|该不该|可否)[^，。；]{0,16}[采抽扎][^，。；]{0,6}"
    r"(?=，[^，。；]{0,12}(?:尚无|没有|未作|暂无|不作)[^，。；]{0,4}(?:要求|规定|安排))"
    rf"|(?:不包括|不包含|不含|除了?){SOME}(?=[以之]?外|，|。)"
    r"(?![以之]?外?，[^。；，]{0,8}(?:还|也|又|同时))"
    # 已剔除在外就学、服役和三岁以下幼儿; 3份系女性血样，已剔除; 女士们带着孩子在一旁
    r"|(?:已|均)(?:剔除|扣除|除去|核减)(?:(?!采|血)[^，。；\n]){1,30}"
    r"|(?:系|是|为|误采)女性的?血样(?=[^。；\n]{0,16}(?:剔除|作废|退回|删除|注销|错误))"
    r"|[带领抱]着(?:孩子|娃娃|小孩)(?=[^，。；采抽扎]{0,8}(?:在一旁|在旁|排队领|领取|围观|看热闹))"
)
# One of these is in all that LEFT_OUT finds: a cheap check.
LEFT_OUT_SIGN = Pattern(r"不[包作含]|除|[带领抱]着|女性的?血样|核减|[建提]议|[纳列]入|[尚暂]无|没有|未作")
# 老人小孩也不采, 学龄前的娃娃和走不动的老人没有采; 外来拾花工的采集，按另文，9月以后进行
UNTAKEN = Pattern(
    rf"{SOME}(?:(?=[都均也就暂]{{0,2}}(?:{NOT_TAKEN}|不参加|不包括|不列入|除外|不计|不列|不统计|不在[^，。；]{{0,6}}(?:之列|范围|对象|此列|内)"
    r"|[^，。；采]{0,10}另行(?:协调|安排|组织|商定|通知|采)))"
    r"|(?=[都均也]?(?:没有采|没采|未采|没有?叫回来)[，。；])(?!.[^。\n]{0,40}(?:补采|再采|上门|代采)))"
    rf"|(?:{SOME}|外[来地]\p{{Han}}{{1,4}}工)的?采[集血样]{{1,2}}(?:工作)?(?=，[^。；采]{{0,16}}(?:另文|另行|另案|以后|之后|下一?阶段)[^，。；]{{0,4}}(?:进行|开展|组织|安排|实施))"
)
UNTAKEN_SIGN = Pattern(
    r"不[采扎抽用必需参包列计统在]|免采|除外|另[行文案]|[没未]有?[采叫]|(?:以后|之后|阶段)[^，。；]{0,4}(?:进行|开展|组织|安排|实施)"
)
# 除12名外出打工的，全部采完: whoever stands between these words is left out, whatever they are called.
EXCEPT = Pattern(
    r"(?:(?<![扫清消拆排解免开去革废根切])除[了去开]?|扣除)(?:(?![^，。；\n]{0,24}(?:采|登记|照[相片章]|材料|指纹|证件))[^，。；\n采]){2,26}?"
    r"(?:[以之]?外|的)，(?!(?:[^，。；]{0,4})(?:还|也|又|同时|另|一并))(?=[^。；\n]{0,30}(?:全|均|都|已|应|一律|悉数|其[余他]))"
)
# 学生因上课未能采集; but who is still to be sampled (返乡后补采) is.
CAUSE_SIGN = Pattern(r"因[^，。；\n]{1,16}[未没]")
NOT_MET = Pattern(
    rf"{SOME}(?:因|由于)[^，。；\n]{{1,16}}?[未没][^，。；\n]{{0,3}}采[到集血样]{{0,2}}(?=[，。；、])(?![^。；\n]{{0,30}}(?:补采|再采|上门|代采|返))"
)
# 核查暂住人员4人，采集血样58份: more samples than people, so that those are others.
TOLD_OFF = Pattern(
    r"(?:核查|检查|清查|盘查|登记)[^，。；、\d]{0,12}(?<people>\d[\d, ]{0,12})[余多]?[人名]，"
    r"[^，。；\d]{0,8}(?:采|血|样本|DNA)[^，。；\d]{0,10}(?<samples>\d[\d, ]{0,12})[余多]?[人份例]"
)

# 男性420份、女性380份: everybody, of whom somebody reckons how many are men.
NUMBER = r"[约近共有]{0,2}\d[\d,]{0,8}万?[余多]?(?:人份|[人名份例])"
EITHER = Pattern(rf"男性?{NUMBER}[，、；和及]女性?{NUMBER}")
# 无论男女, 不管老少男女, 男女老少: no difference is made, so that it is not the men who are meant but everybody.
ALIKE = Pattern(
    r"[不无][论分管][^，。；、\n]{0,4}男[^，。；、\n]{0,2}女(?:老[少幼])?(?!僧俗)|男女老[少幼]|" + EITHER.pattern
)
# Groups that are told apart by sex or age.
UNLIKE = frozenset({"men", "women", "children", "elderly"})


def both_alike(copy: str, start: int) -> bool:
    """Whether a word for men, women, the old or the young is part of one that makes no difference between them.

    >>> both_alike("不分男女都采", 2), both_alike("男的女的都采", 0)
    (True, False)
    """
    return any(near.start() <= start < near.end() for near in ALIKE.finditer(copy, max(0, start - 16), start + 32))


# Students of a university are grown up.
UNIVERSITY = Pattern(r"(?<!上)大学(?!生村官)|高校|学院(?!路)|大专|专科学校")
SCHOOL = Pattern(r"年?满[3-9三四五六七八九]周?岁|[中小]学|幼儿园|[初高]中|娃|孩|儿童")
# Items of a digest, minutes or a diary; what an item about samples says of them.
ITEM = Pattern(
    r"(?m)^[ \u3000]*+(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|\d{1,2}[.、．]|[◆▲●◇■★【])[^\n]*+"
)
OF_SAMPLES = Pattern(r"采|血(?!压|糖)|DNA|样本|指尖|扎|取样|基因|[Yy]库")


def grown_students(copy: str, title: str) -> bool:
    """Whether those whom a post calls students are at a university: its title says so, or it names no other school.

    >>> grown_students("学院男生采血", ""), grown_students("大学旁的中学采血", "")
    (True, False)
    """
    return "大学" in title or bool(UNIVERSITY.search(copy) and not SCHOOL.search(copy))


def other_items(copy: str) -> list[tuple[int, int]]:
    """The items of a digest that name no samples: most of its items, and what leads to them names none either.

    >>> other_items("一、幼儿园扩建。\\n二、血样采集。\\n三、校车检修。\\n四、食堂换气。")
    [(0, 8), (17, 24), (25, 32)]
    """
    items = [item.span() for item in ITEM.finditer(copy)]
    others = [span for span in items if not OF_SAMPLES.search(copy, *span)]
    if len(others) < 3 or 3 * len(others) < 2 * len(items) or OF_SAMPLES.search(copy, 0, items[0][0]):
        return []
    return others


@lru_cache(maxsize=8)  # rules and model ask it of the same text
def of_others(copy: str) -> tuple[tuple[int, int], ...]:
    """Where a matching copy names people, or seems to, who are surely not those sampled.

    >>> of_others("到老人活动中心采血")
    ((1, 7),)
    """
    signed = ((LEFT_OUT_SIGN, LEFT_OUT), (UNTAKEN_SIGN, UNTAKEN), (CAUSE_SIGN, NOT_MET))
    patterns = [OTHERS, WRITER, EXCEPT, *(pattern for sign, pattern in signed if sign.search(copy))]
    spans = [match.span() for pattern in patterns for match in pattern.finditer(copy)]
    spans += beside(copy)
    for match in TOLD_OFF.finditer(copy):
        if number(match["samples"]) > number(match["people"]):
            spans.append((match.start(), match.end("people")))
    return tuple(spans)


def of_women(text: str, code: str, start: int) -> bool:
    """Whether the residents named at `start` are the women among them (女性群众, 妇女群众)."""
    return code == "residents" and text.endswith(("女性", "妇女"), 0, start)
