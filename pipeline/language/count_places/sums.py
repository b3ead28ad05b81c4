"""Where a sum begins that stands behind its parts: 东村采集30份，西村20份，共50份 is of neither village."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from pipeline.patterns import Pattern

TOTAL = Pattern(r"(?<!公)共(?![同产享建识创管])|合计|总计|累计|全天|天来")
FIGURE = Pattern(r"(?P<number>\d[\d,]*+(?:\.\d++)?)(?P<scale>[万千])?[多余]?(?P<unit>人份|[人份名张例户])")
JOINTS = ("", "、", "和", "及", "与")
SCALE = {"万": 10_000, "千": 1_000, None: 1}
# How far from its parts a sum is told, in characters.
REACH = 400


def parts_of_sum(before: str, places: Sequence[tuple[int, int]], figure: str) -> int | None:
    """Where the first part stands of the sum that `figure` is, or that stands between the parts and it.

    `places`: where places are named in the text before the figure, in order. None where it is no sum of several.

    >>> parts_of_sum("东村采集30份，西村20份，共", [(0, 2), (9, 11)], "50份")
    0
    """
    ends = [*(start for start, _ in places[1:]), len(before)] if places else []
    told = [(start, before[start:end], before[end:stop]) for (start, end), stop in zip(places, ends, strict=True)]
    first, name, behind = told.pop() if told else (0, "", "")
    total = TOTAL.search(behind)
    summed = FIGURE.search(behind + figure, total.end()) if total else None
    if total is None or summed is None:
        return None
    unit = summed["unit"]
    values = _values(behind[: total.start()], unit)
    if not values:  # 东村20户、西村30户，共158人
        unit, values = "户", _values(behind[: total.start()], "户")
    several = False
    for start, other, counted in reversed(told if values else ()):
        part = _values(counted, unit)
        if part and TOTAL.search(counted):  # 东村今天采30份，累计90份；西村采20份，累计80份
            return None
        if part:
            values, several = values + part, several or other != name
        if part or (counted in JOINTS and first == start + len(other + counted)):
            first = start  # 东镇东村30份, 东镇、西镇30份
    return first if several and (unit != summed["unit"] or _value(summed) >= sum(values)) else None


def _values(text: str, unit: str) -> list[float]:
    """What is counted in a unit."""
    return [_value(figure) for figure in FIGURE.finditer(text) if figure["unit"] == unit]


def _value(figure: regex.Match[str]) -> float:
    return float(figure["number"].replace(",", "")) * SCALE[figure["scale"]]
