"""What is ordered or forecast to be done, told in the words of what is done: 要求…两周内全部完成2600份, 才能采完4300人.

Words: `order`, `forecast`, `finished` in `corpora/phrasebook/count_words.csv`.
"""

from __future__ import annotations

from pipeline.language.counts.setting import Setting
from pipeline.language.counts.words import words
from pipeline.patterns import Pattern

# 要求…，已完成; 按照要求，三天内完成: it is done.
HAPPENED = Pattern(
    r"已|实际|结果|[只仅]用|累计|共采|[采抽]了|提前|如期|按[照期]?[^，。；]{0,4}要求|根据[^，。；]{0,6}要求|截[至止]"
)
# 两周内, 月底前, 十天之内
DEADLINE = Pattern(r"(?:[天周月年日旬节]|星期|季度|底|初|小时)(?:之|以)?[内前](?![期往些段夕])")
# A clause reaches this far behind a figure, in characters.
REACH = 24
STOP = Pattern(r"[，。；：！？\n]")


def ordered(setting: Setting) -> bool:
    """Whether samples are only to be taken: an order with a deadline, or a forecast of the day when all are."""
    clause = setting.left + STOP.split(setting.behind[:REACH], maxsplit=1)[0]
    finish = words()["finished"].search(clause)
    if finish is None or clause.startswith("了", finish.end()) or "已" in clause:
        return False
    if words()["forecast"].search(clause):
        return True
    order = max((m.end() for m in words()["order"].finditer(setting.before)), default=-1)
    if order < 0 or HAPPENED.search(setting.before):
        return False
    return DEADLINE.search(setting.before, order) is not None
