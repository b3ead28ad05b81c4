"""What a figure counts that no word beside it names: it leans on what was said before.

A part or one more of a list counts what the figure before it counted (其中洛香镇2178份); sheets without a noun are of
what was last spoken of (开山以来共留1744张). Words: `corpora/phrasebook/count_words.csv`.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.language.counts.numerals import Numeral
from pipeline.language.counts.setting import PEOPLE_UNITS, Setting, nearest
from pipeline.language.counts.words import words
from pipeline.patterns import Pattern
from pipeline.records import CountKind

TELLING_VERB = Pattern(
    r"(?:[了到得收交存留回完]|(?:共|已|又|累计)(?:采|抽|扎|滴|取|做|按|录)|完成|送[交达检]?|一共|共|合计|总计|共计|卡)(?:约|近)?$"
)
SUMMED = Pattern(r"(?:一共|总?共|合计|总计|[采抽扎滴取做留收交存][了到])(?:约|近)?$")
EXTRA = Pattern(r"[，、；]?另有?")
FINISHED = Pattern(r"(?:完成|[勾采补留做]了|采完|采到)(?:约|近)?$")
# 几户昨天没来，晚上上门补了42人: those who had not come
CAUGHT_UP = Pattern(r"^(?:又|再|也|便|就|才|共|另|还)*补了(?:约|近)?$")
SMALLEST = 4
HOW_MANY = Pattern(r"[采抽扎做摘留收取][^。？?\n]{0,8}(?:多少|几[个人份张])[^。？?\n]{0,6}[？?][^。？?]{0,30}$")
# Sheets go without their noun where nothing stands behind them, or what was done with them; a noun that is counted in
# sheets right before them is their own (身份证287张), and what is done a day is no sum.
SHEETS = ("份", "张", "人份")
NO_NOUN = Pattern(
    r"$|卡(?![上里])|由|已|均|都|全部|陆续|尚?未|没|待|正在|进了|送[往到至]|交[给到]|[为是][^，。；]{0,10}(?:任务|目标|总数|为准)|为准"
)
PAPER = Pattern(r"[证图单表书册纸片桌票档案网信约函照条牌件料品盒支针具本刀报床座](?<!卡片)$")
IDLE = Pattern(r"(?:[约近共各已了有达到为是：:\s]|合计|总计|累计)+$")
EVERY = Pattern(r"每[天日年月周批包台]")
# Kinds of people, in words that elsewhere count something else.
# Those of whom 疑似被拐 is said are no patients.
THEIR_KIND = Pattern(
    r"(?:流动|外来|暂住|寄住|常住)人口|外出(?:务工|人员|打工)?|返乡(?:人员|务工|群众|青年|大?学生)"
    r"|疑似(?=被?[拐抱]|走失|失踪|流浪|亲[属人])"
)
# 血样31份，其中抱养人员7人: who they are of whom so many samples were taken.
WHO_AMONG = Pattern(r"其中(?:有|含|包括)?(?P<who>[^，。；、：\d]{1,26}?)(?:共|约|有|仅|就有)*$")
# 又给6名老人送去棉衣: people for whom something else was done.
OTHER_DEED = Pattern(r"\p{Han}{0,6}(?:送去?|发放|拍摄|照相|办理|办了|讲解|赠|救助|救治|帮助|找到|找回|抓获|查获|晕)")
# 采集血样98份，起草简报23份: what else was done with papers.
OTHER_PAPER = Pattern(
    r"[，、；；](?:为\p{Han}{1,6}|向\p{Han}{1,6}|还|并|同时|共|另)?(?:制作|起草|撰写|编写|印发|整理|归档|装订|上报|报送|开具|出具|填写|签订|审核|赠送?|送去?|送上|发放|张贴"
    r"|收缴|查缴|没收|清退|办结|办理|受理|调解|解答|征集|登记|订阅)了?\p{Han}{2,8}$"
)
# 其中出租房屋片区388份: words of other things inside the name of a place.
PLACE_ENDS = Pattern(
    r"(?:[片小校园矿库社]区|街道|[县市区州旗镇乡村]|[所站点口岗校院厂寺庙组队]|学校|公司|工地|市场|牧场|车间|工厂)$"
)
# 、白扎乡: the name of the next item of a list.
NAME_ALONE = Pattern(
    r"[、，；;和及]?(?!已|现|实|共|又|来|收|上?交|到|进|入|返)\p{Han}{1,7}(?:[县市区旗镇乡村寺所校]|街道|社区|苏木|嘎查|林场|农场|牧场)"
)
# Sentences that go on with what the one before counted.
LEANS = Pattern(
    r"(?:\p{Han}{1,4}[：:])?(?:全天|当[天日]|前后|总|全[县乡镇村所])?(?:其中|包括|另有?|其余|以上|累计|至此|连同|合计|总计|共计|总共|一共|加上[\p{Han}]{0,5}一?共)"
    r"|[一二三四五六七八九两十\d]+[年月个]?(?:县|市|镇|乡|村|所|天|地|校|乡镇|数|者)(?:合计|相加|共|加起来)"
    r"|(?:实际|已|累计|目前){0,2}(?:完成|采集)(?:数|量|值|情况|人数|份数)?[：:]"
    r"|(?:\p{Han}{1,8}[：:])?[\p{Han}\d]{2,9}(?:县|市|区|州|镇|乡|村|街道|社区|派出所|所|寺|校|组)[（(：: ]?\d"
)
# 把在外的27人补上
COMING = Pattern(r"明[天日]|后天|下[周月旬]|[要将拟待]|计划|打算|预计|争取|力争|务必|确保|前把")
LATE = Pattern(r"把[^，。；\d]{1,24}$")
MADE_UP = Pattern(r"(?:也|又|都|全部?|陆续|一并)*(?:补[上齐全完]|补了|[采扎][完齐])了?(?=[，。；！]|$)")
# 占任务数1.5万份的61.3%, 完成全年任务（8万份）的26.7%
BASE_OF_SHARE = Pattern(r"[）)]?(?:任务|目标|计划|指标|总数)?的?[约近]?(?:\d[\d.]*\s?%|百分之|[一二三四五六七八九]成)")
REACHED_SO_FAR = Pattern(r"完成|已|[采抽收]了|累计")
# 采集9200份（任务数1.5万份）
ASIDE_TASK = ("（任务", "（任务数", "（任务：", "（目标", "（计划", "（应采", "（应采数", "（任务数为", "（任务为")
# A part stands at most this far behind the figure it is part of, in characters.
LEAN_REACH = 18
# People who are told at greater length: 其中上世纪九十年代被抱养的人员7人.
WHO_REACH = 30


@dataclass(frozen=True)
class Said:
    """What the last figure counted, for ellipsis: its unit and kind."""

    unit: str
    kind: CountKind


def remembered(sentence: str, numeral: Numeral, kind: CountKind, before: Said | None) -> Said:
    """What to lean on behind a figure: of a task that is only the base of a share, what was told before it.

    全县已采9200份，占任务数1.5万份的61.3%，其中城区2100份: parts of those taken.
    """
    if kind != "target":
        return Said(numeral.unit, kind)
    taken = before is not None and before.kind == "samples"
    if BASE_OF_SHARE.match(sentence, numeral.end) or (
        taken and sentence[: numeral.start].endswith(ASIDE_TASK) and sentence.startswith("）", numeral.end)
    ):
        # 今年任务1.5万份，占全市任务12万份的12.5%: one task of another
        of_task = before is not None and REACHED_SO_FAR.search(sentence, 0, numeral.start) is None
        return before if before is not None and (taken or of_task) else Said(numeral.unit, "samples")
    return Said(numeral.unit, kind)


def objectless(setting: Setting) -> bool:
    """开山以来共留1744张，: sheets whose noun is left out are of what was last spoken of, here samples."""
    asked = setting.people and HOW_MANY.search(setting.lead) is not None
    if (
        not (asked or setting.numeral.unit in SHEETS)
        or setting.numeral.value < SMALLEST
        or not NO_NOUN.match(setting.right.strip("”’」』 "))
    ):
        return False
    left = setting.left
    if PAPER.search(IDLE.sub("", left)) or EVERY.search(setting.wide):
        return False
    telling = nearest(left, shortest=2)
    if (telling is not None and not telling[1]) or any(words()[code].search(left) for code in ("health", "rejected")):
        return False
    return asked or setting.of_samples


def leans(setting: Setting, other: str) -> bool:
    """Whether a figure is a part, or one more in a list, of what the figure before it counted."""
    gap, unit = setting.since, setting.numeral.unit
    part = gap.rfind("其中")
    gap = THEIR_KIND.sub("", gap[part:] if part >= 0 else gap)
    among = who_among(setting, other)
    same = not unit or unit == other or {unit, other} <= PEOPLE_UNITS or among
    others = [m[0] for m in words()["other"].finditer(gap) if len(m[0]) > 1 and m[0] != "合格"]
    if part_of_place(setting, other):
        others = []
    if setting.people and OTHER_DEED.match(setting.right):
        return False
    if not same or len(gap) > (WHO_REACH if among else LEAN_REACH) or others or (part < 0 and OTHER_PAPER.search(gap)):
        return False
    return not EXTRA.match(gap) or not setting.right or words()["sample"].search(setting.behind[:12]) is not None


def who_among(setting: Setting, other: str) -> bool:
    """Whether people are some of those whose samples were just counted. `other`: the unit of these."""
    m = WHO_AMONG.search(setting.since) if setting.people and other in SHEETS else None
    return m is not None and any(w.end() == len(m["who"]) for w in words()["part_people"].finditer(m["who"]))


def made_up(setting: Setting) -> CountKind | None:
    """What 把在外的27人补上 tells of people whose turn had not come, in a post about their samples."""
    if not setting.people or not LATE.search(setting.left) or not MADE_UP.match(setting.behind):
        return None
    kind: CountKind = "target" if COMING.search(setting.before) else "samples"
    lead = nearest(setting.lead, shortest=2)
    return kind if setting.of_samples or (lead is not None and lead[1]) else None


def part_of_place(setting: Setting, other: str) -> bool:
    """Whether a figure of sheets tells what came from a place: 其中出租房屋片区388份. `other`: the last unit."""
    part = setting.since.rfind("其中")
    same = setting.numeral.unit == other and not setting.people
    return same and part >= 0 and PLACE_ENDS.search(setting.since, part) is not None


def told(setting: Setting, *, mass: bool, sampling: bool) -> bool:
    """到了312个人，又得7,108份。: a verb that says nothing of samples, where nothing else was spoken of."""
    if setting.right.strip("”’」』 ") or not TELLING_VERB.search(setting.left):
        return False
    if mass and setting.people and CAUGHT_UP.search(setting.left) and setting.of_samples:
        return True
    telling = nearest(setting.before)
    if telling is not None and not telling[1]:
        return False
    if mass and FINISHED.search(setting.left):
        return True
    return (
        words()["sample"].search(setting.sentence) is not None
        or words()["collect"].search(setting.before) is not None
        or (sampling and SUMMED.search(setting.left) is not None and setting.of_samples)
    )


def apposed(setting: Setting) -> bool:
    """先一组，大约120人，: a figure with nothing else in its clause counts what its sentence last spoke of."""
    if not words()["between"].fullmatch(setting.left) or setting.right.strip("”’」』 "):
        return False
    telling = nearest(setting.before)
    return telling is not None and telling[1]
