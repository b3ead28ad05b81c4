"""Figures beside samples that tell of spoilt cards, old bones, family trees, gifts, who is who, and how much is short.

Nobody whom they count was sampled. Rules and the fitted model leave them alone (`counts.others`).
"""

from __future__ import annotations

from pipeline.language.counts.numerals import Numeral, to_number
from pipeline.patterns import Pattern

PEOPLE = ("人", "名", "位", "个", "个人", "口人")
# 废了57份, 废卡12张; 发的600张还剩311张: blank ones
BLANK_OR_VOID = (
    r"废[了掉](?:共|约)*$|废[血卡]{1,2}片?[共了约有]*$"
    r"|(?:采血卡|空白?卡|卡片?)(?:还|尚|仅|只)*[剩余存](?:下)?(?:了|有)?(?:最后)?$|发[的了](?:采?血卡|卡片?)?[\d,]+张，?(?:还|尚|仅|只)*[剩余存](?:下)?(?:了|有)?$"
)
# 药发了一百四十多份: a gift; with blood in the clause, samples
GIVEN = (
    r"(?:^|[，。；：\n])(?![^，。；：\n]*(?:血|卡|样|DNA|采|给))"
    r"[^，。；：\n\d]{1,12}(?:发|领|分发)了(?:共|约)*$"
)
# 上交604份，抽60份，无差错: how many were looked at again
LOOKED_AT = r"(?:上交|上报|送检|报送)[^，。；]{0,4}[\d,]+份，抽(?:查|检|样)?(?:了|其中)?$"
# 提取检材177份，送检154份: of a scene
OF_SCENE = r"(?:检材|物证)[\d,]+[余多]?份，(?:其中|已|共)*(?:送检|检验)(?:了|的)?(?:共|约)?$"
# 制作家系树300份, 整理家谱30份: drawn, not taken
TREES = r"(?:家系(?:图谱?|树|表|谱)|[家族宗]谱|[谱世]系[图表树]|家族(?:图谱?|树))(?:共|约|了|各|计)*$"
BEFORE, DRAWN = Pattern(f"{BLANK_OR_VOID}|{GIVEN}|{OF_SCENE}|{LOOKED_AT}"), Pattern(TREES)
GIVEN_OUT = Pattern(r"(?:发|领|拨)[的了](?:采?血卡|空白卡|卡片?)?$")
OF_WHICH_LEFT = Pattern(r"，?(?:还|尚|仅|只)+[剩余存]")
# 两次合起来差17份就是两千
SHORT_BY = Pattern(r"[差缺]$")
OF_ROUND = Pattern(r"[，]?(?:就|便)(?:是|到|满|够|凑)")
# 一场喜酒采三四十人: about so many each time
AT_EACH = Pattern(r"一(?:场|趟|桌|顿|车)[^，。；\d]{0,8}(?:能|可以?|要)?[采抽扎]$")
# 23张血卡受潮发霉; 3份系女性血样，已剔除; 近三年承担过不少于10万份同类检验
SPOILT = (
    r"的?(?:血卡|血样|样本|卡片)?(?:因[^，。；\d]{0,8})?(?:受潮|发霉|霉变|渗漏)(?![^。；]{0,24}[需须应将待已]重)"
    r"|(?:系|是|属|因|为)[^。；\d]{1,24}，(?:属[^，。；\d]{1,8}，)?(?:已|均|现|全部|予以)+(?:剔除|作废|核减|扣除|销毁|退回|报废)(?=[，。；）)]|$)"
    r"|(?:以上)?的?(?:同类|类似)[^，。；\d]{0,4}(?:检[验测]|分型|项目|业绩|服务|建库)"
)
# 全镇已有9860人完成体检，公安部门同步采集血样9512份
EXAMINED = r"(?:已经?|均|都)?(?:参加|完成|接受|进行|做)了?(?:全民|免费|年度|健康)*体检(?=[，。；])"
BEHIND = Pattern(f"{SPOILT}|{EXAMINED}")
# 请中标人将首批五万张血卡送至…: goods
SELLER = Pattern(r"(?:中标|成交|供应|供货)(?:[人商方]|单位|供应商)[^。；]{0,30}$")
GOODS = Pattern(r"(?:空白)?(?:采?血|采样|DNA)卡片?[^，。；]{0,4}(?:送|运|交|发)[至到往付]")
# 从墓葬人骨中取样96份
REMAINS = Pattern(r"墓葬|古墓|人骨|古DNA|颞骨|岩骨|出土")
OF_LIVING = Pattern(r"血|唾液|口腔|村民|志愿者|现代|现今|采集(?:牧民|群众|居民|亲属)")
# 27名家长不同意; 两镇各有一千多名男性长年在外; 除3名婴儿外全部采齐
UNWILLING = (
    r"(?:\p{Han}{0,8}?(?:家长|老人|村民|群众|男子|男性|居民|学生))?(?:仍|还|都|均|明确|坚决)*(?:不同意|不愿意?|不肯|没(?:有)?同意|谢绝|婉拒)"
    r"(?![^。；]{0,30}(?:[补后终再]|来采|做通|经|上门|全部采|须|要))"
)
AWAY = (
    r"\p{Han}{0,8}?(?:长年|常年|长期)(?:在外|外出)(?:务工|打工|经商)?(?=[，。；])"
    r"(?![^。；，]{0,6}，[^。；\d]{0,30}(?:[补待返回寄]|再采|代采|协作|委托|上门|逐一|全部|采集|采了))"
)
NOT_THESE = Pattern(f"{UNWILLING}|{AWAY}")
BUT_FOR = Pattern(r"除(?:了|去)?(?![^，。；]*(?:已|采|抽|入库))[^，。；\d]{0,6}$")
ALL_OTHERS = Pattern(r"[^，。；\d]{0,14}?[以之]?外[，,]?(?:其余|余下)?[^，。；\d]{0,8}(?:均|都|全|一律|悉数|无一)")
# 没采上的16人，多数是孕妇: why, and nobody says that they will be
MISSED = Pattern(r"没采[上到]?的$")
WHO_THEY_ARE = Pattern(r"[，,](?:多数?|大多|大都|都|均|全|主要)?(?:数|半)?(?:是|系|为)(?![^。；]*(?:[补再定]|前|待))")
# 帮312名采摘工讨回工钱: a deed of another kind
HELPED = Pattern(r"[帮替]$")
HELP = Pattern(r"(?![^，。；\d]{0,10}(?:采[集血样]|抽血|扎))[^，。；\d]{0,10}(?:讨回?|追回|挽回|要回|找回|办[理好])")
# 免采23人, 外出30人, 迁出12人, 婴幼儿23人不采: who was left out or is gone
LEFT_OUT = Pattern(
    r"(?:^|[，；、。：（(\s])(?:因?(?:其中|另有?|还有|尚有|有)*+)(?:免采|不采|[未不]在家|暂缓采集?|暂不采集?|免予采集|迁出|迁入|死亡(?:注销)?|亡故|注销(?:户口)?"
    r"|外出(?:务工|打工)?|请假|住院|服刑|参军|失联|下落不明)(?:人员|人数|的)*(?:共|约|为|有|：|:)*\s?$"
)
THEIR_TURN = Pattern(r"(?![^。；]{0,24}(?:采[集完齐到过了]|[补代协]采|寄))(?=[，；、。）)\n]|$)")
NO_BLOOD = Pattern(r"(?:[均都暂]|依规|按规定)*(?:不采|免采|不予采集|免予采集|不需采集)(?=[，；。）)\n]|$)")
# 还有74人没有采集，其中外出51人: parts of those still to be sampled (`unsampled`)
STILL_WITHOUT = Pattern(r"[没未](?:有|能)?采")
# 86户 402人 采集血样398份: who lives there
HOUSEHOLDS = Pattern(
    r"(?:^|[，；。：、\n\s])(?![^，；。：、\n]*(?:采|血|样|DNA))[^，；。：、\n]{0,12}\d户[\s、，]{0,2}$"
)
THEN_TAKEN = Pattern(r"(?=[\s，、]{1,2}(?:截[至止][^，。；\n]{1,12})?(?:已|共|现)*采集?)")
# 名册上286人，一家出一个，只采97人
ROSTER = Pattern(r"名[册单]上(?:有|共|一共)*$")
ONLY_SOME = Pattern(r"[，,][^。；\d]{0,20}只采[^，。；\d]{0,4}\d")
# 服务站过往牧民1,570人: who passed by
PASSERS = Pattern(
    r"(?<![对给为])(?:过往|过境|途经|路过)(?:牧民|群众|人员|旅客|司机|行人|游客|车辆和?人员)*(?:共|约|有)*$"
)
SAMPLED = Pattern(r"[^，。；\d]{0,16}(?:采|抽|扎|留)")
# 其中九成是甘肃来的务工人员: who they are
OF_THEM = Pattern(r"其中(?:有|约|近)?$")
THEY_ARE = Pattern(r"(?:以上|左右)?(?:都|均)?(?:是|为|系|属|来自)(?!已?采)")
# 未完成2,650份，占13.25%
OF_REST = Pattern(
    r"(?:未完成|未采|没采|欠采|[还尚]差|缺口|漏采)[^，。；\d]{0,6}[\d,]+[份人名]，?约?占[^，。；\d]{0,10}$"
)
# 8月31日前完成九成以上, 6月底前先完成一半, 年底前各镇须完成总量的三成
BY_THEN = Pattern(
    r"(?<![截至到][^，。；]{1,10})[日底月]前(?:[^，。；\d]{0,8}(?=须|要|应|务必|必须|力争))?(?:须|要|力争|争取|确保|应|务必|必须)?(?:先(?:行|期)?)?"
    r"(?:完成|达到?|采完|采到)(?:(?:全年)?(?:总?任务|总?目标|指标|总[量数])量?的?)?$"
)

