"""Times that a figure takes from what was told before it: a stretch of days that began, the sum of parts, 同一时段,
the day of an inspection, and the stretch that a post's opening tells for all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from pipeline.language.count_dates.coming import Coming
from pipeline.language.count_dates.days import OWN_FIGURE, from_day
from pipeline.language.count_dates.deadlines import PART_END, SEMICOLON
from pipeline.language.count_dates.digests import SPAN, told_behind
from pipeline.language.count_dates.sums import TO
from pipeline.language.counts.words import words
from pipeline.language.dates.dates import Date
from pipeline.language.dates.days import FULL_DAY, MONTH, YEAR
from pipeline.patterns import Pattern

# 22日去的，五天采132人; 13日起刮沙尘暴，三天…: the day with which the days told behind it begin.
BEGAN = Pattern(
    r"(?:才|就|便)?(?:起|[^，。；\d]{0,8}(?:去的?|来的?|到的|[进到][村点场驻山]|开[采始工点张场锣]|动[身手]|出发|上山|下乡|设点|入户))[^，。；\d]{0,8}[，,]?[^，。；\d]{0,6}"
)
# 两地合计706份; 全部跑完，一共658份: the parts have been told before.
SUM_OF_PARTS = Pattern(
    r"(?:(?:[两二三四五六七八九十]|\d{1,2})个?(?:地|处|批|乡镇|[乡镇村校点所次趟路县站轮段])[^，。；\d]{0,4}|全部[^，。；\d]{0,6}完[了，,]{0,2})(?:合计|总计|共计?|一共|总共|合起来|加起来|相加)"
)
# 五百一十三份 too, which ends with a digit.
A_FIGURE = Pattern(rf"{OWN_FIGURE.pattern}|[十百千零〇][一二三四五六七八九][份名例张人]")
# How far back the parts stand, in characters.
PARTS = 300
SAME_TIME = Pattern(r"[。；！\n]?[\s·•▪◆●○]*(?:在?同一?时[段期][，,]?|同期[，,])")
# 截至督导当日: the day told before; 截至公示日: the day of the post.
SAME_DAY = Pattern(r"截[至止](?:督导|检查|抽查|暗访|督查|同)(?:当)?[日天]")
DAY_OF_POST = Pattern(r"(?:截[至止]|[至到])(?:公示|发布|公告)(?:之|当)?日")
# How far into a post its opening may tell the stretch of days that it is about, in characters, and on which line.
OPENING, OPENING_LINES = 120, 2
# It is told of what is read so far behind it, in characters.
OPENED = 240
# 14日至18日补采631人; of an inspection's days: not of all that follows.
OWN = Pattern(
    r"采\p{Han}{0,6}?(?:DNA|\d|[二三四五六七八九十百千]{2})\p{Han}{0,4}[\d,]*[余多]?[份人名例张位]"
    r"|督导|督查|检查|调研|抽查|视察|培训|会议"
)

# 开采以来累计2967人, 到旬末采了338人: by the end of what a week's or ten days' report tells of.
OF_REPORT = Pattern(
    r"(?:开采|启动|开展|开始|铺开|部署|行动|工作)以来[^，。；\d]{0,8}$|[到至]本?[旬周]末[^，。；\d]{0,8}$"
)
# 今年“团圆”行动以来: how far behind a time what opens a period may stand, in characters.
OPENED_REACH = 16
ADDED = Pattern(r"(?:加上|连同|算上)(?:(?:\d{1,2}月)?\d{1,2}[日号][、和及])*$")
ADDEND = Pattern(r"[^，。；]{0,24}(?:的[^，。；]{0,10}|所采[^，。；]{0,10})，")
# 比去年整个下半年的310份还多: what is compared tells of its own figure alone.
AGAINST = Pattern(r"(?:[比较]|相当于)[^，。；、\d]{0,8}$")
SAMPLED_BEFORE = Pattern(r"(?:就|已经?)[采抽扎留]过[^，。；]{0,3}的")
# 其中上半年2140份，下半年1.1万份; how far back it stands, in characters.
PART_OF_ALL, PART_REACH = Pattern(r"其中[^。；]*$"), 24


class Periods(Coming):
    """The dates of one post, and the times that are told once for several figures."""

    def _runs_from(self, d: Date, days: str, start: int) -> str | None:
        """The last of the days told behind the day on which they began: 7月22日去的，五天采132人."""
        at = self.copy.find(days, d.end, start)
        if len(d.iso) != FULL_DAY or d.stated or d.relative or at < 0:
            return None
        if BEGAN.fullmatch(self.copy, d.end, at) is None:
            return None
        last = from_day(d.iso, days)
        return last if last and last <= (self.context.published or last) else None

    def _of_report(self, clause: int, start: int) -> str | None:
        """The last day of a week's or ten days' report, for what it sums up since the outset: 开采以来累计2967人."""
        time = self.digest.time
        return time if time and len(time) == FULL_DAY and OF_REPORT.search(self.copy, clause, start) else None

    def _told_once(self, before: Sequence[Date], start: int, starts: tuple[int, int]) -> str | None:
        """The time that was told for other figures and is this one's too; `starts`: of its clauses and sentence."""
        clause, sentence = starts
        parts = self._of_parts(before, clause, start)
        return parts or self._inspected(clause, start) or self._same_time(sentence, start)

    def _inspected(self, clause: int, start: int) -> str | None:
        """The day that 截至督导当日 or 截至公示日 mean before a figure."""
        if DAY_OF_POST.search(self.copy, clause, start):
            return self.context.published
        if SAME_DAY.search(self.copy, clause, start) is None:
            return None
        days = [d for d in self._told(0, start) if len(d.iso) == FULL_DAY and not (d.deadline or d.since)]
        return days[-1].iso if days else None

    def _of_parts(self, before: Sequence[Date], clause: int, start: int) -> str | None:
        """The last time told of the parts that a figure sums up: 7月采362份，8月采344份。两地合计706份."""
        if SUM_OF_PARTS.search(self.copy, clause, start) is None:
            return None
        parts = [d for d in before if d.start >= start - PARTS and not (d.since or d.stated or d.relative)]
        line = self._line(start)
        parts = [d for d in parts if len(d.iso) >= (MONTH if d.start >= line else FULL_DAY)]
        parts = [d for d in parts if A_FIGURE.search(told_behind(self.copy, d))]
        last = parts[-1].iso if parts else None
        return last if len({d.iso for d in parts}) > 1 and all(d.iso <= f"{last}-99" for d in parts) else None

    def _same_time(self, sentence: int, start: int) -> str | None:
        """The end of the stretch told last: 同一时段，南镇采361份."""
        if SAME_TIME.match(self.copy, max(0, sentence - 1), start) is None:
            return None
        told = self._told(max(0, sentence - PARTS), sentence)
        ends = self._stretches(told) or [d for d in told if d.stated]
        return ends[-1].iso if ends else None

    def _stretches(self, told: Sequence[Date]) -> list[Date]:
        """The last days of the stretches told."""
        return [b for a, b in pairwise(told) if len(b.iso) == FULL_DAY and SPAN.fullmatch(self.copy, a.end, b.start)]

    @cached_property
    def _opening(self) -> Date | None:
        """The last day of the stretch that the opening of a post tells: 8月10日至26日，课题组在…"""
        lines = self.copy[:OPENING].split("\n")[:OPENING_LINES]
        ends = self._stretches([d for d in self.dates if d.start < len("\n".join(lines))])
        published = self.context.published
        last = ends[0] if ends else None
        if last is None or last.deadline or not published or last.iso > published:
            return None
        told = told_behind(self.copy, last)
        met = words()["reported"].search(PART_END.split(told.lstrip("，, "), maxsplit=1)[0])
        return None if met or self._of_incident(last) or OWN.search(told) else last

    def _opened(self, before: Sequence[Date], start: int) -> str | None:
        """The end of the stretch that the post opens with, where no other time has been told since."""
        last = self._opening
        if last is None or not before or before[-1].start < last.start or start - last.end > OPENED:
            return None
        other = any(d.start > last.start and not last.iso.startswith(d.iso) for d in before)
        return None if other else last.iso

    def _of_addend(self, d: Date, start: int) -> bool:
        """Whether a time is that of what is added: 加上去年采的五百份，库里已存九百份."""
        added = ADDED.search(self.copy, max(0, d.start - 20), d.start) is not None
        return added and ADDEND.match(self.copy, d.end, start) is not None

    def _of_a_part(self, d: Date, start: int) -> bool:
        """Whether a time is that of a part alone: 全年4.2万份，其中下半年3万份；东镇3870份."""
        part = PART_OF_ALL.search(self.copy, max(0, d.start - PART_REACH), d.start)
        return part is not None and SEMICOLON.search(self.copy, d.end, start) is not None

    def _carries(self, d: Date) -> bool:
        """Whether the sentences behind a time are about it: no look back (早在), no day until when a figure holds."""
        own = self.copy.endswith(TO, 0, d.start) and self._counted(d)
        own = own or AGAINST.search(self.copy, max(0, d.start - OPENED_REACH), d.start) is not None
        sampled = SAMPLED_BEFORE.match(self.copy, d.end) is not None  # 扣除去年已经采过的人
        return not (own or sampled or self.copy.endswith("早在", 0, d.start))

    def _year(self, start: int) -> str | None:
        """The year that 全年, 本年度 mean."""
        before = [d for d in self._told(0, start) if not d.deadline and not d.since and len(d.iso) == YEAR]
        before = [d for d in before if not self._of_addend(d, start)]
        line = self._line(start)
        if before and (before[-1].start >= line or not self.digest.time):
            return before[-1].iso
        return self._own_year

    @property
    def _year_opened(self) -> str | None:
        """The year that 年初 means: in a January the one before."""
        published = self.context.published or ""
        return str(int(published[:YEAR]) - published[5:7].startswith("01")) if published else None

    @property
    def _own_year(self) -> str | None:
        """The year that the post as a whole is about."""
        return self.digest.time[:YEAR] if self.digest.time else self.digest.closing_year
