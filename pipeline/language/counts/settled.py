"""Figures of samples whose kind the words right beside them settle, whatever else their sentence says.

What is still to be taken (要收的是九千张, 离分到的520人还差一截), what was taken (连同试点的730份, 采集、登记的980份)
and a share of a task that stands in brackets. The fitted model has seen too few of these: what the rules say stands.
"""

from __future__ import annotations

from functools import lru_cache

from pipeline.language.counts.allotted import allotted
from pipeline.language.counts.completed import completed
from pipeline.language.counts.numerals import Numeral, to_number
from pipeline.language.counts.other_kinds import respective
from pipeline.language.counts.shares import is_listed
from pipeline.language.counts.strays import PEOPLE
from pipeline.language.counts.unsampled import unsampled
from pipeline.patterns import Pattern
from pipeline.records import CountKind

SHEETS = ("份", "张", "人份", "例", "管")
ROUGHLY = r"(?:大?约|近)?$"
TO_COME = Pattern(
    # 10月15日前剩下的300人采完
    r"(?<![截至到][^，。；]{0,8})[底日月]前(?:把|将|须|要)?(?:剩|余)[下余]的(?:大?约|近)?$"
    # 要把血样推到五千份
    rf"|(?:要|力争|争取|须|必须|务必|计划|打算|准备|确保)[^，。；\d]{{0,12}}把[^，。；\d]{{0,24}}(?:推|提高?|冲|做|补|增|扩|加|追)[到至]{ROUGHLY}"
    # 6月底前再采400人
    rf"|[底日月初旬节]前(?:全[县市区旗镇乡局]|各所)?(?:要|须|还要|务必)?再(?:补)?(?:采集?|完成|收|抽)(?:DNA|血样|样)*{ROUGHLY}"
    # 全镇要收的是三千张, 上面给村里定的是40份
    rf"|要[收采抽交补]的(?:任务|总数|数)?(?:是|有|共|一共)+{ROUGHLY}"
    rf"|(?:[给向][^，。；\d]{{1,8}}|上[面级头]|[县市区州局镇乡]里?)(?:定|派|分|下达|安排|摊|压)(?:下来)?的(?:数|任务|指标|名额)?[是有](?:[年月]底|[^，。；\d已了]{{0,6}}[前内])?(?:要|须)?(?:采|收|交|完成|抽)?集?(?:DNA|血样|样|血卡)*{ROUGHLY}"
    # 请三所于5月15日前分别达到800人、300人
    rf"|(?<![截至到][^，。；]{{1,10}})[底日月]前(?:(?:须|要|应|力争|必须|务必)(?:分别|累计|合计|各)|分别(?:须|要|应|(?=达)))(?:须|要|应)?(?:达到?|采到|收到|完成){ROUGHLY}"
)
# 就差最后四十来人
LAST_OF_ALL = Pattern(r"(?:就|只|还|仅|尚)[差缺剩]下?最后的?(?:大?约|近)?$")
# 剩下260人，封河以前采完; 要求各村采血样300份，6月10日交账
LEFT, BEFORE_THEN = (
    Pattern(r"(?:剩|余)[下余](?:的)?(?:大?约|近)?$"),
    Pattern(
        r"[^，。；\d了]{0,6}，[^，。；了已]{1,12}(?:前|底|内|时)[^，。；了已]{0,4}(?:[采收抽做][完齐毕够]|完成|补[齐完采]|清零)"
    ),
)
TOLD_TO = Pattern(r"(?:要求|责令|限|责成|督促)(?![^。；]*(?:已|[采抽完][集成]?了|累计|实际|共采))[^。；\d]{0,24}$")
HANDED_IN_BY = Pattern(
    r"[^，。；\d]{0,6}，[^，。；了已]{0,4}(?:\d日|[月年周]底|[前内])[^，。；了已]{0,2}(?:交账|交齐|交卷|清零|收官|销号|收工)"
)
# 离县局定下的2400份还差得远
FROM = Pattern(r"(?:^|[，。；])(?:距离?|离)[^，。；\d]{0,16}$")
FAR_FROM = Pattern(
    r"(?:的[^，。；\d]{0,8})?(?:还|尚|仍|已|也)*(?:差|有(?:一?[大小]?[段截些]|差距|缺口|距离)|远|缺|不远)"
)
# 有20余名工人没碰上，月底前补; 7名僧人外出未采，3月底前须补上
MADE_UP_LATER = Pattern(
    r"[^，。；\d]{0,8}(?:没碰[上到着]|没见[着到]|没在家|不在家|没找[到着]|没遇[上到]|没轮[到上])了?[^。；\d]{0,10}，[^。；]{0,16}(?:前(?!天)|再|须|要|待|等)[^。；]{0,8}补(?!采?集?(?:了|完|齐了|到|好|毕))"
    r"|[^，。；\d]{0,8}(?:外出|在外|请假|住院)[^，。；\d]{0,4}(?:未采|没采)[^，。；\d]{0,4}，[^。；]{0,20}(?:前|须|要|待|限|等)[^。；]{0,12}补(?!了)"
    # 那里的52人等路修通了再采; 还有11个上寺念经的，约好二十二号来采
    r"|[^，。；\d]{0,8}，?等[^。；\d]{2,14}再[来去]?[补采扎](?![了完])|[^，。；\d]{0,12}，(?:都|已)?(?:[^，。；\d约]{0,10})?约[好定了在][^。；]{2,20}(?:[来去到][^，。；]{0,8}[补采扎]|代(?:为)?采)(?![了完])"
)
# 约好二十二号来采的还有41人
AGREED = Pattern(
    r"约[好定][^，。；\d]{2,16}[来去到再][^，。；\d]{0,4}[补采扎抽]血?的(?:群众|村民|人员)?(?:[还另]?[剩有]?|共|约)*$"
)
# 群众DNA信息入库2.6万人份 among other work: the model takes it for the size of a database
OF_ALL_STORED = Pattern(
    r"(?:群众|居民|村民|牧民|人口|农牧民|男性)的?(?:DNA|血样)(?:信息|数据|样本)?(?:采集)?入库(?:了|共|约|累计|\s)*$"
)
# 从7月底的1.6万份增加到8月中旬的2.06万份: what was held at both times; 由每天80份提高到300份 is a pace
ROSE = r"(?:增[加长]?|上升|提[高升]|升|涨|扩[大充]|攀升)了?[到至为]"
ROSE_FROM = Pattern(
    r"[从由](?![^，。；]*(?:任务|目标|计划|每|日均|平均|产|价|费|通量|[年月]均))[^，。；\d]{0,10}(?:\d{1,2}月\p{Han}{0,3}的?|\d{1,2}[日号]的?)?$"
)
ROSE_TO = Pattern(rf"(?:DNA)?(?:血样|样本)?{ROSE}")
ROSEN_TO = Pattern(
    rf"[从由](?![^。；]*(?:任务|目标|计划|每|日均|平均|产|价|费|通量|[年月]均))[^。；\d]{{0,10}}(?:\d{{1,2}}[月日号]\p{{Han}}{{0,3}}){{0,2}}\d[\d,.]*+[万千]?[余多]?(?:人份|份){ROSE}"
    r"(?:目前|现在|如今|今[天年])?\p{Han}{0,3}(?:\d{1,2}[月日号]\p{Han}{0,3}){0,2}的?$"
)
# 到年底要突破6万份: the figure begins with 突破
SHALL = Pattern(r"(?:[要须应将]|(?:力争|争取|有望|预计|确保)(?:[^，。；\d]{0,6}[前内])?)$")
PASSES = ("突破", "超过")
# 外出学经的5名僧人，返寺后三日内到派出所补采
AWAY = Pattern(r"(?:外出|在外|请假|住院)[^，。；\d]{0,6}的$")
WHEN_BACK = Pattern(r"[^，。；\d]{0,6}，[^。；\d]{0,24}[返回][^。；\d]{0,16}补采(?![了完])")
# 漏采的25人…，均须在7月25日前补采
MISSED = Pattern(r"(?:漏采|未采|没采[上到]?)(?:的|了)?约?$")
MADE_UP_BY = Pattern(r"[^。；]{0,60}(?:须|要|应|限|务必)[^。；]{0,14}[前内][^，。；]{0,6}补[采齐](?!了)")
# 有2人凝血不好，改采口腔拭子
OTHERWISE = Pattern(r"[^，。；\d]{0,12}，?改[采刮取用]了?(?:口腔|唾液|耳垂|拭子)")
# 对重点人员1,210名、流动人员3,420名、群众7.8万名均已采集血样
FOR_LIST = Pattern(r"[对为给][^。；]{0,40}$")
ALL_OF_THEM = Pattern(
    r"(?:[、和及与][^，。；、\d]{1,12}\d[\d,.]*[万千]?[余多]?[人名位]){1,8}(?:均|都|全部|逐一)(?:已|进行|完成)*了?"
    r"(?:采集?|抽取?)了?[^，。；]{0,4}(?:血|DNA|样)"
)
# 完成采集任务的有东镇（612份）、西镇（515份）
FULFILLED = Pattern(
    r"完成了?[^，。；\d]{0,16}任务的(?:所|乡镇|村|单位)?(?:共?有|是|为)[^。；]{0,80}?[（(、](?:采集?|完成)?$"
)
# 6100多人里采过的有5530人
HAVE_BEEN = Pattern(r"(?<!没|未|没有|不曾)[采抽扎]过(?:血样?|样|DNA)?的(?:就|已|共|才|只|也)?(?:有|是)(?:大?约|近)?$")
# 隔壁村采完了，报的数是211人; 收到的数是3514人
REPORTED = Pattern(r"(?:报[来上]?|报上来|收[到上来]+|交上来)的数(?:字|据|目)?(?:就|共|已)?是(?:大?约|近)?$")
# 剩下42人里头，…就地采齐
LEFT_AMONG = Pattern(r"(?:里头|里面|里|当中|中)(?=[，,有])(?:(?!已)[^。；])*(?:[采补][齐完够]|补采|再采)")
# 建成一座存有4.6万人份的家系库
HOLDING = Pattern(r"(?:存有|收有|收录|容纳|拥有)[了着]?$")
BANK = Pattern(r"的(?:家系|家族|样本|血样|DNA|数据|男性|基因){1,3}库(?!房)")
# 连同2015年预调查的60份, 加上去年收的113管; 动员、采集、登记的980份; 已经扎过了，加起来420个
TAKEN = Pattern(
    r"(?:连同|加上|算上)(?![^，。；]*(?:计划|要|将|拟|应|未|没|剩|缺|差|漏|新增))[^，。；]{0,20}"
    r"(?:[采收留抽得取存年月季天前]|采集|试点|调查|上[次回批])的$"
    r"|(?<![未待应拟须需要划][^，。；]{0,6})[采抽]集?、[^，。；\d]{1,8}的$"
    r"|(?<![未没待应拟须要][^，。；]{0,6})(?:扎|采|抽|留)(?:过|完|好)了?，(?:加起来|合起来|一共|总共|合计|统共|总?共)[共约]?$"
)
# 开展DNA采集工作，共采集学生信息312人次: the sum of what the sentence began with
AT_LARGE = Pattern(
    r"(?:血样?|DNA)(?:样本|信息|数据)?采[集录](?:工作)?，(?:共|累计|合计|总共)(?:已|计|完成)?采集了?(?:辖区)?(?:有效|各类)?"
    r"(?:[^，。；、\d]{0,8}(?:群众|居民|村民|牧民|农民|学生|师生|僧尼|僧人|人员|男性|家庭))?的?(?:有效|各类)?信息(?:共|约|近)*$"
)
# 采集群众生物检材87份: of people; those of scenes are gathered too, but not from anybody
_WHOSE = r"(?:男性|群众|居民|村民|牧民|农民|僧[人尼]|学生|师生|人口|人员|工人|家系|家族)(?:家系|的|DNA|生物|血样)*"
OF_PEOPLE = Pattern(
    rf"(?<![应需须拟待将要未没])(?:(?:采集|补采|提取)了?(?![^，。；]*(?:现场|物证|案件))(?:[^，。；、\d]{{0,8}}?(?:的|DNA))?{_WHOSE}"
    r"|(?:采集|补采)了?(?:DNA生物|血样))检材(?:样本|信息)?(?:共|约|近|累计)*$"
)
OF_SO_MANY = Pattern(r"(?<![应需须拟待将要未没])(?:采集?|补采|提取|留取)[了到]?生物检材(?:共|约|近|累计)*$")
INFORMATION = ("条", "份", "人", "名", "人次", "人份")
NO_SAMPLED = Pattern(r"流动|从业|重点|前科|暂住")
# 寺里的厨工9人一并采集, 上访的四人在派出所被抽血
TAKEN_TOO = Pattern(
    r"(?:也|亦|均|都)*一[并同起道](?:[采抽扎取]了?(?:集|血)?了?(?:血样|DNA)?)(?=[，。；）]|$)"
    r"|(?:在[^，。；\d]{1,10}|也|亦|均|都|先后|当场|同样)*被(?:强制|强行|要求|逐一)*(?:抽了?血|采了?血|采集(?:了)?(?:血样|DNA)|扎了?手?指)(?=[，。；）]|$)"
)
# 名单上86个名字，叫明天去扎指头
NAMES_CALLED = Pattern(
    r"名字(?=[，、。])(?![^。]{0,40}[采扎抽][了过完])[^。]{0,40}?(?:喊|叫|通知|让|要|须|请)[^。，]{0,10}(?:采[血样集]|扎(?:手?指|针|血)|抽血|取血)"
)
# 共招300人，其中某镇160人、某乡140人，招满为止
RECRUITS = Pattern(
    r"(?:^|[，。；：】\s])(?:此次|本次|计划|拟|共|总共|现|只|再|预计)*招(?:募|收|集)?(?:志愿者|受试者)?(?:共|约)?"
    r"[^。；聘录]{0,24}$"
)
UNTIL_FULL = Pattern(r"[^。；]{0,60}(?:招|报|收|额)满(?:为止|即止|截止|即停|后截止|后停止|就截止)")
# 请村干部代劳，9月12日送回53份
BROUGHT_BACK = Pattern(r"(?:，|日|天|晚)(?:共|又|已|先)?(?:送|带|捎)回(?:来)?(?:了|共)*$")
# 东沟村任务80份，上报86份; 全乡要800份，交上来630份: what was handed in of a task, and the task
HANDED_IN = Pattern(
    r"(?:任务|指标|名额|计划|应采|应交|要)[^，。；、\d]{0,6}[\d.,]+[万千百余多]*[份人个例张名条]?[，、]"
    r"(?:已|共|实际|现|只|才|仅|目前){0,2}(?:上报|报来|上交|交[上来]{1,2}|上缴|收到|收回|收上来|送来|送检|到[账位])了?$"
)
ASKED = Pattern(r"(?:[县市乡镇村所组校寺]|我们|这边)(?:里|上)?(?:总?共|一共|拢共)?要$")
THEN_HANDED_IN = Pattern(r"[，、](?:已|现|只|才|仅|目前){0,2}(?:交|收|报|送|采)[上来到了]")
PAPERS = Pattern(r"(?:不合格|空白)?\p{Han}{0,4}(?:证|名册|名单|回执|表|通知|物|礼)")
SAMPLES_TOLD = Pattern(r"血|采|样|DNA|家系|卡|村|户")
# 6月底前已采、暂存物证室的8940份: though tests of them are asked for
IN_STORE = Pattern(r"已经?采(?:集)?(?:到位)?[、，]?(?:并|且)?(?:暂存|留存|存放|保存|封存)[^，。；\d]{0,14}的?$")
# 新站所漏采27人: whoever they are, they were not sampled
LACKED = Pattern(r"[漏缺]采(?:人员|对象)?(?:共|约|近|有)*$")
# 仅剩两个村600多人
ONLY_LEFT = Pattern(r"(?:[仅只就]剩(?:下|余)?了?[^，。；\d证户]{0,10}|(?<=人[，、\s])剩(?:下|余)?\s?)$")
# 过了1.8万人这道线
LINE = Pattern(r"(?:的)?[这那][道个条](?:线|坎|关|门槛)")
# 372例中检出单倍型351种
TYPED = Pattern(r"(?:样本|血样|个体)?中[，,]?(?:共|总共)?(?:检出|观察到|发现|得到)[^，。；\d]{0,6}单(?:倍|体)")
# 完成下达任务（5,000份）的106%
TASK_ASIDE = Pattern(
    r"完成[^。；，（）()]{0,16}(?:任务|计划|指标|目标)[^。；，（）()]{0,4}[（(][^（）()]{0,20}[）)]的?[约近]?$"
)
# 完成采血任务850份中的802份: of a task
OF_TASK = Pattern(r"(?:任务|计划|目标|指标|应采)(?:数|总数|量)?(?:的|为|共|是)?$")
OF_IT = Pattern(
    r"(?:任务|计划|目标|指标|应采)(?:数|总数|量)?(?:的|为|共|是)?\d[\d,.]*+[万千]?[余多]?[份人名](?:之)?中的?已?(?:完成)?了?$"
)
PART_OF_IT = Pattern(r"(?:之)?中的?已?(?:完成)?\d")
# 对1.8万名居民采集血样，截至3月9日已采1.2万人: how many there are, and how many of them were sampled
FOR_ALL = Pattern(r"[对为给][^，。；]{0,24}$")
SO_FAR_TAKEN = Pattern(
    r"[^，。；\d]{0,12}(?:采集|采血|采样|进行)[^。；\d]{0,30}(?:截[至止到][^，。；]{1,10})?[，]?"
    r"(?:已经?|实际|现已|目前已|共)(?:完成)?(?:采集?|抽)[^，。；\d]{0,4}(?P<number>\d[\d,.]*+万?)[余多]?(?:人份|[名人份])"
)
# What decides stands within this much before a figure, and behind it, in characters.
MOST_LEFT, MOST_RIGHT = 48, 90
# Parts stand this far behind the number they are of, in characters.
PARTS_REACH = 90
FEWEST = 2
# 只剩二十来个: a way of saying that all is done.
FEW, MANY = 10, 30


