"""Which samples are still to be taken, told in the words of what is done: by a day ahead, 下周, 均须在4月10日前采完."""

from __future__ import annotations

from pipeline.language.count_dates.deadlines import PART_END, SEMICOLON
from pipeline.language.count_dates.entries import Entries
from pipeline.language.count_dates.occasions import of_occasion
from pipeline.language.counts.stages import PURPOSE
from pipeline.language.dates.cues import MADE_UP_THEN
from pipeline.language.dates.dates import SOON_DAYS, Date
from pipeline.language.dates.days import FULL_DAY, YEAR, day_of
from pipeline.language.sentences import PARAGRAPH
from pipeline.patterns import Pattern

# What says that something has happened; what says that it will.
DONE = Pattern(r"已|了|过(?!年|节|冬|完年)|截[至止]|目前|累计|共采|采得|采到|完成率|实采|实际|刊登|发布|报道")
NEXT = Pattern(r"下(?:周|个?月|星期|礼拜)|明(?:天|日|年)|后天|开春后")
TO_SAMPLE = Pattern(r"采|抽|扎|留样|取样")
# 2021年上半年再采1,300份
ONCE_MORE = Pattern(r"[^，。；]{0,12}再(?:采集?|补采|抽|收)(?:血样?|样|DNA)?(?:大?约|近)?$")
ALL_BY = Pattern(r"(?:均|都|全部|一律)(?:须|需|应|要|必须|务必)[^，。；]{0,24}前[^，。；]{0,4}(?:采|完成|收|交)")

# 本所明天起到各村采血。王庄86人，李集102人: what is announced, and the figures in the sentences behind it
ANNOUNCED = Pattern(
    r"定于|将|拟|[来到][^，。；\d]{1,10}(?:采|抽|扎)|(?:开始|集中|统一|上门|逐[村户人])(?:采|抽|扎)|请|通知"
)
ANNOUNCED_REACH = 240
TOOK = Pattern(
    r"已|[采抽扎取留]过?了|[采抽扎]过|过一批|截[至止]|目前|累计|共采|采得|采到|完成(?:了|率)|实采|实际|刊登|发布|报道"
)
SAMPLED = Pattern(
    r"(?:全[县镇乡村市]|我[县镇乡])?(?:共|累计|已|实际|总共)*(?:采集?|抽|留|收)(?:了|到)?(?:DNA|血样?|样本?)*(?:共|约)?"
)
# 人数已同派出所核过, 已通知到人: done before the day
PREPARED = Pattern(
    r"已(?:经|同|和|与|由|向|按|全部|一一|逐一)*[^，。；\d采]{0,6}(?:核|摸|统计|确定|通知|商定|定好|排好|张贴|告知)[过清实对好底]*了?"
)


class Coming(Entries):
    """The dates of one post, and which figures of samples are those of a time to come."""

    def to_come(self, start: int, end: int, sentence_start: int) -> str | None:
        """The day or month ahead of the post when what a figure counts is still to be taken: 11月1日至15日采集800份.

        Also where it is only told as 下周; then it is empty. None where nothing tells so.
        """
        first, last = self._sentence(sentence_start, end)
        first = max((m.end() for m in SEMICOLON.finditer(self.copy, first, start)), default=first)
        if not self.context.published or DONE.search(PART_END.split(self.copy[end:last], maxsplit=1)[0]):
            return None
        ahead = self._ahead(first, start)
        if ahead:
            return ahead
        by = ALL_BY.search(self.copy, end, last)
        if by and not DONE.search(self.copy, first, end):  # 东村150人，西村96人，均须在4月10日前采完
            due = [d for d in self._told(by.start(), by.end()) if d.deadline and d.coming >= self.context.published]
            if due:
                return due[-1].coming
        return "" if self._next(first, start, last) else None

    def was_taken(self, start: int, sentence_start: int) -> bool:
        """Whether a figure in a plan is of a time before it: 2014年采血6175人；今年1至3月采血1038人."""
        published = self.context.published or ""
        told = self._told(self._sentence(sentence_start, start)[0], start)[-1:]
        told = [d for d in told if not (d.deadline or d.since) and d.coming == d.iso]
        past = [
            d
            for d in told
            if d.iso <= published[: len(d.iso)] and not (len(d.iso) == YEAR and d.iso == published[:YEAR])
        ]
        return bool(past) and SAMPLED.fullmatch(self.copy, past[-1].end, start) is not None

    def announced(self, start: int, end: int, sentence_start: int) -> str | None:
        """The last day set for coming to be sampled in a sentence before that of a figure without a time of its own.

        None where the figure's sentence, or one between, tells what was done.
        """
        published = self.context.published or "9"
        first, last = self._sentence(sentence_start, end)
        days = [
            d for d in self._told(max(0, first - ANNOUNCED_REACH), first) if not (d.stated or d.since or d.deadline)
        ]
        days = [d for d in days if len(d.coming) == FULL_DAY]
        if not days or days[-1].coming <= published or TOOK.search(PREPARED.sub("", self.copy[first:last])):
            return None
        told, stop = self._sentence(days[-1].start, days[-1].end)
        said = self.copy[told:stop]
        if TOOK.search(PREPARED.sub("", self.copy[told:first])) or not (
            TO_SAMPLE.search(said) and ANNOUNCED.search(said)
        ):
            return None
        return days[-1].coming

    def _ahead(self, first: int, start: int) -> str | None:
        """The day or month ahead, the last that is told before a figure."""
        published, today = self.context.published or "", day_of(self.context.published)
        here = self._told(first, start)[-1:]
        here = [d for d in here if not (d.relative or d.since)]
        here = [d for d in here if (not d.stated if len(d.coming) > YEAR else d.iso > published)]
        here = [d for d in here if not (self._left_for(d, start) or self._worked_for(d, start))]
        here = [d for d in here if not of_occasion(self.copy, d, start)]
        if today is None or not here or DONE.search(self.copy, here[-1].end, start):
            return None
        coming = here[-1].coming
        if len(coming) == YEAR:  # 到2026年底 in a post of 2025
            return coming
        begins = day_of(f"{coming}-01"[:FULL_DAY])
        if begins is None or coming <= published[: len(coming)]:
            return None
        soon = here[-1].deadline or (begins - today).days <= SOON_DAYS  # 11月底前 is ahead, however far
        return coming if soon or ONCE_MORE.search(self.copy, here[-1].end, start) else None

    def _worked_for(self, d: Date, start: int) -> bool:
        """Whether a day is the one by which work was to be done that a clause before the figure's was for."""
        purpose = PURPOSE.search(self.copy, max(0, d.start - PARAGRAPH), d.start)
        return purpose is not None and PART_END.search(self.copy, d.end, start) is not None

    def _left_for(self, d: Date, start: int) -> bool:
        """Whether a clause before that of a figure leaves something else for a time: 南镇八月补，全县670份."""
        made_up = MADE_UP_THEN.match(self.copy, d.end)
        return made_up is not None and PART_END.search(self.copy, made_up.end() - 1, start) is not None

    def _next(self, first: int, start: int, last: int) -> bool:
        """Whether the clause of a figure says 下周, or its sentence: 下周到校采血，初一97人、初二88人."""
        clause = max((m.end() for m in PART_END.finditer(self.copy, first, start)), default=first)
        if NEXT.search(self.copy, clause, start):
            return DONE.search(self.copy, clause, start) is None
        told = NEXT.search(self.copy, first, clause)
        if told is None or DONE.search(self.copy, first, last):
            return False
        return TO_SAMPLE.search(self.copy, told.end(), clause) is not None
