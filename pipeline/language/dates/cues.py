"""What stands around a date and says what it is: the end of a period, a deadline, the head of a diary's entry, a
paper's date. `dates` reads the dates themselves.
"""

from __future__ import annotations

from pipeline.language.counts.numerals import TO
from pipeline.language.dates.heads import LINE_BEGINS
from pipeline.patterns import Pattern

# What follows a date that opens a period, at once or at the end of its clause (3月县局部署采集以来).
SINCE = Pattern(
    rf"(?:前后|[春夏秋冬][天季]?)?起(?![诉床])|[算数]起|[全正]?[面式]?(?:开始|启动|铺开|推开|起步|开采|开工|动手|开头(?!那|几|一|两|的)|做起|起头)|[才刚](?:开(?=[，,])|开[点张摊])"
    rf"|{TO}(?=[\d一二三四五六七八九十今昨目现])|[^，。；！？\n,;]{{0,24}}?(?:以来|至今)|来[，,]|[采做干忙跑弄抓画]到(?:现在|今天|如今|目前|眼下)"
)
DEADLINE = Pattern(
    r"[日底]?(?:大限|期限)?(?:[早中下晚]?[上午]?[\d零一二三四五六七八九十两]{1,3}[时点](?:[\d零一二三四五六七八九十]{1,3}分?|[整半钟])?)?(?:之|以)?前(?!后|的|[\d一二两三四五六七八九十几半]{1,2}个?[天日周月])"
)
UNTIL = Pattern(r"截[至止]到?$")
# 12月15日结束, 10月31日为最后期限: something is to end then.
ENDS_THEN = Pattern(
    r"(?:必须|务必|要)?(?:全[部面])?(?:结束|收官|[收扫]尾|收口|收摊|销号|清零|见底|交账|交齐|交卷|停采|截采|截止(?![到目至\d])"
    r"|[为是][^，。；\n]{0,8}?(?:截止日期?|期限|时限|大限))"
)
# 八月补, 下月再补采: what is left is to be taken then, where that lies ahead.
MADE_UP_THEN = Pattern(r"(?:份|底|初|[上中下]旬)?(?:再|才|来)?补(?:[采抽录齐做足上]|[」”’』）)。，；]|$)")
# What was to be done by a day that is past.
OWED = Pattern(r"[应须需限请](?:当)?[于在]?$")
# What says that a date is a deadline.
LABEL = Pattern(
    r"(?:时间节点|(?:完成)?时限|完成时间|截止(?:时间|日期)|交卡时间|(?:最后|任务|完成|采集|采样)的?期限)[:：为是]?\s*$|限期[于在到至]?$"
    r"|[时期]限[^，。；\n]{0,8}(?:提前|延长|顺延|推迟|放宽|调整|改|统一|定)[到至为]$"
    r"|(?:顺延|延期|延长|延后|推迟|放宽)[到至]$"
)
STATED = Pattern(r"(?:截[至止]到?|统计|数据|时点)[^，。；\n]{0,6}$")
# 5月9日止, 5月9日24时止
UP_TO = Pattern(r"(?:\d{1,2}[时点])?止(?!步)")
DIARY = Pattern(
    r"[ \t\u3000]*(?:$|[\n:：]|\d{1,2}[:：]\d\d|[ \t\u3000]"
    r"|[,，、]?\s?(?:[（(]?(?:星期|周)[一二三四五六日天][）)]|星期|周[一二三四五六日]|晴|雨|雪|阴|多云|大风|小雨|小雪))"
)
# 【7月3日】, 【7月3日 晴】: the same in the log of a chat; what stands before such a day, and behind it.
OPENED = Pattern(rf"{LINE_BEGINS}[【〔\[［（(]$")
CLOSED = Pattern(
    r"[ \t\u3000,，、]{0,3}(?:(?:星期|周)[一二三四五六日天])?"
    r"[ \t\u3000,，、]{0,3}(?:晴|阴|多云|大?风|[小中大]?[雨雪])?[】〕\]］）)]"
)
# 时间：2月16日晚: the day of a meeting, that of 今天 in its minutes.
MEETING = Pattern(r"(?:^|\n)[^\n，。；]{0,4}时间[：:]\s*$")
# 11月3日晚，…，到会31人: at the head of the minutes.
MET = Pattern(
    r"[上下]?[午晚]?上?(?:[\d一二三四五六七八九十两]{1,3}[点时](?:\d{1,2}分|半)?)?[，,][^。\n]{0,24}(?:到会|参会|出席|列席|参加)"
)
# 各项数据截至12月25日: of the post, not of what it looks back on.
DATA_UNTIL = Pattern(r"数据[^，。；]{0,4}截[至止]到?$")
EXPECTED = Pattern(r"预计|计划|力争|争取|确保|[到至于在]今年")
# 到年底血样要突破6万份
AIMED_THEN = Pattern(r"[^，。；\d]{0,8}(?:要|将|须|力争|争取|预计|有望|必须|务必|确保)")
CRIMES = "强奸|杀人|抢劫|盗窃|纵火|碎尸|投毒|灭门|绑架|伤害"
# Not dates of figures: of births, of what was done or left undone before (去年没采到的, 2012年以前入库的).
ASIDE = Pattern(
    r"(?:的)?(?:积案|悬案|旧案|陈案)(?![攻侦专会行])|(?:之|以)?(?:前|后|间|期间)?(?:出生|时年?满)|代|案发|发案|命案|凶案|发生|(?:之|以)前(?:的|入|未|没|漏|生|在|已|[^，。；\d]{1,8}过[^，。；\d]{0,6}的)"
    r"|[^，。；\d]{0,4}前的(?=[，、])"
    r"|(?:以来|前后)?(?:没|未|漏|落下|剩下|欠下)[^，。；]{0,3}的|前(?:没|未|漏|落下|剩下|欠下)[^，。；]{0,3}的(?![^，。；]{0,14}采[完齐毕])|以来(?!采|抽|入|累计|共|已)[^，。；\d]{1,5}的"
    r"|[^，。；、]{0,12}[“‘「『]?(?:1[0-2]|\d)[·•.．](?:[12]\d|3[01]|\d)[”’」』]?(?>\p{Han}{0,6}?案)(?!中)"
    # 没赶上去年那批的牧民: who is meant
    r"|那一?[批次回轮][^，。；]{0,4}的"
    rf"|(?:的|一?起)?\p{{Han}}{{0,2}}(?:{CRIMES})\p{{Han}}{{0,2}}案(?![件\d])"
    r"|[^，。；]{0,8}[一那这该][起宗桩][^，。；]{0,6}案"
    rf"|的\p{{Han}}{{0,6}}(?:{CRIMES}|命)\p{{Han}}{{0,2}}案"
)
# 2019年第24周: which days those were is told in brackets, or nowhere; 12月第2周 is of that month. 2017年一篇用了194份,
# 2019年发表的: the year in which a paper appeared.
NOT_ITS_YEAR = Pattern(
    r"第[\d一二三四五六七八九十]{1,3}周|(?:的?[那这首另]?一?|[两三几])篇|(?:发表|刊[发登出])(?:的|于|在|了|[，。；])"
)
# 公司成立于2013年, 始建于1998年, 发表于2018年
FOUNDED = Pattern(r"(?:成立|创[办立建]|始?建|组建|设立|挂牌|发表|刊[发登出])[于在]$")
# 比8月多183份, 继2017年之后: what a figure is compared with; but 较三月的401份, 比上月（401份）.
COMPARED = Pattern(r"(?:[比较继]|相当于)$")
OWN_FIGURE = Pattern(r"(?:同期|此时|全[年月]|整年)?份?的?[（(]?[\d一二三四五六七八九十百千万]")
# 连同6月份采的, 加上上半年的，: what else is in a sum.
WITH = Pattern(r"(?:连同|加上|算上|算进|合上|并上)[^，。；]{0,6}$")
OF_BEFORE = Pattern(
    r"(?:在\p{Han}{2,6}?)?所[采得](?=[，、])|份?(?:间|期间|里)?(?:先|已|所)?(?:采|采集|采到|做|收)?的(?=[，、])"
)
LOOKED_BACK = Pattern(
    r"(?:同期)?相比|同期(?=的?\d[\d,.]*+[万千]?[余多]?(?!人?份)|增|减|多|少|下降|上升|提|翻|持平|[，。；、]|$)"
)
# 根据《2018年…方案》, 按照3月下发的通知: of a paper.
ON_PAPER = Pattern(
    r"(?:根据|按照?|依据|依照|贯彻|落实|执行|印发)(?:[^，。；《\n]{0,8}《[^》\n]{0,24}|\p{Han}{0,4}[部厅局委府队所])?$"
)
PAPER = Pattern(r"[^，。；\n]{0,24}?(?:通知|方案|要求|部署|文件|会议|精神|意见|规定|计划|安排)")
# 8月20日起至9月10日: what is between the ends of a stretch of days; it is to come where it begins so soon.
RUNS_TO = Pattern(r"\s*+(?:\d{1,2}[时点](?:\d{1,2}分)?)?(?:[（(][^）)]{1,6}[）)])?起?\s*[至到—\-－–～~]+\s*")
# 目前 between a year told and a month: the story has come to the post's own time.
BACK = Pattern(r"今年|[本此]次|本项目|本年|目前|现在|如今|近日|日前|今[天日]|昨[天日]|上周|本周|本月|上月")
# 二〇一七年夏天…, 到八月十五日: a month of the season told of is of that year, paragraphs later too.
SEASON = Pattern(r"(?:的)?(?<season>[春夏秋冬])(?:[天季日末初]|(?=[，,、]|收[到讫悉]|寄|拍|写|录))")
SEASONS = {"春": (2, 3, 4, 5), "夏": (5, 6, 7, 8, 9), "秋": (8, 9, 10, 11), "冬": (10, 11, 12)}
THIS_OR_LAST = ("上", "本", "这")
# 八月十五, 五月初五: a day of the farmers' calendar.
LUNAR = Pattern(
    r"(?<=[一二三四五六七八九十]月)(?:初[一二三四五六七八九十]|十[一二三四五六七八九]|(?:二十|廿)[一二三四五六七八九]?)"
    r"(?![\d一二三四五六七八九十百千万几多余来]|[日号天个人名份户例条张枚])"
)
RUNS_ON = Pattern(r"(?:[日号\d底初旬月起][至到]|[—\-、和～~])$")
# 7月6日-12日, 2日67份、3日81份 are days.
NOT_A_DAY = Pattern(r"(?:[\d每第月.．/]|(?<![日号])-|(?<![日号份人名例张])、)\Z")


def is_reference(plain: str, start: int, after: str) -> bool:
    """Whether a date is that of a paper, or of a time that a figure is compared with."""
    before = plain[max(0, start - 40) : start]
    if LOOKED_BACK.match(after) or FOUNDED.search(before) or before.endswith(("农历", "阴历", "古历", "藏历")):
        return True
    if COMPARED.search(before):
        return OWN_FIGURE.match(after) is None
    if WITH.search(before) and OF_BEFORE.match(after):
        return True
    return ON_PAPER.search(before) is not None and PAPER.match(after) is not None
