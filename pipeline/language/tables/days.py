"""As of when the tables of a post hold: what is stated above them, in a note below, or in the title."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from pipeline.language.count_dates.entries import Entries
from pipeline.language.count_dates.foot import foot
from pipeline.language.dates.dates import Date
from pipeline.language.dates.days import YEAR
from pipeline.patterns import Pattern

NOTE = Pattern(r"[\s　（(【*※]*(?:附?注|备注|说明|以上|数据|统计|填报|制表)")
LINE_END = Pattern(r"[日）)】。\s]*(?:$|\n)")
# A table's caption stands this close before its header, in characters.
CAPTION = 60


class TableDays(Entries):
    """The dates of one post, and as of which of them its tables hold."""

    def table(self, header_start: int) -> str | None:
        """As of when a table holds: the last stated date before it, else the last month or day, else the title's."""
        if header_start not in self._tables:
            self._tables[header_start] = self._table(header_start)
        return self._tables[header_start]

    @cached_property
    def _tables(self) -> dict[int, str | None]:
        """As of when the tables hold that were asked for: each of their cells asks."""
        return {}

    def _table(self, header_start: int) -> str | None:
        before = [d for d in self._told(0, header_start) if (d.stated or not d.deadline) and not d.since]
        stated = [d for d in before if d.stated]
        near = [d for d in before if d.start > header_start - CAPTION]
        dated = near or [d for d in before if len(d.iso) > YEAR and not self.digest.time]
        notes = self._notes[bisect_right(self._notes, header_start, key=lambda d: d.start) :]
        told = [d for d in self.digest.title if (d.stated or not d.deadline) and not d.since]
        if stated or dated or notes:
            return (stated or dated or notes)[-1].iso
        if self.foot and self.foot.start > header_start and self.foot.iso.startswith(self.digest.time or ""):
            return self.foot.iso
        return self.digest.time or (told[-1].iso if told else None)

    @cached_property
    def foot(self) -> Date | None:
        """The date of the note that closes the post."""
        return foot(self.copy, self.dates)

    @cached_property
    def _notes(self) -> list[Date]:
        """The dates as of which notes say that the table above them holds."""
        return [d for d in self.dates if d.stated and self._in_note(d)]

    def _in_note(self, d: Date) -> bool:
        """Whether a date stands in a note that closes a table (注：数据截至9月5日), or ends its line."""
        start = self.copy.rfind("\n", 0, d.start) + 1
        return NOTE.match(self.copy, start) is not None or LINE_END.match(self.copy, d.end) is not None
