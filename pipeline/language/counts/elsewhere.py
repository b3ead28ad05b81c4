"""Figures of what is elsewhere: samples in banks abroad, people who are away, only drawn up, or left alone."""

from __future__ import annotations

from pipeline.language.counts.numerals import Numeral
from pipeline.patterns import Pattern

COUNTRIES = (
    r"英国|美国|法国|德国|日本|韩国|印度(?!尼)|印尼|欧[洲盟]|加拿大|澳大利亚|新西兰|荷兰|比利时|瑞士|瑞典|丹麦|挪威|芬兰|冰岛|爱沙尼亚|爱尔兰"
    r"|西班牙|葡萄牙|意大利|奥地利|波兰|捷克|匈牙利|俄罗斯|土耳其|以色列|科威特|阿联酋|巴基斯坦|新加坡|马来西亚|泰国|巴西|南非|外国"
)
# 丹麦警方的库存着15万份, 瑞士两者合计约6万份; not whose people, instruments or scholars are told of,
# nor where the sentence comes home before the figure.
ABROAD = Pattern(
    rf"(?<!旅居|侨居|定居)(?:{COUNTRIES})(?!籍|裔|华人|华侨|公民|游客|留学|进口|产|制造|品牌|试剂|仪|设备|\p{{Han}}{{0,6}}(?:公司|学者|教授|专家|记者|媒体|期刊|出版|大学|使馆))"
    r"(?:(?!中国|我国|国内|宗亲|华侨|西藏|新疆|公安|藏|[县镇乡村旗](?!民主)|派出所|本[台站报县市地]|我[县市们国])[^。；\n\d]|20\d\d年?+|\d\d?月){0,36}$"
)
IN_BANKS = ("份", "人份", "条", "人", "例", "")
# 还有26人在外打工, 其中4人在拉萨住院, 余下的31人中有9名在山洞闭关
LED = Pattern(
    r"(?:其余|余下|剩下|剩余|另外?|[还尚仍]有|其中|[未没](?:采|能采|采集|采血|到)[^，。；、\d]{0,3}"
    r"|\d{1,4}余?[人名]中|有|的|是){0,4}"
)
STAY = (
    r"(?:(?:打|务|做)工|经商|住院|就医|看病|治病|手术|上学|读书|就读|陪读|学经|闭关|朝圣|朝佛|服刑|当兵|服役|放牧"
    r"|挖虫草)"
)
AWAY_BEHIND = Pattern(
    rf"(?:现|正|都|均|因|仍|还|尚|全|长期|常年){{0,3}}(?:在外地|在\p{{Han}}{{1,6}}?{STAY}|在外|外出{STAY}?)"
    r"(?=[，、。；）]|$)|(?:外出|去外地)[^，。；\d]{0,6}[未没](?:回|归|返)"
)
# Their turn comes: 待返寺后补采, 已列册, 6月底前回来采.
TURN_COMES = Pattern(r"[^。]{0,60}(?:补|待|返|回[来寺村乡家去]|再采|再扎|就地|代采|列[册入]|登记|[采扎]|前)")
# 把青壮年造册，一共三千余人。: drawn up, and nobody says that all of them are to be sampled.
DRAWN_UP = Pattern(r"(?:造册|登记造册|列表|摸底)，?(?:一共|总共|总?计|共计|合计|共)?(?:有|约)*$")
# 学校现有在校生1203人、教职工96人, 管辖6个村3200余人, 工地上有来自甘肃的工人400多名: who is there, not sampled yet
THERE = Pattern(
    r"(?:^|[，。；：！？\n）)])(?:(?!采|血|样|DNA|数|名单|其中|合计|总计|来|到|赶|轮)[^，。；：]){0,16}"
    r"(?:(?<![已还尚仍没未另只仅占含中数里头所约拥])(?:现|共|总共)?有|管辖|下辖|[管守]着)"
    r"(?:(?!采|血|样|扎|抽|DNA|库|未|没|应|已|待|漏|另|志愿|受试|参[与加])[^，。；：（(\n]){1,30}$"
)
THEN_SAMPLED = Pattern(
    r"(?:、[^，。；、\n]{0,12})*+(?:[^，。；：\n、]{0,16}(?:采|血|样|扎|抽|DNA|入库|未|没|参|到场|接受|配合|完成|尚|到位|待)"
    # 有男生640人，民警用三个课间完成了取样
    r"|，[^。；\d]{0,24}(?:完成了?|全部|采[完齐]|采[集血](?!(?:DNA|血|样)*[时前])了?|[已均都][抽采扎]|抽血|扎指|血样(?![时前]))[^。；\d]*+(?:[。；\n]|$))"
)
# 在有1.2万人的隆务镇采血: how many live there
LIVE_IN, THEIR_TOWN = Pattern(r"有(?:着)?(?:近|约|超过?)?$"), Pattern(r"的\p{Han}{1,6}(?:镇|乡|县|市|村|社区|街道)")
# 现有居民3.2万人，民警采血时…
LIVE_HERE = Pattern(r"(?:现|共|总共|辖)有(?:居民|人口|村民|群众|牧民|农牧民)(?:共|约|近|有)*$")
# 辖区男性2.1万人，应采1,010人: who live there
POPULACE = Pattern(
    r"(?:^|[，。；：\n])(?![^，。；：\n]*(?:采|抽|血|样|DNA|应|对|给|为|需|入库))[^，。；：\n\d]{0,14}(?:辖区内?|全[县镇乡村市区]|[县镇乡村]|常住|户籍|现有|共有)"
    r"(?:有|共)*(?:男性|男丁|男子|人口|居民|村民|群众)(?:人口|村民|居民|公民)?(?:共|约|有|为|近)*$"
)
NOT_THEN = Pattern(
    r"(?![^，。；]{0,8}(?:采|抽|血|全部|均已|都已))[^。；\d]{0,30}(?:应采|需采|须采|已采|采集|采了|家系)"
)
DUE = Pattern(r"采|血|DNA|样|应|对象|任务")
SAMPLED_BEHIND = Pattern(r"[^。；]{0,40}(?:采|扎|抽|血|DNA|样)")
# 41人家长不同意，25人请假，均不再安排采集
NO_MORE = Pattern(
    r"(?:[^。；]{0,40}(?=[，均都]))?[，均都一律全部]{1,4}(?:不再|不予|不作|暂不)(?:安排|组织|进行|列入|纳入)?(?!重)[^，。；\d]{0,3}采[集血样]?(?=[，。；！）]|$)"
)
NO_MORE_OF = Pattern(r"[应须需]采[^，。；]{0,8}$|(?:已|[采抽][完了过到]|采集了)[^。；]*$")
# 涌进上千名外地工人: who came
POURED = Pattern(r"(?:涌[进入来向]|聚集|迁来|住着|常住)(?:了)?(?:约|近)?$")
CLAUSES = Pattern(r"[。；\n]")
CLAUSE = Pattern(r"[，。；：！？\n、（）()]")


