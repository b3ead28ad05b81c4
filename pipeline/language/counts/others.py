"""Figures that stand beside samples and surely count something else, whatever else their sentence says.

Prints, what was sent back or refuted, thresholds, averages, what a laboratory can do in a day, by how much there is
more than before, ages, suspects found, whose samples match, what herds give, and old bones: rules and the fitted model
leave them alone.
"""

from __future__ import annotations

from pipeline.language.counts.animals import of_animals
from pipeline.language.counts.besides import is_beside
from pipeline.language.counts.bundles import of_trait
from pipeline.language.counts.elsewhere import is_elsewhere
from pipeline.language.counts.norms import is_norm
from pipeline.language.counts.numerals import Numeral, to_number
from pipeline.language.counts.oddities import is_odd
from pipeline.language.counts.other_kinds import of_other_kind, respective
from pipeline.language.counts.paces import ABLE, AVERAGE, MORE
from pipeline.language.counts.refuted import refuted
from pipeline.language.counts.shares import fell_short, no_share, over_task
from pipeline.language.counts.stages import merely_missed
from pipeline.language.counts.strays import is_stray, is_stray_share
from pipeline.language.counts.thresholds import THRESHOLD, is_threshold
from pipeline.language.counts.void import is_void, not_taken
from pipeline.patterns import Pattern

