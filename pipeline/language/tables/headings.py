"""What the heading of a column, or the name of an item, says is counted under it."""

from __future__ import annotations

from functools import lru_cache

from pipeline.language.counts.gear import names_gear
from pipeline.language.counts.words import words
from pipeline.patterns import Pattern
from pipeline.records import CountKind

# Tried in this order: 应采人数 is no sample.
KINDS: tuple[CountKind, ...] = ("coverage", "target", "samples")
SURE = Pattern(
    r"^(?!.*(?:率|纹|像|虹膜|照片|三实|血型|房屋|手机|从业)).*(?:应采(?!尽采)|实采|已采|需采|家系(?:血样|样本|库)|采[集样]总数)(?!.*(?:率|纹|像|虹膜|照片))"
)
# 应采家系, 已采家族数: families; but 已采家系人数, 家系血样
FAMILIES = Pattern(r"^(?!.*(?:血|样|DNA|库|人|份|STR|采集)).*(?:家系|家族|支系|家庭|宗族)")
# Y库, 家系库: what a report counts under it are samples.
A_DATABASE = Pattern(r"(?:Y|家系|DNA|血样|基因)(?:数据)?库")
# 应补采, 需再采
TO_TAKE = Pattern(r"(?:应|需|须|待|拟|要|未|适|该)[补再]?[采抽取留扎刺]")
# 采血任务（人）
TASK = Pattern(r"^(?!.*(?:完成|已|实)).*(?:任务|指标|目标|计划|预计|分配|下达|拟)")
SAMPLING = Pattern(r"采|血|DNA|样")
# 采血卡（张）, 领取血卡: supplies. 检材 of a case. 库容（份）
KITS = Pattern(
    r"(?<!DNA|男性|群众|公安)(?:采血|采样|采集|空白|备用)卡(?!应[采收交]|已[采收交]|实[采收交]|任务|完成|采集|回收|占|[（(]份[）)])|领[取用]|(?<!已|已经)发放|配发|下发(?!.{0,3}任务)"
)
EVIDENCE = Pattern(r"检材|物证|斑迹|擦拭")
A_BANK = Pattern(r"库容|在库|数据库(?:总量|规模|数据)")
TAKEN = Pattern(r"(?:已|实|共|新|现)[补再]?[采抽取留扎刺做]|送样")
OF_SAMPLES = Pattern(r"血|DNA|样")
# 抽血, 生物检材 in a table about a population's samples; elsewhere they may be a health check's, or of a scene.
DRAWN = Pattern(r"(?:抽血|(?:DNA|男性|人员|群众)?生物检材)(?:采集)?(?:人?数|份数)?(?:[（(][人份][）)])?")


# What a heading may say besides what is counted: 男性本周累计完成数（份）.
BARE = Pattern(
    r"其中|已来(?!访)|至(?=\d)|自(?=\d)|以来|起(?=[）)]|$)|[\d年月日号周]+(?:底|前|前后)*|任务|要求|预[计估]|大约|左右|分解|分配|完成|累计|总[数量体计]?|截[至止]|目前|至今|本[周月日期年季旬]度?|[当今][日天月年周]|上[周月报]|新增?"
    r"|年度|全年|季度|当?前|[已未应须需拟待尚还实现共再可欠差缺][际有完]?|补?采[集取样录]?|抽取?|取[样得]?|提取|做[完了]?|到[场位达率]?|达[到标]?|数[量据]?|率|比例?|占比?|为|较"
    r"|计划|目标|指标|(?:工作|项目)(?=任务|量|指标|目标|计划)|值|序时|进[度展程]|情况|状态|下达|差额?|缺口?|剩余|余下|库容|在库|入库|上传|录入|送检|检[测验]|上[交机]|报送|[交收]|人[数份次员]?|[份张管枚例名个]数?|名额|名[册单]|[花清]名?册"
    r"|合计|小计|男[性丁子生]?|女[性生]?|适龄|成年|户籍|常住|流动|外出|在[家外册校]|居民|村民|群众|学生|职工|员工|僧尼|对象|符合|条件|地|期|批|次|底|样|量|卡|点|单位|如下|分别|依次"
)
LETTER = Pattern(r"[\p{Han}A-Za-z]")
BLANK = Pattern(r"\s+")
# Lists of those to be sampled, over a column of figures.
ROLL = Pattern(r"花?名册|清册|名单|应到|应来|底册|在册")
# 年度值 beside 完成值
VALUE = Pattern(r"^(?:年度|年初|预期|考核|设定)(?:指标)?值")
# 已完成任务数: what was taken, of what was to be.
TASK_DONE = Pattern(r"(?<![未应需待没])完成(?:任务|指标|目标|计划|工作)(?!数?要求)")
LACKING = Pattern(r"^(?:还|尚)?[差欠缺](?!席|勤|编|陷|口供)|(?:未|没)[采取抽扎到做交](?!原因|情况|理由)|缺卡|欠[账采]")
SHARE = Pattern(r"率|比例?$|占|进[度展]|[%％]|序时")
RATE = Pattern(r"(?:率|比例?)[）)]?$")
# Shares of what was taken, not of whom it was to be taken from.
QUALITY = Pattern(r"(?:入库|检验|送检|成功|准确|通过|退[回件卡]|返工|差错|录入|上传|比对|知晓|见面)率")
# 血样缺项原因
WHY = Pattern(r"(?:原因|理由|缘由)(?:[（(].*)?$")
# 上年结存, 年末库存 of a study's bank
IN_STOCK = Pattern(r"(?:上年度?|上[期季月]|年[初末]|[期月季][初末]|年底)(?:结存|库存|存量|结余|在库|保有量?)")
# Over the names of places and units.
PLACE_HEADING = Pattern(
    r"(?<![下入])(?:乡|镇)|村|单位|县|区|市|所|社区|地点|学校|寺|片区|街道|车间|班[次组级]|年级|部门"
)
REASON = Pattern(r"原因|理由|说明|备注|[时期]限|时间|日期|地点|单位$|责任|措施|领导|牵头|质量")