@lru_cache(maxsize=64)  # rules and model ask for the same figures
def settled(sentence: str, numeral: Numeral) -> CountKind | None:
    """What a figure of a sentence about samples counts where the words beside it leave no doubt; else None.

    >>> from pipeline.language.counts.numerals import find_numerals
    >>> [settled(s, find_numerals(s)[-1]) for s in ("全镇要收的是三千张", "连同试点的730份，", "采集730份")]
    ['target', 'samples', None]
    """
    before = sentence[max(0, numeral.start - MOST_LEFT) : numeral.start]
    if numeral.kind == "percent":
        return "coverage" if TASK_ASIDE.search(before) or is_listed(sentence, numeral.start) else None
    people = numeral.unit in PEOPLE
    if _at_large(before, numeral.unit) or respective(sentence, numeral.start) == "samples":
        return "samples"
    if numeral.value < FEWEST or not (people or numeral.unit in SHEETS):
        return None
    behind = sentence[numeral.end : numeral.end + MOST_RIGHT]
    late = unsampled(sentence[max(0, numeral.start - PARTS_REACH) : numeral.start], behind)
    if late:
        return late
    left = ONLY_LEFT.search(before) if people else None
    passes = sentence.startswith(PASSES, numeral.start) and SHALL.search(before)
    passes = passes or (OF_TASK.search(before) and PART_OF_IT.match(behind)) or allotted(sentence[: numeral.start])
    if passes or _to_come(before, behind) or (left and numeral.value >= (FEW if left[0].startswith("剩") else MANY)):
        return "target"
    if people and (
        _to_be_made_up(before, behind)
        or _some_of(numeral, before, behind)
        or (numeral.unit == "个" and NAMES_CALLED.match(behind))
    ):
        return "target"
    if people and LACKED.search(before) and not MADE_UP_BY.match(behind):
        return "target"
    if (
        completed(before, behind)
        or IN_STORE.search(before)
        or OF_ALL_STORED.search(before)
        or REPORTED.search(before)
        or FULFILLED.search(before)
        or (people and HAVE_BEEN.search(before))
        or (people and ALL_OF_THEM.match(behind) and FOR_LIST.search(before))
        or _rose(numeral, before, behind)
    ):
        return "samples"
    if HOLDING.search(before) and BANK.match(behind):
        return "database"
    if people and RECRUITS.search(before) and UNTIL_FULL.match(behind):
        return "target"
    if people and TAKEN_TOO.match(behind):
        return "samples"
    taken = TAKEN.search(before) or (numeral.unit in SHEETS and OF_PEOPLE.search(before))
    taken = taken or ((people or numeral.unit == "人份") and OF_SO_MANY.search(before))
    if taken or LINE.match(behind) or TYPED.match(behind) or (people and OTHERWISE.match(behind)):
        return "samples"
    brought = numeral.unit in ("份", "张", "管") and BROUGHT_BACK.search(before) and not PAPERS.match(behind)
    brought = brought or (numeral.unit in SHEETS and HANDED_IN.search(before))
    return "samples" if brought and SAMPLES_TOLD.search(sentence) else None