SHEETS = ("份", "人份", "例")
PEOPLE = ("人", "名", "位", "个", "人次", "个人")
# 412名群众的足迹, 1200人的虹膜、指纹: of whom prints were taken, unless blood was too.
TRAIT_OF = Pattern(
    r"(?:(?:男性|女性|适龄)?(?:群众|村民|居民|人员|学生|工人|僧尼))?的?十?指?(?:指掌纹|掌指纹|指纹|掌纹|足迹|虹膜|声纹|人像|笔迹|步态)"
    r"(?![^，。；\d]{0,14}(?:血|DNA|唾液|口腔))"
)
SENT_BACK = Pattern(
    r"(?:退回|退还|作废|报废|返工)(?:了|的|共|约|计|样本|血样|血卡|卡片|样品|重采(?!了)|重做(?!了))*+$"
    r"|(?<!不得|严禁|禁止)(?:销毁|删除|删掉|删去)了?(?!后|之后)[^，。；\d]{0,12}$"
    r"|(?:^|[，。；、：（])(?:其中|另|又|被|给)*退(?:了|掉了?|来|回来)(?:约|近)?$"
)
# 退回重采17份，已从累计数中扣除
TAKEN_OFF = r"，?(?:[均都现]|全部)?(?:已经?|从[^，。；]{1,10}中?)+(?:扣除|剔除|核减|冲减|减去)"
# 超出年度任务118份: by so many
BEYOND = Pattern(r"超出[^，。；\d]{0,8}(?:任务|计划|目标|指标)数?$|超额(?:完成|采集|采)了?[约近]?$")
# 二十出头: an age
AGE = Pattern(r"(?<=[，、。；：（\s])(?:[二三四五六七八九]?十|[2-9]0)出头(?=[，、。；）\s]|的)")
# 为312名群众采集血样310份: they are told apart from the samples
FOR_WHOM = Pattern(r"[对为给](?:辖区|全[县镇乡村寺]|\p{Han}{1,6}[县镇乡村寺])?的?$")
SO_MANY_TAKEN = Pattern(
    r"[^，。；\d]{0,10}(?:采集?|抽取?|扎)[了到得]?(?:DNA|血样?|血卡|样[本品]?|唾液){1,3}(?:共|各)?[\d,]+[份张管例]"
    r"|[^。；\d]{0,30}完成(?:DNA|血样?|血卡|样[本品]?){1,3}采集(?:共)?[\d,]+[份张管例]"
)
# 认定嫌疑人146名; 一名男子的血样与…一致: not whoever was sampled
FOUND_OUT = Pattern(
    r"(?:认定|抓获|锁定|比中|查明)(?:违法|犯罪)?(?:嫌疑人|嫌犯|逃犯|身份)(?:了|共|约|达)*$|比对出其中的?$"
)
MATCHES = Pattern(
    r"[^，。；]{0,10}的(?:血样?|DNA|样本|数据|唾液)[^，。；]{0,6}[与和跟同][^，。；]{0,24}(?:一致|吻合|比中|匹配|相同|比对上|对上)"
)
# 走失男子七人: people lost, not those who gave blood for them. 来了41人，采了39人; 备案的1,100名蔗工
# but 为亲人失踪的12人采血
LOST = (
    r"(?<!长期|[亲家]人|[亲家]属|[子儿]女|孩子|确有)(?:走失|失踪|失联)"
    r"(?:的)?(?:男子|女子|儿童|人员|老人|妇女)?(?:共|约|有)*$"
)
CAME = Pattern(r"(?:来了|到场|到了|前来|报名)(?:登记)?(?:共|约|有|的)*$")
THEN_SAMPLED = Pattern(
    r"[，,、](?:实际|共|其中|当[场天日晚]|最后|[只已就]|[一两三头前]天|一?上午|一?下午)*[采抽扎]集?[了到得]?(?:血样|血|DNA|样)?[约近]?[\d一二三四五六七八九十百千]"
)
BY_NOW = Pattern(
    r"[，,](?:(?:到|至|截[至止])[^，。；]{1,10}?|目前|现)(?:已经?|共|只|才)*[采抽扎]集?[了到得]?(?:血样|血|DNA|样)?[约近]?[\d一二三四五六七八九十百千]"
)
# 厂里有147人，当天抽了106人: of how many, in a clause that tells nothing of samples or tasks
OF_HOW_MANY = Pattern(
    r"(?:^|[，。；：！？\n])(?![^，。；：！？\n]*(?:[采抽扎取留]|血|DNA|样|[应该须需拟]|任务|名[单册额]|目标|计划|指标|派|分|对象|符合|适龄|范围))[^，。；：！？\n\d]*$"
)
# 1,340名男子按了手印，其中280人采了血
SOME_SAMPLED = Pattern(
    r"[^，。；\d]{0,14}[，,]其中(?:有|的)?[约近]?[\d,零一二三四五六七八九十百千两]+[余多]?[人名个位](?:男[性子丁])?[^，。；\d]{0,4}[采抽取留扎][了过取集]?(?:了?血|了?指血|DNA|血?样)"
    # 203人到场，其中采集DNA198人
    r"|[^，。；\d]{0,8}(?:到场|到点|参加|前来)(?:的|登记)?[，,](?:其中|实际|现场|当场|共)*(?:采集?|抽血|采[血样]|留取)(?:了|DNA|血样|样本|\s)*[约近]?[\d,]+[余多]?[人名份]"
)
# 全乡补证503人，与采血无关
APART = r"，?(?:与|跟|和)(?:DNA|采血|采样|采集|验血|公安|血样)[^，。；\d]{0,4}(?:无关|不相干|没(?:有)?关系)"
# 已采集12万份，消息来源有误，现予撤回; 原为1.4万份，现更正为1.6万份
WRONG = (
    r"[”」』]?[，,](?=[^。；]{0,16}(?:有误|不实|失实|不准确|错误|误报|误传))[^。；]{0,30}(?:撤回|更正|致歉|纠正|作废|删除|道歉)(?!为)"
    r"|[”」』]?[，,]?(?:系(?:笔误|误写|误报|误植)[，,]?)?(?:现|应)?(?:更正为|修正为|变更为|应为|改为)"
)
# 应随访2,317人，实到1,954人
FOLLOWED = r"(?:随访|回访|体检|查体|复查|问卷|访视)[^。；采血样]{0,24}[，,]?(?:实到|实际到访|到访|来了?)(?:共|约|有)*$"
# 三十多条汉子, 两条狗: nothing in 条 but records is of samples
IN_STRIPS = Pattern(r"汉子|好汉|大汉|硬汉|狗|鱼|街|路|沟|河|巷|船|标语|横幅|毛巾|哈达|鞭炮|山[沟梁]|微信|短信")
# 写信的是一位尼师：“…
SPEAKER = Pattern(r"\p{Han}{0,8}(?:[说讲称道]|表示|介绍|告诉|回忆|[：:，]?[“「])")
# 官网称累计检测逾300万人份: a firm's tests of all kinds
BOAST = Pattern(
    r"(?:公司|官网|我司|机构|企业)[^。；\d]{0,20}检[测验](?:了|样本)?$"
    r"|检[测验](?:了|过)?各[类种](?:生物)?样[本品](?:累计|共|超|达)*$"
)
# 自有参考人群样本库120万份
ITS_BANK = r"(?:自有|我司|本公司)的?[^，。；\d]{0,10}(?<!入)库[^，。；\d]{0,6}$"
ALL_TESTS = Pattern(r"各[类种](?:生物)?样[本品]|亲子|无创|肿瘤|产前|遗传病|临床|官网|号称|吹")
# 谢绝的有四十多位
DECLINED = r"(?:谢绝|婉拒|婉言谢绝|没(?:有)?同意|未同意|不肯|不愿)(?:参[加与])?的(?:也|还|共|约|只)*有?约?$"
# 男的一百二十几口，昨天采了七十三个
MOUTHS = Pattern(r"口[，,][^，。；\d]{0,14}[采抽扎][了到得][约近]?[\d一二三四五六七八九十百千]")
# 到昨天十五: a day of the moon's month
MOON_DAY = Pattern(r"(?:[今昨前明后]天|[正腊冬]月|[农阴]历)$")
ON_FILE = r"(?:备案|登记|注册)(?:在册)?的$|户口[本册簿]上?(?:是|有|共)*$"
# B超做了190人; 体检第二天，抽血241人: a health check's
CHECKED = (
    r"(?:B超|彩超|心电图?|胸片|透视|血压|血糖|肝功|化验|查体|接种)(?:检查|检测)?(?:做|查|量|测|拍)?了?(?:共|约)*$"
    r"|(?:全民|免费|参加)?体检(?:了|群众|居民|村民|人数|共|约|[:：])*$"
    r"|体检任务(?![^。；]*(?:DNA|血样|血卡))[^。；]{0,24}共?$"
    r"|体检(?:却|才|只|也|又|仅|都)*(?:做|查|检|搞)了(?:共|约)*$"
    r"|(?:体检|卫生院|医院|查体)(?![^。；]*(?:DNA|血样|血卡|民警|派出所|公安))[^，。；]{0,8}[，]?[^，。；]{0,4}抽血了?(?:共|约)*$"
)
# 现存血卡一万二千张: blank ones
BLANK = Pattern(
    r"(?:现存|库存|剩余|空白|备用|(?<!其)余)的?(?:采?血卡|卡片?|滤纸)(?:共|约|有)*$|(?:订购|购[买置入]?)(?:DNA)?(?:采?血卡|采样卡|卡片?)(?:共|约)?$|(?:[重补]领|盘点仅?存|应余)(?:了|共|约)*$"
)
# 抽检血卡100张, 合作医疗已收1,430人, 来听的200余人, 抽调采血人员12名
OTHER_DEED = (
    r"(?:抽检|抽查|抽审|抽验|抽取(?=血卡))了?(?:血样|血卡|卡片|样本)?(?:共|约)?$"
    r"|(?:合作医疗|医保|新农合|养老保险|保费|[水电]费)[^。；]{0,16}(?:收|缴|交|参)[了保]?(?:共|约)?$"
    r"|(?:来听|听课|听讲|参会|到会|观看|围观|参观)的?(?:共|约|有)?$"
    r"|(?:抽调|选派|配[备齐]|聘请|培训|出动|派出(?!所))了?[^，。；\d]{0,8}(?:采血|采集|采样)(?:人员|骨干|能手)(?:共|约)*$"
)
# 占全镇总人口2300人的八成: how many live there. 占应采人口 is a task.
POPULATION = Pattern(
    r"占(?:了|到)?(?![^，。；\d]*(?:应|任务|目标|需|采|对象|名[册单]))[^，。；\d]{0,12}(?:人口|总人数)(?:总?数)?[（(]?[约近共]?$"
)
ITS_SHARE = Pattern(r"[）)]?的[约近]?(?:\d|百分之|[一二三四五六七八九半]成?)")
# 两镇合计占了全县三成: of all samples
OF_COUNTY = Pattern(
    r"(?:[镇乡村所地家]|合计|相加)(?:的?(?:DNA|采集|采血|血卡|血样|样本)(?:样本)?(?:数|量|总[量数])?)?占(?:了|到)?全[县市州区镇](?:总[量数])?的?[约近]?$"
)
# 任务按男性人口的一成核定: a plan's share
OF_PLAN = Pattern(r"按[^，。；]{1,24}的?[约近]?$")
PLANNED_BY = Pattern(
    r"(?:的?(?:比例|标准|左右|以[上内下]))*(?:来|进行|予以|统一)*(?:核定|测算|下达|分配|确定|安排|估算|计算|折算|掌握|把握|分解|抽取|抽样|选取|布点|配备?|采集|采样)"
)
# 两千多名老人免费验血查包虫: a health check's
EXAMINED = Pattern(
    r"(?:老人|儿童|妇女|群众|村民|学生|职工)?(?:进行|开展|做)?了?(?:免费)?(?:验血查|体检|查体|义诊|查包虫|量血压)"
    r"(?![^。；]{0,24}(?:DNA|采集|血样|血卡))"
)
# DNA血样两份，一份留底一份送检: of each
TWICE = r"[，,](?:其中)?一份[^，。；]{1,6}[，、]?一份"
# 一份远房堂亲的血样打开了口子: the one that solved a case
THE_ONE = Pattern(r"(?:由|靠|凭|因|从|据|正是|[这那某])$")
FEW = 5
# 7人此前已采集、未重复采血; 剩下的6人还没有结果
BEFORE_NOW = (
    r"\p{Han}{0,4}(?:此前|之前|以前|早前|先前|前期)已经?(?:采集?过?|入库)(?:血样?)?[，、]?"
    r"(?:未|不再|没有?|无需|不用|免于)再?(?:重复|次)?采?"
)
NO_RESULT = r"[还尚仍暂]?(?:没有|未|没)出?结果"
# 其中1人已查明系外省籍, 5人已经和亲生父母对上
NAMED = Pattern(
    r"(?:已经?|均|都|先后|被)*(?:查明|确认|认定)(?:系|为|是|了?身份)|已经?[和与跟同][^，。；]{0,14}(?:对上|比中|认亲|相认|团聚)"
)
# 羊血样2640份, 茶树叶片样本19份
HERD = (
    r"[牛羊犬猪马畜][^，。；（）]{0,6}采血（[^，。；（）]{0,8}$|(?:[牛羊犬狗猪骡驴马鸡鸭鹅畜]|骆驼|家禽)[只群]?的?血[样清液]?(?:样[本品])?[共约各]*$"
    r"|(?:叶片|树叶|植株|种子|种质|果实|土壤|菌种|菌株|药材|作物)[^，。；、\d]{0,6}(?:样[本品]?|标本)[共约各]*$"
)
# 33例人骨
REMAINS = r"的?(?:古?人骨|古人|骸骨|遗骨|遗骸|古尸|干尸|头骨|化石)"
# 汉族占三成: who is among those sampled; 采血的占九成 is none of these
# 不及厉庄所的一半: of another's
OF_OTHER = Pattern(r"(?:不及|不如|仅为|相当于|只有)[^，。；\d]{1,10}[所镇乡村县局]的$")
# 采集对象2.8万人，占男性的三成: how many are to be sampled
OF_DUE = Pattern(r"(?:对象|应采|任务|目标)[^，。；]{0,14}[\d万余多][人名份]，(?:约|大约)?占[^，。；\d]{0,12}的?$")
AMONG = Pattern(r"^(?!.*(?:采|血|录|完成|已|任务|入库))\W*\p{Han}{2,}占比?[了到]?[约近]?$")
TRAIT = (
    r"(?:指掌纹|掌指纹|指纹|掌纹|足迹|人像|照片|虹膜|声纹|步态|车辆|手机号?码?)(?:信息|数据|样本)?"
    r"(?:采集|录入|登记|入库)?(?:完成率?|采集率|率)?[达为到约占]*$"
)
TRAIT_RATE = Pattern(rf"^(?!.*(?:血|DNA|样本)).*{TRAIT}")
# 力争再采3000人，总采集率达到80%; 不足300份的派出所次日通报: to be reached, or a threshold
AIM = Pattern(
    r"(?:力争|争取|确保|务必|必须|要求|目标(?:是|为)?|计划)(?!.*(?:已|目前|截至|现|实际))[^。；]{0,36}(?:达到?|提[高升]到?|升至|[为至到]|完成[^，。；\d]{0,12}(?:任务|计划|目标)[量数]?的?)(?:不低于)?$"
    r"|[要应须需得](?:全部|均|都)?(?:达到?|(?:提高|提升|上?升|补|追|冲)[至到])$"
)
SHORT_OF = Pattern(r"(?:未|没|不)[^，。；]{0,4}$")
# 21300名务工者当中有19,880人留下血样: those among whom samples were taken
AMONG_THEM = Pattern(
    r"\p{Han}{0,10}?(?:当中|之中|(?<![集其])中|里)[，,]?(?:已经?|仅|只|就|便|共|累计|实际)*(?:[采抽扎]过的)?(?:有|[采抽收留]集?[了得到]?|完成)?(?:DNA|血样?)?(?:大约|约|近|逾)?[\d一二三四五六七八九十百千万]"
)
# 机关34人采了30人: of so many
OF_SO_MANY = Pattern(
    r"(?:里|中)?(?:只|才|已|实际?|仅)*[采抽扎]集?[了到得](?:血样?)?(?:大约|约|近)?[\d一二三四五六七八九十百千,]{1,9}[余多来]?[人份名个](?!天|小?时|月|周|晚|[上下]午|多?[月星])"
)
CALLED = Pattern(r"(?:应[采到检]|[需须该拟待]采|任务|名[单册]|对象|目标)[^，。；\d]{0,6}$")
# 80名职工，采了72人: who they are
WHO = Pattern(
    r"^(?:在[寺册校岗]的?)?(?:男[性子丁生人]|女[性子生人]|居民|村民|群众|牧民|员工|职工|工人|学生|僧[人尼]|尼[僧姑]|人员|民工)"
)
SAMPLED = Pattern(r"[采抽扎取留]了?的$")
CLAUSE = Pattern(r"[，。；：！？;?!、（）()\n]")
# 抽血送检的驾驶人187名: blood for alcohol
DRINK = Pattern(
    r"酒驾|醉驾|酒后驾|醉酒驾|危险驾驶|抽取?血[样液]?送检|逢醉必|呼气(?!试纸)|涉酒|酒精|乙醇|(?:抽血|血样|血液)[^，。；]{0,10}(?:驾驶[人员]|司机)"
    r"|(?:驾驶[人员]|司机)[^，。；]{0,10}(?:抽血|血样|血液|静脉血)"
)
TESTED_FOR = Pattern(r"酒精|乙醇|[均都]抽取?血[样液]?送检|危险驾驶")
# 查处酒驾3起，采集血样210份: more than were stopped
STOPPED, MANY_MORE = Pattern(r"(?:酒驾|醉驾)[^，。；\d]{0,10}(\d{1,5})[起人例]"), 5
# Y库采血510份, 采集群众血样312份
OF_CROWD = Pattern(
    r"Y库|Y-?STR|家系|采集?(?:了|到|得)?(?:全|各|辖区|流动|外来|务工|常住)?[^，。；]{0,4}(?:群众|居民|村民|牧民|农民|男|女|僧|学生|人口|务工)"
)
GENES = Pattern(r"DNA|基因|入库|建库|数据库")
# 均须采集血样一份: of everybody
OF_EACH = Pattern(r"(?:均|都|一律|凡|须|应当?|每)[^。；]{0,40}$")
# 招募协助员18名
HIRED = r"(?:招募|招聘|招录|招收|选聘)[^，。；]{0,16}(?:员|岗位?|助理)$"
# 血样912份、指掌纹1,040份; but DNA、指纹300份
PRINTS = (
    r"(?<!(?:DNA|血样?|血液|血卡|唾液)(?:样本|信息|数据)?(?:[、和及与](?:采集?|录入?|捺印?|按|拍)?(?:指掌纹|掌指纹|指纹|掌纹|足迹|声纹|虹膜|人像|步态)){0,4}[、和及与](?:采集?|录入?|捺印?|按|拍)?)"
    r"(?<![指掌])(?:指掌纹|掌指纹|指纹|掌纹|足迹|声纹|虹膜|人像|步态)(?:信息|样本|数据)?[共约各 \u3000：:]*$"
)
# 每少100份扣0.5分
BY_SO_MANY = r"每(?:少|差|欠|缺|超|多|增加|减少|低于?)(?:采集?|完成|收|交)?(?:血样|DNA|样本)*$"
# 86名村民排队等候采血: nobody says that they were sampled
WAITING = Pattern(
    r"[^，。；\d]{0,8}(?:等候|等待|候采)(?:采[集血样]|抽血|DNA|血样|叫号|登记)*(?=[，。；！]|$)(?![^。；]{0,30}(?:采[集血样]?[完了毕]|全部采|[均都]采|已采))"
)
# 应采600人，已采560人，其余死亡3人、服刑2人
GONE = Pattern(
    r"(?:其余|其中|另有?|还有|已|因|均|系|有){0,3}(?:死亡|病故|去世|过世|服刑|在押|失踪|失联|下落不明|销户|迁[出走]|外[迁嫁]|出嫁|出国|出境)"
    r"(?:[及和或、与](?:死亡|病故|去世|服刑|在押|失踪|失联|销户|迁[出走]|外[迁嫁]|出嫁|出国|出境)){0,3}(?:的|人员|者|人口)*(?:共|有|各|约)*$"
)
# 其余外出务工41人; not 其余外出的41人返乡后补采
AWAY = Pattern(
    r"(?:其余|另有|还有)(?:均|都|因|系)?(?:长期|常年)?(?:外出|在外)(?:务工|打工|经商|上学|就学|读书|未归)?(?:人员|的|者)*[共有约]*$"
)
LATER = Pattern(r"[^。；]{0,30}(?:[补待返回]|再采)")
# 村里有42户、198人。
IN_HOUSES = Pattern(
    r"(?:^|[，。；：\n])(?![^，。；：\n]*(?:[采抽扎]|血|DNA|应|任务|对象|名单))[^，。；：\n\d]{0,14}有[\d一二三四五六七八九十百千]+[余多]?户[、，]?[共约]?$"
)
UNSAMPLED = Pattern(r"[，。；！]?$|[，。；！](?![^。；]{0,40}(?:[采抽扎留]|血|DNA))")
OF_THOSE_DUE = Pattern(r"应采|应检|其余|剩余|余下|未采|没采|无法采|不能采")
# One search each is faster.
ELSE_BEFORE = Pattern("|".join((AVERAGE, ABLE, MORE, HERD, HIRED, OTHER_DEED, PRINTS, ITS_BANK, BY_SO_MANY)))
# 按每天120份的进度: how fast, not how many
PACE = r"的?(?:DNA|血样)?(?:采集)?的?(?:进度|速度|节奏|频率)(?![^，。；]{0,4}(?:完成|采))"
# 另有260人抽了静脉血，不做基因
NO_GENES = r"[^。；]{0,30}不(?:做|测|检|提取?|验)(?:基因|DNA)"
# 已有613人浏览: who read the page
READERS = r"(?:次)?(?:浏览|阅读|围观|点赞|收藏|关注|回复|评论|转发|点击|看过|查看|参与(?:讨论|投票|话题)|觉得)"
# 260名学生听课: who was taught
TAUGHT = (
    r"(?:[\p{Han}]{0,6}(?:学生|师生|群众|村民|居民|牧民|僧[人尼]|僧尼|员工|职工|工人|家长|人员))?(?:到场|现场|集中)?"
    r"(?:听课|听讲|听了?课|受教育|受到教育|聆听|观摩|观看|参演|参加演练)"
)
# 38名网格员都参与: who helps
HELPERS = (
    r"[^，。；\d]{0,6}(?:网格员|村干部|镇干部|乡干部|村警|辅警|志愿者|联户长|楼栋长|医护人员|民兵)(?:们|队伍)?(?:也|都|全部|全员|一起|一同|共同)*"
    r"(?:参与|协助|负责|引导|陪同|投入|出动)"
)
ELSE_BEHIND = Pattern(
    "|".join((HELPERS, TAUGHT, READERS, NO_GENES, PACE, BEFORE_NOW, NO_RESULT, REMAINS, TWICE, TAKEN_OFF, APART, WRONG))
)
# 村里一百三十来口人，一个下午采了一百零四个: who lives there
OF_VILLAGE = Pattern(r"(?:[村屯社乡寨]里?|全[村屯社寨家]|[户家])(?:有|共有?|一共|总共)?约?$")
# 采集率不到98%，队长说明情况: a threshold
BLAMED = Pattern(r"的?[，,]?[^，。；]{0,16}(?:说明|检讨|约谈|问责|通报批评|扣分|追责)")
# 应到：212人　实到：178人 in minutes
PRESENT = Pattern(r"(?:应到|实到|到会|缺席|请假)(?:人数)?[：: \u3000]*$")
MINUTES = Pattern(r"主持|地点[：:]|记录人?[：:]|列席|参会")
# 全村男丁四百二十六人，不是个个都要: a population
NOT_ALL = Pattern(r"[，,]?(?:并)?不是(?:个个|人人|每人|每个人?|全部?)都?[要采]")
PEOPLE_ELSE = Pattern("|".join((LOST, ON_FILE, CHECKED, FOLLOWED, DECLINED)))
# 1 2 3 4 5 份: digits of one number, or of none.
DIGITS_APART = Pattern(r"(?<![\d.])\d(?:[ ,]\d(?![\d.])){2,}")
# 现场提取的32份生物检材, 9份可疑斑迹: not of people. So many nobody finds on things.
TRACES = Pattern(r"的?(?:可疑|疑似)?(?:生物(?:检材|物证|样[本品]|痕迹)|检材|物证|斑迹|血迹|痕迹|微量)")
PAPERS = Pattern(
    r"(?:请|各班|家长|将|把)?(?:(?!采|血|样)[^，。；]){0,14}?(?:回执|同意书|告知书|承诺书|登记表|调查表|问卷|倡议书|公开信)"
)
SAMPLE = Pattern(r"血|DNA|样|卡|唾液|采")
AT_SCENE = Pattern(r"现场(?![采抽留])|遗留|勘[查验]|被害人|死者|作案")
FROM_THINGS = Pattern(r"提取(?:到|了|出)?的?$")
CROWD = 500
# 抽取静脉血3200管 in a health check
FROM_VEIN = Pattern(r"(?:静脉血|抽血化验|抽血)(?:样本?)?(?:共|约|了|各)*$")
FOR_GENES = Pattern(
    r"[^。；]{0,16}(?:提取|送|用于|供|做|作|入)[^，。；]{0,8}(?:DNA|基因|入库|建库)|[^，。；]{0,8}入?(?:DNA)?库"
)
PHYSICAL = Pattern(r"体检|查体|化验|生化|B超|筛查|义诊|血常规|肝功")
# 6月30日前完成率达到70%以上
BY_DAY = Pattern(r"[底日号]前[^，。；\d已了]{0,12}(?:达|完成|升|提高?)[到成至]?$")
# What decides stands within this much before a figure, and behind it, in characters.
LEFT, RIGHT = 40, 60


