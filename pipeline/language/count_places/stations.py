"""A station told as the place of a count: where stations are compared it is one, alone it is the police's own name."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.language.script import matching_copy
from pipeline.patterns import Pattern
from pipeline.records import Count

STATION = Pattern(r"派出所$")
# 其中城关派出所300份, 多数派出所…, 东镇、西镇两个派出所: one of several
OF_SEVERAL = Pattern(r"(?:其中|单是|仅|以|如|像|对|表扬|通报|[、：:【●▲◆■\d一二三四五六七八九十]|(?:^|\n)[ \t]*)$")


def without_own_name(copy: str, counts: Iterable[Count]) -> list[Count]:
    """The counts; a station's name is no place where it alone samples in the post (东镇派出所共采集DNA血样300份)."""
    found = list(counts)
    named = {count.place for count in found if count.place and STATION.search(matching_copy(count.place))}
    if len(named) != 1:
        return found
    (name,) = named
    own = {
        id(count) for count in found if count.place == name and count.kind != "coverage" and _acts(copy, name, count)
    }
    return [count.model_copy(update={"place": None}) if id(count) in own else count for count in found]


def _acts(copy: str, name: str, count: Count) -> bool:
    at = copy.rfind(matching_copy(name), 0, count.start or 0)
    return at >= 0 and OF_SEVERAL.search(copy, max(0, at - 6), at) is None
