"""Places of a collection, from cases as data; and that offsets, names and the component keep their promises."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.language.context import Context
from pipeline.language.places.component import find_places, publisher_area

CASES = Path(__file__).parent / "cases" / "places"


def cases(name: str) -> list[Any]:
    rows = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(row, id=row["why"]) for row in rows]


def found(case: dict[str, Any]) -> set[tuple[str, str | None, str | None]]:
    context = Context(title=case.get("title", ""), publisher=case.get("publisher", ""))
    places = find_places(case["text"], context)
    for place in places:
        if place.start is not None:
            assert case["text"][place.start : place.end] == place.text
    keys = [(p.adcode, p.township, p.village) for p in places]
    assert len(keys) == len(set(keys))
    return set(keys)


def wanted(case: dict[str, Any]) -> set[tuple[str, str | None, str | None]]:
    return {(p["adcode"], p["township"], p["village"]) for p in case["places"]}


@pytest.mark.parametrize("case", cases("in_the_wild") + cases("negative"))
def test_places(case: dict[str, Any]) -> None:
    assert found(case) == wanted(case)


@pytest.mark.parametrize("case", cases("known_failures"))
def test_known_failures(case: dict[str, Any]) -> None:
    assert found(case) != wanted(case), "this works now: move the case to in_the_wild.json"


@pytest.mark.parametrize(
    ("publisher", "name"),
    [
        ("平安拉萨", "拉萨市"),
        ("色尼分局", "色尼区"),
        ("八廓派出所", "八廓街道"),
        ("察雅县公安局", "察雅县"),
        ("囊谦县人民政府网", "囊谦县"),
        ("界首公安", "界首市"),
        ("比如公安", "比如县"),
        ("平安临县", "临县"),
        ("西宁市公安局湟中分局", "湟中区"),
        ("错那县人民政府网", "错那市"),
        ("健康达孜", "达孜区"),
        ("織金網警巡查執法", "织金县"),
        ("洮砚镇中心小学", "洮砚镇"),
    ],
)
def test_publisher_area(publisher: str, name: str) -> None:
    unit = publisher_area(publisher)
    assert unit is not None
    assert unit.name == name


@pytest.mark.parametrize(
    "publisher", ["公安部", "新华网", "新浪微博", "平安城关", "人民网", "", "法律快问", "某大学BBS"]
)
def test_publisher_without_an_area(publisher: str) -> None:
    assert publisher_area(publisher) is None


def test_title_settles_the_publisher() -> None:
    unit = publisher_area("平安城关", "拉萨市流动人口信息采集公告")
    assert unit is not None
    assert unit.adcode == "540102"


def test_a_place_is_fully_named() -> None:
    place = find_places("察雅县公安局采集DNA血样25055份。", Context())[0]
    assert place.name == "西藏自治区昌都市察雅县"
    assert place.name_en == "Zhag'yab County, Qamdo, Tibet AR"


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("昌都市公安局采集DNA血样。", "Qamdo, Tibet AR"),
        ("那曲县公安局采集DNA血样。", "Seni District, Nagqu, Tibet AR"),
        ("江孜县公安局采集DNA血样。", "Gyantse County, Shigatse, Tibet AR"),
        ("玉树州公安局采集DNA血样。", "Yushu Tibetan AP, Qinghai"),
        ("木里县公安局采集DNA血样。", "Muli Tibetan Autonomous County, Liangshan Yi AP, Sichuan"),
        ("伽师县公安局采集DNA血样。", "Jiashi County, Kashgar Prefecture, Xinjiang Uyghur AR"),
        ("临泉县公安局采集DNA血样。", "Linquan County, Fuyang, Anhui"),
    ],
)
def test_english_names(text: str, english: str) -> None:
    assert [place.name_en for place in find_places(text, Context())] == [english]


@pytest.mark.parametrize(
    "text", ["", "。", "村", "镇派出所采血", "县" * 5000 + "采血", "采血" + "村、" * 5000, "社区" * 3000 + "DNA"]
)
def test_odd_text_gives_no_place(text: str) -> None:
    assert find_places(text, Context()) == ()
