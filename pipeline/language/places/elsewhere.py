"""Which mentions of units are of another place than a collection's: origins, destinations, firms, crimes, homes.

Told by the words around one mention; what a whole passage tells is in `places.scope`.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from pipeline.language.notices import any_of
from pipeline.language.places.mentions import Mention, words
from pipeline.patterns import Pattern

# What is told of a unit here is a case or a person's home, no collection: 甘都镇一起命案, 桂果镇一村民龙某, 某村的卓某.
OTHER_MATTER = Pattern(
    r"[^，。；\n]{0,14}(?:取经|来问(?:经验|怎么|法子)|来(?:我[县乡镇所村]|我们这[儿里])?(?:参观|观摩|考察|学习))(?![^。\n]{0,24}采)|[^，。；\n]{0,8}(?:开标|评标|会议室|会议中心|党校|培训基地|(?:宾馆|酒店)\p{Han}楼)(?![^，。；\n]{0,8}(?:采|抽血|扎|DNA|设点))|\d{1,2}月\d{1,2}日电|\d{1,2}日电|的(?:亲戚|朋友|同学|同事|熟人|战友|网友|老表|表[哥姐弟妹])|(?:(?!开展|推进|围绕|结合|防)[^，。；\n]){0,6}(?:命案(?!积案|攻坚)|杀人|火灾|事故|盗窃|抢劫|强奸|绑架|凶杀|投毒|抢夺|纵火|灭门|一案)|一起[^，。；\n]{0,14}?(?:案(?![件子发情底])|杀人|事故)|\p{Han}{0,3}?的?(?:[一那这][桩宗件]|[那这]起)[^，。；\n]{0,14}?(?:案(?![件发情底]|子底)|杀人|事故)|案(?![件子发情底])|[一有]?[位名个]?(?:村民|居民|网民|群众)?\p{Han}某(?![村寨庄寺屯组镇乡]|反映|来信|来电|投诉|咨询|[说称问家]|介绍|告诉|表示)|(?:的|民兵|青年|干部|职工|老人|牧户)\p{Han}某|某(?![寺村庙屯社组厂街小校县乡镇派所]|\p{Han}{0,3}(?:厂|工地|公司|小区|学校|村))|小(?![学区院组巷街微型企])\p{Han}(?![区学院])"
)
# A crime, an arrest, the family that a trace led to: 镇上一名司机被杀, 在理塘县城被抓, 与切吉乡一马姓家族吻合.
CRIME = Pattern(
    r"[^，。；\n]{0,14}(?:被杀|遇害|被害(?!人)|遭杀|被抢(?!救|修|占|先)|被勒死|身亡|丧命)"
    r"|(?:(?!公安|警|所|局)[^，。；\n]){0,6}(?:被抓|落网|被捕|被擒)"
    r"|[一某]?个?\p{Han}姓(?:家族|家系|人家|一族|一家|一支)[^，。；\n]{0,4}(?:吻合|比中|匹配|对上|一致|相符)"
)
# 比中财神镇李姓家族: behind these stands what samples led to.
LED_TO = Pattern(r"(?:比中|比对出|直指|匹配[到上])了?[^，。；、\n]{0,10}$")
# 河南来的工人, 《浙江省居住证》.
COME_FROM = Pattern(
    r"(?:[、和与及]\p{Han}{2,4})*(?:等地|[两几]省|等省)?(?:过|一路)?来的(?!血|样|卡|信|电|函|文|通知|物资|设备|试剂)|(?:居住证|暂住证|牌照|车牌)"
)
# 安徽、贵州船员: whose home it is.
FOLK = Pattern(
    r"(?:[、和与及]\p{Han}{2,4}?)*(?:籍|船员|民工|工友|老乡|客商|商人|游客|口音|师傅|工人(?!文化|医院|新村))"
)
# 成都、康定的老乡会: a body of those from home who live there.
CLUB = Pattern(r"(?:[、和与及]\p{Han}{2,4}?)*的?(?:老乡会|同乡会|老乡群|乡友会|商会)")
# 籍贯　登记　采DNA: a table of where people come from, of at most so many characters.
ORIGINS = Pattern(r"(?m)^[ \t\u3000]*(?:籍贯|户籍(?:地|所在地)|原籍|来源地)[ \t\u3000|｜](?:[^\n]*\n(?=[^\n]*\d))*\Z")
TABLE = 800
# 应县公安局要求: 应 is at the request of, and the county is not 应县.
ASKED_BY = Pattern(
    r"(?:公安|教育|教体|卫|政府|人民|[县乡镇]?委|检察|法院|纪委)[^，。；\n]{0,20}(?:要求|邀|请求|安排|部署|通知|号召|统一)"
)
# 推进会在米市镇召开: where a meeting is held.
MEETING_IN = Pattern(r"(?:会议?|培训班?|仪式)(?:日前|近日|昨[日天]|今[日天]|\d{1,2}日)?(?:顺利|成功)?在$")
HELD = Pattern(r"[^，。；\n]{0,8}?(?:召开|举行|举办|开幕|开班|拉开)")
# 居柳州各县之首, 在昌都各县中排第二: whom a unit is compared with.
COMPARED = Pattern(
    r"(?:[所下]?辖)?(?:各|(?:\d{1,2}|[一二三四五六七八九十]{1,3})个?)(?:县[市区]?|区县|市县|旗县|乡镇|[乡镇]|派出所)"
    r"(?:[（(][^（）()\n]{1,4}[）)])?(?:中|里|之中)?"
    r"(?:数一数二|名列前茅|之首|之冠|首位|前[列茅]|[排列居位][名在]?(?:第|前|首)|第[一二三四五六七八九\d]{1,2}(?:[，。、；名位]|$))"
)
# 高于阿柔乡、默勒镇; 比东镇高出9个百分点: so are those that did better or worse.
THAN = Pattern(
    r"(?:[高低多少快慢]于|不及|落后于?|领先于?|赶超|[比较])(?:\p{Han}{2,10}[、和与及])*(?:\p{Han}{1,7}[省市州县])?$"
)
BETTER = Pattern(
    r"(?:[、和与及]\p{Han}{2,10}?){0,6}?(?:派出所|[两三四五]个?[县镇乡村所])?(?:同期)?(?:的\p{Han}{1,6}率?)?(?:[高低多少快慢]|落后|领先|[。；]|$)"
)
# 样本来自江日堂、灯塔等5个乡镇: samples, not people, come from there.
SAMPLES_FROM = Pattern(
    r"(?:样本|血样|血卡|卡片|检材|\d份)[^，。；\n人员者]{0,6}来自(?:\p{Han}{2,8}?[、和与及]){0,12}+$"
)
# 东与丹巴县相连, 北与壤塘县、金川县接壤; 西邻丹巴县: neighbours.
NEXT_TO = Pattern(r"[与同](?:\p{Han}{2,10}[、和及])*(?:\p{Han}{1,7}[省市州])?$")
ADJOINS = Pattern(
    r"(?:[、和及]\p{Han}{2,10}?){0,6}(?:等[县市区地]{1,2}|[两三四]县)?(?:接壤|毗邻|毗连|相连|相接|相邻|相望|为邻|隔[河江山]|交界(?=[，。；]))"
)
BESIDE = Pattern(r"[东南西北](?:[邻接连靠临毗]|毗邻)(?:\p{Han}{2,8}[、和])*(?:\p{Han}{1,7}[省市州])?$")
# 除东村、西村外，各村均已采集: left out, unless 还 or 也 follows.
EXCEPT = Pattern(r"除[了去开]?(?:\p{Han}{2,10}[、和及])*(?:\p{Han}{1,7}[省市州县区镇乡])*$")
LEFT_OUT = Pattern(
    r"(?:[、和及]\p{Han}{2,10}?){0,6}?(?:[两三四五六七八九十]个?[县镇乡村])?[以之]?外(?!，?[^，。；\n]{0,12}(?:还|也|又|同时|另|一并))"
)
# 邀请甘孜州公安局、成都市公安局技术专家授课: where those who teach come from.
INVITED = Pattern(r"(?:邀请|聘请|特邀|请来)[了到]?(?:\p{Han}{2,16}[、和])*$")
EXPERTS = Pattern(r"[^，。；\n]{0,30}?(?:专家|教官|技术(?:骨干|人员|民警|员)|讲师|教授|法医)")
NATIVE = Pattern(r"人(?![口民员家大数均群])")
# The capital stands for the government, or for the hour of the clock.
METONYM = Pattern(r"北京(?:时间|则|一贯|方面|当局|称|否认|指)")
LISTED = Pattern(r"(?:\p{Han}{2,8}[、和与])+$")
VIA = Pattern(
    r"(?:途经|途径|毕业于|就读于|进修于|(?:地址|住址|住所|IP|库房)\s*[：:为是在]|送至|送到|运至)[^，。；\n]{0,20}$"
)
# 从四川南充来开店, 刚从东莞回来.
FROM = Pattern(r"从\p{Han}{0,6}$")
# 爸爸都在广东, 三兄弟全在深圳, 人还在郑州: people away from home; only for provinces and cities.
AWAY = Pattern(
    r"(?:[都全还现正多人]|常年|长期|一直|爸|妈|儿子|男人|兄弟|老公|老汉|劳力)[也都全还]?(?:在|去了?|到了?|跑到|上|下)$"
)
# 警方正在六盘水市开展…, 派专人到六盘水市采集: whom the police sent there.
SAMPLING_NOW = Pattern(r"(?:全面|集中)?(?:开展|推进|组织|采|铺开)")
OWN_HOME = Pattern(
    r"(?:[我俺咱]们?(?:老家|家|庄|村)?(?:就|也)?(?:住在?|在|是|家在)|[我俺咱]们?老家|在老家"
    r"|[我俺咱](?:\p{Han}{0,2}[姨舅姑叔伯婆娘哥姐弟妹]|亲戚|丈人)家(?:就|也)?在)$"
)
# 我在冲乎尔镇打工，派出所…: who works there is sampled there, unless it is from home that he is called.
WORKS_AT = Pattern(r"[我俺咱]们?(?:现在|目前|一直)?在\p{Han}{0,9}$")
AT_WORK = Pattern(
    r"(?:打工|务工)(?![^。！？\n]{0,80}?(?:老家|家里|家中|俺?村里|[回返][去来村家乡]|户籍|爸|妈|爹|娘|父|母|[兄弟哥]))"
)
# 昆明某公司（昆明市五华区）: a firm's address.
FIRM_AT = Pattern(r"(?:公司|鉴定中心|研究[院所]|集团|事务所|代理机构|实验室)[（(][^）)]{0,14}$")
USER = Pattern(
    r"(?:^|\n)[ \u3000]*(?:(?:\d{1,3}[楼#＃Ll]|@)[ \u3000]*|(?:最佳答案[ \u3000]*)?(?:提问|回答)者[：:][^：:\n]{0,6})$"
)
# 在奎屯的工地上干活, 在浙江一家砖厂打工的哥哥: where one earns a living.
EARNS = Pattern(
    r"(?:的|一家|一处|一个|某)[^，。；、\n]{0,6}(?:工地|厂子?|饭[馆店]|餐馆|店|矿|公司)(?:里面?|上|里头)?(?:打工|务工|干活|上班|做工|做事|当\p{Han}工)"
)
# What people go to a city for.
ERRAND = Pattern(
    r"支教|复查|看病|住院|治病|检查身体|做工|干活|赶集|进货|拉货|送货|办事|旅游|开会|出差|做生意|做买卖|发展|上大学|陪读|带娃|带孙|定居"
    r"|开[^，。；\n]{0,3}[店馆厂车铺]|做[^，。；\n]{0,3}[工活]|当保安|送外卖|卖\p{Han}|摆摊|读大专|读研|买房|学艺|跑运输|开车|搬砖|进厂"
)
CAME = Pattern(r"(?![传打发寄捎])\p{Han}{0,4}?[来回返]")
# A hospital, a school or a company of a city or province draws no one's blood for the police there.
FIRM = Pattern(r"(?:(?!公安|警|采|派出所)[^，。；、\s]){0,12}?(?:有限公司|公司|医院|研究所|鉴定所|鉴定中心|大学|学院)")
LIST_BEFORE = 40  # characters of a list before a name
LONGEST_LABEL = 32  # characters of a label before a name, with what stands in brackets between them


@lru_cache(maxsize=1)
def _sells() -> regex.Pattern[str]:
    """A label of who sells, offers or arranges a sale, right before a name: 供应商：北京某某."""
    labels = any_of("supplier", "loser", "bidder", "agency").pattern
    return regex.compile(
        rf"(?:{labels})(?:[（(][^（）()\n]{{1,8}}[）)])?\s*(?:[:：]|[为是])\s*(?:\d{{1,2}}[.、．])?\s*[“《]?$"
    )


def borders(copy: str, start: int, end: int) -> bool:
    """Whether the unit named there is but a neighbour: 东与丹巴县相连.

    >>> borders("东与丹巴县相连", 2, 5), borders("丹巴县与小金县相连", 0, 3)
    (True, False)
    """
    window = copy[max(0, start - LIST_BEFORE) : start]
    return BESIDE.search(window) is not None or (
        NEXT_TO.search(window) is not None and ADJOINS.match(copy, end) is not None
    )


def excepted(copy: str, start: int, end: int) -> bool:
    """Whether the unit named there is left out of what is told.

    >>> excepted("除东沟村外，各村均已采集", 1, 4), excepted("除东沟村外，还采集了两村", 1, 4)
    (True, False)
    """
    window = copy[max(0, start - LIST_BEFORE) : start]
    return EXCEPT.search(window) is not None and LEFT_OUT.match(copy, end) is not None


def _compared(copy: str, start: int, end: int) -> bool:
    """Whether the unit named there is one with which another is compared."""
    if COMPARED.match(copy, end):
        return True
    window = copy[max(0, start - LIST_BEFORE) : start]
    return THAN.search(window) is not None and BETTER.match(copy, end) is not None


def _teaches(copy: str, mention: Mention) -> bool:
    """Whether experts were invited from the unit named there."""
    invited = INVITED.search(copy, max(0, mention.start - LIST_BEFORE), mention.start)
    return invited is not None and EXPERTS.match(copy, mention.end) is not None


def _in_column_of_origins(copy: str, start: int) -> bool:
    """Whether a unit heads a row of a table whose first column says where people come from."""
    line = copy.rfind("\n", 0, start) + 1
    if copy[line:start].strip():
        return False
    return ORIGINS.search(copy, max(0, line - TABLE), line) is not None


@lru_cache(maxsize=1)
def _elsewhere() -> tuple[regex.Pattern[str], tuple[str, ...]]:
    return (
        regex.compile(
            r"(?!的路|\p{Han}?路(?:[远滑难险况窄陡]|不好))\p{Han}{0,1}?\L<w>(?!(?:建设|施工)?(?:工地|项目部|现场))",
            w=list(words()["elsewhere_after"]),
        ),
        tuple(word for word in words()["elsewhere_before"] if len(word) > 1),
    )


def elsewhere(copy: str, mention: Mention) -> bool:
    """Whether a unit is named as an origin, a destination or part of another name; 、-lists share their first word."""
    after, _ = _elsewhere()
    above = bool(mention.codes) and len(mention.codes[0]) == 6
    if above and (METONYM.match(copy, mention.start) or NATIVE.match(copy, mention.end)):
        return True
    window = copy[max(0, mention.start - 16) : mention.start]
    if mention.township and AT_WORK.match(copy, mention.end) and WORKS_AT.search(window):
        return False
    if OTHER_MATTER.match(copy, mention.end) or after.match(copy, mention.end) or CRIME.match(copy, mention.end):
        return True
    if LED_TO.search(window) or (window.endswith("在") and HELD.match(copy, mention.end) and MEETING_IN.search(window)):
        return True
    sold = above and _sells().search(copy, max(0, mention.start - LONGEST_LABEL), mention.start)
    if (
        sold
        or (above and _teaches(copy, mention))
        or _compared(copy, mention.start, mention.end)
        or borders(copy, mention.start, mention.end)
        or excepted(copy, mention.start, mention.end)
    ):
        return True
    earns = window.endswith("在") and EARNS.match(copy, mention.end)
    if above and (earns or COME_FROM.match(copy, mention.end) or CLUB.match(copy, mention.end)):
        return True
    if above and mention.codes[0].endswith("00") and FOLK.match(copy, mention.end):
        return True
    if above and _in_column_of_origins(copy, mention.start):
        return True
    if copy.startswith("应县", mention.start) and ASKED_BY.match(copy, mention.end):
        return True
    if above and mention.codes[0].endswith("00") and FIRM.match(copy, mention.end):
        return True
    if (
        above
        and mention.codes[0].endswith("00")
        and not SAMPLING_NOW.match(copy, mention.end)
        and (AWAY.search(copy, max(0, mention.start - 8), mention.start) or ERRAND.match(copy, mention.end))
    ):
        return True
    if above and FROM.search(copy, max(0, mention.start - 8), mention.start) and CAME.match(copy, mention.end):
        return True
    return _led_elsewhere(copy, mention.start)


def _led_elsewhere(copy: str, start: int) -> bool:
    """Whether a word like 迁往 leads to the name, directly or through a list."""
    longer = _elsewhere()[1]
    window = copy[max(0, start - 40) : start]
    # 2楼 阿克苏糖心：…: a name of a user.
    if USER.search(window):
        return True
    # 我家在立山镇: the teller's home is where he is asked for blood.
    if OWN_HOME.search(window) or SAMPLES_FROM.search(window):
        return False
    if VIA.search(window) or FIRM_AT.search(window) or window.endswith(words()["elsewhere_before"]):
        return True
    listed = LISTED.search(window)
    if listed is None:
        return False
    return any(word in listed[0] for word in longer) or window[: listed.start()].endswith(words()["elsewhere_before"])