def counts_others(sentence: str, numeral: Numeral, at: int | None = None) -> bool:
    """Whether a figure of a sentence surely counts no samples and nobody sampled. `at`: where it starts."""
    start = numeral.start if at is None else at
    end = start + numeral.end - numeral.start
    before, behind = sentence[max(0, start - LEFT) : start], sentence[end : end + RIGHT]
    if numeral.kind == "percent":
        over = over_task(CLAUSE.split(before)[-1] + sentence[start:end], numeral)
        behind = "" if fell_short(before, behind) else behind
        demanded = numeral.qualifier == "more_than" and sentence[start] in "不≥"  # 采集率不得低于95%
        demanded = demanded or (numeral.qualifier == "more_than" and BY_DAY.search(before) is not None)
        blamed = numeral.qualifier == "less_than" and BLAMED.match(behind) is not None
        # 采集率不到70%的乡镇
        floor = is_threshold(before, numeral.qualifier, behind)
        return over or demanded or blamed or floor or refuted(sentence, start, end) or _other_share(before, behind)
    if ELSE_BEFORE.search(before) or ELSE_BEHIND.match(behind) or _of_else(sentence, before, start):
        return True
    at_least = numeral.qualifier == "more_than" and sentence[start] in "不≥至"
    if (
        is_norm(before, numeral, behind, at_least=at_least)
        or of_animals(before)
        or is_stray(sentence, numeral, before, behind)
        or is_beside(numeral, before, behind)
    ):
        return True
    if is_elsewhere(numeral, before, behind, people=numeral.unit in PEOPLE) or _untold(sentence, numeral, start, end):
        return True
    if _of_scene(sentence, numeral, before, behind):
        return True
    if sentence[start:end] == "一份" and (OF_EACH.search(before) or before.endswith("各") or THE_ONE.search(before)):
        return True
    in_village = sentence[start:end].endswith("口人") and OF_VILLAGE.search(before)
    if in_village or (BEYOND.search(before) and CLAUSE.match(behind)):
        return True
    if sentence.startswith("户", end) or BLANK.search(before) or (PRESENT.search(before) and MINUTES.search(sentence)):
        return True
    if DRINK.search(sentence) and not GENES.search(sentence) and _for_alcohol(sentence, start, end):
        return True
    if _odd(sentence, numeral, start, behind) or _of_papers(sentence, numeral, start):
        return True
    if numeral.unit == "位" and behind.startswith("数"):  # 四位数
        return True
    if numeral.unit not in PEOPLE:
        return SENT_BACK.search(before) is not None
    return _others(numeral, before, behind)


