"""Whether a figure about samples tells what was taken, is still to be taken, or lies in a bank; and which shares count.

Words: `corpora/phrasebook/count_words.csv`.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.language.counts.numerals import BEFORE, Numeral
from pipeline.language.counts.orders import ordered
from pipeline.language.counts.setting import CLAUSE, CLAUSE_END, PEOPLE_UNITS, Setting, nearest
from pipeline.language.counts.shares import so_far
from pipeline.language.counts.words import words
from pipeline.patterns import Pattern
from pipeline.records import CountKind

# A bank's size (库容量达), and what a bank holds (样本库保存有志愿者样本). 采集Y库样本: for a bank; 库木村: a place.
SIZE = Pattern(
    r"(?<!入|(?:采集?|抽取?|提取|补采)[了的]?(?:男性)?(?:Y|DNA|家系|数据|Y-?STR))库(?!样本[\x20\t\u3000:：])(?![车木尔勒区布伦什如房拜都斯依][^容存量]|[乡镇村县]|\p{Han}{1,4}[乡镇村](?:\d|$))(?:[里中内]?\p{Han}{2,4}(?=数据)|中[^，。；库\d]{1,6}的(?:DNA|血)?(?=样)|容量?|里|中|内|存量?|总量|总数|规模)?(?:的?(?:入库)?(?:数据|样本|信息)(?:量|总量|总数)?)?"
    r"(?:目前|现|已|共|累计|总计|就|里|中|在\d+年)*(?:达到?|有|突破|超过|为|是|增至|扩至)*(?=[^库]*$)"
)
HOLDS = Pattern(
    r"存有|(?:血样|样本|DNA|数据|库)存量|入库数据|库现存|库[里中内]?(?:累计|共|已经|现已|总计)存了?|存着|保存有?|保藏|收录了?|储存|存储|库[^，。；库]{0,6}(?:录入|收集|收存|积累|汇集|入藏|拥有)了?|库[里中内]?(?:现|已|共)?[有存]|累计入库|在库"
    # 库内男性样本累计, 样本库里的某地DNA样本增至
    r"|库[里中内]的?[^，。；库采\d]{0,10}(?:样本|样品|血样|DNA|数据)(?:总?数?量?)?[已现共就]*(?:累计|增至|增加到|达到?|突破|超过|扩至|有|为)+$"
)
# What a bank holds may stand this far before its number, in characters.
HELD = 24
IN_BANK = Pattern(
    r"在库|在册库|的?(?:人员|男性|样本|血样|数据|信息|DNA|Y-?STR){0,3}的?(?:数据库|样本库|信息库|血样库|DNA库|Y库)"
)
STILL_TO = Pattern(
    r"[^。；]{0,14}(?:留?待|等)[^，。；]{0,10}[返回][^，。；]{0,6}[补采](?![了完])|的(?:血样?|DNA|样本?|卡)(?:还|尚|都|暂)?(?:没有?|未)[采留抽取扎收]|[^，]{0,10}(?:[到满关来院校]后[再即]?补?采(?![了完齐])|未采|[还尚]?未完成(?![检录入分比上])|没有?[采来到]|没轮到|没赶上|尚未|还没(?!有?(?:出|结果|检|比对|送))|缺失|缺项|空白|空缺|未入库|未录|(?:须|需|应|将|要|待)[^，]{0,6}[采抽取留扎补])|的(?:血样|DNA)?采集(?![者人员单时])"
    r"|(?:由|请|让|经|通过)[^。；\d]{0,30}补[采抽录](?![了完到])|[^，。；]{0,8}等[^。；\d]{2,14}再[来去]?[补采扎](?![了完])"
)
# What has been done before a purchase: 已采, 现有, 截至.
BEHIND = Pattern(
    r"已|截[至止]|目前|现有|存量|库存|完成|累计|共采|采集了|[收采]集到|采得|20\d\d年(?:全年|[全我本][县市区旗州局所队])[^，。；]{0,6}采|以来|前期|先期|(?:先行|进行了|开展了)试点|[县市区镇乡]试点|一期|全年|上年|去年|年均|年度我|比中|入区|未采|试点期间|尚未检[验测]"
)
# 建成数据库，入库18万人.
INTO_BANK = Pattern(
    r"(?<![血样采集检])(?:已经?|共|累计|实际)*(?:入库|录入|收录)(?:数据|样本|信息|\p{Han}{0,2}血样)?[了共已达约为近]*$"
)
BY_NOW = Pattern(r"^(?:目前|现|至今|当前)(?:已经?|共|累计)*入库约?$")
# Samples are counted in 份, what a bank holds of them in 条.
RECORDS = Pattern(r"库|数据|样本")
A_BANK = Pattern(r"数据库|样本库|冰库|建库|建成|验收|Y库")
# 须于11月底前采完4.1万份
BY_THEN = Pattern(
    r"(?:须|需|应|要|限|务必|必须|确保|力争|争取)[^，。；]{0,14}前[^，。；]{0,4}(?:采|完成|补|收|交|建)[集完齐足到]*$"
)
# 10月底前5000份，年底前8000份
SET_FOR = Pattern(
    r"(?:[年月]底|\d[日号])(?:之|以)?前[约近]?$|(?:力争|争取|确保|务必)(?:要|能)?(?:突破|达到?|完成|超过|采到)[约近]?$"
)
# 分两年完成: how a plan is divided, nothing done
STEPS = Pattern(r"分[一两二三四五六\d]{1,2}个?(?:年|期|批|步|季|阶段|轮)(?:完成|走完|采完)")
# 第一天安排2,600人
ARRANGED = Pattern(r"(?<!民警|警力|人员|干部|护士)安排(?:学生|群众|村民|居民|男性)?约?$")
# 至4月底完成2870人: by now, unless that lies ahead of the post
# 目前完成1860份: no 前完成
UNTIL_THEN = Pattern(
    r"目前完成$|(?<!力争|争取|确保|计划|预计|务必)[至到](?:\d{1,2}|[一二三四五六七八九十]{1,3})月底完成$"
)
# 到六月底做了四千三百多人
JUST_DONE = Pattern(r"(?<![能可会])[采抽扎做收弄取]了(?:大?约|近)?$")
# 去了才知还要采血，当天采一百一十九人: what a clause before says is to be done has been
THAT_DAY = Pattern(r"(?:当[天日晚场]|那[天日晚]|[昨前]天|头一天)(?:就|便|共|又|一共|下来)*[采抽扎](?:集|走|血)?约?$")
AHEAD = Pattern(r"明[天日]|后天|计划|预计|将|拟|安排|力争|确保|争取|打算")
# 请学校通知家长…集中采集620人; not 请各寨老人回忆世系, 民警请各户…: those who take tell it
ASKS = Pattern(
    r"(?<![邀申聘报提]|[民干辅]警)请(?![^，。；]{0,8}(?:老人|长辈|族长|回忆|讲述|辨认))(?:各(?!家|姓|户)|学校|你|贵|相关|有关|通知|协助|支持|配合|务必|及时|在|于|全[体县乡镇村]|\p{Han}{1,5}(?:局|所|校|村(?!干部|民|医|两委|支书|主任)|组(?!长|员)|部门|单位|老师))"
)
# 委托检测血卡2万张: work that a notice of purchase asks for. 不少于9000份: a demand.
ASKED = Pattern(r"检[验测]|建库|分型|分析|服务|数量|委托|外包|补?采集(?!率)")
TO_BUY = Pattern(r"采购(?:内容|需求|数量)|(?:中标|成交)(?:单位|人|方)(?:须|应|需)|供应商(?:须|应|需)")
# 采购内容：…以来，已采集2.4万份，现有1.5万份: those that there are
IN_HAND = Pattern(r"已经?[采抽收入完]|现有|现存|尚有|存量|库存")
DEMAND = Pattern(r"不[得能应]?[少低]于|≥")
FINISHED = Pattern(r"(?:完成了|已完成|做完了?)[^，]{0,6}$")
# 计划入组2000名，至年底…，采集样本3700份: a new clause with a verb of its own.
ANEW = Pattern(r"[，；][^，；]{0,8}(?:采集|采血|采样|抽取|留取|收集)")
# An aside is no longer, in characters.
ASIDE, ASIDE_REACH = Pattern(r"（[^（）]{0,20}）"), 60
# 未采的31名补采: now they have been.
MADE_UP = Pattern(r"(?:进行|逐一|当场|现场|全部|及时|组织|完成)*了?补采(?!任务|工作)")
TO_RETURN = Pattern(r"[^。；]{0,24}?(?:待[^，。]{0,8}[采补]|再补?采|补采|补(?=[。，；]|$))")
NEEDED = Pattern(
    r"(?:须|需|务必|应|要|确保|争取|力争)[^，。；]{2,14}前[^，。；]{0,4}(?:采完|采齐|采够|收齐|凑够)"
    r"|(?:还?需|须|应|该|拟|待(?!检)|要|将|得)(?:再|补)?(?:完成|收集|取|采|抽|扎|检|建|补)|(?:没有?|未|漏(?![^，。；]*补采))(?:留|采|抽|到|来)"
)
DUE = Pattern(
    r"，?(?:要求|均|都)?(?:由\p{Han}{1,10}?|\p{Han}{1,6}(?=争取|务必|力争|必须))?(?:务必|必须|须|要|争取|力争|确保|预计|计划|应|请|赶|于|在)*\s?"
    r"(?:(?:[\d零一二三四五六七八九十]+[年月日号]+)+底?(?:\p{Han}{1,3}会)?|[年月]底|春节|节|开学)(?:之|以)?前[^，。；]{0,6}(?:完成|采完|采齐|补齐|采毕)"
    # 已采1200份，7月底前完成剩余300份: another figure's
    r"(?![^，。；]{0,8}(?:剩|余下|其余|其他|另外|\d))"
)
TAKEN_ALREADY = Pattern(r"(?:已经?|截[至止][^，。；]{0,12})[^，。；]{0,8}(?:采|抽|收|完成)[^，。；\d]{0,8}$")
# 为赶在15日前完成任务，民警入户采集…: what the work was for
PURPOSE = Pattern(
    r"(?:^|[，；。\n])(?:\p{Han}{2,4}，)?为(?:了|确保|赶在|按时|按期|如期|尽快|尽早|早日)[^，。；\n]{0,30}$"
)
LEFT_OVER = Pattern(
    r"(?:还有|另有|其余的?|余下的?|剩下?的?|尚有|没[来采]的|欠"
    r"|(?:外出|在外|请假|未到|没到|缺席|探亲|看病|住院|闭关|朝佛|打工|上学)[^，。；\d]{0,8}的)$"
)
# 在外务工的31名群众，已逐一打过电话，约定春节后补采
AWAY = Pattern(
    r"(?:的?(?:群众|村民|人员|男性|居民|牧民|学生|僧人))?，[^，。；\d]{2,16}，(?:约定|约好|商定|说好|待|等)[^，。；\d]{1,12}补采(?![了完购])|(?:正?在外|外出|请假|住院|闭关|朝佛|打工|上学|因)[^，。；\d]{0,10}，(?:只能|需要?|将|拟|要)?(?:留?待|等|约定|另约)[^，。；]{0,14}[补采](?![了完购])"
)
# 年内新增3.1万份: the year is over
GAINED = Pattern(r"(?:全[县市局]|我局)?(?:新增|净增|增加|新采|共|已|累计|实际|实采)")
# 由派出所上门采，年内办完
WITHIN = Pattern(r"[^。；\d]{0,20}，(?:年内|月内|[本下][月周]内?|近期)[^，。；]{0,4}(?:[办采做]完|办结|完成)")
# 还要到冬窝子补采约900人, 本次采集共需300人份
STILL_MUST = Pattern(
    r"(?<!费用|资金|经费|血卡|采血针)[约共还尚]需要?(?:采集?)?(?:大?约|近)?$"
    r"|[还再仍](?:要|需|须|得)[^，。；\d]{0,14}[采抽扎收]集?(?:血样?|样|DNA)?(?:大?约|近)?$"
)
# 温泉乡派到760人
DEALT = Pattern(r"(?:派|摊|分)到了?(?:大?约|近)?$")
# What is short can only be still to come: 还差约3.1万人.
SHORT = Pattern(r"(?:[还尚][差缺欠]\p{Han}{0,6}的?|[差缺欠]|尚有|余下的?|剩下?的?|剩余)(?:约|近)?$")
WAS_DRAWN = Pattern(
    r"已由[^，。；]{0,12}[采抽][集取]?(?:完毕|完成|齐|完|毕)|已经?(?:结束|完成|做完|收完|到位)|(?:采[集录]?|提取|抽取?|扎|取)了|采完|(?:一律|当场|现场|全部|同步|逐[一人]).{0,6}[采抽]"
)
GOAL_NOUN = Pattern(
    r"[为是][^，。；]{0,10}(?:任务|目标|应采)|的?(?:[“「][^”」]{1,8}[”」])?(?:DNA|血样|血卡)?(?:的)?(?:采集|采样|采血)?(?:任务|目标|指标|名额)"
)
TO_COLLECT = Pattern(r"的(?:血样|DNA)?采集(?![者人员单时])")
# Shares: of people or of the task (占应采人数的), of a bank (占全市数据库的), and of those who 完成采集.
SHARE = Pattern(
    r"(?:覆盖|涵盖)了?[^，。；库]{0,10}(?:人口|人员|对象|群众|居民|男性)的?$|(?:占|相当于)[^，。；库]{0,16}(?:人口|人数|人员|群众|居民|学生|男性|男子|牧民|村民|任务|目标|应采|应到|户|僧尼)"
    r"[^，。；库]{0,5}(?:[\d,.]+[万千]?[余多]?[人名]的)?$"
)
OF_PEOPLE = Pattern(
    r"的?[^，。；]{0,10}?(?:已经|已|均|都|全)*"
    r"(?:(?:完成|采集了|留存了?|提供了?|接受了?)[^，。；]{0,4}(?:采集|采血|血样|DNA)|[采抽扎][了过完])"
    r"|的(?:人口?|男[人性丁]|居民|群众|村民|牧民)[，,]?(?:的)?(?:基因|DNA|血样?)[^，。；]{0,4}(?:入了?库|在库|在[^，。；]{1,6}手[里中]|被采)"
)
BARE_SHARE = Pattern(r"^(?:仅|只|约)?占(?:了|比)?$")
TASKED = Pattern(r"任务|应采|目标数")
COLLECTED = Pattern(r"(?:DNA|血样|血卡|信息)采集(?:已?达到?)?$")
# 采集进度：某县98%: the first share of a list.
HEADED = Pattern(r"(?:采集|采血|采样|完成)(?:工作)?(?:进度|情况)(?:如下|分别为|为)?[:：]\p{Han}{2,8}$")
# 全镇男的采了三成: a share of those who were to be sampled.
TOOK = Pattern(r"(?:采集?|抽|扎|完成|到)了$|已采$|采集(?:已|才|仅|还)?$|已经到了$")
# 占全县未采人数的三成, 还差任务数的两成
NOT_YET = Pattern(r"未采|[还尚]差|[还尚]缺|[还尚]有|剩余?")
STOCK = Pattern(r"库(?:总量|容量|存量)?的?$")
# 覆盖八成以上家庭
COVERS, COVERED = (
    Pattern(r"^(?:已经?|现已|目前)?覆盖(?:了|到|达|全[县乡镇村市州]){0,2}$"),
    Pattern(r"的?\p{Han}{0,4}?(?:家庭|农户|牧户|住户|人口|群众|居民|村民|男性|人员|家系|家族)"),
)
# 已收集17%至25%西藏人口的DNA
TAKES_OF = Pattern(r"(?:收集|采集|掌握|拥有|取得|采)[了到]?(?:约|近)?$")
WHOSE_GENES = Pattern(r"(?:的)?\p{Han}{0,6}(?:人口|居民|藏人|维吾尔人|男性|群众)的?(?:DNA|血样|基因|生物)")
# A rate in a post about samples may be of a place alone: 吉定镇完成率.
PLACE_ALONE = Pattern(
    r"[「“]?(?:其中|截[至止][^，]{0,8}|目前|现|于是|\p{Han}报曾?登|上报)?[「“]?(?:[全我本各该]\p{Han}{1,2}|\p{Han}{1,5}"
    r"(?:县|市|区|州|镇|乡|村|街道|社区|所|寺|校|组|队|厂|牧场))?(?:的?(?:总|平均|整体|实际|总体|综合)|已经?|均|都|永远|才|仅|只|也)*"
    r"|占比"
)
# Shares of a list stand at most this far apart, in characters.
SHARES_NEAR = 14
DEMANDED = Pattern(
    r"[日底月]前[^，。；]{0,4}$|低于|(?:要求|规定|下达|确定)的$|[要应]达|达到?.{0,2}以上$|确保|力争|须达|不少于|要在.*达到?$|必须"
)
# 应当…采血，做到应采尽采、采集率100%: a rule
OUGHT = Pattern(r"(?:应当|必须|务必|须|(?<!为)确保)[^。；]{0,30}(?:做到|达到)[^。；\d]{0,12}$")
OWN_RATE = Pattern(r"覆盖率|完成率|到位率|完成|进度|达到?")
# A percentage is told by what stands this near before it, in characters.
RATE_REACH = 30
# 漏采21人, 355人…未采; and what tells that they will be sampled after all.
MISSED = Pattern(r"(?:[漏缺拒]采|未采集?|没采|[缺少差]的|余下的?|尚余)(?:约|近)?$")
LACKING = Pattern(r"中?[^。；，\d]{0,12}(?:未能?采|没能?采|没有能?采(?!集?，其中))(?!集?[^。；，]{0,4}血样的)")
TO_BE_DONE = Pattern(
    r"[采抽扎]了|前|(?<!打|[心彻到])底|必须|务必|力争|要求|争取|确保|[补采]齐|补[采录上]|[补采]完|限|清零|完成|陆续|[待再需须应]|还?要|预计|计划|打算|改到|推迟|顺延|留[到至]|送达"
)
# 未采的51人中，孕妇9人: as those are missed, unless somebody sees to them: 未采的7人逐一落实
NOT_SAMPLED = Pattern(r"(?:未|没有?)采[集血]?的(?:约|近)?$")
SEEN_TO = Pattern(r"逐[一个人户]|落实|回来|由[^，。；]{1,12}(?:联系|通知|上门|会同|动员)")
SHORT_OF = Pattern(r"[缺少差]的$")
NEXT_CELL = Pattern(r"\s+(?:占|应采|任务)")


def stage(setting: Setting, *, to_buy: bool = False) -> CountKind:
    """Samples taken, still to be taken, or held. `to_buy`: in a notice of purchase, where work is asked for."""
    left, right = setting.wide, setting.right
    if ordered(setting):
        return "target"
    if WAS_DRAWN.search(_whole_clause(setting)) or MADE_UP.match(right) or JUST_DONE.search(setting.left):
        return "samples"
    if THAT_DAY.search(setting.left) and not AHEAD.search(setting.before):
        return "samples"
    to_come = "已" not in right and still_to_come(setting) and not FINISHED.search(setting.left)
    due = DUE.match(setting.behind) and not TAKEN_ALREADY.search(setting.before)
    if STILL_MUST.search(setting.left) or DEALT.search(setting.left) or due or WITHIN.match(setting.behind) or to_come:
        return "target"
    taken = max((m.end() for m in words()["collect"].finditer(left)), default=-1)
    if held(left, taken) or IN_BANK.match(right):
        return "database"
    aims = (m.end() for word in (words()["target"], NEEDED) for m in word.finditer(left))
    target = max((end for end in aims if not (UNTIL_THEN.search(left, 0, end) or _purpose(left, end))), default=-1)
    done = max((m.end() for m in words()["done"].finditer(left)), default=-1)
    if target > done or GOAL_NOUN.match(right):
        return "target"
    near = setting.since if ANEW.search(setting.since) else setting.before
    ends = (m.end() for m in words()["future"].finditer(near) if not (m[0] == "年内" and GAINED.match(near, m.end())))
    coming = (end for end in ends if not (UNTIL_THEN.search(near, 0, end) or _purpose(near, end)))
    future = [len(setting.before) - len(near) + end for end in coming]
    undone = STEPS.sub(lambda m: " " * len(m[0]), setting.before)
    if future and not words()["done"].search(undone, future[-1]) and "已" not in setting.wide:
        return "target"
    bank = setting.lead + setting.before if BY_NOW.search(setting.left) else setting.before
    if INTO_BANK.search(left) and A_BANK.search(bank):
        return "database"
    if (
        BY_THEN.search(setting.left)
        or SET_FOR.search(setting.left)
        or (setting.people and ARRANGED.search(setting.left))
    ):
        return "target"
    if ASKS.search(setting.before) and not words()["done"].search(setting.before):
        return "target"
    if setting.numeral.unit == "条" and RECORDS.search(setting.wide):
        return "database"
    bought = to_buy and ASKED.search(left) and not BEHIND.search(setting.before + right)
    named = TO_BUY.search(setting.before) is not None and ASKED.search(left + right) is not None
    bought = bought or (named and not IN_HAND.search(left))
    return "target" if bought or DEMAND.match(setting.sentence, setting.numeral.start) else "samples"


def _purpose(left: str, end: int) -> bool:
    """Whether a word of aims that ends here stands in a clause about what the work was for, which is over."""
    return "，" in left[end:] and PURPOSE.search(left, 0, end) is not None


def _whole_clause(setting: Setting) -> str:
    """What stands behind a figure in its clause, asides left out: 213名在寺僧人上周（5月15日）一天采完."""
    if not setting.behind.startswith(f"{setting.right}（"):
        return setting.right
    return str(CLAUSE_END.split(ASIDE.sub("", setting.behind[:ASIDE_REACH]), maxsplit=1)[0])


def owed(setting: Setting) -> bool:
    """Whether people are left over for later: 剩下的270人待返乡后补采, 有23人在外务工，留待春节补采."""
    return AWAY.match(setting.behind) is not None or (
        LEFT_OVER.search(setting.left) is not None and still_to_come(setting)
    )


def still_to_come(setting: Setting) -> bool:
    """Whether those just counted are said to be sampled later: 余下的270人待返乡后补采."""
    # 采集412人 占应采人数91%: the next cell of a line
    if STILL_TO.match(setting.right) and not NEXT_CELL.match(setting.right):
        return True
    return LEFT_OVER.search(setting.left) is not None and TO_RETURN.match(setting.behind) is not None


def is_goal(setting: Setting) -> bool:
    """任务1.5万份, 余下800人的采集: a task, though no word for samples stands beside it."""
    left, right = setting.wide, setting.right
    if GOAL_NOUN.match(right) or TO_COLLECT.match(right):
        return True
    goals = (m.end() for m in words()["target"].finditer(left))
    goal = max((end for end in goals if not UNTIL_THEN.search(left, 0, end)), default=-1)
    return goal >= 0 and words()["between"].fullmatch(left[goal:]) is not None


def held(left: str, taken: int) -> bool:
    """Whether what stands before a figure speaks of what a bank holds, and not of what was last taken for it.

    `taken`: where the last word for taking samples ends, -1 for none.
    """
    if "新增" in left:
        return False
    holds = HOLDS.search(left)
    if holds and holds.end() >= taken and len(left) - holds.end() <= HELD:
        return True
    size = SIZE.search(left)
    if size is None or size.end() < taken:
        return False
    rest = left[size.end() :]
    return words()["between"].fullmatch(rest) is not None and words()["sample"].search(rest) is None


ROUGHLY = Pattern(r"(?<word>大约|约|将近|接近|近|超过|超|逾|不足|不到)占(?:了|到)?[^，。；\d]{1,16}的$")


def coverage(
    sentence: str, numeral: Numeral, clause_start: int, *, told: bool = False, mass: bool = False
) -> CountKind | None:
    """Whether a percentage is a share of people, households or the task that has been sampled.

    `told`: a figure about samples stands right before it; `mass`: the post is about a population's.
    """
    left = sentence[max(clause_start, numeral.start - RATE_REACH) : numeral.start]
    if COVERS.search(left) and COVERED.match(sentence, numeral.end):
        return "coverage"
    if TAKES_OF.search(left) and WHOSE_GENES.match(sentence, numeral.end):
        return "coverage"
    if NOT_YET.search(left) or OUGHT.search(sentence, 0, numeral.start):
        return None
    if so_far(sentence[: numeral.start]):
        return "coverage"
    share = SHARE.search(left) or COLLECTED.search(left) or (mass and TOOK.search(left)) or HEADED.search(left)
    rate = max((m.end() for m in words()["rate"].finditer(left)), default=-1)
    other = max((m.end() for m in words()["other_rate"].finditer(left)), default=-1)
    if other >= rate and (other > 0 or not share):
        bare = other < 0 and BARE_SHARE.search(left) and ((told and mass) or TASKED.search(sentence))
        return "coverage" if bare or OF_PEOPLE.match(sentence, numeral.end) else None
    if STOCK.search(left) or (not share and not _of_samples(left, told=mass)):
        return None
    if sentence[numeral.start] in "不≥至" and numeral.qualifier == "more_than":  # 不低于95%: a demand
        return None
    return None if DEMANDED.search(left[max(0, rate - 5) :]) else "coverage"


def roughly(sentence: str, numeral: Numeral) -> Numeral:
    """A share with the word that stands before what it is of: 约占应采人数的八成."""
    left = CLAUSE.split(sentence[max(0, numeral.start - RATE_REACH) : numeral.start])[-1]
    word = ROUGHLY.search(left) if numeral.qualifier == "exact" else None
    return replace(numeral, qualifier=BEFORE[word["word"]]) if word else numeral


def another_share(gap: str) -> bool:
    """Whether a share is one more of what the share before it was of: 最高的东镇为93%."""
    if len(gap) > SHARES_NEAR or "占" in gap or "库" in gap:
        return False
    return not words()["other_rate"].search(gap) and not words()["other"].search(gap)


def _of_samples(left: str, *, told: bool) -> bool:
    """Whether a rate with a noun of its own is one of samples: B超检查覆盖率 is not. `told`: its post is about them."""
    own = OWN_RATE.split(left, maxsplit=1)[0].strip()
    telling = nearest(own)
    if telling is None and told and PLACE_ALONE.fullmatch(own):
        return True
    return (
        (telling is not None and telling[1])
        or (told and own.endswith(("家系", "家族", "支系")))  # 目前家系覆盖率
        or "任务" in own
        or "指标" in own
        or words()["between"].fullmatch(own) is not None
    )


def merely_missed(sentence: str, numeral: Numeral, last_end: int) -> bool:
    """漏采21人系送医: those who were not sampled are no target where nobody says they will be."""
    left = CLAUSE.split(sentence[last_end : numeral.start])[-1]
    sheets = numeral.unit not in PEOPLE_UNITS and SHORT_OF.search(left) is None
    alone = NOT_SAMPLED.search(left) is not None and SEEN_TO.search(sentence, last_end) is None
    if sheets or not (alone or MISSED.search(left) or LACKING.match(sentence, numeral.end)):
        return False
    return TO_BE_DONE.search(sentence, last_end) is None
