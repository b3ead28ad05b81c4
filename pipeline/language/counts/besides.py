"""What a bulletin counts beside samples in the same units: people served or checked, other samples, ages, ranks."""

from __future__ import annotations

from pipeline.language.counts.numerals import Numeral
from pipeline.language.counts.strays import PEOPLE
from pipeline.patterns import Pattern

# 血样3217份、尿样56份; hair is of DNA too, but not beside blood
OTHER_SAMPLES = Pattern(
    r"(?:(?<!(?:血样?|DNA|血液|唾液)[、和及与])(?:尿[液样]|粪便|核酸)|(?<=血样?(?:共|约)?\d[\d,]*[份人例]?[、，](?:采集)?)(?:毛发|头发))"
    r"(?:样本|检材|标本|采样|检测|采集)*(?:共|约|各|了|累计)*$"
)
# 为3名老人送去药品, 接待13名群众咨询
SERVED = Pattern(r"(?:[为给帮替](?:辖区|[^，。；：\d]{0,6}的)?|接待(?:来访)?了?)(?:共|约|近)?$")
SERVICE = Pattern(
    r"(?![^，。；]*(?:[采抽扎取]|血|DNA|样))[^，。；]{0,12}"
    r"(?:送|办|讲|登记(?![^。；]{0,16}采)|换[发领]|照相|拍照|修|解决|提供|发放?|宣传|调解|咨询|体检|量|慰问|解答|看病|治|义诊|理发|打扫|维权|求助)"
)
# 对680名流动人口进行核查，为其中215人补采
CHECKED = Pattern(
    r"[^，。；\d]{0,14}(?:核[查对实]|走访|[排清检]查|登记|见面|谈话)[^，。；\d]{0,6}[，、]并?[为对给]?其中的?\d"
)
# 对全县18-60周岁男性村民采集: an age
AGE = Pattern(r"(?:[\-–—~～－至到]\d{1,3})?周?岁")
# 采血样1560人，覆盖男性1.9万人: whose lineages were sampled
COVERED = Pattern(r"(?:覆盖|涵盖)(?:了|到)?[^，。；\d采]{0,8}$")
# 遣返3人
SENT_HOME = Pattern(r"(?:遣返|遣送)(?:回[籍乡原]{1,2})?了?(?:共|约)?$")
ALONE = Pattern(r"(?=[，。；]|$)")
# 没有一人出现不适
NOBODY = Pattern(r"(?:没有?|无|未有)$")
# 居全县第2位
RANK = Pattern(r"第$")


def is_beside(numeral: Numeral, before: str, behind: str) -> bool:
    """Whether a figure between `before` and `behind` is of what is told beside the sampling.

    >>> from pipeline.language.counts.numerals import find_numerals
    >>> is_beside(find_numerals("3名")[0], "为", "老人送去药品")
    True
    """
    if OTHER_SAMPLES.search(before) or AGE.match(behind):
        return True
    if numeral.unit not in PEOPLE:
        return False
    if COVERED.search(before) or (numeral.value == 1 and NOBODY.search(before)):
        return True
    if (SERVED.search(before) and SERVICE.match(behind)) or (SENT_HOME.search(before) and ALONE.match(behind)):
        return True
    return CHECKED.match(behind) is not None or (numeral.unit == "位" and RANK.search(before) is not None)
