"""What a post as a whole says of a figure and its sentence alone does not; and what is no count at all.

Sections headed 打算, 目标, 要求 tell what is still to be done; a study draws blood for genes; staff, payments, food,
animals and banks abroad are counted in the same words as samples of people.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from pipeline.language.counts.bundles import bundled
from pipeline.language.counts.kinds import GENETIC, Figure
from pipeline.language.counts.others import PEOPLE, counts_others, of_how_many
from pipeline.language.counts.settled import MADE_UP_BY
from pipeline.language.counts.shares import of_samples
from pipeline.language.counts.unsampled import now_sampled
from pipeline.language.counts.words import words
from pipeline.patterns import Pattern

# 2014年打算, 年度绩效目标: headings of what is still to be done. 完成情况, 技术要求 are none.
PLAN_HEAD = Pattern(
    r"(?m)^[ \t]*(?<number>[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d{1,2}[.、．]?)?[ \t]*"
    r"(?<head>[^，。；：:\n]{0,18}?(?:打算|计划|目标|思路|安排|要求|下一?步工作|下一步))"
    r"(?:（单位[^）\n]{0,8}）)?(?=[。：:\n]| {1,2}\S)"
)
NOT_PLAN = Pattern(r"完成|情况|总结|回顾|进展|落实|依据|技术|资格|商务|服务要求")
NUMBERED = Pattern(
    r"(?m)^[ \t]*(?:(?<one>[一二三四五六七八九十]+、)|(?<two>（[一二三四五六七八九十]+）)|(?<three>\d{1,2}[.、．]))"
)
NEXT = Pattern(r"(?:下一?步|新的?一年(?![以到])|接下来|明年|下半年|下一阶段|今后)[，\p{Han}]")
DONE = Pattern(r"已|了|截[至止]|目前|累计|现有|完成率|实采|共采|采得|实际(?:完成|采|入库)|完成(?:数|量|值|情况)?[：:]")

BLOOD = Pattern(r"血|DNA|唾液|口腔|样本|基因")
MISSED = Pattern(r"漏采(?:了|的)?约?$")
# 未采13人系孕妇: why they cannot be sampled
LEFT_OUT = Pattern(r"未采(?:集)?(?:了|的)?约?$")
WHY_NOT = Pattern(r"，?(?:[均都皆]?(?:系|因|为|属)|原因)")
AFTER_ALL = Pattern(r"[后再即]补采|另行补采|待[^，。；]{0,8}补采")
STAFF = Pattern(
    r"(?:实验员|检[验测]员|调查员|录入员|采[样集血]员|助理|技师|工程师|技术员|研究员|法医|DNA检[验测]|岗位?)\s*[（(:：]?$"
)
TRAIT = Pattern(
    r"(?:指掌纹|掌指纹|指纹|掌纹|足迹|人像|照片|虹膜|声纹|步态|毛发|尿[样液]|手机)(?:信息|数据|样本|图像)?"
    r"(?:采集|入库|录入|送检|提取|补采|上传|比对)+(?:数|量|率)?[了共约为达]*$"
)
PAID = Pattern(r"(?:时|后|的)?(?:再|即)?(?:付|支付|结算|付至)")
HANDED = Pattern(r"(?:拟|将|首批|分批)[^，。；\d]{0,4}(?:移交|移送|交付|交接)$")
# 2人1600元; 上述12份; 模拟血样300份; 每名嫌疑人2份
PRICED = Pattern(r"[^，。；\d]{0,6}\d[\d,.]*\s*万?元")
SAID = Pattern(r"(?:上述|前述)$")
FEIGNED = Pattern(r"模拟|实操|练习|演示|示范")
EACH_ONE = Pattern(r"每一?[名人位个例][^，。；\d]{0,12}$")
FEW = 20
# 样本量增至800份: an application.
ENLARGED = Pattern(r"样本量?(?:拟|将|由[^，。]{1,6})?(?:增至|增加到|增加至|扩大到|扩大至|扩至|调整为|调整到|由|从)$")
# A study's stock: 旧有样本400份, 唾液样本共有871份，存于实验室.
OF_OLD = Pattern(
    r"(?:旧有|原有|旧藏|旧存|原存|[所馆]存|前期保存)(?:的)?[^，。；\d]{0,16}(?:样本|样品|DNA|血样)(?:共|约|有|计)*$"
)
HAD = Pattern(r"(?:[现共已]有|合计|总计|积累)约?$")
STORED = Pattern(r"，?(?:均|都|全部|现)*(?:保?存|保藏|存放)[于在]")
CLAUSE_REACH = 40
# 采集对象：初一男生，共计88名: a line of its own
WHOM = Pattern(
    r"[\s\d.、．一二三四五六七八九十（）()①-⑳]{0,6}(?:采[集样血]|抽血|取样|补采)(?:的)?(?:对象|范围|人员)(?:[及和、](?:范围|人数|对象))?[:：]"
)
TAKES = Pattern(
    r"(?<!尚未|没有|还没|未曾)(?:已|[采抽扎][了完过毕]|采集[了完过]|实采|采得|采到)"
    r"|(?:本次|此次|实际|[已共])采集?(?:血样|样本|DNA)*$"
)
# 在册开锁人员都要采DNA，一个不落: how far back it is told, in characters
ALL_ARE_TO = Pattern(
    r"(?:都|均|全部?|一律|全员|逐一|人人|个个)[要须需应得](?:进行|去|来|到[^，。；\d]{1,8})?[^，。；\d]{0,4}(?:采|抽|扎|留)|[应须必]采(?!尽采)"
)
LEAD = 100
ENTERED = Pattern(r"(?<!送检)入库(?:数据|样本)?(?:已|共|约|仅|达|的)*$")
PRACTICE = 5
TRIAL = Pattern(r"[^，。；]{0,6}(?:试运行|试检|盲测|质控|考核样)")
FAILED = Pattern(r"(?:失败|未检出|无分型|污染|不足量)$")
SAYING = Pattern(r"(?:反映|表示|咨询|撤回|退出|弃权|投诉|点赞)")
REFUSED = Pattern(
    r"[^，。；\d]{0,14}(?:未采(?!过|集过)|没采(?!过)|拒绝采|拒采|不采|暂缓采)"
    r"|，(?:均|都|全部)?(?:未|没有?)采(?:血|样|集)?(?=[，。；])"
    r"|[^，。；\d]{0,14}，(?:以|因|均|都|一直|仍|至今)[^，。；\d]{0,16}(?:未采|没采|拒绝采|拒采)"
)
THINGS = Pattern(
    r"(?:疫病|疫情|猪瘟|禽流感|口蹄疫|外包装|冷链|环境|食品|水质|水体|土壤|农产品|蔬菜|动物|家?禽|[牲家]畜|饲料|药品|牛羊|绵羊|山羊|骆驼|马匹|猪|鸡|犬只?|奶)"
    r"[^，。；]{0,12}(?:采样|留样|取样|样品|样本|抽样|送检|采集|血样|血清)"
)
ABROAD = Pattern(
    r"英国|美国|法国|德国|日本|韩国|印度|欧[洲盟]|加拿大|澳大利亚|荷兰|FBI|CODIS|23andMe|Ancestry|(?:商业|基因检测|民营)公司"
)
ABROAD_REACH = 40
# 虫草采集: what is picked in the grasslands.
PICKED = Pattern(r"(?:虫草|松茸|药材|菌类|贝母|中草药)[^，。；]{0,4}(?:采集|采挖)|(?:采集|采挖)(?:虫草|松茸|药材|贝母)")
PICKERS = Pattern(r"采集(?:群众|人员|证|点|季|沟|区|户|队|山)|驻扎")
SHARE_OF = Pattern(r"(?:人员|男性|女性|人口|儿童|学生|老人|僧尼|户|药|费)占比?(?:为|达|约)*$")
RATE = Pattern(
    r"(?:平均|总体|整体|综合|累计|目前|[已均共]){0,4}+(?:完成率|覆盖率|完成|进度|达到?|占比|比例|率)[已为达到约]*$"
)
CLAUSE = Pattern(r"[，；。：！？;?!\n、]")
CHECKED = Pattern(r"体检|筛查|免疫|接种|参保|核酸")
# 应采家族1040个
FAMILIES = Pattern(r"(?:家族|家系|支系|宗族|姓氏|氏族|家庭|房支|户)(?:共|约|有|数)*$")
ADVICE = Pattern(r"(?:建议|请|可以?)[^，。；\d]{0,12}$")
COLLECTING = Pattern(r"采|血|DNA|Y库|样本|入库|任务")


class Setting:
    """What the whole of one post says of its figures. Takes its matching copy; `study`: it is about one."""

    def __init__(self, copy: str, *, study: bool = False) -> None:
        self.copy, self.study = copy, study

    @cached_property
    def picked(self) -> bool:
        """Whether the post is about what is picked in the grasslands."""
        return PICKED.search(self.copy) is not None

    @cached_property
    def plans(self) -> list[tuple[int, int]]:
        """Where its sections about what is to be done begin and end."""
        return _plans(self.copy)

    def judged(self, figures: Sequence[Figure], start: int, end: int) -> list[Figure]:
        """The figures of the sentence from `start` to `end` that are counts, with the kinds the whole post gives."""
        if not figures:
            return []
        figures = [replace(f, kind="target") if self._called(f, start, end) else f for f in figures]
        kept = [f for f in figures if self._all_of_them(f, start, end) or not self._vetoed(f, start, end)]
        if any(f.numeral.unit == "个" for f in figures if f not in kept):
            kept = [figure for figure in kept if figure.numeral.unit != "个"]
        kept = [replace(f, kind="database") if self._banked(f) else f for f in kept]
        kept = [replace(f, kind="target") if self._enlarged(f) else f for f in kept]
        if not kept or not self.planned(start, end):
            return kept
        return [
            replace(figure, kind="target") if figure.kind == "samples" else figure
            for figure in kept
            if figure.kind != "coverage"
        ]

    def _called(self, figure: Figure, start: int, end: int) -> bool:
        """Whether people are those whom a line, or a sentence before, says are to be sampled."""
        if figure.kind != "samples" or figure.numeral.unit not in PEOPLE:
            return False
        if self._all_of_them(figure, start, end):
            return True
        behind = CLAUSE.split(self.copy[figure.end : min(end, figure.end + CLAUSE_REACH)], maxsplit=1)[0]
        called = WHOM.match(self.copy, start, end)
        return called is not None and not (TAKES.search(self.copy, called.end(), figure.start) or TAKES.search(behind))

    def _all_of_them(self, figure: Figure, start: int, end: int) -> bool:
        """Whether so many are to be sampled, and some of them have been: 锁匠都要采。共186人，到昨天已采153人."""
        if figure.kind not in ("samples", "target") or figure.numeral.unit not in PEOPLE:
            return False
        sentence = self.copy[start:end]
        if not of_how_many(sentence[: figure.start - start], sentence[figure.end - start :]):
            return False
        return ALL_ARE_TO.search(self.copy, max(0, start - LEAD), figure.start) is not None

    def _banked(self, figure: Figure) -> bool:
        """Whether samples are told as the entries of a bank: a study's, or those counted in 条."""
        held = self.study or figure.numeral.unit == "条"
        if not held or figure.kind != "samples":
            return False
        left = CLAUSE.split(self.copy[max(0, figure.start - CLAUSE_REACH) : figure.start])[-1]
        if ENTERED.search(left[-10:]):
            return True
        stored = HAD.search(left) and STORED.match(self.copy, figure.end)
        return self.study and bool(stored or OF_OLD.search(left))

    def _enlarged(self, figure: Figure) -> bool:
        return (
            figure.kind == "samples"
            and ENLARGED.search(self.copy[max(0, figure.start - 10) : figure.start]) is not None
        )

    def planned(self, start: int, end: int) -> bool:
        """Whether a sentence stands in a section about what is to be done, and tells of nothing done."""
        if DONE.search(self.copy, start, end):
            return False
        at = bisect_right(self.plans, (start, len(self.copy))) - 1
        return NEXT.match(self.copy, start) is not None or (at >= 0 and start < self.plans[at][1])

    def _vetoed(self, figure: Figure, start: int, end: int) -> bool:
        sentence = self.copy[start:end]
        before, right = sentence[: figure.start - start], sentence[figure.end - start :]
        left = CLAUSE.split(before)[-1]
        if counts_others(sentence, figure.numeral, figure.start - start):
            return True
        if figure.kind == "coverage":
            return of_samples(self.copy, figure.start, figure.numeral) or _other_share(sentence, left)
        if ABROAD.search(before[-ABROAD_REACH:]) or (
            self.picked and PICKERS.search(sentence) and not BLOOD.search(sentence)
        ):
            return True
        people = figure.numeral.unit in PEOPLE
        if figure.numeral.unit == "个" and FAMILIES.search(left):
            return True
        if people and figure.numeral.value <= FEW and ADVICE.search(left):
            return True
        if people and (STAFF.search(left) or SAYING.match(right)):
            return True
        by_now = people and now_sampled(before, right)
        refused = REFUSED.match(right) and not by_now
        if people and figure.kind == "samples" and (refused or of_how_many(before, right)):
            return True
        if LEFT_OUT.search(left) and WHY_NOT.match(right) and not AFTER_ALL.search(right):
            return True
        if (
            (MISSED.search(left) and not (by_now or MADE_UP_BY.match(right)))
            or HANDED.search(left)
            or FAILED.search(left)
        ):
            return True
        if PAID.match(right) or TRIAL.match(right) or PRICED.match(right):
            return True
        if (
            SAID.search(left)
            or FEIGNED.search(left)
            or FEIGNED.search(right[:PRACTICE])
            or (figure.numeral.value <= FEW and EACH_ONE.search(left))
        ):
            return True
        if TRAIT.search(left) and not BLOOD.search(left) and not bundled(before, figure.numeral.unit):
            return True
        return THINGS.search(left) is not None and GENETIC.search(sentence) is None


def _other_share(sentence: str, left: str) -> bool:
    """Whether a percentage is one of something else: 全县清淤完成率, or tells who is among those sampled."""
    if SHARE_OF.search(left) and not COLLECTING.search(left):
        return True
    if COLLECTING.search(sentence):
        return False
    if CHECKED.search(sentence):
        return True
    rate = RATE.search(left)
    own = left[: rate.start()].strip() if rate else ""
    return bool(own) and words()["between"].fullmatch(own) is None


def _plans(copy: str) -> list[tuple[int, int]]:
    """Where the sections about what is to be done begin and end."""
    spans = []
    for m in PLAN_HEAD.finditer(copy):
        if NOT_PLAN.search(m["head"]):
            continue
        rank = _rank(m["number"] or "")
        ends = (n.start() for n in NUMBERED.finditer(copy, m.end()) if _rank(n[0].strip()) <= rank)
        spans.append((m.end(), next(ends, len(copy))))
    return spans


def _rank(number: str) -> int:
    """How deep a heading of this numbering lies: 一、 above （一） above 1. above none."""
    if not number:
        return 4
    return 2 if number.startswith("（") else 3 if number[0].isdigit() else 1
