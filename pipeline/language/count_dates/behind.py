"""The time that a sentence tells behind a figure: 320人（6月5日）, 1,127份血样系2014年采集, 两百张，是上个月带来的."""

from __future__ import annotations

from pipeline.language.count_dates.days import OWN_FIGURE
from pipeline.language.count_dates.deadlines import PART_END, SEMICOLON
from pipeline.language.count_dates.digests import SPAN
from pipeline.language.count_dates.entries import Entries
from pipeline.language.dates.dates import Date
from pipeline.patterns import Pattern

BRACKETED_YEAR = Pattern(r"\s?[（(]((?:19|20)\d\d)年?[)）]")
BRACKET = Pattern(r"\s?[（(]")
# How far a stretch of days may stand in brackets, in characters.
BRACKETED = 24
# 采集时间为2014年8月, 采自2014年8月
TAKEN_ON = Pattern(r"(?:采[集样血]|取样|抽血)的?(?:时间|日期|年份)[^，。；\d]{0,6}$|采集?[自于]$")
# 两百张，是上个月从东乡带来的
BROUGHT = Pattern(r"(?:血卡|血样|样本)?，?(?:都|均|全)?(?:是|系)")
WAS_BROUGHT = Pattern(r"(?:从[^，。；]{1,10})?(?:采|收|送|带|交|寄|取|留)[来回上到下]?的")
# 以上是10月底的数, （以上数据统计至6月30日）; how far behind a figure it may stand, in characters.
NOTE = Pattern(
    r"以上(?:\p{Han}{0,4}(?:数[据字]?|情况)|各[乡镇村所])?(?:均?[是为系]|均?(?:统计)?(?:截至|截止|截止到|至|到))(?=[\d一二三四五六七八九十去今上])"
)
NOTE_REACH = 300
# How far behind a figure its sentence may say so, and how far what else dates it may stand, in characters.
SAID_BEHIND, RIGHT_BEHIND = 60, 12
TAKEN = Pattern(r"[^，。；]{0,20}?(?:采|抽血|取[血样]|入库|建库)")


class Behind(Entries):
    """The dates of one post, and which of them stand behind a figure and are its own."""

    def _bracketed(self, end: int) -> str | None:
        """The time that stands in brackets right behind a figure: 1,150份（2021）, 320人（6月5日）."""
        year = BRACKETED_YEAR.match(self.copy, end)
        if year:
            return str(year[1])
        opened = BRACKET.match(self.copy, end)
        told = self._told(opened.end(), opened.end() + BRACKETED) if opened else []
        told = told if told and opened and told[0].start == opened.end() else []
        if len(told) > 1 and SPAN.fullmatch(self.copy, told[0].end, told[1].start):
            told = told[1:]  # 133份（3月22日至24日）
        plain = told and not (told[0].deadline or told[0].since) and self.copy[told[0].end : told[0].end + 1] in "）)"
        return told[0].iso if told and plain else None

    def _said_behind(self, end: int, sentence_end: int) -> str | None:
        """The date that a sentence tells behind a figure for it."""
        behind = [d for d in self._told(end, min(sentence_end, end + SAID_BEHIND)) if self._takes(d, end)]
        return behind[0].iso if behind else None

    def _takes(self, d: Date, end: int) -> bool:
        """Whether a date behind a figure is the figure's: 1,127份血样系2014年采集."""
        between = self.copy[end : d.start]
        if TAKEN_ON.search(between) and not (d.since or d.deadline) and OWN_FIGURE.search(between) is None:
            return True
        if d.relative and not between and TAKEN.match(self.copy, d.end):
            return True  # 十二个人昨天全部采完了
        if len(between) >= RIGHT_BEHIND:
            return False
        of_it = (
            between.endswith(("系", "于", "是", "血样", "血卡", "样本"))
            and TAKEN.match(self.copy, d.end) is not None
            and not d.since
        )
        return (d.stated and SEMICOLON.search(between) is None) or (of_it and PART_END.search(between) is None)

    def _noted(self, end: int) -> str | None:
        """The time that a note behind several figures tells for them all: 以上是10月底的数."""
        notes = (m.end() for m in NOTE.finditer(self.copy, end, end + NOTE_REACH))
        told = next((d for at in notes for d in self._told(at, at + 1)), None)
        if told is None or told.deadline or told.since:
            return None
        other = [d for d in self._told(self._line(end), told.start) if len(d.iso) > len(told.iso)]
        return None if other else told.iso

    def _brought(self, end: int) -> str | None:
        """The time at which what a figure counts is said to have been brought: 两百张，是上个月从东乡带来的."""
        told = self._told(end, end + RIGHT_BEHIND)[:1]
        brought = (
            told and BROUGHT.fullmatch(self.copy, end, told[0].start) and WAS_BROUGHT.match(self.copy, told[0].end)
        )
        return told[0].iso if brought and not (told[0].since or told[0].deadline) else None