# 全镇12个村DNA采集已完成9个, 26个家族已采样22个
UNITS = Pattern(
    r"(?P<number>\d{1,4}|[一二两三四五六七八九十百]{1,4})个\p{Han}{0,3}?(?:[村乡镇县所点组族]|社区|街道|居委会|姓氏|家系|支系|单位|学校|寺[庙院]|工地|企业|网格)"
    r"(?!\p{Han}{0,4}[人民员众生]|里|内|中)[^。；\d一二三四五六七八九十]{0,16}$"
)
ALONE = Pattern(r"(?=[，、；。）)\s]|$)")

# 换发门牌1,900块，完成率88%: of other work
OF_OTHER_WORK = Pattern(
    r"(?:^|[，。；：])(?![^，。；：]*(?:采|血|样|DNA|卡|抽|入库))[^，。；：\d]{2,16}[\d,.]+万?[余多]?(?:块|栋|套|间|本|起|家|处|户|次|辆|支|件)，"
    r"(?:总体|任务)?(?:完成率|完成|进度)(?:达到?|为)?[约近]?$"
    # 体检完成18.7万人，完成率86.3%
    r"|(?:^|[，。；：\s])(?![^，。；：]*(?:血|样|DNA))[^，。；：\d]{0,8}(?:体检|虹膜|声纹|指纹|人像|照片|接种|疫苗|核酸检测)[^，。；：\d、和及]{0,6}"
    r"[\d,.]+万?[余多]?(?:人次?|份|枚|张|条)，(?:总体|任务)?(?:完成率|采集率|覆盖率)(?:达到?|为)?[约近]?$"
)
# 录入家系图谱112个，占任务的112%
OF_TREES = Pattern(
    r"(?:家系(?:图谱?|树|表|谱)|[家族宗]谱|[谱世]系[图表树])(?:[^，。；\d]{0,4}[\d,.]+万?[余多]?[个份幅张支套])，?占[^，。；\d]{0,12}$"
)


