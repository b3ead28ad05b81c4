"""The date a figure holds for (`as_of`).

Of what was taken or is held: the date in its sentence, else the period its paragraph, the heading above or the title
is about, or the day on which the paragraph says it happened. Of what is still to be taken: the deadline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.language.count_dates.behind import Behind
from pipeline.language.count_dates.days import (
    ORDINAL,
    OWN_FIGURE,
    SOME_DAYS,
    brought_before,
    end_of_stretch,
    from_day,
    last_match,
    longer_than,
    nth_day,
)
from pipeline.language.count_dates.deadlines import PART_END
from pipeline.language.count_dates.digests import reported
from pipeline.language.count_dates.occasions import LAST_WEEK, of_occasion
from pipeline.language.count_dates.periods import OPENED_REACH, Periods
from pipeline.language.count_dates.sums import TO, Sums
from pipeline.language.count_dates.turns import in_turn
from pipeline.language.counts.items import parted_inline
from pipeline.language.counts.words import RATE, words
from pipeline.language.dates.dates import Date
from pipeline.language.dates.days import FULL_DAY, MONTH, YEAR, days_before
from pipeline.language.sentences import last_letter
from pipeline.language.tables.days import TableDays
from pipeline.patterns import Pattern
from pipeline.records import CountKind

# 每天早上6点出发，晚上10点收工，共采集…: hours, no figure of a day
HOURS = r"(?!清?[早晨][^，。；]{0,4}出|[^，。；\d]{0,6}?[\d一二三四五六七八九十]{1,3}[点时])"
SO_FAR = Pattern(
    rf"{LAST_WEEK}|截[至止]目前|目前|现在|眼下|至今|如今|现[已存]|库存现有|库[里内中]?现有|迄今|每天{HOURS}|日均|天里|(?:个|多|半)月[来下]|以来(?![漏未没])|据\p{{Han}}{{2,10}}统计[，,]|近日|多年来|前后[\p{{Han}}\d]{{1,4}}月"
)
SUM = Pattern(r"合计|总计|共计|(?<!\p{Han})(?:一共|总共)(?:采|是|有)?(?:集|了)?$")
THIS_YEAR, SUMMED = ("今年", "本年"), Pattern(r"(?:度|内|以来)?(?:总共|一共|共|累计|合计)")
# 由10月底的89.3%提高到97.3%: the day of the first figure is not that of the second; 较去年同期的8,700份增长….
ROSE = Pattern(
    r"同期的?[\d.,]+[万千]?[余多]?人?份(?:相比)?[，]?(?:净?增|减|多|少|上升|下降|翻)|的[\d.,%]+[万千]?(?:余|多)?[份人条名例]?(?:提[高升]?|上升|增[加长]?|升|涨|扩大|扩充)了?(?:到|至|为)"
)
# 截至4月12日完成2.8万份，3月底是2.5万份；…: the earlier time is that of its own figure alone
WAS_THEN = Pattern(
    r"[）)]?(?:[那当]?时|末)?(?:还|才|仅|只|已)*(?:[是为有]|完成|采了?)(?:约|近)?[\d.,]+[万千]?[余多]?(?:人份|[份人名例]|%)(?:[、，][\d.]+%)?(?=[，；。、])"
)
# 1988年至2002年登记的失踪儿童家庭，已有28户…: when they were registered
REGISTERED = Pattern(
    r"(?:期间|前后|以来|以前)?(?:登记|报案|立案|失踪|走失|被拐|出生|入学|毕业|入所|收押|发生|报失踪)的"
)
# 3楼：我厂里500多人都采了: nobody's day but the writer's own
FLOOR = Pattern(r"[ \t\u3000]*[【\[]?(?:\d{1,3}(?:楼|[#＃])|楼主|沙发|板凳|地板)(?!下|上|道|梯|栋)")
BECAUSE = Pattern(r"(?:因|由于|受)$")
# 到9月底要达到5万份，目前4.1万份: the day of what is aimed at
AIMED_AT = Pattern(r"[^，。；]{0,4}(?:要|须|需|应|力争|争取|确保|计划|拟)[^。；]{0,24}[，；](?:目前|现|至今|当前|眼下)")
# 由96.5%升到99.2%: the first is that of some time before.
FROM = Pattern(r"[由从](?:原来|原先|此前|之前|最初|年初)?的?$")
# 由年初的两成提到六成: the first is the opening year's.
OPENED_YEAR = Pattern(r"年初的?$")
YEAR_END = Pattern(r"年(?:底|末)$")
ROSE_TO = Pattern(r"[^，。；\d]{0,4}(?:提[高升]?|上升|增[加长]?|升|涨|扩大)了?[到至为]")
# 至此: on the last day told.
BY_THEN = Pattern(r"(?:^|[，。；！？\s])(?:至此|到此)[，,]?(?![^，。；]{0,6}(?:结束|告一段落))")
# A sentence that tells the parts of what was told before.
PARTS_OF = Pattern(
    r"按(?:人群|身份|职业|年龄段?|性别|民族|人员类别)(?:来)?[分看]|[分按](?:乡镇|县|村|所|单位|区域|片区|地区|类别?)[来]?看|从[^，。；]{1,8}来?看，"
)
PARTS_HEAD = Pattern(
    r"(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d{1,2}[.、])?(?:各(?:派出|[县乡镇村单])*[所县乡镇村位]|分[县乡镇村所])(?:进展|进度|完成)?情况[。：:]"
)
PARTS = Pattern(rf"其中|{PARTS_OF.pattern}")
# 11月采集301份，累计1,560份: what is summed up is not of the month alone.
SO_FAR_SUM = Pattern(r"累计[^。；\n]{0,24}$")
WHOLE_WEEK = Pattern(r"全[周旬](?:总?共|累?计|合计)?(?:采集?)?了?(?:DNA|血样)*$")
# 11月10日，四个点同日开采。: what is told below was taken from then on.
OPENS = Pattern(r"[^。；\n\d]{0,40}(?:开[采点张]|启动|铺开|开工)(?:了|仪式)?[。；\n]")
ADDED_UP = Pattern(r"[，；](?:加上|连同|算上)[^，。；]{2,24}[，；](?:累计|总共|一共|共)$")
NEXT_DAY = Pattern(r"次日|翌日|隔天")
# 首轮采集的204份: some time before what was just told. 西乡到十月底采了630份；东乡起步晚，头一个月只有二百.
EARLIER = Pattern(
    r"(?:(?:首轮|上一?轮|前一?轮|此前|先前|早前|早先)|(?:加上|连同|算上)[^，。；\d]{0,4}(?:[春夏秋冬][天季里]|开春|入冬)|[，；、]头[一两三]?个?[月周旬])[^，。；]{0,14}$"
)
# 年前就弄过了，一天弄了两百个: some time before the post.
ALREADY = Pattern(
    r"(?:年前|节前|早先|早就|早已|从前|以前|前阵子?|前些[天日时年]|上回|头年)[^。；！？\n]{0,16}过了?[^。；！？\n]{0,16}$"
)
# 上个月就弄过: of others.
ONCE = Pattern(r"[^，。；]{0,4}[就已早][^，。；]{0,4}[过完]")
SO_FAR_THIS_YEAR = ("今年以来", "今年来", "年初以来", "年初至今")
# 3月12日…，二十天后: some time after the day told.
PASSED = Pattern(r"[一两二三四五六七八九十几半数\d]{1,3}个?多?(?:天|日|周|星期|月|年)(?:[之以]?后|过去|下来了)")
# 2021年4月…。一年后，…: nothing told behind is of that month.
YEARS_PASSED = Pattern(r"(?:^|[，。；！？\n])(?:时隔)?[一两二三四五六七八九十几\d]{1,3}年多?(?:[之以]?后|过去了?)[，,]")
# What a whole report is about.
OF_ALL = Pattern(r"[本一这]周|本月|累计|合计|总计")
WHOLE_YEAR = Pattern(
    r"(?:全年|年度)(?!的?(?:DNA|血样|血卡|样本|信息|男性|采集|采样|采血|入库)*(?:任务|目标|指标|计划))|一年来|当年(?!\d|[一二三四五六七八九十]{1,3}月)|年内(?:共|新增|净增|新采|累计)|一年[里间]|这一年"
)
IN_ALL = Pattern(r"[，；、](?:全年|年度)(?!任务|目标|指标|计划|应|要|须)[^。]*$")
THAT_DAY = Pattern(
    r"当[天日晚]|同[一]?[天日](?!而)|当场(?:[给为]|采集?(?!信息)|抽|扎)|这天|这一天|到下班|全天|到傍晚|收工|培训(?:一?结束|完毕|完)之?后，[^。；]{0,30}?现场"
)
THIS_TIME = Pattern(r"[此本这]次(?!会议|培训)")
# What one day, or a part of it, brought, without saying which.
ONE_DAY = Pattern(r"(?:一|半)(?:个?[上下]午|个?晚上|[天日晚夜])(?![天天之以后])")
# How far back the time stands of what is told by its parts, in characters.
SHORT = 300


class Calendar(Behind, Periods, Sums, TableDays):
    """The dates of one post, and which of them each figure holds for."""

    def as_of(self, kind: CountKind, start: int, end: int, sentence_start: int) -> str | None:
        """The date of a figure that stands from `start` to `end` in a sentence that begins at `sentence_start`.

        What was taken was not taken after the post: such a date is none.
        """
        if kind == "target":
            return self.deadline(start, end, *self._sentence(sentence_start, end))
        if FROM.search(self.copy, sentence_start, start) and ROSE_TO.match(self.copy, end):
            return self._year_opened if OPENED_YEAR.search(self.copy, sentence_start, start) else None
        turn = in_turn(self.copy, sentence_start, start, end, self._told(0, start))
        held, published = turn or self._held(kind, start, end, sentence_start), self.context.published
        held = self._until_foot(held, start, sentence_start)
        return None if held and published and held > published[: len(held)] else held

    def day_named(self, start: int, end: int) -> str | None:
        """The last day of what was done that stands between two places, where it is no later than the post."""
        days = [d.iso for d in self._told(start, end) if len(d.iso) == FULL_DAY and not (d.since or d.deadline)]
        published = self.context.published
        return days[-1] if days and not (published and days[-1] > published) else None

    def _until_foot(self, held: str | None, start: int, sentence_start: int) -> str | None:
        """The day of the note below the post, for a figure without a time of its own or with the month of that day."""
        day = self.foot
        if day is None or day.start < start:
            return held
        summed = SO_FAR_SUM.search(self.copy, sentence_start, start)
        if held and not summed and not (len(held) < FULL_DAY and day.iso.startswith(held)):
            return held
        apart = EARLIER.search(self.copy, sentence_start, start) or ALREADY.search(self.copy, sentence_start, start)
        return held if apart or self._told(sentence_start, start) else day.iso

    def _held(self, kind: CountKind, start: int, end: int, sentence_start: int) -> str | None:
        """The date of what was taken or is held."""
        clauses_start = sentence_start
        sentence_start, sentence_end = self._sentence(sentence_start, end)
        here = self._here(start, sentence_start)
        earlier = EARLIER.search(self.copy, clauses_start, start) or ALREADY.search(self.copy, clauses_start, start)
        if earlier and not any(d.start >= earlier.start() or _beside(self.copy, d, earlier.start()) for d in here):
            return None
        days = self._days(clauses_start, start)
        run = self._of_report(clauses_start, start) or (
            self._runs_from(here[-1], days, start) if here and days else None
        )
        if run:
            return run
        if here and days and self._other_days(here[-1], days, start):
            here = []
        named = self._told_of(here, start, clauses_start) if here else None
        bracketed = self._bracketed(end) or self._brought(end)
        if bracketed and not (named and named.startswith(bracketed)):
            return bracketed
        if here and (named or days or not WHOLE_YEAR.search(self.copy, clauses_start, start)):
            if named is None and self.digest.yearbook:
                return self.digest.time  # 9月起…，采集血样813份: by the end of its year
            return named or (self._stretch(here, days, start) if days else None) or self._entry(start)
        behind = self._said_behind(end, sentence_end)
        if behind:
            return behind
        sentence = self.copy[clauses_start:sentence_end]
        if WHOLE_YEAR.search(sentence):
            return self._year(start)
        if self.digest.yearbook:
            return self.digest.time
        before = self._before(start, sentence_start)
        told = self._told_once(before, start, (clauses_start, sentence_start))
        if told:
            return told
        if days and not RATE.search(self.copy, clauses_start, end):
            return (
                self._stretch(before, days, start)
                or self._entry(start)
                or longer_than(days, self._period(before, start))
            )
        if SO_FAR.search(self.copy, clauses_start, start):
            return None
        cumulative = (
            kind == "coverage"
            or PARTS.match(self.copy, sentence_start) is not None
            or SUM.search(self.copy, clauses_start, start) is not None
            or RATE.search(sentence) is not None
            or words()["done"].search(sentence) is not None
        )
        return self._carried(before, start, (clauses_start, sentence_start), cumulative=cumulative)

    def _here(self, start: int, sentence_start: int) -> list[Date]:
        """The dates of a figure's own sentence that stand before it and may be its own."""
        return [
            d
            for d in self._told(sentence_start, start)
            if (d.stated or not d.deadline)
            and not of_occasion(self.copy, d, start)
            and not self._of_a_part(d, start)
            and not self._of_addend(d, start)
            and not PASSED.search(self.copy, d.end, start)
            and not ROSE.match(self.copy, d.end, start)
            and not AIMED_AT.match(self.copy, d.end, start)
            and not REGISTERED.match(self.copy, d.end, start)
            and not self._of_aside(d, start)
            and not self._of_cause(d, start)
            and not self._was_then(d, start)
        ]

    def _of_aside(self, d: Date, start: int) -> bool:
        """Whether a time stands in a bracket with a figure of its own, closed before this one: （去年同期1,920份）."""
        first = self._sentence(d.start, d.end)[0]
        opened, closed = self.copy.rfind("（", first, d.start), self.copy.find("）", d.end, start)
        if d.stated or opened < 0 or closed < 0 or self.copy.rfind("）", opened, d.start) > 0:
            return False
        return OWN_FIGURE.search(self.copy, d.end, closed) is not None

    def _of_cause(self, d: Date, start: int) -> bool:
        """Whether a time is that of what held the work up, in a clause before the figure's: 因去年台风推迟，…"""
        cause = BECAUSE.search(self.copy, max(0, d.start - 3), d.start)
        return cause is not None and PART_END.search(self.copy, d.end, start) is not None

    def _was_then(self, d: Date, start: int) -> bool:
        """Whether an earlier time is told beside the one as of which figures hold, and has had its own figure."""
        told = WAS_THEN.match(self.copy, d.end, start)
        if told is None or d.stated:
            return False
        first = self._sentence(d.start, d.end)[0]
        return any(one.stated and one.iso > d.iso for one in self._told(first, d.start))

    def _before(self, start: int, sentence_start: int) -> list[Date]:
        """The dates told anywhere before a figure that may be carried on to it."""
        line = self._line(start)
        first = line if FLOOR.match(self.copy, line) else 0
        return [
            d
            for d in self._told(first, start)
            if not d.deadline
            and not self._of_addend(d, start)
            and not (d.start >= sentence_start and PASSED.search(self.copy, d.end, start))
            and not YEARS_PASSED.search(self.copy, d.end, min(start, d.end + SHORT))
            and not ROSE.match(self.copy, d.end, start)
            and not self._was_then(d, start)
            and not self._of_aside(d, start)
            and not self._of_cause(d, start)
            and (d.start < sentence_start or not of_occasion(self.copy, d, start))
        ]

    def _carried(self, before: Sequence[Date], start: int, starts: tuple[int, int], *, cumulative: bool) -> str | None:
        """The date that the lines and sentences before a figure give it; `starts`: of its clauses and sentence."""
        clauses_start, sentence_start = starts
        line = self._line(start)
        stated = [
            d
            for d in before
            if (d.stated and (cumulative or d.start >= line or self._heads(d)))
            or ((d.stated or self.copy.endswith(TO, 0, d.start)) and len(d.iso) > YEAR and self._above_list(d, line))
        ]
        stated = self._by_then(before, start, clauses_start) or [d for d in stated if not self._closed(d, start)]
        if stated and not (SUM.search(self.copy, clauses_start, start) and self._went_on(stated[-1], before)):
            later = [d for d in before if d.start > stated[-1].end and self.copy.endswith(TO, 0, d.start)]
            later = [d for d in later if len(d.iso) == FULL_DAY and d.iso > stated[-1].iso]
            return (later or stated)[-1].iso  # 4月底前完成3,800人。至5月8日，仅采2,204人
        told = [d for d in before if d.start >= start - SHORT and (d.stated or self.copy.endswith(TO, 0, d.start))]
        if told and (PARTS_OF.match(self.copy, sentence_start) or PARTS_HEAD.match(self.copy, line)):
            return told[-1].iso
        if PARTS_OF.match(self.copy, sentence_start):
            summed = [d for d in before if d.start >= start - SHORT and len(d.iso) == MONTH and not d.since]
            summed = [
                d
                for d in summed
                if not self.copy.startswith("同期", d.end) and "同期" not in self.copy[d.start : d.end]
            ]
            if summed and self._counted(summed[-1]):
                return summed[-1].iso  # 上半年采6,853份。分所看，…
        if self.digest.time and len(self.digest.time) == FULL_DAY and OF_ALL.search(self.copy, clauses_start, start):
            return self._period(before, start)
        told_of = self._event(before, start, sentence_start)
        if (
            told_of is None
            and SO_FAR_SUM.search(self.copy, clauses_start, start)
            and self._added_in_month(before, line)
        ):
            return None
        told_of = told_of or self._so_far(before, self._period(before, start, sentence_start))
        return told_of or self._noted(start) or self._opened(before, start)

    def _added_in_month(self, before: Sequence[Date], line: int) -> bool:
        """Whether the paragraph has just told what a month alone added: 5月补采38人。全镇累计3,906份."""
        last = before[-1] if before else None
        return last is not None and last.start >= line and len(last.iso) == MONTH and self._counted(last)

    def _by_then(self, before: Sequence[Date], start: int, clauses_start: int) -> list[Date]:
        """The days told shortly before where a sentence tells what had been reached by the last of them: 至此."""
        if BY_THEN.search(self.copy, max(0, clauses_start - 1), start) is None:
            return []
        days = [d for d in before if d.start >= start - SHORT and len(d.iso) == FULL_DAY and not d.since]
        if days and NEXT_DAY.search(self.copy, days[-1].end, start):
            return [replace(days[-1], iso=days_before(days[-1].iso, -1) or days[-1].iso)]
        return days

    def _told_of(self, here: Sequence[Date], start: int, clauses_start: int) -> str | None:
        """The date that a figure's sentence names, or the day that 次日, 第三天 mean, or that of a sum."""
        named = self._named(here)
        if WHOLE_WEEK.search(self.copy, here[-1].end, start):
            return self.digest.week  # 13日逢集采31人，全周70人
        if named and len(named) < FULL_DAY and self._sums_up(here[-1], start):
            named = self._day_of_sum(named, start) or named
        if named and len(named) == MONTH and not here[-1].stated and IN_ALL.search(self.copy, here[-1].end, start):
            named = named[:YEAR]  # 2019年12月采集213份，全年2130份
        following = last_match(NEXT_DAY, self.copy, here[-1].end, start) if named else None
        if named and following:
            named = days_before(named, -1) or named  # 17日在东村采87人，次日在西村采64人
        since = following.end() if following else here[-1].end  # 首日采61份，次日采74份
        nth = last_match(ORDINAL, self.copy, since, start) if named and len(named) == FULL_DAY else None
        if named and nth:
            named = nth_day(nth[0], self._first_day(here, nth.start()) or named)
        if named and len(named) == MONTH and ADDED_UP.search(self.copy, here[-1].end, start):
            named = self._until(named) or named[:YEAR]  # 全年300份，其中下半年180份；加上去年的，累计500份
        if named and len(named) == MONTH and SO_FAR_SUM.search(self.copy, clauses_start, start):
            named = self._until(named) or named
        return named

    def _other_days(self, d: Date, days: str, start: int) -> bool:
        """Whether a stretch of days told behind a day, and its figure, is another time: 5日上午80人；前后十天1300人."""
        at = self.copy.find(days, d.end, start)
        return len(d.iso) == FULL_DAY and at >= 0 and OWN_FIGURE.search(self.copy, d.end, at) is not None

    def _named(self, here: Sequence[Date]) -> str | None:
        """The date that the figure's own sentence names, of several the nearest; 截至 outweighs a mere year."""
        last, stated = here[-1], [d for d in here if d.stated]
        closed = YEAR_END.search(self.copy, last.start, last.end) is not None  # 截至11月底1.2万份，去年底为9800份
        if stated and last.iso < stated[-1].iso[:YEAR] and OWN_FIGURE.search(self.copy, stated[-1].end, last.start):
            return last.iso  # 截至8月20日采集3,874份；2016年只采了2,960份
        if stated and len(last.iso) == YEAR and not closed and not self.copy.endswith("其中", 0, last.start):
            last = stated[-1]
        ends = [d for d in here if not d.since and d.iso > last.iso]
        if ends and self.copy.startswith(THIS_YEAR, last.start) and SUMMED.match(self.copy, last.end):
            return ends[-1].iso  # 9月16日收卡，今年总共5873张
        if last.since and ends:  # 2007年, 清理1985年以来…
            return ends[-1].iso
        if last.since:  # a weekly digest counts from then to its own end, 今年以来 holds for the year so far
            if self.digest.week:
                return self.digest.week
            # what began in the post's own year (今年铺开) is all of it
            own = len(last.iso) == YEAR and (self.context.published or "").startswith(last.iso)
            own = own and "以来" not in self.copy[last.end : last.end + OPENED_REACH]
            return last.iso if own or self.copy.startswith(SO_FAR_THIS_YEAR, last.start) else None
        return last.iso

    def _days(self, start: int, end: int) -> str | None:
        """How many days are told of between two places: 三天. No date is meant."""
        found = SOME_DAYS.finditer(self.copy, start, end)
        dates = [d for d in self.dates if start <= d.start < end]
        return next((m[0] for m in found if not any(d.start <= m.start() < d.end for d in dates)), None)

    def _stretch(self, before: Sequence[Date], days: str, start: int) -> str | None:
        """The end of the last stretch of days told of (8月10日至12日; 5日、6日; 从1月6日起 with 九天来 as `days`)."""
        line = self._line(start)
        since = [d for d in before if d.start >= line and len(d.iso) == FULL_DAY and not d.relative]
        entry = next((d for d in reversed(self._entries) if d.start < start), None) if self._is_diary else None
        if entry and OWN_FIGURE.search(self.copy, entry.end, start) is None:
            before = [d for d in before if d.start < entry.start]  # 在所里录入。三天合计327份: of the days before
        named = end_of_stretch(self.copy, days, before)
        spent = since and brought_before(self.copy, since[-1].end, start)
        begun = since and not spent and (since[-1].since or ORDINAL.search(self.copy, since[-1].end, start))
        if named is None and begun:
            named = from_day(since[-1].iso, days)
        return named if named and named <= (self.context.published or named) else None

    def _event(self, before: Sequence[Date], start: int, sentence_start: int) -> str | None:
        """The day on which the paragraph, or the one before it, says it happened."""
        days = [d for d in before if len(d.iso) == FULL_DAY]
        nth = last_match(ORDINAL, self.copy, sentence_start, start)
        if nth:
            first = self._first_day(days, nth.start())
            return nth_day(nth[0], first) if first else None
        days = [d for d in days if not d.since]
        if NEXT_DAY.match(self.copy, sentence_start) and days and days[-1].start in self._happened:
            return days_before(days[-1].iso, -1)  # 6月18日在东村采214人。次日转到西村，采了96人
        if THAT_DAY.search(self.copy[sentence_start : start + 30].partition("\n")[0]):
            told = [d for d in days if not d.relative] or days
            return told[-1].iso if told else None
        days = [d for d in self._told(0, start) if d.start in self._happened and not self.items.parted(d.start, start)]
        days = [d for d in days if d.start < sentence_start or not of_occasion(self.copy, d, start)]
        days = [d for d in days if d.start >= sentence_start or not OPENS.match(self.copy, d.end)]
        days = [d for d in days if not d.relative] or days
        if THIS_TIME.search(self.copy, sentence_start, start) and len({d.iso for d in days}) == 1:
            return days[0].iso
        if ONE_DAY.search(self.copy, sentence_start, start):
            if days and PASSED.search(self.copy, days[-1].end, start):
                return None
            if days and days[-1].relative:  # 昨夜…, 今天一上午: the later of them
                return max(d.iso for d in days)
            return days[-1].iso if days else None
        if self._is_diary:
            return self._entry(start)
        line = self._line(start)
        above = self._above(line)
        near = [d for d in days if d.start >= line or (_within(d, above) and not self._counted(d))]
        days = near or [d for d in days if self._heads_list(d, line)]
        return days[-1].iso if days and not self._moves_on(days[-1], before, start) else None

    def _period(self, before: Sequence[Date], start: int, sentence_start: int = 0) -> str | None:
        """The month, quarter or year that the paragraph, the heading above or the title is about."""
        line = self._line(start)
        periods = [d for d in before if d.start >= line and len(d.iso) < FULL_DAY]
        part = PARTS.match(self.copy, sentence_start) is not None  # 全市五月采31份。其中东镇9份
        periods = [d for d in periods if part or not self._of_incident(d)]
        periods = [d for d in periods if not of_occasion(self.copy, d, start)]
        periods = [d for d in periods if not parted_inline(self.copy, line, d.start, start)]
        if periods and (self.mass or part) and not periods[-1].since and self._carries(periods[-1]):
            return periods[-1].iso
        if WHOLE_YEAR.search(self.copy, line, start):
            return self._own_year
        return self.digest.heading(line) or self.digest.time or self._period_above(before, line)

    def _period_above(self, before: Sequence[Date], line: int) -> str | None:
        """The only time that a story has told when it comes to a paragraph: 十月下旬，…進了村。 and below 按了187人."""
        told = [d for d in before if not d.relative]
        above = [d for d in told if not (d.since or d.stated or ONCE.match(self.copy, d.end))]
        above = [d for d in above if not self._of_incident(d) and not reported(self.copy, d)]
        only = len({d.iso for d in told}) == 1 and above and len(above[0].iso) == MONTH
        second = self._line(last_letter(self.copy, max(0, line - 1)))
        return above[-1].iso if only and above[-1].start >= second else None

    def _so_far(self, before: Sequence[Date], period: str | None) -> str | None:
        """The one day within a summary's period as of which it says that its figures hold, else the period."""
        stated = {d.iso for d in before if d.stated and len(d.iso) == FULL_DAY}
        if period and period == self.digest.time and len(stated) == 1 and next(iter(stated)).startswith(period):
            return stated.pop()
        return period


def _beside(copy: str, d: Date, at: int) -> bool:
    """Whether a date stands in the same clause before a place: 去年首轮采了90人."""
    return d.end <= at and PART_END.search(copy, d.end, at) is None


def _within(d: Date, lines: Sequence[tuple[int, int]]) -> bool:
    """Whether a date stands in one of the lines."""
    return any(start <= d.start < end for start, end in lines)
