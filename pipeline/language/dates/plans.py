"""The parts of a post that tell what is to be done next (下一步, 来年打算): a month there lies ahead."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.language.counts.numerals import to_number
from pipeline.patterns import Pattern

# 来年打算, 二〇二二年工作思路, 下一步
PLANNED = Pattern(
    r"来年|明年|下一年度?|新的一年"
    r"|(?<year>20\d\d|二[〇零○][〇零一二三四五六七八九]{2})年(?:度)?(?:的)?(?:主要|重点|工作)*(?:打算|计划|思路|安排|重点|目标|任务)"
    r"|下一?步|下阶段|(?:工作|今后)(?:打算|思路)"
)
# A line that is a heading, with its number; below it the plan goes on to the next heading so numbered.
NUMBER = "[一二三四五六七八九十]{1,2}"
HEADING = Pattern(rf"[ \t\u3000]*(?P<mark>{NUMBER}、|[（(]{NUMBER}[）)])?[^\n。；，]{{0,24}}")
NEXT = Pattern(rf"\n[ \t\u3000]*{NUMBER}、")
NEXT_WITHIN = Pattern(rf"\n[ \t\u3000]*[（(]?{NUMBER}[）)、]")
# A plan below a heading is no longer, in characters.
LONGEST = 3000


class Plan(NamedTuple):
    """Where a plan begins and ends, and whether it says that it is the next year's."""

    start: int
    end: int
    next_year: bool


def plans(plain: str, post_year: int | None) -> list[Plan]:
    """The plans of a matching copy: a paragraph from the word on, or all below a heading to the next of its kind."""
    found = []
    for m in PLANNED.finditer(plain):
        year = to_number(m["year"].replace("○", "〇")) if m["year"] else None
        if year is not None and year != (post_year or 0) + 1:
            continue
        start = plain.rfind("\n", 0, m.start()) + 1
        end = plain.find("\n", m.end())
        end = len(plain) if end < 0 else end
        heading = HEADING.fullmatch(plain, start, end)
        if heading and end < len(plain):
            mark = heading["mark"]
            below = (NEXT if mark.endswith("、") else NEXT_WITHIN).search(plain, end, end + LONGEST) if mark else None
            end = below.start() if below else min(end + LONGEST, len(plain))
        found.append(Plan(m.start(), end, m[0].startswith(("来", "明", "下一年", "新")) or year is not None))
    return found