def _rose(numeral: Numeral, before: str, behind: str) -> bool:
    """Whether so many samples were held when a figure rose from or to this, or are those of a task that were taken."""
    rose = (ROSE_FROM.search(before) and ROSE_TO.match(behind)) or ROSEN_TO.search(before)
    return OF_IT.search(before) is not None or (numeral.unit in ("份", "人份") and rose is not None)


def _some_of(numeral: Numeral, before: str, behind: str) -> bool:
    """Whether what follows tells that of so many fewer were sampled so far."""
    taken = SO_FAR_TAKEN.match(behind) if FOR_ALL.search(before) else None
    number = to_number(taken["number"]) if taken else None
    return number is not None and 0 < number < numeral.value


def _to_come(before: str, behind: str) -> bool:
    """Whether so many are asked for, or left to be sampled."""
    if TO_COME.search(before) or (FROM.search(before) and FAR_FROM.match(behind)):
        return True
    if (LEFT.search(before) and BEFORE_THEN.match(behind)) or (ASKED.search(before) and THEN_HANDED_IN.match(behind)):
        return True
    return TOLD_TO.search(before) is not None and HANDED_IN_BY.match(behind) is not None


def _to_be_made_up(before: str, behind: str) -> bool:
    """Whether people whose turn has not come are to be sampled later."""
    if LAST_OF_ALL.search(before) or AGREED.search(before) or MADE_UP_LATER.match(behind):
        return True
    if (AWAY.search(before) and WHEN_BACK.match(behind)) or (LEFT.search(before) and LEFT_AMONG.match(behind)):
        return True
    return MISSED.search(before) is not None and MADE_UP_BY.match(behind) is not None


def _at_large(before: str, unit: str) -> bool:
    """Whether a figure of information about people is the sum of the sampling that the sentence begins with."""
    found = AT_LARGE.search(before) if unit in INFORMATION else None
    return found is not None and NO_SAMPLED.search(found[0]) is None
