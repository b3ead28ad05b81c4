"""Figures that tell a rule or a size: ages, how many of each family, how many people live somewhere, papers unsigned.

18到60的男人, 一家子采两三个, 全县不过三万来人, 合同尚有19份未签: nobody was sampled, nor is anybody counted to be.
"""

from __future__ import annotations

from pipeline.language.counts.numerals import Numeral
from pipeline.patterns import Pattern

PEOPLE = ("人", "名", "位", "个", "个人", "口人", "口")
# 16到55的男丁, 18至60都要去: an age needs no 岁.
YOUNGEST, OLDEST = 3, 90
AGED = Pattern(
    r"(?:的(?:男|女|人|村民|群众|汉子|居民|老百姓|孩子|学生|娃|都|全|一律)"
    r"|男(?!\p{Han}{0,3}(?:血样|样本))|都[要得去来]|之间的)"
)
# 一家子采两三个, 一户抽一至两人; but 一家采了三个: they were
OF_FAMILY = Pattern(
    r"(?:^|[^一第这那\p{Nd}])[一每](?:大?家子?|户|个?(?:大?家族|支系|家系|老坟|房头|姓氏?)|支|房|门)(?:人|里|弟?兄弟?|内|中|上)*"
    r"(?:只|就|才|一般|顶多|最多|至少|随便)*(?:需要?|要|得|可以?)?(?:至少)?(?:采集?|抽取?|扎|挑选?|选取?|出|取|留|来|派|请)(?:上|个)?$"
)
MOST_OF_FAMILY = 10
# 合同尚有19份未签, 责任书还有8份没交
PAPERS = Pattern(
    r"(?:合同|协议|责任书|承诺书|保证书|保单|申请表|档案袋|问卷|回执|发票|欠条|借条|执照|许可证)"
    r"(?:还|尚|仍|共|只|一共)*(?:有|剩|余|差|缺|欠)?约?$"
)
A_PAPER = Pattern(r"(?:合同|协议|责任书|承诺书|保证书|保单|申请|问卷|回执|执照|许可证|案卷|公文)[^，。；]{0,12}$")
UNSIGNED = Pattern(r"(?:还|尚|仍|都|均)*(?:未|没有?)(?:签|缴|续|办|年检|归档|盖章)")
# 全县不过三万来人, 全乡总人口四千多人: how many live there
LIVING = Pattern(
    r"全(?:[县市州区旗镇乡村]|自治州)(?:(?:总|一共|总共|拢共|统共|满打满算|也)*(?:不过|也就(?:是|有)?)|总?人口(?:只有?|才|不过|也就|一共)*)约?$"
)
# 当雄全县约五万六千人。 in a sentence that speaks of no samples
WHOLE_UNIT = Pattern(r"全(?:[县市州区旗镇乡村]|自治州)(?:总?人口|共有?|现有|有)?(?:大?约)?$")
OF_SAMPLES = Pattern(r"采|扎|抽|刺|库|血|DNA|样|任务|应|实|完成|名册|名单|入库")
# 每名队员每天采集不少于80人: a norm for each; 每天要采不少于100人 is one for all
EACH_A_DAY = Pattern(r"[每各](?:名|个|位|组|人|支|所|村|乡)[^，。；：\d]{0,12}[每一][天日周][^，。；：\d]{0,16}$")
# 缺口2600份，每天不少于130份: how fast
PACE = Pattern(r"(?<![\d一两二三四五六七八九十])每[天日周](?:采集?|完成|上报)?$")
ENDS = Pattern(r"[，,。；！？、）)\n]|$")
FEWEST_LIVING = 300


def is_norm(before: str, numeral: Numeral, behind: str, *, at_least: bool = False) -> bool:
    """Whether a figure tells a rule or a size, between what stands before and behind it. `at_least`: it says so."""
    if not numeral.unit:
        return _is_age(numeral, behind)
    if at_least and (EACH_A_DAY.search(before) or PACE.search(before)):
        return True
    if numeral.unit not in PEOPLE:
        unsigned = A_PAPER.search(before) is not None and UNSIGNED.match(behind) is not None
        return unsigned or PAPERS.search(before) is not None
    if numeral.value <= MOST_OF_FAMILY and OF_FAMILY.search(before):
        return True
    if numeral.value < FEWEST_LIVING or ENDS.match(behind) is None:
        return False
    if numeral.unit in ("人", "口人", "口") and behind[:1] in ("", "。") and WHOLE_UNIT.search(before):
        return OF_SAMPLES.search(before) is None
    return LIVING.search(before) is not None


def _is_age(numeral: Numeral, behind: str) -> bool:
    ages = numeral.upper is not None and YOUNGEST <= numeral.value < numeral.upper <= OLDEST
    return ages and AGED.match(behind) is not None
