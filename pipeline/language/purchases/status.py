"""How far a purchase has come, by the title of its notice, and what its amounts are called at that step.

Works on matching copies.
"""

from __future__ import annotations

from pipeline.patterns import Pattern
from pipeline.records import AmountKind, PurchaseStatus

FAILED = Pattern(r"废标|流标|终止|采购失败|招标失败|失败公告")
FAILED_TEXT = Pattern(
    r"(?<!首次|第一次|一次|上次|前次|原|首轮)(?:本项目|本次采购|本次招标|采购结果|招标结果|中标结果|成交结果|该项目|结果)(?:招标|采购|评审)?"
    r"(?:结果)?(?:为|[:：]|予以|作|按|因[^。；\n]{2,40}?[，而]?)?\s*(?:废标|流标|采购失败|招标失败|终止)"
)
PLANNED = Pattern(r"意向|单一来源[^。]{0,12}(?:公示|征求意见)|需求公示|预公告|论证")
CONTRACTED = Pattern(r"合同")
AWARDED = Pattern(r"中标|成交|结果|中选")
KIND_OF_STATUS: dict[PurchaseStatus, AmountKind] = {
    "planned": "budget", "tendered": "budget", "awarded": "award", "contracted": "contract", "failed": "budget",
}  # fmt: skip


def step(title: str, copy: str) -> PurchaseStatus:
    """The step that a title tells, or a text that says that the purchase failed; else it is out to tender.

    >>> step("血卡采购成交公告", ""), step("血卡采购公告", "本项目流标")
    ('awarded', 'failed')
    """
    if FAILED.search(title) or FAILED_TEXT.search(copy):
        return "failed"
    if PLANNED.search(title):
        return "planned"
    if CONTRACTED.search(title):
        return "contracted"
    return "awarded" if AWARDED.search(title) else "tendered"
