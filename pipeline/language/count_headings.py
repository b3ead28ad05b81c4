"""What the heading of a column, or the name of an item, says is counted under it."""

from __future__ import annotations

from functools import lru_cache

import regex

from pipeline.language.count_words import words
from pipeline.records import CountKind

# Tried in this order: 应采人数 is no sample.
KINDS: tuple[CountKind, ...] = ("coverage", "target", "samples")
SURE = regex.compile(r"^(?!.*(?:率|纹|像|虹膜|照片)).*(?:应采(?!尽采)|实采|已采|需采)(?!.*(?:率|纹|像|虹膜|照片))")
# 应补采, 需再采
TO_TAKE = regex.compile(r"(?:应|需|须|待|拟|要|未)[补再]?[采抽取留]")
# 采血任务（人）
TASK = regex.compile(r"^(?!.*(?:完成|已|实)).*(?:任务|指标|目标|计划|预计|分配|下达|拟)")
SAMPLING = regex.compile(r"采|血|DNA|样")
# 采血卡（张）, 领取血卡: supplies. 检材 of a case. 库容（份）
KITS = regex.compile(r"(?:采血|采样|采集|空白|备用)[卡针管盒袋包箱]|领[取用]|(?<!已|已经)发放|配发|下发(?!.{0,3}任务)")
EVIDENCE = regex.compile(r"检材|物证|斑迹|擦拭")
A_BANK = regex.compile(r"库容|在库|数据库(?:总量|规模|数据)")
TAKEN = regex.compile(r"(?:已|实|共|新|现)[补再]?[采抽取留]")
OF_SAMPLES = regex.compile(r"血|DNA|样")


@lru_cache(maxsize=4096)  # the headings of one table are asked for with each of its rows
def heading(cell: str, *, topical: bool = False, case: bool = False) -> CountKind | None:
    """The kind of a column. `topical`: the table is about samples, so that 任务, 完成 need not say of what.

    `case`: the post is not about a population's samples, so that 检材 are what a scene was searched for.
    """
    if words()["heading_other"].search(cell) and not SURE.search(cell):
        return None
    if KITS.search(cell) or (case and EVIDENCE.search(cell)):
        return None
    if topical and A_BANK.search(cell):
        return "database"
    for kind in KINDS:
        if words()[f"heading_{kind}"].search(cell):
            return kind
        to_come = TO_TAKE.search(cell) or (TASK.search(cell) and SAMPLING.search(cell))
        if kind == "target" and to_come and (topical or OF_SAMPLES.search(cell)):
            return kind
    if topical:
        told = next((kind for kind in KINDS if words()[f"heading_topic_{kind}"].search(cell)), None)
        return told or ("samples" if TAKEN.search(cell) else None)
    return None
