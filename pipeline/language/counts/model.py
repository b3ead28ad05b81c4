"""Which numbers of a post may count DNA samples, and what the fitted model (`windows`) is told of each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple, get_args

from pipeline.language.counts.bundles import bundled
from pipeline.language.counts.gear import counts_gear
from pipeline.language.counts.numerals import Numeral, find_numerals
from pipeline.language.counts.others import counts_others
from pipeline.language.counts.settled import settled
from pipeline.language.counts.shares import of_samples, so_far
from pipeline.language.fitted.windows import MOST, SIZES, Post, Stretch
from pipeline.language.spans import holding
from pipeline.patterns import Pattern
from pipeline.records import CountKind

KINDS: tuple[CountKind, ...] = get_args(CountKind)
# None comes first: the number counts something else.
FIGURE_CLASSES = ("none", *KINDS)
# Larger numbers are all of one size.
LARGEST = 1e15
# Dates, ages, sums of money, lengths: no number of samples.
MEASURED = Pattern(
    r"\s?(?:周?岁|[年月日时点届元米]|公里|[万亿]元|小时|分钟|天|个(?:多?月|星期|小时|工作日|村|[乡镇县市]|街道|社区|派出所|班组?|小组|单位)"
    r"|[所家座处](?!人)|户(?!籍)|[套盒台瓶辆亩吨箱册架]|公斤|毫升)"
)

# 五十镇, 12村, 30团, 318国道, 中铁二十一局
NAME_GOES_ON = Pattern(
    r"\s*[|｜]|[村镇乡县市省国团师连局路道街巷湾里厂矿站所队组区校中小营河沟桥井庄屯寨湖院项塘铺店堡墩坝岭山峰批]|号"
    r"|个\p{Han}{0,4}(?:[点组族区班级寺校站所队户片]|村(?!民))"
)


class Candidate(NamedTuple):
    """A number that may count samples, and where it stands."""

    numeral: Numeral
    stretch: Stretch

    @property
    def start(self) -> int:
        """Where it starts in the post."""
        return self.stretch.start

    @property
    def end(self) -> int:
        """Where it ends in the post."""
        return self.stretch.end


def candidates(post: Post, leave: Sequence[tuple[int, int]] = ()) -> list[Candidate]:
    """The first numbers of a post outside the stretches to leave (tables, pairs).

    But for dates, ages, sums of money, those who draw samples and their tools, prints, and 一, 两 without a unit.
    """
    found: list[Candidate] = []
    left_out = holding(leave)
    for number, (start, end) in enumerate(post.bounds):
        if len(found) >= MOST:
            break
        if left_out(start):
            continue
        sentence = post.plain[start:end]
        numerals = [m for m in find_numerals(sentence, digits_alone=False) if MEASURED.match(sentence, m.end) is None]
        numerals = [m for m in numerals if not _in_name(sentence, m)]
        numerals = [m for m in numerals if not counts_gear(sentence, m) and not counts_others(sentence, m)]
        numerals = [m for m in numerals if not left_out(start + m.start)]
        for before, numeral, after in zip([None, *numerals], numerals, [*numerals[1:], None], strict=False):
            left = sentence[: numeral.start]
            # the model has seen too few of these: what the rules say stands
            share = numeral.kind == "percent" and so_far(left)
            other = numeral.kind == "percent" and of_samples(post.plain, start + numeral.start, numeral)
            if share or other or bundled(left, numeral.unit) or settled(sentence, numeral):
                continue
            own = dict.fromkeys(_own(post, start, numeral, before, after))
            found.append(Candidate(numeral, Stretch(start + numeral.start, start + numeral.end, number, list(own))))
    return found[:MOST]


def _in_name(sentence: str, numeral: Numeral) -> bool:
    """Whether a number without a unit goes on as a name does: 五十镇, 30团, 318国道, 中铁二十一局."""
    bare = numeral.kind == "number" and not numeral.unit and numeral.qualifier == "exact"
    return bare and NAME_GOES_ON.match(sentence, numeral.end) is not None


def _own(post: Post, start: int, numeral: Numeral, before: Numeral | None, after: Numeral | None) -> Iterator[str]:
    """What a number is, what stands right beside it, and what its neighbours are; `start`: of its sentence."""
    unit, first, last = numeral.unit, start + numeral.start, start + numeral.end
    left, right = before.unit if before else "^", after.unit if after else "$"
    yield from (f"unit {unit}", f"form {numeral.kind}", f"qualifier {numeral.qualifier}")
    size = int(math.log10(min(max(numeral.value, 1), LARGEST)))
    yield from (f"size {size}", f"post {post.label}", f"post {post.label} {unit}")
    yield from (f"before {left}", f"after {right}", f"before {left} {unit}")
    if numeral.kind == "number" and numeral.value < 10:
        yield "small"
    for length in SIZES:
        yield f"> {post.letters[last : last + length]}"
        if first >= length:
            yield f"< {post.letters[first - length : first]}"