def _of_else(sentence: str, before: str, start: int) -> bool:
    """Whether a figure is of something else that is collected beside samples."""
    return of_trait(before) or of_other_kind(before) or respective(sentence, start) == "other"


def _untold(sentence: str, numeral: Numeral, start: int, end: int) -> bool:
    """Whether a figure is told to be wrong, void, a threshold or of those missed, or is cut out of a row of digits."""
    first, last = max(0, start - LEFT), end + RIGHT
    before, behind = sentence[first:start], sentence[end:last]
    if refuted(sentence, start, end) or is_threshold(before, numeral.qualifier, behind):
        return True
    if merely_missed(sentence, numeral, max(sentence.rfind(mark, 0, start) for mark in "，。；（") + 1):
        return True
    if numeral.unit and is_void(before, sentence[start:end], behind):
        return True
    return any(m.start() < end and start < m.end() for m in DIGITS_APART.finditer(sentence, first, last))


def _of_scene(sentence: str, numeral: Numeral, before: str, behind: str) -> bool:
    """Whether samples were found at a scene (现场提取的32份生物检材), or tubes drawn in a health check."""
    if numeral.unit in SHEETS and TRACES.match(behind):
        clause = CLAUSE.split(before)[-1]
        if AT_SCENE.search(clause) or (numeral.value < CROWD and FROM_THINGS.search(clause)):
            return True
    if numeral.unit != "管" or FOR_GENES.match(behind):
        return False
    return FROM_VEIN.search(before) is not None and PHYSICAL.search(sentence) is not None


