"""Townships that the gazetteer has not: merged or renamed since, or of another spelling.

China had 44,000 townships in 2003 and has 38,700 today, so posts name many that no list of today holds. Such a name is
believed right after its county (淅川县九重镇), or in the only county at hand after a word like 在. It gets a code of
its county's no real township has.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.language.places.mentions import BEFORE, HAN, Mention, words
from pipeline.language.places.villages import COUNTED, village_characters
from pipeline.patterns import Pattern

TOWNSHIP = Pattern(r"街道(?!办?上|两侧)|镇(?![长区村上里乡静痛域级])|乡(?![镇长村里下镇亲道情土愁音级])")
AT_WORK = Pattern(r"(?:镇|乡|街道)(?:完成|已|采|应采|实采|派出所)")
LONGEST_STEM = 4
# Codes of six digits and this, counted up: a real township's has 0 to 6 there.
FIRST_CODE = 900
MOST = 100  # names of one post: that many codes are free
# Within a name these show that it is none.
NEVER = frozenset("县区市州省的个各全本该每我和与及或等在到去")


def unlisted_townships(
    copy: str, above: Sequence[tuple[Mention, str]], home: str | None, held: set[int]
) -> list[tuple[Mention, str]]:
    """Townships in no list with a made-up code each; `above` are the units named, `held` the characters taken."""
    counties = {m.end: code for m, code in above if len(code) == 6 and not code.endswith("00")}
    ends = {m.end for m, _ in above}
    codes: dict[tuple[str, str], str] = {}
    found: list[tuple[Mention, str]] = []
    for rank in TOWNSHIP.finditer(copy):
        if rank.start() in held or rank.start() < 2 or not HAN.match(copy, rank.start() - 1):
            continue
        named = _named(copy, rank.start(), counties, home, held, ends)
        if named is None:
            continue
        if len(codes) == MOST:
            break
        start, county = named
        name = copy[start : rank.end()]
        code = codes.setdefault((county, name), f"{county}{FIRST_CODE + len(codes)}")
        found.append((Mention(start, rank.end(), (code,), township=True), code))
        ends.add(rank.end())
    return found


def _named(
    copy: str, at: int, counties: dict[int, str], home: str | None, held: set[int], ends: set[int]
) -> tuple[int, str] | None:
    """Where a name that ends at `at` begins, and its county."""
    for start in range(at - 2, max(0, at - LONGEST_STEM) - 1, -1):
        if start in held or not HAN.match(copy, start):
            return None
        county = counties.get(start)
        if county is None and home and (_begins(copy, start, ends) or _reports(copy, start, at)):
            county = home
        if county:
            return (start, county) if _is_name(copy[start:at], led=start in counties) else None
    return None


def _begins(copy: str, start: int, ends: set[int]) -> bool:
    """Whether a name may begin there without its county before it: after 在, or after another unit and 、."""
    if copy[start - 1] == "、":
        return start - 1 in ends
    return start > 0 and copy[start - 1] in BEFORE and copy[start - 1] in "在到于赴往抵"


def _reports(copy: str, start: int, at: int) -> bool:
    """Whether a clause begins there that says how far the township has come: ，坪坝乡完成68%."""
    return start > 0 and copy[start - 1] in "，。；：:\n" and AT_WORK.match(copy, at) is not None


def _is_name(stem: str, led: bool) -> bool:
    """Whether these characters can be a township's name; right after its county (`led`) 九重镇 is no 重镇."""
    never, first, last = village_characters()
    if set(stem) & never or set(stem) & NEVER or stem[0] in first or stem[-1] in last:
        return False
    if COUNTED.match(stem):  # 一名镇干部
        return False
    if any(len(cut) > 1 and cut in stem for cut in words()["cut"]):  # 上周镇派出所, 血样由乡政府
        return False
    names = (stem + "镇", stem + "乡")
    common = words()["not_township"]
    return not any(name in common or ((not led or len(stem) > 2) and name.endswith(common)) for name in names)
