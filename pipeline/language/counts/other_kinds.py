"""Figures of what else is collected, told as samples are: 血样采集90人、手机号码采集80个; 人像应采95、已采90.

Where prints or portraits have a figure right behind them, or share one with the samples: `counts.bundles`.
"""

from __future__ import annotations

from typing import Literal

from pipeline.language.counts.bundles import BLOOD, ITEM, TRAIT
from pipeline.patterns import Pattern

ELSE = (
    rf"(?:{TRAIT}|肖像|语音|手机号码?|电话号码|微信号?|QQ号?|银行卡号?|(?:就业|学历|户籍|车辆|房屋|单位)信息|门牌|二维码|矛盾(?:纠纷)?(?:调处|化解|排查)"
    r"|(?:反诈)?(?:APP|程序)安装|(?<![^，。；、\n])(?:\p{Han}{1,7}[县市镇乡村])?人口信息)"
)
# digits are taken as a whole: an archived text may hold thousands in a row
_FIGURE = r"\d[\d,.]*+[万千]?[余多]?(?:人份|[人名份个条枚张段])?"
_OF_IT = r"(?:信息|数据|样本)?(?:采[集录]|录入|登记|核实|补录)?(?:工作)?"
# 人像应采3100、已采: nothing but its own figures stand between what is collected and its figure
OF_ELSE = Pattern(
    rf"(?<!(?:{BLOOD}|血|样本?)[、和及与](?:采集?|录入?|捺印?|按|拍)?)(?<!和|及|与){ELSE}(?:[、和及与]{ELSE}){{0,5}}{_OF_IT}"
    rf"(?:[，、：:（(]?(?:应|需|任务|计划|已|实|完成|共|计|约|近|达|为|录|采集?|了|的|数|量|{_FIGURE})++[，、]?){{0,6}}+\s?$"
)
# One of these is in all that ELSE finds: a cheap check.
ELSE_SIGN = Pattern(r"[纹迹印像片膜态型征高重音号码信牌盾装]|银行卡")
SAMPLES = Pattern(r"DNA|血(?!型)|唾液|样本|检材|采样")
# 采集人像、指纹、血样分别为412、408、399份
_KIND = rf"(?:{ELSE}|{BLOOD})"
RESPECTIVE = Pattern(
    rf"(?P<kind>{_KIND})(?:[、和及与](?P<kind>{_KIND})){{1,6}}(?:信息|样本|数据|采集数?)*(?:分别|各|依次)(?:采集|录入|完成|为|达到?|是|有)*"
    rf"(?P<figure>{_FIGURE})(?:[、和及与](?P<figure>{_FIGURE})){{1,6}}"
)
IN_TURN = ("分别", "各", "依次")
IS_BLOOD = Pattern(BLOOD)
REACH = 60


def of_other_kind(before: str) -> bool:
    """Whether a figure is of something else that is collected. `before`: its sentence up to it.

    >>> [of_other_kind(s) for s in ("血样采集90人、手机号码采集", "人像应采95、已采", "血样应采90、已采")]
    [True, True, False]
    """
    near = before[-REACH:]
    if ELSE_SIGN.search(near) is None:
        return False
    found = OF_ELSE.search(near)
    # 应采血、照相、按指纹的90人: one list, one figure
    return found is not None and SAMPLES.search(found[0] + ITEM.split(near[: found.start()])[-1]) is None


def respective(sentence: str, start: int) -> Literal["samples", "other"] | None:
    """What a figure that begins at `start` is of where kinds and figures stand in the same order; None elsewhere.

    >>> [respective("人像、血样分别为40、39份", at) for at in (8, 11)]
    ['other', 'samples']
    """
    if not any(word in sentence for word in IN_TURN):
        return None
    for told in RESPECTIVE.finditer(sentence):
        kinds, figures = told.captures("kind"), told.starts("figure")
        if start in figures and len(kinds) == len(figures):
            return "samples" if IS_BLOOD.fullmatch(kinds[figures.index(start)]) else "other"
    return None