def _odd(sentence: str, numeral: Numeral, start: int, behind: str) -> bool:
    """Whether a figure's unit, or that it has none, tells that it counts something else: an age, a day, 三十条汉子."""
    before = sentence[max(0, start - LEFT) : start]
    if is_odd(numeral, before, behind):
        return True
    if not numeral.unit:
        return bool(AGE.match(sentence, start) or MOON_DAY.search(before) or MOUTHS.match(behind))
    if numeral.unit in SHEETS:
        return BOAST.search(before) is not None and ALL_TESTS.search(sentence) is not None
    return numeral.unit == "条" and IN_STRIPS.match(behind) is not None


def _of_papers(sentence: str, numeral: Numeral, start: int) -> bool:
    """Whether a sentence is about slips that people hand in and names no sample: 回执…，全校312份要收齐."""
    papers = PAPERS.match(sentence) if numeral.unit in SHEETS else None
    return papers is not None and SAMPLE.search(sentence) is None and PAPERS.search(sentence, 0, start) is not None


def _for_alcohol(sentence: str, start: int, end: int) -> bool:
    """Whether a figure's blood is drawn for alcohol: in its clause or before; not 采集群众血样312份，查处酒驾2起."""
    clause = max((m.end() for m in CLAUSE.finditer(sentence, 0, start)), default=0)
    rest = CLAUSE.search(sentence, end)
    if DRINK.search(sentence, clause, rest.start() if rest else len(sentence)):
        return True
    told = DRINK.search(sentence, 0, clause) or TESTED_FOR.search(sentence, end)
    stopped = STOPPED.search(sentence, 0, clause)
    number = to_number(sentence[start:end].rstrip("份人例管")) if stopped else None
    if stopped and number and number > MANY_MORE * int(stopped[1]):
        return False
    return told is not None and OF_CROWD.search(sentence, clause, start) is None


