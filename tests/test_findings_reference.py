"""Populations: they add up, none is missing without a reason, and a figure of another area is not used."""

import csv
from collections import Counter

from pipeline.findings.reference import gaps, population, populations, rows
from pipeline.language.places.gazetteer import load_gazetteer
from pipeline.paths import REFERENCE

ELSEWHERE = ("71", "81", "82")  # Taiwan, Hong Kong, Macau: not in these censuses
ZONES_OF_LHASA = 17125


def units(level: str) -> list[str]:
    """Adcodes of all units of a level that the censuses cover."""
    gazetteer = load_gazetteer()
    return [c for c in gazetteer.rows if gazetteer.unit(c).level == level and c[:2] not in ELSEWHERE]


def test_every_unit_has_a_figure_or_a_reason() -> None:
    for level, years in (("province", (2010, 2020)), ("prefecture", (2010, 2020)), ("county", (2020,))):
        for code in units(level):
            for year in years:
                assert (population(code, year) is None) == ((code, year) in gaps()), (code, year)
    tibet = [code for code in units("county") if code.startswith("54")]
    assert [c for c in tibet if population(c, 2010) is None] == ["540630"]
    assert all(population(c, 2020) for level in ("province", "prefecture") for c in units(level))
    assert all(gaps().values())


def test_provinces_add_up_to_the_nation() -> None:
    # The communique's national total without servicemen, and the tabulation's of 2010.
    assert sum(population(code, 2020) or 0 for code in units("province")) == 1_409_778_724
    # Three provinces of 2010 are of preliminary communiques.
    assert abs(sum(population(code, 2010) or 0 for code in units("province")) / 1_332_810_869 - 1) < 2e-6


def test_the_tabulation_by_county_adds_up_to_provinces_and_gives_the_prefectures() -> None:
    provinces: Counter[str] = Counter()
    prefectures: Counter[str] = Counter()
    for row in rows("tabulation2020.csv"):
        provinces[row["code"][:2]] += int(row["population"])
        prefectures[row["code"][:4]] += int(row["population"])
    assert len(provinces) == 30
    assert all(population(f"{key}0000", 2020) == people for key, people in provinces.items())
    for code in units("prefecture"):
        if not code.startswith("54"):
            assert population(code, 2020) == prefectures[code[:4]], code


def test_tibet_adds_up_in_both_years() -> None:
    gazetteer = load_gazetteer()
    for year, apart in ((2010, 0), (2020, ZONES_OF_LHASA)):
        counties = [code for code in units("county") if code.startswith("54")]
        assert sum(population(code, year) or 0 for code in counties) + apart == population("540000", year)
        prefectures = [code for code in units("prefecture") if code.startswith("54")]
        assert sum(population(code, year) or 0 for code in prefectures) == population("540000", year)
        for code in prefectures:
            inside = sum(population(c, year) or 0 for c in counties if code in gazetteer.lineage(c))
            assert inside + (apart if code == "540100" else 0) == population(code, year), (code, year)


def test_prefectures_of_2010_add_up_to_their_provinces() -> None:
    people, exact, gazetteer = populations(), 0, load_gazetteer()
    # counties that no prefecture has: Jiyuan, Xiantao, ...
    apart = {
        code[:2] for code in units("county") if not any(c[2:] != "0000" for c in gazetteer.lineage(code) if c != code)
    }
    for province in units("province"):
        inside = [code for code in units("prefecture") if code[:2] == province[:2]]
        # where a figure is of another area, zones and cities that stand apart are missing from the sum
        if inside and province[:2] not in apart and all(population(code, 2010) for code in inside):
            total = sum(people[code, 2010].people for code in inside)
            exact += total == people[province, 2010].people
            assert abs(total / people[province, 2010].people - 1) < 1.2e-4, province
    assert exact >= 12


def test_a_figure_of_another_area_is_kept_but_not_used() -> None:
    yanbian = populations()["222400", 2010]
    assert (yanbian.people, yanbian.today) == (2_223_263, False)
    assert population("222400", 2010) is None
    assert "Changbaishan" in gaps()["222400", 2010]
    assert population("510100", 2010) == 15_118_840  # in the boundaries of today: with Jianyang


def test_every_figure_names_a_source_and_codes_are_of_the_gazetteer() -> None:
    known = load_gazetteer().rows
    for (code, year), figure in populations().items():
        assert code in known
        assert year in (2010, 2020)
        assert figure.source
        assert figure.where
        assert figure.grade in ("exact", "communique", "compiled", "hundred")
    with (REFERENCE / "populations.csv").open(encoding="utf-8", newline="") as lines:
        listed = list(csv.DictReader(lines))
    assert len(listed) == len(populations())
    assert {row["source"] for row in listed} == {row["key"] for row in rows("population_sources.csv")}
