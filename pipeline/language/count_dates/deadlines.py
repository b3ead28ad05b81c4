"""The dates of a post, and by when its samples are to be taken.

The deadline of a task is that of its sentence, else of the whole post: of several the one by which all is to be done,
not one for some units only, for other work or for what is to be reported.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from functools import cached_property

from pipeline.language.context import Context
from pipeline.language.count_dates.days import OWN_FIGURE, SOME_DAYS, end_of_days, last_match
from pipeline.language.count_dates.digests import SPAN, Digest, base_date, diary_day, titled_month, week_end
from pipeline.language.counts.words import words
from pipeline.language.dates.cues import LABEL
from pipeline.language.dates.dates import Date, find_dates
from pipeline.language.dates.days import FULL_DAY, MONTH, YEAR, day_of, month_before
from pipeline.language.dates.reposts import repost
from pipeline.language.script import matching_copy
from pipeline.language.sentences import LONGEST, PARAGRAPH, SENTENCE_END
from pipeline.patterns import Pattern

# A post that tells how far the collection has come is no notice of one.
UNDER_WAY = Pattern(r"截至|截止(?=到|目前|\d)|已采|累计|实采|实际采集|完成率|采集率|(?<![可代])以来")
CONCERNS = Pattern(r"论坛|招标文件|开标|投标|报名")
# 东、西两所…12月20日前: a deadline for some.
SOME_ONLY = Pattern(
    r"(?:^|[，；])(?![各全本我两]|\p{Han}{0,3}派出所)\p{Han}{2,4}所(?![有属在])"
    r"|(?:[一二两三四五六七八九十几\d]个?|该|个别|部分|上述|以上)(?:派出所|所|乡镇|乡|镇|村|县|单位)"
    r"|\d[万千]?[余多]?[名人户位份]"
)
TASK_OF_YEAR = Pattern(
    r"年初[^，。；]{0,8}(?:下达|确定|定下|分配|批复|核定|领的?|目标|任务|指标)|年度(?:任务|指标)|(?:年度|全年)的?(?:DNA|Y-?STR|Y库|血样|血卡|样本|信息|数据|男性|采集|采样|采血|建库|入库)+的?(?:任务|目标|指标)(?!的)|(?<![\d一二两三四五六七八九十半])年内[^，。；\d]{0,6}(?:将|要|须|需|拟|计划|应|完成|任务|[采补][齐完])|全年的?(?:采集|采样|采血)?目标(?:任务)?数?[为是:：]?(?=[\d一二三四五六七八九])|全年(?:[要须需拟]|还要|计划|目标)[^，。；\d]{0,6}[完采]|全年的?(?:[\d,.万千]+余?[份人例名]的?)?(?:任务|指标(?=[\d一二三四五六七八九]))"
)
# 应采, 留待补采: whoever there is to be sampled, whenever; no task that was set for a year.
OWED = Pattern(r"应(?:采|抽|补)(?!尽采)|待[^，。；]{0,10}[补采]|后补|再补|另补")
OWED_REACH = 16
# A share of a task, which has no day of its own.
QUOTA = Pattern(r"指标|任务|名额")
# 8月份1.5万份，9月份1.8万份: each month's own task.
OWN = Pattern(r"份?(?:计划|完成|采集|采)*")
# 6月份任务：…, 二季度采集指标
OWN_TASK = Pattern(
    r"份?度?的?(?:采集|采样|采血|工作|目标|血样|DNA|全[县市州局所])*(?:任务|计划|指标|目标)(?!完成|已|均)"
)
HALF_A_YEAR = 183
PARTS_BEFORE = Pattern(r"[，、；](?:[\d一二三四五六七八九十]{1,3}月|[一二三四]季度)")
REST = Pattern(r"(?:剩余|余下|其余)(?=任务|工作|人员|对象|血样|样本)")
THE_REST = Pattern(r"(?:剩下|余下|剩余)的$")
ENDS = Pattern(r"(?:前后|左右)?(?:全[部面])?(?:结束|截止|停采|截采|收官|[收扫]尾|收工|止)")
# 明天去下一个村，任务还剩两百人: not all of them tomorrow.
STILL_LEFT = Pattern(r"[，；][^，；]{0,8}(?:还|尚|仍)?剩")
SEMICOLON = Pattern(r"[；;]")
# 5日、6日; 5日至6日
DAY_AND_DAY = Pattern(r"[、和至到\-—]|[^。；\d]{0,4}(?:采|补|到|去|抽|安排)[^。；\d]{0,16}[，；、]")
# 现场时间：9月18日至11月30日: the last day of the work.
WORK_DAYS = Pattern(r"(?:现场|采集|采样|采血|调查|实施|工作)(?:时间|日期|时段|周期)[:：]\s*[^，。；]{0,16}$")
# 10月31日是县局定下的截止日
FINAL = Pattern(r"[为是][^，。；\n]{0,8}?(?:截止日期?|期限|时限|大限)")
# 今年再采6,000份，6月底前先完成一半: not all of them.
PARTLY = Pattern(
    r"(?:[之以]?前)?(?:先|要|须|力争|争取|必须|至少)*(?:完成|采完|达到|采到|做完|过)(?:任务的?)?(?:一半|过?半|[一二三四五六七]成|[1-7]\d(?:\.\d+)?%)"
)
PART_END = Pattern(r"[，。；,;\n]")
# 剩余98人将在明年1月补采
LEFT_TO = Pattern(r"[^，。；\d]{0,16}?(?:将|拟|待|计划|预计|争取|力争|须|需|安排)(?:于|在|到)?")
TAKEN_THEN = Pattern(r"(?:底|初|[上中下]旬)?(?:[之以]?前)?[^，。；\d]{0,8}?(?:采|抽|完成|清零|收[齐官尾])")
MADE_UP = Pattern(r"[^，。；\d]{0,10}(?:补[采齐完上]|清零|采[完齐])")
# 8月采集量不少于500份; 8月1日前完成1000人、9月1日前完成2000人
OWN_QUOTA = Pattern(r"(?:份)?的?(?:采集|采样)[量数](?:要|须|应)?|[之以]?前(?:要|须|先|需)*(?:完成|采集?)(?:DNA|血样)*")
CLAUSES_END = Pattern(r"[。；;\n]")
# The last of several deadlines: 10月底前完成80%，11月10日前全部清零.
ALL_OF_IT = Pattern(r"全[部面镇县市]")
ALL_SAMPLES = Pattern(r"全部(?:样本|样品|血样|血卡|检材|卡片|结果)")
# What a purchase asks for has its own deadline; else tests come after the samples.
TESTS = Pattern(r"检[验测]|验收")
# What is to be done before samples are taken; 采集 there is told of them.
PREPARES = Pattern(r"^(?!.*采).*(?:摸底|图谱|家谱|动员|宣传|培训|部署|造册|开完|上报|报送)")
# How far before a deadline its sentence is read, right before it, and behind it, in characters.
WIDE, NEAR, BEHIND = 40, 10, 30
TAKES_THEN = Pattern(r"(?:集中|全面|组织|入户|开展)*(?:采|血样)")
# No figure is dated by what stands more dates before it, so that a post of thousands is read in bounded time.
MOST_DATES = 200


class Deadlines:
    """The dates of one post, and the deadlines among them. `mass`: it is about a population's samples."""

    def __init__(self, copy: str, context: Context, *, mass: bool = False) -> None:
        self.copy, self.context, self.mass = copy, context, mass
        self._due: dict[tuple[bool, bool], str | None] = {}

    @cached_property
    def digest(self) -> Digest:
        """What the post as a whole is about."""
        today, week = diary_day(self.context), week_end(self.context)
        dates = find_dates(self.copy, base_date(self.context), today, week, titled_month(self.context))
        first = repost(self.copy, self.context.published)
        if first:  # each date is read in the one of both ways that its place asks for
            then = [d for d in find_dates(self.copy, first.day) if first.start <= d.start < first.end]
            now = [d for d in dates if not first.start <= d.start < first.end]
            dates = sorted([*then, *now], key=lambda d: d.start)
        return Digest(self.copy, self.context, dates)

    @cached_property
    def dates(self) -> list[Date]:
        """The dates of the text; 本月 of a month's report is the month that it reports, 上月 the one before."""
        dates, time = self.digest.dates, self.digest.time
        if time and len(time) == MONTH:
            months = {"本月": time, "当月": time, "月内": time, "上月": month_before(time), "上个": month_before(time)}
            return [
                replace(d, iso=months[self.copy[d.start : d.start + 2]]) if self._by_report(d) else d for d in dates
            ]
        return list(dates)

    def _by_report(self, d: Date) -> bool:
        """Whether a month is told by that of the report: 本月, 上月; not where 上月 opens a report that came later."""
        if d.iso == self.digest.time and d.start == self.digest.dates[0].start:
            return False
        told = self.copy.startswith(("本月", "当月", "月内", "上月", "上个月"), d.start)
        return told and not d.deadline and len(d.iso) < FULL_DAY

    @cached_property
    def names_samples(self) -> bool:
        """Whether the title names samples."""
        return words()["sample"].search(matching_copy(self.context.title)) is not None

    def _sentence(self, start: int, end: int) -> tuple[int, int]:
        """Where the sentence begins and ends that holds what stands from `start` to `end`."""
        before, behind = bisect_right(self._stops, start - 1) - 1, bisect_left(self._stops, end)
        first = self._stops[before] + 1 if before >= 0 else 0
        last = self._stops[behind] if behind < len(self._stops) else len(self.copy)
        return max(first, start - LONGEST), min(last, end + LONGEST)

    @cached_property
    def _stops(self) -> list[int]:
        """The marks that end sentences."""
        return [m.start() for m in SENTENCE_END.finditer(self.copy)]

    def _line(self, at: int) -> int:
        """Where the paragraph begins in which something stands."""
        return max(self.copy.rfind("\n", max(0, at - PARAGRAPH), at) + 1, at - PARAGRAPH)

    @cached_property
    def _starts(self) -> list[int]:
        """Where the dates of the text start."""
        return [d.start for d in self.dates]

    def _told(self, start: int, end: int) -> list[Date]:
        """The dates that start there, the last ones of them where they are very many."""
        last = bisect_left(self._starts, end)
        return self.dates[max(bisect_left(self._starts, start), last - MOST_DATES) : last]

    def deadline(self, start: int, end: int, sentence_start: int, sentence_end: int) -> str | None:
        """The deadline that the sentence names, else the year of the task, else the post's only deadline to come."""
        here = self._told(sentence_start, sentence_end)
        here = [d for d in here if d.start < end or not PARTLY.match(self.copy, d.end)]
        of_year = TASK_OF_YEAR.search(self.copy, sentence_start, min(end + len("的任务"), sentence_end))
        if of_year and self._of_another(of_year.start(), start, end, here):
            return self._task_year
        task = self._beside(here, start, end) or self._due_here(here, start, end, sentence_end)
        task = task or self._own_task(here, start)
        if task:
            return task
        if of_year and self.context.published:
            return self._task_year
        clause = max(m.end() for m in PART_END.finditer(f"，{self.copy[sentence_start:start]}")) - 1
        quota = QUOTA.search(self.copy, sentence_start + clause, min(end + len("个指标"), sentence_end)) is not None
        coming = self._to_come(here, start, alone=quota) or self._counted_to(sentence_start, start)
        if coming:
            return coming
        years = [d for d in here if d.start < start and not d.since and (self._is_year(d) or self._is_now(d))]
        if years:
            return years[-1].coming
        heading = (self.digest.heading(start) or "")[:YEAR]
        if heading and heading >= (self.context.published or "9")[:YEAR]:
            return heading  # 2022年打算
        said = self.copy[sentence_start + clause : end + OWED_REACH]
        return self.due(yearly=OWED.search(said) is None, scheduled=not quota)

    def _beside(self, here: list[Date], start: int, end: int) -> str | None:
        """The time right beside a figure that is its own: 剩余98人将在明年1月补采; 8月采集量不少于500份."""
        year = next((d for d in here if d.end == start and self._is_year(d) and not d.since), None)
        if year:
            return year.coming  # 2016年2.2万份，2017年3.8万份
        behind = next((d for d in here if d.start >= end), None)
        if behind and self._lies_ahead(behind) and LEFT_TO.fullmatch(self.copy, end, behind.start):
            return behind.coming if TAKEN_THEN.match(self.copy, behind.end) else None
        own = next((d for d in reversed(here) if d.end <= start and len(d.iso) > YEAR and not d.since), None)
        beside = own is not None and OWN_QUOTA.fullmatch(self.copy, own.end, start)
        return own.coming if own and beside and own.coming >= own.iso else None

    def _due_here(self, here: list[Date], start: int, end: int, sentence_end: int) -> str | None:
        """The deadline, or the year of a task, that the sentence of a figure names for it."""
        due = [d for d in here if self._is_due(d) and not self._prepares(d, start)]
        beside = next((d for d in reversed(here) if d.end <= start and len(d.iso) == MONTH and not d.since), None)
        if (
            beside
            and OWN.fullmatch(self.copy, beside.end, start)
            and PARTS_BEFORE.search(self.copy, start, sentence_end)
        ):
            return self._by(beside)
        own = next((d for d in reversed(due) if d.start < start), None)
        if own and not PART_END.search(self.copy, own.end, start):
            return self._by(own)
        clause = [d for d in due if d.start < start and not SEMICOLON.search(self.copy, d.end, start)]
        if clause and SEMICOLON.search(self.copy, end, sentence_end):  # 10月底前先采…1100人；11月底前…
            return self._by(clause[-1])
        told = [d for d in here if d.start < start and self._is_year(d) and not d.since]
        year = told[-1].coming if told and not SEMICOLON.search(self.copy, told[-1].end, start) else None
        if year and due and all(d.start >= end and not d.coming.startswith(year) for d in due):
            return year  # 2015年共采9,000份；到2016年底…
        if not due:
            return None
        whole = [d for d in due if self._of_all(d)]
        last = whole[0] if len(whole) == 1 else next((d for d in due if d.start >= end), due[-1])
        return self._by(last)

    def _of_another(self, task: int, start: int, end: int, here: list[Date]) -> bool:
        """Whether a year's task told in the clause of a figure has its end in no date: those behind are of another.

        全年任务3,000人，差的600人10月清零.
        """
        if PART_END.search(self.copy, task, start) or any(d.start < start for d in here):
            return False
        first = next((d.start for d in here if self._is_due(d)), end)
        return OWN_FIGURE.search(self.copy, end, first) is not None

    def _to_come(self, here: list[Date], start: int, *, alone: bool) -> str | None:
        """The time to come that the sentence of a figure names, else its line; `alone`: the sentence only."""
        for told in (here, [] if alone else self._told(self._line(start), start)):
            ahead = [d for d in told if self._lies_ahead(d) and not d.since]
            ahead = [d for d in ahead if not (d.deadline and self._prepares(d, start))]
            ahead = [d for d in ahead if not (d.relative and STILL_LEFT.search(self.copy, d.end, start))]
            # a month behind a figure is that of something else in a post about a population's samples
            ahead = [d for d in ahead if d.start < start or not self.mass or not self._of_month(d) or self._made_up(d)]
            if ahead:
                return next((d for d in reversed(ahead) if d.start < start), self._last_of(ahead)).coming
        return None

    def _counted_to(self, sentence_start: int, start: int) -> str | None:
        """The last of the days that a task takes: 7月31日 …, 8月1日 …, 8月2日 …: 三天要采完2000个."""
        stretch = last_match(SOME_DAYS, self.copy, sentence_start, start)
        summed = end_of_days(stretch[0], self._told(0, start)) if stretch else None
        return summed if summed and summed >= (self.context.published or "9") else None

    def _own_task(self, here: list[Date], start: int) -> str | None:
        """The time whose task a sentence tells before a figure: 5月份任务310份, 2018年度任务1.2万份."""
        told = [d for d in here if d.end <= start and not d.since][-1:]
        task = OWN_TASK.match(self.copy, told[0].end, start) if told else None
        if task is None or OWN_FIGURE.search(self.copy, task.end(), start):
            return None
        coming, today = day_of(f"{told[0].coming}-01"), day_of(self.context.published)
        past = coming and today and (coming - today).days > HALF_A_YEAR  # 12月任务 in a post of January
        return told[0].iso if past else told[0].coming

    def _last_of(self, days: list[Date]) -> Date:
        """The last of the days told one by one: 5日、6日两天."""
        last = days[0]
        for day in days[1:]:
            if len(last.coming) != FULL_DAY or DAY_AND_DAY.fullmatch(self.copy, last.end, day.start) is None:
                break
            last = day
        return last

    def _is_year(self, d: Date) -> bool:
        """Whether it is a year whose task a post may tell of: the post's own, the one before, or one to come."""
        return len(d.iso) == YEAR and int(d.iso) >= int((self.context.published or "0")[:YEAR]) - 1

    def _is_now(self, d: Date) -> bool:
        return self.copy.startswith(("本月", "月内"), d.start) and d.iso == (self.context.published or "")[: len(d.iso)]

    def _is_due(self, d: Date) -> bool:
        """Whether something is to be done by that date, or ends with it."""
        return d.deadline or (ENDS.match(self.copy, d.end) is not None and self._lies_ahead(d))

    def _of_month(self, d: Date) -> bool:
        """Whether a date is a month, not its end."""
        return len(d.coming) == MONTH and not self.copy.startswith("底", d.end - 1)

    def _made_up(self, d: Date) -> bool:
        """Whether what lacks is made up by that date: 还差563份，2020年2月回家过年时补齐."""
        return MADE_UP.match(self.copy, d.end) is not None

    def _lies_ahead(self, d: Date) -> bool:
        """Whether a date lies behind the post: also the end of its own month."""
        published = self.context.published or "9"
        own = d.coming == published[:MONTH] and self.copy.startswith("底", d.end - 1) and not d.stated
        return d.coming > published or own

    @property
    def _task_year(self) -> str | None:
        """The year of a task that was set at its beginning."""
        digest = self.digest.time or self.context.published
        return digest[:YEAR] if digest else None

    def _of_all(self, d: Date) -> bool:
        """Whether everything is to be done by then: the last of several deadlines."""
        return ALL_OF_IT.search(PART_END.split(self.copy[d.end : d.end + BEHIND], maxsplit=1)[0]) is not None

    def due(self, *, yearly: bool = True, scheduled: bool = True) -> str | None:
        """The only deadline of the whole collection that the post names, else the year whose task it is (`yearly`),
        else the last day set for coming (`scheduled`)."""
        if (yearly, scheduled) not in self._due:
            self._due[yearly, scheduled] = self._only_due(yearly=yearly, scheduled=scheduled)
        return self._due[yearly, scheduled]

    def _only_due(self, *, yearly: bool, scheduled: bool) -> str | None:
        around = zip([None, *self.dates], self.dates, [*self.dates[1:], None], strict=False)
        whole = [d for before, d, behind in around if self._is_due(d) and self._of_whole(before, d, behind)]
        named = {self._by(d) for d in whole}
        last = {self._by(d) for d in whole if self._of_all(d)}
        if len(last) == 1 or len(named) == 1:
            return (last or named).pop()
        if not named and self.digest.time and len(self.digest.time) == YEAR:
            return self.digest.time if yearly else None
        if not named and self.digest.all_data:
            return self.digest.all_data
        if not named and TASK_OF_YEAR.search(self.copy):
            return self._task_year
        return None if named or not scheduled else self._scheduled

    def _prepares(self, d: Date, figure: int) -> bool:
        """Whether a date, in a clause before that of the figure, is the deadline of what is done before sampling."""
        clause = PART_END.split(self.copy[d.end : d.end + BEHIND], maxsplit=1)[0]
        return d.end + len(clause) < figure and PREPARES.search(clause) is not None

    @staticmethod
    def _by(d: Date) -> str:
        return d.iso if d.deadline else d.coming

    def _of_whole(self, last_one: Date | None, d: Date, next_one: Date | None) -> bool:
        """Whether the whole collection is due by a date, between those before and behind it."""
        before = CLAUSES_END.split(self.copy[max(0, d.start - WIDE) : d.start])[-1]
        near = before[-NEAR:]
        if last_one and last_one.deadline and last_one.end > d.start - len(near):
            before = near = PART_END.split(near, maxsplit=1)[-1]  # of two, what is said of this one
        last = min(d.end + BEHIND, next_one.start if next_one else len(self.copy))
        after = CLAUSES_END.split(self.copy[d.end : last], maxsplit=1)[0]
        part = PART_END.split(after, maxsplit=1)[0]
        told = REST.sub("", near + self.copy[d.start : d.end] + (part if words()["finish"].search(part) else after))
        if words()["purchase"].search(matching_copy(self.context.title)):
            told = TESTS.sub("", told)
        if ALL_SAMPLES.search(told):
            return True
        of_some = any(p.search(before) for p in (SOME_ONLY, THE_REST, CONCERNS)) or PREPARES.search(part)
        if of_some or (d.deadline and words()["repair"].search(told)):
            return False
        if last_one and SPAN.fullmatch(self.copy, last_one.end, d.start) and TAKES_THEN.match(after):
            return True
        return bool(
            words()["finish"].search(after)
            or not d.deadline
            or LABEL.search(before)
            or WORK_DAYS.search(before)
            or FINAL.match(after)
        )

    @cached_property
    def _scheduled(self) -> str | None:
        """The last day that a notice sets for coming to be sampled (5月22日、23日两天到我校采血)."""
        published = self.context.published or ""
        days: set[str] = set()
        if not published or UNDER_WAY.search(self.copy):
            return None
        for d in self.dates:
            if d.stated or d.since or len(d.iso) == YEAR or d.coming < published[: len(d.coming)]:
                continue
            start, end = self._sentence(d.start, d.end)
            told = self.copy[start:end]
            if d.relative and d.coming == published:  # 今天
                continue
            of_some = d.deadline and SOME_ONLY.search(self.copy, start, d.start)
            if of_some or CONCERNS.search(told) or words()["repair"].search(told):
                continue
            if words()["sample"].search(told) or words()["collect"].search(told):
                days.add(d.coming)
        return max(days, default=None)