def is_elsewhere(numeral: Numeral, before: str, behind: str, *, people: bool) -> bool:
    """Whether samples lie in a bank abroad, or people are away or merely drawn up, between what stands beside them.

    >>> from pipeline.language.counts.numerals import find_numerals
    >>> n = find_numerals("还有26人在外地。")[0]
    >>> is_elsewhere(n, "还有", "在外地。", people=True), is_elsewhere(n, "还有", "在外地，待返乡后补采。", people=True)
    (True, False)
    """
    if numeral.unit in IN_BANKS and ABROAD.search(before):
        return True
    if not people:
        return False
    if AWAY_BEHIND.match(behind) and LED.fullmatch(CLAUSE.split(before)[-1]) and not TURN_COMES.match(behind):
        return True
    if (THERE.search(before) or LIVE_HERE.search(before)) and not THEN_SAMPLED.match(behind):
        return True
    if POPULACE.search(before) and NOT_THEN.match(behind):
        return True
    if POURED.search(before) and not THEN_SAMPLED.match(behind):
        return True
    if NO_MORE.match(behind) and not NO_MORE_OF.search(before):
        return True
    if LIVE_IN.search(before) and THEIR_TOWN.match(behind):
        return True
    listed = DRAWN_UP.search(before)
    said = CLAUSES.split(before)[-1]
    return listed is not None and DUE.search(said) is None and SAMPLED_BEHIND.match(behind) is None
