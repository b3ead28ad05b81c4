"""Papers that a post quotes and dates (2019年6月的一份简报写道：截至5月底…): what they tell leans on their own date."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.patterns import Pattern

# 2019年6月的一份政务简报, 去年十二月曾发文: a paper of that month.
PAPER = Pattern(
    r"(?:的?一?[份篇条则个]|的)[^，。；：\n\d]{0,10}?(?:简报|通报|推文|文章|通稿|报道|帖子|公告|消息|快讯|战报)"
    r"|(?:，?[^，。；：\n\d]{1,10}?)?[曾也就]?经?(?:发[文帖]|刊[发登]|推送)"
)
SAYS = Pattern(r"写[道明到]|[声宣]?称|显示|披露|载明|提到|指出?[，,]")
# The story has come back to the post's own time.
BACK = Pattern(r"[一二两\d]\d{3}年|今年|本年|目前|现在|如今|近日|本台|记者")
SENTENCE = Pattern(r"[。；]")
# How far behind its date a paper is quoted, in characters.
REACH = 120


class Quoted(NamedTuple):
    """Year and month of a paper that a post quotes, and where its date ends."""

    year: int
    month: int
    end: int

    def year_of(self, plain: str, start: int, month: int) -> int | None:
        """The year of a month that the paper tells at `start`: its own, or the one before for a later month."""
        between = plain[self.end : start] if start - self.end <= REACH else "\n"
        said = SAYS.search(between)
        if "\n" in between or said is None or BACK.search(between, said.end()):
            return None
        if SENTENCE.search(between, said.end()):
            return None  # …提到采了6000份；到了10月，同一网站…
        return self.year - (month > self.month)


def quoted(plain: str, iso: str, end: int) -> Quoted | None:
    """The paper that a date, read to ISO form, is the date of.

    >>> quoted("2019年6月的一份简报写道", "2019-06", 7)
    Quoted(year=2019, month=6, end=7)
    """
    if len(iso) < len("2019-06") or PAPER.match(plain, end) is None:
        return None
    return Quoted(int(iso[:4]), int(iso[5:7]), end)
