"""Running totals and sums: their day is that of the entry, of 到昨天, or the last day until when the post counts."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.language.count_dates.entries import Entries
from pipeline.language.dates.dates import Date
from pipeline.language.dates.days import FULL_DAY, MONTH
from pipeline.patterns import Pattern

TO = ("到", "至")
# What runs on until the day of the text; 今年的指标 is another matter than what has been taken.
RUNNING = ("本月", "这个月", "当月", "今年", "本年", "年内")
RUN_UP = Pattern(r"(?:已|累计|总共|一共|共计?)[^，。；]{0,16}$")


class Sums(Entries):
    """The dates of one post, and which of them its sums hold for."""

    def _sums_up(self, d: Date, start: int) -> bool:
        """Whether a figure is the running total of a month or a year: 本月已采1480份, 今年累计."""
        between = self.copy[d.end : start]
        return self.copy.startswith(RUNNING, d.start) and RUN_UP.search(between) is not None

    def _day_of_sum(self, period: str, start: int) -> str | None:
        """The day as of which a running total of a month or a year holds: that of the diary's entry, or of 到昨天."""
        entry = self._entry(start)
        told = [d for d in self._told(self._line(start), start) if self._ends_with(d)]
        day = entry or (told[-1].iso if told else None)
        return day if day and day.startswith(period) else None

    def _ends_with(self, d: Date) -> bool:
        """Whether a day is the one until when the paragraph counts: 从5日到昨天, 截至昨天."""
        return len(d.iso) == FULL_DAY and not d.deadline and (d.stated or self.copy.endswith(TO, 0, d.start))

    @staticmethod
    def _went_on(stated: Date, before: Sequence[Date]) -> bool:
        """Whether what is summed up was taken later too than the day told: 4月底前1136人；5月708人；共计1844人."""
        return any(d.start > stated.start and len(d.iso) >= MONTH and d.iso > stated.iso for d in before)

    def _until(self, month: str) -> str | None:
        """The one day of a month as of which the post says that its figures hold: 11月采集301份，累计1,560份."""
        stated = {d.iso for d in self.dates if d.stated and d.iso.startswith(month) and len(d.iso) == FULL_DAY}
        return stated.pop() if len(stated) == 1 else None