@lru_cache(maxsize=4096)  # the headings of one table are asked for with each of its rows
def heading(cell: str, *, topical: bool = False, case: bool = False) -> CountKind | None:
    """The kind of a column. `topical`: the table is about samples, so that 任务, 完成 need not say of what.

    `case`: the post is not about a population's samples, so that 检材 are what a scene was searched for.
    """
    name = BLANK.sub("", cell)
    if WHY.search(name):
        return None
    if topical and not case and DRAWN.fullmatch(name):
        return "samples"
    if FAMILIES.search(name) or (words()["heading_other"].search(name) and not SURE.search(name)):
        return None
    if KITS.search(name) or names_gear(name) or (case and EVIDENCE.search(name)):
        return None
    if topical and (A_BANK.search(name) or (case and IN_STOCK.match(name))):
        return "database"
    if RATE.search(name) and (topical or OF_SAMPLES.search(name)) and not words()["other_rate"].search(name):
        return None if foreign(name) else "coverage"
    for kind in KINDS:
        if words()[f"heading_{kind}"].search(name):
            return kind
        to_come = TO_TAKE.search(name) or (TASK.search(name) and SAMPLING.search(name))
        if kind == "target" and to_come and (topical or OF_SAMPLES.search(name)):
            return kind
    if A_DATABASE.search(name):
        return "samples"
    return _topical(name) if topical and not REASON.search(name) else None


def _topical(name: str) -> CountKind | None:
    """The kind of a column of a table about samples."""
    if foreign(name) or QUALITY.search(name):
        return None
    told = next((kind for kind in KINDS if words()[f"heading_topic_{kind}"].search(name)), None)
    if told == "target" and TASK_DONE.search(name):
        told = "samples"
    if told is not None and SHARE.search(name):
        return "coverage"
    if LACKING.search(name) or ROLL.search(name) or VALUE.search(name):
        return "target"
    if told or TAKEN.search(name):
        return told or "samples"
    if words()["other"].search(name):
        return None
    return "samples" if words()["sample"].search(name) or words()["collect"].search(name) else None


def names_rows(name: str) -> bool:
    """Whether a column of that name (项目, 指  标) names what its rows count."""
    return words()["row_named"].match(BLANK.sub("", name)) is not None


def names_samples(caption: str) -> bool:
    """Whether a caption, the name of a row or of a column names samples."""
    return any(pattern.search(caption) for pattern in (OF_SAMPLES, words()["sample"], A_DATABASE))


@lru_cache(maxsize=4096)
def foreign(name: str) -> bool:
    """Whether a heading or caption names a thing that is no sample: 反诈完成, 吸毒人员管控率."""
    rest = BARE.sub("", BLANK.sub("", name))
    return len(LETTER.findall(rest)) > 1 and not names_samples(name)
