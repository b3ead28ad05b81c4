"""Figures in the units of samples and people that are of something else: meal cards, the 900th sample, two days.

Also those of whom nothing was taken that day: who is away, and cards on which there was too little blood.
"""

from __future__ import annotations

from pipeline.language.counts.numerals import Numeral
from pipeline.patterns import Pattern

SHEETS = ("张", "份", "枚", "条")
# 已发饭卡205张, 收到回执151张
CARD = Pattern(
    r"(?:饭|工|门禁|银行|社保|医保|水|电|会员|公交|校园|联系|名|电话|就诊|健康|农保)卡片?(?:共|约|了|有|已)*$|(?:回执|同意书|告知书)[^，。；\d]{0,8}(?:收到|交来|收回)?$"
)
# 采到第九百份的时候: one of them
NTH = Pattern(r"第$")
# 13、14两日到所里采: days and what else is counted by 个
DAYS = Pattern(
    r"[两二三四五]?[日天](?!采)"
    # 21个晚上, 28个村民小组
    r"|个(?:多|半)?(?:晚上|夜晚?|白天|昼夜|日夜|小时|钟头|星期|礼拜|月|季度|年头|工作日|村民小?组|居民小?组|小组|家系|家族|姓氏|宗族|支系|采[集血样]点|卡点|乡镇|社区|单位|班级?)"
)
# 背出来11个人, 转移群众: who was saved
SAVED = Pattern(r"(?:背出来?|救出|救起|转移|疏散|营救|搜救|抬出|接回)了?(?:群众|村民|学生|老人)?(?:约|近)?$")
# 一人一个指头: how it was done
EACH_ONE = Pattern(r"一[个滴份张根管只]")
# 剩余314份待复核后移交: taken, and told before
LEFT = Pattern(r"(?:剩余|余下|其余|尚有|还有|另有)(?:的)?(?:约|近)?$")
TO_BE_SENT = Pattern(r"(?:血样|样本|血卡)?[均都正]?待[^，。；\d采]{0,8}(?:移交|送检|检[验测]|复核|入库|录入|上传)")
# 检视了60多份官方报告: papers
PAPERS = Pattern(
    r"(?:(?!血|样|采|DNA|卡)[^，。；\d]){0,8}?(?:报告|文件|材料|通报|报道|论文|文献|名单|合同|协议|简报|贴文|帖子|文章|问卷|公告|账册|笔录)"
)
# 500至999份的7个: how many stations have so many
CLASS = Pattern(r"(?:以[上下])?的(?:派出所|乡镇|[村所县镇乡])?(?:有|共|达|仅)*[\d一二三四五六七八九十]{1,3}[个家所]")
# 现场模拟采样36份: a lesson
FEIGNED = Pattern(r"(?:模拟|实操|演练|演示|示范|练习)[^，。；\d]{0,6}$")
# 各扣5分
POINTS = Pattern(r"分(?![别组批]|之|局|所|次|析|型)")
# 嫌咱送的有十九张血点子太小
TOO_LITTLE = Pattern(
    r"(?:血卡|血点子?|血斑|卡片?)?[^，。；\d]{0,4}(?:太[小少浅]|不够|模糊|看不清|写错|没晾干|受潮|未[写填签]|漏[写填签]|没[写填签])"
)
# 三十来个男劳力都在宾西工地上没回
NOT_BACK = Pattern(
    r"[^，。；\d]{0,8}(?:都|均|全|还|仍)?在[^，。；\d]{1,14}(?:没|未)(?:有)?(?:回|归|返)[^，。；\d]{0,4}(?=[，。；]|$)(?![^。；]{0,30}(?:补|回来|返回|返乡|前|再采))"
)
# 上个月的免费体检，我们村做了1035人
CHECK = Pattern(r"(?:体检|查体|义诊|筛查)[，,][^，。；\d采血]{0,8}(?:做|查|检|看)了(?:共|约)*$")
# 对212名护林员开展一次培训
TRAINED = Pattern(
    r"[^，。；\d采血样]{0,10}(?:开展|进行|组织|举[办行]|参加)了?[^，。；\d采血样]{0,6}(?:培训|轮训|演练|考试|考核|谈话|教育)"
)
PEOPLE = ("人", "名", "位", "个", "个人")


def is_odd(numeral: Numeral, before: str, behind: str) -> bool:
    """Whether a figure is of such a thing, between what stands before and behind it.

    >>> from pipeline.language.counts.numerals import find_numerals
    >>> is_odd(find_numerals("205张")[0], "已发饭卡", "。"), is_odd(find_numerals("205张")[0], "采集血卡", "。")
    (True, False)
    """
    if NTH.search(before) or FEIGNED.search(before):
        return True
    if not numeral.unit:
        return DAYS.match(behind) is not None or POINTS.match(behind) is not None
    if numeral.unit in SHEETS:
        papers = PAPERS.match(behind) if numeral.unit != "张" else None
        if LEFT.search(before) and TO_BE_SENT.match(behind):
            return True
        if numeral.upper is not None and CLASS.match(behind):
            return True
        return papers is not None or CARD.search(before) is not None or TOO_LITTLE.match(behind) is not None
    if numeral.unit not in PEOPLE:
        return False
    if (numeral.value == 1 and EACH_ONE.match(behind)) or SAVED.search(before):
        return True
    return NOT_BACK.match(behind) is not None or TRAINED.match(behind) is not None or CHECK.search(before) is not None