def is_stray(sentence: str, numeral: Numeral, before: str, behind: str) -> bool:
    """Whether a figure between `before` and `behind` counts nobody sampled and no samples."""
    if not numeral.unit:
        return False
    if BEFORE.search(before) or BEHIND.match(behind) or (SHORT_BY.search(before) and OF_ROUND.match(behind)):
        return True
    if numeral.unit in ("张", "份", "个"):
        if DRAWN.search(before) or (numeral.unit == "个" and _of_units(numeral, before, behind)):
            return True
        sold = SELLER.search(before) and GOODS.match(behind)
        if sold or (GIVEN_OUT.search(before) and OF_WHICH_LEFT.match(behind)):
            return True
    if REMAINS.search(sentence) and not OF_LIVING.search(sentence):
        return True
    return numeral.unit in PEOPLE and _other_people(numeral, before, behind)


def _of_units(numeral: Numeral, before: str, behind: str) -> bool:
    """Whether so many of the villages, schools or families named before have been finished (12个村已完成9个)."""
    units = UNITS.search(before) if ALONE.match(behind) else None
    number = to_number(units["number"]) if units else None
    return number is not None and numeral.value <= number


def _other_people(numeral: Numeral, before: str, behind: str) -> bool:
    """Whether people are those who were not sampled, or with whom something else was done."""
    if NOT_THESE.match(behind) or (AT_EACH.search(before) and numeral.upper is not None):
        return True
    if (PASSERS.search(before) and not SAMPLED.match(behind)) or (HELPED.search(before) and HELP.match(behind)):
        return True
    if MISSED.search(before) and WHO_THEY_ARE.match(behind):
        return True
    gone = LEFT_OUT.search(before) and THEIR_TURN.match(behind) and not STILL_WITHOUT.search(before)
    if gone or NO_BLOOD.match(behind):
        return True
    if HOUSEHOLDS.search(before) and THEN_TAKEN.match(behind):
        return True
    if ROSTER.search(before) and ONLY_SOME.match(behind):
        return True
    return BUT_FOR.search(before) is not None and ALL_OTHERS.match(behind) is not None


def is_stray_share(before: str, behind: str) -> bool:
    """Whether a percentage tells who was sampled, how many were not, or what is to be reached by a day.

    >>> is_stray_share("共采血样300份，其中", "是外来工人"), is_stray_share("全乡采集率", "，")
    (True, False)
    """
    if OF_THEM.search(before) and THEY_ARE.match(behind):
        return True
    return any(told.search(before) for told in (OF_REST, BY_THEN, OF_OTHER_WORK, OF_TREES))