def _other_share(before: str, behind: str) -> bool:
    """Whether a percentage is no share of those to be sampled, between what stands before and behind it."""
    clause = CLAUSE.split(before)[-1]
    if not_taken(before, behind) or no_share(before, behind) or is_stray_share(before, behind):
        return True
    if (
        OF_OTHER.search(before)
        or OF_DUE.search(before)
        or OF_COUNTY.search(clause)
        or AMONG.search(clause)
        or TRAIT_RATE.search(clause)
        or AIM.search(before)
    ):
        return True
    if OF_PLAN.search(before) and PLANNED_BY.match(behind):
        return True
    return SHORT_OF.search(before) is not None and THRESHOLD.match(behind) is not None


def of_how_many(before: str, behind: str) -> bool:
    """Whether a clause tells but how many there are, and the next how many of them were sampled."""
    behind = WHO.sub("", behind[:RIGHT], count=1)
    return OF_HOW_MANY.search(before[-LEFT:]) is not None and bool(THEN_SAMPLED.match(behind) or BY_NOW.match(behind))


def _others(numeral: Numeral, before: str, behind: str) -> bool:
    """Whether people are others than those sampled, between what stands before and behind their number."""
    if POPULATION.search(before) and ITS_SHARE.match(behind):
        return True
    if (
        NOT_ALL.match(behind)
        or PEOPLE_ELSE.search(before)
        or EXAMINED.match(behind)
        or ((CAME.search(before) or OF_HOW_MANY.search(before)) and THEN_SAMPLED.match(WHO.sub("", behind, count=1)))
        or (OF_HOW_MANY.search(before) and SOME_SAMPLED.match(behind))
    ):
        return True
    if FOR_WHOM.search(before) and SO_MANY_TAKEN.match(behind):
        return True
    if FOUND_OUT.search(before) or TRAIT_OF.match(behind) or NAMED.match(behind):
        return True
    if IN_HOUSES.search(before) and UNSAMPLED.match(behind):
        return True
    clause = CLAUSE.split(before)[-1]
    if WAITING.match(behind) or (OF_THOSE_DUE.search(before) and GONE.fullmatch(clause)):
        return True
    if AWAY.fullmatch(clause) and not LATER.match(behind):
        return True
    if (
        (AMONG_THEM.match(behind) or OF_SO_MANY.match(behind))
        and not SAMPLED.search(before)
        and not CALLED.search(before)
    ):
        return True
    if numeral.value == 1 and SPEAKER.match(behind):
        return True
    return numeral.value <= FEW and MATCHES.match(behind) is not None
